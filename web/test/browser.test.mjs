/* The scripts in a real browser, under the shop's own policy. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { serve } from './server.mjs';

const ARGS = [
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];

let server, browser, context, page, complaints;

before(async () => {
    server = await serve();
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS });
});
after(async () => {
    await browser?.close();
    await server?.close();
});

/* A page that notes what the policy refuses and what a script throws. */
async function open(path, options) {
    const opened = await context.newPage();
    opened.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
    });
    opened.on('pageerror', (error) => complaints.push(String(error)));
    await opened.addInitScript(() => {
        window.refused = [];
        document.addEventListener('securitypolicyviolation', (event) =>
            window.refused.push(`${event.violatedDirective} ${event.blockedURI}`),
        );
    });
    await opened.goto(server.url + path, options);
    return opened;
}

beforeEach(async () => {
    complaints = [];
    server.answers.clear();
    server.requests.length = 0;
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
});
afterEach(async () => {
    for (const opened of context.pages())
        assert.deepEqual(await opened.evaluate(() => window.refused ?? []), [], 'refused by the policy');
    await context.close();
    assert.deepEqual(complaints, []);
});

const stage_of = (job) =>
    page.evaluate((id) => document.querySelector(`[data-job="${id}"]`)?.closest('[data-stage]')?.dataset.stage, job);
const posts = (name) => server.requests.filter((request) => request.name === name);
const fields = (request) => Object.fromEntries(new URLSearchParams(request.body));
const eventually = async (check) => {
    for (const until = Date.now() + 5000; ; ) {
        try {
            return await check();
        } catch (error) {
            if (Date.now() > until) throw error;
            await new Promise((rest) => setTimeout(rest, 30));
        }
    }
};

describe('every page', () => {
    for (const path of ['/board', '/intake', '/gate', '/settings', '/flow', '/quote', '/enquiry'])
        for (const [theme, size] of [
            ['light', { width: 1440, height: 900 }],
            ['dark', { width: 390, height: 844 }],
        ])
            test(`${path} in ${theme} at ${size.width} has nothing for axe to find, nor sideways scrolling`, async () => {
                page = await open(path);
                await page.setViewportSize(size);
                await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
                // Colours on their way from one theme to the other are neither's.
                await page.evaluate(() => Promise.all(document.getAnimations()
                    .filter((each) => each instanceof CSSTransition).map((each) => each.finished.catch(() => {}))));
                await page.evaluate(() => document.fonts.ready);
                const { violations } = await evaluate_axe(page);
                assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), []);
                if (size.width < 820) await page.setViewportSize({ width: 320, height: 700 });
                assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
            });

    /* Given to the page by the debugger, as axe-core is no script of ours. */
    const evaluate_axe = (opened) => opened.evaluate(`${axe.source};axe.run(document)`);

    test('shows its icons and its own fonts', async () => {
        page = await open('/board');
        await page.evaluate(() => document.fonts.ready);
        assert.ok(await page.evaluate(() => document.fonts.check('14px "Inter Variable"')));
        const fetched = server.requests.map(({ url }) => url.pathname);
        assert.ok(fetched.includes('/static/icons.svg'));
        assert.ok(!fetched.some((path) => path.includes('latin-ext')));
        const box = await page.locator('.nav-item svg use').first().boundingBox();
        assert.ok(box.width > 5);
    });
});

describe('the board', () => {
    const moved = (to) => () => ({ body: { moved: true, stage: to, undo: '/jobs/4139/stage/undo' } });

    test('a card dragged to another lane is posted with where it came from', async () => {
        server.answers.set('POST /jobs/4139/stage', moved('cad'));
        page = await open('/board');
        const card = await page.locator('[data-job="4139"]').boundingBox();
        const lane = await page.locator('[data-stage="cad"]').boundingBox();
        await page.mouse.move(card.x + 80, card.y + 40);
        await page.mouse.down();
        await page.mouse.move(card.x + 100, card.y + 60, { steps: 4 });
        await page.mouse.move(lane.x + 90, lane.y + 60, { steps: 12 });
        await page.mouse.up();
        await eventually(() => assert.equal(posts('POST /jobs/4139/stage').length, 1));
        const sent = fields(posts('POST /jobs/4139/stage')[0]);
        assert.equal(sent.from, 'enquiry');
        assert.equal(sent.to, 'cad');
        assert.equal(sent.csrf, 'token-of-the-test');
        assert.match(sent.idempotency_key, /^[0-9a-f]{32}$/);
        assert.equal(posts('POST /jobs/4139/stage')[0].headers.accept, 'application/json');
        await page.getByText('Moved to CAD').waitFor();
        assert.equal(new URL(page.url()).pathname, '/board');
    });

    test('a card dropped where it was stays and posts nothing', async () => {
        page = await open('/board');
        const card = await page.locator('[data-job="4139"]').boundingBox();
        await page.mouse.move(card.x + 80, card.y + 40);
        await page.mouse.down();
        await page.mouse.move(card.x + 110, card.y + 80, { steps: 6 });
        await page.mouse.up();
        await page.waitForTimeout(150);
        assert.equal(await stage_of(4139), 'enquiry');
        assert.equal(server.requests.filter(({ name }) => name.startsWith('POST')).length, 0);
        assert.equal(new URL(page.url()).pathname, '/board');
    });

    test('Escape leaves a drag', async () => {
        page = await open('/board');
        const card = await page.locator('[data-job="4139"]').boundingBox();
        const lane = await page.locator('[data-stage="cad"]').boundingBox();
        await page.mouse.move(card.x + 80, card.y + 40);
        await page.mouse.down();
        await page.mouse.move(lane.x + 90, lane.y + 60, { steps: 12 });
        await page.keyboard.press('Escape');
        await page.mouse.up();
        await page.waitForTimeout(150);
        assert.equal(await stage_of(4139), 'enquiry');
        assert.equal(posts('POST /jobs/4139/stage').length, 0);
    });

    test('] moves the focused card on, and is greyed until the answer came', async () => {
        let answer;
        server.answers.set(
            'POST /jobs/4139/stage',
            () => new Promise((done) => (answer = () => done({ body: { moved: true } }))),
        );
        page = await open('/board');
        await page.focus('[data-job="4139"] h3 a');
        await page.keyboard.press(']');
        await eventually(async () => assert.equal(await stage_of(4139), 'consultation'));
        assert.ok(await page.locator('[data-job="4139"].is-pending').count());
        assert.equal(await page.evaluate(() => document.activeElement.closest('[data-job]')?.dataset.job), '4139');
        await eventually(() => answer());
        await page.locator('[data-job="4139"]:not(.is-pending)').waitFor();
    });

    test('going back asks for a note and sends it', async () => {
        server.answers.set('POST /jobs/4118/stage', () => ({ body: { moved: true } }));
        page = await open('/board');
        await page.focus('[data-job="4118"] h3 a');
        await page.keyboard.press('[');
        const note = page.getByLabel('Note');
        await note.waitFor();
        assert.equal(posts('POST /jobs/4118/stage').length, 0);
        await note.fill('The halo is too high');
        await page.getByRole('button', { name: 'Move to CAD' }).click();
        await eventually(() => assert.equal(posts('POST /jobs/4118/stage').length, 1));
        assert.equal(fields(posts('POST /jobs/4118/stage')[0]).note, 'The halo is too high');
    });

    test('leaving the question leaves the card', async () => {
        page = await open('/board');
        await page.focus('[data-job="4118"] h3 a');
        await page.keyboard.press('[');
        await page.getByLabel('Note').waitFor();
        await page.keyboard.press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
        assert.equal(await stage_of(4118), 'approval');
        assert.equal(posts('POST /jobs/4118/stage').length, 0);
        assert.equal(await page.evaluate(() => document.activeElement.closest('[data-job]')?.dataset.job), '4118');
    });

    test('a move that came second shows where the card is and who moved it', async () => {
        server.answers.set('POST /jobs/4139/stage', () => ({ body: { moved: false, stage: 'approval', by: 'Theo Marsh' } }));
        const html = server.pages.get('/board');
        page = await open('/board');
        server.answers.set('GET /board', () =>
            html.replace(/<li><article class="job-card" data-job="4139">[^]*?<\/article><\/li>/, ''),
        );
        await page.focus('[data-job="4139"] h3 a');
        await page.keyboard.press(']');
        await page.getByText('Theo Marsh has moved Wedding bands, pair to Approval').waitFor();
    });

    test('a refused move goes back and says why', async () => {
        server.answers.set('POST /jobs/4139/stage', () => ({
            status: 422,
            type: 'application/problem+json',
            body: { title: 'Refused', detail: '#004139 has no customer yet. Choose one first.' },
        }));
        page = await open('/board');
        await page.focus('[data-job="4139"] h3 a');
        await page.keyboard.press(']');
        await page.getByText('#004139 has no customer yet').waitFor();
        assert.equal(await stage_of(4139), 'enquiry');
        complaints = complaints.filter((text) => !/422/.test(text));
    });

    test('Undo posts to the address that the answer gave', async () => {
        server.answers.set('POST /jobs/4139/stage', moved('consultation'));
        server.answers.set('POST /jobs/4139/stage/undo', () => ({ body: { message: 'Back in Enquiry' } }));
        page = await open('/board');
        await page.focus('[data-job="4139"] h3 a');
        await page.keyboard.press(']');
        await page.getByRole('button', { name: 'Undo' }).click();
        await page.getByText('Back in Enquiry').waitFor();
        assert.equal(posts('POST /jobs/4139/stage/undo').length, 1);
    });

    test('arrows go between cards and lanes, M opens the menu, whose buttons move', async () => {
        server.answers.set('POST /jobs/4121/stage', () => ({ body: { moved: true } }));
        page = await open('/board');
        await page.focus('[data-job="4141"] h3 a');
        const focused = () => page.evaluate(() => document.activeElement.closest('[data-job]')?.dataset.job);
        await page.keyboard.press('ArrowDown');
        assert.equal(await focused(), '4139');
        await page.keyboard.press('ArrowRight'); /* over the empty lane */
        assert.equal(await focused(), '4121');
        await page.keyboard.press('m');
        await eventually(async () => assert.ok(await page.locator('[data-job="4121"] details[open]').count()));
        await page.locator('[data-job="4121"] button[value="approval"]').click();
        await eventually(() => assert.equal(posts('POST /jobs/4121/stage').length, 1));
        assert.equal(fields(posts('POST /jobs/4121/stage')[0]).to, 'approval');
    });

    test('a finger drags after resting on the card', async () => {
        const touch = await browser.newContext({ viewport: { width: 900, height: 900 }, hasTouch: true });
        await context.close();
        context = touch;
        server.answers.set('POST /jobs/4139/stage', () => ({ body: { moved: true } }));
        page = await open('/board');
        const card = await page.locator('[data-job="4139"]').boundingBox();
        const lane = await page.locator('[data-stage="consultation"]').boundingBox();
        const client = await context.newCDPSession(page);
        const touch_at = (type, x, y) =>
            client.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
        await touch_at('touchStart', card.x + 80, card.y + 60);
        await page.waitForTimeout(350);
        for (let i = 1; i <= 10; i++)
            await touch_at('touchMove', card.x + 80 + ((lane.x - card.x) * i) / 10, card.y + 60 - i * 3);
        await touch_at('touchEnd');
        await eventually(() => assert.equal(posts('POST /jobs/4139/stage').length, 1));
    });
});

describe('live', () => {
    const changed = (html) => html.replace('Morganite cushion</a>', 'Morganite cushion, 18ct rose</a>');

    test('an event brings the new state without touching focus', async () => {
        page = await open('/board');
        await eventually(() => assert.equal(server.streams.size, 1));
        await page.focus('[data-job="4118"] h3 a');
        server.answers.set('GET /board', changed(server.pages.get('/board')));
        server.say({ topic: 'job', id: 4121 });
        await page.getByText('Morganite cushion, 18ct rose').waitFor();
        assert.equal(await page.evaluate(() => document.activeElement.closest('[data-job]')?.dataset.job), '4118');
    });

    test('focus follows a card that somebody else moved', async () => {
        page = await open('/board');
        await eventually(() => assert.equal(server.streams.size, 1));
        await page.focus('[data-job="4121"] h3 a');
        const html = server.pages.get('/board');
        const card = html.match(/<li><article class="job-card" data-job="4121">[^]*?<\/article><\/li>/)[0];
        server.answers.set(
            'GET /board',
            html.replace(card, '').replace('data-stage="approval">', `data-stage="approval">${card}`),
        );
        server.say({ topic: 'job', id: 4121 });
        await eventually(async () => assert.equal(await stage_of(4121), 'approval'));
        assert.equal(await page.evaluate(() => document.activeElement.closest('[data-job]')?.dataset.job), '4121');
    });

    test('two pages of a browser share one stream and both follow', async () => {
        page = await open('/board');
        await eventually(() => assert.equal(server.streams.size, 1));
        const second = await open('/board');
        await second.waitForTimeout(300);
        assert.equal(server.streams.size, 1);
        server.answers.set('GET /board', changed(server.pages.get('/board')));
        server.say({ topic: 'job', id: 4121 });
        await page.getByText('Morganite cushion, 18ct rose').waitFor();
        await second.getByText('Morganite cushion, 18ct rose').waitFor();
        await page.close();
        page = second;
        await eventually(() => assert.equal(server.streams.size, 1));
    });

    test('a lost stream is told, and its return fetches what was missed', async () => {
        page = await open('/board');
        await eventually(() => assert.equal(server.streams.size, 1));
        await page.route('**/live', (route) => route.abort());
        for (const stream of server.streams) stream.destroy();
        await page.getByText(/^Not live since \d\d:\d\d$/).waitFor({ timeout: 9000 });
        server.answers.set('GET /board', changed(server.pages.get('/board')));
        await page.unroute('**/live');
        await page.getByText('Morganite cushion, 18ct rose').waitFor({ timeout: 20000 });
        assert.ok(await page.locator('[data-live-state]').isHidden());
        complaints = complaints.filter((text) => !/ERR_FAILED|live|INCOMPLETE/.test(text));
    });
});

describe('morphing', () => {
    /* The scripts are one bundle; the part under test is given to the page as a module. */
    const morph_in = (old, fresh, prepare = () => {}) =>
        page.evaluate(
            async ([before_html, after_html, prepare_text]) => {
                const { morph } = await import('/scripts/morph.js');
                const host = document.createElement('div');
                host.innerHTML = before_html;
                document.body.append(host);
                const keep = [...host.querySelectorAll('*')];
                new Function('host', `(${prepare_text})(host)`)(host);
                const next = document.createElement('div');
                next.innerHTML = after_html;
                morph(host, next);
                return {
                    html: host.innerHTML,
                    values: [...host.querySelectorAll('input, textarea, select')].map((e) => e.value),
                    same: [...host.querySelectorAll('*')].filter((e) => keep.includes(e)).length,
                };
            },
            [old, fresh, String(prepare)],
        );

    beforeEach(async () => {
        const { readFile } = await import('node:fs/promises');
        const text = await readFile(new URL('../scripts/morph.js', import.meta.url), 'utf8');
        server.answers.set('GET /scripts/morph.js', { type: 'text/javascript', body: text });
        context = await browser.newContext({ bypassCSP: true });
        page = await open('/intake');
    });

    test('makes the children those of the server, keeping the elements', async () => {
        const { html, same } = await morph_in('<p>a</p><p>b</p>', '<p>a</p><p class="x">c</p><p>d</p>');
        assert.equal(html, '<p>a</p><p class="x">c</p><p>d</p>');
        assert.equal(same, 2);
    });

    test('moves what has a key instead of making it again', async () => {
        const li = (n) => `<li><article data-job="${n}">${n}</article></li>`;
        const { html, same } = await morph_in(`<ol>${li(1)}${li(2)}${li(3)}</ol>`, `<ol>${li(3)}${li(1)}${li(4)}</ol>`);
        assert.equal(html, `<ol>${li(3)}${li(1)}${li(4)}</ol>`);
        assert.equal(same, 5);
    });

    test('comes out like the server’s for any two lists', async () => {
        let seed = 7;
        const random = (n) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % n;
        const piece = () => {
            const n = random(9);
            return [`<li id="n${n}">${random(3)}</li>`, `<p>${n}</p>`, `text${n}`, `<li><article data-job="${n}">x</article></li>`, `<div data-key="${n}"><b>${random(4)}</b></div>`][random(5)];
        };
        const list = () => {
            const seen = new Set();
            return [...Array(random(9))].map(piece).filter((html) => {
                const key = html.match(/(id|data-job|data-key)="n?\d"/)?.[0];
                return !key || (!seen.has(key) && seen.add(key));
            });
        };
        for (let round = 0; round < 150; round++) {
            const fresh = list().join('');
            const before_html = list().join('');
            assert.equal((await morph_in(before_html, fresh)).html, fresh, `from ${before_html}`);
        }
    });

    test('leaves half-typed text and what belongs to its form', async () => {
        const form = (version, value) =>
            `<form><input type="hidden" name="version" value="${version}"><input name="a" value="${value}"><textarea>${value}</textarea></form>`;
        const untouched = await morph_in(form(1, 'x'), form(2, 'y'));
        assert.deepEqual(untouched.values, ['2', 'y', 'y']);
        const typed = await morph_in(form(1, 'x'), form(2, 'y'), (host) => (host.querySelector('[name=a]').value = 'mine'));
        assert.deepEqual(typed.values, ['1', 'mine', 'x']);
    });

    test('leaves an opened menu open and what is marked to keep', async () => {
        const { html } = await morph_in('<details><summary>m</summary></details><p data-keep="">mine</p>', '<details><summary>n</summary></details>', (host) => (host.querySelector('details').open = true));
        assert.equal(html, '<details open=""><summary>n</summary></details><p data-keep="">mine</p>');
    });

    test('a chosen option and a ticked box stay, unchosen ones follow the server', async () => {
        const html = (one) => `<select><option value="1"${one === 1 ? ' selected' : ''}>1</option><option value="2"${one === 2 ? ' selected' : ''}>2</option></select>`;
        assert.deepEqual((await morph_in(html(1), html(2))).values, ['2']);
        assert.deepEqual((await morph_in(html(1), `${html(1)}<p>new</p>`, (host) => (host.querySelector('select').value = '2'))).values, ['2']);
    });
});

describe('keys', () => {
    const focused = () => page.evaluate(() => document.activeElement.id);

    test('/ and Ctrl K go to the search, from fields only the latter', async () => {
        server.answers.set('GET /commands/options', '<ul></ul>');
        server.answers.set('GET /search/options', '<ul></ul>');
        page = await open('/board');
        await page.keyboard.press('/');
        assert.equal(await focused(), 'q');
        assert.equal(await page.inputValue('#q'), '');
        await page.keyboard.press('Escape');
        assert.notEqual(await focused(), 'q');
        await page.keyboard.press('Control+k');
        assert.equal(await focused(), 'q');
        await page.keyboard.type('n/');
        assert.equal(await page.inputValue('#q'), 'n/');
    });

    test('a scan opens what it is, whole, and starts nothing else', async () => {
        server.answers.set('GET /scan', '<!doctype html><title>Found</title>');
        page = await open('/board');
        /* In one task, as fast as a scanner types, however busy the machine is. */
        await page.evaluate(() => {
            for (const key of ['n', '4', '1', '1', '8', 'Enter'])
                document.body.dispatchEvent(
                    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
                );
        });
        await page.waitForURL('**/scan?code=n4118');
    });

    test('N makes a new job, G then C goes to the customers', async () => {
        server.answers.set('GET /customers', '<!doctype html><title>Customers</title>');
        page = await open('/board');
        await page.keyboard.press('n');
        await page.waitForURL('**/intake');
        await page.goto(`${server.url}/board`);
        await page.keyboard.press('n');
        await page.keyboard.press('2');
        await page.waitForURL('**/intake?kind=repair');
        await page.goto(`${server.url}/board`);
        await page.keyboard.press('g');
        await page.keyboard.press('c');
        await page.waitForURL('**/customers');
    });

    test('? shows the keys that work here, and letters can be switched off', async () => {
        const row = (keys, more = '') => `<div ${more}><dt><kbd>${keys}</kbd></dt><dd>${keys}</dd></div>`;
        server.answers.set('GET /keys/list', `<dialog class="dialog" id="keys-help" aria-labelledby="k"><h2 id="k">Keys</h2>
            <dl>${row('N', 'data-when="nav"')}${row('GC', 'data-go-key="c"')}${row('GR', 'data-go-key="r"')}</dl>
            <section><h3>Here</h3><dl data-here></dl></section><button data-close>Close</button></dialog>`);
        page = await open('/board');
        await page.keyboard.press('?');
        await page.getByRole('dialog', { name: 'Keys' }).waitFor();
        assert.deepEqual(await page.locator('#keys-help dt').allInnerTexts(), ['N', 'GC', 'GR'].slice(0, await page.locator('.nav a[href="/reports"]').count() ? 3 : 2));
        await page.keyboard.press('Escape');
        await page.locator('#keys-help').waitFor({ state: 'detached' });
        await page.evaluate(() => (document.body.dataset.keys = 'off'));
        await page.keyboard.press('?');
        await page.waitForTimeout(120);
        assert.equal(await page.locator('#keys-help').count(), 0);
    });
});

describe('the intake form', () => {
    const OPTIONS =
        '<ul><li role="option" data-value="12" data-label="Whitcombe, Eleanor"><span><b>Whitcombe, Eleanor</b></span></li><li role="option" data-value=""><span><b>Add a customer</b></span></li></ul>';
    beforeEach(() => {
        server.answers.set('GET /customers/lookup', OPTIONS);
        server.answers.set('POST /jobs/estimate', (body) => {
            const title = new URLSearchParams(body).get('title');
            return `<section class="card promise" aria-live="polite" data-estimate-target="price"><div class="promise-top"><strong class="big num">£${title.length},000</strong></div></section>`;
        });
    });

    test('a customer is found by typing and chosen by keys', async () => {
        page = await open('/intake');
        await page.fill('#cust', 'whit');
        await page.getByRole('option').first().waitFor();
        assert.equal(await page.getAttribute('#cust', 'aria-expanded'), 'true');
        const active = await page.getAttribute('#cust', 'aria-activedescendant');
        assert.equal(await page.getAttribute(`#${active}`, 'aria-selected'), 'true');
        await page.focus('#cust');
        await page.keyboard.press('Enter');
        assert.equal(await page.inputValue('#cust'), 'Whitcombe, Eleanor');
        assert.equal(await page.inputValue('[name=customer]'), '12');
        assert.equal(posts('POST /jobs').length, 0);
        await page.locator('#cust').press('x');
        assert.equal(await page.inputValue('[name=customer]'), '');
    });

    test('adding opens the fields for a new one', async () => {
        page = await open('/intake');
        await page.fill('#cust', 'Nobody Yet');
        await page.getByRole('option', { name: 'Add' }).click();
        assert.equal(await focused_name(), 'name');
        assert.equal(await page.inputValue('#name'), 'Nobody Yet');
    });
    const focused_name = () => page.evaluate(() => document.activeElement.name);

    test('the price follows what is typed', async () => {
        page = await open('/intake');
        await page.fill('#title', 'Halo');
        await page.getByText('£4,000').waitFor();
        assert.ok(!('idempotency_key' in fields(posts('POST /jobs/estimate')[0])));
    });

    test('what was typed is there again after a reload, and goes when discarded', async () => {
        page = await open('/intake');
        await page.fill('#title', 'Toi et moi');
        await page.check('[value=rose]');
        await page.getByText(/Draft saved/).waitFor();
        await page.reload();
        await page.getByText(/Draft of .* restored/).waitFor();
        assert.equal(await page.inputValue('#title'), 'Toi et moi');
        assert.ok(await page.isChecked('[value=rose]'));
        await page.getByRole('button', { name: 'Discard' }).click();
        assert.equal(await page.inputValue('#title'), '');
        await page.waitForTimeout(500);
        await page.reload();
        assert.equal(await page.locator('.draft-note').count(), 0);
        assert.equal(await page.inputValue('#title'), '');
    });

    test('a sent form is sent once and leaves no draft', async () => {
        server.answers.set('POST /jobs', async () => {
            await new Promise((rest) => setTimeout(rest, 300));
            return { status: 303, headers: { Location: '/board' }, body: '' };
        });
        page = await open('/intake');
        await page.fill('#title', 'Halo');
        await page.getByText(/Draft saved/).waitFor();
        await page.locator('#title').press('Control+Enter');
        await page.keyboard.press('Control+Enter');
        await page.waitForURL('**/board');
        assert.equal(posts('POST /jobs').length, 1);
        assert.equal(fields(posts('POST /jobs')[0]).idempotency_key, 'k1');
        assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), []);
    });

    test('faults keep the draft', async () => {
        server.answers.set('POST /jobs', () => ({
            status: 422,
            type: 'text/html',
            body: server.pages.get('/intake').replace('id="desc"', 'id="desc" aria-invalid="true"'),
        }));
        page = await open('/intake');
        await page.fill('#title', 'Halo');
        await page.getByText(/Draft saved/).waitFor();
        await page.click('button[type=submit]');
        await page.locator('[aria-invalid]').waitFor();
        assert.equal((await page.evaluate(() => Object.keys(localStorage))).length, 1);
        complaints = complaints.filter((text) => !/422/.test(text));
    });

    test('a file goes with progress, a fresh key each time, and a refusal is told', async () => {
        const answers = [
            { status: 415, type: 'application/problem+json', body: { detail: 'ring.png is no picture. Nothing was stored.' } },
            { status: 201, body: { message: 'ring.png is in Files' } },
        ];
        server.answers.set('POST /jobs/7/files', () => answers.shift());
        page = await open('/intake');
        const file = { name: 'ring.png', mimeType: 'image/png', buffer: Buffer.alloc(200000, 1) };
        await page.setInputFiles('input[type=file]', file);
        await page.getByText('ring.png is no picture').waitFor();
        const reloaded = page.waitForEvent('load');
        await page.setInputFiles('input[type=file]', []);
        await page.setInputFiles('input[type=file]', file);
        await reloaded;
        const keys = posts('POST /jobs/7/files').map(({ body }) => body.match(/idempotency_key"\r\n\r\n(\w+)/)[1]);
        assert.equal(new Set(keys).size, 2);
        complaints = complaints.filter((text) => !/415/.test(text));
    });

    test('a file over the limit is not sent at all', async () => {
        page = await open('/intake');
        await page.evaluate(() => (document.querySelector('[data-upload]').dataset.maxBytes = '1000'));
        await page.setInputFiles('input[type=file]', { name: 'big.png', mimeType: 'image/png', buffer: Buffer.alloc(5000) });
        await page.getByText(/big.png has .* MB/).waitFor();
        assert.equal(posts('POST /jobs/7/files').length, 0);
    });
});
