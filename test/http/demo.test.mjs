// The demo: a believable past that is the same for the same seed, and that the rules made.

import assert from 'node:assert/strict';
import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {databaseKind, program, run, signIn, startShop} from '../harness/index.mjs';

async function fill(orders, seed) {
    const shop = await startShop();
    await shop.stop();
    const ended = await shop.command('demo', '--orders', String(orders), '--seed', String(seed));
    assert.equal(ended.code, 0, ended.err);
    shop.said = ended.out;
    await shop.start();
    return shop;
}

// Every job of the shop, open and closed, as the list has them.
async function allJobs(client) {
    const jobs = [];
    for (const kind of ['custom', 'repair'])
        for (const closed of ['', '&closed=1']) {
            let next = `/jobs?kind=${kind}${closed}`;
            for (let pages = 0; next && pages < 50; pages++) {
                const answer = (await client.api('GET', next)).expect(200).json();
                jobs.push(...answer.rows);
                next = answer.next;
            }
        }
    return jobs.sort((a, b) => a.number - b.number);
}

let shop, owner, jobs;

before(async () => {
    shop = await fill(40, 7);
    owner = await signIn(shop);
    jobs = await allJobs(owner);
});
after(async () => {
    owner.close();
    await shop.stop();
});

const plain = (rows) => rows.map((job) => [job.number, job.title, job.customer_name, job.stage, job.status,
    job.promised_day, job.quoted, job.paid, job.stage_at]);

test('all orders are there, numbered without gaps, in every stage', () => {
    const custom = jobs.filter((job) => job.kind === 'custom');
    assert.equal(custom.length, 40);
    assert.deepEqual(jobs.map((job) => job.number), jobs.map((_, i) => i + 1));
    for (const stage of ['enquiry', 'consultation', 'deposit_received', 'stone_sourcing', 'cad', 'approval',
        'setting', 'polish', 'ready', 'collected'])
        assert.ok(custom.some((job) => job.stage === stage), stage);
});

test('the same seed gives the same past, another one another', async () => {
    const twin = await fill(40, 7);
    const other = await fill(40, 8);
    const [twins, others] = [await signIn(twin), await signIn(other)];
    assert.deepEqual(plain(await allJobs(twins)), plain(jobs));
    assert.notDeepEqual(plain(await allJobs(others)), plain(jobs));
    const first = jobs[0].id;
    const reference = async (client) => (await client.api('GET', `/jobs/${first}`)).json();
    const [a, b] = [await reference(owner), await reference(twins)];
    assert.equal((a.job ?? a).reference, (b.job ?? b).reference);
    twins.close();
    others.close();
    await twin.stop();
    await other.stop();
});

test('every order has a history that leads to its stage, and money that adds up', async () => {
    for (const job of jobs.filter((each) => each.kind === 'custom')) {
        const {history} = (await owner.api('GET', `/jobs/${job.id}/history`)).expect(200).json();
        assert.equal(history[0].stage, 'enquiry');
        assert.equal(history.at(-1).stage, job.stage);
        for (let i = 1; i < history.length; i++) {
            assert.equal(history[i].from_stage, history[i - 1].stage);
            assert.ok(history[i].at >= history[i - 1].at, `${job.number} goes back in time`);
        }
        if (job.stage === 'collected')
            assert.equal(job.paid, job.final, `${job.number} was handed over unpaid`);
        if (['deposit_received', 'cad', 'setting', 'ready'].includes(job.stage))
            assert.ok(job.paid > 0, `${job.number} has no deposit`);
    }
});

test('everybody whom it names can sign in', async () => {
    const lines = shop.said.trim().split('\n').map((line) => line.split(/\s+/));
    assert.equal(lines.length, 6);
    for (const [email, password] of [lines[0], lines[1], lines[5]])
        (await signIn(shop, email, password)).close();
});

test('its pictures can be seen', async () => {
    const with_picture = jobs.filter((job) => job.picture > 0);
    assert.ok(with_picture.length > 10, `${with_picture.length} have one`);
    const page = await owner.get('/board');
    const url = /src="(\/jobs\/\d+\/files\/[^"]+)"/.exec(page.text)?.[1];
    assert.ok(url, 'no picture on the board');
    const picture = (await owner.get(url)).expect(200);
    assert.equal(picture.type, 'image/webp');
});

test('it never has mail to send', async () => {
    const page = (await owner.get('/messages?state=waiting')).expect(200);
    const waiting = (await owner.api('GET', '/messages?state=waiting')).expect(200).json();
    assert.deepEqual(waiting.rows, [], String(page));
});

test('a shop that has jobs is not filled again', async () => {
    await shop.stop();
    const ended = await shop.command('demo', '--orders', '5');
    assert.equal(ended.code, 1);
    assert.match(ended.err, /has jobs already/);
    await shop.start();
    assert.equal((await allJobs(owner)).length, jobs.length);
});

test('a number of orders that is none is refused', async () => {
    for (const orders of ['0', '-3', 'many', '2.5'])
        assert.equal((await run(program, ['demo', '--data', shop.dir, '--orders', orders])).code, 2, orders);
});

test('a shop elsewhere has its own money and time', {skip: databaseKind !== 'sqlite'}, async () => {
    const folder = await mkdtemp(join(process.env.BENCHPIN_TEST_RUN ?? tmpdir(), 'demo-'));
    const password = join(folder, 'password');
    const where = ['--data', join(folder, 'data')];
    await writeFile(password, 'morning-light-42\n');
    const made = await run(program, ['init', ...where, '--shop', 'Tanaka', '--country', 'JP', '--currency', 'JPY',
        '--zone', 'Asia/Tokyo', '--owner', 'Aiko Tanaka', '--email', 'aiko@example.com', '--password-file', password]);
    assert.equal(made.code, 0, made.err);
    const ended = await run(program, ['demo', ...where, '--orders', '20']);
    assert.equal(ended.code, 0, ended.err);
});
