// SPDX-License-Identifier: Apache-2.0
// What came of a campaign, its messages one by one, and the decisions of people about them.
#include "campaign_sql.h"
#include "push/campaign/campaign_http.h"
#include "push/campaign/campaign_result.h"
#include "push/message/message.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <math.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

const struct route_answer campaign_result_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS(
        {.name = "name", ANSWER_TEXT, "of the campaign"},
        {.name = "state", ANSWER_TEXT, "in which it is"},
        {.name = "problem", ANSWER_TEXT, "why it is paused"},
        {.name = "currency", ANSWER_TEXT, "of money"},
        {.name = "from", ANSWER_INSTANT, "from when what customers do counts", .is_nullable = true},
        {.name = "to", ANSWER_INSTANT, "and until when", .is_nullable = true},
        {.name = "counts", ANSWER_TABLE, "customers by arm, state and reason"},
        {.name = "answers", ANSWER_TABLE, "what was answered, by arm"},
        {.name = "uplift",
         ANSWER_NUMBER,
         "revenue beyond what as many of the hold-out spent; null: there is no hold-out",
         .is_nullable = true},
        {.name = "uplift_low", ANSWER_NUMBER, "its 95 % interval", .is_nullable = true},
        {.name = "uplift_high", ANSWER_NUMBER, "its 95 % interval", .is_nullable = true},
        {.name = "is_distinguishable",
         ANSWER_BOOL,
         "the interval is on one side of nothing",
         .is_nullable = true},
        {.name = "uplift_margin", ANSWER_NUMBER, "of the uplift", .is_nullable = true},
        {.name = "cost", ANSWER_NUMBER, "of all messages"},
        {.name = "earned", ANSWER_NUMBER, "margin less cost", .is_nullable = true},
        {.name = "comparison",
         ANSWER_OBJECT,
         "arms beside the hold-out (as GET /api/v1/experiments/segments); null: nothing to compare",
         .is_nullable = true}),
};

static struct text arm_name(const struct campaign *campaign, int64_t arm) {
    return arm >= 0 && arm < (int64_t)campaign->arm_count ? campaign->arms[arm].name : TEXT("");
}

static code write_counts(struct scope *scope, struct response *response,
                         const struct campaign *campaign, const char *currency) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct column columns[] = {{"arm", "Arm", COLUMN_TEXT, NULL},
                                     {"state", "State", COLUMN_TEXT, NULL},
                                     {"reason", "Reason", COLUMN_TEXT, NULL},
                                     {"customers", "Customers", COLUMN_INTEGER, NULL},
                                     {"cost", "Cost", COLUMN_MONEY, currency}};

    TRY(ledger_query(scope, sql_campaign_counts, BINDS(BIND_INT64(campaign->id)), &rows));
    response_begin_table(response, "counts", columns, COUNT_OF(columns));
    while (rows_next(rows)) {
        response_begin_row(response);
        response_text(response, arm_name(campaign, rows_int64(rows, 0)));
        for (size_t i = 1; i < COUNT_OF(columns); i++)
            response_cell(response, columns[i].type, rows, i);
        response_end_row(response);
    }
    TRY(rows_end(rows));
    response_end_table(response);
    return OK;
}

static code write_answers(struct scope *scope, struct response *response,
                          const struct campaign *campaign, const char *currency) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct column columns[] = {
        {"arm", "Arm", COLUMN_TEXT, NULL},
        {"sent", "Tried", COLUMN_INTEGER, NULL},
        {"accepted", "Accepted, not bounced", COLUMN_INTEGER, NULL},
        {"delivered", "Delivered", COLUMN_INTEGER, NULL},
        {"bounced", "Bounced", COLUMN_INTEGER, NULL},
        {"complained", "Complained", COLUMN_INTEGER, NULL},
        {"unsubscribed", "Unsubscribed", COLUMN_INTEGER, NULL},
        {"opened", "Opened by people", COLUMN_INTEGER, NULL},
        {"clicked", "Clicked by people", COLUMN_INTEGER, NULL},
        {"machine_opened", "Opened by machines", COLUMN_INTEGER, NULL},
        {"machine_clicked", "Clicked by machines", COLUMN_INTEGER, NULL},
        {"replied", "Replied", COLUMN_INTEGER, NULL},
        {"redeemed", "Redeemed", COLUMN_INTEGER, NULL},
        {"cost", "Cost", COLUMN_MONEY, currency},
    };

    TRY(ledger_query(scope, sql_campaign_answers, BINDS(BIND_INT64(campaign->id)), &rows));
    response_begin_table(response, "answers", columns, COUNT_OF(columns));
    while (rows_next(rows)) {
        response_begin_row(response);
        response_text(response, arm_name(campaign, rows_int64(rows, 0)));
        for (size_t i = 1; i < COUNT_OF(columns); i++)
            response_cell(response, columns[i].type, rows, i);
        response_end_row(response);
    }
    TRY(rows_end(rows));
    response_end_table(response);
    return OK;
}

static void write_number(struct json_writer *writer, const char *key, double value) {
    json_key(writer, key);
    json_write_double(writer, value);
}

static void write_money(struct json_writer *writer, const struct campaign_result *result) {
    write_number(writer, "uplift", result->uplift);
    write_number(writer, "uplift_low", result->uplift_low);
    write_number(writer, "uplift_high", result->uplift_high);
    json_key(writer, "is_distinguishable");
    if (isnan(result->uplift_low))
        json_write_null(writer);
    else
        json_write_bool(writer, result->uplift_low > 0 || result->uplift_high < 0);
    write_number(writer, "uplift_margin", result->margin);
    write_number(writer, "cost", result->cost);
    write_number(writer, "earned", result->margin - result->cost);
}

static code write_comparison(struct scope *scope, struct json_writer *writer,
                             const struct campaign *campaign,
                             const struct campaign_result *result) {
    json_key(writer, "comparison");
    if (campaign->result.size > 0) {
        struct json *kept;

        TRY(json_parse_own(scope, campaign->result, &kept));
        json_write(writer, kept);
        return OK;
    }
    if (result->trial.arm_count == 0) {
        json_write_null(writer);
        return OK;
    }
    json_begin_object(writer);
    TRY(trial_write(scope, &result->trial, writer));
    json_end_object(writer);
    return OK;
}

static code read_result(struct scope *scope, const struct campaign *campaign,
                        struct campaign_result *ret_result) {
    *ret_result = (struct campaign_result){
        .uplift = NAN, .uplift_low = NAN, .uplift_high = NAN, .margin = NAN};
    return campaign->state == CAMPAIGN_IMPORTED ? OK
                                                : campaign_result_read(scope, campaign, ret_result);
}

code campaign_http_result(struct scope *scope, const struct request *request,
                          struct response *response) {
    struct json_writer *writer = &response->writer;
    struct campaign_result result;
    struct campaign campaign;
    struct settings settings;
    const char *currency;

    TRY(campaign_find(scope, request_text(request, "name"), &campaign));
    TRY(settings_load(scope, &settings));
    TRY(read_result(scope, &campaign, &result));
    currency = text_string(&scope->arena, settings.currency);
    json_begin_object(writer);
    json_key(writer, "name");
    json_write_text(writer, campaign.name);
    json_key(writer, "state");
    json_write_string(writer, campaign_state_name(campaign.state));
    json_key(writer, "problem");
    json_write_text(writer, campaign.problem);
    json_key(writer, "currency");
    json_write_string(writer, currency);
    campaign_write_instant(response, "from", result.people.from_us);
    campaign_write_instant(response, "to", result.people.to_us);
    TRY(write_counts(scope, response, &campaign, currency));
    TRY(write_answers(scope, response, &campaign, currency));
    write_money(writer, &result);
    TRY(write_comparison(scope, writer, &campaign, &result));
    json_end_object(writer);
    return OK;
}

// ---- messages ----

static const char *const states[] = {"",       "reserved", "held_out", "started", "accepted",
                                     "failed", "unknown",  "refused",  NULL};
const struct route_parameter campaign_messages_parameters[] = {
    {.name = "state",
     .type = PARAMETER_CHOICE,
     .help = "of those in this state; empty: of all",
     .usual = "",
     .choices = states},
    PARAMETER_LIMIT("100"),
    PARAMETER_AFTER,
    PARAMETERS_END,
};

code campaign_http_messages(struct scope *scope, const struct request *request,
                            struct response *response) {
    static const struct column columns[] = {
        {"id", "Message", COLUMN_ID, NULL},
        {"customer", "Customer", COLUMN_ID, NULL},
        {"arm", "Arm", COLUMN_TEXT, NULL},
        {"state", "State", COLUMN_TEXT, NULL},
        {"reason", "Reason", COLUMN_TEXT, NULL},
        {"detail", "What was said", COLUMN_TEXT, NULL},
        {"due_at", "Due", COLUMN_INSTANT, NULL},
        {"tries", "Tries", COLUMN_INTEGER, NULL},
        {"started_at", "Sent", COLUMN_INSTANT, NULL},
        {"delivered_at", "Delivered", COLUMN_INSTANT, NULL},
        {"opened_at", "Opened", COLUMN_INSTANT, NULL},
        {"clicked_at", "Clicked", COLUMN_INSTANT, NULL},
    };
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t limit = request_integer(request, "limit");
    struct campaign campaign;
    int64_t after_id;

    TRY(campaign_after(scope, request, 0, &after_id));
    TRY(campaign_find(scope, request_text(request, "name"), &campaign));
    TRY(ledger_query(scope, sql_campaign_messages,
                     BINDS(BIND_INT64(campaign.id), BIND_INT64(after_id),
                           BIND_TEXT(request_choice(request, "state")), BIND_INT64(limit + 1)),
                     &rows));
    return response_page(scope, response, columns, COUNT_OF(columns), rows, limit);
}

const struct route_answer campaign_resend_answer = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "message", ANSWER_ID, "that will be sent"}),
};

code campaign_http_resend(struct scope *scope, const struct request *request,
                          struct response *response) {
    const struct text text = request_text(request, "id");
    struct campaign campaign;
    int64_t id;

    if (!text_to_int64(text, &id))
        return scope_fail_field(scope, INVALID, "id", "\"%.*s\" is no message", TEXT_ARG(text));
    TRY(campaign_find(scope, request_text(request, "name"), &campaign));
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, campaign_resend(scope, campaign.id, id)));
    TRY(campaign_start_due(scope));
    json_begin_object(&response->writer);
    json_key(&response->writer, "message");
    response_int64(response, COLUMN_ID, id);
    json_end_object(&response->writer);
    return OK;
}
