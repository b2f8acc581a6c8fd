#!/usr/bin/env node
// As much of the program as the harness's own tests need: they must not fail for the program's sake.

import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import http from 'node:http';
import {join} from 'node:path';

const [command, ...rest] = process.argv.slice(2);
const option = (name) => rest[rest.indexOf(`--${name}`) + 1];
const data = option('data');

if (command === 'init') {
    const owner = {email: option('email'), password: readFileSync(option('password-file'), 'utf8').trim()};
    writeFileSync(join(data, 'shop.json'), JSON.stringify(owner));
} else if (command === 'demo') {
    writeFileSync(join(data, 'orders'), option('orders'));
} else if (command === 'serve') {
    const page = (body) => `<!doctype html><html lang="en"><head><title>Fake</title></head><body><main>
        <h1>Fake</h1>${body}</main></body></html>`;
    const form = (action, inner) => page(`<form method="post" action="${action}">
        <input type="hidden" name="csrf" value="c&amp;1"><input type="hidden" name="idempotency_key" value="k">
        ${inner}<button>Go</button></form>`);
    const server = http.createServer(async (request, response) => {
        let body = '';
        for await (const chunk of request)
            body += chunk;
        const answer = (status, text, headers = {}) => {
            response.writeHead(status, {'content-type': 'text/html; charset=utf-8',
                'content-security-policy': "default-src 'none'", ...headers});
            response.end(text);
        };
        const {pathname, searchParams} = new URL(request.url, 'http://x');
        if (pathname === '/healthz')
            return answer(200, '{}', {'content-type': 'application/json'});
        if (pathname === '/sign-in' && request.method === 'GET')
            return answer(200, form('/sign-in', `<label>Email <input name="email"></label>
                <label>Password <input type="password" name="password"></label>`));
        if (pathname === '/sign-in') {
            const sent = new URLSearchParams(body);
            const owner = JSON.parse(readFileSync(join(data, 'shop.json'), 'utf8'));
            const right = sent.get('csrf') === 'c&1' && sent.get('email') === owner.email &&
                sent.get('password') === owner.password;
            return right ? answer(303, '', {location: '/', 'set-cookie': 'session=s1; HttpOnly; Path=/'})
                : answer(422, page('<p>That did not fit.</p>'));
        }
        if (pathname !== '/api/v1/tokens' && !/session=s1/.test(request.headers.cookie ?? '') && request.headers.authorization !== 'Bearer t')
            return answer(303, '', {location: '/sign-in'});
        if (pathname === '/events') {
            response.writeHead(200, {'content-type': 'text/event-stream'});
            response.write(':hello\n\nevent: job\ndata: 1\n\n');
            return setTimeout(() => response.end('event: job\ndata: {"id":2,\ndata: "x":1}\n\n'), 50);
        }
        if (pathname === '/api/v1/tokens')
            return answer(201, JSON.stringify({token: 't', key: request.headers['idempotency-key'],
                csrf: request.headers['x-csrf-token'], name: JSON.parse(body).name}),
            {'content-type': 'application/json'});
        if (pathname === '/echo')
            return answer(200, body, {'content-type': request.headers['content-type']});
        if (pathname === '/bad')
            return answer(200, page('<img src="/x.png" style="width: 2000px"><p lang="xx-nonsense">x</p>'));
        const orders = existsSync(join(data, 'orders')) ? readFileSync(join(data, 'orders'), 'utf8') : '0';
        answer(200, page(`<p>${orders} orders</p><form action="/find"><label>Find <input name="q"
            value="${searchParams.get('q') ?? ''}"></label><button>Find</button></form>`));
    });
    const [host, port] = option('listen').split(':');
    server.listen(Number(port), host, () => {
        console.log(`listening on http://${host}:${server.address().port}`);
    });
    process.on('SIGTERM', () => {
        if (process.env.FAKE_LEAK)
            console.error('==1==ERROR: LeakSanitizer: detected memory leaks');
        server.close();
        server.closeAllConnections();
        process.exit(0);
    });
} else {
    console.error(`no command ${command}`);
    process.exitCode = 2;
}
