// Many jobs in a browser: ticking and changing, the quick look, columns and views, the calendar, the board's looks.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {browser, checkPage, checkProblems, eventually, openPage, signIn, startShop} from '../harness/index.mjs';

let chromium, shop, owner;
before(async () => {
    chromium = await browser();
    shop = await startShop({demoOrders: 150});
    owner = await signIn(shop);
});
after(async () => {
    owner?.close();
    await chromium.close();
    await shop.stop();
});

const day = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
const takeIn = async (title, more = {}) =>
    (await owner.api('POST', '/jobs', {title, customer_name: 'Grace Tan', ...more})).expect(201).json();
const now = async (job) => (await owner.api('GET', `/jobs/${job.id}`)).expect(200).json();

test('rows are ticked by X and Shift, changed at once, and Undo takes it back', async () => {
    const jobs = [];
    for (let i = 0; i < 4; i++)
        jobs.push(await takeIn(`Ticked band ${i}`, {kind: 'stock'}));
    const page = await openPage(chromium, shop, {client: owner});
    await page.goto('/jobs?kind=stock&sort=number');
    assert.equal(await page.locator('.bulk-bar').isVisible(), false, 'nothing is ticked yet');
    await page.locator('[data-peek]').first().focus();
    await page.keyboard.press('x');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+X');
    assert.equal(await page.locator('[data-checked-count]').textContent(), '3');
    assert.equal(await page.locator('[data-check-all]').evaluate((box) => box.indeterminate), true);
    await page.locator('.bulk-bar summary', {hasText: 'Priority'}).click();
    await page.selectOption('#bulk-priority', 'rush');
    await page.locator('.bulk-bar .menu[open] button').click();
    await page.getByText('3 jobs changed.').waitFor();
    assert.deepEqual((await Promise.all(jobs.map(now))).map((job) => job.priority), ['rush', 'rush', 'rush', 'normal']);
    await page.getByRole('button', {name: 'Undo'}).click();
    await page.getByText('Taken back for 3 jobs.').waitFor();
    assert.ok((await Promise.all(jobs.map(now))).every((job) => job.priority === 'normal'));
    assert.match(page.url(), /\/jobs\?kind=stock&sort=number$/, 'on the same list');
    checkProblems(page);
    await page.context().close();
});

test('Space looks at a job, arrows at the next, and Esc goes back to its place', async () => {
    const page = await openPage(chromium, shop, {client: owner});
    await page.goto('/jobs?kind=stock&sort=number');
    await page.locator('[data-peek]').nth(1).focus();
    await page.keyboard.press(' ');
    await page.locator('.peek-panel h1', {hasText: 'Ticked band 1'}).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.locator('.peek-panel h1', {hasText: 'Ticked band 2'}).waitFor();
    await checkPage(page, 'peek-desk');
    await page.keyboard.press('Escape');
    await page.locator('.peek-panel').waitFor({state: 'detached'});
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Ticked band 2');
    await page.locator('.c-picture a').first().click();
    await page.locator('.peek-panel h1', {hasText: 'Ticked band 0'}).waitFor();
    await page.keyboard.press('ArrowUp'); // there is none before
    await page.locator('.peek-panel [data-close]').click();
    await page.goto('/board?kind=stock');
    await page.locator('.job-card h3 a').first().focus();
    await page.keyboard.press(' ');
    await page.locator('.peek-panel h1').waitFor();
    await page.context().close();
    const plain = await openPage(chromium, shop, {client: owner, javaScript: false});
    await plain.goto('/jobs?kind=stock&sort=number');
    await plain.locator('.c-picture a').first().click();
    await plain.locator('h1', {hasText: 'Ticked band 0'}).waitFor();
    await plain.context().close();
});

test('a list is filtered as one types, gets other columns, and is kept as a view', async () => {
    const page = await openPage(chromium, shop, {client: owner});
    await page.goto('/jobs?scope=open');
    await page.locator('#salesperson').selectOption({label: 'Priya Nair'});
    await page.locator('#results .filter.is-on', {hasText: 'Salesperson'}).waitFor();
    await eventually('the address follows', () => /salesperson=\d/.test(page.url()));
    await page.reload();
    for (const name of ['Columns', 'Without Status', 'Title earlier', 'Done']) {
        const before = page.url();
        await page.getByRole('link', {name}).click();
        await page.waitForURL((url) => String(url) !== before);
    }
    await page.locator('#columns').waitFor({state: 'detached'});
    await page.locator('.job-table td').first().waitFor();
    assert.deepEqual((await page.locator('.job-table th').allTextContents()).slice(2, 4).map((text) => text.trim()), ['Title', 'Number']);
    await page.locator('summary', {hasText: 'Keep this view'}).click();
    await page.fill('#view-name', 'My way of looking');
    await page.getByRole('button', {name: 'Keep it'}).click();
    await page.locator('.tabs [aria-current]', {hasText: 'My way of looking'}).waitFor();
    await page.getByRole('link', {name: 'Overdue'}).first().click();
    await page.locator('.tabs [aria-current]', {hasText: 'Overdue'}).waitFor();
    checkProblems(page);
    await page.context().close();
});

test('a promise is moved in the calendar by keys and taken back', async () => {
    const job = await takeIn('Promised by keys', {kind: 'repair'});
    (await owner.api('PATCH', `/jobs/${job.id}`, {promised_day: day(12)})).expect(200);
    const page = await openPage(chromium, shop, {client: owner});
    await page.goto(`/calendar?look=week&kind=repair&day=${day(12)}`);
    await page.locator('.cal-entry a', {hasText: 'Promised by keys'}).focus();
    await page.keyboard.press(']');
    await page.getByText('1 job changed.').waitFor();
    assert.equal((await now(job)).promised_day, day(13));
    await page.getByRole('button', {name: 'Undo'}).click();
    await page.getByText('Taken back for 1 job.').waitFor();
    assert.equal((await now(job)).promised_day, day(12));
    await page.context().close();
});

test('with lanes across a card moves within its own', async () => {
    const job = await takeIn('Swimming ring');
    (await owner.api('POST', '/board/look', {compact: true, lanes: 'salesperson'})).expect(200);
    const page = await openPage(chromium, shop, {client: owner});
    await page.goto('/board');
    const card = page.locator(`.job-card[data-job="${job.id}"]`);
    const swim = page.locator('.swim', {has: card});
    const name = await swim.getAttribute('aria-label');
    await card.locator('h3 a').focus();
    await page.keyboard.press(']');
    await page.getByText('Moved to Consultation.').waitFor();
    await page.locator(`.swim[aria-label="${name}"] .lane-cards[data-stage=consultation] [data-job="${job.id}"]`).waitFor();
    await page.getByRole('button', {name: 'Fold CAD'}).first().click();
    await page.locator('.lane.is-narrow').first().waitFor();
    await checkPage(page, 'board-swims-desk');
    (await owner.api('POST', '/board/look', {compact: false})).expect(200);
    (await owner.api('POST', '/board/fold', {kind: 'custom', stage: 'cad', folded: false})).expect(200);
    await page.context().close();
});

test('the pages of many jobs are sound on a desk and on a phone, light and dark', async () => {
    const job = await takeIn('A ring with a name that goes on and on, as customers\' own descriptions do: Ringeltaubenfederschmuckbrosche');
    const pages = {'list': '/jobs?scope=open', 'list-closed': '/jobs?scope=closed', 'list-columns': '/jobs?due=overdue&edit=1',
        'list-empty': '/jobs?kind=repair&status=AVQ&priority=rush', 'views': '/jobs/views', 'calendar': '/calendar',
        'calendar-week': '/calendar?look=week', 'calendar-agenda': '/calendar?look=agenda', 'peek': `/jobs/${job.id}/peek`};
    for (const [phone, dark] of [[false, false], [true, true]]) {
        const page = await openPage(chromium, shop, {client: owner, phone, dark});
        for (const [name, path] of Object.entries(pages)) {
            await page.goto(path);
            await checkPage(page, `${name}-${phone ? 'phone' : 'desk'}-${dark ? 'dark' : 'light'}`);
        }
        await page.context().close();
    }
});
