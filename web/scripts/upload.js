/* Files sent with progress: <form data-upload>, or data-upload="auto" to send as soon as they are chosen.
 *
 * Files may be dropped on the form or pasted anywhere outside a field. Without script the same form
 * posts by itself. data-max-bytes is the largest file the server takes. */
import { all, find, idempotency_key, in_field, make, on, sentence_of } from './dom.js';
import { refresh } from './live.js';
import { toast } from './toasts.js';
import { t } from './words.js';

const megabytes = (bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

/* The line that shows how far it is, made once for a form. */
function line_of(form) {
    let line = find('.upload-line', form);
    if (line) return line;
    line = make(
        'div',
        { class: 'upload-line', 'data-keep': true, hidden: true },
        make('progress', { class: 'bar is-brand', max: 100, value: 0, 'aria-label': t('Upload') }),
        make('span', { class: 'xs muted', role: 'status', 'aria-live': 'polite' }),
        make('button', { type: 'button', class: 'btn btn-sm' }, t('Stop')),
    );
    form.append(line);
    return line;
}

function too_large(form) {
    const limit = Number(form.dataset.maxBytes);
    if (!limit) return null;
    return all('input[type=file]', form)
        .flatMap((input) => [...input.files])
        .find((file) => file.size > limit);
}

function send(form) {
    const line = line_of(form);
    const [bar, text, stop] = line.children;
    const big = too_large(form);
    line.hidden = false;
    stop.hidden = true;
    if (big) {
        text.textContent = t(
            '%s has %s MB; the shop takes files up to %s MB.',
            big.name,
            megabytes(big.size),
            megabytes(form.dataset.maxBytes),
        );
        return;
    }
    const request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.onprogress = (event) => {
        if (!event.lengthComputable) return;
        bar.value = (100 * event.loaded) / event.total;
        text.textContent = t('%s of %s MB', megabytes(event.loaded), megabytes(event.total));
    };
    request.upload.onload = () => (text.textContent = t('Checking the picture'));
    request.onload = () => {
        delete form.dataset.sending;
        stop.hidden = true;
        /* This post is answered; the next one is another. After a broken connection the key stays. */
        const key = form.elements.namedItem('idempotency_key');
        if (key) key.value = idempotency_key();
        let answer = {};
        try {
            answer = JSON.parse(request.responseText);
        } catch {
            /* an error page of a proxy: the status says enough */
        }
        if (request.status < 200 || request.status > 299) {
            bar.value = 0;
            text.textContent = sentence_of(answer, request.status);
            return;
        }
        line.hidden = true;
        form.reset();
        for (const drop of all('.drop span', form)) drop.textContent = drop.dataset.text ?? drop.textContent;
        toast(answer.message ?? t('Uploaded'), { undo: answer.undo, undone: refresh });
        if (find('[data-live]')) refresh();
        else location.reload();
    };
    request.onerror = () => {
        delete form.dataset.sending;
        bar.value = 0;
        stop.hidden = true;
        text.textContent = t('The connection broke; nothing was stored. Send it again.');
    };
    request.onabort = () => {
        delete form.dataset.sending;
        line.hidden = true;
    };
    stop.hidden = false;
    stop.onclick = () => request.abort();
    bar.value = 0;
    text.textContent = t('Sending');
    form.dataset.sending = '1';
    request.send(new FormData(form));
}

function give(form, files) {
    const input = find('input[type=file]', form);
    if (!input || !files.length || form.dataset.sending) return;
    const bag = new DataTransfer();
    for (const file of input.multiple ? files : [files[0]]) bag.items.add(file);
    input.files = bag.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
}

export function start_uploads() {
    on(
        'submit',
        'form[data-upload]',
        (event, form) => {
            event.preventDefault();
            if (!form.dataset.sending) send(form);
        },
        true,
    );
    on('change', 'form[data-upload="auto"] input[type=file]', (event, input) => {
        if (input.files.length) input.form.requestSubmit();
    });
    for (const type of ['dragenter', 'dragover'])
        on(type, 'form[data-upload], .drop', (event, zone) => {
            if (!event.dataTransfer?.types.includes('Files')) return;
            event.preventDefault();
            zone.classList.add('is-over');
        });
    for (const type of ['dragleave', 'drop'])
        on(type, 'form[data-upload], .drop', (event, zone) => zone.classList.remove('is-over'));
    on('drop', 'form[data-upload], .drop', (event, zone) => {
        if (!event.dataTransfer?.files.length) return;
        event.preventDefault();
        give(zone.closest('form'), [...event.dataTransfer.files]);
    });
    document.addEventListener('paste', (event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        const forms = all('form[data-upload]');
        if (!files.length || forms.length !== 1 || in_field(event.target)) return;
        event.preventDefault();
        give(forms[0], files);
    });
}
