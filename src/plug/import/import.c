// SPDX-License-Identifier: Apache-2.0
// A batch of rows is one ledger transaction: the rows, what they caused, and how far the import is.
// After a crash the last batch is either there with its mark or it never was, so resuming at the
// mark neither loses nor doubles a row.
#include "plug/import/import.h"

#include "base/file_name.h"
#include "base/progress.h"
#include "import_sql.h"
#include "plug/upload/upload.h"
#include "store/job.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/setting.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>

// Who else wants to write waits for the end of a batch.
enum { BATCH_ROWS = 20000, BATCH_US = 250000, ROWS_BETWEEN_LOOKS = 256 };

// ---- the import's row ----

static void read_counts(struct scope *scope, struct text text, struct import_counts *counts) {
    struct json *json;

    // Counts are for people: what an older program wrote otherwise is left out.
    if (json_parse(scope, text, &json) != OK ||
        json_read_record(scope, json, import_count_fields, IMPORT_COUNT_FIELDS, counts) != OK)
        scope_forgive(scope);
}

static void import_from_row(struct scope *scope, const struct rows *rows, struct import *import) {
    *import = (struct import){
        .id = rows_int64(rows, 0),
        .job_id = rows_int64(rows, 1),
        .kind = text_copy(&scope->arena, rows_text(rows, 2)),
        .source = text_copy(&scope->arena, rows_text(rows, 3)),
        .path = text_copy(&scope->arena, rows_text(rows, 4)),
        .state = text_copy(&scope->arena, rows_text(rows, 5)),
        .mapping = text_copy(&scope->arena, rows_text(rows, 6)),
        .file_digest = text_copy(&scope->arena, rows_text(rows, 7)),
        .file_bytes = rows_int64(rows, 8),
        .row_offset = rows_int64(rows, 9),
        .tally = {.read = rows_int64(rows, 10),
                  .accepted = rows_int64(rows, 11),
                  .duplicate = rows_int64(rows, 12),
                  .quarantined = rows_int64(rows, 13)},
        .created_at_us = rows_int64(rows, 15),
        .finished_at_us = rows_int64(rows, 16),
        .undone_at_us = rows_int64(rows, 17),
        .file_name = text_copy(&scope->arena, rows_text(rows, 18)),
    };
    if (import->file_name.size == 0) // an import from before names were kept
        import->file_name = file_name_of(&scope->arena, import->path);
    read_counts(scope, text_copy(&scope->arena, rows_text(rows, 14)), &import->counts);
}

static code find(struct scope *scope, const char *sql, struct binds binds,
                 struct import *ret_import, bool *ret_found) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_find(scope, sql, binds, &rows, ret_found));
    if (*ret_found)
        import_from_row(scope, rows, ret_import);
    return OK;
}

code import_find(struct scope *scope, int64_t id, struct import *ret_import) {
    bool found;

    TRY(find(scope, sql_import_find, BINDS(BIND_INT64(id)), ret_import, &found));
    if (found)
        return OK;
    scope_fail(scope, NOT_FOUND, "import %lld does not exist", (long long)id);
    return scope_hint(scope, "see the imports there are with: tessera import list");
}

code import_list(struct scope *scope, int64_t before_id, int limit, struct import **ret_imports,
                 size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct import *imports = arena_array(&scope->arena, (size_t)limit + 1, sizeof(*imports));
    size_t count = 0;

    TRY(ledger_query(scope, sql_import_list,
                     BINDS(BIND_INT64(before_id > 0 ? before_id : INT64_MAX), BIND_INT64(limit)),
                     &rows));
    while (rows_next(rows))
        import_from_row(scope, rows, &imports[count++]);
    TRY(rows_end(rows));
    *ret_imports = imports;
    *ret_count = count;
    return OK;
}

code import_checkpoint(struct scope *scope, const struct import *import) {
    CLEANUP(buffer_clear) struct buffer counts = {0};
    struct json_writer writer;

    json_writer_init(&writer, &counts);
    json_write_record(&writer, import_count_fields, IMPORT_COUNT_FIELDS, &import->counts);
    return ledger_exec(scope, sql_import_checkpoint,
                       BINDS(BIND_INT64(import->id), BIND_INT64(import->row_offset),
                             BIND_INT64(import->tally.read), BIND_INT64(import->tally.accepted),
                             BIND_INT64(import->tally.duplicate),
                             BIND_INT64(import->tally.quarantined),
                             BIND_TEXT(buffer_text(&counts))));
}

// ---- a sink for a file ----

code sink_open(struct scope *scope, struct sink *sink, int64_t import_id,
               const struct mapping *mapping, struct text file_name, const struct text *columns,
               size_t column_count) {
    struct settings settings;
    bool marks_refunds;

    TRY(settings_load(scope, &settings));
    marks_refunds = mapping->options.refund_prefix.size > 0 || mapping_find(mapping, TARGET_KIND);
    *sink = (struct sink){
        .import_id = import_id,
        .mapping = mapping,
        .file_name = text_copy(&scope->arena, file_name),
        .currency = settings.currency,
        .country = mapping->options.country.size > 0 ? mapping->options.country : settings.country,
        .events = {.table = CHANGE_EVENT},
        .consents = {.table = CHANGE_CONSENT},
    };
    TRY(converter_open(scope, mapping, columns, column_count, &sink->converter));
    sink->resolver = resolver_new();
    sink->profiles = profiles_new();
    sink->sales = sale_writer_new(import_id, !marks_refunds);
    return OK;
}

void sink_close(struct sink *sink) {
    converter_close(&sink->converter);
    resolver_free(sink->resolver);
    profiles_free(sink->profiles);
    sale_writer_free(sink->sales);
    *sink = (struct sink){0};
}

// A row that is refused for what it says is quarantined; any other failure ends the import.
static code take(struct scope *scope, struct sink *sink, const struct record *record,
                 struct values *values, enum row_outcome *ret_outcome,
                 struct refusal *ret_refusal) {
    *ret_outcome = ROW_REFUSED;
    if (record->fault) {
        refusal_set(ret_refusal, record->fault_code, "", "%s", record->fault);
        return OK;
    }
    if (!converter_row(sink->converter, &scope->arena, record->fields, record->field_count, values,
                       ret_refusal))
        return OK;
    return sink_of(sink->mapping->kind)(scope, sink, record, values, ret_outcome, ret_refusal);
}

code sink_record(struct scope *scope, struct sink *sink, const struct record *record,
                 struct import_tally *tally) {
    struct values values = {0};
    struct refusal refusal = {0};
    enum row_outcome outcome;

    TRY(take(scope, sink, record, &values, &outcome, &refusal));
    tally->read++;
    tally->accepted += outcome == ROW_ACCEPTED;
    tally->duplicate += outcome == ROW_DUPLICATE;
    tally->quarantined += outcome == ROW_REFUSED;
    return outcome == ROW_REFUSED ? quarantine_add(scope, sink->import_id, record, &refusal) : OK;
}

// ---- running ----

struct run {
    struct import_file file;
    struct import import;
    struct mapping mapping;
    struct source *source;
    struct sink sink;
    bool dry;
    bool end;
};

static bool is_full(int rows, int64_t begin_us) {
    return rows == BATCH_ROWS ||
           (rows > 0 && rows % ROWS_BETWEEN_LOOKS == 0 && time_now_us() - begin_us > BATCH_US);
}

// One batch of rows within the open transaction.
static code run_batch(struct scope *scope, struct run *run) {
    const int64_t begin_us = time_now_us();

    TRY(resolver_begin(scope, run->sink.resolver));
    TRY(profiles_begin(scope, run->sink.profiles, false));
    for (int i = 0; !is_full(i, begin_us) && !run->end; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        struct record record;

        TRY(source_next(scope, run->source, &record, &run->end));
        if (run->end)
            break;
        TRY(sink_record(scope, &run->sink, &record, &run->import.tally));
        run->import.row_offset++;
        arena_rewind(&scope->arena, mark);
    }
    TRY(sink_flush(scope, &run->sink));
    run->import.counts = run->sink.counts;
    return import_checkpoint(scope, &run->import);
}

static void report(struct scope *scope, const struct run *run) {
    const int64_t bytes = source_bytes_read(run->source), total = source_bytes_total(run->source);
    const int64_t rows = run->import.row_offset;

    // Rows are what people count; how many there will be follows from the share of the file that is
    // read.
    progress_report(scope->progress, run->dry ? "trying" : "importing", rows,
                    bytes > 0 ? (int64_t)((double)rows * (double)total / (double)bytes) : 0,
                    "rows");
}

static code run_rows(struct scope *scope, struct run *run) {
    while (!run->end) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        code outcome;

        TRY(scope_check(scope));
        TRY(ledger_begin(scope));
        outcome = run_batch(scope, run);
        if (outcome == OK)
            outcome = ledger_commit(scope);
        if (outcome != OK) {
            ledger_rollback(scope);
            return outcome;
        }
        arena_rewind(&scope->arena, mark);
        report(scope, run);
    }
    return OK;
}

static code write_result(struct scope *scope, struct json_writer *result, const struct run *run) {
    static const struct json_field tally_fields[] = {
        {"read", JSON_FIELD_INT64, offsetof(struct import_tally, read), false, NULL, "rows read"},
        {"accepted", JSON_FIELD_INT64, offsetof(struct import_tally, accepted), false, NULL,
         "rows taken"},
        {"duplicate", JSON_FIELD_INT64, offsetof(struct import_tally, duplicate), false, NULL,
         "rows that say nothing new"},
        {"quarantined", JSON_FIELD_INT64, offsetof(struct import_tally, quarantined), false, NULL,
         "rows that could not be taken"},
    };

    json_begin_object(result);
    json_key(result, "import");
    json_write_string(result, run->dry ? "dry run: nothing was kept" : "done");
    if (!run->dry) {
        char id[24];

        snprintf(id, sizeof(id), "%lld", (long long)run->import.id);
        json_key(result, "import_id");
        json_write_string(result, id);
    }
    for (size_t i = 0; i < sizeof(tally_fields) / sizeof(*tally_fields); i++) {
        json_key(result, tally_fields[i].name);
        json_write_int64(result, *(const int64_t *)(const void *)((const char *)&run->import.tally +
                                                                  tally_fields[i].offset));
    }
    for (size_t i = 0; i < IMPORT_COUNT_FIELDS; i++) {
        const int64_t count = *(const int64_t *)(const void *)((const char *)&run->import.counts +
                                                               import_count_fields[i].offset);

        if (count == 0)
            continue;
        json_key(result, import_count_fields[i].name);
        json_write_int64(result, count);
    }
    if (run->import.tally.quarantined > 0)
        TRY(quarantine_summary(scope, run->import.id, result));
    json_end_object(result);
    return OK;
}

static code finish(struct scope *scope, struct run *run) {
    struct import *import = &run->import;

    if (run->mapping.kind == IMPORT_SALES && !run->dry) // in the lake
        TRY(refund_match(scope, &import->counts.refund_lines_tied));
    TRY(ledger_begin(scope));
    if (import_checkpoint(scope, import) != OK ||
        ledger_exec(scope, sql_import_finish,
                    BINDS(BIND_INT64(import->id), BIND_INT64(time_now_us()))) != OK)
        ledger_rollback(scope);
    else
        ledger_commit(scope);
    return scope->failure.code;
}

// ---- beginning, or going on ----

static code read_mapping(struct scope *scope, struct text text, struct mapping *mapping) {
    struct json *json;
    struct settings settings;

    TRY(json_parse(scope, text, &json));
    TRY(mapping_read(scope, json, mapping));
    TRY(settings_load(scope, &settings));
    if (mapping->options.zone.size == 0)
        mapping->options.zone = settings.zone;
    return mapping_check(scope, mapping);
}

static code insert_import(struct scope *scope, int64_t job_id, struct text mapping,
                          struct run *run) {
    const struct import_file *file = &run->file;
    struct import *import = &run->import;
    struct source_digest digest;

    TRY(source_digest(scope, file->path, &digest));
    *import = (struct import){.id = store_new_id(scope),
                              .job_id = job_id,
                              .path = text_of(file->path),
                              .file_name = file->name,
                              .mapping = mapping,
                              .file_bytes = digest.size_bytes,
                              .created_at_us = scope->now_us};
    return ledger_exec(scope, sql_import_insert,
                       BINDS(BIND_INT64(import->id), BIND_INT64(job_id),
                             BIND_STRING(import_kind_name(run->mapping.kind)),
                             BIND_TEXT(run->mapping.source), BIND_TEXT(import->path),
                             BIND_INT64(digest.size_bytes), BIND_STRING(digest.hash),
                             BIND_TEXT(mapping), BIND_INT64(scope->now_us), BIND_TEXT(file->name)));
}

static code check_same_file(struct scope *scope, const struct import_file *file,
                            const struct import *import) {
    struct source_digest digest;

    TRY(source_digest(scope, file->path, &digest));
    if (digest.size_bytes == import->file_bytes && text_is(import->file_digest, digest.hash))
        return OK;
    scope_fail(scope, CONFLICT, "the file \"%.*s\" has changed since the import began",
               TEXT_ARG(file->name));
    return scope_hint(scope, "undo import %lld and import the file anew", (long long)import->id);
}

static code open_file(struct scope *scope, struct run *run) {
    struct text *columns;
    size_t count;

    TRY(source_open(scope, run->file.path, &run->mapping.dialect, &run->source));
    count = source_column_count(run->source);
    columns = arena_array(&scope->arena, count + 1, sizeof(*columns));
    for (size_t i = 0; i < count; i++)
        columns[i] = source_column_name(run->source, i);
    TRY(sink_open(scope, &run->sink, run->import.id, &run->mapping, run->file.name, columns,
                  count));
    run->sink.counts = run->import.counts;
    return run->import.row_offset > 0 ? source_skip(scope, run->source, run->import.row_offset)
                                      : OK;
}

static code run_import(struct scope *scope, int64_t job_id, struct text mapping, struct run *run) {
    bool found;

    TRY(find(scope, sql_import_find_by_job, BINDS(BIND_INT64(job_id), BIND_STRING(run->file.path)),
             &run->import, &found));
    if (found && !text_is(run->import.state, "running"))
        return OK;
    if (found)
        TRY(check_same_file(scope, &run->file, &run->import));
    else
        TRY(insert_import(scope, job_id, mapping, run));
    TRY(ledger_expect_bulk(scope));
    TRY(open_file(scope, run));
    TRY(run_rows(scope, run));
    return finish(scope, run);
}

static void run_close(struct run *run) {
    sink_close(&run->sink);
    source_close(&run->source);
}

code import_file_run(struct scope *scope, int64_t job_id, const struct import_file *file,
                     const struct mapping *mapping, struct import *ret_import) {
    CLEANUP(run_close) struct run run = {.file = *file};
    const struct text text = mapping_text(scope, mapping);

    TRY(read_mapping(scope, text, &run.mapping));
    TRY(run_import(scope, job_id, text, &run));
    TRY(lake_refresh(scope));
    *ret_import = run.import;
    return OK;
}

// What a job's parameters name: a path, or an upload.
static code read_file(struct scope *scope, const struct json *parameters,
                      struct import_file *ret_file) {
    const struct json *upload = json_member(parameters, "upload");
    const struct json *path = json_member(parameters, "path");

    if (upload && upload->type == JSON_STRING)
        return import_file_sent(scope, upload->string, ret_file);
    if (path && path->type == JSON_STRING)
        return import_file_at(scope, path->string, ret_file);
    return scope_fail(scope, INTERNAL, "the job of an import names no file");
}

static code run_job(struct scope *scope, int64_t job_id, const struct json *parameters, bool dry,
                    struct json_writer *result) {
    const struct json *mapping = json_member(parameters, "mapping");
    CLEANUP(run_close) struct run run = {.dry = dry};
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct json_writer writer;

    if (!mapping)
        return scope_fail(scope, INTERNAL, "job %lld has no import's parameters",
                          (long long)job_id);
    TRY(read_file(scope, parameters, &run.file));
    json_writer_init(&writer, &text);
    json_write(&writer, mapping);
    TRY(read_mapping(scope, text_copy(&scope->arena, buffer_text(&text)), &run.mapping));
    TRY(run_import(scope, job_id, buffer_text(&text), &run));
    return write_result(scope, result, &run);
}

// The work is that of the real thing, so that the counts are. Progress goes to the job through the
// session that the trial is not.
static code try_once(struct scope *scope, int64_t job_id, const struct json *parameters,
                     enum trial_kind kind, struct json_writer *result) {
    struct scope trial;
    code outcome;

    scope_init(&trial);
    trial.progress = scope->progress;
    trial.cancelled = scope->cancelled;
    trial.actor = scope->actor;
    trial.now_us = scope->now_us;
    outcome = session_open_trial(&trial, session_store(scope), kind);
    if (outcome == OK)
        outcome = run_job(&trial, job_id, parameters, true, result);
    if (outcome != OK)
        scope->failure = trial.failure;
    session_close(&trial);
    scope_clear(&trial);
    return outcome;
}

static code try_job(struct scope *scope, int64_t job_id, const struct json *parameters,
                    struct json_writer *result) {
    const code outcome = try_once(scope, job_id, parameters, TRIAL_AMONG_OTHERS, result);

    if (outcome != BUSY && outcome != CONFLICT)
        return outcome;
    scope_forgive(scope);
    return try_once(scope, job_id, parameters, TRIAL_APART, result);
}

code import_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                struct json_writer *result) {
    const struct json *dry_run = json_member(parameters, "dry_run");

    if (dry_run && dry_run->type == JSON_BOOL && dry_run->boolean)
        return try_job(scope, job_id, parameters, result);
    TRY(run_job(scope, job_id, parameters, false, result));
    return lake_refresh(scope);
}

// ---- the file ----

code import_file_at(struct scope *scope, struct text path, struct import_file *ret_file) {
    const char *given = text_string(&scope->arena, path);
    char *absolute = text_contains(path, '\0') ? NULL : realpath(given, NULL);

    if (!absolute)
        return scope_fail_field(scope, NOT_FOUND, "path", "file \"%s\" does not exist", given);
    *ret_file = (struct import_file){
        .path = arena_printf(&scope->arena, "%s", absolute),
        .name = file_name_of(&scope->arena, path),
    };
    free(absolute);
    return OK;
}

code import_file_sent(struct scope *scope, struct text id, struct import_file *ret_file) {
    struct upload upload;
    const char *path;

    TRY(upload_find(scope, id, &upload));
    TRY(upload_path(scope, upload.id, &path));
    *ret_file = (struct import_file){.path = path, .name = upload.name, .upload = upload.id};
    return OK;
}

code import_start(struct scope *scope, const struct import_file *file,
                  const struct mapping *mapping, bool dry_run, int64_t *ret_job_id) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct json_writer writer;

    json_writer_init(&writer, &text);
    json_begin_object(&writer);
    json_key(&writer, file->upload.size > 0 ? "upload" : "path");
    json_write_text(&writer, file->upload.size > 0 ? file->upload : text_of(file->path));
    json_key(&writer, "dry_run");
    json_write_bool(&writer, dry_run);
    json_key(&writer, "mapping");
    mapping_write(&writer, mapping);
    json_end_object(&writer);
    TRY(mapping_check(scope, mapping));
    return job_create(scope, "import",
                      text_printf(&scope->arena, "%s %s from %.*s", dry_run ? "try" : "import",
                                  import_kind_name(mapping->kind), TEXT_ARG(file->name)),
                      buffer_text(&text), ret_job_id);
}
