// SPDX-License-Identifier: Apache-2.0
// Help, manual page and completion of a small table. That those of the program are whole:
// app/tables_test.c.
#include "base/test.h"
#include "cli/arguments.h"
#include "cli/help.h"

static const char *const kinds[] = {"sales", "customers", NULL};
static const struct option options[] = {
    {.name = "as", .value = "KIND", .help = "what the file holds", .choices = kinds},
    {.name = "dry-run", .help = "only look; it's safe"},
    {0},
};
static const struct command commands[] = {
    {.name = "import",
     .operands = "FILE",
     .summary = "Bring in a file",
     .options = options,
     .help = "Examples:\n  tessera import x.csv --as sales\n.nf is no request\n"},
    {.name = "segment count", .operands = "NAME", .summary = "Count a segment's members"},
};
static const size_t count = sizeof(commands) / sizeof(*commands);
static const struct command_group group = {"plug", commands, &count};
static const struct command_table table = {&group, 1};

TEST(help_of_a_command_shows_usage_options_and_choices) {
    struct buffer out = {0};

    help_command(&out, &commands[0], false);
    CHECK(text_starts_with(buffer_text(&out),
                           TEXT("Bring in a file\n\n  tessera import FILE [OPTION …]\n"
                                "\nExamples:\n  tessera import x.csv --as sales\n")));
    CHECK(strstr(buffer_string(&out),
                 "\n  --as KIND                 what the file holds (sales, customers)\n"));
    CHECK(strstr(buffer_string(&out), "\n  --quiet "));
    buffer_clear(&out);
}

TEST(the_overview_lists_commands_under_their_wing) {
    struct buffer out = {0};

    help_overview(&out, table, false);
    CHECK(strstr(buffer_string(&out),
                 "\nplug: bring data in\n  import                    Bring in a file\n"
                 "  segment count             Count a segment's members\n"));
    buffer_clear(&out);
}

TEST(the_manual_page_escapes_what_troff_would_obey) {
    struct buffer out = {0};

    help_man_page(&out, table);
    CHECK(text_starts_with(buffer_text(&out), TEXT(".TH TESSERA 1 ")));
    CHECK(strstr(buffer_string(&out), "\n\\&.nf is no request\n"));
    CHECK(strstr(buffer_string(&out), "\n.B \\-\\-dry\\-run\n"));
    buffer_clear(&out);
}

TEST(completion_knows_commands_options_and_choices) {
    struct buffer out = {0};

    help_completion(&out, table, SHELL_BASH);
    CHECK(strstr(buffer_string(&out), "firsts='import segment'"));
    CHECK(strstr(buffer_string(&out), "'segment') seconds=' count' ;;"));
    CHECK(strstr(buffer_string(&out), "'import') options=' --as --dry-run' ;;"));
    CHECK(strstr(buffer_string(&out), "'import --as') words='sales customers' ;;"));
    out.size = 0;
    help_completion(&out, table, SHELL_FISH);
    CHECK(strstr(buffer_string(&out), "-l dry-run -d 'only look; it\\'s safe'\n"));
    buffer_clear(&out);
}
