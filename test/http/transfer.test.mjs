// A whole shop out and in again: identical, on either database, all of it or nothing.

import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {mkdtemp, readFile, writeFile} from 'node:fs/promises';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {Client, databaseKind, eventually, owner, program, run, signIn, startShop} from '../harness/index.mjs';

let shop, folder, whole;
const path = (name) => join(folder, name);
const hash = async (name) => createHash('sha256').update(await readFile(path(name))).digest('hex');
const well = async (...words) => {
    const ended = await run(program, words);
    assert.equal(ended.code, 0, words.join(' ') + ended.err);
    return ended.out;
};
const python = (script, ...words) => run('python3', ['-c', script, ...words]);

before(async () => {
    shop = await startShop({demoOrders: 20});
    folder = await mkdtemp(join(shop.dir, '..', 'exports-'));
    const boss = await signIn(shop); // a session, which is nobody else's business
    (await boss.api('POST', '/customers', {name: 'Zoë "Quote" O’Neill\\n', note: '=1+1\n\tπ \u{1F48D} مرحبا'})).expect(201);
    await boss.close();
    assert.equal((await shop.command('export', '--to', path('whole.zip'))).code, 0);
    whole = path('whole.zip');
    await well2('python3', ['-m', 'zipfile', '-e', whole, path('whole')]);
});
after(() => shop?.stop());
async function well2(file, words, options) {
    const ended = await run(file, words, options);
    assert.equal(ended.code, 0, `${file} ${words.join(' ')}: ${ended.out}${ended.err}`);
    return ended.out;
}
const lines = (name) => readFileSync(path(`whole/tables/${name}.jsonl`), 'utf8').split('\n').filter(Boolean).map((each) => JSON.parse(each));

test('an export holds every table, sheets for people, the files, and sums that hold', async () => {
    const manifest = JSON.parse(readFileSync(path('whole/manifest.json'), 'utf8'));
    assert.equal(manifest.format, 'benchpin-export');
    assert.equal(manifest.shop, 'Hartwell & Rowe');
    await well2('sha256sum', ['--quiet', '-c', 'SHA256SUMS'], {cwd: path('whole')});
    for (const [table, rows] of Object.entries(manifest.tables))
        assert.equal(lines(table).length, rows, table);
    for (const table of ['session', 'idempotency', 'sign_in_failure', 'migration'])
        assert.ok(!(table in manifest.tables), table);
    assert.ok(manifest.tables.job >= 20 && manifest.tables.event > 100);
    assert.equal(readdirSync(path('whole/files')).length, manifest.files);
    const zoe = lines('customer').find((each) => each.name.includes('O’Neill'));
    assert.equal(zoe.note, '=1+1\n\tπ \u{1F48D} مرحبا');
    const jobs = readFileSync(path('whole/csv/jobs.csv'), 'utf8').split('\r\n');
    assert.match(jobs[0], /^id,number,reference,kind,stage/);
    assert.equal(jobs.length, manifest.tables.job + 2);
    assert.match(readFileSync(path('whole/csv/payments.csv'), 'utf8'), /,\d+\.\d\d,/);
    assert.match(readFileSync(path('whole/csv/customers.csv'), 'utf8'), /"'=1\+1\n/);
    assert.match(readFileSync(path('whole/README.txt'), 'utf8'), /Hartwell & Rowe/);
});

test('the same shop gives the same bytes', async () => {
    assert.equal((await shop.command('export', '--to', path('again.zip'))).code, 0);
    assert.equal(await hash('again.zip'), await hash('whole.zip'));
    const refused = await shop.command('export', '--to', path('again.zip'));
    assert.match(refused.err, /already: name a new one/);
});

test('a new shop beside is made of it while the server runs, and goes on where the first is', async () => {
    const imported = await shop.command('import', whole, '--shop', 'twin', '--host', 'twin.example');
    assert.equal(imported.code, 0, imported.err);
    const twin = new Client(shop, {headers: {host: 'twin.example'}});
    const page = await eventually('the twin', async () => {
        const answer = await twin.get('/sign-in');
        return /Hartwell/.test(answer.text) && answer;
    });
    // The password came along, the sessions did not.
    const here = await signIn(shop);
    (await twin.get('/board', {headers: {cookie: [...here.cookies].map((each) => each.join('=')).join('; ')}})).expect(303);
    await twin.follow((await twin.submit(page, {email: owner.email, password: owner.password}, {form: /sign-in/})).expect(303));
    assert.equal((await shop.command('export', '--shop', 'twin', '--to', path('twin-later.zip'))).code, 0);
    // Counters, search and files go on.
    const enter = async (client) => (await client.api('POST', '/jobs', {title: 'After', customer_name: 'Next Person'})).expect(201).json();
    const a = await enter(here), b = await enter(twin);
    assert.deepEqual([a.id, a.number], [b.id, b.number]);
    const found = (await twin.api('GET', '/customers?q=zoë')).expect(200).json();
    assert.ok(found.rows.some((each) => each.name.startsWith('Zoë')));
    const file = lines('job_file').find((each) => each.deleted_at == null);
    if (file)
        (await twin.get(`/jobs/${file.job}/files/${file.id}`)).expect(200);
    // What is done in the one is not done in the other.
    assert.doesNotMatch((await here.get(`/jobs/${a.id}`)).text, /twin\.example/);
    [twin, here].forEach((each) => each.close());
});

test('by way of the other database it comes back byte by byte', {skip: !process.env.BENCHPIN_TEST_POSTGRES}, async () => {
    const first = await startShop({database: databaseKind === 'postgres' ? 'sqlite' : 'postgres', empty: true});
    const second = await startShop({empty: true});
    await first.stop();
    await second.stop();
    await well('import', whole, ...first.where);
    await well('export', '--to', path('other.zip'), ...first.where);
    assert.equal(await hash('other.zip'), await hash('whole.zip'));
    await well('import', path('other.zip'), ...second.where);
    await well('export', '--to', path('back.zip'), ...second.where);
    assert.equal(await hash('back.zip'), await hash('whole.zip'));
    // It lives: somebody signs in on the other engine and takes in the next job.
    await first.start();
    const boss = await signIn({...first, url: first.url, owner, pid: first.pid});
    const job = (await boss.api('POST', '/jobs', {title: 'On the other side', customer_name: 'Next Person'})).expect(201).json();
    assert.equal(job.number, Math.max(...lines('job').map((each) => each.number)) + 1);
    assert.equal(job.id, Math.max(...lines('job').map((each) => each.id)) + 1);
    boss.close();
    await first.stop();
});

test('the owner has a copy made on a page, without secrets, and fetches it', async () => {
    const boss = await signIn(shop);
    const asked = (await boss.submit('/settings/export', {}, {form: '/settings/export'})).expect(303);
    assert.match((await boss.follow(asked)).words, /The copy is being made/);
    const ready = await eventually('the copy', async () => {
        const {exports} = (await boss.api('GET', '/settings/export')).json();
        assert.notEqual(exports[0].state, 'failed');
        return exports[0].state === 'ready' && exports[0];
    }, {ms: 20000});
    const file = (await boss.get(`/settings/export/${ready.id}/file`)).expect(200);
    assert.equal(file.type, 'application/zip');
    assert.match(file.headers['content-disposition'], /attachment; filename="?main-\d{4}-\d\d-\d\d\.zip/);
    assert.equal(file.body.length, ready.bytes);
    await writeFile(path('page.zip'), file.body);
    await well2('python3', ['-m', 'zipfile', '-e', path('page.zip'), path('page')]);
    const manifest = JSON.parse(readFileSync(path('page/manifest.json'), 'utf8'));
    assert.equal(manifest.secrets, false);
    const staff = readFileSync(path('page/tables/staff.jsonl'), 'utf8');
    assert.doesNotMatch(staff, /argon2/);
    assert.match(readFileSync(path('whole/tables/staff.jsonl'), 'utf8'), /argon2/);
    assert.match((await boss.get('/settings/log')).words, /asked for a copy of the shop.*|took a copy of the shop/);
    // Nobody signs in to a shop made of it before somebody sets a password.
    const words = join(folder, 'password');
    await writeFile(words, 'a-new-morning-17\n');
    const made = await shop.command('import', path('page.zip'), '--shop', 'paged', '--host', 'paged.example', '--password-file', words);
    assert.equal(made.code, 0, made.err);
    const paged = {...shop, url: shop.url, pid: shop.pid, owner};
    const send = (password) => new Client(paged, {headers: {host: 'paged.example'}})
        .api('POST', '/tokens', {email: owner.email, password, name: 'x'});
    await eventually('the shop of it', async () => (await send('a-new-morning-17')).status === 201);
    (await send(owner.password)).expect(422);
    boss.close();
});

// Writes the archive anew with `change` made to its members (a dict of name and bytes), its sums right.
const rewritten = async (name, change) => {
    const script = `
import hashlib, sys, zipfile
members = {}
with zipfile.ZipFile(sys.argv[1]) as old:
    for each in old.namelist(): members[each] = old.read(each)
sums = members.pop('SHA256SUMS')
${change}
with zipfile.ZipFile(sys.argv[2], 'w') as new:
    for each in members: new.writestr(each, members[each])
    new.writestr('SHA256SUMS', ''.join(hashlib.sha256(members[each]).hexdigest() + '  ' + each + '\\n' for each in members))
`;
    const ended = await python(script, whole, path(name));
    assert.equal(ended.code, 0, ended.err);
    return path(name);
};

test('what is damaged, unknown, or does not fit is refused, and nothing is left of it', async () => {
    const refused = async (file, why) => {
        const ended = await shop.command('import', file, '--shop', 'half', '--host', 'half.example');
        assert.equal(ended.code, 1, String(why));
        assert.match(ended.err, why);
        assert.ok(!existsSync(join(shop.dir, 'shops', 'half', 'making.db')) && !existsSync(join(shop.dir, 'shops', 'half', 'benchpin.db')));
        assert.doesNotMatch((await shop.command('shop', 'list')).out, /half/);
    };
    const bytes = await readFile(whole);
    await writeFile(path('cut.zip'), bytes.subarray(0, bytes.length / 2));
    await refused(path('cut.zip'), /cannot be read as an export|damaged/);
    const flipped = Buffer.from(bytes);
    flipped[Math.floor(bytes.length / 3)] ^= 0x40;
    await writeFile(path('flipped.zip'), flipped);
    await refused(path('flipped.zip'), /is damaged at/);
    await writeFile(path('text.zip'), 'not a zip');
    await refused(path('text.zip'), /cannot be read as an export|is no export/);
    await refused(path('missing.zip'), /cannot be read as an export/);
    await refused(await rewritten('newer.zip', `
import re
members['manifest.json'] = re.sub(rb'"schema": "[^"]*"', b'"schema": "9999_later"', members['manifest.json'])`),
    /made by a newer Benchpin \(its newest change is 9999_later\)/);
    await refused(await rewritten('short.zip', "members['tables/job_stage.jsonl'] = members['tables/job_stage.jsonl'].split(b'\\n', 1)[1]"),
        /not a row of that table/);
    await refused(await rewritten('orphan.zip', `
rows = members['tables/job_kind.jsonl'].split(b'\\n')
members['tables/job_kind.jsonl'] = b'\\n'.join([rows[0].replace(b'custom', b'costume')] + rows[1:])`),
    /refers to one that is not there|does not take what was given/);
    await refused(await rewritten('wrong.zip', "members['tables/customer.jsonl'] = members['tables/customer.jsonl'].replace(b'\"id\":1,', b'\"id\":\"one\",', 1)"),
        /Line 1 of tables\/customer\.jsonl/);
    await refused(await rewritten('path.zip', "members = {'files/../../../evil.original': b'x', **members}"), /damaged at/);
    const full = await shop.command('import', whole);
    assert.equal(full.code, 1);
    assert.match(full.err, databaseKind === 'postgres' ? /in use|already/ : /in use/);
    assert.match((await shop.command('import', whole, '--shop', 'half')).err, /--host is missing/);
});
