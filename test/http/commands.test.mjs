// The command line: help, settings and where they come from, set-up, the doctor, refusals.

import assert from 'node:assert/strict';
import {chmod, mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {program, run, startShop} from '../harness/index.mjs';

let shop, folder;

before(async () => {
    shop = await startShop();
    folder = await mkdtemp(join(process.env.BENCHPIN_TEST_RUN ?? tmpdir(), 'commands-'));
});
after(() => shop.stop());

const commands = ['serve', 'init', 'demo', 'backup', 'restore', 'migrate', 'doctor', 'config'];

test('help names every command, and each has a help of its own', async () => {
    const all = await run(program, ['--help']);
    assert.equal(all.code, 0);
    for (const command of commands) {
        assert.match(all.out, new RegExp(`benchpin ${command} `));
        const one = await run(program, [command, '--help']);
        assert.equal(one.code, 0);
        assert.match(one.out, new RegExp(`^benchpin ${command}`));
        assert.match(one.out, /--data/);
    }
    assert.match((await run(program, ['--version'])).out, /^benchpin \d+\.\d+\.\d+\n$/);
});

test('what is not understood is refused with status 2 and a way to help', async () => {
    for (const args of [['bake'], ['serve', '--orders', '3'], ['serve', 'fast'], ['serve', '--listen']]) {
        const ended = await run(program, args);
        assert.equal(ended.code, 2, args.join(' '));
        assert.match(ended.err, /help|needs a value/);
        assert.doesNotMatch(ended.out, /listening/);
    }
});

test('a flag goes before the environment, that before the file, that before the default', async () => {
    const file = join(folder, 'benchpin.conf');
    await writeFile(file, '# ours\nlisten = 127.0.0.1:9001\nworkers=7\nupload-limit = 3\n');
    const env = {BENCHPIN_LISTEN: '127.0.0.1:9002', BENCHPIN_WORKERS: '8'};
    const {code, out} = await run(program, ['config', '--config', file, '--listen', '127.0.0.1:9003'], {env});
    assert.equal(code, 0);
    assert.match(out, /--listen, BENCHPIN_LISTEN \[flag\]\nlisten = 127\.0\.0\.1:9003\n/);
    assert.match(out, /\[environment\]\nworkers = 8\n/);
    assert.match(out, /BENCHPIN_UPLOAD_LIMIT \[file\]\nupload-limit = 3\n/);
    assert.match(out, /\[default\]\nlog-requests = no\n/);
    assert.match(out, /\n# certificate = \n/);
});

test('config shows no password', async () => {
    const {out} = await run(program, ['config', '--database', 'postgresql://me:hush-hush@db.example/shop']);
    assert.match(out, /postgresql:\/\/me:…@db\.example\/shop/);
    assert.doesNotMatch(out, /hush-hush/);
});

test('a line of the file that is not understood is named', async () => {
    const file = join(folder, 'broken.conf');
    await writeFile(file, 'listen = 127.0.0.1:0\nfrobnicate = 1\n');
    const ended = await run(program, ['serve', '--data', folder, '--config', file]);
    assert.equal(ended.code, 2);
    assert.match(ended.err, /Line 2 of .*broken\.conf/);
});

test('init names what is missing, and sets up nothing', async () => {
    const data = join(folder, 'unset');
    const ended = await run(program, ['init', '--data', data, '--shop', 'X']);
    assert.equal(ended.code, 1);
    for (const flag of ['country', 'currency', 'zone', 'owner', 'email', 'password-file'])
        assert.match(ended.err, new RegExp(`--${flag} is missing`));
    const password = join(folder, 'short');
    await writeFile(password, 'short\n');
    const weak = await run(program, ['init', '--data', data, '--shop', 'X', '--country', 'GB', '--currency', 'GBP',
        '--zone', 'Europe/London', '--owner', 'O', '--email', 'o@example.com', '--password-file', password]);
    assert.equal(weak.code, 1);
    assert.match(weak.err, /assword/);
    assert.equal((await run(program, ['demo', '--data', data])).code, 1);
});

test('while a shop is served, what writes to it is refused in a sentence', async () => {
    const password = join(folder, 'good');
    await writeFile(password, 'morning-light-42\n');
    const init = ['--shop', 'X', '--country', 'GB', '--currency', 'GBP', '--zone', 'Europe/London',
        '--owner', 'O', '--email', 'o@example.com', '--password-file', password];
    for (const [name, ...args] of [['demo', '--orders', '5'], ['migrate'], ['init', ...init], ['serve', '--listen', '127.0.0.1:0']]) {
        const ended = await shop.command(name, ...args);
        assert.equal(ended.code, 1, `${name}: ${ended.out}${ended.err}`);
        assert.match(ended.err, /^benchpin: .*\.\n/m);
    }
});

test('a shop is set up once only', async () => {
    const again = await startShop();
    await again.stop();
    const password = join(folder, 'good');
    await writeFile(password, 'morning-light-42\n');
    const ended = await again.command('init', '--shop', 'Y', '--country', 'GB', '--currency', 'GBP', '--zone',
        'Europe/London', '--owner', 'O', '--email', 'o@example.com', '--password-file', password);
    assert.equal(ended.code, 1);
    assert.match(ended.err, /already/);
});

test('a database is brought up to date without being served', async () => {
    const idle = await startShop();
    await idle.stop();
    const ended = await idle.command('migrate');
    assert.equal(ended.code, 0, ended.err);
    assert.match(ended.out, /up to date/);
});

test('the doctor finds a good installation good, served or not', async () => {
    const url = ['--url', 'https://shop.example'];
    await chmod(shop.dir, 0o755);
    const open = await shop.command('doctor', ...url);
    assert.equal(open.code, 1);
    assert.match(open.out, /WRONG Everybody on this machine can look into/);
    await chmod(shop.dir, 0o700);
    const served = await shop.command('doctor', ...url);
    assert.equal(served.code, 0, served.out + served.err);
    assert.match(served.out, /A Benchpin serves this folder/);
    assert.match(served.out, /It is the shop “Hartwell & Rowe”/);
    assert.match(served.out, /sandbox that holds/);
    assert.match(served.out, /to do .*mail/);
    assert.match(served.out, /Nothing is wrong\.\n$/);
});

test('the doctor says in sentences what is wrong', async () => {
    const without = await shop.command('doctor');
    assert.equal(without.code, 1);
    assert.match(without.out, /WRONG No --url is set/);
    const nowhere = await run(program, ['doctor', '--data', join(folder, 'nowhere'), '--media', '/nonexistent',
        '--url', 'http://shop.example', '--certificate', 'a.pem']);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.out, /WRONG There is no folder/);
    assert.match(nowhere.out, /WRONG .*benchpin-media/);
    assert.match(nowhere.out, /WRONG .*not https/);
    assert.match(nowhere.out, /WRONG --certificate and --key belong together/);
    assert.match(nowhere.out, /4 things are wrong/);
});
