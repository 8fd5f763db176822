// SPDX-License-Identifier: Apache-2.0
// The configuration as its users meet it: the command, the environment, the files that explain it.
#include "base/config.h"
#include "tests/program.h"

#include <stdlib.h>

static bool holds(struct text text, const char *part) {
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

TEST(the_document_of_the_configuration_tells_of_every_option) {
    const char *document = text_string(&scope->arena, test_source(scope, "docs/configuration.md"));

    for (size_t i = 0; i < config_option_count; i++) {
        const struct config_option *option = &config_options[i];
        const char *row = arena_printf(&scope->arena, "| `%s` | %s%s%s | %s |", option->name,
                                       option->otherwise[0] != '\0' ? "`" : "", option->otherwise,
                                       option->otherwise[0] != '\0' ? "`" : "", option->help);

        if (!strstr(document, row))
            test_fail(__FILE__, __LINE__, "docs/configuration.md has no row %s", row);
    }
}

TEST(the_example_that_is_shipped_is_the_program_s_own) {
    const struct program_result result = run_program(scope, "config --example", (struct text){0});

    CHECK_INT(result.exit_code, 0);
    CHECK(text_equal(result.out, test_source(scope, "packaging/tessera.conf")));
}

TEST(the_command_shows_what_is_in_force_and_who_said_it) {
    const char *file = test_file(scope, "a.conf", TEXT("lake_memory = 1G\nlog = warn\n"));
    struct program_result result;

    setenv("TESSERA_LOG", "debug", 1);
    setenv("TESSERA_LGO", "debug", 1);
    result =
        run_program(scope, arena_printf(&scope->arena, "config --format csv --config %s", file),
                    (struct text){0});
    unsetenv("TESSERA_LOG");
    unsetenv("TESSERA_LGO");
    CHECK_INT(result.exit_code, 0);
    CHECK(holds(result.out, "\r\nlake_memory,1G,file,"));
    CHECK(holds(result.out, "\r\nlog,debug,environment,"));
    CHECK(holds(result.out, "\r\nworkers,0,default,"));
    CHECK(holds(result.err, "TESSERA_LGO in the environment names no option"));
}

TEST(a_configuration_that_cannot_be_meant_stops_every_command_with_exit_code_2) {
    const char *file = test_file(scope, "a.conf", TEXT("lisen = 127.0.0.1:80\n"));
    struct program_result result = run_program(
        scope, arena_printf(&scope->arena, "doctor --config %s", file), (struct text){0});

    CHECK_INT(result.exit_code, 2);
    CHECK(holds(result.err, "line 1 of "));
    CHECK(holds(result.err, "did you mean listen?"));
    file = test_file(scope, "b.conf", TEXT("listen = 0.0.0.0:80\n"));
    result = run_program(scope, arena_printf(&scope->arena, "config --check --config %s", file),
                         (struct text){0});
    CHECK_INT(result.exit_code, 2);
    CHECK(holds(result.err, "without encryption"));
}

TEST(what_counting_may_take_is_configured) {
    const char *file = test_file(scope, "a.conf", TEXT("lake_memory = 128M\n"));
    const struct program_result made =
        run_program(scope, arena_printf(&scope->arena, "sample --customers 20 --config %s", file),
                    (struct text){0});
    struct program_result result;

    CHECK_INT(made.exit_code, 0);
    result = run_program(scope,
                         arena_printf(&scope->arena,
                                      "sql --format csv --config %s "
                                      "SELECT\tcurrent_setting('memory_limit')\tAS\tmemory",
                                      file),
                         (struct text){0});
    CHECK_TEXT(result.out, "memory\r\n128.0 MiB\r\n");
}
