// The flow of an order over HTTP: which step ran when, what set it off, what it waits on, running it again.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {eventually} from '../harness/index.mjs';
import {startWorkshop} from './making.mjs';

let w, bench;
before(async () => {
    w = await startWorkshop();
    bench = await w.person('Joe', 'bench');
});
after(async () => {
    bench?.close();
    await w.stop();
});

const ring = {alloy: 'pt950', gem: 'sapphire', shape: 'oval', origin: 'natural', stone_carats: 200000};
const flow = (job) => w.get(`/jobs/${job.id}/flow`);
const step = async (job, node) => (await flow(job)).steps.find((each) => each.node === node);
const becomes = (job, node, fits) => eventually(`${node} of ${job.id}`, async () => {
    const now = await step(job, node);
    return fits(now) && now;
});
const run = (job, node, client = w.owner) => client.api('POST', `/jobs/${job.id}/flow/${node}`, {});

test('seven steps, and an enquiry has run those it can', async () => {
    const job = await w.order();
    await becomes(job, 'schedule', (now) => now.state === 'waiting');
    const {steps, runs} = await flow(job);
    assert.deepEqual(steps.map((each) => each.node),
        ['request', 'specification', 'materials', 'price', 'schedule', 'inform', 'complete']);
    assert.deepEqual(steps.slice(0, 5).map((each) => each.state), ['done', 'waiting', 'waiting', 'waiting', 'waiting']);
    assert.equal(steps[0].detail, 'Through the API');
    assert.equal(steps[1].waits_on, 'staff');
    assert.ok(runs.length >= 5);
});

test('a specification sets the next ones off; materials decide the branch', async () => {
    const job = await w.order('solitaire', ring);
    const materials = await becomes(job, 'materials', (now) => now.state === 'done');
    assert.equal(materials.outcome, 'to_source');
    assert.equal(materials.waits_on, 'vendor');
    assert.match(materials.detail, /^0 of \d there/);
    assert.match((await becomes(job, 'specification', (now) => now.state === 'done')).detail, /template Solitaire/);
    assert.match((await becomes(job, 'price', (now) => /It comes to/.test(now.detail))).detail, /£/);
    assert.match((await becomes(job, 'schedule', (now) => /tentative/.test(now.detail))).detail, /promised for \w+day/);
});

test('what the shelf holds is reserved and the other branch is taken', async () => {
    const metal = await w.post('/stock', {kind: 'metal', code: 'PT950', name: 'Platinum grain', alloy: 'pt950',
        cost_each: 2500, weight: 200000});
    const job = await w.order('solitaire', {...ring, whose: 'customer'});
    const materials = await becomes(job, 'materials', (now) => now.state === 'done');
    assert.equal(materials.outcome, 'in_stock');
    assert.equal(materials.waits_on ?? null, null);
    const [own] = (await w.get(`/jobs/${job.id}`)).materials.filter((each) => each.kind === 'metal');
    assert.equal(`${own.state} ${own.item_code}`, 'reserved PT950');
    assert.equal((await w.get(`/stock/${metal.id}`)).item.reserved, own.quantity);
    assert.match((await w.owner.get(`/jobs/${job.id}/flow`)).text, /<li class="is-taken"><b>Yes/);
});

test('quote, acceptance, deposit, ready and collection each move it on', async () => {
    const job = await w.order('solitaire', ring, {customer_email: 'rohan@example.com'});
    const quote = await w.post(`/jobs/${job.id}/quotes`, {});
    await becomes(job, 'price', (now) => now.waits_on === 'staff' && now.detail.startsWith('Version 1'));
    await w.post(`/quotes/${quote.id}/send`, {});
    await becomes(job, 'price', (now) => now.waits_on === 'customer');
    await w.post(`/quotes/${quote.id}/accept`, {});
    await becomes(job, 'price', (now) => now.state === 'done');
    await becomes(job, 'schedule', (now) => now.state === 'done');
    await becomes(job, 'inform', (now) => now.state === 'waiting' && now.detail.startsWith('Confirmed'));
    const messages = (await w.get('/messages')).rows.filter((row) => row.job === job.id);
    assert.equal(messages.filter((each) => each.kind === 'confirmation').length, 1);
    await w.post(`/jobs/${job.id}/stage`, {from: 'enquiry', to: 'ready'});
    await becomes(job, 'inform', (now) => now.state === 'done');
    await becomes(job, 'complete', (now) => now.state === 'waiting' && /to pay/.test(now.detail));
    await w.post(`/jobs/${job.id}/payments`, {amount: quote.total, method: 'cash'});
    await becomes(job, 'complete', (now) => /£0\.00 to pay/.test(now.detail));
    await w.post(`/jobs/${job.id}/hand-over`, {});
    assert.equal((await becomes(job, 'complete', (now) => now.state === 'done')).detail, 'Handed over');
});

test('a step that fails says why, and runs again when the reason is gone', async () => {
    const job = await w.order('solitaire', {...ring, alloy: 'ag925'});
    const failed = await becomes(job, 'price', (now) => now.state === 'failed');
    assert.match(failed.detail, /silver/i);
    assert.match((await w.owner.get('/flows')).words, /A step failed.*Sapphire ring/);
    assert.match((await w.owner.get(`/jobs/${job.id}/flow`)).text, /class="why"/);
    assert.equal((await run(job, 'price')).expect(200).json().state, 'failed');
    assert.equal((await step(job, 'price')).runs, failed.runs, 'what changes nothing is not a run');
    await w.post('/settings/metals', {unit: 'ounce', prices: [{metal: 'silver', price: 2500, markup: 0}]});
    const now = (await run(job, 'price')).expect(200).json();
    assert.equal(now.state, 'waiting');
    assert.equal(now.runs, failed.runs + 1);
    assert.equal(now.staff_name, w.shop.owner.name);
});

test('the page runs a step again and shows what came of it', async () => {
    const job = await w.order('solitaire', ring);
    await becomes(job, 'schedule', (now) => now.state !== null);
    const answer = await w.owner.submit(`/jobs/${job.id}/flow`, {}, {form: `/jobs/${job.id}/flow/materials`});
    const page = await w.owner.follow(answer.expect(303));
    assert.match(page.words, /Materials in stock\?: \d of \d there/);
});

test('without an e-mail address the confirmation fails and says so', async () => {
    const job = await w.order('solitaire', ring);
    const quote = await w.post(`/jobs/${job.id}/quotes`, {});
    await w.post(`/quotes/${quote.id}/accept`, {});
    const failed = await becomes(job, 'inform', (now) => now.state === 'failed');
    assert.match(failed.detail, /^The confirmation was not sent\./);
    assert.equal((await w.get(`/jobs/${job.id}`)).quotes[0].state, 'accepted', 'the quote stands all the same');
});

test('a cancelled order skips the end', async () => {
    const job = await w.order();
    await w.post(`/jobs/${job.id}/stage`, {from: 'enquiry', to: 'cancelled', note: 'Not now'});
    await becomes(job, 'complete', (now) => now.state === 'skipped');
});

test('repairs have no flow; what does not exist is said', async () => {
    const repair = await w.order(null, {}, {kind: 'repair'});
    assert.equal((await run(repair, 'price')).expect(409).json().code, 'no_flow');
    assert.match((await w.owner.get(`/jobs/${repair.id}/flow`)).expect(200).words, /No flow here/);
    const job = await w.order();
    assert.equal((await run(job, 'magic')).expect(404).json().code, 'unknown_node');
    assert.equal((await run({id: 987654}, 'price')).expect(404).json().code, 'unknown_job');
    (await w.owner.api('GET', '/jobs/987654/flow')).expect(404);
});

test('counts over all open orders add up', async () => {
    const {rows} = await w.get('/flows');
    assert.equal(rows.length, 7);
    const materials = rows.find((row) => row.node === 'materials');
    assert.ok(materials.in_stock >= 1 && materials.to_source >= 1);
    assert.equal(materials.in_stock + materials.to_source, materials.done);
    const request = rows.find((row) => row.node === 'request');
    const open = request.done + request.waiting + request.failed + request.skipped;
    for (const row of rows)
        assert.ok(row.done + row.waiting + row.failed + row.skipped <= open, row.node);
});

test('the bench reads it, but no prices', async () => {
    const job = await w.order('solitaire', ring);
    await becomes(job, 'price', (now) => now.detail?.includes('£'));
    const seen = (await bench.api('GET', `/jobs/${job.id}/flow`)).expect(200);
    assert.doesNotMatch(seen.text, /£/);
    const page = (await bench.get(`/jobs/${job.id}/flow`)).expect(200);
    assert.doesNotMatch(page.text, /£/);
    assert.equal((await run(job, 'price', bench)).expect(200).json().detail, null);
});
