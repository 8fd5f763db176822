// SPDX-License-Identifier: Apache-2.0
// A running server is told of a click by the tracking API, and a page that asks what is true of the
// visitor hears of it within a second.
#include "base/base64.h"
#include "base/clock.h"
#include "base/json.h"
#include "tests/program.h"
#include "web/server_testing.h"

#include <stdio.h>
#include <unistd.h>

static const char *option(struct scope *scope, const char *name, const char *content) {
    const char *path = arena_printf(&scope->arena, "%s/%s", test_folder(scope), name);
    FILE *file = fopen(path, "w");

    CHECK(file && fputs(content, file) >= 0 && fclose(file) == 0);
    return path;
}

static struct json *command(struct scope *scope, const char *words) {
    const struct program_result result =
        run_program(scope, arena_printf(&scope->arena, "%s --format json", words), TEXT(""));
    struct json *json = NULL;

    if (result.exit_code != 0)
        test_fail(__FILE__, __LINE__, "%s: %.*s", words, TEXT_ARG(result.err));
    CHECK_OK(json_parse(scope, result.out, &json));
    return json;
}

static struct text key_of(const struct json *answer) {
    return json_member(answer, "key")->string;
}

static struct test_answer ask(struct scope *scope, uint16_t port, struct text key,
                              const char *path) {
    return test_ask(scope, port,
                    text_printf(&scope->arena,
                                "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                                "Authorization: Bearer %.*s\r\n\r\n",
                                path, TEXT_ARG(key)));
}

static void tell(struct scope *scope, uint16_t port, struct text key, const char *body) {
    const struct text basic = base64_encode(
        &scope->arena, text_printf(&scope->arena, "%.*s:", TEXT_ARG(key)), BASE64_STANDARD);
    const struct text request =
        text_printf(&scope->arena,
                    "POST /v1/track HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                    "Content-Type: application/json\r\nContent-Length: %zu\r\n"
                    "Authorization: Basic %.*s\r\n\r\n%s",
                    strlen(body), TEXT_ARG(basic), body);
    struct test_answer answer = test_ask(scope, port, request);

    for (int i = 0; i < 100 && answer.status == 401; i++) { // a new key counts within a second
        usleep(50000);
        answer = test_ask(scope, port, request);
    }
    if (answer.status != 200)
        test_fail(__FILE__, __LINE__, "%d: %.*s", answer.status, TEXT_ARG(answer.body));
}

// Within how many ms the answer has this in it.
static int64_t wait_for(struct scope *scope, uint16_t port, struct text key, const char *path,
                        const char *part) {
    const int64_t begun_us = clock_us();
    struct test_answer answer = ask(scope, port, key, path);

    while (!strstr(text_string(&scope->arena, answer.body), part)) {
        if (clock_us() - begun_us > 20000000)
            test_fail(__FILE__, __LINE__, "%s is never in %.*s", part, TEXT_ARG(answer.body));
        usleep(10000);
        answer = ask(scope, port, key, path);
    }
    CHECK_INT(answer.status, 200);
    return (clock_us() - begun_us) / 1000;
}

#define CLICK(visitor)                                                                             \
    "{\"type\": \"track\", \"event\": \"Link Clicked\", \"anonymousId\": \"" visitor "\"}"
#define ASKED(visitor) "/api/v1/decide?id=cookie:" visitor

TEST(a_click_is_answered_within_a_second_of_being_accepted) {
    static const char *const visitors[] = {"second", "fourth", "fifth"};
    const char *definition = option(scope, "clicked.json",
                                    "{\"event\": \"Link Clicked\", \"window\": {\"days\": 2}, "
                                    "\"operator\": \">=\", \"value\": 1}");
    const struct served *served = serve_program(scope, "");
    const struct text write_key = key_of(command(scope, "source add shop --type website"));
    const struct text page = key_of(command(scope, "key add page --may decide --may read_metrics"));
    int64_t least_ms = INT64_MAX;

    command(scope,
            arena_printf(&scope->arena, "segment create clicked --definition @%s", definition));
    tell(scope, served->port, write_key, CLICK("first"));
    wait_for(scope, served->port, page, ASKED("first"), "[\"clicked\"]");
    wait_for(scope, served->port, page, "/metrics", "tessera_decide_ready 1");
    for (size_t i = 0; i < sizeof(visitors) / sizeof(*visitors); i++) {
        int64_t waited_ms;

        sleep(1);
        tell(scope, served->port, write_key, arena_printf(&scope->arena, CLICK("%s"), visitors[i]));
        waited_ms =
            wait_for(scope, served->port, page,
                     arena_printf(&scope->arena, ASKED("%s"), visitors[i]), "[\"clicked\"]");
        least_ms = waited_ms < least_ms ? waited_ms : least_ms;
    }
    printf("  answered %d ms after it was accepted\n", (int)least_ms);
    CHECK(least_ms < 1000); // the machine may do much else at the same time, but not always
    CHECK_TEXT(ask(scope, served->port, page, ASKED("third")).body,
               "{\"segments\":[],\"traits\":{}}");
    CHECK_INT(ask(scope, served->port, TEXT("tsk_none"), ASKED("second")).status, 401);
}
