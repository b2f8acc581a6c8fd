// The workshop over HTTP: craftsmen, operations edited and done, plans and promises.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {eventually} from '../harness/index.mjs';
import {faults, useWorkshop} from './making.mjs';

let w, bench, sales;
useWorkshop((made) => ({w, bench, sales} = made));

const ring = {alloy: 'pt950', gem: 'sapphire', shape: 'oval', origin: 'natural', stone_carats: 200000};
const operations = async (job) => (await w.get(`/jobs/${job.id}/operations`)).operations;
const edit = (job, rows, client = w.owner) => client.api('POST', `/jobs/${job.id}/operations`, {operations: rows});
const names = (rows) => rows.map((each) => each.name);
const found = async (job) => (await w.get(`/jobs?q=${job.number}`)).rows.find((each) => each.id === job.id)
    ?? (await w.get(`/jobs?q=${job.number}&closed=1`)).rows.find((each) => each.id === job.id);
const end = (operation, body = {passed: true}, client = w.owner) =>
    client.api('POST', `/operations/${operation.id}/end`, body);

/** An order with three operations of its own: mount, set, check. */
async function small() {
    const job = await w.order();
    await w.post(`/jobs/${job.id}/operations`, {operations: [
        {name: 'Mount', craft: 'mounting', minutes: 60}, {name: 'Set', craft: 'setting', minutes: 40},
        {name: 'Last look', craft: 'quality', kind: 'quality', minutes: 10}]});
    return job;
}

test('operations are added in their order, each after the one before', async () => {
    const rows = await operations(await small());
    assert.deepEqual(names(rows), ['Mount', 'Set', 'Last look']);
    assert.deepEqual(rows.map((each) => each.after), [null, '1', '2']);
    assert.ok(rows.every((each) => each.planned_start && each.craftsman_name === 'Daniel Okafor'));
});

test('one between two others comes between them; a removed one leaves no gap', async () => {
    const job = await small();
    const [mount, set] = await operations(job);
    (await edit(job, [{id: mount.id, position: 1}, {position: 1, name: 'File', craft: 'mounting', minutes: 15},
        {id: set.id, position: 2}])).expect(200);
    let rows = await operations(job);
    assert.deepEqual(names(rows), ['Mount', 'File', 'Set', 'Last look']);
    assert.deepEqual(rows.map((each) => each.after), [null, '1', '2', '3']);
    (await edit(job, [{id: set.id, remove: true}])).expect(200);
    rows = await operations(job);
    assert.deepEqual(names(rows), ['Mount', 'File', 'Last look']);
    assert.deepEqual(rows.map((each) => each.after), [null, '1', '2']);
});

test('branches stay as they were unless the order changes', async () => {
    const job = await w.order('remodel', {gem: 'ruby', origin: 'natural'});
    const before = await operations(job);
    const waits = before.map((each) => each.after);
    assert.ok(waits.filter((each) => each === null).length > 1, 'what was brought is looked at beside the drawing');
    (await edit(job, [{id: before[0].id, minutes: 33}])).expect(200);
    assert.deepEqual((await operations(job)).map((each) => each.after), waits);
    (await edit(job, [{id: before[1].id, position: 1}, {id: before[0].id, position: 2}])).expect(200);
    assert.deepEqual((await operations(job)).map((each) => each.after).slice(0, 4), [null, '1', '2', '3']);
});

test('what each waits for can be said', async () => {
    const job = await small();
    const rows = await operations(job);
    (await edit(job, rows.map((each, i) => ({id: each.id, position: i + 1, after: i === 2 ? '1 2' : ''})))).expect(200);
    assert.deepEqual((await operations(job)).map((each) => each.after), [null, null, '1 2']);
    assert.deepEqual(faults(await edit(job, rows.map((each, i) => ({id: each.id, position: i + 1, after: '3'}))), 422)[0],
        'operations.0.after unknown_operation');
});

test('bad rows are refused at their fields and nothing changes', async () => {
    const job = await small();
    const before = await operations(job);
    const bad = [
        [{craft: 'setting'}, 'operations.0.name required'],
        [{name: 'Polish'}, 'operations.0.craft required'],
        [{name: 'Polish', craft: 'juggling'}, 'operations.0.craft unknown_craft'],
        [{name: 'Polish', craft: 'polishing', minutes: -5}, 'operations.0.minutes too_small'],
        [{name: 'Polish', craft: 'polishing', lead_days: 4000}, 'operations.0.lead_days too_large'],
        [{name: 'Polish', craft: 'polishing', craftsman: 987654}, 'operations.0.craftsman unknown_craftsman'],
        [{name: 'Polish', craft: 'polishing', vendor: 987654}, 'operations.0.vendor unknown_vendor'],
    ];
    for (const [row, expected] of bad)
        assert.deepEqual(faults(await edit(job, [row]), 422), [expected]);
    assert.equal((await edit(job, [{id: 987654, minutes: 5}])).expect(409).json().code, 'changed');
    assert.equal((await edit(job, [{id: before[0].id, minutes: 5, version: 99}])).expect(409).json().code, 'changed');
    assert.deepEqual(await operations(job), before);
});

test("another job's operation is not this one's", async () => {
    const [other] = await operations(await small());
    const job = await small();
    assert.equal((await edit(job, [{id: other.id, minutes: 1}])).expect(409).json().code, 'changed');
});

test('who is named does it, whoever else is free', async () => {
    const job = await small();
    const rows = await operations(job);
    (await edit(job, [{id: rows[0].id, craftsman: w.ines.id}])).expect(200);
    let [mount] = await operations(job);
    assert.equal(mount.craftsman_name, 'Ines Duarte');
    assert.equal(mount.pinned, true);
    await w.post(`/jobs/${job.id}/plan`, {});
    [mount] = await operations(job);
    assert.equal(mount.craftsman_name, 'Ines Duarte');
    (await edit(job, [{id: mount.id}])).expect(200);
    [mount] = await operations(job);
    assert.equal(mount.pinned, false);
    assert.equal(mount.craftsman_name, 'Daniel Okafor');
});

test('a plan gives days in working hours, and a promise behind the bench', async () => {
    const job = await w.order('halo', ring);
    const planned = await w.post(`/jobs/${job.id}/plan`, {promise: true});
    assert.equal(planned.tentative, true);
    assert.ok(planned.bench_day < planned.promised_day);
    let last = 0;
    for (const each of planned.operations) {
        const start = Date.parse(each.planned_start), finish = Date.parse(each.planned_end);
        assert.ok(start >= last && finish >= start, each.name);
        last = finish;
        if (each.craftsman)
            assert.notEqual(new Date(start).getUTCDay(), 0, 'the shop is closed on Sundays');
    }
    assert.ok(new Date(last).toISOString().slice(0, 10) <= planned.promised_day);
    assert.equal((await found(job)).promised_day, planned.promised_day);
});

test('a promise that was given stays, unless it is asked for', async () => {
    const job = await small();
    const given = (await found(job)).promised_day;
    assert.ok(given);
    const [mount] = await operations(job);
    (await edit(job, [{id: mount.id, minutes: 6000}])).expect(200);
    assert.equal((await found(job)).promised_day, given);
    const planned = await w.post(`/jobs/${job.id}/plan`, {promise: true});
    assert.ok(planned.promised_day > given);
});

test('stones that come late hold setting back', async () => {
    const job = await w.order('solitaire', ring);
    const checked = await w.post(`/jobs/${job.id}/materials`, {});
    const stone = checked.materials.find((each) => each.kind === 'stone');
    const planned = await w.post(`/jobs/${job.id}/plan`, {});
    const set = planned.operations.find((each) => each.craft === 'setting');
    assert.ok(set.planned_start.slice(0, 10) > stone.expected_day);
});

test('a firm plan holds its time, a tentative one does not', async () => {
    const free = async () => {
        const job = await small();
        return {job, at: (await operations(job))[0].planned_start};
    };
    const first = await free(), second = await free();
    assert.equal(second.at, first.at, 'two tentative plans may stand in the same place');
    await w.post(`/jobs/${first.job.id}/stage`, {from: 'enquiry', to: 'deposit_received'});
    const [mount] = await operations(first.job);
    await eventually('its time to be held', async () => (await w.get(`/workshop?from=${mount.planned_start.slice(0, 10)}`))
        .lanes.flatMap((lane) => lane.entries).find((each) => each.id === mount.id).tentative === false);
    const third = await free();
    assert.ok(third.at > first.at, `${third.at} ${first.at}`);
});

test('a craft that nobody has is told by name', async () => {
    const job = await w.order();
    const answer = (await edit(job, [{name: 'Hallmark here', craft: 'assay', minutes: 10}])).expect(200);
    assert.equal(answer.json().operations[0].planned_start, null);
    const plan = await w.owner.api('POST', `/jobs/${job.id}/plan`, {});
    assert.equal(plan.expect(422).json().code, 'no_craftsman');
    assert.match(plan.text, /Hallmark here/);
    const bare = await w.order();
    assert.equal((await w.owner.api('POST', `/jobs/${bare.id}/plan`, {})).expect(422).json().code, 'no_operations');
});

test('an approval moves the order to setting', async () => {
    const job = await w.order('solitaire', ring);
    const approval = (await operations(job)).find((each) => each.kind === 'customer');
    const refused = (await end(approval, {passed: false, note: 'A lower gallery'})).expect(200).json();
    assert.equal(refused.state, 'failed');
    assert.equal((await found(job)).stage, 'enquiry');
    assert.equal((await end(approval)).expect(200).json().state, 'done');
    assert.equal((await found(job)).stage, 'setting');
});

test('the last check moves it to ready, and what was not recorded is skipped', async () => {
    const job = await small();
    const [mount, set, last] = await operations(job);
    (await bench.api('POST', `/operations/${mount.id}/start`, {})).expect(200);
    (await end(mount, {passed: true, actual: 75}, bench)).expect(200);
    assert.equal((await end(last, {passed: true}, bench)).expect(200).json().state, 'done');
    assert.equal((await found(job)).stage, 'ready');
    const rows = await operations(job);
    assert.deepEqual(rows.map((each) => each.state), ['done', 'skipped', 'done']);
    assert.equal(rows[0].actual, 75);
    assert.equal(set.state, 'planned');
});

test('an earlier check that is open holds it', async () => {
    const job = await w.order('solitaire', ring);
    const checks = (await operations(job)).filter((each) => each.kind === 'quality');
    (await end(checks.at(-1))).expect(200);
    assert.equal((await found(job)).stage, 'enquiry');
});

test('a check that is not passed keeps the job where it is and needs a note', async () => {
    const job = await small();
    const last = (await operations(job)).at(-1);
    assert.deepEqual(faults(await end(last, {passed: false}), 422), ['note required']);
    assert.equal((await operations(job)).at(-1).state, 'planned');
    const failed = (await end(last, {passed: false, note: 'A claw is loose'})).expect(200).json();
    assert.equal(failed.state, 'failed');
    assert.equal(failed.note, 'A claw is loose');
    assert.equal((await found(job)).stage, 'enquiry');
    (await end(last)).expect(200);
    assert.equal((await found(job)).stage, 'ready');
});

test('switched off, nothing moves by itself', async () => {
    const shop = await w.get('/settings/shop');
    const version = async () => (await w.get('/settings/shop')).version;
    const settable = Object.fromEntries(Object.entries(shop).filter(([name]) =>
        !['currency', 'logo', 'demo', 'created_at'].includes(name)));
    await w.post('/settings/shop', {...settable, auto_ready: false, auto_approval: false});
    const job = await small();
    (await end((await operations(job)).at(-1))).expect(200);
    assert.equal((await found(job)).stage, 'enquiry');
    const order = await w.order('solitaire', ring);
    (await end((await operations(order)).find((each) => each.kind === 'customer'))).expect(200);
    assert.equal((await found(order)).stage, 'enquiry');
    await w.post('/settings/shop', {...settable, version: await version()});
});

test('what has ended ends once; what is closed or held is left alone', async () => {
    const job = await small();
    const [mount] = await operations(job);
    (await end(mount)).expect(200);
    assert.equal((await end(mount)).expect(409).json().code, 'ended');
    assert.equal((await w.owner.api('POST', `/operations/${mount.id}/start`, {})).expect(409).json().code, 'ended');
    const held = await small();
    await w.post(`/jobs/${held.id}/stage`, {from: 'enquiry', to: 'on_hold', note: 'travelling'});
    assert.equal((await end((await operations(held))[0])).expect(409).json().code, 'not_open');
    (await end({id: 987654})).expect(404);
    (await w.owner.api('POST', '/operations/987654/start', {})).expect(404);
});

test('begun operations keep their names and stay', async () => {
    const job = await small();
    const [mount] = await operations(job);
    (await w.owner.api('POST', `/operations/${mount.id}/start`, {})).expect(200);
    assert.equal((await w.owner.api('POST', `/operations/${mount.id}/start`, {})).expect(409).json().code, 'started');
    assert.equal((await edit(job, [{id: mount.id, name: 'Other'}])).expect(409).json().code, 'begun');
    assert.equal((await edit(job, [{id: mount.id, remove: true}])).expect(409).json().code, 'begun');
    (await edit(job, [{id: mount.id, minutes: 90}])).expect(200);
    assert.equal((await operations(job))[0].minutes, 90);
});

test('a cancelled job frees the bench, and its undo plans it again', async () => {
    const job = await small();
    const moved = await w.post(`/jobs/${job.id}/stage`, {from: 'enquiry', to: 'cancelled', note: 'no'});
    await eventually('its operations to be skipped', async () =>
        (await operations(job)).every((each) => each.state === 'skipped' && each.planned_start === null));
    await w.post(moved.undo, {});
    await eventually('its operations to be planned', async () =>
        (await operations(job)).every((each) => each.state === 'planned'));
});

test('the agenda shows who does what, and no prices', async () => {
    const job = await small();
    const agenda = (await bench.api('GET', '/workshop')).expect(200).json();
    assert.deepEqual(agenda.lanes.filter((lane) => lane.craftsman).map((lane) => lane.name), ['Daniel Okafor', 'Ines Duarte']);
    const [mount] = await operations(job);
    const week = await w.get(`/workshop?from=${mount.planned_start.slice(0, 10)}`);
    const entry = week.lanes.flatMap((lane) => lane.entries).find((each) => each.id === mount.id);
    assert.equal(entry.title, 'Sapphire ring');
    assert.equal(entry.tentative, true);
    const page = (await bench.get('/workshop')).expect(200);
    assert.doesNotMatch(page.words, /£|Rohan/);
    assert.deepEqual(faults(await w.owner.api('GET', '/workshop?from=soon'), 422), ['from not_a_day']);
});

test("one's own bench comes first", async () => {
    const staff = (await w.get('/settings/staff')).rows.find((each) => each.name === 'Joe');
    const joe = await w.post('/settings/craftsmen', {name: 'Zoe Joe', staff: staff.id, crafts: [{craft: 'casting', speed: 100}]});
    const agenda = (await bench.api('GET', '/workshop')).json();
    assert.equal(agenda.lanes[0].name, 'Zoe Joe');
    assert.equal(agenda.lanes[0].own, true);
    assert.deepEqual(faults(await w.owner.api('POST', '/settings/craftsmen', {name: 'Another', staff: staff.id}), 422), ['staff taken']);
    (await w.owner.api('POST', `/settings/craftsmen/${joe.id}`, {name: 'Zoe Joe', active: false, version: joe.version})).expect(200);
});

test('a craftsman has crafts, hours with a break, and absences', async () => {
    const made = await w.post('/settings/craftsmen', {name: 'Marta Kowalczyk', crafts: [{craft: 'mounting', speed: 150}],
        hours: [{weekday: 0, starts: 540, ends: 720}, {weekday: 0, starts: 780, ends: 1020}],
        absences: [{from_day: '2099-12-24', to_day: '2100-01-02', reason: 'Christmas'}]});
    assert.equal(made.hours.length, 2);
    assert.equal(made.absences[0].reason, 'Christmas');
    const again = await w.post(`/settings/craftsmen/${made.id}`, {name: 'Marta K.', active: true, version: made.version,
        crafts: made.crafts, hours: made.hours.slice(0, 1)});
    assert.equal(again.hours.length, 1);
    assert.equal(again.absences.length, 0);
    assert.equal((await w.owner.api('POST', `/settings/craftsmen/${made.id}`, {name: 'X', version: made.version})).expect(409).json().code, 'changed');
    await w.post(`/settings/craftsmen/${made.id}`, {name: 'Marta K.', active: false, version: again.version});
});

test('hours and absences that cannot be are refused at their fields', async () => {
    const make = (more) => w.owner.api('POST', '/settings/craftsmen', {name: 'Nobody', ...more});
    const bad = [
        [{name: ''}, 'name required'],
        [{crafts: [{craft: 'juggling', speed: 100}]}, 'crafts.0.craft unknown_craft'],
        [{crafts: [{craft: 'setting', speed: 5}]}, 'crafts.0.speed too_small'],
        [{hours: [{weekday: 7, starts: 1, ends: 2}]}, 'hours.0.weekday too_large'],
        [{hours: [{weekday: 1, starts: 600, ends: 540}]}, 'hours.0.ends ends_before'],
        [{hours: [{weekday: 1, starts: 600}]}, 'hours.0.ends required'],
        [{hours: [{weekday: 1, starts: 540, ends: 720}, {weekday: 1, starts: 700, ends: 900}]}, 'hours.1.ends overlaps'],
        [{absences: [{from_day: '2099-02-02', to_day: '2099-02-01'}]}, 'absences.0.to_day ends_before'],
        [{absences: [{from_day: '2099-02-02'}]}, 'absences.0.to_day required'],
        [{absences: [{from_day: '2099-02-30', to_day: '2099-03-01'}]}, 'absences.0.from_day not_a_day'],
        [{staff: 987654}, 'staff unknown_staff'],
    ];
    for (const [more, expected] of bad)
        assert.deepEqual(faults(await make(more), 422), [expected]);
    assert.ok(!(await w.get('/settings/craftsmen')).craftsmen.some((each) => each.name === 'Nobody'));
});

test('planning follows absences', async () => {
    const only = await w.post('/settings/craftsmen', {name: 'Engraver', crafts: [{craft: 'casting', speed: 100}]});
    const job = await w.order();
    await w.post(`/jobs/${job.id}/operations`, {operations: [{name: 'Pour', craft: 'casting', minutes: 30}]});
    const before = (await operations(job))[0].planned_start.slice(0, 10);
    const away = new Date(Date.parse(before) + 9 * 86400000).toISOString().slice(0, 10);
    await w.post(`/settings/craftsmen/${only.id}`, {name: 'Engraver', active: true, version: only.version, crafts: only.crafts,
        absences: [{from_day: new Date().toISOString().slice(0, 10), to_day: away}]});
    await w.post(`/jobs/${job.id}/plan`, {});
    assert.ok((await operations(job))[0].planned_start.slice(0, 10) > away);
});

test('who may what', async () => {
    const job = await small();
    const [mount] = await operations(job);
    for (const path of ['/settings/craftsmen', `/settings/craftsmen/${w.ines.id}`])
        for (const client of [bench, sales])
            (await client.api('GET', path)).expect(403);
    (await bench.api('POST', '/settings/craftsmen', {name: 'Me'})).expect(403);
    const {operations: rows} = (await edit(job, [{id: mount.id, minutes: 61}], bench)).expect(200).json();
    assert.ok(rows.every((each) => !('cost' in each)));
    (await w.owner.api('GET', '/settings/craftsmen/987654')).expect(404);
    (await w.owner.api('POST', '/settings/craftsmen/987654', {name: 'X', version: 1})).expect(409, 404);
});

test('who does not see costs changes none', async () => {
    const job = await w.order('solitaire', ring);
    const cast = (await operations(job)).find((each) => each.craft === 'casting');
    (await edit(job, [{id: cast.id, vendor: cast.vendor, cost: 7700}])).expect(200);
    (await edit(job, [{id: cast.id, vendor: cast.vendor, lead_days: 5}], bench)).expect(200);
    assert.equal((await operations(job)).find((each) => each.id === cast.id).cost, 7700);
});

test('in the browser: change, add, remove, start, end', async () => {
    const job = await small();
    const at = `/jobs/${job.id}/operations`;
    const saved = await w.owner.submit(at, {'operations.0.minutes': '1:15', 'operations.1.remove': '1',
        'operations.3.name': 'Polish', 'operations.3.craft': 'polishing', 'operations.3.minutes': '20'}, {form: at});
    assert.equal(saved.status, 303, String(saved));
    assert.match((await w.owner.follow(saved)).words, /Operations saved. It could be done by/);
    const rows = await operations(job);
    assert.deepEqual(names(rows), ['Mount', 'Last look', 'Polish']);
    assert.equal(rows[0].minutes, 75);
    assert.equal(rows[0].pinned, false);
    const refused = await w.owner.submit(at, {'operations.0.name': '', 'operations.0.minutes': 'long'}, {form: at});
    assert.match(refused.expect(422).text, /value="long"/);
    const started = await w.owner.submit(at, {}, {form: `/operations/${rows[0].id}/start`});
    assert.match((await w.owner.follow(started)).words, /“Mount” is under way/);
    const unsaid = await w.owner.submit(at, {}, {form: `/operations/${rows[0].id}/end`, button: 'Must be done again'});
    assert.match(unsaid.expect(422).words, /Say what has to be put right/);
    const ended = await w.owner.submit(at, {actual: '80'}, {form: `/operations/${rows[0].id}/end`, button: 'Done'});
    assert.match((await w.owner.follow(ended)).words, /“Mount” done/);
    assert.equal((await operations(job))[0].actual, 80);
});

test('in the browser: a craftsman', async () => {
    const made = await w.owner.submit('/settings/craftsmen/new', {name: 'Theo Bell', 'crafts.3.speed': '120',
        'hours.0.starts': '9:00', 'hours.0.ends': '12:30', 'hours.1.starts': '13:30', 'hours.1.ends': '17:00',
        'absences.0.from_day': '2099-08-01', 'absences.0.to_day': '2099-08-14'}, {form: '/settings/craftsmen'});
    assert.equal(made.status, 303, String(made));
    assert.match((await w.owner.follow(made)).words, /Theo Bell saved/);
    const theo = (await w.get('/settings/craftsmen')).craftsmen.find((each) => each.name === 'Theo Bell');
    assert.deepEqual(theo.crafts, [{craft: 'setting', speed: 120}]);
    assert.deepEqual(theo.hours, [{weekday: 0, starts: 540, ends: 750}, {weekday: 0, starts: 810, ends: 1020}]);
    const refused = await w.owner.submit(`/settings/craftsmen/${theo.id}`, {'hours.1.ends': ''}, {form: `/settings/craftsmen/${theo.id}`});
    assert.match(refused.expect(422).text, /id="f-hours-1-ends-e"/);
    (await w.owner.submit(`/settings/craftsmen/${theo.id}`, {'absences.0.from_day': '', 'absences.0.to_day': '', active: undefined},
        {form: `/settings/craftsmen/${theo.id}`})).expect(303);
    const gone = await w.get(`/settings/craftsmen/${theo.id}`);
    assert.equal(gone.active, false);
    assert.equal(gone.absences.length, 0);
    assert.equal(gone.hours.length, 2);
});
