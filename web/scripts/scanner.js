/* Tells a scanner from fingers: a scanner types a whole code within milliseconds and ends in Enter or
 * Tab. It types keys, not characters: set for an English keyboard on a computer with a French one it
 * sends 004118 as "àà'&&_". So each code comes with what its keys are on an English keyboard. */

export const GAP = 40; /* ms: the longest pause between two keys of a burst */
const SHORTEST = 4;

const SIGNS = { Minus: '-_', Slash: '/?', Semicolon: ';:', Period: '.>', Equal: '=+', BracketRight: ']}', BracketLeft: '[{' };

/* The character of this key on an English keyboard; digits always as such. */
export function english_key({ key = '', code = '', shiftKey = false }) {
    const plain = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
    if (plain) return plain;
    const letter = /^Key([A-Z])$/.exec(code)?.[1];
    if (letter) return shiftKey ? letter : letter.toLowerCase();
    return SIGNS[code]?.[Number(shiftKey)] ?? key;
}

/* Feed every printable key pressed outside a field, and the one that may end a code. */
export class Burst {
    #keys = '';
    #english = '';
    #last = -Infinity;

    /* Answers the scanned code when `key` is the one that ends it, otherwise null; `english` then is what
     * its keys are elsewhere. */
    feed(key, time, english = key) {
        if (time - this.#last > GAP) this.#keys = this.#english = '';
        this.#last = time;
        if (key === 'Enter' || key === 'Tab') {
            const code = this.#keys;
            this.english = this.#english;
            this.#keys = this.#english = '';
            return code.length >= SHORTEST ? code : null;
        }
        if (key.length === 1) {
            this.#keys += key;
            this.#english += english;
        }
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
