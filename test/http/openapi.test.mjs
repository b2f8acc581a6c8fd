/* The API's own description: valid, complete, and true of who may ask. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRequire } from 'node:module';
import { startShop } from '../harness/index.mjs';

const { Validator } = await import(
    createRequire(new URL('../../web/package.json', import.meta.url)).resolve(
        '@seriousme/openapi-schema-validator',
    )
);

let shop, document;
before(async () => {
    shop = await startShop();
    document = await (await fetch(`${shop.url}/api/v1/openapi.json`)).json();
});
after(() => shop?.stop());

test('the document is valid OpenAPI 3.1', async () => {
    assert.match(document.openapi, /^3\.1\./);
    const result = await new Validator().validate(structuredClone(document));
    assert.deepEqual(result.errors ?? [], []);
    assert.ok(result.valid);
});

test('every reference in it leads somewhere', () => {
    const walk = (node) => {
        if (node === null || typeof node !== 'object') return;
        if (typeof node.$ref === 'string') {
            const found = node.$ref
                .slice(2)
                .split('/')
                .reduce((at, part) => at?.[part], document);
            assert.ok(found, node.$ref);
        }
        Object.values(node).forEach(walk);
    };
    walk(document);
});
