// SPDX-License-Identifier: Apache-2.0
#include "govern/backup/manifest.h"

#include "backup_sql.h"
#include "base/time.h"
#include "store/health.h"
#include "store/ledger.h"
#include "store/ledger_copy.h"
#include "store/migration.h"

#include <inttypes.h>
#include <string.h>

// ---- totals ----

static void write_total(struct scope *scope, struct json_writer *writer, const char *kind,
                        struct text name, int64_t value) {
    json_key_text(writer, text_printf(&scope->arena, "%s %.*s", kind, TEXT_ARG(name)));
    json_write_text(writer, text_printf(&scope->arena, "%" PRId64, value));
}

static code write_rows(struct scope *scope, struct json_writer *writer) {
    struct table_count *counts;
    size_t count;

    TRY(ledger_count_tables(scope, &counts, &count));
    for (size_t i = 0; i < count; i++)
        write_total(scope, writer, "rows", counts[i].table, counts[i].row_count);
    return OK;
}

static code write_sums(struct scope *scope, struct json_writer *writer) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_query(scope, sql_backup_sums, NO_BINDS, &rows));
    while (rows_next(rows))
        write_total(scope, writer, "sum", rows_text(rows, 0), rows_int64(rows, 1));
    return rows_end(rows);
}

static code write_audit_head(struct scope *scope, struct json_writer *writer) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_backup_audit_head, NO_BINDS, &rows, &found));
    json_key(writer, "audit head");
    json_write_text(writer, found ? rows_text(rows, 1) : TEXT(""));
    return OK;
}

code manifest_write_totals(struct scope *scope, struct json_writer *writer) {
    int64_t version;

    TRY(health_schema_version(scope, &version));
    json_begin_object(writer);
    write_total(scope, writer, "schema", TEXT("version"), version);
    TRY(write_rows(scope, writer));
    TRY(write_sums(scope, writer));
    TRY(write_audit_head(scope, writer));
    json_end_object(writer);
    return OK;
}

// ---- writing ----

static void write_files(struct json_writer *writer, const struct manifest_file *files,
                        size_t file_count) {
    json_begin_array(writer);
    for (size_t i = 0; i < file_count; i++) {
        json_begin_object(writer);
        json_key(writer, "name");
        json_write_string(writer, files[i].name);
        json_key(writer, "bytes");
        json_write_int64(writer, files[i].bytes);
        json_key(writer, "sha256");
        json_write_string(writer, files[i].digest);
        json_end_object(writer);
    }
    json_end_array(writer);
}

void manifest_write(struct scope *scope, struct text totals, const struct manifest_file *files,
                    size_t file_count, struct buffer *out) {
    char at[TIME_TEXT_SIZE];
    struct json_writer writer;
    struct json *json = NULL;

    json_writer_init(&writer, out);
    json_begin_object(&writer);
    json_key(&writer, "format");
    json_write_int64(&writer, MANIFEST_FORMAT);
    json_key(&writer, "program");
    json_write_string(&writer, "tessera " TESSERA_VERSION);
    json_key(&writer, "created_at");
    json_write_string(&writer, time_format_utc(time_now_us(), at));
    json_key(&writer, "files");
    write_files(&writer, files, file_count);
    json_key(&writer, "totals");
    if (json_parse_own(scope, totals, &json) == OK)
        json_write(&writer, json);
    json_end_object(&writer);
}

// ---- comparing ----

static code fail_no_manifest(struct scope *scope) {
    return scope_fail(scope, INVALID, "the manifest of the backup cannot be read");
}

code manifest_check(struct scope *scope, const struct json *manifest) {
    const struct json *format = json_member(manifest, "format");
    const struct json *totals = json_member(manifest, "totals");
    const struct json *files = json_member(manifest, "files");
    const struct json *version = totals ? json_member(totals, "schema version") : NULL;
    int64_t number;

    if (!format || format->type != JSON_INT64 || !totals || totals->type != JSON_OBJECT || !files ||
        files->type != JSON_ARRAY || !version || version->type != JSON_STRING ||
        !text_to_int64(version->string, &number))
        return fail_no_manifest(scope);
    if (format->int64 <= MANIFEST_FORMAT && number <= (int64_t)migration_count)
        return OK;
    scope_fail(scope, CONFLICT, "the backup was made by a newer program (schema %" PRId64 ")",
               number);
    return scope_hint(scope, "restore it with that version of tessera or a later one");
}

// Rows of the manifest's totals, one after the other, against those of the ledger here.
static code compare_totals(struct scope *scope, const struct json *expected,
                           const struct json *found, int64_t *ret_compared) {
    int64_t compared = 0;

    for (const struct json *total = expected->first; total; total = total->next, compared++) {
        const char *name = text_string(&scope->arena, total->key);
        const struct json *here = json_member(found, name);
        const struct text value = here ? json_scalar_text(&scope->arena, here) : TEXT("nothing");
        const struct text wanted = json_scalar_text(&scope->arena, total);

        if (!text_equal(value, wanted))
            return scope_fail(scope, CONFLICT,
                              "the restored ledger differs from its manifest: %s is %.*s, not %.*s",
                              name, TEXT_ARG(value), TEXT_ARG(wanted));
    }
    *ret_compared = compared;
    return OK;
}

code manifest_compare_totals(struct scope *scope, const struct json *manifest,
                             int64_t *ret_compared) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;
    struct json *found;

    json_writer_init(&writer, &out);
    TRY(manifest_write_totals(scope, &writer));
    TRY(json_parse_own(scope, buffer_text(&out), &found));
    return compare_totals(scope, json_member(manifest, "totals"), found, ret_compared);
}

code manifest_compare_files(struct scope *scope, const struct json *manifest,
                            const struct manifest_file *files, size_t file_count) {
    const struct json *files_listed = json_member(manifest, "files");
    const struct json *listed = files_listed->first;

    if (files_listed->count != file_count)
        return scope_fail(scope, CONFLICT, "the backup holds %zu files, its manifest %zu",
                          file_count, files_listed->count);
    for (size_t i = 0; i < file_count; i++, listed = listed->next) {
        const struct json *name = json_member(listed, "name");
        const struct json *bytes = json_member(listed, "bytes");
        const struct json *digest = json_member(listed, "sha256");

        if (!name || !bytes || !digest || !text_is(name->string, files[i].name) ||
            bytes->int64 != files[i].bytes || !text_is(digest->string, files[i].digest))
            return scope_fail(scope, CONFLICT, "%s is not the file that the manifest lists",
                              files[i].name);
    }
    return OK;
}
