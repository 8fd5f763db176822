// SPDX-License-Identifier: Apache-2.0
// Importing as a person at a terminal does: what is shown before, what is said when something is
// wrong, and that it can be put right.
#include "tests/program.h"

static struct program_result run(struct scope *scope, const char *words) {
    return run_program(scope, words, (struct text){0});
}

static bool holds(struct text text, const char *part) {
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

static struct program_result import(struct scope *scope, const char *name, const char *content,
                                    const char *options) {
    const char *path = test_file(scope, name, text_of(content));

    return run(scope, arena_printf(&scope->arena, "import %s %s", path, options));
}

TEST(the_preview_reads_local_times_as_the_import_will) {
    static const char content[] = "receipt,date,product,quantity,price\n"
                                  "R1,2024-07-01 20:30:00,P1,1,2.00\n";
    struct program_result result;

    CHECK_INT(run(scope, "setting set zone America/New_York").exit_code, 0);
    CHECK_INT(run(scope, "setting set currency USD").exit_code, 0);
    result = import(scope, "sales.csv", content, "--as sales --dry-run");
    CHECK_INT(result.exit_code, 0);
    CHECK(holds(result.out, "2024-07-02 00:30:00Z"));
    CHECK_INT(import(scope, "sales.csv", content, "--as sales --yes").exit_code, 0);
    result = run_program(scope, "sql --format csv", TEXT("SELECT sold_at_us, sold_on FROM sale"));
    CHECK(holds(result.out, "1719880200000000,2024-07-01"));
}

TEST(what_a_mapping_lacks_is_said_with_the_words_that_mend_it) {
    static const char content[] = "campaign_id,household_id\n1,105\n1,106\n";
    struct program_result result;

    CHECK_INT(run(scope, "setting set currency USD").exit_code, 0);
    result = import(scope, "campaigns.csv", content, "--as events --yes");
    CHECK_INT(result.exit_code, 2);
    CHECK(holds(result.err, "--constant at=VALUE"));
    result = import(scope, "campaigns.csv", content,
                    "--as events --yes --constant event=reached --constant at=2017-03-03");
    CHECK_INT(result.exit_code, 0);
    CHECK(holds(result.out, "accepted:          2\n"));
}

TEST(a_mapping_that_was_kept_knows_what_the_rows_are) {
    static const char content[] = "Nr,Vorname\nC1,Ann\n";

    CHECK_INT(import(scope, "people.csv", content, "--yes").exit_code, 2);
    CHECK_INT(import(scope, "people.csv", content,
                     "--as customers --field customer_number=Nr --save-mapping newsletter --yes")
                  .exit_code,
              0);
    CHECK(holds(import(scope, "people.csv", content, "--mapping newsletter --yes").out,
                "duplicate:   1\n"));
}

TEST(a_row_in_quarantine_is_listed_fixed_replayed_and_another_given_up) {
    struct program_result result;
    struct text id, rest;

    CHECK_INT(run(scope, "setting set currency EUR").exit_code, 0);
    result = import(scope, "sales.csv",
                    "receipt,date,product,quantity,price\nR1,2024-07-01,P1,1,2.00\n"
                    "R2,someday,P1,1,2.00\nR3,2024-07-02,P1,many,2.00\n",
                    "--as sales --yes --format json");
    CHECK_INT(result.exit_code, 0);
    text_split(run(scope, "import list --format csv").out, '\n', &rest);
    id = text_split(rest, ',', &rest);
    result = run(scope, arena_printf(&scope->arena, "quarantine list %.*s", TEXT_ARG(id)));
    CHECK(holds(result.out, "R2,someday,P1,1,2.00"));
    CHECK(holds(result.out, "R3,2024-07-02,P1,many,2.00"));
    CHECK_INT(
        run(scope, arena_printf(&scope->arena, "quarantine fix %.*s 2 R2,2024-07-03,P1,1,2.00",
                                TEXT_ARG(id)))
            .exit_code,
        0);
    CHECK_INT(
        run(scope, arena_printf(&scope->arena, "quarantine replay %.*s", TEXT_ARG(id))).exit_code,
        0);
    CHECK_INT(run(scope, arena_printf(&scope->arena, "quarantine discard %.*s 3", TEXT_ARG(id)))
                  .exit_code,
              0);
    result = run(scope, "import list --format csv");
    CHECK(holds(result.out, ",done,3,2,0,1,"));
    result = run(scope, "metric receipts,revenue_gross --format csv");
    CHECK_TEXT(result.out, "receipts,revenue_gross\r\n2,4\r\n");
}

TEST(a_join_without_a_reason_is_told_how_to_give_one) {
    struct program_result result;

    CHECK_INT(run(scope, "setting set currency EUR").exit_code, 0);
    CHECK_INT(import(scope, "people.csv", "customer id,email\nC1,a@example.org\nC2,b@example.org\n",
                     "--as customers --yes")
                  .exit_code,
              0);
    result = run(scope, "customer join C1 C2");
    CHECK_INT(result.exit_code, 2);
    CHECK(holds(result.err, "--why TEXT"));
    CHECK_INT(run(scope, "customer join C1 C2 --why same").exit_code, 0);
    CHECK_TEXT(run(scope, "metric receipts --format csv").out, "receipts\r\n0\r\n");
    CHECK_INT(run(scope, "doctor").exit_code, 0);
}
