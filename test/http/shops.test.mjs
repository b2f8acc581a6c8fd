// Several shops on one server: each at its host, none able to see that another is there.

import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {Client, eventually, owner, psql, raw, root, run, signIn, startShop, tokenClient} from '../harness/index.mjs';

const seeds = join(root, 'web/seed');
const picture = readFileSync(join(seeds, readdirSync(seeds).find((name) => name.endsWith('.webp'))));
const setUp = {name: 'Second & Daughters', country: 'DE', currency: 'EUR', zone: 'Europe/Berlin', owner: 'Sofia Second',
    email: owner.email, password: owner.password, open_monday: 1};
const atHost = (host, options = {}) => new Client(server, {...options, headers: {host, ...options.headers}});

// `first` and `second` are clients of the owners of two shops with the same ids in them, the same
// person's address and password in both.
let server, first, second;

async function signInAt(host) {
    const client = atHost(host);
    const answer = (await client.submit('/sign-in', {email: owner.email, password: owner.password}, {form: /sign-in/})).expect(303);
    await client.follow(answer);
    return client;
}

async function made(client, mark) {
    const job = (await client.api('POST', '/jobs', {title: `${mark} ring`, customer_name: `${mark} Customer`,
        customer_email: `${mark.toLowerCase()}@example.com`, customer_phone: '07700 900214'})).expect(201).json();
    (await client.post(`/jobs/${job.id}/files`, {caption: `${mark} drawing`, kind: 'cad'},
        {files: [{field: 'files', name: `${mark}.webp`, type: 'image/webp', data: picture}]})).expect(303);
    const {files: [file]} = (await client.api('GET', `/jobs/${job.id}`)).expect(200).json();
    const {link} = (await client.api('POST', `/jobs/${job.id}/tracking/renew`, {})).expect(200, 201).json();
    return {job, file, link};
}

before(async () => {
    server = await startShop();
    first = await signIn(server);
    (await server.command('shop', 'add', 'second', '--host', 'Second.Example.')).code;
    const fresh = atHost('second.example');
    const page = await eventually('the server to learn of the new shop', async () => {
        const answer = await fresh.get('/set-up');
        return answer.status === 200 && answer;
    });
    (await fresh.submit(page, setUp)).expect(303);
    fresh.close();
    second = await signInAt('second.example');
});
after(async () => {
    [first, second].forEach((each) => each?.close());
    await server?.stop();
});

test('each host leads to its own shop, in any spelling', async () => {
    assert.match((await first.get('/')).expect(200, 303) && (await first.get('/board')).text, /Hartwell/);
    const page = (await second.get('/board')).expect(200);
    assert.match(page.text, /Second &amp; Daughters/);
    assert.doesNotMatch(page.text, /Hartwell/);
    for (const host of ['SECOND.example', 'second.example:8080', 'second.example.'])
        assert.match((await second.get('/board', {headers: {host}})).expect(200).text, /Daughters/);
});

test('a host that nobody has is told so, and nothing of who is there', async () => {
    for (const host of ['unknown.example', 'secondexample', 'x.second.example', 'second.example.evil.example', 'a b', '..'])
        for (const path of ['/', '/sign-in', '/board', '/set-up', '/track', '/enquiry', '/logo', '/jobs/1', '/api/v1/jobs']) {
            const answer = await atHost(host).get(path);
            assert.equal(answer.status, 421, `${host} ${answer}`);
            assert.doesNotMatch(answer.text, /Hartwell|Second/);
        }
    const page = await atHost('unknown.example').get('/sign-in');
    assert.match(page.words, /No shop answers at this address/);
    const problem = (await atHost('unknown.example').api('POST', '/tokens', {email: owner.email, password: owner.password}));
    assert.equal(problem.expect(421).json().code, 'no_shop');
    (await atHost('unknown.example').get('/healthz')).expect(200);
    assert.match(await raw(server, 'GET /board HTTP/1.0\r\n\r\n'), /^HTTP\/1.\d 4(00|21)/);
});

test('a name that is made to lead here finds no shop behind it', async () => {
    // DNS rebinding: the victim's browser holds a session of 127.0.0.1, and is asked by a stranger's name.
    const cookie = [...first.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    (await atHost('rebound.example', {headers: {cookie}}).get('/customers')).expect(421);
});

test('only a proxy that is trusted may say which host was asked', async () => {
    const said = {'x-forwarded-host': 'second.example'};
    assert.match((await new Client(server).get('/sign-in', {headers: said})).text, /Hartwell/);
    const behind = await startShop({args: ['--trusted-proxy', '127.0.0.1']});
    assert.equal((await behind.command('shop', 'add', 'second', '--host', 'second.example')).code, 0);
    const client = new Client(behind);
    await eventually('the shop', async () => (await client.get('/', {headers: said})).location === '/set-up');
    (await client.get('/sign-in', {headers: {'x-forwarded-host': 'second.example, other.example'}})).expect(303);
    (await client.get('/sign-in', {headers: {'x-forwarded-host': 'other.example'}})).expect(421);
    (await client.get('/sign-in')).expect(200);
    client.close();
    await behind.stop();
});

test('sessions and tokens of one shop are nobody in the other', async () => {
    const cookie = (client) => [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const there = (client, host) => atHost(host, {headers: {cookie: cookie(client)}});
    for (const [client, host] of [[first, 'second.example'], [second, '127.0.0.1']]) {
        assert.equal((await there(client, host).get('/customers')).expect(303).location, '/sign-in?next=/customers');
        (await there(client, host).api('GET', '/me')).expect(401);
        (await there(client, host).api('GET', '/jobs')).expect(401);
        (await there(client, host).get('/live')).expect(303);
    }
    const program = await tokenClient(server);
    (await program.api('GET', '/me')).expect(200);
    (await program.api('GET', '/me', undefined, {headers: {host: 'second.example'}})).expect(401);
    program.close();
});

test("a form's token of one shop is none in the other, even with the same cookie", async () => {
    const visit = '0123456789abcdef0123456789abcdef';
    const form = async (host) => {
        const client = atHost(host, {headers: {cookie: `visit=${visit}`}});
        await client.get('/track');
        return client.csrf;
    };
    const token = await form('127.0.0.1'), own = await form('second.example');
    const send = (csrf) => atHost('second.example', {headers: {cookie: `visit=${visit}`}})
        .post('/track', {csrf, reference: 'ABCD-2345', proof: '0214'});
    (await send(token)).expect(403);
    assert.notEqual((await send(own)).status, 403);
    // Nor is a page of the one shop allowed to post to the other.
    (await atHost('second.example', {headers: {cookie: `visit=${visit}`, origin: server.url}})
        .post('/track', {csrf: own, reference: 'ABCD-2345', proof: '0214'})).expect(403);
});

test('the same ids hold different things, and what is only in one is as missing in the other', async () => {
    const mine = await made(first, 'Firstborn'), other = await made(second, 'Secondborn');
    assert.equal(mine.job.id, other.job.id);
    assert.equal(mine.job.number, other.job.number);
    const pages = ['/jobs', '/customers', '/board', '/search?q=born', '/workshop', '/flows', '/messages', '/invoices', '/settings/log',
        `/jobs/${mine.job.id}`, `/jobs/${mine.job.id}/history`, `/jobs/${mine.job.id}/files`];
    for (const path of pages) {
        assert.doesNotMatch((await first.get(path)).expect(200).text, /Secondborn|Daughters/, path);
        assert.doesNotMatch((await second.get(path)).expect(200).text, /Firstborn|Hartwell/, path);
    }
    const more = await made(first, 'Lonely');
    const gone = async (path) => {
        const existing = await second.get(path(more.job.id, more.file.id)), missing = await second.get(path(987654, 987654));
        const plain = (answer, ...ids) => ids.reduce((text, id) => text.replace(new RegExp(`/${id}\\b`, 'g'), '/ID'),
            answer.text.replace(/[0-9a-f]{16,}/g, 'X').replace(/value="[^"]*"/g, ''));
        existing.expect(404);
        missing.expect(404);
        assert.equal(plain(existing, more.job.id, more.file.id), plain(missing, 987654));
    };
    await gone((job) => `/jobs/${job}`);
    await gone((job) => `/api/v1/jobs/${job}`);
    await gone((job, file) => `/jobs/${job}/files/${file}`);
    await gone((job) => `/customers/${job}`);
    (await second.post(`/jobs/${more.job.id}/comments`, {text: 'x'})).expect(404);
    assert.equal((await first.api('GET', `/jobs/${more.job.id}/comments`)).json().comments?.length ?? 0, 0);
});

test("a customer's link opens at its own shop only, and links carry the shop's host", async () => {
    const mine = await made(first, 'Linked'), other = await made(second, 'Linkedtoo');
    assert.equal(new URL(mine.link).host, new URL(server.url).host);
    assert.equal(new URL(other.link).host, `second.example:${new URL(server.url).port}`);
    const ask = (host, link) => atHost(host).get(new URL(link).pathname);
    (await ask('127.0.0.1', mine.link)).expect(200);
    (await ask('second.example', other.link)).expect(200);
    (await ask('second.example', mine.link)).expect(404);
    (await ask('127.0.0.1', other.link)).expect(404);
    const picture = `${new URL(mine.link).pathname}/pictures/${mine.file.id}`;
    (await atHost('second.example').get(picture)).expect(404);
});

test("an Idempotency-Key of one shop is unused in the other", async () => {
    const key = randomUUID(), body = {name: 'Once Only'};
    const a = (await first.api('POST', '/customers', body, {key})).expect(201).json();
    const b = (await second.api('POST', '/customers', {...body, name: 'Once There'}, {key})).expect(201).json();
    assert.equal(b.name, 'Once There');
    assert.equal((await first.api('POST', '/customers', body, {key})).expect(201).json().id, a.id);
});

test('live news of one shop is not heard in the other', async () => {
    const streams = [await first.events('/live'), await second.events('/live')];
    const job = (await first.api('POST', '/jobs', {title: 'Heard here', customer_name: 'Ada'})).expect(201).json();
    await streams[0].next((event) => event.data.includes(`"id":${job.id}`));
    (await second.api('POST', '/customers', {name: 'Heard there'})).expect(201);
    await streams[1].next((event) => event.event === 'news');
    assert.ok(streams[1].all.every((event) => !event.data.includes('"job"')), JSON.stringify(streams[1].all));
    streams.forEach((each) => each.close());
});

test('what is throttled in one shop is not in the other', async () => {
    const guess = (client) => client.api('POST', '/track', {reference: 'ABCD-2345', proof: '0000'});
    const here = atHost('127.0.0.1'), there = atHost('second.example');
    let last;
    for (let i = 0; i < 25; i++)
        last = await guess(here);
    last.expect(429);
    assert.notEqual((await guess(there)).status, 429);
    // Wrong passwords hold nobody up next door, either.
    for (let i = 0; i < 6; i++)
        await here.api('POST', '/tokens', {email: owner.email, password: 'not-the-password', name: 'x'});
    (await there.api('POST', '/tokens', {email: owner.email, password: owner.password, name: 'x'})).expect(201);
    [here, there].forEach((each) => each.close());
});

test('each shop has its own settings, at once', async () => {
    (await second.submit('/settings/shop', {name: 'Renamed & Daughters'}, {form: '/settings/shop'})).expect(303);
    assert.match((await second.get('/board')).text, /Renamed &amp; Daughters/);
    assert.match((await first.get('/board')).text, /Hartwell/);
    assert.match((await second.get('/jobs/new')).text, /€|EUR/);
    assert.doesNotMatch((await first.get('/jobs/new')).text, /€|EUR/);
});

test('files, rows and the log are kept apart', async () => {
    const folder = (name) => join(server.dir, 'shops', name, 'files');
    const count = (name) => readdirSync(folder(name), {recursive: true}).filter((each) => /original$/.test(each)).length;
    const before = [count('main'), count('second')];
    await made(second, 'Filed');
    assert.deepEqual([count('main'), count('second')], [before[0], before[1] + 1]);
    assert.equal(statSync(join(server.dir, 'shops', 'second')).mode & 0o77, 0);
    if (server.database === 'postgres')
        assert.match(await psql(server.databaseUrl, 'select nspname from pg_namespace order by 1'), /shop_main\nshop_second/);
    else
        assert.ok(existsSync(join(server.dir, 'shops', 'second', 'benchpin.db')));
    assert.doesNotMatch(server.log, /Secondborn|Firstborn|@example\.com/);
});

test('the API describes itself alike at every host', async () => {
    const ask = async (host) => (await atHost(host).get('/api/v1/openapi.json')).expect(200).text;
    assert.equal(await ask('second.example'), await ask('127.0.0.1'));
    assert.doesNotMatch(await ask('second.example'), /127\.0\.0\.1/);
});

test('shops are listed, given hosts, archived and brought back while they are served', async () => {
    const shop = async (...words) => {
        const {code, out, err} = await server.command('shop', ...words);
        return code === 0 ? out : `${code}: ${err}`;
    };
    assert.match(await shop('add', 'third', '--host', 'bücher.example'), /xn--bcher-kva\.example/);
    assert.match(await shop('list'), /^main .*digits.*\nsecond +second\.example\nthird +xn--bcher-kva\.example\n$/);
    const third = atHost('xn--bcher-kva.example');
    await eventually('the third', async () => (await third.get('/')).location === '/set-up');
    assert.equal(await shop('host', 'add', 'third', 'third.example'), '');
    await eventually('its other host', async () => (await atHost('third.example').get('/')).location === '/set-up');
    assert.match(await shop('add', 'fourth', '--host', 'THIRD.example'), /belongs to the shop “third” already/);
    assert.match(await shop('add', 'third', '--host', 'x.example'), /There is a shop “third” already/);
    assert.match(await shop('add', 'Über', '--host', 'x.example'), /small letters/);
    assert.match(await shop('add', 'fifth'), /^2: benchpin: --host is missing/);
    assert.match(await shop('host', 'remove', 'third', 'x.example'), /is no host of the shop/);
    assert.match(await shop('host', 'remove', 'second', 'second.example'), /only host/);
    assert.match(await shop('frobnicate'), /^2: benchpin: A shop can be listed/);
    assert.match(await shop('remove', 'third'), /^2: .*--confirm third/s);
    assert.match(await shop('remove', 'third', '--confirm', 'third'), /archived/);
    await eventually('the third to be gone', async () => (await third.get('/')).status === 421, {ms: 15000});
    assert.match(await shop('restore', 'third', '--host', 'third.example'), /^$/);
    await eventually('the third to be back', async () => (await atHost('third.example').get('/')).location === '/set-up',
        {ms: 15000});
    third.close();
});

test('a second shop is set up, filled and examined by commands', async () => {
    const shop = await startShop();
    const where = shop.where;
    await shop.stop();
    const command = async (...words) => run(process.env.BENCHPIN_BIN, [words[0], ...where, ...words.slice(1)]);
    assert.equal((await shop.command('shop', 'add', 'b', '--host', 'b.example')).code, 0);
    const words = join(shop.dir, 'password');
    await writeFile(words, `${owner.password}\n`);
    const init = (name) => command('init', '--into', name, '--shop', 'Bell & Bee', '--country', 'GB', '--currency', 'GBP',
        '--zone', 'Europe/London', '--owner', 'Bea Bell', '--email', 'bea@example.com', '--password-file', words);
    assert.match((await init('none')).err, /There is no shop “none”/);
    assert.match((await command('demo', '--shop', 'none', '--orders', '1')).err, /There is no shop “none”/);
    assert.match((await command('demo', '--shop', 'b', '--orders', '1')).err, /no shop in|Set it up first/);
    const migrated = await command('migrate');
    assert.match(migrated.out, /all 2 shops are up to date/);
    assert.match((await command('doctor', '--shop', 'b')).out, /not set up/);
    assert.equal((await init('b')).code, 0);
    assert.match((await command('doctor', '--shop', 'b')).out, /It is the shop “Bell & Bee”/);
    // A backup is of all of them, and so is what is made of it.
    const to = join(shop.dir, '..', 'all'), back = join(shop.dir, '..', 'restored');
    assert.equal((await command('backup', '--to', to)).code, 0);
    assert.deepEqual(readdirSync(to).sort(), ['SHOPS', 'b', 'main']);
    assert.equal(readFileSync(join(to, 'SHOPS'), 'utf8'), 'main\nb b.example\n');
    if (shop.database === 'postgres')
        return; // its restoring needs an empty database: http/backup
    const restored = await run(process.env.BENCHPIN_BIN, ['restore', '--from', to, '--data', back]);
    assert.equal(restored.code, 0, restored.err);
    assert.match((await run(process.env.BENCHPIN_BIN, ['shop', 'list', '--data', back])).out, /^main .*\nb +b\.example\n$/);
    assert.match((await run(process.env.BENCHPIN_BIN, ['doctor', '--data', back, '--shop', 'b'])).out, /“Bell & Bee”/);
    // One of them into a shop that is empty.
    assert.equal((await run(process.env.BENCHPIN_BIN, ['shop', 'add', 'c', '--host', 'c.example', '--data', back])).code, 0);
    const one = await run(process.env.BENCHPIN_BIN, ['restore', '--from', join(to, 'b'), '--shop', 'c', '--data', back]);
    assert.equal(one.code, 0, one.err);
    const again = await run(process.env.BENCHPIN_BIN, ['restore', '--from', join(to, 'b'), '--shop', 'c', '--data', back]);
    assert.match(again.err, /There is a shop in this database already/);
});
