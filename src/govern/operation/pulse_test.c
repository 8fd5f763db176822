// SPDX-License-Identifier: Apache-2.0
#include "govern/operation/pulse.h"

#include "base/time.h"
#include "store/store_testing.h"

#include <inttypes.h>
#include <string.h>

static const int64_t hour_us = 3600 * US_PER_SECOND;

static void add_source(struct scope *scope, int64_t id, int64_t silence_s) {
    test_ledger_exec(scope,
                     arena_printf(&scope->arena,
                                  "INSERT INTO sender (id, name, type, key_hash, is_enabled, "
                                  "silence_s, schema_policy, created_at_us, created_by) VALUES "
                                  "(%" PRId64 ", 's%" PRId64 "', 'server', 'k%" PRId64
                                  "', 1, %" PRId64 ", 'mark', %" PRId64 ", 'x')",
                                  id, id, id, silence_s, scope->now_us - 40 * US_PER_DAY));
}

// Something came that many hours ago.
static void beat(struct scope *scope, int64_t id, int64_t hours_ago) {
    const int64_t at_us = scope->now_us - hours_ago * hour_us;

    test_ledger_exec(scope, arena_printf(&scope->arena,
                                         "INSERT INTO sender_hour VALUES (%" PRId64 ", %" PRId64
                                         ", 10, 2, 1, 100, %" PRId64 ", 0)",
                                         id, at_us / hour_us, at_us));
}

static const struct pulse *of(struct scope *scope) {
    struct pulse *pulses;
    size_t count;

    CHECK_OK(pulse_read(scope, &pulses, &count));
    CHECK_INT((int64_t)count, 1);
    return pulses;
}

TEST(a_source_is_silent_after_the_time_that_people_set) {
    test_store(scope);
    add_source(scope, 1, 7200);
    CHECK_STRING(of(scope)->state, "silent"); // since it was made
    beat(scope, 1, 1);
    CHECK_STRING(of(scope)->state, "on");
    CHECK_INT(of(scope)->hour_count, 10);
    CHECK_INT(of(scope)->day_count, 10);
    scope->now_us += hour_us + 1 * US_PER_SECOND;
    CHECK_STRING(of(scope)->state, "silent");
    CHECK_INT(of(scope)->quarantined_day_count, 1);
}

TEST(a_source_without_an_alarm_is_never_silent) {
    test_store(scope);
    add_source(scope, 1, 0);
    CHECK_STRING(of(scope)->state, "new");
    beat(scope, 1, 500);
    CHECK_STRING(of(scope)->state, "on");
}

// A shop that is open for ten hours on weekdays, and had one breakdown of four days.
TEST(a_source_is_silent_for_longer_than_its_own_rhythm_explains) {
    test_store(scope);
    add_source(scope, 1, SILENCE_LEARNT);
    CHECK_STRING(of(scope)->state, "new");
    for (int64_t day = 27; day >= 0; day--)
        for (int64_t hour = 0; hour < 10 && day % 7 < 5 && (day < 8 || day > 9); hour++)
            beat(scope, 1, day * 24 + hour + 5);
    CHECK_INT(of(scope)->silence_s, (63 + 1) * 3600 * 3 / 2); // from Friday to Monday
    CHECK_STRING(of(scope)->state, "on");
    scope->now_us += 2 * US_PER_DAY;
    CHECK_STRING(of(scope)->state, "on");
    scope->now_us += 3 * US_PER_DAY;
    CHECK_STRING(of(scope)->state, "silent");
}

TEST(a_rhythm_is_learnt_from_enough_hours_only) {
    CHECK_INT(pulse_learnt_silence_s(23, 600, 1), 0);
    CHECK_INT(pulse_learnt_silence_s(600, 71, 1), 0);
    CHECK_INT(pulse_learnt_silence_s(600, 600, 1), 10800);
}

TEST(what_waits_of_a_source_is_counted_by_an_index_and_only_when_asked_for) {
    struct pulse *pulses;
    size_t count;

    test_store(scope);
    add_source(scope, 1, 0);
    for (int row = 1; row <= 5; row++)
        test_ledger_exec(scope,
                         arena_printf(&scope->arena,
                                      "INSERT INTO quarantine (import_id, row, line, reason, "
                                      "field, message, raw, raw_encoding, state) VALUES (1, %d, "
                                      "0, 'x', '', '', '{}', 'utf8', '%s')",
                                      row, row < 3 ? "waiting" : "replayed"));
    CHECK_OK(pulse_read(scope, &pulses, &count));
    CHECK_INT(pulses[0].waiting_count, 0);
    CHECK_OK(pulse_count_waiting(scope, pulses, count));
    CHECK_INT(pulses[0].waiting_count, 2);
    if (test_store_is_shared())
        return; // PostgreSQL reads a table of one page as it lies
    CHECK(strstr(test_ledger_rows(scope, "EXPLAIN QUERY PLAN SELECT import_id, count(*) FROM "
                                         "quarantine WHERE state = 'waiting' GROUP BY import_id"),
                 "INDEX quarantine_waiting") != NULL);
}
