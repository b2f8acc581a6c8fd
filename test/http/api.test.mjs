// What holds of every answer of the API: how many requests a minute it takes, and tells.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Client, startShop, tokenClient} from '../harness/index.mjs';

const rate = 12;
let shop, till;
before(async () => {
    shop = await startShop({args: ['--api-rate', String(rate)]});
    till = await tokenClient(shop);
});
after(async () => {
    till?.close();
    await shop.stop();
});

const told = (answer) => ['limit', 'remaining', 'reset'].map((name) => Number(answer.headers[`ratelimit-${name}`]));

test('every answer tells what is left, and beyond it is 429 with the time to wait', async () => {
    for (let i = 1; i <= rate; i++) {
        // Also what is refused has been asked.
        const answer = i === 2 ? (await till.api('GET', '/nowhere')).expect(404) : (await till.api('GET', '/me')).expect(200);
        const [limit, remaining, reset] = told(answer);
        assert.deepEqual([limit, remaining], [rate, rate - i]);
        assert.ok(reset > 0 && reset <= 60, String(reset));
    }
    const beyond = (await till.api('GET', '/me')).expect(429);
    assert.deepEqual([beyond.type, beyond.json().code], ['application/problem+json', 'rate_limit']);
    const [, remaining, reset] = told(beyond);
    assert.equal(remaining, 0);
    assert.equal(Number(beyond.headers['retry-after']), reset);
    assert.ok(reset > 0 && reset <= 120, String(reset));
});

test('each token has its own share, and pages none', async () => {
    const other = await tokenClient(shop, {name: 'Other'});
    (await other.api('GET', '/me')).expect(200);
    other.close();
    const page = (await new Client(shop).get('/sign-in')).expect(200);
    assert.equal(page.headers['ratelimit-limit'], undefined);
});

test('guessed tokens share what their address has', async () => {
    const answers = [];
    for (let i = 0; i <= rate; i++) {
        const guess = new Client(shop, {token: `guess-${i}`});
        answers.push((await guess.api('GET', '/me')).expect(401, 429).status);
        guess.close();
    }
    assert.equal(answers.at(-1), 429);
    assert.equal(answers[0], 401);
});
