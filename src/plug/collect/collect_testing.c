// SPDX-License-Identifier: Apache-2.0
#include "plug/collect/collect_testing.h"

#include "base/base64.h"
#include "store/ledger.h"

static void stop_collector(void *collector) {
    collector_stop(collector);
}

static void stop_server(void *server) {
    server_stop(server, 2000);
}

static void add_sender(struct scope *scope, struct test_collection *collection,
                       enum sender_type type) {
    const struct sender sender = {.name = TEXT("shop"), .type = type};

    CHECK_OK(ledger_begin(scope));
    CHECK_OK(
        ledger_end(scope, sender_add(scope, &sender, &collection->sender_id, &collection->key)));
}

struct test_collection *test_collect(struct scope *scope, enum sender_type type) {
    struct test_collection *collection = arena_alloc(&scope->arena, sizeof(*collection));
    struct server_options options = {.address = "127.0.0.1"};
    struct server *server;

    test_store(scope);
    add_sender(scope, collection, type);
    CHECK_OK(collector_start(scope, session_store(scope), &collection->collector));
    test_at_end(stop_collector, collection->collector);
    options.intake = collector_intake(collection->collector);
    CHECK_OK(server_start(scope, session_store(scope), &options, &server));
    test_at_end(stop_server, server);
    collection->port = server_port(server);
    return collection;
}

struct test_answer test_collect_raw(struct scope *scope, const struct test_collection *collection,
                                    const char *path, const char *fields, struct text body) {
    CLEANUP(buffer_clear) struct buffer request = {0};

    buffer_printf(&request, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n%s\r\n",
                  path, body.size, fields);
    buffer_add_text(&request, body);
    return test_ask(scope, collection->port, buffer_text(&request));
}

struct test_answer test_collect_send(struct scope *scope, const struct test_collection *collection,
                                     const char *path, struct text body) {
    const struct text pair = text_printf(&scope->arena, "%.*s:", TEXT_ARG(collection->key));
    const struct text encoded = base64_encode(&scope->arena, pair, BASE64_STANDARD);

    return test_collect_raw(
        scope, collection, path,
        arena_printf(&scope->arena,
                     "Authorization: Basic %.*s\r\nContent-Type: application/json\r\n",
                     TEXT_ARG(encoded)),
        body);
}
