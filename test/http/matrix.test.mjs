// Every route × everybody × the other shop. The routes come from the program's own tables, so that a new
// one is tried without being named here; what a new one's path needs is looked up below, or said.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Client, eventually, owner, program, run, signIn, startShop, tokenClient} from '../harness/index.mjs';

const password = 'evening-light-42';
let shop, routes, ids, secrets;
const people = {}; // name: {client, role}; role undefined: nobody of this shop
const other = 'other.example';

before(async () => {
    shop = await startShop({demoOrders: 12});
    routes = JSON.parse((await run(program, ['routes'])).out);
    assert.equal((await shop.command('shop', 'add', 'other', '--host', other)).code, 0);
    const boss = await signIn(shop);
    const get = async (path) => (await boss.api('GET', path)).expect(200).json();
    const post = async (path, body) => (await boss.api('POST', path, body)).expect(200, 201).json();
    for (const role of ['manager', 'sales', 'bench']) {
        await post('/settings/staff', {name: `The ${role}`, email: `${role}@example.com`, role, password});
        people[role] = {role, client: await signIn(shop, `${role}@example.com`, password)};
    }
    people.owner = {role: 'owner', client: boss};
    people.program = {role: 'owner', client: await tokenClient(shop), api: true};
    people['program with scopes'] = {role: 'owner', api: true, scopes: ['see_jobs', 'edit_customers'], client: new Client(shop,
        {token: (await boss.api('POST', '/tokens', {name: 'Narrow', scopes: 'see_jobs edit_customers'})).expect(200, 201).json().token})};
    people.nobody = {client: new Client(shop)};
    const there = new Client(shop, {headers: {host: other}});
    const empty = await eventually('the other shop', async () => {
        const page = await there.get('/set-up');
        return page.status === 200 && page;
    });
    (await there.submit(empty, {name: 'Elsewhere', country: 'DE', currency: 'EUR', zone: 'Europe/Berlin',
        owner: 'Otto Other', email: owner.email, password: owner.password, open_monday: 1})).expect(303);
    await there.follow((await there.submit('/sign-in', {email: owner.email, password: owner.password}, {form: /sign-in/}))
        .expect(303));
    people['owner of the other shop'] = {client: there, there: true, role: 'owner'};
    people['owner at the other shop'] = {there: true, client: new Client(shop, {headers: {host: other,
        cookie: [...boss.cookies].map(([name, value]) => `${name}=${value}`).join('; ')}})};

    const {rows: jobs} = await get('/jobs');
    const {rows: customers} = await get('/customers');
    const {rows: staff} = await get('/settings/staff');
    assert.ok(jobs.length > 3 && customers.length > 3);
    const job = jobs[0].id;
    const link = (await post(`/jobs/${job}/tracking/renew`, {})).link;
    ids = {jobs: job, customers: customers[0].id, staff: staff.find((each) => each.role === 'bench').id,
        token: new URL(link).pathname.split('/').at(-1), day: '2026-12-25', kind: 'ready', node: 'enquiry'};
    // What only this shop has, and what must therefore never be read at the other.
    secrets = ['Hartwell', ids.token, ...customers.map((each) => each.name), ...jobs.map((each) => each.reference),
        ...staff.filter((each) => each.email !== owner.email).map((each) => each.email)].filter((each) => each?.length > 4);
    assert.ok(secrets.length > 15);
});
after(async () => {
    Object.values(people).forEach(({client}) => client.close());
    await shop?.stop();
});

/** The path with things that are there: {id} is of what stands before it, otherwise the first of its kind. */
function filled(path) {
    return path.replace(/(?:\/([a-z-]+))?\/\{(\w+)\}/g, (whole, before, name) => whole.replace(`{${name}}`,
        (name === 'id' ? ids[before] : ids[name]) ?? 1));
}

/** Every address of every route: {method, path, api, …}. */
function addresses() {
    return routes.flatMap((route) => [route.page && {...route, path: filled(route.path), pattern: route.path, api: false},
        route.api && {...route, path: `/api/v1${filled(route.path)}`, pattern: route.path, api: true}].filter(Boolean));
}

/** Some at a time: the server has more than one thread. */
async function each(list, work, most = 6) {
    const rest = [...list], wrong = [];
    await Promise.all(Array.from({length: most}, async () => {
        for (let one; (one = rest.shift());)
            await work(one).catch((error) => wrong.push(error.message.split('\n')[0].slice(0, 300)));
    }));
    assert.deepEqual(wrong, []);
}

/** Asks; what a stream says is not waited for. */
async function ask(client, {method, path, api}) {
    const accept = api ? 'application/json' : 'text/html';
    if (path === '/live') {
        try {
            (await client.events(path)).close();
            return {status: 200, text: '', type: 'text/event-stream'};
        } catch (error) {
            const [, status] = /-> (\d+)/.exec(error.message) ?? assert.fail(error.message);
            return {status: Number(status), text: '', location: '/sign-in?next=/live'};
        }
    }
    // Rights are looked at before what was sent is: what can't be read changes nothing.
    const answer = method === 'GET' ? await client.get(path, {headers: {accept}})
        : await client.request(method, path, {headers: {accept, 'content-type': 'application/json'}, body: '{'});
    const code = answer.type === 'application/problem+json' ? answer.json().code : undefined;
    return {status: answer.status, text: answer.text, location: answer.location, code};
}

test('every route names who may use it', () => {
    assert.ok(routes.length > 140);
    for (const route of routes) {
        assert.ok(route.public || route.roles.includes('owner'), `${route.method} ${route.path}`);
        assert.ok(!route.public || route.roles.length === 4, `${route.method} ${route.path}`);
    }
    // The table itself, where it matters most.
    const may = (role, path) => routes.filter((each) => each.path === path && each.roles.includes(role)).length > 0;
    for (const path of ['/customers', '/vendors', '/settings/shop', '/settings/rates', '/settings/metals', '/invoices'])
        assert.ok(!may('bench', path), path);
    for (const path of ['/settings/shop', '/settings/rates', '/settings/staff', '/stock/{id}/movements'])
        assert.ok(!may('sales', path), path);
    assert.ok(may('sales', '/customers') && may('bench', '/jobs') && !may('manager', '/settings/staff'));
    // Who may more may all that the others may.
    for (const {method, path, roles} of routes)
        for (const [less, more] of [['bench', 'sales'], ['sales', 'manager'], ['manager', 'owner']])
            assert.ok(!roles.includes(less) || roles.includes(more), `${method} ${path}: ${less} may, ${more} not`);
});

test('a person may exactly what the table says, and nobody breaks anything', async () => {
    const tries = addresses().flatMap((address) => Object.entries(people)
        .filter(([, person]) => !person.api || address.api).map(([name, person]) => ({address, name, person})));
    assert.ok(tries.length > 1000);
    await each(tries, async ({address, name, person}) => {
        const {status, text, location = '', code} = await ask(person.client, address);
        const told = `${address.method} ${address.path} by ${name} -> ${status} ${code ?? ''} ${location ?? ''}`;
        const may = address.public || (person.role && address.roles.includes(person.role) && (!person.scopes ||
            (!address.in_person && address.rights.every((right) => person.scopes.includes(right)))));
        const denied = status === 303 && (address.method === 'GET' ? location.startsWith('/sign-in?next=')
            : location === '/sign-in');
        assert.ok(status < 500, told);
        if (!may && !person.role && !address.api)
            assert.ok(denied, told);
        else if (!may)
            assert.equal(status, person.role ? 403 : 401, told);
        else if (address.method !== 'GET')
            assert.ok([400, 415].includes(status), told);
        else
            assert.ok(![401, 403].includes(status) && !denied, told);
        if (person.there)
            for (const secret of secrets) // but what was asked for, which the page may name again
                assert.ok(address.path.includes(secret) || !text.includes(secret), `${told} tells “${secret}”`);
    });
});

test('what nobody sent rightly is refused without failing, whatever it would have done', async () => {
    // In the other shop, which this may leave in any state; with the ids of the first.
    const {client} = people['owner of the other shop'];
    for (const address of addresses()) {
        if (address.method === 'GET' || /sign-out|deactivate|sessions|password|second-factor/.test(address.path))
            continue;
        const answer = address.api ? await client.api(address.method, address.path.slice('/api/v1'.length), {})
            : await client.post(address.path, {}, address.upload ? {files: []} : {});
        const told = `${address.method} ${address.path} -> ${answer.status}`;
        assert.ok(answer.status < 500, `${told} ${answer.text.slice(0, 200)}`);
        assert.ok(answer.status !== 401, `${told}: signed out by one before`);
        for (const secret of secrets)
            assert.ok(!answer.text.includes(secret), `${told} tells “${secret}”`);
    }
});
