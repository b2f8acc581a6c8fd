// The harness, against a program that is simple enough to be right.

import assert from 'node:assert/strict';
import {connect} from 'node:net';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';

process.env.BENCHPIN_BIN = join(fileURLToPath(import.meta.url), '../fake-benchpin.mjs');
process.env.BENCHPIN_TEST_DATABASE = 'sqlite';
delete process.env.BENCHPIN_TEST_RUN; // the real program's templates are not the fake one's
const {browser, checkAxe, checkNoOverflow, collectCsp, openPage, parseForms, pdfText, raw, sanitizerReport,
    signIn, signInPage, startMailServer, startShop, tokenClient, visibleText} = await import('./index.mjs');

let shop;
before(async () => { shop = await startShop({demoOrders: 7}); });
after(async () => { await shop.stop(); });

test('a shop is set up, filled, served, and signed in to', async () => {
    const client = await signIn(shop);
    assert.match((await client.get('/')).words, /7 orders/);
});

test('a wrong password is no sign-in', async () => {
    await assert.rejects(signIn(shop, shop.owner.email, 'wrong'), /-> 422 .*did not fit/);
});

test('a restarted shop is at the same address, and sessions go on', async () => {
    const client = await signIn(shop);
    const {url, pid} = shop;
    await shop.restart();
    assert.equal(shop.url, url);
    assert.notEqual(shop.pid, pid);
    (await client.get('/')).expect(200);
});

test('a killed shop can be started again', async () => {
    await shop.kill9();
    await shop.start();
    await signIn(shop);
});

test('a sanitizer report fails the stop', async () => {
    const leaky = await startShop({env: {FAKE_LEAK: '1'}});
    await assert.rejects(leaky.stop(), /LeakSanitizer/);
    assert.ok(sanitizerReport('src/base/buf.c:3:4: runtime error: signed integer overflow'));
    assert.equal(sanitizerReport('all is well'), null);
});

test('a program that ends at once is told with its words', async () => {
    await assert.rejects(startShop({args: ['--listen'], env: {NODE_OPTIONS: '--no-such-option'}}), /ended at once:[^]*no-such-option/);
});

test('other commands run on the shop', async () => {
    const {code, err} = await shop.command('polish');
    assert.equal(code, 2);
    assert.match(err, /no command polish/);
});

test('the JSON interface carries keys and tokens', async () => {
    const client = await signIn(shop);
    const made = (await client.api('POST', '/tokens', {name: 'x'}, {key: 'k1'})).expect(201).json();
    assert.deepEqual(made, {token: 't', key: 'k1', csrf: 'c&1', name: 'x'});
    const program = await tokenClient(shop);
    (await program.get('/')).expect(200);
});

test('files go as multipart', async () => {
    const client = await signIn(shop);
    const answer = await client.post('/echo', {a: ['1', '2']}, {files: [
        {field: 'picture', name: 'a "b".png', type: 'image/png', data: Buffer.from([0, 255])}]});
    assert.match(answer.headers['content-type'], /^multipart\/form-data; boundary=/);
    assert.match(answer.body.toString('latin1'), /name="a"\r\n\r\n1\r\n[^]*filename="a %22b%22\.png"/);
});

test('a search form is sent by GET', async () => {
    const client = await signIn(shop);
    const answer = await client.submit('/', {q: 'Ada & Co'}, {form: '/find', button: 'Find'});
    assert.match(answer.text, /value="Ada & Co"/);
});

test('server-sent events arrive one by one', async () => {
    const client = await signIn(shop);
    const stream = await client.events('/events');
    assert.equal((await stream.next()).data, '1');
    assert.equal((await stream.next((event) => event.event === 'job')).data, '{"id":2,\n"x":1}');
    await assert.rejects(stream.next(), /ended/);
});

test('bytes go as they are', async () => {
    const answer = await raw(shop, 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    assert.match(answer, /^HTTP\/1\.1 200 /);
});

test('forms are read as a browser would send them', () => {
    const [form, other] = parseForms(`
        <form method="post" action="/a?b=1&amp;c=2" id="f" enctype="multipart/form-data">
        <input name="t" value="&quot;x&quot;"><input type="checkbox" name="c1" checked><input type="checkbox" name="c2">
        <input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
        <select name="s"><option value="a">A</option><option value="b" selected>B</option></select>
        <select name="s2"><option>First &amp; one</option><option>Two</option></select>
        <textarea name="n">\nline &lt;1&gt;</textarea><input name="off" value="1" disabled>
        <button name="do" value="save"><svg></svg> Save</button><button type="button" name="no">No</button></form>
        <form action="/g"></form><input form="f" name="far" value="away">`);
    assert.equal(form.action, '/a?b=1&c=2');
    assert.equal(form.method, 'POST');
    assert.deepEqual(form.fields, [['t', '"x"'], ['c1', 'on'], ['r', '2'], ['s', 'b'],
        ['s2', 'First & one'], ['n', 'line <1>'], ['far', 'away']]);
    assert.deepEqual(form.buttons.map(({name, value, text}) => [name, value, text.trim()]), [['do', 'save', 'Save']]);
    assert.equal(other.method, 'GET');
    assert.equal(visibleText('<p>A&nbsp;b</p><script>no</script> <b>c</b>'), 'A b c');
});

test('what is no PDF is told', async () => {
    await assert.rejects(pdfText(Buffer.from('no')), /not a readable PDF/);
});

// The least of an SMTP client: each line after the answer to the one before.
function sendMail(port, {until = 99} = {}) {
    const lines = ['EHLO test', 'MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.com>', 'DATA',
        'Subject: =?utf-8?q?H=C3=A9llo?=\r\nMessage-ID: <1@example.com>\r\n\r\nBody\r\n.', 'QUIT'];
    return new Promise((resolve) => {
        const answers = [];
        let rest = '';
        const socket = connect(port, '127.0.0.1');
        socket.on('data', (data) => {
            rest += data;
            let match;
            while ((match = /^(?:\d{3}-.*\r\n)*(\d{3}) .*\r\n/.exec(rest))) {
                rest = rest.slice(match[0].length);
                answers.push(Number(match[1]));
                if (answers.length > until)
                    socket.end();
                else if (lines.length)
                    socket.write(`${lines.shift()}\r\n`);
            }
        });
        socket.on('error', () => {});
        socket.on('close', () => resolve(answers));
    });
}

test('mail is kept and read', async () => {
    const mail = await startMailServer();
    assert.deepEqual(await sendMail(mail.port), [220, 250, 250, 250, 354, 250, 221]);
    const [message] = await mail.waitFor(1);
    assert.equal(message.subject, 'Héllo');
    assert.deepEqual(message.envelope, {from: 'a@example.com', to: ['b@example.com']});
    await mail.stop();
});

test('mail is refused and cut on demand', async () => {
    const mail = await startMailServer();
    mail.refuse({at: 'to', code: 452});
    assert.equal((await sendMail(mail.port, {until: 3}))[3], 452);
    await mail.stop();

    const other = await startMailServer();
    other.cut({at: 'data'});
    assert.equal((await sendMail(other.port)).at(-1), 354);
    assert.equal(other.messages.length, 0);
    other.cut({at: 'answer'});
    assert.equal((await sendMail(other.port)).at(-1), 354);
    assert.equal(other.messages[0].answered, false);
    other.cut({at: 'connect'});
    assert.ok((await sendMail(other.port)).length <= 1);
    const held = other.hold();
    const sent = sendMail(other.port);
    assert.equal((await held.reached).subject, 'Héllo');
    held.release();
    assert.equal((await sent).at(-1), 221);
    await other.stop();
});

test('a browser signs in, is measured, and tells what is wrong', async () => {
    const chromium = await browser();
    try {
        const page = await openPage(chromium, shop, {phone: true});
        await signInPage(page);
        assert.match(await page.textContent('body'), /7 orders/);
        await checkNoOverflow(page);
        assert.deepEqual(collectCsp(page), []);
        await page.goto('/bad');
        await assert.rejects(checkAxe(page), /image-alt/);
        assert.ok(collectCsp(page).length > 0);
        const taken = await openPage(chromium, shop, {client: await signIn(shop), javaScript: false, dark: true});
        await taken.goto('/');
        assert.match(await taken.textContent('body'), /7 orders/);
    } finally {
        await chromium.close();
    }
});
