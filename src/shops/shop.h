/* The shop: its profile, its settings, what is still missing before the first quote. */
#pragma once

#include "db/db.h"
#include "http/http.h"

/* The one row of table `shop`. */
struct shop {
    const char *name, *place, *address, *country, *currency, *zone, *language, *languages;
    const char *phone, *email, *website, *tax_number;
    const char *logo; /* a file of the store, or NULL */
    const char *terms, *quote_terms;
    const char *deposit_terms;   /* behind the quote's, and on receipts of deposits */
    const char *repair_terms;    /* on claim checks of repairs: what may happen to an old piece */
    const char *retention_terms; /* on claim checks: what becomes of what nobody collects */
    const char *brand, *shell, *accent; /* colours, shops/brand.h; NULL: Benchpin's own */
    int64_t deposit_share;              /* basis points of the total asked on acceptance */
    int64_t quote_days, due_soon_days, bench_buffer_days, approval_days;
    int64_t message_delay; /* seconds before a message to a customer leaves */
    int64_t enquiry_open;
    int64_t auto_deposit, auto_approval, auto_ready, auto_collected;
    int64_t demo, version, created_at;
};
extern const struct record shop_record;

/* False: not set up yet. */
bool shop_load(struct context *cx, struct shop *shop);
/* Makes cx->locale from the store: kept beside the open store and read anew after shop_changed(),
 * it stays valid until the store closes, also when the settings change meanwhile. False: not set up
 * yet (a locale of pounds in UTC is given all the same). cx->db need not be open, and is better
 * not: where it has to be read a connection of its own does it. */
bool shop_prepare(struct context *cx);
/* For struct server_settings: fills the view's shop_name and shop_place and the request's locale.
 */
bool shop_view(struct request *r, struct view *v);

extern const struct places shop_places[]; /* the navigation */

/* First set-up: the shop and its owner, opening days, tax, and the seeds that every shop starts
 * with (alloys, crafts, margins at 0, message templates). Refused when there is a shop already. */
struct set_up {
    const char *name, *country, *currency, *zone, *language;
    const char *tax_name;
    int64_t tax_rate; /* NONE: no tax */
    const char *owner, *email, *password;
    int64_t open_monday, open_tuesday, open_wednesday, open_thursday, open_friday, open_saturday,
        open_sunday;       /* flags */
    int64_t opens, closes; /* minutes of the day */
};
extern const struct record set_up_record;
enum status shop_set_up(struct context *cx, const struct set_up *set_up);
/* The two halves of it, for the page: the check, and the closure (hashing is done outside of it).
 */
enum status set_up_check(const struct set_up *set_up, struct errors *errors);
closure shop_set_up_closure(struct context *cx, const struct set_up *set_up, void **arg);
/* Saves the profile and the settings in it; `version` must be the one that was read. */
enum status shop_save(struct context *cx, const struct shop *shop);
/* To be called after a commit that changed the shop's row, and when another server's is heard of
 * (topic "shop"): requests from now on see it. Takes no lock that lasts and reads nothing itself.
 */
void shop_changed(struct store *store);

struct opening {
    int64_t weekday, opens, closes;
};
/* The days on which the shop is open; weekday 0 is Monday. */
int64_t shop_openings(struct context *cx, struct opening **openings);
/* Closed days from `from` on, as `YYYY-MM-DD`. */
int64_t shop_closures(struct context *cx, const char *from, const char ***days);
/* Days from `from` on that have hours of their own, whatever their weekday has. */
struct special_day {
    const char *day;
    int64_t opens, closes;
    const char *reason;
};
extern const struct record special_day_record;
int64_t shop_special_days(struct context *cx, const char *from, struct special_day **days);
/* The tax for goods and for labour of today, basis points; 0 without one. `name` may be NULL. */
int64_t shop_tax(struct context *cx, bool labour, const char **name);

/* Opens the shop on exactly these weekdays. INVALID: a day closes before it opens, or comes twice.
 */
enum status shop_set_openings(struct context *cx, const struct opening *openings, int64_t count);
/* Only the check, with faults at "days.N.closes". */
enum status openings_check(struct context *cx, const struct opening *openings, int64_t count);
/* A day on which the shop is closed though its weekday is open. */
struct closure_day {
    const char *day, *reason;
};
extern const struct record closure_day_record;
int64_t shop_closure_days(struct context *cx, const char *from, struct closure_day **days);
/* Closes from `from` to `to` (NULL: that day only), at most 366 days. */
enum status shop_close(struct context *cx, const char *from, const char *to, const char *reason);
/* Opens again on the days `day` to `to` (NULL: that day only). MISSING: none of them was closed. */
enum status shop_reopen(struct context *cx, const char *day, const char *to);
/* Closes on single days, each with its own reason: what holidays_of() offers. */
enum status shop_close_days(struct context *cx, const struct closure_day *days, int64_t count);
/* Gives a day hours of its own; a closed one opens with it. */
enum status shop_set_special(struct context *cx, const struct special_day *day);
enum status shop_drop_special(struct context *cx, const char *day);

/* What is made from its first day on has it: a draft takes the tax of the day on which it is
 * reckoned, what was sent or issued keeps its own. */
struct tax {
    int64_t id;
    const char *name;
    int64_t rate, on_goods, on_labour;
    const char *from_day, *until_day; /* both included; NULL: without such an end */
    int64_t archived_at;
};
extern const struct record tax_record;
bool tax_load(struct context *cx, int64_t id, struct tax *tax);
int64_t tax_list(struct context *cx, struct tax **taxes);  /* archived ones last */
enum status tax_save(struct context *cx, struct tax *tax); /* id NONE: a new one */
enum status tax_archive(struct context *cx, int64_t id, bool archived);

/* The three colours (shops/brand.h); all NULL: Benchpin's own. INVALID as brand_check() says. */
struct brand;
enum status shop_set_brand(struct context *cx, const struct brand *brand);

/* The file of the store that is the logo; NULL: none. The one before is the caller's to delete. */
enum status shop_set_logo(struct context *cx, const char *file);

/* The next number of a series ("job", "visit", "quote", "invoice", "receipt"): without gaps, as it
 * is taken in the caller's transaction. */
int64_t sequence_next(struct context *cx, const char *name);

/* What is still missing before the first quote: sentence and where to mend it. */
struct missing {
    const char *sentence, *url;
};
int64_t shop_missing(struct context *cx, struct missing **missing);

extern const struct route shop_routes[];
