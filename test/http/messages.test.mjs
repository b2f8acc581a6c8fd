// Messages over HTTP, with a real mail server that fails on demand: each leaves once, or it is said that
// nobody can know.

import assert from 'node:assert/strict';
import net from 'node:net';
import {after, before, test} from 'node:test';
import {eventually, pdfText, psql, startMailServer} from '../harness/index.mjs';
import {faults, startWorkshop} from './making.mjs';

let w, mail, sales, bench;
before(async () => {
    mail = await startMailServer();
    w = await startWorkshop();
    sales = await w.person('Priya', 'sales');
    bench = await w.person('Joe', 'bench');
});
after(async () => {
    for (const client of [sales, bench])
        client?.close();
    await w.stop();
    await mail.stop();
});

const ring = {alloy: 'pt950', gem: 'sapphire', shape: 'oval', origin: 'natural', stone_carats: 200000};
const api = (method, path, body, client = w.owner) => client.api(method, path, body);
const outbox = () => w.get('/messages');
const read = (message) => w.get(`/messages/${message.id}`);
const ofJob = async (job) => (await outbox()).rows.filter((row) => row.job === job.id);
const reaches = (message, state, ms = 20000) => eventually(`message ${message.id} to be ${state}`, async () => {
    const now = await read(message);
    return now.state === state && now;
}, {ms});
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
let people = 0;
const order = (more = {}) => w.order(undefined, {}, {customer_name: `Rohan Mehta ${++people}`,
    customer_email: `rohan${people}@example.com`, ...more});
const move = (job, from, to, more = {}) => w.post(`/jobs/${job.id}/stage`, {from, to, ...more});
const write = async (job, extra, client) =>
    (await api('POST', `/jobs/${job.id}/messages`, {kind: 'note', extra}, client)).expect(201).json();
/** What arrived about this message, by its Message-ID. */
const arrived = (message) => mail.messages.filter((each) => each.messageId === `<${message.message_id}>`);

async function delay(seconds) {
    const {currency, logo, demo, created_at, ...shop} = await w.get('/settings/shop');
    await w.post('/settings/shop', {...shop, message_delay: seconds});
}
async function serverIs({host, port}) {
    const {version = 0} = await w.get('/settings/mail');
    return w.post('/settings/mail', {host, port, security: 'none',
        from_address: 'shop@hartwell.example', version});
}
/** Another server's claim on PostgreSQL lapses with time; here at once. */
async function claimsLapse() {
    if (!w.shop.databaseUrl)
        return;
    await psql(w.shop.databaseUrl, "update shop_main.message set claimed_at = 0 where state = 'sending'");
    await serverIs(mail); // the sender wakes
}

test('without a mail server messages wait, and the pages say so', async () => {
    await delay(0);
    const job = await order();
    await move(job, 'enquiry', 'ready');
    const [message] = await eventually('the message', async () => {
        const rows = await ofJob(job);
        return rows.length > 0 && rows;
    });
    assert.deepEqual([message.kind, message.state, message.to_address],
        ['ready', 'waiting', `rohan${people}@example.com`]);
    await pause(1500);
    assert.equal((await read(message)).state, 'waiting');
    assert.match((await w.owner.get('/messages')).expect(200).words, /No mail server is set.*Ready to collect/);
    assert.match((await w.owner.get('/settings/mail')).expect(200).words, /messages wait: 1 do now/);
    assert.equal((await api('POST', `/messages/${message.id}/resend`, {})).expect(409).json().code, 'not_sent_yet');
});

test('bad mail settings are refused at their fields', async () => {
    const good = {host: '127.0.0.1', port: mail.port, security: 'none',
        from_address: 'shop@hartwell.example', version: 0};
    for (const [change, fault] of [[{host: ''}, 'host required'], [{port: 0}, 'port too_small'],
        [{port: 65536}, 'port too_large'], [{security: 'ssl'}, 'security unknown_security'],
        [{from_address: 'shop'}, 'from_address not_an_email']])
        assert.deepEqual(faults(await api('POST', '/settings/mail', {...good, ...change}), 422), [fault]);
    (await api('POST', '/settings/mail', good, sales)).expect(403);
    (await api('GET', '/messages', undefined, bench)).expect(403);
    (await w.owner.post('/settings/mail/test', {})).expect(409);
    assert.equal((await outbox()).have_settings, false);
});

test('settings are saved and tried in the browser; then what waited goes out', async () => {
    const page = (await w.owner.get('/settings/mail')).expect(200);
    const saved = await w.owner.submit(page, {host: '127.0.0.1', port: mail.port, security: 'none',
        from_address: 'shop@hartwell.example', from_name: 'Hartwell & Rowe'}, {form: /settings\/mail$/});
    const now = await w.owner.follow(saved.expect(303));
    assert.match(now.words, /What waited goes out now/);
    const tried = await w.owner.submit(now, {}, {form: /mail\/test$/});
    assert.match((await w.owner.follow(tried.expect(303))).words, /answers and lets us in/);
    const [message] = await mail.waitFor(1);
    assert.equal(message.subject, 'Ready to collect: Sapphire ring');
    assert.equal(message.from.text, '"Hartwell & Rowe" <shop@hartwell.example>');
    assert.match(message.text, new RegExp(`Dear Rohan Mehta 1,[^]*${w.shop.url}/track/`));
    assert.match(message.html, new RegExp(`<a href="${w.shop.url}/track/`));
    assert.equal(message.headers.get('auto-submitted'), 'auto-generated');
    const {version} = await w.get('/settings/mail');
    assert.equal(version, 1);
    const late = await api('POST', '/settings/mail', {host: 'x', port: 1, security: 'none',
        from_address: 'a@b.example', version: 0});
    assert.equal(late.expect(409).json().code, 'changed');
    await serverIs({host: '127.0.0.1', port: 1});
    assert.match((await w.owner.post('/settings/mail/test', {})).expect(409).words, /cannot be reached/);
    await serverIs(mail);
});

test('a ready piece is told once, whoever presses twice', async () => {
    const job = await order();
    const answers = await Promise.all([w.owner, sales, w.owner].map((client) =>
        client.api('POST', `/jobs/${job.id}/stage`, {from: 'enquiry', to: 'ready'})));
    assert.ok(answers.every((each) => each.status === 200), answers.join('\n'));
    await mail.waitFor((each) => each.to.text.includes(`rohan${people}@`));
    await pause(1000);
    assert.equal((await ofJob(job)).length, 1);
    assert.equal(mail.messages.filter((each) => each.to.text.includes(`rohan${people}@`)).length, 1);
});

test('undo takes the message back before it leaves', async () => {
    await delay(3);
    const job = await order();
    const moved = await move(job, 'enquiry', 'ready');
    const [message] = await eventually('the message', async () => {
        const rows = await ofJob(job);
        return rows.length > 0 && rows;
    });
    assert.equal(message.state, 'waiting');
    await w.post(moved.undo, {}).catch(async () => (await w.owner.post(moved.undo, {})).expect(303));
    await reaches(message, 'withdrawn');
    await pause(4000);
    assert.equal(arrived(message).length, 0);
    assert.equal((await read(message)).state, 'withdrawn');
    await delay(0);
});

test('one by hand is withdrawn while it waits, and not afterwards', async () => {
    await delay(60);
    const first = await write(await order(), 'Shall we meet on Monday?');
    assert.equal((await api('POST', `/messages/${first.id}/withdraw`, {})).expect(200).json().state, 'withdrawn');
    assert.equal((await api('POST', `/messages/${first.id}/withdraw`, {})).expect(409).json().code, 'too_late');
    await delay(0);
    const job = await order();
    const second = await write(job, 'Shall we meet on <Monday> & Tuesday?', sales);
    await reaches(second, 'sent');
    const [mailed] = arrived(second);
    assert.match(mailed.text, /meet on <Monday> & Tuesday/);
    assert.match(mailed.html, /&lt;Monday&gt; &amp; Tuesday/);
    assert.equal((await api('POST', `/messages/${second.id}/withdraw`, {})).expect(409).json().code, 'too_late');
    assert.deepEqual(faults(await api('POST', `/jobs/${job.id}/messages`, {kind: 'note'}), 422), ['extra required']);
    assert.deepEqual(faults(await api('POST', `/jobs/${job.id}/messages`, {}), 422), ['kind required']);
    const mute = await w.order(undefined, {}, {customer_name: 'Nobody'});
    assert.equal((await api('POST', `/jobs/${mute.id}/messages`, {kind: 'note', extra: 'x'})).expect(422).json().code,
        'cannot_be_sent');
    assert.equal((await ofJob(mute)).length, 0);
});

test('a server that is busy is asked again; one that refuses is not', async () => {
    mail.refuse({at: 'to', code: 451, times: 1});
    const later = await write(await order(), 'Busy');
    const waits = await eventually('the first try', async () => {
        const now = await read(later);
        return now.attempts === 1 && now.state === 'waiting' && now;
    });
    assert.match(waits.fault, /could not take the message now: 451/);
    assert.equal((await reaches(later, 'sent')).attempts, 2);
    assert.equal(arrived(later).length, 1);
    mail.refuse({at: 'to', code: 550, text: 'No such mailbox', times: 1});
    const never = await write(await order(), 'Nobody there');
    const failed = await reaches(never, 'failed');
    assert.match(failed.fault, /No such mailbox/);
    await pause(2500);
    assert.equal(arrived(never).length, 0);
    assert.match((await w.owner.get('/messages')).words, /Look at these.*No such mailbox/);
    const again = (await api('POST', `/messages/${never.id}/resend`, {})).expect(200).json();
    assert.equal(again.resend_of, never.id);
    await reaches(again, 'sent');
    assert.doesNotMatch((await w.owner.get('/messages')).words, /Look at these/);
});

test('a connection that breaks before the last byte is no harm', async () => {
    mail.cut({at: 'connect', times: 1});
    const first = await write(await order(), 'Cut at the door');
    await reaches(first, 'sent');
    assert.equal(arrived(first).length, 1);
});

test('one that breaks after it leaves a doubt, which nobody resolves by sending again', async () => {
    mail.cut({at: 'answer', times: 1});
    const message = await write(await order(), 'In doubt');
    const doubtful = await reaches(message, 'uncertain');
    assert.match(doubtful.fault, /may or may not have been delivered/);
    await pause(2500);
    await w.shop.restart();
    await pause(1500);
    assert.equal(arrived(message).length, 1);
    assert.equal((await read(message)).state, 'uncertain');
    const page = (await w.owner.get('/messages')).words;
    assert.match(page, /Look at these/);
    assert.ok(page.includes(message.message_id), 'listed with its Message-ID');
    const sent = await w.owner.submit(`/messages/${message.id}`, {}, {form: /resend$/});
    const again = await read({id: sent.expect(303).location.split('/').pop()});
    assert.notEqual(again.message_id, message.message_id);
    await reaches(again, 'sent');
    assert.equal((await read(message)).state, 'uncertain', 'what was, stays told');
});

test('a crash while the server has the whole message leaves a doubt, not a second one', async () => {
    const {reached, release} = mail.hold();
    const message = await write(await order(), 'Power cut');
    await reached;
    await w.shop.kill9();
    release();
    await w.shop.start();
    await claimsLapse();
    await reaches(message, 'uncertain');
    await pause(2000);
    assert.equal(arrived(message).length, 1);
});

test('a crash before the last byte loses nothing and repeats nothing', async () => {
    let asked;
    const reached = new Promise((done) => { asked = done; });
    const silent = net.createServer((socket) => { socket.on('error', () => {}); asked(socket); });
    await new Promise((done) => silent.listen(0, '127.0.0.1', done));
    await serverIs({host: '127.0.0.1', port: silent.address().port});
    const message = await write(await order(), 'Power cut, earlier');
    const socket = await reached;
    await reaches(message, 'sending');
    await w.shop.kill9();
    socket.destroy();
    silent.close();
    await w.shop.start();
    await serverIs(mail);
    await claimsLapse();
    await reaches(message, 'sent');
    await pause(1000);
    assert.equal(arrived(message).length, 1);
});

test('stopping waits for no mail server', async () => {
    const {reached, release} = mail.hold();
    const message = await write(await order(), 'Closing time');
    await reached;
    assert.ok(await w.shop.stop() < 10000);
    release();
    await w.shop.start();
    await claimsLapse();
    await reaches(message, 'uncertain');
    assert.equal(arrived(message).length, 1);
});

test('a quote, an invoice and a receipt go out by themselves, as PDF', async () => {
    const email = 'eleanor@example.com';
    const job = await w.order('solitaire', ring, {customer_name: 'Eleanor Whitcombe', customer_email: email});
    const quote = await w.post(`/jobs/${job.id}/quotes`, {});
    await w.post(`/quotes/${quote.id}/send`, {});
    const to = (subject) => (each) => each.to.text.includes(email) && subject.test(each.subject);
    const price = (minor) => (minor / 100).toLocaleString('en-GB', {minimumFractionDigits: 2});
    const quoted = await mail.waitFor(to(/quote/));
    assert.ok(quoted.text.includes(price(quote.total)), quoted.text);
    assert.equal(quoted.attachments.length, 1);
    assert.equal(quoted.attachments[0].contentType, 'application/pdf');
    assert.match(quoted.attachments[0].filename, /^quote-\d+-v1\.pdf$/);
    const paper = await pdfText(quoted.attachments[0].content);
    assert.match(paper, /Quote[^]*Version 1|Version 1[^]*Quote/);
    assert.ok(paper.includes(price(quote.total)));
    await w.post(`/quotes/${quote.id}/accept`, {});
    await w.post(`/jobs/${job.id}/payments`, {method: 'card', amount: quote.deposit});
    const receipt = await mail.waitFor(to(/Receipt/));
    assert.ok(receipt.subject.includes(price(quote.deposit)), receipt.subject);
    assert.match(await pdfText(receipt.attachments[0].content), /Deposit receipt/);
    const draft = await w.post(`/jobs/${job.id}/invoice`, {});
    const issued = await w.post(`/invoices/${draft.id}/issue`, {});
    const invoice = await mail.waitFor(to(/Invoice/));
    assert.equal(invoice.attachments[0].filename, `invoice-${issued.number}.pdf`);
    assert.match(await pdfText(invoice.attachments[0].content), new RegExp(`Invoice[^]*${issued.number}`));
});

test('the words of a message are changed; an unknown token is refused', async () => {
    const was = await w.get('/settings/messages/ready');
    const save = (change, client) => api('POST', '/settings/messages/ready',
        {subject: was.subject, body: was.body, enabled: true, version: was.version, ...change}, client);
    assert.deepEqual(faults(await save({body: 'Dear {customer}, see {nonsense}'}), 422), ['body unknown_token']);
    assert.deepEqual(faults(await save({subject: '{prize}'}), 422), ['subject unknown_token']);
    assert.deepEqual(faults(await save({subject: 'a\nb'}), 422).length, 1);
    (await save({}, sales)).expect(403);
    (await api('GET', '/settings/messages/gossip')).expect(404);
    assert.deepEqual(await w.get('/settings/messages/ready'), was);
    const page = (await w.owner.get('/settings/messages/ready')).expect(200);
    assert.match(page.words, /As it would read.*Eleanor Whitcombe/);
    const saved = await w.owner.submit(page, {subject: 'Done: {piece}', body: 'Hello {customer}.\n\n{deposit}\n\nBye.'},
        {form: /messages\/ready$/});
    saved.expect(303);
    assert.equal((await save({})).expect(409).json().code, 'changed');
    const job = await order();
    await move(job, 'enquiry', 'ready');
    const told = await mail.waitFor((each) => each.to.text.includes(`rohan${people}@`));
    assert.equal(told.subject, 'Done: Sapphire ring');
    assert.equal(told.text.trim(), `Hello Rohan Mehta ${people}.\n\nBye.`, 'a line without a value is left out');
    const wrong = await w.owner.submit('/settings/messages/ready', {body: 'I typed {this}'},
        {form: /messages\/ready$/});
    assert.match(wrong.expect(422).words, /There is no \{this\}/);
    assert.match(wrong.text, /I typed \{this\}/);
});

test('words are tried on oneself, shown while they are typed, and set back', async () => {
    const was = await w.get('/settings/messages/quote');
    await w.owner.get('/settings/messages/quote'); // for its token
    const typed = {subject: 'Only a trial for {customer}', body: was.body, enabled: '1', version: was.version};
    (await w.owner.post('/settings/messages/quote/trial', typed)).expect(303);
    const told = await mail.waitFor((each) => /Only a trial/.test(each.subject));
    assert.equal(told.subject, 'Trial: Only a trial for Eleanor Whitcombe');
    assert.equal((await w.get('/settings/messages/quote')).subject, was.subject); // nothing is saved by it
    const shown = await w.owner.post('/settings/messages/quote/preview', {...typed, subject: 'Now {piece}'});
    assert.match(shown.expect(200).text, /Now Oval sapphire halo ring/);
    await w.post('/settings/messages/quote', {subject: 'Mine', body: 'Mine', enabled: true, version: was.version});
    await w.post('/settings/messages/quote/reset', {});
    assert.deepEqual(await w.get('/settings/messages/quote'), was);
});

test('a text message has words of its own, and its length', async () => {
    const save = (text, version = 0) => api('POST', '/settings/messages/ready/phone', {text, version});
    assert.deepEqual(faults(await save('Hi {nobody}'), 422), ['text unknown_token']);
    assert.equal((await save('Come and see {piece}')).expect(200).json().version, 1);
    (await save('Late', 7)).expect(409);
    const job = await order();
    const page = await w.owner.get(`/jobs/${job.id}/messages/new?kind=ready`);
    assert.match(page.words, /Come and see Sapphire ring About 26 characters, so 1 to pay for/);
    (await save('', 1)).expect(200);
    assert.match((await w.owner.get(`/jobs/${job.id}/messages/new?kind=ready`)).words, /is ready to collect/);
});

test('a message that is switched off is not sent; stages are told as chosen', async () => {
    const receipt = await w.get('/settings/messages/receipt');
    await w.post('/settings/messages/receipt', {...Object.fromEntries(['subject', 'body', 'version'].map((name) =>
        [name, receipt[name]])), enabled: false});
    const list = (await w.owner.get('/settings/messages')).expect(200);
    (await w.owner.submit(list, {polish: '1'}, {form: /stages$/})).expect(303);
    const job = await order();
    await move(job, 'enquiry', 'stone_sourcing');
    await move(job, 'stone_sourcing', 'polish');
    const told = await mail.waitFor((each) => each.to.text.includes(`rohan${people}@`));
    assert.match(told.text, /giving your piece its finish/);
    assert.deepEqual((await ofJob(job)).map((each) => each.kind), ['progress']);
});

test('a message is previewed and written in the browser', async () => {
    const job = await order();
    const preview = (await w.owner.get(`/jobs/${job.id}/messages/new?kind=note&extra=Come+in`)).expect(200);
    assert.match(preview.words, /Preview.*Dear Rohan Mehta \d+, Come in/);
    assert.equal((await ofJob(job)).length, 0);
    const sent = await w.owner.submit(preview, {extra: 'Come in on Monday'}, {form: /messages$/, button: 'Send'});
    assert.equal(sent.expect(303).location, `/jobs/${job.id}`);
    const [message] = await ofJob(job);
    const page = (await w.owner.get(`/messages/${message.id}`)).expect(200);
    assert.match(page.words, /About your Sapphire ring.*Come in on Monday/);
    assert.match((await w.owner.get(`/messages/${message.id}/html`)).expect(200).text, /Come in on Monday/);
    (await w.owner.get('/messages/987654')).expect(404);
    for (const state of ['waiting', 'sent', 'failed', 'uncertain'])
        (await w.owner.get(`/messages?state=${state}`)).expect(200);
});
