// Coming in by invitation, the second factor, tokens and the log, as people see and do them.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {browser, checkPage, openPage, signIn, startShop, totp} from '../harness/index.mjs';

const password = 'evening-light-42';
let chromium, shop, owner;

before(async () => {
    chromium = await browser();
    shop = await startShop();
    owner = await signIn(shop);
    const made = async (path, body) => (await owner.api('POST', path, body)).expect(200, 201).json();
    await made('/settings/staff', {name: 'Priya Nair', email: 'priya@example.com', role: 'sales', password});
    await made('/settings/staff/2', {name: 'Priya Nair-Shah', email: 'priya@example.com', role: 'manager', version: 1});
    await made('/settings/staff/invitations',
        {name: 'Nell Paget-Featherstonehaugh of Upper Slaughter', email: 'nell.paget.featherstonehaugh@example.com', role: 'sales'});
    await made('/tokens', {name: 'Till', scopes: 'see_jobs see_prices take_money', expires: '2031-06-30'});
});
after(async () => {
    await chromium.close();
    owner.close();
    await shop.stop();
});

const link = async () => new URL((await owner.api('POST', '/settings/staff/invitations/1/link')).expect(200).json().url).pathname;

for (const [phone, dark] of [[false, false], [true, true]])
    test(`every page of people is in order on a ${phone ? 'phone' : 'desk'}, ${dark ? 'dark' : 'light'}`, async () => {
        const page = await openPage(chromium, shop, {phone, dark, client: owner});
        const door = await openPage(chromium, shop, {phone, dark});
        const look = async (at, path) => {
            await at.goto(path);
            await checkPage(at).catch((error) => {
                throw new Error(`${path}: ${error.message}`);
            });
        };
        for (const path of ['/me/settings', '/me/tokens/new', '/me/second-factor', '/settings/staff', '/settings/staff/new',
            '/settings/staff/by-hand', '/settings/staff/2', '/settings/permissions', '/settings/log',
            '/settings/log?thing=staff&id=2', '/settings/log?action=nothing'])
            await look(page, path);
        for (const path of ['/forgot', '/forgot/sent', await link(), '/welcome/0', '/reset/0'])
            await look(door, path);
        await page.context().close();
        await door.context().close();
    });

test('somebody comes in by the link, sets up a second factor and signs in with it', async () => {
    const page = await openPage(chromium, shop);
    await page.goto(await link());
    await page.fill('[name=password]', password);
    await page.click('button[type=submit]');
    await page.waitForURL((url) => !url.pathname.startsWith('/welcome'));
    await page.goto('/me/second-factor');
    await page.fill('[name=current]', password);
    await page.click('main button.btn-primary');
    const secret = await page.textContent('main code');
    assert.ok(await page.$eval('img.totp', (each) => each.complete && each.naturalWidth > 0));
    await checkPage(page, 'second-factor-begun');
    await page.fill('[name=code]', totp(secret, -1));
    await page.click('main button.btn-primary');
    await page.waitForSelector('pre.letter');
    assert.equal((await page.textContent('pre.letter')).trim().split('\n').length, 10);
    await checkPage(page, 'recovery-codes');
    await page.goto('/me/second-factor');
    await checkPage(page, 'second-factor-on');
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await page.fill('[name=email]', 'nell.paget.featherstonehaugh@example.com');
    await page.fill('[name=password]', password);
    await page.press('[name=password]', 'Enter');
    await page.waitForURL('**/sign-in/code');
    await checkPage(page, 'sign-in-code');
    await page.fill('[name=code]', '000000');
    await page.press('[name=code]', 'Enter');
    await page.waitForSelector('[aria-invalid=true]');
    await page.fill('[name=code]', totp(secret));
    await page.press('[name=code]', 'Enter');
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
    await page.context().close();
});

test('a token is made by ticking what it may, without JavaScript, and shown once', async () => {
    const page = await openPage(chromium, shop, {javaScript: false, client: owner});
    await page.goto('/me/tokens/new');
    await page.fill('[name=name]', 'Web shop');
    await page.check('[name=may][value=some]', {force: true});
    await page.check('[name="may.see_stock"]');
    await page.click('main button.btn-primary');
    assert.match(await page.inputValue('input[readonly]'), /^[0-9a-f]{64}$/);
    await page.goto('/me/settings');
    assert.match(await page.textContent('main'), /Web shop\s*See stock/);
    await page.context().close();
});
