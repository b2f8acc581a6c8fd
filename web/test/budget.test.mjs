/* What a first visit costs over the wire. docs: a staff page at most 185 kB without pictures. */
import assert from 'node:assert/strict';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from './server.mjs';

let assets;
before(async () => (assets = await build()));
after(() => assets.remove());

const size = async (name) => (await stat(join(assets.folder, 'static', name))).size;
const KB = 1024;

test('a staff page stays within its budget, also where only gzip is spoken', async () => {
    for (const form of ['br', 'gz']) {
        assert.ok((await size(`app.css.${form}`)) <= 17 * KB, `app.css.${form}`);
        assert.ok((await size(`app.js.${form}`)) <= 35 * KB, `app.js.${form}`);
        assert.ok((await size(`views.css.${form}`)) + (await size(`views.js.${form}`)) <= 6 * KB, `views.${form}`);
        assert.ok((await size(`icons.svg.${form}`)) <= 6 * KB, `icons.svg.${form}`);
    }
    const fonts = (await size('fonts/inter-latin.woff2')) + (await size('fonts/newsreader-latin.woff2'));
    assert.ok(fonts <= 106 * KB, `fonts: ${fonts}`);
});

test("the customer's page leaves room for its HTML in 30 kB", async () => {
    const sum =
        (await size('public.css.gz')) + (await size('public.js.gz')) + (await size('icons.svg.gz'));
    assert.ok(sum <= 24 * KB, `${sum}`);
});

test('nothing is fetched from elsewhere', async () => {
    for (const name of ['app.css', 'public.css', 'workshop.css', 'views.css', 'app.js', 'views.js', 'public.js',
        'palette.js']) {
        const text = await readFile(join(assets.folder, 'static', name), 'utf8');
        assert.doesNotMatch(text, /url\(["']?(https?:)?\/\//);
        assert.doesNotMatch(text, /\beval\(|new Function\(/);
    }
});

test('every picture that the style sheets name is there', async () => {
    for (const name of ['app.css', 'public.css', 'workshop.css', 'views.css']) {
        const text = await readFile(join(assets.folder, 'static', name), 'utf8');
        const named = [...text.matchAll(/url\(["']?([^"')]+)["']?\)/g)].map((match) => match[1]);
        for (const path of new Set(named)) assert.ok((await size(path)) > 0, path);
    }
});

test('every font says in which file it is', async () => {
    assert.deepEqual((await readdir(join(assets.folder, 'static/fonts'))).length, 4);
});
