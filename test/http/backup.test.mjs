// Backing up while the shop is served, and making the same shop of it again.

import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {appendFile, mkdtemp, readdir, readFile, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {databaseKind, eventually, program, psql, run, Shop, signIn, startShop} from '../harness/index.mjs';

let shop, owner, folder, backup;

before(async () => {
    folder = await mkdtemp(join(process.env.BENCHPIN_TEST_RUN ?? tmpdir(), 'backup-'));
    shop = await startShop({demoOrders: 24, seed: 3});
    owner = await signIn(shop);
});
after(async () => {
    owner.close();
    await shop.stop();
});

// A new place: a folder, and on PostgreSQL a database.
async function newPlace() {
    const name = `restored_${randomBytes(6).toString('hex')}`;
    let databaseUrl = null;
    if (databaseKind === 'postgres') {
        const url = new URL(process.env.BENCHPIN_TEST_POSTGRES);
        await psql(url.href, `create database "${name}"`);
        url.pathname = `/${name}`;
        databaseUrl = url.href;
    }
    const place = new Shop({database: databaseKind, dir: join(folder, name), databaseUrl, args: [], env: {}});
    return place;
}

// What the shop says of itself, and the bytes of every attachment.
async function told(client, jobs) {
    const all = {};
    for (const path of ['/customers', '/stock', '/vendors', '/settings/staff', '/jobs?kind=custom',
        '/jobs?kind=custom&closed=1', '/invoices', '/board'])
        all[path] = (await client.api('GET', path)).json();
    for (const id of jobs)
        for (const more of ['', '/history', '/materials', '/operations', '/quotes', '/files'])
            all[`/jobs/${id}${more}`] = (await client.api('GET', `/jobs/${id}${more}`)).json();
    return all;
}

async function files(dir) {
    const found = {};
    for (const entry of await readdir(dir, {recursive: true, withFileTypes: true}))
        if (entry.isFile())
            found[entry.name] = (await readFile(join(entry.parentPath ?? entry.path, entry.name))).toString('base64');
    return found;
}

const shopFiles = async (dir) => files(join(dir, 'shops', 'main', 'files'));

test('a backup is made while the shop writes', async () => {
    backup = join(folder, 'first');
    let going = true, made = 0;
    const writer = (async () => {
        while (going) {
            (await owner.api('POST', '/customers', {name: `Meanwhile ${made}`})).expect(201);
            made++;
        }
    })();
    const ended = await shop.command('backup', '--to', backup);
    going = false;
    await writer;
    assert.equal(ended.code, 0, ended.err);
    assert.ok(made > 0);
    assert.match(await readFile(join(backup, 'MANIFEST'), 'utf8'), /^[0-9a-f]{64}  /);
});

test('what is restored is the same shop, attachments included', async () => {
    const still = join(folder, 'still');
    assert.equal((await shop.command('backup', '--to', still)).code, 0);
    const open = (await owner.api('GET', '/jobs?kind=custom')).json().rows.map((job) => job.id).slice(0, 12);
    const before_ = await told(owner, open);
    const place = await newPlace();
    const ended = await place.command('restore', '--from', still);
    assert.equal(ended.code, 0, ended.err);
    assert.deepEqual(await shopFiles(place.dir), await shopFiles(shop.dir));
    await place.start();
    const client = await signIn(place);
    assert.deepEqual(await told(client, open), before_);
    /* It goes on where it was: numbers without gaps. */
    const number = async (who) => {
        const made = (await who.api('POST', '/jobs', {kind: 'custom', customer_name: 'Next', title: 'Next', type: 'ring'}))
            .expect(201).json();
        return (await who.api('GET', `/jobs/${made.id}`)).json();
    };
    const [a, b] = [await number(client), await number(owner)];
    assert.equal((a.job ?? a).number, (b.job ?? b).number);
    client.close();
    await place.stop();
});

test('the backup made under writes is whole', async () => {
    const place = await newPlace();
    const ended = await place.command('restore', '--from', backup);
    assert.equal(ended.code, 0, ended.err);
    await place.start();
    const client = await signIn(place);
    (await client.get('/board')).expect(200);
    client.close();
    await place.stop();
});

test('a backup goes into a new folder only', async () => {
    const ended = await shop.command('backup', '--to', backup);
    assert.equal(ended.code, 1);
    assert.match(ended.err, /is not empty/);
    assert.equal((await shop.command('backup')).code, 1);
});

test('a shop is restored into an empty place only', async () => {
    const ended = await shop.command('restore', '--from', backup);
    assert.equal(ended.code, 1);
    assert.match(ended.err, /is not empty/);
    (await owner.get('/board')).expect(200);
});

test('a damaged or unfinished backup is refused, and nothing is made of it', async () => {
    const damaged = join(folder, 'damaged');
    assert.equal((await shop.command('backup', '--to', damaged)).code, 0);
    const [name] = (await readdir(damaged)).filter((each) => /^(benchpin\.db|database\.copy)/.test(each));
    const whole = (await readdir(join(damaged, name)).catch(() => null)) === null
        ? join(damaged, name) : join(damaged, name, (await readdir(join(damaged, name)))[0]);
    await appendFile(whole, 'x');
    const place = await newPlace();
    const ended = await place.command('restore', '--from', damaged);
    assert.equal(ended.code, 1);
    assert.match(ended.err, /damaged/);
    const nothing = join(folder, 'nothing');
    await writeFile(join(folder, 'plain'), '');
    const none = await run(program, ['restore', '--from', nothing, '--data', join(folder, 'elsewhere')]);
    assert.equal(none.code, 1);
    assert.match(none.err, /no MANIFEST/);
});

test('a drill makes a shop of the backup beside, and leaves nothing', async () => {
    const good = join(folder, 'good');
    assert.equal((await shop.command('backup', '--to', good)).code, 0);
    const before_ = (await readdir(good)).sort();
    const drilled = await run(program, ['drill', '--from', good,
        ...(databaseKind === 'postgres' ? ['--database', shop.databaseUrl] : [])]);
    assert.equal(drilled.code, 0, drilled.err);
    assert.match(drilled.out, /A shop can be made of/);
    assert.deepEqual((await readdir(good)).sort(), before_);
    await appendFile(join(good, 'MANIFEST'), `${'0'.repeat(64)}  files/none\n`);
    const failed = await run(program, ['drill', '--from', good,
        ...(databaseKind === 'postgres' ? ['--database', shop.databaseUrl] : [])]);
    assert.equal(failed.code, 1);
    assert.match(failed.err, /missing or damaged/);
});

test('a backup that was asked for is made, tried and listed', async () => {
    const listed = async () => (await owner.api('GET', '/settings/backups')).expect(200).json();
    const at_first = await listed();
    assert.equal(at_first.on, true);
    assert.deepEqual(at_first.backups, []);
    const page = (await owner.get('/settings/backups')).expect(200);
    assert.match(page.text, /No backup yet/);
    (await owner.api('POST', '/settings/backups')).expect(200);
    const made = await eventually('a backup', async () => {
        const [backup] = (await listed()).backups;
        return backup?.checked_at ? backup : null;
    });
    assert.equal(made.wrong, null);
    assert.ok(made.bytes > 0 && made.files > 0);
    const place = await newPlace();
    const ended = await place.command('restore', '--from', join(shop.dir, 'backups', 'main', made.name));
    assert.equal(ended.code, 0, ended.err);
    (await owner.get('/settings/backups')).expect(200);
});

test('backups are the owner’s and the manager’s to see', async () => {
    const bench = await signIn(shop, 'joe@example.com');
    (await bench.api('GET', '/settings/backups')).expect(403);
    (await bench.api('POST', '/settings/backups')).expect(403);
    bench.close();
});
