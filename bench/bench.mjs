// What Benchpin costs: through HTTP with wrk, at a small shop and at a large one, side by side in one
// run, with references that say what of it is ours.
//
// A workload runs at each shop in turn before the next one begins, so that a machine that others use
// too slows both alike. Server CPU is read from /proc: user and system time over requests. The static
// reference is the same server answering as many bytes from memory; the commit reference the same
// closures on the same store, without HTTP.

import {spawn, spawnSync} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {chmodSync, mkdtempSync, rmSync, mkdirSync, writeFileSync, readFileSync, chownSync, existsSync} from 'node:fs';
import {createServer} from 'node:net';
import {cpus, tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {Client} from '../test/harness/client.mjs';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');

const options = {orders: '1000,100000', clients: '1,8,32', seconds: '4',
    databases: 'sqlite,postgresql', build: 'build', keep: ''};
for (let i = 2; i < process.argv.length; i += 2) {
    const name = process.argv[i].replace(/^--/, '');
    if (!(name in options) || process.argv[i + 1] === undefined) {
        console.error(`There is no ${process.argv[i]}. Options: ` +
            Object.keys(options).map((each) => `--${each} ${options[each]}`).join(' '));
        process.exit(2);
    }
    options[name] = process.argv[i + 1];
}
const sizes = options.orders.split(',').map(Number);
const clients = options.clients.split(',').map(Number);
const seconds = Number(options.seconds);
const bin = (name) => join(resolve(root, options.build), name);

const person = {email: 'imogen@example.com', password: 'morning-light-42'};
const folder = options.keep ? resolve(options.keep) : mkdtempSync(join(tmpdir(), 'benchpin-bench.'));
mkdirSync(folder, {recursive: true});
chmodSync(folder, 0o711); // PostgreSQL's user passes through
const children = new Set();
function end() {
    children.forEach((child) => child.kill('SIGKILL'));
    if (!options.keep)
        rmSync(folder, {recursive: true, force: true});
}
process.on('exit', end);
for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => process.exit(1));

const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });

function run(file, args, settings = {}) {
    const ended = spawnSync(file, args, {encoding: 'utf8', maxBuffer: 1 << 26, ...settings});
    if (ended.status !== 0)
        throw new Error(`${file} ${args.slice(0, 4).join(' ')} … ended with ${ended.status ?? ended.signal}\n` +
            `${ended.stdout ?? ''}${ended.stderr ?? ''}${ended.error ?? ''}`);
    return ended.stdout;
}

// A server of ours, by its process.
class Server {
    constructor(file, args) {
        this.started = process.hrtime.bigint();
        this.child = spawn('setpriv', ['--pdeathsig', 'KILL', file, ...args], {stdio: ['ignore', 'pipe', 'pipe']});
        children.add(this.child);
        this.pid = this.child.pid;
        this.said = '';
        this.ended = new Promise((done) => this.child.on('close', (code) => {
            children.delete(this.child);
            done(code);
        }));
    }
    async ready(path) {
        this.child.stderr.on('data', (text) => { this.said += text; });
        this.url = await new Promise((done, failed) => {
            this.child.stdout.on('data', (text) => {
                this.said += text;
                const url = /listening on (http:\/\/\S+)/.exec(this.said)?.[1];
                if (url)
                    done(url);
            });
            this.ended.then((code) => failed(new Error(`a server ended with ${code}: ${this.said}`)));
        });
        const client = new Client(this);
        await client.get(path);
        client.close();
        this.startUp = Number(process.hrtime.bigint() - this.started) / 1e6;
        return this;
    }
    // Milliseconds of user and system time since it began; bytes resident.
    get usage() {
        const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
        return {cpu: (Number(fields[11]) + Number(fields[12])) * 10, resident: Number(fields[21]) * 4096};
    }
    async stop() {
        this.child.kill('SIGTERM');
        await this.ended;
    }
}

// ------------------------------------------------------------------ PostgreSQL

async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const {port} = server.address();
    await new Promise((done) => server.close(done));
    return port;
}

// A cluster of its own with durable commits, like a shop's.
async function startPostgres() {
    const versions = spawnSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1'], {encoding: 'utf8'});
    const programs = versions.stdout.trim();
    if (!existsSync(join(programs, 'initdb')))
        throw new Error('PostgreSQL is not installed; tools/setup bench installs it.');
    const dir = join(folder, 'postgres');
    const port = await freePort();
    const drop = process.getuid() === 0
        ? ['--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'] : [];
    mkdirSync(dir, {mode: 0o700, recursive: true});
    if (drop.length > 0)
        chownSync(dir, Number(run('id', ['-u', 'postgres'])), Number(run('id', ['-g', 'postgres'])));
    run('setpriv', [...drop, join(programs, 'initdb'), '-D', join(dir, 'data'), '-U', 'benchpin',
        '--auth-host=trust', '--auth-local=trust', '-E', 'UTF8', '--locale', 'C.UTF-8'], {cwd: dir});
    const child = spawn('setpriv', [...drop, '--pdeathsig', 'INT', join(programs, 'postgres'), '-D',
        join(dir, 'data'), '-k', dir, '-c', 'listen_addresses=127.0.0.1', '-p', String(port),
        '-c', 'shared_buffers=256MB', '-c', 'max_wal_size=4GB', '-c', 'max_connections=100'],
    {cwd: dir, stdio: 'ignore'});
    children.add(child);
    for (let i = 0; i < 200; i++) {
        if (spawnSync('psql', ['-h', '127.0.0.1', '-p', String(port), '-U', 'benchpin', '-c', 'select 1', 'postgres']).status === 0)
            return {port, pid: child.pid};
        await wait(50);
    }
    throw new Error('PostgreSQL did not start.');
}

// ------------------------------------------------------------------ a shop to measure

let postgres = null;

async function makeShop(engine, orders) {
    const name = `${engine}-${orders}`;
    const data = join(folder, name);
    const where = ['--data', data];
    let database = null;
    if (engine === 'postgresql') {
        postgres ??= await startPostgres();
        database = `postgresql://benchpin@127.0.0.1:${postgres.port}/shop_${orders}`;
        run('createdb', ['-h', '127.0.0.1', '-p', String(postgres.port), '-U', 'benchpin', `shop_${orders}`]);
        where.push('--database', database);
    }
    const shop = {name, engine, orders, data, where, database};
    mkdirSync(data, {mode: 0o700});
    const password = join(folder, 'password');
    writeFileSync(password, person.password);
    run(bin('benchpin'), ['init', ...where, '--shop', 'Hartwell & Daughters', '--country', 'GB', '--currency',
        'GBP', '--zone', 'Europe/London', '--owner', 'Imogen Hartwell', '--email', person.email,
        '--password-file', password]);
    const began = Date.now();
    run(bin('benchpin'), ['demo', ...where, '--orders', String(orders), '--seed', '1']);
    const took = (Date.now() - began) / 1000;
    console.log(`${name}: filled in ${took.toFixed(1)} s, ${(took / orders * 1000).toFixed(2)} ms an order`);
    await serve(shop);
    await prepare(shop);
    return shop;
}

async function serve(shop) {
    shop.server = await new Server(bin('benchpin'), ['serve', ...shop.where, '--listen', '127.0.0.1:0',
        '--api-rate', '0']).ready('/healthz');
    shop.startUp = shop.server.startUp;
}

// Signs in, and finds or makes what the workloads ask for.
async function prepare(shop) {
    const page = new Client(shop.server);
    const signed = await page.submit('/sign-in', person);
    if (signed.status !== 303)
        throw new Error(`cannot sign in: ${signed}`);
    shop.cookie = [...page.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const token = (await page.api('POST', '/tokens', {...person, name: 'bench'})).json().token;
    shop.token = token;
    const api = new Client(shop.server, {token});
    const call = async (method, path, body) => {
        const answer = await api.api(method, path, body);
        if (answer.status >= 400)
            throw new Error(`${answer}`);
        return answer.json();
    };
    const customer = await call('POST', '/customers', {name: 'Ada Bench', contacts: [{value: '+44 7700 900999'}]});
    shop.customer = customer.id;
    const make = (title) => call('POST', '/jobs', {kind: 'custom', customer: customer.id, title, type: 'ring'});

    // An order with two stones, eight operations and six rows of history.
    const job = await make('The order that is read');
    await call('POST', `/jobs/${job.id}/specification/template`, {template: 'three_stone', gem: 'sapphire',
        shape: 'round', accent_gem: 'diamond'});
    const operations = (await call('GET', `/jobs/${job.id}/operations`)).operations ?? [];
    const edits = operations.map((each, i) => ({id: each.id, version: each.version, remove: i >= 8}));
    for (let i = operations.length; i < 8; i++)
        edits.push({craft: 'polishing', kind: 'work', name: `Finish ${i}`, minutes: 20});
    if (operations.length !== 8)
        await call('POST', `/jobs/${job.id}/operations`, {operations: edits});
    const way = ['enquiry', 'consultation', 'deposit_received', 'stone_sourcing', 'cad', 'approval'];
    for (let i = 1; i < way.length; i++)
        await call('POST', `/jobs/${job.id}/stage`, {from: way[i - 1], to: way[i]});
    shop.order = job.id;
    const search = JSON.stringify(await call('GET', '/customers?q=ada'));
    if (!search.includes('Ada Bench'))
        throw new Error('the customer that was made is not found');
    // People whom one name finds alone, however many others there are.
    shop.people = [];
    for (const end of 'abcdefghijklmnopqrst') {
        const name = `Quill${end}ver`;
        if (!JSON.stringify(await call('GET', `/customers?q=${name}`)).includes(name))
            await call('POST', '/customers', {name: `Ada ${name}`, contacts: [{value: `ada.${name}@example.com`}]});
        shop.people.push(name.slice(0, 7));
    }
    shop.call = call;
    shop.makeJob = make;
}

// Jobs that go back and forth; made last, so that the board has shown the demo's own.
async function makeMovers(shop) {
    shop.movers = [];
    for (let i = 0; i < 192; i++) {
        const job = await shop.makeJob(`Mover ${i}`);
        await shop.call('POST', `/jobs/${job.id}/stage`, {from: 'enquiry', to: 'cad'});
        shop.movers.push(job.id);
    }
}

// A run ends anywhere; the next one begins with all of them at the drawing board.
async function resetMovers(shop) {
    for (const job of shop.movers)
        await shop.call('POST', `/jobs/${job}/stage`, {from: 'approval', to: 'cad', note: 'Back again.'});
}

// ------------------------------------------------------------------ measuring

const lua = (value) => JSON.stringify(value).replaceAll('[', '{').replaceAll(']', '}')
    .replace(/"([^"]+)":/g, '["$1"]=');

// What the workload before has set off is done first, or a minute has passed.
async function settle(server) {
    for (let i = 0; i < 120; i++) {
        const before = server.usage.cpu;
        await wait(500);
        if (server.usage.cpu - before <= 30)
            return;
    }
}

async function measure(server, plan, count) {
    await settle(server);
    const threads = Math.min(count, 2);
    const file = join(folder, `plan-${randomUUID()}.lua`);
    writeFileSync(file, `return {headers=${lua(plan.headers ?? {})},threads=${threads},` +
        (plan.moves ? `moves=${lua(plan.moves)}}`
            : plan.body ? `path=${lua(plan.path)},body=function(s,t,n) return ${plan.body} end}`
                : `paths=${lua(plan.paths)}}`));
    const once = (time) => new Promise((done, failed) => {
        const child = spawn('wrk', [`-t${threads}`, `-c${count}`, `-d${time}s`, '--timeout', '20s', '-s',
            join(root, 'bench/request.lua'), server.url], {env: {...process.env, BENCH: file}});
        children.add(child);
        let out = '';
        child.stdout.on('data', (text) => { out += text; });
        child.stderr.on('data', (text) => { out += text; });
        child.on('close', () => {
            children.delete(child);
            const result = /RESULT (.*)/.exec(out);
            if (result)
                done(JSON.parse(result[1]));
            else
                failed(new Error(`wrk: ${out}`));
        });
    });
    await plan.before?.();
    await once(1); // caches, connections, statements
    await plan.before?.();
    await settle(server);
    const before = server.usage.cpu;
    const result = await once(seconds);
    const cpu = server.usage.cpu - before;
    rmSync(file);
    return {rate: result.requests / (result.us / 1e6), p50: result.p50 / 1000, p99: result.p99 / 1000,
        cpu: cpu * 1000 / Math.max(result.requests, 1), bytes: result.bytes / Math.max(result.requests, 1),
        errors: result.errors, resident: server.usage.resident};
}

function show(name, shop, count, m) {
    console.log([name.padEnd(26), shop.padEnd(18), String(count).padStart(3),
        m.rate.toFixed(0).padStart(8), m.p50.toFixed(2).padStart(9), m.p99.toFixed(2).padStart(9),
        m.cpu.toFixed(0).padStart(8), (m.resident / 1e6).toFixed(0).padStart(6),
        m.bytes.toFixed(0).padStart(8), m.errors > 0 ? `  ${m.errors} errors` : ''].join(' '));
}

const json = (shop) => ({Accept: 'application/json', Authorization: `Bearer ${shop.token}`});
const sends = (shop) => ({...json(shop), 'Content-Type': 'application/json'});
const html = (shop) => ({Accept: 'text/html', Cookie: shop.cookie});
const names = ['har', 'men', 'bel', 'nwo', 'tan', 'cle', 'gal', 'kow', 'pat', 'sin'];
const typed = (shop, what) => what.map((each) => `/api/v1/customers?q=${encodeURIComponent(each)}`);

const anywhere = (what, more = '') => what.map((each) => `/api/v1/search?q=${encodeURIComponent(each)}${more}`);

const reads = {
    'order, JSON': (shop) => ({headers: json(shop), paths: [`/api/v1/jobs/${shop.order}`]}),
    'order, page': (shop) => ({headers: html(shop), paths: [`/jobs/${shop.order}`]}),
    'open by promise, JSON': (shop) => ({headers: json(shop), paths: ['/api/v1/jobs?kind=custom']}),
    'open by promise, page': (shop) => ({headers: html(shop), paths: ['/jobs?kind=custom']}),
    'board, page': (shop) => ({headers: html(shop), paths: ['/board']}),
    // Orders that must be sorted for, and filters that leave a part of the rows.
    'list with filters, page': (shop) => ({headers: html(shop),
        paths: ['/jobs?kind=custom&status=IP&sort=-price', '/jobs?due=overdue&sort=customer', '/jobs?type=ring&balance=1&sort=stage']}),
    'list with filters, JSON': (shop) => ({headers: json(shop),
        paths: ['/api/v1/jobs?kind=custom&status=IP&sort=-price', '/api/v1/jobs?type=ring&balance=1&sort=-age']}),
    'customer search, JSON': (shop) => ({headers: json(shop), paths: typed(shop, shop.people)}),
    'search everywhere, JSON': (shop) => ({headers: json(shop), paths: anywhere(['order read', ...shop.people])}),
    'search, a common word': (shop) => ({headers: json(shop), paths: anywhere(['ring', 'ri', 'ring gold'], '&group=jobs')}),
    'search, while typing': (shop) => ({headers: html(shop), paths: ['/search/options?q=ring', '/search/options?q=order+re']}),
};
// A page of a filtered past looks at no more than two thousand jobs, which a small shop has not: bounded, but not the
// same work. A beginning of a name that many have fills the page of a large shop and a line of a small one: not
// the same work, and so not compared.
const others = {
    'past with filters, page': (shop) => ({headers: html(shop),
        paths: ['/jobs?scope=closed&type=brooch&sort=title', '/jobs?scope=closed&priority=rush&sort=-price', '/jobs?scope=all&sort=-promised']}),
    'search, three letters': (shop) => ({headers: json(shop), paths: typed(shop, names)}),
};
const writes = {
    'make a customer': (shop) => ({headers: sends(shop), path: '/api/v1/customers',
        body: `string.format('{"name":"Bench %d %d %d","contacts":[{"value":"b%d.%d.%d@example.com"}]}',s,t,n,s,t,n)`}),
    'move an order': (shop) => ({headers: sends(shop), moves: shop.movers, before: () => resetMovers(shop)}),
    // Last, as the flow of so many orders goes on long after. A solitaire: it makes a row of metal and
    // one of a stone of it.
    'make an order': (shop) => ({headers: sends(shop), path: '/api/v1/jobs',
        body: `string.format('{"kind":"custom","customer":${shop.customer},"title":"Solitaire %d %d","type":"ring",` +
            `"template":"solitaire"}',t,n)`}),
};

const results = new Map(); // "workload|shop|clients"
const at = (workload, shop, count) => results.get(`${workload}|${shop}|${count}`);

async function runAll(workloads, shops) {
    for (const [name, plan] of Object.entries(workloads))
        for (const count of clients)
            for (const shop of shops) {
                const m = await measure(shop.server, plan(shop), count);
                results.set(`${name}|${shop.name}|${count}`, m);
                show(name, shop.name, count, m);
            }
}

async function runStatic(shops) {
    const data = join(folder, 'static');
    mkdirSync(data, {mode: 0o700});
    const server = await new Server(bin('bench/bench-static'), [data]).ready('/bytes/1');
    for (const name of ['order, JSON', 'order, page', 'open by promise, page', 'list with filters, page', 'board, page'])
        for (const count of clients) {
            const size = Math.round(at(name, shops.at(-1).name, count)?.bytes ?? 1000);
            const m = await measure(server, {paths: [`/bytes/${size}`]}, count);
            results.set(`${name}|static|${count}`, m);
            show(`  bytes of ${name}`, 'static', count, m);
        }
    await server.stop();
}

async function runCommits(shop) {
    await shop.server.stop();
    for (const count of clients) {
        const out = run(bin('bench/bench-commit'), [shop.data, shop.database ?? '-', String(count), String(seconds),
            ...shop.movers.map(String)]);
        const rate = Number(out.trim().split('\n').at(-1));
        results.set(`move an order|commit ${shop.name}|${count}`, {rate});
        console.log(`${'  moves without HTTP'.padEnd(26)} ${shop.name.padEnd(18)} ${String(count).padStart(3)} ` +
            `${rate.toFixed(0).padStart(8)}`);
    }
}

function verdict(what, value, limit, unit = '×', more = true) {
    const good = more ? value <= limit : value >= limit;
    console.log(`${good ? '  reached ' : '  MISSED  '} ${what}: ${value.toFixed(value < 10 ? 2 : 0)}${unit} ` +
        `(${more ? 'at most' : 'at least'} ${limit}${unit})`);
}

// ------------------------------------------------------------------ the run

console.log(`Benchpin's benchmark: ${cpus()[0].model}, ${cpus().length} cores, ${seconds} s a measurement, ` +
    `${new Date().toISOString().slice(0, 10)}\n`);
const heading = `\n${'workload'.padEnd(26)} ${'shop'.padEnd(18)} clients    req/s  p50 (ms)  p99 (ms)  CPU µs  RSS MB    bytes`;
for (const engine of options.databases.split(',')) {
    const shops = [];
    for (const orders of sizes)
        shops.push(await makeShop(engine, orders));
    console.log(heading);
    await runAll(reads, shops);
    await runAll(others, shops);
    await runStatic(shops).catch((error) => { throw error; });
    for (const shop of shops)
        await makeMovers(shop);
    await runAll(writes, shops);
    for (const shop of shops)
        await resetMovers(shop);
    const last = shops.at(-1);
    const resident = last.server.usage.resident;
    const startUps = shops.map((shop) => shop.startUp);
    for (const shop of shops)
        await runCommits(shop);

    console.log(`\n${engine}${engine === 'sqlite' ? ', against what is to be reached:' : ', the same figures:'}`);
    const eight = clients.includes(8) ? 8 : clients.at(-1);
    const most = clients.at(-1);
    if (shops.length > 1)
        for (const name of Object.keys(reads))
            verdict(`${name}: CPU at ${last.orders} orders over ${shops[0].orders}`,
                at(name, last.name, eight).cpu / at(name, shops[0].name, eight).cpu, 1.3);
    verdict('an order as JSON over its bytes', at('order, JSON', last.name, eight).cpu / at('order, JSON', 'static', eight).cpu, 6.5);
    verdict('the board over its bytes', at('board, page', last.name, eight).cpu / at('board, page', 'static', eight).cpu, 10);
    verdict(`moves at ${most} clients of what commits without HTTP`,
        at('move an order', last.name, most).rate / at('move an order', `commit ${last.name}`, most).rate * 100, 50, ' %', false);
    verdict('resident memory', resident / 1e6, 100, ' MB');
    verdict('start-up', Math.max(...startUps), 300, ' ms');
    const failed = [...results.values()].filter((m) => m.errors > 0).length;
    console.log(failed === 0 ? '  No request failed.' : `  ${failed} measurements had failed requests.`);
    console.log();
}
process.exit(0);
