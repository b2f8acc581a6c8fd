// make screenshots: the pictures of README.md, taken from the real product with the demo in it.

import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {spawn, spawnSync} from 'node:child_process';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../..');
process.env.BENCHPIN_TREE ??= join(root, 'build');
process.env.BENCHPIN_BIN ??= join(process.env.BENCHPIN_TREE, 'benchpin');
const {browser, openPage} = await import('../test/harness/browser.mjs');
const {Client} = await import('../test/harness/client.mjs');

const program = process.env.BENCHPIN_BIN;
const person = {email: 'imogen@example.com', password: 'morning-light-42'};
const to = join(root, 'docs/screenshots');
const folder = mkdtempSync(join(tmpdir(), 'benchpin-screenshots.'));
let child = null;
process.on('exit', () => {
    child?.kill('SIGKILL');
    rmSync(folder, {recursive: true, force: true});
});

function run(...args) {
    const ended = spawnSync(program, args, {encoding: 'utf8'});
    if (ended.status !== 0)
        throw new Error(`${args.join(' ')}\n${ended.stdout}${ended.stderr}`);
}

const data = join(folder, 'data');
const password = join(folder, 'password');
mkdirSync(data, {mode: 0o700});
writeFileSync(password, person.password);
run('init', '--data', data, '--shop', 'Hartwell & Daughters', '--country', 'GB', '--currency', 'GBP', '--zone',
    'Europe/London', '--owner', 'Imogen Hartwell', '--email', person.email, '--password-file', password);
run('demo', '--data', data, '--seed', '1');
child = spawn(program, ['serve', '--data', data, '--listen', '127.0.0.1:0'], {stdio: ['ignore', 'pipe', 'inherit']});
const shop = {pid: child.pid};
shop.url = await new Promise((done, failed) => {
    let said = '';
    child.stdout.on('data', (text) => {
        said += text;
        const url = /listening on (http:\/\/\S+)/.exec(said)?.[1];
        if (url)
            done(url);
    });
    child.on('close', () => failed(new Error('the server ended')));
});

const client = new Client(shop);
const signed = await client.submit('/sign-in', person);
if (signed.status !== 303)
    throw new Error(`${signed}`);
const list = async (path) => (await client.api('GET', path)).json().rows;
const open = await list('/jobs?kind=custom');
const halo = open.find((job) => /sapphire halo/i.test(job.title) && job.picture) ??
    open.find((job) => job.stage === 'setting');
const one = (await client.api('GET', `/jobs/${halo.id}`)).json();

const chromium = await browser();
mkdirSync(to, {recursive: true});
const pictures = [
    ['board', '/board', {height: 1000}],
    ['board-dark', '/board', {dark: true, height: 1000}],
    ['job', `/jobs/${halo.id}`, {height: 1100}],
];
for (const [name, path, options] of pictures) {
    const page = await openPage(chromium, shop, {client, ...options});
    const answer = await page.goto(path, {waitUntil: 'load'});
    if (!answer.ok())
        throw new Error(`${path} -> ${answer.status()}`);
    await page.waitForTimeout(400); // fonts, pictures
    await page.screenshot({path: join(to, `${name}.png`)});
    await page.context().close();
    console.log(`docs/screenshots/${name}.png`);
}
// The customer's side, without a sign-in.
const page = await openPage(chromium, shop, {phone: true});
await page.goto('/track');
await page.fill('input[name=reference]', one.reference);
await page.fill('input[name=proof]', one.customer_name.split(' ').at(-1));
await Promise.all([page.waitForNavigation(), page.press('input[name=proof]', 'Enter')]);
await page.waitForTimeout(400);
await page.screenshot({path: join(to, 'track.png')});
console.log('docs/screenshots/track.png');
await chromium.close();
process.exit(0);
