/* Keys, and scanners, outside of fields. Letters wait a moment: they may be the start of a scan.
 *
 * A page gives a key to a control by data-key="e"; the navigation's links by data-go="j". Letters can
 * be switched off by <body data-keys="off">; the search then still answers to Ctrl or ⌘ K. What a scanner
 * sends goes to the page's form[data-scan], else it opens what it is. What is needed only when it is
 * asked for, the list under the search and the list of keys, is in palette.js. */
import { board_key } from './board.js';
import { all, find, in_field, on } from './dom.js';
import { forget, go_link, job_here, remember, rows_of, visible } from './reach.js';
import { Burst, GAP, english_key } from './scanner.js';

const KINDS = { 1: 'custom', 2: 'repair', 3: 'stock' };
const CHORD = 1500; /* ms in which the second key of two must come */

/* The palette, fetched the first time that somebody searches. */
function palette(what) {
    const app = find('script[src*="/app.js"]')?.src;
    if (!app) return;
    import(app.replace('/app.js', '/palette.js')).then(
        () => document.dispatchEvent(new CustomEvent(`palette:${what}`)),
        () => {}, /* the field still works as a form */
    );
}

const search_field = () => find('.topbar form.search input, form[action$="/search"] input[type=search]');

function focus_search(text) {
    const field = search_field();
    if (!field) return false;
    if (field.offsetParent === null) {
        /* On a phone the field is a page of its own. */
        location.assign(text ? '/commands' : field.form?.action || '/search');
        return true;
    }
    field.focus();
    if (text) {
        field.value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
    } else field.select();
    return true;
}

function scanned(code, keys) {
    const form = find('form[data-scan]');
    if (!form) {
        location.assign(`/scan?${new URLSearchParams(keys === code ? { code } : { code, keys })}`);
        return;
    }
    form.elements.code.value = code;
    form.elements.keys.value = keys;
    form.requestSubmit();
}

function use(control) {
    if (!control) return false;
    if (control.matches('input:not([type=checkbox], [type=radio]), textarea, select')) control.focus();
    else control.click();
    return true;
}

const control_for = (key) => all(`[data-key="${CSS.escape(key)}"]`).find(visible);

const JOB_KEYS = { a: '/edit#f-salesperson', d: '/edit#f-promised_day', m: '/move', '[': '/move' };

function walk_rows(step) {
    const rows = rows_of();
    const focus = document.activeElement;
    const at = rows.indexOf(focus);
    if (!rows.length || (at < 0 && focus !== document.body && focus?.id !== 'main')) return false;
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
    next?.focus();
    return !!next;
}

let first = null; /* G or N was pressed: until then the next key belongs to it */

function after_first(key) {
    const { name, timer } = first;
    first = null;
    clearTimeout(timer);
    if (name === 'n') {
        const url = new URL(find('a.btn-new').href);
        if (KINDS[key]) url.searchParams.set('kind', KINDS[key]);
        location.assign(url);
        return !!KINDS[key];
    }
    return use(go_link(key));
}

function act(event) {
    const key = event.key.toLowerCase();
    if (first && after_first(key)) return true;
    if (board_key(event)) return true;
    if (use(control_for(key))) return true;
    if (key === 'g') {
        first = { name: 'g', timer: setTimeout(() => (first = null), CHORD) };
        return true;
    }
    if (key === 'n' && find('a.btn-new')) {
        first = { name: 'n', timer: setTimeout(after_first, 450, '') };
        return true;
    }
    if (key === '?') palette('keys');
    else if (key === '>') focus_search('>');
    else if (/^\d$/.test(key)) return use(all('.stagestrip a')[key === '0' ? 9 : key - 1]);
    else if (JOB_KEYS[key] && job_here()) location.assign(`/jobs/${job_here()}${JOB_KEYS[key]}`);
    else return false;
    return true;
}

/* In the field of a page for scanners the same code is kept as its keys are elsewhere. */
function start_scan_field() {
    const form = find('form[data-scan]');
    if (!form) return;
    const field = form.elements.code;
    const burst = new Burst();
    field.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' || (event.key === 'Tab' && burst.is_scan)) {
            form.elements.keys.value = burst.feed('Enter', event.timeStamp) ? burst.english : '';
            if (event.key === 'Tab') {
                event.preventDefault();
                form.requestSubmit();
            }
        } else burst.feed(event.key, event.timeStamp, english_key(event));
    });
}

const RECENT = /^\/(jobs|customers|invoices|quotes|stock|vendors)\/\d+$/;
function start_recent() {
    const url = location.pathname;
    const title = find('main h1')?.textContent.trim();
    const sub = find('main h1 + p')?.innerText.trim().replace(/\s+/g, ' ').slice(0, 60);
    if (RECENT.test(url) && title && !find('main .lost')) remember('opened', { url, title, sub }, (each) => each.url === url);
    on('submit', 'form[action="/sign-out"]', forget);
}

export function start_keys() {
    start_scan_field();
    start_recent();
    on('focusin', 'form[action$="/search"] input[type=search]', () => palette('open'));
    if (in_field(document.activeElement) && document.activeElement.matches('form[action$="/search"] input')) palette('open');
    const meant = location.hash && document.getElementById(location.hash.slice(1));
    if (meant && in_field(meant)) meant.focus();
    const burst = new Burst();
    let pending = [];
    let timer = 0;
    const letters = () => document.body.dataset.keys !== 'off';
    const play = () => {
        const events = pending;
        pending = [];
        timer = 0;
        if (!burst.is_scan && letters() && !find('dialog[open]')) events.forEach(act);
    };

    document.addEventListener('keydown', (event) => {
        if (event.defaultPrevented || event.isComposing) return;
        if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
            if (focus_search()) event.preventDefault();
            return;
        }
        if (event.key === 'Escape') {
            if (board_key(event)) event.preventDefault();
            else if (event.target.matches?.('input[type=search]')) event.target.blur();
            return;
        }
        const shortcut = event.ctrlKey || event.metaKey || event.altKey;
        /* AltGr is how many keyboards write [ and ]. */
        if (shortcut && !event.getModifierState('AltGraph')) return;
        if (in_field(event.target) || find('dialog[open]')) return;
        if (event.key.startsWith('Arrow')) {
            const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            if (board_key(event) || (step && walk_rows(step))) event.preventDefault();
            return;
        }
        if (event.key === 'Tab' && !burst.is_scan) return;
        const code = burst.feed(event.key, event.timeStamp, english_key(event));
        if (code) {
            event.preventDefault();
            clearTimeout(timer);
            pending = [];
            scanned(code, burst.english);
            return;
        }
        if (event.key.length !== 1 || event.key === ' ' || event.repeat) return;
        if (event.key === '/' && burst.keys.length === 1) {
            if (focus_search()) event.preventDefault();
            return;
        }
        pending.push(event);
        clearTimeout(timer);
        timer = setTimeout(play, GAP + 5);
    });
}
