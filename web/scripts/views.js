/* What the pages that show many jobs have besides app.js: ticking rows, walking them by keys, and the
 * quick look. All of it is there without script, too: boxes, links, and /jobs/12/peek as a page. */
import { all, find, in_field, make, on } from './dom.js';

/* --- ticking --------------------------------------------------------------------------------- */

const boxes = (form) => all('.c-check input[name]', form);
let last = null; /* the box ticked before: Shift ticks what lies between */

function count(form) {
    const ticked = boxes(form).filter((box) => box.checked).length;
    const place = find('[data-checked-count]', form);
    if (place) place.textContent = ticked ? String(ticked) : '';
    const whole = find('[data-check-all]', form);
    if (!whole) return;
    whole.checked = ticked > 0 && ticked === boxes(form).length;
    whole.indeterminate = ticked > 0 && !whole.checked;
}

function tick(box, range) {
    const list = boxes(box.form);
    const from = list.indexOf(last);
    if (range && from >= 0) {
        const to = list.indexOf(box);
        for (const other of list.slice(Math.min(from, to), Math.max(from, to) + 1)) other.checked = box.checked;
    }
    last = box;
    count(box.form);
}

/* A box for all of them is only of use with script. It has no name: it is not sent. */
function add_whole() {
    for (const form of all('.list-form')) {
        const head = find('th.c-check', form);
        if (!head || find('[data-check-all]', head)) continue;
        head.append(make('input', { type: 'checkbox', 'data-check-all': true, 'aria-label': find('.vh', head).textContent }));
    }
}

/* --- the quick look -------------------------------------------------------------------------- */

let panel = null;
let place = null; /* the link that is looked at */

const visible = (link) => link.getClientRects().length > 0;
const links = () => all('[data-peek]').filter(visible);

function make_panel(words) {
    const button = (word, way) =>
        make('button', { class: 'btn btn-icon btn-quiet', type: 'button', 'data-peek-go': way, 'aria-label': word });
    const dialog = make('dialog', { class: 'peek-panel', 'data-keep': true, 'aria-labelledby': 'peek-title' });
    const bar = make('header', { class: 'cluster' }, button(words.wordBefore, '-1'), button(words.wordAfter, '1'), make('span', { class: 'push' }));
    const close = make('button', { class: 'btn btn-icon btn-quiet', type: 'button', 'data-close': true, 'aria-label': words.wordClose });
    bar.append(close);
    for (const [element, text] of [[bar.children[0], '↑'], [bar.children[1], '↓'], [close, '✕']]) element.textContent = text;
    dialog.append(bar, make('div', { class: 'peek-body' }));
    dialog.addEventListener('close', () => {
        dialog.remove();
        panel = null;
        place?.closest('[data-job]')?.classList.remove('is-peeked');
        place?.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
}

async function peek(link) {
    const path = new URL(link.href).pathname;
    let article = null;
    try {
        const response = await fetch(`${path}/peek`, { headers: { Accept: 'text/html' } });
        const page = response.ok && new DOMParser().parseFromString(await response.text(), 'text/html');
        article = page && find('#peek', page);
    } catch {
        /* the page itself says better what is wrong */
    }
    if (!article) {
        location.assign(link.href);
        return;
    }
    place?.closest('[data-job]')?.classList.remove('is-peeked');
    place = link;
    link.closest('[data-job]')?.classList.add('is-peeked');
    panel ??= make_panel(article.dataset);
    find('.peek-body', panel).replaceChildren(document.adoptNode(article));
    const list = links();
    for (const button of all('[data-peek-go]', panel)) button.disabled = !list[list.indexOf(place) + Number(button.dataset.peekGo)];
    if (!panel.contains(document.activeElement) || document.activeElement.disabled) find('[data-close]', panel).focus();
}

function go(way) {
    const list = links();
    const next = list[list.indexOf(place) + way];
    if (next) {
        next.scrollIntoView({ block: 'nearest' });
        peek(next);
    }
}

/* --- keys ------------------------------------------------------------------------------------ */

const WAYS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/* Days of the calendar: arrows between entries, [ and ] promise a day earlier or later. */
function entry_key(event) {
    const entry = document.activeElement?.closest?.('.cal-entry');
    if (!entry) return false;
    if (WAYS[event.key]) {
        const list = links();
        list[list.indexOf(find('[data-peek]', entry)) + WAYS[event.key]]?.focus();
        return true;
    }
    const step = { ']': 1, '[': -1 }[event.key];
    const button = step && document.body.dataset.keys !== 'off' && find(`[data-step="${step}"]`, entry);
    button?.click();
    return !!button;
}

function row_key(event) {
    const row = document.activeElement?.closest?.('.job-table tr[data-job]');
    if (!row) return false;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        const next = event.key === 'ArrowDown' ? row.nextElementSibling : row.previousElementSibling;
        find('[data-peek], a, input', next ?? row)?.focus();
        return true;
    }
    if (event.key.toLowerCase() !== 'x' || document.body.dataset.keys === 'off') return false;
    const box = find('.c-check input', row);
    box.checked = !box.checked;
    tick(box, event.shiftKey);
    return true;
}

document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || in_field(event.target)) return;
    if (panel) {
        const turned = document.dir === 'rtl' && /Left|Right/.test(event.key) ? -1 : 1;
        if (!WAYS[event.key]) return;
        event.preventDefault();
        go(WAYS[event.key] * turned);
        return;
    }
    const link = event.key === ' ' && event.target.closest?.('[data-peek]');
    if (link) {
        event.preventDefault();
        peek(link);
    } else if (entry_key(event) || row_key(event)) {
        event.preventDefault();
    }
});
on('click', '[data-peek-go]', (event, button) => go(Number(button.dataset.peekGo)));
/* The picture beside a job opens the look, too. */
on('click', 'a[href$="/peek"]', (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return;
    const named = find('[data-peek]', link.closest('[data-job]') ?? document);
    if (!named) return;
    event.preventDefault();
    peek(named);
});
on('click', '.c-check input', (event, box) => {
    if (box.dataset.checkAll === undefined) {
        tick(box, event.shiftKey);
        return;
    }
    for (const other of boxes(box.form)) other.checked = box.checked;
    count(box.form);
});

add_whole();
document.addEventListener('live:fresh', add_whole);
new MutationObserver(add_whole).observe(document.getElementById('results') ?? document.head, { childList: true });
for (const form of all('.list-form')) count(form);
