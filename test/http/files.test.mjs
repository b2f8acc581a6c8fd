// A job's files: sent, made safe, shown, described, taken out.

import assert from 'node:assert/strict';
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {Client, png, root, signIn, startShop} from '../harness/index.mjs';

let shop, owner, job;
const seeds = join(root, 'web/seed');
const seed = readdirSync(seeds).find((name) => name.endsWith('.webp'));
const picture = readFileSync(join(seeds, seed));

before(async () => {
    shop = await startShop();
    owner = await signIn(shop);
    job = await takeIn();
});
after(async () => {
    owner?.close();
    await shop.stop();
});

async function takeIn() {
    return (await owner.api('POST', '/jobs', {title: 'Halo ring', customer_name: 'Rohan Mehta'}))
        .expect(201).json();
}

/** Posts files as the page does; the answer is JSON. */
function send(files, fields = {}, {to = job, headers = {}} = {}) {
    return owner.post(`/jobs/${to.id}/files`, fields, {headers: {accept: 'application/json', ...headers},
        files: files.map((file) => ({field: 'file', name: 'ring.webp', type: 'image/webp', ...file}))});
}
const list = async (of = job) => (await owner.api('GET', `/jobs/${of.id}/files`)).expect(200).json().files;
const problem = (answer) => [answer.status, ...(answer.json().errors ?? []).map((each) => each.code)];

/** Every kept file's path below the shop's folder. */
function kept(folder = shop.dir) {
    return readdirSync(folder, {withFileTypes: true}).flatMap((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? kept(path) : /\.(original|1200|440|96)$/.test(entry.name) ? [path] : [];
    });
}

test('a picture is kept as WebP in four sizes and becomes the job\'s own', async () => {
    const files = (await send([{data: picture}], {kind: 'inspiration', caption: 'From her board', shared: '1'}))
        .expect(201).json().files;
    assert.equal(files.length, 1);
    assert.equal(files[0].mime, 'image/webp');
    assert.equal(files[0].caption, 'From her board');
    assert.equal(files[0].shared, true);
    assert.equal(files[0].stage, 'enquiry');
    assert.equal(files[0].file, undefined, 'where it lies is nobody\'s business');
    for (const size of ['96', '440', '1200', 'full']) {
        const shown = (await owner.get(`/jobs/${job.id}/files/${files[0].id}?size=${size}`)).expect(200);
        assert.equal(shown.type, 'image/webp');
        assert.equal(shown.body.subarray(8, 12).toString(), 'WEBP');
        assert.match(shown.headers['cache-control'], /private/);
        assert.equal(shown.headers['x-content-type-options'], 'nosniff');
        const again = await owner.get(`/jobs/${job.id}/files/${files[0].id}?size=${size}`,
            {headers: {'if-none-match': shown.headers.etag}});
        again.expect(304);
    }
    assert.equal((await owner.api('PATCH', `/jobs/${job.id}`, {})).json().picture, files[0].id);
    (await owner.get(`/jobs/${job.id}/files/${files[0].id}?size=9`)).expect(422);
});

test('several files come at once, in order, each of what it is', async () => {
    const to = await takeIn();
    const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>' +
        'endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
    const files = (await send([{data: png(30, 20), name: 'a.png', type: 'image/png'}, {data: pdf, name: 'terms.pdf',
        type: 'application/pdf'}, {data: picture}], {}, {to})).expect(201).json().files;
    assert.deepEqual(files.map((file) => [file.name, file.kind, file.mime]), [['a.png', 'inspiration', 'image/webp'],
        ['terms.pdf', 'document', 'application/pdf'], ['ring.webp', 'inspiration', 'image/webp']]);
    assert.deepEqual(files.map((file) => file.position), [1, 2, 3]);
    const shown = (await owner.get(`/jobs/${to.id}/files/${files[1].id}`)).expect(200);
    assert.equal(shown.type, 'application/pdf');
    assert.deepEqual(shown.body, pdf);
    const page = (await owner.get(`/jobs/${to.id}/files/${files[1].id}?size=440`)).expect(200);
    assert.equal(page.type, 'image/webp');
    const saved = (await owner.get(`/jobs/${to.id}/files/${files[1].id}?download=1`)).expect(200);
    assert.match(saved.headers['content-disposition'], /^attachment; filename="terms\.pdf"/);
});

test('the content decides, not the name; what cannot be read is refused and leaves nothing', async () => {
    const before = kept().length;
    const count = (await list()).length;
    const lies = [
        [{data: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), name: 'a.png', type: 'image/png'}, 415],
        [{data: Buffer.from('<html><script>alert(1)</script>'), name: 'a.webp'}, 415],
        [{data: Buffer.from('MZ\x90\0this program'), name: 'a.pdf', type: 'application/pdf'}, 415],
        [{data: Buffer.alloc(0), name: 'empty.png'}, 415, 422],
        [{data: picture.subarray(0, 200)}, 422],
        [{data: Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(500, 7)])}, 422, 415],
        [{data: png(50000, 50000, {rows: 3})}, 422],
    ];
    for (const [file, ...statuses] of lies) {
        const answer = await send([file]);
        assert.ok(statuses.includes(answer.status), `${file.name ?? 'ring.webp'}: ${problem(answer)}`);
        assert.match(answer.json().errors[0].code ?? '', /wrong_type|unreadable|too_large|required/);
    }
    (await send([{data: picture}, {data: Buffer.from('not a picture')}])).expect(415);
    (await send([])).expect(422);
    assert.equal((await list()).length, count);
    assert.equal(kept().length, before);
});

test('eight megabytes are taken, the limit is told beyond', async () => {
    const big = png(3000, 2900, {noise: true});
    assert.ok(big.length > 8 * 1024 * 1024);
    (await send([{data: big, name: 'big.png'}])).expect(201);
    const huge = await send([{data: Buffer.alloc(26 * 1024 * 1024)}]).catch((error) => error);
    if (!(huge instanceof Error))
        huge.expect(413);
});

test('path tricks in names stay names', async () => {
    for (const name of ['../../etc/passwd', '..\\..\\boot.ini', '/etc/shadow', '<b>.png', 'ring\u202egnp.exe']) {
        const files = (await send([{data: png(8, 8), name}])).expect(201).json().files;
        assert.doesNotMatch(files[0].name, /[/\\\u202a-\u202e]/);
        (await owner.get(`/jobs/${job.id}/files/${files[0].id}`)).expect(200);
        (await owner.api('DELETE', `/jobs/${job.id}/files/${files[0].id}`)).expect(200);
    }
    (await send([{data: png(8, 8), name: 'a\0b.png'}])).expect(400);
    const page = (await owner.get(`/jobs/${job.id}/files`)).expect(200);
    assert.doesNotMatch(page.text, /<b>\.png/);
    for (const path of ['../1', '..%2f1', '1%2f..%2f2', '0', '-1', 'x'])
        assert.ok([400, 404].includes((await owner.get(`/jobs/${job.id}/files/${path}`)).status));
    assert.equal(existsSync('/etc/passwd.original'), false);
});

test('the same post sent twice keeps one', async () => {
    const to = await takeIn();
    const key = {headers: {'idempotency-key': 'the-same-upload'}};
    const first = (await send([{data: picture}], {}, {to, ...key})).expect(201).json();
    const bytes = kept().length;
    const again = (await send([{data: picture}], {}, {to, ...key})).expect(201).json();
    assert.deepEqual(again, first);
    assert.equal((await list(to)).length, 1);
    assert.equal(kept().length, bytes);
});

test('a file is described, shared, ordered and chosen', async () => {
    const to = await takeIn();
    await send([{data: picture}, {data: png(9, 9), name: 'b.png'}], {}, {to});
    const [first, second] = await list(to);
    const changed = (await owner.api('PATCH', `/jobs/${to.id}/files/${second.id}`,
        {caption: 'Render 2', kind: 'cad', shared: true, stage: 'cad', position: 1})).expect(200).json();
    assert.deepEqual([changed.caption, changed.kind, changed.shared, changed.stage], ['Render 2', 'cad', true, 'cad']);
    (await owner.api('PATCH', `/jobs/${to.id}/files/${second.id}`, {kind: 'selfie'})).expect(422);
    const unknown = (await owner.api('PATCH', `/jobs/${to.id}/files/${second.id}`, {stage: 'nowhere'})).expect(422);
    assert.match(unknown.text, /enquiry, consultation/);
    (await owner.api('PATCH', `/jobs/${to.id}/files/${second.id}`, {file: 'x'})).expect(422);
    (await owner.api('POST', `/jobs/${to.id}/picture`, {file: second.id})).expect(200);
    assert.equal((await owner.api('PATCH', `/jobs/${to.id}`, {})).json().picture, second.id);
    const page = (await owner.get(`/jobs/${to.id}/files`)).expect(200);
    const saved = await owner.submit(page, {caption: 'By hand'}, {form: `/jobs/${to.id}/files/${first.id}`});
    saved.expect(303);
    assert.equal((await list(to)).find((file) => file.id === first.id).caption, 'By hand');
});

test('a file of another job is not there', async () => {
    const other = await takeIn();
    const [file] = await list();
    for (const [method, path] of [['GET', ''], ['POST', '/delete'], ['POST', '/restore'], ['PATCH', '']])
        assert.ok([404, 410].includes((await owner.api(method, `/jobs/${other.id}/files/${file.id}${path}`, method === 'GET' ? undefined : {})).status));
    (await owner.api('POST', `/jobs/${other.id}/picture`, {file: file.id})).expect(404);
    (await owner.api('GET', '/jobs/999999/files')).expect(404);
    (await send([{data: picture}], {}, {to: {id: 999999}})).expect(404);
});

test('a removed file is out of sight at once and comes back by undo', async () => {
    const to = await takeIn();
    await send([{data: picture}, {data: png(9, 9), name: 'b.png'}], {}, {to});
    const [first, second] = await list(to);
    const gone = (await owner.api('POST', `/jobs/${to.id}/files/${first.id}/delete`, {})).expect(200);
    assert.equal(gone.headers['benchpin-undo'], `/jobs/${to.id}/files/${first.id}/restore`);
    (await owner.get(`/jobs/${to.id}/files/${first.id}`)).expect(404);
    assert.deepEqual((await list(to)).map((file) => file.id), [second.id]);
    assert.equal((await owner.api('PATCH', `/jobs/${to.id}`, {})).json().picture, second.id);
    (await owner.api('POST', `/jobs/${to.id}/files/${first.id}/delete`, {})).expect(200);
    (await owner.api('POST', `/jobs/${to.id}/files/${first.id}/restore`, {})).expect(200);
    (await owner.get(`/jobs/${to.id}/files/${first.id}`)).expect(200);
});

test('only who is signed in sees a file', async () => {
    const [file] = await list();
    const stranger = new Client(shop);
    (await stranger.get(`/jobs/${job.id}/files/${file.id}?size=96`)).expect(303);
    (await stranger.api('GET', `/jobs/${job.id}/files/${file.id}`)).expect(401);
    stranger.close();
    for (const path of kept())
        assert.equal(statSync(path).mode & 0o077, 0, `${path} is open to others of this machine`);
});
