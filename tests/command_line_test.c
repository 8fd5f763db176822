// SPDX-License-Identifier: Apache-2.0
// The program from outside: words in, text and exit code out.
#include "tests/program.h"

#include "store/store_testing.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct program_result run(struct scope *scope, const char *words) {
    return run_program(scope, words, (struct text){0});
}

static bool holds(struct text text, const char *part) {
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

TEST(the_program_alone_shows_an_overview) {
    const struct program_result result = run(scope, "");

    CHECK_INT(result.exit_code, 0);
    CHECK(holds(result.out, "\nStart here\n"));
    CHECK(holds(result.out, "\n  doctor "));
    CHECK_TEXT(result.err, "");
}

TEST(a_mistyped_command_is_answered_with_the_nearest_and_exit_code_2) {
    const struct program_result result = run(scope, "docter");

    CHECK_INT(result.exit_code, 2);
    CHECK_TEXT(result.out, "");
    CHECK_TEXT(result.err, "tessera: unknown command \"docter\"\n"
                           "  hint: did you mean tessera doctor?\n");
}

TEST(errors_are_json_when_results_would_be) {
    const struct program_result result = run(scope, "job --format=json shwo 1");

    CHECK_INT(result.exit_code, 2);
    CHECK_TEXT(result.err, "{\"error\":{\"code\":\"invalid\",\"message\":\"unknown command \\\"job "
                           "shwo\\\"\",\"hint\":\"did you mean tessera job show?\"}}\n");
}

TEST(beside_the_owner_of_a_store_jobs_are_seen_and_the_rest_waits) {
    struct program_result result;

    test_store_in_folder(scope); // this process has it open
    CHECK_INT(run(scope, "job list").exit_code, 0);
    result = run(scope, "doctor --format csv");
    CHECK_INT(result.exit_code, 0);
    CHECK(holds(result.out, "\r\nlake totals,skipped,"));
    result = run(scope, "setting set currency GBP");
    CHECK_INT(result.exit_code, 4);
    CHECK(holds(result.err, "is in use by process "));
}

TEST(commands_that_only_look_do_not_make_a_store) {
    const struct program_result result = run(scope, "sql select_1");

    CHECK_INT(result.exit_code, 3);
    CHECK(holds(result.err, "there is no store at "));
    CHECK(access(arena_printf(&scope->arena, "%s/store", test_folder(scope)), F_OK) != 0);
}

TEST(a_setting_is_kept_recorded_and_seen_by_the_doctor) {
    struct program_result result;
    struct stat status;

    CHECK_INT(run(scope, "setting set zone Europe/London").exit_code, 0);
    CHECK(stat(arena_printf(&scope->arena, "%s/store", test_folder(scope)), &status) == 0);
    CHECK_INT(status.st_mode & 07777, 0700);
    result = run(scope, "setting list --format csv");
    CHECK(holds(result.out, "\r\nzone,Europe/London,"));
    result = run(scope, "audit list --format csv");
    CHECK(holds(result.out, ",setting.change,zone,\"{\"\"value\"\":\"\"Europe/London\"\"}\"\r\n"));
    CHECK_INT(run(scope, "audit verify").exit_code, 0);
    CHECK_INT(run(scope, "setting set zone Europe/Lodon").exit_code, 2);
    result = run(scope, "doctor --format json");
    CHECK_INT(result.exit_code, 0);
    CHECK(text_starts_with(result.out, TEXT("{\"fail_count\":0,\"warn_count\":0,")));
    CHECK_TEXT(result.err, "");
}

TEST(sql_is_read_from_standard_input_and_cut_at_its_limit) {
    struct program_result result;

    CHECK_INT(run(scope, "setting set currency GBP").exit_code, 0);
    result =
        run_program(scope, "sql --limit 2 --format csv",
                    TEXT("SELECT x, x * 2.5 AS y, '=' || x AS z FROM range(5) AS t(x) ORDER BY x"));
    CHECK_INT(result.exit_code, 0);
    CHECK_TEXT(result.out, "x,y,z\r\n0,0,'=0\r\n1,2.5,'=1\r\n");
    CHECK_TEXT(result.err, "tessera: only the first 2 rows: there are more\n");
    result = run_program(scope, "sql - --limit 0 --quiet",
                         TEXT("SELECT count(*) AS n FROM range(2500)"));
    CHECK_TEXT(result.out, "    n\n-----\n2,500\n");
    result = run_program(scope, "sql", TEXT("DROP TABLE sale"));
    CHECK_INT(result.exit_code, 2);
    result = run_program(scope, "sql", TEXT("SELECT * FROM read_text('/etc/passwd')"));
    CHECK(result.exit_code != 0);
    CHECK(!holds(result.out, "root:"));
}

TEST(a_saved_query_is_asked_by_its_name_and_written_to_a_file) {
    struct program_result result;
    const char *path;

    CHECK_INT(run(scope, "setting set currency GBP").exit_code, 0);
    path = arena_printf(&scope->arena, "%s/answer.jsonl", test_folder(scope));
    result = run_program(scope, "query save answers --description everything",
                         TEXT("SELECT 42 AS answer"));
    CHECK_INT(result.exit_code, 0);
    CHECK(holds(run(scope, "query list").out, "everything"));
    CHECK_TEXT(run(scope, "sql --saved answers --format csv").out, "answer\r\n42\r\n");
    result = run(scope, arena_printf(&scope->arena,
                                     "sql --saved answers --to %s --format-file jsonl", path));
    CHECK_INT(result.exit_code, 0);
    CHECK_TEXT(run(scope, arena_printf(&scope->arena, "sql --saved answers --to %s", path)).out,
               "");
    CHECK_INT(run(scope, "sql --saved answers --limit 3 --to elsewhere").exit_code, 2);
    CHECK_INT(run(scope, "sql --saved nothing").exit_code, 3);
    CHECK(holds(run(scope, "query columns --format csv").out, "sale,gross_micros,bigint"));
    CHECK_INT(run(scope, "query delete answers").exit_code, 0);
    CHECK_INT(run(scope, "query show answers").exit_code, 3);
}

TEST(an_answer_of_any_length_is_printed_whole) {
    struct program_result result;

    CHECK_INT(run(scope, "setting set currency GBP").exit_code, 0);
    result = run_program(scope, "sql --limit 0 --format csv",
                         TEXT("SELECT x, repeat('y', 200) AS y FROM range(100000) AS t(x)"));
    CHECK_INT(result.exit_code, 0);
    CHECK_INT((int64_t)result.out.size, 5 + 488890 + 100000 * 203);
}

TEST(a_full_output_is_an_error) {
    struct program_result result;

    if (access("/dev/full", W_OK) != 0)
        test_skip("there is no /dev/full");
    result = run_program(scope, "help --man", (struct text){0});
    CHECK_INT(result.exit_code, 0);
    CHECK_INT(run_program_into(scope, "help --man", "/dev/full"), 10);
}

// The id of a job in a state, from the list; empty when there is none.
static struct text job_in_state(struct scope *scope, const char *state) {
    struct text lines = run(scope, "job list --format csv").out;
    const char *wanted = arena_printf(&scope->arena, ",%s,", state);

    while (lines.size > 0) {
        struct text rest, line = text_split(lines, '\n', &lines);

        if (holds(line, wanted))
            return text_split(line, ',', &rest);
    }
    return (struct text){0};
}

TEST(a_signal_stops_an_import_that_another_command_takes_up) {
    struct text id = {0};
    pid_t process;

    CHECK_INT(run(scope, "setting set currency EUR").exit_code, 0);
    process = start_program(scope, "sample --customers 4000");
    for (int i = 0; i < 200 && id.size == 0; i++)
        id = job_in_state(scope, "running"); // beside the process that has the store
    kill(process, SIGINT);
    CHECK_INT(wait_program(process), 130);
    id = job_in_state(scope, "cancelled");
    if (id.size == 0)
        id = job_in_state(scope, "queued"); // it came between two files
    CHECK(id.size > 0);
    CHECK_INT(run(scope, arena_printf(&scope->arena, "job resume %.*s", TEXT_ARG(id))).exit_code,
              0);
    CHECK(job_in_state(scope, "cancelled").size == 0);
    CHECK_INT(run(scope, "doctor").exit_code, 0);
}

TEST(jobs_that_do_not_exist_are_not_found) {
    CHECK_INT(run(scope, "setting set currency GBP").exit_code, 0);
    CHECK_INT(run(scope, "job list").exit_code, 0);
    CHECK_INT(run(scope, "job show 7").exit_code, 3);
    CHECK_INT(run(scope, "job log 7").exit_code, 3);
    CHECK_INT(run(scope, "job cancel 7").exit_code, 3);
    CHECK_INT(run(scope, "job resume 7").exit_code, 3);
    CHECK_INT(run(scope, "job show seven").exit_code, 2);
}

static bool shell_accepts(struct scope *scope, const char *shell, const char *arguments,
                          struct text script) {
    const char *path = test_file(scope, "script", script);
    const char *const command[] = {shell, arguments, path, NULL};

    return run_other(scope, command) == 0;
}

TEST(completion_scripts_are_accepted_by_their_shells) {
    const struct program_result result = run(scope, "completion bash");

    CHECK_INT(result.exit_code, 0);
    CHECK(shell_accepts(scope, "bash", "-n", result.out));
    if (run_other(scope, (const char *const[]){"zsh", "-c", "true", NULL}) == 0)
        CHECK(shell_accepts(scope, "zsh", "-n", run(scope, "completion zsh").out));
    if (run_other(scope, (const char *const[]){"fish", "-c", "true", NULL}) == 0)
        CHECK(shell_accepts(scope, "fish", "-n", run(scope, "completion fish").out));
}

// The words that bash would offer for a line, by calling the function that the script defines.
static struct text completed(struct scope *scope, struct text script, const char *line) {
    const char *probe =
        arena_printf(&scope->arena,
                     "%.*s\nCOMP_WORDS=(%s)\n[[ '%s' == *' ' ]] && COMP_WORDS+=('')\n"
                     "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_tessera\necho \"${COMPREPLY[*]}\"\n",
                     TEXT_ARG(script), line, line);
    const char *path = test_file(scope, "probe", text_of(probe));

    return run_other_for_output(scope, (const char *const[]){"bash", path, NULL});
}

TEST(bash_completes_commands_options_and_choices) {
    const struct text script = run(scope, "completion bash").out;

    CHECK_TEXT(completed(scope, script, "tessera doc"), "doctor\n");
    CHECK_TEXT(completed(scope, script, "tessera job "), "list show log cancel resume\n");
    CHECK_TEXT(completed(scope, script, "tessera job list --l"), "--limit\n");
    CHECK_TEXT(completed(scope, script, "tessera --format csv job s"), "show\n");
    CHECK_TEXT(completed(scope, script, "tessera job list --format "), "table csv json\n");
}

TEST(the_manual_page_is_understood_by_groff) {
    static const char *const groff[] = {"groff", "-man", "-Tascii", "-ww", "-z", NULL, NULL};
    const char *command[sizeof(groff) / sizeof(*groff)];
    const struct program_result page = run(scope, "help --man");

    CHECK_INT(page.exit_code, 0);
    memcpy(command, groff, sizeof(groff));
    command[5] = test_file(scope, "tessera.1", page.out);
    CHECK_TEXT(run_other_for_output(scope, command), "");
}

TEST(every_exit_code_is_in_the_manual_page_and_in_the_document) {
    const struct text page = run(scope, "help --man").out;
    const struct text document = test_source(scope, "docs/exit-codes.md");

    for (int reason = OK; reason < CODE_COUNT; reason++) {
        const struct code_info *info = code_info((enum code)reason);

        CHECK(holds(page, arena_printf(&scope->arena, "\n.B %d\n", info->exit_code)));
        CHECK(holds(document, arena_printf(&scope->arena, "\n| %d | `%s` | %d |", info->exit_code,
                                           info->name, info->http_status)));
    }
}
