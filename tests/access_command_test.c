// SPDX-License-Identifier: Apache-2.0
// Accounts, keys and the head of the log as they are managed on the command line.
#include "tests/program.h"

static bool holds(struct text text, const char *part) {
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

static struct text run(struct scope *scope, const char *words, int exit_code) {
    const struct program_result result = run_program(scope, words, TEXT(""));

    if (result.exit_code != exit_code)
        test_fail(__FILE__, __LINE__, "%s: %d: %.*s", words, result.exit_code,
                  TEXT_ARG(result.err));
    return exit_code == 0 ? result.out : result.err;
}

TEST(accounts_are_managed_on_the_command_line) {
    struct text out = run(scope, "account add Ann --role marketer", 0);

    CHECK(holds(out, "http://127.0.0.1:7380/welcome#"));
    CHECK(holds(run(scope, "account add ann --role agent", 4), "exists already"));
    CHECK(holds(run(scope, "account add bob --role king", 2), "king"));
    CHECK(holds(run(scope, "account add ann@example.org --role agent", 2), "ann.smith"));
    CHECK(holds(run(scope, "account role ann analyst", 0), "analyst"));
    CHECK(holds(run(scope, "account disable ann", 0), "disabled"));
    CHECK(holds(run(scope, "account invite ann", 4), "enable it first"));
    CHECK(holds(run(scope, "account enable ann", 0), "invited"));
    CHECK(holds(run(scope, "account invite ann", 0), "/welcome#"));
    out = run(scope, "account list --format csv", 0);
    CHECK(holds(out, ",ann,Ann,analyst,invited,"));
    CHECK(holds(run(scope, "account disable eve", 3), "account list"));
}

TEST(keys_are_managed_on_the_command_line) {
    const struct text out = run(scope, "key add nightly --may import --may read_jobs", 0);

    CHECK(holds(out, "tsk_"));
    CHECK(holds(run(scope, "key list --format csv", 0), ",nightly,import read_jobs,"));
    CHECK(holds(run(scope, "key add other --may fly", 2), "fly"));
    CHECK(holds(run(scope, "key add other", 2), "must be for something"));
    run(scope, "key revoke nightly", 0);
    CHECK(!holds(run(scope, "key list --format csv", 0), "nightly"));
    CHECK(holds(run(scope, "key revoke nightly", 3), "key list"));
}

TEST(the_head_of_the_log_finds_what_was_cut_off) {
    static const char wrong[] =
        "audit verify --head "
        "9:0000000000000000000000000000000000000000000000000000000000000000";
    struct text head, rest;

    run(scope, "account add ann --role marketer", 0);
    run(scope, "audit head", 0);
    head = run(scope, "audit head --format json", 0);
    rest = (struct text){memmem(head.data, head.size, "\"head\":\"", 8), 0};
    CHECK(rest.data != NULL);
    rest = (struct text){rest.data + 8, (size_t)(head.data + head.size - rest.data) - 8};
    head = text_split(rest, '"', &rest);
    run(scope, "account role ann agent", 0);
    run(scope, arena_printf(&scope->arena, "audit verify --head %.*s", TEXT_ARG(head)), 0);
    CHECK(holds(run(scope, wrong, 4), "cut off"));
    CHECK(holds(run(scope, "audit verify --head nonsense", 2), "audit head"));
}
