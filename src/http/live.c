/* Live updates: one server-sent stream a browser, a line for each thing that changed. A stream
 * holds no thread: its connection sleeps until there is something to send. Commits only leave a
 * note in a ring; a thread of its own hands the notes to the streams, at most every 50 ms, so that
 * a writer never waits for eight hundred browsers.
 *
 * A stream that cannot keep up does not grow: when its list is full it is told that everything may
 * have changed, {"topic":"all","id":0}. */
#include "http/inside.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { TOPIC = 24, NOTES = 1024, SHARE = 256, PENDING = 64, STREAMS = 850 };

static const int64_t GATHER_MS = 50, HEARTBEAT_MS = 20000;
/* A stream ends after a while, so that who was signed out does not listen on; browsers return. */
static const int64_t LIFE_MS = 15 * MINUTE;

struct note {
    struct store *store;
    int64_t id;
    char topic[TOPIC];
};

struct stream {
    struct stream *next, **back;
    struct live *live;
    struct MHD_Connection *mhd;
    struct store *store;
    bool asleep, ended, all, beat;
    int64_t heard, ends; /* monotonic ms */
    int count;
    struct note pending[PENDING];
    struct buf out;
    size_t sent;
};

struct live {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool stopping, overflowed;
    struct stream *streams;
    int stream_count, note_count;
    struct note notes[NOTES];
};

int live_count(struct live *live) {
    pthread_mutex_lock(&live->lock);
    int count = live->stream_count;
    pthread_mutex_unlock(&live->lock);
    return count;
}

/* ------------------------------------------------------------------ a stream */

static void stream_wake(struct stream *stream) {
    if (!stream->asleep)
        return;
    stream->asleep = false;
    MHD_resume_connection(stream->mhd);
}

static void stream_take(struct stream *stream, const struct note *note) {
    if (stream->all)
        return;
    for (int i = 0; i < stream->count; i++)
        if (stream->pending[i].id == note->id && strcmp(stream->pending[i].topic, note->topic) == 0)
            return;
    if (stream->count == PENDING) {
        stream->all = true;
        stream->count = 0;
        return;
    }
    stream->pending[stream->count++] = *note;
}

static void news_write(struct buf *out, const char *topic, int64_t id) {
    buf_lit(out, "event: news\ndata: {\"topic\":");
    json_write_text(out, topic);
    buf_printf(out, ",\"id\":%lld}\n\n", (long long)id);
}

/* Fills `out` with what there is to say. */
static void stream_fill(struct stream *stream) {
    buf_clear(&stream->out);
    stream->sent = 0;
    if (stream->all)
        news_write(&stream->out, "all", 0);
    for (int i = 0; i < stream->count; i++)
        news_write(&stream->out, stream->pending[i].topic, stream->pending[i].id);
    if (stream->out.length == 0 && stream->beat)
        buf_lit(&stream->out, ":\n\n");
    stream->count = 0;
    stream->all = stream->beat = false;
    stream->heard = clock_ms();
}

/* libmicrohttpd asks for more to send. */
static ssize_t stream_read(void *cls, uint64_t position, char *bytes, size_t most) {
    struct stream *stream = cls;
    pthread_mutex_lock(&stream->live->lock);
    if (stream->sent == stream->out.length)
        stream_fill(stream);
    size_t left = stream->out.length - stream->sent;
    ssize_t result = (ssize_t)(left < most ? left : most);
    if (left > 0) {
        memcpy(bytes, stream->out.at + stream->sent, (size_t)result);
        stream->sent += (size_t)result;
    } else if (stream->ended) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        stream->asleep = true;
        MHD_suspend_connection(stream->mhd);
    }
    pthread_mutex_unlock(&stream->live->lock);
    return result;
}

static void stream_free(void *cls) {
    struct stream *stream = cls;
    struct live *live = stream->live;
    pthread_mutex_lock(&live->lock);
    *stream->back = stream->next;
    if (stream->next != NULL)
        stream->next->back = stream->back;
    live->stream_count--;
    pthread_mutex_unlock(&live->lock);
    buf_free(&stream->out);
    free(stream);
}

struct MHD_Response *live_response(struct exchange *x) {
    struct live *live = x->server->live;
    struct stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL)
        return NULL;
    stream->live = live;
    stream->mhd = x->mhd;
    stream->store = x->r.cx.store;
    stream->heard = clock_ms();
    stream->ends = stream->heard + LIFE_MS + randombytes_uniform(60000);
    buf_lit(&stream->out, "retry: 2000\n\n");
    pthread_mutex_lock(&live->lock);
    stream->ended = live->stopping || live->stream_count >= STREAMS;
    stream->next = live->streams;
    stream->back = &live->streams;
    if (stream->next != NULL)
        stream->next->back = &stream->next;
    live->streams = stream;
    live->stream_count++;
    pthread_mutex_unlock(&live->lock);
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, stream_read, stream,
                                             stream_free);
}

/* ------------------------------------------------------------------ handing out */

static void hand_out(struct live *live, int64_t now) {
    for (struct stream *stream = live->streams; stream != NULL; stream = stream->next) {
        if (live->overflowed)
            stream->all = true;
        for (int i = 0; i < live->note_count; i++)
            if (live->notes[i].store == stream->store)
                stream_take(stream, &live->notes[i]);
        stream->beat = now - stream->heard >= HEARTBEAT_MS;
        stream->ended = stream->ended || now >= stream->ends;
        if (stream->count > 0 || stream->all || stream->beat || stream->ended)
            stream_wake(stream);
    }
    live->note_count = 0;
    live->overflowed = false;
}

static void wait_until(struct live *live, int64_t when) {
    struct timespec until = {.tv_sec = when / 1000, .tv_nsec = when % 1000 * 1000000};
    pthread_cond_timedwait(&live->wake, &live->lock, &until);
}

static void *run(void *arg) {
    struct live *live = arg;
    pthread_mutex_lock(&live->lock);
    while (!live->stopping) {
        if (live->note_count == 0 && !live->overflowed)
            wait_until(live, clock_ms() + 1000);
        hand_out(live, clock_ms());
        int64_t next = clock_ms() + GATHER_MS;
        while (!live->stopping && clock_ms() < next)
            wait_until(live, next);
    }
    pthread_mutex_unlock(&live->lock);
    return NULL;
}

/* A place for one more note of this shop. NULL: it has said that everything may have changed, as
 * does a shop that has used its share, or any of the last place: so no shop's browsers feel how
 * much happens in another. */
static struct note *place_for(struct live *live, struct store *store) {
    struct note *own = NULL;
    int said = 0;
    for (int i = 0; i < live->note_count; i++)
        if (live->notes[i].store == store) {
            own = &live->notes[i];
            said++;
            if (strcmp(own->topic, "all") == 0)
                return NULL;
        }
    if (said < SHARE && live->note_count < NOTES)
        return &live->notes[live->note_count++];
    if (own == NULL) {
        live->overflowed = true;
        return NULL;
    }
    own->id = 0;
    strcpy(own->topic, "all");
    return NULL;
}

void live_tell(struct live *live, struct store *store, const char *topic, int64_t id) {
    pthread_mutex_lock(&live->lock);
    if (live->stream_count > 0 && !live->overflowed) {
        bool fits = strlen(topic) < TOPIC;
        struct note *note = place_for(live, store);
        if (note != NULL) {
            *note = (struct note){.store = store, .id = fits ? id : 0};
            strcpy(note->topic, fits ? topic : "all");
        }
        if (live->note_count == 1 || live->overflowed)
            pthread_cond_signal(&live->wake);
    }
    pthread_mutex_unlock(&live->lock);
}

struct live *live_start(void) {
    struct live *live = calloc(1, sizeof *live);
    if (live == NULL)
        return NULL;
    pthread_mutex_init(&live->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&live->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&live->thread, NULL, run, live) == 0)
        return live;
    live_free(live);
    return NULL;
}

void live_stop(struct live *live) {
    pthread_mutex_lock(&live->lock);
    live->stopping = true;
    for (struct stream *stream = live->streams; stream != NULL; stream = stream->next) {
        stream->ended = true;
        stream_wake(stream);
    }
    pthread_cond_signal(&live->wake);
    pthread_mutex_unlock(&live->lock);
    pthread_join(live->thread, NULL);
}

void live_free(struct live *live) {
    if (live == NULL)
        return;
    pthread_cond_destroy(&live->wake);
    pthread_mutex_destroy(&live->lock);
    free(live);
}
