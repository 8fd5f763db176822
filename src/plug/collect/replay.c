// SPDX-License-Identifier: Apache-2.0
#include "plug/collect/replay.h"

#include "base/time.h"
#include "collect_sql.h"
#include "plug/collect/delivery.h"
#include "plug/sender/schema.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <inttypes.h>
#include <stdio.h>

enum { REPLAY_BATCH = 500 };

struct replay {
    const struct sender *sender;
    struct message_context context;
    struct collect_sink *sink;
    int64_t row; // 0: all
    struct import_tally tally;
};

// ---- one message ----

static struct message_fault no_json(void) {
    return (struct message_fault){
        .reason = "json", .field = "", .message = "what was kept is no JSON object"};
}

static void read_message(struct scope *scope, struct replay *replay, const struct quarantined *kept,
                         struct message *ret_message) {
    struct json *json;

    if (json_parse_own(scope, kept->raw, &json) != OK) {
        scope_forgive(scope);
        *ret_message = (struct message){.type = MESSAGE_TYPE_COUNT, .fault = no_json()};
        return;
    }
    replay->context.received_at_us =
        kept->received_at_us > 0 ? kept->received_at_us : scope->now_us;
    message_read(&scope->arena, &replay->context, json, MESSAGE_TYPE_COUNT, ret_message);
}

static code recount(struct scope *scope, const struct replay *replay,
                    const struct quarantined *kept, const struct message *message) {
    const bool is_marked = message->is_taken && !message->is_duplicate && message_wrong(message);

    if (kept->is_part || !message->is_taken || kept->received_at_us == 0)
        return OK;
    return sender_recount(scope, replay->sender->id, kept->received_at_us,
                          &(struct sender_figures){.accepted = !message->is_duplicate,
                                                   .duplicate = message->is_duplicate,
                                                   .quarantined = -1,
                                                   .marked = is_marked});
}

static code settle(struct scope *scope, struct replay *replay, const struct quarantined *kept,
                   const struct message *message) {
    const struct message_fault *fault =
        kept->is_part ? message_wrong_part(message, kept->field) : message_wrong(message);
    struct refusal refusal = {0};

    replay->tally.read++;
    replay->tally.quarantined += fault != NULL;
    replay->tally.duplicate += !fault && message->is_duplicate && !kept->is_part;
    replay->tally.accepted += !fault && (!message->is_duplicate || kept->is_part);
    TRY(recount(scope, replay, kept, message));
    if (!fault)
        return quarantine_settle(scope, replay->sender->id, kept->row, NULL);
    if (message->is_taken && !kept->is_part)
        TRY(ledger_exec(scope, sql_collect_quarantine_part,
                        BINDS(BIND_INT64(replay->sender->id), BIND_INT64(kept->row))));
    refusal_set(&refusal, fault->reason, "", "%s", fault->message);
    // Which part it was is known from the first time only.
    snprintf(refusal.field, sizeof(refusal.field), "%.*s",
             TEXT_ARG(kept->is_part ? kept->field : text_of(fault->field)));
    return quarantine_settle(scope, replay->sender->id, kept->row, &refusal);
}

static code replay_one(struct scope *scope, struct replay *replay, const struct quarantined *kept) {
    struct delivery delivery = {.sender_id = replay->sender->id,
                                .sender_name = replay->sender->name,
                                .is_exempt = replay->sender->is_exempt,
                                .is_replay = true,
                                .message_count = 1};
    struct message message = {0};

    read_message(scope, replay, kept, &message);
    delivery.received_at_us = replay->context.received_at_us;
    delivery.messages = &message;
    TRY(collect_sink_begin(scope, replay->sink));
    TRY(collect_sink_try_again(scope, replay->sink, &delivery,
                               kept->is_part ? kept->field : TEXT("")));
    TRY(settle(scope, replay, kept, &message));
    return collect_sink_flush(scope, replay->sink);
}

static bool is_of_a_message(code reason) {
    return reason == INVALID || reason == TOO_LARGE || reason == CONFLICT || reason == NOT_FOUND;
}

// Somebody may have mended the message since it was listed, or settled it, or given it up.
static code replay_if_waiting(struct scope *scope, struct replay *replay, int64_t row) {
    struct quarantined kept;
    bool is_waiting;

    TRY(quarantine_find_waiting(scope, replay->sender->id, row, &kept, &is_waiting));
    return is_waiting ? replay_one(scope, replay, &kept) : OK;
}

// A message that the ledger refuses waits on; what it began is taken back with its transaction.
static code replay_in_transaction(struct scope *scope, struct replay *replay, int64_t row) {
    const struct import_tally before = replay->tally;
    code outcome;

    TRY(ledger_begin(scope));
    outcome = ledger_end(scope, replay_if_waiting(scope, replay, row));
    if (outcome == OK)
        return OK;
    collect_sink_forget(replay->sink);
    if (!is_of_a_message(outcome))
        return outcome;
    scope_forgive(scope);
    replay->tally = before;
    replay->tally.read++;
    replay->tally.quarantined++;
    return OK;
}

// ---- all of them ----

// The place of a message among those of its source, which are tried in the order they came: of the
// same request, in the order they stood in it.
struct place {
    int64_t received_at_us, line, row;
};

static code list_some(struct scope *scope, const struct replay *replay, const struct place *after,
                      struct place *places, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t count = 0;

    TRY(ledger_query(scope, sql_collect_quarantine_waiting,
                     BINDS(BIND_INT64(replay->sender->id), BIND_INT64(after->received_at_us),
                           BIND_INT64(after->line), BIND_INT64(after->row),
                           BIND_INT64(REPLAY_BATCH)),
                     &rows));
    while (rows_next(rows))
        places[count++] = (struct place){.received_at_us = rows_int64(rows, 0),
                                         .line = rows_int64(rows, 1),
                                         .row = rows_int64(rows, 2)};
    *ret_count = count;
    return rows_end(rows);
}

static code replay_all(struct scope *scope, struct replay *replay) {
    struct place after = {.received_at_us = -1}, *places;
    size_t count;

    places = arena_array(&scope->arena, REPLAY_BATCH, sizeof(*places));
    do {
        TRY(list_some(scope, replay, &after, places, &count));
        for (size_t i = 0; i < count; i++) {
            const struct arena_mark mark = arena_mark(&scope->arena);

            TRY(scope_check(scope));
            TRY(replay_in_transaction(scope, replay, places[i].row));
            arena_rewind(&scope->arena, mark);
        }
        if (count > 0)
            after = places[count - 1];
    } while (count > 0);
    return OK;
}

static code replay_single(struct scope *scope, struct replay *replay) {
    TRY(replay_in_transaction(scope, replay, replay->row));
    if (replay->tally.read == 1)
        return OK;
    return scope_fail(scope, NOT_FOUND, "message %" PRId64 " does not wait in quarantine",
                      replay->row);
}

static code open_replay(struct scope *scope, struct replay *replay) {
    struct settings settings;
    struct json *schemas;

    TRY(settings_load(scope, &settings));
    replay->context.sender = replay->sender;
    replay->context.country = settings.country;
    TRY(zone_open(scope, TEXT("UTC"), &replay->context.zone));
    if (replay->sender->schema.size == 0)
        return OK;
    TRY(json_parse_own(scope, replay->sender->schema, &schemas));
    replay->context.schemas = schemas;
    return OK;
}

static code find_sender(struct scope *scope, struct sender_list *list, int64_t id,
                        const struct sender **ret_sender) {
    for (size_t i = 0; i < list->count; i++)
        if (list->entries[i].sender.id == id) {
            *ret_sender = &list->entries[i].sender;
            return OK;
        }
    return scope_fail(scope, NOT_FOUND, "source %" PRId64 " does not exist", id);
}

static code replay_messages(struct scope *scope, struct replay *replay) {
    code outcome = open_replay(scope, replay);

    replay->sink = collect_sink_new();
    if (outcome == OK)
        outcome = replay->row == 0 ? replay_all(scope, replay) : replay_single(scope, replay);
    collect_sink_free(replay->sink);
    if (replay->context.zone)
        zone_free(replay->context.zone);
    return outcome;
}

code collect_replay(struct scope *scope, int64_t sender_id, int64_t row,
                    struct import_tally *ret_tally) {
    struct replay replay = {.row = row};
    struct sender_list *list = NULL;
    code outcome;

    TRY(sender_list_read(scope, &list));
    outcome = find_sender(scope, list, sender_id, &replay.sender);
    if (outcome == OK && replay.sender->type == SENDER_WEBHOOK)
        outcome = quarantine_replay(scope, sender_id, NULL, &replay.tally);
    else if (outcome == OK)
        outcome = replay_messages(scope, &replay);
    sender_list_free(list);
    TRY(outcome);
    *ret_tally = replay.tally;
    return lake_refresh(scope);
}
