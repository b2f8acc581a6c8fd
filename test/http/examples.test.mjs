// The example client does the main job, and behaves when a server is busy, gone or refuses.

import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import {join} from 'node:path';
import {test} from 'node:test';
import {root, run} from '../harness/shop.mjs';
import {useWorkshop} from './making.mjs';

let w;
useWorkshop((made) => ({w} = made));

const examples = join(root, 'examples');
const python = (args, input = '') => run('python3', ['-B', ...args], {cwd: examples, input});

test('the example takes a ring from the counter until it is collected', async () => {
    const {email, password} = w.shop.owner;
    const ended = await python(['main_job.py', w.shop.url, email], `${password}\n`);
    assert.equal(ended.code, 0, ended.err);
    assert.match(ended.err, /found again: Oval sapphire solitaire/);
    const printed = JSON.parse(ended.out);
    const job = await w.get(`/jobs/${printed.id}`);
    assert.deepEqual([job.stage, job.balance, job.customer_name], ['collected', 0, 'Élodie Marchand']);
    const {rows, paid} = await w.get(`/jobs/${job.id}/payments`);
    assert.deepEqual(rows.map((each) => each.kind).sort(), ['deposit', 'payment']);
    const [invoice] = (await w.get('/invoices')).rows.filter((each) => each.job === job.id);
    assert.deepEqual([invoice.state, invoice.total], ['paid', paid]);
    for (const stage of ['deposit_received', 'cad', 'setting', 'ready', 'collected'])
        assert.ok(job.history.some((each) => each.stage === stage), `${stage} in ${JSON.stringify(job.history)}`);
});

test('a wrong password is told, without a traceback', async () => {
    const ended = await python(['main_job.py', w.shop.url, w.shop.owner.email], 'not-the-password\n');
    assert.equal(ended.code, 1);
    assert.match(ended.err, /^The shop refused: 422 /);
});

test('every page of a list is read', async () => {
    const ids = [];
    for (let i = 0; i < 53; i++)
        ids.push((await w.post('/jobs', {title: `Band ${i}`, customer_name: 'Rohan Mehta', kind: 'repair'})).id);
    const {token} = await w.post('/tokens', {name: 'Pages'});
    const ended = await python(['-c', `
import sys
from benchpin_client import Client
print([each["id"] for each in Client(sys.argv[1], sys.argv[2]).rows("/jobs", kind="repair")])`, w.shop.url, token]);
    assert.equal(ended.code, 0, ended.err);
    assert.deepEqual(JSON.parse(ended.out).filter((id) => ids.includes(id)).sort((a, b) => a - b), ids);
});

/** What the client does with a server that answers so: {out, err, requests, waits}. */
async function against(answers, options = '') {
    const requests = [];
    const server = createServer((request, response) => {
        const [status, headers, body] = answers[Math.min(requests.length, answers.length - 1)];
        requests.push(request);
        request.resume();
        if (status === 0)
            request.socket.destroy();
        else
            response.writeHead(status, {connection: 'close', ...headers}).end(body);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${server.address().port}`;
    const ended = await python(['-c', `
import json, sys
from benchpin_client import Client, Problem, Unreachable
waits = []
client = Client(sys.argv[1], "secret", sleep=waits.append${options})
try:
    came = client.post("/jobs", {"title": "Ring"})
except Problem as problem:
    came = [problem.status, problem.code, [(each.field, each.code) for each in problem.faults]]
except Unreachable as error:
    came = "unreachable"
print(json.dumps({"came": came, "waits": waits}))`, url]);
    await new Promise((done) => server.close(done));
    assert.equal(ended.code, 0, ended.err);
    return {...JSON.parse(ended.out), requests};
}
const json = {'content-type': 'application/json'};
const problem = {'content-type': 'application/problem+json'};

test('a busy shop, and one that hangs up, is asked again with the same key', async () => {
    const {came, waits, requests} = await against([[429, {...problem, 'retry-after': '7'}, '{"code":"too_many"}'],
        [0], [503, {'content-type': 'text/html'}, '<h1>Down</h1>'], [201, json, '{"id":1}']]);
    assert.deepEqual(came, {id: 1});
    assert.equal(waits[0], 7);
    assert.equal(waits.length, 3);
    assert.equal(new Set(requests.map((each) => each.headers['idempotency-key'])).size, 1);
    assert.ok(requests.every((each) => each.headers.authorization === 'Bearer secret'));
});

test('a refusal is told field by field and not repeated', async () => {
    const {came, requests} = await against([[422, problem, JSON.stringify({status: 422, code: 'invalid', detail: 'No',
        errors: [{field: 'title', code: 'required', detail: 'Say what it is.'}]})]]);
    assert.deepEqual(came, [422, 'invalid', [['title', 'required']]]);
    assert.equal(requests.length, 1);
});

test('it gives up in the end, waits not for ever, and follows nobody elsewhere', async () => {
    const gone = await against([[0]], ', tries=2');
    assert.deepEqual([gone.came, gone.requests.length], ['unreachable', 2]);
    const long = await against([[503, {'retry-after': '9999'}, '']]);
    assert.deepEqual([long.came, long.waits], [[503, 'not_from_the_shop', []], []]);
    const away = await against([[302, {location: 'http://127.0.0.1:9/'}, '']]);
    assert.deepEqual([away.came[0], away.requests.length], [302, 1]);
});
