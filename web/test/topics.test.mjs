import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concerns } from '../scripts/topics.js';

test('a board hears of every job', () => {
    assert.ok(concerns({ topic: 'job', id: 7 }, 'jobs'));
    assert.ok(concerns({ topic: 'jobs', id: 7 }, 'jobs'));
    assert.ok(concerns({ topic: 'jobs' }, 'jobs'));
});

test('a job page hears of its own job only', () => {
    assert.ok(concerns({ topic: 'job', id: 7 }, 'job:7'));
    assert.ok(concerns({ topic: 'jobs', id: '7' }, 'job:7'));
    assert.ok(concerns({ topic: 'job:7' }, 'job:7'));
    assert.ok(!concerns({ topic: 'job', id: 8 }, 'job:7'));
    assert.ok(!concerns({ topic: 'job:70' }, 'job:7'));
});

test('what names no thing concerns all of its kind', () => {
    assert.ok(concerns({ topic: 'jobs' }, 'job:7'));
    assert.ok(concerns({ topic: 'jobs', id: 0 }, 'job:7'));
});

test('after more news than fit everybody looks again', () => {
    assert.ok(concerns({ topic: 'all', id: 0 }, 'job:7'));
    assert.ok(concerns({ topic: 'all', id: 0 }, 'messages'));
});

test('a part may listen to several topics', () => {
    assert.ok(concerns({ topic: 'message', id: 1 }, 'job:7 messages'));
    assert.ok(!concerns({ topic: 'invoice', id: 1 }, 'job:7 messages'));
});

test('what is no event concerns nobody', () => {
    for (const event of [null, {}, { id: 7 }, { topic: '' }]) assert.ok(!concerns(event, 'jobs'));
});
