/* Tells a scanner from fingers: a scanner types a whole code within milliseconds and ends in Enter. */

export const GAP = 40; /* ms: the longest pause between two keys of a burst */
const SHORTEST = 4;

/* Feed every printable key pressed outside a field, and Enter. */
export class Burst {
    #keys = '';
    #last = -Infinity;

    /* Answers the scanned code when `key` is the Enter that ends one, otherwise null. */
    feed(key, time) {
        if (time - this.#last > GAP) this.#keys = '';
        this.#last = time;
        if (key === 'Enter') {
            const code = this.#keys;
            this.#keys = '';
            return code.length >= SHORTEST ? code : null;
        }
        if (key.length === 1) this.#keys += key;
        return null;
    }

    /* The keys of the burst that runs now. */
    get keys() {
        return this.#keys;
    }

    /* Whether so many keys came so fast that no hand did it. */
    get is_scan() {
        return this.#keys.length >= SHORTEST;
    }
}
