/* The API's own description: valid, complete, and true of who may ask. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRequire } from 'node:module';
import { startShop, signIn } from '../harness/index.mjs';

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

test('nothing under /api/v1 answers a stranger but what is meant for strangers', async () => {
    const open = new Set(['/api/v1/tokens', '/api/v1/track', '/api/v1/enquiry', '/api/v1/openapi.json']);
    for (const [path, methods] of Object.entries(document.paths)) {
        const full = path.startsWith('/api') ? path : `/api/v1${path}`;
        if (open.has(full) || full.startsWith('/api/v1/track/') || !methods.get) continue;
        const answer = await fetch(shop.url + full.replace(/\{[^}]*\}/g, '1'));
        if (methods.get.security?.length === 0) continue;
        assert.equal(answer.status, 401, full);
        assert.match(answer.headers.get('content-type'), /^application\/problem\+json/, full);
        await answer.arrayBuffer();
    }
});

test('a GET of each path that needs no id answers the owner without failing', async () => {
    const owner = await signIn(shop);
    for (const [path, methods] of Object.entries(document.paths)) {
        const full = path.startsWith('/api') ? path : `/api/v1${path}`;
        if (!methods.get || full.includes('{') || full.endsWith('openapi.json')) continue;
        const answer = await owner.get(full, { headers: { Accept: 'application/json' } });
        assert.ok(answer.status < 500, `${full}: ${answer.status}`);
    }
});
