// Taking in at the counter, by the page's form: the job, its specification, its quote, and what it will cost
// while it is still being chosen.

import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {root} from '../harness/index.mjs';
import {useWorkshop} from './making.mjs';

let w, bench, sales;
useWorkshop((made) => ({w, bench, sales} = made));

const seeds = join(root, 'web/seed');
const picture = readFileSync(join(seeds, readdirSync(seeds).find((name) => name.endsWith('.webp'))));
const ring = {customer_name: 'Hannah Okafor', customer_phone: '07700 900214', title: 'Oval sapphire ring',
    type: 'ring', template: 'solitaire', alloy: 'pt950', gem: 'sapphire', shape: 'oval', origin: 'natural',
    stone_length: '8', stone_width: '6', ring_size: 'L½'};
const jobs = async (q) => (await w.get(`/jobs?q=${encodeURIComponent(q)}`)).rows;
const send = (fields, {button = 'Save as enquiry', kind = 'custom', client = w.owner, query = '', files} = {}) =>
    client.submit(`/jobs/new?kind=${kind}${query}`, fields, {form: '/jobs/new', button, files});
const jobOf = (answer) => w.get(/^\/jobs\/\d+$/.exec(answer.expect(303).location)[0]);

test('the form stands with the customary: a ring, specified now, by whoever is signed in', async () => {
    const page = (await w.owner.get('/jobs/new')).expect(200);
    const fields = Object.fromEntries(page.form('/jobs/new').fields);
    assert.deepEqual([fields.kind, fields.type, fields.template, fields.design, fields.priority],
        ['custom', 'ring', 'solitaire', '1', 'normal']);
    assert.ok(fields.salesperson);
    assert.match((await w.owner.get('/jobs/new?name=Grace')).text, /value="Grace"/);
});

test('saved as an enquiry it is specified; saved and quoted it has its price', async () => {
    const job = await jobOf(await send({...ring, budget: '6,500.00', description: 'For her <mother>'}));
    assert.deepEqual([job.stage, job.budget, job.customer_name, job.specification.alloy],
        ['enquiry', 650000, 'Hannah Okafor', 'pt950']);
    assert.ok(job.materials.length >= 2 && job.operations.length >= 4);
    assert.deepEqual(job.quotes, []);
    const flow = await w.get(`/jobs/${job.id}/flow`);
    assert.ok(flow.steps.length === 7);
    const quoted = await send({...ring, title: 'Quoted at once'}, {button: 'Save and quote'});
    const [, id] = /^\/quotes\/(\d+)$/.exec(quoted.expect(303).location);
    const quote = await w.get(`/quotes/${id}`);
    assert.ok(quote.total > 0 && quote.promised_day);
    assert.match((await w.owner.follow(quoted)).words, /Quoted at once taken in as #\d+/);
});

test('the same customer is found again by phone, and chosen from the look-up', async () => {
    const [hannah] = (await w.get('/customers?q=hannah')).rows;
    const job = await jobOf(await send({...ring, customer_name: undefined, customer_phone: undefined,
        title: 'For Hannah'}, {query: `&customer=${hannah.id}`}));
    assert.equal(job.customer, hannah.id);
    assert.match((await w.owner.get(`/jobs/new?customer=${hannah.id}`)).words, /Hannah Okafor.*Somebody else/);
});

test('without "specify it now" only the request is written', async () => {
    const job = await jobOf(await send({customer_name: 'Plain Asker', title: 'Something blue', design: undefined}));
    assert.equal(job.specification ?? null, null);
    assert.equal(job.template, 'solitaire');
});

test('another piece belongs to the same visit', async () => {
    const first = await jobOf(await send({...ring, title: 'First piece'}));
    const second = await jobOf(await send({title: 'Second piece', type: 'pendant', design: undefined},
        {query: `&visit=${first.visit}`}));
    assert.deepEqual([second.visit, second.visit_position, second.customer], [first.visit, 2, first.customer]);
    assert.match((await w.owner.get(`/visits/${first.visit}`)).words, /First piece.*Second piece/);
});

test('pictures come with it', async () => {
    const job = await jobOf(await send({...ring, title: 'With pictures'}, {files: [1, 2].map((each) =>
        ({field: 'files', name: `${each}.webp`, type: 'image/webp', data: picture}))}));
    assert.equal(job.files.length, 2);
    const refused = await send({...ring, title: 'Refused pictures'}, {files: [
        {field: 'files', name: 'a.webp', type: 'image/webp', data: Buffer.from('nothing of the kind')}]});
    assert.ok(refused.status >= 400 && refused.status < 500, String(refused));
    assert.equal((await jobs('"refused pictures"')).length, 0);
});

test('a refused form comes back as it was typed, with the reason, and nothing is stored', async () => {
    const bad = [
        [{title: ''}, /title/i],
        [{customer_name: ''}, /customer|name/i],
        [{budget: 'a lot'}, /Budget must/],
        [{wanted_by: '2001-01-01'}, /Wanted by/],
        [{ring_size: 'huge'}, /must be a ring size/],
        [{stone_length: '-3'}, /must/],
        [{template: 'sculpture'}, /./],
    ];
    for (const [change, says] of bad) {
        const answer = await send({...ring, title: 'Refused ring', description: 'Typed <words>', ...change});
        assert.equal(answer.status, 422, `${JSON.stringify(change)}: ${answer}`);
        assert.match(answer.words, says);
        assert.match(answer.text, /Typed &lt;words&gt;/, JSON.stringify(change));
        assert.match(answer.text, /aria-invalid|form-errors/, JSON.stringify(change));
        const kept = Object.fromEntries(answer.form('/jobs/new').fields);
        assert.equal(kept.gem, 'sapphire', JSON.stringify(change));
        assert.equal(kept.design, '1', JSON.stringify(change));
    }
    assert.equal((await jobs('refused ring')).length, 0);
});

test('what cannot be quoted is not half saved', async () => {
    const answer = await send({...ring, title: 'Unpriced ring', alloy: 'ag925'}, {button: 'Save and quote'});
    assert.equal(answer.status, 422, String(answer));
    assert.match(answer.words, /silver/i);
    assert.equal((await jobs('unpriced')).length, 0);
});

test('a repair needs no design', async () => {
    const page = (await w.owner.get('/jobs/new?kind=repair')).expect(200);
    assert.doesNotMatch(page.words, /Template/);
    const job = await jobOf(await send({customer_name: 'Rita Repair', title: 'Clasp of a necklace', type: 'pendant'},
        {kind: 'repair', button: 'Take it in'}));
    assert.deepEqual([job.kind, job.stage, job.template ?? null, job.specification ?? null],
        ['repair', 'intake', null, null]);
    assert.match((await w.owner.get(`/jobs/${job.id}`)).expect(200).words, /Clasp of a necklace.*Booked in/);
});

test('the estimate answers while they choose: price, promise, budget', async () => {
    const estimate = (fields, client = w.owner) => client.post('/jobs/estimate', fields, {files: []});
    const good = (await estimate({...ring, kind: 'custom', budget: '10,000', wanted_by: '2031-01-01'})).expect(200);
    assert.doesNotMatch(good.text, /<html/);
    assert.match(good.words, /£\d,\d{3}.*within the budget of £10,000.*Total.*We can promise/);
    const dear = (await estimate({...ring, budget: '100', wanted_by: '2026-01-01'})).expect(200);
    assert.match(dear.words, /above the budget.*after the wanted day/);
    assert.match((await estimate({...ring, ring_size: 'huge'})).expect(200).words, /must be a ring size/);
    assert.match((await estimate({...ring, alloy: 'ag925'})).expect(200).words, /silver/i);
    (await estimate(ring, bench)).expect(403);
    assert.equal((await jobs('nobody')).length, 0);
});

test('what the estimate says is what the quote comes to', async () => {
    const said = /Total £([\d,.]+)/.exec((await w.owner.post('/jobs/estimate', ring, {files: []})).words)[1];
    const quoted = await send({...ring, title: 'As estimated'}, {button: 'Save and quote'});
    const {total} = await w.get(quoted.expect(303).location);
    assert.equal(Number(said.replace(/[,.]/g, '')), total);
});

test('the same sending twice is one job', async () => {
    const page = await w.owner.get('/jobs/new');
    const answers = [];
    for (let i = 0; i < 2; i++)
        answers.push((await w.owner.submit(page, {...ring, title: 'Sent doubly'},
            {form: '/jobs/new', button: 'Save as enquiry'})).expect(303).location);
    assert.equal(answers[0], answers[1]);
    assert.equal((await jobs('doubly')).length, 1);
});

test('the counter takes in', async () => {
    const job = await jobOf(await send({...ring, title: 'By Priya'}, {client: sales}));
    assert.equal(job.salesperson_name, 'Priya');
});
