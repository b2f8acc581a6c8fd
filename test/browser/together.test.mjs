// Two people at one form, and a draft that outlives its page.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {browser, checkPage, openPage, signIn, signInPage, startShop} from '../harness/index.mjs';

let shop, client, chromium, customer;

before(async () => {
    shop = await startShop();
    client = await signIn(shop);
    customer = (await client.api('POST', '/customers', {name: 'Nora Quist', note: 'Calls late'})).expect(201).json();
    chromium = await browser();
});
after(async () => {
    client?.close();
    await chromium?.close();
    await shop.stop();
});

const here = () => `/customers/${customer.id}`;

test('the second is told while typing, compares, and chooses by keyboard', async () => {
    const page = await openPage(chromium, shop);
    await signInPage(page);
    await page.goto(`${shop.url}${here()}/edit`);
    await page.fill('#f-note', 'Mine');
    (await client.submit(`${here()}/edit`, {note: 'Theirs', address: '2 Mill Lane'}, {form: here()})).expect(303);
    await page.waitForSelector('#edit-news .callout');
    assert.equal(await page.inputValue('#f-note'), 'Mine');
    await page.click('form .btn-primary');
    await page.waitForSelector('#form-errors');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'form-errors');
    await checkPage(page, 'together-compare');
    await page.focus('[name="take.note"][value="0"]');
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.inputValue('#f-note'), 'Theirs');
    await page.fill('#f-note', 'Both');
    assert.ok(await page.isChecked('[name="take.note"][value="0"]'));
    await page.click('form .btn-primary');
    await page.waitForURL(`${shop.url}${here()}`);
    const now = (await client.api('GET', here())).json();
    assert.deepEqual([now.note, now.address], ['Both', '2 Mill Lane']);
    await page.context().close();
});

test('a draft survives closing, and meets what was saved since', async () => {
    const first = await openPage(chromium, shop);
    await signInPage(first);
    await first.goto(`${shop.url}${here()}/edit`);
    await first.fill('#f-note', 'Not yet sent');
    await first.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith('draft:')));
    const context = first.context();
    await first.close();
    (await client.submit(`${here()}/edit`, {address: '3 Mill Lane'}, {form: here()})).expect(303);
    const page = await context.newPage();
    await page.goto(`${shop.url}${here()}/edit`);
    await page.waitForSelector('.draft-note');
    assert.equal(await page.inputValue('#f-note'), 'Not yet sent');
    await page.click('form .btn-primary');
    await page.waitForSelector('#form-errors');
    assert.equal(await page.inputValue('#f-address'), '3 Mill Lane');
    assert.equal(await page.inputValue('#f-note'), 'Not yet sent');
    await context.close();
});
