// In whose language a page is: the person's choice, the browser's wish, the shop's; what is kept and what programs
// read stays as it is.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Client, pdfText, signIn, startShop} from '../harness/index.mjs';

let shop, owner, german, job;
const post = async (path, body) => (await owner.api('POST', path, body)).expect(200, 201).json();
const speak = (client, language) => client.get(`/language/${language}?next=/jobs`);

before(async () => {
    shop = await startShop();
    owner = await signIn(shop);
    german = await signIn(shop);
    job = await post('/jobs', {title: 'Sapphire ring', customer_name: 'Rohan Mehta', budget: 123450});
    job = (await owner.api('PATCH', `/jobs/${job.id}`, {version: job.version, promised_day: '2031-11-25'}))
        .expect(200).json();
    (await speak(german, 'de')).expect(303);
});
after(async () => {
    owner.close();
    german.close();
    await shop.stop();
});

test('somebody of the staff reads German in an English shop', async () => {
    const page = (await german.get(`/jobs/${job.id}`)).expect(200);
    assert.match(page.text, /<html lang="de" dir="ltr"/);
    assert.match(page.words, /Neuer Auftrag.*Werkstatt.*Kunden/);
    assert.match(page.words, /Di\. 25\. Nov\. 2031/);
    assert.match(page.words, /1\.234,50\s£/);
    const other = (await owner.get(`/jobs/${job.id}`)).expect(200);
    assert.match(other.text, /<html lang="en-GB" dir="ltr"/);
    assert.match(other.words, /New job.*Workshop.*Customers.*Tue 25 Nov 2031/);
});

test('a refusal is told in the language of who reads it, and numbers are read as they are written', async () => {
    const fields = {kind: 'custom', title: 'Ring', customer_name: 'Hannah Okafor'};
    const wrong = (await german.post('/jobs/new', {...fields, budget: '12.50'})).expect(422);
    assert.match(wrong.words, /„Budget“ ist ein Betrag in GBP, wie 1234,50\./);
    assert.match(wrong.text, /value="12\.50"/);
    const taken = (await german.post('/jobs/new', {...fields, budget: '1.234,50'})).expect(303);
    const id = taken.location.match(/\d+/)[0];
    assert.equal((await owner.api('GET', `/jobs/${id}`)).expect(200).json().budget, 123450);
    const english = (await owner.post('/jobs/new', {...fields, budget: '1.234,50'})).expect(422);
    assert.match(english.words, /Budget must be an amount in GBP, like 1234\.50\./);
});

test('what somebody did is told in their language', async () => {
    const moved = (await german.post(`/jobs/${job.id}/stage`, {from: 'enquiry', to: 'setting'})).expect(303);
    assert.match((await german.get(moved.location)).words, /Jetzt bei Fassen\./);
});

test('programs read English and codes, whatever their browser says', async () => {
    const refused = (await german.api('POST', '/jobs', {title: '', customer_name: 'Hannah'}, {
        headers: {'accept-language': 'de'}})).expect(422).json();
    assert.match(refused.detail, /is needed|needs/);
});

test("a customer's page follows the browser, then what they choose", async () => {
    const link = new URL((await post(`/jobs/${job.id}/tracking/renew`, {})).link).pathname;
    const visitor = new Client(shop);
    const french = (await visitor.get(link, {headers: {'accept-language': 'fr-CH, fr;q=0.9, en;q=0.8'}})).expect(200);
    assert.match(french.text, /<html lang="fr" dir="ltr"/);
    assert.match(french.words, /Nous fabriquons votre pièce et sertissons ses pierres\./);
    assert.match(french.words, /mardi 25 novembre 2031/);
    assert.match(french.words, /English.*العربية.*Deutsch.*Français/);
    assert.doesNotMatch(french.words, /English \(US\)/);
    // An American browser reads the British shop as it writes; a language that nobody has, too.
    for (const wish of ['en-US,en;q=0.9', 'ja', '*', 'de;q=0'])
        assert.match((await new Client(shop).get(link, {headers: {'accept-language': wish}})).text,
            /<html lang="en-GB"/);
    const chosen = (await visitor.get('/language/ar?next=' + link)).expect(303);
    assert.equal(chosen.location, link);
    const arabic = (await visitor.get(link, {headers: {'accept-language': 'fr'}})).expect(200);
    assert.match(arabic.text, /<html lang="ar-u-nu-latn" dir="rtl"/);
    assert.match(arabic.text, /rtl\.css/);
    assert.match(arabic.words, /قطعتك/);
    assert.doesNotMatch(french.text, /rtl\.css/);
});

test('papers for customers are in the language asked for, those for the staff in the reader\'s', async () => {
    const paper = async (client, path) => pdfText((await client.get(`/jobs/${job.id}${path}`)).expect(200).body);
    assert.match(await paper(german, '/bench-copy'), /Werkstatt: ohne Preise/);
    assert.match(await paper(owner, '/bench-copy'), /Bench copy/);
    assert.match(await paper(german, '/claim-check'), /Promised\s.*Tuesday 25 November 2031/s);
    assert.match(await paper(owner, '/claim-check?language=fr'), /Promis\s.*mardi 25 novembre 2031/s);
    assert.match(await paper(owner, '/claim-check?language=ar'), /25/);
});

test('the choice leads nowhere else, and there is none of what is not spoken', async () => {
    const visitor = new Client(shop);
    assert.equal((await visitor.get('/language/de?next=https://evil.example/')).expect(303).location, '/');
    assert.equal((await visitor.get('/language/de?next=//evil.example')).expect(303).location, '/');
    (await visitor.get('/language/tlh')).expect(404);
});

test('a shop offers its customers the languages that it names', async () => {
    const save = (languages) => owner.submit('/settings/shop', {languages}, {form: '/settings/shop'});
    assert.match((await save('de, klingon')).expect(422).words, /There is no language “klingon”/);
    (await save('de')).expect(303);
    const find = (wish) => new Client(shop).get('/track', {headers: {'accept-language': wish}});
    assert.match((await find('fr')).text, /<html lang="en-GB"/);
    assert.match((await find('fr, de;q=0.5')).text, /<html lang="de"/);
    assert.doesNotMatch((await find('de')).words, /Français/);
});
