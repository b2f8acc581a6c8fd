/* The list under the search: what was opened lately, what is found, and everything that can be done here
 * and elsewhere. Fetched when somebody first searches; so is the list of keys behind "?".
 *
 * What is typed is asked of /search/options; the commands of /commands/options, once; the page's own are
 * its buttons and links, pressed for the person. A ">" in front leaves the commands alone. */
import { all, debounce, find, make } from './dom.js';
import { go_link, job_here, lately, remember, rows_of } from './reach.js';

const text_of = (element) => {
    if (element.dataset.command) return element.dataset.command;
    const copy = element.cloneNode(true);
    copy.querySelectorAll('kbd, svg, .count, .toast-close').forEach((each) => each.remove());
    return (copy.textContent.trim() || element.getAttribute('aria-label') || element.title || '').replace(/\s+/g, ' ');
};

/* How well it fits: words that begin so, before letters that merely follow each other. Less than 0: not. */
function fit(typed, label, words = '') {
    const q = typed.toLowerCase().trim();
    if (!q) return 0;
    const text = `${label} ${words}`.toLowerCase();
    const starts = q.split(/\s+/).every((word) => ` ${text}`.includes(` ${word}`));
    if (starts) return 100 - text.indexOf(q.split(/\s+/)[0]) / 10;
    if (text.includes(q)) return 60;
    let at = -1;
    let gaps = 0;
    const low = label.toLowerCase();
    for (const letter of q) {
        const next = low.indexOf(letter, at + 1);
        if (next < 0) return -1;
        if (at >= 0) gaps += next - at - 1;
        at = next;
    }
    return 30 - gaps;
}

/* ------------------------------------------------------------------ what can be done */

const parse = async (url, signal) => {
    const response = await fetch(url, { headers: { Accept: 'text/html' }, signal });
    if (!response.ok) throw new Error(String(response.status));
    return new DOMParser().parseFromString(await response.text(), 'text/html').body;
};

let everywhere = null;
async function commands() {
    everywhere ??= all('[role=option]', await parse('/commands/options')).map((option) => ({
        option,
        label: find('b', option).textContent,
        words: option.dataset.words,
    }));
    return everywhere;
}

/* The buttons and links of this page, each by its words; those of single rows are left to the rows. */
function page_commands() {
    const seen = new Set();
    const found = [];
    for (const element of all('main a.btn, main button.btn[type=submit], main .menu-body a, [data-command]')) {
        if (element.disabled || element.closest('.rows, .table, .job-card, .pager, form[role=search], dialog, [role=listbox]')) continue;
        if (!element.checkVisibility() && !element.closest('details')) continue;
        const label = text_of(element);
        const of = find('h2', element.closest('section, article, .card') ?? element)?.textContent.trim() ?? '';
        if (!label || label.length > 60 || seen.has(`${of}:${label}`)) continue;
        seen.add(`${of}:${label}`);
        const key = element.dataset.key?.toUpperCase();
        const option = make(
            'li',
            { role: 'option' },
            find('svg', element)?.cloneNode(true) ?? null,
            make('span', {}, make('b', {}, label)),
            of && of !== label ? make('small', {}, of) : null,
            key ? make('kbd', {}, key) : null,
        );
        found.push({ option, label, words: of, element });
    }
    return found;
}

/* ------------------------------------------------------------------ the list */

let made = 0;

function combobox(input) {
    const list = make('div', { class: 'listbox palette', role: 'listbox', id: `palette-${++made}`, 'aria-label': input.labels?.[0]?.textContent ?? '', 'data-keep': true, hidden: true });
    const status = make('span', { class: 'vh', role: 'status', 'data-keep': true });
    input.form.append(list, status);
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-expanded', 'false');
    input.setAttribute('aria-controls', list.id);
    input.setAttribute('aria-autocomplete', 'list');
    let active = -1;
    let shown = null; /* the text that the list is for */
    let round = 0;
    let abort = null;

    const options = () => all('[role=option]', list);
    function close() {
        list.hidden = true;
        shown = null;
        input.setAttribute('aria-expanded', 'false');
        input.removeAttribute('aria-activedescendant');
    }
    function point_at(place) {
        const every = options();
        active = every.length ? (place + every.length) % every.length : -1;
        every.forEach((option, i) => {
            option.setAttribute('aria-selected', String(i === active));
            if (i !== active) return;
            input.setAttribute('aria-activedescendant', option.id);
            option.scrollIntoView({ block: 'nearest' });
        });
    }
    function show(groups, text) {
        list.replaceChildren(
            ...groups
                .filter(({ rows }) => rows.length)
                .map(({ title, rows }) =>
                    make('ul', { role: 'group', 'aria-label': title }, make('li', { class: 'head', role: 'presentation' }, title), ...rows),
                ),
        );
        options().forEach((option, i) => (option.id = `${list.id}-${i}`));
        shown = text;
        list.hidden = !options().length;
        status.textContent = list.hidden ? '' : String(options().length);
        input.setAttribute('aria-expanded', String(!list.hidden));
        point_at(0);
    }
    const recents = () =>
        lately('opened')
            .filter(({ url }) => url !== location.pathname)
            .slice(0, 6)
            .map(({ url, title, sub }) => make('li', { role: 'option', 'data-href': url }, make('span', {}, make('b', {}, title), sub ? make('small', {}, sub) : null)));

    /* The best first; what was used lately before its equals. */
    async function doing(typed, most) {
        const done = lately('done');
        const every = [...page_commands(), ...(await commands())];
        const taken = new Set();
        return every
            .map((each) => ({ ...each, score: fit(typed, each.label, each.words) + (each.element ? 3 : 0) + (done.includes(each.label) ? Math.max(8 - done.indexOf(each.label), 1) : 0), fits: fit(typed, each.label, each.words) >= 0 }))
            .filter(({ fits, label, words, element }) => fits && !taken.has(element ? label + words : label) && taken.add(element ? label + words : label))
            .sort((a, b) => b.score - a.score)
            .slice(0, most)
            .map(({ option, element, label }) => {
                const row = option.cloneNode(true);
                row.hit = { element, label };
                return row;
            });
    }

    async function look() {
        const text = input.value.trim();
        const mine = ++round;
        abort?.abort();
        abort = new AbortController();
        const groups = [];
        try {
            if (!text) {
                groups.push({ title: list_title('recent'), rows: recents() }, { title: list_title('do'), rows: await doing('', 8) });
            } else if (text.startsWith('>')) {
                groups.push({ title: list_title('do'), rows: await doing(text.slice(1), 60) });
            } else {
                const url = `/search/options?${new URLSearchParams({ q: text })}`;
                const [found, rows] = await Promise.all([parse(url, abort.signal), doing(text, 4).catch(() => [])]);
                for (const group of all('[role=group]', found))
                    groups.push({ title: group.getAttribute('aria-label'), rows: all('[role=option]', group).map((option) => document.adoptNode(option)) });
                groups.push({ title: list_title('do'), rows });
                groups.push({ title: '', rows: [make('li', { role: 'option', 'data-href': `/search?${new URLSearchParams({ q: text })}`, class: 'all' }, make('span', {}, input.form.dataset.all?.replace('{}', text) ?? text))] });
            }
        } catch {
            return; /* a newer look is on its way, or there is no connection: the form still works */
        }
        if (mine === round && document.activeElement === input) show(groups, text);
    }
    const list_title = (name) => input.form.dataset[name] ?? '';

    function choose(option) {
        if (!option) return;
        const { element, label } = option.hit ?? {};
        if (label) remember('done', label, (each) => each === label);
        if (!element) {
            location.assign(option.dataset.href);
            return;
        }
        input.value = '';
        close();
        input.blur();
        element.closest('details')?.setAttribute('open', '');
        element.scrollIntoView({ block: 'center' });
        element.click();
    }
    const later = debounce(120, look);
    input.addEventListener('input', () => (input.value.startsWith('>') || !input.value ? look() : later()));
    input.addEventListener('focus', look);
    input.addEventListener('keydown', (event) => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            if (list.hidden) look();
            else point_at(active + (event.key === 'ArrowDown' ? 1 : -1));
        } else if (event.key === 'Enter') {
            /* A list for other words than those typed is not what was meant: a scanner was quicker. */
            const meant = !list.hidden && shown === input.value.trim() && !event.ctrlKey && !event.metaKey;
            if (!meant && !input.value.trim().startsWith('>')) return;
            event.preventDefault();
            if (meant) choose(options()[active]);
        } else if (event.key === 'Escape') {
            if (!list.hidden && input.value) {
                event.preventDefault();
                event.stopPropagation();
                input.value = '';
            }
            close();
        } else if (event.key === 'Tab') close();
    });
    /* Before the input loses focus to it. */
    list.addEventListener('mousedown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => choose(event.target.closest('[role=option]')));
    input.addEventListener('blur', () => setTimeout(close, 120));
    if (document.activeElement === input) look();
}

const ready = new WeakSet();
document.addEventListener('palette:open', () => {
    const input = document.activeElement;
    if (!input?.form || ready.has(input)) return;
    ready.add(input);
    combobox(input);
});

/* ------------------------------------------------------------------ the list of keys */

const name_of = (control) =>
    control.dataset.keyLabel ?? (control.labels?.[0]?.textContent.trim() || text_of(control) || control.placeholder || '');

/* Only what works here, read from the page. */
async function show_keys() {
    if (find('#keys-help')) return;
    const page = await parse('/keys/list').catch(() => null);
    const dialog = page && find('dialog', page);
    if (!dialog || find('#keys-help')) return;
    document.adoptNode(dialog);
    const there = {
        nav: () => find('a.btn-new'),
        board: () => find('.board .job-card'),
        rows: () => rows_of().length,
        job: () => job_here() || find('main [data-job]'),
        form: () => find('main form[method=post]'),
    };
    for (const row of all('[data-when]', dialog)) if (!there[row.dataset.when]?.()) row.remove();
    for (const row of all('[data-go-key]', dialog)) if (!go_link(row.dataset.goKey)) row.remove();
    const here = find('[data-here]', dialog);
    for (const control of all('[data-key]')) {
        const name = name_of(control);
        if (name && control.checkVisibility())
            here.append(make('div', {}, make('dt', {}, make('kbd', {}, control.dataset.key.toUpperCase())), make('dd', {}, name)));
    }
    if (!here.children.length) here.closest('section').remove();
    if (/Mac|iP(hone|ad)/.test(navigator.platform))
        for (const key of all('kbd', dialog)) key.textContent = key.textContent.replace('Ctrl', '⌘');
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
}
document.addEventListener('palette:keys', show_keys);
