// SPDX-License-Identifier: Apache-2.0
// Webhooks to a receiver that checks them by the rules of Standard Webhooks: they arrive signed,
// one whose answer was lost is known again, secrets change without a gap, who is gone is left
// alone.
#include "base/clock.h"
#include "base/json.h"
#include "base/time.h"
#include "push/webhook/endpoint.h"
#include "push/webhook/webhook_channel.h"
#include "store/ledger.h"
#include "store/store.h"
#include "store/store_testing.h"
#include "tests/program.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATIENCE_MS = 30000, LOOK_MS = 20, MESSAGES = 20 };

struct receiver {
    struct scope *scope;
    pid_t process;
    int port;
    const char *secret, *taken; // files
};

static void stop_receiver(void *argument) {
    const struct receiver *receiver = argument;

    kill(receiver->process, SIGKILL);
    wait_program(receiver->process);
}

static struct receiver *start_receiver(struct scope *scope) {
    struct receiver *receiver = arena_alloc(&scope->arena, sizeof(*receiver));
    const char *folder = test_folder(scope);
    const char *port_file = arena_printf(&scope->arena, "%s/port", folder);
    FILE *file;

    *receiver = (struct receiver){.scope = scope,
                                  .secret = arena_printf(&scope->arena, "%s/secret", folder),
                                  .taken = test_file(scope, "taken", TEXT(""))};
    receiver->process = start_other(
        scope, (const char *const[]){"node", TEST_SOURCE "/tests/webhook_receiver.mjs", port_file,
                                     receiver->secret, receiver->taken, NULL});
    if (receiver->process < 0)
        test_skip("there is no node");
    test_at_end(stop_receiver, receiver);
    for (int64_t until_us = clock_us() + PATIENCE_MS * INT64_C(1000);
         access(port_file, F_OK) != 0 && clock_us() < until_us;)
        usleep(LOOK_MS * 1000);
    file = fopen(port_file, "re");
    CHECK(file && fscanf(file, "%d", &receiver->port) == 1);
    fclose(file);
    return receiver;
}

static void set_address(struct scope *scope, const struct receiver *receiver, const char *path) {
    struct text secret;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(
        scope, webhook_endpoint_save(
                   scope, text_printf(&scope->arena, "http://127.0.0.1:%d%s", receiver->port, path),
                   &secret)));
    if (secret.size > 0)
        test_file(scope, "secret", secret);
}

// A store whose configuration names the receiver, with its address set up.
static void set_up(struct scope *scope, const struct receiver *receiver, const char *path) {
    struct config *config;

    test_store_in_folder(scope);
    config = (struct config *)store_config(session_store(scope)); // nobody else has the store
    config->internal_hosts = arena_printf(&scope->arena, "127.0.0.1:%d", receiver->port);
    scope->now_us = time_now_us();
    set_address(scope, receiver, path);
}

static struct text rotate(struct scope *scope, int64_t keep_s) {
    struct text secret;

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, webhook_endpoint_rotate(scope, keep_s, &secret)));
    return secret;
}

// Hands over `count` messages as a batch of a campaign.
static void send(struct scope *scope, size_t count, struct channel_outcome *outcomes) {
    const struct channel_order order = {.campaign_id = 1, .campaign = TEXT("spring")};
    struct channel_message messages[MESSAGES] = {0};
    void *connection = NULL;

    for (size_t i = 0; i < count; i++)
        messages[i] = (struct channel_message){
            .id = 100 + (int64_t)i,
            .key = TEXT("k"),
            .customer = (int64_t)i + 1,
            .content = {.text = text_printf(&scope->arena, "{\"number\": %zu}", i)}};
    CHECK_OK(webhook_channel_open(scope, &order, &connection));
    CHECK_OK(webhook_channel_send(scope, connection, &order, messages, count, outcomes));
    webhook_channel_close(connection);
}

static int count_results(const struct channel_outcome *outcomes, size_t count,
                         enum channel_result result) {
    int found = 0;

    for (size_t i = 0; i < count; i++)
        found += outcomes[i].result == result;
    return found;
}

static enum webhook_state state(struct scope *scope) {
    struct webhook_endpoint endpoint;

    CHECK_OK(webhook_endpoint_load(scope, &endpoint));
    return endpoint.state;
}

static struct text taken(const struct receiver *receiver) {
    return run_other_for_output(receiver->scope,
                                (const char *const[]){"cat", receiver->taken, NULL});
}

// Lines of the receiver's file that say this.
static int count_of(const struct receiver *receiver, const char *part) {
    const char *at = text_string(&receiver->scope->arena, taken(receiver));
    int count = 0;

    for (; (at = strstr(at, part)); at++)
        count++;
    return count;
}

TEST(webhooks_arrive_signed_and_one_whose_answer_was_lost_is_known_again) {
    struct receiver *receiver = start_receiver(scope);
    struct channel_outcome outcomes[MESSAGES] = {0};

    set_up(scope, receiver, "/cut");
    send(scope, MESSAGES, outcomes);
    CHECK_INT(count_results(outcomes, MESSAGES, CHANNEL_ACCEPTED), MESSAGES - 1);
    CHECK_INT(count_results(outcomes, MESSAGES, CHANNEL_RETRY), 1);
    CHECK_INT(count_of(receiver, "\"taken\""), MESSAGES);
    send(scope, MESSAGES, outcomes);
    CHECK_INT(count_results(outcomes, MESSAGES, CHANNEL_ACCEPTED), MESSAGES);
    CHECK_INT(count_of(receiver, "\"taken\""), MESSAGES);
    CHECK_INT(count_of(receiver, "\"again\""), MESSAGES);
    CHECK_INT(count_of(receiver, "\"unsigned\""), 0);
    CHECK_INT(count_of(receiver, "\"id\":\"msg_100\""), 2);
}

TEST(webhooks_that_shall_come_later_come_later_and_none_go_to_whom_is_gone) {
    struct receiver *receiver = start_receiver(scope);
    struct channel_outcome outcomes[MESSAGES] = {0};
    const int64_t began_us = time_now_us();

    set_up(scope, receiver, "/busy");
    send(scope, 1, outcomes);
    CHECK_INT(outcomes[0].result, CHANNEL_RETRY);
    CHECK_INT(outcomes[0].class, CHANNEL_CLASS_PLACE);
    CHECK(outcomes[0].retry_at_us >= began_us + 100 * US_PER_SECOND);
    send(scope, 1, outcomes);
    CHECK_INT(outcomes[0].result, CHANNEL_ACCEPTED);

    set_address(scope, receiver, "/gone");
    send(scope, MESSAGES, outcomes);
    CHECK_INT(count_results(outcomes, MESSAGES, CHANNEL_RETRY), MESSAGES);
    CHECK_INT(outcomes[MESSAGES - 1].class, CHANNEL_CLASS_POLICY);
    CHECK(count_of(receiver, "\"gone\"") <= 8);
    CHECK_INT(state(scope), WEBHOOK_GONE);
}

TEST(a_new_secret_of_webhooks_leaves_no_gap) {
    struct receiver *receiver = start_receiver(scope);
    struct channel_outcome outcome = {0};
    struct text secret;

    set_up(scope, receiver, "/");
    secret = rotate(scope, 3600);
    send(scope, 1, &outcome); // the receiver has the one before
    CHECK_INT(outcome.result, CHANNEL_ACCEPTED);
    test_file(scope, "secret", secret);
    send(scope, 1, &outcome);
    CHECK_INT(outcome.result, CHANNEL_ACCEPTED);
    rotate(scope, 0);
    send(scope, 1, &outcome);
    CHECK_INT(outcome.result, CHANNEL_RETRY);
    CHECK_INT(outcome.class, CHANNEL_CLASS_POLICY);
    CHECK_STRING(outcome.detail, "the endpoint answered 401");
}

static struct text run(struct scope *scope, const char *words) {
    const struct program_result result = run_program(scope, words, TEXT(""));

    if (result.exit_code != 0)
        test_fail(__FILE__, __LINE__, "%s: %.*s", words, TEXT_ARG(result.err));
    return result.out;
}

// The test of a campaign: rendered as for a customer whose name would break out of JSON.
TEST(the_webhook_of_a_campaign_is_json_whatever_a_customer_is_called) {
    struct receiver *receiver = start_receiver(scope);
    struct json *answer, *message, *body;

    setenv("TESSERA_INTERNAL_HOSTS", arena_printf(&scope->arena, "127.0.0.1:%d", receiver->port),
           1);
    run(scope, arena_printf(&scope->arena, "import %s --as customers --source shop --yes",
                            test_file(scope, "customers.csv",
                                      TEXT("customer_number,name\nK-1,\"Ada \"\"x\"\", \\\"\n"))));
    run(scope, arena_printf(&scope->arena, "campaign create %s",
                            test_file(scope, "campaign.json",
                                      TEXT("{\"name\": \"spring\", \"purpose\": \"marketing\","
                                           " \"channel\": \"webhook\", \"segment\": \"all\","
                                           " \"arms\": [{\"name\": \"A\","
                                           " \"text\": \"{\\\"number\\\":"
                                           " {{ customer.number }}, \\\"greeting\\\":"
                                           " \\\"Hello {{ customer.name }}\\\"}\"}]}"))));
    CHECK_OK(json_parse(
        scope,
        run(scope, arena_printf(&scope->arena, "webhook set http://127.0.0.1:%d/ --format json",
                                receiver->port)),
        &answer));
    test_file(scope, "secret", json_member(answer, "secret")->string);
    run(scope, "campaign test spring --customer K-1");
    unsetenv("TESSERA_INTERNAL_HOSTS");
    CHECK_OK(json_parse(scope, text_trim(taken(receiver)), &message));
    CHECK_TEXT(json_member(message, "state")->string, "taken");
    CHECK_OK(json_parse(scope, json_member(message, "body")->string, &body));
    CHECK_TEXT(json_member(body, "number")->string, "K-1");
    CHECK_TEXT(json_member(body, "greeting")->string, "Hello Ada \"x\", \\");
}
