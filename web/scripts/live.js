/* Parts of a page that follow the shop: <div data-live="jobs"> or data-live="job:123".
 *
 * One stream a browser: browsers allow six connections to a host, so among the visible tabs one (by a
 * Web Lock) holds /live and tells the others over a BroadcastChannel. A hidden tab drops out and
 * fetches afresh when it is seen again. An event names what changed, never what it is now: the part is
 * fetched again from data-live-src, or the page's own address, under the reader's own rights. */
import { all, clock, find } from './dom.js';
import { morph, morph_children } from './morph.js';
import { concerns } from './topics.js';
import { t } from './words.js';

const PATH = '/live';
const TOGETHER = 100; /* ms: events that come as one burst are one fetch */
const PATIENCE = 3000; /* ms without the stream before it is told */
const RETRIES = [1000, 2000, 5000, 10000, 30000];

/* --- fetching and morphing ------------------------------------------------------------------- */

const waiting = new Set(); /* elements to fetch */
let timer = 0;
let busy = false;
let holds = 0;

/* While something is being dragged or awaits its answer, parts stay as they are. */
export function hold() {
    holds++;
}
export function release() {
    holds--;
    if (!holds && waiting.size) schedule();
}

function schedule() {
    if (!timer) timer = setTimeout(run, TOGETHER);
}

async function run() {
    timer = 0;
    if (busy || holds) return;
    busy = true;
    const groups = new Map();
    for (const element of waiting) {
        const source = source_of(element);
        groups.set(source, [...(groups.get(source) ?? []), element]);
    }
    waiting.clear();
    await Promise.all([...groups].map(([source, elements]) => fetch_into(source, elements)));
    busy = false;
    if (waiting.size) schedule();
}

const source_of = (element) => element.dataset.liveSrc || location.pathname + location.search;

async function fetch_into(source, elements) {
    let text;
    try {
        const response = await fetch(source, {
            headers: { Accept: 'text/html' },
            credentials: 'same-origin',
            cache: 'no-cache',
        });
        /* Signed out meanwhile, or the thing is gone: the whole page says so better. */
        if (response.redirected || response.status === 401 || response.status === 404) {
            location.reload();
            return;
        }
        if (!response.ok) return;
        text = await response.text();
    } catch {
        return; /* the stream's state tells of it, and its return fetches again */
    }
    if (holds) {
        for (const element of elements) waiting.add(element);
        return;
    }
    const page = new DOMParser().parseFromString(text, 'text/html');
    for (const element of elements) {
        if (!element.isConnected) continue;
        const fresh = counterpart(element, page);
        if (fresh) morph(element, document.adoptNode(fresh));
        else if (element.dataset.liveSrc) morph_children(element, document.adoptNode(page.body));
        else continue;
        element.dispatchEvent(new CustomEvent('live:fresh', { bubbles: true }));
    }
}

function counterpart(element, page) {
    if (element.id) return page.getElementById(element.id);
    const same = `[data-live="${CSS.escape(element.dataset.live)}"]`;
    const place = all(same).indexOf(element);
    return all(same, page)[place] ?? null;
}

/* Fetches the parts again: those that `event` concerns, or all. */
export function refresh(event) {
    for (const element of all('[data-live]'))
        if (!event?.topic || concerns(event, element.dataset.live)) waiting.add(element);
    if (waiting.size) schedule();
}

/* --- the stream ------------------------------------------------------------------------------ */

let channel = null;
let stream = null;
let give_up_lock = null;
let queue = null; /* aborts the wait for the lock */
let attempt = 0;
let retry = 0;
let lost_at = 0;
let lost_timer = 0;
let opened = false;

function tell(message) {
    hear(message);
    channel?.postMessage(message);
}

function hear(message) {
    if (message.event) refresh(message.event);
    if (message.again) refresh();
    if ('lost_at' in message) show_state(message.lost_at);
}

function show_state(since) {
    for (const place of all('[data-live-state]')) {
        place.hidden = !since;
        place.textContent = since ? t('Not live since %s', clock(since)) : '';
    }
}

function open_stream() {
    stream = new EventSource(PATH);
    stream.onopen = () => {
        attempt = 0;
        clearTimeout(lost_timer);
        lost_timer = 0;
        /* What happened while nobody listened is not sent again: look. */
        tell({ lost_at: 0, again: opened || lost_at > 0 });
        opened = true;
        lost_at = 0;
    };
    stream.addEventListener('news', ({ data }) => {
        try {
            tell({ event: JSON.parse(data) });
        } catch {
            /* not an event of ours */
        }
    });
    stream.onerror = () => {
        lost_at ||= Date.now();
        lost_timer ||= setTimeout(() => tell({ lost_at }), PATIENCE);
        if (stream.readyState !== EventSource.CLOSED) return; /* it tries again by itself */
        clearTimeout(retry);
        retry = setTimeout(open_stream, RETRIES[Math.min(attempt++, RETRIES.length - 1)]);
    };
}

function close_stream() {
    clearTimeout(retry);
    clearTimeout(lost_timer);
    lost_timer = 0;
    stream?.close();
    stream = null;
}

function join() {
    if (queue) return;
    queue = new AbortController();
    /* Locks need a secure context: on a plain http address each visible tab has its own stream. */
    if (!navigator.locks) {
        open_stream();
        return;
    }
    navigator.locks
        .request('benchpin-live', { signal: queue.signal }, () => {
            open_stream();
            return new Promise((done) => (give_up_lock = done));
        })
        .catch(() => {}); /* left before its turn */
}

function leave() {
    queue?.abort();
    queue = null;
    close_stream();
    give_up_lock?.();
    give_up_lock = null;
}

export function start_live() {
    if (!find('[data-live]')) return;
    if ('BroadcastChannel' in window) {
        channel = new BroadcastChannel('benchpin-live');
        channel.onmessage = ({ data }) => {
            if (document.visibilityState === 'visible') hear(data);
        };
    }
    document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'hidden') {
            leave();
        } else {
            refresh();
            join();
        }
    });
    addEventListener('pagehide', leave);
    addEventListener('pageshow', (event) => {
        if (!event.persisted) return;
        refresh();
        join();
    });
    if (document.visibilityState === 'visible') join();
}
