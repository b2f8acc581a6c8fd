// The page of one job, which joins what every room knows of it: what is next, who sees what.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {faults, useWorkshop} from './making.mjs';

let w, bench, sales;
useWorkshop((made) => ({w, bench, sales} = made));

const ring = {alloy: 'pt950', gem: 'sapphire', shape: 'oval', origin: 'natural', stone_carats: 200000};
const page = async (job, client = w.owner) => (await client.get(`/jobs/${job.id}`)).expect(200);
const read = async (job, client = w.owner) => (await client.api('GET', `/jobs/${job.id}`)).expect(200).json();
const next = (answer) => /class="next".*?<\/section>/s.exec(answer.text)?.[0] ?? '';
const move = (job, from, to, more = {}) => w.post(`/jobs/${job.id}/stage`, {from, to, ...more});

test('as JSON it is the job, and what every room has of it', async () => {
    const job = await w.order('halo', ring);
    await w.post(`/jobs/${job.id}/comments`, {text: 'Size to be measured'});
    const whole = await read(job);
    for (const name of ['id', 'number', 'reference', 'kind', 'stage', 'title', 'customer', 'visit', 'version'])
        assert.equal(whole[name], job[name], name);
    assert.equal(whole.specification.alloy, 'pt950');
    for (const rows of ['materials', 'operations', 'history', 'comments'])
        assert.ok(whole[rows].length > 0, rows);
    for (const rows of ['quotes', 'payments', 'files', 'requests', 'appointments'])
        assert.deepEqual(whole[rows], [], rows);
    assert.equal(whole.comments[0].text, 'Size to be measured');
    assert.equal(whole.comments[0].staff_name, w.shop.owner.name);
    assert.deepEqual(whole.history.map((row) => row.stage), ['enquiry']);
    assert.equal((await read(await w.order())).specification, null);
});

test('it says what comes next, from the specification to the deposit', async () => {
    const job = await w.order();
    assert.match(next(await page(job)), /Say what it is to be.*href="\/jobs\/\d+\/specification"/s);
    await w.post(`/jobs/${job.id}/specification/template`, {template: 'solitaire', ...ring});
    assert.match(next(await page(job)), /Make a quote.*href="\/jobs\/\d+\/quotes"/s);
    const quote = await w.post(`/jobs/${job.id}/quotes`, {});
    assert.match(next(await page(job)), new RegExp(`Send the quote.*href="/quotes/${quote.id}"`, 's'));
    await w.post(`/quotes/${quote.id}/send`, {});
    assert.match(next(await page(job)), /the customer.*Get the quote accepted/s);
    await w.post(`/quotes/${quote.id}/accept`, {});
    assert.match(next(await page(job)), /Take the deposit.*href="\/jobs\/\d+\/payments\/new"/s);
    await w.post(`/jobs/${job.id}/payments`, {method: 'card', amount: quote.deposit});
    const paid = next(await page(job));
    assert.doesNotMatch(paid, /deposit/i);
    assert.match(paid, /#operations/);
    await move(job, (await read(job)).stage, 'on_hold');
    assert.match(next(await page(job)), /On hold/);
});

test('ready, it is handed over once nothing is owed; collected, nothing is left to do', async () => {
    const job = await w.order('solitaire', ring);
    const quote = await w.post(`/jobs/${job.id}/quotes`, {});
    await w.post(`/quotes/${quote.id}/send`, {});
    await w.post(`/quotes/${quote.id}/accept`, {});
    await move(job, (await read(job)).stage, 'ready');
    const owed = await page(job);
    assert.match(next(owed), /Take the balance and hand it over/);
    assert.ok(!owed.forms.some((form) => form.action === `/jobs/${job.id}/hand-over`));
    await w.post(`/jobs/${job.id}/payments`, {method: 'bank', amount: quote.total});
    assert.match(next(await page(job)), /Paid in full/);
    (await w.owner.submit(`/jobs/${job.id}`, {}, {form: `/jobs/${job.id}/hand-over`})).expect(303);
    const over = await page(job);
    assert.equal(next(over), '');
    assert.match(over.words, /Collected/);
    assert.equal((await read(job)).stage, 'collected');
    assert.ok((await read(job)).closed_at);
});

test('the stepper tells what is behind, where it stands, and what was left out', async () => {
    const job = await w.order();
    await move(job, 'enquiry', 'cad');
    const steps = [...(await page(job)).text.matchAll(/<li( class="(is-\w+)")?( aria-current="step")?><b>([^<]+)<\/b>/g)]
        .map(([, , state, current, label]) => [label, state ?? null, current !== undefined]);
    assert.equal(steps.find(([, , current]) => current)[0], 'CAD');
    assert.equal(steps.filter(([, , current]) => current).length, 1);
    assert.deepEqual(steps[0], ['Enquiry', 'is-done', false]);
    assert.equal(steps.find(([label]) => label === 'Stone sourcing')[1], 'is-skipped');
    assert.equal(steps.find(([label]) => label === 'Ready')[1], null);
});

test('a button advances it, and the newest move can be taken back from the page', async () => {
    const job = await w.order();
    const advanced = (await page(job)).forms.find((form) => form.buttons.some((each) => /Advance to/.test(each.text)));
    assert.deepEqual(advanced.fields.filter(([name]) => name === 'from' || name === 'to'),
        [['from', 'enquiry'], ['to', 'consultation']]);
    (await w.owner.post(advanced.action, advanced.fields)).expect(303);
    assert.equal((await read(job)).stage, 'consultation');
    (await w.owner.submit(`/jobs/${job.id}`, {}, {form: /\/history\/\d+\/undo$/})).expect(303);
    assert.equal((await read(job)).stage, 'enquiry');
    assert.ok(!(await page(job)).forms.some((form) => /undo$/.test(form.action)), 'an undo is not undone');
});

test('what happened stands there, the newest first', async () => {
    const job = await w.order();
    await move(job, 'enquiry', 'cad', {note: 'Sketch is good'});
    await w.post(`/jobs/${job.id}/comments`, {text: '<b>Claws</b> at 0.7'});
    const feed = /<ol class="feed.*?<\/ol>/s.exec((await page(job)).text)[0];
    assert.match(feed, /&lt;b&gt;Claws&lt;\/b&gt; at 0\.7/);
    const order = ['Claws', 'moved it to CAD', 'took it in'].map((words) => feed.indexOf(words));
    assert.ok(order.every((at) => at >= 0), feed);
    assert.deepEqual([...order].sort((a, b) => a - b), order);
    assert.match(feed, /Sketch is good/);
    (await w.owner.submit(`/jobs/${job.id}`, {text: 'From the page'}, {form: `/jobs/${job.id}/comments`})).expect(303);
    assert.match((await page(job)).words, /From the page/);
});

test('the pieces of one visit know each other', async () => {
    const first = await w.order();
    const second = await w.post('/jobs', {visit: first.visit, title: 'Her band'});
    assert.match((await page(first)).text, new RegExp(`href="/jobs/${second.id}">Her band`));
    assert.match((await page(second)).words, /2 of 2/);
    assert.match((await page(first)).text, new RegExp(`href="/jobs/new\\?visit=${first.visit}&amp;kind=custom"`));
});

test('the bench sees neither prices nor customers, and cannot reach what it may not do', async () => {
    const job = await w.order('solitaire', ring, {customer_phone: '07700 900214', budget: 650000});
    await w.post(`/jobs/${job.id}/quotes`, {});
    const seen = await page(job, bench);
    assert.doesNotMatch(seen.text, /£|07700|\/customers\/|\/payments\/new|\/messages\/new|claim-check/);
    assert.match(seen.text, /bench-copy/);
    const whole = await read(job, bench);
    assert.deepEqual(whole.quotes, []);
    for (const hidden of ['quoted', 'balance', 'budget', 'customer_phone'])
        assert.equal(whole[hidden], null, hidden);
    assert.ok(whole.materials.every((each) => !('cost' in each)));
    assert.ok((await read(job)).materials.some((each) => 'cost' in each));
    assert.match((await page(job, sales)).text, /£/);
});

test('every form of the page leads somewhere', async () => {
    const job = await w.order('halo', ring);
    const quote = await w.post(`/jobs/${job.id}/quotes`, {});
    await w.post(`/quotes/${quote.id}/send`, {});
    await w.post(`/quotes/${quote.id}/accept`, {});
    await w.post(`/jobs/${job.id}/payments`, {method: 'cash', amount: quote.deposit});
    const links = new Set([...(await page(job)).text.matchAll(/href="(\/(?!static)[^"#]*)"/g)]
        .map(([, href]) => href.replaceAll('&amp;', '&')));
    assert.ok(links.size > 15, [...links].join(' '));
    for (const link of links)
        (await w.owner.get(link)).expect(200, 303);
});

test('what does not exist is not found; a stranger signs in first', async () => {
    for (const id of ['999999', '0', '-1', 'x', '99999999999999999999'])
        (await w.owner.get(`/jobs/${id}`)).expect(404);
    assert.deepEqual(faults(await w.owner.api('GET', '/jobs/999999'), 404), []);
    const {Client} = await import('../harness/index.mjs');
    const stranger = new Client(w.shop);
    const job = await w.order();
    assert.match((await stranger.get(`/jobs/${job.id}`)).expect(303).location, /^\/sign-in/);
    (await stranger.api('GET', `/jobs/${job.id}`)).expect(401);
    stranger.close();
});
