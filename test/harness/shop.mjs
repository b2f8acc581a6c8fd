// A shop of the test's own: the real server on a free port, on a private database that nobody else
// sees. The program's set-up runs once a test run and is copied for each test.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {cp, mkdir, mkdtemp, readFile, writeFile} from 'node:fs/promises';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Client} from './client.mjs';
import {eventually, within} from './wait.mjs';

export const root = resolve(fileURLToPath(import.meta.url), '../../..');
export const tree = process.env.BENCHPIN_TREE ?? join(root, 'build-test');
export const program = process.env.BENCHPIN_BIN ?? join(tree, 'benchpin');
export const databaseKind = process.env.BENCHPIN_TEST_DATABASE ?? 'sqlite';

export const owner = {name: 'Imogen Hartwell', email: 'imogen@example.com', password: 'morning-light-42'};
const settings = {shop: 'Hartwell & Rowe', country: 'GB', currency: 'GBP', zone: 'Europe/London'};

// Within tools/test the run's folder, which it removes; by hand one of this process.
let folder = process.env.BENCHPIN_TEST_RUN;
if (!folder) {
    folder = mkdtempSync(join(tmpdir(), 'benchpin-test.'));
    process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
}

const running = new Set(); // so that a failing test leaves no server behind
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

// What is started ends with this process, even when that is killed.
// It keeps no test waiting either: a test that failed before stop() just ends.
function start(file, args, options) {
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', file, ...args], options);
    child.unref();
    child.stdout.unref();
    child.stderr.unref();
    return child;
}

// A tester's own settings are not the shop's.
function environment(more = {}) {
    const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('BENCHPIN_'));
    return {...Object.fromEntries(clean), ...more};
}

/** Runs a program to its end: {code, signal, out, err}. Fails when it hangs. */
export async function run(file, args, {input = '', ms = 120000, env = {}, cwd = folder} = {}) {
    const child = start(file, args, {env: environment(env), cwd, stdio: 'pipe'});
    running.add(child);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { out += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { err += text; });
    child.stdin.on('error', () => {}).end(input);
    try {
        return await within(`${file} ${args[0]}`, new Promise((done, failed) => {
            child.on('error', failed);
            child.on('close', (code, signal) => done({code, signal, out, err}));
        }), ms);
    } finally {
        child.kill('SIGKILL');
        running.delete(child);
    }
}

async function runWell(file, args, options) {
    const ended = await run(file, args, options);
    assert.equal(ended.code, 0, `${file} ${args.join(' ')} ended with ${ended.code ?? ended.signal}:\n` +
        ended.out + ended.err);
    return ended.out;
}

/** Runs one statement in a PostgreSQL database and gives its rows as lines. */
export function psql(url, statement) {
    return runWell('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', statement]);
}

function databaseUrl(name) {
    const url = new URL(process.env.BENCHPIN_TEST_POSTGRES ?? assert.fail(
        'BENCHPIN_TEST_POSTGRES is not set: run this through tools/test'));
    url.pathname = `/${name}`;
    return url.href;
}

/** A sanitizer's report in what a program wrote, or null. */
export function sanitizerReport(log) {
    const at = log.search(/==\d+==ERROR: |WARNING: ThreadSanitizer|: runtime error: |ERROR: LeakSanitizer/);
    return at < 0 ? null : log.slice(at, at + 6000);
}

// A folder and, on PostgreSQL, a database in which `init` and perhaps `demo` have run. Made by whoever
// comes first; the others wait.
async function template(database, demoOrders, seed) {
    const name = `${database}_${demoOrders}_${seed}`;
    const made = {dir: join(folder, 'templates', name), database: `template_${name}`};
    await mkdir(join(folder, 'templates'), {recursive: true});
    try {
        await mkdir(`${made.dir}.lock`);
    } catch (error) {
        if (error.code !== 'EEXIST')
            throw error;
        await eventually(`the shop ${name} that another test makes`,
            () => existsSync(`${made.dir}.done`) || existsSync(`${made.dir}.failed`), {ms: 280000});
        assert.ok(existsSync(`${made.dir}.done`), `the shop ${name} could not be made`);
        return made;
    }
    try {
        await mkdir(made.dir);
        const where = ['--data', made.dir];
        if (database === 'postgres') {
            await psql(databaseUrl('postgres'), `create database "${made.database}"`);
            where.push('--database', databaseUrl(made.database));
        }
        const password = join(folder, `${name}.password`);
        await writeFile(password, `${owner.password}\n`, {mode: 0o600});
        await runWell(program, ['init', ...where, '--shop', settings.shop, '--country', settings.country,
            '--currency', settings.currency, '--zone', settings.zone, '--owner', owner.name,
            '--email', owner.email, '--password-file', password]);
        if (demoOrders > 0)
            await runWell(program, ['demo', ...where, '--orders', String(demoOrders), '--seed', String(seed)],
                {ms: 270000});
        await writeFile(`${made.dir}.done`, '');
    } catch (error) {
        await writeFile(`${made.dir}.failed`, String(error));
        throw error;
    }
    return made;
}

/**
 * Starts a shop.
 *   database    'sqlite' or 'postgres'; default: the one this run of the file is for
 *   demoOrders  how many orders of a believable past; 0: none
 *   empty       nothing set up: the first page sets up the shop
 *   args, env   more for the server
 */
export async function startShop({database = databaseKind, demoOrders = 0, seed = 1, empty = false,
    args = [], env = {}} = {}) {
    const dir = await mkdtemp(join(folder, 'shop-'));
    const data = join(dir, 'data');
    let url = null;
    if (database === 'postgres') {
        const name = `shop_${randomBytes(6).toString('hex')}`;
        const from = empty ? 'template0' : (await template(database, demoOrders, seed)).database;
        await psql(databaseUrl('postgres'), `create database "${name}" template "${from}"`);
        url = databaseUrl(name);
    }
    if (empty)
        await mkdir(data);
    else
        await cp((await template(database, demoOrders, seed)).dir, data, {recursive: true});
    const shop = new Shop({database, dir: data, databaseUrl: url, args, env});
    await shop.start();
    return shop;
}

export class Shop {
    constructor({database, dir, databaseUrl, args, env}) {
        Object.assign(this, {database, dir, databaseUrl, args, env, owner});
        this.log = '';    // all that the servers of this shop wrote
        this.url = null;
        this.pid = 0;
        this.child = null;
    }

    /** Where the shop's data are, as every command takes it. */
    get where() {
        return ['--data', this.dir, ...(this.databaseUrl ? ['--database', this.databaseUrl] : [])];
    }

    async start() {
        const port = this.url ? new URL(this.url).port : 0; // the same again, for open pages
        const child = start(program, ['serve', ...this.where, '--listen', `127.0.0.1:${port}`,
            ...(this.args.includes('--api-rate') ? [] : ['--api-rate', '0']), ...this.args],
            {env: environment(this.env), cwd: this.dir, stdio: ['ignore', 'pipe', 'pipe']});
        running.add(child);
        this.child = child;
        this.pid = child.pid;
        let said = '';
        for (const stream of [child.stdout, child.stderr])
            stream.setEncoding('utf8').on('data', (text) => {
                said += text;
                this.log += text;
            });
        this.ended = new Promise((done) => {
            child.on('error', (error) => { said += error; done({code: -1, signal: null}); });
            child.on('close', (code, signal) => { running.delete(child); done({code, signal}); });
        });
        let over = false;
        this.ended.then(() => { over = true; });
        this.url = await eventually('the server to say where it listens', () => {
            if (over)
                throw new Error(`${program} serve ended at once:\n${said}`);
            return /listening on (https?:\/\/[\w.:[\]-]+)/i.exec(said)?.[1];
        }, {ms: 60000, every: 10}).catch((error) => {
            child.kill('SIGKILL');
            throw new Error(`${error.message}\n${said}`);
        });
        const client = new Client(this);
        (await client.get('/healthz')).expect(200);
        client.close();
    }

    /** SIGTERM: it must end by itself, in time, with status 0 and without a sanitizer's report. */
    async stop() {
        if (!this.child)
            return;
        this.child.kill('SIGTERM');
        const started = Date.now();
        const ended = await within('the server to stop', this.ended, 20000).catch((error) => {
            this.child.kill('SIGKILL');
            throw new Error(`${error.message}\n${this.log.slice(-4000)}`);
        });
        this.child = null;
        assert.equal(sanitizerReport(this.log), null);
        assert.deepEqual(ended, {code: 0, signal: null}, `the server ended badly:\n${this.log.slice(-4000)}`);
        return Date.now() - started;
    }

    async restart() {
        await this.stop();
        await this.start();
    }

    /** As a power cut would: no chance to finish anything. */
    async kill9() {
        this.child.kill('SIGKILL');
        await within('the server to die', this.ended);
        this.child = null;
        assert.equal(sanitizerReport(this.log), null);
    }

    /** Runs another of the program's commands on this shop: {code, out, err}. */
    command(name, ...args) {
        return run(program, [name, ...this.where, ...args]);
    }

    /** What the server's process has used: {cpu (ms), resident (bytes)}. */
    async usage() {
        const fields = (await readFile(`/proc/${this.pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ');
        return {cpu: (Number(fields[11]) + Number(fields[12])) * 10, resident: Number(fields[21]) * 4096};
    }
}
