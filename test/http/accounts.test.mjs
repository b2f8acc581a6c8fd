// Signing in, staff, passwords, tokens, and which role may use which route.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Client, signIn, startShop, tokenClient} from '../harness/index.mjs';

let shop, owner;
const password = 'evening-light-42';

before(async () => {
    shop = await startShop();
    owner = await signIn(shop);
});
after(async () => {
    owner.close();
    await shop.stop();
});

let count = 0;
async function add(role) {
    const email = `person${++count}@example.com`;
    const staff = (await owner.api('POST', '/settings/staff', {name: `Person ${count}`, email, role, password}))
        .expect(201).json();
    return {...staff, email};
}
async function trySignIn(email, given) {
    const client = new Client(shop);
    const answer = await client.submit('/sign-in', {email, password: given}, {form: /sign-in/});
    client.close();
    return answer;
}
const codes = (answer) => (answer.json().errors ?? []).map((each) => [each.field, each.code].join(' '));

test('a wrong password, an unknown address and a locked-out person are told alike', async () => {
    const gone = await add('sales');
    (await owner.api('POST', `/settings/staff/${gone.id}/deactivate`)).expect(200);
    const told = [];
    for (const [email, given] of [[shop.owner.email, 'not-the-password'], ['nobody@example.com', password],
        [gone.email, password]]) {
        const answer = await trySignIn(email, given);
        answer.expect(422);
        told.push(answer.words.replaceAll(email, ''));
    }
    assert.equal(told[1], told[0]);
    assert.equal(told[2], told[0]);
});

test('an unknown address takes about as long as a wrong password', async () => {
    const known = await add('sales');
    const took = {known: [], unknown: []};
    for (let i = 0; i < 3; i++)
        for (const [kind, email] of [['known', known.email], ['unknown', `stranger${i}@example.com`]]) {
            const started = process.hrtime.bigint();
            await trySignIn(email, 'not-the-password');
            took[kind].push(Number(process.hrtime.bigint() - started) / 1e6);
        }
    const median = (list) => list.sort((a, b) => a - b)[1];
    const ratio = median(took.known) / median(took.unknown);
    assert.ok(ratio > 0.4 && ratio < 2.5, JSON.stringify(took));
});

test('after five failures an address has to wait, with the right password too', async () => {
    const tried = await add('sales');
    for (let i = 0; i < 5; i++)
        (await trySignIn(tried.email, 'not-the-password')).expect(422);
    const held = await trySignIn(tried.email, password);
    held.expect(429);
    assert.match(held.words, /Try again in \d+ seconds/);
    (await trySignIn(shop.owner.email, shop.owner.password)).expect(303); // nobody else waits
});

test('somebody new signs in with their first password and changes it', async () => {
    const staff = await add('sales');
    const first = await signIn(shop, staff.email, password);
    const second = await signIn(shop, staff.email, password);
    const token = await tokenClient(shop, {email: staff.email, password});
    (await token.api('GET', '/me')).expect(200);
    const wrong = await first.submit('/me/settings', {current: 'not-the-password', password: 'a-new-long-one'},
        {form: '/me/password'});
    wrong.expect(422);
    assert.match(wrong.words, /not the present password/);
    const short = await first.submit('/me/settings', {current: password, password: 'short'},
        {form: '/me/password'});
    assert.match(short.expect(422).words, /at least 10 characters/);
    (await first.submit('/me/settings', {current: password, password: 'a-new-long-one'},
        {form: '/me/password'})).expect(303);
    (await first.get('/me/settings')).expect(200); // stays signed in
    (await second.get('/me/settings')).expect(303); // the other browser does not
    (await token.api('GET', '/me')).expect(401);
    (await trySignIn(staff.email, password)).expect(422);
    (await trySignIn(staff.email, 'a-new-long-one')).expect(303);
    for (const client of [first, second, token])
        client.close();
});

test('locking somebody out ends their sessions and tokens at once', async () => {
    const staff = await add('manager');
    const client = await signIn(shop, staff.email, password);
    const token = await tokenClient(shop, {email: staff.email, password});
    (await owner.submit(`/settings/staff/${staff.id}`, {}, {form: /deactivate/})).expect(303);
    (await client.get('/settings')).expect(303);
    (await token.api('GET', '/me')).expect(401);
    (await owner.submit(`/settings/staff/${staff.id}`, {}, {form: /\/activate/})).expect(303);
    (await token.api('GET', '/me')).expect(401); // what has ended stays ended
    (await trySignIn(staff.email, password)).expect(303);
    client.close();
    token.close();
});

test('an owner sets somebody’s password, which signs them out', async () => {
    const staff = await add('bench');
    const client = await signIn(shop, staff.email, password);
    (await owner.submit(`/settings/staff/${staff.id}`, {password: 'given-by-owner'}, {form: /password/}))
        .expect(303);
    (await client.get('/me/settings')).expect(303);
    (await trySignIn(staff.email, 'given-by-owner')).expect(303);
    client.close();
});

test('the last owner stays one and nobody locks themselves out', async () => {
    const me = (await owner.api('GET', '/me')).json().staff;
    const self = (await owner.api('GET', `/settings/staff/${me}`)).json();
    const demoted = await owner.api('POST', `/settings/staff/${me}`,
        {name: self.name, email: self.email, role: 'sales', version: self.version});
    assert.ok(codes(demoted.expect(422)).includes('role last_owner'));
    (await owner.api('POST', `/settings/staff/${me}/deactivate`)).expect(409);
    assert.equal((await owner.api('GET', '/me')).json().role, 'owner');
});

test('a role that changes counts from the next request on', async () => {
    const staff = await add('bench');
    const client = await signIn(shop, staff.email, password);
    (await client.api('GET', '/customers')).expect(403);
    (await owner.submit(`/settings/staff/${staff.id}`, {role: 'sales'}, {form: `/settings/staff/${staff.id}`}))
        .expect(303);
    (await client.api('GET', '/customers')).expect(200);
    client.close();
});

test('bad staff is refused at its fields and nobody is added', async () => {
    const before = (await owner.api('GET', '/settings/staff')).json().rows.length;
    const good = {name: 'New', email: 'new@example.com', role: 'sales', password};
    for (const [change, code] of [[{name: ''}, 'name required'], [{email: 'nobody'}, 'email not_an_email'],
        [{email: shop.owner.email}, 'email taken'], [{role: 'king'}, 'role unknown_role'],
        [{password: 'short'}, 'password too_short'], [{password: 'x'.repeat(201)}, 'password too_long'],
        [{permissions: 1}, 'permissions unknown_field']]) {
        const answer = (await owner.api('POST', '/settings/staff', {...good, ...change})).expect(422);
        assert.ok(codes(answer).includes(code), `${JSON.stringify(change)}: ${answer}`);
    }
    assert.equal((await owner.api('GET', '/settings/staff')).json().rows.length, before);
    (await owner.api('GET', '/settings/staff/9999')).expect(404);
    (await owner.api('POST', '/settings/staff/9999/deactivate')).expect(404);
    (await owner.api('POST', '/settings/staff/9999/password', {password})).expect(404);
});

test('no answer holds a password or its hash', async () => {
    const text = (await owner.api('GET', '/settings/staff')).text + (await owner.api('GET', '/me/settings')).text +
        (await owner.get('/settings/staff/1')).text + (await owner.api('GET', '/settings/log')).text;
    assert.doesNotMatch(text, /argon2|evening-light|morning-light/);
});

test('the theme is kept with the person', async () => {
    (await owner.submit('/me/settings', {theme: 'dark'}, {form: '/me/settings'})).expect(303);
    assert.match((await owner.get('/me/settings')).text, /data-theme="dark"/);
    (await owner.api('POST', '/me/settings', {theme: 'pink'})).expect(422);
    (await owner.submit('/me/settings', {theme: 'auto'}, {form: '/me/settings'})).expect(303);
});

test('a token is made with a password or a session, listed, and taken back', async () => {
    const staff = await add('sales');
    const answer = (await new Client(shop).api('POST', '/tokens', {email: staff.email, password, name: 'Till'}))
        .expect(201).json();
    const till = new Client(shop, {token: answer.token});
    (await till.api('GET', '/me')).expect(200);
    const here = await signIn(shop, staff.email, password);
    const byPage = (await here.api('POST', '/tokens', {name: 'By session'})).expect(201).json();
    assert.equal(byPage.staff, staff.id);
    here.close();
    const listed = (await till.api('GET', '/me/settings')).json().tokens;
    assert.deepEqual(listed.map((each) => each.name), ['By session', 'Till']);
    (await owner.api('POST', `/me/tokens/${listed[0].id}/revoke`)).expect(404); // not theirs
    (await till.api('POST', `/me/tokens/${listed[1].id}/revoke`)).expect(200);
    (await till.api('GET', '/me')).expect(401);
    (await new Client(shop).api('POST', '/tokens', {email: staff.email, password: 'not-the-password'})).expect(422);
    (await new Client(shop).api('POST', '/tokens', {})).expect(422);
    till.close();
});

test('a token is a secret: no record of a request keeps it to be told again', async () => {
    const till = new Client(shop);
    const asked = {email: (await add('sales')).email, password};
    const make = async () => (await till.api('POST', '/tokens', asked, {key: 'till-one'})).expect(201).json().token;
    assert.notEqual(await make(), await make());
    till.close();
});

test('signing out ends the session, not only the cookie', async () => {
    const staff = await add('sales');
    const client = await signIn(shop, staff.email, password);
    const cookie = client.cookies.get('benchpin');
    (await client.submit('/me/settings', {}, {form: '/sign-out'})).expect(303);
    const thief = new Client(shop);
    thief.cookies.set('benchpin', cookie);
    (await thief.get('/me/settings')).expect(303);
    client.close();
    thief.close();
});
