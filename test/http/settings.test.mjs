// The shop's settings over HTTP: profile, days, taxes, prices, logo, and who may change them.

import assert from 'node:assert/strict';
import {mkdtemp, readFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {Client, databaseKind, eventually, psql, root, Shop, signIn, startShop} from '../harness/index.mjs';

let shop, owner, manager, sales, bench;

before(async () => {
    shop = await startShop();
    owner = await signIn(shop);
    const person = async (name, role) => {
        const email = `${name}@example.com`;
        const password = 'evening-light-42';
        (await owner.api('POST', '/settings/staff', {name, email, role, password})).expect(201);
        return signIn(shop, email, password);
    };
    manager = await person('mara', 'manager');
    sales = await person('priya', 'sales');
    bench = await person('joe', 'bench');
});
after(async () => {
    for (const client of [owner, manager, sales, bench])
        client?.close();
    await shop.stop();
});

const codes = (answer) => (answer.json().errors ?? []).map((each) => [each.field, each.code].join(' '));
const get = async (path, client = owner) => (await client.api('GET', path)).expect(200).json();

test('the first page lists what is missing, and it goes when it is entered', async () => {
    const sentences = async () => (await get('/settings')).missing.map((each) => each.url);
    assert.ok((await sentences()).includes('/settings/metals'));
    (await owner.api('POST', '/settings/metals',
        {unit: 'ounce', prices: [{metal: 'gold', price: 304814}]})).expect(201);
    assert.ok(!(await sentences()).includes('/settings/metals'));
    const page = (await owner.get('/settings')).expect(200);
    assert.match(page.words, /before the first quote/);
});

test('the profile is saved by form and shown again', async () => {
    const saved = await owner.submit('/settings/shop', {place: 'Milsom Street, Bath',
        deposit_share: '40', quote_terms: 'Valid for thirty days.'}, {form: '/settings/shop'});
    saved.expect(303);
    const now = await get('/settings/shop');
    assert.equal(now.place, 'Milsom Street, Bath');
    assert.equal(now.deposit_share, 4000);
    assert.equal(now.quote_terms, 'Valid for thirty days.');
    assert.equal(now.auto_ready, true);
    const log = await get('/settings/log?thing=shop&id=1');
    assert.ok(log.rows[0].changes.some((each) => each.field === 'Deposit asked' && each.was === '50' && each.became === '40'));
    assert.match(log.rows[0].staff_name, /Imogen/);
});

test('the place stands under the name at once', async () => {
    await owner.submit('/settings/shop', {place: 'Walcot Street'}, {form: '/settings/shop'});
    assert.match((await owner.get('/settings')).text, /Walcot Street/);
});

/** Another server of the same shop, with a data folder of its own; it ends with the test. */
async function secondServer(t) {
    const dir = await mkdtemp(join(process.env.BENCHPIN_TEST_RUN ?? tmpdir(), 'second-'));
    const second = new Shop({database: databaseKind, dir, databaseUrl: shop.databaseUrl, args: [], env: {}});
    await second.start();
    const stranger = new Client(second);
    t.after(async () => {
        stranger.close();
        await second.stop();
    });
    return stranger;
}
/** The page's language and the shop's name in it: what every page takes from the shop. */
const spoken = async (client) => {
    const {text} = (await client.get('/track')).expect(200);
    return [/<html[^>]* lang="([^"]+)"/.exec(text)[1], /<title>[^<]*/.exec(text)[0]].join(' ');
};

test('a changed language, time zone and name reach this server at once', async () => {
    const {currency, logo, demo, created_at, ...before} = await get('/settings/shop');
    const hour = async (client) => /<time[^>]*>([^<]*)</.exec((await client.get('/settings/log')).text)[1];
    const [words, time] = [await spoken(owner), await hour(owner)];
    const changed = {...before, language: 'de-DE', zone: 'Asia/Tokyo', name: 'Hartwell Tokyo'};
    const saved = (await owner.api('POST', '/settings/shop', changed)).expect(200).json();
    assert.match(await spoken(owner), /^de-DE .*Hartwell Tokyo/);
    assert.notEqual(await hour(owner), time);
    (await owner.api('POST', '/settings/shop', {...before, version: saved.version})).expect(200);
    assert.equal(await spoken(owner), words);
});

test('they reach the other servers of the database without a restart', {skip: databaseKind !== 'postgres'}, async (t) => {
    const other = await secondServer(t);
    const words = await spoken(other);
    const {currency, logo, demo, created_at, ...before} = await get('/settings/shop');
    for (let turn = 0; turn < 3; turn++) {
        const now = await get('/settings/shop');
        (await owner.api('POST', '/settings/shop', {...before, version: now.version, language: `de-${turn}`,
            name: `Hartwell ${turn}`})).expect(200);
        await eventually(`turn ${turn} to be heard`, async () =>
            new RegExp(`^de-${turn} .*Hartwell ${turn}`).test(await spoken(other)));
    }
    const now = await get('/settings/shop');
    (await owner.api('POST', '/settings/shop', {...before, version: now.version})).expect(200);
    await eventually('what it was', async () => await spoken(other) === words);
});

test('what was said while a server did not hear is read when it hears again', {skip: databaseKind !== 'postgres'}, async () => {
    const words = await spoken(owner);
    const set = (language) => psql(shop.databaseUrl,
        `update shop_main.shop set language = '${language}', version = version + 1`);
    const deaf = () => psql(shop.databaseUrl,
        "select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen benchpin' " +
        'and datname = current_database()');
    await set('fr-FR');
    assert.equal(await spoken(owner), words); // nobody told
    await deaf();
    await eventually('the new language', async () => (await spoken(owner)).startsWith('fr-FR '));
    await set('en-GB');
    await deaf();
    await eventually('the old one', async () => await spoken(owner) === words);
});

test('two who change the settings at once: the second is told, nothing is lost', async () => {
    const first = await owner.get('/settings/shop');
    const second = await manager.get('/settings/shop');
    (await owner.submit(first, {phone: '020 7946 0018'}, {form: '/settings/shop'})).expect(303);
    const late = await manager.submit(second, {phone: '020 7946 0999'}, {form: '/settings/shop'});
    late.expect(409);
    assert.match(late.words, /saved this .* while you were editing/);
    assert.equal((await get('/settings/shop')).phone, '020 7946 0018');
});

test('a bad profile is refused at its fields and nothing is stored', async () => {
    const was = await get('/settings/shop');
    const {currency, logo, demo, created_at, ...rest} = was;
    for (const [change, code] of [
        [{name: ''}, 'name required'], [{deposit_share: 10001}, 'deposit_share too_large'],
        [{deposit_share: -1}, 'deposit_share too_small'], [{zone: 'Europe/Nowhere'}, 'zone unknown_zone'],
        [{country: 'gb'}, 'country unknown_country'], [{email: 'nobody'}, 'email not_an_email'],
        [{quote_days: 0}, 'quote_days too_small'], [{name: 'x'.repeat(121)}, 'name too_long'],
        [{currency: 'EUR'}, 'currency read_only'], [{nonsense: 1}, 'nonsense unknown_field'],
    ]) {
        const answer = await owner.api('POST', '/settings/shop', {...rest, ...change});
        answer.expect(422);
        assert.ok(codes(answer).includes(code), `${JSON.stringify(change)}: ${answer}`);
    }
    assert.deepEqual(await get('/settings/shop'), was);
});

test('opening days are set by form; a day that closes before it opens is refused at its row', async () => {
    (await owner.submit('/settings/opening', {'days.0.open': undefined, 'days.5.opens': '10:00',
        'days.5.closes': '16:00'}, {form: '/settings/opening'})).expect(303);
    const days = (await get('/settings/opening')).days;
    assert.equal(days.length, 7);
    assert.equal(days[0].open, false);
    assert.deepEqual([days[5].opens, days[5].closes], [600, 960]);
    const bad = await owner.submit('/settings/opening', {'days.2.opens': '18:00', 'days.2.closes': '9:00'},
        {form: '/settings/opening'});
    bad.expect(422);
    assert.match(bad.words, /must close after it opens/);
    assert.match(bad.text, /value="18:00"/); // what was typed is not lost
    const twice = await owner.api('POST', '/settings/opening', {days: [
        {weekday: 1, open: true, opens: 540, closes: 1000}, {weekday: 1, open: true, opens: 540, closes: 1000}]});
    twice.expect(422);
    assert.deepEqual((await get('/settings/opening')).days, days);
});

test('closed days are added for a span and opened again one by one', async () => {
    (await owner.api('POST', '/settings/closures',
        {day: '2031-12-24', to: '2031-12-26', reason: 'Christmas'})).expect(200);
    const closed = async () => (await get('/settings/opening')).closures
        .filter((each) => each.day.startsWith('2031')).map((each) => each.day);
    assert.deepEqual(await closed(), ['2031-12-24', '2031-12-25', '2031-12-26']);
    (await owner.api('POST', '/settings/closures/2031-12-24/delete')).expect(200);
    assert.deepEqual(await closed(), ['2031-12-25', '2031-12-26']);
    (await owner.api('POST', '/settings/closures/2031-12-24/delete')).expect(404);
    (await owner.api('POST', '/settings/closures', {day: '2031-02-29'})).expect(422);
    (await owner.api('POST', '/settings/closures', {day: '2031-12-24', to: '2031-12-23'})).expect(422);
    (await owner.api('POST', '/settings/closures', {day: '2031-01-01', to: '2999-01-01'})).expect(422);
    assert.deepEqual(await closed(), ['2031-12-25', '2031-12-26']);
});

test('two taxes on the same goods are refused; one is archived and comes back', async () => {
    const vat = (await owner.api('POST', '/settings/taxes',
        {name: 'VAT', rate: 2000, on_goods: true, on_labour: true})).expect(201).json();
    const other = await owner.api('POST', '/settings/taxes', {name: 'Levy', rate: 100, on_goods: true});
    other.expect(422);
    assert.match(other.json().detail, /VAT/);
    (await owner.api('POST', `/settings/taxes/${vat.id}/archive`)).expect(200);
    const levy = (await owner.api('POST', '/settings/taxes', {name: 'Levy', rate: 100, on_goods: true}))
        .expect(201).json();
    (await owner.api('POST', `/settings/taxes/${vat.id}/restore`)).expect(422);
    (await owner.api('POST', `/settings/taxes/${levy.id}/archive`)).expect(200);
    assert.equal((await owner.api('POST', `/settings/taxes/${vat.id}/restore`)).expect(200).json().archived_at,
        null);
    (await owner.submit('/settings/taxes', {rate: '17.5'}, {form: `/settings/taxes/${vat.id}`})).expect(303);
    assert.equal((await get('/settings/taxes')).taxes.find((each) => each.id === vat.id).rate, 1750);
    (await owner.api('POST', '/settings/taxes/999/archive')).expect(404);
    (await owner.submit('/settings/taxes', {rate: '170'}, {form: `/settings/taxes/${vat.id}`})).expect(422);
});

test('a metal price is entered by the gram and kept by the ounce, with its history', async () => {
    const before = (await get('/settings/metals')).history.length;
    (await owner.submit('/settings/metals', {unit: 'gram', source: 'LBMA', 'prices.0.price': '98.00',
        'prices.0.markup': '5', 'prices.1.price': '0.95'}, {form: '/settings/metals'})).expect(303);
    const now = await get('/settings/metals');
    const gold = now.prices.find((each) => each.metal === 'gold');
    assert.equal(gold.price, 304814); // 98.00 × 31.1034768
    assert.equal(gold.markup, 500);
    assert.equal(gold.source, 'LBMA');
    assert.equal(now.history.length, before + 2);
});

test('a price that is none is refused and no metal of the form is stored', async () => {
    const before = (await get('/settings/metals')).history.length;
    for (const prices of [[{metal: 'gold', price: -1}], [{metal: 'gold', price: 0}], [{metal: 'tin', price: 1}],
        [{metal: 'silver', price: 100}, {metal: 'gold', price: 'x'}], []])
        (await owner.api('POST', '/settings/metals', {unit: 'ounce', prices})).expect(422);
    const typed = await owner.submit('/settings/metals', {'prices.0.price': '12,34,56', source: 'somewhere'},
        {form: '/settings/metals'});
    typed.expect(422);
    assert.match(typed.text, /value="12,34,56"/);
    assert.equal((await get('/settings/metals')).history.length, before);
});

test('an alloy has the density that its caster says', async () => {
    const page = await owner.get('/settings/metals');
    const at = /name="(alloys\.\d+)\.code" value="au750y"/.exec(page.text)[1];
    (await owner.submit(page, {[`${at}.density`]: '15.4', [`${at}.loss`]: '6'}, {form: '/settings/alloys'}))
        .expect(303);
    const alloy = (await get('/settings/metals')).alloys.find((each) => each.code === 'au750y');
    assert.deepEqual([alloy.density, alloy.loss, alloy.fineness, alloy.active], [15400, 600, 7500, true]);
    const bad = await owner.submit('/settings/metals', {[`${at}.density`]: '99'}, {form: '/settings/alloys'});
    bad.expect(422);
    const edit = (await get('/settings/log')).rows.find((each) => each.thing === 'alloy');
    assert.equal(edit.detail, '18ct yellow gold');
    assert.ok(edit.changes.length > 0);
});

test('rates, setting prices and margins are saved together', async () => {
    (await owner.submit('/settings/rates', {'crafts.3.hourly': '58.00', 'settings.0.price': '12.50',
        'margins.0.share': '110'}, {form: '/settings/rates'})).expect(303);
    const now = await get('/settings/rates');
    assert.equal(now.crafts.find((each) => each.craft === 'setting').hourly, 5800);
    assert.equal(now.settings[0].price, 1250);
    assert.equal(now.margins.find((each) => each.kind === 'metal').share, 11000);
    const partly = (await owner.api('POST', '/settings/rates', {margins: [{kind: 'stone', share: 8000}]}))
        .expect(200).json();
    assert.equal(partly.crafts.find((each) => each.craft === 'setting').hourly, 5800);
    assert.equal(partly.margins.find((each) => each.kind === 'metal').share, 11000);
    assert.equal(partly.margins.find((each) => each.kind === 'stone').share, 8000);
    for (const bad of [{crafts: [{craft: 'setting', hourly: -1}]}, {crafts: [{craft: 'cooking', hourly: 1}]},
        {margins: [{kind: 'metal', share: 100001}]}])
        (await owner.api('POST', '/settings/rates', bad)).expect(422);
});

test('the standing surcharge for a rush is set beside the margins', async () => {
    const share = async () => (await get('/settings/rates')).rush_share;
    assert.equal(await share(), 0);
    const save = (rush_share) => owner.submit('/settings/rates', {rush_share}, {form: '/settings/rates'});
    (await save('12.5')).expect(303);
    assert.equal(await share(), 1250);
    assert.equal(Number(new Map((await owner.get('/settings/rates')).form('/settings/rates').fields).get('rush_share')),
        12.5);
    const margins = (await get('/settings/rates')).margins;
    (await owner.api('POST', '/settings/rates', {crafts: [{craft: 'cad', hourly: 6100}]})).expect(200);
    assert.equal(await share(), 1250); // who does not name it leaves it
    assert.deepEqual((await get('/settings/rates')).margins, margins);
    for (const [given, code] of [['150', 'too_large'], ['-1', 'too_small'], ['a lot', 'wrong_type']]) {
        const bad = (await save(given)).expect(422);
        assert.match(bad.text, new RegExp(`value="${given}"`), code);
        assert.match(bad.text, /id="[^"]*rush_share[^"]*"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*rush_share/);
    }
    assert.deepEqual(codes((await owner.api('POST', '/settings/rates', {rush_share: 10001})).expect(422)),
        ['rush_share too_large']);
    assert.equal(await share(), 1250);
    const log = await get('/settings/log');
    assert.ok(log.rows.some((each) => each.changes.some(({field, was, became}) =>
        field === 'Rush' && was.startsWith('0') && /12\.50?%/.test(became))), JSON.stringify(log.rows[0]));
    (await sales.api('POST', '/settings/rates', {rush_share: 1})).expect(403);
    (await save('')).expect(303);
    assert.equal(await share(), 0);
});

test('a guide price for stones is added and removed', async () => {
    const price = (await owner.api('POST', '/settings/stone-prices', {gem: 'sapphire', origin: 'natural',
        from_carats: 100000, per_carat: 120000})).expect(201).json();
    assert.ok((await get('/settings/rates')).stones.some((each) => each.id === price.id));
    const never = await owner.api('POST', '/settings/stone-prices',
        {gem: 'cubic_zirconia', origin: 'natural', per_carat: 1});
    assert.ok(codes(never.expect(422)).includes('origin impossible'));
    (await owner.api('POST', `/settings/stone-prices/${price.id}/delete`)).expect(200);
    (await owner.api('POST', `/settings/stone-prices/${price.id}/delete`)).expect(404);
});

test('a form sent twice is done once', async () => {
    const body = {gem: 'ruby', origin: 'natural', per_carat: 90000};
    const first = (await owner.api('POST', '/settings/stone-prices', body, {key: 'twice-is-once'})).expect(201);
    const again = (await owner.api('POST', '/settings/stone-prices', body, {key: 'twice-is-once'})).expect(201);
    assert.equal(first.json().id, again.json().id);
    assert.equal((await get('/settings/rates')).stones.filter((each) => each.gem === 'ruby').length, 1);
});

test('a logo is taken in, shown to everybody, and removed', async () => {
    const picture = await readFile(join(root, 'web/seed', (await readdirOf('web/seed'))[0]));
    (await new Client(shop).get('/logo')).expect(404);
    const lie = await owner.submit('/settings/shop', {}, {form: '/settings/logo',
        files: [{field: 'logo', name: 'logo.png', type: 'image/png', data: Buffer.from('<svg onload=x>')}]});
    lie.expect(415);
    (await owner.submit('/settings/shop', {}, {form: '/settings/logo',
        files: [{field: 'logo', name: '../../logo.webp', type: 'image/webp', data: picture}]})).expect(303);
    const shown = (await new Client(shop).get('/logo')).expect(200);
    assert.equal(shown.type, 'image/webp');
    (await sales.get('/settings/logo')).expect(200);
    (await sales.post('/settings/logo', {}, {files: []})).expect(403);
    (await owner.submit('/settings/shop', {}, {form: '/settings/logo/delete'})).expect(303);
    (await new Client(shop).get('/logo')).expect(404);
});

async function readdirOf(folder) {
    const {readdir} = await import('node:fs/promises');
    return (await readdir(join(root, folder))).filter((name) => name.endsWith('.webp')).sort();
}

test('every page says what it is for, and who may not see it is refused', async () => {
    const pages = {'/settings': 'ma', '/settings/shop': 'ma', '/settings/opening': 'ma', '/settings/taxes': 'ma',
        '/settings/metals': 'ma', '/settings/rates': 'ma', '/settings/permissions': 'ma', '/settings/log': 'ma',
        '/settings/staff': 'o', '/settings/staff/new': 'o', '/me/settings': 'masb'};
    for (const [path, who] of Object.entries(pages)) {
        const page = (await owner.get(path)).expect(200);
        assert.equal(page.text.match(/<h1/g).length, 1, path);
        for (const [letters, client] of [['ma', manager], ['s', sales], ['b', bench]])
            (await client.get(path)).expect(who.includes(letters) ? 200 : 403);
        const stranger = new Client(shop);
        (await stranger.get(path)).expect(303);
        stranger.close();
    }
});

test('who may not change settings is refused and nothing changes', async () => {
    const was = await get('/settings/rates');
    for (const client of [sales, bench]) {
        (await client.api('POST', '/settings/rates', {margins: [{kind: 'metal', share: 1}]})).expect(403);
        (await client.api('POST', '/settings/metals', {unit: 'ounce', prices: [{metal: 'gold', price: 1}]}))
            .expect(403);
        (await client.api('POST', '/settings/taxes', {name: 'x', rate: 1})).expect(403);
    }
    assert.deepEqual(await get('/settings/rates'), was);
});

test('the log is read a page at a time', async () => {
    for (let i = 0; i < 60; i++)
        (await owner.api('POST', '/settings/rates', {margins: [{kind: 'vendor', share: 100 + i}]})).expect(200);
    const first = await get('/settings/log');
    assert.equal(first.rows.length, 50);
    const second = await get(first.older);
    assert.ok(second.rows[0].id < first.rows[49].id);
    const page = await owner.get('/settings/log');
    assert.match(page.text, /rel="next"/);
});

test('an empty shop is set up from its page, with what is usual in its country', async () => {
    const empty = await startShop({empty: true});
    const person = new Client(empty);
    const page = (await person.get('/set-up?country=DE')).expect(200);
    const form = Object.fromEntries(page.form('/set-up').fields);
    const post = page.forms.find((each) => each.method === 'POST');
    const values = Object.fromEntries(post.fields);
    assert.deepEqual([values.country, values.currency, values.zone, values.tax_name, values.tax_rate],
        ['DE', 'EUR', 'Europe/Berlin', 'VAT', '19']);
    assert.equal(form.country, 'DE'); // the small form above
    const guessed = (await person.get('/set-up', {headers: {'accept-language': 'de-AT,de;q=0.9'}})).expect(200);
    assert.equal(Object.fromEntries(guessed.forms.find((each) => each.method === 'POST').fields).currency, 'EUR');
    const fill = {name: 'Goldschmiede Weber', owner: 'Anna Weber', email: 'anna@weber.example'};
    const bad = await person.post('/set-up', {...values, ...fill, password: 'short', zone: 'Europe/Nowhere'});
    bad.expect(422);
    assert.match(bad.words, /at least 10 characters/);
    assert.match(bad.words, /no time zone/);
    assert.match(bad.text, /value="Goldschmiede Weber"/);
    (await person.post('/set-up', {...values, ...fill, password: 'ein-langes-wort'})).expect(303);
    (await person.post('/set-up', {...values, ...fill, password: 'ein-langes-wort'})).expect(303, 403, 409);
    const anna = await signIn(empty, 'anna@weber.example', 'ein-langes-wort');
    const now = (await anna.api('GET', '/settings/shop')).expect(200).json();
    assert.deepEqual([now.name, now.currency, now.zone], ['Goldschmiede Weber', 'EUR', 'Europe/Berlin']);
    assert.equal((await anna.api('GET', '/settings/taxes')).json().taxes[0].rate, 1900);
    assert.equal((await anna.api('GET', '/settings/opening')).json().days.filter((each) => each.open).length, 6);
    person.close();
    anna.close();
    await empty.stop();
});
