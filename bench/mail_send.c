// SPDX-License-Identifier: Apache-2.0
// Sends COUNT personal mails to a server on PORT and prints what it took as JSON:
//   mail_send PORT COUNT CONNECTIONS KEYS STEPS
// KEYS: of r (RSA 2048) and e (Ed25519), or -. STEPS: what is done for each mail: b builds and
// signs only, s sends too, f sends one fixed mail again and again.
#include "base/clock.h"
#include "base/time.h"
#include "push/mail/sender.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { BATCH = 500 };

// Of the size that shops send: some 6 KB of HTML with a dozen links.
static struct text html_of(struct scope *scope, int i) {
    struct buffer html = {0};
    struct text whole;

    buffer_printf(&html,
                  "<!doctype html><html><body style=\"font-family:sans-serif\"><h1>Grüße, Kundin "
                  "%d</h1><p>Ihre Punkte: %d. Heute für Sie ausgesucht:</p><table>\n",
                  i, i * 7 % 1000);
    for (int k = 0; k < 12; k++)
        buffer_printf(&html,
                      "<tr><td style=\"padding:12px;border:1px solid #dddddd;color:#333333\">"
                      "<a href=\"https://crm.example.org/l/%08x%08x%08x%08x%08x\">Artikel %d "
                      "— größer, schöner, nur für kurze Zeit</a><br>\n<span style=\"color:#888888;"
                      "text-decoration:line-through\">%d,99 €</span> <b>%d,49 €</b></td></tr>\n",
                      i * 31 + k, i, k, i * 17, k * 5, (i + k) % 500, k + 10, k + 7);
    buffer_add_string(&html, "</table><p>Ihr Team</p></body></html>\n");
    whole = text_copy(&scope->arena, buffer_text(&html));
    buffer_clear(&html);
    return whole;
}

static struct mail_item item_of(struct scope *scope, int i) {
    return (struct mail_item){
        .id = i + 1,
        .message = {
            .from = {TEXT("Käsehaus"), TEXT("shop@example.org")},
            .to = {.address = text_printf(&scope->arena, "customer%d@d%d.example", i, i % 40)},
            .subject = text_printf(&scope->arena, "Kundin %d, heute für Sie ausgesucht", i),
            .at_us = INT64_C(1795383000000000) + i,
            .message_id = text_printf(&scope->arena, "m%d@example.org", i),
            .text =
                text_printf(&scope->arena,
                            "Grüße, Kundin %d\n\nIhre Punkte: %d\nhttps://crm.example.org/l/%d\n",
                            i, i * 7 % 1000, i),
            .html = html_of(scope, i),
            .unsubscribe_url = text_printf(&scope->arena, "https://crm.example.org/u/%032x", i),
            .list_id = TEXT("news.example.org"),
            .feedback_id = text_printf(&scope->arena, "spring:%d:email:tessera", i),
        }};
}

static void give_up(struct scope *scope) {
    fprintf(stderr, "%s\n", scope->failure.message);
    exit(1);
}

static void add_key(struct scope *scope, struct mail_route *route, enum dkim_algorithm algorithm) {
    struct mail_signature *signature = &route->signatures[route->signature_count++];

    *signature = (struct mail_signature){
        .algorithm = algorithm, .domain = TEXT("example.org"), .selector = TEXT("s1")};
    if (dkim_secret_make(scope, algorithm, &signature->secret) != OK)
        give_up(scope);
}

static size_t build_only(struct scope *scope, const struct mail_route *route,
                         const struct mail_item *items, int count) {
    struct dkim_key *keys[MAIL_SIGNATURES] = {0};
    struct buffer body = {0}, whole = {0};
    size_t bytes = 0;

    for (size_t i = 0; i < route->signature_count; i++)
        if (dkim_key_open(scope, route->signatures[i].algorithm, TEXT("example.org"), TEXT("s1"),
                          route->signatures[i].secret, &keys[i]) != OK)
            give_up(scope);
    for (int i = 0; i < count; i++) {
        body.size = whole.size = 0;
        if (mime_write(scope, &items[i].message, &body) != OK ||
            dkim_sign(scope, keys, route->signature_count, buffer_text(&body),
                      items[i].message.at_us, &whole) != OK)
            give_up(scope);
        bytes = whole.size + body.size;
    }
    for (size_t i = 0; i < MAIL_SIGNATURES; i++)
        dkim_key_free(keys[i]);
    buffer_clear(&body);
    buffer_clear(&whole);
    return bytes;
}

static int count_accepted(const struct smtp_result *results, int count) {
    int accepted = 0;

    for (int i = 0; i < count; i++)
        accepted += results[i].state == SMTP_ACCEPTED;
    return accepted;
}

static int number_of(const char *word) {
    int64_t number;

    if (!text_to_int64(text_of(word), &number))
        exit(2);
    return (int)number;
}

int main(int argc, char **argv) {
    struct mail_item items[BATCH];
    struct smtp_result results[BATCH];
    struct mail_sender *sender = NULL;
    struct scope scope;
    struct rusage usage;
    int64_t began_us;
    double seconds;
    int accepted = 0;
    size_t bytes = 0;

    if (argc != 6)
        return 2;
    scope_init(&scope);
    struct mail_route route = {.relay = {.host = TEXT("127.0.0.1"),
                                         .port = number_of(argv[1]),
                                         .tls = SMTP_TLS_NONE,
                                         .helo = TEXT("crm.example.org")},
                               .connections = number_of(argv[3]),
                               .per_domain = 20,
                               .return_host = TEXT("bounce.example.org"),
                               .verp_key = "a key of thirty-two bytes for it"};
    if (strchr(argv[4], 'r'))
        add_key(&scope, &route, DKIM_RSA);
    if (strchr(argv[4], 'e'))
        add_key(&scope, &route, DKIM_ED25519);
    if (argv[5][0] != 'b' && mail_sender_open(&scope, &route, &sender) != OK)
        give_up(&scope);
    const struct arena_mark mark = arena_mark(&scope.arena);
    const int count = number_of(argv[2]);
    began_us = clock_us();
    for (int done = 0; done < count; done += BATCH) {
        const int size = count - done < BATCH ? count - done : BATCH;

        for (int i = 0; i < size; i++)
            items[i] = item_of(&scope, argv[5][0] == 'f' ? 1 : done + i);
        if (argv[5][0] == 'b') {
            bytes = build_only(&scope, &route, items, size);
            accepted += size;
        } else {
            mail_sender_send(&scope, sender, items, (size_t)size, results);
            accepted += count_accepted(results, size);
        }
        arena_rewind(&scope.arena, mark);
    }
    seconds = (double)(clock_us() - began_us) / 1e6;
    mail_sender_close(sender);
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"accepted\": %d, \"seconds\": %.3f, \"cpu_s\": %.3f, \"memory_kb\": %ld, "
           "\"mail_bytes\": %zu}\n",
           accepted, seconds,
           (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
               (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
           usage.ru_maxrss, bytes);
    scope_clear(&scope);
    return accepted == count ? 0 : 1;
}
