// SPDX-License-Identifier: Apache-2.0
// Every command does the same with a store that a server has open as with one of its own.
#include "app/tables.h"
#include "base/test.h"
#include "cli/arguments.h"
#include "tests/program.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 30000, LOOK_MS = 20, LONG_NUMBER = 15 };

static void pause_ms(long ms) {
    const struct timespec wait = {.tv_nsec = ms * 1000000};

    nanosleep(&wait, NULL);
}

static struct program_result run(struct scope *scope, const char *words) {
    return run_program(scope, words, (struct text){0});
}

// ---- two stores ----

struct two {
    const char *here, *there; // folders; a server has the second one open
    pid_t server;
};

static void stop_server(void *argument) {
    const struct two *two = argument;

    if (two->server > 0 && kill(two->server, SIGTERM) == 0)
        wait_program(two->server);
}

static void start_server(struct scope *scope, struct two *two) {
    const char *socket = arena_printf(&scope->arena, "%s/socket", two->there);
    struct stat status;

    two->server = start_program(
        scope, arena_printf(&scope->arena, "serve --listen 127.0.0.1:0 --data %s", two->there));
    for (int waited = 0; waited < WAIT_MS && stat(socket, &status) != 0; waited += LOOK_MS)
        pause_ms(LOOK_MS);
    CHECK(stat(socket, &status) == 0);
}

// The same store twice.
static struct two *make_two(struct scope *scope) {
    struct two *two = arena_alloc(&scope->arena, sizeof(*two));

    two->here = arena_printf(&scope->arena, "%s/here", test_folder(scope));
    two->there = arena_printf(&scope->arena, "%s/there", test_folder(scope));
    two->server = 0;
    test_at_end(stop_server, two);
    CHECK_INT(run(scope, arena_printf(&scope->arena,
                                      "sample --customers 40 --years 1 --last-day 2025-11-30 "
                                      "--quiet --data %s",
                                      two->here))
                  .exit_code,
              0);
    CHECK_INT(run_other(scope, (const char *const[]){"cp", "-r", two->here, two->there, NULL}), 0);
    start_server(scope, two);
    // As the server has done, on whose store nobody had signed in.
    CHECK_INT(run(scope, arena_printf(&scope->arena,
                                      "account add admin --role administrator --quiet --data %s",
                                      two->here))
                  .exit_code,
              0);
    return two;
}

// ---- comparing ----

static size_t digits_at(const char *text) {
    return strspn(text, "0123456789");
}

// "2026-11-22 08:27:57Z" and "2026-11-22T08:27:57.123456Z"
static size_t instant_at(const char *text) {
    static const char pattern[] = "dddd-dd-dd?dd:dd:dd";
    size_t size = 0;

    for (; pattern[size] != '\0'; size++)
        if (pattern[size] == 'd' ? !isdigit((unsigned char)text[size])
                                 : pattern[size] != '?' && pattern[size] != text[size])
            return 0;
    return size + strspn(text + size, ".0123456789Z");
}

static bool is_room(const char *text) {
    return strncmp(text, " MB free", strlen(" MB free")) == 0;
}

// Without what differs between two runs: ids, instants, the folder, room on
// the disk.
static const char *same(struct scope *scope, struct text text, const char *folder) {
    const char *at = text_string(&scope->arena, text);
    CLEANUP(buffer_clear) struct buffer out = {0};

    while (*at != '\0') {
        const size_t digits = digits_at(at), instant = instant_at(at);

        if (strncmp(at, folder, strlen(folder)) == 0) {
            buffer_add_string(&out, "FOLDER");
            at += strlen(folder);
        } else if (instant > 0) {
            buffer_add_char(&out, '@');
            at += instant;
        } else if (digits >= LONG_NUMBER || (digits > 0 && is_room(at + digits))) {
            buffer_add_char(&out, '#');
            at += digits;
        } else {
            buffer_add(&out, at, digits > 0 ? digits : 1);
            at += digits > 0 ? digits : 1;
        }
    }
    return text_string(&scope->arena, buffer_text(&out));
}

static struct program_result run_at(struct scope *scope, const char *words, const char *folder) {
    return run(scope, arena_printf(&scope->arena, "%s --data %s", words, folder));
}

static void check_same(struct scope *scope, const char *words, const char *what, const char *here,
                       const char *there) {
    if (strcmp(here, there) != 0)
        test_fail(__FILE__, __LINE__, "tessera %s: %s is\n%s\nwithout a server, and with one\n%s",
                  words, what, here, there);
    (void)scope;
}

static void check_line(struct scope *scope, const struct two *two, const char *words) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    const struct program_result here = run_at(scope, words, two->here);
    const struct program_result there = run_at(scope, words, two->there);

    check_same(scope, words, "the result", same(scope, here.out, two->here),
               same(scope, there.out, two->there));
    check_same(scope, words, "the error", same(scope, here.err, two->here),
               same(scope, there.err, two->there));
    if (here.exit_code != there.exit_code)
        test_fail(__FILE__, __LINE__, "tessera %s ends with %d without a server, with one %d",
                  words, here.exit_code, there.exit_code);
    arena_rewind(&scope->arena, mark);
}

// ---- what is run ----

// Words are separated by blanks, within a word a tab stands for one. RECEIPTS is a file.
static const char *const lines[] = {
    "import RECEIPTS --as sales --constant currency=EUR --source till --dry-run",
    "import RECEIPTS --as sales --constant currency=EUR --source till --yes --save-mapping till",
    "import RECEIPTS --as sales --constant currency=EUR --source till",
    "import nowhere.csv --as sales --yes",
    "import list --limit 2",
    "import list --limit 2 --format json",
    "mapping list",
    "mapping show till --format json",
    "mapping delete till",
    "mapping delete till",
    "quarantine list IMPORT",
    "quarantine fix IMPORT 2 R2,2024-05-02,B,2,5.00,C2",
    "quarantine replay IMPORT",
    "quarantine discard IMPORT",
    "import show IMPORT",
    "import undo IMPORT",
    "import undo IMPORT",
    "customer search --limit 3",
    "customer search nobody-of-this-name",
    "customer show CUSTOMER",
    "customer timeline CUSTOMER --limit 5",
    "customer links CUSTOMER --format csv",
    "product list --limit 3",
    "product show no/such%20product",
    "store list",
    "staff list --limit 2",
    "metric revenue_gross,receipts --by month --filter store!=S1",
    "metric profit",
    "metric list --format csv",
    "metric explain basket_value",
    "report overview",
    "report sales --by month --format csv",
    "report vat",
    "report stores",
    "report pareto",
    "rfm --as-of 2025-11-30",
    "cohorts",
    "segment fields --format csv",
    // Not live: a server would evaluate it by itself, when it has time.
    ("segment create regulars --live no --definition "
     "{\"all\":[{\"sales\":\"count\",\"operator\":\">=\",\"value\":2}]}"),
    "segment create regulars --definition {\"all\":[{\"sales\":\"cuont\"}]}",
    "segment show regulars",
    "segment count regulars",
    "segment refresh regulars",
    "segment members regulars --limit 3 --why",
    "segment export regulars",
    "segment list",
    "segment delete regulars",
    "sql select\tcount(*),\tsum(gross_micros)\tfrom\tsale",
    "sql select\tnothing\tfrom\tnowhere",
    "query save sums select\tsum(gross_micros)\tfrom\tsale --description revenue",
    "query list --format csv",
    "query show sums",
    "sql --saved sums",
    "sql --saved none",
    "query columns --format csv",
    "query delete sums",
    "setting set currency GBP",
    "setting set currency XYZ",
    "setting list",
    "audit verify",
    "doctor --format csv",
    "job list --limit 3",
    "job show JOB",
    "job log JOB",
    "job resume JOB",
    "job cancel 1",
    "sample --customers 40 --years 1 --last-day 2025-11-30",
    "sample --years 99",
};

static bool is_listed(const struct command *command) {
    const size_t size = strlen(command->name);

    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        if (strncmp(lines[i], command->name, size) == 0 &&
            (lines[i][size] == ' ' || lines[i][size] == '\0'))
            return true;
    return false;
}

static const char *replaced(struct scope *scope, const char *text, const char *word,
                            const char *value) {
    const char *at = strstr(text, word);

    if (!at)
        return text;
    return arena_printf(&scope->arena, "%.*s%s%s", (int)(at - text), text, value,
                        at + strlen(word));
}

// The first cell of a command's first row.
static const char *first_id(struct scope *scope, const char *words, const char *folder) {
    struct text rest =
        run_at(scope, arena_printf(&scope->arena, "%s --format csv", words), folder).out;

    text_split(rest, '\n', &rest);
    return text_string(&scope->arena, text_split(rest, ',', &(struct text){0}));
}

// An import has an id of its own in each store.
static void check_listed(struct scope *scope, const struct two *two, const char *line,
                         const char *receipts) {
    const char *words = replaced(scope, line, "RECEIPTS", receipts);
    const char *here = words, *there = words;

    words =
        replaced(scope, words, "CUSTOMER", first_id(scope, "customer search --limit 1", two->here));
    if (!strstr(words, "IMPORT") && !strstr(words, "JOB")) {
        check_line(scope, two, words);
        return;
    }
    here = replaced(scope, words, "IMPORT", first_id(scope, "import list", two->here));
    there = replaced(scope, words, "IMPORT", first_id(scope, "import list", two->there));
    here = replaced(scope, here, "JOB", first_id(scope, "job list", two->here));
    there = replaced(scope, there, "JOB", first_id(scope, "job list", two->there));
    const struct program_result result_here = run_at(scope, here, two->here);
    const struct program_result result_there = run_at(scope, there, two->there);

    check_same(scope, words, "the result", same(scope, result_here.out, two->here),
               same(scope, result_there.out, two->there));
    check_same(scope, words, "the error", same(scope, result_here.err, two->here),
               same(scope, result_there.err, two->there));
    CHECK_INT(result_there.exit_code, result_here.exit_code);
}

// With operands that mean nothing: it fails both ways, and in the same way.
static void check_unlisted(struct scope *scope, const struct two *two,
                           const struct command *command) {
    const char *words = command->name;

    for (int i = 0; i < command->minimum_operands; i++)
        words = arena_printf(&scope->arena, "%s 1", words);
    if (run_at(scope, words, two->here).exit_code != run_at(scope, words, two->there).exit_code)
        test_fail(__FILE__, __LINE__, "tessera %s ends otherwise with a server", words);
}

TEST(every_command_does_the_same_when_a_server_has_the_store) {
    const struct command_table table = {command_groups, command_group_count};
    const char *receipts = test_file(scope, "receipts.csv",
                                     TEXT("receipt,date,sku,quantity,price,customer\n"
                                          "R1,2024-05-01,A,1,10.00,C1\n"
                                          "R2,2024-05-99,B,2,5.00,C2\n"));
    const struct two *two = make_two(scope);
    const struct command *command;

    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        check_listed(scope, two, lines[i], receipts);
    for (size_t i = 0; (command = command_at(table, i, NULL)); i++)
        if (!is_listed(command) && command->store != COMMAND_SERVES &&
            command->store != COMMAND_WITHOUT_STORE)
            check_unlisted(scope, two, command);
}

TEST(a_socket_that_a_crash_left_is_no_server) {
    const char *folder = arena_printf(&scope->arena, "%s/store", test_folder(scope));
    struct two two = {.there = folder};
    int status;

    start_server(scope, &two);
    CHECK_INT(run_at(scope, "job list", folder).exit_code, 0);
    CHECK(kill(two.server, SIGKILL) == 0);
    status = wait_program(two.server);
    CHECK_INT(status, 128 + SIGKILL);
    CHECK(access(arena_printf(&scope->arena, "%s/socket", folder), F_OK) == 0);
    CHECK_INT(run_at(scope, "setting set currency GBP", folder).exit_code, 0);
}

TEST(what_a_job_exported_through_the_server_lies_where_the_command_was_run) {
    struct two *two = make_two(scope);
    const char *file = arena_printf(&scope->arena, "%s/out.csv", test_folder(scope));

    CHECK_INT(run_at(scope,
                     "segment create all --definition "
                     "{\"all\":[{\"sales\":\"count\",\"operator\":\">=\",\"value\":0}]}",
                     two->there)
                  .exit_code,
              0);
    CHECK_INT(
        run_at(scope, arena_printf(&scope->arena, "segment export all --to %s", file), two->there)
            .exit_code,
        0);
    CHECK(access(file, R_OK) == 0);
}
