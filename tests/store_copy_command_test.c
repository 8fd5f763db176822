// SPDX-License-Identifier: Apache-2.0
// Moving house as an operator types it: into PostgreSQL, back into a folder, over many machines.
#include "store/postgresql_testing.h"
#include "tests/program.h"

#include <string.h>

static bool holds(struct text text, const char *part) {
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

static struct text told(struct scope *scope, const char *command) {
    const struct program_result result = run_program(scope, command, (struct text){0});

    CHECK_INT(result.exit_code, 0);
    return result.out;
}

TEST(a_store_moves_into_postgresql_and_back_and_tells_the_same) {
    const char *folder = test_folder(scope);
    const char *address = test_database(scope);
    struct text before;

    told(scope, arena_printf(&scope->arena, "sample --customers 50 --data %s/home", folder));
    before = told(scope, arena_printf(&scope->arena,
                                      "metric revenue_gross --by month --data %s/home", folder));
    told(scope, arena_printf(&scope->arena, "store copy --from %s/home --to %s --files %s/beside",
                             folder, address, folder));
    // Again: everything is there.
    CHECK(holds(told(scope, arena_printf(&scope->arena,
                                         "store copy --from %s/home --to %s --files %s/beside",
                                         folder, address, folder)),
                "rows from before"));
    told(scope, arena_printf(&scope->arena, "store copy --from %s --to %s/back --files %s/beside",
                             address, folder, folder));
    CHECK(text_equal(before, told(scope, arena_printf(&scope->arena,
                                                      "metric revenue_gross --by month "
                                                      "--data %s/back",
                                                      folder))));
    CHECK_INT(run_program(scope,
                          arena_printf(&scope->arena, "store copy --from %s/none --to %s/new",
                                       folder, folder),
                          (struct text){0})
                  .exit_code,
              3);
}

TEST(tables_are_not_spread_in_a_folder_nor_without_citus) {
    const char *folder = test_folder(scope);
    const char *address = test_database(scope);
    const char *command = "store distribute --dry-run --data";
    struct program_result result;

    result = run_program(scope, arena_printf(&scope->arena, "%s %s/home", command, folder),
                         (struct text){0});
    CHECK_INT(result.exit_code, 2);
    CHECK(holds(result.err, "is a folder"));
    told(scope, arena_printf(&scope->arena, "setting set currency EUR --data %s", address));
    result = run_program(scope, arena_printf(&scope->arena, "%s %s", command, address),
                         (struct text){0});
    CHECK_INT(result.exit_code, 2);
    CHECK(holds(result.err, "has no Citus"));
    CHECK(holds(result.err, "docs/scale.md"));
}
