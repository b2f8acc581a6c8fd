// Two people edit the same thing at once: the second sees both edits field by field, and nothing is lost.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {signIn, startShop} from '../harness/index.mjs';

let shop, owner, priya;

before(async () => {
    shop = await startShop();
    owner = await signIn(shop);
    const person = {name: 'Priya Shah', email: 'priya@example.com', role: 'manager', password: 'evening-light-42'};
    (await owner.api('POST', '/settings/staff', person)).expect(201);
    priya = await signIn(shop, person.email, person.password);
});
after(async () => {
    owner?.close();
    priya?.close();
    await shop.stop();
});

const make = async (path, body) => (await owner.api('POST', path, body)).expect(200, 201).json();
const read = async (path) => (await owner.api('GET', path)).expect(200).json();
const customer = () => make('/customers', {name: 'Nora Quist', note: 'Calls late', address: '1 Mill Lane',
    contacts: [{value: '07700 900301'}]});

// Both open the form; Priya saves first, then the owner.
async function clash(page, action, theirs, yours) {
    const mine = (await owner.get(page)).expect(200);
    (await priya.submit(page, theirs, {form: action})).expect(303);
    return owner.submit(mine, yours, {form: action});
}

test('of a customer each difference stands at its field, and saving keeps what is seen', async () => {
    const {id} = await customer();
    const here = `/customers/${id}`;
    const late = (await clash(`${here}/edit`, here, {note: 'Her note', address: '2 Mill Lane'},
        {note: 'My note', name: 'Nora Quist-Berg'})).expect(409);
    assert.match(late.words, /Priya Shah saved this/);
    assert.match(late.words, /1 field was changed by both/);
    assert.match(late.words, /1 field that only they changed is taken over/);
    assert.match(late.words, /Now it is: Her note/);
    assert.match(late.words, /It was: 1 Mill Lane/);
    (await owner.submit(late, {}, {form: here})).expect(303);
    const now = await read(here);
    assert.deepEqual([now.name, now.note, now.address], ['Nora Quist-Berg', 'My note', '2 Mill Lane']);
});

test('theirs is taken by a choice at the field, without a script', async () => {
    const {id} = await customer();
    const here = `/customers/${id}`;
    const late = (await clash(`${here}/edit`, here, {note: 'Her note'}, {note: 'My note', name: 'N. Quist'}))
        .expect(409);
    (await owner.submit(late, {'take.note': '1'}, {form: here})).expect(303);
    const now = await read(here);
    assert.deepEqual([now.name, now.note], ['N. Quist', 'Her note']);
});

test('a list is one field: theirs is taken over whole, or chosen', async () => {
    const {id} = await customer();
    const here = `/customers/${id}`;
    let late = (await clash(`${here}/edit`, here, {'contacts.1.value': 'nora@example.com'}, {note: 'Mine'})).expect(409);
    (await owner.submit(late, {}, {form: here})).expect(303);
    assert.deepEqual((await read(here)).contacts.map((each) => each.value), ['07700 900301', 'nora@example.com']);
    late = (await clash(`${here}/edit`, here, {'contacts.0.value': '07700 900302'}, {'contacts.0.value': '07700 900303'}))
        .expect(409);
    assert.match(late.words, /Now it is: 07700 900302/);
    (await owner.submit(late, {'take.contacts': '1'}, {form: here})).expect(303);
    assert.deepEqual((await read(here)).contacts.map((each) => each.value), ['07700 900302', 'nora@example.com']);
});

test('who saved again meanwhile is met again', async () => {
    const {id} = await customer();
    const here = `/customers/${id}`;
    const late = (await clash(`${here}/edit`, here, {note: 'First'}, {note: 'Mine'})).expect(409);
    (await priya.submit(`${here}/edit`, {note: 'Second'}, {form: here})).expect(303);
    const again = (await owner.submit(late, {}, {form: here})).expect(409);
    assert.match(again.words, /Now it is: Second/);
});

test('a form refused for another reason keeps the version that it is of', async () => {
    const {id} = await customer();
    const here = `/customers/${id}`;
    const wrong = (await clash(`${here}/edit`, here, {note: 'Her note'}, {note: 'Mine', name: ''})).expect(422);
    const late = (await owner.submit(wrong, {name: 'Nora'}, {form: here})).expect(409);
    assert.match(late.words, /Now it is: Her note/);
});

test('of a job too, people by their names', async () => {
    const {id} = await make('/jobs', {kind: 'custom', title: 'Halo ring', type: 'ring', customer_name: 'Nora Quist'});
    const here = `/jobs/${id}`;
    const late = (await clash(`${here}/edit`, here, {title: 'Pear halo ring', description: 'Hers'},
        {title: 'Oval halo ring'})).expect(409);
    assert.match(late.words, /Priya Shah changed this too .*Now it is: Pear halo ring/);
    (await owner.submit(late, {'take.title': '1'}, {form: here})).expect(303);
    const now = await read(here);
    assert.deepEqual([now.title, now.description], ['Pear halo ring', 'Hers']);
});

test('an open form is told who saved the thing, and since when', async () => {
    const {id} = await customer();
    const here = `/customers/${id}`;
    const {version} = await read(here);
    assert.doesNotMatch((await owner.get(`${here}/edit?version=${version}`)).words, /while you were editing/);
    (await priya.submit(`${here}/edit`, {note: 'Hers'}, {form: here})).expect(303);
    assert.match((await owner.get(`${here}/edit?version=${version}`)).words, /Priya Shah saved this/);
});

test('a program is told theirs and yours of each member that differs', async () => {
    const {id} = await customer();
    const old = await read(`/customers/${id}`);
    const body = {name: old.name, address: old.address, contacts: [{value: '07700 900301'}], version: old.version};
    (await owner.api('POST', `/customers/${id}`, {...body, note: 'first'})).expect(200);
    const problem = (await owner.api('POST', `/customers/${id}`, {...body, note: 'second'})).expect(409).json();
    assert.equal(problem.code, 'changed');
    assert.deepEqual(problem.errors.map(({field, theirs, yours}) => [field, theirs, yours]),
        [['note', 'first', 'second']]);
});

const others = [
    ['/vendors', {name: 'Amara Gems', email: 'a@example.com', lead_days: 4}, '/vendors/ID', '/vendors/ID', 'name'],
    ['/stock', {kind: 'metal', code: 'AU18', name: 'Gold', alloy: 'au750y'}, '/stock/ID/edit', '/stock/ID', 'name'],
    ['/settings/staff', {name: 'Joe Bench', email: 'joe@example.com', role: 'bench', password: 'evening-light-42'},
        '/settings/staff/ID', '/settings/staff/ID', 'name'],
    ['/custody/places', {kind: 'tray', name: 'Tray 9'}, '/custody/places/ID/edit', '/custody/places/ID', 'name'],
    [null, null, '/settings/shop', '/settings/shop', 'place'],
];
for (const [collection, body, page, action, field] of others)
    test(`${action}: the second is shown what changed`, async () => {
        const id = collection === null ? 1 : (await make(collection, body)).id;
        const mine = (await owner.get(page.replace('ID', id))).expect(200);
        const form = action.replace('ID', id);
        (await owner.submit(page.replace('ID', id), {[field]: 'Theirs'}, {form})).expect(303);
        const late = (await owner.submit(mine, {[field]: 'Mine'}, {form})).expect(409);
        assert.match(late.words, /Now it is: Theirs/);
        (await owner.submit(late, {[`take.${field}`]: '1'}, {form})).expect(303);
        assert.match((await owner.get(page.replace('ID', id))).text, /value="Theirs"/);
    });
