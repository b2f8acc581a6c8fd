// Money over HTTP: deposits, payments, refunds, reversals, invoices, handing over; who may what.

import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {after, before, test} from 'node:test';
import {eventually} from '../harness/index.mjs';
import {faults, startWorkshop} from './making.mjs';

let w, bench, sales, manager;
before(async () => {
    w = await startWorkshop();
    bench = await w.person('Joe', 'bench');
    sales = await w.person('Priya', 'sales');
    manager = await w.person('Tom', 'manager');
});
after(async () => {
    for (const client of [bench, sales, manager])
        client?.close();
    await w.stop();
});

const ring = {alloy: 'pt950', gem: 'sapphire', shape: 'oval', origin: 'natural', stone_carats: 200000};
const api = (method, path, body, client = w.owner) => client.api(method, path, body);
const jobOf = (job) => w.get(`/jobs/${job.id}`);
const take = (job, amount, more = {}, client = w.owner) =>
    client.api('POST', `/jobs/${job.id}/payments`, {method: 'card', amount, ...more});
const refund = (job, amount, more = {}, client = w.owner) =>
    client.api('POST', `/jobs/${job.id}/refunds`, {method: 'card', amount, ...more});
const reverse = (payment, note = 'A mistake', client = w.owner) =>
    client.api('POST', `/payments/${payment.id}/reverse`, {note});
const money = (job) => w.get(`/jobs/${job.id}/payments`);
const move = async (job, to, more = {}) =>
    w.post(`/jobs/${job.id}/stage`, {from: (await jobOf(job)).stage, to, ...more});
const act = (invoice, what, body = {}, client = w.owner) =>
    client.api('POST', `/invoices/${invoice.id}${what}`, body);
const code = (answer, status) => answer.expect(status).json().code;

/** A ring with an accepted quote: {job, quote}. */
async function sold(more = {}) {
    const job = await w.order('solitaire', ring, more);
    const quote = await w.post(`/jobs/${job.id}/quotes`, {});
    await w.post(`/quotes/${quote.id}/accept`, {});
    return {job, quote};
}

/** Drafted when the piece is ready, by itself: whoever asks finds that one. */
async function drafted(job) {
    await move(job, 'ready');
    return eventually('the draft', async () =>
        (await w.get('/invoices?state=draft')).rows.find((each) => each.job === job.id));
}

test('the first deposit moves the job to deposit received, once', async () => {
    const {job, quote} = await sold();
    const payment = (await take(job, quote.deposit, {reference: 'T-1'})).expect(201).json();
    assert.equal(payment.kind, 'deposit');
    assert.equal(payment.amount, quote.deposit);
    assert.equal(payment.reference, 'T-1');
    const now = await jobOf(job);
    assert.equal(now.stage, 'deposit_received');
    assert.deepEqual([now.deposit, now.paid, now.balance],
        [quote.deposit, quote.deposit, quote.total - quote.deposit]);
    await move(job, 'cad');
    (await take(job, 100)).expect(201);
    assert.equal((await jobOf(job)).stage, 'cad');
});

test('nothing moves when the shop has it switched off', async () => {
    const {version, currency, logo, demo, created_at, ...shop} = await w.get('/settings/shop');
    await w.post('/settings/shop', {...shop, version, auto_deposit: false});
    const {job} = await sold();
    (await take(job, 1000)).expect(201);
    assert.equal((await jobOf(job)).stage, 'enquiry');
    await w.post('/settings/shop', {...shop, version: version + 1, auto_deposit: true});
});

test('an amount is positive, whole and at most the balance; what is refused stores nothing', async () => {
    const {job, quote} = await sold();
    const refused = [
        [{amount: 0}, 'amount too_small'], [{amount: -5}, 'amount too_small'],
        [{amount: quote.total + 1}, 'amount above_balance'], [{amount: 'much'}, 'amount wrong_type'],
        [{amount: 1.5}, 'amount wrong_type'], [{amount: undefined}, 'amount required'],
        [{method: 'gold'}, 'method unknown_method_of_payment'], [{method: undefined}, 'method required'],
        [{kind: 'refund'}, 'kind wrong_kind'], [{kind: 'gift'}, 'kind unknown_kind_of_payment'],
        [{reference: 'x'.repeat(101)}, 'reference too_long'],
    ];
    for (const [change, fault] of refused)
        assert.deepEqual(faults(await api('POST', `/jobs/${job.id}/payments`,
            {method: 'card', amount: 100, ...change}), 422), [fault], JSON.stringify(change));
    const unpriced = await w.order();
    assert.equal(code(await take(unpriced, 100), 409), 'no_price');
    assert.equal(code(await take({id: 987654}, 100), 404), 'unknown_job');
    const after = await money(job);
    assert.deepEqual([after.rows.length, after.paid, after.balance], [0, 0, quote.total]);
    assert.equal((await jobOf(job)).stage, 'enquiry');
    (await take(job, quote.total)).expect(201);
    assert.deepEqual(faults(await take(job, 1), 422), ['amount above_balance']);
});

test('a repeat with the same key takes the money once', async () => {
    const {job} = await sold();
    const key = randomUUID();
    const twice = await Promise.all([0, 1].map(() =>
        w.owner.api('POST', `/jobs/${job.id}/payments`, {method: 'cash', amount: 700}, {key})));
    assert.equal(twice[0].expect(201).json().id, twice[1].expect(201).json().id);
    const {rows, paid} = await money(job);
    assert.deepEqual([rows.length, paid], [1, 700]);
});

test('two tills at once take no more than the balance', async () => {
    const {job, quote} = await sold();
    const answers = await Promise.all([w.owner, manager, sales].map((client) =>
        take(job, quote.total, {method: 'cash'}, client)));
    assert.equal(answers.filter((each) => each.status === 201).length, 1, answers.join('\n'));
    assert.equal((await money(job)).paid, quote.total);
});

test('roles: the bench sees no money, sales take it, leaders give it back', async () => {
    const {job} = await sold();
    for (const [method, path, body] of [['GET', `/jobs/${job.id}/payments`], ['GET', '/invoices'],
        ['POST', `/jobs/${job.id}/payments`, {method: 'card', amount: 1}],
        ['POST', `/jobs/${job.id}/invoice`, {}], ['POST', `/jobs/${job.id}/hand-over`, {}]])
        (await api(method, path, body, bench)).expect(403);
    const payment = (await take(job, 1000, {}, sales)).expect(201).json();
    (await refund(job, 100, {}, sales)).expect(403);
    (await reverse(payment, 'x', sales)).expect(403);
    (await refund(job, 100, {}, manager)).expect(201);
    (await reverse((await take(job, 50, {}, sales)).expect(201).json(), 'x', manager)).expect(201);
    assert.equal((await money(job)).paid, 900);
    assert.equal((await api('GET', `/jobs/${job.id}`, undefined, bench)).expect(200).json().paid ?? null, null);
    (await bench.get('/invoices')).expect(403);
});

test('a payment is reversed once, with a reason, and never what was given back', async () => {
    const {job} = await sold();
    const payment = (await take(job, 1000)).expect(201).json();
    assert.deepEqual(faults(await reverse(payment, ''), 422), ['note required']);
    const reversal = (await reverse(payment)).expect(201).json();
    assert.deepEqual([reversal.kind, reversal.reverses, reversal.share], ['reversal', payment.id, -1000]);
    assert.equal(code(await reverse(payment), 409), 'reversed_already');
    assert.equal(code(await reverse(reversal), 409), 'is_reversal');
    assert.equal(code(await reverse({id: 987654}), 404), 'unknown_payment');
    const second = (await take(job, 1000)).expect(201).json();
    (await refund(job, 400)).expect(201);
    assert.equal(code(await reverse(second), 409), 'given_back');
    assert.equal((await money(job)).paid, 600);
});

test("a cancelled order's deposit is given back, no more of it, and none is taken", async () => {
    const {job} = await sold();
    (await take(job, 5000)).expect(201);
    await move(job, 'cancelled', {note: 'Changed their mind'});
    assert.equal(code(await take(job, 100), 409), 'cancelled');
    assert.deepEqual(faults(await refund(job, 5001), 422), ['amount above_paid']);
    const given = (await refund(job, 5000, {method: 'bank', note: 'Cancelled'})).expect(201).json();
    assert.deepEqual([given.kind, given.share], ['refund', -5000]);
    assert.deepEqual(faults(await refund(job, 1), 422), ['amount above_paid']);
    const {paid, deposit} = await money(job);
    assert.deepEqual([paid, deposit], [0, 0]);
    assert.equal(code(await api('POST', `/jobs/${job.id}/hand-over`, {}), 409), 'cancelled');
});

test('an invoice is drafted at ready, edited, issued with its number, and takes deposits up', async () => {
    const {job, quote} = await sold();
    (await take(job, quote.deposit)).expect(201);
    const {id} = await drafted(job);
    const draft = await w.get(`/invoices/${id}`);
    assert.deepEqual([draft.state, draft.number ?? null, draft.net, draft.tax, draft.total],
        ['draft', null, quote.net, quote.tax, quote.total]);
    assert.equal((await w.post(`/jobs/${job.id}/invoice`, {})).id, id, 'there is one already');
    const lines = [{description: 'Sapphire ring', net: 400000, tax_rate: 2000},
        {description: 'Insurance', net: 333, tax_rate: 1250}];
    const edited = (await act({id}, '', {version: draft.version, customer_name: 'R. Mehta',
        customer_address: '1 Queen Square\nBath', lines})).expect(200).json();
    assert.deepEqual([edited.net, edited.tax, edited.total], [400333, 80042, 480375]);
    assert.equal(code(await act({id}, '', {version: draft.version, customer_name: 'R', lines}), 409), 'changed');
    for (const [change, fault] of [[{lines: []}, 'lines required'], [{customer_name: ''}, 'customer_name required'],
        [{lines: [{description: '', net: 5}]}, 'lines.0.description required'],
        [{lines: [{description: 'x'}]}, 'lines.0.net required'],
        [{lines: [{description: 'x', net: 1, tax_rate: 10001}]}, 'lines.0.tax_rate too_large']])
        assert.deepEqual(faults(await act({id}, '', {version: edited.version, customer_name: 'R', lines, ...change}), 422),
            [fault], JSON.stringify(change));
    const issued = (await act({id}, '/issue')).expect(200).json();
    assert.deepEqual([issued.state, issued.deposits, issued.total], ['open', quote.deposit, 480375]);
    assert.ok(issued.number > 0);
    assert.equal((await act({id}, '/issue')).expect(200).json().number, issued.number, 'once is enough');
    assert.equal(code(await act({id}, '', {version: issued.version, customer_name: 'R', lines}), 409), 'issued');
    const now = await jobOf(job);
    assert.deepEqual([now.final, now.balance], [480375, 480375 - quote.deposit]);
    assert.equal(code(await take(job, 100, {kind: 'deposit'}), 409), 'invoiced');
    const paid = (await take(job, now.balance)).expect(201).json();
    assert.deepEqual([paid.kind, paid.invoice], ['payment', id]);
    assert.equal((await w.get(`/invoices/${id}`)).state, 'paid');
    (await reverse(paid)).expect(201);
    assert.equal((await w.get(`/invoices/${id}`)).state, 'open');
});

/** Another version of the job's quote, accepted: {quote}. */
async function acceptAnother(job, wish) {
    const quote = await w.post(`/jobs/${job.id}/quotes`, wish);
    await w.post(`/quotes/${quote.id}/accept`, {});
    return quote;
}
const invoiceOf = (id) => w.get(`/invoices/${id}`);
const asEdited = (draft, more = {}) => ({version: draft.version, customer_name: draft.customer_name,
    customer_address: draft.customer_address ?? undefined,
    lines: draft.lines.map(({description, quantity, net, tax_rate}) => ({description, quantity, net, tax_rate})), ...more});
const follows = (draft, quote) => eventually(`draft ${draft.id} to follow version ${quote.version}`, async () => {
    const now = await invoiceOf(draft.id);
    return now.quote === quote.id && now;
});
const figures = (each) => [each.net, each.tax, each.total];

test('a draft follows the quote that is accepted later, and keeps its customer', async () => {
    const {job, quote} = await sold();
    const draft = await w.post(`/jobs/${job.id}/invoice`, {});
    assert.deepEqual([draft.quote, draft.edited, draft.newer_quote ?? null], [quote.id, false, null]);
    for (const discount of [1001, 1003, 1007]) {
        const next = await acceptAnother(job, {discount});
        const drawn = await follows(draft, next);
        assert.deepEqual(figures(drawn), figures(next));
        assert.deepEqual([drawn.state, drawn.edited, drawn.newer_quote ?? null], ['draft', false, null]);
        // Who it is for is no line: the sums stay the quote's to the last penny, and it goes on following.
        const addressed = (await act(draft, '', asEdited(drawn, {customer_name: 'R. Mehta',
            customer_address: `${discount} Queen Square`}))).expect(200).json();
        assert.deepEqual(figures(addressed), figures(next));
        assert.equal(addressed.edited, false);
    }
    const last = await acceptAnother(job, {});
    const drawn = await follows(draft, last);
    assert.deepEqual(figures(drawn), figures(last));
    assert.deepEqual([drawn.customer_name, drawn.customer_address], ['R. Mehta', '1007 Queen Square']);
    const log = await w.get(`/settings/log?thing=invoice&id=${draft.id}`);
    assert.ok(log.rows.some((each) => each.action === 'drew anew'), JSON.stringify(log.rows));
    assert.doesNotMatch((await w.owner.get(`/invoices/${draft.id}`)).words, /A newer quote/);
});

test('a draft of a price that was told follows the first quote that is accepted', async () => {
    const job = await w.order('solitaire', ring);
    const first = await w.post(`/jobs/${job.id}/quotes`, {}); // its total is the job's price, not accepted yet
    const draft = await w.post(`/jobs/${job.id}/invoice`, {});
    assert.deepEqual([draft.quote ?? null, draft.total], [null, first.total]);
    const second = await acceptAnother(job, {discount: 20000});
    assert.deepEqual(figures(await follows(draft, second)), figures(second));
});

test('a draft edited by hand is left, says so, and is drawn anew when somebody confirms', async () => {
    const {job, quote} = await sold();
    const draft = await w.post(`/jobs/${job.id}/invoice`, {});
    const edited = (await act(draft, '', asEdited(draft, {lines: [{description: 'Ring', net: 12345, tax_rate: 2000}]})))
        .expect(200).json();
    assert.deepEqual([edited.edited, edited.quote, edited.newer_quote ?? null], [true, quote.id, null]);
    const next = await acceptAnother(job, {discount: 5000});
    const other = await sold(); // events are reacted to in their order: this one is behind
    const behind = await w.post(`/jobs/${other.job.id}/invoice`, {});
    await follows(behind, await acceptAnother(other.job, {discount: 1000}));
    const left = await invoiceOf(draft.id);
    assert.deepEqual([left.edited, left.version, left.total, left.newer_quote],
        [true, edited.version, edited.total, next.id]);

    const page = (await w.owner.get(`/invoices/${draft.id}`)).expect(200);
    assert.match(page.words, /A newer quote was accepted/);
    assert.match(page.words, new RegExp(`Version ${next.version}, £`));
    assert.match(page.words, /keeps the lines that were edited by hand/);
    const redraw = (body, client) => act(draft, '/redraw', body, client);
    assert.deepEqual(faults(await redraw({version: left.version}), 422), ['confirm required']);
    const unsure = (await w.owner.submit(page, {}, {form: /redraw$/})).expect(422);
    assert.match(unsure.words, /Say that those lines may go/);
    assert.equal(unsure.forms.filter((each) => /redraw$/.test(each.action)).length, 1);
    (await redraw({version: left.version, confirm: true}, bench)).expect(403);
    assert.equal(code(await redraw({version: left.version - 1, confirm: true}), 409), 'changed');
    assert.equal(code(await redraw({confirm: true}), 409), 'changed');
    assert.equal((await act({id: 987654}, '/redraw', {version: 1})).expect(404).json().code, 'unknown_invoice');
    assert.deepEqual(await invoiceOf(draft.id), left, 'nothing was changed by what was refused');

    const done = (await w.owner.submit(page, {confirm: '1'}, {form: /redraw$/})).expect(303);
    assert.match((await w.owner.follow(done)).words, /Drawn anew/);
    const anew = await invoiceOf(draft.id);
    assert.deepEqual(figures(anew), figures(next));
    assert.deepEqual([anew.edited, anew.quote, anew.newer_quote ?? null], [false, next.id, null]);
    const after = await acceptAnother(job, {discount: 7000});
    assert.deepEqual(figures(await follows(draft, after)), figures(after), 'and it follows again');
});

test('an issued invoice never follows', async () => {
    const {job, quote} = await sold();
    const draft = await w.post(`/jobs/${job.id}/invoice`, {});
    const issued = (await act(draft, '/issue')).expect(200).json();
    await acceptAnother(job, {discount: 5000});
    const other = await sold();
    const behind = await w.post(`/jobs/${other.job.id}/invoice`, {});
    await follows(behind, await acceptAnother(other.job, {discount: 1000}));
    assert.deepEqual(await invoiceOf(draft.id), issued);
    assert.equal(issued.total, quote.total);
    assert.equal(code(await act(draft, '/redraw', {version: issued.version, confirm: true}), 409), 'issued');
    assert.doesNotMatch((await w.owner.get(`/invoices/${draft.id}`)).words, /A newer quote/);
});

test('numbers have no gaps: drafts and refusals use none, credit notes one', async () => {
    const numbers = [];
    for (let i = 0; i < 3; i++) {
        const {job, quote} = await sold();
        const draft = await w.post(`/jobs/${job.id}/invoice`, {});
        await sold().then(({job: other}) => w.post(`/jobs/${other.id}/invoice`, {}));
        (await act(draft, '/credit', {note: 'x'})).expect(409);
        if (i === 1) { // numbered when it is first paid
            assert.deepEqual(faults(await take(job, quote.total + 1), 422), ['amount above_balance']);
            (await take(job, quote.total)).expect(201);
        } else {
            (await act(draft, '/issue')).expect(200);
        }
        numbers.push((await w.get(`/invoices/${draft.id}`)).number);
    }
    assert.deepEqual(numbers, [numbers[0], numbers[0] + 1, numbers[0] + 2]);
});

test('a credit note takes an invoice back whole, once; then it is made anew', async () => {
    const {job, quote} = await sold();
    (await take(job, 5000)).expect(201);
    const draft = await w.post(`/jobs/${job.id}/invoice`, {});
    const issued = (await act(draft, '/issue')).expect(200).json();
    (await act(draft, '/credit', {note: 'x'}, sales)).expect(403);
    assert.deepEqual(faults(await act(draft, '/credit', {}), 422), ['note required']);
    const credit = (await act(draft, '/credit', {note: 'Wrong name'}, manager)).expect(201).json();
    assert.deepEqual([credit.kind, credit.credits, credit.total, credit.number],
        ['credit', draft.id, -quote.total, issued.number + 1]);
    assert.equal(code(await act(draft, '/credit', {note: 'x'}), 409), 'credited_already');
    assert.equal(code(await act(credit, '/credit', {note: 'x'}), 409), 'is_credit');
    assert.equal((await w.get(`/invoices/${draft.id}`)).state, 'credited');
    assert.equal((await jobOf(job)).final ?? null, null);
    const again = await w.post(`/jobs/${job.id}/invoice`, {});
    assert.notEqual(again.id, draft.id);
    assert.equal((await act(again, '/issue')).expect(200).json().deposits, 5000);
});

test('handing over needs the balance paid, or a manager who says why not', async () => {
    const {job, quote} = await sold();
    await drafted(job);
    const over = (body, client = w.owner) => client.api('POST', `/jobs/${job.id}/hand-over`, body);
    assert.deepEqual(faults(await over({}), 422), ['override balance_open']);
    assert.deepEqual(faults(await over({override: 'A friend'}, sales), 403), ['override manager_required']);
    assert.equal((await jobOf(job)).stage, 'ready');
    (await over({override: 'Pays on Monday'}, manager)).expect(200);
    const now = await jobOf(job);
    assert.equal(now.stage, 'collected');
    assert.ok(now.history.some((row) => /Pays on Monday/.test(row.note ?? '')));
    const paidFor = await sold();
    const draft = await drafted(paidFor.job);
    (await take(paidFor.job, paidFor.quote.total)).expect(201);
    assert.equal((await w.get(`/invoices/${draft.id}`)).state, 'paid');
    (await api('POST', `/jobs/${paidFor.job.id}/hand-over`, {note: 'To her sister'}, sales)).expect(200);
    assert.equal((await jobOf(paidFor.job)).stage, 'collected');
    (await take(job, quote.total)).expect(201); // on Monday
    assert.equal((await jobOf(job)).balance, 0);
});

test('where handing over moves nothing, the balance is asked for all the same', async () => {
    const {version, currency, logo, demo, created_at, ...shop} = await w.get('/settings/shop');
    await w.post('/settings/shop', {...shop, version, auto_collected: false});
    const {job} = await sold();
    await move(job, 'ready');
    const over = (body, client) => api('POST', `/jobs/${job.id}/hand-over`, body, client);
    assert.deepEqual(faults(await over({}), 422), ['override balance_open']);
    assert.deepEqual(faults(await over({override: 'x'}, sales), 403), ['override manager_required']);
    (await over({override: 'Pays on Monday'})).expect(200);
    const now = await jobOf(job);
    assert.equal(now.stage, 'ready');
    assert.ok(now.comments.some((each) => /Handed over/.test(each.text)));
    await w.post('/settings/shop', {...shop, version: version + 1, auto_collected: true});
});

test('what does not exist is 404', async () => {
    for (const [method, path, body] of [['GET', '/invoices/987654'], ['GET', '/jobs/987654/payments'],
        ['POST', '/invoices/987654/issue', {}], ['POST', '/invoices/987654/credit', {note: 'x'}],
        ['POST', '/jobs/987654/invoice', {}], ['POST', '/jobs/987654/hand-over', {}],
        ['POST', '/jobs/987654/refunds', {method: 'card', amount: 1}]])
        (await api(method, path, body)).expect(404);
    const unpriced = await w.order();
    assert.equal(code(await api('POST', `/jobs/${unpriced.id}/invoice`, {}), 409), 'no_price');
    (await api('GET', '/invoices?state=eaten')).expect(422, 400);
});

test('the list pages by key and by state', async () => {
    const {rows} = await w.get('/invoices');
    assert.ok(rows.length > 5 && rows.every((row, i) => i === 0 || row.id < rows[i - 1].id));
    assert.ok((await w.get('/invoices?state=paid')).rows.every((row) => row.state === 'paid'));
    assert.ok((await w.get(`/invoices?before=${rows[2].id}`)).rows[0].id === rows[3].id);
});

test('in the browser: take, refuse, refund, draft, edit, issue, credit', async () => {
    const {job, quote} = await sold();
    const page = (await w.owner.get(`/jobs/${job.id}/payments/new`)).expect(200);
    const form = page.form(/payments$/);
    const amount = new Map(form.fields).get('amount');
    assert.equal(Number(amount.replaceAll(',', '')) * 100, quote.deposit, 'the deposit is suggested');
    const wrong = await w.owner.submit(page, {amount: '999999.00', note: 'In a hurry'}, {form: /payments$/});
    assert.match(wrong.expect(422).words, /more than the balance/);
    assert.match(wrong.text, /In a hurry/);
    const taken = await w.owner.submit(page, {}, {form: /payments$/});
    assert.equal(taken.location, `/jobs/${job.id}`);
    assert.match((await w.owner.follow(taken)).words, /£[\d,.]+ taken/);
    const back = (await w.owner.get(`/jobs/${job.id}/refunds/new`)).expect(200);
    assert.match(back.words, /Give money back/);
    const given = await w.owner.submit(back, {amount: '10.00', method: 'cash'}, {form: /refunds$/});
    assert.match((await w.owner.follow(given.expect(303))).words, /£10 given back|£10\.00 given back/);
    const tooMuch = await w.owner.submit(`/jobs/${job.id}/refunds/new`, {amount: '99999.00'}, {form: /refunds$/});
    assert.match(tooMuch.expect(422).words, /Give money back.*can be given back here/);
    const draft = await w.post(`/jobs/${job.id}/invoice`, {});
    const shown = (await w.owner.get(`/invoices/${draft.id}`)).expect(200);
    assert.match(shown.words, /Draft invoice/);
    const saved = await w.owner.submit(shown, {customer_address: '1 Queen Square'},
        {form: new RegExp(`/invoices/${draft.id}$`)});
    assert.match((await w.owner.follow(saved.expect(303))).words, /1 Queen Square.*Draft saved/);
    assert.equal((await w.get(`/invoices/${draft.id}`)).lines.length, draft.lines.length, 'an empty line is none');
    const bad = await w.owner.submit(`/invoices/${draft.id}`, {customer_name: '', 'lines.0.net': 'lots'},
        {form: new RegExp(`/invoices/${draft.id}$`)});
    assert.match(bad.expect(422).text, /value="lots"/);
    const issued = await w.owner.submit(`/invoices/${draft.id}`, {}, {form: /issue$/});
    const paper = await w.owner.follow(issued.expect(303));
    assert.match(paper.words, /Invoice \d+ .*Issued to Rohan Mehta/);
    assert.doesNotMatch(paper.words, /Save draft/);
    const credited = await w.owner.submit(paper, {note: 'Wrong address'}, {form: /credit$/});
    assert.match((await w.owner.follow(credited.expect(303))).words, /Credit note \d+/);
    assert.match((await w.owner.get('/invoices')).expect(200).words, /Credit note.*Open|Open.*Credit note/);
    assert.match((await w.owner.get('/invoices?state=open')).expect(200).words, /Invoices/);
});

test('invoice numbers go on without a gap once one is issued, and what was issued keeps its own', async () => {
    const row = async () => (await w.get('/settings/numbers')).rows.find((each) => each.series === 'invoice');
    const save = (fields) => api('POST', '/settings/numbers', {rows: [{series: 'invoice', ...fields}]});
    const before = await row();
    assert.equal(before.fixed, true);
    assert.equal(code(await save({prefix: 'R', next: before.next + 1}), 422), 'gapless');
    const year = new Date().getFullYear();
    (await save({prefix: 'INV-', digits: 4, year: true})).expect(200);
    const {job} = await sold();
    const invoice = (await act(await drafted(job), '/issue')).expect(200).json();
    const label = `INV-${year}-${String(before.next).padStart(4, '0')}`;
    assert.deepEqual([invoice.number, invoice.label], [before.next, label]);
    (await save({prefix: 'R', digits: 6, year: false})).expect(200);
    assert.equal((await w.get(`/invoices/${invoice.id}`)).label, label);
    const credit = (await act(invoice, '/credit', {note: 'Wrong price'})).expect(200, 201).json();
    assert.equal((await w.get(`/invoices/${credit.id}`)).label, `R${String(before.next + 1).padStart(6, '0')}`);
    assert.match((await w.owner.get('/invoices')).text, new RegExp(`>${label}<`));
});
