// SPDX-License-Identifier: Apache-2.0
#include "plug/collect/replay.h"

#include "plug/collect/collect_testing.h"
#include "plug/sender/sender.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <unistd.h>

#define JSON(...) TEXT(#__VA_ARGS__)

static void change_schema(struct scope *scope, const char *schema) {
    struct sender sender;

    CHECK_OK(sender_find(scope, TEXT("shop"), &sender));
    sender.schema = text_of(schema);
    sender.schema_policy = SCHEMA_QUARANTINE;
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sender_change(scope, &sender)));
    sleep(1);
}

static void send_batch(struct scope *scope, const struct test_collection *shop, struct text batch) {
    CHECK_INT(test_collect_send(scope, shop, "/v1/batch", batch).status, 200);
}

static struct import_tally replay(struct scope *scope, const struct test_collection *shop) {
    struct import_tally tally = {0};

    CHECK_OK(collect_replay(scope, shop->sender_id, 0, &tally));
    return tally;
}

// accepted | duplicate | quarantined | marked, and whether these are all that came.
static const char *figures(struct scope *scope) {
    return test_ledger_rows(scope, "SELECT sum(accepted_count), sum(duplicate_count), "
                                   "sum(quarantined_count), sum(marked_count) FROM sender_hour");
}

static int64_t waiting_row(struct scope *scope) {
    int64_t row = 0;

    CHECK(text_to_int64(
        text_of(test_ledger_rows(scope, "SELECT row FROM quarantine WHERE state = 'waiting'")),
        &row));
    return row;
}

TEST(what_a_schema_kept_apart_is_taken_when_the_schema_is_changed) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    const struct text bought = JSON({
        "sentAt" : "2026-03-01T10:00:10Z",
        "context" : {"campaign" : {"name" : "spring"}},
        "batch" : [ {
            "type" : "track",
            "userId" : "u",
            "event" : "Bought",
            "timestamp" : "2026-03-01T10:00:00Z",
            "context" : {"traits" : {"email" : "ann@example.org"}},
            "properties" : {"price" : "3"}
        } ]
    });
    struct import_tally tally;
    const char *at;

    change_schema(scope, "{\"Bought\":{\"properties\":{\"price\":{\"type\":\"number\"}}}}");
    send_batch(scope, shop, bought);
    send_batch(scope, shop, bought); // is known, whenever it is sent
    CHECK_STRING(figures(scope), "0|1|1|0");
    tally = replay(scope, shop);
    CHECK_INT(tally.read, 1);
    CHECK_INT(tally.quarantined, 1);
    at = test_ledger_rows(scope, "SELECT received_at_us - 10000000 FROM quarantine");
    change_schema(scope, "{}");
    tally = replay(scope, shop);
    CHECK_INT(tally.accepted, 1);
    CHECK_STRING(figures(scope), "1|1|0|0");
    CHECK_STRING(test_ledger_rows(scope, "SELECT at_us FROM event"), at);
    CHECK_STRING(test_ledger_rows(scope, "SELECT name, campaign FROM event"), "Bought|spring");
    CHECK_STRING(test_ledger_rows(scope, "SELECT value FROM identifier ORDER BY 1"),
                 "ann@example.org\nu");
    CHECK_STRING(test_ledger_rows(scope, "SELECT state FROM quarantine"), "replayed");
    CHECK_INT(replay(scope, shop).read, 0);
    send_batch(scope, shop, bought);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event"), "1");
}

TEST(a_single_event_that_does_not_fit_is_kept_apart_and_not_refused) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    const struct text event = JSON({"userId" : "u", "event" : "Bought"});

    change_schema(scope, "{\"Bought\":{\"required\":[\"price\"]}}");
    CHECK_INT(test_collect_send(scope, shop, "/v1/track", event).status, 200);
    CHECK_STRING(figures(scope), "0|0|1|0");
}

TEST(a_message_is_mended_and_taken_and_another_is_given_up) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    struct import_tally tally;
    int64_t row, count;

    send_batch(scope, shop, JSON({"batch" : [ {"type" : "what", "userId" : "a"} ]}));
    row = waiting_row(scope);
    CHECK_OK(
        quarantine_fix(scope, shop->sender_id, row, TEXT("{\"type\":\"page\",\"userId\":\"a\"}")));
    CHECK_OK(collect_replay(scope, shop->sender_id, row, &tally));
    CHECK_INT(tally.accepted, 1);
    CHECK_CODE(collect_replay(scope, shop->sender_id, row, &tally), NOT_FOUND);
    scope_forgive(scope);
    send_batch(scope, shop, JSON({"batch" : [ {"type" : "page"} ]}));
    row = waiting_row(scope);
    CHECK_OK(quarantine_fix(scope, shop->sender_id, row, TEXT("no JSON at all")));
    CHECK_INT(replay(scope, shop).quarantined, 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason FROM quarantine WHERE state = 'waiting'"),
                 "json");
    CHECK_OK(quarantine_discard(scope, shop->sender_id, row, &count));
    CHECK_INT(count, 1);
    CHECK_INT(replay(scope, shop).read, 0);
    CHECK_STRING(figures(scope), "1|0|1|0");
}

TEST(a_cancellation_that_came_before_its_order_is_tried_again) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    struct import_tally tally;

    send_batch(scope, shop, JSON({
                   "batch" : [ {
                       "type" : "track",
                       "userId" : "u",
                       "messageId" : "c",
                       "event" : "Order Cancelled",
                       "properties" : {"order_id" : "7"}
                   } ]
               }));
    CHECK_STRING(figures(scope), "1|0|0|1");
    CHECK_INT(replay(scope, shop).quarantined, 1);
    send_batch(scope, shop, JSON({
                   "batch" : [ {
                       "type" : "track",
                       "userId" : "u",
                       "messageId" : "o",
                       "event" : "Order Completed",
                       "properties" : {"order_id" : "7", "total" : 9}
                   } ]
               }));
    tally = replay(scope, shop);
    CHECK_INT(tally.accepted, 1);
    CHECK_STRING(test_lake_rows(scope, "SELECT kind, gross_micros FROM sale ORDER BY kind"),
                 "adjustment|-9000000\nsale|9000000");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event"), "2");
    CHECK_STRING(figures(scope), "2|0|0|1");
}

static void say_city(struct scope *scope, const struct test_collection *shop, const char *id,
                     const char *city, const char *also) {
    send_batch(scope, shop,
               text_printf(&scope->arena,
                           "{\"batch\":[{\"type\":\"identify\",\"messageId\":\"%s\","
                           "\"userId\":\"u\",\"traits\":{\"city\":\"%s\"%s}}]}",
                           id, city, also));
}

TEST(a_trait_said_again_after_an_older_message_was_replayed_counts_again) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);

    say_city(scope, shop, "old", "Bonn", ",\"points\":9"); // which a public key may not give
    say_city(scope, shop, "1", "Berlin", "");
    CHECK_OK(quarantine_fix(scope, shop->sender_id, waiting_row(scope),
                            TEXT("{\"type\":\"identify\",\"messageId\":\"old\",\"userId\":"
                                 "\"u\",\"traits\":{\"city\":\"Bonn\"}}")));
    CHECK_INT(replay(scope, shop).accepted, 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT city FROM customer"), "Bonn");
    say_city(scope, shop, "2", "Berlin", "");
    CHECK_STRING(test_ledger_rows(scope, "SELECT city FROM customer"), "Berlin");
}

TEST(a_trait_that_a_public_key_may_not_say_is_left_out_by_mending) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);
    const struct text raw = TEXT("{\"type\":\"identify\",\"messageId\":\"i\",\"userId\":\"u\","
                                 "\"traits\":{\"firstName\":\"Ann\",\"city\":\"Bonn\"}}");

    send_batch(scope, shop, JSON({
                   "batch" : [ {
                       "type" : "identify",
                       "messageId" : "i",
                       "userId" : "u",
                       "traits" : {"firstName" : "Ann", "points" : 9}
                   } ]
               }));
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason, is_part FROM quarantine"),
                 "protected_trait|1");
    CHECK_INT(replay(scope, shop).quarantined, 1);
    CHECK_OK(quarantine_fix(scope, shop->sender_id, waiting_row(scope), raw));
    CHECK_INT(replay(scope, shop).accepted, 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT given_name, city FROM customer"), "Ann|Bonn");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event"), "1");
    CHECK_STRING(figures(scope), "1|0|0|1");
}
