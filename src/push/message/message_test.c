// SPDX-License-Identifier: Apache-2.0
// The durable reserve against a channel that does what a test tells it.
#include "push/message/message.h"

#include "base/time.h"
#include "push/channel/channel_out.h"
#include "push/message/answer.h"
#include "store/ledger.h"
#include "store/store_testing.h"

#include <dirent.h>

// ---- a channel that a test holds in its hand ----

struct sink {
    struct message_run run;
    struct channel channel;
    struct consent_rule rule;
    enum channel_result result; // of every message
    enum channel_class class;
    int64_t retry_at_us;
    bool breaks; // the call fails behind the first message
    bool is_paused;
    int64_t left_micros; // of the budget
    int64_t handed_over;
    const char *before_the_start; // SQL that happens between looking and starting
};

static code sink_send(struct scope *scope, void *connection, const struct channel_order *order,
                      const struct channel_message *messages, size_t count,
                      struct channel_outcome *outcomes) {
    struct sink *sink = connection;

    (void)order;
    for (size_t i = 0; i < count; i++) {
        sink->handed_over++;
        CHECK(messages[i].customer > 0);
        if (sink->breaks && i > 0)
            return scope_fail(scope, UNAVAILABLE, "the other side is gone");
        outcomes[i].result = sink->result;
        outcomes[i].class = sink->class;
        outcomes[i].retry_at_us = sink->retry_at_us;
    }
    return OK;
}

// The name of a campaign whose file cannot be finished.
#define BREAKS "breaks"

// The list first, then the file.
static code sink_make(struct scope *scope, const struct channel_order *order,
                      const struct channel_message *messages, size_t count, const char *path,
                      struct channel_outcome *outcomes) {
    struct channel_out out;

    (void)messages;
    TRY(channel_out_open(scope, arena_printf(&scope->arena, "%s.csv", path), &out));
    TRY(channel_out_finish(scope, &out));
    if (text_is(order->campaign, BREAKS))
        return scope_fail(scope, UNAVAILABLE, "the disk is full");
    TRY(channel_out_open(scope, path, &out));
    for (size_t i = 0; i < count; i++)
        outcomes[i].result = CHANNEL_ACCEPTED;
    return channel_out_finish(scope, &out);
}

static int count_files(struct scope *scope) {
    DIR *folder = opendir(test_folder(scope));
    int count = 0;

    CHECK(folder != NULL);
    for (const struct dirent *entry; (entry = readdir(folder));)
        count += strncmp(entry->d_name, "7-", 2) == 0;
    closedir(folder);
    return count;
}

static code sink_render(struct scope *scope, struct message_run *run, struct message_work *work,
                        size_t count) {
    struct sink *sink = run->owner;

    for (size_t i = 0; i < count; i++)
        work[i].content.content.text = TEXT("hello");
    if (sink->before_the_start)
        test_ledger_exec(scope, sink->before_the_start);
    sink->before_the_start = NULL;
    return OK;
}

static code sink_open_purse(struct scope *scope, struct message_run *run,
                            struct message_purse *ret_purse) {
    const struct sink *sink = run->owner;

    (void)scope;
    *ret_purse = (struct message_purse){!sink->is_paused, sink->left_micros};
    return OK;
}

static code sink_spend(struct scope *scope, struct message_run *run, int64_t micros) {
    (void)scope;
    ((struct sink *)run->owner)->left_micros -= micros;
    return OK;
}

static void sink_init(struct scope *scope, struct sink *sink) {
    *sink = (struct sink){
        .channel = {.kind = CHANNEL_EMAIL,
                    .name = "email",
                    .way = CHANNEL_ONE_BY_ONE,
                    .address = IDENTIFIER_EMAIL,
                    .send = sink_send},
        .result = CHANNEL_ACCEPTED,
        .left_micros = 1000000,
    };
    CHECK_OK(consent_rule_load(scope, TEXT("news"), TEXT("email"), &sink->rule));
    sink->run = (struct message_run){
        .rules = {.channel = &sink->channel, .consent = &sink->rule, .cap_days = 7},
        .order = {.campaign_id = 7, .campaign = TEXT("spring"), .purpose = TEXT("news")},
        .connection = sink,
        .cost_micros = 100,
        .owner = sink,
        .render = sink_render,
        .open_purse = sink_open_purse,
        .spend = sink_spend,
    };
}

static void sink_makes_files(struct scope *scope, struct sink *sink) {
    sink->channel.way = CHANNEL_AS_A_FILE;
    sink->channel.make = sink_make;
    sink->channel.file_extension = "pdf";
    sink->run.file_folder = test_folder(scope);
}

// Customers 1 … count with an address and a consent each, and a row of campaign 7.
static void people(struct scope *scope, int count) {
    struct json *definition;
    int64_t version;

    test_store(scope);
    scope->now_us = 1000 * US_PER_DAY;
    CHECK_OK(json_parse(scope,
                        TEXT("{\"is_marketing\": true, \"channels\": {\"email\": {\"basis\": "
                             "\"consent\", \"double_opt_in\": false}}, \"languages\": {\"en\": "
                             "{\"title\": \"News\", \"explanation\": \"e\", \"text\": \"t\"}}}"),
                        &definition));
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(purpose_save(scope, TEXT("news"), definition, &version));
    for (int i = 1; i <= count; i++) {
        const struct message_reservation reservation = {
            .campaign_id = 7, .customer = i, .state = MESSAGE_RESERVED, .due_at_us = 5};
        bool is_new;

        test_ledger_exec(
            scope, arena_printf(&scope->arena,
                                "INSERT INTO customer (id, import_id, created_at_us) "
                                "VALUES (%d, 0, 1);"
                                "INSERT INTO identifier (id, kind, source, value, origin, "
                                "import_id, seen_at_us) VALUES (%d, 1, '', 'p%d@example.org', %d, "
                                "0, 1);"
                                "INSERT INTO consent (id, import_id, seen_import, source, "
                                "consent_key, identifier_id, origin, purpose, channel, state, "
                                "at_us, home) VALUES (%d, 0, 0, 'test', 'c%d', %d, %d, 'news', "
                                "'email', 'granted', 1, %d)",
                                i, 100 + i, i, i, 200 + i, i, 100 + i, i, i));
        CHECK_OK(message_reserve(scope, &reservation, &is_new));
        CHECK(is_new);
        CHECK_OK(message_reserve(scope, &reservation, &is_new));
        CHECK(!is_new);
    }
    CHECK_OK(ledger_commit(scope));
}

static const char *states(struct scope *scope) {
    return test_ledger_rows(scope, "SELECT state, reason, count(*) FROM message "
                                   "GROUP BY state, reason ORDER BY state, reason");
}

#define OPT_OUT(customer)                                                                          \
    "INSERT INTO consent (id, import_id, seen_import, source, consent_key, identifier_id, "        \
    "origin, purpose, channel, state, at_us, home) VALUES (900, 0, 0, 'test', 'out', 100 "         \
    "+ " customer ", " customer ", 'news', 'email', 'withdrawn', 9, " customer ")"

TEST(messages_are_sent_once_however_often_they_are_looked_for) {
    struct message_batch batch;
    struct sink sink;

    people(scope, 5);
    sink_init(scope, &sink);
    CHECK_OK(message_send_batch(scope, &sink.run, 3, &batch));
    CHECK_INT(batch.accepted, 3);
    CHECK_OK(message_send_batch(scope, &sink.run, 3, &batch));
    CHECK_INT(batch.accepted, 2);
    CHECK_OK(message_send_batch(scope, &sink.run, 3, &batch));
    CHECK_INT(batch.looked_at, 0);
    CHECK_INT(sink.handed_over, 5);
    CHECK_INT(sink.left_micros, 1000000 - 500);
    CHECK_STRING(states(scope), "accepted||5");
}

TEST(an_opt_out_between_looking_and_starting_is_heard) {
    struct message_batch batch;
    struct sink sink;

    people(scope, 3);
    sink_init(scope, &sink);
    sink.before_the_start = OPT_OUT("2");
    CHECK_OK(message_send_batch(scope, &sink.run, 10, &batch));
    CHECK_INT(batch.started, 2);
    CHECK_STRING(states(scope), "accepted||2\nrefused|withdrawn|1");
}

TEST(what_a_channel_told_nothing_of_is_unknown_and_stays_so_until_a_person_decides) {
    struct message_batch batch;
    struct sink sink;
    int64_t id = 0;

    people(scope, 3);
    sink_init(scope, &sink);
    sink.breaks = true;
    CHECK_CODE(message_send_batch(scope, &sink.run, 10, &batch), UNAVAILABLE);
    scope_forgive(scope);
    CHECK_STRING(states(scope), "accepted||1\nunknown||2");
    sink.breaks = false;
    CHECK_OK(message_send_batch(scope, &sink.run, 10, &batch));
    CHECK_INT(batch.looked_at, 0);
    CHECK_OK(ledger_int64(scope, "SELECT min(id) FROM message WHERE state = 'unknown'", NO_BINDS, 0,
                          &id));
    CHECK_OK(message_resend(scope, id));
    CHECK_CODE(message_resend(scope, id), CONFLICT);
    scope_forgive(scope);
    CHECK_OK(message_send_batch(scope, &sink.run, 10, &batch));
    CHECK_INT(batch.accepted, 1);
    CHECK_STRING(states(scope), "accepted||2\nunknown||1");
}

TEST(what_a_crash_left_started_is_unknown_but_for_files_that_nobody_has) {
    struct sink sink;
    int64_t count;

    people(scope, 2);
    sink_init(scope, &sink);
    test_ledger_exec(scope, "UPDATE message SET state = 'started', started_at_us = 1, tries = 1");
    CHECK_OK(message_recover(scope, &sink.run, &count));
    CHECK_INT(count, 2);
    CHECK_STRING(states(scope), "unknown||2");
    test_ledger_exec(scope, "UPDATE message SET state = 'started'");
    sink_makes_files(scope, &sink);
    CHECK_OK(message_recover(scope, &sink.run, &count));
    CHECK_STRING(states(scope), "reserved||2");
}

// The program died behind the file and before its outcome; one of those in it opted out meanwhile.
TEST(a_file_that_a_crash_left_is_made_anew_in_its_place_and_paid_for_once) {
    struct message_batch batch;
    struct sink sink;
    int64_t count;

    people(scope, 3);
    sink_init(scope, &sink);
    sink_makes_files(scope, &sink);
    CHECK_OK(message_send_batch(scope, &sink.run, 10, &batch));
    CHECK_INT(sink.left_micros, 1000000 - 300);
    CHECK_INT(count_files(scope), 2);
    test_ledger_exec(scope, "UPDATE message SET state = 'started'");
    test_ledger_exec(scope, OPT_OUT("1"));
    CHECK_OK(message_recover(scope, &sink.run, &count));
    CHECK_INT(count, 3);
    CHECK_INT(sink.left_micros, 1000000);
    CHECK_INT(count_files(scope), 0);
    CHECK_OK(message_send_batch(scope, &sink.run, 10, &batch));
    CHECK_INT(sink.left_micros, 1000000 - 200);
    CHECK_INT(count_files(scope), 2);
    CHECK_STRING(states(scope), "accepted||2\nrefused|withdrawn|1");
}

TEST(a_file_that_cannot_be_made_leaves_its_messages_waiting) {
    struct message_batch batch;
    struct sink sink;

    people(scope, 3);
    sink_init(scope, &sink);
    sink_makes_files(scope, &sink);
    sink.run.order.campaign = TEXT(BREAKS);
    CHECK_CODE(message_send_batch(scope, &sink.run, 10, &batch), UNAVAILABLE);
    scope_forgive(scope);
    CHECK_STRING(states(scope), "reserved|place|3");
    CHECK_INT(sink.left_micros, 1000000);
    CHECK_INT(count_files(scope), 0);
    sink.run.order.campaign = TEXT("spring");
    CHECK_OK(message_send_batch(scope, &sink.run, 10, &batch));
    CHECK_STRING(states(scope), "accepted||3");
}

TEST(nothing_is_started_of_a_campaign_that_was_paused) {
    struct message_batch batch;
    struct sink sink;

    people(scope, 3);
    sink_init(scope, &sink);
    sink.is_paused = true;
    CHECK_OK(message_send_batch(scope, &sink.run, 10, &batch));
    CHECK(batch.is_stopped);
    CHECK_INT(sink.handed_over, 0);
    CHECK_STRING(states(scope), "reserved||3");
}

TEST(a_budget_is_never_passed) {
    struct message_batch batch;
    struct sink sink;

    people(scope, 5);
    sink_init(scope, &sink);
    sink.left_micros = 299;
    CHECK_OK(message_send_batch(scope, &sink.run, 10, &batch));
    CHECK_INT(batch.accepted, 2);
    CHECK(batch.is_over_budget);
    CHECK_INT(sink.left_micros, 99);
    CHECK_STRING(states(scope), "accepted||2\nreserved||3");
}

TEST(a_message_put_off_by_the_other_side_costs_nothing_and_comes_again_for_five_days) {
    struct message_batch batch;
    struct sink sink;

    people(scope, 1);
    sink_init(scope, &sink);
    sink.result = CHANNEL_RETRY;
    sink.class = CHANNEL_CLASS_PLACE;
    for (int tries = 0; tries < 1000; tries++) {
        CHECK_OK(message_send_batch(scope, &sink.run, 10, &batch));
        if (batch.failed > 0)
            break;
        CHECK_INT(sink.left_micros, 1000000);
        scope->now_us += 600 * US_PER_SECOND;
    }
    CHECK_STRING(states(scope), "failed|place|1");
    CHECK(scope->now_us - 1000 * US_PER_DAY > 5 * US_PER_DAY);
    CHECK(scope->now_us - 1000 * US_PER_DAY < 6 * US_PER_DAY);
    CHECK(sink.handed_over > 90); // at least every 4,000 s
}

TEST(what_is_held_back_by_a_channel_was_not_tried_however_many_days_it_waits) {
    struct message_batch batch;
    struct sink sink;

    people(scope, 1);
    sink_init(scope, &sink);
    sink.class = CHANNEL_CLASS_PLACE;
    sink.result = CHANNEL_PUT_OFF;
    for (int day = 0; day < 10; day++) {
        sink.retry_at_us = scope->now_us + US_PER_DAY;
        CHECK_OK(message_send_batch(scope, &sink.run, 10, &batch));
        CHECK_INT(batch.put_off, 1);
        scope->now_us += US_PER_DAY;
    }
    sink.result = CHANNEL_RETRY;
    sink.retry_at_us = 0;
    CHECK_OK(message_send_batch(scope, &sink.run, 10, &batch));
    CHECK_INT(batch.retried, 1);
    CHECK_STRING(states(scope), "reserved|place|1");
    CHECK_INT(sink.left_micros, 1000000);
}

TEST(customers_who_became_one_are_written_to_once_and_caps_count_what_both_were_sent) {
    struct message_batch batch;
    struct sink sink;

    people(scope, 3);
    sink_init(scope, &sink);
    test_ledger_exec(scope, "INSERT INTO alias (origin, customer) VALUES (2, 1)");
    CHECK_OK(message_send_batch(scope, &sink.run, 10, &batch));
    CHECK_STRING(states(scope), "accepted||2\nrefused|sent_twice|1");
    test_ledger_exec(scope, "UPDATE message SET campaign_id = 8 WHERE state = 'accepted';"
                            "UPDATE message SET state = 'reserved' WHERE state = 'refused'");
    sink.run.rules.cap_count = 1;
    CHECK_OK(message_send_batch(scope, &sink.run, 10, &batch));
    CHECK_STRING(states(scope), "accepted||2\nrefused|frequency_cap|1");
}

TEST(answers_become_events_once_and_machines_are_kept_apart) {
    struct message_batch batch;
    struct sink sink;
    struct message_answer answer = {.kind = MESSAGE_WAS_CLICKED, .at_us = 77, .key = TEXT("a")};
    bool is_new;

    people(scope, 1);
    test_ledger_exec(scope,
                     "INSERT INTO campaign (id, name, description, purpose, channel, segment, "
                     "state, hold_out_bp, key, window_days, test_bp, winner_by, "
                     "winner_after_minutes, actor, created_at_us, changed_at_us) VALUES (7, "
                     "'spring', '', 'news', 9, 's', 'running', 0, 1, 7, 10000, 'clicks', 0, 'x', "
                     "1, 1)");
    sink_init(scope, &sink);
    CHECK_OK(message_send_batch(scope, &sink.run, 10, &batch));
    CHECK_OK(ledger_int64(scope, "SELECT min(id) FROM message", NO_BINDS, 0, &answer.message_id));
    CHECK_OK(message_answer_take(scope, &answer, &is_new));
    CHECK(is_new);
    CHECK_OK(message_answer_take(scope, &answer, &is_new));
    CHECK(!is_new);
    answer.kind = MESSAGE_WAS_MACHINE_OPENED;
    CHECK_OK(message_answer_take(scope, &answer, &is_new));
    CHECK_STRING(test_ledger_rows(scope, "SELECT clicked_at_us, opened_at_us, machine_opened_at_us "
                                         "FROM message"),
                 "77|-|77");
    CHECK_STRING(test_ledger_rows(scope, "SELECT name, campaign, channel, direction, origin "
                                         "FROM event ORDER BY name"),
                 "message_clicked|spring|file|in|1\nmessage_machine_opened|spring|file|none|1");
    answer.message_id = 1;
    CHECK_CODE(message_answer_take(scope, &answer, &is_new), NOT_FOUND);
}
