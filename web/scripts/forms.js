/* What every form has: one post for one press, a busy button, and the key that sends it. */
import { all, find, on } from './dom.js';
import { tn } from './words.js';

const primary = (form) =>
    find('.btn-primary[type=submit], .btn-primary:not([type])', form) ?? find('[type=submit], button:not([type])', form);

/* The button stays what it is while the browser reads it, then rests. */
function set_busy(form, button) {
    form.dataset.sending = '1';
    setTimeout(() => {
        for (const other of form.elements) if (other.type === 'submit') other.disabled = true;
        button?.classList.add('is-busy');
        button?.setAttribute('aria-busy', 'true');
    });
}

export function set_idle(form) {
    delete form.dataset.sending;
    for (const button of form.elements) {
        if (button.type !== 'submit') continue;
        button.disabled = false;
        button.classList.remove('is-busy');
        button.removeAttribute('aria-busy');
    }
}

function guard() {
    document.addEventListener('submit', (event) => {
        const form = event.target;
        if (form.method === 'dialog') return;
        if (form.dataset.sending) {
            event.preventDefault();
            return;
        }
        if (event.defaultPrevented || form.method !== 'post') return;
        set_busy(form, event.submitter ?? primary(form));
        /* A file or a new tab answers elsewhere: this page stays. */
        if (form.target === '_blank' || form.dataset.download !== undefined) setTimeout(set_idle, 3000, form);
    });
    /* Back from the next page: the form is as it was left. */
    addEventListener('pageshow', (event) => {
        if (event.persisted) all('form[data-sending]').forEach(set_idle);
    });
}

/* The names of chosen files stand in their drop zone. */
function show_files(input) {
    const label = input.closest('.drop');
    const text = label && find('span', label);
    if (!text) return;
    text.dataset.text ??= text.textContent;
    const names = [...input.files].map((file) => file.name);
    text.textContent = names.length > 2 ? tn(names.length, '%s file', '%s files', names.length) : names.join(', ') || text.dataset.text;
}

export function start_forms() {
    guard();
    document.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        const form = event.target.form ?? event.target.closest?.('form') ?? find('form[data-primary]');
        if (!form) return;
        event.preventDefault();
        form.requestSubmit(primary(form) ?? undefined);
    });
    on('change', 'form[data-autosubmit]', (event, form) => form.requestSubmit());
    on('change', 'input[type=file]', (event, input) => show_files(input));
    on('change', 'select[name=theme], input[name=theme]', (event, field) => {
        document.documentElement.dataset.theme = field.value;
    });
    on('click', '[data-print]', () => print());
    /* "Show to customer": what is marked private goes from the screen. */
    on('click', '[data-show-customer]', (event, button) => {
        const shown = document.body.classList.toggle('is-shown');
        button.setAttribute('aria-pressed', String(shown));
    });
    /* The public page's pictures: a small one becomes the large one. */
    on('click', '.t-thumbs button', (event, button) => {
        const hero = find('.t-pic > img');
        const picture = find('img', button);
        if (!hero || !picture) return;
        hero.src = picture.dataset.full ?? picture.src;
        hero.alt = picture.alt || button.getAttribute('aria-label') || '';
        for (const other of all('.t-thumbs button')) other.setAttribute('aria-pressed', String(other === button));
    });
    find('[data-focus]')?.focus();
    if (!/Mac|iP(hone|ad)/.test(navigator.platform))
        for (const key of all('kbd')) if (key.textContent.includes('⌘')) key.textContent = key.textContent.replace('⌘', 'Ctrl ');
}
