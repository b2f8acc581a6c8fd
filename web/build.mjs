/* Builds what browsers load and makes it part of the binary.
 *
 *   node build.mjs DIR [ASSEMBLY TABLE [WORDS]]
 *
 * DIR receives app.css, public.css, workshop.css, app.js, public.js, palette.js, icons.svg, pictures and fonts as they are
 * served, each text also compressed by brotli and gzip (.br, .gz). ASSEMBLY is an assembler file that
 * includes those bytes, TABLE the C file with the table that asset_find() searches; see
 * src/http/assets.h. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, 'node_modules');
const [out, assembly, table, translations] = process.argv.slice(2).map((path) => resolve(path));
if (!out) {
    console.error('Say where to: node build.mjs DIR [ASSEMBLY TABLE]');
    process.exit(2);
}
if (!existsSync(join(packages, 'esbuild'))) {
    console.error('The browser packages are not installed. Run `make setup`, then build again.');
    process.exit(1);
}

const TYPES = {
    css: 'text/css; charset=utf-8',
    js: 'text/javascript; charset=utf-8',
    png: 'image/png',
    svg: 'image/svg+xml',
    txt: 'text/plain; charset=utf-8',
    webp: 'image/webp',
    woff2: 'font/woff2',
};
const FONTS = {
    'inter-latin': 'inter/files/inter-latin-wght-normal.woff2',
    'inter-latin-ext': 'inter/files/inter-latin-ext-wght-normal.woff2',
    'newsreader-latin': 'newsreader/files/newsreader-latin-wght-normal.woff2',
    'newsreader-latin-ext': 'newsreader/files/newsreader-latin-ext-wght-normal.woff2',
};
/* Whose work is in what we serve; their licenses ask to be told of. */
const NOTICES = {
    Sortable: 'sortablejs/LICENSE',
    Inter: '@fontsource-variable/inter/LICENSE',
    Newsreader: '@fontsource-variable/newsreader/LICENSE',
};

/* A script and a style sheet of one name cannot be entries of one bundle. */
const RENAMED = { 'style.css': 'app.css', 'customers.css': 'public.css', 'lists.css': 'views.css' };

/* The files by the address under which asset_find() knows them. */
async function collect() {
    const { build } = await import('esbuild');
    const bundle = await build({
        absWorkingDir: here,
        entryPoints: {
            app: 'scripts/app.js',
            public: 'scripts/public.js',
            palette: 'scripts/palette.js',
            style: 'styles/main.css',
            customers: 'styles/public.css',
            workshop: 'styles/workshop.css',
            rtl: 'styles/rtl.css',
            views: 'scripts/views.js',
            lists: 'styles/views.css',
        },
        bundle: true,
        minify: true,
        write: false,
        outdir: 'dist',
        format: 'iife',
        target: ['chrome111', 'firefox113', 'safari16.4'],
        external: ['*.svg', '*.woff2'],
        legalComments: 'none',
        charset: 'utf8',
        logLevel: 'warning',
    });
    const files = new Map();
    for (const file of bundle.outputFiles) {
        const name = file.path.split('/').pop();
        files.set(`/static/${RENAMED[name] ?? name}`, Buffer.from(file.contents));
    }
    for (const [language, { plural, texts }] of Object.entries(await translated()))
        files.set(
            `/static/words-${language}.js`,
            Buffer.from(`benchpin_words={form:(n)=>+(${plural}),texts:${JSON.stringify(texts)}};\n`),
        );
    files.set('/static/icons.svg', await readFile(join(here, 'icons/icons.svg')));
    for (const name of await readdir(join(here, 'img')))
        files.set(`/static/img/${name}`, await readFile(join(here, 'img', name)));
    for (const [name, path] of Object.entries(FONTS)) {
        const bytes = await readFile(join(packages, '@fontsource-variable', path));
        files.set(`/static/fonts/${name}.woff2`, bytes);
    }
    files.set('/static/licenses.txt', await notices());
    for (const name of await readdir(join(here, 'seed')))
        files.set(`/seed/${name}`, await readFile(join(here, 'seed', name)));
    return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/* What the scripts say, by language: {de: {plural: 'n != 1', texts: {English: German}}}. */
const translated = async () => (translations ? JSON.parse(await readFile(translations, 'utf8')) : {});

async function notices() {
    const parts = ['Benchpin serves these works of others under their licenses.'];
    for (const [name, path] of Object.entries(NOTICES))
        parts.push(`${name}\n\n${(await readFile(join(packages, path), 'utf8')).trim()}`);
    parts.push((await readFile(join(here, 'icons/ICONS-LICENSE.txt'), 'utf8')).trim());
    return Buffer.from(parts.join(`\n\n${'-'.repeat(72)}\n\n`) + '\n');
}

const hash_of = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/* Compressed forms of a text; none where it would save nothing worth a header. */
function compress(bytes, type) {
    if (!/^(text|image\/svg)/.test(type)) return {};
    const br = brotliCompressSync(bytes, {
        params: {
            [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
            [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
    });
    const gz = gzipSync(bytes, { level: 9 });
    return br.length < bytes.length * 0.9 ? { br, gz } : {};
}

const files = await collect();
const version = hash_of(
    Buffer.concat([...files].map(([path, bytes]) => Buffer.from(`${path} ${hash_of(bytes)}\n`))),
).slice(0, 10);

await rm(out, { recursive: true, force: true });
const blobs = [];
const rows = [];
for (const [path, bytes] of files) {
    const type = TYPES[path.split('.').pop()];
    if (!type) throw new Error(`${path} has no media type: add it to TYPES in build.mjs`);
    const forms = { bytes, ...compress(bytes, type) };
    const row = { path, type, hash: hash_of(bytes) };
    for (const [form, content] of Object.entries(forms)) {
        const place = join(out, path.slice(1)) + (form === 'bytes' ? '' : `.${form}`);
        await mkdir(dirname(place), { recursive: true });
        await writeFile(place, content);
        blobs.push({ symbol: `asset_blob_${blobs.length}`, place, length: content.length });
        row[form] = blobs.at(-1);
    }
    rows.push(row);
}

if (assembly) {
    await writeFile(
        assembly,
        `/* Made by web/build.mjs from version ${version}. */\n\t.section .rodata\n` +
            blobs
                .map(
                    ({ symbol, place }) =>
                        `\t.global ${symbol}\n\t.hidden ${symbol}\n\t.balign 16\n` +
                        `${symbol}:\n\t.incbin ${JSON.stringify(place)}\n`,
                )
                .join('') +
            '\t.section .note.GNU-stack,"",%progbits\n',
    );
    const form_of = (blob) => (blob ? blob.symbol : 'NULL');
    await writeFile(
        table,
        '/* Made by web/build.mjs. Sorted by path. */\n#include "http/assets_table.h"\n\n' +
            blobs.map(({ symbol }) => `extern const unsigned char ${symbol}[];\n`).join('') +
            '\nconst struct asset asset_table[] = {\n' +
            rows
                .map(
                    ({ path, type, hash, bytes, br, gz }) =>
                        `    {${JSON.stringify(path)}, ${JSON.stringify(type)}, ` +
                        `${bytes.symbol}, ${form_of(br)}, ${form_of(gz)}, ` +
                        `${bytes.length}, ${br?.length ?? 0}, ${gz?.length ?? 0}, "${hash}"},\n`,
                )
                .join('') +
            `};\nconst size_t asset_count = ${rows.length};\n` +
            `const char asset_table_version[] = "${version}";\n`,
    );
}
