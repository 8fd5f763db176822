// SPDX-License-Identifier: Apache-2.0
#include "base/test.h"
#include "cli/arguments.h"

static const char *const kinds[] = {"sales", "customers", "products", NULL};
static const struct option import_options[] = {
    {.name = "as", .value = "KIND", .help = "what the file holds", .choices = kinds},
    {.name = "dry-run", .help = "only look"},
    {0},
};
static const struct option metric_options[] = {
    {.name = "by", .value = "DIMENSION", .help = "split", .repeats = true},
    {0},
};

static const struct command commands[] = {
    {.name = "import",
     .operands = "FILE",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = import_options},
    {.name = "metric",
     .operands = "NAME",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = metric_options},
    {.name = "metric list", .operands = ""},
    {.name = "segment count", .operands = "NAME", .minimum_operands = 1, .maximum_operands = 1},
    {.name = "segment list", .operands = ""},
};
static const size_t count = sizeof(commands) / sizeof(*commands);
static const struct command_group group = {"plug", commands, &count};
static const struct command_table table = {&group, 1};

enum { MOST_WORDS = 128 };

static code parse(struct scope *scope, struct text line, struct arguments *arguments) {
    char *words[MOST_WORDS];
    int word_count = 0;

    while (line.size > 0)
        words[word_count++] = text_string(&scope->arena, text_split(line, ' ', &line));
    return arguments_parse(scope, table, word_count, words, arguments);
}

TEST(options_stand_anywhere_after_their_command) {
    struct arguments arguments;

    CHECK_OK(
        parse(scope, TEXT("--format csv import --as sales x.csv --data=/d --dry-run"), &arguments));
    CHECK_STRING(arguments.command->name, "import");
    CHECK_OK(arguments_check(scope, &arguments));
    CHECK_TEXT(argument_operand(&arguments, 0), "x.csv");
    CHECK_TEXT(argument_text(&arguments, "as"), "sales");
    CHECK_TEXT(argument_text(&arguments, "data"), "/d");
    CHECK_TEXT(argument_text(&arguments, "format"), "csv");
    CHECK(argument_given(&arguments, "dry-run"));
    CHECK(!argument_given(&arguments, "quiet"));
}

TEST(an_option_that_repeats_keeps_its_order) {
    struct arguments arguments;
    struct text by[4];

    CHECK_OK(parse(scope, TEXT("metric --by month revenue --by=country"), &arguments));
    CHECK_STRING(arguments.command->name, "metric");
    CHECK_INT((int64_t)argument_all(&arguments, "by", by, 4), 2);
    CHECK_TEXT(by[0], "month");
    CHECK_TEXT(by[1], "country");
    CHECK_TEXT(argument_operand(&arguments, 0), "revenue");
}

TEST(two_words_name_a_command_before_one_does) {
    struct arguments arguments;

    CHECK_OK(parse(scope, TEXT("metric list"), &arguments));
    CHECK_STRING(arguments.command->name, "metric list");
    CHECK_OK(parse(scope, TEXT("metric lisp"), &arguments));
    CHECK_STRING(arguments.command->name, "metric");
    CHECK_OK(parse(scope, TEXT("segment"), &arguments));
    CHECK(arguments.command == NULL);
    CHECK_TEXT(arguments.group, "segment");
}

TEST(two_dashes_end_the_options) {
    struct arguments arguments;

    CHECK_OK(parse(scope, TEXT("import -- --as"), &arguments));
    CHECK_TEXT(argument_operand(&arguments, 0), "--as");
    CHECK_OK(parse(scope, TEXT("import -"), &arguments));
    CHECK_TEXT(argument_operand(&arguments, 0), "-");
    CHECK_OK(parse(scope, TEXT("import -5.5"), &arguments));
    CHECK_TEXT(argument_operand(&arguments, 0), "-5.5");
    CHECK_OK(parse(scope, TEXT("import -h"), &arguments));
    CHECK(argument_given(&arguments, "help"));
}

static void refuse(struct scope *scope, struct text line, const char *message, const char *hint) {
    struct arguments arguments;

    scope_forgive(scope);
    CHECK_CODE(parse(scope, line, &arguments), INVALID);
    CHECK_STRING(scope->failure.message, message);
    CHECK_STRING(scope->failure.hint, hint);
}

TEST(what_is_not_known_is_answered_with_the_nearest) {
    refuse(scope, TEXT("imprt x.csv"), "unknown command \"imprt\"", "did you mean tessera import?");
    refuse(scope, TEXT("segment cuont vip"), "unknown command \"segment cuont\"",
           "did you mean tessera segment count?");
    refuse(scope, TEXT("import x --dry-rnu"), "import has no option --dry-rnu",
           "did you mean --dry-run?");
    refuse(scope, TEXT("import x --as sale"), "--as cannot be \"sale\"",
           "did you mean --as sales?");
    refuse(scope, TEXT("--fromat csv"), "unknown option --fromat", "did you mean --format?");
    refuse(scope, TEXT("--by month metric x"), "unknown option --by",
           "options of a command stand after its name");
}

TEST(an_option_used_wrongly_is_refused) {
    refuse(scope, TEXT("import x --as"), "--as needs a value: KIND", "");
    refuse(scope, TEXT("import x --as --dry-run"), "--as needs a value: KIND",
           "write --as=--dry-run if that is the value");
    refuse(scope, TEXT("import x --dry-run=yes"), "--dry-run takes no value", "");
    refuse(scope, TEXT("import x --as sales --as sales"), "--as stands twice", "");
    refuse(scope, TEXT("import -x"), "unknown option -x",
           "options are written with two dashes, --like-this");
    refuse(scope, TEXT("import \xFF"), "argument 2 is not UTF-8", "");
}

TEST(the_number_of_operands_is_checked) {
    struct arguments arguments;

    CHECK_OK(parse(scope, TEXT("import"), &arguments));
    CHECK_CODE(arguments_check(scope, &arguments), INVALID);
    CHECK_STRING(scope->failure.message, "import needs FILE");
    scope_forgive(scope);
    CHECK_OK(parse(scope, TEXT("segment list all"), &arguments));
    CHECK_CODE(arguments_check(scope, &arguments), INVALID);
    CHECK_STRING(scope->failure.message, "segment list takes no operands, \"all\" is one");
    scope_forgive(scope);
    CHECK_OK(parse(scope, TEXT("import a b"), &arguments));
    CHECK_CODE(arguments_check(scope, &arguments), INVALID);
    CHECK_STRING(scope->failure.message, "import takes FILE, \"b\" is too many");
}

TEST(more_options_than_a_request_holds_are_refused) {
    struct buffer line = {0};
    struct arguments arguments;

    buffer_add_string(&line, "metric x");
    for (int i = 0; i <= ARGUMENTS_MOST_OPTIONS; i++)
        buffer_add_string(&line, " --by=m");
    CHECK_CODE(parse(scope, buffer_text(&line), &arguments), TOO_LARGE);
    buffer_clear(&line);
}
