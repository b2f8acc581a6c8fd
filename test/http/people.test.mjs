// Invitations and forgotten passwords by mail, sessions, the second factor, tokens with scopes.

import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {after, before, test} from 'node:test';
import {Client, databaseKind, eventually, psql, signIn, startMailServer, startShop, totp} from '../harness/index.mjs';

const password = 'evening-light-42';
let shop, owner, mail;

before(async () => {
    mail = await startMailServer();
    shop = await startShop();
    owner = await signIn(shop);
});
after(async () => {
    owner.close();
    await shop.stop();
    await mail.stop();
});

let count = 0;
async function add(role = 'sales') {
    const email = `person${++count}@example.com`;
    const staff = (await owner.api('POST', '/settings/staff', {name: `Person ${count}`, email, role, password}))
        .expect(201).json();
    return {...staff, email};
}
const staffPage = async () => (await owner.api('GET', '/settings/staff')).expect(200).json();
const codes = (answer) => (answer.json().errors ?? []).map((each) => `${each.field} ${each.code}`);
const log = async (query = '') => (await owner.api('GET', `/settings/log?${query}`)).expect(200).json().rows;
/** The newest mail to this address that has a link of this kind: the path of the link. */
const linkTo = async (email, kind, after = 0) => {
    const found = await eventually(`a ${kind} mail to ${email}`, () => mail.messages.slice(after).reverse()
        .find((each) => each.envelope.to.includes(email) && new RegExp(`/${kind}/[0-9a-f]{64}`).test(each.text)));
    return new RegExp(`/${kind}/[0-9a-f]{64}`).exec(found.text)[0];
};
/** Everything that the shop's database holds, as text. */
async function everything() {
    if (databaseKind === 'postgres') {
        const tables = (await psql(shop.databaseUrl,
            "select table_name from information_schema.tables where table_schema = 'shop_main'")).trim().split('\n');
        return (await Promise.all(tables.map((name) => psql(shop.databaseUrl, `select * from shop_main."${name}"`)))).join('\n');
    }
    const file = `${shop.dir}/shops/main/benchpin.db`;
    return (await readFile(file)).toString('latin1') + await readFile(`${file}-wal`).then((each) => each.toString('latin1'), () => '');
}

test('without a mail server an invitation is a link to hand over, once', async () => {
    assert.match((await owner.get('/settings/staff/new')).words, /No mail server is set/);
    assert.match((await new Client(shop).get('/forgot')).words, /can't send mail yet/);
    (await owner.submit('/settings/staff/new', {name: 'Nell Page', email: 'Nell@Example.com', role: 'sales'})).expect(303);
    const [invitation] = (await staffPage()).invitations;
    assert.deepEqual([invitation.email, invitation.role, invitation.sent_at], ['nell@example.com', 'sales', null]);
    const page = (await owner.submit('/settings/staff', {}, {form: /link$/})).expect(200);
    const link = new URL(/http[^"]*\/welcome\/[0-9a-f]{64}/.exec(page.text)[0]).pathname;
    const second = (await owner.api('POST', `/settings/staff/invitations/${invitation.id}/link`)).expect(200).json();
    const nell = new Client(shop);
    assert.match((await nell.get(link)).expect(200).words, /This link is over/);
    const path = new URL(second.url).pathname;
    assert.match((await nell.get(path)).expect(200).words, /Welcome, Nell Page/);
    (await nell.submit(path, {password: 'short'})).expect(422);
    (await nell.get(path)).expect(200); // looking, or a refused form, does not use it up
    (await nell.submit(path, {name: 'Nell Paget', password})).expect(303);
    assert.equal((await nell.api('GET', '/me')).expect(200).json().name, 'Nell Paget');
    assert.match((await new Client(shop).get(path)).words, /This link is over/);
    assert.deepEqual((await staffPage()).invitations, []);
    nell.close();
});

test('with a mail server the invitation arrives, and nothing in the database opens it', async () => {
    await owner.api('POST', '/settings/mail', {host: '127.0.0.1', port: mail.port, security: 'none',
        from_address: 'shop@hartwell.example', version: 0});
    const invitation = (await owner.api('POST', '/settings/staff/invitations',
        {name: 'Mara', email: 'mara@example.com', role: 'manager'})).expect(201).json();
    const first = await linkTo('mara@example.com', 'welcome');
    const secret = first.split('/').pop();
    assert.ok(!(await everything()).includes(secret), 'the secret stands in the database');
    const outbox = (await owner.api('GET', '/messages')).json().rows.find((each) => each.to_address === 'mara@example.com');
    assert.ok(!(await owner.get(`/messages/${outbox.id}`)).text.includes(secret));
    const sent = mail.messages.length;
    (await owner.api('POST', `/settings/staff/invitations/${invitation.id}/resend`)).expect(200);
    const again = await linkTo('mara@example.com', 'welcome', sent);
    const mara = new Client(shop);
    assert.match((await mara.get(first)).words, /This link is over/);
    (await mara.submit(again, {password})).expect(303);
    assert.equal((await mara.api('GET', '/me')).json().role, 'manager');
    mara.close();
});

test('an invitation can be withdrawn, is not made twice, and gives no more than who makes it has', async () => {
    const invite = (body, client = owner) => client.api('POST', '/settings/staff/invitations', body);
    const invitation = (await invite({name: 'Otto', email: 'otto@example.com', role: 'bench'})).expect(201).json();
    assert.ok(codes((await invite({name: 'Otto', email: 'OTTO@example.com', role: 'bench'})).expect(422)).includes('email invited'));
    assert.ok(codes((await invite({name: 'I', email: shop.owner.email, role: 'bench'})).expect(422)).includes('email taken'));
    const path = await linkTo('otto@example.com', 'welcome');
    (await owner.submit('/settings/staff', {}, {form: /withdraw/})).expect(303);
    assert.match((await new Client(shop).get(path)).words, /This link is over/);
    (await owner.api('POST', `/settings/staff/invitations/${invitation.id}/resend`)).expect(404);
    (await invite({name: 'Otto', email: 'otto@example.com', role: 'bench'})).expect(201);
    const narrow = (await owner.api('POST', '/tokens', {name: 'Hiring', scopes: 'manage_staff see_jobs'})).json().token;
    const program = new Client(shop, {token: narrow});
    assert.ok(codes((await invite({name: 'A', email: 'a@example.com', role: 'owner'}, program)).expect(422)).includes('role role_above'));
    program.close();
});

test('whether an address is known shows neither in the answer nor in the time of asking for a new password', async () => {
    const known = await add();
    const ask = async (email) => {
        const client = new Client(shop);
        const page = await client.get('/forgot');
        const started = process.hrtime.bigint();
        const answer = (await client.submit(page, {email})).expect(303);
        const took = Number(process.hrtime.bigint() - started) / 1e6;
        const words = (await client.follow(answer)).words;
        client.close();
        return {words, took};
    };
    const times = {known: [], unknown: []};
    let words;
    for (let i = 0; i < 3; i++)
        for (const [kind, email] of [['known', known.email], ['unknown', `stranger${i}@example.com`]]) {
            const answer = await ask(email);
            words ??= answer.words;
            assert.equal(answer.words, words);
            times[kind].push(answer.took);
        }
    const median = (list) => list.sort((a, b) => a - b)[1];
    assert.ok(Math.abs(median(times.known) - median(times.unknown)) < 25, JSON.stringify(times));
    const client = new Client(shop);
    assert.match((await client.submit('/forgot', {email: known.email})).expect(429).words, /several times already/);
    client.close();
});

test('a forgotten password is set by the link, once, and ends every session and token', async () => {
    const person = await add();
    const old = await signIn(shop, person.email, password);
    const token = (await new Client(shop).api('POST', '/tokens', {email: person.email, password})).expect(201).json().token;
    const client = new Client(shop);
    for (let i = 0; i < 2; i++) {
        const before = mail.messages.length;
        (await client.submit('/forgot', {email: person.email.toUpperCase()})).expect(303);
        client.path = await linkTo(person.email, 'reset', before);
        client.first ??= client.path;
    }
    assert.match((await client.get(client.first)).words, /This link is over/);
    (await old.get('/me/settings')).expect(200); // asking alone changes nothing
    (await client.submit(client.path, {password: 'a-new-long-one'})).expect(303);
    (await old.get('/me/settings')).expect(303);
    (await new Client(shop, {token}).api('GET', '/me')).expect(401);
    assert.match((await client.get(client.path)).words, /This link is over/);
    (await signIn(shop, person.email, 'a-new-long-one')).close();
    await eventually('news of it by mail', () => mail.messages.some((each) =>
        each.envelope.to.includes(person.email) && /password was changed/.test(each.subject)));
    assert.deepEqual((await log(`thing=staff&id=${person.id}`)).map((each) => each.action).filter((each) => /password/.test(each)),
        ['changed the password', 'asked for a new password', 'asked for a new password']);
    old.close();
    client.close();
});

test('who is locked out gets no link, and one that was sent is over', async () => {
    const person = await add();
    const client = new Client(shop);
    (await client.submit('/forgot', {email: person.email})).expect(303);
    const path = await linkTo(person.email, 'reset');
    (await owner.api('POST', `/settings/staff/${person.id}/deactivate`)).expect(200);
    assert.match((await client.get(path)).words, /This link is over/);
    client.close();
});

test('sessions are listed with their device, ended one by one, and all at once', async () => {
    const person = await add();
    const agents = {phone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile Safari/604.1',
        desk: 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36'};
    const enter = async (agent) => {
        const client = new Client(shop, {headers: {'user-agent': agent}});
        await client.follow((await client.submit('/sign-in', {email: person.email, password})).expect(303));
        return client;
    };
    const phone = await enter(agents.phone);
    const desk = await enter(agents.desk);
    const third = await enter('curl/8');
    const sessions = (await desk.api('GET', '/me/settings')).json().sessions;
    assert.deepEqual(sessions.map((each) => [each.device, each.here]).sort(),
        [['Another program', false], ['Chrome on Windows', true], ['Safari on iPhone', false]]);
    assert.equal(sessions[0].address, '127.0.0.1');
    const other = sessions.find((each) => each.device === 'Safari on iPhone').id;
    (await owner.api('POST', `/me/sessions/${other}/end`)).expect(404); // not theirs
    (await desk.submit('/me/settings', {}, {form: `/me/sessions/${other}/end`})).expect(303);
    (await phone.get('/me/settings')).expect(303);
    (await desk.submit('/me/settings', {}, {form: '/me/sessions/end', button: 'Sign out everywhere else'})).expect(303);
    (await third.get('/me/settings')).expect(303);
    (await desk.get('/me/settings')).expect(200);
    const last = await enter(agents.phone);
    (await desk.api('POST', '/me/sessions/end', {here: true})).expect(200);
    for (const client of [last, desk])
        (await client.get('/me/settings')).expect(303);
    const again = await enter(agents.phone);
    (await owner.submit(`/settings/staff/${person.id}`, {}, {form: /sessions\/end/})).expect(303);
    (await again.get('/me/settings')).expect(303);
    for (const client of [phone, desk, third, last, again])
        client.close();
});

// ---- the second factor

/** Sets one up as a person does: the secret and the recovery codes. */
async function setUp(client, word = password) {
    const begun = await client.follow((await client.submit('/me/second-factor', {current: word}, {form: '/me/second-factor'})).expect(303));
    const secret = /<code[^>]*>([A-Z2-7 ]{39})</.exec(begun.text)[1].replaceAll(' ', '');
    const qr = (await client.get('/me/second-factor/qr.svg')).expect(200);
    assert.equal(qr.type, 'image/svg+xml');
    (await client.submit(begun, {code: '000000'}, {form: /confirm/})).expect(422);
    const done = (await client.submit(await client.get('/me/second-factor'), {code: totp(secret, -1)}, {form: /confirm/})).expect(200);
    const recovery = done.text.match(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}/g);
    assert.equal(new Set(recovery).size, 10);
    return {secret, recovery};
}
async function secondStep(email, code, word = password) {
    const client = new Client(shop);
    const first = (await client.submit('/sign-in', {email, password: word})).expect(303);
    assert.equal(first.location, '/sign-in/code');
    (await client.get('/me/settings')).expect(303); // the password alone opens nothing
    const answer = await client.submit('/sign-in/code', {code});
    return {client, answer};
}

test('signing in with a second factor takes a code that nobody used before', async () => {
    const person = await add();
    const client = await signIn(shop, person.email, password);
    (await client.submit('/me/second-factor', {current: 'not-the-password'}, {form: '/me/second-factor'})).expect(422);
    const {secret, recovery} = await setUp(client);
    (await client.get('/me/second-factor/qr.svg')).expect(404); // shown while it is set up, then never
    assert.ok(!(await client.get('/me/second-factor')).text.includes(secret.slice(0, 8)));
    const good = totp(secret);
    const tries = [['123456', 422], [good, 303], [good, 422], [recovery[0].toLowerCase().replaceAll('-', ' '), 303], [recovery[0], 422]];
    for (const [code, status] of tries) {
        const {client: each, answer} = await secondStep(person.email, code);
        assert.equal(answer.status, status, `${code}: ${answer}`);
        each.close();
    }
    assert.equal((await client.api('GET', '/me/second-factor')).json().recovery_codes, 9);
    const text = await everything() + (await client.api('GET', '/me/settings')).text + (await owner.api('GET', '/settings/log')).text;
    assert.ok(!text.includes(secret) && !text.includes(recovery[1].replaceAll('-', '')), 'a secret stands somewhere');
    const renewed = (await client.submit('/me/second-factor', {current: password}, {form: /codes/})).expect(200).text;
    assert.ok(!renewed.includes(recovery[1]));
    const {client: old, answer} = await secondStep(person.email, recovery[1]);
    assert.equal(answer.status, 422);
    old.close();
    client.close();
});

test('wrong codes make everybody wait, with the right one too', async () => {
    const person = await add();
    const client = await signIn(shop, person.email, password);
    const {secret} = await setUp(client);
    const guesser = new Client(shop);
    (await guesser.submit('/sign-in', {email: person.email, password})).expect(303);
    for (let i = 0; i < 5; i++)
        (await guesser.submit('/sign-in/code', {code: '000000'})).expect(422);
    (await guesser.submit('/sign-in/code', {code: totp(secret)})).expect(429);
    guesser.close();
    client.close();
});

test('a token is not made past the second factor, and an owner switches a lost one off', async () => {
    const person = await add();
    const client = await signIn(shop, person.email, password);
    const {recovery} = await setUp(client);
    const ask = (more) => new Client(shop).api('POST', '/tokens', {email: person.email, password, ...more});
    assert.ok(codes((await ask({})).expect(422)).includes('code required'));
    assert.ok(codes((await ask({code: '000000'})).expect(422)).includes('code wrong_code'));
    (await ask({code: recovery[2]})).expect(201);
    (await client.api('POST', `/settings/staff/${person.id}/second-factor/end`)).expect(403);
    (await owner.submit(`/settings/staff/${person.id}`, {}, {form: /second-factor\/end/})).expect(303);
    (await ask({})).expect(201);
    await eventually('news of it by mail', () => mail.messages.some((each) =>
        each.envelope.to.includes(person.email) && /second factor is off/.test(each.subject)));
    client.close();
});

test('where the shop asks for a second factor nothing else opens before it is set up', async () => {
    const person = await add('manager');
    const clerk = await add('sales');
    const client = await signIn(shop, person.email, password);
    const other = await signIn(shop, clerk.email, password);
    const till = (await client.api('POST', '/tokens', {name: 'Till'})).expect(201).json().token;
    assert.ok(codes((await owner.api('POST', '/settings/staff/second-factor', {second_factor: 'some'})).expect(422)).length === 1);
    const {secret} = await setUp(owner, shop.owner.password);
    (await owner.submit('/settings/staff', {second_factor: 'leaders'}, {form: /second-factor$/})).expect(303);
    assert.equal((await client.get('/board')).expect(303).location, '/me/second-factor');
    assert.equal((await client.api('GET', '/jobs')).expect(403).json().code, 'detour');
    assert.match((await client.get('/me/second-factor')).expect(200).words, /Set it up, and everything else opens again/);
    (await other.get('/board')).expect(200); // not asked of this role
    (await new Client(shop, {token: till}).api('GET', '/jobs')).expect(200); // programs go on
    assert.equal((await new Client(shop).api('POST', '/tokens', {email: person.email, password})).expect(403).json().code,
        'second_factor_missing');
    await setUp(client);
    (await client.get('/board')).expect(200);
    assert.equal((await client.submit('/me/second-factor', {current: password}, {form: /codes/, button: 'Make new recovery codes'})).status, 200);
    assert.equal((await client.api('POST', '/me/second-factor/end', {current: password})).expect(409).json().code,
        'second_factor_required');
    (await owner.api('POST', '/settings/staff/second-factor', {second_factor: 'nobody'})).expect(200);
    (await owner.api('POST', '/me/second-factor/end', {current: shop.owner.password})).expect(200);
    assert.ok(secret);
    client.close();
    other.close();
});

// ---- tokens

test('a token may what its scopes and the role of its person both allow, and no more', async () => {
    const person = await add('sales');
    const client = await signIn(shop, person.email, password);
    const made = (await client.submit('/me/tokens/new', {name: 'Till', may: 'some', 'may.see_jobs': '1', 'may.set_prices': '1'})).expect(200);
    const till = new Client(shop, {token: /readonly value="([0-9a-f]{64})"/.exec(made.text)[1]});
    (await till.api('GET', '/jobs')).expect(200);
    (await till.api('GET', '/customers')).expect(403); // the role may, the token not
    (await till.api('GET', '/settings/rates')).expect(403); // the token would, the role may not
    (await till.api('POST', '/me/password', {current: password, password: 'taken-over-now'})).expect(403);
    (await till.api('POST', '/me/sessions/end', {})).expect(403);
    const more = (await till.api('POST', '/tokens', {name: 'More'})).expect(201).json();
    assert.equal(more.scopes, 'see_jobs');
    (await new Client(shop, {token: more.token}).api('GET', '/customers')).expect(403);
    (await owner.api('POST', `/settings/staff/${person.id}`, {name: person.name, email: person.email, role: 'manager',
        version: person.version})).expect(200);
    (await till.api('GET', '/settings/rates')).expect(200); // the role has grown, the scope was there
    const [entry] = await log(`staff=${person.id}&thing=token`);
    assert.equal(entry.token, 'Till');
    till.close();
    client.close();
});

test('a token that may only read changes nothing', async () => {
    const person = await add('manager');
    const client = await signIn(shop, person.email, password);
    const token = (await client.api('POST', '/tokens', {name: 'Reports', read_only: true})).expect(201).json().token;
    const reader = new Client(shop, {token});
    (await reader.api('GET', '/customers')).expect(200);
    (await reader.api('GET', '/settings/rates')).expect(200);
    for (const [method, path] of [['POST', '/customers'], ['POST', '/me/settings'], ['POST', '/tokens'], ['DELETE', '/jobs/1/files/1']])
        assert.equal((await reader.api(method, path, {})).expect(403).json().code, 'read_only', path);
    (await reader.api('POST', '/sign-out')).expect(200);
    (await reader.api('GET', '/customers')).expect(401);
    reader.close();
    client.close();
});

test('a token ends with its last day, and bad ones are refused at their fields', async () => {
    const client = await signIn(shop, (await add()).email, password);
    const make = (body) => client.api('POST', '/tokens', {name: 'T', ...body});
    assert.ok(codes((await make({expires: '2020-01-01'})).expect(422)).includes('expires too_small'));
    assert.ok(codes((await make({scopes: 'see_jobs rule_the_world'})).expect(422)).includes('scopes unknown_scope'));
    const {token, expires_at} = (await make({expires: '2031-06-30'})).expect(201).json();
    assert.equal(expires_at, '2031-06-30T23:00:00.000Z'); // the end of the day in London
    assert.ok(!(await client.api('GET', '/me/settings')).text.includes(token));
    const none = await client.submit('/me/tokens/new', {name: 'T', may: 'some'});
    assert.match(none.expect(422).words, /Tick at least one thing/);
    client.close();
});

// ---- the log

test('the log tells each field that changed, and is found by who, what, on what and when', async () => {
    const person = await add('bench');
    (await owner.api('POST', `/settings/staff/${person.id}`, {name: 'Renamed', email: person.email, role: 'sales',
        version: person.version})).expect(200);
    const [entry] = await log(`thing=staff&id=${person.id}`);
    assert.deepEqual(entry.changes, [{field: 'Name', was: person.name, became: 'Renamed'},
        {field: 'Role', was: 'Bench', became: 'Sales'}]);
    assert.equal(entry.staff_name, 'Imogen Hartwell');
    const me = (await owner.api('GET', '/me')).json().staff;
    assert.ok((await log(`staff=${me}&action=edited&thing=staff`)).every((each) => each.staff === me && each.action === 'edited'));
    const today = new Date().toLocaleDateString('sv', {timeZone: 'Europe/London'});
    assert.ok((await log(`from=${today}&to=${today}`)).length > 0);
    assert.deepEqual(await log('to=2020-01-01'), []);
    assert.deepEqual(await log('from=2040-01-01'), []);
    const page = (await owner.get(`/settings/log?thing=staff&id=${person.id}`)).expect(200);
    assert.match(page.words, /History of changes.*Bench Sales/s);
    assert.match((await owner.get('/settings/log?action=nothing')).words, /Nothing like that was done/);
});

test('the log is paged without a gap, and given as CSV', async () => {
    let all = [], path = '/settings/log';
    for (let pages = 0; path !== null && pages < 40; pages++) {
        const answer = (await owner.api('GET', path)).expect(200).json();
        all = all.concat(answer.rows);
        path = answer.older;
    }
    assert.ok(all.length > 50);
    assert.equal(new Set(all.map((each) => each.id)).size, all.length);
    assert.deepEqual(all, all.toSorted((a, b) => b.at < a.at ? -1 : b.at > a.at ? 1 : b.id - a.id));
    const csv = (await owner.get('/settings/log.csv?thing=staff')).expect(200);
    assert.equal(csv.type, 'text/csv');
    assert.match(csv.text, /When,Who,.*Field,From,To/);
    assert.match(csv.text, /Role,Bench,Sales/);
});

test('the page of roles tells what each right opens, from the routes themselves', async () => {
    const {rows} = (await owner.api('GET', '/settings/permissions')).json();
    const staff = rows.find((each) => each.code === 'manage_staff');
    assert.ok(staff.owner && !staff.manager);
    assert.ok(staff.opens.some((each) => each.method === 'POST' && each.path === '/settings/staff/invitations'));
    assert.ok(rows.every((each) => each.group && each.code && each.right));
    assert.match((await owner.get('/settings/permissions')).expect(200).words, /Manage staff.*Invite somebody to the staff by mail/s);
});

test('language and keys are kept with the person', async () => {
    const client = await signIn(shop, (await add()).email, password);
    (await client.submit('/me/settings', {language: 'de-DE', letters_off: '1'}, {form: '/me/settings'})).expect(303);
    const {me} = (await client.api('GET', '/me/settings')).json();
    assert.deepEqual([me.language, me.letters_off], ['de-DE', true]);
    assert.match((await client.get('/me/settings')).text, /<body[^>]* data-keys="off"/);
    (await client.api('POST', '/me/settings', {theme: 'auto', language: 'tlh'})).expect(422);
    (await client.api('POST', '/me/settings', {theme: 'auto'})).expect(200);
    assert.equal((await client.api('GET', '/me/settings')).json().me.language, null);
    client.close();
});
