// SPDX-License-Identifier: Apache-2.0
// A rhythm is read from the hours in which something came: no event is looked at.
#include "govern/operation/pulse.h"

#include "base/time.h"
#include "pulse_sql.h"
#include "store/ledger.h"

enum { LEARNT_HOURS = 28 * 24, LEAST_HOURS = 24, LEAST_REACH_HOURS = 72 };

static const int64_t hour_us = 3600 * US_PER_SECOND;

int64_t pulse_learnt_silence_s(int64_t hour_count, int64_t reach_hours, int64_t step_hours) {
    if (hour_count < LEAST_HOURS || reach_hours < LEAST_REACH_HOURS)
        return 0;
    // Events of neighbouring hours may be two hours apart.
    return (step_hours + 1) * 3600 * 3 / 2;
}

static const char *state_of(const struct scope *scope, const struct pulse *pulse, bool is_enabled) {
    if (!is_enabled)
        return "off";
    if (pulse->silence_s > 0 && scope->now_us - pulse->since_us > pulse->silence_s * US_PER_SECOND)
        return "silent";
    return pulse->last_at_us > 0 ? "on" : "new";
}

static struct pulse read_row(struct scope *scope, const struct rows *rows) {
    struct pulse pulse = {
        .id = rows_int64(rows, 0),
        .name = text_copy(&scope->arena, rows_text(rows, 1)),
        .type = text_copy(&scope->arena, rows_text(rows, 2)),
        .is_learnt = rows_int64(rows, 4) == SILENCE_LEARNT,
        .silence_s = rows_int64(rows, 4),
        .last_at_us = rows_int64(rows, 5),
        .created_at_us = rows_int64(rows, 6),
        .hour_count = rows_int64(rows, 7),
        .day_count = rows_int64(rows, 8),
        .duplicate_day_count = rows_int64(rows, 9),
        .quarantined_day_count = rows_int64(rows, 10),
        .accepted_count = rows_int64(rows, 11),
    };

    pulse.since_us = pulse.last_at_us > 0 ? pulse.last_at_us : pulse.created_at_us;
    if (pulse.is_learnt)
        pulse.silence_s = pulse_learnt_silence_s(rows_int64(rows, 12),
                                                 scope->now_us / hour_us - rows_int64(rows, 13),
                                                 rows_int64(rows, 14));
    pulse.state = state_of(scope, &pulse, rows_int64(rows, 3) != 0);
    return pulse;
}

code pulse_read(struct scope *scope, struct pulse **ret_pulses, size_t *ret_count) {
    const int64_t hour = scope->now_us / hour_us;
    CLEANUP(rows_close) struct rows *rows = NULL;
    CLEANUP(buffer_clear) struct buffer list = {0};

    TRY(ledger_query(scope, sql_pulse_read,
                     BINDS(BIND_INT64(hour - LEARNT_HOURS), BIND_INT64(hour - 23)), &rows));
    while (rows_next(rows)) {
        const struct pulse pulse = read_row(scope, rows);

        buffer_add(&list, &pulse, sizeof(pulse));
    }
    TRY(rows_end(rows));
    *ret_count = list.size / sizeof(struct pulse);
    *ret_pulses = arena_copy(&scope->arena, list.data, list.size);
    return OK;
}

code pulse_count_waiting(struct scope *scope, struct pulse *pulses, size_t count) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_pulse_waiting, NO_BINDS, &rows));
    while (rows_next(rows))
        for (size_t i = 0; i < count; i++)
            if (pulses[i].id == rows_int64(rows, 0))
                pulses[i].waiting_count = rows_int64(rows, 1);
    return rows_end(rows);
}
