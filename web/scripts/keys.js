/* Keys, and scanners, outside of fields. Letters wait a moment: they may be the start of a scan.
 *
 * A page gives a key to a control by data-key="e"; the navigation's links by data-go="j". Letters can
 * be switched off by <body data-keys="off">; the search then still answers to Ctrl or ⌘ K. */
import { board_key } from './board.js';
import { all, find, in_field, make } from './dom.js';
import { Burst, GAP } from './scanner.js';
import { t } from './words.js';

const GO = { t: '/', j: '/jobs', s: '/schedule', c: '/customers', r: '/reports' };
const HELP = [
    ['/', 'Search, jump, scan'],
    ['N', 'New job'],
    ['G, then T J S C R', 'Go to Today, Jobs, Schedule, Customers, Reports'],
    ['Arrows', 'Between cards'],
    ['Enter', 'Open'],
    [']', 'Next stage'],
    ['[', 'Stage back'],
    ['M', 'Stage menu'],
    ['P', 'Take payment'],
    ['E', 'Edit'],
    ['C', 'Comment'],
    ['Ctrl Enter', 'Send the form'],
    ['Esc', 'Close, leave, cancel a drag'],
    ['?', 'This list'],
];

const search_field = () => find('form[role="search"] input[type="search"], form.search input');

function focus_search() {
    const field = search_field();
    if (!field) return false;
    if (field.offsetParent === null) {
        /* On a phone the field is a page of its own. */
        location.assign(field.form?.action || '/search');
        return true;
    }
    field.focus();
    field.select();
    return true;
}

function search_for(code) {
    const field = search_field();
    if (!field) return;
    field.value = code;
    field.form.requestSubmit();
}

function use(control) {
    if (!control) return false;
    if (control.matches('input:not([type=checkbox], [type=radio]), textarea, select')) control.focus();
    else control.click();
    return true;
}

const visible = (element) => element.offsetParent !== null || element.getClientRects().length > 0;
const control_for = (key) => all(`[data-key="${CSS.escape(key)}"]`).find(visible);

function go(key) {
    const link =
        find(`[data-go="${CSS.escape(key)}"]`) ?? (GO[key] && find(`.nav a[href="${GO[key]}"], .tabbar a[href="${GO[key]}"]`));
    if (!link) return false;
    location.assign(link.href);
    return true;
}

let going = 0; /* G was pressed: until then the next letter is a place */

function act(event) {
    const key = event.key.toLowerCase();
    if (going > event.timeStamp) {
        going = 0;
        if (go(key)) return true;
    }
    if (board_key(event)) return true;
    if (use(control_for(key))) return true;
    if (key === 'g') {
        going = event.timeStamp + 1500;
        return true;
    }
    if (key === 'n') return use(find('a.btn-new, .topbar-actions a.btn-primary'));
    if (key === '?') {
        show_help();
        return true;
    }
    if (/^\d$/.test(key)) return use(all('.stagestrip a')[key === '0' ? 9 : key - 1]);
    return false;
}

function show_help() {
    if (find('#keys-help')) return;
    const mac = /Mac|iP(hone|ad)/.test(navigator.platform);
    const list = make('dl', { class: 'keys' });
    for (const [key, what] of HELP)
        list.append(make('div', {}, make('dt', {}, make('kbd', {}, mac ? key.replace('Ctrl', '⌘') : key)), make('dd', {}, t(what))));
    const dialog = make(
        'dialog',
        { class: 'dialog', id: 'keys-help', 'aria-labelledby': 'keys-title', 'data-keep': true },
        make('header', {}, make('h2', { id: 'keys-title' }, t('Keys'))),
        make('div', { class: 'body' }, list),
        make('footer', {}, make('button', { class: 'btn', type: 'button', 'data-close': true, autofocus: true }, t('Close'))),
    );
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
}

export function start_keys() {
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
            if (board_key(event)) event.preventDefault();
            return;
        }
        const code = burst.feed(event.key, event.timeStamp);
        if (code) {
            event.preventDefault();
            clearTimeout(timer);
            pending = [];
            search_for(code);
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
