// SPDX-License-Identifier: Apache-2.0
#include "govern/operation/job_http.h"

#include "base/time.h"
#include "store/job.h"

static code read_id(struct scope *scope, const struct request *request, int64_t *ret_id) {
    return request_int64(scope, request, "id", 1, INT64_MAX, 0, ret_id);
}

static void write_instant_cell(struct response *response, int64_t at_us) {
    if (at_us == 0)
        response_null(response);
    else
        response_int64(response, COLUMN_INSTANT, at_us);
}

// How far it is, while a total is known.
static void write_share_cell(struct response *response, const struct job *job) {
    if (job->total <= 0)
        response_null(response);
    else
        response_double(response, (double)job->done / (double)job->total);
}

const struct route_parameter job_list_parameters[] = {
    PARAMETER_LIMIT("20"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

code job_http_list(struct scope *scope, const struct request *request, struct response *response) {
    static const struct column columns[] = {
        {"id", "Id", COLUMN_ID, NULL},
        {"kind", "Kind", COLUMN_TEXT, NULL},
        {"title", "Title", COLUMN_TEXT, NULL},
        {"state", "State", COLUMN_TEXT, NULL},
        {"stage", "Stage", COLUMN_TEXT, NULL},
        {"share", "Done", COLUMN_SHARE, NULL},
        {"created_at", "Created", COLUMN_INSTANT, NULL},
        {"finished_at", "Finished", COLUMN_INSTANT, NULL},
    };
    const int64_t limit = request_integer(request, "limit");
    struct job *jobs;
    int64_t after;
    size_t count;
    bool more;

    TRY(request_int64(scope, request, "after", 1, INT64_MAX, 0, &after));
    TRY(job_list(scope, after, (int)limit + 1, &jobs, &count));
    more = (int64_t)count > limit;
    count -= more;
    response_begin_table(response, NULL, columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < count; i++) {
        response_begin_row(response);
        response_int64(response, COLUMN_ID, jobs[i].id);
        response_text(response, jobs[i].kind);
        response_text(response, jobs[i].title);
        response_text(response, jobs[i].state);
        response_text(response, jobs[i].stage);
        write_share_cell(response, &jobs[i]);
        write_instant_cell(response, jobs[i].created_at_us);
        write_instant_cell(response, jobs[i].finished_at_us);
        response_end_row(response);
    }
    response_end_page(response, more ? jobs[count - 1].id : 0);
    return OK;
}

// A document kept in the job's row, as a member.
static code write_document(struct scope *scope, struct json_writer *writer, const char *key,
                           struct text document) {
    struct json *json;

    if (document.size == 0)
        return OK;
    TRY(json_parse_own(scope, document, &json));
    json_key(writer, key);
    json_write(writer, json);
    return OK;
}

static void write_text(struct json_writer *writer, const char *key, struct text value) {
    json_key(writer, key);
    json_write_text(writer, value);
}

static void write_instant(struct response *response, const char *key, int64_t at_us) {
    json_key(&response->writer, key);
    write_instant_cell(response, at_us);
}

const struct route_answer job_show_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "id", ANSWER_ID, "the job"}, {.name = "kind", ANSWER_TEXT, "what work it is"},
        {.name = "title", ANSWER_TEXT, "the work in words"},
        {.name = "state", ANSWER_TEXT, "queued, running, done, failed or cancelled"},
        {.name = "stage", ANSWER_TEXT, "what it is at"},
        {.name = "done", ANSWER_INTEGER, "units that are done"},
        {.name = "total", ANSWER_INTEGER, "units in all; 0 while that is not known"},
        {.name = "unit", ANSWER_TEXT, "what is counted"},
        {.name = "actor", ANSWER_TEXT, "who began it"},
        {.name = "created_at", ANSWER_INSTANT, "when it was asked for", .is_nullable = true},
        {.name = "started_at", ANSWER_INSTANT, "when it began", .is_nullable = true},
        {.name = "updated_at", ANSWER_INSTANT, "when it was heard of last", .is_nullable = true},
        {.name = "finished_at", ANSWER_INSTANT, "when it ended", .is_nullable = true},
        {.name = "result", ANSWER_OBJECT, "of a job that is done", .is_optional = true},
        {.name = "error", ANSWER_OBJECT, "of a job that failed", .is_optional = true}),
};

code job_http_show(struct scope *scope, const struct request *request, struct response *response) {
    struct json_writer *writer = &response->writer;
    struct job job;
    int64_t id;

    TRY(read_id(scope, request, &id));
    TRY(job_find(scope, id, &job));
    json_begin_object(writer);
    json_key(writer, "id");
    response_int64(response, COLUMN_ID, job.id);
    write_text(writer, "kind", job.kind);
    write_text(writer, "title", job.title);
    write_text(writer, "state", job.state);
    write_text(writer, "stage", job.stage);
    json_key(writer, "done");
    json_write_int64(writer, job.done);
    json_key(writer, "total");
    json_write_int64(writer, job.total);
    write_text(writer, "unit", job.unit);
    write_text(writer, "actor", job.actor);
    write_instant(response, "created_at", job.created_at_us);
    write_instant(response, "started_at", job.started_at_us);
    write_instant(response, "updated_at", job.updated_at_us);
    write_instant(response, "finished_at", job.finished_at_us);
    TRY(write_document(scope, writer, "result", job.result));
    TRY(write_document(scope, writer, "error", job.error));
    json_end_object(writer);
    return OK;
}

code job_http_log(struct scope *scope, const struct request *request, struct response *response) {
    static const struct column columns[] = {
        {"at", "At", COLUMN_INSTANT, NULL},
        {"text", "What", COLUMN_TEXT, NULL},
    };
    struct job_log_line *lines;
    struct job job;
    size_t count;
    int64_t id;

    TRY(read_id(scope, request, &id));
    TRY(job_find(scope, id, &job)); // an unknown job has no empty log
    TRY(job_log(scope, id, &lines, &count));
    response_begin_table(response, NULL, columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < count; i++) {
        response_begin_row(response);
        response_int64(response, COLUMN_INSTANT, lines[i].at_us);
        response_text(response, lines[i].text);
        response_end_row(response);
    }
    response_end_table(response);
    return OK;
}

const struct route_answer job_cancel_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "id", ANSWER_ID, "the job"},
                              {.name = "cancel_requested", ANSWER_BOOL, "true"}),
};
const struct route_answer job_resume_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "id", ANSWER_ID, "the job"},
                              {.name = "queued", ANSWER_BOOL, "true"}),
};

// What was done with a job: {"id": "…", "cancel_requested": true}
static void write_done(struct response *response, int64_t id, const char *what) {
    struct json_writer *writer = &response->writer;

    json_begin_object(writer);
    json_key(writer, "id");
    response_int64(response, COLUMN_ID, id);
    json_key(writer, what);
    json_write_bool(writer, true);
    json_end_object(writer);
}

code job_http_cancel(struct scope *scope, const struct request *request,
                     struct response *response) {
    int64_t id;

    TRY(read_id(scope, request, &id));
    TRY(job_cancel(scope, id));
    write_done(response, id, "cancel_requested");
    return OK;
}

code job_http_resume(struct scope *scope, const struct request *request,
                     struct response *response) {
    int64_t id;

    TRY(read_id(scope, request, &id));
    TRY(job_resume(scope, id));
    write_done(response, id, "queued");
    return OK;
}
