// Appointments over HTTP: within opening hours, one of a kind, the customer told.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {eventually} from '../harness/index.mjs';
import {faults, startWorkshop} from './making.mjs';

let w, bench;
before(async () => {
    w = await startWorkshop();
    bench = await w.person('Joe', 'bench');
});
after(async () => {
    bench?.close();
    await w.stop();
});

/** The wall clock's time in the shop on the next such weekday (0: Sunday), `days` from now or later. */
function on(weekday, time, days = 2) {
    const day = new Date(Date.now() + days * 86400000);
    while (day.getUTCDay() !== weekday)
        day.setUTCDate(day.getUTCDate() + 1);
    return `${day.toISOString().slice(0, 10)}T${time}`;
}
/** The same as the API takes it. */
function instant(local) {
    const at = new Date(`${local}:00Z`);
    const hour = new Intl.DateTimeFormat('en-GB', {timeZone: 'Europe/London', hour: 'numeric', hourCycle: 'h23'}).format(at);
    return new Date(at - (Number(hour) - at.getUTCHours()) * 3600000).toISOString();
}
const at = (...when) => instant(on(...when));
const book = (job, body, client = w.owner) => client.api('POST', `/jobs/${job.id}/appointments`, body);
const list = async (job) => (await w.get(`/jobs/${job.id}/appointments`)).rows;
const order = () => w.order(null, {}, {customer_email: 'rohan@example.com'});

test('it is booked, stands on the job, and the customer is told', async () => {
    const job = await order();
    const made = (await book(job, {kind: 'consultation', at: at(3, '11:00'), note: 'Bring the old ring'})).expect(201).json();
    assert.deepEqual([made.kind, made.state, made.minutes, made.job], ['consultation', 'booked', 15, job.id]);
    assert.deepEqual((await list(job)).map((each) => each.id), [made.id]);
    assert.equal((await w.get(`/jobs/${job.id}`)).appointments.length, 1);
    const message = await eventually('the message', async () =>
        (await w.get('/messages')).rows.find((row) => row.job === job.id && row.kind === 'appointment'));
    assert.equal(message.to_address, 'rohan@example.com');
    assert.match((await w.owner.get(`/jobs/${job.id}`)).words, /Consultation ?,.*11:00/);
});

test('the page books it as a datetime field sends it', async () => {
    const job = await order();
    const answer = await w.owner.submit(`/jobs/${job.id}`, {kind: 'pickup', at: on(4, '10:30')},
        {form: `/jobs/${job.id}/appointments`});
    assert.match((await w.owner.follow(answer.expect(303))).words, /Booked; the customer is told/);
    const [made] = await list(job);
    const cancel = await w.owner.submit(`/jobs/${job.id}`, {}, {form: `/appointments/${made.id}/cancel`});
    assert.match((await w.owner.follow(cancel.expect(303))).words, /The appointment is cancelled/);
    assert.deepEqual(await list(job), []);
});

test('another of the same kind moves the first; another kind stands beside it', async () => {
    const job = await order();
    const first = (await book(job, {kind: 'pickup', at: at(3, '11:00')})).expect(201).json();
    const moved = (await book(job, {kind: 'pickup', at: at(4, '15:00'), minutes: 30})).expect(201).json();
    assert.equal(moved.id, first.id);
    assert.equal(moved.version, first.version + 1);
    assert.notEqual(moved.at, first.at);
    await book(job, {kind: 'consultation', at: at(3, '12:00')});
    assert.deepEqual((await list(job)).map((each) => each.kind), ['consultation', 'pickup']);
});

test('what cannot be is refused with the reason, and nothing is stored', async () => {
    const job = await order();
    const closed = on(4, '11:00', 10);
    await w.post('/settings/closures', {day: closed.slice(0, 10), reason: 'Stocktaking'});
    const bad = [
        [{}, 'at required'],
        [{at: '2020-01-01T11:00:00Z'}, 'at out_of_range'],
        [{at: at(3, '11:00', 400)}, 'at out_of_range'],
        [{at: at(3, '03:00')}, 'at closed'],
        [{at: at(0, '11:00')}, 'at closed'],
        [{at: instant(closed)}, 'at closed'],
        [{at: 'tomorrow'}, null],
        [{at: at(3, '11:00'), minutes: 3}, null],
        [{at: at(3, '11:00'), minutes: 1000}, null],
        [{at: at(3, '11:00'), kind: 'party'}, 'kind unknown_kind'],
    ];
    for (const [body, expected] of bad) {
        const found = faults(await book(job, body), 422);
        assert.ok(expected === null ? found.length > 0 : found.includes(expected), `${JSON.stringify(body)}: ${found}`);
    }
    assert.match((await book(job, {at: at(3, '03:00')})).text, /open from \d+:\d\d to \d+:\d\d/);
    assert.deepEqual(await list(job), []);
    assert.equal((await book({id: 987654}, {at: at(3, '11:00')})).expect(404).json().code, 'unknown_job');
});

test('a closed job has nothing to come for; what is cancelled stays so', async () => {
    const job = await order();
    const made = (await book(job, {at: at(3, '11:00')})).expect(201).json();
    assert.equal((await w.post(`/appointments/${made.id}/cancel`, {})).state, 'cancelled');
    assert.equal((await w.owner.api('POST', `/appointments/${made.id}/cancel`, {})).expect(409).json().code, 'not_booked');
    assert.equal((await w.owner.api('POST', '/appointments/987654/cancel', {})).expect(404).json().code,
        'unknown_appointment');
    await w.post(`/jobs/${job.id}/stage`, {from: 'enquiry', to: 'cancelled', note: 'Not now'});
    assert.equal((await book(job, {at: at(3, '11:00')})).expect(409).json().code, 'closed');
});

test('the bench books nothing', async () => {
    const job = await order();
    const made = (await book(job, {at: at(3, '11:00')})).expect(201).json();
    (await book(job, {at: at(4, '11:00')}, bench)).expect(403);
    (await bench.api('POST', `/appointments/${made.id}/cancel`, {})).expect(403);
    assert.equal((await list(job))[0].at, made.at);
});

test('the same request twice books once and tells once', async () => {
    const job = await order();
    const body = {at: at(3, '11:00')};
    for (let i = 0; i < 2; i++)
        (await w.owner.api('POST', `/jobs/${job.id}/appointments`, body, {key: 'appointment-once'})).expect(201);
    assert.equal((await list(job))[0].version, 1);
    assert.equal((await w.get('/messages')).rows.filter((row) => row.job === job.id).length, 1);
});
