// SPDX-License-Identifier: Apache-2.0
// What is sent and what stands in the ledger then, over the network.
#include "plug/collect/collect_testing.h"

#include "base/time.h"
#include "store/ledger.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
#include <zlib.h>

#define JSON(...) TEXT(#__VA_ARGS__)

static bool holds(struct text text, const char *what) {
    return text.size > 0 && memmem(text.data, text.size, what, strlen(what));
}

static int send_to(struct scope *scope, const struct test_collection *collection, const char *path,
                   struct text body) {
    return test_collect_send(scope, collection, path, body).status;
}

TEST(an_event_is_in_the_ledger_when_it_is_answered) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);
    const struct test_answer answer = test_collect_send(scope, shop, "/v1/track", JSON({
                                                            "userId" : "u1",
                                                            "event" : "Clicked",
                                                            "messageId" : "m1",
                                                            "timestamp" : "2020-01-02T03:04:05Z",
                                                            "properties" : {"colour" : "red"}
                                                        }));

    CHECK_INT(answer.status, 200);
    CHECK(text_is(test_field(&answer, "Access-Control-Allow-Origin"), "*"));
    CHECK_STRING(test_ledger_rows(scope,
                                  "SELECT source, event_key, at_us, name, channel, properties, "
                                  "(SELECT value FROM identifier i WHERE i.id = e.identifier_id) "
                                  "FROM event e"),
                 "shop|m1|1577934245000000|Clicked|web|{\"colour\":\"red\"}|u1");
}

TEST(what_is_sent_again_changes_nothing) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    const struct text batch = JSON({
        "batch" : [
            {"type" : "track", "userId" : "a", "event" : "x", "messageId" : "1"},
            {"type" : "page", "anonymousId" : "b"}
        ]
    });
    struct test_answer answer = test_collect_send(scope, shop, "/v1/batch", batch);

    CHECK(holds(answer.body, "\"accepted\":2,\"duplicates\":0"));
    answer = test_collect_send(scope, shop, "/v1/batch", batch);
    CHECK_INT(answer.status, 200);
    CHECK(holds(answer.body, "\"accepted\":0,\"duplicates\":2"));
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event"), "2");
    CHECK_STRING(test_ledger_rows(scope, "SELECT accepted_count, duplicate_count, last_at_us > 0 "
                                         "FROM sender_hour"),
                 test_ledger_rows(scope, "SELECT 2, 2, 0 < 1"));
}

TEST(statuses_are_those_of_the_documentation) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);
    static const struct {
        const char *path, *body;
        int status;
    } cases[] = {
        {"/v1/track", "{\"userId\": \"a\", \"event\": \"x\"}", 200},
        {"/v1/track", "{\"event\": \"x\"}", 400},
        {"/v1/track", "{\"userId\": \"null\", \"event\": \"x\"}", 400},
        {"/v1/track", "{\"userId\": \"a\"}", 400},
        {"/v1/track", "{\"userId\": \"a\", \"event\": \"x\"", 400},
        {"/v1/track", "[]", 400},
        {"/v1/track", "", 400},
        {"/v1/track", "{\"userId\": \"a\", \"userId\": \"b\", \"event\": \"x\"}", 400},
        {"/v1/track", "{\"userId\": \"a\", \"event\": \"x\\u0000\"}", 400},
        {"/v1/group", "{\"userId\": \"a\"}", 400},
        {"/v1/group", "{\"userId\": \"a\", \"groupId\": \"g\"}", 200},
        {"/v1/alias", "{\"userId\": \"a\"}", 400},
        {"/v1/alias", "{\"userId\": \"a\", \"previousId\": \"c\"}", 200},
        {"/v1/batch", "{\"batch\": []}", 400},
        {"/v1/batch", "{}", 400},
        {"/v1/batch", "{\"batch\": [{}]}", 200},
        {"/v1/import", "{\"batch\": [{\"type\": \"screen\", \"userId\": \"a\"}]}", 200},
        {"/v1/nothing", "{}", 404},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        if (send_to(scope, shop, cases[i].path, text_of(cases[i].body)) != cases[i].status)
            test_fail(__FILE__, __LINE__, "%s %s is not answered %d", cases[i].path, cases[i].body,
                      cases[i].status);
}

TEST(the_key_may_stand_in_three_places_and_is_good_for_nothing_else) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);
    const char *bearer =
        arena_printf(&scope->arena, "Authorization: Bearer %.*s\r\n", TEXT_ARG(shop->key));
    const struct text event = JSON({"userId" : "a", "event" : "x"});
    const struct text within = text_printf(
        &scope->arena, "{\"writeKey\":\"%.*s\",\"batch\":[{\"type\":\"page\",\"userId\":\"a\"}]}",
        TEXT_ARG(shop->key));

    CHECK_INT(send_to(scope, shop, "/v1/track", event), 200);
    CHECK_INT(test_collect_raw(scope, shop, "/v1/track", bearer, event).status, 200);
    CHECK_INT(
        test_collect_raw(scope, shop, "/beacon/v1/batch", "Content-Type: text/plain\r\n", within)
            .status,
        200);
    CHECK_INT(test_collect_raw(scope, shop, "/v1/track", "", event).status, 401);
    CHECK_INT(
        test_collect_raw(scope, shop, "/v1/track", "Authorization: Bearer tsw_x\r\n", event).status,
        401);
    CHECK_STRING(test_ledger_rows(scope, arena_printf(&scope->arena,
                                                      "SELECT count(*) FROM sender WHERE key_hash "
                                                      "LIKE '%%%.*s%%'",
                                                      TEXT_ARG(shop->key))),
                 "0");
}

TEST(limits_are_told_by_their_status) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);
    CLEANUP(buffer_clear) struct buffer body = {0};
    char *filler = arena_alloc(&scope->arena, 600 << 10);

    memset(filler, 'a', 600 << 10);
    buffer_printf(&body, "{\"userId\":\"a\",\"event\":\"x\",\"properties\":{\"a\":\"%.*s\"}}",
                  32 << 10, filler);
    CHECK_INT(send_to(scope, shop, "/v1/track", buffer_text(&body)), 413);
    CHECK_INT(send_to(scope, shop, "/v1/track", (struct text){filler, (500 << 10) + 1}), 413);
    CHECK_INT(send_to(scope, shop, "/v1/track", (struct text){filler, 500 << 10}), 400);
    body.size = 0;
    buffer_add_string(&body, "{\"batch\":[");
    for (int i = 0; i <= MESSAGE_BATCH; i++)
        buffer_printf(&body, "%s{\"type\":\"page\",\"userId\":\"a\"}", i > 0 ? "," : "");
    buffer_add_string(&body, "]}");
    CHECK_INT(send_to(scope, shop, "/v1/batch", buffer_text(&body)), 413);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event"), "0");
}

static struct text packed(struct scope *scope, struct text body) {
    z_stream stream = {0};
    char *out = arena_alloc(&scope->arena, body.size + 1024);

    CHECK(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    stream.next_in = (Bytef *)body.data;
    stream.avail_in = (uInt)body.size;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)body.size + 1024;
    CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    deflateEnd(&stream);
    return (struct text){.data = out, .size = stream.total_out};
}

TEST(packed_bodies_are_taken_and_bombs_refused) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);
    const char *fields =
        arena_printf(&scope->arena, "Authorization: Bearer %.*s\r\nContent-Encoding: gzip\r\n",
                     TEXT_ARG(shop->key));
    const struct text bomb = {.data = arena_alloc(&scope->arena, 8 << 20), .size = 8 << 20};
    const struct text event = packed(scope, JSON({"userId" : "a", "event" : "x"}));

    CHECK_INT(test_collect_raw(scope, shop, "/v1/track", fields, event).status, 200);
    CHECK_INT(test_collect_raw(scope, shop, "/v1/track", fields, packed(scope, bomb)).status, 413);
    CHECK_INT(test_collect_raw(scope, shop, "/v1/track", fields,
                               (struct text){event.data, event.size - 1})
                  .status,
              400);
    CHECK_INT(test_collect_raw(scope, shop, "/v1/track", fields, TEXT("no gzip")).status, 400);
}

TEST(browsers_of_other_sites_may_send_and_nothing_else) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);
    const struct test_answer allowed =
        test_ask(scope, shop->port,
                 TEXT("OPTIONS /v1/batch HTTP/1.1\r\nHost: localhost\r\nOrigin: "
                      "https://shop.example\r\nAccess-Control-Request-Method: POST\r\n\r\n"));
    const struct test_answer refused =
        test_ask(scope, shop->port,
                 TEXT("OPTIONS /api/v1/customers HTTP/1.1\r\nHost: localhost\r\nOrigin: "
                      "https://shop.example\r\nAccess-Control-Request-Method: GET\r\n\r\n"));

    CHECK_INT(allowed.status, 204);
    CHECK(text_is(test_field(&allowed, "Access-Control-Allow-Origin"), "*"));
    CHECK(refused.status >= 400);
    CHECK(test_field(&refused, "Access-Control-Allow-Origin").size == 0);
}

TEST(identifiers_that_come_together_are_one_customer) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);

    CHECK_INT(send_to(scope, shop, "/v1/page", JSON({"anonymousId" : "c1"})), 200);
    CHECK_INT(send_to(scope, shop, "/v1/identify", JSON({
                          "userId" : "u1",
                          "anonymousId" : "c1",
                          "traits" : {"email" : "Ann@Example.com", "firstName" : "Ann"}
                      })),
              200);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(DISTINCT coalesce(a.customer, i.origin)) "
                                         "FROM identifier i LEFT JOIN alias a ON a.origin = "
                                         "i.origin"),
                 "1");
    CHECK_STRING(test_ledger_rows(scope, "SELECT given_name FROM customer WHERE given_name IS NOT "
                                         "NULL"),
                 "Ann");
}

TEST(a_public_key_cannot_say_what_must_be_known) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);

    CHECK_INT(send_to(scope, shop, "/v1/identify", JSON({
                          "userId" : "u1",
                          "traits" : {"points" : 9000, "consent" : "given", "city" : "Bonn"}
                      })),
              200);
    CHECK_STRING(test_ledger_rows(scope, "SELECT city, attributes FROM customer"), "Bonn|-");
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason, field, is_part FROM quarantine"),
                 "protected_trait|traits|1");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event"), "1");
}

TEST(messages_of_a_batch_that_cannot_be_taken_are_kept_apart_once) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    const struct text batch = JSON({
        "batch" : [
            {"type" : "track", "userId" : "a"}, {"type" : "what", "userId" : "a"},
            {"type" : "page", "userId" : "a"}
        ]
    });
    const struct test_answer answer = test_collect_send(scope, shop, "/v1/batch", batch);

    CHECK(holds(answer.body, "\"accepted\":1,\"duplicates\":0,\"quarantined\":2"));
    CHECK_INT(send_to(scope, shop, "/v1/batch", batch), 200);
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason FROM quarantine ORDER BY reason"),
                 "bad_type\nno_event");
}

TEST(a_batch_does_not_say_much_for_each_of_its_messages) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    char *filler = memset(arena_alloc(&scope->arena, 32 << 10), 'a', 32 << 10);
    static const char format[] =
        "{\"context\":{\"x\":\"%.*s\"},\"batch\":[{\"type\":\"page\",\"userId\":\"a\","
        "\"properties\":{\"y\":\"%.*s\"}}]}";
    struct test_answer answer;

    CHECK_INT(send_to(scope, shop, "/v1/batch",
                      text_printf(&scope->arena, format, 8 << 10, filler, 0, filler)),
              413);
    answer =
        test_collect_send(scope, shop, "/v1/batch",
                          text_printf(&scope->arena, format, 7 << 10, filler, 24 << 10, filler));
    CHECK(holds(answer.body, "\"accepted\":1,"));
    answer =
        test_collect_send(scope, shop, "/v1/batch",
                          text_printf(&scope->arena, format, 7 << 10, filler, 25 << 10, filler));
    CHECK(holds(answer.body, "\"accepted\":0,\"duplicates\":0,\"quarantined\":1"));
    CHECK_INT(
        send_to(scope, shop, "/v1/batch",
                TEXT("{\"context\":{\"campaign\":{\"name\":\"a\\u0000\"}},\"batch\":[{\"type\":"
                     "\"page\",\"userId\":\"a\"}]}")),
        400);
}

// Beside it is one of which a part is kept apart: once, however often the group is tried.
TEST(a_message_that_the_ledger_refuses_does_not_come_back_for_ever) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);
    const struct text batch = JSON({
        "batch" : [
            {"type" : "page", "userId" : "a", "messageId" : "1"},
            {"type" : "track", "anonymousId" : "c", "messageId" : "3", "event" : "Consent Updated"},
            {
                "type" : "track",
                "userId" : "a",
                "messageId" : "2",
                "event" : "Product Viewed",
                "properties" : {"product_id" : "Q", "name" : "Pan"}
            }
        ]
    });
    struct test_answer answer;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, ledger_exec(scope, "CREATE UNIQUE INDEX poison ON product (name)",
                                           (struct binds){0})));
    CHECK_INT(send_to(scope, shop, "/v1/track", JSON({
                          "userId" : "a",
                          "event" : "Product Viewed",
                          "properties" : {"product_id" : "P", "name" : "Pan"}
                      })),
              200);
    answer = test_collect_send(scope, shop, "/v1/batch", batch);
    CHECK_INT(answer.status, 200);
    CHECK_TEXT(answer.body, "{\"success\":true,\"accepted\":2,\"duplicates\":0,\"quarantined\":1,"
                            "\"marked\":1}");
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason, is_part FROM quarantine ORDER BY reason"),
                 "bad_choice|1\nconflict|0");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM quarantine WHERE reason = 'conflict'"
                                         " AND raw LIKE '%\"properties\":{\"product_id\":\"Q\",%'"),
                 "1");
    answer = test_collect_send(scope, shop, "/v1/batch", batch);
    CHECK(holds(answer.body, "\"accepted\":0,\"duplicates\":3,\"quarantined\":0"));
    CHECK_STRING(test_ledger_rows(scope, "SELECT sum(accepted_count), sum(duplicate_count), "
                                         "sum(quarantined_count), sum(marked_count) FROM "
                                         "sender_hour"),
                 "3|3|1|1");
}

// Whatever is in it is text: nothing of it is run, and all of it comes back as it was.
TEST(payloads_are_data) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);

    CHECK_INT(
        send_to(scope, shop, "/v1/track", JSON({
                    "userId" : "'; DROP TABLE event; --",
                    "event" : "$where {{7*7}} %n %s",
                    "properties" : {"$gt" : "", "__proto__" : {"a" : 1}, "q" : "\" OR 1=1 <script>"}
                })),
        200);
    CHECK_STRING(test_ledger_rows(scope, "SELECT name, properties FROM event"),
                 "$where {{7*7}} %n %s|{\"$gt\":\"\",\"__proto__\":{\"a\":1},\"q\":\"\\\" OR 1=1 "
                 "<script>\"}");
}

// What comes of an event once keys were looked at again, which they are twice a second.
static void check_soon(struct scope *scope, const struct test_collection *shop, struct text event,
                       int status) {
    for (int tries = 0; tries < 100 && send_to(scope, shop, "/v1/track", event) != status; tries++)
        usleep(100000);
    CHECK_INT(send_to(scope, shop, "/v1/track", event), status);
}

TEST(a_new_key_counts_at_once_and_the_one_before_until_its_time) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    struct test_collection renewed = *shop;
    const struct text event = JSON({"userId" : "a", "event" : "x"});

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sender_rotate(scope, shop->sender_id, 3600, &renewed.key)));
    check_soon(scope, &renewed, event, 200);
    CHECK_INT(send_to(scope, shop, "/v1/track", event), 200);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sender_rotate(scope, shop->sender_id, 0, &renewed.key)));
    check_soon(scope, shop, event, 401);
    check_soon(scope, &renewed, event, 200);
}

TEST(a_source_that_is_switched_off_is_told_so) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    struct sender sender;

    CHECK_OK(sender_find(scope, TEXT("shop"), &sender));
    sender.is_enabled = false;
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sender_change(scope, &sender)));
    check_soon(scope, shop, JSON({"userId" : "a", "event" : "x"}), 404);
}

TEST(the_last_events_can_be_looked_at_without_what_tells_of_a_person) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    struct recent *recents = arena_array(&scope->arena, RECENT_COUNT, sizeof(*recents));

    send_to(scope, shop, "/v1/identify",
            JSON({"userId" : "u1", "traits" : {"email" : "ann@example.com", "name" : "Ann"}}));
    // It is put there behind its answer, and what is refused by whoever reads it.
    for (int tries = 0;
         tries < 200 && !collector_recent(shop->collector, shop->sender_id, 0, recents); tries++)
        usleep(50000);
    send_to(scope, shop, "/v1/track", JSON({"userId" : "u1"}));
    for (int tries = 0;
         tries < 200 && !collector_recent(shop->collector, shop->sender_id, 1, recents); tries++)
        usleep(50000);
    CHECK_INT((int64_t)collector_recent(shop->collector, shop->sender_id, 0, recents), 2);
    CHECK_INT(recents[0].outcome, RECENT_ACCEPTED);
    CHECK_STRING(recents[0].kinds, "customer_number, email");
    CHECK(!memmem(&recents[0], sizeof(recents[0]), "ann@", 4));
    CHECK_INT(recents[1].outcome, RECENT_REFUSED);
    CHECK_INT(
        (int64_t)collector_recent(shop->collector, shop->sender_id, recents[1].number, recents), 0);
}

// ---- many at once ----

struct crowd {
    const struct test_collection *collection;
    int number, refused;
    pthread_t thread;
};
enum { CROWD = 8, EACH = 50 };

static void *send_many(void *argument) {
    struct crowd *crowd = argument;
    struct scope scope;

    scope_init(&scope);
    for (int i = 0; i < EACH; i++)
        crowd->refused +=
            send_to(&scope, crowd->collection, "/v1/track",
                    text_printf(&scope.arena,
                                "{\"userId\":\"u%d\",\"event\":\"x\",\"messageId\":\"%d-%d\"}",
                                i % 7, crowd->number, i)) != 200;
    scope_clear(&scope);
    return NULL;
}

TEST(many_who_send_at_once_are_each_answered_for_their_own) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    struct crowd crowds[CROWD];

    for (int i = 0; i < CROWD; i++) {
        crowds[i] = (struct crowd){.collection = shop, .number = i};
        CHECK(pthread_create(&crowds[i].thread, NULL, send_many, &crowds[i]) == 0);
    }
    for (int i = 0; i < CROWD; i++) {
        pthread_join(crowds[i].thread, NULL);
        CHECK_INT(crowds[i].refused, 0);
    }
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*), count(DISTINCT identifier_id) FROM "
                                         "event"),
                 "400|7");
}
