// A shop in which orders can be priced and planned: prices, rates, stock, vendors, craftsmen, taxes.

import assert from 'node:assert/strict';
import {after, before} from 'node:test';
import {signIn, startShop} from '../harness/index.mjs';

export async function startWorkshop(options) {
    const shop = await startShop(options);
    const owner = await signIn(shop);
    const post = async (path, body) => (await owner.api('POST', path, body)).expect(200, 201).json();
    const people = [owner];
    const person = async (name, role) => {
        const email = `${name.toLowerCase()}@example.com`, password = 'evening-light-42';
        await post('/settings/staff', {name, email, role, password});
        people.push(await signIn(shop, email, password));
        return people.at(-1);
    };
    await post('/settings/taxes', {name: 'VAT', rate: 2000, on_goods: true, on_labour: true});
    await post('/settings/metals', {unit: 'ounce', source: 'test', prices: [
        {metal: 'platinum', price: 80000, markup: 0}, {metal: 'gold', price: 200000, markup: 500}]});
    await post('/settings/rates', {
        crafts: [{craft: 'cad', hourly: 6000}, {craft: 'mounting', hourly: 6000}, {craft: 'casting', hourly: 5000}, {craft: 'setting', hourly: 7200},
            {craft: 'engraving', hourly: 6000}, {craft: 'polishing', hourly: 4800}],
        margins: [{kind: 'metal', share: 5000}, {kind: 'stone', share: 3000}, {kind: 'labour', share: 0},
            {kind: 'vendor', share: 2000}],
    });
    await post('/settings/stone-prices', {gem: 'diamond', origin: 'natural', from_carats: 0, per_carat: 90000});
    await post('/settings/stone-prices', {gem: 'sapphire', origin: 'natural', from_carats: 0, per_carat: 120000});
    const caster = await post('/vendors', {name: 'Avon Castings', email: 'avon@example.com', craft: 'casting', lead_days: 3});
    const dealer = await post('/vendors', {name: 'Levenson', email: 'levenson@example.com', supplies: 'stones', lead_days: 4});
    const craftsman = (name, crafts, more = {}) => post('/settings/craftsmen', {name,
        crafts: crafts.map((craft) => ({craft, speed: 100})), ...more});
    const ines = await craftsman('Ines Duarte', ['cad', 'quality']);
    const daniel = await craftsman('Daniel Okafor', ['mounting', 'setting', 'polishing', 'engraving', 'quality']);
    return {shop, owner, post, person, caster, dealer, ines, daniel,
        /** Takes in an order; with a template it is specified, too. */
        async order(template, choices = {}, more = {}) {
            const job = await post('/jobs', {title: 'Sapphire ring', customer_name: 'Rohan Mehta', ...more});
            if (template)
                await post(`/jobs/${job.id}/specification/template`, {template, ...choices});
            return job;
        },
        async get(path) { return (await owner.api('GET', path)).expect(200).json(); },
        async stop() {
            people.forEach((each) => each.close());
            await shop.stop();
        }};
}

/** One for all tests of a file, with somebody of the bench and of sales: `take` is given {w, bench, sales}. */
export function useWorkshop(take) {
    let w;
    before(async () => {
        w = await startWorkshop();
        take({w, bench: await w.person('Joe', 'bench'), sales: await w.person('Priya', 'sales')});
    });
    after(() => w.stop());
}

/** The refusal's faults as "field code"; the answer must be one of these statuses. */
export function faults(answer, ...statuses) {
    answer.expect(...statuses);
    assert.equal(answer.type, 'application/problem+json', String(answer));
    return (answer.json().errors ?? []).map((each) => [each.field, each.code].filter(Boolean).join(' '));
}
