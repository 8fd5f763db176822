// SPDX-License-Identifier: Apache-2.0
// What leaves is read by programs of others: signatures verified, parts taken apart.
#include "base/json.h"
#include "store/store_testing.h"
#include "tests/program.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static const char library[] = TEST_SOURCE "/node_modules/mailauth";

static void kill_sink(void *argument) {
    kill(*(pid_t *)argument, SIGKILL);
}

static const char *start_sink(struct scope *scope, const char *taken) {
    const char *port_file = arena_printf(&scope->arena, "%s/port", test_folder(scope));
    pid_t *process = arena_alloc(&scope->arena, sizeof(*process));
    char port[8] = "";

    *process =
        start_other(scope, (const char *const[]){"node", (TEST_SOURCE "/tests/smtp_sink.mjs"),
                                                 port_file, taken, NULL});
    test_at_end(kill_sink, process);
    for (int i = 0; i < 500 && access(port_file, F_OK) != 0; i++)
        usleep(20000);
    FILE *file = fopen(port_file, "r");
    CHECK(file && fgets(port, sizeof(port), file));
    fclose(file);
    return arena_printf(&scope->arena, "%s", port);
}

// The record that `mail add-key` told, as JSON: {"NAME": "RECORD"}.
static const char *add_key(struct scope *scope, const char *algorithm) {
    const struct program_result added = run_program(
        scope,
        arena_printf(&scope->arena, "mail add-key --algorithm %s --selector %s --format json",
                     algorithm, algorithm),
        TEXT(""));
    struct json *json;

    CHECK_INT(added.exit_code, 0);
    CHECK_INT(
        run_program(scope, arena_printf(&scope->arena, "mail use-key %s", algorithm), TEXT(""))
            .exit_code,
        0);
    CHECK_OK(json_parse(scope, added.out, &json));
    return arena_printf(&scope->arena, "\"%.*s\": \"%.*s\"",
                        TEXT_ARG(json_member(json, "name")->string),
                        TEXT_ARG(json_member(json, "record")->string));
}

TEST(both_signatures_are_verified_by_a_program_of_others) {
    const char *taken = arena_printf(&scope->arena, "%s/taken", test_folder(scope));
    const char *port, *records, *read;

    if (access(library, F_OK) != 0)
        test_skip("mailauth is not installed");
    port = start_sink(scope, taken);
    CHECK_INT(run_program(scope,
                          arena_printf(&scope->arena,
                                       "mail set --host 127.0.0.1 --port %s --tls none "
                                       "--from news@example.org --from-name Käsehaus",
                                       port),
                          TEXT(""))
                  .exit_code,
              0);
    records = test_file(
        scope, "records.json",
        text_printf(&scope->arena, "{%s, %s}", add_key(scope, "rsa"), add_key(scope, "ed25519")));
    CHECK_INT(run_program(scope, "mail test ada@example.net", TEXT("")).exit_code, 0);
    read = text_string(&scope->arena,
                       run_other_for_output(scope, (const char *const[]){
                                                       "node", (TEST_SOURCE "/tests/mail_read.mjs"),
                                                       taken, records, NULL}));
    if (!strstr(read, "\"dkim\":[\"rsa-sha256 pass\",\"ed25519-sha256 pass\"]") &&
        !strstr(read, "\"dkim\":[\"ed25519-sha256 pass\",\"rsa-sha256 pass\"]"))
        test_fail(__FILE__, __LINE__, "%s", read);
    CHECK(strstr(read, "Käsehaus"));
}

static const char *output_of(struct scope *scope, const char *words) {
    const struct program_result result = run_program(scope, words, TEXT(""));

    CHECK_INT(result.exit_code, 0);
    return text_string(&scope->arena, result.out);
}

TEST(a_dashboard_goes_out_as_a_pdf_to_each_address) {
    const char *taken = arena_printf(&scope->arena, "%s/taken", test_folder(scope));
    const char *definition =
        test_file(scope, "monday.json",
                  TEXT("{\"tiles\": [{\"kind\": \"text\", \"text\": \"good morning\"}]}"));
    const char *port;
    const char *records = test_file(scope, "records.json", TEXT("{}"));
    const char *made, *mail, *first;
    struct json *json;

    if (access(library, F_OK) != 0)
        test_skip("mailauth is not installed");
    port = start_sink(scope, taken);
    output_of(scope, arena_printf(&scope->arena,
                                  "mail set --host 127.0.0.1 --port %s --tls none "
                                  "--from news@example.org",
                                  port));
    output_of(scope, arena_printf(&scope->arena, "dashboard save monday %s", definition));
    made = output_of(scope, "dashboard mail monday ada@example.net bob@example.net --every month "
                            "--day 28 --hour 6 --format json");
    CHECK_OK(json_parse(scope, text_of(made), &json));
    output_of(scope, arena_printf(&scope->arena, "dashboard mail-send monday %.*s",
                                  TEXT_ARG(json_member(json, "id")->string)));
    CHECK(strstr(output_of(scope, "dashboard mails monday"), "2 of 2 taken"));
    mail = text_string(&scope->arena,
                       run_other_for_output(scope, (const char *const[]){
                                                       "node", (TEST_SOURCE "/tests/mail_read.mjs"),
                                                       taken, records, NULL}));
    first = strstr(mail, "\"subject\":\"monday\"");
    CHECK(first && strstr(first + 1, "\"subject\":\"monday\""));
    CHECK(strstr(mail, "\"attachments\":[\"monday.pdf\"]"));
}
