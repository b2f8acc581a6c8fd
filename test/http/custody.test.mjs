// Where every envelope is: places, hand-overs by scan and by themselves, and the evening count.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {eventually, signIn, startShop} from '../harness/index.mjs';

let shop, owner, sales, bench, places;

before(async () => {
    shop = await startShop();
    owner = await signIn(shop);
    const person = async (name, role) => {
        const email = `${name.toLowerCase()}@example.com`;
        const password = 'evening-light-42';
        (await owner.api('POST', '/settings/staff', {name, email, role, password})).expect(201);
        return signIn(shop, email, password);
    };
    sales = await person('Priya', 'sales');
    bench = await person('Joe', 'bench');
    places = Object.fromEntries((await overview()).places.map((each) => [each.name, each.id]));
});
after(async () => {
    for (const client of [owner, sales, bench])
        client?.close();
    await shop.stop();
});

const overview = async () => (await owner.api('GET', '/custody')).expect(200).json();
/** "field code", or the code alone. */
function fault(answer) {
    const {code, errors = []} = answer.json();
    return errors.length > 0 ? `${errors[0].field} ${errors[0].code}` : code;
}
let number = 0;
async function takeIn(kind = 'custom', more = {}) {
    return (await owner.api('POST', '/jobs', {kind, title: `Ring of Hannah ${++number}`, type: 'ring',
        customer_name: 'Hannah Okafor', ...more})).expect(201).json();
}
/** By form at the counter, as only what is brought there has an envelope from the beginning. */
async function bringIn() {
    const answer = await owner.submit('/jobs/new?kind=repair', {kind: 'repair', title: `Clasp ${++number}`,
        customer_name: 'Ana Lund'}, {form: /intake|jobs/});
    answer.expect(303);
    const id = Number(/\/jobs\/(\d+)/.exec(answer.location)[1]);
    await eventually('it is where things are received', async () => (await where(id)).place === places.Safe);
    return id;
}
const trail = async (id) => (await owner.api('GET', `/jobs/${id}/custody`)).expect(200).json();
const where = async (id) => (await trail(id)).where;
const give = (client, id, from, to, more = {}) => client.api('POST', `/jobs/${id}/custody`, {from, to: String(to), ...more});
const label = (id) => `PL${String(id).padStart(5, '0')}`;
const six = (job) => String(job.number).padStart(6, '0');

test('a shop begins with a safe, a ready shelf, the courier and the customer', async () => {
    assert.deepEqual(Object.keys(places), ['Safe', 'Ready shelf', 'Courier', 'Customer']);
    assert.match((await bench.get('/custody')).expect(200).words, /Safe.*what is brought in goes here/);
});

test('a place is added, labelled, renamed, and archived only when nothing stands there', async () => {
    const made = await owner.submit('/custody/places/new', {name: 'Tray 3', kind: 'tray'}, {form: '/custody/places'});
    made.expect(303);
    const id = Number(made.location.split('/').at(-1));
    assert.equal((await owner.get(`${made.location}/label`)).expect(200).type, 'application/pdf');
    (await owner.submit(`${made.location}/edit`, {name: 'Tray 4'}, {form: made.location})).expect(303);
    const job = await takeIn();
    (await give(owner, job.id, null, id)).expect(200);
    const full = await owner.api('POST', `/custody/places/${id}/archive`);
    assert.deepEqual([full.status, fault(full)], [409, 'not_empty']);
    (await give(owner, job.id, id, places.Safe)).expect(200);
    (await owner.api('POST', `/custody/places/${id}/archive`)).expect(200);
    assert.equal(fault(await give(owner, job.id, places.Safe, id)), 'to archived_place');
    (await owner.api('POST', `/custody/places/${id}/restore`)).expect(200);
    assert.equal(fault(await owner.api('POST', `/custody/places/${places.Customer}/archive`)), 'customer_stays');
    assert.equal(fault(await owner.api('POST', `/custody/places/${places.Safe}/archive`)), 'receives');
    (await sales.api('POST', '/custody/places', {name: 'Mine', kind: 'tray'})).expect(403);
});

test('what is brought to the counter is where the shop receives things; what is only asked for is nowhere', async () => {
    const id = await bringIn();
    assert.equal((await trail(id)).rows[0].way, 'program');
    const job = await takeIn();
    assert.equal((await where(job.id)).place, null);
    assert.match((await owner.get(`/jobs/${id}`)).words, /At Safe/);
});

test('scanning envelopes and then a place moves them, and one undo takes all back', async () => {
    const jobs = [await takeIn(), await takeIn()];
    let page = await owner.get('/custody/scan');
    for (const job of jobs)
        page = await owner.follow(await owner.submit(page, {code: six(job)}, {form: '/custody/scan'}));
    assert.match(page.words, /2 envelopes in your hand/);
    const moved = await owner.submit(page, {code: label(places['Ready shelf'])}, {form: '/custody/scan'});
    page = await owner.follow(moved.expect(303));
    assert.match(page.words, /2 envelopes are now at Ready shelf/);
    for (const job of jobs)
        assert.deepEqual([(await where(job.id)).place_name, (await trail(job.id)).rows[0].way], ['Ready shelf', 'scan']);
    (await owner.submit(page, {}, {form: /batches.*undo/})).expect(303);
    for (const job of jobs) {
        const {where: now, rows} = await trail(job.id);
        assert.equal(now.place, null);
        assert.deepEqual(rows.map((each) => [each.way, each.undone]), [['undo', false], ['scan', true]]);
    }
});

test('a place scanned with nothing in hand, and a code of nobody, move nothing', async () => {
    const page = await owner.follow(await owner.submit('/custody/scan', {code: label(places.Safe)}, {form: '/custody/scan'}));
    assert.match(page.words, /nothing is in your hand/);
    const unknown = await owner.submit('/custody/scan', {code: 'ZZ-9 <b>'}, {form: '/custody/scan'});
    assert.equal(unknown.status, 422);
    assert.match(unknown.words, /“ZZ-9 <b>” is no envelope and no place of ours/);
});

test('a scanner whose keyboard is another understands the place all the same', async () => {
    const job = await takeIn();
    const page = await owner.follow(await owner.submit('/custody/scan', {code: 'àààà', keys: `]C0${six(job)}`},
        {form: '/custody/scan'}));
    assert.match(page.words, new RegExp(`1 envelope in your hand.*${job.title}`));
});

test('of two hand-overs at once one lands, the other is told where it is', async () => {
    const job = await takeIn();
    (await give(owner, job.id, null, places.Safe)).expect(200);
    const both = await Promise.all([give(owner, job.id, places.Safe, places['Ready shelf']),
        give(sales, job.id, places.Safe, places.Courier)]);
    const moved = both.map((each) => each.expect(200).json().moved);
    assert.deepEqual(moved.toSorted(), [0, 1]);
    const {where: now, rows} = await trail(job.id);
    assert.equal(now.place, moved[0] ? places['Ready shelf'] : places.Courier);
    assert.equal(rows.length, 2);
    const late = both[moved[0] ? 1 : 0].json();
    assert.equal(late.rows[0].place, now.place);
});

test('a hand-over says into whose hands, and goes to a vendor that was no place yet', async () => {
    const vendor = (await owner.api('POST', '/vendors', {name: 'Castwell', email: 'c@example.com', lead_days: 3}))
        .expect(201).json();
    const job = await takeIn();
    (await give(bench, job.id, null, `v${vendor.id}`, {whom: 'Their driver', note: 'Two waxes'})).expect(200);
    const {where: now, rows} = await trail(job.id);
    assert.deepEqual([now.place_name, now.whom, rows[0].note, rows[0].staff_name], ['Castwell', 'Their driver', 'Two waxes', 'Joe']);
    assert.equal((await overview()).places.find((each) => each.name === 'Castwell').held, 1);
    assert.equal(fault(await give(owner, job.id, now.place, 'x9')), 'to unknown_place');
    assert.equal(fault(await give(owner, job.id, now.place, 'v999')), 'vendor unknown_vendor');
});

test('what goes to a vendor with a request is at the vendor', async () => {
    const vendor = (await owner.api('POST', '/vendors', {name: 'Setwell', email: 's@example.com', lead_days: 3}))
        .expect(201).json();
    const [along, asked] = [await takeIn(), await takeIn()];
    for (const [job, piece] of [[along, true], [asked, false]])
        (await owner.api('POST', `/jobs/${job.id}/requests`, {vendor: vendor.id, subject: 'Set it', body: 'Please.',
            piece})).expect(201);
    await eventually('it is at the vendor', async () => (await where(along.id)).place_name === 'Setwell');
    assert.equal((await where(asked.id)).place, null);
});

test('collected goes to the customer; the undo and the reopening bring it back', async () => {
    const id = await bringIn();
    const stage = (from, to, note) => owner.api('POST', `/jobs/${id}/stage`, {from, to, note});
    (await stage('intake', 'ready')).expect(200);
    const done = (await stage('ready', 'completed')).expect(200).json();
    await eventually('the customer has it', async () => (await where(id)).place === places.Customer);
    (await owner.api('POST', done.undo)).expect(200);
    await eventually('it is back', async () => (await where(id)).place === places.Safe);
    (await stage('ready', 'completed')).expect(200);
    await eventually('the customer has it again', async () => (await where(id)).place === places.Customer);
    (await stage('completed', 'ready', 'The clasp again')).expect(200);
    await eventually('it is back for work', async () => (await where(id)).place === places.Safe);
});

test('a count names what is missing, what was not expected, and what was handed on', async () => {
    const tray = (await owner.api('POST', '/custody/places', {name: 'Tray 9', kind: 'tray'})).expect(201).json().id;
    const [there, missing, sent, stranger] = [await takeIn(), await takeIn(), await takeIn(), await takeIn()];
    for (const job of [there, missing, sent])
        (await give(owner, job.id, null, tray)).expect(200);
    (await give(owner, stranger.id, null, places.Safe)).expect(200);
    const begun = await owner.submit('/custody/counts', {place: tray}, {form: '/custody/counts'});
    begun.expect(303);
    const joined = (await sales.api('POST', '/custody/counts', {place: tray})).expect(201).json();
    assert.equal(`/custody/counts/${joined.id}`, begun.location);
    const scan = (client, code) => client.api('POST', `${begun.location}/scan`, {code});
    (await scan(owner, six(there))).expect(200);
    (await scan(sales, six(stranger))).expect(200);
    assert.equal(fault(await scan(owner, 'nonsense')), 'code unknown_code');
    (await give(owner, sent.id, tray, places.Courier)).expect(200);
    const again = await owner.follow(await owner.submit(begun.location, {code: six(there)}, {form: /scan/}));
    assert.match(again.words, /It was counted already/);
    const fates = async () => Object.fromEntries((await owner.api('GET', begun.location)).json().rows
        .map((each) => [each.job, each.fate]));
    assert.deepEqual(await fates(), {[there.id]: 'seen', [missing.id]: 'missing', [sent.id]: 'moved', [stranger.id]: 'elsewhere'});
    const closed = await owner.follow(await owner.submit(begun.location, {note: 'Looked twice', put_right: '1'}, {form: /close/}));
    assert.match(closed.words, new RegExp(`Missing 1 ${missing.title}`));
    assert.equal((await where(stranger.id)).place, tray);
    assert.deepEqual(await fates(), {[there.id]: 'seen', [missing.id]: 'missing', [sent.id]: 'moved', [stranger.id]: 'elsewhere'});
    assert.equal(fault(await scan(sales, six(missing))), 'closed');
    assert.match((await owner.get('/custody/counts')).words, /Tray 9.*1 missing/);
});

test('a count of the house knows where each was found, and what was scanned by mistake comes off', async () => {
    const job = await takeIn();
    (await give(owner, job.id, null, places.Safe)).expect(200);
    const count = (await bench.api('POST', '/custody/counts', {})).expect(201).json();
    const path = `/custody/counts/${count.id}`;
    let page = await bench.follow(await bench.submit(path, {code: label(places['Ready shelf'])}, {form: /scan/}));
    assert.match(page.words, /Counting at Ready shelf/);
    page = await bench.follow(await bench.submit(page, {code: six(job)}, {form: /scan/}));
    assert.match(page.words, /belongs at Safe/);
    const row = async () => (await owner.api('GET', path)).json().rows.find((each) => each.job === job.id);
    assert.deepEqual([(await row()).fate, (await row()).seen_name], ['elsewhere', 'Ready shelf']);
    (await bench.api('POST', `${path}/jobs/${job.id}/remove`)).expect(200);
    assert.equal((await row()).fate, 'missing');
    (await bench.api('POST', `${path}/close`, {})).expect(200);
});

test('a hand-over repeated with its key happens once', async () => {
    const job = await takeIn();
    const body = {from: null, to: String(places.Safe)};
    for (let i = 0; i < 2; i++)
        (await owner.api('POST', `/jobs/${job.id}/custody`, body, {key: `only-once-${job.id}`})).expect(200);
    assert.equal((await trail(job.id)).rows.length, 1);
});
