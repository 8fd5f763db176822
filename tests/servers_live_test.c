// SPDX-License-Identifier: Apache-2.0
// Two servers on one database, one takes events: what is looked at on the other shows them at once,
// the last events of a source, the page of a customer, a segment, the answer of decide.
#include "base/base64.h"
#include "base/clock.h"
#include "plug/sender/sender.h"
#include "store/ledger.h"
#include "store/postgresql_testing.h"
#include "tests/fleet.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { A, B };
enum { PATIENCE_US = 20000000, LOOK_US = 10000, PROMISED_US = 1000000 };

#define JSON "Content-Type: application/json\r\n"

struct shop {
    struct fleet *fleet;
    const char *id, *basic; // of its source
    const char *cookie;     // of somebody who may look at it
};

static struct shop open_shop(struct scope *scope) {
    struct fleet *fleet = fleet_new(scope, test_database(scope), "job_lease = 2s\nlog = debug\n");
    const struct sender sender = {.name = TEXT("shop"), .type = SENDER_SERVER};
    const char *csrf;
    struct text key;
    int64_t id;

    fleet_start(fleet, A);
    fleet_start(fleet, B);
    fleet_add_account(fleet, ROLE_ADMINISTRATOR);
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(ledger_end(scope, sender_add(scope, &sender, &id, &key)));
    key = text_printf(&scope->arena, "%.*s:", TEXT_ARG(key));
    sleep(1); // a new key counts within a second
    return (struct shop){
        .fleet = fleet,
        .id = arena_printf(&scope->arena, "%" PRId64, id),
        .cookie = arena_printf(&scope->arena, FLEET_SAME_ORIGIN "Cookie: tessera=%s\r\n",
                               fleet_sign_in(fleet, A, &csrf)),
        .basic = arena_printf(&scope->arena, "Authorization: Basic %.*s\r\n" JSON,
                              TEXT_ARG(base64_encode(&scope->arena, key, BASE64_STANDARD)))};
}

// When it was answered, by the clock.
static int64_t send_to(const struct shop *shop, int index, int status, const char *message) {
    const struct test_answer answer =
        fleet_ask_plainly(shop->fleet, index, "POST", "/v1/track", shop->basic, text_of(message));

    if (answer.status != status)
        test_fail(__FILE__, __LINE__, "%d: %.*s", answer.status, TEXT_ARG(answer.body));
    return clock_us();
}

static bool shows(const struct shop *shop, int index, const char *path, const char *part) {
    const struct test_answer answer =
        fleet_ask_plainly(shop->fleet, index, "GET", path, shop->cookie, (struct text){0});

    CHECK_INT(answer.status, 200);
    return memmem(answer.body.data, answer.body.size, part, strlen(part)) != NULL;
}

// How long after `since_us` the answer has this in it.
static int64_t wait_us(const struct shop *shop, int index, const char *path, const char *part,
                       int64_t since_us) {
    while (!shows(shop, index, path, part)) {
        if (clock_us() - since_us > PATIENCE_US)
            test_fail(__FILE__, __LINE__, "%s is never in %s of server %d", part, path, index);
        usleep(LOOK_US);
    }
    return clock_us() - since_us;
}

static int count_of(struct text text, const char *part) {
    int count = 0;
    size_t i = 0;

    for (; i + strlen(part) <= text.size; i++)
        count += memcmp(&text.data[i], part, strlen(part)) == 0;
    return count;
}

TEST(the_last_events_of_a_source_are_those_of_all_servers) {
    const struct shop shop = open_shop(scope);
    const char *path = arena_printf(&scope->arena, "/api/v1/sources/%s/events", shop.id);
    int64_t sent_us, least_us = INT64_MAX;

    send_to(&shop, B, 200, "{\"userId\":\"u1\",\"event\":\"before anybody looked\"}");
    CHECK_INT(fleet_number(shop.fleet, "SELECT count(*) FROM recent"), 0);
    wait_us(&shop, A, path, "before anybody looked", clock_us());
    for (int i = 0; i < 3; i++) {
        const char *event = arena_printf(&scope->arena, "click %d", i);
        int64_t waited_us;

        sent_us =
            send_to(&shop, B, 200,
                    arena_printf(&scope->arena, "{\"userId\":\"u1\",\"event\":\"%s\"}", event));
        waited_us = wait_us(&shop, A, path, event, sent_us);
        least_us = waited_us < least_us ? waited_us : least_us;
    }
    printf("  seen at the other server %" PRId64 " ms after it was accepted\n", least_us / 1000);
    CHECK(least_us < PROMISED_US);
    sent_us = send_to(&shop, B, 400, "{\"event\":\"nobody's\"}");
    wait_us(&shop, A, path, "refused", sent_us);
    send_to(&shop, A, 200, "{\"userId\":\"u2\",\"event\":\"at the one who is asked\"}");
    wait_us(&shop, B, path, "at the one who is asked", clock_us());
    for (int i = A; i <= B; i++) { // each once, wherever it was taken
        const struct test_answer answer =
            fleet_ask_plainly(shop.fleet, i, "GET", path, shop.cookie, (struct text){0});

        CHECK_INT(count_of(answer.body, "click "), 3);
        CHECK_INT(count_of(answer.body, "before anybody"), 1);
        CHECK_INT(count_of(answer.body, "refused"), 1);
    }
}

// ---- a customer who is looked at ----

// Reads the stream until it has told so often of the customer; when, by the clock.
static int64_t hear_us(int fd, struct buffer *all, int count) {
    const int64_t begin_us = clock_us();

    while (count_of(buffer_text(all), "event: customer") < count) {
        const ssize_t size = recv(fd, buffer_reserve(all, 1 << 16), 1 << 16, 0);

        CHECK(size > 0 && clock_us() - begin_us < PATIENCE_US);
        all->size += (size_t)size;
    }
    return clock_us();
}

TEST(who_looks_at_a_customer_on_one_server_hears_of_what_another_takes) {
    const struct shop shop = open_shop(scope);
    CLEANUP(buffer_clear) struct buffer heard = {0};
    int64_t sent_us, customer, least_us = INT64_MAX;
    const char *path;
    int fd;

    send_to(&shop, B, 200, "{\"userId\":\"u1\",\"event\":\"first\"}");
    send_to(&shop, B, 200, "{\"userId\":\"u2\",\"event\":\"first\"}");
    CHECK_OK(ledger_int64(scope, "SELECT origin FROM identifier WHERE value = 'u1'", NO_BINDS, 0,
                          &customer));
    path = arena_printf(&scope->arena, "/api/v1/customers/%" PRId64, customer);
    fd = fleet_listen(shop.fleet, A, arena_printf(&scope->arena, "%s/live", path));
    hear_us(fd, &heard, 1); // where it stands
    for (int i = 0; i < 3; i++) {
        const char *event = arena_printf(&scope->arena, "click %d", i);
        int64_t waited_us;

        send_to(&shop, B, 200, "{\"userId\":\"u2\",\"event\":\"another's\"}");
        usleep(600000);
        CHECK_INT(count_of(buffer_text(&heard), "event: customer"), i + 1);
        sent_us =
            send_to(&shop, B, 200,
                    arena_printf(&scope->arena, "{\"userId\":\"u1\",\"event\":\"%s\"}", event));
        waited_us = hear_us(fd, &heard, i + 2) - sent_us;
        least_us = waited_us < least_us ? waited_us : least_us;
        CHECK(shows(&shop, A, path, event));
    }
    close(fd);
    printf("  heard at the other server %" PRId64 " ms after it was accepted\n", least_us / 1000);
    CHECK(least_us < PROMISED_US);
}

// ---- what is answered ----

static void define_clicked(const struct shop *shop) {
    const struct test_answer made =
        fleet_ask(shop->fleet, A, "POST", "/api/v1/segments", JSON,
                  TEXT("{\"name\":\"clicked\",\"definition\":{\"event\":\"click\",\"operator\":"
                       "\">=\",\"value\":1}}"));

    if (made.status != 200)
        test_fail(__FILE__, __LINE__, "%d: %.*s", made.status, TEXT_ARG(made.body));
}

static int64_t waited_for_decide_us(const struct shop *shop, const char *user, int64_t sent_us) {
    const char *path =
        arena_printf(&shop->fleet->scope->arena, "/api/v1/decide?id=customer_number:shop:%s", user);
    const struct text nobody = TEXT("{\"segments\":[]");
    struct test_answer answer;

    do {
        CHECK(clock_us() - sent_us < PATIENCE_US);
        usleep(LOOK_US);
        answer = fleet_ask(shop->fleet, A, "GET", path, "", (struct text){0});
        CHECK_INT(answer.status, 200);
    } while (text_starts_with(answer.body, nobody));
    CHECK(memmem(answer.body.data, answer.body.size, "[\"clicked\"]", 11));
    return clock_us() - sent_us;
}

TEST(what_one_server_takes_another_answers_within_a_second) {
    const struct shop shop = open_shop(scope);
    int64_t least_us = INT64_MAX;

    define_clicked(&shop);
    send_to(&shop, B, 200, "{\"userId\":\"u0\",\"event\":\"click\"}");
    waited_for_decide_us(&shop, "u0", clock_us());
    sleep(1); // whole evaluations of the beginning are over
    for (int i = 1; i <= 4; i++) {
        const char *user = arena_printf(&scope->arena, "u%d", i);
        const int64_t sent_us =
            send_to(&shop, B, 200,
                    arena_printf(&scope->arena, "{\"userId\":\"%s\",\"event\":\"click\"}", user));
        const int64_t waited_us = waited_for_decide_us(&shop, user, sent_us);

        least_us = waited_us < least_us ? waited_us : least_us;
        CHECK_INT(fleet_number(shop.fleet, "SELECT count(*) FROM segment_member"), i + 1);
        CHECK(shows(&shop, A, "/api/v1/segments/clicked/count",
                    arena_printf(&scope->arena, "\"count\":%d", i + 1))); // of the lake
    }
    printf("  answered by the other server %" PRId64 " ms after it was accepted\n",
           least_us / 1000);
    CHECK(least_us < PROMISED_US);
}
