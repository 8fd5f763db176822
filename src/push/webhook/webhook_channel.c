// SPDX-License-Identifier: Apache-2.0
// A batch is a round: threads take its messages one after the other until there is none.
#include "push/webhook/webhook_channel.h"

#include "push/webhook/endpoint.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 8, MOST_SILENT = 8 };

// Owns what the endpoint's texts point to.
struct connection {
    struct arena arena;
    struct webhook_endpoint endpoint;
    bool is_gone;
};

code webhook_channel_prepare(struct scope *scope, const struct channel_content *sources) {
    if (text_trim(sources->text).size == 0)
        return scope_fail_field(scope, INVALID, "text", "a webhook has a body of JSON");
    return OK;
}

// ---- opening ----

static code check_state(struct scope *scope, const struct webhook_endpoint *endpoint) {
    static const char *const why[] = {
        [WEBHOOK_OFF] = "it is switched off",
        [WEBHOOK_GONE] = "it answered that it is gone",
        [WEBHOOK_FAILING] = "it took nothing for days",
    };

    if (endpoint->state == WEBHOOK_ON)
        return OK;
    scope_fail(scope, UNAVAILABLE, "webhooks are not sent to the endpoint: %s",
               why[endpoint->state]);
    return scope_hint(scope, "`tessera webhook on` tries again");
}

code webhook_channel_open(struct scope *scope, const struct channel_order *order,
                          void **ret_connection) {
    struct webhook_endpoint endpoint;
    struct connection *connection;

    (void)order;
    if (webhook_endpoint_load(scope, &endpoint) != OK) {
        scope->failure.code = UNAVAILABLE;
        return UNAVAILABLE;
    }
    TRY(check_state(scope, &endpoint));
    connection = calloc(1, sizeof(*connection));
    if (!connection)
        abort();
    arena_init(&connection->arena);
    connection->endpoint = endpoint;
    connection->endpoint.url = text_copy(&connection->arena, endpoint.url);
    for (size_t i = 0; i < endpoint.secret_count; i++)
        connection->endpoint.secrets[i] = text_copy(&connection->arena, endpoint.secrets[i]);
    *ret_connection = connection;
    return OK;
}

void webhook_channel_close(void *context) {
    struct connection *connection = context;

    if (!connection)
        return;
    arena_clear(&connection->arena);
    free(connection);
}

// ---- a round ----

struct round {
    struct scope *owner; // its session and clock are read, nothing else
    const struct connection *connection;
    const struct channel_message *messages;
    struct channel_outcome *outcomes; // each is one thread's
    size_t count;
    atomic_size_t next;
    atomic_bool is_gone;
    atomic_int silent_count; // in a row
    atomic_size_t accepted_count, refused_count;
};

static const char *why_not(const struct round *round) {
    if (round->owner->cancelled && atomic_load(round->owner->cancelled))
        return "not sent: the campaign was asked to stop";
    if (atomic_load(&round->is_gone))
        return "not sent: the endpoint is gone";
    return atomic_load(&round->silent_count) >= MOST_SILENT
               ? "not sent: the endpoint does not answer"
               : NULL;
}

static void put_off(struct round *round, size_t index, const char *why) {
    struct channel_outcome *outcome = &round->outcomes[index];

    *outcome = (struct channel_outcome){.result = CHANNEL_RETRY, .cost_micros = -1};
    outcome->class = atomic_load(&round->is_gone) ? CHANNEL_CLASS_POLICY : CHANNEL_CLASS_PLACE;
    snprintf(outcome->detail, sizeof(outcome->detail), "%s", why);
}

// What its template made may be no JSON for this customer alone.
static bool is_sendable(struct scope *scope, struct text body, struct channel_outcome *outcome) {
    struct json *json;

    if (body.size <= WEBHOOK_MOST_BODY_BYTES && json_parse(scope, body, &json) == OK)
        return true;
    *outcome = (struct channel_outcome){
        .result = CHANNEL_FAILED, .class = CHANNEL_CLASS_CONTENT, .cost_micros = -1};
    if (body.size > WEBHOOK_MOST_BODY_BYTES)
        snprintf(outcome->detail, sizeof(outcome->detail), "the body has more than %d bytes",
                 WEBHOOK_MOST_BODY_BYTES);
    else
        snprintf(outcome->detail, sizeof(outcome->detail), "the body is no JSON");
    scope_forgive(scope);
    return false;
}

// A row's id is its own for good; a message without a row (a test) has its key alone.
static struct text id_of(struct arena *arena, const struct channel_message *message) {
    return message->id != 0 ? text_printf(arena, "msg_%" PRId64, message->id)
                            : text_printf(arena, "msg_%.*s", TEXT_ARG(message->key));
}

static void post_one(struct scope *scope, struct round *round, size_t index) {
    const struct channel_message *message = &round->messages[index];
    struct webhook_reply reply;

    if (!is_sendable(scope, message->content.text, &round->outcomes[index]))
        return;
    webhook_post(scope, &round->connection->endpoint, id_of(&scope->arena, message),
                 message->content.text, &reply);
    round->outcomes[index] = reply.outcome;
    if (reply.is_gone)
        atomic_store(&round->is_gone, true);
    if (reply.is_silent)
        atomic_fetch_add(&round->silent_count, 1);
    else
        atomic_store(&round->silent_count, 0);
    if (reply.outcome.result == CHANNEL_ACCEPTED)
        atomic_fetch_add(&round->accepted_count, 1);
    else
        atomic_fetch_add(&round->refused_count, reply.outcome.result == CHANNEL_RETRY);
}

static void *take_part(void *argument) {
    struct round *round = argument;
    struct scope scope;
    size_t index;

    scope_init(&scope);
    scope.session = round->owner->session; // for the configuration
    scope.now_us = round->owner->now_us;
    while ((index = atomic_fetch_add(&round->next, 1)) < round->count) {
        const struct arena_mark mark = arena_mark(&scope.arena);
        const char *why = why_not(round);

        if (why)
            put_off(round, index, why);
        else
            post_one(&scope, round, index);
        arena_rewind(&scope.arena, mark);
    }
    scope.session = NULL;
    scope_clear(&scope);
    return NULL;
}

// This thread takes part as well: a machine that has no thread to give goes on slowly.
static void run_round(struct round *round) {
    pthread_t threads[THREADS - 1];
    size_t thread_count = 0;

    while (thread_count < THREADS - 1 && thread_count + 1 < round->count &&
           pthread_create(&threads[thread_count], NULL, take_part, round) == 0)
        thread_count++;
    take_part(round);
    for (size_t i = 0; i < thread_count; i++)
        pthread_join(threads[i], NULL);
}

code webhook_channel_send(struct scope *scope, void *context, const struct channel_order *order,
                          const struct channel_message *messages, size_t count,
                          struct channel_outcome *outcomes) {
    struct connection *connection = context;
    struct round round = {.owner = scope,
                          .connection = connection,
                          .messages = messages,
                          .outcomes = outcomes,
                          .count = count,
                          .is_gone = connection->is_gone};

    (void)order;
    run_round(&round);
    connection->is_gone = atomic_load(&round.is_gone);
    if (connection->is_gone)
        return webhook_endpoint_note(scope, &connection->endpoint, WEBHOOK_IS_GONE);
    if (atomic_load(&round.accepted_count) > 0)
        return webhook_endpoint_note(scope, &connection->endpoint, WEBHOOK_TOOK_SOME);
    return atomic_load(&round.refused_count) == 0
               ? OK
               : webhook_endpoint_note(scope, &connection->endpoint, WEBHOOK_TOOK_NONE);
}
