// SPDX-License-Identifier: Apache-2.0
#include "plug/tag/expiry.h"

#include "base/time.h"
#include "expiry_sql.h"
#include "host/event/event.h"
#include "store/job.h"
#include "store/ledger.h"
#include "store/setting.h"
#include "store/store_testing.h"

#include <inttypes.h>
#include <string.h>

static const struct job_kind kinds[] = {{"expiry", expiry_run, JOB_LIGHT}};

static void add_site(struct scope *scope) {
    test_ledger_exec(scope, "INSERT INTO sender (id, name, type, key_hash, is_enabled, silence_s, "
                            "schema_policy, created_at_us, created_by) VALUES (1, 'site', "
                            "'website', 'k', 1, 0, 'mark', 1, 'x')");
    test_ledger_exec(scope, "INSERT INTO collection_month (month, import_id) VALUES (0, 5)");
}

static void publish(struct scope *scope, int version, const char *mode, int64_t days_ago) {
    test_ledger_exec(scope, arena_printf(&scope->arena,
                                         "INSERT INTO tag_version VALUES (1, %d, 1, 'h', '%s', "
                                         "'{}', '', NULL, %" PRId64 ", 'x')",
                                         version, mode, scope->now_us - days_ago * US_PER_DAY));
}

static void add_event_of_import(struct scope *scope, int64_t import_id, const char *key,
                                const char *source, int64_t days_ago) {
    const struct event_row row = {.source = text_of(source),
                                  .key = text_of(key),
                                  .at_us = scope->now_us - days_ago * US_PER_DAY,
                                  .name = TEXT("page")};
    struct change_run run = {.table = CHANGE_EVENT};
    bool is_added;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(event_put(scope, &run, import_id, &row, &is_added));
    CHECK_OK(ledger_end(scope, change_run_announce(scope, &run)));
    CHECK(is_added);
}

enum { COLLECTED = 5, IMPORTED = 6 };

static void add_event(struct scope *scope, const char *key, const char *source, int64_t days_ago) {
    add_event_of_import(scope, COLLECTED, key, source, days_ago);
}

static int64_t month_of_days_ago(const struct scope *scope, int64_t days_ago) {
    int year, month, day;

    day_to_civil((int32_t)(scope->now_us / US_PER_DAY - days_ago), &year, &month, &day);
    return (int64_t)(year - 1970) * 12 + month - 1;
}

// How long ago they were, in the ledger and in the lake.
static void check_left(struct scope *scope, const char *expected) {
    const char *sql = arena_printf(&scope->arena,
                                   "SELECT CAST((%" PRId64 " - at_us) / 86400000000 AS BIGINT) "
                                   "FROM event ORDER BY at_us, source DESC",
                                   scope->now_us);

    CHECK_STRING(test_ledger_rows(scope, sql), expected);
    sql = arena_printf(&scope->arena,
                       "SELECT CAST(floor((%" PRId64 " - at_us) / 86400000000) AS BIGINT) "
                       "FROM event ORDER BY at_us, source DESC",
                       scope->now_us);
    CHECK_STRING(test_lake_rows(scope, sql), expected);
}

static int64_t look(struct scope *scope) {
    int64_t job_id;

    CHECK_OK(expiry_start_if_due(scope, &job_id));
    if (job_id != 0)
        CHECK_OK(job_run(scope, kinds, 1, job_id));
    return job_id;
}

TEST(what_was_counted_without_consent_goes_after_25_months_and_nothing_else) {
    test_store(scope);
    add_site(scope);
    publish(scope, 1, "consent", 1000);
    publish(scope, 2, "exempt", 900);
    publish(scope, 3, "consent", 800);
    publish(scope, 4, "exempt", 780);
    add_event(scope, "1", "site", 950);  // under a consent
    add_event(scope, "2", "site", 850);  // too old
    add_event(scope, "3", "site", 790);  // under a consent
    add_event(scope, "4", "site", 761);  // too old
    add_event(scope, "5", "site", 759);  // not yet
    add_event(scope, "6", "other", 850); // of somebody else
    CHECK(look(scope) != 0);
    check_left(scope, "950\n850\n790\n759");
    CHECK_STRING(test_ledger_rows(scope, "SELECT sender_id, deleted_count FROM expiry"), "1|2");
    CHECK_INT(look(scope), 0); // once a day
    scope->now_us += 2 * US_PER_DAY;
    CHECK(look(scope) != 0);
    check_left(scope, "952\n852\n792");
    CHECK_STRING(test_ledger_rows(scope, "SELECT deleted_count FROM expiry"), "3");
}

TEST(a_site_that_asks_for_consent_needs_no_job) {
    test_store(scope);
    add_site(scope);
    publish(scope, 1, "consent", 1000);
    add_event(scope, "1", "site", 950);
    CHECK_INT(look(scope), 0);
}

TEST(what_was_imported_under_the_name_of_a_site_stays) {
    test_store(scope);
    add_site(scope);
    publish(scope, 1, "exempt", 900);
    add_event_of_import(scope, IMPORTED, "1", "site", 850);
    add_event(scope, "2", "site", 840);
    CHECK(look(scope) != 0);
    check_left(scope, "850");
}

TEST(what_a_visitors_clock_put_before_the_site_was_exempt_goes_with_the_month_it_came_in) {
    test_store(scope);
    add_site(scope);
    publish(scope, 1, "consent", 1000);
    publish(scope, 2, "exempt", 900);
    test_ledger_exec(scope, arena_printf(&scope->arena,
                                         "INSERT INTO collection_month (month, import_id) VALUES "
                                         "(%" PRId64 ", 7)",
                                         month_of_days_ago(scope, 830)));
    add_event_of_import(scope, 7, "1", "site", 950);
    add_event(scope, "2", "site", 951);
    CHECK(look(scope) != 0);
    check_left(scope, "951");
}

TEST(what_was_kept_apart_of_an_audience_without_consent_goes_too) {
    test_store(scope);
    add_site(scope);
    publish(scope, 1, "consent", 1000);
    publish(scope, 2, "exempt", 900);
    for (int days_ago = 750; days_ago <= 950; days_ago += 100)
        test_ledger_exec(
            scope, arena_printf(&scope->arena,
                                "INSERT INTO quarantine (import_id, row, line, reason, field, "
                                "message, raw, raw_encoding, state, received_at_us) VALUES (1, %d, "
                                "0, 'r', '', 'm', '{}', 'utf8', 'waiting', %" PRId64 ")",
                                days_ago, scope->now_us - days_ago * US_PER_DAY));
    CHECK(look(scope) != 0);
    CHECK_STRING(test_ledger_rows(scope, "SELECT row FROM quarantine ORDER BY row"), "750\n950");
}

static void keep_apart(struct scope *scope, int row, const char *state, int days_ago) {
    test_ledger_exec(scope,
                     arena_printf(&scope->arena,
                                  "INSERT INTO quarantine (import_id, row, line, reason, field, "
                                  "message, raw, raw_encoding, state, received_at_us) VALUES (1, "
                                  "%d, 0, 'r', '', 'm', '{}', 'utf8', '%s', %" PRId64 ")",
                                  row, state, scope->now_us - days_ago * US_PER_DAY));
}

TEST(what_a_source_sent_and_was_kept_apart_is_forgotten_after_the_days_that_are_set) {
    const char *all = "SELECT row, raw, state FROM quarantine ORDER BY row";

    test_store(scope);
    add_site(scope);
    keep_apart(scope, 1, "waiting", 100);
    keep_apart(scope, 2, "replayed", 100);
    keep_apart(scope, 3, "waiting", 80);
    test_ledger_exec(scope, "INSERT INTO quarantine (import_id, row, line, reason, field, message, "
                            "raw, raw_encoding, state) VALUES (9, 4, 4, 'r', '', 'm', 'a;b', "
                            "'utf8', 'waiting')"); // of a file
    CHECK_CODE(setting_set(scope, TEXT("quarantine_days"), TEXT("0")), INVALID);
    scope_forgive(scope);
    CHECK_OK(setting_set(scope, TEXT("quarantine_days"), TEXT("never")));
    CHECK_INT(look(scope), 0);
    CHECK_OK(setting_set(scope, TEXT("quarantine_days"), TEXT("90")));
    CHECK(look(scope) != 0);
    CHECK_STRING(test_ledger_rows(scope, all),
                 "1||discarded\n2||replayed\n3|{}|waiting\n4|a;b|waiting");
    scope->now_us += 2 * US_PER_DAY;
    CHECK_INT(look(scope), 0); // nothing more is too old
    CHECK_OK(setting_set(scope, TEXT("quarantine_days"), TEXT("1")));
    CHECK(look(scope) != 0);
    CHECK_STRING(test_ledger_rows(scope, all),
                 "1||discarded\n2||replayed\n3||discarded\n4|a;b|waiting");
}

TEST(old_events_are_found_without_sorting_all_that_are_left) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    test_store(scope);
    if (store_is_shared(session_store(scope)))
        return; // PostgreSQL plans by what it has counted
    CHECK_OK(ledger_query(scope,
                          arena_printf(&scope->arena, "EXPLAIN QUERY PLAN %s", sql_expiry_events),
                          BINDS(BIND_TEXT(TEXT("site")), BIND_INT64(1), BIND_INT64(2),
                                BIND_INT64(0), BIND_INT64(1000), BIND_INT64(0), BIND_INT64(0)),
                          &rows));
    while (rows_next(rows))
        CHECK(!strstr(text_string(&scope->arena, rows_text(rows, 3)), "ORDER BY"));
    CHECK_OK(rows_end(rows));
}
