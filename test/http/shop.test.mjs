// What a shop says of itself: locations, days, taxes that change, numbers, colours, terms.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Client, pdfText, signIn, startShop} from '../harness/index.mjs';

let shop, owner, sales;

before(async () => {
    shop = await startShop();
    owner = await signIn(shop);
    (await owner.api('POST', '/settings/staff', {name: 'Priya Nair', email: 'priya@example.com', role: 'sales',
        password: 'evening-light-42'})).expect(201);
    sales = await signIn(shop, 'priya@example.com', 'evening-light-42');
});
after(async () => {
    owner?.close();
    sales?.close();
    await shop.stop();
});

const codes = (answer) => (answer.json().errors ?? []).map((each) => [each.field, each.code].join(' '));
const get = async (path, client = owner) => (await client.api('GET', path)).expect(200).json();
const post = async (path, body, client = owner) => (await client.api('POST', path, body)).expect(200, 201).json();
const day = (from) => new Date(Date.now() + from * 864e5).toISOString().slice(0, 10);
const take_in = (body, client = owner) => post('/jobs', {kind: 'repair', title: 'Ring', type: 'ring',
    customer_name: 'Hannah Okafor', customer_phone: '07700 900123', ...body}, client);

// ------------------------------------------------------------------ locations

test('a shop has one location, which nobody is bothered with', async () => {
    const {locations} = await get('/settings/locations');
    assert.deepEqual(locations.map((each) => [each.name, each.main]), [[(await get('/settings/shop')).name, true]]);
    assert.doesNotMatch((await owner.get('/jobs/new')).text, /name="location"/);
    const job = await take_in({});
    assert.equal(job.location, locations[0].id);
    assert.doesNotMatch((await owner.get(`/jobs/${job.id}/edit`)).text, /name="location"/);
});

test('with a second one a job says where it was taken in, by who took it in', async () => {
    const bristol = await post('/settings/locations', {name: 'Bristol', kind: 'workshop', phone: '0117 496 0000'});
    const {places} = await get('/settings/locations');
    const priya = places.find((each) => each.name === 'Priya Nair');
    await post('/settings/locations/staff', {places: [{staff: priya.staff, location: bristol.id}]});
    const job = await take_in({}, sales);
    assert.deepEqual([job.location, job.location_name], [bristol.id, 'Bristol']);
    assert.equal((await take_in({location: 1}, sales)).location, 1);
    assert.match((await sales.get('/jobs/new?kind=repair')).text, new RegExp(`value="${bristol.id}" selected`));
    assert.match((await owner.get(`/jobs/${job.id}`)).words, /Bristol/);
    (await owner.submit(`/jobs/${job.id}/edit`, {location: '1'}, {form: `/jobs/${job.id}`})).expect(303);
    assert.equal((await get(`/jobs/${job.id}`)).location, 1);
    assert.deepEqual(codes((await owner.api('POST', '/jobs', {kind: 'repair', title: 'x', customer_name: 'A Person', location: 99})).expect(422)),
        ['location unknown_location']);
});

test('the main location stays; another is archived, its jobs keep it, and it comes back', async () => {
    (await owner.api('POST', '/settings/locations/1/archive')).expect(409);
    const job = await take_in({location: 2});
    (await owner.api('POST', '/settings/locations/2/archive')).expect(200);
    assert.equal((await get(`/jobs/${job.id}`)).location_name, 'Bristol');
    assert.match((await owner.get(`/jobs/${job.id}/edit`)).text, /value="2" selected/); // kept, though archived
    (await owner.api('POST', '/jobs', {kind: 'repair', title: 'x', customer_name: 'A Person', location: 2})).expect(422);
    (await owner.api('POST', '/settings/locations/2/main')).expect(409);
    assert.equal((await take_in({}, sales)).location, 1);
    assert.deepEqual(codes((await owner.api('POST', '/settings/locations', {name: ''})).expect(422)), ['name required']);
    (await owner.api('POST', '/settings/locations/2/restore')).expect(200);
    assert.deepEqual(codes((await owner.api('POST', '/settings/locations', {name: 'Bristol'})).expect(422)),
        ['name taken']);
    (await owner.api('POST', '/settings/locations/2/main')).expect(200);
    assert.deepEqual((await get('/settings/locations')).locations.filter((each) => each.main).map((each) => each.id), [2]);
    (await owner.api('POST', '/settings/locations/1/main')).expect(200);
});

test('a location with hours of its own is kept to by appointments', async () => {
    const {version} = await get('/settings/locations/2');
    const days = [0, 1, 2, 3, 4, 5, 6].map((weekday) => ({weekday, open: true, opens: 600, closes: 720}));
    const bad = await owner.api('POST', '/settings/locations/2', {name: 'Bristol', own_hours: true, version,
        days: [{weekday: 0, open: true, opens: 700, closes: 600}]});
    assert.deepEqual(codes(bad.expect(422)), ['days.0.closes order']);
    await post('/settings/locations/2', {name: 'Bristol', own_hours: true, version, days});
    (await owner.api('POST', '/settings/locations/2', {name: 'Bath', version, days})).expect(409);
    const [there, here] = [await take_in({location: 2}), await take_in({location: 1})];
    const wednesday = day(3 + (10 - new Date().getUTCDay()) % 7);
    const book = (job) => owner.api('POST', `/jobs/${job.id}/appointments`,
        {kind: 'pickup', at: `${wednesday}T14:00:00Z`});
    (await book(here)).expect(200, 201);
    assert.match((await book(there)).expect(422).json().detail, /open from 10:00 to 12:00/);
});

// ------------------------------------------------------------------ days

test('the country’s holidays of a year are offered, and the ticked ones become closed days', async () => {
    const {holidays, source} = await get('/settings/holidays?year=2031');
    assert.match(source, /1971/);
    assert.ok(holidays.some((each) => each.day === '2031-04-11' && each.name === 'Good Friday'));
    (await owner.submit('/settings/opening?year=2031', {'days.0.take': undefined}, {form: '/settings/holidays'}))
        .expect(303);
    const closed = new Map((await get('/settings/opening')).closures.map((each) => [each.day, each.reason]));
    assert.equal(closed.get('2031-12-25'), 'Christmas Day');
    assert.ok(!closed.has('2031-01-01')); // its tick was taken away
    assert.ok(!closed.has('2031-03-17')); // Northern Ireland alone
    const page = await owner.get('/settings/opening?year=2031');
    assert.match(page.words, /Thu 25 Dec 2031 – Fri 26 Dec 2031|Christmas Day/);
    (await owner.api('POST', '/settings/holidays', {days: []})).expect(422);
    (await owner.api('POST', '/settings/closures/2031-12-25/delete', {to: '2031-12-26'})).expect(200);
    assert.ok(!(await get('/settings/opening')).closures.some((each) => each.day.startsWith('2031-12')));
});

test('a short day has hours of its own, to which appointments and the bench keep', async () => {
    const short = day(3 + (10 - new Date().getUTCDay()) % 7 + 7);
    const at = (hour) => owner.api('POST', '/jobs/1/appointments', {kind: 'pickup', at: `${short}T${hour}:00:00Z`});
    await post('/settings/closures', {day: short});
    assert.match((await at('12')).expect(422).json().detail, /closed on that day/);
    await post('/settings/special-days', {day: short, opens: 570, closes: 720, reason: 'Stocktaking'});
    assert.ok(!(await get('/settings/opening')).closures.some((each) => each.day === short)); // it opens
    (await at('10')).expect(200, 201);
    assert.match((await at('14')).expect(422).json().detail, /9:30 to 12:00/);
    assert.deepEqual(codes((await owner.api('POST', '/settings/special-days', {day: short, opens: 700, closes: 600}))
        .expect(422)), ['closes order']);
    (await owner.api('POST', `/settings/special-days/${short}/delete`)).expect(200);
    (await at('14')).expect(200, 201);
});

// ------------------------------------------------------------------ taxes

test('a rate that changes on a day is entered beforehand, and takes the place of the old one then', async () => {
    const old = await post('/settings/taxes', {name: 'VAT', rate: 2000, on_goods: true, on_labour: true,
        until_day: day(20)});
    assert.deepEqual(codes((await owner.api('POST', '/settings/taxes', {name: 'VAT', rate: 2100, on_goods: true,
        from_day: day(20)})).expect(422)), ['on_goods taken']);
    await post('/settings/taxes', {name: 'VAT', rate: 2100, on_goods: true, on_labour: true, from_day: day(21)});
    const earlier = await post('/settings/taxes', {name: 'VAT', rate: 1750, on_goods: true, on_labour: true,
        from_day: '2001-01-01', until_day: '2010-12-31'}).catch(() => null);
    assert.equal(earlier, null); // the old one is from ever
    const {id, archived_at, ...rest} = old;
    assert.deepEqual(codes((await owner.api('POST', `/settings/taxes/${id}`, {...rest, from_day: day(30)})).expect(422)),
        ['until_day order']);
    const job = await post('/jobs', {kind: 'repair', title: 'Chain', type: 'ring', customer_name: 'A Person'});
    assert.ok(job.id);
    const log = await get('/settings/log');
    assert.ok(log.rows.some((each) => each.thing === 'tax'));
});

// ------------------------------------------------------------------ numbers

test('numbers can only be raised, and are written as the shop wishes from then on', async () => {
    const before = Object.fromEntries((await get('/settings/numbers')).rows.map((each) => [each.series, each]));
    assert.ok(before.job.next > 1);
    const low = await owner.api('POST', '/settings/numbers', {rows: [{series: 'job', prefix: 'HR-', next: 1}]});
    assert.deepEqual(codes(low.expect(422)), ['rows.0.next too_small']);
    assert.deepEqual(codes((await owner.api('POST', '/settings/numbers', {rows: [{series: 'job', prefix: '<b>'}]}))
        .expect(422)), ['rows.0.prefix not_a_prefix']);
    await post('/settings/numbers', {rows: [{series: 'job', prefix: 'HR-', digits: 5, next: 4118},
        {series: 'invoice', prefix: 'INV-', digits: 4, year: true, next: 1001}]});
    const job = await take_in({});
    assert.equal(job.number, 4118);
    assert.match((await owner.get(`/jobs/${job.id}`)).words, /HR-04118/);
    assert.match((await owner.get('/settings/numbers')).words, new RegExp(`INV-${new Date().getUTCFullYear()}-1001`));
    const found = await get('/jobs?q=HR-04118');
    assert.deepEqual(found.rows.map((each) => each.id), [job.id]);
    await post('/settings/numbers', {rows: [{series: 'job', prefix: '#', digits: 6}]});
});

// ------------------------------------------------------------------ colours

test('colours that read are served as a stylesheet under the policy; what does not read is refused', async () => {
    const stranger = new Client(shop);
    (await stranger.get('/brand.css')).expect(404);
    assert.doesNotMatch((await stranger.get('/track')).text, /brand\.css/);
    const pale = await owner.submit('/settings/colours', {brand: '#ffe680'}, {form: '/settings/colours'});
    pale.expect(422);
    assert.match(pale.words, /needs 3\.0 : 1\. The nearest that does is #[0-9a-f]{6}/);
    (await owner.submit('/settings/colours', {brand: '#7a1f3d', shell: '#3a0f1e', accent: '#d8a24a'},
        {form: '/settings/colours'})).expect(303);
    const href = /href="(\/brand\.css\?v=\w+)"/.exec((await stranger.get('/track')).text)[1];
    const css = (await stranger.get(href)).expect(200);
    assert.match(css.text, /:root\{--brand:#7a1f3d/);
    assert.match(css.text, /prefers-color-scheme:dark/);
    assert.match(css.headers['cache-control'], /immutable/);
    for (const bad of ['red', '#fff;}body{display:none}', '%23zzzzzz'])
        (await owner.get(`/settings/colours/preview.css?brand=${encodeURIComponent(bad)}`)).expect(422);
    (await sales.get('/settings/colours')).expect(403);
    assert.match((await owner.get('/settings/colours?brand=%23ffe680&shell=%230f2f28&accent=%23c39a53')).words,
        /The nearest that does/);
    (await owner.submit('/settings/colours', {}, {form: '/settings/colours/reset'})).expect(303);
    (await stranger.get('/brand.css')).expect(404);
    assert.match((await get('/settings/log')).rows[0].detail, /#7a1f3d/);
    stranger.close();
});

// ------------------------------------------------------------------ terms

test('terms stand on the papers they are for', async () => {
    (await owner.submit('/settings/shop', {quote_terms: 'Metal at the day of the deposit.',
        deposit_terms: 'Deposits on special orders are kept.', terms: 'Claim within a year.',
        repair_terms: 'Old solder may open.', retention_terms: 'After a year we sell it.'},
    {form: '/settings/shop'})).expect(303);
    const text = async (path) => pdfText((await owner.get(path)).expect(200).body);
    const quote = await text('/settings/terms/quote.pdf');
    assert.match(quote, /Metal at the day/);
    assert.match(quote, /special orders are kept/);
    assert.doesNotMatch(quote, /Old solder/);
    const sample = await text('/settings/terms/claim.pdf');
    for (const sentence of [/Claim within/, /Old solder/, /After a year/])
        assert.match(sample, sentence);
    const repair = await take_in({});
    assert.match(await text(`/jobs/${repair.id}/claim-check`), /Old solder/);
    const custom = await post('/jobs', {kind: 'custom', title: 'Band', type: 'band', customer_name: 'A Person'});
    assert.doesNotMatch(await text(`/jobs/${custom.id}/claim-check`), /Old solder/);
    (await owner.get('/settings/terms/nothing.pdf')).expect(404);
});

test('the shop can be put among a device’s apps', async () => {
    const manifest = (await owner.get('/manifest.webmanifest')).expect(200);
    assert.equal(manifest.type, 'application/manifest+json');
    const {name, start_url, display, icons} = manifest.json();
    assert.deepEqual([start_url, display], ['/', 'standalone']);
    assert.ok(name.length > 1);
    for (const size of ['any', '192x192', '512x512']) {
        const icon = icons.find((each) => each.sizes === size);
        const answer = (await owner.get(icon.src)).expect(200);
        assert.equal(answer.type, icon.type);
    }
    const page = (await owner.get('/board')).expect(200);
    assert.match(page.text, /<link rel="manifest" href="\/manifest\.webmanifest">/);
});
