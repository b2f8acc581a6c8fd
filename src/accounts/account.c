#include "accounts/account.h"
#include "accounts/session.h"

#include "base/text.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const struct word roles_[] = {{"owner", "Owner"},
                                     {"manager", "Manager"},
                                     {"sales", "Sales"},
                                     {"bench", "Bench"},
                                     {NULL, NULL}};
const struct vocabulary role_words = {"role", roles_};
static const struct word themes_[] = {
    {"auto", "As the system"}, {"light", "Light"}, {"dark", "Dark"}, {NULL, NULL}};
const struct vocabulary theme_words = {"theme", themes_};
/* Each in its own words, so that whoever cannot read the page finds it. */
static const struct word languages_[] = {{"en-GB", "English"},
                                         {"de-DE", "Deutsch"},
                                         {"fr-FR", "Français"},
                                         {"ar", "العربية"},
                                         {NULL, NULL}};
const struct vocabulary language_words = {"language", languages_};

static const struct field staff_fields[] = {
    FIELD(struct staff, id, FIELD_ID, .flags = FIELD_READONLY),
    FIELD(struct staff, name, FIELD_TEXT, .label = "Name", .flags = FIELD_REQUIRED, .max = 100),
    FIELD(struct staff, email, FIELD_EMAIL, .label = "E-mail", .flags = FIELD_REQUIRED),
    FIELD(struct staff, role, FIELD_CODE, .label = "Role", .words = &role_words,
          .flags = FIELD_REQUIRED),
    FIELD(struct staff, theme, FIELD_CODE, .label = "Theme", .words = &theme_words,
          .flags = FIELD_READONLY),
    FIELD(struct staff, language, FIELD_CODE, .label = "Language", .words = &language_words,
          .flags = FIELD_READONLY),
    FIELD(struct staff, letters_off, FIELD_FLAG, .flags = FIELD_READONLY),
    FIELD(struct staff, active, FIELD_FLAG, .label = "May sign in", .flags = FIELD_READONLY),
    FIELD(struct staff, version, FIELD_INT, .max = INT64_MAX),
    FIELD(struct staff, created_at, FIELD_INSTANT, .flags = FIELD_READONLY),
    FIELD(struct staff, second_factor, FIELD_INSTANT, .flags = FIELD_READONLY),
};
const struct record staff_record = RECORD("Staff", struct staff, staff_fields);

#define STAFF                                                                                      \
    "select id, name, email, role, theme, language, letters_off, active, version, created_at, "    \
    "(select confirmed_at from second_factor where staff = staff.id) as second_factor from staff "
static const struct sql staff_by_id = {"staff_by_id", STAFF "where id = $1", NULL};
static const struct sql staff_all = {"staff_all", STAFF "order by name, id", NULL};
static const struct sql staff_active = {"staff_active", STAFF "where active = 1 order by name, id",
                                        NULL};
static const struct sql staff_insert = {
    "staff_insert",
    "insert into staff (name, email, role, password, theme, active, created_at) "
    "values ($1, $2, $3, $4, $5, 1, $6) returning id",
    NULL};
static const struct sql staff_by_email = {"staff_by_email", "select id from staff where email = $1",
                                          NULL};

bool staff_load(struct context *cx, int64_t id, struct staff *staff) {
    return db_record(cx->db, &staff_by_id, P(I(id)), &staff_record, staff);
}

int64_t staff_list(struct context *cx, bool active_only, struct staff **staff) {
    return DB_RECORDS(cx->db, active_only ? &staff_active : &staff_all, P0, &staff_record, staff);
}

enum status staff_add(struct context *cx, const struct staff *staff, const char *hash,
                      int64_t *id) {
    const char *email = text_lower(staff->email, cx->arena);
    if (db_int(cx->db, &staff_by_email, P(T(email))) != NONE)
        return error_add(cx->errors, INVALID, "email", "taken",
                         "Somebody of the staff has this address already.");
    *id = db_insert(cx->db, &staff_insert,
                    P(T(staff->name), T(email), T(staff->role), T(hash),
                      T(staff->theme == NULL ? "auto" : staff->theme), I(cx->now)));
    audit_add(cx, "made", "staff", *id, staff->name);
    return OK;
}

/* ------------------------------------------------------------------ passwords */

enum { HASHES_AT_ONCE = 2 };
static const size_t HASH_MEMORY = 19 * 1024 * 1024;
static const unsigned long long HASH_PASSES = 2;

/* Hashing takes 19 MiB: two at once bound the memory, whoever knocks. */
static pthread_mutex_t hashing = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t hashed = PTHREAD_COND_INITIALIZER;
static int hashes;

static void hash_begin(void) {
    pthread_mutex_lock(&hashing);
    while (hashes >= HASHES_AT_ONCE)
        pthread_cond_wait(&hashed, &hashing);
    hashes++;
    pthread_mutex_unlock(&hashing);
}

static void hash_end(void) {
    pthread_mutex_lock(&hashing);
    hashes--;
    pthread_cond_signal(&hashed);
    pthread_mutex_unlock(&hashing);
}

const char *password_hash(const char *password, struct arena *arena) {
    char *hash = arena_alloc(arena, crypto_pwhash_STRBYTES);
    hash_begin();
    int failed = crypto_pwhash_str_alg(hash, password, strlen(password), HASH_PASSES, HASH_MEMORY,
                                       crypto_pwhash_ALG_ARGON2ID13);
    hash_end();
    if (failed)
        abort(); /* out of memory: the only way it can fail */
    return hash;
}

bool password_matches(const char *password, const char *hash) {
    hash_begin();
    bool good = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    hash_end();
    return good;
}

enum status password_check(const char *password, const char *field, struct errors *errors) {
    size_t length = password == NULL ? 0 : text_characters(password);
    if (length < 10)
        return error_add(errors, INVALID, field, "too_short",
                         "A password needs at least 10 characters; a few words do well.");
    if (length > 200)
        return error_add(errors, INVALID, field, "too_long",
                         "A password has at most 200 characters.");
    return OK;
}
