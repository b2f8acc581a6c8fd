// Job templates: Benchpin's own as the shop wants them, the shop's own, and usual work for repairs.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {eventually} from '../harness/index.mjs';
import {startWorkshop} from './making.mjs';

let w, sales;
before(async () => {
    w = await startWorkshop();
    sales = await w.person('Priya', 'sales');
});
after(async () => {
    sales?.close();
    await w.stop();
});

const api = (method, path, body, client = w.owner) => client.api(method, path, body);
const codes = (answer) => (answer.json().errors ?? []).map((each) => [each.field, each.code].join(' '));
const template = (code) => w.get(`/settings/templates/${code}`);
const names = async (repairs = false) => (await w.get('/settings/templates')).templates
    .filter((each) => !each.archived_at && (each.base == null) === repairs).map((each) => each.name);
const made = async (code, more = {}) => {
    const job = await w.order(code, {alloy: 'pt950', ...more});
    return w.get(`/jobs/${job.id}`);
};
const cad = (job) => job.operations.find((each) => each.craft === 'cad')?.minutes;

test('the built-in ones are listed, and one is changed and set back', async () => {
    assert.ok((await names()).includes('Halo ring'));
    assert.equal(cad(await made('halo')), 240);
    const halo = await template('halo');
    const saved = await w.post('/settings/templates/halo', {name: 'Halo', type: 'ring', cad_minutes: 90,
        band_width: 2600, version: halo.version});
    assert.deepEqual([saved.code, saved.base, saved.changed], ['halo', 'halo', true]);
    const job = await made('halo');
    assert.equal(cad(job), 90);
    assert.equal(job.specification.band_width, 2600);
    assert.match((await w.owner.get('/jobs/new')).text, /<option value="halo"[^>]*>Halo</);
    const late = await api('POST', '/settings/templates/halo', {name: 'Late', type: 'ring', version: halo.version + 7});
    late.expect(409);
    await w.post('/settings/templates/halo/reset', {});
    assert.equal(cad(await made('halo')), 240);
    assert.equal((await template('halo')).name, 'Halo ring');
});

test('one of the shop’s own is made after another, and its operations are done as it says', async () => {
    const copy = await w.post('/settings/templates/solitaire/copy', {});
    assert.equal(copy.base, 'solitaire');
    const own = await w.post(`/settings/templates/${copy.code}`, {name: 'Knife-edge solitaire', type: 'ring',
        version: copy.version, band_thickness: 2100, operations: [
            {craft: 'casting', kind: 'vendor', name: 'Cast', lead_days: 3},
            {craft: 'mounting', name: 'File the knife edge', minutes: 90},
            {craft: 'setting', name: 'Set the stone', minutes: 45},
            {craft: 'quality', kind: 'quality', name: 'Look it over', minutes: 5}]});
    const job = await made(own.code);
    assert.deepEqual(job.operations.map((each) => [each.name, each.kind, each.minutes]),
        [['Cast', 'vendor', 0], ['File the knife edge', 'work', 90], ['Set the stone', 'work', 45],
            ['Look it over', 'quality', 5]]);
    assert.equal(job.specification.template, own.code);
    assert.equal(job.specification.band_thickness, 2100);
    assert.match((await w.owner.get(`/jobs/${job.id}/specification`)).words, /From the template Knife-edge solitaire/);
    await w.post(`/settings/templates/${own.code}/archive`, {});
    assert.ok(!(await names()).includes('Knife-edge solitaire'));
    const refused = await api('POST', '/jobs', {kind: 'custom', title: 'Ring', type: 'ring', template: own.code,
        customer_name: 'A Person'});
    assert.deepEqual(codes(refused.expect(422)), ['template unknown_template']);
    assert.equal((await w.get(`/jobs/${job.id}`)).operations.length, 4); // what is under way stays
    await w.post(`/settings/templates/${own.code}/restore`, {});
});

test('usual work brings a repair its operations and its price', async () => {
    assert.deepEqual(await names(true), []);
    const none = await api('POST', '/settings/templates', {name: 'Nothing', type: 'ring'});
    assert.deepEqual(codes(none.expect(422)), ['operations required']);
    const page = await w.owner.submit('/settings/templates/new', {name: 'Make a ring larger', type: 'ring',
        price: '65.00', 'operations.0.name': 'Cut, add metal, solder', 'operations.0.craft': 'mounting',
        'operations.0.minutes': '45', 'operations.1.name': 'Polish', 'operations.1.craft': 'polishing',
        'operations.1.minutes': '15'}, {form: '/settings/templates'});
    page.expect(303);
    const work = (await w.get('/settings/templates')).templates.find((each) => each.name === 'Make a ring larger');
    assert.deepEqual([work.base, work.price], [null, 6500]);
    assert.match((await w.owner.get('/jobs/new?kind=repair')).text, /Make a ring larger/);
    const job = await w.post('/jobs', {kind: 'repair', title: 'Her ring', type: 'ring', template: work.code,
        customer_name: 'Hannah Okafor'});
    const now = await eventually('its operations', async () => {
        const row = await w.get(`/jobs/${job.id}`);
        return row.operations.length === 2 && row;
    });
    assert.deepEqual(now.operations.map((each) => each.minutes), [45, 15]);
    assert.equal(now.quoted, 6500);
});

test('who may not change settings sees none of it, and bad figures are refused at their fields', async () => {
    (await sales.get('/settings/templates')).expect(403);
    (await api('POST', '/settings/templates/halo', {name: 'x', type: 'ring'}, sales)).expect(403);
    (await w.owner.get('/settings/templates/nothing')).expect(404);
    const bad = await api('POST', '/settings/templates', {name: '', base: 'halo', band_width: 1,
        operations: [{craft: 'cooking', name: 'Stew'}]});
    const faults = codes(bad.expect(422));
    for (const code of ['name required', 'band_width too_small', 'operations.0.craft unknown_craft'])
        assert.ok(faults.includes(code), `${code} in ${faults}`);
});

test('the log says how a craftsman’s crafts and hours changed', async () => {
    const {id, version, name} = w.daniel;
    await w.post(`/settings/craftsmen/${id}`, {name, version, active: true, crafts: [{craft: 'setting', speed: 120}],
        hours: [{weekday: 0, starts: 540, ends: 720}, {weekday: 0, starts: 780, ends: 1020}]});
    const {rows} = await w.get(`/settings/log?thing=craftsman&id=${id}`);
    const change = (field) => rows[0].changes.find((each) => each.field === field);
    assert.match(change('Crafts').became, /120/);
    assert.match(change('Hours').became, /09:00|9:00|540/);
});
