/* Finding somebody while typing: <input data-lookup="/customers/lookup" data-lookup-into="customer">.
 *
 * The address answers `?q=` with list items, <li role="option" data-value="12" data-label="…">. Choosing
 * one puts its label into the input and its value into the form's field named by data-lookup-into.
 * An option with data-value="" stands for "add": it opens the form's <details data-lookup-new>. An
 * option with data-href goes there instead. data-lookup-note="/customers/{value}/note" fills
 * [data-lookup-note-target] with what is known of the chosen one. */
import { all, debounce, find, make } from './dom.js';
import { t, tn } from './words.js';

let made = 0;

function combobox(input) {
    const list = make('ul', {
        class: 'listbox',
        role: 'listbox',
        id: `lookup-${++made}`,
        'aria-label': input.dataset.lookupLabel ?? t('Matches'),
        'data-keep': true,
        hidden: true,
    });
    const anchor = input.closest('.affix') ?? input;
    anchor.after(list);
    const status = make('span', { class: 'vh', role: 'status', 'data-keep': true });
    list.after(status);
    for (const [name, value] of Object.entries({
        role: 'combobox',
        'aria-expanded': 'false',
        'aria-controls': list.id,
        'aria-autocomplete': 'list',
        autocomplete: 'off',
    }))
        input.setAttribute(name, value);

    const hidden = () => input.form?.elements.namedItem(input.dataset.lookupInto ?? '');
    const options = () => all('[role=option]', list);
    let active = -1;
    let abort = null;
    let chosen = input.value;

    function close() {
        list.hidden = true;
        active = -1;
        input.setAttribute('aria-expanded', 'false');
        input.removeAttribute('aria-activedescendant');
    }

    function point_at(place) {
        const all_options = options();
        active = all_options.length ? (place + all_options.length) % all_options.length : -1;
        all_options.forEach((option, i) => {
            option.setAttribute('aria-selected', String(i === active));
            if (i === active) {
                input.setAttribute('aria-activedescendant', option.id);
                option.scrollIntoView({ block: 'nearest' });
            }
        });
    }

    function set_value(value) {
        const field = hidden();
        if (!field || field.value === value) return;
        field.value = value;
        field.dispatchEvent(new Event('change', { bubbles: true }));
    }

    async function note_on(value) {
        const target = find('[data-lookup-note-target]');
        if (!target || !input.dataset.lookupNote) return;
        target.replaceChildren();
        if (!value) return;
        const response = await fetch(input.dataset.lookupNote.replace('{value}', encodeURIComponent(value)), {
            headers: { Accept: 'text/html' },
        }).catch(() => null);
        if (!response?.ok || hidden()?.value !== value) return;
        const page = new DOMParser().parseFromString(await response.text(), 'text/html');
        target.replaceChildren(...document.adoptNode(page.body).childNodes);
    }

    function choose(option) {
        if (!option) return;
        if (option.dataset.href) {
            location.assign(option.dataset.href);
            return;
        }
        const value = option.dataset.value ?? '';
        const add = find('details[data-lookup-new]', input.form ?? document);
        close();
        if (add) add.open = value === '';
        if (value === '') {
            const field = add && find('input:not([type=hidden])', add);
            if (field && !field.value) field.value = input.value;
            set_value('');
            field?.focus();
            return;
        }
        input.value = chosen = option.dataset.label ?? option.textContent.trim();
        set_value(value);
        note_on(value);
    }

    const look = debounce(150, async () => {
        const words = input.value.trim();
        abort?.abort();
        if (!words) {
            close();
            return;
        }
        abort = new AbortController();
        try {
            const url = new URL(input.dataset.lookup, location.href);
            url.searchParams.set('q', words);
            const response = await fetch(url, { headers: { Accept: 'text/html' }, signal: abort.signal });
            if (!response.ok) return;
            const page = new DOMParser().parseFromString(await response.text(), 'text/html');
            list.replaceChildren(...all('[role=option]', page).map((option) => document.adoptNode(option)));
        } catch {
            return; /* a newer look is on its way, or there is no connection: the plain form still works */
        }
        const found = options();
        found.forEach((option, i) => (option.id = `${list.id}-${i}`));
        status.textContent = tn(found.length, '%s match', '%s matches', found.length);
        list.hidden = !found.length;
        input.setAttribute('aria-expanded', String(!list.hidden));
        point_at(0);
    });

    input.addEventListener('input', () => {
        if (input.value !== chosen) {
            set_value('');
            note_on('');
        }
        look();
    });
    input.addEventListener('keydown', (event) => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            if (list.hidden) look();
            else point_at(active + (event.key === 'ArrowDown' ? 1 : -1));
        } else if (event.key === 'Enter' && !list.hidden && !event.ctrlKey && !event.metaKey) {
            event.preventDefault();
            choose(options()[active]);
        } else if (event.key === 'Escape' && !list.hidden) {
            event.preventDefault();
            event.stopPropagation();
            close();
        } else if (event.key === 'Tab') {
            close();
        }
    });
    /* Before the input loses focus to it. */
    list.addEventListener('mousedown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => choose(event.target.closest('[role=option]')));
    input.addEventListener('blur', () => setTimeout(close, 120));
}

export function start_lookups() {
    all('input[data-lookup]').forEach(combobox);
}
