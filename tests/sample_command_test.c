// SPDX-License-Identifier: Apache-2.0
// tessera sample from outside: the files, and the store that is made of them.
#include "tests/program.h"

#include <sys/stat.h>

static struct program_result run(struct scope *scope, const char *words) {
    return run_program(scope, words, (struct text){0});
}

static bool holds(struct text text, const char *part) {
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

TEST(the_sample_company_arrives_whole_and_a_second_time_changes_nothing) {
    const char *const words =
        "sample --customers 300 --years 1 --last-day 2025-11-30 --format csv --quiet";
    const struct program_result first = run(scope, words), again = run(scope, words);

    CHECK_TEXT(first.err, "");
    CHECK_INT(first.exit_code, 0);
    CHECK(holds(first.out, "file,read,accepted,duplicate,quarantined\r\n"));
    CHECK(holds(first.out, "\r\ncustomers.csv,300,300,0,0\r\n"));
    CHECK(holds(first.out, "\r\nreceipts.csv,"));
    CHECK_INT(again.exit_code, 0);
    CHECK(holds(again.out, "\r\ncustomers.csv,300,0,300,0\r\n"));
    CHECK(holds(run(scope, "setting list --format csv").out, "Europe/Berlin"));
    CHECK_INT(run(scope, "doctor").exit_code, 0);
}

TEST(sample_files_alone_need_no_store) {
    const char *const out = arena_printf(&scope->arena, "%s/files", test_folder(scope));
    const struct program_result result =
        run(scope, arena_printf(&scope->arena, "sample --customers 50 --years 1 --out %s", out));
    struct stat status;

    CHECK_INT(result.exit_code, 0);
    CHECK(holds(result.out, "customers:"));
    CHECK(stat(arena_printf(&scope->arena, "%s/receipts.csv", out), &status) == 0);
    CHECK(stat(arena_printf(&scope->arena, "%s/store", test_folder(scope)), &status) != 0);
}

TEST(sample_options_that_cannot_be_are_named) {
    const struct program_result years = run(scope, "sample --out x --years 99");
    const struct program_result day = run(scope, "sample --out x --last-day yesterday");

    CHECK_INT(years.exit_code, 2);
    CHECK(holds(years.err, "99 years are not 1 to 20"));
    CHECK_INT(day.exit_code, 2);
    CHECK(holds(day.err, "\"yesterday\" is not a day"));
}
