// The product's mail transport against a real mail server on loopback.
// usage: SMTP_PROBE=build/src/messages/smtp-probe node --test test/messages/smtp.test.mjs
// SMTP_MODULES names a folder whose node_modules has smtp-server, if not web/.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const web = process.env.SMTP_MODULES ?? fileURLToPath(new URL('../../web', import.meta.url));
const { SMTPServer } = createRequire(join(resolve(web), 'package.json'))('smtp-server');
const probe = process.env.SMTP_PROBE;

let folder;
let keys;

before(() => {
  assert.ok(probe, 'SMTP_PROBE names the program to test');
  folder = mkdtempSync(join(tmpdir(), 'benchpin-smtp-'));
  const path = (name) => join(folder, name);
  const openssl = (...words) => execFileSync('openssl', words, { stdio: 'pipe' });
  // An authority of our own, a certificate by it for 127.0.0.1, and one for somebody else.
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=Test authority',
    '-keyout', path('ca.key'), '-out', path('ca.pem'));
  for (const [name, subject] of [['good', 'IP:127.0.0.1'], ['other', 'DNS:mail.elsewhere.example']]) {
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, '-addext',
      `subjectAltName=${subject}`, '-keyout', path(`${name}.key`), '-out', path(`${name}.csr`));
    openssl('x509', '-req', '-in', path(`${name}.csr`), '-CA', path('ca.pem'), '-CAkey',
      path('ca.key'), '-CAcreateserial', '-days', '2', '-copy_extensions', 'copy',
      '-out', path(`${name}.pem`));
  }
  const pair = (name) => ({ key: readFileSync(path(`${name}.key`)), cert: readFileSync(path(`${name}.pem`)) });
  keys = { good: pair('good'), other: pair('other'), authority: path('ca.pem') };
});

after(() => rmSync(folder, { recursive: true, force: true }));

const willing = {
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  disableReverseLookup: true,
  logger: false,
};

/** Runs a server, sends one mail to it, and gives what each of them says about it. */
async function send(options, ...words) {
  const seen = { mails: [], from: null, to: null, user: null, secure: false, connections: 0 };
  const server = new SMTPServer({
    ...willing,
    onConnect: (session, done) => { seen.connections += 1; done(); },
    onMailFrom: (address, session, done) => { seen.from = address.address; done(); },
    onRcptTo: (address, session, done) => { seen.to = address.address; done(); },
    onAuth: (auth, session, done) => {
      seen.user = auth.username;
      if (auth.username === 'shop' && auth.password === 'päss word') done(null, { user: 1 });
      else done(new Error('Invalid username or password'));
    },
    onData: (stream, session, done) => {
      const parts = [];
      stream.on('data', (part) => parts.push(part));
      stream.on('end', () => {
        seen.mails.push(Buffer.concat(parts).toString('latin1'));
        seen.secure = session.secure;
        done(null, 'queued as 4F1');
      });
    },
    ...options(seen),
  });
  server.on('error', () => {}); // connections that we break on purpose
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  try {
    const { port } = server.server.address();
    const told = await new Promise((done, fail) => {
      execFile(probe, ['host=127.0.0.1', `port=${port}`, ...words], (error, out, errors) => {
        if (error) fail(new Error(`${error.message}\n${errors}`));
        else done(Object.fromEntries(out.trimEnd().split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2))));
      });
    });
    return { told, seen };
  } finally {
    await new Promise((done) => { server.close(done); });
  }
}

const plainly = () => ({});

test('a mail arrives as it was written', async () => {
  const { told, seen } = await send(plainly);
  assert.equal(told.outcome, 'sent');
  assert.equal(told.commits, '1');
  assert.match(told.reply, /^250 .*queued as 4F1$/);
  assert.equal(seen.from, 'shop@hartwell.example');
  assert.equal(seen.to, 'eleanor@example.org');
  const [mail] = seen.mails;
  assert.match(mail, /^Date: Tue, 24 Nov 2026 10:41:00 \+0000\r\n/);
  assert.match(mail, /\r\nMessage-ID: <probe-1@hartwell\.example>\r\n/);
  assert.match(mail, /\r\nAuto-Submitted: auto-generated\r\n/);
  assert.match(mail, /\r\n=2E\r\nit is ready =E2=80=94 =C2=A31,234\.50\.\r\n/);
  assert.ok(mail.endsWith('--=_mixed--\r\n'));
});

test('a large attachment arrives whole', async () => {
  const { told, seen } = await send(plainly, 'attach=3000000');
  assert.equal(told.outcome, 'sent');
  const body = seen.mails[0].split('filename*0*=')[1].split('\r\n\r\n')[1].split('\r\n--')[0];
  assert.equal(Buffer.from(body, 'base64').length, 3000000);
});

test('STARTTLS encrypts, with a certificate that is checked', async () => {
  const { told, seen } = await send(() => ({ ...keys.good, disabledCommands: [] }),
    'security=starttls', `authority=${keys.authority}`);
  assert.equal(told.outcome, 'sent');
  assert.equal(seen.secure, true);
});

test('TLS from the first byte', async () => {
  const { told, seen } = await send(() => ({ ...keys.good, secure: true }),
    'security=tls', `authority=${keys.authority}`);
  assert.equal(told.outcome, 'sent');
  assert.equal(seen.secure, true);
});

test('a certificate of an unknown authority is refused', async () => {
  for (const security of ['tls', 'starttls']) {
    const { told, seen } = await send(
      () => ({ ...keys.good, secure: security === 'tls', disabledCommands: [] }), `security=${security}`);
    assert.equal(told.outcome, 'retry');
    assert.equal(told.settings, '1');
    assert.match(told.sentence, /certificate/);
    assert.equal(seen.mails.length, 0);
  }
});

test('a certificate of another server is refused', async () => {
  const { told, seen } = await send(() => ({ ...keys.other, secure: true }),
    'security=tls', `authority=${keys.authority}`);
  assert.equal(told.outcome, 'retry');
  assert.equal(told.settings, '1');
  assert.equal(seen.mails.length, 0);
});

test('a server without STARTTLS gets nothing, the password least of all', async () => {
  const { told, seen } = await send(plainly, 'security=starttls', 'user=shop', 'password=päss word');
  assert.equal(told.outcome, 'retry');
  assert.equal(told.settings, '1');
  assert.match(told.sentence, /STARTTLS/);
  assert.equal(seen.user, null);
});

test('signing in', async () => {
  const needed = () => ({ ...keys.good, secure: true, authOptional: false });
  const { told, seen } = await send(needed, 'security=tls', `authority=${keys.authority}`,
    'user=shop', 'password=päss word');
  assert.equal(told.outcome, 'sent');
  assert.equal(seen.user, 'shop');
});

test('a wrong password waits for better settings', async () => {
  const needed = () => ({ ...keys.good, secure: true, authOptional: false });
  const { told, seen } = await send(needed, 'security=tls', `authority=${keys.authority}`,
    'user=shop', 'password=wrong');
  assert.equal(told.outcome, 'retry');
  assert.equal(told.settings, '1');
  assert.match(told.sentence, /user name and password/);
  assert.equal(seen.mails.length, 0);
});

test('settings can be tried without sending', async () => {
  const needed = () => ({ ...keys.good, secure: true, authOptional: false });
  const good = ['try=1', 'security=tls', `authority=${keys.authority}`, 'user=shop'];
  assert.equal((await send(needed, ...good, 'password=päss word')).told.outcome, 'sent');
  const { told, seen } = await send(needed, ...good, 'password=wrong');
  assert.equal(told.outcome, 'retry');
  assert.equal(told.settings, '1');
  assert.equal(seen.from, null);
});

const refusing = (code, text) => Object.assign(new Error(text), { responseCode: code });

test('an unknown recipient is refused for good', async () => {
  const { told } = await send(() => ({
    onRcptTo: (address, session, done) => done(refusing(550, 'no such person')),
  }));
  assert.equal(told.outcome, 'refused');
  assert.match(told.sentence, /no such person/);
  assert.equal(told.commits, '0');
});

test('a message refused after it was read is refused for good', async () => {
  const { told } = await send(() => ({
    onData: (stream, session, done) => stream.on('data', () => {}).on('end', () => done(refusing(554, 'spam'))),
  }));
  assert.equal(told.outcome, 'refused');
  assert.equal(told.commits, '1');
});

test('a busy server is tried again, whether it says so early or late', async () => {
  const early = await send(() => ({
    onRcptTo: (address, session, done) => done(refusing(451, 'greylisted')),
  }));
  assert.equal(early.told.outcome, 'retry');
  const late = await send(() => ({
    onData: (stream, session, done) => stream.on('data', () => {}).on('end', () => done(refusing(452, 'disk full'))),
  }));
  assert.equal(late.told.outcome, 'retry');
  assert.equal(late.told.code, '452');
  assert.equal(late.told.settings, '0');
});

test('a message that the server says is too large is refused before it is sent', async () => {
  const { told } = await send(() => ({ size: 1000 }), 'attach=5000');
  assert.equal(told.outcome, 'refused');
  assert.equal(told.commits, '0');
});

/** Breaks the server's end of the connection that this session runs on. */
function cut(server, session) {
  for (const connection of server.connections)
    if (connection.session === session || connection.id === session.id) connection._socket.destroy();
}

test('a connection cut amid the message leaves it unsent', async () => {
  const { told, seen } = await send(() => ({
    onData(stream, session) {
      stream.once('data', () => cut(this, session));
    },
  }), 'attach=8000000');
  assert.equal(told.outcome, 'retry');
  assert.equal(told.commits, '0');
  assert.equal(seen.connections, 1);
});

test('a connection cut after the last byte leaves a doubt, and nothing is sent again', async () => {
  const { told, seen } = await send(() => ({
    onData(stream, session) {
      stream.on('data', () => {}).on('end', () => cut(this, session));
    },
  }));
  assert.equal(told.outcome, 'uncertain');
  assert.equal(told.commits, '1');
  assert.equal(seen.connections, 1);
});

test('a server that never answers leaves a doubt', async () => {
  const { told } = await send(() => ({
    onData: (stream) => { stream.on('data', () => {}); },
    closeTimeout: 100,
  }));
  assert.equal(told.outcome, 'uncertain');
});
