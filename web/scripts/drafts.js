/* Forms that keep what was typed until it has been saved: <form data-draft="intake">.
 *
 * A draft lives in this browser only, goes when the form was sent and the next page came, when it is
 * discarded, at sign-out, and after two weeks. */
import { all, clock, debounce, find, make, on } from './dom.js';
import { t } from './words.js';

const PREFIX = 'draft:';
const SENT = 'draft-sent';
const KEPT = 14 * 24 * 3600 * 1000;
const NEVER = new Set(['hidden', 'password', 'file', 'submit', 'button', 'reset', 'image']);

const key_of = (form) => PREFIX + form.dataset.draft;

function read(key) {
    try {
        const draft = JSON.parse(localStorage.getItem(key));
        return draft && Date.now() - draft.at < KEPT ? draft : null;
    } catch {
        return null;
    }
}

/* With what the form was opened with: a draft of an older version meets the newer one when it is sent. */
const KEEPS = /^(version$|was\.)/;
const controls = (form) =>
    [...form.elements].filter(({ name, type }) => name && (KEEPS.test(name) || !(NEVER.has(type) || name.startsWith('take.'))));

/* The form's present values as [[name, value], …]: what was not typed in is left out by `is_empty`. */
export function values_of(form) {
    const values = [];
    for (const control of controls(form)) {
        if (control.type === 'checkbox' || control.type === 'radio') {
            if (control.checked) values.push([control.name, control.value]);
        } else {
            values.push([control.name, control.value]);
        }
    }
    return values;
}

function put_values(form, values) {
    const left = new Map();
    for (const [name, value] of values) left.set(name, [...(left.get(name) ?? []), value]);
    for (const control of controls(form)) {
        const saved = left.get(control.name);
        if (control.type === 'checkbox' || control.type === 'radio')
            control.checked = !!saved?.includes(control.value);
        else if (saved?.length) control.value = saved.shift();
    }
}

function save(form) {
    const note = find('[data-draft-state]', form) ?? find('[data-draft-state]');
    try {
        localStorage.setItem(key_of(form), JSON.stringify({ at: Date.now(), values: values_of(form) }));
        if (note) note.textContent = t('Draft saved %s', clock());
    } catch {
        if (note) note.textContent = t('This browser keeps no drafts');
    }
}

function announce(form, draft, before) {
    const discard = make('button', { type: 'button', class: 'btn btn-sm' }, t('Discard'));
    const note = make(
        'div',
        { class: 'callout draft-note', role: 'status', 'data-keep': true },
        make('span', {}, t('Draft of %s restored.', clock(draft.at))),
        make('span', { class: 'actions' }, discard),
    );
    discard.addEventListener('click', () => {
        localStorage.removeItem(key_of(form));
        form.reset();
        put_values(form, before);
        note.remove();
        form.dispatchEvent(new Event('input', { bubbles: true }));
        localStorage.removeItem(key_of(form));
    });
    form.prepend(note);
}

/* What was sent is forgotten once another page came. The same form without faults counts as sent too,
 * unless it was come back to, as after a connection that failed. */
function settle_sent() {
    const sent = sessionStorage.getItem(SENT);
    if (!sent) return;
    sessionStorage.removeItem(SENT);
    const form = all('form[data-draft]').find((one) => key_of(one) === sent);
    const came_back = /back_forward|reload/.test(performance.getEntriesByType('navigation')[0]?.type);
    if (form && (has_faults(form) || came_back)) return;
    localStorage.removeItem(sent);
}

const has_faults = (form) => !!find('[aria-invalid="true"], .callout.is-bad, #form-errors', form);

export function forget_drafts() {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}

export function start_drafts() {
    try {
        settle_sent();
    } catch {
        return; /* storage is switched off */
    }
    for (const form of all('form[data-draft]')) {
        form.dataset.draftReady = '';
        const draft = read(key_of(form));
        if (draft && !has_faults(form) && JSON.stringify(draft.values) !== JSON.stringify(values_of(form))) {
            const before = values_of(form);
            put_values(form, draft.values);
            announce(form, draft, before);
            form.dispatchEvent(new Event('input', { bubbles: true }));
        }
        const later = debounce(400, () => save(form));
        form.addEventListener('input', (event) => {
            if (event.isTrusted || event.target !== form) later();
        });
    }
    /* Of a field that two changed: the choice shows what it chooses, and typing is a choice. */
    on('change', '[name^="take."]', (event, radio) => {
        const name = radio.name.slice(5);
        const one = radio.form.elements[name];
        if (one instanceof RadioNodeList) one.value = radio.dataset.value;
        else if (one?.type === 'checkbox') one.checked = radio.dataset.value === '1';
        else if (one && one.type !== 'hidden') one.value = radio.dataset.value;
    });
    on('input', 'form [name]', (event, field) => {
        const mine = find(`[name="${CSS.escape(`take.${field.name}`)}"][value="0"]`, field.form);
        if (mine) mine.checked = true;
    });
    on('submit', 'form[data-draft]', (event, form) => {
        if (!event.defaultPrevented) sessionStorage.setItem(SENT, key_of(form));
    });
    on('submit', 'form[data-sign-out], form[action="/sign-out"]', forget_drafts);
}
