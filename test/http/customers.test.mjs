// Customers over HTTP: made, changed, found by whatever is known of them, archived, and their page.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {faults, useWorkshop} from './making.mjs';

let w, bench, sales;
useWorkshop((made) => ({w, bench, sales} = made));

const api = (method, path, body, client = w.owner) => client.api(method, path, body);
const make = (name, contacts = [], more = {}) =>
    w.post('/customers', {name, contacts: contacts.map((value) => ({value})), ...more});
const find = async (q) => (await w.get(`/customers?q=${encodeURIComponent(q)}`)).rows.map((row) => row.name);

test('a customer is made with contacts whose kind is seen', async () => {
    const made = await w.post('/customers', {name: 'Hannah Okafor', address: '4 Gay Street\nBath', note: 'Left-handed',
        ring_size: 52175, consent_email: true, contacts: [{value: '07700 900214', label: 'Mobile'},
            {value: 'Hannah.Okafor@Example.com'}]});
    assert.ok(made.id > 0);
    const read = await w.get(`/customers/${made.id}`);
    assert.deepEqual(read.contacts.map((each) => [each.kind, each.value, each.label ?? null]),
        [['phone', '07700 900214', 'Mobile'], ['email', 'Hannah.Okafor@Example.com', null]]);
    assert.equal(read.address, '4 Gay Street\nBath');
    assert.equal(read.consent_email, true);
    assert.equal(read.consent_post, false);
    assert.equal(read.ring_size, 52175);
    assert.equal(read.jobs, 0);
});

test('what is wrong is named at its field, and nothing is stored', async () => {
    const all = (await w.get('/customers')).rows.length;
    const bad = [
        [{}, 'name required'],
        [{name: 'x'.repeat(201)}, 'name too_long'],
        [{name: 'Refused', contacts: [{value: 'one@two'}]}, 'contacts.0.value not_an_address'],
        [{name: 'Refused', contacts: [{value: '07700 900214'}, {value: 'call me'}]}, 'contacts.1.value not_a_phone'],
        [{name: 'Refused', contacts: [{label: 'Work'}]}, 'contacts.0.value required'],
        [{name: 'Refused', ring_size: 'enormous'}, null],
        [{name: 'Refused', colour: 'blue'}, 'colour unknown_field'],
    ];
    for (const [body, expected] of bad) {
        const found = faults(await api('POST', '/customers', body), 422);
        assert.ok(expected === null ? found.length > 0 : found.includes(expected), `${expected}: ${found}`);
    }
    assert.equal((await w.get('/customers')).rows.length, all);
    const again = await w.owner.post('/customers', {name: 'Kept as typed', 'contacts.0.value': 'nonsense'});
    assert.match(again.expect(422).text, /Kept as typed/);
    assert.match(again.text, /neither a phone number/);
});

test('who saves second is told that it was changed meanwhile', async () => {
    const made = await make('Twice Saved', ['07700 900300']);
    const {version} = await w.get(`/customers/${made.id}`);
    const changed = await w.post(`/customers/${made.id}`, {name: 'Twice Saved', note: 'First', version,
        contacts: [{value: '07700 900301'}]});
    assert.equal(changed.version, version + 1);
    const late = await api('POST', `/customers/${made.id}`, {name: 'Twice Saved', note: 'Second', version});
    assert.equal(late.expect(409).json().code, 'changed');
    const read = await w.get(`/customers/${made.id}`);
    assert.equal(read.note, 'First');
    assert.deepEqual(read.contacts.map((each) => each.value), ['07700 900301']);
    assert.deepEqual(await find('900300'), [], 'the old number finds nobody');
    assert.deepEqual(await find('900301'), ['Twice Saved']);
    assert.equal((await api('POST', '/customers/987654', {name: 'Nobody', version: 1})).status >= 404, true);
});

test('they are found by accents or none, parts of names, digits and addresses', async () => {
    await make('Zoë Müller-Søndergård', ['+44 7700 900456', 'zoe@atelier.example']);
    for (const typed of ['zoe', 'ZOË', 'muller', 'Søndergard', 'zoe mul', 'mul zoe', '07700900456', '+44 7700 900456',
        '0044 7700 900456', '900456', '900 456', 'zoe@atelier.example', 'atelier'])
        assert.deepEqual(await find(typed), ['Zoë Müller-Søndergård'], typed);
    for (const typed of ['zoe smith', '900457', 'oe', "zoe'; drop table customer; --", '%', '_'])
        assert.deepEqual(await find(typed), [], typed);
});

test('the look-up answers while they type, as a piece of a page', async () => {
    await make('Beatrix Lookup', ['beatrix@example.com']);
    const answer = (await w.owner.get('/customers/lookup?q=beatr')).expect(200);
    assert.match(answer.words, /Beatrix Lookup/);
    assert.doesNotMatch(answer.text, /<html/);
    assert.equal((await w.get('/customers/lookup?q=beatr')).rows[0].email, 'beatrix@example.com');
    assert.equal((await w.get('/customers/lookup?q=')).rows.length, 0);
});

test('archived they are not found any more; brought back they are', async () => {
    const made = await make('Quentin Archived');
    (await api('POST', `/customers/${made.id}/archive`, {})).expect(200);
    assert.deepEqual(await find('quentin'), []);
    const listed = async (path) => (await w.get(path)).rows.some((row) => row.id === made.id);
    assert.equal(await listed('/customers'), false);
    assert.equal(await listed('/customers?archived=1'), true);
    assert.match((await w.owner.get(`/customers/${made.id}`)).expect(200).words, /Archived.*Bring back/);
    (await api('POST', `/customers/${made.id}/restore`, {})).expect(200);
    assert.deepEqual(await find('quentin'), ['Quentin Archived']);
    assert.equal((await api('POST', '/customers/987654/archive', {})).expect(404).json().code, 'unknown_customer');
});

test('the list goes on page by page and misses nobody', async () => {
    for (let i = 0; i < 55; i++)
        await make(`Paged ${String(i).padStart(2, '0')}`);
    const seen = [];
    for (let path = '/customers'; path;) {
        const page = await w.get(path);
        seen.push(...page.rows.map((row) => row.name));
        path = page.next;
    }
    assert.equal(seen.filter((name) => name.startsWith('Paged')).length, 55);
    assert.equal(new Set(seen).size, seen.length);
});

test('their page has their jobs, open and past, and what they paid', async () => {
    const made = await make('Grace Figures', ['grace@example.com']);
    const job = await w.order('solitaire', {alloy: 'pt950', gem: 'sapphire', origin: 'natural', stone_carats: 100000},
        {customer: made.id, customer_name: undefined, title: 'Figured ring'});
    const quote = await w.post(`/jobs/${job.id}/quotes`, {});
    await w.post(`/quotes/${quote.id}/accept`, {});
    await w.post(`/jobs/${job.id}/payments`, {amount: 10000, method: 'cash'});
    const gone = await w.order(null, {}, {customer: made.id, customer_name: undefined, title: 'Never made'});
    await w.post(`/jobs/${gone.id}/stage`, {from: 'enquiry', to: 'cancelled', note: 'Changed her mind'});
    const page = await w.get(`/customers/${made.id}`);
    assert.deepEqual(page.open.map((each) => each.title), ['Figured ring']);
    assert.deepEqual(page.past.map((each) => each.title), ['Never made']);
    assert.deepEqual([page.jobs, page.spent, page.owed], [2, 10000, quote.total - 10000]);
    assert.match((await w.owner.get(`/customers/${made.id}`)).expect(200).words, /Grace Figures.*Figured ring.*Never made/);
    const visit = await w.get(`/visits/${job.visit}`);
    assert.deepEqual([visit.price, visit.paid, visit.balance], [quote.total, 10000, quote.total - 10000]);
    assert.match((await w.owner.get(`/visits/${job.visit}`)).expect(200).words, /Figured ring.*Balance/);
    assert.equal((await api('GET', '/customers/987654')).expect(404).json().code, 'unknown_customer');
    assert.equal((await api('GET', '/visits/987654')).expect(404).json().code, 'unknown_visit');
});

test('the counter may all of it, the bench none', async () => {
    const made = (await api('POST', '/customers', {name: 'Made by Sales'}, sales)).expect(201).json();
    (await api('GET', `/customers/${made.id}`, undefined, sales)).expect(200);
    for (const [method, path, body] of [['GET', '/customers'], ['GET', '/customers/lookup?q=a'],
        ['GET', `/customers/${made.id}`], ['GET', '/visits/1'], ['POST', '/customers', {name: 'X'}],
        ['POST', `/customers/${made.id}`, {name: 'X', version: 1}], ['POST', `/customers/${made.id}/archive`, {}]])
        (await api(method, path, body, bench)).expect(403);
});

test('the same request twice makes one customer', async () => {
    const body = {name: 'Once Only'};
    const answers = [];
    for (let i = 0; i < 2; i++)
        answers.push((await w.owner.api('POST', '/customers', body, {key: 'once-only-customer'})).expect(201).json());
    assert.equal(answers[0].id, answers[1].id);
    assert.deepEqual(await find('once only'), ['Once Only']);
});

test('somebody is found among many of the name, by whatever else is typed', async () => {
    await Promise.all([...Array(260).keys()].map((i) => make(`Winterbourne ${i % 2 ? 'Quentin' : 'Roland'}`, [`wint${i}@example.com`])));
    await make('Winterbourne Zuleika', ['zuleika@example.com']);
    assert.deepEqual(await find('winterb zul'), ['Winterbourne Zuleika']);
    assert.deepEqual(await find('zul winterb'), ['Winterbourne Zuleika']);
    assert.deepEqual(await find('winterb zulu'), []);
    assert.deepEqual(await find('wint259'), ['Winterbourne Quentin']);
    const shown = (await w.get('/customers?q=wint')).rows.map((row) => row.id);
    assert.ok(shown.length >= 20);
    assert.equal(new Set(shown).size, shown.length, 'each once, though name and address both begin so');
});
