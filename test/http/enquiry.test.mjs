// The public enquiry over HTTP: a customer writes, a job stands; robots and floods do not.

import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, beforeEach, test} from 'node:test';
import {Client, root} from '../harness/index.mjs';
import {faults, startWorkshop} from './making.mjs';

let w;
before(async () => { w = await startWorkshop(); });
after(() => w.stop());
// Ten an hour from one address are let through; a restarted server begins to count anew.
let sent = 0;
beforeEach(async () => {
    if (sent > 5) {
        await w.shop.restart();
        sent = 0;
    }
});

const seeds = join(root, 'web/seed');
const picture = readFileSync(join(seeds, readdirSync(seeds).find((name) => name.endsWith('.webp'))));
const words = {name: 'Élodie Marchand', email: 'elodie@example.com', type: 'ring',
    description: 'A sapphire like the sea <at> Étretat & platinum'};
const jobs = async (q) => (await w.get(`/jobs?q=${encodeURIComponent(q)}`)).rows;
async function send(fields, {client = new Client(w.shop), files = []} = {}) {
    sent++;
    return client.submit('/enquiry', {...words, ...fields}, {form: '/enquiry', files});
}

test('it becomes a job with its customer, words and pictures, and the customer can follow it', async () => {
    const client = new Client(w.shop);
    const answer = await send({budget: '6500', wanted_by: '2031-05-01'}, {client, files: [1, 2].map((each) =>
        ({field: 'files', name: `idea ${each}.webp`, type: 'image/webp', data: picture}))});
    const thanks = await client.follow(answer.expect(303));
    const reference = /reference is (\w+)/.exec(thanks.words)[1];
    const link = /href="(\/track\/[0-9a-f]+)"/.exec(thanks.text)[1];
    assert.match((await new Client(w.shop).get(link)).expect(200).words, /Thank you for asking us/);
    const [found] = await jobs('marchand');
    const job = await w.get(`/jobs/${found.id}`);
    assert.deepEqual([job.reference, job.title, job.kind, job.stage, job.type, job.budget, job.wanted_by,
        job.description, job.customer_name, job.customer_email],
    [reference, 'Ring for Élodie Marchand', 'custom', 'enquiry', 'ring', 650000, '2031-05-01',
        words.description, words.name, words.email]);
    assert.equal(job.files.length, 2);
    assert.ok(job.files.every((each) => each.kind === 'inspiration'));
    assert.equal(job.history[0].staff_name, 'The customer');
    assert.equal((await w.get(`/visits/${job.visit}`)).source, 'web');
});

test('who wrote before is the same customer', async () => {
    (await send({name: 'Ursula Known', email: 'ursula@example.com'})).expect(303);
    (await send({name: 'Ursula Known', email: 'URSULA@example.com', description: 'And a band'})).expect(303);
    const found = await Promise.all((await jobs('ursula')).map((each) => w.get(`/jobs/${each.id}`)));
    assert.equal(found.length, 2);
    assert.equal(found[0].customer, found[1].customer);
});

test('what is missing is asked for, what was typed is kept, and nothing is stored', async () => {
    const client = new Client(w.shop);
    const answer = (await send({name: 'Refused Reader', email: '', description: 'Kept words'}, {client})).expect(422);
    assert.match(answer.words, /Give us an e-mail address or a phone number/);
    assert.match(answer.text, /Kept words/);
    const open = new Client(w.shop);
    for (const [change, expected] of [[{name: undefined}, 'name required'], [{description: undefined}, 'description required'],
        [{email: 'nowhere'}, 'email not_an_email'], [{type: 'boat'}, 'type unknown_type_of_jewellery'],
        [{budget: -5}, 'budget too_small'], [{wanted_by: '2001-01-01'}, 'wanted_by in_the_past']]) {
        sent++;
        const refused = await open.api('POST', '/enquiry', {...words, name: 'Refused Reader', ...change});
        const found = faults(refused, 422);
        assert.ok(found.includes(expected), `${expected}: ${found}`);
    }
    assert.equal((await jobs('refused')).length, 0);
});

test('a picture that is none is refused, and nothing is stored', async () => {
    const answer = await send({name: 'Refused Picture'}, {files: [{field: 'files', name: 'a.webp', type: 'image/webp',
        data: Buffer.from('MZ this is a program')}]});
    assert.ok(answer.status >= 400 && answer.status < 500, String(answer));
    const many = await send({name: 'Refused Picture'}, {files: Array.from({length: 6}, (_, i) =>
        ({field: 'files', name: `${i}.webp`, type: 'image/webp', data: picture}))});
    assert.ok(many.status >= 400 && many.status < 500, String(many));
    assert.equal((await jobs('refused')).length, 0);
});

test('a robot is thanked and forgotten', async () => {
    (await send({name: 'Robot Buyer', website: 'http://spam.example'})).expect(303);
    assert.equal((await jobs('robot')).length, 0);
});

test('the same sending twice is one job', async () => {
    const client = new Client(w.shop);
    const page = await client.get('/enquiry');
    for (let i = 0; i < 2; i++)
        (await client.submit(page, {...words, name: 'Doubled Sender', email: 'doubled@example.com'},
            {form: '/enquiry', files: []})).expect(303);
    sent += 2;
    assert.equal((await jobs('doubled')).length, 1);
});

test('markup in words stays words', async () => {
    (await send({name: 'Mallory <script>alert(1)</script>', email: 'mallory@example.com'})).expect(303);
    const [found] = await jobs('mallory');
    assert.doesNotMatch((await w.owner.get(`/jobs/${found.id}`)).expect(200).text, /<script>alert/);
});

test('a shop that takes none says so', async () => {
    const settings = async (open) => {
        const {currency, logo, demo, created_at, ...shop} = await w.get('/settings/shop');
        await w.post('/settings/shop', {...shop, enquiry_open: open});
    };
    await settings(false);
    assert.match((await new Client(w.shop).get('/enquiry')).expect(200).words, /take no enquiries here at the moment/);
    assert.equal((await new Client(w.shop).api('POST', '/enquiry', words)).expect(409).json().code, 'closed');
    await settings(true);
    (await new Client(w.shop).get('/enquiry')).form('/enquiry');
});

test('a flood from one place is stopped', async () => {
    let last;
    for (let i = 0; i < 12; i++)
        last = await new Client(w.shop).api('POST', '/enquiry', {...words, website: 'x'});
    sent = 99;
    assert.equal(last.expect(429).json().code, 'too_many');
});

test('search engines may list the enquiry page, and no other', async () => {
    const visitor = new Client(w.shop);
    const page = (await visitor.get('/enquiry')).expect(200);
    assert.match(page.text, /<meta name="description" content="Tell [^"]{20,}">/);
    assert.doesNotMatch(page.text, /noindex/);
    for (const path of ['/track', '/sign-in'])
        assert.match((await visitor.get(path)).expect(200).text, /<meta name="robots" content="noindex">/);
    visitor.close();
});
