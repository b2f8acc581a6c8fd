// A person's browser without JavaScript, or a program with a token, reduced to requests.

import {randomUUID} from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import {connect} from 'node:net';
import {parseForms, unescapeHtml, visibleText} from './forms.mjs';
import {within} from './wait.mjs';

/** What came back. */
export class Answer {
    constructor(status, headers, body, request) {
        this.status = status;
        this.headers = headers; // names in lower case
        this.body = body;       // a Buffer
        this.request = request; // {method, path}
    }
    get text() { return this.body.toString('utf8'); }
    get location() { return this.headers.location; }
    get type() { return (this.headers['content-type'] ?? '').split(';')[0]; }
    json() {
        try {
            return JSON.parse(this.text);
        } catch {
            throw new Error(`not JSON: ${this}`);
        }
    }
    /** The words a reader sees. */
    get words() { return visibleText(this.text); }
    get forms() { return parseForms(this.text); }
    /** The form whose action is the text or matches the expression. */
    form(action) {
        const fits = (each) => action instanceof RegExp ? action.test(each.action)
            : action === undefined ? each.method === 'POST' && !/sign-out|theme/.test(each.action)
                : each.action === action;
        const found = this.forms.find(fits);
        if (!found)
            throw new Error(`no form ${action ?? ''} in ${this.request.path}: there are ` +
                (this.forms.map((each) => `${each.method} ${each.action}`).join(', ') || 'none'));
        return found;
    }
    toString() {
        const words = this.type === 'text/html' ? this.words : this.text;
        return `${this.request.method} ${this.request.path} -> ${this.status} ${words.slice(0, 600)}`;
    }
    /** Itself, if the status is one of these; otherwise fails telling what came. */
    expect(...statuses) {
        if (!statuses.includes(this.status))
            throw new Error(`expected ${statuses.join(' or ')}: ${this}`);
        return this;
    }
}

function encodeForm(fields) {
    const parameters = new URLSearchParams();
    for (const [name, value] of fields)
        parameters.append(name, value);
    return Buffer.from(parameters.toString());
}

/** files: [{field, name, type, data}]; gives {body, type}. */
export function encodeMultipart(fields, files) {
    const boundary = `----benchpin${randomUUID()}`;
    const parts = [];
    const quote = (text) => String(text).replaceAll('"', '%22').replace(/\r\n?|\n/g, ' ');
    for (const [name, value] of fields)
        parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${quote(name)}"\r\n\r\n${value}\r\n`);
    for (const {field = 'file', name, type = 'application/octet-stream', data} of files)
        parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${quote(field)}"; ` +
            `filename="${quote(name)}"\r\nContent-Type: ${type}\r\n\r\n`, data, '\r\n');
    parts.push(`--${boundary}--\r\n`);
    return {body: Buffer.concat(parts.map((each) => Buffer.from(each))),
        type: `multipart/form-data; boundary=${boundary}`};
}

/** [name, value] pairs of an object, a Map or pairs; a list is a name sent several times. */
function pairs(fields) {
    const entries = Array.isArray(fields) ? fields
        : fields instanceof Map ? [...fields] : Object.entries(fields ?? {});
    return entries.flatMap(([name, value]) =>
        Array.isArray(value) ? value.map((each) => [name, String(each)])
            : value === undefined || value === null ? [] : [[name, String(value)]]);
}

export class Client {
    /** `shop` is what startShop gave, or {url}. A token makes it a program's client. */
    constructor(shop, {token, headers = {}} = {}) {
        this.shop = shop;
        this.cookies = new Map();
        this.csrf = null; // as last seen in a page
        this.headers = token ? {authorization: `Bearer ${token}`, ...headers} : headers;
        this.agent = null;
        this.agentOf = null;
    }

    /** One request, redirects not followed. options: headers, body, timeout (ms). */
    request(method, path, {headers = {}, body, timeout = 60000} = {}) {
        const url = new URL(path, this.shop.url);
        const library = url.protocol === 'https:' ? https : http;
        if (this.agentOf !== this.shop.pid || !this.agent) { // a restarted server: fresh connections
            this.agent?.destroy();
            this.agent = new library.Agent({keepAlive: true, rejectUnauthorized: false});
            this.agentOf = this.shop.pid;
        }
        const all = {accept: 'text/html', ...this.headers, ...headers};
        if (this.cookies.size > 0 && !('cookie' in all))
            all.cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        if (body !== undefined)
            all['content-length'] ??= Buffer.byteLength(body);
        return new Promise((resolve, reject) => {
            const request = library.request(url, {method, headers: all, agent: this.agent, timeout});
            request.on('timeout', () => request.destroy(
                new Error(`${method} ${path} had no answer in ${timeout} ms`)));
            request.on('error', reject);
            request.on('response', (response) => {
                const chunks = [];
                response.on('data', (chunk) => chunks.push(chunk));
                response.on('error', reject);
                response.on('end', () => {
                    const answer = new Answer(response.statusCode, response.headers,
                        Buffer.concat(chunks), {method, path});
                    this.#remember(answer);
                    resolve(answer);
                });
            });
            request.end(body);
        });
    }

    #remember(answer) {
        for (const line of answer.headers['set-cookie'] ?? []) {
            const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
            if (/;\s*max-age=0/i.test(line) || /;\s*expires=Thu, 01 Jan 1970/i.test(line))
                this.cookies.delete(name);
            else
                this.cookies.set(name, value);
        }
        if (answer.type === 'text/html') {
            const found = /<input[^>]*\bname="csrf"[^>]*>/.exec(answer.text)?.[0];
            this.csrf = unescapeHtml(found && /\bvalue="([^"]*)"/.exec(found)?.[1] || '') || this.csrf;
        }
    }

    get(path, options) { return this.request('GET', path, options); }

    /**
     * Posts a form's fields as a page would, with the token last seen and a fresh idempotency key
     * unless they are among the fields. options: files (makes it multipart), headers.
     */
    async post(path, fields = {}, {files, headers = {}, ...options} = {}) {
        const sent = pairs(fields);
        const has = (name) => sent.some(([each]) => each === name);
        if (!has('csrf') && this.csrf)
            sent.unshift(['csrf', this.csrf]);
        if (!has('idempotency_key'))
            sent.unshift(['idempotency_key', randomUUID()]);
        const {body, type} = files ? encodeMultipart(sent, files)
            : {body: encodeForm(sent), type: 'application/x-www-form-urlencoded'};
        return this.request('POST', path, {...options, body, headers: {'content-type': type, ...headers}});
    }

    /** The page that an answer leads to; the answer itself when it leads nowhere. */
    async follow(answer) {
        for (let hops = 0; answer.location && answer.status >= 300 && answer.status < 400; hops++) {
            if (hops > 5)
                throw new Error(`redirected in a circle: ${answer}`);
            answer = await this.get(answer.location);
        }
        return answer;
    }

    /**
     * Opens a page, fills in its form and sends it, as a person would: what is not named stays as the
     * page has it. `form` is its action (text or expression), default the page's first POST form;
     * `button` the text of the one pressed. Gives the answer, not followed.
     */
    async submit(page, fields = {}, {form, button, files, ...options} = {}) {
        const answer = page instanceof Answer ? page : (await this.get(page)).expect(200);
        const found = answer.form(form);
        const changed = pairs(fields);
        const names = new Set([...changed.map(([name]) => name), ...Object.keys(fields)]);
        const sent = found.fields.filter(([name]) => !names.has(name)).concat(changed);
        const pressed = button === undefined ? found.buttons[0]
            : found.buttons.find((each) => each.text.trim() === button);
        if (button !== undefined && !pressed)
            throw new Error(`no button ${button} in the form ${found.action}`);
        if (pressed?.name)
            sent.push([pressed.name, pressed.value]);
        const to = new URL(pressed?.action || found.action || answer.request.path,
            new URL(answer.request.path, this.shop.url));
        const path = to.pathname + to.search;
        if (found.method === 'GET')
            return this.get(`${to.pathname}?${new URLSearchParams(sent)}`, options);
        return this.post(path, sent, {...options,
            files: files ?? (found.enctype === 'multipart/form-data' ? [] : undefined)});
    }

    /** JSON to and from /api/v1 + path. A POST carries an Idempotency-Key; `key` says which. */
    api(method, path, body, {key, headers = {}, ...options} = {}) {
        const all = {accept: 'application/json', ...headers};
        if (body !== undefined)
            all['content-type'] ??= 'application/json';
        if (method === 'POST')
            all['idempotency-key'] ??= key ?? randomUUID();
        if (this.csrf && method !== 'GET' && !this.headers.authorization)
            all['x-csrf-token'] ??= this.csrf;
        return this.request(method, `/api/v1${path}`, {...options, headers: all,
            body: body === undefined ? undefined
                : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)});
    }

    /** A server-sent stream: next(fits, ms) gives the next event {event, data, id} that fits. */
    async events(path) {
        const url = new URL(path, this.shop.url);
        const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const stream = new EventStream();
        await within(`the stream ${path}`, new Promise((resolve, reject) => {
            const library = url.protocol === 'https:' ? https : http;
            stream.request = library.get(url, {agent: false, rejectUnauthorized: false,
                headers: {accept: 'text/event-stream', ...this.headers, ...(cookie ? {cookie} : {})}},
            (response) => {
                if (response.statusCode !== 200) {
                    response.destroy();
                    reject(new Error(`GET ${path} -> ${response.statusCode}`));
                    return;
                }
                response.setEncoding('utf8');
                response.on('data', (text) => stream.take(text));
                response.on('close', () => stream.finish());
                response.on('error', () => stream.finish());
                resolve();
            });
            stream.request.on('error', (error) => {
                stream.finish();
                reject(error);
            });
        }));
        return stream;
    }

    close() { this.agent?.destroy(); this.agent = null; }
}

class EventStream {
    constructor() {
        this.all = [];
        this.rest = '';
        this.read = 0;
        this.ended = false;
        this.wake = () => {};
    }
    take(text) {
        const blocks = (this.rest + text).split(/\r?\n\r?\n/);
        this.rest = blocks.pop();
        for (const block of blocks) {
            const event = {event: 'message', data: '', id: undefined};
            for (const line of block.split(/\r?\n/)) {
                const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line);
                if (name === 'data')
                    event.data += (event.data ? '\n' : '') + value;
                else if (name === 'event' || name === 'id')
                    event[name] = value;
            }
            if (!block.startsWith(':'))
                this.all.push(event);
        }
        this.wake();
    }
    finish() {
        this.ended = true;
        this.wake();
    }
    async next(fits = () => true, ms = 5000) {
        const seek = async () => {
            for (;;) {
                while (this.read < this.all.length) {
                    const event = this.all[this.read++];
                    if (fits(event))
                        return event;
                }
                if (this.ended)
                    throw new Error('the stream ended');
                await new Promise((resolve) => { this.wake = resolve; });
            }
        };
        return within('an event', seek(), ms);
    }
    close() { this.request.destroy(); }
}

/** Signs in as a person does. Without a name: the owner. */
export async function signIn(shop, email = shop.owner.email, password = shop.owner.password) {
    const client = new Client(shop);
    const answer = await client.submit('/sign-in', {email, password}, {form: /sign-in/});
    answer.expect(303);
    await client.follow(answer); // the page that they land on carries the session's token
    return client;
}

/** A client for programs, with a token of its own. Without a name: the owner's. */
export async function tokenClient(shop, {email = shop.owner.email, password = shop.owner.password,
    name = 'Tests'} = {}) {
    const answer = await new Client(shop).api('POST', '/tokens', {email, password, name});
    return new Client(shop, {token: answer.expect(200, 201).json().token});
}

/** Sends bytes as they are and gives all that comes back until the other end closes, as text. */
export function raw(shop, bytes, {ms = 10000, end = false} = {}) {
    const {hostname, port} = new URL(shop.url);
    return within('the raw answer', new Promise((resolve, reject) => {
        const chunks = [];
        const socket = connect(Number(port), hostname, () => {
            socket.write(bytes);
            if (end)
                socket.end();
        });
        socket.on('data', (chunk) => chunks.push(chunk));
        socket.on('error', (error) => chunks.length ? resolve(Buffer.concat(chunks).toString('latin1')) : reject(error));
        socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    }), ms);
}
