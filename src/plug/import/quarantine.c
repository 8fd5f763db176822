// SPDX-License-Identifier: Apache-2.0
// Rows that could not be taken, as their bytes stood in the file: looked at, mended, tried again.
#include "plug/import/import.h"

#include "base/base64.h"
#include "base/limits.h"
#include "import_sql.h"
#include "store/lake.h"
#include "store/ledger.h"

enum { REPLAY_BATCH = 1000 };

const char *const quarantine_states[] = {"waiting", "replayed", "discarded", NULL};

// Text is kept as it is; other bytes as base64, since the ledger's text holds text only.
static struct text encode(struct scope *scope, struct text raw, const char **ret_encoding) {
    const bool is_text = text_is_utf8(raw) && !text_contains(raw, '\0');

    *ret_encoding = is_text ? "utf8" : "base64";
    return is_text ? raw : base64_encode(&scope->arena, raw, BASE64_STANDARD);
}

code quarantine_add(struct scope *scope, int64_t import_id, const struct record *record,
                    const struct refusal *refusal) {
    const char *encoding;
    const struct text raw = encode(scope, record->raw, &encoding);

    return ledger_exec(scope, sql_quarantine_insert,
                       BINDS(BIND_INT64(import_id), BIND_INT64(record->row),
                             BIND_INT64(record->line), BIND_STRING(refusal->reason),
                             BIND_STRING(refusal->field), BIND_STRING(refusal->message),
                             BIND_TEXT(raw), BIND_STRING(encoding)));
}

static code read_page(struct scope *scope, int64_t import_id,
                      const struct quarantine_filter *filter, int64_t after_row, int limit,
                      struct quarantined **ret_rows, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct quarantined *list = arena_array(&scope->arena, (size_t)limit + 1, sizeof(*list));
    size_t count = 0;

    TRY(ledger_query(scope, sql_quarantine_list,
                     BINDS(BIND_INT64(import_id), BIND_INT64(after_row), BIND_INT64(limit),
                           BIND_TEXT(filter->state), BIND_TEXT(filter->reason)),
                     &rows));
    while (rows_next(rows)) {
        struct quarantined *row = &list[count++];

        *row = (struct quarantined){.row = rows_int64(rows, 0),
                                    .line = rows_int64(rows, 1),
                                    .reason = text_copy(&scope->arena, rows_text(rows, 2)),
                                    .field = text_copy(&scope->arena, rows_text(rows, 3)),
                                    .message = text_copy(&scope->arena, rows_text(rows, 4)),
                                    .raw = text_copy(&scope->arena, rows_text(rows, 5)),
                                    .state = text_copy(&scope->arena, rows_text(rows, 7)),
                                    .received_at_us = rows_int64(rows, 8),
                                    .is_part = rows_int64(rows, 9) != 0};
        if (text_is(rows_text(rows, 6), "base64") &&
            !base64_decode(&scope->arena, row->raw, BASE64_STANDARD, &row->raw))
            return scope_fail(scope, INTERNAL, "row %lld in quarantine is damaged",
                              (long long)row->row);
    }
    TRY(rows_end(rows));
    *ret_rows = list;
    *ret_count = count;
    return OK;
}

code quarantine_list(struct scope *scope, int64_t import_id, const struct quarantine_filter *filter,
                     int64_t after_row, int limit, struct quarantined **ret_rows,
                     size_t *ret_count) {
    return read_page(scope, import_id, filter, after_row, limit, ret_rows, ret_count);
}

code quarantine_fix(struct scope *scope, int64_t import_id, int64_t row, struct text raw) {
    const char *encoding;
    int64_t count;

    if (raw.size > LIMIT_RECORD_BYTES)
        return scope_fail(scope, TOO_LARGE, "a row has at most %d bytes", (int)LIMIT_RECORD_BYTES);
    raw = encode(scope, raw, &encoding);
    TRY(ledger_change(
        scope, sql_quarantine_fix,
        BINDS(BIND_INT64(import_id), BIND_INT64(row), BIND_TEXT(raw), BIND_STRING(encoding)),
        &count));
    if (count == 1)
        return OK;
    return scope_fail(scope, NOT_FOUND, "row %lld of %lld does not wait in quarantine",
                      (long long)row, (long long)import_id);
}

code quarantine_discard(struct scope *scope, int64_t import_id, int64_t row, int64_t *ret_count) {
    return ledger_change(scope, sql_quarantine_discard,
                         BINDS(BIND_INT64(import_id), BIND_INT64(row)), ret_count);
}

code quarantine_settle(struct scope *scope, int64_t import_id, int64_t row,
                       const struct refusal *refusal) {
    int64_t count;

    if (refusal)
        TRY(ledger_change(scope, sql_quarantine_still,
                          BINDS(BIND_INT64(import_id), BIND_INT64(row),
                                BIND_STRING(refusal->reason), BIND_STRING(refusal->field),
                                BIND_STRING(refusal->message)),
                          &count));
    else
        TRY(ledger_change(scope, sql_quarantine_replayed,
                          BINDS(BIND_INT64(import_id), BIND_INT64(row)), &count));
    if (count == 1)
        return OK;
    return scope_fail(scope, CONFLICT, "row %lld of %lld no longer waits in quarantine",
                      (long long)row, (long long)import_id);
}

code quarantine_find_waiting(struct scope *scope, int64_t import_id, int64_t row,
                             struct quarantined *ret_row, bool *ret_is_waiting) {
    const struct quarantine_filter waiting = {.state = TEXT("waiting")};
    struct quarantined *rows;
    size_t count;

    TRY(read_page(scope, import_id, &waiting, row - 1, 1, &rows, &count));
    *ret_is_waiting = count == 1 && rows[0].row == row;
    if (*ret_is_waiting)
        *ret_row = rows[0];
    return OK;
}

// ---- trying again ----

struct replay {
    struct import import;
    struct mapping mapping;
    struct sink sink;
    struct import_tally tally;
};

static code replay_row(struct scope *scope, struct replay *replay, const struct quarantined *row) {
    struct values values = {0};
    struct refusal refusal = {0};
    enum row_outcome outcome = ROW_REFUSED;
    struct record record;

    TRY(source_parse(scope, &replay->mapping.dialect, row->raw, &record));
    record.row = row->row;
    record.line = row->line;
    if (record.fault)
        refusal_set(&refusal, record.fault_code, "", "%s", record.fault);
    else if (converter_row(replay->sink.converter, &scope->arena, record.fields, record.field_count,
                           &values, &refusal))
        TRY(sink_of(replay->mapping.kind)(scope, &replay->sink, &record, &values, &outcome,
                                          &refusal));
    replay->tally.read++;
    replay->tally.accepted += outcome == ROW_ACCEPTED;
    replay->tally.duplicate += outcome == ROW_DUPLICATE;
    replay->tally.quarantined += outcome == ROW_REFUSED;
    return quarantine_settle(scope, replay->import.id, row->row,
                             outcome == ROW_REFUSED ? &refusal : NULL);
}

// Rows are read in the transaction that settles them: nobody mends or gives them up in between.
static code replay_batch(struct scope *scope, struct replay *replay, int64_t *after_row,
                         bool *ret_is_last) {
    const struct quarantine_filter waiting = {.state = TEXT("waiting")};
    struct import_tally *tally = &replay->import.tally;
    const struct import_tally before = replay->tally;
    struct quarantined *rows;
    size_t count;

    TRY(read_page(scope, replay->import.id, &waiting, *after_row, REPLAY_BATCH, &rows, &count));
    *ret_is_last = count == 0;
    if (count == 0)
        return OK;
    *after_row = rows[count - 1].row;
    TRY(resolver_begin(scope, replay->sink.resolver));
    TRY(profiles_begin(scope, replay->sink.profiles, false));
    for (size_t i = 0; i < count; i++)
        TRY(replay_row(scope, replay, &rows[i]));
    TRY(sink_flush(scope, &replay->sink));
    tally->accepted += replay->tally.accepted - before.accepted;
    tally->duplicate += replay->tally.duplicate - before.duplicate;
    tally->quarantined -=
        replay->tally.accepted - before.accepted + replay->tally.duplicate - before.duplicate;
    replay->import.counts = replay->sink.counts;
    return import_checkpoint(scope, &replay->import);
}

static code replay_all(struct scope *scope, struct replay *replay) {
    bool is_last = false;
    int64_t after_row = 0;

    while (!is_last) {
        const struct arena_mark mark = arena_mark(&scope->arena);

        TRY(scope_check(scope));
        TRY(ledger_begin(scope));
        TRY(ledger_end(scope, replay_batch(scope, replay, &after_row, &is_last)));
        arena_rewind(&scope->arena, mark);
    }
    return OK;
}

static code open_replay(struct scope *scope, const struct mapping *mapping, struct replay *replay) {
    struct text *columns;
    struct json *json;

    TRY(json_parse(scope, replay->import.mapping, &json));
    TRY(mapping_read(scope, json, &replay->mapping));
    if (mapping) {
        const struct source_dialect dialect = replay->mapping.dialect;

        replay->mapping = *mapping;
        replay->mapping.dialect = dialect; // the rows were cut from the file by it
    }
    columns =
        arena_array(&scope->arena, replay->mapping.dialect.column_count + 1, sizeof(*columns));
    for (size_t i = 0; i < replay->mapping.dialect.column_count; i++)
        columns[i] = replay->mapping.dialect.columns[i].name;
    TRY(sink_open(scope, &replay->sink, replay->import.id, &replay->mapping,
                  replay->import.file_name, columns, replay->mapping.dialect.column_count));
    replay->sink.counts = replay->import.counts;
    return OK;
}

code quarantine_replay(struct scope *scope, int64_t import_id, const struct mapping *mapping,
                       struct import_tally *ret_tally) {
    struct replay replay = {0};
    code outcome;

    TRY(import_find(scope, import_id, &replay.import));
    if (!text_is(replay.import.state, "done"))
        return scope_fail(scope, CONFLICT, "import %lld is %.*s", (long long)import_id,
                          TEXT_ARG(replay.import.state));
    outcome = open_replay(scope, mapping, &replay);
    if (outcome == OK)
        outcome = replay_all(scope, &replay);
    sink_close(&replay.sink);
    if (outcome == OK)
        outcome = lake_refresh(scope);
    if (outcome == OK)
        *ret_tally = replay.tally;
    return outcome;
}

// ---- reasons ----

static void write_column(struct json_writer *writer, const char *name, const char *label,
                         const char *type) {
    json_begin_object(writer);
    json_key(writer, "name");
    json_write_string(writer, name);
    json_key(writer, "label");
    json_write_string(writer, label);
    json_key(writer, "type");
    json_write_string(writer, type);
    json_end_object(writer);
}

code quarantine_summary(struct scope *scope, int64_t import_id, struct json_writer *writer) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t count = 0;

    TRY(ledger_query(scope, sql_quarantine_summary, BINDS(BIND_INT64(import_id)), &rows));
    json_key(writer, "refused");
    json_begin_object(writer);
    json_key(writer, "columns");
    json_begin_array(writer);
    write_column(writer, "reason", "Reason", "text");
    write_column(writer, "field", "Field", "text");
    write_column(writer, "rows", "Rows", "integer");
    write_column(writer, "first_line", "First line", "integer");
    write_column(writer, "example", "Example", "text");
    json_end_array(writer);
    json_key(writer, "rows");
    json_begin_array(writer);
    while (rows_next(rows)) {
        json_begin_array(writer);
        json_write_text(writer, rows_text(rows, 0));
        json_write_text(writer, rows_text(rows, 1));
        json_write_int64(writer, rows_int64(rows, 2));
        json_write_int64(writer, rows_int64(rows, 3));
        json_write_text(writer, rows_text(rows, 4));
        json_end_array(writer);
        count++;
    }
    json_end_array(writer);
    json_key(writer, "row_count");
    json_write_int64(writer, count);
    json_end_object(writer);
    return rows_end(rows);
}
