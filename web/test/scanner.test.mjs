import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Burst, GAP, english_key } from '../scripts/scanner.js';

const type = (burst, keys, gap, start = 1000) =>
    keys.map((key, i) => burst.feed(key, start + i * gap)).find((code) => code !== null) ?? null;

test('a fast burst that ends in Enter is a scan', () => {
    assert.equal(type(new Burst(), [...'#004118', 'Enter'], 8), '#004118');
});

test('fingers are no scanner', () => {
    assert.equal(type(new Burst(), [...'004118', 'Enter'], GAP + 60), null);
});

test('a short burst is no scan', () => {
    assert.equal(type(new Burst(), ['n', '1', 'Enter'], 5), null);
});

test('a key typed before the burst is not part of it', () => {
    const burst = new Burst();
    burst.feed('g', 0);
    assert.equal(type(burst, [...'S2207', 'Enter'], 8, 500), 'S2207');
});

test('shift and the like add nothing to a code', () => {
    assert.equal(type(new Burst(), ['Shift', 'A', 'Shift', 'B', '1', '2', 'Enter'], 8), 'AB12');
});

test('two scans in a row are two codes', () => {
    const burst = new Burst();
    assert.equal(type(burst, [...'11111', 'Enter'], 8, 0), '11111');
    assert.equal(type(burst, [...'22222', 'Enter'], 8, 60), '22222');
});

test('a scanner that ends in Tab is one too', () => {
    assert.equal(type(new Burst(), [...'004118', 'Tab'], 8), '004118');
});

test('the keys of a code are told as an English keyboard has them', () => {
    const burst = new Burst();
    const french = { Digit0: 'à', Digit4: "'", Digit1: '&', Digit8: '_' };
    const codes = ['Digit0', 'Digit0', 'Digit4', 'Digit1', 'Digit1', 'Digit8'];
    codes.forEach((code, i) => burst.feed(french[code], i * 8, english_key({ key: french[code], code })));
    assert.equal(burst.feed('Enter', 60), "àà'&&_");
    assert.equal(burst.english, '004118');
    assert.equal(english_key({ key: 'M', code: 'Semicolon', shiftKey: true }), ':');
    assert.equal(english_key({ key: 'z', code: 'KeyY' }), 'y');
    assert.equal(english_key({ key: '4', code: 'Digit4', shiftKey: true }), '4');
    assert.equal(english_key({ key: 'ö' }), 'ö');
});
