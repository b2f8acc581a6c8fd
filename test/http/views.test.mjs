// Many jobs at once: the list in any order with any columns, views that are kept, changes to many, CSV.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {signIn, startShop} from '../harness/index.mjs';

let shop, owner, bench, sales;
const day = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);

async function person(name, role) {
    const email = `${name.toLowerCase()}@example.com`;
    const password = 'evening-light-42';
    (await owner.api('POST', '/settings/staff', {name, email, role, password})).expect(200, 201);
    return signIn(shop, email, password);
}

before(async () => {
    shop = await startShop({demoOrders: 150});
    owner = await signIn(shop);
    bench = await person('Bea', 'bench');
    sales = await person('Sal', 'sales');
});
after(async () => {
    for (const client of [owner, bench, sales])
        client?.close();
    await shop.stop();
});

const takeIn = async (more = {}) =>
    (await owner.api('POST', '/jobs', {title: 'Halo ring', customer_name: 'Grace Tan', ...more})).expect(201).json();
const list = async (query = '', client = owner) => (await client.api('GET', `/jobs${query}`)).expect(200).json();
const codes = (answer) => (answer.json().errors ?? []).map((each) => each.code);

async function walk(query, client = owner) {
    const rows = [];
    let path = `/jobs${query}`;
    for (let pages = 0; path; pages++) {
        assert.ok(pages < 30, `${query} has no end`);
        const page = (await client.api('GET', path)).expect(200).json();
        rows.push(...page.rows);
        path = page.next;
    }
    return rows;
}

// ------------------------------------------------------------------ the list

const lower = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const byte = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const number = (a, b) => a - b;
const price = (row) => row.final ?? row.quoted ?? -1;
const orders = {
    promised: [(row) => row.promised_day ?? '9999', byte],
    number: [(row) => row.number, number],
    title: [(row) => lower(row.title), byte],
    customer: [(row) => lower(row.customer_name ?? '~'), byte],
    created: [(row) => Date.parse(row.created_at), number],
    closed: [(row) => Date.parse(row.closed_at ?? 0), number],
    price: [price, number],
    kind: [(row) => row.kind, byte],
    type: [(row) => row.type, byte],
    stage: [(row) => row.progress, number],
    status: [(row) => row.status ?? '~', byte],
    salesperson: [(row) => lower(row.salesperson_name ?? '~'), byte],
    priority: [(row) => row.priority === 'rush' ? 0 : 1, number],
    bench: [(row) => row.bench_day ?? '9999', byte],
    age: [(row) => Date.parse(row.stage_at), number],
    ready: [(row) => row.ready_at ? Date.parse(row.ready_at) : Infinity, (a, b) => a < b ? -1 : a > b ? 1 : 0],
    quoted: [(row) => row.quoted ?? -1, number],
    final: [(row) => row.final ?? -1, number],
    deposit: [(row) => row.deposit, number],
    paid: [(row) => row.paid, number],
    balance: [(row) => (row.final ?? row.quoted ?? 0) - row.paid, number],
};
const anywhere = ['promised', 'number', 'title', 'customer', 'created', 'closed', 'price'];

for (const [scope, names] of [['open', Object.keys(orders)], ['all', anywhere], ['closed', anywhere],
    ['archived', ['number']]])
    test(`every order of the ${scope} jobs walks each of them once, both ways`, async () => {
        if (scope === 'archived')
            for (let i = 0; i < 3; i++)
                (await owner.api('POST', `/jobs/${(await takeIn()).id}/archive`, {})).expect(200);
        const ids = new Set((await walk(`?scope=${scope}&sort=number`)).map((row) => row.id));
        assert.ok(ids.size >= 3);
        await Promise.all(names.flatMap((name) => ['', '-'].map(async (sign) => {
            const rows = await walk(`?scope=${scope}&sort=${sign}${name}`);
            assert.equal(rows.length, ids.size, `${sign}${name} has ${rows.length} rows`);
            assert.deepEqual(new Set(rows.map((row) => row.id)), ids);
            const [key, compare] = orders[name];
            const turned = sign ? -1 : 1;
            for (let i = 1; i < rows.length; i++) {
                const order = turned * compare(key(rows[i - 1]), key(rows[i])) || turned * (rows[i - 1].id - rows[i].id);
                assert.ok(order < 0, `${scope} ${sign}${name}: ${key(rows[i - 1])} before ${key(rows[i])}`);
            }
        })));
    });

test('an order that is not offered is refused with those that are', async () => {
    for (const query of ['?sort=colour', '?scope=closed&sort=status', '?scope=archived&sort=title']) {
        const answer = await owner.api('GET', `/jobs${query}`);
        assert.equal(answer.status, 422, query);
        assert.deepEqual(codes(answer), ['unknown_sort']);
    }
    (await owner.api('GET', '/jobs?sort=number&after=x&after_id=1')).expect(422);
    assert.deepEqual(codes(await bench.api('GET', '/jobs?sort=price')), ['unknown_sort'], 'nor one that tells prices');
});

test('each filter shows those and only those', async () => {
    const all = await walk('?scope=open');
    const staff = all.find((row) => row.salesperson).salesperson;
    const today = day(0);
    const rush = await takeIn({priority: 'rush', kind: 'repair', type: 'brooch', title: 'Rush brooch'});
    const held = await takeIn({title: 'Held pendant'});
    (await owner.api('POST', `/jobs/${held.id}/stage`, {from: 'enquiry', to: 'on_hold'})).expect(200);
    const rules = {
        'kind=repair': (row) => row.kind === 'repair',
        'stage=ready': (row) => row.stage === 'ready',
        'status=IP': (row) => row.status === 'IP',
        [`salesperson=${staff}`]: (row) => row.salesperson === staff,
        'priority=rush': (row) => row.priority === 'rush',
        'type=ring': (row) => row.type === 'ring',
        'due=overdue': (row) => row.promised_day && row.promised_day < today && row.stage !== 'ready',
        'due=none': (row) => !row.promised_day,
        'due=soon': (row) => row.ageing === 'due_soon',
        [`promised_from=${day(1)}&promised_to=${day(8)}`]: (row) =>
            row.promised_day >= day(1) && row.promised_day <= day(8),
        [`created_from=${today}`]: (row) => row.created_at.slice(0, 10) >= today,
        'balance=1': (row) => (row.final ?? row.quoted ?? 0) > row.paid,
        'held=1': (row) => row.stage === 'on_hold',
        'shelf=1': (row) => ['on_shelf', 'on_shelf_long'].includes(row.ageing),
        'shelf_long=1': (row) => row.ageing === 'on_shelf_long',
    };
    const now = await walk('?scope=open');
    for (const [query, rule] of Object.entries(rules)) {
        const wanted = now.filter(rule).map((row) => row.id).sort(number);
        assert.deepEqual((await walk(`?${query}`)).map((row) => row.id).sort(number), wanted, query);
    }
    assert.ok((await list('?shelf_long=1')).matches > 0 && (await list('?due=overdue')).matches > 0, 'the demo has some');
    assert.deepEqual((await list('?priority=rush&kind=repair&type=brooch&sort=-number')).rows[0].id, rush.id);
    assert.ok((await list('?q=brooch&priority=rush')).rows.some((row) => row.id === rush.id), 'words are narrowed too');
    assert.ok(!(await list('?q=brooch&kind=custom')).rows.some((row) => row.id === rush.id));
});

test('a filter is a chip that can be taken off, and the address carries everything', async () => {
    const page = (await owner.get('/jobs?kind=custom&status=IP&due=overdue&sort=-number&columns=number,title,customer'))
        .expect(200);
    const chips = [...page.text.matchAll(/<a class="filter is-on" href="([^"]+)">([^<]+)</g)]
        .map((match) => [match[2], match[1].replaceAll('&amp;', '&')]);
    assert.deepEqual(chips.map(([label]) => label), ['Kind: Custom order', 'IP In production', 'Overdue']);
    assert.equal(chips[1][1], '/jobs?kind=custom&due=overdue&sort=-number&columns=number%2Ctitle%2Ccustomer');
    assert.match(page.text, /aria-sort="descending">\s*<a href="[^"]*sort=number[^"]*">Number ↓/);
    assert.deepEqual([...page.text.matchAll(/<td class="c-(\w+)/g)].slice(0, 4).map((match) => match[1]),
        ['number', 'title', 'customer', 'number']);
    const none = (await owner.get('/jobs?kind=stock&status=CR&priority=rush')).expect(200);
    assert.match(none.words, /No job is like that/);
    assert.match(none.text, /href="\/jobs\?kind=stock">Clear filters/);
});

test('columns are chosen, ordered and left out by links', async () => {
    const page = (await owner.get('/jobs?columns=number,title&edit=1')).expect(200);
    assert.match(page.text, /href="\/jobs\?columns=title%2Cnumber&amp;edit=1" aria-label="Title earlier"/);
    assert.match(page.text, /href="\/jobs\?columns=title&amp;edit=1" aria-label="Without Number"/);
    assert.match(page.text, /href="\/jobs\?columns=number%2Ctitle%2Cbalance&amp;edit=1">/);
    const seen = (await bench.get('/jobs?columns=title,price,balance&edit=1')).expect(200);
    assert.doesNotMatch(seen.text, /c-price|c-balance|Balance|£/, 'prices only for who may see them');
});

test('matches are counted up to two hundred', async () => {
    const few = await list('?due=overdue');
    assert.equal(few.matches, (await walk('?due=overdue')).length);
    assert.equal(few.more_matches, false);
    for (let i = 0; i < 3; i++)
        await Promise.all(Array.from({length: 70}, (_, n) => takeIn({kind: 'stock', customer_name: undefined, title: `Band ${i}.${n}`})));
    const many = await list('?kind=stock');
    assert.deepEqual([many.matches, many.more_matches, many.rows.length], [200, true, 50]);
    assert.match((await owner.get('/jobs?kind=stock')).words, /200\+ jobs/);
    assert.equal((await list(many.next.slice(5))).matches, null, 'only with the first page');
});

// ------------------------------------------------------------------ CSV

test('CSV has the columns and filters of the list, exact numbers, and no formula', async () => {
    const job = await takeIn({title: '=1+1', customer_name: '@cmd, "x"', kind: 'repair', budget: 100});
    const answer = (await owner.get(`/jobs/csv?kind=repair&sort=-number&columns=picture,number,title,customer,promised,balance,age`))
        .expect(200);
    assert.match(answer.headers['content-type'], /text\/csv/);
    assert.match(answer.headers['content-disposition'], /attachment; filename="jobs-\d{4}-\d\d-\d\d\.csv"/);
    const lines = answer.text.split('\r\n');
    assert.equal(lines[0].replace('\ufeff', ''), 'Number,Title,Customer,Promised,Balance,Days in stage');
    assert.equal(lines[1], `${job.number},'=1+1,"'@cmd, ""x""",,,0`);
    assert.equal(lines.length - 2, (await walk('?kind=repair')).length);
    const priced = (await owner.get('/jobs/csv?kind=custom&columns=price&sort=-price')).text.split('\r\n');
    assert.match(priced[1], /^\d+\.\d\d$/);
    assert.doesNotMatch((await bench.get('/jobs/csv?kind=custom&columns=number,price')).text, /Price/);
});

// ------------------------------------------------------------------ views

const keep = (client, body) => client.api('POST', '/jobs/views', body);
const views = async (client) => (await client.api('GET', '/jobs/views')).expect(200).json().views;

test('a view is kept, stands above the list, and may be what one begins with', async () => {
    const view = (await keep(sales, {name: 'My repairs', query: 'sort=-number&kind=repair&after=9&nonsense=1'})).expect(201).json();
    assert.equal(view.query, 'kind=repair&sort=-number', 'in one form, without what is no part of it');
    assert.equal(view.url, `/jobs?kind=repair&sort=-number&view=${view.id}`);
    const page = (await sales.get(view.url)).expect(200);
    assert.match(page.text, /aria-current="page">My repairs<\/a>/);
    assert.ok(!(await views(owner)).some((each) => each.id === view.id), 'nobody else sees it');
    (await owner.api('POST', `/jobs/views/${view.id}`, {name: 'Mine now'})).expect(404);
    assert.equal((await sales.get('/jobs')).status, 200);
    (await sales.api('POST', `/jobs/views/${view.id}/choice`, {choice: 'first'})).expect(200);
    assert.equal((await sales.get('/jobs')).expect(303).location, view.url);
    assert.equal((await sales.get('/jobs?scope=open')).status, 200);
    assert.equal((await owner.get('/jobs')).status, 200, 'only for who chose it');
    const other = (await keep(sales, {name: 'Late', query: 'due=overdue'})).expect(201).json();
    (await sales.api('POST', `/jobs/views/${other.id}/choice`, {choice: 'first'})).expect(200);
    assert.equal((await sales.get('/jobs')).expect(303).location, other.url, 'there is one first');
    (await sales.api('POST', `/jobs/views/${other.id}/choice`, {choice: 'not_first'})).expect(200);
    (await sales.api('POST', `/jobs/views/${view.id}/choice`, {choice: 'unpin'})).expect(200);
    assert.doesNotMatch((await sales.get('/jobs?scope=open')).text, />My repairs<\/a>/);
});

test('a shared view is everybody\'s to use, its maker\'s and a manager\'s to change', async () => {
    const view = (await keep(sales, {name: 'Rush', query: 'priority=rush&sort=-price', shared: true})).expect(201).json();
    const seen = (await views(bench)).find((each) => each.id === view.id);
    assert.equal(seen.change, false);
    assert.doesNotMatch(seen.url, /sort/, 'an order by price is not for who sees none');
    const refused = await bench.api('POST', `/jobs/views/${view.id}`, {name: 'Slow', shared: true});
    assert.equal(refused.status, 403);
    (await bench.api('POST', `/jobs/views/${view.id}/delete`, {})).expect(403);
    const renamed = (await owner.api('POST', `/jobs/views/${view.id}`, {name: 'Rush first', shared: true, version: 1}))
        .expect(200).json();
    assert.deepEqual([renamed.name, renamed.query], ['Rush first', 'priority=rush&sort=-price']);
    assert.equal((await sales.api('POST', `/jobs/views/${view.id}`, {name: 'Late', version: 1})).status, 409);
});

test('a view that is removed comes back by Undo', async () => {
    const view = (await keep(owner, {name: 'Brooches', query: 'type=brooch'})).expect(201).json();
    const page = (await owner.get('/jobs/views')).expect(200);
    assert.equal((await owner.submit(page, {}, {form: `/jobs/views/${view.id}/delete`})).expect(303).location, '/jobs/views');
    assert.match((await owner.get('/jobs/views')).text, new RegExp(`action="/jobs/views/${view.id}/restore"`));
    assert.ok(!(await views(owner)).some((each) => each.id === view.id));
    (await owner.api('POST', `/jobs/views/${view.id}/restore`, {})).expect(200);
    assert.ok((await views(owner)).some((each) => each.id === view.id));
});

test('bad views are refused', async () => {
    for (const [body, code] of [[{query: 'kind=repair'}, 'required'], [{name: 'x'.repeat(61)}, 'too_long'],
        [{name: 'A', query: 'kind=sculpture'}, 'unknown_kind'], [{name: 'A', query: 'sort=colour'}, 'unknown_sort'],
        [{name: 'A', query: 'kind=repair&stage=cad'}, 'unknown_stage']]) {
        const answer = await keep(owner, body);
        assert.equal(answer.status, 422, JSON.stringify(body));
        assert.ok(codes(answer).includes(code), `${code}: ${answer}`);
    }
    (await keep(owner, {name: 'Twice'})).expect(201);
    assert.deepEqual(codes(await keep(owner, {name: 'Twice'})), ['name_taken']);
    (await owner.api('POST', '/jobs/views/99999/delete', {})).expect(404);
});
