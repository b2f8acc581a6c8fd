// Chromium, as a person at the counter or a customer on a phone has it.

import assert from 'node:assert/strict';
import {mkdir, readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {owner, root, tree} from './shop.mjs';

const require = createRequire(join(root, 'web/package.json'));
export const axeRules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Starts Chromium; close() it at the end. It asks nobody outside for anything. */
export function browser() {
    return require('playwright-core').chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
            '--disable-background-networking', '--disable-component-update', '--disable-dev-shm-usage',
            '--disable-default-apps', '--disable-features=OptimizationHints,MediaRouter'],
    });
}

/**
 * A page of its own cookies, looking at the shop. options: phone, dark, javaScript (default true),
 * client (what signIn gave: its session is taken over), width, height.
 *
 * page.problems() are what must not happen on any page: reports of the content policy, script errors,
 * answers of 500 and more, files that are not there.
 */
export async function openPage(chromium, shop, {phone = false, dark = false, javaScript = true, client,
    width = 1440, height = 900, locale = 'en-GB', ...options} = {}) {
    const context = await chromium.newContext({
        baseURL: shop.url,
        javaScriptEnabled: javaScript,
        colorScheme: dark ? 'dark' : 'light',
        viewport: phone ? {width: 390, height: 844} : {width, height},
        ...(phone ? {hasTouch: true, isMobile: true, deviceScaleFactor: 2} : {}),
        reducedMotion: 'reduce',
        ignoreHTTPSErrors: true,
        locale,
        timezoneId: 'Europe/London',
        ...options,
    });
    context.setDefaultTimeout(20000);
    if (client)
        await context.addCookies([...client.cookies].map(([name, value]) => ({name, value, url: shop.url})));
    const page = await context.newPage();
    watch(page);
    return page;
}

function watch(page) {
    const problems = [];
    page.on('pageerror', (error) => problems.push(`script: ${error.stack ?? error}`));
    page.on('console', (message) => {
        const text = message.text();
        if (/content security policy|refused to/i.test(text))
            problems.push(`policy: ${text}`);
        else if (message.type() === 'error' && !/Failed to load resource/.test(text))
            problems.push(`console: ${text}`);
    });
    page.on('response', (response) => {
        const path = new URL(response.url()).pathname;
        if (response.status() >= 500 || (response.status() === 404 && path.startsWith('/static/')))
            problems.push(`${response.status()} ${response.request().method()} ${path}`);
    });
    page.on('request', (request) => {
        const {protocol, hostname} = new URL(request.url());
        if (/^(https?|wss?):$/.test(protocol) && !['127.0.0.1', 'localhost'].includes(hostname))
            problems.push(`asked a stranger: ${request.url()}`);
    });
    page.problems = () => problems;
}

/** Nothing of what must not happen has happened on this page. */
export function checkProblems(page) {
    assert.deepEqual(page.problems(), []);
}

/** The content policy's reports so far. */
export function collectCsp(page) {
    return page.problems().filter((each) => each.startsWith('policy: '));
}

/** Signs in on the page as a person does. */
export async function signInPage(page, email = owner.email, password = owner.password) {
    await page.goto('/sign-in');
    await page.fill('input[name=email]', email);
    await page.fill('input[name=password]', password);
    await Promise.all([
        page.waitForURL((url) => !url.pathname.endsWith('/sign-in')),
        page.press('input[name=password]', 'Enter'),
    ]);
}

let axeSource;

/** axe-core finds nothing on the page as it now is. Runs beside the page's policy, not under it. */
export async function checkAxe(page, {within: selector, rules = axeRules} = {}) {
    axeSource ??= await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
    const devtools = await page.context().newCDPSession(page);
    try {
        await devtools.send('Runtime.evaluate', {expression: axeSource});
        const scope = selector ? JSON.stringify(selector) : 'document';
        const {result, exceptionDetails} = await devtools.send('Runtime.evaluate', {
            expression: `axe.run(${scope}, {runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations']})
                .then((found) => JSON.stringify(found.violations.map((each) => ({
                    rule: each.id, says: each.help,
                    where: each.nodes.map((node) => node.html.slice(0, 200) + ' — ' +
                        (node.failureSummary || '').split('\\n').slice(1).join(' ').trim()),
                }))))`,
            awaitPromise: true, returnByValue: true,
        });
        if (exceptionDetails)
            throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        const found = JSON.parse(result.value);
        if (found.length > 0)
            assert.fail(`axe on ${page.url()}:\n` + found.map(({rule, says, where}) =>
                `${rule}: ${says}\n    ${where.join('\n    ')}`).join('\n'));
    } finally {
        await devtools.detach();
    }
}

/** The page does not scroll sideways; names what sticks out. */
export async function checkNoOverflow(page) {
    const out = await page.evaluate(() => {
        const wide = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= wide)
            return [];
        const scrolls = (element) => {
            for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
                if (getComputedStyle(at).overflowX !== 'visible')
                    return true;
            return false;
        };
        const found = [...document.body.querySelectorAll('*')]
            .filter((each) => each.getBoundingClientRect().right > wide + 0.5 && !scrolls(each))
            .map((each) => `${each.tagName.toLowerCase()}.${each.getAttribute('class') ?? ''} to ` +
                `${Math.round(each.getBoundingClientRect().right)} of ${wide}`);
        return found.length ? found.slice(0, 12) : [`${document.documentElement.scrollWidth} of ${wide}`];
    });
    if (out.length > 0)
        assert.fail(`${page.url()} scrolls sideways:\n${out.join('\n')}`);
}

/** A picture of the whole page in build-test/screens/, for people to look at. */
export async function screenshot(page, name) {
    const path = join(tree, 'screens', `${name}.png`);
    await mkdir(dirname(path), {recursive: true});
    await page.screenshot({path, fullPage: true, animations: 'disabled'});
    return path;
}

/** What every page must keep: no axe finding, no sideways scrolling, no problem. */
export async function checkPage(page, name) {
    if (name)
        await screenshot(page, name);
    await checkNoOverflow(page);
    await checkAxe(page);
    checkProblems(page);
}
