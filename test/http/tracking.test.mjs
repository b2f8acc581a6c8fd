// The customer's page over HTTP: by link, by reference and proof, what it shows and what it never does.

import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {Client, root} from '../harness/index.mjs';
import {startWorkshop} from './making.mjs';

let w, bench;
const anyone = () => new Client(w.shop);
before(async () => {
    w = await startWorkshop();
    bench = await w.person('Joe', 'bench');
});
after(async () => {
    bench?.close();
    await w.stop();
});

const seeds = join(root, 'web/seed');
const picture = readFileSync(join(seeds, readdirSync(seeds).find((name) => name.endsWith('.webp'))));
const order = (more = {}) => w.order(null, {}, {customer_name: 'Rohan van der Möhl', customer_phone: '07700 900214',
    description: 'SECRET-DESCRIPTION', ...more});
const renewed = async (job) => new URL((await w.post(`/jobs/${job.id}/tracking/renew`, {})).link).pathname;
const find = (reference, proof, client = anyone()) => client.api('POST', '/track', {reference, proof});

test('a link opens the piece for anyone who has it', async () => {
    const job = await order();
    const link = await renewed(job);
    assert.match(link, /^\/track\/[0-9a-f]{32}$/);
    const track = (await anyone().api('GET', link)).expect(200).json();
    assert.equal(track.reference, job.reference);
    assert.equal(track.title, 'Sapphire ring');
    assert.match(track.sentence, /looking at your idea/);
    assert.equal(track.steps[0].now, true);
    assert.equal(track.next, track.steps[1].words);
    const page = (await anyone().get(link)).expect(200);
    assert.match(page.words, /Thank you for asking us/);
    assert.match(page.headers['cache-control'], /no-store|private/);
});

test('it shows how far it is, and takes back what was taken back', async () => {
    const job = await order();
    const link = await renewed(job);
    const read = async () => (await anyone().api('GET', link)).expect(200).json();
    const moved = await w.post(`/jobs/${job.id}/stage`, {from: 'enquiry', to: 'cad'});
    const drawn = await read();
    assert.match(drawn.sentence, /drawing your piece/);
    assert.ok(drawn.steps.find((each) => each.now).day);
    assert.equal(drawn.steps.filter((each) => each.done).length, 4);
    (await w.owner.post(moved.undo, {})).expect(303);
    assert.equal((await read()).steps.filter((each) => each.done).length, 0);
    await w.post(`/jobs/${job.id}/stage`, {from: 'enquiry', to: 'ready'});
    const ready = await read();
    assert.deepEqual([ready.ready, ready.closed, ready.progress], [true, false, 100]);
});

test('a new link ends the old ones; revoking ends all', async () => {
    const job = await order();
    const first = await renewed(job);
    const second = await renewed(job);
    (await anyone().get(first)).expect(404);
    (await anyone().get(second)).expect(200);
    await w.post(`/jobs/${job.id}/tracking/revoke`, {});
    const gone = (await anyone().get(second)).expect(404);
    assert.match(gone.words, /This link does not work any more/);
    for (const token of ['0'.repeat(32), 'x', "'; drop table job; --", '%00', second.slice(7, -1)])
        assert.ok([404, 400].includes((await anyone().get(`/track/${encodeURIComponent(token)}`)).status), token);
});

test('only shared pictures are shown, only of this piece', async () => {
    const job = await order(), other = await order();
    const link = await renewed(job), otherLink = await renewed(other);
    for (const each of [job, other])
        (await w.owner.post(`/jobs/${each.id}/files`, {caption: 'The drawing', kind: 'cad'},
            {files: [{field: 'files', name: 'a.webp', type: 'image/webp', data: picture}]})).expect(303);
    const {files: [file]} = await w.get(`/jobs/${job.id}`);
    const shared = async (value) => { // the job's own page has a button for it
        const {files: [now]} = await w.get(`/jobs/${job.id}`);
        if (now.shared !== value)
            (await w.owner.submit(`/jobs/${job.id}`, {}, {form: `/jobs/${job.id}/files/${file.id}`})).expect(303);
        assert.equal((await w.get(`/jobs/${job.id}`)).files[0].shared, value);
    };
    await shared(true);
    await shared(false);
    assert.equal((await anyone().api('GET', link)).json().pictures.length, 0);
    (await anyone().get(`${link}/pictures/${file.id}`)).expect(404);
    await shared(true);
    const [seen] = (await anyone().api('GET', link)).json().pictures;
    assert.equal(seen.caption, 'The drawing');
    assert.equal((await anyone().get(seen.url)).expect(200).type, 'image/webp');
    assert.match((await anyone().get(link)).text, /<img src="\/track\//);
    (await anyone().get(`${otherLink}/pictures/${file.id}`)).expect(404);
    (await anyone().get(`${link}/pictures/987654`)).expect(404);
});

test('nothing of the shop\'s own is told', async () => {
    const job = await w.order('solitaire', {alloy: 'pt950', gem: 'sapphire', origin: 'natural', stone_carats: 200000},
        {customer_name: 'Rohan Mehta', customer_phone: '07700 900555', customer_email: 'rohan@example.com', description: 'SECRET-DESCRIPTION'});
    await w.post(`/jobs/${job.id}/comments`, {text: 'SECRET-COMMENT'});
    await w.post(`/jobs/${job.id}/stage`, {from: 'enquiry', to: 'cad', note: 'SECRET-NOTE'});
    await w.post(`/jobs/${job.id}/quotes`, {note: 'SECRET-QUOTE'});
    const link = await renewed(job);
    for (const text of [(await anyone().api('GET', link)).text, (await anyone().get(link)).text]) {
        assert.doesNotMatch(text, /SECRET|Levenson|Avon|Ines|Daniel|£|900555|rohan@example|Mehta/);
        assert.doesNotMatch(text, new RegExp(w.shop.owner.name));
    }
    assert.ok(!('stage' in (await anyone().api('GET', link)).json()));
});

test('reference and proof open it; what is wrong and what does not exist sound the same', async () => {
    const job = await order({customer_name: 'Noor Óskarsdóttir', customer_phone: '07700 900777'});
    for (const [reference, proof] of [[job.reference, 'Óskarsdóttir'], [job.reference.toLowerCase(), 'oskarsdottir'],
        [`${job.reference.slice(0, 4)}-${job.reference.slice(4)}`, '0777'], [job.reference, 'Noor Oskarsdottir']])
        assert.equal((await find(reference, proof)).expect(200).json().reference, job.reference);
    const wrong = (await find(job.reference, 'Smith')).expect(422).json();
    const missing = (await find('00000000', 'Oskarsdottir')).expect(422).json();
    assert.equal(wrong.code, 'not_found');
    assert.equal(wrong.detail, missing.detail);
    for (const proof of ['777', '9007 77x', 'Noor', '%', '____'])
        (await find(job.reference, proof)).expect(422);
    const client = anyone();
    const answer = await client.submit('/track', {reference: job.reference, proof: 'Oskarsdottir'}, {form: '/track'});
    assert.match((await client.follow(answer.expect(303))).words, /looking at your idea/);
    const again = await client.submit('/track', {reference: job.reference, proof: 'Smith'}, {form: '/track'});
    assert.match(again.expect(422).words, /We can't find that/);
    assert.ok(again.text.includes(job.reference), 'what was typed is kept');
});

test('the bench gives no links', async () => {
    const job = await order();
    (await bench.api('POST', `/jobs/${job.id}/tracking/renew`, {})).expect(403);
    (await anyone().api('POST', `/jobs/${job.id}/tracking/renew`, {})).expect(401, 403);
    assert.equal((await w.owner.api('POST', '/jobs/987654/tracking/renew', {})).expect(404).json().code, 'unknown_job');
});

test('guessing is slowed down', async () => {
    let last;
    for (let i = 0; i < 25; i++)
        last = await find('00000000', 'Guess');
    assert.equal(last.expect(429).json().code, 'too_many');
});
