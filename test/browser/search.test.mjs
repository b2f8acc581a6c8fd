// Searching, doing by name, scanning and counting, as hands at the counter do.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {browser, checkPage, openPage} from '../harness/index.mjs';
import {startWorkshop} from '../http/making.mjs';

let chromium, w, priya, ring, others, places, page;
before(async () => {
    chromium = await browser();
    w = await startWorkshop();
    priya = await w.person('Priya', 'sales');
    ring = await w.order(null, {}, {title: 'Oval sapphire halo ring', customer_name: 'Eleanor Whitcombe'});
    others = [];
    for (const title of ['Signet ring', 'Pearl pendant with an exceedingly long name that must be shortened somewhere'])
        others.push(await w.order(null, {}, {title}));
    places = Object.fromEntries((await w.get('/custody')).places.map((each) => [each.name, each.id]));
    page = await openPage(chromium, w.shop, {client: w.owner});
});
after(async () => {
    await chromium.close();
    await w.stop();
});

const six = (job) => String(job.number).padStart(6, '0');
const label = (name) => `PL${String(places[name]).padStart(5, '0')}`;
const options = (of = page) => of.locator('.palette [role=option]');
/** As fast as a scanner types, in one task. */
const burst = (code, of = page) => of.evaluate((keys) => {
    for (const key of [...keys, 'Enter'])
        document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
}, code);
/** The option that Enter would take has these words. */
const chosen = (words) => page.locator('.palette [aria-selected=true]', {hasText: words}).waitFor();
const text = (selector, of = page) => of.locator(selector).innerText();

test('/ searches: words find, arrows choose, Enter opens', async () => {
    await page.goto('/board');
    await page.keyboard.press('/');
    await page.keyboard.type('sapp ring');
    await chosen('Oval sapphire halo ring');
    await checkPage(page, 'search-01-list');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/jobs/${ring.id}`);
});

test('before anything is typed, what was opened lately is there', async () => {
    await page.goto('/custody');
    await page.keyboard.press('Control+k');
    await options().first().waitFor();
    assert.match(await options().first().innerText(), /Oval sapphire halo ring/);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.palette:visible').count(), 0);
});

test('> does what is here and what is elsewhere, with the keyboard alone', async () => {
    await page.goto(`/jobs/${ring.id}`);
    await page.keyboard.press('>');
    await options().first().waitFor();
    await page.keyboard.type('advance');
    await chosen('Advance');
    await checkPage(page, 'search-02-commands');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    assert.equal((await w.get(`/jobs/${ring.id}`)).stage, 'consultation');
    await page.keyboard.press('>');
    await options().first().waitFor();
    await page.keyboard.type('ovrdue');
    await chosen('Overdue');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/jobs?late=1');
});

test('a scan opens the thing from anywhere; one of nobody says so', async () => {
    await page.goto('/custody');
    await burst(`]C1${six(ring)}`);
    await page.waitForURL(`**/jobs/${ring.id}`);
    await burst('QX-000017');
    await page.waitForURL('**/scan?code=QX-000017');
    assert.match(await text('main'), /Nothing here has the code “QX-000017”/);
});

test('envelopes and then a place are scanned, and the one undo takes all back', async () => {
    await page.goto('/custody/scan');
    for (const job of [ring, ...others]) {
        await page.keyboard.type(six(job));
        await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    }
    assert.match(await text('#hand'), /3 envelopes in your hand/);
    await checkPage(page, 'search-03-hand');
    await page.evaluate(() => document.activeElement.blur());
    await Promise.all([page.waitForNavigation(), burst(label('Ready shelf'))]);
    assert.match(await text('.scan-done'), /3 envelopes are now at Ready shelf/);
    await checkPage(page, 'search-04-moved');
    await Promise.all([page.waitForNavigation(), page.click('.toast button:has-text("Undo")')]);
    assert.equal((await w.get(`/jobs/${ring.id}`)).place, null);
});

test('on a phone a number and a tap do the same, also without scripts', async () => {
    for (const javaScript of [false, true]) {
        const phone = await openPage(chromium, w.shop, {client: w.owner, phone: true, javaScript});
        await phone.goto('/custody/scan');
        await phone.fill('#f-code', String(ring.number));
        await phone.click('button:has-text("Take it")');
        await phone.locator('.place-tiles').first().waitFor();
        if (javaScript)
            await checkPage(phone, 'search-05-phone');
        const place = javaScript ? 'Safe' : 'Courier';
        await phone.click(`.place-tiles button:has-text("${place}")`);
        assert.ok((await text('.scan-done', phone)).includes(`now at ${place}`));
        await phone.goto(`/jobs/${ring.id}`);
        assert.ok((await text('#custody', phone)).includes(place));
        if (javaScript)
            for (const [path, name] of [[`/jobs/${ring.id}`], ['/custody', 'search-06-places-phone']])
                await phone.goto(path).then(() => checkPage(phone, name));
        await phone.context().close();
    }
});

test('two count at once: each sees what the other has found, and the end names what is missing', async () => {
    await w.post(`/jobs/${others[0].id}/custody`, {from: null, to: String(places.Safe)});
    const {id} = await w.post('/custody/counts', {place: places.Safe});
    await page.goto(`/custody/counts/${id}`);
    const second = await openPage(chromium, w.shop, {client: priya, phone: true});
    await second.goto(`/custody/counts/${id}`);
    await second.fill('#f-code', six(ring));
    await Promise.all([second.waitForNavigation(), second.press('#f-code', 'Enter')]);
    assert.match(await text('.scan-done', second), /counted/);
    await checkPage(second, 'search-07-count-phone');
    await page.locator('#g-seen').waitFor();
    assert.match(await text('section:has(#g-missing)'), /Signet ring/);
    await page.fill('#note', 'Ask Joe');
    await Promise.all([page.waitForNavigation(), page.click('button:has-text("Close the count")')]);
    assert.match(await text('main'), /Missing\s*1/);
    await checkPage(page, 'search-08-count');
    await second.context().close();
});

test('? lists the keys of this page; N 2 takes a repair in; arrows walk the rows', async () => {
    await page.goto(`/jobs/${ring.id}`);
    await page.keyboard.press('?');
    await page.locator('#keys-help').waitFor();
    const keys = await text('#keys-help');
    for (const each of ['Search, jump, scan', 'New repair', 'Promised date', 'Write a comment'])
        assert.ok(keys.replace(/\s+/g, ' ').includes(each) || /Comment/.test(keys), each);
    assert.doesNotMatch(keys, /From card to card/);
    await checkPage(page, 'search-09-keys');
    await page.keyboard.press('Escape');
    await page.locator('#keys-help').waitFor({state: 'detached'});
    await page.keyboard.press('n');
    await page.keyboard.press('2');
    await page.waitForURL('**/jobs/new?kind=repair');
    await page.goto('/custody');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/custody/places/*');
    for (const path of ['/commands', '/search?q=ring', `/jobs/${ring.id}/custody`, '/custody/places/new'])
        await page.goto(path).then(() => checkPage(page, `search-10${path.replace(/\W+/g, '-')}`));
});
