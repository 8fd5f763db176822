// SPDX-License-Identifier: Apache-2.0
// Evaluation: the ids come from the lake in order, the members from the ledger in order, and one
// walk along both says who entered and who departed. Two arrays of ids are all the memory it takes.
#include "analyze/segment/evaluate.h"
#include "analyze/segment/compile.h"
#include "analyze/segment/member.h"
#include "analyze/segment/segment.h"
#include "base/progress.h"
#include "segment_sql.h"
#include "store/lake.h"
#include "store/ledger.h"

#include <inttypes.h>

// ---- the moment ----

static code read_zone(struct scope *scope, struct text *ret_name) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text name = {0};

    TRY(lake_query(scope, sql_segment_lake_zone, NO_BINDS, &rows));
    if (rows_next(rows))
        name = text_copy(&scope->arena, rows_text(rows, 0));
    TRY(rows_end(rows));
    *ret_name = name;
    return OK;
}

// While it is built anew it may not be there for a moment: refreshing waits for the end of that.
code segment_lake_zone(struct scope *scope, struct text *ret_name) {
    if (read_zone(scope, ret_name) == OK || scope->failure.code == CANCELLED)
        return scope->failure.code;
    scope_forgive(scope);
    TRY(lake_refresh(scope));
    return read_zone(scope, ret_name);
}

code segment_moment_open(struct scope *scope, int32_t as_of_day,
                         struct segment_moment *ret_moment) {
    struct text zone_name;
    struct zone *zone;
    int64_t aliases;

    TRY(lake_refresh(scope));
    TRY(segment_lake_zone(scope, &zone_name));
    TRY(lake_int64_shared(scope, sql_segment_has_aliases, NO_BINDS, 0, &aliases));
    TRY(zone_open(scope, zone_name, &zone));
    *ret_moment = (struct segment_moment){
        .as_of_day = as_of_day == SEGMENT_TODAY ? zone_day(zone, scope->now_us) : as_of_day,
        .zone_name = zone_name,
        .zone = zone,
        .has_aliases = aliases > 0,
    };
    return OK;
}

code segment_moment_holds(struct scope *scope, const struct segment_moment *moment,
                          bool *ret_holds) {
    struct text zone_name;

    TRY(segment_lake_zone(scope, &zone_name));
    *ret_holds = text_equal(zone_name, moment->zone_name);
    return OK;
}

void segment_moment_close(struct segment_moment *moment) {
    zone_free(moment->zone);
}

code segment_sql(struct scope *scope, const struct segment_node *tree, int32_t as_of_day,
                 const char **ret_sql, struct binds *ret_binds) {
    CLEANUP(segment_moment_close) struct segment_moment moment = {0};
    struct segment_query query;

    TRY(segment_moment_open(scope, as_of_day, &moment));
    TRY(segment_compile(scope, tree, &moment, SEGMENT_OUTPUT_IDS, NULL, 0, &query));
    *ret_sql = query.sql;
    *ret_binds = query.binds;
    return OK;
}

code segment_count(struct scope *scope, const struct segment_node *tree, int32_t as_of_day,
                   int64_t *ret_count) {
    CLEANUP(segment_moment_close) struct segment_moment moment = {0};
    struct segment_query query;

    TRY(segment_moment_open(scope, as_of_day, &moment));
    TRY(segment_compile(scope, tree, &moment, SEGMENT_OUTPUT_COUNT, NULL, 0, &query));
    return lake_int64_shared(scope, query.sql, query.binds, 0, ret_count);
}

// ---- members ----

static code read_customers(struct scope *scope, const struct segment_node *tree,
                           const struct segment_moment *moment, struct ids *customers) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct segment_query query;

    TRY(segment_compile(scope, tree, moment, SEGMENT_OUTPUT_IDS, NULL, 0, &query));
    TRY(lake_query(scope, query.sql, query.binds, &rows));
    while (rows_next(rows))
        ids_add(customers, rows_int64(rows, 0));
    return rows_end(rows);
}

// Keeps in `customers` those who are no members yet, and finds the members who are not in it.
static code find_changes(struct scope *scope, int64_t segment_id, struct ids *customers,
                         struct ids *departed) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t seen = 0, entered = 0;

    TRY(ledger_query(scope, sql_segment_member_ids, BINDS(BIND_INT64(segment_id)), &rows));
    while (rows_next(rows)) {
        const int64_t member = rows_int64(rows, 0);

        while (seen < customers->count && customers->items[seen] < member)
            customers->items[entered++] = customers->items[seen++];
        if (seen < customers->count && customers->items[seen] == member)
            seen++;
        else
            ids_add(departed, member);
    }
    while (seen < customers->count)
        customers->items[entered++] = customers->items[seen++];
    customers->count = entered;
    return rows_end(rows);
}

// An evaluation must be later than the one before it and than the definitions it was made with.
static int64_t evaluation_instant(const struct scope *scope, const struct segment *segment,
                                  int64_t changed_at_us) {
    int64_t at_us = scope->now_us;

    if (at_us <= segment->evaluated_at_us)
        at_us = segment->evaluated_at_us + 1;
    return at_us > changed_at_us ? at_us : changed_at_us + 1;
}

static code note_evaluation(struct scope *scope, const struct segment *segment,
                            int64_t changed_at_us, bool is_pinned) {
    TRY(ledger_exec(scope, sql_segment_history_insert,
                    BINDS(BIND_INT64(segment->id), BIND_INT64(segment->evaluated_at_us),
                          BIND_INT64(segment->as_of_day), BIND_INT64(segment->size),
                          BIND_INT64(segment->entered), BIND_INT64(segment->departed),
                          BIND_INT64(segment->change_id))));
    return ledger_exec(scope, sql_segment_follow_put,
                       BINDS(BIND_INT64(segment->id), BIND_INT64(segment->change_id),
                             BIND_INT64(segment->as_of_day), BIND_INT64(changed_at_us),
                             BIND_INT64(is_pinned), BIND_INT64(segment->evaluated_at_us),
                             BIND_INT64(segment->size), BIND_TEXT(segment->zone)));
}

static code write_changes(struct scope *scope, struct member_changes *changes,
                          struct segment *segment, bool was_pinned) {
    int64_t exists;

    TRY(ledger_int64(scope, sql_segment_exists, BINDS(BIND_INT64(segment->id)), 0, &exists));
    if (!exists)
        return scope_fail(scope, NOT_FOUND, "there is no segment \"%.*s\" any more",
                          TEXT_ARG(segment->name));
    TRY(find_changes(scope, segment->id, &changes->entered, &changes->departed));
    TRY(members_write(scope, changes));
    if (was_pinned) // what was written meanwhile was nobody's to hear
        TRY(members_say_all(scope, segment->id));
    segment->entered = (int64_t)changes->entered.count;
    segment->departed = (int64_t)changes->departed.count;
    return OK;
}

static code write_evaluation(struct scope *scope, struct member_changes *changes,
                             struct segment *segment, int64_t changed_at_us, bool is_pinned) {
    int64_t was_pinned;

    TRY(ledger_int64(scope, sql_segment_is_pinned, BINDS(BIND_INT64(segment->id)), 0, &was_pinned));
    TRY(write_changes(scope, changes, segment, was_pinned && !is_pinned));
    return note_evaluation(scope, segment, changed_at_us, is_pinned);
}

static code lake_is_another(struct scope *scope) {
    scope_fail(scope, UNAVAILABLE, "the time zone of the business was changed meanwhile");
    return scope_hint(scope, "evaluate the segment again");
}

static code refresh(struct scope *scope, struct segment *segment, const struct segment_node *tree,
                    int64_t changed_at_us, const struct segment_moment *moment) {
    CLEANUP(member_changes_clear) struct member_changes changes = {.segment_id = segment->id};
    const bool is_pinned = moment->as_of_day != zone_day(moment->zone, scope->now_us);
    struct segment evaluated = *segment;
    bool holds;

    progress_report(scope->progress, "evaluating", 0, 0, "customers");
    TRY(lake_watermark(scope, &evaluated.change_id));
    TRY(read_customers(scope, tree, moment, &changes.entered));
    TRY(segment_moment_holds(scope, moment, &holds));
    if (!holds)
        return lake_is_another(scope);
    evaluated.size = (int64_t)changes.entered.count;
    evaluated.as_of_day = moment->as_of_day;
    evaluated.zone = moment->zone_name;
    evaluated.evaluated_at_us = evaluation_instant(scope, segment, changed_at_us);
    changes.at_us = evaluated.evaluated_at_us;
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, write_evaluation(scope, &changes, &evaluated, changed_at_us, is_pinned)));
    *segment = evaluated;
    return OK;
}

code segment_refresh(struct scope *scope, struct segment *segment, int32_t as_of_day) {
    CLEANUP(segment_moment_close) struct segment_moment moment = {0};
    const struct segment_node *tree;
    int64_t changed_at_us;

    TRY(segment_tree_of(scope, segment, &tree, &changed_at_us));
    TRY(segment_moment_open(scope, as_of_day, &moment));
    return refresh(scope, segment, tree, changed_at_us, &moment);
}

code segment_freshen(struct scope *scope, struct segment *segment, int32_t as_of_day) {
    CLEANUP(segment_moment_close) struct segment_moment moment = {0};
    const struct segment_node *tree;
    int64_t changed_at_us, change_id;

    TRY(segment_tree_of(scope, segment, &tree, &changed_at_us));
    TRY(segment_moment_open(scope, as_of_day, &moment));
    TRY(lake_watermark(scope, &change_id));
    if (segment->evaluated_at_us > changed_at_us && segment->change_id == change_id &&
        segment->as_of_day == moment.as_of_day && text_equal(segment->zone, moment.zone_name))
        return OK;
    return refresh(scope, segment, tree, changed_at_us, &moment);
}

// ---- as a job ----

struct refresh_parameters {
    struct text name;
    int64_t as_of_day;
};

static const struct json_field parameter_fields[] = {
    {"name", JSON_FIELD_TEXT, offsetof(struct refresh_parameters, name), true, NULL, "segment"},
    {"as_of_day", JSON_FIELD_INT64, offsetof(struct refresh_parameters, as_of_day), true, NULL,
     "day of evaluation"},
};
enum { PARAMETER_COUNT = sizeof(parameter_fields) / sizeof(*parameter_fields) };

code segment_refresh_start(struct scope *scope, struct text name, int32_t as_of_day,
                           int64_t *ret_job_id) {
    const struct refresh_parameters parameters = {.name = name, .as_of_day = as_of_day};
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct json_writer writer;
    struct segment segment;

    TRY(segment_find(scope, name, &segment));
    json_writer_init(&writer, &text);
    json_write_record(&writer, parameter_fields, PARAMETER_COUNT, &parameters);
    return job_create(scope, "segment_refresh",
                      text_printf(&scope->arena, "evaluate segment %.*s", TEXT_ARG(name)),
                      buffer_text(&text), ret_job_id);
}

code segment_refresh_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                         struct json_writer *result) {
    struct refresh_parameters given;
    struct segment segment;

    (void)job_id;
    TRY(json_read_record(scope, parameters, parameter_fields, PARAMETER_COUNT, &given));
    TRY(segment_find(scope, given.name, &segment));
    TRY(segment_refresh(scope, &segment, (int32_t)given.as_of_day));
    json_begin_object(result);
    json_key(result, "size");
    json_write_int64(result, segment.size);
    json_key(result, "entered");
    json_write_int64(result, segment.entered);
    json_key(result, "departed");
    json_write_int64(result, segment.departed);
    json_end_object(result);
    return OK;
}
