// Reads the forms of a page as a browser without JavaScript would: what it shows, what it would send.

const entities = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0'};

export function unescapeHtml(text) {
    return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) =>
        hex ? String.fromCodePoint(parseInt(hex, 16))
            : decimal ? String.fromCodePoint(Number(decimal)) : entities[name] ?? whole);
}

function attributes(tag) {
    const found = {};
    const rest = tag.replace(/^<[a-z0-9-]+/i, '');
    for (const [, name, , double, single, bare] of
        rest.matchAll(/([^\s"'<>/=]+)(\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g))
        found[name.toLowerCase()] = unescapeHtml(double ?? single ?? bare ?? '');
    return found;
}

/** The words a reader sees, tags gone and white space folded. */
export function visibleText(html) {
    return unescapeHtml(html
        .replace(/<(script|style|template|head)\b.*?<\/\1>/gs, ' ')
        .replace(/<!--.*?-->/gs, ' ')
        .replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' ').trim();
}

/**
 * Every form of the page: {action, method, enctype, id, fields, buttons, html}. `fields` are
 * [name, value] pairs as they would be sent untouched; `buttons` the ways to send it. Controls that
 * stand elsewhere and name their form by `form="id"` are its own.
 */
export function parseForms(html) {
    const forms = [];
    let current = null;
    let select = null;
    let button = null;
    const byId = new Map();
    const tokens = [...html.matchAll(
        /<!--.*?-->|<(script|style)\b.*?<\/\1>|<textarea\b[^>]*>(.*?)<\/textarea>|<\/?[a-z][^>]*?>|[^<]+/gis)];
    const pending = [];

    const owner = (given) => given.form === undefined ? current : byId.get(given.form) ?? given.form;
    const add = (given, entry, list = 'fields') => {
        const form = owner(given);
        if (typeof form === 'string')
            pending.push([form, entry, list]);
        else if (form)
            form[list].push(entry);
    };

    for (const [token, , textarea] of tokens) {
        if (!token.startsWith('<')) {
            if (button)
                button.text += unescapeHtml(token);
            if (select?.option && !select.option.closed)
                select.option.text += unescapeHtml(token);
            continue;
        }
        const name = /^<\/?([a-z0-9-]+)/i.exec(token)?.[1].toLowerCase();
        const closing = token.startsWith('</');
        const given = closing ? {} : attributes(token.slice(0, token.indexOf('>') + 1));
        if (name === 'form') {
            if (closing) {
                current = null;
                continue;
            }
            current = {action: given.action ?? '', method: (given.method ?? 'get').toUpperCase(),
                enctype: given.enctype ?? '', id: given.id ?? '', fields: [], buttons: [], html: ''};
            forms.push(current);
            if (given.id)
                byId.set(given.id, current);
        } else if (name === 'input' && !('disabled' in given)) {
            const type = (given.type ?? 'text').toLowerCase();
            if (type === 'submit' || type === 'image')
                add(given, {name: given.name, value: given.value ?? '', text: given.value ?? '',
                    action: given.formaction}, 'buttons');
            else if (['checkbox', 'radio'].includes(type) ? 'checked' in given : type !== 'button')
                if (given.name && type !== 'file')
                    add(given, [given.name, given.value ?? (type === 'checkbox' ? 'on' : '')]);
        } else if (name === 'textarea' && !('disabled' in given)) {
            if (given.name)
                add(given, [given.name, unescapeHtml(textarea ?? '').replace(/^\r?\n/, '')]);
        } else if (name === 'select') {
            if (closing) {
                const chosen = select?.chosen ?? select?.first;
                if (select?.given.name && chosen && !('disabled' in select.given))
                    add(select.given, [select.given.name, chosen.value ?? chosen.text.trim()]);
                select = null;
            } else {
                select = {given, first: null, chosen: null, option: null};
            }
        } else if (name === 'option' && select) {
            if (closing) {
                if (select.option)
                    select.option.closed = true;
            } else {
                const option = {value: given.value, text: ''};
                select.option = option;
                select.first ??= option;
                if ('selected' in given)
                    select.chosen = option;
            }
        } else if (name === 'button') {
            if (closing) {
                button = null;
            } else if ((given.type ?? 'submit') === 'submit') {
                button = {name: given.name, value: given.value ?? '', text: '', action: given.formaction};
                add(given, button, 'buttons');
            }
        }
    }
    for (const [id, entry, list] of pending)
        byId.get(id)?.[list].push(entry);
    return forms;
}
