// https served directly, from certificate files.

import assert from 'node:assert/strict';
import {writeFile} from 'node:fs/promises';
import {test} from 'node:test';
import tls from 'node:tls';
import {isDeepStrictEqual} from 'node:util';
import {certificate, png, program, raw, run, signIn, startShop, tokenClient, within} from '../harness/index.mjs';

const own = await certificate();
const files = ['--certificate', own.certFile, '--key', own.keyFile];

function handshake(shop, options) {
    const {hostname, port} = new URL(shop.url);
    return within('the handshake', new Promise((done) => {
        const socket = tls.connect({host: hostname, port: Number(port), ca: own.cert, servername: 'localhost', ...options},
            () => {
                const protocol = socket.getProtocol();
                socket.destroy();
                done({protocol});
            });
        socket.on('error', (error) => done({error}));
    }));
}

test('with certificate and key the shop is served by https alone', async () => {
    const shop = await startShop({args: files});
    assert.match(shop.url, /^https:/);
    assert.equal((await handshake(shop, {})).protocol, 'TLSv1.3');
    assert.equal((await handshake(shop, {maxVersion: 'TLSv1.2'})).protocol, 'TLSv1.2');
    assert.ok((await handshake(shop, {minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0'})).error,
        'TLS 1.1 is refused');
    const plain = await raw(shop, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n').catch(() => '');
    assert.doesNotMatch(plain, /HTTP\/1.1 200/);
    await shop.stop();
});

test('cookies are marked for https, and browsers are told to stay with it', async () => {
    const shop = await startShop({args: files});
    const client = await signIn(shop);
    const page = (await client.get('/customers')).expect(200);
    assert.match(page.headers['strict-transport-security'], /max-age=\d+/);
    const visit = await client.get('/sign-in');
    const marks = [...(visit.headers['set-cookie'] ?? [])];
    const again = await (await signIn(shop)).get('/customers');
    marks.push(...(again.headers['set-cookie'] ?? []));
    for (const mark of marks)
        assert.match(mark, /; Secure/);
    await shop.stop();
});

test('large answers, large uploads and live news go through it', async () => {
    const shop = await startShop({args: files, demoOrders: 60});
    const client = await signIn(shop);
    (await client.get('/board')).expect(200);
    const api = await tokenClient(shop);
    const job = (await api.api('GET', '/jobs?kind=custom')).expect(200).json().rows[0];
    const stream = await client.events('/live');
    const page = (await client.get(`/jobs/${job.id}`)).expect(200);
    const form = page.forms.find((each) => each.enctype === 'multipart/form-data');
    assert.ok(form, 'the page of a job takes files');
    (await client.submit(page, {}, {form: form.action,
        files: [{name: 'large.png', type: 'image/png', data: png(2400, 2400, {noise: true})}]})).expect(303);
    await stream.next((event) => event.data && isDeepStrictEqual(JSON.parse(event.data), {topic: 'job', id: job.id}));
    const took = await shop.stop();
    assert.ok(took < 5000, `took ${took} ms with a stream open`);
    stream.close();
});

test('a certificate without its key, or that is none, ends the start with a sentence', async () => {
    const shop = await startShop();
    await shop.stop();
    const other = await certificate();
    const nonsense = `${own.certFile}.nonsense`;
    await writeFile(nonsense, 'This is no certificate.\n');
    const serve = (...args) => run(program, ['serve', ...shop.where, '--listen', '127.0.0.1:0', ...args]);
    for (const args of [['--certificate', own.certFile], ['--key', own.keyFile],
        ['--certificate', '/nowhere/cert.pem', '--key', own.keyFile],
        ['--certificate', nonsense, '--key', own.keyFile],
        ['--certificate', own.certFile, '--key', other.keyFile]]) {
        const ended = await serve(...args);
        assert.notEqual(ended.code, 0, args.join(' '));
        assert.match(ended.err, /certificate|key|cannot be/i);
        assert.match(ended.err, /\.\n$/, 'a sentence');
    }
});
