// SPDX-License-Identifier: Apache-2.0
#include "plug/inbound/hook.h"

#include "base/time.h"
#include "plug/sender/sender.h"
#include "store/ledger.h"
#include "store/setting.h"
#include "store/store_testing.h"

#include <inttypes.h>

#define EVENTS                                                                                     \
    "{\"kind\": \"events\", \"source\": \"x\", \"fields\": {\"event\": \"type\", \"at\": "         \
    "\"data.at\", \"email\": \"data.customer.email\", \"id\": \"id\", \"properties\": "            \
    "\"_extra\"}}"

struct caller {
    struct hook hook;
    struct text secret;
    int64_t number; // of messages sent
};

static struct mapping mapping_of(struct scope *scope, const char *text) {
    struct mapping mapping = {0};
    struct json *json;

    CHECK_OK(json_parse(scope, text_of(text), &json));
    CHECK_OK(mapping_read(scope, json, &mapping));
    return mapping;
}

static struct caller make(struct scope *scope, enum signature_scheme scheme, const char *mapping) {
    const struct hook_choices choices = {
        .name = TEXT("payments"), .scheme = scheme, .mapping = mapping_of(scope, mapping)};
    struct caller caller = {0};

    test_store_in_folder(scope);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, hook_add(scope, &choices, &caller.hook, &caller.secret)));
    return caller;
}

static struct signed_message sign(struct scope *scope, struct caller *caller, const char *body) {
    struct signed_message message = {
        .id = text_printf(&scope->arena, "msg_%" PRId64, ++caller->number),
        .timestamp = text_printf(&scope->arena, "%" PRId64, scope->now_us / US_PER_SECOND),
        .body = text_of(body)};
    const struct text signature =
        signature_make(&scope->arena, caller->hook.scheme, caller->secret, &message);

    if (caller->hook.scheme == SIGNATURE_STRIPE)
        message.stripe = signature;
    else
        message.signature = signature;
    return message;
}

static code deliver(struct scope *scope, struct caller *caller,
                    const struct signed_message *message, struct import_tally *ret_tally) {
    struct hook_receipt receipt = {0};

    scope_forgive(scope);
    TRY(hook_receive(scope, caller->hook.handle, message, &receipt));
    CHECK(!receipt.was_taken_before);
    *ret_tally = receipt.tally;
    return OK;
}

static bool is_known(struct scope *scope, struct caller *caller,
                     const struct signed_message *message) {
    struct hook_receipt receipt;

    CHECK_OK(hook_receive(scope, caller->hook.handle, message, &receipt));
    CHECK_INT(receipt.tally.read, 0);
    return receipt.was_taken_before;
}

static struct import_tally send(struct scope *scope, struct caller *caller, const char *body) {
    const struct signed_message message = sign(scope, caller, body);
    struct import_tally tally = {0};

    CHECK_OK(deliver(scope, caller, &message, &tally));
    return tally;
}

TEST(a_signed_message_becomes_an_event_of_its_customer) {
    struct caller caller = make(scope, SIGNATURE_STANDARD, EVENTS);
    const struct import_tally tally =
        send(scope, &caller,
             "{\"id\": \"evt_1\", \"type\": \"charge.succeeded\",\n \"data\": {\"at\": "
             "\"2026-03-01T10:00:00Z\", \"amount\": 725,\n \"customer\": {\"email\": "
             "\"Anna@example.org\"}}}");

    CHECK_INT(tally.accepted, 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT e.source, e.event_key, e.name, e.properties,"
                                         " i.value FROM event e"
                                         " JOIN identifier i ON i.id = e.identifier_id"),
                 "payments|evt_1|charge.succeeded|{\"data.amount\":725}|anna@example.org");
    CHECK_STRING(test_ledger_rows(scope, "SELECT accepted_count FROM sender_hour"), "1");
}

TEST(what_is_unsigned_late_or_unknown_is_refused_and_what_is_repeated_changes_nothing) {
    struct caller caller = make(scope, SIGNATURE_STANDARD, EVENTS);
    const char *body = "{\"id\": \"evt_1\", \"type\": \"x\", \"data\": {\"at\": "
                       "\"2026-03-01T10:00:00Z\"}}";
    const struct signed_message message = sign(scope, &caller, body);
    struct signed_message unsigned_one = message;
    struct hook_receipt receipt;
    struct import_tally tally;

    unsigned_one.signature = TEXT("");
    CHECK_CODE(deliver(scope, &caller, &unsigned_one, &tally), UNAUTHENTICATED);
    scope_forgive(scope);
    CHECK_CODE(hook_receive(scope, TEXT("nowhere"), &message, &receipt), NOT_FOUND);
    scope->now_us += (SIGNATURE_WINDOW_S + 1) * US_PER_SECOND;
    CHECK_CODE(deliver(scope, &caller, &message, &tally), UNAUTHENTICATED);
    scope->now_us -= (SIGNATURE_WINDOW_S + 1) * US_PER_SECOND;
    CHECK_STRING(test_ledger_rows(scope, "SELECT id FROM event"), "");
    CHECK_STRING(test_ledger_rows(scope, "SELECT message_key FROM hook_message"), "");
    CHECK_OK(deliver(scope, &caller, &message, &tally));
    CHECK(is_known(scope, &caller, &message));
    CHECK_STRING(test_ledger_rows(scope, "SELECT event_key FROM event"), "evt_1");
    CHECK_STRING(test_ledger_rows(scope, "SELECT accepted_count, duplicate_count FROM sender_hour"),
                 "1|1");
    // The same told anew, with a signature of its own, is nothing new.
    tally = send(scope, &caller, body);
    CHECK_INT(tally.duplicate, 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT event_key FROM event"), "evt_1");
}

TEST(a_message_signed_anew_is_known_for_as_many_days_as_the_setting_says) {
    struct caller caller = make(scope, SIGNATURE_STANDARD, EVENTS);
    const char *body = "{\"id\": \"e\", \"type\": \"x\", \"data\": {\"at\": \"2026-03-01\"}}";
    const struct signed_message first = sign(scope, &caller, body);
    struct import_tally tally;
    struct signed_message again;

    CHECK_OK(deliver(scope, &caller, &first, &tally));
    scope->now_us += 6 * US_PER_DAY;
    CHECK_CODE(deliver(scope, &caller, &first, &tally), UNAUTHENTICATED);
    scope_forgive(scope);
    caller.number--;
    again = sign(scope, &caller, body);
    CHECK(is_known(scope, &caller, &again));
    send(scope, &caller, "{\"id\": \"f\", \"type\": \"x\", \"data\": {\"at\": \"2026-03-01\"}}");
    CHECK_STRING(test_ledger_rows(scope, "SELECT message_key FROM hook_message ORDER BY 1"),
                 "msg_1\nmsg_2");
    CHECK_CODE(setting_set(scope, TEXT("webhook_memory_days"), TEXT("31")), INVALID);
    scope_forgive(scope);
    CHECK_OK(setting_set(scope, TEXT("webhook_memory_days"), TEXT("5")));
    send(scope, &caller, "{\"id\": \"g\", \"type\": \"x\", \"data\": {\"at\": \"2026-03-01\"}}");
    CHECK_STRING(test_ledger_rows(scope, "SELECT message_key FROM hook_message ORDER BY 1"),
                 "msg_2\nmsg_3");
}

TEST(a_message_of_stripe_is_known_by_its_signature) {
    struct caller caller = make(scope, SIGNATURE_STRIPE, EVENTS);
    const struct signed_message message = sign(
        scope, &caller, "{\"id\": \"evt_1\", \"type\": \"x\", \"data\": {\"at\": 1772359200}}");
    struct import_tally tally;

    CHECK_OK(deliver(scope, &caller, &message, &tally));
    CHECK_INT(tally.accepted, 1);
    CHECK(is_known(scope, &caller, &message));
    CHECK_STRING(test_ledger_rows(scope, "SELECT at_us FROM event"), "1772359200000000");
}

TEST(what_cannot_be_read_waits_in_quarantine_and_is_taken_with_a_better_mapping) {
    struct caller caller = make(scope, SIGNATURE_STANDARD, EVENTS);
    struct mapping better;
    struct import_tally tally;

    CHECK_INT(send(scope, &caller, "{\"id\": \"e1\", \"type\": \"x\", \"when\": \"2026-03-01\"}")
                  .quarantined,
              1);
    CHECK_INT(send(scope, &caller, "no JSON at all").quarantined, 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT row, reason, field FROM quarantine ORDER BY row"),
                 "1|missing|at\n2|json|");
    better = mapping_of(scope, "{\"kind\": \"events\", \"source\": \"x\", \"fields\": {\"event\": "
                               "\"type\", \"at\": \"when\", \"id\": \"id\"}}");
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, hook_remap(scope, TEXT("payments"), &better)));
    CHECK_OK(quarantine_replay(scope, caller.hook.id, NULL, &tally));
    CHECK_INT(tally.accepted, 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT event_key FROM event"), "e1");
    CHECK_STRING(test_ledger_rows(scope, "SELECT read_count, accepted_count, quarantined_count"
                                         " FROM import"),
                 "2|1|1");
}

TEST(an_array_is_several_objects_and_the_time_of_arrival_can_stand_for_theirs) {
    struct caller caller =
        make(scope, SIGNATURE_STANDARD,
             "{\"kind\": \"events\", \"source\": \"x\", \"fields\": {\"event\": \"e\", \"at\": "
             "\"_received_at\", \"id\": [\"_message_id\", \"n\"]}}");

    CHECK_INT(send(scope, &caller,
                   "[{\"e\": \"a\", \"n\": 1}, {\"e\": \"b\", \"n\": 2, "
                   "\"_received_at\": \"1999-01-01\"}]")
                  .accepted,
              2);
    CHECK_STRING(test_ledger_rows(scope, "SELECT event_key, name FROM event ORDER BY event_key"),
                 "msg_1 1|a\nmsg_1 2|b");
    CHECK_STRING(test_ledger_rows(scope, "SELECT id FROM event WHERE at_us < 946684800000000"), "");
}

TEST(a_new_secret_counts_beside_the_old_one_for_a_while) {
    struct caller caller = make(scope, SIGNATURE_STANDARD, EVENTS);
    const char *body = "{\"id\": \"e\", \"type\": \"x\", \"data\": {\"at\": \"2026-03-01\"}}";
    struct caller with_new = caller;
    struct signed_message message;
    struct import_tally tally;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(
        ledger_end(scope, hook_rotate(scope, TEXT("payments"), TEXT(""), 60, &with_new.secret)));
    CHECK(!text_equal(caller.secret, with_new.secret));
    send(scope, &caller, body);
    with_new.number = 10;
    send(scope, &with_new, body);
    scope->now_us += 61 * US_PER_SECOND;
    message = sign(scope, &caller, body);
    CHECK_CODE(deliver(scope, &caller, &message, &tally), UNAUTHENTICATED);
    with_new.number = 20;
    scope_forgive(scope);
    send(scope, &with_new, body);
    // Sealed: neither stands in the ledger.
    CHECK(!strstr(test_ledger_rows(scope, "SELECT secret, old_secret FROM hook"), "whsec_"));
    CHECK_STRING(test_ledger_rows(scope, "SELECT action FROM audit ORDER BY id"),
                 "source.create\nwebhook.create\nwebhook.rotate_secret");
}

TEST(a_webhook_that_is_switched_off_takes_nothing) {
    struct caller caller = make(scope, SIGNATURE_STANDARD, EVENTS);
    const struct signed_message message = sign(scope, &caller, "{}");
    struct import_tally tally;
    struct sender sender;

    CHECK_OK(sender_find(scope, TEXT("payments"), &sender));
    sender.is_enabled = false;
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sender_change(scope, &sender)));
    CHECK_CODE(deliver(scope, &caller, &message, &tally), NOT_FOUND);
}
