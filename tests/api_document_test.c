// SPDX-License-Identifier: Apache-2.0
// docs/api.md tells of every failure with its status, and of every type of a column.
#include "tests/program.h"
#include "web/response.h"

static void check_told(const struct text document, const char *row) {
    if (!memmem(document.data, document.size, row, strlen(row)))
        test_fail(__FILE__, __LINE__, "docs/api.md does not tell of %s", row);
}

TEST(the_guide_to_the_api_tells_of_every_failure_and_every_type) {
    const struct text document = test_source(scope, "docs/api.md");

    for (int reason = OK + 1; reason < CODE_COUNT; reason++) {
        const struct code_info *info = code_info((enum code)reason);

        check_told(document,
                   arena_printf(&scope->arena, "\n| %d | `%s` |", info->http_status, info->name));
    }
    for (int i = 0; i < COLUMN_TYPE_COUNT; i++)
        check_told(document,
                   arena_printf(&scope->arena, "`%s`", column_type_name((enum column_type)i)));
}
