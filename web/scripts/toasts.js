/* Short notes at the foot of the page, some with Undo. */
import { all, find, make, on, post, sentence_of } from './dom.js';
import { t } from './words.js';

const PLAIN = 7000;
const WITH_UNDO = 60000; /* as long as the server takes a move back */

function shelf() {
    let toasts = find('.toasts');
    if (!toasts) {
        toasts = make('div', { class: 'toasts' });
        document.body.append(toasts);
    }
    toasts.setAttribute('role', 'status');
    toasts.setAttribute('aria-live', 'polite');
    toasts.dataset.keep = '';
    return toasts;
}

/* Goes by itself, but not while it is read: pointed at or focused. */
function expire(note, time) {
    let timer;
    const start = () => (timer = setTimeout(() => note.remove(), time));
    const stop = () => clearTimeout(timer);
    note.addEventListener('mouseenter', stop);
    note.addEventListener('mouseleave', start);
    note.addEventListener('focusin', stop);
    note.addEventListener('focusout', start);
    start();
}

/* Says `text`; `undo` is an address to post to, `undone` is called after. Answers the element. */
export function toast(text, { undo, undone, bad } = {}) {
    const note = make('div', { class: bad ? 'toast is-bad' : 'toast' }, make('span', {}, text));
    if (undo) {
        const button = make('button', { type: 'button' }, t('Undo'));
        button.addEventListener('click', async () => {
            button.disabled = true;
            const { ok, answer, status } = await post(undo);
            note.remove();
            toast(ok ? (answer.message ?? t('Undone')) : sentence_of(answer, status), { bad: !ok });
            undone?.(ok);
        });
        note.append(button);
    }
    const close = make('button', { type: 'button', class: 'toast-close', 'aria-label': t('Close') }, '×');
    close.addEventListener('click', () => note.remove());
    note.append(close);
    shelf().append(note);
    expire(note, undo ? WITH_UNDO : PLAIN);
    return note;
}

/* The note that the server sent with the page. */
export function start_toasts() {
    shelf();
    for (const note of all('.toasts .toast')) expire(note, find('form, button', note) ? WITH_UNDO : PLAIN);
    on('click', '.toast [data-close-toast]', (event, button) => button.closest('.toast').remove());
}
