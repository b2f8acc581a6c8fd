// Quotes over HTTP: prices line by line, versions, what becomes of them, who may what.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {faults, useWorkshop} from './making.mjs';

let w, bench, sales;
useWorkshop((made) => ({w, bench, sales} = made));

const ring = {alloy: 'pt950', gem: 'sapphire', shape: 'oval', origin: 'natural', stone_carats: 200000};
const make = (job, body = {}, client = w.owner) => client.api('POST', `/jobs/${job.id}/quotes`, body);
const quoteOf = async (job, body) => (await make(job, body)).expect(201).json();
const act = (quote, what, body = {}, client = w.owner) => client.api('POST', `/quotes/${quote.id}/${what}`, body);
const read = (quote) => w.get(`/quotes/${quote.id}`);
const found = async (job) => (await w.get(`/jobs?q=${job.number}`)).rows.find((each) => each.id === job.id);
const sum = (lines, name) => lines.reduce((all, line) => all + line[name], 0);

test('a quote adds up to the penny', async () => {
    const job = await w.order('halo', ring);
    const quote = await quoteOf(job, {discount: 3333, note: 'First'});
    assert.equal(quote.version, 1);
    assert.equal(quote.state, 'draft');
    assert.equal(sum(quote.lines, 'price'), quote.subtotal);
    assert.equal(sum(quote.lines, 'cost'), quote.cost);
    assert.equal(quote.subtotal - quote.discount, quote.net);
    assert.equal(quote.net + quote.tax, quote.total);
    assert.equal(quote.deposit, Math.round(quote.total / 2));
    const full = await quoteOf(await w.order('halo', ring));
    assert.equal(full.total - quote.total, 3333, 'a discount is what the customer sees');
});

test('lines follow from prices on record', async () => {
    const quote = await quoteOf(await w.order('solitaire', ring));
    const stone = quote.lines.find((line) => line.kind === 'stone');
    assert.equal(stone.unit, 'ct');
    assert.equal(stone.cost, 240000); // 2 ct at £1,200
    assert.equal(stone.price, 312000); // and 30 %
    const cad = quote.lines.find((line) => line.description === 'CAD');
    assert.equal(cad.price, cad.quantity * 100); // £60 an hour
    const metal = quote.lines.find((line) => line.kind === 'metal');
    const expected = 80000 * metal.quantity * 0.95 * 1.04 / 31103.4768;
    assert.ok(Math.abs(metal.cost - expected) <= 1, `${metal.cost} ${expected}`);
    assert.match(quote.rates, /"per_ounce":80000/);
});

test('what has no price is named, all of it, and nothing is saved', async () => {
    const job = await w.order('solitaire', {alloy: 'ag925', gem: 'emerald', origin: 'natural', stone_carats: 100000});
    const answer = await make(job);
    assert.deepEqual(faults(answer, 422), ['metal no_price', 'stone no_price']);
    assert.match(answer.text, /silver/);
    assert.match(answer.text, /emerald/);
    assert.equal((await w.get(`/jobs/${job.id}/quotes`)).quotes.length, 0);
    assert.match((await w.get(`/jobs/${job.id}/quotes`)).missing, /silver/);
    const bare = await w.order();
    assert.equal((await make(bare)).expect(422).json().code, 'no_specification');
});

test("a vendor's price comes with their operation", async () => {
    const job = await w.order('solitaire', ring);
    const unpriced = await quoteOf(job);
    assert.match(unpriced.rates, /has no price yet/);
    const cast = (await w.get(`/jobs/${job.id}/operations`)).operations.find((each) => each.craft === 'casting');
    await w.post(`/jobs/${job.id}/operations`, {operations: [{id: cast.id, vendor: cast.vendor, cost: 8500}]});
    const quote = await quoteOf(job);
    const line = quote.lines.find((each) => each.kind === 'vendor');
    assert.equal(line.cost, 8500);
    assert.equal(line.price, 10200);
    assert.equal(JSON.parse(quote.rates).unpriced, null);
});

test("the customer's own stone stays on the quote without a price", async () => {
    const quote = await quoteOf(await w.order('remodel', {alloy: 'pt950', gem: 'ruby', origin: 'natural', own_metal: 1000}));
    const own = quote.lines.filter((line) => /your own/.test(line.description));
    assert.equal(own.length, 2);
    assert.ok(own.every((line) => line.price === 0 && line.cost === 0));
});

test('rush is charged on the work', async () => {
    const job = await w.order('solitaire', ring);
    const plain = await quoteOf(job), rush = await quoteOf(job, {rush_share: 2500});
    const line = rush.lines.find((each) => each.kind === 'rush');
    const work = sum(plain.lines.filter((each) => ['labour', 'setting', 'vendor'].includes(each.kind)), 'price');
    assert.equal(line.price, Math.round(work / 4));
    assert.equal(rush.subtotal, plain.subtotal + line.price);
});

test("the shop's standing surcharge is what a rush pays, until a quote says otherwise", async () => {
    const rushOf = (quote) => quote.lines.find((each) => each.kind === 'rush')?.price ?? 0;
    const workOf = (quote) => sum(quote.lines.filter((each) =>
        ['labour', 'setting', 'vendor'].includes(each.kind)), 'price');
    const usual = await w.order('solitaire', ring), rush = await w.order('solitaire', ring, {priority: 'rush'});
    assert.equal((await w.get('/settings/rates')).rush_share, 0);
    assert.equal(rushOf(await quoteOf(rush)), 0);
    await w.post('/settings/rates', {rush_share: 2000});
    try {
        const priced = await quoteOf(rush);
        assert.equal(rushOf(priced), Math.round(workOf(priced) / 5));
        assert.equal(JSON.parse(priced.rates).rush_share, 2000);
        assert.equal(rushOf(await quoteOf(usual)), 0);
        assert.equal(rushOf(await quoteOf(rush, {rush_share: 0})), 0);
        const other = await quoteOf(rush, {rush_share: 500});
        assert.equal(rushOf(other), Math.round(workOf(other) / 20));

        // On the form it is filled in, and what is there counts: another share, or none when emptied.
        const list = `/jobs/${rush.id}/quotes`;
        const page = (await w.owner.get(list)).expect(200);
        const fields = new Map(page.form(list).fields);
        assert.equal(Number(fields.get('rush_share')), 20);
        const today = /Today £([\d,.]+)/.exec(page.words)[1].replaceAll(',', '');
        assert.equal(Math.round(Number(today) * 100), priced.total);
        const made = async (change) => {
            const answer = (await w.owner.submit(list, change, {form: list})).expect(303);
            return w.get(answer.location);
        };
        assert.equal((await made({})).total, priced.total);
        assert.equal(rushOf(await made({rush_share: ''})), 0);
        assert.equal(rushOf(await made({rush_share: '5'})), rushOf(other));
        const empty = new Map((await w.owner.get(`/jobs/${usual.id}/quotes`)).form(/quotes$/).fields);
        assert.equal(empty.get('rush_share'), '');

        // While it is taken in, the estimate knows it; so does the quote that is made at once.
        const taken = {title: 'Rush ring', customer_name: 'Rohan Mehta', design: '1', template: 'solitaire',
            ...ring, stone_carats: '2.00'};
        const total = async (priority) => /Total<\/dt><dd>£([\d,.]+)/.exec(
            (await w.owner.post('/jobs/estimate', {...taken, priority})).expect(200).text)[1];
        assert.notEqual(await total('rush'), await total('normal'));
        const at = (await w.owner.post('/jobs/new', {...taken, priority: 'rush', then: 'quote'})).expect(303);
        const once = await w.get(at.location);
        assert.ok(rushOf(once) > 0);
        assert.equal(rushOf(once), Math.round(workOf(once) / 5));
    } finally {
        await w.post('/settings/rates', {rush_share: 0});
    }
});

test('a new version supersedes the one before and keeps its figures', async () => {
    const job = await w.order('solitaire', ring);
    const first = await quoteOf(job);
    await w.post('/settings/metals', {unit: 'ounce', prices: [{metal: 'platinum', price: 90000, markup: 0}]});
    const second = await quoteOf(job, {note: 'Platinum rose'});
    await w.post('/settings/metals', {unit: 'ounce', prices: [{metal: 'platinum', price: 80000, markup: 0}]});
    assert.equal(second.version, 2);
    assert.ok(second.total > first.total);
    const old = await read(first);
    assert.equal(old.state, 'superseded');
    assert.equal(old.total, first.total);
    assert.deepEqual(old.lines, first.lines);
    assert.equal((await act(first, 'accept')).expect(409).json().code, 'superseded');
    assert.deepEqual((await w.get(`/jobs/${job.id}/quotes`)).quotes.map((each) => each.version), [2, 1]);
});

test('sent, accepted: the job has its price and its status', async () => {
    const job = await w.order('solitaire', ring);
    const quote = await quoteOf(job);
    assert.equal((await found(job)).quoted, quote.total);
    assert.equal((await act(quote, 'send')).expect(200).json().state, 'sent');
    assert.equal((await found(job)).status, 'CR');
    const accepted = (await act(quote, 'accept', {note: 'On the phone'})).expect(200).json();
    assert.equal(accepted.state, 'accepted');
    assert.equal(accepted.decided_note, 'On the phone');
    const now = await found(job);
    assert.equal(now.quoted, quote.total);
    assert.equal(now.status, 'IP');
    assert.equal(now.promised_day, quote.promised_day);
    for (const again of ['accept', 'decline', 'send'])
        assert.equal((await act(quote, again)).expect(409).json().code, 'accepted');
});

test('at most one is accepted: a later one takes its place', async () => {
    const job = await w.order('solitaire', ring);
    const first = await quoteOf(job);
    (await act(first, 'accept')).expect(200);
    const second = await quoteOf(job, {discount: 5000});
    assert.equal((await read(first)).state, 'accepted', 'until the next is accepted');
    assert.equal((await found(job)).quoted, first.total);
    (await act(second, 'accept')).expect(200);
    assert.equal((await read(first)).state, 'superseded');
    assert.equal((await found(job)).quoted, second.total);
});

test('a declined quote goes back to quoting', async () => {
    const job = await w.order('solitaire', ring);
    const quote = await quoteOf(job);
    (await act(quote, 'send')).expect(200);
    const declined = (await act(quote, 'decline', {note: 'Too dear'})).expect(200).json();
    assert.equal(declined.state, 'declined');
    assert.equal((await found(job)).status, 'QN');
    (await act(quote, 'accept')).expect(409);
});

test('taking one back needs a note', async () => {
    const quote = await quoteOf(await w.order('solitaire', ring));
    assert.deepEqual(faults(await act(quote, 'void'), 422), ['note required']);
    assert.equal((await act(quote, 'void', {note: 'Wrong stone'})).expect(200).json().state, 'void');
    assert.equal((await act(quote, 'void', {note: 'Again'})).expect(409).json().code, 'void');
});

test('a discount is never more than the price, and sales may give a fifth', async () => {
    const job = await w.order('solitaire', ring);
    const {total} = await quoteOf(job);
    assert.deepEqual(faults(await make(job, {discount: total + 1}), 422), ['discount discount_too_large']);
    assert.deepEqual(faults(await make(job, {discount: Math.round(total * 0.3)}, sales), 422), ['discount discount_too_large']);
    (await make(job, {discount: Math.round(total * 0.19)}, sales)).expect(201);
    (await make(job, {discount: Math.round(total * 0.3)})).expect(201);
    assert.deepEqual(faults(await make(job, {discount: -1}), 422), ['discount too_small']);
    assert.deepEqual(faults(await make(job, {discount: 'much'}), 422), ['discount wrong_type']);
    assert.deepEqual(faults(await make(job, {rush_share: 99999}), 422), ['rush_share too_large']);
});

test('costs are for leaders, quotes not for the bench', async () => {
    const job = await w.order('solitaire', ring);
    const quote = await quoteOf(job);
    const seen = (await sales.api('GET', `/quotes/${quote.id}`)).expect(200).json();
    assert.ok(!('cost' in seen) && !('rates' in seen) && seen.lines.every((line) => !('cost' in line)));
    assert.equal(seen.total, quote.total);
    const page = (await sales.get(`/quotes/${quote.id}`)).expect(200);
    assert.doesNotMatch(page.words, /Kept, before tax/);
    assert.match((await w.owner.get(`/quotes/${quote.id}`)).words, /Kept, before tax/);
    for (const path of [`/jobs/${job.id}/quotes`, `/quotes/${quote.id}`])
        (await bench.api('GET', path)).expect(403);
    (await make(job, {}, bench)).expect(403);
    (await act(quote, 'accept', {}, bench)).expect(403);
    (await act(quote, 'accept', {}, sales)).expect(200);
});

test('what does not exist is 404, what is closed 409', async () => {
    (await w.owner.api('GET', '/quotes/987654')).expect(404);
    for (const what of ['send', 'accept', 'decline'])
        (await act({id: 987654}, what)).expect(404);
    (await act({id: 987654}, 'void', {note: 'x'})).expect(404);
    (await make({id: 987654})).expect(404);
    const job = await w.order('solitaire', ring);
    const quote = await quoteOf(job);
    await w.post(`/jobs/${job.id}/stage`, {from: 'enquiry', to: 'cancelled', note: 'no'});
    assert.equal((await make(job)).expect(409).json().code, 'closed');
    assert.equal((await act(quote, 'accept')).expect(409).json().code, 'closed');
});

test('a repeat with the same key makes no second version', async () => {
    const job = await w.order('solitaire', ring);
    const key = 'b0a7b6e0-0000-4000-8000-000000000002';
    const ids = [];
    for (let i = 0; i < 2; i++)
        ids.push((await w.owner.api('POST', `/jobs/${job.id}/quotes`, {note: 'once'}, {key})).expect(201).json().id);
    assert.equal(ids[0], ids[1]);
    assert.equal((await w.get(`/jobs/${job.id}/quotes`)).quotes.length, 1);
});

test('in the browser: make, send, accept', async () => {
    const job = await w.order('solitaire', ring, {budget: 900000});
    const list = `/jobs/${job.id}/quotes`;
    const made = await w.owner.submit(list, {note: 'Begun in a browser', discount: '10.00'}, {form: list});
    assert.equal(made.status, 303, String(made));
    const page = await w.owner.follow(made);
    assert.match(page.words, /Version 1 made/);
    assert.match(page.words, /within the budget of £9,000/);
    const sent = await w.owner.submit(page, {}, {form: /send$/});
    assert.match((await w.owner.follow(sent)).words, /Version 1 sent/);
    const refused = await w.owner.submit(made.location, {note: ''}, {form: /accept$/, button: 'Take it back (say why above)'});
    assert.match(refused.expect(422).words, /Say why it is taken back/);
    const accepted = await w.owner.submit(made.location, {note: 'yes'}, {form: /accept$/, button: 'Accepted'});
    assert.match((await w.owner.follow(accepted)).words, /Version 1 accepted/);
    const wrong = await w.owner.submit(list, {discount: 'lots'}, {form: list});
    assert.match(wrong.expect(422).text, /value="lots"/);
});
