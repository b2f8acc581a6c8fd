// Stock over HTTP: what there is, what moves, who may see what it cost.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {signIn, startShop} from '../harness/index.mjs';

let shop, owner, sales, bench;

before(async () => {
    shop = await startShop();
    owner = await signIn(shop);
    const person = async (name, role) => {
        const email = `${name}@example.com`;
        const password = 'evening-light-42';
        (await owner.api('POST', '/settings/staff', {name, email, role, password})).expect(201);
        return signIn(shop, email, password);
    };
    sales = await person('priya', 'sales');
    bench = await person('joe', 'bench');
});
after(async () => {
    for (const client of [owner, sales, bench])
        client?.close();
    await shop.stop();
});

const codes = (answer) => (answer.json().errors ?? []).map((each) => [each.field, each.code].join(' '));
let number = 0;
const metal = (more = {}) => ({kind: 'metal', code: `AU-${++number}`, name: '18ct yellow casting grain',
    alloy: 'au750y', cost_each: 7350, ...more});
const stone = (more = {}) => ({kind: 'stone', code: `ST-${++number}`, name: 'Oval sapphire', gem: 'sapphire',
    origin: 'natural', shape: 'oval', length: 9200, width: 7200, cost_each: 185000, ...more});
async function add(body) {
    return (await owner.api('POST', '/stock', body)).expect(201).json();
}
const show = async (id, client = owner) => (await client.api('GET', `/stock/${id}`)).expect(200).json();
const change = (id, body, client = owner) => client.api('POST', `/stock/${id}/movements`, body);

test('metal comes to stock by weight, with what it cost a gram', async () => {
    const item = await add(metal({weight: 52400}));
    assert.deepEqual([item.on_hand, item.reserved, item.cost, item.cost_each], [52400, 0, 7350000, 7350]);
    const {movements} = await show(item.id);
    assert.deepEqual(movements.map((each) => [each.reason, each.on_hand]), [['opening', 52400]]);
    assert.match(movements[0].staff_name, /Imogen/);
});

test('a stone without a width is as wide as long', async () => {
    const item = await add(stone({shape: 'round', length: 1300, width: undefined, pieces: 220, carats: 231000}));
    assert.deepEqual([item.width, item.on_hand, item.carats], [1300, 220, 231000]);
});

test('what comes in, is counted and goes back always equals its movements', async () => {
    const item = await add(stone({pieces: 20, carats: 50000}));
    (await change(item.id, {reason: 'received', pieces: 10, carats: 26000})).expect(201);
    (await change(item.id, {reason: 'counted', pieces: 28, carats: 70000, note: 'two are missing'})).expect(201);
    (await change(item.id, {reason: 'returned', pieces: 1})).expect(201);
    const {item: now, movements} = await show(item.id);
    const sum = (name) => movements.reduce((total, each) => total + each[name], 0);
    assert.deepEqual([now.on_hand, now.carats, now.reserved], [29, 70000, 0]);
    assert.deepEqual([sum('on_hand'), sum('carats'), sum('reserved')], [29, 70000, 0]);
    assert.equal(movements[1].note, 'two are missing');
});

test('a form writes a movement down and says so', async () => {
    const item = await add(metal({weight: 10000}));
    const answer = await owner.submit(`/stock/${item.id}`, {reason: 'received', weight: '12.5', note: 'Monday'},
        {form: /movements/});
    answer.expect(303);
    const page = await owner.follow(answer);
    assert.match(page.words, /22\.5 g/);
    assert.match(page.words, /Written down/);
    const bad = await owner.submit(`/stock/${item.id}`, {weight: 'a lot'}, {form: /movements/});
    bad.expect(422);
    assert.match(bad.text, /value="a lot"/);
    assert.equal((await show(item.id)).item.on_hand, 22500);
});

test('a movement that makes no sense is refused and nothing moves', async () => {
    const gold = await add(metal({weight: 10000}));
    const gem = await add(stone({pieces: 2}));
    for (const [id, body, code] of [
        [gold.id, {reason: 'received', pieces: 3}, 'weight required'],
        [gold.id, {reason: 'received', pieces: 3, weight: 5}, 'pieces unfit'],
        [gold.id, {reason: 'received', weight: 5, carats: 5}, 'carats unfit'],
        [gold.id, {reason: 'received', weight: -5}, 'weight too_small'],
        [gold.id, {reason: 'received', weight: 0}, 'quantity too_small'],
        [gold.id, {reason: 'received', weight: 10 ** 15}, 'weight too_large'],
        [gold.id, {reason: 'consumed', weight: 5}, 'reason unknown_reason'],
        [gold.id, {weight: 5}, 'reason required'],
        [gem.id, {reason: 'counted', weight: 5}, 'pieces required'],
        [gem.id, {reason: 'counted', pieces: '2'}, 'pieces wrong_type'],
    ]) {
        const answer = (await change(id, body)).expect(422);
        assert.ok(codes(answer).includes(code), `${JSON.stringify(body)}: ${answer}`);
    }
    assert.equal((await show(gold.id)).item.on_hand, 10000);
    assert.equal((await show(gem.id)).item.on_hand, 2);
    (await change(999999, {reason: 'received', pieces: 1})).expect(404);
});

test('the same movement sent twice moves once', async () => {
    const item = await add(metal());
    for (let i = 0; i < 2; i++)
        (await owner.api('POST', `/stock/${item.id}/movements`, {reason: 'received', weight: 700},
            {key: 'stock-twice'})).expect(201);
    assert.equal((await show(item.id)).item.on_hand, 700);
});

test('twenty at once: every one is written down', async () => {
    const item = await add(metal());
    await Promise.all(Array.from({length: 20}, () => change(item.id, {reason: 'received', weight: 100})));
    const {item: now, movements} = await show(item.id);
    assert.equal(now.on_hand, 2000);
    assert.equal(movements.length, 20);
});

test('what an item is must be said fully, and truthfully', async () => {
    const before = (await owner.api('GET', '/stock')).json().rows.length;
    for (const [body, code] of [
        [metal({alloy: undefined}), 'alloy required'], [metal({code: ''}), 'code required'],
        [metal({alloy: 'brass'}), 'alloy unknown_alloy'], [stone({gem: undefined}), 'gem required'],
        [stone({origin: undefined}), 'origin required'], [stone({length: undefined}), 'length required'],
        [stone({shape: 'blob'}), 'shape unknown_shape'],
        [stone({gem: 'cubic_zirconia'}), 'origin impossible'], [stone({cost_each: -1}), 'cost_each too_small'],
        [metal({on_hand: 5}), 'on_hand read_only'], [metal({name: 'x'.repeat(201)}), 'name too_long'],
        [metal({pieces: 3}), 'pieces unfit'],
    ]) {
        const answer = (await owner.api('POST', '/stock', body)).expect(422);
        assert.ok(codes(answer).some((each) => each === code || each.replace('unknown_field', 'read_only') === code),
            `${JSON.stringify(body)}: ${answer}`);
    }
    assert.equal((await owner.api('GET', '/stock')).json().rows.length, before);
});

test('a code names one thing only', async () => {
    const item = await add(metal());
    const other = (await owner.api('POST', '/stock', metal({code: item.code}))).expect(422);
    assert.ok(codes(other).includes('code taken'));
});

test('an edit keeps the figures; the kind stays', async () => {
    const item = await add(metal({weight: 4000}));
    (await owner.submit(`/stock/${item.id}/edit`, {name: 'Grain, fresh', cost_each: '80.00'},
        {form: `/stock/${item.id}`})).expect(303);
    const now = (await show(item.id)).item;
    assert.deepEqual([now.name, now.cost_each, now.on_hand, now.version], ['Grain, fresh', 8000, 4000, 2]);
    const late = await owner.api('POST', `/stock/${item.id}`, {kind: 'metal', code: item.code, name: 'Late',
        alloy: 'au750y', version: 1});
    late.expect(409);
    const other = await owner.api('POST', `/stock/${item.id}`, {kind: 'finding', code: item.code, name: 'x',
        version: 2});
    assert.ok(codes(other.expect(422)).includes('kind fixed'));
});

test('stock is found by code, name, stone and filters', async () => {
    await add(stone({code: 'PADP-1', name: 'Padparadscha', quality: 'fine', pieces: 1}));
    const find = async (query) => (await owner.api('GET', `/stock?${query}`)).expect(200).json().rows
        .map((each) => each.code);
    assert.deepEqual(await find('q=padpar'), ['PADP-1']);
    assert.deepEqual(await find('q=PADP-1'), ['PADP-1']);
    assert.deepEqual(await find('q=fine+padpar'), ['PADP-1']);
    assert.deepEqual(await find('q=padpar&kind=metal'), []);
    assert.ok((await find('gem=sapphire')).includes('PADP-1'));
    assert.ok(!(await find('alloy=au750y')).includes('PADP-1'));
    assert.deepEqual(await find('q=%25'), await find('q='));
    (await owner.api('GET', '/stock?kind=gold')).expect(422);
});

test('the list is read a page at a time, and each thing comes once', async () => {
    for (let i = 0; i < 60; i++)
        await add({kind: 'finding', code: `FI-${String(i).padStart(3, '0')}`, name: 'Jump ring'});
    const seen = [];
    let next = '/stock?kind=finding';
    while (next) {
        const page = (await owner.api('GET', next)).expect(200).json();
        assert.ok(page.rows.length <= 50);
        seen.push(...page.rows.map((each) => each.code));
        next = page.next;
    }
    assert.equal(new Set(seen).size, seen.length);
    assert.ok(seen.length >= 60);
    assert.deepEqual(seen, [...seen].sort());
});

test('archived stock is out of sight and takes no movements, and comes back', async () => {
    const item = await add(metal({weight: 5}));
    (await owner.submit(`/stock/${item.id}`, {}, {form: /archive/})).expect(303);
    assert.ok(!(await owner.api('GET', '/stock?kind=metal')).json().rows.some((each) => each.id === item.id));
    assert.ok((await owner.api('GET', '/stock?archived=1')).json().rows.some((each) => each.id === item.id));
    (await change(item.id, {reason: 'received', weight: 5})).expect(409);
    (await owner.api('POST', `/stock/${item.id}/restore`)).expect(200);
    (await change(item.id, {reason: 'received', weight: 5})).expect(201);
});

test('everybody sees what there is; only leaders see what it cost', async () => {
    const item = await add(metal({weight: 5, cost_each: 7777}));
    for (const client of [sales, bench]) {
        const seen = await show(item.id, client);
        assert.equal(seen.item.on_hand, 5);
        assert.ok(!('cost' in seen.item) && !('cost_each' in seen.item));
        const pages = (await client.get(`/stock/${item.id}`)).expect(200).text +
            (await client.get('/stock')).expect(200).text;
        assert.doesNotMatch(pages, /77\.77|Cost/);
        (await change(item.id, {reason: 'received', weight: 5}, client)).expect(403);
        (await client.api('POST', '/stock', metal())).expect(403);
        (await client.get('/stock/new')).expect(403);
    }
    assert.match((await owner.get(`/stock/${item.id}`)).text, /77\.77/);
});

test('names are shown as they are, never as markup', async () => {
    const item = await add(metal({name: '<img src=x onerror=alert(1)> & "so"'}));
    const page = (await owner.get(`/stock/${item.id}`)).expect(200);
    assert.doesNotMatch(page.text, /<img src=x/);
    assert.match(page.words, /<img src=x onerror=alert\(1\)> & "so"/);
});
