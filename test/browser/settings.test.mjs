// Settings, stock and vendors as people see them: on a desk and on a phone, light and dark.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {browser, checkPage, openPage, signIn, startShop} from '../harness/index.mjs';

let chromium, shop, owner;

before(async () => {
    chromium = await browser();
    shop = await startShop();
    owner = await signIn(shop);
    const made = async (path, body) => (await owner.api('POST', path, body)).expect(200, 201).json();
    await made('/settings/metals', {unit: 'ounce', source: 'LBMA', prices: [{metal: 'gold', price: 304814}]});
    await made('/settings/stone-prices', {gem: 'sapphire', origin: 'natural', per_carat: 120000});
    await made('/settings/taxes', {name: 'VAT', rate: 2000, on_goods: true, on_labour: true});
    await made('/settings/closures', {day: '2031-12-25', to: '2031-12-27', reason: 'Christmas'});
    await made('/settings/special-days', {day: '2031-12-24', opens: 570, closes: 720});
    await made('/settings/locations', {name: 'Bristol, King Street', kind: 'workshop'});
    await made('/settings/colours', {brand: '#7a1f3d', shell: '#3a0f1e', accent: '#d8a24a'});
    await made('/settings/staff', {name: 'Joe Bright', email: 'joe@example.com', role: 'bench',
        password: 'evening-light-42'});
    await made('/stock', {kind: 'metal', code: 'AU750Y', name: '18ct yellow casting grain', alloy: 'au750y',
        cost_each: 7350, weight: 52400});
    const stone = await made('/stock', {kind: 'stone', code: 'MEL-13', name: 'Melee 1.3 mm', gem: 'diamond',
        origin: 'natural', shape: 'round', length: 1300, quality: 'G VS', cost_each: 900, pieces: 220, carats: 231000});
    await made(`/stock/${stone.id}/movements`, {reason: 'counted', pieces: 214, note: 'stocktaking'});
    const vendor = await made('/vendors', {name: 'Amara Gems', email: 'sales@amara.example', gem: 'sapphire'});
    const job = await made('/jobs', {kind: 'custom', title: 'Halo ring', type: 'ring', template: 'halo',
        customer_name: 'Hannah Okafor'});
    await made(`/jobs/${job.id}/requests`, {vendor: vendor.id, subject: 'Oval sapphire', body: 'Please quote.'});
});
after(async () => {
    await chromium.close();
    owner.close();
    await shop.stop();
});

const pages = ['/settings', '/settings/shop', '/settings/opening', '/settings/taxes', '/settings/locations', '/settings/locations/2', '/settings/numbers',
    '/settings/colours', '/settings/templates', '/settings/templates/halo', '/settings/templates/new', '/settings/metals',
    '/settings/messages/ready', '/settings/rates', '/settings/staff', '/settings/staff/new', '/settings/staff/1', '/settings/permissions',
    '/settings/log', '/settings/export', '/settings/backups', '/settings/webhooks', '/settings/webhooks/new', '/me/settings', '/stock', '/stock?q=nothing', '/stock/new', '/stock/2', '/stock/2/edit',
    '/vendors', '/vendors/new', '/vendors/1', '/vendors?archived=1', '/jobs/1/requests?vendor=1', '/requests'];

for (const [phone, dark] of [[false, false], [true, true]])
    test(`every page is in order on a ${phone ? 'phone' : 'desk'}, ${dark ? 'dark' : 'light'}`, async () => {
        const page = await openPage(chromium, shop, {phone, dark, client: owner});
        for (const path of pages) {
            await page.goto(path);
            await checkPage(page, `${path.slice(1).replace(/\W+/g, '-')}-${phone ? 'phone' : 'desk'}` +
                `-${dark ? 'dark' : 'light'}`).catch((error) => {
                throw new Error(`${path}: ${error.message}`);
            });
        }
        await page.context().close();
    });

test('a refused form keeps what was typed and says what to mend', async () => {
    const page = await openPage(chromium, shop, {client: owner});
    await page.goto('/stock/new');
    await page.fill('[name=code]', 'AU750Y');
    await page.fill('[name=name]', 'Another grain');
    await page.click('main button.btn-primary');
    await page.waitForSelector('#form-errors');
    assert.equal(await page.inputValue('[name=name]'), 'Another grain');
    await checkPage(page, 'stock-new-refused');
    await page.goto('/settings/opening');
    await page.fill('[name="days.0.closes"]', '8:00');
    await page.click('main form[action="/settings/opening"] button.btn-primary');
    await page.waitForSelector('[aria-invalid=true]');
    assert.equal(await page.inputValue('[name="days.0.closes"]'), '8:00');
    await checkPage(page, 'settings-opening-refused');
    await page.context().close();
});

test('settings are saved without JavaScript', async () => {
    const page = await openPage(chromium, shop, {javaScript: false, client: owner});
    await page.goto('/settings/shop');
    await page.fill('[name=place]', 'Milsom Street, Bath');
    await page.click('main form[action="/settings/shop"] button.btn-primary');
    await page.waitForSelector('.toast');
    await page.goto('/settings/shop');
    assert.equal(await page.inputValue('[name=place]'), 'Milsom Street, Bath');
    await page.context().close();
});
