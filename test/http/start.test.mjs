// Starting, stopping and being asked by strangers.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Client, signIn, startShop, tokenClient} from '../harness/index.mjs';

test('a shop set up by init is signed in to', async () => {
    const shop = await startShop();
    const client = await signIn(shop);
    (await client.get('/customers')).expect(200);
    await shop.stop();
});

test('a wrong password and an unknown name are told alike', async () => {
    const shop = await startShop();
    const told = [];
    for (const [email, password] of [[shop.owner.email, 'not-the-password'], ['nobody@example.com', 'not-the-password']]) {
        const client = new Client(shop);
        const answer = await client.submit('/sign-in', {email, password}, {form: /sign-in/});
        assert.ok(answer.status >= 400 && answer.status < 500, String(answer));
        told.push(answer.words.replaceAll(email, ''));
    }
    assert.equal(told[0], told[1]);
    await shop.stop();
});

test('an empty folder leads to setting up', async () => {
    const shop = await startShop({empty: true});
    const page = await new Client(shop).get('/');
    assert.equal(page.status, 303, String(page));
    assert.match(page.location, /set-up/);
    await shop.stop();
});

test('the API without sign-in is 401 and a problem document', async () => {
    const shop = await startShop();
    const answer = (await new Client(shop).api('GET', '/customers')).expect(401);
    assert.equal(answer.type, 'application/problem+json');
    assert.equal(answer.json().status, 401);
    await shop.stop();
});

test('SIGTERM ends with status 0 within five seconds, a stream being open', async () => {
    const shop = await startShop();
    const client = await signIn(shop);
    const stream = await client.events('/live');
    const took = await shop.stop();
    assert.ok(took < 5000, `took ${took} ms`);
    stream.close();
});

test('a session outlives the server', async () => {
    const shop = await startShop();
    const client = await signIn(shop);
    await shop.kill9();
    await shop.start();
    (await client.get('/customers')).expect(200);
    await shop.stop();
});

test('a program signs in with a token', async () => {
    const shop = await startShop();
    const client = await tokenClient(shop);
    assert.equal((await client.api('GET', '/me')).expect(200).json().name, shop.owner.name);
    await shop.stop();
});
