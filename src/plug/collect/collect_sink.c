// SPDX-License-Identifier: Apache-2.0
// Messages into the ledger: who, then the event, and only for an event that was not there, what it
// says beside.
#include "plug/collect/delivery.h"

#include "base/time.h"
#include "collect_sql.h"
#include "host/event/event.h"
#include "plug/collect/order.h"
#include "plug/collect/refusal.h"
#include "plug/tag/choice.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_TALLIES = 64 }; // counted together before they are written

static const int64_t hour_us = 3600 * US_PER_SECOND;

// Of a source in an hour.
struct tally {
    int64_t sender_id;
    struct sender_figures figures;
};

struct collect_sink {
    struct resolver *resolver;
    struct profiles *profiles;
    struct change_run events, consents;
    struct sale_writer *sales; // NULL: none was needed since the month began
    int64_t month, import_id;  // of this transaction; month -1: to be found out
    char currency[8];          // of orders that name none; of this transaction, empty: not read yet
    struct tally tallies[MOST_TALLIES];
    size_t tally_count;
};

struct collect_sink *collect_sink_new(void) {
    struct collect_sink *sink = calloc(1, sizeof(*sink));

    if (!sink)
        abort();
    sink->resolver = resolver_new();
    sink->profiles = profiles_new();
    sink->events = (struct change_run){.table = CHANGE_EVENT};
    sink->consents = (struct change_run){.table = CHANGE_CONSENT};
    sink->month = -1;
    return sink;
}

void collect_sink_free(struct collect_sink *sink) {
    if (!sink)
        return;
    resolver_free(sink->resolver);
    profiles_free(sink->profiles);
    sale_writer_free(sink->sales);
    free(sink);
}

void collect_sink_forget(struct collect_sink *sink) {
    resolver_forget(sink->resolver);
    profiles_forget(sink->profiles);
    sale_writer_free(TAKE(sink->sales));
    sink->events = (struct change_run){.table = CHANGE_EVENT};
    sink->consents = (struct change_run){.table = CHANGE_CONSENT};
    sink->month = -1;
    sink->tally_count = 0;
}

// ---- the transaction ----

static int64_t month_of(int64_t at_us) {
    int year, month, day;

    day_to_civil((int32_t)(at_us / US_PER_DAY), &year, &month, &day);
    return (int64_t)(year - 1970) * 12 + month - 1;
}

code collect_sink_begin(struct scope *scope, struct collect_sink *sink) {
    const int64_t month = month_of(scope->now_us);

    sink->currency[0] = '\0';
    TRY(resolver_begin(scope, sink->resolver));
    TRY(profiles_begin(scope, sink->profiles, store_is_shared(session_store(scope))));
    if (sink->month == month)
        return OK;
    sale_writer_free(TAKE(sink->sales));
    TRY(ledger_exec(scope, sql_collect_month_insert,
                    BINDS(BIND_INT64(month), BIND_INT64(store_new_id(scope)))));
    TRY(ledger_int64(scope, sql_collect_month_find, BINDS(BIND_INT64(month)), 0, &sink->import_id));
    sink->month = month;
    return OK;
}

static code write_tallies(struct scope *scope, struct collect_sink *sink) {
    for (size_t i = 0; i < sink->tally_count; i++)
        TRY(sender_count(scope, sink->tallies[i].sender_id, &sink->tallies[i].figures));
    sink->tally_count = 0;
    return OK;
}

code collect_sink_flush(struct scope *scope, struct collect_sink *sink) {
    TRY(write_tallies(scope, sink));
    TRY(change_run_announce(scope, &sink->consents));
    return change_run_announce(scope, &sink->events);
}

// Where the figures of a delivery add up: of its source, in the hour in which it came.
static struct tally *tally_of(struct collect_sink *sink, const struct delivery *delivery) {
    for (size_t i = 0; i < sink->tally_count; i++)
        if (sink->tallies[i].sender_id == delivery->sender_id &&
            sink->tallies[i].figures.last_at_us / hour_us == delivery->received_at_us / hour_us)
            return &sink->tallies[i];
    return NULL;
}

// What came of a delivery since `before`.
static code count(struct scope *scope, struct collect_sink *sink, const struct delivery *delivery,
                  struct delivery_counts before, int64_t bytes) {
    struct tally *tally = tally_of(sink, delivery);
    struct sender_figures *figures;

    if (!tally && sink->tally_count == MOST_TALLIES)
        TRY(write_tallies(scope, sink));
    if (!tally) {
        tally = &sink->tallies[sink->tally_count++];
        *tally = (struct tally){.sender_id = delivery->sender_id};
    }
    figures = &tally->figures;
    figures->accepted += delivery->counts.accepted - before.accepted;
    figures->duplicate += delivery->counts.duplicate - before.duplicate;
    figures->quarantined += delivery->counts.quarantined - before.quarantined;
    figures->marked += delivery->counts.marked - before.marked;
    figures->bytes += bytes;
    if (figures->last_at_us < delivery->received_at_us)
        figures->last_at_us = delivery->received_at_us;
    return OK;
}

// ---- one message ----

// What was kept apart already counts as sent again, by its event where there is one. Of an event
// that is taken each part is a row.
static code put_apart(struct scope *scope, struct delivery *delivery, const struct message *message,
                      const struct message_fault *fault, struct text raw, uint64_t raw_hash) {
    const uint64_t part = message->is_taken ? text_hash(text_of(fault->field)) * 37 : 0;
    const uint64_t hash = raw_hash ^ text_hash(message->key) * 31 ^ part;
    int64_t added;

    TRY(ledger_change(scope, sql_collect_quarantine,
                      BINDS(BIND_INT64(delivery->sender_id), BIND_INT64((int64_t)(hash >> 1)),
                            BIND_STRING(fault->reason), BIND_STRING(fault->field),
                            BIND_STRING(fault->message), BIND_TEXT(raw),
                            BIND_INT64(delivery->received_at_us), BIND_INT64(message->is_taken),
                            BIND_INT64(message - delivery->messages + 1)),
                      &added));
    if (!message->is_taken) {
        delivery->counts.quarantined += added;
        delivery->counts.duplicate += added == 0;
    }
    return OK;
}

static code put_parts_apart(struct scope *scope, struct delivery *delivery,
                            const struct message *message, size_t first) {
    for (size_t i = first; i < message->part_count; i++)
        TRY(put_apart(scope, delivery, message, &message->parts[i], message->raw,
                      message->raw_hash));
    return OK;
}

// What turns out to be wrong only here: the message is told again as it was read. What comes out of
// quarantine keeps its row there for the first thing that is wrong.
static code put_apart_late(struct scope *scope, struct delivery *delivery, struct message *message,
                           struct message_fault fault) {
    const bool has_row = delivery->is_replay && (message->is_duplicate || !message_wrong(message));
    struct text raw;

    message->late_fault = fault;
    if (has_row)
        return OK;
    TRY(message_retell(scope, message, delivery->is_exempt, &raw));
    return put_apart(scope, delivery, message, &fault, raw, text_hash(text_of(fault.reason)));
}

// An alias names two ids of one person; what it may join is the resolver's to say.
static code resolve(struct scope *scope, struct collect_sink *sink, const struct delivery *delivery,
                    const struct message *message, struct resolution *ret_resolution) {
    struct sighting sighting = {.identifiers = message->identifiers,
                                .count = message->identifier_count,
                                .import_id = sink->import_id,
                                .seen_at_us = message->at_us,
                                .source = delivery->sender_name,
                                .reason = message_type_names[message->type]};

    if (sighting.count > 1)
        sighting.evidence = text_printf(&scope->arena, "%.*s message %.*s",
                                        TEXT_ARG(delivery->sender_name), TEXT_ARG(message->key));
    return message->type == MESSAGE_ALIAS && sighting.count > 1
               ? resolver_alias(scope, sink->resolver, &sighting, ret_resolution)
               : resolver_resolve(scope, sink->resolver, &sighting, ret_resolution);
}

// What cannot be kept of a customer (a birthday out of range) is no reason to lose the event.
static code put_traits(struct scope *scope, struct collect_sink *sink, struct delivery *delivery,
                       struct message *message, int64_t origin) {
    enum profile_effect effect;

    if (message->trait_count == 0)
        return OK;
    if (profiles_put_customer(scope, sink->profiles, origin, sink->import_id, SAID_OF_IT,
                              message->traits, message->trait_count, &effect) == OK)
        return OK;
    if (scope->failure.code != INVALID)
        return scope->failure.code;
    scope_forgive(scope);
    return put_apart_late(scope, delivery, message,
                          (struct message_fault){.reason = "bad_trait",
                                                 .field = "traits",
                                                 .message = "a trait cannot be kept"});
}

// In the sink's own memory: the arena is rewound after each message.
static code find_currency(struct scope *scope, struct collect_sink *sink,
                          struct text *ret_currency) {
    struct settings settings;

    if (sink->currency[0] == '\0') {
        TRY(settings_load(scope, &settings));
        snprintf(sink->currency, sizeof(sink->currency), "%.*s", TEXT_ARG(settings.currency));
    }
    *ret_currency = text_of(sink->currency);
    return OK;
}

// What cannot be a sale, or change one, is kept apart; the event is taken.
static code put_order(struct scope *scope, struct collect_sink *sink, struct delivery *delivery,
                      struct message *message, const struct event_row *row) {
    struct order_context context = {.profiles = sink->profiles,
                                    .import_id = sink->import_id,
                                    .source = row->source,
                                    .channel = row->channel,
                                    .at_us = row->at_us,
                                    .identifier_id = row->identifier_id,
                                    .origin = row->origin};
    struct message_fault fault = {0};

    if (!message->order)
        return OK;
    TRY(find_currency(scope, sink, &context.currency));
    if (!sink->sales)
        sink->sales = sale_writer_new(sink->import_id, false);
    context.sales = sink->sales;
    TRY(order_write(scope, &context, message->order, &fault));
    return fault.reason ? put_apart_late(scope, delivery, message, fault) : OK;
}

// An answer to words that were never shown is no consent, and none is inferred from it.
static code put_choice(struct scope *scope, struct collect_sink *sink, struct delivery *delivery,
                       struct message *message, const struct resolution *resolution) {
    const struct tag_choice choice = {.sender_id = delivery->sender_id,
                                      .source = delivery->sender_name,
                                      .key = message->key,
                                      .identifier_id = resolution->identifier_id,
                                      .origin = resolution->origin,
                                      .at_us = message->at_us,
                                      .properties = message->properties};

    if (tag_choice_put(scope, &sink->consents, sink->import_id, &choice) == OK)
        return OK;
    if (scope->failure.code != INVALID && scope->failure.code != NOT_FOUND)
        return scope->failure.code;
    scope_forgive(scope);
    return put_apart_late(
        scope, delivery, message,
        (struct message_fault){.reason = "bad_choice",
                               .field = "text_version",
                               .message = "this answers no words that were published"});
}

static code put_beside(struct scope *scope, struct collect_sink *sink, struct delivery *delivery,
                       struct message *message, const struct event_row *row,
                       const struct resolution *resolution) {
    if (message->is_choice)
        TRY(put_choice(scope, sink, delivery, message, resolution));
    TRY(put_traits(scope, sink, delivery, message, resolution->origin));
    return put_order(scope, sink, delivery, message, row);
}

// The products it is about are made known before it.
static code find_row(struct scope *scope, struct collect_sink *sink,
                     const struct delivery *delivery, const struct message *message,
                     const struct resolution *resolution, struct event_row *ret_row) {
    const struct order_context catalogue = {.profiles = sink->profiles,
                                            .import_id = sink->import_id};

    *ret_row = (struct event_row){.source = delivery->sender_name,
                                  .key = message->key,
                                  .identifier_id = resolution->identifier_id,
                                  .origin = resolution->origin,
                                  .at_us = message->at_us,
                                  .name = message->name,
                                  .channel = message->channel,
                                  .direction = TEXT("in"),
                                  .campaign = message->campaign,
                                  .properties = message->properties};
    if (!message->subject)
        return OK;
    ret_row->coupon = message->subject->coupon;
    return order_put_subject(scope, &catalogue, message->subject, &ret_row->product_id,
                             &ret_row->product_ids);
}

// Of a device that refused its purpose before, nothing is kept: no event, no identifier, nothing in
// quarantine. A site that counts without consent asks for none.
static code forget_refused(struct scope *scope, struct delivery *delivery,
                           struct message *message) {
    message->is_forgotten = false; // as above
    if (!delivery->asks || delivery->is_exempt)
        return OK;
    TRY(refusal_find(scope, delivery, message, &message->is_forgotten));
    delivery->counts.forgotten += message->is_forgotten;
    return OK;
}

static code take_message(struct scope *scope, struct collect_sink *sink, struct delivery *delivery,
                         struct message *message) {
    struct resolution resolution;
    struct event_row row;
    bool is_added;

    message->late_fault = (struct message_fault){0}; // of an attempt that was taken back
    TRY(forget_refused(scope, delivery, message));
    if (message->is_forgotten)
        return OK;
    if (!message->is_taken)
        return put_apart(scope, delivery, message, &message->fault, message->raw,
                         message->raw_hash);
    TRY(resolve(scope, sink, delivery, message, &resolution));
    TRY(find_row(scope, sink, delivery, message, &resolution, &row));
    TRY(event_put(scope, &sink->events, sink->import_id, &row, &is_added));
    message->is_duplicate = !is_added;
    delivery->counts.accepted += is_added;
    delivery->counts.duplicate += !is_added;
    if (!is_added)
        return OK;
    TRY(put_parts_apart(scope, delivery, message, 0));
    TRY(put_beside(scope, sink, delivery, message, &row, &resolution));
    delivery->counts.marked += message_wrong(message) != NULL;
    return OK;
}

// What was kept apart of an event that is there. What is wrong with it still says so by itself.
static code put_part(struct scope *scope, struct collect_sink *sink, struct delivery *delivery,
                     struct message *message, const struct event_row *row,
                     const struct resolution *resolution, struct text field) {
    if (message_wrong_part(message, field) || text_is(field, "properties"))
        return OK;
    if (text_is(field, "traits"))
        return put_traits(scope, sink, delivery, message, resolution->origin);
    return message->is_choice ? put_choice(scope, sink, delivery, message, resolution)
                              : put_order(scope, sink, delivery, message, row);
}

code collect_sink_try_again(struct scope *scope, struct collect_sink *sink,
                            struct delivery *delivery, struct text field) {
    struct message *message = delivery->messages;
    struct resolution resolution;
    struct event_row row;
    bool is_added;

    if (!message->is_taken)
        return OK;
    TRY(profiles_outdate_others(scope, sink->profiles)); // the collector's, in the same month
    TRY(resolve(scope, sink, delivery, message, &resolution));
    TRY(find_row(scope, sink, delivery, message, &resolution, &row));
    TRY(event_put(scope, &sink->events, sink->import_id, &row, &is_added));
    message->is_duplicate = !is_added;
    if (is_added) {
        TRY(put_beside(scope, sink, delivery, message, &row, &resolution));
        return put_parts_apart(scope, delivery, message, 1);
    }
    return field.size > 0 ? put_part(scope, sink, delivery, message, &row, &resolution, field) : OK;
}

code collect_sink_take_some(struct scope *scope, struct collect_sink *sink,
                            struct delivery *delivery, size_t first, size_t end) {
    const struct delivery_counts before = delivery->counts;

    for (size_t i = first; i < end; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        const code result = take_message(scope, sink, delivery, &delivery->messages[i]);

        arena_rewind(&scope->arena, mark);
        TRY(result);
    }
    return count(scope, sink, delivery, before, first == 0 ? delivery->bytes : 0);
}

// The reasons are code_info's names.
code collect_sink_put_apart(struct scope *scope, struct collect_sink *sink,
                            struct delivery *delivery, size_t index, code reason) {
    const struct delivery_counts before = delivery->counts;
    struct message *message = &delivery->messages[index];
    const struct message_fault fault = {.reason = code_info(reason)->name,
                                        .field = "",
                                        .message = "the ledger cannot keep this message"};

    if (message->is_taken) {
        message->is_taken = false;
        TRY(put_apart_late(scope, delivery, message, fault));
    } else { // it was tried: what it says may be what cannot be kept
        message->late_fault = fault;
        TRY(put_apart(scope, delivery, message, &fault, TEXT("{}"),
                      text_hash(text_of(fault.reason))));
    }
    return count(scope, sink, delivery, before, index == 0 ? delivery->bytes : 0);
}

code collect_sink_take(struct scope *scope, struct collect_sink *sink, struct delivery *delivery) {
    delivery->counts = (struct delivery_counts){0};
    return collect_sink_take_some(scope, sink, delivery, 0, delivery->message_count);
}
