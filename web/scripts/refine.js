/* Lists that follow what is typed: <form method="get" data-refine="#results">.
 *
 * The form's own address is fetched after each pause and the part named is made like the new one. The
 * page's address follows, so that it can be reloaded and sent to a colleague. */
import { all, debounce, find } from './dom.js';
import { morph } from './morph.js';

async function refine(form, state) {
    const target = find(form.dataset.refine);
    if (!target) return;
    state.abort?.abort();
    state.abort = new AbortController();
    const url = new URL(form.action);
    url.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
    target.setAttribute('aria-busy', 'true');
    try {
        const response = await fetch(url, { headers: { Accept: 'text/html' }, signal: state.abort.signal });
        const page = response.ok && new DOMParser().parseFromString(await response.text(), 'text/html');
        const fresh = page && find(form.dataset.refine, page);
        if (!fresh) {
            form.submit(); /* the whole page says what is wrong */
            return;
        }
        morph(target, document.adoptNode(fresh));
        history.replaceState(history.state, '', url);
    } catch (error) {
        if (error.name === 'AbortError') return; /* a newer one is on its way */
    }
    target.removeAttribute('aria-busy');
}

export function start_refining() {
    for (const form of all('form[data-refine]')) {
        const state = {};
        form.addEventListener('input', debounce(250, () => refine(form, state)));
        form.addEventListener('submit', (event) => {
            event.preventDefault();
            refine(form, state);
        });
    }
}
