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
    location: [(row) => lower(row.location_name ?? '~'), byte],
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

test('jobs are found by where they are, once there are several places', async () => {
    const plain = (await owner.get('/jobs?scope=open')).expect(200);
    assert.doesNotMatch(plain.text, /name="location"/);
    const there = (await owner.api('POST', '/settings/locations', {name: 'York', kind: 'store'})).expect(200, 201).json();
    const job = await takeIn({location: there.id, title: 'York ring'});
    assert.deepEqual((await list(`?location=${there.id}`)).rows.map((row) => [row.id, row.location_name]), [[job.id, 'York']]);
    const page = (await owner.get(`/jobs?location=${there.id}&columns=title,location`)).expect(200);
    assert.match(page.words, /Location: York/);
    assert.match(page.text, /name="location"/);
    const board = (await owner.api('GET', `/board?location=${there.id}`)).json();
    assert.deepEqual(board.lanes.flatMap((lane) => lane.cards.map((card) => card.id)), [job.id]);
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
        ['check', 'number', 'title', 'customer']);
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

// ------------------------------------------------------------------ many at once

const bulk = (client, body) => client.api('POST', '/jobs/bulk', body);
const ids = (...jobs) => jobs.map((job) => ({id: job.id}));
const now = async (job) => (await owner.api('GET', `/jobs/${job.id}`)).expect(200).json();

test('many jobs are changed at once, and one Undo takes all of it back', async () => {
    const jobs = [await takeIn(), await takeIn(), await takeIn({priority: 'rush'})];
    const joe = (await bench.api('POST', '/jobs', {title: 'From the bench', customer_name: 'Ada Tan'})).json().salesperson;
    const before = await Promise.all(jobs.map(now));
    for (const [change, field, value] of [[{action: 'salesperson', salesperson: joe}, 'salesperson', joe],
        [{action: 'priority', priority: 'rush'}, 'priority', 'rush'],
        [{action: 'promised', promised_day: day(9)}, 'promised_day', day(9)],
        [{action: 'status', status: 'CR'}, 'status', 'CR'],
        [{action: 'move', stage: 'cad'}, 'stage', 'cad'],
        [{action: 'archive'}, 'archived_at', undefined]]) {
        const done = (await bulk(owner, {...change, jobs: ids(...jobs)})).expect(200).json();
        assert.deepEqual([done.done, done.failed], [3, 0], `${change.action}: ${JSON.stringify(done.rows)}`);
        for (const job of await Promise.all(jobs.map(now)))
            assert.ok(value === undefined ? job[field] : job[field] === value, change.action);
        const undone = (await owner.api('POST', `/jobs/bulk/${done.id}/undo`, {})).expect(200).json();
        assert.equal(undone.failed, 0, `${change.action}: ${JSON.stringify(undone.rows)}`);
        (await owner.api('POST', `/jobs/bulk/${done.id}/undo`, {})).expect(200); // pressed twice
        const after = await Promise.all(jobs.map(now));
        assert.deepEqual(after.map((job) => job[field]), before.map((job) => job[field]), change.action);
    }
});

test('what cannot be changed stays, and it is told which and why', async () => {
    const [open, ahead, held] = [await takeIn(), await takeIn(), await takeIn()];
    (await owner.api('POST', `/jobs/${ahead.id}/stage`, {from: 'enquiry', to: 'polish'})).expect(200);
    (await owner.api('POST', `/jobs/${held.id}/stage`, {from: 'enquiry', to: 'on_hold'})).expect(200);
    const repair = await takeIn({kind: 'repair'});
    const done = (await bulk(owner, {action: 'move', stage: 'cad', jobs: [...ids(open, ahead, held, repair), {id: 987654}]}))
        .expect(200).json();
    assert.deepEqual([done.done, done.failed], [2, 2]);
    assert.deepEqual(done.rows.map((row) => row.job), [ahead.id, repair.id]);
    assert.match(done.rows[0].fault, /already/);
    assert.match(done.rows[1].fault, /in_progress|In progress/);
    assert.match((await owner.get(`/jobs/bulk/${done.id}`)).expect(200).words, /2 jobs were changed\. 2 stayed as they were/);
    (await sales.get(`/jobs/bulk/${done.id}`)).expect(404);
    (await sales.api('POST', `/jobs/bulk/${done.id}/undo`, {})).expect(403);
    // What has changed since stays when the rest is taken back.
    (await owner.api('POST', `/jobs/${open.id}/stage`, {from: 'cad', to: 'setting'})).expect(200);
    const undone = (await owner.api('POST', `/jobs/bulk/${done.id}/undo`, {})).expect(200).json();
    assert.deepEqual(undone.rows.map((row) => row.job), [open.id]);
    assert.equal((await now(held)).stage, 'on_hold');
    for (const [body, code] of [[{action: 'move', jobs: ids(open)}, 'required'], [{action: 'archive'}, 'nothing_chosen'],
        [{action: 'explode', jobs: ids(open)}, 'unknown_action'], [{action: 'label', jobs: ids(open)}, null],
        [{action: 'status', status: 'CR', all: true, query: 'scope=nowhere'}, 'unknown_scope']])
        assert.deepEqual(codes(await bulk(owner, body)), code ? [code] : [], JSON.stringify(body));
    const late = (await bulk(owner, {action: 'promised', promised_day: day(-3), jobs: ids(open)})).expect(200).json();
    assert.match(late.rows[0].fault, /before today/);
});

test('all that match are meant, up to five hundred', async () => {
    const all = await walk('?kind=stock');
    assert.ok(all.length > 200);
    const done = (await bulk(owner, {action: 'priority', priority: 'rush', all: true, query: 'kind=stock&sort=-number'}))
        .expect(200).json();
    assert.equal(done.done, all.length);
    assert.ok((await walk('?kind=stock')).every((row) => row.priority === 'rush'));
    (await owner.api('POST', `/jobs/bulk/${done.id}/undo`, {})).expect(200);
    assert.equal((await list('?kind=stock&priority=rush')).matches, 0);
});

test('ticking works without script: the list\'s form, its Undo, and the prints', async () => {
    const page = (await owner.get('/jobs?kind=stock&sort=-number')).expect(200);
    const [first, second] = [...page.text.matchAll(/name="jobs\.(\d+)\.id" value="(\d+)"/g)];
    const fields = {[`jobs.${first[1]}.id`]: first[2], [`jobs.${second[1]}.id`]: second[2]};
    const sent = await owner.post('/jobs/bulk', {...fields, action: 'priority', priority: 'rush', salesperson: '1', promised_day: ''},
        {headers: {referer: `${shop.url}/jobs?kind=stock&sort=-number`}});
    assert.equal(sent.expect(303).location, '/jobs?kind=stock&sort=-number');
    const told = (await owner.get(sent.location)).expect(200);
    assert.match(told.words, /2 jobs changed\./);
    const undo = /action="(\/jobs\/bulk\/\d+\/undo)"/.exec(told.text)[1];
    (await owner.submit(told, {}, {form: undo})).expect(303);
    assert.equal((await list('?kind=stock&priority=rush')).matches, 0);
    for (const [action, path] of [['label', 'labels'], ['bench_copy', 'bench-copies']]) {
        const print = await owner.post('/jobs/bulk', {...fields, action});
        assert.equal(print.expect(303).location, `/jobs/${path}?jobs=${first[2]},${second[2]}`);
        const pdf = (await owner.get(print.location)).expect(200);
        assert.equal(pdf.headers['content-type'], 'application/pdf');
        assert.ok(pdf.body.length > 1000);
    }
    (await owner.get('/jobs/labels?jobs=987654,x,,')).expect(404);
});

// ------------------------------------------------------------------ the quick look

test('the quick look says the main facts, money only to who may see it', async () => {
    const job = await takeIn({title: 'Peeked ring', customer_phone: '07700 900811', priority: 'rush'});
    const page = (await owner.get(`/jobs/${job.id}/peek`)).expect(200);
    for (const part of [/Peeked ring/, /Rush/, /Next: us/, /Say what it is to be/, /07700 900811/, /Take payment/])
        assert.match(page.words, part);
    const priced = (await walk('?kind=custom&sort=-price'))[0];
    assert.match((await owner.get(`/jobs/${priced.id}/peek`)).words, /Balance/);
    const seen = (await bench.get(`/jobs/${priced.id}/peek`)).expect(200);
    assert.doesNotMatch(seen.text, /Balance|£|Take payment|tel:/);
    (await owner.get('/jobs/987654/peek')).expect(404);
});

// ------------------------------------------------------------------ the calendar

const calendar = async (query, client = owner) => (await client.api('GET', `/calendar${query}`)).expect(200).json();

test('the calendar has whole weeks, each promise on its day, and who comes', async () => {
    const feb = await calendar('?day=2027-02-10');
    assert.deepEqual([feb.from, feb.to, feb.previous, feb.next, feb.days.length],
        ['2027-02-01', '2027-02-28', '2027-01-01', '2027-03-01', 28]);
    const aug = await calendar('?day=2026-08-31');
    assert.deepEqual([aug.from, aug.to, aug.days.length, aug.days[0].outside], ['2026-07-27', '2026-09-06', 42, true]);
    assert.deepEqual([(await calendar('?look=week&day=2027-01-01')).from, (await calendar('?look=week&day=2027-01-01')).to],
        ['2026-12-28', '2027-01-03']);
    assert.equal((await calendar('')).days.filter((each) => each.today).length, 1);
    (await owner.api('GET', '/calendar?look=year')).expect(422);
    (await owner.api('GET', '/calendar?day=2027-02-30')).expect(422);
    (await owner.api('POST', '/settings/closures', {day: '2027-02-15', reason: 'Stock-take'})).expect(200, 201);
    const job = await takeIn({title: 'For the wedding', kind: 'repair'});
    (await owner.api('PATCH', `/jobs/${job.id}`, {promised_day: '2027-02-16'})).expect(200);
    (await owner.api('POST', `/jobs/${job.id}/appointments`, {kind: 'consultation', at: '2027-02-16T10:30:00Z'})).expect(201);
    const days = Object.fromEntries((await calendar('?day=2027-02-10')).days.map((each) => [each.day, each]));
    assert.deepEqual([days['2027-02-15'].closed, days['2027-02-15'].reason], [true, 'Stock-take']);
    assert.deepEqual([days['2027-02-14'].closed, days['2027-02-16'].closed], [true, false], 'Sundays too');
    assert.deepEqual(days['2027-02-16'].jobs.map((each) => each.id), [job.id]);
    assert.deepEqual(days['2027-02-16'].visits.map((each) => [each.job, each.time]), [[job.id, '10:30']]);
    assert.equal((await calendar('?day=2027-02-10&kind=custom')).days.flatMap((each) => each.jobs).length, 0);
    const page = (await owner.get('/calendar?look=day&day=2027-02-16')).expect(200);
    assert.match(page.words, /10:30 Consultation/);
    assert.match(page.words, /For the wedding/);
    assert.match((await owner.get('/calendar?look=day&day=2027-02-21')).words, /Nothing promised, nobody coming/);
});

test('a promise is moved from the calendar and taken back, and a full day says how many more', async () => {
    const jobs = [];
    for (let i = 0; i < 6; i++) {
        const job = await takeIn({title: `Band ${i}`});
        (await owner.api('PATCH', `/jobs/${job.id}`, {promised_day: '2027-03-10'})).expect(200);
        jobs.push(job);
    }
    const page = (await owner.get('/calendar?day=2027-03-01')).expect(200);
    assert.match(page.words, /\+2 more/);
    const moved = await owner.post('/jobs/bulk', {action: 'promised', 'jobs.0.id': String(jobs[0].id), promised_day: '2027-03-11'},
        {headers: {referer: `${shop.url}/calendar?day=2027-03-01`}});
    assert.equal(moved.expect(303).location, '/calendar?day=2027-03-01');
    assert.equal((await now(jobs[0])).promised_day, '2027-03-11');
    const told = (await owner.get('/calendar?day=2027-03-01')).expect(200);
    (await owner.submit(told, {}, {form: /undo/})).expect(303);
    assert.equal((await now(jobs[0])).promised_day, '2027-03-10');
    assert.doesNotMatch((await bench.get('/calendar?day=2027-03-01')).text, /£/);
});
