// The board in a browser: dragging, keys, the card's menu, two people at once; the pages around a job.

import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {browser, checkPage, checkProblems, eventually, openPage, root, signIn, startShop}
    from '../harness/index.mjs';

let chromium, shop, owner;
before(async () => {
    chromium = await browser();
    shop = await startShop();
    owner = await signIn(shop);
});
after(async () => {
    owner?.close();
    await chromium.close();
    await shop.stop();
});

async function takeIn(title, more = {}) {
    return (await owner.api('POST', '/jobs', {title, customer_name: 'Grace Tan', ...more})).expect(201).json();
}
const stageOf = async (job) => (await owner.api('GET', `/jobs/${job.id}/history`)).json().history.at(-1).stage;
const lane = (page, stage) => page.locator(`.lane-cards[data-stage=${stage}]`);
const card = (page, job) => page.locator(`.job-card[data-job="${job.id}"]`);

async function drag(page, job, stage) {
    const from = await card(page, job).locator('.job-card-progress').boundingBox();
    const to = await lane(page, stage).boundingBox();
    await page.mouse.move(from.x + 30, from.y + 5);
    await page.mouse.down();
    await page.mouse.move(from.x + 50, from.y + 15, {steps: 4});
    await page.mouse.move(to.x + 60, to.y + 40, {steps: 12});
    await page.mouse.up();
}

test('a card is dragged to another lane, and the toast takes it back', async () => {
    const job = await takeIn('Dragged ring');
    const page = await openPage(chromium, shop, {client: owner});
    await page.goto('/board');
    await drag(page, job, 'deposit_received');
    await page.getByText('Moved to Deposit received.').waitFor();
    assert.equal(await stageOf(job), 'deposit_received');
    await lane(page, 'deposit_received').locator(`[data-job="${job.id}"]`).waitFor();
    await page.getByRole('button', {name: 'Undo'}).click();
    await lane(page, 'enquiry').locator(`[data-job="${job.id}"]`).waitFor();
    assert.equal(await stageOf(job), 'enquiry');
    checkProblems(page);
    await page.context().close();
});

test('keys move a card, and going back asks for the reason', async () => {
    const job = await takeIn('Ring by keys');
    const page = await openPage(chromium, shop, {client: owner});
    await page.goto('/board');
    await card(page, job).locator('h3 a').focus();
    await page.keyboard.press(']');
    await page.getByText('Moved to Consultation.').waitFor();
    await eventually('the move', async () => await stageOf(job) === 'consultation');
    await card(page, job).locator('h3 a').focus();
    await page.keyboard.press('[');
    await page.locator('dialog[open] textarea').fill('She wants to think.');
    await page.locator('dialog[open] .btn-primary').click();
    await eventually('the move back', async () => await stageOf(job) === 'enquiry');
    await card(page, job).locator('h3 a').focus();
    await page.keyboard.press('m');
    await page.locator('dialog[open] select').selectOption('on_hold');
    await page.locator('dialog[open] .btn-primary').click();
    await eventually('the hold', async () => await stageOf(job) === 'on_hold');
    await page.locator(`.job-card.is-held[data-job="${job.id}"]`).waitFor();
    checkProblems(page);
    await page.context().close();
});

test('the card\'s link opens the menu, and without JavaScript a page', async () => {
    const job = await takeIn('Ring by menu');
    const page = await openPage(chromium, shop, {client: owner});
    await page.goto('/board');
    await card(page, job).hover();
    await card(page, job).locator('a.card-menu').click();
    await page.locator('dialog[open] select').selectOption('cad');
    await page.locator('dialog[open] .btn-primary').click();
    await page.getByText('Moved to CAD.').waitFor();
    await page.context().close();
    const plain = await openPage(chromium, shop, {client: owner, javaScript: false});
    await plain.goto('/board');
    await card(plain, job).locator('a.card-menu').click({force: true});
    await plain.selectOption('select[name=to]', 'approval');
    await plain.click('button:has-text("Move")');
    assert.equal(await stageOf(job), 'approval');
    await plain.context().close();
});

test('two browsers show each other\'s moves by themselves', async () => {
    const job = await takeIn('Watched ring');
    const [mine, yours] = await Promise.all([1, 2].map(() => openPage(chromium, shop, {client: owner})));
    await Promise.all([mine, yours].map((page) => page.goto('/board')));
    await yours.waitForTimeout(500); // the stream opens
    await owner.api('POST', `/jobs/${job.id}/stage`, {from: 'enquiry', to: 'cad'});
    await Promise.all([mine, yours].map((page) => lane(page, 'cad').locator(`[data-job="${job.id}"]`).waitFor()));
    await mine.context().close();
    await yours.context().close();
});

test('the pages around a job are sound on a desk and on a phone, light and dark', async () => {
    const job = await takeIn('Pictured ring', {priority: 'rush', description: 'As in the picture', budget: 650000});
    const seeds = join(root, 'web/seed');
    const data = readFileSync(join(seeds, readdirSync(seeds).find((name) => name.endsWith('.webp'))));
    (await owner.post(`/jobs/${job.id}/files`, {caption: 'Her board'},
        {files: [{field: 'file', name: 'board.webp', type: 'image/webp', data}]})).expect(303);
    (await owner.api('POST', `/jobs/${job.id}/comments`, {text: 'Size to be measured'})).expect(201);
    const pages = {board: '/board', 'board-empty': '/board?kind=repair', jobs: '/jobs?kind=custom', search: '/search?q=ring',
        'job-edit': `/jobs/${job.id}/edit`, 'job-move': `/jobs/${job.id}/move`, 'job-files': `/jobs/${job.id}/files`,
        'job-history': `/jobs/${job.id}/history`};
    for (const [phone, dark] of [[false, false], [true, true], [true, false], [false, true]]) {
        const page = await openPage(chromium, shop, {client: owner, phone, dark});
        for (const [name, path] of Object.entries(pages)) {
            await page.goto(path);
            await checkPage(page, `${name}-${phone ? 'phone' : 'desk'}-${dark ? 'dark' : 'light'}`);
        }
        await page.context().close();
    }
});

test('files are sent from the page with progress, and the list follows', async () => {
    const job = await takeIn('Uploaded ring');
    const page = await openPage(chromium, shop, {client: owner});
    await page.goto(`/jobs/${job.id}/files`);
    const seeds = join(root, 'web/seed');
    const file = join(seeds, readdirSync(seeds).find((name) => name.endsWith('.webp')));
    await page.setInputFiles('input[type=file]', [file]);
    await page.click('form[data-upload] button[type=submit]');
    await page.locator('.files .file').waitFor();
    checkProblems(page);
    await page.context().close();
});
