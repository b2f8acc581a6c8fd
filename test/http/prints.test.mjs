// What is printed: the right words for the right reader, on the right paper.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {pdfInfo, pdfText} from '../harness/index.mjs';
import {startWorkshop} from './making.mjs';

let w, bench, sales, job, quote, invoice, deposit, payment, refund;
const customer = {customer_name: 'Eleanor Whitcombe', customer_phone: '07700 900214',
    customer_email: 'eleanor@example.com'};
const ring = {alloy: 'pt950', gem: 'sapphire', shape: 'oval', origin: 'laboratory_grown', stone_carats: 200000};
const pounds = (minor) => (minor / 100).toLocaleString('en-GB', {minimumFractionDigits: 2});

before(async () => {
    w = await startWorkshop();
    bench = await w.person('Joe', 'bench');
    sales = await w.person('Priya', 'sales');
    const {currency, logo, demo, created_at, ...shop} = await w.get('/settings/shop');
    await w.post('/settings/shop', {...shop, place: 'Milsom Street, Bath', address: '12 Milsom Street\nBath BA1 1DD',
        phone: '01225 496 000', tax_number: 'GB 123 4567 89', terms: 'Uncollected pieces are kept for a year.',
        quote_terms: 'Metal is priced on the day of the deposit.'});
    await w.post('/settings/stone-prices', {gem: 'sapphire', origin: 'laboratory_grown', from_carats: 0, per_carat: 30000});
    job = await w.order('halo', ring, {title: 'Oval sapphire halo ring', priority: 'rush',
        description: 'Her grandmother’s, made anew', ...customer});
    quote = await w.post(`/jobs/${job.id}/quotes`, {discount: 5000, note: 'As we spoke'});
    await w.post(`/quotes/${quote.id}/send`, {});
    await w.post(`/quotes/${quote.id}/accept`, {});
    deposit = await w.post(`/jobs/${job.id}/payments`, {method: 'card', amount: quote.deposit, reference: 'T-77'});
    await w.post(`/jobs/${job.id}/comments`, {text: 'Mind the hairline in the girdle'});
    invoice = await w.post(`/jobs/${job.id}/invoice`, {});
    await w.post(`/invoices/${invoice.id}/issue`, {});
    invoice = await w.get(`/invoices/${invoice.id}`);
    payment = await w.post(`/jobs/${job.id}/payments`, {method: 'bank', amount: 10000});
    const other = await w.order('halo', ring, customer);
    const asked = await w.post(`/jobs/${other.id}/quotes`, {});
    await w.post(`/quotes/${asked.id}/accept`, {});
    await w.post(`/jobs/${other.id}/payments`, {method: 'cash', amount: 2000});
    refund = await w.post(`/jobs/${other.id}/refunds`, {method: 'cash', amount: 1500});
    job = await w.get(`/jobs/${job.id}`);
});
after(async () => {
    bench.close();
    sales.close();
    await w.stop();
});

async function print(path, client = w.owner) {
    const answer = (await client.get(path)).expect(200);
    assert.equal(answer.type, 'application/pdf');
    assert.match(answer.headers['content-disposition'], /^inline; filename="[a-z0-9-]+\.pdf"$/);
    const [text, info] = await Promise.all([pdfText(answer.body), pdfInfo(answer.body)]);
    return {text: text.replace(/\s+/g, ' '), info, size: info['page size']};
}
const says = (text, ...words) => {
    for (const word of words)
        assert.ok(text.includes(word), `“${word}” is not in: ${text}`);
};
const conceals = (text, ...words) => {
    for (const word of words)
        assert.ok(!text.includes(word), `“${word}” is in: ${text}`);
};
const number = () => `#${String(job.number).padStart(6, '0')}`;

test('the label is as long as what is on it, and names no price and no customer', async () => {
    const {text, info, size} = await print(`/jobs/${job.id}/label`);
    says(text, number(), 'Oval sapphire halo ring', 'RUSH', '1 of 1');
    conceals(text, '£', 'Eleanor', '07700');
    assert.equal(info.pages, '1');
    const [, width, height] = /([\d.]+) x ([\d.]+)/.exec(size);
    assert.ok(Math.abs(width / 72 * 25.4 - 62) < 0.5 && height / 72 * 25.4 < 120, size);
});

test("the bench's copy has no prices, no customer and no promise to them", async () => {
    const {text, size} = await print(`/jobs/${job.id}/bench-copy`, bench);
    says(text, 'Bench copy', number(), 'Platinum', 'laboratory-grown', 'Set the centre stone', 'Mind the hairline', 'RUSH');
    conceals(text, '£', 'Eleanor', '07700', 'eleanor@', job.reference, pounds(quote.total), 'Deposit');
    assert.match(size, /^595\.\d+ x 841\.\d+/);
});

test("the counter's copy has all of it; the customer's no notes and no operations", async () => {
    const counter = (await print(`/jobs/${job.id}/counter-copy`)).text;
    says(counter, 'Counter copy', 'Eleanor Whitcombe', '07700 900214', pounds(quote.total), 'Set the centre stone', 'Daniel',
        'Mind the hairline', 'Her grandmother’s, made anew', job.reference, '12 Milsom Street');
    const theirs = (await print(`/jobs/${job.id}/customer-copy`)).text;
    says(theirs, 'Customer copy', 'Eleanor Whitcombe', 'laboratory-grown', pounds(quote.total), job.reference,
        'Uncollected pieces are kept for a year.');
    conceals(theirs, 'Mind the hairline', 'Set the centre stone', 'Daniel');
});

test('the claim check has what the customer needs to come back', async () => {
    const {text, info} = await print(`/jobs/${job.id}/claim-check`);
    says(text, number(), job.reference, 'Oval sapphire halo ring', 'Eleanor Whitcombe', 'Hartwell & Rowe');
    conceals(text, 'Set the centre stone', 'Daniel');
    assert.equal(info.pages, '1');
});

test('a quote is the quote, to the penny, with its terms', async () => {
    const {text, info} = await print(`/quotes/${quote.id}/pdf`);
    says(text, 'Quote', 'Version 1', 'Eleanor Whitcombe', pounds(quote.total), pounds(quote.net), pounds(quote.tax),
        'Discount', 'Deposit asked', pounds(quote.deposit), 'Valid until', 'As we spoke', 'laboratory-grown',
        'Metal is priced on the day of the deposit.', 'GB 123 4567 89');
    for (const line of quote.lines)
        says(text, line.description.split(' ')[0]);
    conceals(text, 'Draft', 'per_ounce');
    assert.equal(info.title, 'Quote');
    const draft = await w.post(`/jobs/${(await w.order('halo', ring)).id}/quotes`, {});
    says((await print(`/quotes/${draft.id}/pdf`)).text, 'Version 1, draft');
});

test('an invoice has its number, its tax by rate, what was paid and what is left', async () => {
    const {text} = await print(`/invoices/${invoice.id}/pdf`);
    says(text, 'Invoice', String(invoice.number), 'Eleanor Whitcombe', 'Tax at 20%', pounds(invoice.total),
        'Deposit, Card', pounds(quote.deposit), 'Payment, Bank transfer', 'Balance',
        pounds(invoice.total - quote.deposit - 10000));
    conceals(text, 'Draft');
});

test('a credit note is told apart from an invoice, and a draft from both', async () => {
    const order = await w.order('halo', ring, customer);
    const asked = await w.post(`/jobs/${order.id}/quotes`, {});
    await w.post(`/quotes/${asked.id}/accept`, {});
    const draft = await w.post(`/jobs/${order.id}/invoice`, {});
    says((await print(`/invoices/${draft.id}/pdf`)).text, 'Draft', 'Balance');
    await w.post(`/invoices/${draft.id}/issue`, {});
    const credit = await w.post(`/invoices/${draft.id}/credit`, {note: 'Wrong'});
    const {text, info} = await print(`/invoices/${credit.id}/pdf`);
    says(text, 'Credit note', String(credit.number), `−£${pounds(asked.total)}`);
    conceals(text, 'Balance', 'Draft');
    assert.equal(info.title, 'Credit note');
});

test('receipts say what was paid, how, and what is left; refunds say that money went back', async () => {
    const first = (await print(`/payments/${deposit.id}/receipt`)).text;
    says(first, 'Deposit receipt', String(deposit.number), pounds(quote.deposit), 'Card', 'T-77', 'Eleanor Whitcombe');
    says((await print(`/payments/${payment.id}/receipt`)).text, 'Receipt', '100.00', 'Bank transfer', 'To pay');
    says((await print(`/payments/${refund.id}/receipt`)).text, 'Refund', '−£15');
});

test('the paper is Letter where that is used', async () => {
    const {currency, logo, demo, created_at, ...shop} = await w.get('/settings/shop');
    await w.post('/settings/shop', {...shop, country: 'US'});
    assert.match((await print(`/jobs/${job.id}/customer-copy`)).size, /^61[12](\.\d+)? x 79[12]/);
    const {version} = await w.get('/settings/shop');
    await w.post('/settings/shop', {...shop, version});
});

test('who may not see prices gets no paper that has them; what is not there is 404', async () => {
    for (const path of [`/jobs/${job.id}/claim-check`, `/jobs/${job.id}/counter-copy`, `/jobs/${job.id}/customer-copy`,
        `/quotes/${quote.id}/pdf`, `/invoices/${invoice.id}/pdf`, `/payments/${deposit.id}/receipt`])
        (await bench.get(path)).expect(403);
    await print(`/jobs/${job.id}/label`, bench);
    await print(`/invoices/${invoice.id}/pdf`, sales);
    for (const path of ['/jobs/987654/label', '/jobs/987654/claim-check', '/quotes/987654/pdf', '/invoices/987654/pdf',
        '/payments/987654/receipt'])
        (await w.owner.get(path)).expect(404);
});

test('twenty at once come out whole', async () => {
    const answers = await Promise.all(Array.from({length: 20}, (_, i) =>
        w.owner.get(i % 2 ? `/quotes/${quote.id}/pdf` : `/jobs/${job.id}/bench-copy`)));
    for (const answer of answers)
        assert.equal(answer.expect(200).body.subarray(-6).toString().trim(), '%%EOF');
});
