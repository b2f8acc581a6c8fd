// Conditional requests: what was read already is not sent again, and what has changed is not overwritten.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startShop, tokenClient} from '../harness/index.mjs';

let shop, program;
before(async () => {
    shop = await startShop();
    program = await tokenClient(shop);
});
after(async () => {
    program?.close();
    await shop.stop();
});

// What of a customer is sent back: all but the version, for which the tag stands.
const pick = ({name, note}) => ({name, note});

test('an answer’s tag says whether it has changed', async () => {
    const made = (await program.api('POST', '/customers', {name: 'Tag Etta'})).expect(201).json();
    const path = `/customers/${made.id}`;
    const first = (await program.api('GET', path)).expect(200);
    const tag = first.headers.etag;
    assert.match(tag, /^"\d+-[0-9a-f]{16}"$/);
    const again = await program.api('GET', path, undefined, {headers: {'if-none-match': tag}});
    assert.equal(again.status, 304);
    assert.equal(again.text, '');
    assert.equal(again.headers.etag, tag);
    const body = {...pick(first.json()), note: 'Likes sapphires'};
    (await program.api('POST', path, body, {headers: {'if-match': tag}})).expect(200);
    const changed = (await program.api('GET', path, undefined, {headers: {'if-none-match': tag}})).expect(200);
    assert.equal(changed.json().note, 'Likes sapphires');
    assert.notEqual(changed.headers.etag, tag);
    // A list has no version, and a tag all the same.
    const list = (await program.api('GET', '/vendors')).expect(200);
    assert.match(list.headers.etag, /^"[0-9a-f]{16}"$/);
});

test('If-Match refuses what would overwrite another’s change, and is never ignored', async () => {
    const made = (await program.api('POST', '/customers', {name: 'Max Match'})).expect(201).json();
    const path = `/customers/${made.id}`;
    const first = (await program.api('GET', path)).expect(200);
    const body = pick(first.json());
    const send = (tag, more = {}) => program.api('POST', path, {...body, ...more}, {headers: {'if-match': tag}});
    (await send(first.headers.etag, {note: 'one'})).expect(200);
    const stale = (await send(first.headers.etag, {note: 'two'})).expect(412);
    assert.equal(stale.json().status, 412);
    assert.equal((await program.api('GET', path)).json().note, 'one');
    for (const [tag, status] of [['W/"1-0123456789abcdef"', 412], ['1-0123456789abcdef', 400], ['"1-a", "2-b"', 400],
        ['"0123456789abcdef"', 412]])
        assert.equal((await send(tag, {note: 'three'})).status, status, tag);
    (await send(first.headers.etag, {version: 99})).expect(412);
    const job = (await program.api('POST', '/jobs', {kind: 'custom', customer_name: 'Max', title: 'Ring', type: 'ring'}))
        .expect(201).json().id;
    (await program.api('POST', `/jobs/${job}/comments`, {text: 'Hello'}, {headers: {'if-match': '"1-0123456789abcdef"'}}))
        .expect(412);
    const read = (await program.api('GET', `/jobs/${job}`)).expect(200);
    (await program.api('PATCH', `/jobs/${job}`, {title: 'Band'}, {headers: {'if-match': read.headers.etag}})).expect(200);
    (await program.api('PATCH', `/jobs/${job}`, {title: 'Bangle'}, {headers: {'if-match': read.headers.etag}})).expect(412);
    assert.equal((await program.api('GET', `/jobs/${job}`)).json().title, 'Band');
});
