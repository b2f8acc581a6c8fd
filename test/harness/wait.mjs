// Waiting, with an end to it.

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again until `ask` gives something true, and gives that. Fails after `ms` naming `what`. */
export async function eventually(what, ask, {ms = 10000, every = 25} = {}) {
    const until = Date.now() + ms;
    for (;;) {
        const found = await ask();
        if (found)
            return found;
        if (Date.now() > until)
            throw new Error(`waited ${ms} ms in vain for ${what}`);
        await sleep(every);
    }
}

/** The promise, or a failure naming `what` after `ms`. */
export async function within(what, promise, ms = 10000) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`waited ${ms} ms in vain for ${what}`)), ms);
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}
