#include "base/text.h"
#include "shops/shop.h"
#include "tracking/tracking.h"

#include <string.h>

static const struct field step_fields[] = {
    FIELD(struct track_step, words, FIELD_TEXT),
    FIELD(struct track_step, day, FIELD_TEXT),
    FIELD(struct track_step, done, FIELD_FLAG),
    FIELD(struct track_step, now, FIELD_FLAG),
};
static const struct record step_record = RECORD("TrackStep", struct track_step, step_fields);
static const struct field picture_fields[] = {
    FIELD(struct track_picture, url, FIELD_TEXT, .max = 1000),
    FIELD(struct track_picture, caption, FIELD_TEXT, .max = 300),
    FIELD(struct track_picture, width, FIELD_INT),
    FIELD(struct track_picture, height, FIELD_INT),
};
static const struct record picture_record =
    RECORD("TrackPicture", struct track_picture, picture_fields);
static const struct field track_fields[] = {
    FIELD(struct track, reference, FIELD_TEXT),
    FIELD(struct track, title, FIELD_TEXT),
    FIELD(struct track, sentence, FIELD_TEXT, .max = 500),
    FIELD(struct track, progress, FIELD_INT),
    FIELD(struct track, promised_day, FIELD_TEXT),
    FIELD(struct track, next, FIELD_TEXT),
    FIELD(struct track, ready, FIELD_FLAG),
    FIELD(struct track, closed, FIELD_FLAG),
    FIELD(struct track, appointment, FIELD_TEXT),
    FIELD_ROWS(struct track, steps, step_count, &step_record),
    FIELD_ROWS(struct track, pictures, picture_count, &picture_record),
};
const struct record track_record = RECORD("Track", struct track, track_fields);

/* The way of a piece as its owner would tell it: what a stage means for them. A stage that means
 * nothing to them is part of the one before. */
static const struct {
    const char *kind, *stage, *words;
} milestones[] = {
    {"custom", "enquiry", "You told us what you have in mind"},
    {"custom", "consultation", "We talk it through"},
    {"custom", "deposit_received", "Your order is placed"},
    {"custom", "stone_sourcing", "We choose the stones"},
    {"custom", "cad", "It is drawn"},
    {"custom", "approval", "You approve the design"},
    {"custom", "setting", "It is made and set"},
    {"custom", "polish", "Polished and checked"},
    {"custom", "ready", "Ready for you"},
    {"repair", "intake", "Your piece is with us"},
    {"repair", "assessed", "We have looked at it closely"},
    {"repair", "quoted", "You know what it will cost"},
    {"repair", "approved", "You gave the go-ahead"},
    {"repair", "in_progress", "On the bench"},
    {"repair", "ready", "Ready for you"},
};
enum { MILESTONES = sizeof milestones / sizeof milestones[0] };

static const char *day_of(struct context *cx, int64_t instant) {
    const struct zone *zone = cx->locale->zone;
    return locale_day(context_reader(cx), day_at(zone, instant), day_at(zone, cx->now), cx->arena);
}

/* The day on which a stage was last reached, of moves that were not taken back; NULL: skipped. */
static const char *reached(struct context *cx, const struct history *rows, int64_t count,
                           const char *stage) {
    const char *day = NULL;
    for (int64_t i = 0; i < count; i++)
        if (rows[i].undone != 1 && rows[i].undoes == NONE && text_same(rows[i].stage, stage))
            day = day_of(cx, rows[i].at);
    return day;
}

static void fill_steps(struct context *cx, const struct job *job, struct track *track) {
    struct history *rows;
    int64_t count = job_history(cx, job->id, &rows);
    const char *at = job->held_from != NULL ? job->held_from : job->stage;
    const struct stage *now = stage_find(job->kind, at);
    track->steps = ARENA_ARRAY(cx->arena, struct track_step, MILESTONES);
    for (int i = 0; i < MILESTONES; i++) {
        if (!text_same(milestones[i].kind, job->kind))
            continue;
        const struct stage *stage = stage_find(job->kind, milestones[i].stage);
        struct track_step *step = &track->steps[track->step_count++];
        step->words = milestones[i].words;
        step->now = now != NULL && stage->place == now->place;
        step->done = now != NULL && (stage->place < now->place || track->closed);
        if (step->done || step->now)
            step->day = reached(cx, rows, count, stage->code);
        if (track->next == NULL && now != NULL && stage->place > now->place && !track->closed)
            track->next = step->words;
    }
}

static const struct sql next_appointment = {
    "track_appointment",
    "select at from appointment where job = $1 and state = 'booked' and at >= $2 "
    "order by at limit 1",
    NULL};

static void fill_pictures(struct context *cx, int64_t job, const char *base, struct track *track) {
    struct job_file *files;
    int64_t count = job_files(cx, job, &files);
    track->pictures = ARENA_ARRAY(cx->arena, struct track_picture, (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        if (files[i].shared == 1 && job_file_is_picture(&files[i]))
            track->pictures[track->picture_count++] = (struct track_picture){
                .url = arena_printf(cx->arena, "%s/pictures/%ld", base, (long)files[i].id),
                .caption = files[i].caption,
                .id = files[i].id,
                .width = files[i].width,
                .height = files[i].height};
}

bool track_load(struct context *cx, int64_t id, const char *base, struct track *track) {
    struct job job;
    struct shop shop;
    *track = (struct track){0};
    if (!job_load(cx, id, &job) || text_same(job.kind, "stock") || !shop_load(cx, &shop))
        return false;
    const struct stage *stage = stage_find(job.kind, job.stage);
    track->reference = job.reference;
    track->title = job.title;
    track->type = job.type;
    track->stage_code = job.stage;
    track->first_name = job.customer_name == NULL ? NULL
                                                  : arena_text_n(cx->arena, job.customer_name,
                                                                 strcspn(job.customer_name, " "));
    track->sentence = stage->sentence;
    track->progress = job.progress;
    track->ready = text_same(job.stage, "ready");
    track->closed = stage->closed;
    track->shop_phone = shop.phone;
    track->shop_email = shop.email;
    track->shop_address = shop.address;
    int64_t number;
    if (job.promised_day != NULL && day_parse(job.promised_day, &number) && !track->closed)
        track->promised_day = locale_day_long(context_reader(cx), number, cx->arena);
    int64_t at = db_int(cx->db, &next_appointment, P(I(id), I(cx->now)));
    if (at != NONE)
        track->appointment = locale_instant_long(context_reader(cx), at, cx->arena);
    fill_steps(cx, &job, track);
    fill_pictures(cx, id, base, track);
    return true;
}
