// Beginning anew while people work: nobody is refused, nothing that was acknowledged is lost. And what
// whoever looks after the machine reads: ready, figures, the log.

import assert from 'node:assert/strict';
import http from 'node:http';
import {after, before, test} from 'node:test';
import {eventually, signIn, startShop, tokenClient} from '../harness/index.mjs';

let shop, owner, program;

before(async () => {
    shop = await startShop({args: ['--log-requests', 'yes', '--log-format', 'json', '--metrics-from', '127.0.0.1']});
    owner = await signIn(shop);
    program = await tokenClient(shop);
});
after(async () => {
    owner.close();
    program.close();
    await shop.stop();
});

// One request as a program would send it, on a connection of its own or on one that is kept. What was
// kept and closed at the same moment as it was used again is asked once more: RFC 9112, 9.3.1.
function ask(agent, method, path, body) {
    return new Promise((done, failed) => {
        const request = http.request(new URL(path, shop.url), {agent, method, headers: {
            ...program.headers, 'content-type': 'application/json',
            ...(body ? {'idempotency-key': body.name.toLowerCase().replace(' ', '-').padEnd(16, '-')} : {}),
        }}, (answer) => {
            answer.resume().on('end', () => done(answer.statusCode)).on('error', failed);
        });
        request.on('error', (error) => {
            if (request.reusedSocket && error.code === 'ECONNRESET')
                ask(agent, method, path, body).then(done, failed);
            else
                failed(error);
        });
        request.end(body && JSON.stringify(body));
    });
}

test('a restart refuses nobody and loses nothing', async () => {
    const pid = shop.pid;
    const kept = new http.Agent({keepAlive: true});
    let going = true;
    const answered = {read: 0, written: []};
    const clients = [
        async (n) => { assert.equal(await ask(false, 'GET', '/healthz'), 200); answered.read++; },
        async (n) => { assert.equal(await ask(kept, 'GET', '/api/v1/me'), 200); answered.read++; },
        async (n) => {
            const name = `Customer ${n}`;
            assert.equal(await ask(false, 'POST', '/api/v1/customers', {name}), 201);
            answered.written.push(name);
        },
        async (n) => {
            const name = `Kept ${n}`;
            assert.equal(await ask(kept, 'POST', '/api/v1/customers', {name}), 201);
            answered.written.push(name);
        },
    ].map(async (client) => {
        for (let n = 0; going && n < 5000; n++)
            await client(n);
    });
    for (let round = 1; round <= 3; round++) {
        const before_ = {read: answered.read, written: answered.written.length};
        process.kill(pid, 'SIGHUP');
        await eventually(`restart ${round}`, () => shop.log.split('"restarting"').length === round + 1);
        await eventually('answers after it', () => shop.log.split('listening on').length === round + 2 &&
            answered.read > before_.read + 20 && answered.written.length > before_.written + 4);
    }
    going = false;
    await Promise.all(clients);
    kept.destroy();
    const found = new Set();
    for (let path = '/customers'; path;) {
        const page = (await owner.api('GET', path)).expect(200).json();
        page.rows.forEach((row) => found.add(row.name));
        path = page.next ?? null;
    }
    for (const name of answered.written)
        assert.ok(found.has(name), `${name} was acknowledged and is not there`);
});

test('sessions outlive a restart', async () => {
    (await owner.get('/board')).expect(200);
});

test('the server says when it is ready, and its figures', async () => {
    (await owner.get('/readyz')).expect(200);
    const figures = (await owner.get('/metrics')).expect(200);
    assert.match(figures.headers['content-type'], /^text\/plain; version=0\.0\.4/);
    assert.match(figures.text, /^benchpin_database_up\{shop="main"\} 1$/m);
    assert.match(figures.text, /^benchpin_requests_total\{method="POST",route="\/customers",status="2xx"\} \d+$/m);
    assert.match(figures.text, /^process_resident_memory_bytes \d+$/m);
    /* Every figure is described, and a histogram's last bucket is its count. */
    const described = new Set([...figures.text.matchAll(/^# TYPE (\S+) /gm)].map((found) => found[1]));
    for (const line of figures.text.split('\n').filter((each) => each && !each.startsWith('#'))) {
        assert.match(line, /^[a-z_]+(\{([a-z]+="[^"]*",?)+\})? -?\d+(\.\d+)?$/);
        assert.ok(described.has(line.match(/^[a-z_]+?(?=(_bucket|_sum|_count)?[ {])/)[0]), line);
    }
    const infinite = figures.text.match(/seconds_bucket\{method="POST",route="\/customers",le="\+Inf"\} (\d+)/)[1];
    assert.equal(figures.text.match(/seconds_count\{method="POST",route="\/customers"\} (\d+)/)[1], infinite);
});

test('figures are not for those who come through an unknown proxy', async () => {
    (await owner.get('/metrics', {headers: {'x-forwarded-for': '203.0.113.9'}})).expect(404);
});

test('the log is an object a line, with the request’s number and nothing of a person', async () => {
    const answer = await owner.api('POST', '/customers', {name: 'Persephone Quill',
        contacts: [{value: 'quill@example.com'}]});
    answer.expect(201);
    const missing = (await owner.api('GET', '/customers/999999')).expect(404).json();
    const told = missing.instance.split(':').pop(); // what the page or problem tells the person
    const logged = () => shop.log.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
        .filter((line) => line.event === 'request_answered');
    const line = await eventually('its line', () => logged().find((each) => each.id === told));
    assert.equal(line.route, '/customers/{id}');
    assert.equal(line.status, 404);
    assert.ok(logged().some((each) => each.route === '/customers' && each.method === 'POST' && each.status === 201));
    assert.doesNotMatch(shop.log, /Persephone|quill@|999999/);
});
