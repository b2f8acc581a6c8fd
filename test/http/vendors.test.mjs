// Vendors, what is asked of them for a job, and what they answer.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {eventually, signIn, startMailServer, startShop} from '../harness/index.mjs';

let shop, owner, sales, bench;

before(async () => {
    shop = await startShop();
    owner = await signIn(shop);
    const person = async (name, role) => {
        const email = `${name}@example.com`;
        const password = 'evening-light-42';
        (await owner.api('POST', '/settings/staff', {name, email, role, password})).expect(201);
        return signIn(shop, email, password);
    };
    sales = await person('priya', 'sales');
    bench = await person('joe', 'bench');
});
after(async () => {
    for (const client of [owner, sales, bench])
        client?.close();
    await shop.stop();
});

const codes = (answer) => (answer.json().errors ?? []).map((each) => [each.field, each.code].join(' '));
let number = 0;
async function vendor(more = {}) {
    return (await owner.api('POST', '/vendors', {name: `Vendor ${++number}`, email: `v${number}@example.com`,
        lead_days: 4, ...more})).expect(201).json();
}
async function takeIn() {
    return (await owner.api('POST', '/jobs', {kind: 'custom', title: 'Halo ring for Hannah', type: 'ring',
        template: 'halo', customer_name: `Hannah Okafor ${++number}`})).expect(201).json();
}
const job = async (id) => (await owner.api('GET', `/jobs/${id}/requests`)).expect(200).json();
async function statusOf(id) {
    const row = (await owner.api('GET', '/jobs')).expect(200).json().rows.find((each) => each.id === id);
    return row.status;
}
const draft = (to, more = {}) => ({vendor: to.id, subject: 'Request', body: 'What does it cost?', ...more});

test('a vendor is added by form, listed by name, edited and archived', async () => {
    const answer = await owner.submit('/vendors/new', {name: 'Amara Gems', email: 'sales@amara.example',
        gem: 'sapphire', lead_days: '3', cutoff: '15:00'}, {form: '/vendors'});
    answer.expect(303);
    const made = (await owner.api('GET', answer.location)).expect(200).json();
    assert.deepEqual([made.name, made.gem, made.lead_days, made.cutoff], ['Amara Gems', 'sapphire', 3, 900]);
    (await owner.submit(answer.location, {lead_days: '5'}, {form: answer.location})).expect(303);
    assert.equal((await owner.api('GET', answer.location)).json().lead_days, 5);
    assert.match((await owner.get('/vendors')).words, /Amara Gems/);
    (await owner.submit(answer.location, {}, {form: /archive/})).expect(303);
    await owner.get('/vendors'); // the note that it was archived is told once
    assert.doesNotMatch((await owner.get('/vendors')).words, /Amara Gems/);
    assert.match((await owner.get('/vendors?archived=1')).words, /Amara Gems/);
    (await owner.api('POST', `${answer.location}/restore`)).expect(200);
});

test('two who change a vendor at once: the second is told', async () => {
    const made = await vendor();
    const {id, archived_at, created_at, ...rest} = made;
    (await owner.api('POST', `/vendors/${id}`, {...rest, note: 'first'})).expect(200);
    (await owner.api('POST', `/vendors/${id}`, {...rest, note: 'second'})).expect(409);
    assert.equal((await owner.api('GET', `/vendors/${id}`)).json().note, 'first');
});

test('bad vendors are refused at their fields and none is stored', async () => {
    const before = (await owner.api('GET', '/vendors')).json().rows.length;
    for (const [body, code] of [[{name: ''}, 'name required'], [{email: 'x'}, 'email not_an_email'],
        [{craft: 'cooking'}, 'craft unknown_craft'], [{lead_days: 366}, 'lead_days too_large'],
        [{lead_days: -1}, 'lead_days too_small'], [{cutoff: 1440}, 'cutoff too_large'],
        [{id: 5}, 'id read_only']]) {
        const answer = (await owner.api('POST', '/vendors', {name: 'X', ...body})).expect(422);
        assert.ok(codes(answer).includes(code), `${JSON.stringify(body)}: ${answer}`);
    }
    assert.equal((await owner.api('GET', '/vendors')).json().rows.length, before);
    (await owner.api('GET', '/vendors/999999')).expect(404);
    (await owner.api('POST', '/vendors/999999/archive')).expect(404);
});

test('vendors are read a page at a time', async () => {
    for (let i = 0; i < 55; i++)
        await vendor({name: `Zz ${String(i).padStart(2, '0')}`});
    const first = (await owner.api('GET', '/vendors')).json();
    assert.equal(first.rows.length, 50);
    const second = (await owner.api('GET', first.next)).json();
    assert.ok(second.rows.length > 0 && second.rows[0].name >= first.rows[49].name);
    assert.ok(!second.rows.some((each) => first.rows.some((one) => one.id === each.id)));
});

test('a request is mailed from the job, logged, and sets the job to AVQ', async () => {
    const to = await vendor();
    const order = await takeIn();
    const answer = await owner.submit(`/jobs/${order.id}/requests?vendor=${to.id}`,
        {subject: 'Oval sapphire', body: 'An oval of 9 × 7 mm, please.', needed_by: '2031-03-01'},
        {form: `/jobs/${order.id}/requests`});
    answer.expect(303);
    const {requests} = await job(order.id);
    assert.deepEqual([requests[0].vendor, requests[0].state, requests[0].needed_by, requests[0].staff_name],
        [to.id, 'sent', '2031-03-01', shop.owner.name]);
    assert.equal(await statusOf(order.id), 'AVQ');
    const message = (await owner.api('GET', `/messages/${requests[0].message}`)).expect(200).text;
    assert.match(message, /An oval of 9/);
    assert.match(message, new RegExp(to.email));
    assert.match((await owner.get('/requests')).words, /Oval sapphire/);
});

test('the draft names what the job lacks and nothing of its customer', async () => {
    const to = await vendor();
    const order = await takeIn();
    (await owner.api('POST', `/jobs/${order.id}/specification/template`, {template: 'halo'})).expect(200, 201);
    const {draft: text, lacking} = (await owner.api('GET', `/jobs/${order.id}/requests?vendor=${to.id}`))
        .expect(200).json();
    assert.match(text.body, /Request|quote us for our order #\d{6}/);
    assert.doesNotMatch(text.subject + text.body, /Hannah|Okafor|£/);
    assert.ok(lacking.length > 0);
    for (const each of lacking)
        assert.ok(['needed', 'to_order'].includes(each.state));
    const caster = await vendor({craft: 'casting', metal: 'gold'});
    const all = (await owner.api('GET', `/jobs/${order.id}/requests`)).json().draft.body;
    for (const each of lacking)
        assert.ok(all.includes(each.name), `${each.name} is not in ${all}`);
    const work = (await owner.api('GET', `/jobs/${order.id}/requests?vendor=${caster.id}`)).json().draft.body;
    assert.match(work, /Hello Vendor/);
});

test('an answer is written down; when nobody else is waited for, the job is ours to quote', async () => {
    const [one, two] = [await vendor(), await vendor()];
    const order = await takeIn();
    for (const to of [one, two])
        (await owner.api('POST', `/jobs/${order.id}/requests`, draft(to))).expect(201);
    const [second, first] = (await job(order.id)).requests;
    (await owner.submit(`/jobs/${order.id}/requests`, {price: '1,850.00', days: '4', note: 'Held for a week'},
        {form: `/requests/${first.id}/answer`})).expect(303);
    assert.equal(await statusOf(order.id), 'AVQ'); // the other is still asked
    const answered = (await job(order.id)).requests.find((each) => each.id === first.id);
    assert.deepEqual([answered.state, answered.answer_price, answered.answer_days, answered.answer_note],
        ['answered', 185000, 4, 'Held for a week']);
    (await owner.api('POST', `/requests/${second.id}/cancel`)).expect(200);
    assert.equal(await statusOf(order.id), 'QN');
    (await owner.api('POST', `/requests/${second.id}/answer`, {price: 1})).expect(409);
    (await owner.api('POST', `/requests/${first.id}/cancel`)).expect(409);
    (await owner.api('POST', `/requests/${first.id}/answer`, {price: 190000})).expect(200); // corrected
});

test('a request that is withdrawn before its mail leaves takes the mail back', async () => {
    const to = await vendor({name: 'Amara & Daughters'});
    const order = await takeIn();
    const asked = (await owner.api('POST', `/jobs/${order.id}/requests`, draft(to))).expect(201).json();
    assert.equal(asked.message_state, 'waiting'); // no mail server yet
    const gone = await owner.submit(`/jobs/${order.id}/requests`, {},
        {form: `/requests/${asked.id}/answer`, button: 'No longer needed'});
    const page = (await owner.follow(gone.expect(303))).expect(200);
    assert.match(page.words, /The mail had not left: it was withdrawn/);
    assert.doesNotMatch(page.words, /has the request/);
    const now = (await job(order.id)).requests[0];
    assert.deepEqual([now.state, now.message_state], ['cancelled', 'withdrawn']);
    const message = (await owner.api('GET', `/messages/${now.message}`)).expect(200).json();
    assert.equal(message.state, 'withdrawn');
    const listed = (await owner.api('GET', '/messages')).expect(200).json().rows
        .find((each) => each.id === message.id);
    assert.equal(listed.state, 'withdrawn');
    assert.equal(await statusOf(order.id), 'QN');
    (await owner.api('POST', `/requests/${asked.id}/cancel`)).expect(200); // again: nothing more
});

test('what the vendor has is not withdrawn, and the page says so', async (t) => {
    const mail = await startMailServer();
    t.after(() => mail.stop());
    const server = async (port) => owner.api('POST', '/settings/mail', {host: '127.0.0.1', port,
        security: 'none', from_address: 'shop@hartwell.example',
        version: (await owner.api('GET', '/settings/mail')).json().version ?? 0});
    (await server(mail.port)).expect(200, 201);
    const to = await vendor();
    const order = await takeIn();
    const ask = async () => (await owner.api('POST', `/jobs/${order.id}/requests`, draft(to))).expect(201).json();
    const cancel = async (request) => (await owner.api('POST', `/requests/${request.id}/cancel`)).expect(200).json();
    const fate = async (request, state) => eventually(`the mail to be ${state}`, async () =>
        (await job(order.id)).requests.find((each) => each.id === request.id).message_state === state);

    const sent = await ask();
    await fate(sent, 'sent');
    const cancelled = await cancel(sent);
    assert.deepEqual([cancelled.state, cancelled.message_state], ['cancelled', 'sent']);
    assert.equal((await owner.api('GET', `/messages/${sent.message}`)).json().state, 'sent');
    assert.match((await owner.get(`/jobs/${order.id}/requests`)).words,
        new RegExp(`${to.name} has the request: the mail left before it was cancelled`));

    // One that was refused, and is sent again by hand while the server is busy: the repeat goes back.
    mail.refuse({at: 'to', code: 550, times: 1});
    const refused = await ask();
    await fate(refused, 'failed');
    mail.refuse({at: 'to', code: 451, times: 100});
    const again = (await owner.api('POST', `/messages/${refused.message}/resend`)).expect(200, 201).json();
    await fate(refused, 'waiting');
    await eventually('it to be tried', async () =>
        (await owner.api('GET', `/messages/${again.id}`)).json().attempts > 0);
    await eventually('it to wait', async () =>
        (await owner.api('GET', `/messages/${again.id}`)).json().state === 'waiting');
    await cancel(refused);
    assert.equal((await owner.api('GET', `/messages/${again.id}`)).json().state, 'withdrawn');
    assert.equal((await owner.api('GET', `/messages/${refused.message}`)).json().state, 'failed');
    assert.match((await owner.get(`/jobs/${order.id}/requests`)).words, new RegExp(`never reached ${to.name}`));
    assert.equal(mail.messages.filter((each) => each.to.text.includes(to.email)).length, 1);
});

test('what cannot be asked or answered is refused and nothing is sent', async () => {
    const silent = await vendor({email: undefined});
    const gone = await vendor();
    (await owner.api('POST', `/vendors/${gone.id}/archive`)).expect(200);
    const to = await vendor();
    const order = await takeIn();
    for (const [body, code] of [[draft(silent), 'vendor no_email'], [draft(gone), 'vendor unknown_vendor'],
        [draft({id: 999999}), 'vendor unknown_vendor'], [draft(to, {subject: ''}), 'subject required'],
        [draft(to, {body: ''}), 'body required'], [draft(to, {needed_by: '2031-02-30'}), 'needed_by not_a_day']]) {
        const answer = (await owner.api('POST', `/jobs/${order.id}/requests`, body)).expect(422);
        assert.ok(codes(answer).includes(code), `${JSON.stringify(body)}: ${answer}`);
    }
    assert.equal((await job(order.id)).requests.length, 0);
    assert.equal(await statusOf(order.id), 'QN');
    (await owner.api('POST', '/jobs/999999/requests', draft(to))).expect(404);
    const asked = (await owner.api('POST', `/jobs/${order.id}/requests`, draft(to))).expect(201).json();
    for (const body of [{}, {price: -1}, {days: 366}, {price: 'x'}])
        (await owner.api('POST', `/requests/${asked.id}/answer`, body)).expect(422);
    (await owner.api('POST', '/requests/999999/answer', {price: 1})).expect(404);
    assert.equal((await job(order.id)).requests[0].state, 'sent');
});

test('a closed job asks nobody', async () => {
    const to = await vendor();
    const order = await takeIn();
    (await owner.api('POST', `/jobs/${order.id}/stage`, {from: 'enquiry', to: 'cancelled', note: 'changed her mind'}))
        .expect(200);
    const answer = await owner.api('POST', `/jobs/${order.id}/requests`, draft(to));
    assert.ok(answer.status === 409 || answer.status === 422, String(answer));
    assert.equal((await job(order.id)).requests.length, 0);
});

test('the same request sent twice is mailed once', async () => {
    const to = await vendor();
    const order = await takeIn();
    for (let i = 0; i < 2; i++)
        (await owner.api('POST', `/jobs/${order.id}/requests`, draft(to), {key: 'request-twice'})).expect(201);
    assert.equal((await job(order.id)).requests.length, 1);
});

test('the counter asks vendors but does not see what they charge; the bench sees neither', async () => {
    const to = await vendor();
    const order = await takeIn();
    const asked = (await sales.api('POST', `/jobs/${order.id}/requests`, draft(to))).expect(201).json();
    (await owner.api('POST', `/requests/${asked.id}/answer`, {price: 123400, days: 2})).expect(200);
    const seen = (await sales.api('GET', `/jobs/${order.id}/requests`)).expect(200);
    assert.doesNotMatch(seen.text, /answer_price|123400/);
    assert.doesNotMatch((await sales.get(`/jobs/${order.id}/requests`)).expect(200).text, /1,234\.00/);
    assert.match((await owner.get(`/jobs/${order.id}/requests`)).text, /1,234\.00/);
    for (const path of ['/vendors', `/vendors/${to.id}`, '/requests', `/jobs/${order.id}/requests`])
        (await bench.get(path)).expect(403);
    (await bench.api('POST', `/jobs/${order.id}/requests`, draft(to))).expect(403);
});
