// The board: every open job at its stage, for who may see what.

import assert from 'node:assert/strict';
import {isDeepStrictEqual} from 'node:util';
import {after, before, test} from 'node:test';
import {Client, signIn, startShop} from '../harness/index.mjs';

let shop, owner, bench;

before(async () => {
    shop = await startShop();
    owner = await signIn(shop);
    (await owner.api('POST', '/settings/staff', {name: 'Joe Pritchard', email: 'joe@example.com', role: 'bench',
        password: 'evening-light-42'})).expect(200, 201);
    bench = await signIn(shop, 'joe@example.com', 'evening-light-42');
});
after(async () => {
    owner?.close();
    bench?.close();
    await shop.stop();
});

async function takeIn(more = {}) {
    return (await owner.api('POST', '/jobs', {title: 'Halo ring', customer_name: 'Grace Tan', ...more}))
        .expect(201).json();
}
const move = async (job, from, to, more = {}) =>
    (await owner.api('POST', `/jobs/${job.id}/stage`, {from, to, ...more})).expect(200).json();
const board = async (query = '', client = owner) => (await client.api('GET', `/board${query}`)).expect(200).json();
const lane = (of, stage) => of.lanes.find((each) => each.stage === stage);

test('an empty board says what will stand there', async () => {
    const page = (await owner.get('/board')).expect(200);
    assert.match(page.words, /No orders under way/);
    assert.match(page.text, /href="\/jobs\/new"/);
    assert.match((await owner.get('/board?kind=repair')).words, /No repairs in the house/);
});

test('home is the board, or the door', async () => {
    assert.equal((await owner.get('/')).expect(303).location, '/board');
    const stranger = new Client(shop);
    assert.equal((await stranger.get('/')).expect(303).location, '/sign-in');
    (await stranger.api('GET', '/board')).expect(401);
    stranger.close();
});

test('each kind has its lanes in the order of its stages', async () => {
    assert.deepEqual((await board()).lanes.map((each) => each.stage), ['enquiry', 'consultation',
        'deposit_received', 'stone_sourcing', 'cad', 'approval', 'setting', 'polish', 'ready', 'collected']);
    assert.deepEqual((await board('?kind=repair')).lanes.map((each) => each.stage), ['intake', 'assessed', 'quoted',
        'approved', 'in_progress', 'ready', 'completed']);
    assert.deepEqual((await board('?kind=stock')).lanes.map((each) => each.stage), ['intake', 'making', 'completed']);
    (await owner.api('GET', '/board?kind=nothing')).expect(422);
});

test('a job stands at its stage, rush first, then by promised day', async () => {
    const day = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
    const plain = await takeIn({title: 'No date'});
    const later = await takeIn({title: 'Later'});
    const rush = await takeIn({title: 'Rush', priority: 'rush'});
    (await owner.api('PATCH', `/jobs/${later.id}`, {promised_day: day(20)})).expect(200);
    for (const job of [plain, later, rush])
        await move(job, 'enquiry', 'cad');
    const cards = lane(await board(), 'cad').cards;
    assert.deepEqual(cards.map((card) => card.title), ['Rush', 'Later', 'No date']);
    assert.equal(cards[1].progress, 55);
    assert.equal(cards[1].ageing, 'fine');
    const page = (await owner.get('/board')).expect(200);
    assert.match(page.text, /is-rush/);
    assert.match(page.text, new RegExp(`href="/jobs/${plain.id}/move"`));
});

test('a held job lies in the lane it is held at and moves from there', async () => {
    const job = await takeIn({title: 'Held ruby'});
    await move(job, 'enquiry', 'setting');
    await move(job, 'setting', 'on_hold');
    const card = lane(await board(), 'setting').cards.find((each) => each.id === job.id);
    assert.equal(card.stage, 'on_hold');
    assert.equal(card.status, 'OH');
    assert.match((await owner.get('/board')).text, new RegExp(`is-held" data-job="${job.id}" data-stage="on_hold"`));
    const moved = await owner.post(`/jobs/${job.id}/stage`, {from: 'on_hold', to: 'setting'},
        {headers: {referer: `${shop.url}/board?kind=custom`}});
    assert.equal(moved.expect(303).location, '/board?kind=custom', 'back to the board it was done on');
    assert.match((await owner.get('/board')).words, /Moved to Setting\./);
});

test('what was handed over this week is counted, and shown when asked for', async () => {
    const before = lane(await board(), 'collected').number;
    const job = await takeIn({title: 'Handed over'});
    await move(job, 'enquiry', 'collected');
    const cancelled = await takeIn({title: 'Given up'});
    await move(cancelled, 'enquiry', 'cancelled');
    const last = lane(await board(), 'collected');
    assert.equal(last.number, before + 1);
    assert.deepEqual(last.cards, []);
    assert.match((await owner.get('/board')).text, /class="fold" data-stage="collected"/);
    const open = lane(await board('?closed=1'), 'collected').cards.map((card) => card.title);
    assert.ok(open.includes('Handed over') && !open.includes('Given up'));
});

test('archived jobs show with the switch', async () => {
    const job = await takeIn({title: 'Put away'});
    (await owner.api('POST', `/jobs/${job.id}/archive`, {})).expect(200);
    const has = async (query) => lane(await board(query), 'enquiry').cards.some((card) => card.id === job.id);
    assert.equal(await has(''), false);
    assert.equal(await has('?archived=1'), true);
});

test('one person\'s jobs are picked out', async () => {
    const me = (await takeIn()).salesperson;
    const joe = (await bench.api('POST', '/jobs', {title: 'From the bench', customer_name: 'Ada Tan'}))
        .expect(201).json().salesperson;
    const count = async (staff) => (await board(`?salesperson=${staff}`)).lanes
        .reduce((sum, each) => sum + each.cards.length, 0);
    assert.ok(await count(me) > 1);
    assert.equal(await count(joe), 1);
    assert.match((await owner.get(`/board?salesperson=${joe}`)).words, /Mine/);
});

test('the bench sees no prices on it', async () => {
    const page = (await bench.get('/board')).expect(200);
    assert.doesNotMatch(page.text, /£|job-card-money/);
    assert.match((await owner.get('/board')).text, /job-card-money/);
    assert.equal(lane(await board('', bench), 'cad').value, null);
});

test('the board is filtered in the words of the list', async () => {
    const rush = await takeIn({title: 'Rush pendant', priority: 'rush', type: 'pendant'});
    const shown = async (query) => (await board(query)).lanes.flatMap((each) => each.cards.map((card) => card.id)).sort();
    const listed = async (query) => (await owner.api('GET', `/jobs${query}&kind=custom`)).json().rows.map((row) => row.id).sort();
    for (const query of ['?priority=rush', '?type=pendant', '?status=OH', '?held=1', '?due=none&status=QN', '?due=overdue', '?shelf=1'])
        assert.deepEqual(await shown(query), await listed(query), query);
    assert.ok((await shown('?priority=rush&type=pendant')).includes(rush.id));
    const page = (await owner.get('/board?priority=rush&type=pendant')).expect(200);
    assert.match(page.text, /href="\/board\?kind=custom&amp;type=pendant">Priority: Rush/);
    assert.match(page.text, /href="\/jobs\?kind=custom&amp;priority=rush&amp;type=pendant" aria-label="List"/);
    (await owner.api('GET', '/board?status=nowhere')).expect(422);
});

test('a folded lane stays folded for who folded it, and cards and lanes across are as one likes them', async () => {
    const page = (await owner.get('/board')).expect(200);
    (await owner.post('/board/fold', {kind: 'custom', stage: 'cad', folded: '1'})).expect(303);
    assert.equal(lane(await board(), 'cad').folded, true);
    assert.equal(lane(await board('', bench), 'cad').folded, false);
    const folded = (await owner.get('/board')).expect(200);
    assert.match(folded.text, /<p class="fold" data-stage="cad">/);
    assert.ok(folded.text.length < page.text.length);
    assert.doesNotMatch((await owner.get('/board?kind=repair')).text, /is-narrow/);
    (await owner.post('/board/fold', {kind: 'custom', stage: 'cad', folded: '0'})).expect(303);
    assert.equal(lane(await board(), 'cad').folded, false);
    (await owner.api('POST', '/board/fold', {kind: 'custom', stage: 'nowhere', folded: true})).expect(422);
    (await owner.api('POST', '/board/look', {lanes: 'colour'})).expect(422);
    (await owner.api('POST', '/board/look', {compact: true, lanes: 'salesperson'})).expect(200);
    const swims = (await owner.get('/board')).expect(200);
    assert.match(swims.text, /class="board is-compact"/);
    const cards = (text) => [...text.matchAll(/data-job="(\d+)"/g)].map((match) => match[1]).sort();
    assert.deepEqual(cards(swims.text), cards(page.text), 'each card once');
    assert.ok(swims.text.match(/class="swim"/g).length >= 2);
    (await owner.api('POST', '/board/look', {compact: false})).expect(200);
    assert.doesNotMatch((await owner.get('/board')).text, /is-compact|class="swim"/);
});

test('names are text, whatever they hold', async () => {
    await takeIn({title: '<img src=x onerror=alert(1)>', customer_name: '"><script>alert(2)</script>'});
    const page = (await owner.get('/board')).expect(200);
    assert.ok(!page.text.includes('<img src=x') && !page.text.includes('<script>alert'));
});

test('two hundred cards come on one page', async () => {
    for (let i = 0; i < 100; i++)
        await Promise.all([takeIn({kind: 'repair', title: `Repair ${i}`}), takeIn({kind: 'repair', title: `Chain ${i}`})]);
    assert.equal((await owner.get('/board?kind=repair')).expect(200).text.match(/data-job=/g).length, 200);
});

test('of a lane with more the most urgent are shown, and the list has the rest', async () => {
    const urgent = await takeIn({kind: 'repair', title: 'Clasp for tomorrow', priority: 'rush'});
    await takeIn({kind: 'repair', title: 'Clasp'});
    const page = (await owner.get('/board?kind=repair')).expect(200).text;
    assert.equal(page.match(/data-job=/g).length, 200);
    assert.match(page, new RegExp(`data-job="${urgent.id}"`));
    assert.match(page, /2 more\. <a class="link" href="\/jobs\?kind=repair&amp;stage=\w+">/);
    const lane = (await owner.api('GET', '/board?kind=repair')).expect(200).json().lanes[0];
    assert.deepEqual([lane.number, lane.cards.length], [202, 200]);
});

test('open pages hear of a move by themselves', async () => {
    const job = await takeIn({title: 'Live'});
    const stream = await bench.events('/live');
    await move(job, 'enquiry', 'cad');
    const ours = {topic: 'job', id: job.id}; // other things have the same number
    await stream.next((event) => event.data && isDeepStrictEqual(JSON.parse(event.data), ours));
    stream.close();
});
