/* The board: cards move between lanes by dragging, by keys, or by the card's own menu.
 *
 * Whichever way, the card moves at once and is greyed until the server has answered. A move that came
 * second puts the card where it now is and names who moved it; a refused one puts it back and says
 * why. Going back asks for a note first. */
import Sortable, { AutoScroll } from 'sortablejs/modular/sortable.core.esm.js';
import { all, find, make, on, post, sentence_of } from './dom.js';
import { ask, ask_note } from './dialogs.js';
import { hold, refresh, release } from './live.js';
import { toast } from './toasts.js';
import { t } from './words.js';

/* Where lanes lie across the stages, a card stays in its own: `root` is that lane, or the page. */
const root_of = (element) => element?.closest('.swim') ?? document;
const lists = (root = document) => all('.lane [data-stage]:not(.job-card)', root);
const list_of = (stage, root) => lists(root).find((list) => list.dataset.stage === stage);
const name_of = (stage) => {
    const heading = find('h2', list_of(stage)?.closest('.lane') ?? make('i'));
    return heading?.textContent.trim() ?? stage;
};
const item_of = (card) => card.closest('li') ?? card;
/* A held card lies in the lane that it is held at, and moves from "on_hold". */
const stage_of = (card) => card.dataset.stage ?? card.closest('.lane-cards')?.dataset.stage;

/* The stages at the side have no lane: going there is not going back. */
const is_back = (from, to) => {
    const order = lists(root_of(find('.lane'))).map((list) => list.dataset.stage);
    return order.includes(to) && order.indexOf(to) < order.indexOf(from);
};

/* The counts in the lanes' headings follow the cards. */
function count(stage, change, root) {
    const figure = find('header .muted', list_of(stage, root)?.closest('.lane') ?? make('i'));
    const now = Number(figure?.textContent);
    if (figure && Number.isInteger(now)) figure.textContent = String(Math.max(0, now + change));
}

/* The keyboard's place goes along: an element that is moved loses it. */
function put(item, list, before = null) {
    if (!list.matches('.lane-cards')) {
        item.remove(); /* a folded lane shows no cards */
        return;
    }
    if (item.parentNode === list && item.nextElementSibling === before) return;
    const focused = item.contains(document.activeElement) ? document.activeElement : null;
    list.insertBefore(item, before);
    focused?.focus();
}

/* Moves `card` to `to`. It may lie there already (dropped); `origin` is where it came from. */
async function move(card, to, origin, note = '') {
    const from = origin.stage;
    const { root } = origin;
    const home = list_of(origin.lane, root);
    const target = list_of(to, root);
    const item = item_of(card);
    const put_back = () => put(item, home, origin.before?.parentNode === home ? origin.before : null);
    if (!note && is_back(origin.lane, to)) {
        const answer = await ask_note(
            t('Back to %s?', name_of(to)),
            t('Say why %s goes back: the note stays in its history.', title_of(card)),
            t('Move to %s', name_of(to)),
        );
        if (!answer?.note.trim()) {
            put_back();
            return;
        }
        note = answer.note.trim();
    }
    hold();
    if (target && item.parentNode !== target) put(item, target, target.firstChild);
    count(origin.lane, -1, root);
    count(to, 1, root);
    card.classList.add('is-pending');
    card.setAttribute('aria-busy', 'true');
    const { ok, status, answer } = await post(`/jobs/${encodeURIComponent(card.dataset.job)}/stage`, { from, to, note });
    card.classList.remove('is-pending');
    card.removeAttribute('aria-busy');
    if (ok && answer.moved !== false) {
        if (card.dataset.stage) card.dataset.stage = to;
        toast(answer.message ?? t('Moved to %s', name_of(to)), { undo: answer.undo, undone: () => refresh() });
    } else {
        const now = ok ? (answer.stage ?? answer.job?.stage) : null;
        const place = now && list_of(now, root);
        count(to, -1, root);
        count(place ? now : origin.lane, 1, root);
        if (place) put(item, place, place.firstChild);
        else put_back();
        toast(ok ? came_second(card, answer, now) : sentence_of(answer, status), { bad: !ok });
    }
    release();
    refresh();
}

const title_of = (card) => find('h3', card)?.textContent.trim() ?? `#${card.dataset.job}`;

function came_second(card, answer, now) {
    if (answer.message) return answer.message;
    const who = answer.by?.name ?? answer.by ?? answer.moved_by;
    const where = answer.stage_name ?? name_of(now);
    return who
        ? t('%s has moved %s to %s', who, title_of(card), where)
        : t('%s is in %s now', title_of(card), where);
}

const origin_of = (card) => ({
    stage: stage_of(card),
    lane: card.closest('.lane-cards')?.dataset.stage,
    before: item_of(card).nextElementSibling,
    root: root_of(card),
});

/* --- dragging -------------------------------------------------------------------------------- */

let dragged = null;
let cancelled = false;

const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/* The lane that the pointer was over when it let go. Sortable looks only every 50 ms: a quick hand
 * would drop into the lane before. Outside of all lanes the card goes home. */
function stage_under(event) {
    const { clientX, clientY } = event?.changedTouches?.[0] ?? event ?? {};
    const lane = clientX === undefined ? null : document.elementFromPoint(clientX, clientY)?.closest('.lane');
    return lane && find('[data-stage]:not(.job-card)', lane)?.dataset.stage;
}

function bind_lists() {
    for (const list of all('.lane-cards[data-stage]')) {
        if (list.dataset.bound) continue;
        list.dataset.bound = '1';
        Sortable.create(list, {
            group: 'stages',
            draggable: 'li',
            filter: '.is-pending, .card-menu, details, summary, select, button, input, textarea',
            preventOnFilter: false,
            animation: still() ? 0 : 140,
            /* Its own pointer handling instead of the browser's: the same with mouse and finger. */
            forceFallback: true,
            fallbackOnBody: true,
            fallbackTolerance: 5,
            delay: 180,
            delayOnTouchOnly: true,
            touchStartThreshold: 5,
            ghostClass: 'is-ghost',
            dragClass: 'is-lifted',
            scroll: true,
            scrollSensitivity: 80,
            bubbleScroll: true,
            onStart({ item }) {
                hold();
                cancelled = false;
                const card = find('[data-job]', item);
                dragged = { card, origin: origin_of(card) };
                document.body.classList.add('is-moving');
            },
            onMove({ to }) {
                for (const other of all('.lane-cards.is-over')) other.classList.remove('is-over');
                to.classList.add('is-over');
            },
            onEnd({ originalEvent }) {
                for (const other of all('.lane-cards.is-over')) other.classList.remove('is-over');
                document.body.classList.remove('is-moving');
                const { card, origin } = dragged;
                dragged = null;
                const stage = cancelled ? null : stage_under(originalEvent);
                if (stage && stage !== origin.lane) {
                    move(card, stage, origin);
                } else {
                    const home = list_of(origin.lane, origin.root);
                    put(item_of(card), home, origin.before?.parentNode === home ? origin.before : null);
                }
                release();
            },
        });
    }
}

function cancel_drag() {
    cancelled = true;
    document.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
}

/* --- keys and the card's menu ---------------------------------------------------------------- */

const focused_card = () => document.activeElement?.closest?.('.job-card[data-job]');
const focus_card = (card) => find('h3 a, a', card)?.focus();

function step(card, way) {
    const order = lists(root_of(card)).map((list) => list.dataset.stage);
    const to = order[order.indexOf(card.closest('.lane-cards')?.dataset.stage) + way];
    if (to) move(card, to, origin_of(card));
}

function walk(card, key) {
    const list = card.closest('.lane-cards');
    const cards = all('.job-card[data-job]', list);
    const place = cards.indexOf(card);
    if (key === 'ArrowUp' || key === 'ArrowDown') {
        const next = cards[place + (key === 'ArrowDown' ? 1 : -1)];
        if (next) focus_card(next);
        return;
    }
    const full = all('.lane-cards', root_of(card)).filter((other) => other === list || find('.job-card', other));
    const forward = (key === 'ArrowRight') !== (document.dir === 'rtl');
    const lane = full[full.indexOf(list) + (forward ? 1 : -1)];
    if (!lane) return;
    const there = all('.job-card[data-job]', lane);
    focus_card(there[Math.min(place, there.length - 1)]);
}

async function open_menu(card) {
    const menu = find('details', card);
    if (menu) {
        menu.open = true;
        find('select, button, a', menu.querySelector('form') ?? menu)?.focus();
        return;
    }
    const here = stage_of(card);
    const select = make('select', { class: 'select', id: 'ask-stage', name: 'to' });
    const stages = lists(root_of(card)).map((list) => [list.dataset.stage, name_of(list.dataset.stage)]);
    const next = stages[stages.findIndex(([stage]) => stage === card.closest('.lane-cards')?.dataset.stage) + 1];
    for (const [stage, name] of [...stages, ['on_hold', t('On hold')], ['cancelled', t('Cancelled')]])
        if (stage !== here) select.append(make('option', { value: stage, selected: stage === next?.[0] }, name));
    const answer = await ask({
        title: t('Move to'),
        text: title_of(card),
        yes: t('Move'),
        body: [
            make('div', { class: 'field' }, make('label', { for: 'ask-stage' }, t('Stage')), select),
            make(
                'div',
                { class: 'field' },
                make('label', { for: 'ask-note' }, t('Note')),
                make('textarea', { class: 'textarea', id: 'ask-note', name: 'note', rows: 2, maxlength: 1000 }),
            ),
        ],
    });
    if (answer) move(card, answer.to, origin_of(card), answer.note.trim());
}

/* What the board does with a key, or false. Called by keys.js outside fields only. */
export function board_key(event) {
    if (event.key === 'Escape' && dragged) {
        cancel_drag();
        return true;
    }
    if (!find('.board')) return false;
    const card = focused_card();
    if (event.key.startsWith('Arrow')) {
        const first = card ?? find('.board .job-card[data-job]');
        const on_board = card || document.activeElement?.matches?.('.board');
        if (!first || !on_board) return false;
        if (card) walk(card, event.key);
        else focus_card(first);
        return true;
    }
    if (!card || card.classList.contains('is-pending')) return false;
    if (event.key === ']') step(card, 1);
    else if (event.key === '[') step(card, -1);
    else if (event.key === 'm' || event.key === 'M') open_menu(card);
    else return false;
    return true;
}

export function start_board() {
    if (!find('.lane-cards[data-stage]')) return;
    Sortable.mount(new AutoScroll());
    bind_lists();
    document.addEventListener('live:fresh', bind_lists);
    /* The browser's own dragging of links and pictures would take the pointer away. */
    on('dragstart', '.board', (event) => event.preventDefault());
    on(
        'submit',
        '.job-card form',
        (event, form) => {
            const fields = new FormData(form, event.submitter);
            const card = form.closest('.job-card');
            if (!fields.get('to')) return;
            event.preventDefault();
            event.stopImmediatePropagation();
            form.closest('details')?.removeAttribute('open');
            focus_card(card);
            move(card, fields.get('to'), origin_of(card));
        },
        true,
    );
    /* Without script the link leads to a page with the same form. */
    on('click', '.job-card a.card-menu', (event, link) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        const card = link.closest('.job-card');
        if (!card.classList.contains('is-pending')) open_menu(card);
    });
    on('keydown', '.job-card details', (event, menu) => {
        if (event.key !== 'Escape') return;
        menu.open = false;
        focus_card(menu.closest('.job-card'));
    });
    document.addEventListener('click', (event) => {
        for (const menu of all('.job-card details[open]')) if (!menu.contains(event.target)) menu.open = false;
    });
}
