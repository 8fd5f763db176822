// SPDX-License-Identifier: Apache-2.0
// Backup and restore as an operator types them.
#include "tests/program.h"

#include <string.h>

static bool holds(struct text text, const char *part) {
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

TEST(a_store_is_backed_up_verified_and_restored_from_the_command_line) {
    const char *folder = test_folder(scope);
    const char *path = arena_printf(&scope->arena, "%s/b.tar.gz", folder);
    const char *const tar[] = {"tar", "-tzf", path, NULL};
    struct program_result result;

    CHECK_INT(run_program(scope, "sample --customers 50", (struct text){0}).exit_code, 0);
    result = run_program(scope, arena_printf(&scope->arena, "backup %s", path), (struct text){0});
    CHECK_INT(result.exit_code, 0);
    CHECK(holds(run_other_for_output(scope, tar), "ledger.db\nmanifest.json\n"));
    result =
        run_program(scope, arena_printf(&scope->arena, "backup verify %s", path), (struct text){0});
    CHECK_INT(result.exit_code, 0);
    CHECK(holds(result.out, "rows customer: "));
    result = run_program(scope,
                         arena_printf(&scope->arena, "restore %s --data %s/restored", path, folder),
                         (struct text){0});
    CHECK_INT(result.exit_code, 0);
    CHECK(holds(result.out, "totals_compared: ") || holds(result.out, "totals compared: "));
    CHECK(text_equal(
        run_program(scope, "metric revenue_gross", (struct text){0}).out,
        run_program(scope,
                    arena_printf(&scope->arena, "metric revenue_gross --data %s/restored", folder),
                    (struct text){0})
            .out));
    result = run_program(scope,
                         arena_printf(&scope->arena, "restore %s --data %s/restored", path, folder),
                         (struct text){0});
    CHECK_INT(result.exit_code, 4);
}

TEST(a_folder_of_backups_is_configured_and_listed) {
    const char *folder = test_folder(scope);
    const char *file = test_file(
        scope, "a.conf", text_of(arena_printf(&scope->arena, "backups = %s/kept\n", folder)));
    const char *options = arena_printf(&scope->arena, "--config %s --format csv", file);
    struct program_result result;

    CHECK_INT(run_program(scope, "sample --customers 20", (struct text){0}).exit_code, 0);
    result = run_program(scope, arena_printf(&scope->arena, "backup %s --plain", options),
                         (struct text){0});
    CHECK_INT(result.exit_code, 0);
    result = run_program(scope, arena_printf(&scope->arena, "backup list %s", options),
                         (struct text){0});
    CHECK_INT(result.exit_code, 0);
    CHECK(holds(result.out, "\r\ntessera-20"));
    CHECK(holds(result.out, "Z.tar,"));
}
