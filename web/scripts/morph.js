/* Makes the page's elements like the server's newer ones, in place.
 *
 * Focus, scroll, selection, open details and half-typed text stay. A form in which somebody has typed
 * is left wholly alone, hidden fields included: its version number must stay that of what was shown.
 * Elements are told apart by `id`, `data-key` or `data-job` (for a list item, by its card's). What
 * carries data-keep is not touched. */

const key_of = (node) => {
    if (node.nodeType !== 1) return null;
    if (node.id) return `#${node.id}`;
    const own = node.dataset.key ?? node.dataset.job;
    if (own) return `${node.nodeName}:${own}`;
    if (node.nodeName !== 'LI') return null;
    const card = node.firstElementChild;
    return card?.dataset?.job ? `LI:${card.dataset.job}` : null;
};

/* Whether the person has changed the control since the page came. */
export function is_changed(control) {
    switch (control.type) {
        case 'checkbox':
        case 'radio':
            return control.checked !== control.defaultChecked;
        case 'select-one':
        case 'select-multiple': {
            const options = [...control.options];
            /* With none marked, a list that shows one line starts at its first. */
            if (control.type === 'select-one' && !options.some((option) => option.defaultSelected))
                return control.selectedIndex > 0;
            return options.some((option) => option.selected !== option.defaultSelected);
        }
        case 'file':
            return control.files.length > 0;
        case 'hidden':
        case 'submit':
        case 'button':
        case 'reset':
            return false;
        default:
            return control.value !== control.defaultValue;
    }
}

const is_changed_form = (form) => [...form.elements].some(is_changed);

/* Attributes that belong to the person in front of the page, not to the server. */
function is_kept(element, name) {
    if (name === 'open') return element.nodeName === 'DETAILS' || element.nodeName === 'DIALOG';
    return name === 'data-draft-ready' || name === 'data-bound';
}

function morph_attributes(old, fresh) {
    for (const { name, value } of fresh.attributes)
        if (!is_kept(old, name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
    for (const { name } of [...old.attributes])
        if (!fresh.hasAttribute(name) && !is_kept(old, name)) old.removeAttribute(name);
}

function morph_control(old, fresh) {
    const typed = is_changed(old) || old === document.activeElement;
    morph_attributes(old, fresh);
    if (old.nodeName === 'TEXTAREA') {
        const value = old.value;
        if (old.defaultValue !== fresh.defaultValue) old.defaultValue = fresh.defaultValue;
        old.value = typed ? value : fresh.defaultValue;
    } else if (old.nodeName === 'SELECT') {
        const value = old.value;
        morph_children(old, fresh);
        old.value = typed ? value : fresh.value;
    } else if (old.type === 'checkbox' || old.type === 'radio') {
        if (!typed) old.checked = fresh.defaultChecked;
    } else if (old.type !== 'file' && !typed) {
        old.value = fresh.defaultValue;
    }
}

function morph_node(old, fresh) {
    if (old.nodeType !== 1) {
        if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
        return;
    }
    if (old.dataset?.keep !== undefined) return;
    if (old.nodeName === 'FORM' && is_changed_form(old)) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(old.nodeName)) {
        morph_control(old, fresh);
        return;
    }
    morph_attributes(old, fresh);
    if (!old.isEqualNode(fresh)) morph_children(old, fresh);
}

function move_before(parent, node, place) {
    if (parent.moveBefore && node.isConnected) {
        try {
            parent.moveBefore(node, place);
            return;
        } catch {
            /* older engines and odd places: the plain way */
        }
    }
    parent.insertBefore(node, place);
}

/* Makes the children of `old` like those of `fresh`, which loses them. */
export function morph_children(old, fresh) {
    const keyed = new Map();
    for (const child of old.childNodes) {
        const key = key_of(child);
        if (key) keyed.set(key, child);
    }
    const wanted = new Set([...fresh.childNodes].map(key_of).filter(Boolean));
    let place = old.firstChild;
    for (const child of [...fresh.childNodes]) {
        const key = key_of(child);
        let match = null;
        if (key) {
            match = keyed.get(key) ?? null;
            if (match && match.nodeName !== child.nodeName) match = null;
        } else {
            for (match = place; match; match = match.nextSibling)
                if (match.nodeName === child.nodeName && !key_of(match) && match.dataset?.keep === undefined) break;
        }
        if (!match) {
            old.insertBefore(child, place);
        } else if (match === place) {
            place = place.nextSibling;
            morph_node(match, child);
        } else {
            /* What stands between goes, unless a later sibling wants it. */
            while (place && place !== match && !key && !wanted.has(key_of(place)) && place.dataset?.keep === undefined) {
                const gone = place;
                place = place.nextSibling;
                gone.remove();
            }
            if (match === place) place = place.nextSibling;
            else move_before(old, match, place);
            morph_node(match, child);
        }
    }
    while (place) {
        const next = place.nextSibling;
        if (place.dataset?.keep === undefined) place.remove();
        place = next;
    }
}

/* Makes `old` like `fresh`; the keyboard's place follows a card that moved to another list. */
export function morph(old, fresh) {
    const card = document.activeElement?.closest?.('[data-job]');
    const job = card && old.contains(card) ? card.dataset.job : null;
    morph_node(old, fresh);
    if (job && (document.activeElement === document.body || !document.activeElement))
        old.querySelector(`[data-job="${CSS.escape(job)}"] a`)?.focus({ preventScroll: true });
}
