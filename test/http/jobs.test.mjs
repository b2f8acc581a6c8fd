// Jobs over HTTP: taking in, finding, editing, moving, undoing, who may what.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Client, signIn, startShop} from '../harness/index.mjs';

let shop, owner, bench, sales;

async function person(name, role) {
    const email = `${name.toLowerCase()}@example.com`;
    const password = 'evening-light-42';
    (await owner.api('POST', '/settings/staff', {name, email, role, password})).expect(200, 201);
    return signIn(shop, email, password);
}

before(async () => {
    shop = await startShop();
    owner = await signIn(shop);
    bench = await person('Joe', 'bench');
    sales = await person('Priya', 'sales');
});
after(async () => {
    for (const client of [owner, bench, sales])
        client?.close();
    await shop.stop();
});

let names = 0;
async function takeIn(more = {}, client = owner) {
    const answer = await client.api('POST', '/jobs', {title: 'Oval sapphire halo ring',
        customer_name: `Rohan Mehta ${++names}`, ...more});
    return answer.expect(201).json();
}
const move = (client, job, from, to, more = {}) =>
    client.api('POST', `/jobs/${job.id ?? job}/stage`, {from, to, ...more});
const codes = (answer) => (answer.json().errors ?? []).map((each) => [each.field, each.code].join(' '));

test('a job is taken in with a number, a reference and its customer', async () => {
    const job = await takeIn({customer_phone: '07700 900214', budget: 650000, type: 'ring'});
    assert.equal(job.kind, 'custom');
    assert.equal(job.stage, 'enquiry');
    assert.equal(job.status, 'QN');
    assert.match(job.reference, /^[0-9A-HJKMNP-TV-Z]{8}$/);
    assert.equal(job.customer_phone, '07700 900214');
    assert.equal(job.salesperson_name, owner.shop.owner.name);
    assert.equal(job.budget, 650000);
    assert.equal(job.visit_position, 1);
});

test('another piece of the same visit is its second job', async () => {
    const first = await takeIn();
    const second = await takeIn({visit: first.visit, customer_name: undefined, title: 'Band'});
    assert.equal(second.visit, first.visit);
    assert.equal(second.visit_position, 2);
    assert.equal(second.customer, first.customer);
});

test('bad input is refused at its field and nothing is stored', async () => {
    const before = (await owner.api('GET', '/jobs?q=Refused')).json().rows.length;
    const bad = [
        [{customer_name: 'A'}, 'title required'],
        [{title: 'Refused'}, 'customer_name required'],
        [{title: 'x'.repeat(300), customer_name: 'A'}, 'title too_long'],
        [{title: 'Refused', customer_name: 'A', budget: -1}, 'budget too_small'],
        [{title: 'Refused', customer_name: 'A', kind: 'sculpture'}, 'kind unknown_kind'],
        [{title: 'Refused', customer_name: 'A', wanted_by: '2026-02-30'}, 'wanted_by not_a_day'],
        [{title: 'Refused', customer_name: 'A', wanted_by: '2001-01-01'}, 'wanted_by in_the_past'],
        [{title: 'Refused', customer: 987654}, 'customer unknown_customer'],
        [{title: 'Refused', customer_name: 'A', visit: 987654}, 'visit unknown_visit'],
        [{title: 'Refused', customer_name: 'A', salesperson: 987654}, 'salesperson unknown_staff'],
        [{title: 'Refused', customer_name: 'A', colour: 'blue'}, 'colour unknown_field'],
    ];
    for (const [body, expected] of bad) {
        const answer = await owner.api('POST', '/jobs', body);
        assert.equal(answer.status, 422, `${JSON.stringify(body)}: ${answer}`);
        assert.ok(codes(answer).includes(expected), `${expected} is not in ${answer}`);
    }
    (await owner.api('POST', '/jobs', '{"title": ')).expect(400);
    (await owner.api('POST', '/jobs', 'title=x', {headers: {'content-type': 'text/plain'}})).expect(415);
    assert.equal((await owner.api('GET', '/jobs?q=Refused')).json().rows.length, before);
});

test('the same key takes a job in once', async () => {
    const body = {title: 'Once only', customer_name: 'Ada Once'};
    const first = (await owner.api('POST', '/jobs', body, {key: 'one-and-the-same-key'})).expect(201).json();
    const again = (await owner.api('POST', '/jobs', body, {key: 'one-and-the-same-key'})).expect(201).json();
    assert.equal(again.id, first.id);
    assert.equal((await owner.api('GET', '/jobs?q=Once only')).json().rows.length, 1);
    (await owner.api('POST', '/jobs', {...body, title: 'Other'}, {key: 'one-and-the-same-key'})).expect(422);
});

test('a move lands once; the second is told who was first', async () => {
    const job = await takeIn();
    const first = (await move(owner, job, 'enquiry', 'cad')).expect(200).json();
    assert.equal(first.moved, true);
    assert.equal(first.status, 'IP');
    assert.equal(first.message, 'Moved to CAD.');
    assert.match(first.undo, /^\/jobs\/\d+\/history\/\d+\/undo$/);
    const second = (await move(sales, job, 'enquiry', 'approval')).expect(200).json();
    assert.equal(second.moved, false);
    assert.equal(second.stage, 'cad');
    assert.equal(second.by, shop.owner.name);
    const history = (await owner.api('GET', `/jobs/${job.id}/history`)).json().history;
    assert.deepEqual(history.map((row) => row.stage), ['enquiry', 'cad']);
});

test('of ten movers at once one lands', async () => {
    const job = await takeIn();
    const answers = await Promise.all(Array.from({length: 10}, (_, i) =>
        move(i % 2 ? owner : sales, job, 'enquiry', i % 3 ? 'cad' : 'setting')));
    const landed = answers.map((each) => each.expect(200).json()).filter((each) => each.moved);
    assert.equal(landed.length, 1);
    const history = (await owner.api('GET', `/jobs/${job.id}/history`)).json().history;
    assert.equal(history.length, 2);
    assert.equal(history[1].stage, landed[0].stage);
});

test('a double click moves once', async () => {
    const job = await takeIn();
    const answers = await Promise.all([1, 2].map(() => owner.api('POST', `/jobs/${job.id}/stage`,
        {from: 'enquiry', to: 'cad'}, {key: `double-click-${job.id}`})));
    assert.deepEqual(answers.map((each) => each.expect(200).json().moved), [true, true]);
    assert.equal((await owner.api('GET', `/jobs/${job.id}/history`)).json().history.length, 2);
});

test('an unknown stage is told with those there are', async () => {
    const job = await takeIn();
    const answer = (await move(owner, job, 'enquiry', 'polishing')).expect(422);
    assert.ok(codes(answer).includes('to unknown_stage'));
    assert.match(answer.text, /polish, ready, collected, cancelled, on_hold/);
    (await move(owner, job, 'enquiry', undefined)).expect(422);
    (await owner.api('POST', '/jobs/999999/stage', {from: 'enquiry', to: 'cad'})).expect(404);
    (await owner.api('POST', '/jobs/abc/stage', {from: 'enquiry', to: 'cad'})).expect(404);
});

test('going back needs a note, and the page asks for it', async () => {
    const job = await takeIn();
    (await move(owner, job, 'enquiry', 'polish')).expect(200);
    const refused = (await move(owner, job, 'polish', 'setting')).expect(422);
    assert.ok(codes(refused).includes('note note_required'));
    const page = (await owner.submit(`/jobs/${job.id}/move`, {to: 'setting', note: ''},
        {form: `/jobs/${job.id}/stage`})).expect(422);
    assert.match(page.words, /needs a note/);
    const moved = await owner.submit(page, {note: 'A claw is bent.'}, {form: `/jobs/${job.id}/stage`});
    assert.equal(moved.expect(303).location, `/jobs/${job.id}`);
    const history = (await owner.api('GET', `/jobs/${job.id}/history`)).json().history;
    assert.equal(history.at(-1).note, 'A claw is bent.');
});

test('a move is undone once; the row says so', async () => {
    const job = await takeIn();
    const moved = (await move(owner, job, 'enquiry', 'approval')).expect(200).json();
    const undone = (await owner.api('POST', moved.undo, {})).expect(200).json();
    assert.equal(undone.stage, 'enquiry');
    (await owner.api('POST', moved.undo, {})).expect(200);
    const history = (await owner.api('GET', `/jobs/${job.id}/history`)).json().history;
    assert.equal(history.length, 3);
    assert.equal(history[2].undoes, history[1].id);
    assert.equal(history[1].undone, true);
    (await owner.api('POST', `/jobs/${job.id}/history/${history[0].id}/undo`, {})).expect(409);
});

test('a closed job is reopened by a manager with a note only', async () => {
    const job = await takeIn();
    (await move(sales, job, 'enquiry', 'cancelled')).expect(200);
    (await move(sales, job, 'cancelled', 'cad', {note: 'Back again'})).expect(403);
    (await move(owner, job, 'cancelled', 'cad')).expect(422);
    (await move(owner, job, 'cancelled', 'cad', {note: 'Back again'})).expect(200);
});

test('a status is set by hand where it may stand', async () => {
    const job = await takeIn();
    const set = (status) => owner.api('POST', `/jobs/${job.id}/status`, {status});
    assert.equal((await set('AVQ')).expect(200).json().status, 'AVQ');
    const unknown = (await set('ZZ')).expect(422);
    assert.match(unknown.text, /QN, AVQ, CR, IP, RP, OH/);
    (await set('RP')).expect(422);
    (await move(owner, job, 'enquiry', 'cancelled')).expect(200);
    (await set('IP')).expect(409);
});

test('of two editors the second is shown what changed, and nothing is lost', async () => {
    const job = await takeIn();
    const page = (await owner.get(`/jobs/${job.id}/edit`)).expect(200);
    (await sales.api('PATCH', `/jobs/${job.id}`, {title: 'Pear halo ring'})).expect(200);
    const second = await owner.submit(page, {title: 'Cushion halo ring', description: 'As in the picture'},
        {form: `/jobs/${job.id}`});
    second.expect(409);
    assert.match(second.words, /saved this .* while you were editing/);
    assert.match(second.words, /Now it is: Pear halo ring/);
    assert.match(second.text, /As in the picture/);
    (await owner.submit(second, {}, {form: `/jobs/${job.id}`})).expect(303);
    const now = (await owner.api('PATCH', `/jobs/${job.id}`, {})).expect(200).json();
    assert.equal(now.title, 'Cushion halo ring');
    (await owner.api('PATCH', `/jobs/${job.id}`, {title: 'Late', version: job.version})).expect(409);
    (await owner.api('PATCH', `/jobs/${job.id}`, {title: ''})).expect(422);
    (await owner.api('PATCH', `/jobs/${job.id}`, {stage: 'ready'})).expect(422);
    (await owner.api('PATCH', `/jobs/${job.id}`, [1])).expect(400);
    (await owner.api('PATCH', '/jobs/999999', {title: 'x'})).expect(404);
});

test('the customer is a snapshot, renewed when another is chosen', async () => {
    const job = await takeIn();
    const other = (await owner.api('POST', '/customers', {name: 'Grace Tan',
        contacts: [{value: 'grace@example.com'}]})).expect(201).json();
    const now = (await owner.api('PATCH', `/jobs/${job.id}`, {customer: other.id})).expect(200).json();
    assert.equal(now.customer_name, 'Grace Tan');
    assert.equal(now.customer_email, 'grace@example.com');
    (await move(owner, job, 'enquiry', 'cad')).expect(200);
    (await owner.api('PATCH', `/jobs/${job.id}`, {customer: null})).expect(422);
    (await owner.api('PATCH', `/jobs/${job.id}`, {salesperson: null})).expect(422);
});

test('without script the customer is what was typed, if only one fits', async () => {
    const job = await takeIn();
    for (const name of ['Perpetua Only', 'Twin Sister', 'Twin Brother'])
        (await owner.api('POST', '/customers', {name})).expect(201);
    const edit = async (words, page = `/jobs/${job.id}/edit`) =>
        owner.submit(page, {customer_words: words}, {form: `/jobs/${job.id}`});
    (await edit('perpetua')).expect(303);
    assert.equal((await owner.api('PATCH', `/jobs/${job.id}`, {})).json().customer_name, 'Perpetua Only');
    assert.match((await edit('twin')).expect(422).words, /Several customers fit “twin”/);
    assert.match((await edit('nobody at all')).expect(422).words, /No customer fits/);
    (await edit('Perpetua Only')).expect(303);
    assert.equal((await owner.api('PATCH', `/jobs/${job.id}`, {})).json().customer_name, 'Perpetua Only');
});

test('the bench sees jobs without prices and contacts', async () => {
    const job = await takeIn({budget: 100000, customer_phone: '07700 900777'});
    const seen = (await bench.api('PATCH', `/jobs/${job.id}`, {description: 'Seen'})).expect(200).json();
    assert.equal(seen.budget, null);
    assert.equal(seen.customer_phone, null);
    const whole = (await owner.api('PATCH', `/jobs/${job.id}`, {})).expect(200).json();
    assert.equal(whole.budget, 100000, 'what the bench does not see stays');
    const page = (await bench.get(`/jobs?q=${job.number}`)).expect(200);
    assert.doesNotMatch(page.text, /£/);
    (await bench.api('GET', '/customers')).expect(403);
});

test('the list filters and pages by key', async () => {
    const made = [];
    for (let i = 0; i < 53; i++)
        made.push((await takeIn({title: `Paged band ${i}`, kind: 'repair'})).id);
    const ids = [];
    let path = '/jobs?kind=repair';
    for (let pages = 0; path && pages < 10; pages++) {
        const page = (await owner.api('GET', path)).expect(200).json();
        ids.push(...page.rows.map((row) => row.id));
        path = page.next;
    }
    assert.deepEqual(ids.filter((id) => made.includes(id)), made);
    assert.equal(new Set(ids).size, ids.length);
    const html = (await owner.get('/jobs?kind=repair')).expect(200);
    assert.match(html.text, /rel="next"/);
    (await owner.api('GET', '/jobs?kind=repair&stage=nowhere')).expect(422);
    (await owner.api('GET', '/jobs?status=nowhere')).expect(422);
    (await owner.api('GET', '/jobs?salesperson=x')).expect(422);
    const none = (await owner.get('/jobs?kind=repair&status=RP')).expect(200);
    assert.match(none.words, /No job is like that/);
});

test('promised days sort the list, and overdue ones are found', async () => {
    const later = await takeIn({title: 'Promised later', kind: 'stock', customer_name: undefined});
    const sooner = await takeIn({title: 'Promised sooner', kind: 'stock', customer_name: undefined});
    const day = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
    (await owner.api('PATCH', `/jobs/${later.id}`, {promised_day: day(9)})).expect(200);
    (await owner.api('PATCH', `/jobs/${sooner.id}`, {promised_day: day(2)})).expect(200);
    (await owner.api('PATCH', `/jobs/${sooner.id}`, {promised_day: day(-2)})).expect(422);
    const rows = (await owner.api('GET', '/jobs?kind=stock')).json().rows;
    assert.deepEqual(rows.map((row) => row.title), ['Promised sooner', 'Promised later']);
    assert.equal(rows[0].ageing, 'due_soon');
    assert.equal((await owner.api('GET', '/jobs?kind=stock&late=1')).json().rows.length, 0);
});

test('search opens what was scanned and finds by words', async () => {
    const job = await takeIn({title: 'Tsavorite cocktail ring', customer_name: 'Zoë Ångström'});
    assert.equal((await owner.get(`/search?q=${encodeURIComponent('#' + job.number)}`)).expect(303).location,
        `/jobs/${job.id}`);
    assert.equal((await owner.get(`/search?q=${job.reference.toLowerCase()}`)).expect(303).location,
        `/jobs/${job.id}`);
    assert.match((await owner.get('/search?q=tsavo+angs')).expect(200).words, /Tsavorite cocktail ring/);
    assert.match((await owner.get('/search?q=zoe')).expect(200).text, /href="\/customers\/\d+"/);
    assert.match((await owner.get('/search?q=xyzzy')).expect(200).words, /Nothing found for “xyzzy”/);
    assert.doesNotMatch((await bench.get('/search?q=zoe')).expect(200).text, /\/customers\//);
});

test('comments are kept with who said them', async () => {
    const job = await takeIn();
    const said = (await bench.api('POST', `/jobs/${job.id}/comments`, {text: 'Check the shank'})).expect(201).json();
    assert.equal(said.staff_name, 'Joe');
    (await bench.api('POST', `/jobs/${job.id}/comments`, {text: '  '})).expect(422);
    (await bench.api('POST', '/jobs/999999/comments', {text: 'x'})).expect(404);
    const page = (await owner.get(`/jobs/${job.id}/comments`)).expect(200);
    assert.match(page.words, /Check the shank/);
    const escaped = '<script>alert(1)</script>';
    (await owner.submit(page, {text: escaped}, {form: `/jobs/${job.id}/comments`})).expect(303);
    const again = (await owner.get(`/jobs/${job.id}/comments`)).expect(200);
    assert.ok(!again.text.includes(escaped));
    assert.equal((await owner.api('GET', `/jobs/${job.id}/comments`)).json().comments.length, 2);
});

test('an archived job leaves the list and comes back', async () => {
    const job = await takeIn({title: 'Archived brooch', kind: 'repair'});
    (await owner.api('POST', `/jobs/${job.id}/archive`, {})).expect(200);
    const listed = async (query) => (await owner.api('GET', `/jobs?kind=repair${query}`)).json().rows
        .some((row) => row.id === job.id);
    assert.equal(await listed('&archived=1'), true);
    (await move(owner, job, 'intake', 'assessed')).expect(409);
    (await owner.api('POST', `/jobs/${job.id}/restore`, {})).expect(200);
    assert.equal(await listed('&archived=1'), false);
});

test('nothing of this is open to strangers or to forged posts', async () => {
    const job = await takeIn();
    const stranger = new Client(shop);
    for (const path of ['/jobs', `/jobs/${job.id}/history`, '/search?q=a', '/board'])
        (await stranger.api('GET', path)).expect(401);
    assert.match((await stranger.get('/jobs')).expect(303).location, /^\/sign-in/);
    stranger.close();
    (await owner.post(`/jobs/${job.id}/stage`, {from: 'enquiry', to: 'cad', csrf: 'forged'})).expect(403);
    const list = (await owner.get('/jobs?q=' + job.number)).expect(200);
    assert.match(list.words, /Enquiry/);
});
