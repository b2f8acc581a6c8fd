// A job's materials in the browser: rows added, changed and removed, on a desk and on a phone, without scripts, too.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {browser, checkPage, openPage} from '../harness/index.mjs';
import {startWorkshop} from '../http/making.mjs';

let chromium, w, job, shots = 0;
const long = 'Heavy diamond-cut belcher chain with lobster clasp and extension, 45–50 cm, 18ct yellow gold';
before(async () => {
    chromium = await browser();
    w = await startWorkshop();
    job = await w.order('pendant', {alloy: 'au750y', gem: 'sapphire', origin: 'natural', shape: 'oval', stone_carats: 100000});
});
after(async () => {
    await chromium.close();
    await w.stop();
});

const at = () => `/jobs/${job.id}/materials`;
const rows = async () => (await w.get(at())).materials;
const look = (page, name) => checkPage(page, `materials-${String(++shots).padStart(2, '0')}-${name}`);
const save = (page) => Promise.all([page.waitForNavigation(), page.click('button:has-text("Save materials")')]);

test('a new row shows what its kind has', async () => {
    const page = await openPage(chromium, w.shop, {client: w.owner});
    await page.goto(at());
    await look(page, 'desk');
    await page.click('.material-new summary');
    const shown = () => page.locator('.material-new .stone-fields label').evaluateAll((all) =>
        all.filter((each) => each.checkVisibility()).map((each) => each.textContent.trim()));
    assert.deepEqual(await shown(), []);
    const has = {metal: ['Name', 'Metal', 'To issue', 'Whose', 'Cost each'], finding: ['Name', 'Pieces', 'Whose', 'Cost each'],
        stone: ['Gem', 'Origin', 'Treatment', 'Shape', 'Length', 'Width', 'Pieces', 'Carats in all', 'Quality', 'Whose', 'Cost each']};
    for (const [kind, labels] of Object.entries(has)) {
        await page.check(`.material-new input[value=${kind}]`, {force: true});
        assert.deepEqual(await shown(), labels);
    }
    await page.check('.material-new input[value=finding]', {force: true});
    await save(page);
    await page.waitForSelector('#f-materials-2-name-e');
    await look(page, 'refused');
    await page.fill('[name="materials.2.name"]', long);
    await page.fill('[name="materials.2.quantity"]', '1');
    await save(page);
    assert.ok((await rows()).some((each) => each.name === long && each.by_hand));
    await page.context().close();
});

test('on a phone, in the dark, without scripts: one is changed, one removed and brought back', async () => {
    const page = await openPage(chromium, w.shop, {client: w.owner, phone: true, dark: true, javaScript: false});
    await page.goto(at());
    await page.fill('[name="materials.0.quantity"]', '2');
    await page.check('[name="materials.1.remove"]');
    await save(page);
    const now = await rows();
    assert.equal(now.find((each) => each.part === 'Chain, 45 cm').quantity, 2);
    assert.ok(!now.some((each) => each.part === 'Jump ring'));
    await Promise.all([page.waitForNavigation(), page.click('button:has-text("Bring back")')]);
    assert.ok((await rows()).some((each) => each.part === 'Jump ring'));
    await page.context().close();
    const phone = await openPage(chromium, w.shop, {client: w.owner, phone: true, dark: true});
    await phone.goto(at());
    await look(phone, 'phone-dark');
    await phone.context().close();
});
