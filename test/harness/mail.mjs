// A real SMTP server on loopback that keeps what it is sent and fails on demand.

import {execFile} from 'node:child_process';
import {mkdtemp, readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {root} from './shop.mjs';
import {eventually} from './wait.mjs';

const require = createRequire(join(root, 'web/package.json'));

/** A certificate for localhost and 127.0.0.1, its own authority: {key, cert, keyFile, certFile}. */
export async function certificate() {
    const dir = await mkdtemp(join(process.env.BENCHPIN_TEST_RUN ?? tmpdir(), 'certificate-'));
    const keyFile = join(dir, 'key.pem');
    const certFile = join(dir, 'cert.pem');
    await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2',
        '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
        '-keyout', keyFile, '-out', certFile]);
    return {keyFile, certFile, key: await readFile(keyFile), cert: await readFile(certFile)};
}

/**
 * Starts it. options: auth {user, password}: refuses whoever does not sign in so; tls 'none',
 * 'starttls' or 'wrapped', with a `certificate()`.
 *
 *   messages    what was accepted or cut, in order: {envelope: {from, to}, raw, answered, from, to,
 *               subject, text, html, messageId, headers, attachments, ...}; the parsed part as mailparser
 *   waitFor     (count or test, ms) => the messages, or the message that passes the test
 *   refuse      ({at: 'from' | 'to' | 'data', code, text, times}): says so to the next ones
 *   cut         ({at: 'connect' | 'data' | 'answer', times}): ends the connection there; after 'data'
 *               nothing was kept, at 'answer' the whole message was, but its sender never heard
 *   hold        () => {reached, release()}: the next message's answer waits until released
 *   stop        ()
 */
export async function startMailServer({auth, tls = 'none', certificate: identity} = {}) {
    const {SMTPServer} = require('smtp-server');
    const {simpleParser} = require('mailparser');
    const messages = [];
    const faults = [];
    let held = null;

    const fault = (kind, at) => {
        const found = faults.find((each) => each.kind === kind && each.at === at && each.times > 0);
        if (found)
            found.times--;
        return found;
    };
    const refusal = (found) => Object.assign(new Error(found.text), {responseCode: found.code});
    const hangUp = (session) => {
        for (const connection of server.connections)
            if (connection.session?.id === session.id || connection.id === session.id)
                connection._socket.destroy();
    };

    const server = new SMTPServer({
        authOptional: !auth,
        allowInsecureAuth: true,
        disableReverseLookup: true,
        secure: tls === 'wrapped',
        disabledCommands: [...(tls === 'starttls' ? [] : ['STARTTLS']), ...(auth ? [] : ['AUTH'])],
        ...(identity ? {key: identity.key, cert: identity.cert} : {}),
        closeTimeout: 100,
        onConnect(session, done) {
            if (!fault('cut', 'connect'))
                return done();
            setImmediate(() => hangUp(session));
        },
        onAuth(given, session, done) {
            if (given.username === auth.user && given.password === auth.password)
                return done(null, {user: given.username});
            return done(Object.assign(new Error('Authentication failed'), {responseCode: 535}));
        },
        onMailFrom(address, session, done) {
            const found = fault('refuse', 'from');
            done(found ? refusal(found) : null);
        },
        onRcptTo(address, session, done) {
            const found = fault('refuse', 'to');
            done(found ? refusal(found) : null);
        },
        onData(stream, session, done) {
            const chunks = [];
            if (fault('cut', 'data')) {
                stream.once('data', () => hangUp(session));
                stream.on('error', () => {}).resume();
                return;
            }
            stream.on('data', (chunk) => chunks.push(chunk));
            stream.on('end', async () => {
                const found = fault('refuse', 'data');
                if (found)
                    return done(refusal(found));
                const raw = Buffer.concat(chunks);
                const parsed = await simpleParser(raw);
                const message = {...parsed, raw: raw.toString('utf8'), answered: true,
                    envelope: {from: session.envelope.mailFrom.address,
                        to: session.envelope.rcptTo.map((each) => each.address)},
                    user: session.user, secure: session.secure};
                messages.push(message);
                if (fault('cut', 'answer')) {
                    message.answered = false;
                    return hangUp(session);
                }
                if (held) {
                    const {arrive, released} = held;
                    held = null;
                    arrive(message);
                    await released;
                }
                done();
            });
        },
    });
    server.on('error', () => {}); // a sender that was cut off
    await new Promise((done, failed) => {
        server.once('error', failed);
        server.listen(0, '127.0.0.1', done);
    });
    const {port} = server.server.address();

    return {
        host: '127.0.0.1', port, messages,
        url: `${tls === 'wrapped' ? 'smtps' : 'smtp'}://127.0.0.1:${port}`,
        async waitFor(what, ms = 15000) {
            if (typeof what === 'number')
                return eventually(`${what} messages, having ${messages.length}`,
                    () => messages.length >= what && messages.slice(0, what), {ms});
            return eventually('a message', () => messages.find(what), {ms});
        },
        refuse({at = 'to', code = 451, text = 'Try again later', times = 1} = {}) {
            faults.push({kind: 'refuse', at, code, text, times});
        },
        cut({at = 'answer', times = 1} = {}) {
            faults.push({kind: 'cut', at, times});
        },
        behave() { faults.length = 0; },
        hold() {
            let arrive;
            let release;
            const reached = new Promise((done) => { arrive = done; });
            const released = new Promise((done) => { release = done; });
            held = {arrive, released};
            return {reached, release};
        },
        stop: () => new Promise((done) => server.close(done)),
    };
}
