// What was acknowledged is there once, whatever moment the power goes.

import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {test} from 'node:test';
import {signIn, startShop, tokenClient} from '../harness/index.mjs';

const ROUNDS = 5;
const WRITERS = 8;

// Sends until the server dies; remembers what was acknowledged and what is open.
async function write(client, number, round, acknowledged, open, isOver) {
    for (let i = 0; !isOver(); i++) {
        const name = `Writer${number} Round${round} Number${i}`;
        const sent = {name, key: randomUUID()};
        open.add(sent);
        try {
            const answer = await client.api('POST', '/customers', {name}, {key: sent.key, timeout: 15000});
            if (answer.status === 201) {
                acknowledged.push({...sent, id: answer.json().id});
                open.delete(sent);
            }
        } catch {
            return; // the server is gone: nobody knows about this one
        }
    }
}

test('after a kill at random every acknowledged write is there once, and repeats do nothing twice', async () => {
    const shop = await startShop();
    const acknowledged = [];
    const open = new Set();
    const token = await tokenClient(shop);
    for (let round = 0; round < ROUNDS; round++) {
        let over = false;
        // Signed in before the clock starts: hashing passwords takes its time on a busy machine.
        const clients = await Promise.all(Array.from({length: WRITERS}, () => tokenClient(shop)));
        const writers = clients.map(async (client, i) => {
            await write(client, i, round, acknowledged, open, () => over);
            client.close();
        });
        await new Promise((done) => { setTimeout(done, 300 + Math.random() * 900); });
        await shop.kill9();
        over = true;
        await Promise.all(writers);
        await shop.start();
        // Who got no answer asks again with the same key, as browsers and programs do.
        for (const sent of open) {
            const answer = await token.api('POST', '/customers', {name: sent.name}, {key: sent.key});
            answer.expect(200, 201);
            acknowledged.push({...sent, id: answer.json().id});
        }
        open.clear();
    }
    assert.ok(acknowledged.length > ROUNDS * WRITERS, `only ${acknowledged.length} writes`);
    const owner = await signIn(shop);
    const found = new Map();
    let next = '/customers';
    while (next) {
        const page = (await owner.api('GET', next)).expect(200).json();
        for (const customer of page.rows)
            found.set(customer.name, [...found.get(customer.name) ?? [], customer.id]);
        next = page.next;
    }
    for (const {name, id} of acknowledged)
        assert.deepEqual(found.get(name), [id], name);
    assert.equal(new Set(acknowledged.map(({id}) => id)).size, acknowledged.length, 'two writes share a row');
    for (const [name, ids] of found)
        assert.equal(ids.length, 1, `${name} is there ${ids.length} times`);
    token.close();
    owner.close();
    await shop.stop();
});
