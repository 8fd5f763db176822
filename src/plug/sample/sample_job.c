// SPDX-License-Identifier: Apache-2.0
// The same options give the same files, so a job that is taken up again makes them anew and its
// imports go on at their marks.
#include "plug/sample/sample_job.h"

#include "base/progress.h"
#include "govern/audit/audit.h"
#include "plug/import/import.h"
#include "sample_sql.h"
#include "store/job.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/setting.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

// ---- what the job is to make ----

struct sample_parameters {
    int64_t customers, lines, seed, last_day, years;
};

#define AT(member) offsetof(struct sample_parameters, member)
static const struct json_field parameter_fields[] = {
    {"customers", JSON_FIELD_INT64, AT(customers), true, NULL, "registered customers"},
    {"lines", JSON_FIELD_INT64, AT(lines), true, NULL, "lines of receipts"},
    {"seed", JSON_FIELD_INT64, AT(seed), true, NULL, "which company"},
    {"last_day", JSON_FIELD_INT64, AT(last_day), true, NULL, "the last day"},
    {"years", JSON_FIELD_INT64, AT(years), true, NULL, "years until then"},
};
#undef AT
enum { PARAMETER_COUNT = sizeof(parameter_fields) / sizeof(*parameter_fields) };

code sample_start(struct scope *scope, const struct sample_options *options, int64_t *ret_job_id) {
    const struct sample_parameters parameters = {
        .customers = options->customers,
        .lines = options->lines,
        .seed = (int64_t)options->seed,
        .last_day = options->last_day,
        .years = options->years,
    };
    CLEANUP(buffer_clear) struct buffer text = {0};
    struct json_writer writer;

    TRY(sample_check(scope, options));
    json_writer_init(&writer, &text);
    json_write_record(&writer, parameter_fields, PARAMETER_COUNT, &parameters);
    return job_create(scope, "sample", TEXT("make the sample company"), buffer_text(&text),
                      ret_job_id);
}

static code read_options(struct scope *scope, const struct json *parameters,
                         struct sample_options *ret_options) {
    struct sample_parameters given;

    TRY(json_read_record(scope, parameters, parameter_fields, PARAMETER_COUNT, &given));
    *ret_options = (struct sample_options){
        .customers = given.customers,
        .lines = given.lines,
        .seed = (uint64_t)given.seed,
        .last_day = (int32_t)given.last_day,
        .years = (int)given.years,
    };
    return OK;
}

// ---- the store ----

static code change_settings(struct scope *scope, bool *ret_is_lake_stale) {
    static const char *const settings[][2] = {
        {"zone", SAMPLE_ZONE}, {"country", SAMPLE_COUNTRY}, {"currency", SAMPLE_CURRENCY}};

    *ret_is_lake_stale = false;
    for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
        bool is_stale;

        TRY(setting_write(scope, text_of(settings[i][0]), text_of(settings[i][1]), &is_stale));
        TRY(audit_append(scope, "setting.change", text_of(settings[i][0]),
                         text_printf(&scope->arena, "{\"value\":\"%s\"}", settings[i][1])));
        *ret_is_lake_stale |= is_stale;
    }
    return OK;
}

static code settle(struct scope *scope, int64_t job_id) {
    bool is_lake_stale = false;
    int64_t others;

    TRY(ledger_int64(scope, sql_sample_other_imports, BINDS(BIND_INT64(job_id)), 0, &others));
    if (others > 0)
        return OK;
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, change_settings(scope, &is_lake_stale)));
    return is_lake_stale ? lake_rebuild(scope) : OK;
}

// ---- progress of all files as one ----

struct joint_progress {
    struct progress progress;
    struct progress *outer;
    const char *file;
    int64_t file_bytes, done_bytes, total_bytes; // of the files before it, of all
};

static void report(struct progress *base, const char *stage, int64_t done, int64_t total,
                   const char *unit) {
    struct joint_progress *joint = (struct joint_progress *)base;
    const double share = total > 0 && done < total ? (double)done / (double)total : 0;
    char text[64];

    (void)unit;
    snprintf(text, sizeof(text), "%s: %s", joint->file, stage);
    progress_report(joint->outer, text,
                    joint->done_bytes + (int64_t)(share * (double)joint->file_bytes),
                    joint->total_bytes, "bytes");
}

static void note(struct progress *base, const char *line) {
    struct joint_progress *joint = (struct joint_progress *)base;

    joint->outer->note(joint->outer, line);
}

// ---- the files ----

static const char *path_of(struct scope *scope, const char *folder,
                           const struct sample_file *file) {
    return arena_printf(&scope->arena, "%s/%s", folder, file->name);
}

static int64_t bytes_of(const char *path) {
    struct stat status;

    return stat(path, &status) == 0 ? status.st_size : 0;
}

static code propose(struct scope *scope, const char *path, enum import_kind kind,
                    struct mapping *ret_mapping) {
    const struct mapping known = {
        .kind = kind,
        .source = TEXT("sample"),
        .options = {.zone = TEXT(SAMPLE_ZONE), .country = TEXT(SAMPLE_COUNTRY), .vat_rate_bp = -1},
    };

    return mapping_propose(scope, path, kind, &known, ret_mapping);
}

static code import_one(struct scope *scope, int64_t job_id, const char *path,
                       const struct sample_file *file, struct import *ret_import) {
    struct import_file source;
    struct mapping mapping;
    enum import_kind kind;

    if (!import_kind_parse(text_of(file->kind), &kind))
        return scope_fail(scope, INTERNAL, "rows of kind \"%s\" are not known", file->kind);
    TRY(import_file_at(scope, text_of(path), &source));
    TRY(propose(scope, path, kind, &mapping));
    return import_file_run(scope, job_id, &source, &mapping, ret_import);
}

static void write_row(struct json_writer *result, const char *name,
                      const struct import_tally *tally) {
    json_begin_array(result);
    json_write_string(result, name);
    json_write_int64(result, tally->read);
    json_write_int64(result, tally->accepted);
    json_write_int64(result, tally->duplicate);
    json_write_int64(result, tally->quarantined);
    json_end_array(result);
}

static code import_each(struct scope *scope, int64_t job_id, const char *folder,
                        struct joint_progress *joint, struct json_writer *result) {
    for (const struct sample_file *file = sample_files; file->name; file++) {
        const char *path = path_of(scope, folder, file);
        struct import import = {0};

        joint->file = file->name;
        joint->file_bytes = bytes_of(path);
        TRY(import_one(scope, job_id, path, file, &import));
        joint->done_bytes += joint->file_bytes;
        write_row(result, file->name, &import.tally);
    }
    return OK;
}

static void write_columns(struct json_writer *result) {
    static const char *const columns[][3] = {
        {"file", "File", "text"},
        {"read", "Rows read", "integer"},
        {"accepted", "Accepted", "integer"},
        {"duplicate", "Duplicates", "integer"},
        {"quarantined", "Quarantined", "integer"},
    };

    json_key(result, "columns");
    json_begin_array(result);
    for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
        json_begin_object(result);
        json_key(result, "name");
        json_write_string(result, columns[i][0]);
        json_key(result, "label");
        json_write_string(result, columns[i][1]);
        json_key(result, "type");
        json_write_string(result, columns[i][2]);
        json_end_object(result);
    }
    json_end_array(result);
}

static code import_files(struct scope *scope, int64_t job_id, const char *folder,
                         struct json_writer *result) {
    struct joint_progress joint = {
        .progress = {.report = report, .note = note},
        .outer = scope->progress,
    };
    code outcome;

    for (const struct sample_file *file = sample_files; file->name; file++)
        joint.total_bytes += bytes_of(path_of(scope, folder, file));
    json_begin_object(result);
    write_columns(result);
    json_key(result, "rows");
    json_begin_array(result);
    scope->progress = &joint.progress;
    outcome = import_each(scope, job_id, folder, &joint, result);
    scope->progress = joint.outer;
    if (outcome == OK)
        progress_report(scope->progress, "importing", joint.total_bytes, joint.total_bytes,
                        "bytes");
    json_end_array(result);
    json_end_object(result);
    return outcome;
}

static void remove_files(struct scope *scope, const char *folder) {
    for (const struct sample_file *file = sample_files; file->name; file++)
        unlink(path_of(scope, folder, file));
    unlink(arena_printf(&scope->arena, "%s/README.txt", folder));
    rmdir(folder);
}

code sample_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                struct json_writer *result) {
    const char *folder =
        arena_printf(&scope->arena, "%s/sample-%" PRId64, store_path(session_store(scope)), job_id);
    struct sample_options options;
    struct sample_counts counts;

    TRY(read_options(scope, parameters, &options));
    TRY(settle(scope, job_id));
    TRY(sample_write(scope, &options, folder, &counts));
    TRY(import_files(scope, job_id, folder, result));
    remove_files(scope, folder);
    return OK;
}
