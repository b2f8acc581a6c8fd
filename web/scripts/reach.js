/* What the keys and the palette both need: where letters lead, the rows of a page, what was opened lately. */
import { all, find } from './dom.js';

export const visible = (element) => element.offsetParent !== null || element.getClientRects().length > 0;

/* After G. */
export const GO = { t: '/', j: '/board', s: '/workshop', c: '/customers', r: '/reports' };
export const go_link = (key) =>
    find(`[data-go="${CSS.escape(key)}"]`) ??
    (GO[key] ? find(`.nav a[href="${GO[key]}"], .tabbar a[href="${GO[key]}"]`) : null);

/* Rows are walked by the arrows, whether a list or a table has them. */
export const rows_of = () => all('main .rows .t, main .table tbody a.strong, main .table tbody td:first-child a').filter(visible);

/* The job that the focus is on, or that the page is of. */
export const job_here = () =>
    document.activeElement?.closest('[data-job]')?.dataset.job ?? /^\/jobs\/(\d+)$/.exec(location.pathname)?.[1];

/* What was opened and done lately, for the search before anything is typed: on this browser, each
 * person's own, until they sign out. */
export function lately(what) {
    try {
        return JSON.parse(localStorage.getItem(key_of(what))) ?? [];
    } catch {
        return [];
    }
}
/* The newest first; `same` tells which older one it is. */
export function remember(what, item, same) {
    try {
        localStorage.setItem(key_of(what), JSON.stringify([item, ...lately(what).filter((each) => !same(each))].slice(0, 16)));
    } catch {
        /* storage is full or forbidden: nothing is remembered */
    }
}
export function forget() {
    try {
        ['opened', 'done'].forEach((what) => localStorage.removeItem(key_of(what)));
    } catch {
        /* as above */
    }
}
const key_of = (what) => `${what}:${find('.nav-user b')?.textContent ?? ''}`;
