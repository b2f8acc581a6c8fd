#include "jobs/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;
static struct errors errors;

static int begin(void **state) {
    arena = arena_new();
    errors = (struct errors){.arena = arena};
    return 0;
}

static int end(void **state) {
    arena_free(arena);
    return 0;
}

static const char *const custom[] = {
    "enquiry",  "consultation", "deposit_received", "stone_sourcing", "cad",
    "approval", "setting",      "polish",           "ready",          "collected",
    NULL};
static const char *const repair[] = {"intake",      "assessed", "quoted",    "approved",
                                     "in_progress", "ready",    "completed", NULL};
static const char *const stock[] = {"intake", "making", "completed", NULL};
static const struct {
    const char *kind;
    const char *const *way;
} kinds[] = {{"custom", custom}, {"repair", repair}, {"stock", stock}};
#define KINDS (sizeof kinds / sizeof *kinds)

/* Where a code stands on the way, by the test's own list; -1 at the side, -2 nowhere. */
static int place_of(const char *const *way, const char *code) {
    for (int i = 0; way[i]; i++)
        if (strcmp(way[i], code) == 0)
            return i;
    return strcmp(code, "on_hold") == 0 || strcmp(code, "cancelled") == 0 ? -1 : -2;
}

static int last_of(const char *const *way) {
    int last = 0;
    while (way[last + 1])
        last++;
    return last;
}

static int stages_of_kind(const char *const *way, const char **codes) {
    int count = 0;
    for (; way[count]; count++)
        codes[count] = way[count];
    codes[count++] = "on_hold";
    codes[count++] = "cancelled";
    return count;
}

static enum status check(const char *kind, const char *held, const char *from, const char *to,
                         bool note, bool manager, enum stage_step *step) {
    errors_clear(&errors);
    return stage_check_move(&(struct stage_move){.kind = kind,
                                                 .from = from,
                                                 .to = to,
                                                 .held_from = held,
                                                 .note = note,
                                                 .manager = manager},
                            step, &errors);
}

static const char *code_of_fault(void) {
    assert_non_null(errors.first);
    assert_true(strlen(errors.first->sentence) > 10);
    return errors.first->code;
}

static void the_ten_stages_have_their_progress(void **state) {
    static const int64_t progress[] = {5, 15, 25, 40, 55, 65, 80, 92, 100, 100};
    int64_t count;
    const struct stage *stages = stages_of("custom", &count);
    assert_int_equal(count, 12);
    for (int i = 0; custom[i]; i++) {
        assert_string_equal(stages[i].code, custom[i]);
        assert_int_equal(stages[i].progress, progress[i]);
        assert_int_equal(stages[i].place, i);
        assert_int_equal(stages[i].closed, i == 9);
        assert_false(stages[i].side);
    }
    assert_int_equal(stage_progress("custom", "cancelled", "cad"), 0);
    assert_string_equal(stage_first("custom")->code, "enquiry");
    assert_string_equal(stage_last("custom")->code, "collected");
    assert_string_equal(stage_next("custom", "cad")->code, "approval");
    assert_string_equal(stage_next("custom", "ready")->code, "collected");
    assert_null(stage_next("custom", "collected"));
    assert_null(stage_next("custom", "on_hold"));
}

static void repairs_and_stock_have_their_own_way(void **state) {
    for (size_t k = 1; k < KINDS; k++) {
        int64_t count, before = 0;
        const struct stage *stages = stages_of(kinds[k].kind, &count);
        assert_int_equal(count, last_of(kinds[k].way) + 3);
        for (int i = 0; kinds[k].way[i]; i++) {
            assert_string_equal(stages[i].code, kinds[k].way[i]);
            assert_string_equal(stages[i].kind, kinds[k].kind);
            assert_true(stages[i].progress >= before);
            before = stages[i].progress;
        }
        assert_string_equal(stage_last(kinds[k].kind)->code, "completed");
    }
    assert_string_equal(stage_find("repair", "intake")->label, "Booked in");
    assert_null(stages_of("watch", &(int64_t){0}));
    assert_null(stage_find("repair", "cad"));
    assert_null(stage_first(NULL));
    assert_null(stage_last("watch"));
}

static void vocabularies_name_every_stage(void **state) {
    const struct vocabulary *words[] = {&custom_stages, &repair_stages, &stock_stages};
    for (size_t k = 0; k < KINDS; k++) {
        int64_t count;
        const struct stage *stages = stages_of(kinds[k].kind, &count);
        for (int64_t i = 0; i < count; i++) {
            assert_string_equal(words[k]->words[i].code, stages[i].code);
            assert_string_equal(words[k]->words[i].label, stages[i].label);
        }
        assert_null(words[k]->words[count].code);
    }
}

static void a_held_job_keeps_its_progress(void **state) {
    for (size_t k = 0; k < KINDS; k++)
        for (int i = 0; i < last_of(kinds[k].way); i++)
            assert_int_equal(stage_progress(kinds[k].kind, "on_hold", kinds[k].way[i]),
                             stage_find(kinds[k].kind, kinds[k].way[i])->progress);
    assert_int_equal(stage_progress("custom", "on_hold", NULL), 0);
    assert_int_equal(stage_progress("custom", "nowhere", NULL), 0);
}

static void entering_a_stage_sets_its_status(void **state) {
    static const struct {
        const char *kind, *stage, *status;
    } entry[] = {
        {"custom", "enquiry", "QN"},
        {"custom", "consultation", "QN"},
        {"custom", "deposit_received", "IP"},
        {"custom", "stone_sourcing", "IP"},
        {"custom", "cad", "IP"},
        {"custom", "approval", "CR"},
        {"custom", "setting", "IP"},
        {"custom", "polish", "IP"},
        {"custom", "ready", "RP"},
        {"custom", "collected", NULL},
        {"custom", "cancelled", NULL},
        {"custom", "on_hold", "OH"},
        {"repair", "intake", "QN"},
        {"repair", "assessed", "QN"},
        {"repair", "quoted", "CR"},
        {"repair", "approved", "IP"},
        {"repair", "in_progress", "IP"},
        {"repair", "ready", "RP"},
        {"repair", "completed", NULL},
        {"repair", "cancelled", NULL},
        {"repair", "on_hold", "OH"},
        {"stock", "intake", "IP"},
        {"stock", "making", "IP"},
        {"stock", "completed", NULL},
        {"stock", "cancelled", NULL},
        {"stock", "on_hold", "OH"},
    };
    for (size_t i = 0; i < sizeof entry / sizeof *entry; i++) {
        const struct stage *stage = stage_find(entry[i].kind, entry[i].stage);
        assert_non_null(stage);
        if (entry[i].status)
            assert_string_equal(stage->status, entry[i].status);
        else
            assert_null(stage->status);
        assert_true(status_allowed(entry[i].kind, entry[i].stage, entry[i].status));
    }
}

/* Every kind × from × to × held-from × note × manager, against the rules written down again. */
static void every_move_follows_the_rules(void **state) {
    int64_t tried = 0;
    for (size_t k = 0; k < KINDS; k++) {
        const char *codes[16];
        const char *const *way = kinds[k].way;
        int count = stages_of_kind(way, codes), last = last_of(way);
        for (int f = 0; f < count; f++)
            for (int t = 0; t < count; t++)
                for (int h = -1; h < count; h++)
                    for (int bits = 0; bits < 4; bits++) {
                        bool note = bits & 1, manager = bits & 2;
                        const char *from = codes[f], *to = codes[t];
                        const char *held = h < 0 ? NULL : codes[h];
                        bool holding = strcmp(from, "on_hold") == 0;
                        int from_place = place_of(way, from), to_place = place_of(way, to);
                        int held_place = held ? place_of(way, held) : -2;
                        enum stage_step step;
                        enum status got =
                            check(kinds[k].kind, held, from, to, note, manager, &step);
                        tried++;

                        enum status want = OK;
                        enum stage_step kind_of_step = STEP_NONE;
                        if (f == t) {
                        } else if (from_place == last || strcmp(from, "cancelled") == 0) {
                            if (to_place < 0 || to_place == last)
                                want = CONFLICT;
                            else if (!manager)
                                want = DENIED;
                            else if (!note)
                                want = INVALID;
                            else
                                kind_of_step = STEP_REOPEN;
                        } else if (strcmp(to, "cancelled") == 0) {
                            kind_of_step = STEP_CANCEL;
                        } else if (strcmp(to, "on_hold") == 0) {
                            kind_of_step = STEP_HOLD;
                        } else if (holding) {
                            if (held_place < 0 || held_place == last || to_place == last)
                                want = INVALID;
                            else if (to_place >= held_place)
                                kind_of_step = STEP_FORWARD;
                            else if (note)
                                kind_of_step = STEP_BACK;
                            else
                                want = INVALID;
                        } else if (to_place > from_place) {
                            kind_of_step = to_place == last ? STEP_CLOSE : STEP_FORWARD;
                        } else if (note) {
                            kind_of_step = STEP_BACK;
                        } else {
                            want = INVALID;
                        }
                        assert_int_equal(got, want);
                        if (want == OK)
                            assert_int_equal(step, kind_of_step);
                        else
                            assert_non_null(errors.first);
                    }
    }
    assert_int_equal(tried, 12 * 12 * 13 * 4 + 9 * 9 * 10 * 4 + 5 * 5 * 6 * 4);
}

static void rolling_back_needs_a_note(void **state) {
    enum stage_step step;
    assert_int_equal(check("custom", NULL, "approval", "cad", false, true, &step), INVALID);
    assert_string_equal(code_of_fault(), "note_required");
    assert_string_equal(errors.first->field, "note");
    assert_string_equal(errors.first->sentence,
                        "Going back from Approval to CAD needs a note that says why.");
    assert_int_equal(check("custom", NULL, "approval", "cad", true, false, &step), OK);
    assert_int_equal(step, STEP_BACK);
}

static void stages_may_be_skipped(void **state) {
    enum stage_step step;
    assert_int_equal(check("custom", NULL, "enquiry", "ready", false, false, &step), OK);
    assert_int_equal(step, STEP_FORWARD);
}

static void a_held_job_goes_on_where_it_was_without_a_note(void **state) {
    enum stage_step step;
    assert_int_equal(check("custom", "setting", "on_hold", "setting", false, false, &step), OK);
    assert_int_equal(step, STEP_FORWARD);
    assert_int_equal(check("custom", "setting", "on_hold", "cad", false, false, &step), INVALID);
    assert_string_equal(code_of_fault(), "note_required");
    assert_string_equal(errors.first->sentence,
                        "Going back from Setting to CAD needs a note that says why.");
    assert_int_equal(check("custom", NULL, "on_hold", "cancelled", false, false, &step), OK);
    assert_int_equal(step, STEP_CANCEL);
    assert_int_equal(check("custom", "ready", "on_hold", "collected", true, true, &step), INVALID);
    assert_string_equal(code_of_fault(), "held");
}

static void only_a_manager_reopens_and_says_why(void **state) {
    enum stage_step step;
    assert_int_equal(check("custom", NULL, "collected", "polish", true, false, &step), DENIED);
    assert_string_equal(code_of_fault(), "manager_required");
    assert_int_equal(check("custom", NULL, "collected", "polish", false, true, &step), INVALID);
    assert_string_equal(code_of_fault(), "note_required");
    assert_int_equal(check("custom", NULL, "cancelled", "enquiry", true, true, &step), OK);
    assert_int_equal(step, STEP_REOPEN);
    assert_int_equal(check("custom", NULL, "collected", "cancelled", true, true, &step), CONFLICT);
    assert_string_equal(code_of_fault(), "closed");
}

static void an_unknown_stage_names_the_valid_ones(void **state) {
    enum stage_step step;
    assert_int_equal(check("custom", NULL, "cad", "polishing", true, true, &step), INVALID);
    assert_string_equal(code_of_fault(), "unknown_stage");
    assert_string_equal(errors.first->field, "to");
    assert_string_equal(errors.first->sentence,
                        "There is no stage “polishing”. The stages are enquiry, consultation, "
                        "deposit_received, stone_sourcing, cad, approval, setting, polish, ready, "
                        "collected, cancelled, on_hold.");
    assert_int_equal(check("repair", NULL, "cad", "ready", true, true, &step), INVALID);
    assert_string_equal(errors.first->field, "from");
    assert_non_null(strstr(errors.first->sentence, "intake, assessed, quoted"));
    assert_int_equal(check("stock", NULL, "making", NULL, true, true, &step), INVALID);
    assert_string_equal(code_of_fault(), "unknown_stage");
    assert_int_equal(check("watch", NULL, "cad", "ready", true, true, &step), INVALID);
    assert_string_equal(code_of_fault(), "unknown_kind");
    assert_non_null(strstr(errors.first->sentence, "custom, repair, stock"));
    assert_string_equal(stages_listed("watch", arena), "");
}

static void a_person_sets_only_the_statuses_of_open_work(void **state) {
    static const char *const statuses[] = {"QN", "AVQ", "CR", "IP", "RP", "OH"};
    for (size_t k = 0; k < KINDS; k++) {
        const char *codes[16];
        int count = stages_of_kind(kinds[k].way, codes);
        for (int i = 0; i < count; i++)
            for (int s = 0; s < 6; s++) {
                const struct stage *stage = stage_find(kinds[k].kind, codes[i]);
                bool ready = strcmp(codes[i], "ready") == 0;
                errors_clear(&errors);
                enum status got = status_check_set(kinds[k].kind, codes[i], statuses[s], &errors);
                if (stage->closed)
                    assert_int_equal(got, CONFLICT);
                else if (ready)
                    assert_int_equal(got, strcmp(statuses[s], "RP") == 0 ? OK : INVALID);
                else if (stage->side)
                    assert_int_equal(got, strcmp(statuses[s], "OH") == 0 ? OK : INVALID);
                else
                    assert_int_equal(got, s < 4 ? OK : INVALID);
                assert_int_equal(got == OK, status_allowed(kinds[k].kind, codes[i], statuses[s]));
            }
        for (int i = 0; i < count; i++)
            assert_int_equal(status_allowed(kinds[k].kind, codes[i], NULL),
                             stage_find(kinds[k].kind, codes[i])->closed);
    }
}

static void an_unknown_status_names_the_valid_ones(void **state) {
    errors_clear(&errors);
    assert_int_equal(status_check_set("custom", "cad", "DONE", &errors), INVALID);
    assert_string_equal(code_of_fault(), "unknown_status");
    assert_string_equal(errors.first->sentence,
                        "There is no status “DONE”. The statuses are QN, AVQ, CR, IP, RP, OH.");
    errors_clear(&errors);
    assert_int_equal(status_check_set("custom", "cad", NULL, &errors), INVALID);
    assert_string_equal(code_of_fault(), "unknown_status");
    errors_clear(&errors);
    assert_int_equal(status_check_set("custom", "cad", "RP", &errors), INVALID);
    assert_string_equal(code_of_fault(), "status_not_here");
    errors_clear(&errors);
    assert_int_equal(status_check_set("custom", "ready", "IP", &errors), INVALID);
    assert_string_equal(code_of_fault(), "status_fixed");
}

static void every_status_says_whose_move_is_next(void **state) {
    int64_t count;
    const struct job_status *all = statuses_all(&count);
    assert_int_equal(count, 6);
    for (int64_t i = 0; i < count; i++) {
        assert_string_equal(job_statuses.words[i].code, all[i].code);
        assert_non_null(all[i].owner);
        assert_ptr_equal(status_find(all[i].code), &all[i]);
    }
    assert_null(status_find("XX"));
}

static void a_promise_ages(void **state) {
    int64_t today = 20000, soon = AGEING_SOON_DAYS;
    assert_int_equal(job_ageing("custom", "cad", today + 4, today, today, soon), AGEING_FINE);
    assert_int_equal(job_ageing("custom", "cad", today + 3, today, today, soon), AGEING_SOON);
    assert_int_equal(job_ageing("custom", "cad", today, today, today, soon), AGEING_SOON);
    assert_int_equal(job_ageing("custom", "cad", today - 1, today, today, soon), AGEING_OVERDUE);
    assert_int_equal(job_ageing("custom", "on_hold", today - 1, today, today, soon),
                     AGEING_OVERDUE);
    assert_int_equal(job_ageing("custom", "cad", NONE, today, today, soon), AGEING_NONE);
    assert_int_equal(job_ageing("custom", "collected", today - 9, today, today, soon), AGEING_NONE);
    assert_int_equal(job_ageing("custom", "cancelled", today - 9, today, today, soon), AGEING_NONE);
}

static void the_ready_shelf_turns_red_after_fourteen_days(void **state) {
    int64_t today = 20000;
    assert_int_equal(job_ageing("repair", "ready", today - 90, today, today, 3), AGEING_FINE);
    assert_int_equal(job_ageing("repair", "ready", NONE, today - 7, today, 3), AGEING_FINE);
    assert_int_equal(job_ageing("repair", "ready", NONE, today - 8, today, 3), AGEING_SHELF);
    assert_int_equal(job_ageing("repair", "ready", NONE, today - 14, today, 3), AGEING_SHELF);
    assert_int_equal(job_ageing("repair", "ready", NONE, today - 15, today, 3), AGEING_SHELF_LONG);
    assert_int_equal(job_ageing("repair", "ready", NONE, NONE, today, 3), AGEING_FINE);
    assert_string_equal(ageing_code(AGEING_SHELF_LONG), "on_shelf_long");
    assert_string_equal(ageing_code(AGEING_NONE), "none");
}

static void the_customer_reads_a_sentence_without_codes(void **state) {
    for (size_t k = 0; k < KINDS; k++) {
        const char *codes[16];
        int count = stages_of_kind(kinds[k].way, codes);
        for (int i = 0; i < count; i++) {
            const char *sentence = stage_sentence(kinds[k].kind, codes[i]);
            assert_true(strlen(sentence) > 15);
            assert_null(strchr(sentence, '_'));
            assert_null(strchr(sentence, '!'));
            assert_int_equal(sentence[strlen(sentence) - 1], '.');
        }
    }
    assert_string_equal(stage_sentence("custom", "nowhere"), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ten_stages_have_their_progress),
        cmocka_unit_test(repairs_and_stock_have_their_own_way),
        cmocka_unit_test(vocabularies_name_every_stage),
        cmocka_unit_test(a_held_job_keeps_its_progress),
        cmocka_unit_test(entering_a_stage_sets_its_status),
        cmocka_unit_test(every_move_follows_the_rules),
        cmocka_unit_test(rolling_back_needs_a_note),
        cmocka_unit_test(stages_may_be_skipped),
        cmocka_unit_test(a_held_job_goes_on_where_it_was_without_a_note),
        cmocka_unit_test(only_a_manager_reopens_and_says_why),
        cmocka_unit_test(an_unknown_stage_names_the_valid_ones),
        cmocka_unit_test(a_person_sets_only_the_statuses_of_open_work),
        cmocka_unit_test(an_unknown_status_names_the_valid_ones),
        cmocka_unit_test(every_status_says_whose_move_is_next),
        cmocka_unit_test(a_promise_ages),
        cmocka_unit_test(the_ready_shelf_turns_red_after_fourteen_days),
        cmocka_unit_test(the_customer_reads_a_sentence_without_codes),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
