// SPDX-License-Identifier: Apache-2.0
#include "push/message/answer.h"

#include "host/event/event.h"
#include "message_sql.h"
#include "push/channel/channel.h"
#include "store/ledger.h"

#include <inttypes.h>

// Names of identifiers that belong to nobody's source.
#define SOURCE "tessera"

static const struct {
    const char *name;
    const char *sql;
    const char *direction;
} kinds[] = {
    [MESSAGE_WAS_DELIVERED] = {"delivered", sql_message_delivered, "out"},
    [MESSAGE_WAS_BOUNCED] = {"bounced", sql_message_bounced, "in"},
    [MESSAGE_WAS_COMPLAINED] = {"complained", sql_message_complained, "in"},
    [MESSAGE_WAS_UNSUBSCRIBED] = {"unsubscribed", sql_message_unsubscribed, "in"},
    [MESSAGE_WAS_OPENED] = {"opened", sql_message_opened, "in"},
    [MESSAGE_WAS_CLICKED] = {"clicked", sql_message_clicked, "in"},
    [MESSAGE_WAS_MACHINE_OPENED] = {"machine_opened", sql_message_machine_opened, "none"},
    [MESSAGE_WAS_MACHINE_CLICKED] = {"machine_clicked", sql_message_machine_clicked, "none"},
    [MESSAGE_WAS_REPLIED] = {"replied", sql_message_replied, "in"},
    [MESSAGE_WAS_REDEEMED] = {"redeemed", sql_message_redeemed, "in"},
};
_Static_assert(sizeof(kinds) / sizeof(*kinds) == MESSAGE_ANSWERS, "a row for each kind");

static struct text properties(struct scope *scope, const struct message_answer *answer) {
    CLEANUP(buffer_clear) struct buffer buffer = {0};
    struct json_writer writer;

    json_writer_init(&writer, &buffer);
    json_begin_object(&writer);
    json_key(&writer, "message");
    json_write_text(&writer, text_printf(&scope->arena, "%" PRId64, answer->message_id));
    if (answer->detail.size > 0) {
        json_key(&writer, "detail");
        json_write_text(&writer, answer->detail);
    }
    json_end_object(&writer);
    return text_copy(&scope->arena, buffer_text(&buffer));
}

struct answered {
    int64_t customer;
    struct text campaign;
    const struct channel *channel;
};

static code find_answered(struct scope *scope, int64_t id, struct answered *ret_answered) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_message_answered, BINDS(BIND_INT64(id)), &rows, &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "message %" PRId64 " does not exist", id);
    ret_answered->campaign = text_copy(&scope->arena, rows_text(rows, 1));
    ret_answered->channel = channel_of((enum channel_kind)rows_int64(rows, 2));
    return ledger_int64(scope, sql_message_customer, BINDS(BIND_INT64(rows_int64(rows, 0))), 0,
                        &ret_answered->customer);
}

// Of a customer who is gone nothing is remembered: the row's date is all there is.
static code find_identifier(struct scope *scope, const struct answered *answered,
                            int64_t *ret_identifier_id, int64_t *ret_origin) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const int64_t kind = answered->channel ? (int64_t)answered->channel->address : 0;
    bool found;

    TRY(ledger_find(scope, sql_message_event_identifier,
                    BINDS(BIND_INT64(answered->customer), BIND_INT64(kind)), &rows, &found));
    *ret_identifier_id = found ? rows_int64(rows, 0) : 0;
    *ret_origin = found ? rows_int64(rows, 1) : 0;
    return OK;
}

static code put_event(struct scope *scope, const struct message_answer *answer,
                      const struct answered *answered, bool *ret_is_new) {
    struct change_run run = {.table = CHANGE_EVENT};
    struct event_row row = {
        .source = TEXT(SOURCE),
        .key = text_printf(&scope->arena, "message:%" PRId64 ":%s%s%.*s", answer->message_id,
                           kinds[answer->kind].name, answer->key.size > 0 ? ":" : "",
                           TEXT_ARG(answer->key)),
        .at_us = answer->at_us > 0 ? answer->at_us : scope->now_us,
        .name = text_printf(&scope->arena, "message_%s", kinds[answer->kind].name),
        .channel = text_of(answered->channel ? answered->channel->name : ""),
        .direction = text_of(kinds[answer->kind].direction),
        .campaign = answered->campaign,
        .properties = properties(scope, answer),
    };

    TRY(find_identifier(scope, answered, &row.identifier_id, &row.origin));
    if (row.identifier_id == 0) {
        *ret_is_new = false;
        return OK;
    }
    TRY(event_put(scope, &run, 0, &row, ret_is_new));
    return change_run_announce(scope, &run);
}

static code take(struct scope *scope, const struct message_answer *answer, bool *ret_is_new) {
    struct answered answered;

    TRY(find_answered(scope, answer->message_id, &answered));
    TRY(ledger_exec(scope, kinds[answer->kind].sql,
                    BINDS(BIND_INT64(answer->message_id),
                          BIND_INT64(answer->at_us > 0 ? answer->at_us : scope->now_us))));
    return put_event(scope, answer, &answered, ret_is_new);
}

code message_answer_take(struct scope *scope, const struct message_answer *answer,
                         bool *ret_is_new) {
    if (ledger_in_transaction(scope))
        return take(scope, answer, ret_is_new);
    TRY(ledger_begin(scope));
    return ledger_end(scope, take(scope, answer, ret_is_new));
}
