// SPDX-License-Identifier: Apache-2.0
// Text messages through Kannel and its fake message centre: a campaign's arrive in the alphabet and
// the parts they need, reports of delivery come back, and who answers STOP is not written to again.
#include "base/clock.h"
#include "base/json.h"
#include "store/store_testing.h"
#include "tests/program.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FAKE_CENTRE "/usr/lib/kannel/test/fakesmsc"

enum { PROGRAMS = 4, PATIENCE_MS = 20000, LOOK_MS = 100 };

struct gateway {
    struct scope *scope;
    uint16_t admin_port, box_port, centre_port, send_port;
    const char *configuration, *heard; // files
    pid_t programs[PROGRAMS];
    size_t count;
};

static void stop_gateway(void *argument) {
    struct gateway *gateway = argument;

    while (gateway->count > 0) {
        const pid_t process = gateway->programs[--gateway->count];

        kill(process, SIGKILL);
        wait_program(process);
    }
}

static void start(struct gateway *gateway, const char *const *words) {
    const pid_t process = start_other(gateway->scope, words);

    if (process < 0)
        test_skip("there is no Kannel");
    gateway->programs[gateway->count++] = process;
}

// The server's address of replies is known once it runs: the box that calls it starts after it.
static void write_configuration(const struct gateway *gateway, const char *replies) {
    FILE *file = fopen(gateway->configuration, "we");

    CHECK(file);
    fprintf(file,
            "group = core\nadmin-port = %u\nadmin-password = x\nadmin-interface = 127.0.0.1\n"
            "smsbox-port = %u\nsmsbox-interface = 127.0.0.1\n\n"
            "group = smsc\nsmsc = fake\nsmsc-id = fake\nport = %u\nconnect-allow-ip = 127.0.0.1\n\n"
            "group = smsbox\nbearerbox-host = 127.0.0.1\nbearerbox-port = %u\n"
            "sendsms-port = %u\nsendsms-interface = 127.0.0.1\n\n"
            "group = sendsms-user\nusername = shop\npassword = not-a-real-secret\n"
            "concatenation = true\nmax-messages = 10\n\n"
            "group = sms-service\nkeyword = default\nmax-messages = 0\n"
            "get-url = \"%s?from=%%p&text=%%a\"\n",
            gateway->admin_port, gateway->box_port, gateway->centre_port, gateway->box_port,
            gateway->send_port, replies);
    CHECK(fclose(file) == 0);
}

// Programs of the machine, their output in a file of the test's folder.
static const char *shell(struct scope *scope, const char *command, const char *log) {
    return arena_printf(&scope->arena, "exec %s > %s/%s 2>&1", command, test_folder(scope), log);
}

static void start_in_shell(struct gateway *gateway, const char *command, const char *log) {
    const char *const words[] = {"sh", "-c", shell(gateway->scope, command, log), NULL};

    start(gateway, words);
}

// The centre also sends one message of its own.
static void start_centre(struct gateway *gateway, const char *message, const char *log) {
    start_in_shell(gateway,
                   arena_printf(&gateway->scope->arena,
                                FAKE_CENTRE " -H 127.0.0.1 -r %u -i 1000 -m 1 '%s'",
                                gateway->centre_port, message),
                   log);
}

static bool holds(struct scope *scope, const char *log, const char *part) {
    struct text content = TEXT("");
    const struct arena_mark mark = arena_mark(&scope->arena);
    const char *const words[] = {
        "cat", arena_printf(&scope->arena, "%s/%s", test_folder(scope), log), NULL};
    bool found;

    content = run_other_for_output(scope, words);
    found = content.size > 0 && memmem(content.data, content.size, part, strlen(part)) != NULL;
    arena_rewind(&scope->arena, mark);
    return found;
}

static bool says(struct scope *scope, const char *command, const char *part) {
    const struct text out = run_program(scope, command, TEXT("")).out;

    return out.size > 0 && memmem(out.data, out.size, part, strlen(part)) != NULL;
}

#define WAIT_UNTIL(condition)                                                                      \
    do {                                                                                           \
        const int64_t until_us = clock_us() + PATIENCE_MS * INT64_C(1000);                         \
                                                                                                   \
        while (!(condition)) {                                                                     \
            if (clock_us() > until_us)                                                             \
                test_fail(__FILE__, __LINE__, "%s in time", #condition);                           \
            usleep(LOOK_MS * 1000);                                                                \
        }                                                                                          \
    } while (0)

// Its row has three instants: when it was due, sent, and delivered.
static bool is_delivered(struct scope *scope) {
    const struct text out =
        run_program(scope, "campaign messages spring --format csv", TEXT("")).out;
    int instants = 0;

    for (size_t i = 1; i < out.size; i++)
        instants += out.data[i] == 'Z' && out.data[i - 1] >= '0' && out.data[i - 1] <= '9';
    return instants == 3;
}

static void run(struct scope *scope, const char *words) {
    const struct program_result result = run_program(scope, words, TEXT(""));

    if (result.exit_code != 0)
        test_fail(__FILE__, __LINE__, "%s: %.*s", words, TEXT_ARG(result.err));
}

static struct gateway *new_gateway(struct scope *scope) {
    struct gateway *gateway = arena_alloc(&scope->arena, sizeof(*gateway));

    *gateway = (struct gateway){
        .scope = scope,
        .configuration = arena_printf(&scope->arena, "%s/kannel.conf", test_folder(scope)),
        .admin_port = free_port(),
        .box_port = free_port(),
        .centre_port = free_port(),
        .send_port = free_port()};
    if (access(FAKE_CENTRE, X_OK) != 0)
        test_skip("there is no Kannel with its fake message centre");
    test_at_end(stop_gateway, gateway);
    return gateway;
}

static void fill_store(struct scope *scope, const struct gateway *gateway) {
    const char *password = test_file(scope, "password", TEXT("not-a-real-secret"));
    const char *campaign =
        test_file(scope, "campaign.json",
                  TEXT("{\"name\": \"spring\", \"purpose\": \"marketing\", \"channel\": \"sms\","
                       " \"segment\": \"phones\", \"hold_out\": 0, \"arms\": [{\"name\": \"A\","
                       " \"text\": \"Gr\u00fc\u00dfe \u0436\"}]}"));

    run(scope, arena_printf(&scope->arena, "import %s --as customers --source shop --yes",
                            test_file(scope, "customers.csv",
                                      TEXT("customer_number,phone\n1,+447700900123\n"))));
    run(scope, arena_printf(&scope->arena, "import %s --as consents --source shop --yes",
                            test_file(scope, "consents.csv",
                                      TEXT("customer_number,purpose,channel,state,at\n"
                                           "1,marketing,sms,granted,2026-01-01\n"))));
    run(scope, arena_printf(&scope->arena,
                            "sms set-gateway http://127.0.0.1:%u/cgi-bin/sendsms --user shop "
                            "--password-file %s --sender Example",
                            gateway->send_port, password));
    run(scope, "setting set quiet_hours never");
    run(scope, arena_printf(&scope->arena, "segment create phones --definition @%s",
                            test_file(scope, "segment.json",
                                      TEXT("{\"attribute\": \"has_phone\", \"operator\": \"is\","
                                           " \"value\": true}"))));
    run(scope, arena_printf(&scope->arena, "campaign create %s", campaign));
}

TEST(text_messages_go_through_kannel_and_what_comes_back_is_heard) {
    struct gateway *gateway = new_gateway(scope);
    const uint16_t port = free_port();
    const char *bearer =
        arena_printf(&scope->arena, "/usr/sbin/bearerbox %s", gateway->configuration);
    const char *box = arena_printf(&scope->arena, "/usr/sbin/smsbox %s", gateway->configuration);
    const char *audience =
        arena_printf(&scope->arena, "campaign audience %s/campaign.json", test_folder(scope));
    struct json *shown;

    setenv("TESSERA_INTERNAL_HOSTS",
           arena_printf(&scope->arena, "127.0.0.1:%u", gateway->send_port), 1);
    fill_store(scope, gateway);
    // Reports are asked for at the address that is configured: its port is known beforehand.
    gateway->programs[gateway->count++] =
        start_program(scope, arena_printf(&scope->arena, "serve --listen 127.0.0.1:%u", port));
    WAIT_UNTIL(access(arena_printf(&scope->arena, "%s/store/socket", test_folder(scope)), F_OK) ==
               0);
    CHECK_OK(
        json_parse(scope, run_program(scope, "sms gateway --format json", TEXT("")).out, &shown));
    write_configuration(gateway, arena_printf(&scope->arena, "http://127.0.0.1:%u%.*s", port,
                                              TEXT_ARG(json_member(shown, "replies")->string)));
    start_in_shell(gateway, bearer, "bearer.log");
    WAIT_UNTIL(holds(scope, "bearer.log", "Adding interface") ||
               holds(scope, "bearer.log", "MAIN: Start-up done"));
    start_in_shell(gateway, box, "box.log");
    start_centre(gateway, "447700900123 100 text Thank you", "centre.log");
    WAIT_UNTIL(says(scope, "sms try +447700900999 ping --format json", "\"accepted\":true"));
    WAIT_UNTIL(holds(scope, "centre.log", "+447700900999 text ping"));

    run(scope, "campaign step spring submit");
    run(scope, "campaign step spring approve");
    CHECK(says(scope, "campaign show spring", "Gr\u00fc\u00dfe"));
    WAIT_UNTIL(holds(scope, "centre.log", "+447700900123 ucs-2 %00G%00r%00%FC%00%DF%00e%00+%046"));
    WAIT_UNTIL(is_delivered(scope));
    kill(gateway->programs[--gateway->count], SIGKILL);
    wait_program(gateway->programs[gateway->count]);
    start_centre(gateway, "447700900123 100 text Stop", "stop.log");
    WAIT_UNTIL(says(scope, audience, "objected"));
    unsetenv("TESSERA_INTERNAL_HOSTS");
}
