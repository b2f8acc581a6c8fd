// Finding anything by what is typed, and opening anything by what is scanned.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startWorkshop} from './making.mjs';

let w, shop, owner, bench, ring, brooch;

before(async () => {
    w = await startWorkshop();
    ({shop, owner} = w);
    bench = await w.person('Joe', 'bench');
    ring = await takeIn('Oval sapphire halo ring', 'Eleanor Whitcombe', {customer_phone: '+44 7700 900214'});
    brooch = await takeIn('Art-déco brooch', 'Łukasz Müller');
    await w.post('/vendors', {name: 'Amara Gems', email: 'a@example.com', lead_days: 3});
    await w.post('/stock', {kind: 'stone', code: 'S2207', name: 'Oval sapphire 7 × 5', gem: 'sapphire',
        shape: 'oval', origin: 'natural', length: 7000, width: 5000});
});
after(() => w.stop());

async function takeIn(title, customer_name, more = {}) {
    return (await owner.api('POST', '/jobs', {kind: 'custom', title, type: 'ring', customer_name, ...more})).expect(201).json();
}
const search = async (q, client = owner) =>
    (await client.api('GET', `/search?q=${encodeURIComponent(q)}`)).expect(200).json();
const jobs = async (q, client) => (await search(q, client)).jobs.map((each) => each.id);
const kinds = (found) => found.others.map((each) => each.kind);
const scan = (code, client = owner) => client.api('GET', `/scan?code=${encodeURIComponent(code)}`);
const six = (job) => String(job.number).padStart(6, '0');

test('a job is found by number, reference, words in any order, their beginnings, and the customer', async () => {
    for (const q of [`#${six(ring)}`, String(ring.number), ring.reference, 'ring sapphire', 'hal sapp ov', 'whitcombe',
        'eleanor halo', '900214', '+44 7700 900214'])
        assert.ok((await jobs(q)).includes(ring.id), q);
    for (const q of ['deco', 'lukasz muller', 'MÜLLER art'])
        assert.deepEqual(await jobs(q), [brooch.id], q);
    assert.deepEqual(await jobs('sapphire brooch'), []);
});

test('customers, vendors, stock and places are found beside the jobs', async () => {
    assert.equal((await search('whitc')).customers[0].name, 'Eleanor Whitcombe');
    assert.deepEqual(kinds(await search('amara')), ['vendor']);
    assert.ok(kinds(await search('oval sapphire')).includes('stock'));
    assert.ok(kinds(await search('ready sh')).includes('place'));
});

test('the bench finds jobs and stock, no customers, papers or vendors', async () => {
    const found = await search('whitcombe', bench);
    assert.deepEqual(found.customers, []);
    assert.deepEqual(await jobs('900214', bench), []);
    assert.deepEqual(kinds(await search('amara', bench)), []);
    assert.doesNotMatch((await bench.get('/search?q=whitcombe')).text, /\/customers\/|invoices\//);
});

test('a page opens what is one thing, and shows the rest in groups', async () => {
    const opened = await owner.get(`/search?q=${six(ring)}`);
    assert.deepEqual([opened.status, opened.location], [303, `/jobs/${ring.id}`]);
    const page = (await owner.get('/search?q=sapphire')).expect(200);
    assert.match(page.words, /Jobs.*Oval sapphire halo ring.*Stock/);
    assert.match((await owner.get('/search?q=zzzz')).words, /Nothing found for “zzzz”/);
    assert.match((await owner.get('/search')).words, /Newest jobs/);
    (await owner.get('/search/options?q=sapp')).expect(200);
});

test('a group has pages of its own that show each job once', async () => {
    const made = [];
    for (let i = 0; i < 53; i++)
        made.push((await takeIn(`Pearl pendant ${i}`, 'Ana Lund')).id);
    const seen = [];
    let path = '/search?q=pearl+pend&group=jobs';
    for (let pages = 0; path && pages < 5; pages++) {
        const found = (await owner.api('GET', path)).expect(200).json();
        seen.push(...found.jobs.map((each) => each.id));
        path = found.next;
    }
    assert.deepEqual(seen, made.toReversed());
    assert.equal((await owner.api('GET', '/search?q=x&group=nonsense')).status, 422);
});

test('invoices and quotes are found by number, customer and title', async () => {
    const job = await w.order('solitaire', {alloy: 'pt950', gem: 'sapphire', shape: 'oval', origin: 'natural',
        stone_carats: 200000}, {customer_name: 'Beatrix Holm', title: 'Solitaire'});
    const quote = await w.post(`/jobs/${job.id}/quotes`, {});
    await w.post(`/quotes/${quote.id}/accept`, {});
    const draft = await w.post(`/jobs/${job.id}/invoice`, {});
    const {id, number, version} = await w.post(`/invoices/${draft.id}/issue`, {version: draft.version});
    assert.deepEqual(kinds(await search('holm solit')).toSorted(), ['invoice', 'quote']);
    for (const q of [`INV${String(number).padStart(6, '0')}`, String(number)]) {
        const found = (await search(q)).others.find((each) => each.kind === 'invoice');
        assert.equal(found?.url, `/invoices/${id}`, `${q} ${version}`);
    }
    assert.equal((await scan(`INV${String(number).padStart(6, '0')}`)).expect(200).json().url, `/invoices/${id}`);
    assert.equal((await scan(`INV${String(number).padStart(6, '0')}`, bench)).status, 403);
    assert.deepEqual(kinds(await search('beatrix', bench)), []);
});

test('what a scanner sends opens the thing', async () => {
    const safe = (await owner.api('GET', '/custody')).json().places[0].id;
    const label = `PL${String(safe).padStart(5, '0')}`;
    for (const [code, url] of [[six(ring), `/jobs/${ring.id}`], [`]C1${six(ring)}`, `/jobs/${ring.id}`],
        [` ${ring.reference.toLowerCase()} `, `/jobs/${ring.id}`], [`${shop.url}/jobs/${ring.id}`, `/jobs/${ring.id}`],
        [label, `/custody/places/${safe}`], [`${shop.url}/custody/places/${safe}?x=1`, `/custody/places/${safe}`]])
        assert.equal((await scan(code)).expect(200).json().url, url, code);
    assert.match((await scan('S2207')).expect(200).json().url, /^\/stock\/\d+$/);
    const page = await owner.get(`/scan?code=${six(ring)}`);
    assert.deepEqual([page.status, page.location], [303, `/jobs/${ring.id}`]);
    const azerty = await owner.api('GET', `/scan?code=${encodeURIComponent('àààà')}&keys=${six(ring)}`);
    assert.equal(azerty.expect(200).json().url, `/jobs/${ring.id}`);
});

test('a code of nobody, of another address and of what one may not see is told so', async () => {
    assert.equal((await scan('999999')).status, 404);
    assert.match((await scan('Q-17')).text, /Nothing here has the code/);
    assert.match((await scan('https://other.example/jobs/1')).text, /other\.example/);
    assert.equal((await scan('')).status, 422);
    const customer = (await search('whitcombe')).customers[0].id;
    assert.equal((await scan(`${shop.url}/customers/${customer}`, bench)).status, 403);
    const page = await owner.get('/scan?code=999999');
    assert.equal(page.status, 404);
    assert.match(page.words, /999999/);
});

test('everything that can be done is a page, by rights', async () => {
    const all = (await owner.get('/commands')).expect(200).words;
    for (const each of ['New repair', 'New customer', 'Overdue jobs', 'Scan envelopes', 'Opening days', 'Customers'])
        assert.ok(all.includes(each), each);
    const few = (await bench.get('/commands')).expect(200).words;
    assert.match(few, /New repair.*Scan envelopes/);
    for (const each of ['New customer', 'Opening days', 'Invoices', 'New vendor'])
        assert.ok(!few.includes(each), each);
    assert.match((await owner.get('/commands/options')).text, /role="option" data-href="\/jobs\/new"/);
});
