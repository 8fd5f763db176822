// SPDX-License-Identifier: Apache-2.0
// The quarantine of a source over HTTP. A message in it is named by a number that means nothing.
#include "plug/collect/replay_http.h"

#include "collect_sql.h"
#include "govern/audit/audit.h"
#include "plug/collect/replay.h"
#include "plug/sender/sender.h"
#include "store/ledger.h"

#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

// ---- looking ----

const struct route_parameter replay_list_parameters[] = {
    {.name = "state",
     .type = PARAMETER_CHOICE,
     .help = "only those in this state",
     .choices = quarantine_states},
    {.name = "reason", .type = PARAMETER_TEXT, .help = "only those of this reason"},
    PARAMETER_LIMIT("50"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

static void write_row(struct response *response, const struct quarantined *row) {
    response_begin_row(response);
    response_int64(response, COLUMN_ID, row->row);
    if (row->received_at_us > 0)
        response_int64(response, COLUMN_INSTANT, row->received_at_us);
    else
        response_null(response);
    response_text(response, row->state);
    response_text(response, row->is_part ? TEXT("part") : TEXT("whole"));
    response_text(response, row->reason);
    response_text(response, row->field);
    response_text(response, row->message);
    response_text(response, row->raw);
    response_end_row(response);
}

code replay_http_list(struct scope *scope, const struct request *request,
                      struct response *response) {
    static const struct column columns[] = {
        {"row", "Number", COLUMN_ID, NULL},
        {"received_at", "Received", COLUMN_INSTANT, NULL},
        {"state", "State", COLUMN_TEXT, NULL},
        {"extent", "Kept apart", COLUMN_TEXT, NULL},
        {"reason", "Reason", COLUMN_TEXT, NULL},
        {"field", "Field", COLUMN_TEXT, NULL},
        {"message", "What is wrong", COLUMN_TEXT, NULL},
        {"raw", "What was sent", COLUMN_TEXT, NULL},
    };
    const struct quarantine_filter filter = {.state = request_choice(request, "state"),
                                             .reason = request_text(request, "reason")};
    const int64_t limit = request_integer(request, "limit");
    struct quarantined *rows;
    struct sender sender;
    int64_t after;
    size_t count;
    bool more;

    TRY(request_int64(scope, request, "after", 0, INT64_MAX, -1, &after));
    TRY(sender_find(scope, request_text(request, "id"), &sender));
    TRY(quarantine_list(scope, sender.id, &filter, after, (int)limit + 1, &rows, &count));
    more = (int64_t)count > limit;
    count -= more;
    response_begin_table(response, NULL, columns, COUNT_OF(columns));
    for (size_t i = 0; i < count; i++)
        write_row(response, &rows[i]);
    response_end_page(response, more ? rows[count - 1].row : 0);
    return OK;
}

code replay_http_reasons(struct scope *scope, const struct request *request,
                         struct response *response) {
    static const struct column columns[] = {
        {"reason", "Reason", COLUMN_TEXT, NULL},
        {"field", "Field", COLUMN_TEXT, NULL},
        {"rows", "Waiting", COLUMN_INTEGER, NULL},
        {"example", "Example", COLUMN_TEXT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct sender sender;

    TRY(sender_find(scope, request_text(request, "id"), &sender));
    TRY(ledger_query(scope, sql_collect_quarantine_reasons, BINDS(BIND_INT64(sender.id)), &rows));
    return response_rows(scope, response, NULL, columns, COUNT_OF(columns), rows);
}

// ---- doing ----

static code audit(struct scope *scope, const char *what, const struct sender *sender,
                  int64_t count) {
    const struct text source = text_printf(&scope->arena, "source %.*s", TEXT_ARG(sender->name));

    return AUDIT(scope, what, source,
                 {"messages", text_printf(&scope->arena, "%lld", (long long)count)});
}

static code audit_row(struct scope *scope, const char *what, const struct sender *sender,
                      int64_t row) {
    const struct text source = text_printf(&scope->arena, "source %.*s", TEXT_ARG(sender->name));

    return AUDIT(
        scope, what, source,
        {"message", row == 0 ? TEXT("all") : text_printf(&scope->arena, "%lld", (long long)row)});
}

struct run_body {
    struct text row;
};
static const struct json_field run_fields[] = {
    {"row", JSON_FIELD_TEXT, offsetof(struct run_body, row), false, NULL,
     "the number of one of them; absent: all that wait"},
};
const struct route_body replay_run_body = {
    .fields = run_fields, .field_count = COUNT_OF(run_fields), .is_optional = true};
const struct route_answer replay_run_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "job_id", ANSWER_ID, "the job that tries them"}),
};

static void write_count(struct response *response, const char *key, int64_t count) {
    json_key(&response->writer, key);
    json_write_int64(&response->writer, count);
}

static code start(struct scope *scope, const struct sender *sender, int64_t row,
                  int64_t *ret_job_id) {
    TRY(collect_replay_start(scope, sender, row, ret_job_id));
    return audit_row(scope, "source.replay", sender, row);
}

code replay_http_run(struct scope *scope, const struct request *request,
                     struct response *response) {
    struct run_body body = {0};
    struct sender sender;
    int64_t row = 0, job_id = 0;

    if (request->body)
        TRY(json_read_record(scope, request->body, run_fields, COUNT_OF(run_fields), &body));
    if (body.row.size > 0 && (!text_to_int64(body.row, &row) || row <= 0))
        return scope_fail_field(scope, INVALID, "row", "\"%.*s\" is no number of a message",
                                TEXT_ARG(body.row));
    TRY(sender_find(scope, request_text(request, "id"), &sender));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, start(scope, &sender, row, &job_id)));
    json_begin_object(&response->writer);
    json_key(&response->writer, "job_id");
    response_int64(response, COLUMN_ID, job_id);
    json_end_object(&response->writer);
    return OK;
}

struct mend_body {
    struct text raw;
};
static const struct json_field mend_fields[] = {
    {"raw", JSON_FIELD_TEXT, offsetof(struct mend_body, raw), true, NULL,
     "the message as it should have been sent"},
};
const struct route_body replay_mend_body = {.fields = mend_fields,
                                            .field_count = COUNT_OF(mend_fields)};
const struct route_answer replay_mend_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "row", ANSWER_ID, "the message that was mended"}),
};

static code read_place(struct scope *scope, const struct request *request,
                       struct sender *ret_sender, int64_t *ret_row) {
    TRY(sender_find(scope, request_text(request, "id"), ret_sender));
    return request_int64(scope, request, "row", 1, INT64_MAX, 0, ret_row);
}

static code mend(struct scope *scope, const struct sender *sender, int64_t row, struct text raw) {
    TRY(quarantine_fix(scope, sender->id, row, raw));
    return audit_row(scope, "source.mend", sender, row);
}

code replay_http_mend(struct scope *scope, const struct request *request,
                      struct response *response) {
    struct sender sender;
    struct mend_body body;
    int64_t row;

    TRY(read_place(scope, request, &sender, &row));
    TRY(json_read_record(scope, request->body, mend_fields, COUNT_OF(mend_fields), &body));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, mend(scope, &sender, row, body.raw)));
    json_begin_object(&response->writer);
    json_key(&response->writer, "row");
    response_int64(response, COLUMN_ID, row);
    json_end_object(&response->writer);
    return OK;
}

const struct route_answer replay_discard_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "discarded", ANSWER_INTEGER, "messages that were given up"}),
};

static code discard(struct scope *scope, const struct sender *sender, int64_t row,
                    int64_t *ret_count) {
    TRY(quarantine_discard(scope, sender->id, row, ret_count));
    return audit(scope, "source.discard", sender, *ret_count);
}

code replay_http_discard(struct scope *scope, const struct request *request,
                         struct response *response) {
    struct sender sender;
    int64_t row, count = 0;

    TRY(read_place(scope, request, &sender, &row));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, discard(scope, &sender, row, &count)));
    json_begin_object(&response->writer);
    write_count(response, "discarded", count);
    json_end_object(&response->writer);
    return OK;
}
