/* Words in the page's language. The English is the key; what it is in another language the page brings in a script of
 * its own, /static/words-de.js, made from catalogues/ when the program is built. English brings none. */
const said = () => globalThis.benchpin_words;

const fill = (text, values) => {
    let next = 0;
    return text.replace(/%(?:(\d)\$)?s/g, (_, place) => values[place ? place - 1 : next++]);
};

/* t('Draft saved %s', clock()): %s, or %2$s where a translation puts them in another order. */
export const t = (text, ...values) => fill(said()?.texts[text] ?? text, values);

/* tn(found.length, '%s match', '%s matches', found.length): each language has forms of its own. */
export function tn(count, one, many, ...values) {
    const forms = said()?.texts[one];
    return fill(forms ? forms[said().form(count)] : count === 1 ? one : many, values);
}
