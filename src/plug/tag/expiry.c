// SPDX-License-Identifier: Apache-2.0
// Whether an event was counted without consent follows from when it happened, or in which month it
// was received: from the version of the tag that was in force. What goes is seen by the mirror as
// any other change.
#include "plug/tag/expiry.h"

#include "base/progress.h"
#include "base/time.h"
#include "expiry_sql.h"
#include "store/change.h"
#include "store/job.h"
#include "store/ledger.h"
#include "store/setting.h"

enum { BATCH = 1000 };

struct window {
    int64_t sender_id;
    struct text source;
    int64_t from_us, to_us;
};

static int64_t cutoff_us(const struct scope *scope) {
    return scope->now_us - EXEMPT_KEPT_DAYS * US_PER_DAY;
}

// As long as the scope, which no statement is to be open over while rows go.
static code read_windows(struct scope *scope, struct buffer *windows) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_expiry_windows, BINDS(BIND_INT64(cutoff_us(scope))), &rows));
    while (rows_next(rows)) {
        const int64_t end_us = rows_is_null(rows, 3) ? INT64_MAX : rows_int64(rows, 3);
        const struct window window = {.sender_id = rows_int64(rows, 0),
                                      .source = text_copy(&scope->arena, rows_text(rows, 1)),
                                      .from_us = rows_int64(rows, 2),
                                      .to_us =
                                          end_us < cutoff_us(scope) ? end_us : cutoff_us(scope)};

        buffer_add(windows, &window, sizeof(window));
    }
    return rows_end(rows);
}

// As in collection_month.
static int64_t month_of(int64_t at_us) {
    int year, month, day;

    day_to_civil((int32_t)(at_us / US_PER_DAY), &year, &month, &day);
    return (int64_t)(year - 1970) * 12 + month - 1;
}

static code read_ids(struct scope *scope, const struct window *window, int64_t after,
                     struct buffer *ids) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    ids->size = 0;
    TRY(ledger_query(scope, sql_expiry_events,
                     BINDS(BIND_TEXT(window->source), BIND_INT64(window->from_us),
                           BIND_INT64(window->to_us), BIND_INT64(after), BIND_INT64(BATCH),
                           BIND_INT64(month_of(window->from_us) + 1),
                           BIND_INT64(month_of(window->to_us))),
                     &rows));
    while (rows_next(rows)) {
        const int64_t id = rows_int64(rows, 0);

        buffer_add(ids, &id, sizeof(id));
    }
    return rows_end(rows);
}

static code note(struct scope *scope, int64_t sender_id, int64_t count) {
    return ledger_exec(scope, sql_expiry_note,
                       BINDS(BIND_INT64(sender_id), BIND_INT64(scope->now_us),
                             BIND_INT64_IF(count > 0, scope->now_us), BIND_INT64(count)));
}

static code delete_some(struct scope *scope, const struct window *window, const int64_t *ids,
                        size_t count) {
    for (size_t i = 0; i < count; i++)
        TRY(ledger_exec(scope, sql_expiry_delete_event, BINDS(BIND_INT64(ids[i]))));
    if (count > 0) // others between them are fetched again by the mirror, to no effect
        TRY(change_record(scope, CHANGE_EVENT, CHANGE_UPDATED, ids[0], ids[count - 1]));
    return note(scope, window->sender_id, (int64_t)count);
}

static code clear_quarantine(struct scope *scope, const struct window *window) {
    return ledger_exec(scope, sql_expiry_delete_quarantine,
                       BINDS(BIND_INT64(window->sender_id), BIND_INT64(window->from_us),
                             BIND_INT64(window->to_us)));
}

static code clear_window(struct scope *scope, const struct window *window, int64_t *deleted) {
    CLEANUP(buffer_clear) struct buffer ids = {0};
    int64_t last_id = 0;
    size_t count;

    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, clear_quarantine(scope, window)));
    do {
        const int64_t *list;

        TRY(scope_check(scope));
        TRY(read_ids(scope, window, last_id, &ids));
        count = ids.size / sizeof(*list);
        list = (const int64_t *)(const void *)ids.data;
        TRY(ledger_begin(scope));
        TRY(ledger_end(scope, delete_some(scope, window, list, count)));
        if (count > 0)
            last_id = list[count - 1];
        *deleted += (int64_t)count;
        progress_report(scope->progress, "deleting what is too old", *deleted, 0, "events");
    } while (count == BATCH);
    return OK;
}

// ---- what was kept apart ----

// Before when what came is too old; 0: nothing ever is.
static code raw_cutoff_us(struct scope *scope, int64_t *ret_us) {
    struct settings settings;
    int64_t days;

    TRY(settings_load(scope, &settings));
    *ret_us =
        text_to_int64(settings.quarantine_days, &days) ? scope->now_us - days * US_PER_DAY : 0;
    return OK;
}

static code clear_raw(struct scope *scope, int64_t *cleared) {
    int64_t before_us, count;

    TRY(raw_cutoff_us(scope, &before_us));
    do {
        TRY(scope_check(scope));
        TRY(ledger_begin(scope));
        TRY(ledger_end(scope,
                       ledger_change(scope, sql_expiry_delete_raw,
                                     BINDS(BIND_INT64(before_us), BIND_INT64(BATCH)), &count)));
        *cleared += count;
        progress_report(scope->progress, "deleting what was kept apart", *cleared, 0, "messages");
    } while (count > 0);
    return OK;
}

// ---- the job ----

code expiry_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                struct json_writer *result) {
    CLEANUP(buffer_clear) struct buffer windows = {0};
    const struct window *list;
    int64_t deleted = 0, cleared = 0;

    (void)job_id;
    (void)parameters;
    TRY(read_windows(scope, &windows));
    list = (const struct window *)(const void *)windows.data;
    for (size_t i = 0; i < windows.size / sizeof(*list); i++)
        TRY(clear_window(scope, &list[i], &deleted));
    TRY(clear_raw(scope, &cleared));
    json_begin_object(result);
    json_key(result, "deleted_events");
    json_write_int64(result, deleted);
    json_key(result, "deleted_raw_messages");
    json_write_int64(result, cleared);
    json_end_object(result);
    return OK;
}

code expiry_start_if_due(struct scope *scope, int64_t *ret_job_id) {
    const int64_t day_ago_us = scope->now_us - US_PER_DAY;
    int64_t is_due, has_raw, is_asked_for, before_us;

    *ret_job_id = 0;
    TRY(ledger_int64(scope, sql_expiry_is_due,
                     BINDS(BIND_INT64(cutoff_us(scope)), BIND_INT64(day_ago_us)), 0, &is_due));
    TRY(raw_cutoff_us(scope, &before_us));
    TRY(ledger_int64(scope, sql_expiry_has_raw, BINDS(BIND_INT64(before_us)), 0, &has_raw));
    if (is_due + has_raw == 0)
        return OK;
    TRY(ledger_int64(scope, sql_expiry_is_asked_for, BINDS(BIND_INT64(day_ago_us)), 0,
                     &is_asked_for));
    return is_asked_for > 0 ? OK
                            : job_create(scope, "expiry", TEXT("Delete what is too old"),
                                         TEXT("{}"), ret_job_id);
}
