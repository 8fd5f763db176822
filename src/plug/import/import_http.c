// SPDX-License-Identifier: Apache-2.0
#include "plug/import/import_http.h"

#include "govern/access/path.h"
#include "govern/audit/audit.h"
#include "import_sql.h"
#include "mapping_sql.h"
#include "plug/import/import.h"
#include "plug/import/preview_http.h"
#include "store/ledger.h"

#include <stdio.h>

// ---- what requests say ----

struct import_request {
    struct text path;   // of a file of this machine; needs MAY_NAME_PATHS
    struct text upload; // of a file that was sent
    int kind;
    const struct json *mapping; // a mapping, or the name of one; NULL: find out
    bool dry_run;
};

#define AT(member) offsetof(struct import_request, member)
static const struct json_field import_request_fields[] = {
    {"upload", JSON_FIELD_TEXT, AT(upload), false, NULL, "file to take in: handle of an upload"},
    {"path", JSON_FIELD_TEXT, AT(path), false, NULL, "or path of a file, on the command line"},
    {"kind", JSON_FIELD_ENUM, AT(kind), true, import_kind_names, "what its rows are"},
    {"mapping", JSON_FIELD_JSON, AT(mapping), false, NULL, "a mapping, or the name of one"},
    {"dry_run", JSON_FIELD_BOOL, AT(dry_run), false, NULL,
     "do all the work and keep nothing of it"},
};
#undef AT

#define MAPPING_WORDS                                                                              \
    "A mapping says what the columns of a file mean: POST /api/v1/imports/proposal makes one."
const struct route_body import_start_body = {
    .fields = import_request_fields,
    .field_count = sizeof(import_request_fields) / sizeof(*import_request_fields),
    .words = MAPPING_WORDS,
};

static code find_file(struct scope *scope, const struct import_request *wanted,
                      struct import_file *ret_file) {
    if ((wanted->upload.size > 0) == (wanted->path.size > 0))
        return scope_fail_field(scope, INVALID, "upload", "name one file, as \"upload\"");
    if (wanted->upload.size > 0)
        return import_file_sent(scope, wanted->upload, ret_file);
    TRY(access_name_path(scope, "send the file to /api/v1/uploads and name its \"upload\""));
    return import_file_at(scope, wanted->path, ret_file);
}

static code read_request(struct scope *scope, const struct request *request,
                         struct import_request *ret, struct import_file *ret_file) {
    if (!request->body)
        return scope_fail(scope, INVALID, "the request has no body");
    TRY(json_read_record(scope, request->body, import_request_fields,
                         sizeof(import_request_fields) / sizeof(*import_request_fields), ret));
    return find_file(scope, ret, ret_file);
}

// A failure speaks of the file as people call it, not of its place on the shelf.
static code name_file(struct scope *scope, const struct import_file *file) {
    struct failure *failure = &scope->failure;
    const char *path = file->upload.size > 0 ? strstr(failure->message, file->path) : NULL;
    struct text message;

    if (path) {
        message = text_printf(&scope->arena, "%.*s%.*s%s", (int)(path - failure->message),
                              failure->message, TEXT_ARG(file->name), path + strlen(file->path));
        snprintf(failure->message, sizeof(failure->message), "%.*s", TEXT_ARG(message));
    }
    return failure->code;
}

static code given_mapping(struct scope *scope, const struct import_request *wanted,
                          struct mapping *ret_mapping) {
    if (wanted->mapping->type == JSON_STRING)
        TRY(mapping_load(scope, wanted->mapping->string, ret_mapping));
    else
        TRY(mapping_read(scope, wanted->mapping, ret_mapping));
    if ((int)ret_mapping->kind == wanted->kind)
        return OK;
    return scope_fail_field(scope, INVALID, "mapping", "the mapping is for %s, not for %s",
                            import_kind_name(ret_mapping->kind),
                            import_kind_name((enum import_kind)wanted->kind));
}

// The mapping asked for, completed from the file by what it leaves open.
static code complete_mapping(struct scope *scope, const struct import_request *wanted,
                             const struct import_file *file, struct mapping *ret_mapping) {
    const bool is_given = wanted->mapping && wanted->mapping->type != JSON_NULL;
    struct mapping given = {0};

    if (is_given)
        TRY(given_mapping(scope, wanted, &given));
    if (mapping_propose(scope, file->path, (enum import_kind)wanted->kind, is_given ? &given : NULL,
                        ret_mapping) != OK)
        return name_file(scope, file);
    return OK;
}

static code request_id(struct scope *scope, const struct request *request, int64_t *ret_id) {
    return request_int64(scope, request, "id", 1, INT64_MAX, 0, ret_id);
}

static void write_id(struct json_writer *writer, const char *key, int64_t id) {
    char text[24];

    snprintf(text, sizeof(text), "%lld", (long long)id);
    json_key(writer, key);
    json_write_string(writer, text);
}

static void write_instant_if_known(struct response *response, const char *key, int64_t at_us) {
    if (at_us == 0)
        return;
    json_key(&response->writer, key);
    response_int64(response, COLUMN_INSTANT, at_us);
}

// ---- imports ----

const struct route_answer import_propose_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "mapping", ANSWER_OBJECT, "what the columns of the file mean"},
        {.name = "columns", ANSWER_TABLE, "what each column is taken for, with an example"},
        {.name = "preview", ANSWER_TABLE, "the first rows as they would arrive"},
        {.name = "missing", ANSWER_TEXT, "what the mapping lacks", .is_optional = true},
        {.name = "missing_hint", ANSWER_TEXT, "what to do about it", .is_optional = true}),
};

code import_http_propose(struct scope *scope, const struct request *request,
                         struct response *response) {
    struct import_request wanted = {0};
    struct import_file file = {0};
    struct mapping mapping;

    TRY(read_request(scope, request, &wanted, &file));
    TRY(complete_mapping(scope, &wanted, &file, &mapping));
    json_begin_object(&response->writer);
    json_key(&response->writer, "mapping");
    mapping_write(&response->writer, &mapping);
    if (preview_write(scope, response, file.path, &mapping) != OK)
        return name_file(scope, &file);
    json_end_object(&response->writer);
    return OK;
}

// The job and its record, or neither.
static code start(struct scope *scope, const struct import_request *wanted,
                  const struct import_file *file, const struct mapping *mapping,
                  int64_t *ret_job_id) {
    TRY(import_start(scope, file, mapping, wanted->dry_run, ret_job_id));
    if (wanted->dry_run)
        return OK;
    return audit_append(
        scope, "import.start", text_printf(&scope->arena, "job %lld", (long long)*ret_job_id),
        text_printf(&scope->arena, "{\"kind\": \"%s\"}", import_kind_name(mapping->kind)));
}

code import_http_start(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct import_request wanted = {0};
    struct import_file file = {0};
    struct mapping mapping;
    int64_t job_id;

    TRY(read_request(scope, request, &wanted, &file));
    TRY(complete_mapping(scope, &wanted, &file, &mapping));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, start(scope, &wanted, &file, &mapping, &job_id)));
    json_begin_object(&response->writer);
    write_id(&response->writer, "job_id", job_id);
    json_end_object(&response->writer);
    return OK;
}

static const struct column import_columns[] = {
    {"id", "Import", COLUMN_ID, NULL},
    {"kind", "Kind", COLUMN_TEXT, NULL},
    {"file", "File", COLUMN_TEXT, NULL},
    {"state", "State", COLUMN_TEXT, NULL},
    {"read", "Read", COLUMN_INTEGER, "rows"},
    {"accepted", "Accepted", COLUMN_INTEGER, "rows"},
    {"duplicate", "Duplicate", COLUMN_INTEGER, "rows"},
    {"quarantined", "Quarantined", COLUMN_INTEGER, "rows"},
    {"created_at", "Begun", COLUMN_INSTANT, NULL},
};
enum { IMPORT_COLUMNS = sizeof(import_columns) / sizeof(*import_columns) };

static void write_import(struct response *response, const struct import *import) {
    response_begin_row(response);
    response_int64(response, COLUMN_ID, import->id);
    response_text(response, import->kind);
    response_text(response, import->file_name);
    response_text(response, import->state);
    response_int64(response, COLUMN_INTEGER, import->tally.read);
    response_int64(response, COLUMN_INTEGER, import->tally.accepted);
    response_int64(response, COLUMN_INTEGER, import->tally.duplicate);
    response_int64(response, COLUMN_INTEGER, import->tally.quarantined);
    response_int64(response, COLUMN_INSTANT, import->created_at_us);
    response_end_row(response);
}

const struct route_parameter import_list_parameters[] = {
    PARAMETER_LIMIT("50"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

code import_http_list(struct scope *scope, const struct request *request,
                      struct response *response) {
    const int64_t limit = request_integer(request, "limit");
    int64_t after;
    struct import *imports;
    size_t count;
    bool more;

    TRY(request_int64(scope, request, "after", 1, INT64_MAX, 0, &after));
    TRY(import_list(scope, after, (int)limit + 1, &imports, &count));
    more = (int64_t)count > limit;
    count -= more;
    response_begin_table(response, NULL, import_columns, IMPORT_COLUMNS);
    for (size_t i = 0; i < count; i++)
        write_import(response, &imports[i]);
    response_end_page(response, more ? imports[count - 1].id : 0);
    return OK;
}

const struct route_answer import_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "import", ANSWER_TABLE, "the import as one row"},
        {.name = "job_id", ANSWER_ID, "the job that did it or does it"},
        {.name = "source", ANSWER_TEXT, "namespace of its receipt and customer numbers"},
        {.name = "finished_at", ANSWER_INSTANT, "when it came to its end", .is_optional = true},
        {.name = "undone_at", ANSWER_INSTANT, "when it was taken back", .is_optional = true},
        {.name = "counts", ANSWER_OBJECT, "what its rows became"},
        {.name = "refused", ANSWER_TABLE, "rows that could not be taken, by reason"},
        {.name = "mapping", ANSWER_OBJECT, "what the columns meant"}),
};

code import_http_show(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct import import;
    struct json *mapping;
    int64_t id;

    TRY(request_id(scope, request, &id));
    TRY(import_find(scope, id, &import));
    TRY(json_parse(scope, import.mapping, &mapping));
    json_begin_object(&response->writer);
    response_begin_table(response, "import", import_columns, IMPORT_COLUMNS);
    write_import(response, &import);
    response_end_table(response);
    write_id(&response->writer, "job_id", import.job_id);
    json_key(&response->writer, "source");
    json_write_text(&response->writer, import.source);
    write_instant_if_known(response, "finished_at", import.finished_at_us);
    write_instant_if_known(response, "undone_at", import.undone_at_us);
    json_key(&response->writer, "counts");
    json_write_record(&response->writer, import_count_fields, IMPORT_COUNT_FIELDS, &import.counts);
    TRY(quarantine_summary(scope, id, &response->writer));
    json_key(&response->writer, "mapping");
    json_write(&response->writer, mapping);
    json_end_object(&response->writer);
    return OK;
}

static code start_undo(struct scope *scope, int64_t id, int64_t *ret_job_id) {
    TRY(import_undo_start(scope, id, ret_job_id));
    return audit_append(scope, "import.undo",
                        text_printf(&scope->arena, "import %lld", (long long)id), TEXT("{}"));
}

code import_http_undo(struct scope *scope, const struct request *request,
                      struct response *response) {
    int64_t id, job_id;

    TRY(request_id(scope, request, &id));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, start_undo(scope, id, &job_id)));
    json_begin_object(&response->writer);
    write_id(&response->writer, "job_id", job_id);
    json_end_object(&response->writer);
    return OK;
}

// ---- mappings ----

const struct route_parameter import_fields_parameters[] = {
    {.name = "kind",
     PARAMETER_CHOICE,
     "what the rows are",
     .choices = import_kind_names,
     .is_required = true},
    PARAMETERS_END,
};

code import_http_fields(struct scope *scope, const struct request *request,
                        struct response *response) {
    static const struct column columns[] = {
        {"name", "Field", COLUMN_TEXT, NULL},
        {"label", "Label", COLUMN_TEXT, NULL},
        {"type", "Type", COLUMN_TEXT, NULL},
        {"required", "Required", COLUMN_BOOL, NULL},
    };
    const char *const kind_name = text_string(&scope->arena, request_choice(request, "kind"));
    enum import_kind kind;

    if (!import_kind_parse(text_of(kind_name), &kind))
        return scope_fail_field(scope, INVALID, "kind", "\"%s\" is no kind of import", kind_name);
    response_begin_table(response, NULL, columns, sizeof(columns) / sizeof(*columns));
    for (int i = 0; i < TARGET_COUNT; i++) {
        const struct target_info *info = target_info((enum target)i);

        if (!target_is_of((enum target)i, kind))
            continue;
        response_begin_row(response);
        response_text(response, text_of(info->name));
        response_text(response, text_of(info->label));
        response_text(response, text_of(target_type_name(info->type)));
        response_int64(response, COLUMN_BOOL, (info->required & (1u << kind)) != 0);
        response_end_row(response);
    }
    response_end_table(response);
    return OK;
}

const struct route_answer mapping_show_answer = {
    .type = ANSWER_OBJECT,
    .help = "the mapping: kind, columns of each field, notation of dates and numbers, …",
};
const struct route_body mapping_put_body = {
    .words = "The mapping, as POST /api/v1/imports/proposal answers it.",
};
const struct route_answer mapping_put_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "saved", ANSWER_TEXT, "name of the mapping"}),
};
const struct route_answer mapping_delete_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "deleted", ANSWER_TEXT, "name of the mapping"}),
};

code mapping_http_list(struct scope *scope, const struct request *request,
                       struct response *response) {
    static const struct column columns[] = {
        {"name", "Name", COLUMN_TEXT, NULL},
        {"kind", "Kind", COLUMN_TEXT, NULL},
        {"updated_at", "Changed", COLUMN_INSTANT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;

    (void)request;
    TRY(ledger_query(scope, sql_mapping_list, NO_BINDS, &rows));
    return response_rows(scope, response, NULL, columns, sizeof(columns) / sizeof(*columns), rows);
}

code mapping_http_show(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct mapping mapping;

    TRY(mapping_load(scope, request_text(request, "name"), &mapping));
    mapping_write(&response->writer, &mapping);
    return OK;
}

code mapping_http_put(struct scope *scope, const struct request *request,
                      struct response *response) {
    const struct text name = request_text(request, "name");
    struct mapping mapping;

    if (!request->body)
        return scope_fail(scope, INVALID, "the request has no mapping");
    TRY(mapping_read(scope, request->body, &mapping));
    TRY(mapping_save(scope, name, &mapping));
    response_done(response, "saved", name);
    return OK;
}

code mapping_http_delete(struct scope *scope, const struct request *request,
                         struct response *response) {
    const struct text name = request_text(request, "name");

    TRY(mapping_delete(scope, name));
    response_done(response, "deleted", name);
    return OK;
}

// ---- quarantine ----

const struct route_parameter quarantine_list_parameters[] = {
    {.name = "state", PARAMETER_CHOICE, "only rows in this state", .choices = quarantine_states},
    {.name = "reason", PARAMETER_TEXT, "only rows of this reason"},
    PARAMETER_LIMIT("50"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

code quarantine_http_list(struct scope *scope, const struct request *request,
                          struct response *response) {
    static const struct column columns[] = {
        {"row", "Row", COLUMN_INTEGER, NULL},
        {"line", "Line", COLUMN_INTEGER, NULL},
        {"state", "State", COLUMN_TEXT, NULL},
        {"reason", "Reason", COLUMN_TEXT, NULL},
        {"message", "Message", COLUMN_TEXT, NULL},
        {"raw", "As it stands in the file", COLUMN_TEXT, NULL},
    };
    const struct quarantine_filter filter = {.state = request_choice(request, "state"),
                                             .reason = request_text(request, "reason")};
    struct quarantined *rows;
    struct import import;
    const int64_t limit = request_integer(request, "limit");
    int64_t id, after;
    size_t count;
    bool more;

    TRY(request_id(scope, request, &id));
    TRY(request_int64(scope, request, "after", 0, INT64_MAX, 0, &after));
    TRY(import_find(scope, id, &import));
    TRY(quarantine_list(scope, id, &filter, after, (int)limit + 1, &rows, &count));
    more = (int64_t)count > limit;
    count -= more;
    response_begin_table(response, NULL, columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < count; i++) {
        response_begin_row(response);
        response_int64(response, COLUMN_INTEGER, rows[i].row);
        response_int64(response, COLUMN_INTEGER, rows[i].line);
        response_text(response, rows[i].state);
        response_text(response, rows[i].reason);
        response_text(response, rows[i].message);
        response_text(response, rows[i].raw);
        response_end_row(response);
    }
    response_end_page(response, more ? rows[count - 1].row : 0);
    return OK;
}

static code request_row(struct scope *scope, const struct request *request, int64_t *ret_import_id,
                        int64_t *ret_row) {
    TRY(request_id(scope, request, ret_import_id));
    return request_int64(scope, request, "row", 1, INT64_MAX, 0, ret_row);
}

struct mending {
    struct text raw;
};

static const struct json_field mending_fields[] = {
    {"raw", JSON_FIELD_TEXT, offsetof(struct mending, raw), true, NULL,
     "the row as it should have stood in the file"},
};
const struct route_body quarantine_fix_body = {.fields = mending_fields, .field_count = 1};
const struct route_answer quarantine_fix_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "row", ANSWER_INTEGER, "the row that was mended"}),
};

code quarantine_http_fix(struct scope *scope, const struct request *request,
                         struct response *response) {
    struct mending mending;
    int64_t import_id, row;

    TRY(request_row(scope, request, &import_id, &row));
    TRY(json_read_record(scope, request->body, mending_fields, 1, &mending));
    TRY(quarantine_fix(scope, import_id, row, mending.raw));
    json_begin_object(&response->writer);
    json_key(&response->writer, "row");
    json_write_int64(&response->writer, row);
    json_end_object(&response->writer);
    return OK;
}

const struct route_answer quarantine_discard_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "discarded", ANSWER_INTEGER, "rows that were given up"}),
};

code quarantine_http_discard(struct scope *scope, const struct request *request,
                             struct response *response) {
    int64_t import_id, row, count;

    TRY(request_row(scope, request, &import_id, &row));
    TRY(quarantine_discard(scope, import_id, row, &count));
    json_begin_object(&response->writer);
    json_key(&response->writer, "discarded");
    json_write_int64(&response->writer, count);
    json_end_object(&response->writer);
    return OK;
}

struct replay {
    const struct json *mapping; // a mapping, or the name of one; NULL: that of the import
};

static const struct json_field replay_fields[] = {
    {"mapping", JSON_FIELD_JSON, offsetof(struct replay, mapping), false, NULL,
     "a mapping, or the name of one; else that of the import"},
};
const struct route_body quarantine_replay_body = {
    .fields = replay_fields, .field_count = 1, .words = MAPPING_WORDS, .is_optional = true};
const struct route_answer quarantine_replay_answer = {
    .type = ANSWER_OBJECT,
    .members =
        ANSWER_MEMBERS({.name = "tried", ANSWER_INTEGER, "rows that waited"},
                       {.name = "accepted", ANSWER_INTEGER, "those taken now"},
                       {.name = "duplicate", ANSWER_INTEGER, "those that had been taken before"},
                       {.name = "quarantined", ANSWER_INTEGER, "those that still wait"}),
};

code quarantine_http_replay(struct scope *scope, const struct request *request,
                            struct response *response) {
    struct replay replay = {0};
    struct import_tally tally;
    const struct json *json;
    struct mapping mapping;
    int64_t id;

    TRY(request_id(scope, request, &id));
    if (request->body)
        TRY(json_read_record(scope, request->body, replay_fields, 1, &replay));
    json = replay.mapping;
    if (json && json->type == JSON_STRING)
        TRY(mapping_load(scope, json->string, &mapping));
    else if (json)
        TRY(mapping_read(scope, json, &mapping));
    TRY(quarantine_replay(scope, id, json ? &mapping : NULL, &tally));
    json_begin_object(&response->writer);
    json_key(&response->writer, "tried");
    json_write_int64(&response->writer, tally.read);
    json_key(&response->writer, "accepted");
    json_write_int64(&response->writer, tally.accepted);
    json_key(&response->writer, "duplicate");
    json_write_int64(&response->writer, tally.duplicate);
    json_key(&response->writer, "quarantined");
    json_write_int64(&response->writer, tally.quarantined);
    json_end_object(&response->writer);
    return OK;
}
