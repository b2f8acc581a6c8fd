// What a PDF says.

import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {run} from './shop.mjs';

/** The text of a PDF as laid out; fails when it is none. */
export async function pdfText(bytes) {
    const dir = await mkdtemp(join(process.env.BENCHPIN_TEST_RUN ?? tmpdir(), 'pdf-'));
    const file = join(dir, 'a.pdf');
    await writeFile(file, bytes);
    const {code, out, err} = await run('pdftotext', ['-layout', file, '-']);
    if (code !== 0)
        throw new Error(`not a readable PDF: ${err}`);
    return out;
}

/** {pages, title, ...} as pdfinfo tells them, names in lower case. */
export async function pdfInfo(bytes) {
    const dir = await mkdtemp(join(process.env.BENCHPIN_TEST_RUN ?? tmpdir(), 'pdf-'));
    const file = join(dir, 'a.pdf');
    await writeFile(file, bytes);
    const {out} = await run('pdfinfo', [file]);
    return Object.fromEntries(out.split('\n').filter((line) => line.includes(':')).map((line) =>
        [line.slice(0, line.indexOf(':')).trim().toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
}
