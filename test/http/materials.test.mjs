// Materials row by row over HTTP: added, changed and removed by hand, kept in stock, priced, and left alone by the
// specification.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {eventually} from '../harness/index.mjs';
import {faults, useWorkshop} from './making.mjs';

let w, bench, sales;
useWorkshop((made) => ({w, bench, sales} = made));

const pendant = {alloy: 'au750y', gem: 'sapphire', shape: 'oval', origin: 'natural', stone_carats: 100000};
const page = (job) => w.get(`/jobs/${job.id}/materials`);
const rows = async (job) => (await page(job)).materials;
const edit = (job, materials, client = w.owner, more = {}) =>
    client.api('POST', `/jobs/${job.id}/materials`, {materials, ...more});
const saved = async (...of) => (await edit(...of)).expect(200).json();
const named = (list, name) => list.find((each) => each.name.includes(name));
let codes = 0;
const inStock = (item) => w.post('/stock', {code: `M-${++codes}`, ...item});
const stockOf = async (item) => (await w.get(`/stock/${item.id}`)).item;
const movements = async (item) => (await w.get(`/stock/${item.id}`)).movements.map((each) => [each.reason, each.reserved]).reverse();
async function specify(job, more) {
    const {template: _, ...now} = (await w.get(`/jobs/${job.id}/specification`)).specification;
    const stones = now.stones.map(({id: _id, position: _position, ...stone}) => stone);
    (await w.owner.api('POST', `/jobs/${job.id}/specification`, {...now, stones, ...more})).expect(200);
}
/** Fills in the form of the page in which rows are changed, and sends it. */
async function submit(client, job, fields) {
    const path = `/jobs/${job.id}/materials`;
    const form = (await client.get(path)).expect(200).forms.find((each) =>
        each.fields.some(([name]) => name.startsWith('materials.')));
    return client.post(path, [...form.fields.filter(([name]) => !(name in fields)), ...Object.entries(fields)]);
}

test('a finding, a stone and metal are added by hand, on a job that has nothing else, too', async () => {
    const job = await w.order();
    const now = await saved(job, [
        {kind: 'finding', name: 'Belcher chain, 50 cm', quantity: 1},
        {kind: 'stone', gem: 'diamond', origin: 'laboratory_grown', shape: 'round', length: 1500, quantity: 4, quality: 'G VS'},
        {kind: 'metal', alloy: 'au750y', name: 'Solder, hard', quantity: 400},
        {kind: 'metal', alloy: 'pt950', quantity: 2500, whose: 'customer'},
    ]);
    const [chain, stone, solder, own] = now.materials;
    assert.equal(chain.name, 'Belcher chain, 50 cm');
    assert.match(stone.name, /^4 laboratory-grown diamonds?, round 1\.5 mm/);
    assert.equal(stone.width, 1500);
    assert.ok(stone.carats > 4000 && stone.carats < 8000, String(stone.carats));
    assert.deepEqual([solder.name, solder.quantity], ['Solder, hard', 400]);
    assert.match(own.name, /Platinum/);
    assert.equal(own.state, 'customer');
    assert.equal(own.cost, 0);
    assert.ok(now.materials.every((each) => each.by_hand && each.version === 1 && each.part === null));
    assert.equal(now.decision, 'to_source');
    assert.equal(stone.vendor_name, 'Levenson');
});

test('rows by hand outlive an edit of the specification and a new draft; the others go on following', async () => {
    const job = await w.order('solitaire', pendant);
    await saved(job, [{kind: 'finding', name: 'Gift tag', quantity: 2},
        {kind: 'stone', gem: 'sapphire', origin: 'natural', shape: 'oval', length: 7000, width: 5000, quantity: 1}]);
    const before = (await rows(job)).filter((each) => each.by_hand);
    await specify(job, {alloy: 'pt950', stones: []});
    let now = await rows(job);
    assert.deepEqual(now.map((each) => [each.kind, each.by_hand]), [['metal', false], ['finding', true], ['stone', true]]);
    assert.equal(now[0].alloy, 'pt950');
    (await w.owner.api('POST', `/jobs/${job.id}/specification/template`, {template: 'pendant', ...pendant})).expect(200);
    now = await rows(job);
    assert.deepEqual(now.filter((each) => each.by_hand).map(({id, name, quantity}) => ({id, name, quantity})),
        before.map(({id, name, quantity}) => ({id, name, quantity})));
    assert.ok(named(now, 'Jump ring'));
});

test("a finding of the template is the template's until it is changed; then it stays as it was left", async () => {
    const job = await w.order('pendant', pendant);
    const [chain, ring] = (await rows(job)).filter((each) => each.kind === 'finding');
    assert.deepEqual([chain.part, ring.part, chain.by_hand], ['Chain, 45 cm', 'Jump ring', false]);
    await specify(job, {alloy: 'pt950'});
    assert.match(named(await rows(job), 'Chain').name, /Platinum/, 'untouched, it follows');
    const platinum = named(await rows(job), 'Chain');
    assert.equal(platinum.id, chain.id);
    assert.ok(platinum.version > chain.version);
    await saved(job, [{id: platinum.id, version: platinum.version, name: 'Trace chain, 50 cm', quantity: 2}]);
    await specify(job, {alloy: 'au750y'});
    const now = (await rows(job)).filter((each) => each.kind === 'finding');
    assert.deepEqual(now.map((each) => [each.name, each.quantity, each.by_hand]),
        [['Trace chain, 50 cm', 2, true], [named(now, 'Jump').name, 1, false]]);
    assert.match(named(now, 'Jump').name, /yellow/);
    // Another template asks for no chain: what somebody made of it is still there.
    (await w.owner.api('POST', `/jobs/${job.id}/specification/template`, {template: 'signet'})).expect(200);
    const kept = named(await rows(job), 'Trace chain');
    assert.deepEqual([kept.quantity, kept.by_hand, kept.part], [2, true, null]);
});

test('a finding that is removed stays left out until it is brought back', async () => {
    const job = await w.order('pendant', pendant);
    const ring = named(await rows(job), 'Jump ring');
    const without = await saved(job, [{id: ring.id, version: ring.version, remove: true}]);
    assert.deepEqual(without.left_out, [{part: 'Jump ring'}]);
    await specify(job, {alloy: 'pt950'});
    assert.equal(named(await rows(job), 'Jump ring'), undefined);
    const again = await saved(job, [], w.owner, {bring_back: 'Jump ring'});
    assert.deepEqual(again.left_out, []);
    assert.match(named(again.materials, 'Jump ring').name, /Platinum/);
    assert.equal((await edit(job, [], w.owner, {bring_back: 'Jump ring'})).expect(409).json().code, 'not_left_out');
    const told = await submit(w.owner, job, {bring_back: 'Clasp'});
    assert.match(told.expect(409).words, /“Clasp” is not left out/, 'it is told on the page, too');
});

test('metal and stones of the specification are changed there', async () => {
    const job = await w.order('pendant', pendant);
    const before = await rows(job);
    const [metal, stone] = before;
    const refused = [
        [{id: metal.id, quantity: metal.quantity + 1}, 'materials.0.quantity follows'],
        [{id: metal.id, whose: 'customer'}, 'materials.0.whose follows'],
        [{id: stone.id, remove: true}, 'materials.0.remove follows'],
        [{id: stone.id, cost_each: 5}, 'materials.0.cost_each follows'],
    ];
    for (const [row, expected] of refused)
        assert.deepEqual(faults(await edit(job, [row]), 422), [expected]);
    // Sent back as it is, it is no change.
    await saved(job, [{id: metal.id, version: metal.version, kind: 'metal', alloy: metal.alloy, quantity: metal.quantity}]);
    const now = await rows(job);
    assert.deepEqual(now.map((each) => [each.quantity, each.by_hand]), before.map((each) => [each.quantity, false]));
});

test('changing what is kept gives it back and looks again; the movements stay balanced', async () => {
    const job = await w.order();
    const posts = await inStock({kind: 'finding', name: 'Post, 9ct', pieces: 5, cost_each: 300});
    const added = await saved(job, [{kind: 'finding', name: 'Post, 9ct', quantity: 2}]);
    const [row] = added.materials;
    assert.deepEqual([row.state, row.item, row.reserved, row.cost], ['reserved', posts.id, 2, 600]);
    let now = (await saved(job, [{id: row.id, version: row.version, quantity: 4}])).materials[0];
    assert.deepEqual([now.state, now.reserved, now.cost, now.version], ['reserved', 4, 1200, 2]);
    assert.equal((await stockOf(posts)).reserved, 4);
    const answer = await submit(w.owner, job, {'materials.0.quantity': '6'});
    assert.match((await w.owner.follow(answer.expect(303))).words, /Stock has not that much of “Post, 9ct” free: what was kept was given back/);
    [now] = await rows(job);
    assert.deepEqual([now.state, now.reserved, now.item, now.quantity], ['to_order', 0, null, 6]);
    assert.equal((await stockOf(posts)).reserved, 0);
    await saved(job, [{id: row.id, quantity: 5}]);
    assert.equal((await stockOf(posts)).reserved, 5);
    await saved(job, [{id: row.id, remove: true}]);
    assert.equal((await stockOf(posts)).reserved, 0);
    assert.deepEqual(await rows(job), []);
    assert.deepEqual(await movements(posts), [['opening', 0], ['reserved', 2], ['released', -2], ['reserved', 4],
        ['released', -4], ['reserved', 5], ['released', -5]]);
});

test("what becomes the customer's own is given back, and what was theirs is looked for", async () => {
    const job = await w.order();
    const bail = await inStock({kind: 'finding', name: 'Bail, silver', pieces: 1, cost_each: 900});
    const [row] = (await saved(job, [{kind: 'finding', name: 'Bail, silver', quantity: 1}])).materials;
    assert.equal(row.state, 'reserved');
    const [own] = (await saved(job, [{id: row.id, whose: 'customer'}])).materials;
    assert.deepEqual([own.state, own.item, own.cost], ['customer', null, 0]);
    assert.equal((await stockOf(bail)).reserved, 0);
    assert.equal((await saved(job, [{id: row.id, whose: 'shop'}])).materials[0].state, 'reserved');
});

test('what is used can be neither changed nor removed', async () => {
    const job = await w.order('solitaire', {alloy: 'ag999', gem: 'opal', shape: 'oval', origin: 'natural', stone_length: 8000, stone_width: 6000, stone_carats: 90000});
    await inStock({kind: 'stone', name: 'Spinels', gem: 'spinel', shape: 'round', origin: 'natural', length: 2000,
        width: 2000, pieces: 3, carats: 12000, cost_each: 2000});
    const spinel = {kind: 'stone', gem: 'spinel', origin: 'natural', shape: 'round', length: 2000, quantity: 3};
    const row = named((await saved(job, [spinel])).materials, 'spinel');
    assert.equal(row.state, 'reserved');
    const set = (await w.get(`/jobs/${job.id}/operations`)).operations.find((each) => each.craft === 'setting');
    await w.post(`/operations/${set.id}/end`, {passed: true, actual: 45});
    await eventually('the spinels to be used', async () => named(await rows(job), 'spinel').state === 'consumed');
    for (const change of [{quantity: 4}, {remove: true}, {cost_each: 1}]) {
        const answer = await edit(job, [{id: row.id, ...change}, {kind: 'finding', name: 'Never', quantity: 1}]);
        assert.equal(answer.expect(409).json().code, 'consumed');
    }
    assert.equal(named(await rows(job), 'Never'), undefined);
    await specify(job, {stones: []});
    assert.equal(named(await rows(job), 'spinel').state, 'consumed');
});

test('what is added to a piece that is ready is used when it is handed over', async () => {
    const job = await w.order();
    const box = await inStock({kind: 'finding', name: 'Ring box', pieces: 4, cost_each: 200});
    await saved(job, [{kind: 'finding', name: 'Ring box', quantity: 1}]);
    await w.post(`/jobs/${job.id}/stage`, {from: 'enquiry', to: 'ready'});
    await eventually('the first box to be used', async () => (await stockOf(box)).on_hand === 3);
    assert.equal((await saved(job, [{kind: 'finding', name: 'Ring box', quantity: 2}])).materials[1].state, 'reserved');
    await w.post(`/jobs/${job.id}/stage`, {from: 'ready', to: 'collected'});
    await eventually('the box to be used', async () => (await stockOf(box)).on_hand === 1);
    assert.equal((await stockOf(box)).reserved, 0);
    assert.deepEqual((await rows(job)).map((each) => each.state), ['consumed', 'consumed']);
});

test('who was asked for it must hear that it is to be otherwise', async () => {
    const job = await w.order();
    const [row] = (await saved(job, [{kind: 'stone', gem: 'peridot', origin: 'natural', shape: 'round', length: 4000, quantity: 2}])).materials;
    const request = await w.post(`/jobs/${job.id}/requests`, {vendor: row.vendor, subject: 'Peridots', body: 'Two'});
    await w.post(`/requests/${request.id}/answer`, {price: 5000, days: 3});
    assert.equal((await rows(job))[0].state, 'ordered');
    await saved(job, [{id: row.id, version: row.version, carats: 60000, quantity: 2}]);
    assert.equal((await rows(job))[0].state, 'ordered', 'what it weighs is no other order');
    const answer = await submit(w.owner, job, {'materials.0.quantity': '3'});
    assert.match((await w.owner.follow(answer.expect(303))).words, /was on order as it was: tell Levenson what it is now/);
    const [now] = await rows(job);
    assert.deepEqual([now.state, now.quantity, now.carats], ['to_order', 3, 90000]);
});

test('what is wrong is told beside its field, and nothing is saved', async () => {
    const job = await w.order('pendant', pendant);
    const other = await w.order('pendant', pendant);
    const before = await rows(job);
    const stone = {kind: 'stone', gem: 'ruby', origin: 'natural', shape: 'round', length: 3000, quantity: 1};
    const bad = [
        [{name: 'Chain', quantity: 1}, 'materials.1.kind required'],
        [{kind: 'gemstone', name: 'Chain', quantity: 1}, 'materials.1.kind unknown_kind_of_material'],
        [{kind: 'finding', quantity: 1}, 'materials.1.name required'],
        [{kind: 'finding', name: 'x'.repeat(201), quantity: 1}, 'materials.1.name too_long'],
        [{kind: 'finding', name: 'Post'}, 'materials.1.quantity required'],
        [{kind: 'finding', name: 'Post', quantity: 0}, 'materials.1.quantity too_small'],
        [{kind: 'finding', name: 'Post', quantity: -2}, 'materials.1.quantity too_small'],
        [{kind: 'finding', name: 'Post', quantity: 10001}, 'materials.1.quantity too_large'],
        [{kind: 'finding', name: 'Post', quantity: 1, cost_each: -1}, 'materials.1.cost_each too_small'],
        [{kind: 'finding', name: 'Post', quantity: 1, whose: 'nobody'}, 'materials.1.whose unknown_owner'],
        [{kind: 'metal', quantity: 500}, 'materials.1.alloy required'],
        [{kind: 'metal', alloy: 'unobtainium', quantity: 500}, 'materials.1.alloy unknown_alloy'],
        [{kind: 'metal', alloy: 'au750y'}, 'materials.1.weight required'],
        [{kind: 'metal', alloy: 'au750y', weight: -1}, 'materials.1.weight too_small'],
        [{kind: 'metal', alloy: 'au750y', weight: 1e9}, 'materials.1.weight too_large'],
        [{...stone, gem: undefined}, 'materials.1.gem required'],
        [{...stone, origin: undefined}, 'materials.1.origin required'],
        [{...stone, shape: undefined}, 'materials.1.shape required'],
        [{...stone, length: undefined}, 'materials.1.length required'],
        [{...stone, length: 1}, 'materials.1.length too_small'],
        [{...stone, gem: 'cubic_zirconia'}, 'materials.1.origin impossible_origin'],
        [{...stone, carats: -5}, 'materials.1.carats too_small'],
        [{id: before[2].id, kind: 'metal'}, 'materials.1.kind fixed'],
        [{kind: 'finding', name: 'Post', quantity: 1, state: 'reserved'}, 'materials.1.state unknown_field'],
    ];
    for (const [row, expected] of bad) {
        const answer = await edit(job, [{kind: 'finding', name: 'Good', quantity: 1}, row]);
        assert.ok(faults(answer, 422).includes(expected), `${expected}: ${answer.text}`);
    }
    for (const row of [{id: 987654, quantity: 2}, {id: (await rows(other))[2].id, quantity: 2}])
        assert.equal((await edit(job, [row])).expect(409).json().code, 'changed');
    assert.equal((await edit(job, [{id: before[2].id, quantity: 2}, {id: before[2].id, quantity: 3}])).expect(409).json().code, 'changed');
    const many = Array.from({length: 100}, (_, i) => ({kind: 'finding', name: `Post ${i}`, quantity: 1}));
    assert.equal((await edit(job, many)).expect(422).json().code, 'too_many');
    const same = ({id, name, quantity, version}) => ({id, name, quantity, version});
    assert.deepEqual((await rows(job)).map(same), before.map(same));
    assert.ok((await rows(other)).every((each) => !each.by_hand));
});

test('of two edits from the same version the second is told and loses nothing', async () => {
    const job = await w.order();
    const [row] = (await saved(job, [{kind: 'finding', name: 'Clasp', quantity: 1}])).materials;
    await saved(job, [{id: row.id, version: row.version, quantity: 2}]);
    assert.equal((await edit(job, [{id: row.id, version: row.version, quantity: 3}], bench)).expect(409).json().code, 'changed');
    assert.equal((await rows(job))[0].quantity, 2);
    // What stock did meanwhile is nobody's edit.
    await inStock({kind: 'finding', name: 'Clasp', pieces: 9, cost_each: 100});
    const seen = (await rows(job))[0];
    await w.post(`/jobs/${job.id}/materials`, {});
    assert.equal((await rows(job))[0].state, 'reserved');
    await saved(job, [{id: row.id, version: seen.version, quantity: 3}]);
    const answers = await Promise.all([4, 5, 6, 7].map((quantity) => edit(job, [{id: row.id, version: seen.version + 1, quantity}])));
    assert.deepEqual(answers.map((each) => each.status).sort(), [200, 409, 409, 409]);
    const [now] = await rows(job);
    assert.equal(now.reserved, now.quantity);
});

test('the bench edits without seeing or touching costs', async () => {
    const job = await w.order();
    const [row] = (await saved(job, [{kind: 'finding', name: 'Omega back', quantity: 2, cost_each: 450}])).materials;
    assert.deepEqual([row.cost, row.cost_each], [900, 450]);
    for (const client of [bench, sales]) {
        const now = (await edit(job, [{id: row.id, quantity: client === bench ? 3 : 4}], client)).expect(200).json();
        assert.ok(now.materials.every((each) => !('cost' in each) && !('cost_each' in each)) && !('cost' in now));
        assert.deepEqual(faults(await edit(job, [{id: row.id, cost_each: 1}], client), 422), ['materials.0.cost_each not_allowed']);
        const seen = (await client.get(`/jobs/${job.id}/materials`)).expect(200);
        assert.doesNotMatch(seen.words, /£|Cost/);
        assert.ok(!seen.text.includes('cost_each'));
    }
    const [now] = await rows(job);
    assert.deepEqual([now.quantity, now.cost_each, now.cost], [4, 450, 1800]);
    assert.equal((await saved(job, [{id: row.id, quantity: 4}])).materials[0].cost_each, null, 'the owner took it away');
});

test('the price follows: by the cost entered, by stock, or named as unpriced', async () => {
    const job = await w.order('pendant', pendant);
    const price = async () => (await w.owner.get(`/jobs/${job.id}/quotes`)).words;
    assert.match(await price(), /Chain, 45 cm.*has no price yet/);
    const [, stone, chain, ring] = await rows(job);
    await inStock({kind: 'finding', name: ring.name, pieces: 10, cost_each: 250});
    await saved(job, [{id: chain.id, cost_each: 12000},
        {kind: 'metal', alloy: 'au750y', name: 'Solder, hard', quantity: 1000, cost_each: 7000},
        {kind: 'metal', alloy: 'pt950', quantity: 31103, name: 'Wire'},
        {kind: 'stone', gem: 'sapphire', origin: 'natural', shape: 'oval', length: stone.length, width: stone.width, quantity: 1, cost_each: 50000},
        {kind: 'finding', name: 'Nobody sells it', quantity: 1}]);
    const now = await price();
    assert.doesNotMatch(now, /(Chain|Jump)[^“]*has no price/);
    assert.match(now, /“Nobody sells it” has no price yet: put it in stock with its cost, or enter that with the materials/);
    (await w.owner.api('POST', `/jobs/${job.id}/quotes`, {})).expect(200, 201);
    const [{id}] = (await w.get(`/jobs/${job.id}/quotes`)).quotes;
    const {lines} = await w.get(`/quotes/${id}`).then((each) => each.quote ?? each);
    const cost = (name) => lines.find((each) => each.description.includes(name))?.cost;
    assert.equal(cost('Chain'), 12000);
    assert.equal(cost('Jump ring'), 250);
    assert.equal(cost('Solder'), 7000);
    assert.ok(cost('Wire') > 70000 && cost('Wire') < 80000, 'an ounce of platinum 950 at its price');
    assert.deepEqual(lines.filter((each) => each.kind === 'stone').map((each) => each.cost).includes(50000), true);
    assert.equal(lines.filter((each) => each.kind === 'metal').length, 3);
});

test('the flow goes on, and who changed what is on record', async () => {
    const job = await w.order('pendant', pendant);
    const [, , chain] = await rows(job);
    (await edit(job, [{id: chain.id, quantity: 2}, {kind: 'finding', name: 'Bail', quantity: 1, cost_each: 4242}], bench)).expect(422);
    (await edit(job, [{id: chain.id, quantity: 2}, {kind: 'finding', name: 'Bail', quantity: 1}], bench)).expect(200);
    await eventually('the materials to be looked at again', async () => {
        const {steps} = await w.get(`/jobs/${job.id}/flow`);
        return /of 5 there/.test(steps.find((each) => each.node === 'materials').detail ?? '');
    });
    const bail = named(await rows(job), 'Bail');
    await saved(job, [{id: bail.id, cost_each: 4242}]);
    const log = (await w.get(`/settings/log?thing=job&id=${job.id}`)).rows.filter((each) => each.action === 'edited materials');
    assert.deepEqual(log.map((each) => [each.staff_name, each.detail, ...each.changes.map(Object.values)]),
        [['Imogen Hartwell', null, ['Bail: Cost each', null, '42.42']],
            ['Joe', 'added Bail', [`${chain.name}: Pieces`, '1', '2']]]);
});

test('a repeat with the same key adds nothing a second time', async () => {
    const job = await w.order();
    const key = 'b0a7b6e0-0000-4000-8000-0000000000aa';
    for (let i = 0; i < 2; i++)
        (await w.owner.api('POST', `/jobs/${job.id}/materials`, {materials: [{kind: 'finding', name: 'Once', quantity: 1}]}, {key})).expect(200);
    assert.equal((await rows(job)).length, 1);
});

test('a closed job keeps what it was made of', async () => {
    const job = await w.order('pendant', pendant);
    const [, , chain] = await rows(job);
    await w.post(`/jobs/${job.id}/stage`, {from: 'enquiry', to: 'cancelled', note: 'no'});
    assert.equal((await edit(job, [{id: chain.id, quantity: 2}])).expect(409).json().code, 'closed');
    assert.ok(!(await w.owner.get(`/jobs/${job.id}/materials`)).text.includes('materials.0'));
    (await edit({id: 987654}, [{kind: 'finding', name: 'x', quantity: 1}])).expect(404);
});

test('the form of a browser changes, adds and removes, and comes back as it was typed', async () => {
    const job = await w.order('pendant', pendant);
    const added = await submit(w.owner, job, {'materials.0.quantity': '2', 'materials.2.kind': 'metal', 'materials.2.alloy': 'ag925', 'materials.2.weight': '1.25'});
    assert.match((await w.owner.follow(added.expect(303))).words, /Materials saved/);
    let now = await rows(job);
    assert.equal(named(now, 'Chain').quantity, 2);
    assert.equal(now.find((each) => each.alloy === 'ag925').quantity, 1250);
    const refused = (await submit(w.owner, job, {'materials.0.quantity': 'many', 'materials.3.kind': 'finding', 'materials.3.name': '',
        'materials.3.quantity': '7', 'materials.1.name': 'kept as typed'})).expect(422);
    assert.match(refused.text, /id="f-materials-0-quantity-e"/);
    assert.match(refused.text, /kept as typed/);
    const missing = (await submit(w.owner, job, {'materials.3.kind': 'finding', 'materials.3.quantity': '7'})).expect(422);
    assert.match(missing.text, /id="f-materials-3-name-e"/);
    assert.match(missing.words, /Say what it is called/);
    (await submit(w.owner, job, {'materials.1.remove': '1'})).expect(303);
    now = await page(job);
    assert.deepEqual(now.left_out, [{part: 'Jump ring'}]);
    const shown = await w.owner.get(`/jobs/${job.id}/materials`);
    assert.match(shown.words, /Left out.*Jump ring/s);
    assert.match(shown.words, /Changed by hand/);
});
