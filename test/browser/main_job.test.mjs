// One ring from the enquiry on the website until it is collected, in the browser: what the shop lives on.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {browser, checkPage, eventually, openPage, startMailServer} from '../harness/index.mjs';
import {startWorkshop} from '../http/making.mjs';

const customer = {name: 'Élodie Marchand', email: 'elodie@example.com'};
let chromium, mail, w, desk, job, reference, link, shots = 0;

before(async () => {
    chromium = await browser();
    mail = await startMailServer();
    w = await startWorkshop();
    desk = await openPage(chromium, w.shop, {client: w.owner});
});
after(async () => {
    await chromium.close();
    await w.stop();
    await mail.stop();
});

const look = (name, page = desk) => checkPage(page, `main-job-${String(++shots).padStart(2, '0')}-${name}`);
const now = () => w.get(`/jobs/${job}`);
/** Presses and waits until the page that it leads to is there. */
async function press(where, page = desk) {
    await Promise.all([page.waitForNavigation(), page.locator(where).first().click()]);
}
const main = (action, text = '') => `main form[action="${action}"] button${text && `:has-text("${text}")`}`;
/** The next weekday at eleven, three days off or more, as a datetime field takes it. */
function wednesday() {
    const day = new Date(Date.now() + 3 * 86400000);
    while (day.getUTCDay() !== 3)
        day.setUTCDate(day.getUTCDate() + 1);
    return `${day.toISOString().slice(0, 10)}T11:00`;
}

test('the shop sets its mail server and lets messages leave at once', async () => {
    await desk.goto('/settings/mail');
    await desk.fill('[name=host]', mail.host);
    await desk.fill('[name=port]', String(mail.port));
    await desk.selectOption('select[name=security]', 'none').catch(() => desk.check('[name=security][value=none]'));
    await desk.fill('[name=from_address]', 'shop@hartwell.example');
    await press(main('/settings/mail'));
    assert.equal((await w.get('/settings/mail')).host, mail.host);
    await desk.goto('/settings/shop');
    await desk.fill('[name=message_delay]', '0');
    await press(main('/settings/shop'));
    assert.equal((await w.get('/settings/shop')).message_delay, 0);
});

test('a customer writes from her phone what she has in mind, and gets a reference', async () => {
    const page = await openPage(chromium, w.shop, {phone: true});
    await page.goto('/enquiry');
    await look('enquiry', page);
    await page.fill('[name=name]', customer.name);
    await page.fill('[name=email]', customer.email);
    await page.fill('textarea[name=description]', 'A sapphire like the sea at Étretat, in platinum.');
    await page.fill('[name=budget]', '6500');
    await press('main form[action="/enquiry"] button[type=submit]', page);
    await page.getByText('Thank you').first().waitFor();
    await look('thanks', page);
    reference = /reference is ([\w-]+)/.exec(await page.textContent('main'))[1];
    await press('main a.btn-primary', page);
    assert.match(await page.textContent('main'), /We are looking at your idea/);
    link = new URL(page.url()).pathname;
    await look('track-enquiry', page);
    await page.context().close();
});

test('the enquiry is specified from a template', async () => {
    const {rows} = await w.get('/jobs?q=marchand');
    assert.equal(rows.length, 1);
    job = rows[0].id;
    await desk.goto(`/jobs/${job}`);
    assert.match(await desk.textContent('.next'), /Say what it is to be/);
    await look('enquiry-at-the-desk');
    await press('.next a.btn-primary');
    await desk.selectOption('[name=template]', 'solitaire');
    await desk.selectOption('form[action$="/template"] [name=alloy]', 'pt950');
    await desk.selectOption('form[action$="/template"] [name=gem]', 'sapphire');
    await desk.fill('form[action$="/template"] [name=stone_carats]', '1.5');
    await desk.fill('form[action$="/template"] [name=ring_size]', 'L½');
    await press(main(`/jobs/${job}/specification/template`));
    const {specification, materials, operations} = await now();
    assert.equal(specification.alloy, 'pt950');
    assert.ok(materials.length >= 2 && operations.length >= 4);
    await desk.goto(`/jobs/${job}`);
    await look('specified');
});

test('it is quoted, the quote is sent and accepted', async () => {
    assert.match(await desk.textContent('.next'), /Make a quote/);
    await press('.next a.btn-primary');
    await look('quotes');
    await press(main(`/jobs/${job}/quotes`, 'Make the quote'));
    await desk.goto(`/jobs/${job}`);
    const [quote] = (await now()).quotes;
    assert.ok(quote.total > 0);
    await press('.next a.btn-primary');
    await look('quote');
    await press(main(`/quotes/${quote.id}/send`));
    const sent = await mail.waitFor((each) => each.attachments.length > 0);
    assert.equal(sent.envelope.to[0], customer.email);
    await desk.goto(`/jobs/${job}`);
    assert.match(await desk.textContent('.next'), /Get the quote accepted/);
    await press('.next a.btn-primary');
    await desk.fill('#decide [name=note]', 'By telephone');
    await press(main(`/quotes/${quote.id}/accept`, 'Accepted'));
    assert.equal((await now()).quotes[0].state, 'accepted');
    assert.ok((await now()).promised_day);
});

test('the deposit moves it to deposit received', async () => {
    await desk.goto(`/jobs/${job}`);
    assert.match(await desk.textContent('.next'), /Take the deposit/);
    await press('.next a.btn-primary');
    await look('deposit');
    assert.ok(Number((await desk.inputValue('[name=amount]')).replace(/[^\d.]/g, '')) > 0, 'the deposit stands there');
    await press(main(`/jobs/${job}/payments`, 'Take'));
    await eventually('the stage', async () => (await now()).stage === 'deposit_received');
    await eventually('a flow that confirms', async () => {
        const {steps} = await w.get(`/jobs/${job}/flow`);
        return steps.find((each) => each.node === 'inform').detail?.startsWith('Confirmed');
    });
    await desk.goto(`/jobs/${job}/flow`);
    await look('flow');
});

test('its operations are done on its page; her approval sends it to setting, the last check makes it ready', async () => {
    const {operations} = await now();
    let approved = false;
    for (const [place, operation] of operations.entries()) {
        await desk.goto(`/jobs/${job}`);
        if (operation.kind === 'customer')
            await look('waits-for-approval');
        const start = main(`/operations/${operation.id}/start`);
        if (await desk.locator(start).count() > 0) {
            await press(start);
            assert.equal((await now()).operations[place].state, 'started');
            await desk.goto(`/jobs/${job}`);
        }
        await press(main(`/operations/${operation.id}/end`));
        assert.equal((await now()).operations[place].state, 'done', operation.name);
        if (operation.kind === 'customer') {
            approved = true;
            await eventually('setting', async () => (await now()).stage === 'setting');
        }
    }
    assert.ok(approved, 'the customer is asked');
    await eventually('ready', async () => (await now()).stage === 'ready');
});

test('she is told that it is ready, once, with her link', async () => {
    const told = await mail.waitFor((each) => each.subject.startsWith('Ready to collect'));
    assert.equal(told.envelope.to[0], customer.email);
    assert.match(told.text, /\/track\//);
    assert.equal(mail.messages.filter((each) => each.subject.startsWith('Ready')).length, 1);
    await desk.goto(`/jobs/${job}`);
    await look('ready');
    assert.match(await desk.textContent('.next'), /Take the balance and hand it over/);
});

test('she books a time to come', async () => {
    await desk.fill('#ap-at', wednesday());
    await press(main(`/jobs/${job}/appointments`));
    const [visit] = (await now()).appointments;
    assert.equal(visit.kind, 'pickup');
    await look('appointment');
    await mail.waitFor((each) => /appointment|see you|visit/i.test(each.subject));
});

test('on her phone she sees where it is and when she comes, and nothing of the shop\'s own', async () => {
    for (const dark of [false, true]) {
        const page = await openPage(chromium, w.shop, {phone: true, dark});
        await page.goto(link);
        assert.match(await page.textContent('h1'), /Your piece is ready/);
        assert.match(await page.textContent('main'), /11:00/);
        assert.doesNotMatch(await page.textContent('main'), /Avon Castings|Daniel Okafor|telephone/);
        await look(`track-${dark ? 'dark' : 'light'}`, page);
        await page.goto('/track');
        await look(`track-find-${dark ? 'dark' : 'light'}`, page);
        await page.fill('[name=reference]', reference.toLowerCase());
        await page.fill('[name=proof]', 'marchand');
        await press('main form[action="/track"] button', page);
        assert.match(await page.textContent('h1'), /Your piece is ready/);
        await page.context().close();
    }
});

test('invoice, balance, hand-over: it is collected', async () => {
    await desk.goto(`/jobs/${job}`);
    if (await desk.locator(main(`/jobs/${job}/invoice`)).count() > 0)
        await press(main(`/jobs/${job}/invoice`));
    else
        await press('#money a:has-text("invoice"), #money a:has-text("Invoice")');
    await look('invoice-draft');
    const issue = 'main form[action$="/issue"] button';
    if (await desk.locator(issue).count() > 0)
        await press(issue);
    await look('invoice');
    await desk.goto(`/jobs/${job}`);
    await press('.next a.btn-primary');
    await press(main(`/jobs/${job}/payments`, 'Take'));
    const paid = await now();
    assert.equal(paid.balance, 0);
    await desk.goto(`/jobs/${job}`);
    assert.match(await desk.textContent('.next'), /Paid in full/);
    await press('.next button');
    assert.equal((await now()).stage, 'collected');
    await desk.goto(`/jobs/${job}`);
    assert.equal(await desk.locator('.next').count(), 0);
    await look('collected');
    await desk.goto(`/customers/${paid.customer}`);
    await look('customer');
    const page = await openPage(chromium, w.shop, {phone: true, client: w.owner, dark: true});
    for (const path of [`/jobs/${job}`, `/jobs/${job}/flow`, '/flows', `/customers/${paid.customer}`,
        `/visits/${paid.visit}`, '/jobs/new', '/jobs/new?kind=repair']) {
        await page.goto(path);
        await look(`phone${path.replace(/\W+/g, '-')}`, page);
    }
    await page.context().close();
});
