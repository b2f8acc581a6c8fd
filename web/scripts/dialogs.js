/* Native dialogs: opened and closed by buttons, made for a question, asked before what can't be undone. */
import { find, make, on } from './dom.js';
import { t } from './words.js';

/* Asks in a dialog. `body` are its elements; answers the form's fields, or null when it was left. */
export function ask({ title, text, body = [], yes, no = t('Cancel'), danger = false }) {
    return new Promise((resolve) => {
        const heading = make('h2', { id: 'ask-title' }, title);
        const form = make(
            'form',
            { method: 'dialog', class: 'ask' },
            make('header', {}, heading),
            make('div', { class: 'body' }, text ? make('p', { class: 'ink-2' }, text) : null, ...body),
            make(
                'footer',
                {},
                make('button', { class: 'btn', value: '', formnovalidate: true }, no),
                make('button', { class: danger ? 'btn btn-danger' : 'btn btn-primary', value: 'yes' }, yes),
            ),
        );
        const dialog = make('dialog', { class: 'dialog', 'aria-labelledby': 'ask-title', 'data-keep': true }, form);
        const before = document.activeElement;
        document.body.append(dialog);
        dialog.addEventListener('close', () => {
            const answer = dialog.returnValue === 'yes' ? Object.fromEntries(new FormData(form)) : null;
            dialog.remove();
            before?.focus?.({ preventScroll: true });
            resolve(answer);
        });
        dialog.showModal();
        (find('textarea, select, input', form) ?? find('[value=yes]', form)).focus();
    });
}

export const ask_note = (title, text, yes) =>
    ask({
        title,
        text,
        yes,
        body: [
            make(
                'div',
                { class: 'field' },
                make('label', { for: 'ask-note' }, t('Note')),
                make('textarea', { class: 'textarea', id: 'ask-note', name: 'note', rows: 3, required: true, maxlength: 1000 }),
            ),
        ],
    });

export function start_dialogs() {
    on('click', '[data-dialog]', (event, button) => {
        const dialog = document.getElementById(button.dataset.dialog);
        if (!dialog) return;
        event.preventDefault();
        dialog.showModal();
    });
    on('click', '[data-close]', (event, button) => {
        event.preventDefault();
        button.closest('dialog')?.close();
    });
    /* A click on the backdrop lands on the dialog itself. */
    on('click', 'dialog', (event, dialog) => {
        if (event.target !== dialog || dialog.querySelector('textarea, input:not([type=hidden])')) return;
        dialog.close();
    });
    on(
        'submit',
        'form[data-confirm]',
        async (event, form) => {
            if (form.dataset.confirmed) {
                delete form.dataset.confirmed;
                return;
            }
            event.preventDefault();
            event.stopImmediatePropagation();
            const submitter = event.submitter;
            const answer = await ask({
                title: form.dataset.confirm,
                text: form.dataset.confirmText,
                yes: submitter?.textContent.trim() || t('Go on'),
                danger: true,
            });
            if (!answer) return;
            form.dataset.confirmed = '1';
            form.requestSubmit(submitter);
        },
        true,
    );
}
