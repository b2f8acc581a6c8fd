// Webhooks: signed, tried again, sent anew, logged; and never into the own network unless told so.

import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import http from 'node:http';
import {after, before, test} from 'node:test';
import {eventually, signIn, startShop} from '../harness/index.mjs';

let shop, owner, listener, url, hook, secret;
const heard = [];
let answerWith = 204;

before(async () => {
    listener = http.createServer((request, response) => {
        let body = '';
        request.setEncoding('utf8').on('data', (text) => { body += text; }).on('end', () => {
            heard.push({headers: request.headers, body});
            response.writeHead(answerWith, {'content-type': 'text/plain'}).end(answerWith === 204 ? '' : 'not\nnow');
        });
    });
    await new Promise((done) => listener.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${listener.address().port}/heard`;
    shop = await startShop({args: ['--webhooks-anywhere', 'yes']});
    owner = await signIn(shop);
});
after(async () => {
    owner.close();
    listener.close();
    await shop.stop();
});

const make = async (title) => (await owner.api('POST', '/jobs',
    {kind: 'custom', customer_name: 'Ada Tan', title, type: 'ring'})).expect(201).json().id;
const log = async () => (await owner.api('GET', `/settings/webhooks/${hook}`)).expect(200).json().deliveries;

test('a webhook’s secret is shown once', async () => {
    const made = (await owner.api('POST', '/settings/webhooks', {name: 'Web shop', url, job_created: true}))
        .expect(200, 201).json();
    hook = made.id;
    secret = made.secret;
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{32}$/);
    const again = (await owner.api('GET', `/settings/webhooks/${hook}`)).expect(200);
    assert.ok(!again.text.includes(secret.slice(6)));
    assert.equal(again.json().kinds, 'job.created');
});

test('what happens is told, signed after the standard, and nothing else', async () => {
    const job = await make('A ring for the web shop');
    const message = await eventually('the message', () => heard[0]);
    const told = JSON.parse(message.body);
    assert.equal(told.type, 'job.created');
    assert.equal(told.data.job, job);
    assert.ok(Math.abs(Date.parse(told.timestamp) - Date.now()) < 60000);
    const {'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature} = message.headers;
    const expected = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
        .update(`${id}.${at}.${message.body}`).digest('base64');
    assert.equal(signature, `v1,${expected}`);
    assert.doesNotMatch(message.body, /Ada Tan/);
    (await owner.api('POST', `/jobs/${job}`, {title: 'Changed', version: 1})); // not among what it is told of
    const [sent] = await eventually('the log', async () => {
        const rows = await log();
        return rows[0]?.state === 'sent' ? rows : null;
    });
    assert.equal(sent.answer_status, 204);
    assert.equal(heard.length, 1);
});

test('a refused message is tried again by itself under the same number', async () => {
    answerWith = 503;
    await make('A ring in bad weather');
    await eventually('the first try', () => heard.length === 2);
    answerWith = 200;
    await eventually('the second try', () => heard.length === 3, {ms: 20000});
    assert.equal(heard[2].headers['webhook-id'], heard[1].headers['webhook-id']);
    assert.equal(heard[2].body, heard[1].body);
    const sent = await eventually('the log', async () => (await log())[0].state === 'sent' ? (await log())[0] : null);
    assert.equal(sent.attempts, 2);
    assert.equal(sent.answer, 'not now');
});

test('a message is sent anew when a person asks', async () => {
    const [last] = await log();
    (await owner.api('POST', `/settings/webhooks/${hook}/deliveries/${last.id}/replay`)).expect(200);
    await eventually('the message once more', () => heard.length === 4);
    assert.equal(heard[3].headers['webhook-id'], heard[2].headers['webhook-id']);
});

test('a ping can be sent, and what is off is told nothing', async () => {
    (await owner.api('POST', `/settings/webhooks/${hook}/ping`)).expect(200);
    await eventually('the ping', () => heard.length === 5 && JSON.parse(heard[4].body).type === 'ping');
    (await owner.api('POST', `/settings/webhooks/${hook}/disable`)).expect(200);
    await make('Unheard');
    (await owner.api('POST', `/settings/webhooks/${hook}/enable`)).expect(200);
    await make('Heard again');
    await eventually('the next', () => heard.length === 6);
    assert.equal(heard.length, 6);
});

test('410 switches it off', async () => {
    answerWith = 410;
    await make('Gone');
    await eventually('off', async () =>
        (await owner.api('GET', `/settings/webhooks/${hook}`)).json().disabled_at !== null);
    answerWith = 200;
});

test('the page shows the log and takes bad input back with what is wrong', async () => {
    const page = (await owner.get(`/settings/webhooks/${hook}`)).expect(200);
    assert.match(page.text, /job\.created/);
    const refused = await owner.submit('/settings/webhooks/new', {name: '', url: 'ftp://x'}, {form: /webhooks/});
    refused.expect(422);
    assert.match(refused.text, /https:\/\//);
    (await owner.api('POST', '/settings/webhooks/999')).expect(404, 422);
});

test('a server that was told nothing else reaches only public addresses, by https', async () => {
    const careful = await startShop();
    const own = await signIn(careful);
    (await own.api('POST', '/settings/webhooks', {name: 'Plain', url})).expect(422);
    const made = (await own.api('POST', '/settings/webhooks',
        {name: 'Inside', url: url.replace('http:', 'https:'), job_created: true})).expect(200, 201).json();
    const before_ = heard.length;
    (await own.api('POST', `/settings/webhooks/${made.id}/ping`)).expect(200);
    const tried = await eventually('the try', async () => {
        const [row] = (await own.api('GET', `/settings/webhooks/${made.id}`)).json().deliveries;
        return row?.answer ? row : null;
    });
    assert.equal(tried.state, 'waiting');
    assert.equal(tried.answer_status, null);
    assert.equal(heard.length, before_);
    own.close();
    await careful.stop();
});
