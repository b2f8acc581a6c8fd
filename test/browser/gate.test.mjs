// The pages before the shop: signing in and setting up, on a desk and on a phone, light and dark.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {browser, checkPage, openPage, owner, signInPage, startShop} from '../harness/index.mjs';

let chromium;
before(async () => { chromium = await browser(); });
after(async () => { await chromium.close(); });

test('signing in is pleasant for everybody, and wrong words are told beside the form', async () => {
    const shop = await startShop();
    for (const dark of [false, true]) {
        for (const phone of [false, true]) {
            const page = await openPage(chromium, shop, {dark, phone});
            await page.goto('/sign-in');
            await checkPage(page, `sign-in-${phone ? 'phone' : 'desk'}-${dark ? 'dark' : 'light'}`);
            await page.fill('input[name=email]', owner.email);
            await page.fill('input[name=password]', 'not-the-password');
            await page.press('input[name=password]', 'Enter');
            await page.waitForSelector('[role=alert], .callout, .field.is-bad');
            assert.equal(new URL(page.url()).pathname, '/sign-in');
            await checkPage(page);
            await page.context().close();
        }
    }
    await shop.stop();
});

test('signing in works without JavaScript', async () => {
    const shop = await startShop();
    const page = await openPage(chromium, shop, {javaScript: false});
    await signInPage(page);
    assert.notEqual(new URL(page.url()).pathname, '/sign-in');
    await shop.stop();
});

test('the first page of an empty folder sets up the shop', async () => {
    const shop = await startShop({empty: true});
    for (const phone of [false, true]) {
        const page = await openPage(chromium, shop, {phone});
        await page.goto('/');
        assert.match(page.url(), /set-up/);
        await checkPage(page, `set-up-${phone ? 'phone' : 'desk'}`);
        await page.context().close();
    }
    await shop.stop();
});
