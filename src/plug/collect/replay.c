// SPDX-License-Identifier: Apache-2.0
#include "plug/collect/replay.h"

#include "base/progress.h"
#include "base/time.h"
#include "collect_sql.h"
#include "plug/collect/delivery.h"
#include "plug/sender/schema.h"
#include "store/job.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

enum { REPLAY_BATCH = 200 }; // messages of one transaction

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
    TRY(collect_sink_try_again(scope, replay->sink, &delivery,
                               kept->is_part ? kept->field : TEXT("")));
    return settle(scope, replay, kept, &message);
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

// The place of a message among those of its source, which are tried in the order they came: of the
// same request, in the order they stood in it.
struct place {
    int64_t received_at_us, line, row;
};

static code replay_places(struct scope *scope, struct replay *replay, const struct place *places,
                          size_t count) {
    TRY(collect_sink_begin(scope, replay->sink));
    for (size_t i = 0; i < count; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);

        TRY(replay_if_waiting(scope, replay, places[i].row));
        arena_rewind(&scope->arena, mark);
    }
    return collect_sink_flush(scope, replay->sink);
}

// A message that the ledger refuses waits on. What was begun is taken back with its transaction, so
// that the others with it are tried one by one.
static code replay_in_transaction(struct scope *scope, struct replay *replay,
                                  const struct place *places, size_t count) {
    const struct import_tally before = replay->tally;
    code outcome;

    TRY(scope_check(scope));
    TRY(ledger_begin(scope));
    outcome = ledger_end(scope, replay_places(scope, replay, places, count));
    if (outcome == OK)
        return OK;
    collect_sink_forget(replay->sink);
    if (!is_of_a_message(outcome))
        return outcome;
    scope_forgive(scope);
    replay->tally = before;
    if (count == 1) {
        replay->tally.read++;
        replay->tally.quarantined++;
    }
    for (size_t i = 0; count > 1 && i < count; i++)
        TRY(replay_in_transaction(scope, replay, &places[i], 1));
    return OK;
}

// ---- all of them ----

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
        if (count == 0)
            break;
        TRY(replay_in_transaction(scope, replay, places, count));
        progress_report(scope->progress, "trying again", replay->tally.read, 0, "messages");
        after = places[count - 1];
    } while (count == REPLAY_BATCH);
    return OK;
}

static code replay_single(struct scope *scope, struct replay *replay) {
    const struct place place = {.row = replay->row};

    TRY(replay_in_transaction(scope, replay, &place, 1));
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

// ---- the job ----

code collect_replay_start(struct scope *scope, const struct sender *sender, int64_t row,
                          int64_t *ret_job_id) {
    const struct text title =
        text_printf(&scope->arena, "Try again what %.*s sent", TEXT_ARG(sender->name));
    const struct text parameters = text_printf(
        &scope->arena, "{\"source\":\"%" PRId64 "\",\"row\":\"%" PRId64 "\"}", sender->id, row);

    return job_create(scope, "source_replay", title, parameters, ret_job_id);
}

struct replay_parameters {
    struct text source, row;
};

code collect_replay_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                        struct json_writer *result) {
    static const struct json_field fields[] = {
        {"source", JSON_FIELD_TEXT, offsetof(struct replay_parameters, source), true, NULL, NULL},
        {"row", JSON_FIELD_TEXT, offsetof(struct replay_parameters, row), true, NULL, NULL},
    };
    struct replay_parameters wanted;
    struct import_tally tally;
    int64_t sender_id = 0, row = 0;

    (void)job_id;
    TRY(json_read_record(scope, parameters, fields, sizeof(fields) / sizeof(*fields), &wanted));
    if (!text_to_int64(wanted.source, &sender_id) || !text_to_int64(wanted.row, &row))
        return scope_fail(scope, INTERNAL, "the job does not say what to try again");
    TRY(collect_replay(scope, sender_id, row, &tally));
    json_begin_object(result);
    json_key(result, "tried");
    json_write_int64(result, tally.read);
    json_key(result, "accepted");
    json_write_int64(result, tally.accepted);
    json_key(result, "duplicate");
    json_write_int64(result, tally.duplicate);
    json_key(result, "quarantined");
    json_write_int64(result, tally.quarantined);
    json_end_object(result);
    return OK;
}
