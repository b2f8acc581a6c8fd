/* The shop's public enquiry form. */
#include "accounts/account.h"
#include "base/text.h"
#include "http/throttle.h"
#include "shops/shop.h"
#include "tracking.track.html.h"
#include "tracking/link.h"
#include "tracking/track_pages.h"
#include "trade/words.h"

enum { PICTURES_MOST = 5 };

static const struct field enquiry_fields[] = {
    FIELD(struct enquiry, name, FIELD_TEXT, .label = "Your name", .flags = FIELD_REQUIRED,
          .max = 200),
    FIELD(struct enquiry, phone, FIELD_PHONE, .label = "Phone"),
    FIELD(struct enquiry, email, FIELD_EMAIL, .label = "E-mail"),
    FIELD(struct enquiry, type, FIELD_CODE, .label = "What shall it be?",
          .words = &jewellery_types),
    FIELD(struct enquiry, description, FIELD_LONG, .label = "In your own words",
          .flags = FIELD_REQUIRED, .max = 4000),
    FIELD(struct enquiry, wanted_by, FIELD_DAY, .label = "Wanted by"),
    FIELD(struct enquiry, budget, FIELD_MONEY, .label = "Budget"),
    FIELD(struct enquiry, website, FIELD_TEXT, .max = 200),
};
static const struct record enquiry_record = RECORD("Enquiry", struct enquiry, enquiry_fields);
static const struct field thanks_fields[] = {
    FIELD(struct thanks_page, reference, FIELD_TEXT),
    FIELD(struct thanks_page, link, FIELD_TEXT, .max = 1000),
};
static const struct record thanks_record =
    RECORD("EnquiryTaken", struct thanks_page, thanks_fields);

static void enquiry_page(struct view *v, const void *model) {
    view_page(
        v,
        &(struct page){
            .title = view_t(v, "Your idea"),
            .is_public = true,
            .description = words(
                v,
                "Tell %s what you have in mind: a ring, a repair, a stone to be set anew. You get an answer and a price.",
                v->shop_name),
            .body = enquiry_html,
            .model = model});
}
static const struct presentation enquiry_as = {&enquiry_record, enquiry_page};
static void thanks_page(struct view *v, const void *model) {
    view_page(v, &(struct page){.title = view_t(v, "Thank you"),
                                .is_public = true,
                                .body = thanks_html,
                                .model = model});
}
static const struct presentation thanks_as = {&thanks_record, thanks_page};

static enum status show(struct request *r, const struct enquiry *values) {
    struct context *cx = request_read(r);
    struct shop shop;
    if (cx == NULL || !shop_load(cx, &shop))
        return UNAVAILABLE;
    struct enquiry_page page = {.form = request_form(r, &enquiry_record, values),
                                .open = shop.enquiry_open};
    return answer(r, &enquiry_as, &page);
}

static enum status enquiry_show(struct request *r) {
    struct enquiry empty;
    record_clear(&enquiry_record, &empty);
    empty.type = "ring";
    return show(r, &empty);
}

static enum status enquiry_again(struct request *r) {
    return show(r, r->input);
}

struct taking {
    const struct enquiry *enquiry;
    struct job_file *files;
    int64_t count;
    bool ran; /* false after a repeat, which writes nothing */
};

/* "Ring, from the website": the customer's words are the description. */
static const char *title_of(struct context *cx, const struct enquiry *enquiry) {
    const char *type = vocabulary_label(&jewellery_types, enquiry->type);
    return arena_printf(cx->arena, "%s for %s", type, enquiry->name);
}

static enum status take(struct context *cx, void *arg) {
    struct taking *taking = arg;
    const struct enquiry *enquiry = taking->enquiry;
    struct intake intake;
    record_clear(&intake_record, &intake);
    intake.kind = "custom";
    intake.customer_name = enquiry->name;
    intake.customer_phone = enquiry->phone;
    intake.customer_email = enquiry->email;
    intake.title = title_of(cx, enquiry);
    intake.type = enquiry->type == NULL ? "other" : enquiry->type;
    intake.description = enquiry->description;
    intake.wanted_by = enquiry->wanted_by;
    intake.budget = enquiry->budget;
    intake.source = "web";
    int64_t id;
    enum status status = job_take_in(cx, &intake, &id);
    if (status == OK)
        status = job_files_add(cx, id, taking->files, taking->count);
    if (status != OK)
        return status;
    taking->ran = true;
    struct job job;
    job_load(cx, id, &job);
    struct thanks_page thanks = {job.reference, tracking_link_new(cx, id)};
    context_outcome(cx,
                    &(struct outcome){.status = 201,
                                      .location = arena_printf(cx->arena, "/enquiry/thanks?link=%s",
                                                               thanks.link + 7),
                                      .record = &thanks_record,
                                      .model = &thanks});
    return OK;
}

static enum status enquiry_post(struct request *r) {
    const struct enquiry *enquiry = r->input;
    struct context *cx = request_read(r);
    struct shop shop;
    if (cx == NULL || !shop_load(cx, &shop))
        return UNAVAILABLE;
    store_read_end(r->cx.store, &r->cx);
    if (shop.enquiry_open != 1)
        return fail(r, CONFLICT, "closed", "We take no enquiries here at the moment. Please call.");
    if (!throttle(r, "enquiry", r->address, 10, HOUR))
        return fail(r, TOO_MANY, "too_many",
                    "That is a lot of enquiries from one place. Please call us instead.");
    if (text_empty(enquiry->phone) && text_empty(enquiry->email))
        return error_add(r->cx.errors, INVALID, "email", "required",
                         "Give us an e-mail address or a phone number, so that we can answer.");
    if (!text_empty(enquiry->website)) /* a robot: it is told nothing */
        return answer_redirect(r, "/enquiry/thanks");
    struct taking taking = {.enquiry = enquiry};
    enum status status =
        job_files_take(r, "inspiration", PICTURES_MOST, &taking.files, &taking.count);
    if (status != OK)
        return status;
    status = request_write(r, take, &taking);
    if (!taking.ran || status != OK)
        job_files_drop(r, taking.files, taking.count);
    return status;
}

static enum status thanks_show(struct request *r) {
    struct thanks_page page = {0};
    const char *token = request_typed(r, "link");
    struct context *cx = token == NULL ? NULL : request_read(r);
    int64_t id = cx == NULL ? NONE : tracking_link_job(cx, token);
    struct job job;
    if (id != NONE && job_load(cx, id, &job)) {
        page.reference = job.reference;
        page.link = arena_printf(cx->arena, "/track/%s", token);
    }
    return answer(r, &thanks_as, &page);
}

const struct route enquiry_routes[] = {
    {GET, "/enquiry", RIGHT_PUBLIC, enquiry_show, .flags = ROUTE_PAGE},
    {POST, "/enquiry", RIGHT_PUBLIC, enquiry_post, &enquiry_record, .again = enquiry_again,
     .flags = ROUTE_UPLOAD | ROUTE_OPEN_POST, .output = &thanks_as,
     .summary = "Send an enquiry from the shop's website"},
    {GET, "/enquiry/thanks", RIGHT_PUBLIC, thanks_show, .flags = ROUTE_PAGE},
    {0},
};
