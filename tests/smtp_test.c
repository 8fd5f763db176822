// SPDX-License-Identifier: Apache-2.0
// Mail is sent through a server that does to it what servers do.
#include "base/json.h"
#include "push/mail/sender.h"
#include "store/store_testing.h"
#include "tests/program.h"
#include "tests/smtp_sink.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { MAILS = 40 };

static struct smtp_sink *start_sink(struct scope *scope, const char *const *options) {
    struct smtp_sink *sink = smtp_sink_new(scope);

    smtp_sink_start(scope, sink, options);
    return sink;
}

static struct text read_taken(struct scope *scope, const struct smtp_sink *sink) {
    return run_other_for_output(scope, (const char *const[]){"cat", sink->taken, NULL});
}

static int count_taken(struct scope *scope, const struct smtp_sink *sink, const char *recipient) {
    const char *all = text_string(&scope->arena, read_taken(scope, sink));
    const char *wanted = arena_printf(&scope->arena, "\"to\":\"%s", recipient);
    int count = 0;

    for (; (all = strstr(all, wanted)); all++)
        count++;
    return count;
}

static struct mail_route route_to(const struct smtp_sink *sink) {
    return (struct mail_route){
        .relay = {.host = TEXT("127.0.0.1"),
                  .port = sink->port,
                  .tls = SMTP_TLS_NONE,
                  .helo = TEXT("crm.example.org")},
        .connections = 4,
        .per_domain = 2,
        .return_host = TEXT("bounce.example.org"),
        .verp_key = "a key of thirty-two bytes for it",
    };
}

static struct mail_item item_to(struct scope *scope, int64_t id, const char *recipient) {
    return (struct mail_item){
        .id = id,
        .message = {.from = {TEXT("The Shop"), TEXT("shop@example.org")},
                    .to = {.address = text_of(recipient)},
                    .subject = TEXT("Grüße"),
                    .message_id = text_printf(&scope->arena, "m%d@example.org", (int)id),
                    .text = TEXT("Hello\n.\n..two dots\n.end\n"),
                    .unsubscribe_url = TEXT("https://example.org/u/opaque")},
    };
}

static void send_all(struct scope *scope, const struct mail_route *route,
                     const struct mail_item *items, size_t count, struct smtp_result *results) {
    struct mail_sender *sender = NULL;

    CHECK_OK(mail_sender_open(scope, route, &sender));
    mail_sender_send(scope, sender, items, count, results);
    mail_sender_close(sender);
}

TEST(mails_arrive_whole_each_once_over_a_few_connections) {
    const struct smtp_sink *sink = start_sink(scope, (const char *const[]){NULL});
    const struct mail_route route = route_to(sink);
    struct mail_item items[MAILS];
    struct smtp_result results[MAILS];
    struct json *json;
    struct text first, data;
    int64_t id;

    for (int i = 0; i < MAILS; i++)
        items[i] = item_to(scope, i + 1, arena_printf(&scope->arena, "c%d@d%d.example", i, i % 3));
    send_all(scope, &route, items, MAILS, results);
    for (int i = 0; i < MAILS; i++) {
        CHECK_INT(results[i].state, SMTP_ACCEPTED);
        CHECK_INT(count_taken(scope, sink, arena_printf(&scope->arena, "c%d@", i)), 1);
    }
    first = read_taken(scope, sink);
    first = text_split(first, '\n', &data);
    CHECK_OK(json_parse(scope, first, &json));
    CHECK(verp_read(route.verp_key, json_member(json, "from")->string, &id));
    CHECK(id >= 1 && id <= MAILS);
}

TEST(replies_become_what_they_mean) {
    static const struct {
        const char *recipient;
        enum smtp_state state;
        enum mail_class class;
    } cases[] = {
        {"r550.5.1.1-a@a.example", SMTP_FAILED, MAIL_CLASS_ADDRESS},
        {"r552.5.2.2-a@b.example", SMTP_FAILED, MAIL_CLASS_MAILBOX},
        {"r550.5.7.1-a@c.example", SMTP_FAILED, MAIL_CLASS_POLICY},
        {"r451.4.3.0-a@d.example", SMTP_RETRY, MAIL_CLASS_PLACE},
        {"r454.4.7.0-a@e.example", SMTP_RETRY, MAIL_CLASS_POLICY},
        {"d554.5.7.1-a@f.example", SMTP_FAILED, MAIL_CLASS_POLICY},
        {"d552.5.3.4-a@g.example", SMTP_FAILED, MAIL_CLASS_CONTENT},
        {"d451.4.3.0-a@h.example", SMTP_RETRY, MAIL_CLASS_PLACE},
        {"lost-a@i.example", SMTP_UNKNOWN, MAIL_CLASS_PLACE},
        {"cut-a@j.example", SMTP_UNKNOWN, MAIL_CLASS_PLACE},
        {"fine-a@k.example", SMTP_ACCEPTED, MAIL_CLASS_NONE},
        {"nobody at all", SMTP_FAILED, MAIL_CLASS_ADDRESS},
    };
    enum { COUNT = sizeof(cases) / sizeof(*cases) };
    const struct smtp_sink *sink = start_sink(scope, (const char *const[]){NULL});
    const struct mail_route route = route_to(sink);
    struct mail_item items[COUNT];
    struct smtp_result results[COUNT];

    for (int i = 0; i < COUNT; i++)
        items[i] = item_to(scope, i + 1, cases[i].recipient);
    send_all(scope, &route, items, COUNT, results);
    for (int i = 0; i < COUNT; i++) {
        if (results[i].state != cases[i].state || results[i].class != cases[i].class)
            test_fail(__FILE__, __LINE__, "%s: state %d, class %d (%s)", cases[i].recipient,
                      results[i].state, results[i].class, results[i].detail);
        CHECK(!strstr(results[i].detail, ".example"));
    }
}

TEST(a_destination_that_asks_to_wait_gets_nothing_more_in_this_batch) {
    const struct smtp_sink *sink = start_sink(scope, (const char *const[]){NULL});
    struct mail_route route = route_to(sink);
    struct mail_item items[MAILS];
    struct smtp_result results[MAILS];
    int accepted = 0, put_off = 0;

    route.connections = 1;
    for (int i = 0; i < MAILS; i++)
        items[i] = item_to(scope, i + 1,
                           i == 0       ? "r451.4.7.1-a@slow.example"
                           : i % 2 == 0 ? "a@slow.example"
                                        : "a@fast.example");
    send_all(scope, &route, items, MAILS, results);
    for (int i = 0; i < MAILS; i++) {
        accepted += results[i].state == SMTP_ACCEPTED;
        put_off += results[i].state == SMTP_RETRY;
    }
    CHECK_INT(accepted, MAILS / 2);
    CHECK_INT(put_off, MAILS / 2);
    CHECK_INT(count_taken(scope, sink, "a@slow"), 0);
}

TEST(a_relay_that_ends_its_connections_gets_the_rest_over_new_ones) {
    const struct smtp_sink *sink =
        start_sink(scope, (const char *const[]){"--throttle", "3", NULL});
    const struct mail_route route = route_to(sink);
    struct mail_item items[MAILS];
    struct smtp_result results[MAILS];

    for (int i = 0; i < MAILS; i++)
        items[i] = item_to(scope, i + 1, arena_printf(&scope->arena, "c%d@d.example", i));
    send_all(scope, &route, items, MAILS, results);
    for (int i = 0; i < MAILS; i++)
        CHECK_INT(results[i].state, SMTP_ACCEPTED);
}

TEST(without_a_relay_everything_waits) {
    const struct smtp_sink nobody = {.port = free_port()};
    const struct mail_route route = route_to(&nobody);
    struct mail_item items[MAILS];
    struct smtp_result results[MAILS];

    for (int i = 0; i < MAILS; i++)
        items[i] = item_to(scope, i + 1, "a@d.example");
    send_all(scope, &route, items, MAILS, results);
    for (int i = 0; i < MAILS; i++)
        CHECK_INT(results[i].state, SMTP_RETRY);
}

TEST(mail_does_not_leave_without_tls_where_it_is_required) {
    const struct smtp_sink *sink = start_sink(scope, (const char *const[]){NULL});
    struct mail_route route = route_to(sink);
    struct mail_item item = item_to(scope, 1, "a@d.example");
    struct smtp_result result;

    route.relay.tls = SMTP_TLS_REQUIRED;
    send_all(scope, &route, &item, 1, &result);
    CHECK_INT(result.state, SMTP_RETRY);
    CHECK(result.is_of_relay);
    CHECK_INT(count_taken(scope, sink, ""), 0);
}

TEST(mail_leaves_under_tls_to_a_relay_whose_certificate_is_known) {
    const char *folder = test_folder(scope);
    const char *key = arena_printf(&scope->arena, "%s/key.pem", folder);
    const char *certificate = arena_printf(&scope->arena, "%s/cert.pem", folder);
    const char *const make[] = {
        "openssl",  "req",           "-x509",   "-newkey",
        "rsa:2048", "-nodes",        "-keyout", key,
        "-out",     certificate,     "-days",   "2",
        "-subj",    "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
        NULL};
    struct mail_item item = item_to(scope, 1, "a@d.example");
    struct smtp_result result;
    struct mail_route route;

    if (run_other(scope, make) != 0)
        test_skip("there is no openssl");
    const struct smtp_sink *sink =
        start_sink(scope, (const char *const[]){"--tls", key, certificate, NULL});
    route = route_to(sink);
    route.relay.tls = SMTP_TLS_REQUIRED;
    send_all(scope, &route, &item, 1, &result);
    CHECK_INT(result.state, SMTP_RETRY); // an authority that nobody knows
    CHECK_INT(count_taken(scope, sink, ""), 0);
    route.relay.ca_file = text_of(certificate);
    send_all(scope, &route, &item, 1, &result);
    CHECK_INT(result.state, SMTP_ACCEPTED);
    CHECK_INT(count_taken(scope, sink, "a@d.example"), 1);
}
