// SPDX-License-Identifier: Apache-2.0
#include "plug/collect/replay.h"

#include "base/limits.h"
#include "plug/collect/collect_testing.h"
#include "plug/collect/replay_http.h"
#include "plug/sender/sender.h"
#include "store/job.h"
#include "store/ledger.h"

#include <inttypes.h>
#include <pthread.h>
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

// ---- several things wrong with one message ----

static const char two_faults[] =
    "{\"batch\":[{\"type\":\"track\",\"messageId\":\"m\",\"anonymousId\":\"v\","
    "\"event\":\"Order Completed\",\"context\":{\"traits\":{\"points\":9}},"
    "\"properties\":{\"products\":[{\"sku\":\"a\",\"price\":5}]}}]}";

TEST(each_part_of_a_message_that_is_wrong_is_kept_apart_and_mended_by_itself) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);
    struct import_tally tally;
    int64_t row;

    send_batch(scope, shop, text_of(two_faults));
    send_batch(scope, shop, text_of(two_faults));
    CHECK_STRING(figures(scope), "1|1|0|1");
    CHECK_STRING(
        test_ledger_rows(scope, "SELECT reason, field, is_part FROM quarantine ORDER BY reason"),
        "no_order_id|order_id|1\nprotected_trait|traits|1");
    CHECK_INT(replay(scope, shop).quarantined, 2);
    CHECK(text_to_int64(
        text_of(test_ledger_rows(scope, "SELECT row FROM quarantine WHERE field = 'order_id'")),
        &row));
    CHECK_OK(quarantine_fix(scope, shop->sender_id, row,
                            TEXT("{\"type\":\"track\",\"messageId\":\"m\",\"anonymousId\":\"v\","
                                 "\"event\":\"Order Completed\",\"context\":{\"traits\":"
                                 "{\"points\":9}},\"properties\":{\"order_id\":\"7\","
                                 "\"products\":[{\"sku\":\"a\",\"price\":5,\"quantity\":1}]}}")));
    tally = replay(scope, shop);
    CHECK_INT(tally.accepted, 1);
    CHECK_INT(tally.quarantined, 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT sum(gross_micros) FROM sale"), "5000000");
    CHECK_STRING(test_ledger_rows(scope, "SELECT field FROM quarantine WHERE state = 'waiting'"),
                 "traits");
    CHECK_STRING(figures(scope), "1|1|0|1");
}

TEST(what_a_schema_keeps_apart_is_whole_whatever_else_is_wrong_and_each_of_it_waits_later) {
    const struct test_collection *shop = test_collect(scope, SENDER_WEBSITE);
    struct import_tally tally;

    change_schema(scope, "{\"Order Completed\":{\"required\":[\"note\"]}}");
    send_batch(scope, shop, text_of(two_faults));
    CHECK_STRING(figures(scope), "0|0|1|0");
    CHECK_STRING(test_ledger_rows(scope, "SELECT reason, is_part FROM quarantine"), "schema|0");
    change_schema(scope, "{}");
    tally = replay(scope, shop);
    CHECK_INT(tally.quarantined, 1);
    CHECK_STRING(test_ledger_rows(scope, "SELECT name FROM event"), "Order Completed");
    CHECK_STRING(figures(scope), "1|0|0|1");
    CHECK_STRING(
        test_ledger_rows(scope, "SELECT reason, is_part, state FROM quarantine ORDER BY reason"),
        "no_order_id|1|waiting\nprotected_trait|1|waiting");
}

// ---- order and operators ----

// An order and two updates of it in one request, none of which the source's schema lets through.
static void send_order_apart(struct scope *scope, const struct test_collection *shop) {
    CLEANUP(buffer_clear) struct buffer batch = {0};

    change_schema(scope, "{\"Order Completed\":{\"required\":[\"note\"]},"
                         "\"Order Updated\":{\"required\":[\"note\"]}}");
    buffer_printf(&batch, "{\"batch\":[");
    for (int i = 0; i < 12; i++)
        buffer_printf(&batch,
                      "%s{\"type\":\"track\",\"userId\":\"u\",\"messageId\":\"m%d\","
                      "\"event\":\"Order %s\",\"properties\":{\"order_id\":\"7\","
                      "\"total\":%d}}",
                      i == 0 ? "" : ",", i, i == 0 ? "Completed" : "Updated", 100 - i);
    buffer_printf(&batch, "]}");
    send_batch(scope, shop, buffer_text(&batch));
    change_schema(scope, "{}");
}

TEST(what_was_kept_apart_is_tried_again_in_the_order_it_came) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);

    send_order_apart(scope, shop);
    CHECK_INT(replay(scope, shop).accepted, 12);
    CHECK_STRING(test_ledger_rows(scope, "SELECT sum(gross_micros) FROM sale"), "89000000");
    CHECK_STRING(test_ledger_rows(scope, "SELECT gross_micros FROM sale WHERE kind = 1"),
                 "100000000");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM sale"), "12");
}

struct operator{
    struct store *store;
    int64_t sender_id;
    struct import_tally tally;
    code outcome;
};

static void *replay_beside(void *argument) {
    struct operator* operator= argument;
    struct scope scope;

    scope_init(&scope);
    operator->outcome = session_open(&scope, operator->store);
    if (operator->outcome == OK)
        operator->outcome = collect_replay(&scope, operator->sender_id, 0, &operator->tally);
    session_close(&scope);
    scope_clear(&scope);
    return NULL;
}

TEST(two_who_try_the_same_messages_again_take_each_once) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    struct operator operators[2];
    CLEANUP(buffer_clear) struct buffer batch = {0};
    pthread_t threads[2];

    change_schema(scope, "{\"Seen\":{\"required\":[\"note\"]}}");
    buffer_printf(&batch, "{\"batch\":[");
    for (int i = 0; i < 200; i++)
        buffer_printf(&batch,
                      "%s{\"type\":\"track\",\"userId\":\"u\",\"messageId\":\"m%d\","
                      "\"event\":\"Seen\"}",
                      i == 0 ? "" : ",", i);
    buffer_printf(&batch, "]}");
    send_batch(scope, shop, buffer_text(&batch));
    change_schema(scope, "{}");
    CHECK_STRING(figures(scope), "0|0|200|0");
    for (int i = 0; i < 2; i++) {
        operators[i] =
            (struct operator){.store = session_store(scope), .sender_id = shop->sender_id};
        CHECK_INT(pthread_create(&threads[i], NULL, replay_beside, &operators[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        CHECK_INT(pthread_join(threads[i], NULL), 0);
        CHECK_CODE(operators[i].outcome, OK);
    }
    CHECK_STRING(figures(scope), "200|0|0|0");
    CHECK_INT(operators[0].tally.read + operators[1].tally.read, 200);
    CHECK_INT(operators[0].tally.accepted + operators[1].tally.accepted, 200);
}

static const struct job_kind kinds[] = {{"source_replay", collect_replay_run, JOB_HEAVY}};

static code ask(struct scope *scope, handler handle, int64_t sender_id, int64_t row,
                const char *body) {
    const struct request_parameter parameters[] = {
        {TEXT("id"), text_printf(&scope->arena, "%" PRId64, sender_id)},
        {TEXT("row"), text_printf(&scope->arena, "%" PRId64, row)}};
    struct request request = {
        .parameters = parameters, .parameter_count = 2, .path_parameter_count = 2};
    CLEANUP(response_clear) struct response response;
    struct json *json = NULL;

    CHECK_OK(json_parse(scope, text_of(body), &json));
    request.body = json;
    response_init(&response);
    return handle(scope, &request, &response);
}

TEST(mending_and_trying_again_are_on_record_and_trying_again_is_a_job) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    CLEANUP(buffer_clear) struct buffer batch = {0};
    int64_t row, job_id;
    struct job job;

    buffer_printf(&batch, "{\"batch\":[");
    for (int i = 0; i < 450; i++) // more than one transaction takes
        buffer_printf(&batch, "%s{\"type\":\"page\",\"messageId\":\"m%d\"}", i == 0 ? "" : ",", i);
    buffer_printf(&batch, "]}");
    send_batch(scope, shop, buffer_text(&batch));
    CHECK_OK(ledger_int64(scope, "SELECT max(row) FROM quarantine", NO_BINDS, 0, &row));
    CHECK_OK(ask(scope, replay_http_mend, shop->sender_id, row,
                 "{\"raw\": \"{\\\"type\\\":\\\"page\\\",\\\"userId\\\":\\\"u\\\"}\"}"));
    CHECK_OK(ask(scope, replay_http_run, shop->sender_id, 0, "{}"));
    CHECK_STRING(test_ledger_rows(scope, "SELECT action FROM audit ORDER BY id DESC LIMIT 2"),
                 "source.replay\nsource.mend");
    CHECK_CODE(ask(scope, replay_http_mend, shop->sender_id, row + 1, "{\"raw\": \"{}\"}"),
               NOT_FOUND);
    scope_forgive(scope);
    CHECK_STRING(
        test_ledger_rows(scope, "SELECT count(*) FROM audit WHERE action LIKE 'source.m%'"), "1");
    CHECK_OK(ledger_int64(scope, "SELECT id FROM job WHERE kind = 'source_replay'", NO_BINDS, 0,
                          &job_id));
    CHECK_OK(job_run(scope, kinds, 1, job_id));
    CHECK_OK(job_find(scope, job_id, &job));
    CHECK_TEXT(job.result, "{\"tried\":450,\"accepted\":1,\"duplicate\":0,\"quarantined\":449}");
    CHECK_STRING(figures(scope), "1|0|449|0");
}

TEST(what_was_given_up_meanwhile_is_not_settled) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    const struct refusal refusal = {.reason = "x"};
    int64_t row, count;

    send_batch(scope, shop, JSON({"batch" : [ {"type" : "page"} ]}));
    row = waiting_row(scope);
    CHECK_OK(quarantine_discard(scope, shop->sender_id, row, &count));
    CHECK_CODE(quarantine_settle(scope, shop->sender_id, row, NULL), CONFLICT);
    scope_forgive(scope);
    CHECK_CODE(quarantine_settle(scope, shop->sender_id, row, &refusal), CONFLICT);
    scope_forgive(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT state, reason FROM quarantine"),
                 "discarded|no_identity");
}

TEST(a_message_sent_again_at_another_time_is_kept_apart_once) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);

    send_batch(scope, shop, JSON({
                   "batch" : [ {
                       "type" : "what",
                       "userId" : "u",
                       "messageId" : "m",
                       "sentAt" : "2026-03-01T10:00:10Z"
                   } ]
               }));
    send_batch(scope, shop, JSON({
                   "batch" : [ {
                       "type" : "what",
                       "userId" : "u",
                       "messageId" : "m",
                       "sentAt" : "2026-03-01T10:00:20Z"
                   } ]
               }));
    CHECK_STRING(figures(scope), "0|1|1|0");
}

TEST(an_event_that_is_there_has_nothing_kept_apart_a_second_time) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    struct sender sender;

    change_schema(scope, "{\"Seen\":{\"required\":[\"note\"]}}");
    CHECK_OK(sender_find(scope, TEXT("shop"), &sender));
    sender.schema_policy = SCHEMA_MARK;
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sender_change(scope, &sender)));
    sleep(1);
    for (int i = 0; i < 2; i++)
        send_batch(scope, shop,
                   text_printf(&scope->arena,
                               "{\"batch\":[{\"type\":\"track\",\"userId\":\"u\","
                               "\"messageId\":\"m\",\"event\":\"Seen\","
                               "\"properties\":{\"attempt\":%d}}]}",
                               i));
    CHECK_STRING(figures(scope), "1|1|0|1");
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM quarantine"), "1");
}

TEST(where_too_much_waits_what_would_wait_too_is_refused_and_all_else_is_taken) {
    const struct test_collection *shop = test_collect(scope, SENDER_SERVER);
    const struct text bad =
        JSON({"batch" : [ {"type" : "page", "userId" : "u"}, {"type" : "page"} ]});
    int64_t count;

    test_ledger_exec(
        scope,
        text_string(&scope->arena,
                    text_printf(&scope->arena,
                                "INSERT INTO quarantine (import_id, row, line, reason, field, "
                                "message, raw, raw_encoding, state) "
                                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                                "FROM n WHERE i < %d) SELECT %" PRId64 ", i, 1, 'x', '', '', "
                                "'{}', 'utf8', 'waiting' FROM n",
                                LIMIT_WAITING_PER_SOURCE, shop->sender_id)));
    sleep(3);
    CHECK_INT(test_collect_send(scope, shop, "/v1/batch", bad).status, 429);
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM event"), "0");
    CHECK_INT(test_collect_send(scope, shop, "/v1/page", JSON({"userId" : "u"})).status, 200);
    CHECK_OK(quarantine_discard(scope, shop->sender_id, 0, &count));
    CHECK_INT(count, LIMIT_WAITING_PER_SOURCE);
    sleep(3);
    send_batch(scope, shop, bad);
    CHECK_STRING(figures(scope), "2|0|1|0");
}
