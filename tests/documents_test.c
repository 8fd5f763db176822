// SPDX-License-Identifier: Apache-2.0
// The documents show commands: each is one of the program's, with options that it has, and the
// reports that they show can be had of the sample company.
#include "tests/program.h"

#include <dirent.h>
#include <stdio.h>

enum { MOST_WORDS = 40 };

struct shown {
    const char *words[MOST_WORDS + 2]; // the program, what the document says, --help
    int count;
};

// Called for each command of `tessera` in a document.
typedef void look(struct scope *scope, const char *document, struct shown *shown);

static bool ends_word(char letter) {
    return letter == ' ' || letter == '\n' || letter == ';' || letter == '|' || letter == '<' ||
           letter == '>';
}

// One word as a shell reads it; quotes are taken off. Behind it in *place.
static const char *read_word(struct scope *scope, const char **place) {
    CLEANUP(buffer_clear) struct buffer word = {0};
    char quote = '\0';

    for (; **place && (quote || !ends_word(**place)); (*place)++) {
        if (**place == quote)
            quote = '\0';
        else if (!quote && (**place == '\'' || **place == '"'))
            quote = **place;
        else
            buffer_add_char(&word, **place);
    }
    return text_string(&scope->arena, buffer_text(&word));
}

// The words up to the end of the command: the line's, a remark, a pipe.
static void read_command(struct scope *scope, const char **place, struct shown *shown) {
    *shown = (struct shown){.words = {TEST_PROGRAM}, .count = 1};
    while (**place == ' ') {
        *place += strspn(*place, " ");
        if (!**place || **place == '#' || ends_word(**place))
            break;
        CHECK(shown->count < MOST_WORDS);
        shown->words[shown->count++] = read_word(scope, place);
    }
}

static int look_at_block(struct scope *scope, const char *document, const char *block, look *each) {
    static const char name[] = "tessera";
    int count = 0;

    for (const char *place = block; (place = strstr(place, name));) {
        const bool begins = place == block || place[-1] == '\n' || place[-1] == ';' ||
                            (place[-1] == ' ' && (place - block == 2 || place[-2] == '$' ||
                                                  place[-2] == ';' || place[-2] == '&'));
        struct shown shown;

        place += strlen(name);
        if (!begins || *place != ' ')
            continue;
        read_command(scope, &place, &shown);
        each(scope, document, &shown);
        count++;
    }
    return count;
}

// The fenced blocks of a document that a shell would read.
static int look_at_document(struct scope *scope, const char *document, look *each) {
    const char *place = text_string(&scope->arena, test_source(scope, document));
    int count = 0;

    while ((place = strstr(place, "\n```"))) {
        const char *language = place + 4;
        const char *end = strstr(language, "\n```");
        const char *block = strchr(language, '\n');

        CHECK(end && block);
        if (strncmp(language, "sh\n", 3) == 0 || strncmp(language, "console\n", 8) == 0 ||
            *language == '\n')
            count += look_at_block(
                scope, document,
                text_string(&scope->arena, (struct text){block, (size_t)(end - block)}), each);
        place = end + 4;
    }
    return count;
}

static int look_at_documents(struct scope *scope, look *each) {
    DIR *folder = opendir(TEST_SOURCE "/docs");
    int count = look_at_document(scope, "README.md", each);
    const struct dirent *entry;

    CHECK(folder != NULL);
    while ((entry = readdir(folder)))
        if (text_ends_with(text_of(entry->d_name), TEXT(".md")))
            count += look_at_document(scope, arena_printf(&scope->arena, "docs/%s", entry->d_name),
                                      each);
    closedir(folder);
    return count;
}

static const char *as_typed(struct scope *scope, const struct shown *shown) {
    CLEANUP(buffer_clear) struct buffer line = {0};

    for (int i = 1; i < shown->count; i++)
        buffer_printf(&line, " %s", shown->words[i]);
    return text_string(&scope->arena, buffer_text(&line));
}

// --help is answered once the words are understood, and does nothing else.
static void understand(struct scope *scope, const char *document, struct shown *shown) {
    shown->words[shown->count] = "--help";
    if (run_other(scope, shown->words) != 0) {
        const struct text said = run_other_for_output(scope, shown->words);

        test_fail(__FILE__, __LINE__, "%s: tessera%s\n%.*s", document, as_typed(scope, shown),
                  TEXT_ARG(said));
    }
}

TEST(every_command_that_the_documents_show_is_understood) {
    CHECK(look_at_documents(scope, understand) > 40);
}

static void run_report(struct scope *scope, const char *document, struct shown *shown) {
    static const char *const reports[] = {"report",  "metric",  "rfm",
                                          "cohorts", "setting", "doctor"};
    const struct text command = text_of(shown->words[1]);
    bool is_report = false;

    for (size_t i = 0; i < sizeof(reports) / sizeof(*reports); i++)
        is_report = is_report || text_is(command, reports[i]);
    // A placeholder stands for what the reader has.
    if (!is_report || strstr(as_typed(scope, shown), " NAME"))
        return;
    if (run_other(scope, shown->words) != 0) {
        const struct text said = run_other_for_output(scope, shown->words);

        test_fail(__FILE__, __LINE__, "%s: tessera%s\n%.*s", document, as_typed(scope, shown),
                  TEXT_ARG(said));
    }
}

TEST(every_report_that_the_documents_show_can_be_had) {
    CHECK_INT(run_program(scope, "sample --customers 50", TEXT("")).exit_code, 0);
    look_at_documents(scope, run_report);
}
