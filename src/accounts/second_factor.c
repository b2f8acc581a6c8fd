#include "accounts/second_factor.h"

#include "accounts/seal.h"
#include "accounts/totp.h"
#include "base/text.h"

#include <sodium.h>
#include <string.h>

/* After that what was begun is begun anew: nobody finds it at a browser left open. */
#define BEGUN_LASTS HOUR

static const struct field factor_fields[] = {
    FIELD(struct second_factor, since, FIELD_INSTANT),
    FIELD(struct second_factor, recovery_codes, FIELD_INT),
    FIELD(struct second_factor, required, FIELD_FLAG),
};
const struct record second_factor_record =
    RECORD("SecondFactor", struct second_factor, factor_fields);

static const struct word policies[] = {{"nobody", "Nobody"},
                                       {"leaders", "Owners and managers"},
                                       {"everybody", "Everybody"},
                                       {NULL, NULL}};
const struct vocabulary second_factor_policies = {"second factor", policies};

static const struct sql factor_since = {
    "second_factor_since", "select confirmed_at from second_factor where staff = $1", NULL};
static const struct sql factor_sealed = {
    "second_factor_sealed",
    "select secret, last_step from second_factor where staff = $1 and confirmed_at is not null",
    NULL};
static const struct sql factor_begun = {
    "second_factor_begun",
    "select secret from second_factor where staff = $1 and confirmed_at is null "
    "and created_at > $2",
    NULL};
static const struct sql factor_put = {
    "second_factor_put",
    "insert into second_factor (staff, secret, created_at) values ($1, $2, $3) "
    "on conflict (staff) do update set secret = excluded.secret, created_at = excluded.created_at "
    "where second_factor.confirmed_at is null",
    NULL};
static const struct sql factor_confirm = {
    "second_factor_confirm",
    "update second_factor set confirmed_at = $2, last_step = $3 "
    "where staff = $1 and confirmed_at is null",
    NULL};
static const struct sql factor_step = {
    "second_factor_step",
    "update second_factor set last_step = $2 where staff = $1 and confirmed_at is not null "
    "and (last_step is null or last_step < $2)",
    NULL};
static const struct sql factor_drop = {"second_factor_drop",
                                       "delete from second_factor where staff = $1", NULL};
static const struct sql codes_drop = {"recovery_codes_drop",
                                      "delete from recovery_code where staff = $1", NULL};
static const struct sql code_add = {
    "recovery_code_add", "insert into recovery_code (staff, code_hash) values ($1, $2)", NULL};
static const struct sql codes_left = {
    "recovery_codes_left",
    "select count(*) from recovery_code where staff = $1 and used_at is null", NULL};
static const struct sql code_there = {
    "recovery_code_there",
    "select 1 from recovery_code where staff = $1 and code_hash = $2 and used_at is null", NULL};
static const struct sql code_use = {
    "recovery_code_use",
    "update recovery_code set used_at = $3 where staff = $1 and code_hash = $2 "
    "and used_at is null",
    NULL};
static const struct sql policy_get = {
    "second_factor_policy", "select second_factor from account_policy where id = 1", NULL};
static const struct sql policy_put = {
    "second_factor_policy_put", "update account_policy set second_factor = $1 where id = 1", NULL};
static const struct sql steps_drop = {"sign_in_steps_drop",
                                      "delete from sign_in_step where staff = $1", NULL};

/* ------------------------------------------------------------------ whom it is asked of */

const char *second_factor_policy(struct context *cx) {
    const char *policy = db_text(cx->db, &policy_get, P0);
    return policy == NULL ? "nobody" : policy;
}

bool policy_asks(const char *policy, const char *role) {
    return text_same(policy, "everybody") ||
           (text_same(policy, "leaders") &&
            (text_same(role, "owner") || text_same(role, "manager")));
}

enum status second_factor_set_policy(struct context *cx, const char *policy) {
    const char *before = second_factor_policy(cx);
    db_run(cx->db, &policy_put, P(T(policy)));
    audit_add_changes(cx, "edited", "second factor", NONE, NULL,
                      &(struct audit_change){"Asked of",
                                             vocabulary_label(&second_factor_policies, before),
                                             vocabulary_label(&second_factor_policies, policy)},
                      1);
    return OK;
}

void second_factor_of(struct context *cx, const struct staff *staff, struct second_factor *factor) {
    *factor =
        (struct second_factor){.since = db_int(cx->db, &factor_since, P(I(staff->id))),
                               .recovery_codes = db_int(cx->db, &codes_left, P(I(staff->id))),
                               .required = policy_asks(second_factor_policy(cx), staff->role)};
}

/* ------------------------------------------------------------------ setting up */

const char *second_factor_new(struct context *cx) {
    unsigned char secret[TOTP_SECRET];
    randombytes_buf(secret, sizeof secret);
    const char *sealed = seal(cx, secret, sizeof secret);
    sodium_memzero(secret, sizeof secret);
    return sealed;
}

enum status second_factor_begin(struct context *cx, const char *sealed) {
    if (db_run(cx->db, &factor_put, P(I(cx->actor->staff), T(sealed), I(cx->now))) == 0)
        return error_add(cx->errors, CONFLICT, NULL, "second_factor_there",
                         "You have a second factor. Switch it off before you set up another.");
    audit_add(cx, "began a second factor", "staff", cx->actor->staff, NULL);
    return OK;
}

const char *second_factor_secret(struct context *cx, int64_t staff) {
    unsigned char secret[TOTP_SECRET];
    const char *sealed = db_text(cx->db, &factor_begun, P(I(staff), I(cx->now - BEGUN_LASTS)));
    if (sealed == NULL || unseal(cx, sealed, secret, sizeof secret) != sizeof secret)
        return NULL;
    const char *text = base32_text(secret, sizeof secret, cx->arena);
    sodium_memzero(secret, sizeof secret);
    return text;
}

/* A code is "7K3M-9QXT-2D": ten characters of Crockford's base 32, fifty bits. */
enum { CODE = 10 };

static const char *code_hash(int64_t staff, const char *plain, struct arena *arena) {
    return token_hash(arena_printf(arena, "recovery %ld %s", (long)staff, plain), arena);
}

static const char *new_codes(struct context *cx, int64_t staff) {
    struct buf out = {0};
    db_run(cx->db, &codes_drop, P(I(staff)));
    for (int i = 0; i < RECOVERY_CODES; i++) {
        const char *plain = reference_new(cx->arena, CODE);
        db_run(cx->db, &code_add, P(I(staff), T(code_hash(staff, plain, cx->arena))));
        buf_printf(&out, "%s%.4s-%.4s-%s", i > 0 ? "\n" : "", plain, plain + 4, plain + 8);
    }
    const char *codes = arena_text(cx->arena, out.at);
    buf_free(&out);
    return codes;
}

enum status second_factor_confirm(struct context *cx, const char *code, const char **recovery) {
    unsigned char secret[TOTP_SECRET];
    int64_t staff = cx->actor->staff;
    const char *sealed = db_text(cx->db, &factor_begun, P(I(staff), I(cx->now - BEGUN_LASTS)));
    if (sealed == NULL)
        return error_add(cx->errors, CONFLICT, NULL, "not_begun",
                         "There is nothing to confirm: begin again.");
    int64_t step = NONE;
    if (unseal(cx, sealed, secret, sizeof secret) == sizeof secret)
        step = totp_match(code, secret, sizeof secret, cx->now);
    sodium_memzero(secret, sizeof secret);
    if (step == NONE)
        return error_add(cx->errors, INVALID, "code", "wrong_code",
                         "This is not the code of the moment. Wait for the next one and look "
                         "whether the phone's clock is right.");
    db_run(cx->db, &factor_confirm, P(I(staff), I(cx->now), I(step)));
    *recovery = new_codes(cx, staff);
    audit_add(cx, "switched on the second factor", "staff", staff, NULL);
    account_event(cx, "account.second_factor_on", staff);
    return OK;
}

enum status second_factor_renew(struct context *cx, const char **recovery) {
    int64_t staff = cx->actor->staff;
    if (db_int(cx->db, &factor_since, P(I(staff))) == NONE)
        return error_add(cx->errors, CONFLICT, NULL, "no_second_factor",
                         "You have no second factor.");
    *recovery = new_codes(cx, staff);
    audit_add(cx, "renewed the recovery codes", "staff", staff, NULL);
    return OK;
}

enum status second_factor_end(struct context *cx, int64_t staff) {
    bool confirmed = db_int(cx->db, &factor_since, P(I(staff))) != NONE;
    db_run(cx->db, &codes_drop, P(I(staff)));
    db_run(cx->db, &steps_drop, P(I(staff)));
    if (db_run(cx->db, &factor_drop, P(I(staff))) != 1)
        return error_add(cx->errors, CONFLICT, NULL, "no_second_factor",
                         "There is no second factor to switch off.");
    audit_add(cx, "switched off the second factor", "staff", staff, NULL);
    if (confirmed)
        account_event(cx, "account.second_factor_off", staff);
    return OK;
}

/* ------------------------------------------------------------------ checking */

/* The step that the code is of when it may still be taken; NONE: none. */
static int64_t free_step(struct context *cx, int64_t staff, const char *code) {
    unsigned char secret[TOTP_SECRET];
    struct rows *rows = db_rows(cx->db, &factor_sealed, P(I(staff)));
    int64_t step = NONE;
    if (rows_next(rows)) {
        int64_t last = row_int(rows, 1);
        if (unseal(cx, row_text(rows, 0), secret, sizeof secret) == sizeof secret)
            step = totp_match(code, secret, sizeof secret, cx->now);
        if (step != NONE && last != NONE && step <= last)
            step = NONE;
    }
    rows_end(rows);
    sodium_memzero(secret, sizeof secret);
    return step;
}

static const char *typed_recovery(struct context *cx, int64_t staff, const char *code) {
    const char *plain = reference_read(code, CODE, cx->arena);
    return plain == NULL ? NULL : code_hash(staff, plain, cx->arena);
}

bool second_factor_fits(struct context *cx, int64_t staff, const char *code) {
    const char *recovery = typed_recovery(cx, staff, code);
    if (recovery != NULL)
        return db_int(cx->db, &code_there, P(I(staff), T(recovery))) != NONE;
    return free_step(cx, staff, code) != NONE;
}

bool second_factor_take(struct context *cx, int64_t staff, const char *code) {
    const char *recovery = typed_recovery(cx, staff, code);
    if (recovery != NULL) {
        if (db_run(cx->db, &code_use, P(I(staff), T(recovery), I(cx->now))) != 1)
            return false;
        audit_add(cx, "used a recovery code", "staff", staff, NULL);
        return true;
    }
    int64_t step = free_step(cx, staff, code);
    return step != NONE && db_run(cx->db, &factor_step, P(I(staff), I(step))) == 1;
}
