// Arabic, from right to left, as people see and work it: on a desk and on a phone.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {browser, checkPage, openPage, signIn, startShop} from '../harness/index.mjs';

let chromium, shop, owner, job, link;

before(async () => {
    chromium = await browser();
    shop = await startShop({demoOrders: 12});
    owner = await signIn(shop);
    const made = async (path, body) => (await owner.api('POST', path, body)).expect(200, 201).json();
    job = await made('/jobs', {kind: 'custom', title: 'خاتم ياقوت', type: 'ring', template: 'halo',
        customer_name: 'ليلى حداد', customer_phone: '07700 900214', budget: 648000});
    link = new URL((await made(`/jobs/${job.id}/tracking/renew`, {})).link).pathname;
    (await owner.get('/language/ar?next=/')).expect(303);
});
after(async () => {
    await chromium.close();
    owner.close();
    await shop.stop();
});

for (const phone of [false, true])
    test(`Arabic pages are in order on a ${phone ? 'phone' : 'desk'}`, async () => {
        const page = await openPage(chromium, shop, {phone, client: owner, locale: 'ar'});
        for (const path of ['/board', '/jobs', `/jobs/${job.id}`, '/jobs/new', '/customers', '/customers/1',
            '/invoices', '/settings/shop', '/workshop', link]) {
            await page.goto(path);
            assert.equal(await page.getAttribute('html', 'dir'), 'rtl');
            assert.match(await page.getAttribute('html', 'lang'), /^ar/);
            await checkPage(page, `ar-${path.slice(1).replace(/\W+/g, '-').slice(0, 20)}-${phone ? 'phone' : 'desk'}`)
                .catch((error) => { throw new Error(`${path}: ${error.message}`); });
        }
        await page.context().close();
    });

test('arrow keys go where they point', async () => {
    const page = await openPage(chromium, shop, {client: owner, locale: 'ar'});
    await page.goto('/board');
    const lane = () => page.evaluate(() => {
        const lists = [...document.querySelectorAll('.lane-cards')].filter((each) => each.querySelector('.job-card'));
        return lists.indexOf(document.activeElement.closest('.lane-cards'));
    });
    await page.focus('.job-card h3 a, .job-card a');
    assert.equal(await lane(), 0);
    await page.keyboard.press('ArrowLeft');
    assert.equal(await lane(), 1);
    await page.keyboard.press('ArrowRight');
    assert.equal(await lane(), 0);
    // The first lane is the rightmost.
    const places = await page.$$eval('.lane-cards', (lists) => lists.map((each) => each.getBoundingClientRect().left));
    assert.ok(places[0] > places[1] && places[1] > places[2], String(places));
    await page.context().close();
});

test('what is read from left to right stands as it is, and icons that point are turned', async () => {
    const page = await openPage(chromium, shop, {client: owner, locale: 'ar'});
    await page.goto(`/jobs/${job.id}`);
    const phone = await page.$eval('a[href^="tel:"]', (each) => [getComputedStyle(each).direction,
        getComputedStyle(each).unicodeBidi]);
    assert.deepEqual(phone, ['ltr', 'isolate']);
    const turned = await page.$eval('use[href$="#i-logout"]', (each) => getComputedStyle(each).transform);
    assert.match(turned, /^matrix\(-1,/);
    await page.context().close();
});

test('a visitor changes the language at the foot of the page', async () => {
    const page = await openPage(chromium, shop, {phone: true});
    await page.goto(link);
    assert.equal(await page.getAttribute('html', 'dir'), 'ltr');
    await page.click('footer a[hreflang=ar]');
    assert.equal(new URL(page.url()).pathname, link);
    assert.equal(await page.getAttribute('html', 'dir'), 'rtl');
    await page.click('footer a[hreflang=en-GB]');
    assert.equal(await page.getAttribute('html', 'lang'), 'en-GB');
    await page.context().close();
});
