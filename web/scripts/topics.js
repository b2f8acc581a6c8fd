/* Which events concern which part of a page. */

const singular = (topic) => topic.replace(/s$/, '');

/* Whether `event` ({topic, id}) concerns what listens to `topics` ("jobs job:123"): a topic alone
 * hears of all its things, with a number only of that one. "job" and "jobs" are the same topic; an
 * event without a number, or with 0, means any of them, and "all" means everything. */
export function concerns(event, topics) {
    if (!event?.topic) return false;
    const [name, number] = String(event.topic).split(':');
    if (name === 'all') return true;
    const id = event.id || number;
    return topics.split(/\s+/).some((topic) => {
        const [wanted, wanted_id] = topic.split(':');
        if (!wanted || singular(wanted) !== singular(name)) return false;
        return wanted_id === undefined || id === undefined || String(id) === wanted_id;
    });
}
