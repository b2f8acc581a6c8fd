/* What the browser tests talk to: the built files under the shop's own policy, pages of test/pages, and
 * answers that a test puts in place. Loopback only, a port of the system's choice. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const web = dirname(here);

export const POLICY =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; " +
    "frame-ancestors 'none'; manifest-src 'self'";

const TYPES = {
    css: 'text/css',
    html: 'text/html; charset=utf-8',
    js: 'text/javascript',
    svg: 'image/svg+xml',
    webp: 'image/webp',
    woff2: 'font/woff2',
};

export async function build() {
    const folder = await mkdtemp(join(tmpdir(), 'benchpin-web-'));
    await promisify(execFile)(process.execPath, [join(web, 'build.mjs'), join(folder, 'assets')]);
    return { folder: join(folder, 'assets'), remove: () => rm(folder, { recursive: true }) };
}

const body_of = async (request) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
};

/* `answers` maps "POST /path" to (body, url) => {status, type, body} or a string of HTML; `pages` maps
 * a path to HTML. Every request is noted in `requests`. */
export async function serve() {
    const assets = await build();
    const answers = new Map();
    const pages = new Map();
    const requests = [];
    const streams = new Set();
    const server = createServer(async (request, response) => {
        const url = new URL(request.url, 'http://x');
        const name = `${request.method} ${url.pathname}`;
        const body = request.method === 'POST' ? await body_of(request) : '';
        requests.push({ name, body, url, headers: request.headers });
        response.setHeader('Content-Security-Policy', POLICY);
        response.setHeader('Cache-Control', 'no-store');
        if (url.pathname === '/live') {
            response.writeHead(200, { 'Content-Type': 'text/event-stream' });
            response.write(': hello\n\n');
            streams.add(response);
            request.on('close', () => streams.delete(response));
            return;
        }
        let answer = answers.get(name) ?? pages.get(url.pathname);
        if (typeof answer === 'function') answer = await answer(body, url);
        if (typeof answer === 'string') answer = { type: TYPES.html, body: answer };
        if (answer && typeof answer.body === 'object') answer.body = JSON.stringify(answer.body);
        if (!answer && /^\/(static|seed)\//.test(url.pathname) && !url.pathname.includes('..')) {
            const bytes = await readFile(join(assets.folder, url.pathname)).catch(() => null);
            if (bytes) answer = { type: TYPES[url.pathname.split('.').pop()], body: bytes };
        }
        if (url.pathname === '/favicon.ico') answer = { status: 204, body: '' };
        answer ??= { status: 404, type: 'text/plain', body: 'There is nothing here.' };
        response.writeHead(answer.status ?? 200, { 'Content-Type': answer.type ?? 'application/json', ...answer.headers });
        response.end(answer.body);
    });
    await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
    for (const page of ['board', 'enquiry', 'flow', 'gate', 'intake', 'quote', 'settings'])
        pages.set(`/${page}`, await readFile(join(here, 'pages', `${page}.html`), 'utf8'));
    return {
        url: `http://127.0.0.1:${server.address().port}`,
        answers,
        pages,
        requests,
        streams,
        say: (event) => streams.forEach((stream) => stream.write(`event: news\ndata: ${JSON.stringify(event)}\n\n`)),
        async close() {
            for (const stream of streams) stream.end();
            server.closeAllConnections();
            await new Promise((done) => server.close(done));
            await assets.remove();
        },
    };
}
