/* Price and promise while a form is filled in: <form data-estimate="/jobs/estimate">.
 *
 * The form's fields are posted there after each pause; the fragment that comes back fills
 * [data-estimate-target], or each target of the same name when the fragment has several. */
import { all, csrf, debounce, find } from './dom.js';
import { morph, morph_children } from './morph.js';

async function estimate(form, state) {
    state.abort?.abort();
    state.abort = new AbortController();
    const targets = all('[data-estimate-target]');
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
    if (!body.has('csrf')) body.set('csrf', csrf());
    body.delete('idempotency_key'); /* nothing is stored */
    for (const target of targets) target.setAttribute('aria-busy', 'true');
    try {
        const response = await fetch(form.dataset.estimate, {
            method: 'POST',
            body,
            headers: { Accept: 'text/html' },
            credentials: 'same-origin',
            signal: state.abort.signal,
        });
        const usable = response.ok && /html/.test(response.headers.get('content-type') ?? '');
        if (usable) fill(targets, await response.text());
        /* Half-filled in: the last figures stay, visibly old. */
        for (const target of targets) target.classList.toggle('is-stale', !usable);
    } catch (error) {
        if (error.name === 'AbortError') return; /* a newer one is on its way */
        for (const target of targets) target.classList.add('is-stale');
    }
    for (const target of targets) target.removeAttribute('aria-busy');
}

function fill(targets, text) {
    const page = new DOMParser().parseFromString(text, 'text/html');
    const named = all('[data-estimate-target]', page);
    if (!named.length) {
        if (targets[0]) morph_children(targets[0], document.adoptNode(page.body));
        return;
    }
    for (const target of targets) {
        const fresh = named.find((one) => one.dataset.estimateTarget === target.dataset.estimateTarget);
        if (fresh) morph(target, document.adoptNode(fresh));
    }
}

export function start_estimates() {
    for (const form of all('form[data-estimate]')) {
        const state = {};
        const later = debounce(300, () => estimate(form, state));
        form.addEventListener('input', later);
        form.addEventListener('change', later);
        if (find('[data-estimate-target]')?.dataset.estimateNow !== undefined) later();
    }
}
