/* Small helpers that every part uses. */
import { t } from './words.js';

export const find = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/* Runs `handler` for events on elements that match, also on those that come later. */
export function on(type, selector, handler, options) {
    document.addEventListener(
        type,
        (event) => {
            const element = event.target.closest?.(selector);
            if (element) handler(event, element);
        },
        options,
    );
}

/* An element with attributes and children; text children are never read as HTML. */
export function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes))
        if (value !== undefined && value !== false && value !== null)
            element.setAttribute(key, value === true ? '' : value);
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
}

export function debounce(wait, work) {
    let timer;
    return (...args) => {
        clearTimeout(timer);
        timer = setTimeout(work, wait, ...args);
    };
}

/* The time of day as the reader's language writes it: "10:41". */
export const clock = (time = Date.now()) =>
    new Date(time).toLocaleTimeString(document.documentElement.lang || undefined, {
        hour: '2-digit',
        minute: '2-digit',
    });

const meta = (name) => find(`meta[name="${name}"]`)?.content ?? '';
export const csrf = () => meta('csrf-token') || find('input[name="csrf"]')?.value || '';

/* A key that the server keeps an answer under; works without a secure context too. */
export function idempotency_key() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/* Posts as a form and answers what came back, always: {ok, status, answer}. `answer` is the JSON, or
 * for a failure an object with a sentence in `detail`. */
export async function post(url, fields = {}) {
    const body = new URLSearchParams({ csrf: csrf(), idempotency_key: idempotency_key(), ...fields });
    try {
        const response = await fetch(url, {
            method: 'POST',
            body,
            headers: { Accept: 'application/json' },
            credentials: 'same-origin',
        });
        return { ok: response.ok, status: response.status, answer: await read_answer(response) };
    } catch {
        return {
            ok: false,
            status: 0,
            answer: { detail: t('The server could not be reached. Nothing was changed; try again.') },
        };
    }
}

async function read_answer(response) {
    const type = response.headers.get('content-type') ?? '';
    if (/json/.test(type)) {
        try {
            return await response.json();
        } catch {
            /* told below */
        }
    }
    return response.ok ? {} : { detail: sentence_for(response.status) };
}

/* What a problem document, or a bare status, says to a person. */
export function sentence_of(answer, status) {
    const first = Array.isArray(answer?.errors) ? answer.errors[0] : null;
    return first?.sentence ?? first?.detail ?? answer?.detail ?? answer?.title ?? sentence_for(status);
}

function sentence_for(status) {
    if (status === 401) return t('You are signed out. Sign in again; nothing was changed.');
    if (status === 403) return t('This needs a permission that you do not have. Nothing was changed.');
    if (status === 413) return t('The file is larger than the shop allows. Nothing was stored.');
    if (status === 429) return t('Too many tries in a short time. Wait a minute, then try again.');
    return t('The server could not do this. Nothing was changed; try again.');
}

/* Whether keys typed now go into a field. */
export const in_field = (element = document.activeElement) =>
    !!element?.closest?.(
        'textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=file], [type=range])',
    );
