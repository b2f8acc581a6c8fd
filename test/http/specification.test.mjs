// Specification, materials and stock over HTTP: from a template, edited, checked, reserved, released.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {eventually} from '../harness/index.mjs';
import {faults, useWorkshop} from './making.mjs';

let w, bench, sales;
useWorkshop((made) => ({w, bench, sales} = made));

const halo = {alloy: 'pt950', gem: 'sapphire', shape: 'oval', origin: 'natural', stone_carats: 231000};
const spec = async (job) => (await w.get(`/jobs/${job.id}/specification`)).specification;
const materials = (job) => w.get(`/jobs/${job.id}/materials`);
const save = (job, body, client = w.owner) => client.api('POST', `/jobs/${job.id}/specification`, body);
/** The specification as a form would send it back. */
async function asForm(job) {
    const {template: _, ...now} = await spec(job);
    return {...now, stones: now.stones.map(({id: _id, position: _position, ...stone}) => stone)};
}
let codes = 0;
const inStock = (item) => w.post('/stock', {code: `T-${++codes}`, ...item});
const stockOf = async (item) => (await w.get(`/stock/${item.id}`)).item;

test('a template writes specification, materials and operations', async () => {
    const job = await w.order('halo', halo);
    const now = await spec(job);
    assert.equal(now.alloy, 'pt950');
    assert.deepEqual(now.stones.map((stone) => stone.role), ['centre', 'halo']);
    assert.ok(now.gross > now.weight && now.weight > 0);
    const list = await materials(job);
    assert.deepEqual(list.materials.map((each) => each.kind), ['metal', 'stone', 'stone']);
    assert.equal(list.materials[0].quantity, now.gross);
    for (const each of list.materials) // the flow may have looked for them already
        assert.ok(['needed', 'reserved', 'to_order'].includes(each.state), each.state);
    const {operations} = await w.get(`/jobs/${job.id}/operations`);
    assert.equal(operations.at(-1).name, 'Final check');
    assert.equal(operations.find((each) => each.craft === 'casting').vendor_name, 'Avon Castings');
});

test('every template writes a piece', async () => {
    for (const template of ['solitaire', 'halo', 'three_stone', 'eternity', 'wedding_band', 'signet', 'pendant',
        'earrings', 'remodel']) {
        const job = await w.order(template);
        assert.equal((await spec(job)).template, template);
        assert.ok((await materials(job)).materials.length > 0);
    }
});

test('a template of the job serves when none is named, and none at all is told', async () => {
    const job = await w.order(null, {}, {template: 'signet'});
    (await w.owner.api('POST', `/jobs/${job.id}/specification/template`, {template: 'signet'})).expect(200);
    assert.equal((await spec(job)).template, 'signet');
    const bare = await w.order();
    assert.deepEqual(faults(await w.owner.api('POST', `/jobs/${bare.id}/specification/template`, {}), 422),
        ['template required']);
});

test('a template that does not exist is refused, the valid ones named, and nothing stored', async () => {
    const job = await w.order();
    const answer = await w.owner.api('POST', `/jobs/${job.id}/specification/template`, {template: 'crown'});
    assert.deepEqual(faults(answer, 422), ['template unknown_template']);
    assert.match(answer.text, /solitaire/i);
    assert.equal(await spec(job), null);
});

test('the metal is exchanged with its weight, and what is issued follows', async () => {
    const job = await w.order('solitaire', {alloy: 'pt950', gem: 'diamond', origin: 'natural', stone_carats: 50000});
    const before = await asForm(job);
    const saved = (await save(job, {...before, alloy: 'au750y'})).expect(200).json().specification;
    assert.equal(saved.version, 2);
    assert.ok(saved.weight < before.weight, 'gold is lighter');
    assert.ok(saved.gross < before.gross);
    const [metal] = (await materials(job)).materials;
    assert.equal(metal.alloy, 'au750y');
    assert.equal(metal.quantity, saved.gross);
});

test('a weight from the balance stays as it is typed', async () => {
    const job = await w.order('solitaire', halo);
    const saved = (await save(job, {...await asForm(job), weight: 5000, gross: 6600})).expect(200).json().specification;
    assert.equal(saved.weight, 5000);
    assert.equal(saved.gross, 6600);
});

test('a stone needs only what cannot be reckoned', async () => {
    const job = await w.order('solitaire', halo);
    const form = await asForm(job);
    form.stones = [{gem: 'diamond', shape: 'round', origin: 'laboratory_grown', length: 6500, report: 'IGI 552'}];
    const [stone] = (await save(job, form)).expect(200).json().specification.stones;
    assert.equal(stone.width, 6500);
    assert.equal(stone.count, 1);
    assert.ok(stone.carats > 90000 && stone.carats < 110000, String(stone.carats));
    assert.equal(stone.whose, 'shop');
    const need = (await materials(job)).materials.find((each) => each.kind === 'stone');
    assert.match(need.name, /^laboratory-grown diamond.*IGI 552$/);
});

test('a stone is refused where its words would lie or something is missing', async () => {
    const job = await w.order('solitaire', halo);
    const form = await asForm(job);
    const bad = [
        [{gem: 'diamond', shape: 'round', length: 6500}, 'stones.0.origin required'],
        [{gem: 'diamond', origin: 'natural', length: 6500}, 'stones.0.shape required'],
        [{gem: 'diamond', shape: 'round', origin: 'natural'}, 'stones.0.length required'],
        [{gem: 'cubic_zirconia', shape: 'round', origin: 'natural', length: 6500}, 'stones.0.origin impossible_origin'],
        [{gem: 'kryptonite', shape: 'round', origin: 'natural', length: 6500}, 'stones.0.gem unknown_gem'],
        [{gem: 'diamond', shape: 'round', origin: 'natural', length: 6500, count: 0}, 'stones.0.count too_small'],
    ];
    for (const [stone, expected] of bad)
        assert.ok(faults(await save(job, {...form, stones: [stone]}), 422).includes(expected), expected);
    assert.equal((await spec(job)).version, 1);
});

test('sizes and weights out of their range are refused at their fields', async () => {
    const job = await w.order('solitaire', halo);
    const form = await asForm(job);
    for (const [more, expected] of [[{ring_size: 1}, 'ring_size too_small'], [{weight: -1}, 'weight too_small'],
        [{alloy: 'unobtainium'}, 'alloy unknown_alloy'], [{engraving: 'x'.repeat(500)}, 'engraving too_long']])
        assert.deepEqual(faults(await save(job, {...form, ...more}), 422), [expected]);
    assert.equal((await spec(job)).version, 1);
});

test('of two edits from the same version the second is told and loses nothing', async () => {
    const job = await w.order('solitaire', halo);
    const form = await asForm(job);
    (await save(job, {...form, engraving: 'R & T'})).expect(200);
    assert.equal((await save(job, {...form, engraving: 'T & R'})).expect(409).json().code, 'changed');
    assert.equal((await spec(job)).engraving, 'R & T');
});

test('edits of operations outlive an edit of the specification, unless they are to be made anew', async () => {
    const job = await w.order('solitaire', halo);
    const {operations} = await w.get(`/jobs/${job.id}/operations`);
    const [first] = operations;
    await w.post(`/jobs/${job.id}/operations`, {operations: [{id: first.id, minutes: 77}]});
    (await save(job, {...await asForm(job), engraving: 'ever'})).expect(200);
    assert.equal((await w.get(`/jobs/${job.id}/operations`)).operations[0].minutes, 77);
    (await save(job, {...await asForm(job), remake: true})).expect(200);
    const after = (await w.get(`/jobs/${job.id}/operations`)).operations;
    assert.notEqual(after[0].minutes, 77);
    assert.ok(after.some((each) => each.craft === 'engraving'));
});

test('what the bench has begun is not written anew', async () => {
    const job = await w.order('solitaire', halo);
    const [first] = (await w.get(`/jobs/${job.id}/operations`)).operations;
    await w.post(`/operations/${first.id}/start`, {});
    const answer = await save(job, {...await asForm(job), remake: true});
    assert.equal(answer.expect(409).json().code, 'begun');
    assert.equal((await spec(job)).version, 1);
});

test('materials in stock are reserved once, however often they are checked', async () => {
    const job = await w.order('solitaire', {alloy: 'au750r', gem: 'diamond', shape: 'round', origin: 'natural', stone_carats: 50000});
    const [metal, stone] = (await materials(job)).materials;
    const gold = await inStock({kind: 'metal', name: '18ct red gold', alloy: 'au750r', weight: 50000, cost_each: 6000});
    const gem = await inStock({kind: 'stone', name: 'Round 0.50', gem: 'diamond', shape: 'round', origin: 'natural',
        length: stone.length, width: stone.width, pieces: 1, carats: 50000, cost_each: 61000});
    for (let i = 0; i < 2; i++) {
        const checked = await w.post(`/jobs/${job.id}/materials`, {});
        assert.equal(checked.decision, 'in_stock');
        assert.equal(checked.waiting, 0);
        assert.deepEqual(checked.materials.map((each) => each.state), ['reserved', 'reserved']);
        assert.equal(checked.materials[1].cost, 61000);
    }
    assert.equal((await stockOf(gold)).reserved, metal.quantity);
    assert.equal((await stockOf(gem)).reserved, 1);

    // The same stone can't be promised to a second order.
    const other = await w.order('solitaire', {alloy: 'au750r', gem: 'diamond', shape: 'round', origin: 'natural', stone_carats: 50000});
    const checked = await w.post(`/jobs/${other.id}/materials`, {});
    assert.equal(checked.decision, 'to_source');
    assert.deepEqual(checked.materials.map((each) => each.state), ['reserved', 'to_order']);
    assert.equal(checked.materials[1].vendor_name, 'Levenson');
    assert.match(checked.materials[1].expected_day, /^\d{4}-\d\d-\d\d$/);

    // Cancelled, it goes back, and the second has it.
    await w.post(`/jobs/${job.id}/stage`, {from: 'enquiry', to: 'cancelled', note: 'changed their mind'});
    await eventually('the second to have the stone', async () =>
        (await w.post(`/jobs/${other.id}/materials`, {})).decision === 'in_stock');
    assert.equal((await stockOf(gem)).reserved, 1);
});

test('what is not needed any more is released', async () => {
    const choices = {alloy: 'ag925', gem: 'garnet', shape: 'round', origin: 'natural', stone_length: 5000, stone_width: 5000, stone_carats: 60000};
    const job = await w.order('pendant', choices);
    const stone = await inStock({kind: 'stone', name: 'Garnet 5 mm', gem: 'garnet', shape: 'round', origin: 'natural',
        length: 5000, width: 5000, pieces: 3, carats: 180000, cost_each: 900});
    await w.post(`/jobs/${job.id}/materials`, {});
    assert.equal((await stockOf(stone)).reserved, 1);
    (await save(job, {...await asForm(job), stones: []})).expect(200);
    assert.equal((await stockOf(stone)).reserved, 0);
    assert.ok((await materials(job)).materials.every((each) => each.kind !== 'stone'));
});

test("the customer's own stone is theirs: nothing is ordered or reserved for it", async () => {
    const job = await w.order('remodel', {gem: 'ruby', origin: 'natural', own_metal: 2000});
    const checked = await w.post(`/jobs/${job.id}/materials`, {});
    const own = checked.materials.filter((each) => each.state === 'customer');
    assert.deepEqual(own.map((each) => each.kind).sort(), ['metal', 'stone']);
    assert.ok(own.every((each) => each.cost === 0 && each.vendor === null));
    const form = await asForm(job);
    (await save(job, {...form, engraving: 'again'})).expect(200);
    assert.deepEqual((await materials(job)).materials.filter((each) => each.state === 'customer').length, 2);
});

test('what is set is used up', async () => {
    const job = await w.order('solitaire', {alloy: 'ag999', gem: 'opal', shape: 'oval', origin: 'natural', stone_length: 8000, stone_width: 6000, stone_carats: 90000});
    const stone = await inStock({kind: 'stone', name: 'Opal', gem: 'opal', shape: 'oval', origin: 'natural',
        length: 8000, width: 6000, pieces: 1, carats: 90000, cost_each: 20000});
    await w.post(`/jobs/${job.id}/materials`, {});
    const set = (await w.get(`/jobs/${job.id}/operations`)).operations.find((each) => each.craft === 'setting');
    await w.post(`/operations/${set.id}/end`, {passed: true, actual: 45});
    await eventually('the opal to be used', async () => (await stockOf(stone)).on_hand === 0);
    assert.equal((await stockOf(stone)).reserved, 0);
    assert.equal((await materials(job)).materials.find((each) => each.kind === 'stone').state, 'consumed');
});

test('a closed job stays as it was made', async () => {
    const job = await w.order('solitaire', halo);
    const form = await asForm(job);
    await w.post(`/jobs/${job.id}/stage`, {from: 'enquiry', to: 'cancelled', note: 'no'});
    assert.equal((await save(job, form)).expect(409).json().code, 'closed');
    assert.equal((await w.owner.api('POST', `/jobs/${job.id}/materials`, {})).expect(409).json().code, 'closed');
    (await w.owner.api('POST', `/jobs/${job.id}/specification/template`, {template: 'halo'})).expect(409);
});

test('a repeat with the same key does nothing a second time', async () => {
    const job = await w.order('solitaire', halo);
    const form = {...await asForm(job), engraving: 'once'};
    const key = 'b0a7b6e0-0000-4000-8000-000000000001';
    for (let i = 0; i < 2; i++)
        (await w.owner.api('POST', `/jobs/${job.id}/specification`, form, {key})).expect(200);
    assert.equal((await spec(job)).version, 2);
});

test('the bench works on it without seeing costs; strangers see nothing', async () => {
    const job = await w.order('halo', halo);
    const list = (await bench.api('GET', `/jobs/${job.id}/materials`)).expect(200).json();
    assert.ok(list.materials.every((each) => !('cost' in each)) && !('cost' in list));
    assert.ok((await sales.api('GET', `/jobs/${job.id}/materials`)).json().materials.every((each) => !('cost' in each)));
    const page = (await bench.get(`/jobs/${job.id}/materials`)).expect(200);
    assert.doesNotMatch(page.words, /£/);
    (await save(job, {...await asForm(job), finish: 'satin'}, bench)).expect(200);
    (await w.owner.api('GET', '/jobs/987654/specification')).expect(404);
    (await w.owner.api('POST', '/jobs/987654/materials', {})).expect(404);
});

test('the form of a browser saves, adds a stone, removes one, and comes back as it was typed', async () => {
    const job = await w.order('halo', halo);
    const at = `/jobs/${job.id}/specification`;
    const added = await w.owner.submit(at, {engraving: 'R & T', 'stones.2.gem': 'diamond', 'stones.2.role': 'shoulder',
        'stones.2.origin': 'natural', 'stones.2.shape': 'round', 'stones.2.length': '1.1', 'stones.2.count': '12'}, {form: at});
    assert.equal(added.status, 303, String(added));
    assert.match((await w.owner.follow(added)).words, /Specification saved/);
    assert.equal((await spec(job)).stones.length, 3);
    const emptied = Object.fromEntries(['role', 'gem', 'origin', 'treatment', 'shape', 'length', 'width', 'count', 'carats', 'quality',
        'report', 'setting', 'whose'].map((name) => [`stones.1.${name}`, '']));
    (await w.owner.submit(at, emptied, {form: at})).expect(303);
    assert.deepEqual((await spec(job)).stones.map((stone) => stone.role), ['centre', 'shoulder']);
    const refused = (await w.owner.submit(at, {'stones.0.origin': '', engraving: 'kept as typed'}, {form: at})).expect(422);
    assert.match(refused.text, /kept as typed/);
    assert.match(refused.text, /id="f-stones-0-origin-e"/);
});

test('a page without a specification begins with a template', async () => {
    const job = await w.order();
    const at = `/jobs/${job.id}/specification`;
    const written = await w.owner.submit(at, {template: 'signet', alloy: 'au375y'}, {form: `${at}/template`});
    assert.equal(written.status, 303, String(written));
    assert.equal((await spec(job)).template, 'signet');
    const bare = await w.order();
    const refused = await w.owner.submit(`/jobs/${bare.id}/specification`, {template: 'halo', ring_size: 'huge'},
        {form: `/jobs/${bare.id}/specification/template`});
    assert.equal(refused.expect(422).status, 422);
    assert.match(refused.text, /huge/);
});
