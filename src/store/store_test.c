// SPDX-License-Identifier: Apache-2.0
#include "store/store_testing.h"

#include "store/change.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/sql_catalogue.h"
#include "store/store_internal.h"

#include <stdio.h>

static void one_sale(struct scope *scope, int64_t id) {
    CHECK_OK(ledger_begin(scope));
    CHECK_OK(
        ledger_exec(scope,
                    "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, currency, "
                    "net_micros, vat_micros, gross_micros, discount_micros, line_count) "
                    "VALUES ($1, 1, 's', $2, 1, $3, 'EUR', 100, 20, 120, 0, 1)",
                    BINDS(BIND_INT64(id), BIND_TEXT(text_printf(&scope->arena, "n%d", (int)id)),
                          BIND_INT64(id * 3600000000))));
    CHECK_OK(
        ledger_exec(scope,
                    "INSERT INTO sale_line (sale_id, line, import_id, seen_import, content_hash, "
                    "quantity_micros, unit_price_micros, discount_micros, net_micros, vat_micros, "
                    "gross_micros) VALUES ($1, 1, 1, 1, 7, 1000000, 120, 0, 100, 20, 120)",
                    BINDS(BIND_INT64(id))));
    CHECK_OK(change_record(scope, CHANGE_SALE, CHANGE_CREATED, id, id));
    CHECK_OK(ledger_commit(scope));
}

TEST(a_sale_in_the_ledger_is_in_the_lake_after_a_refresh) {
    test_store(scope);
    one_sale(scope, 10);
    one_sale(scope, 35);
    CHECK_STRING(test_lake_rows(
                     scope, "SELECT id, number, kind, sold_on, gross_micros FROM sale ORDER BY id"),
                 "10|n10|sale|1970-01-01|120\n35|n35|sale|1970-01-02|120");
    CHECK_STRING(test_lake_rows(scope, "SELECT count(*), sum(gross_micros) FROM sale_line"),
                 "2|240");
    test_store_reopen(scope);
    CHECK_STRING(test_lake_rows(scope, "SELECT count(*), sum(gross_micros) FROM sale_line"),
                 "2|240");
}

TEST(every_sql_block_prepares_on_its_databases) {
    test_store(scope);
    for (size_t i = 0; i < sql_catalogue_count; i++) {
        const struct sql_block *block = &sql_catalogue[i];

        if (block->for_ledger && ledger_prepares(scope, block->text) != OK)
            test_fail(__FILE__, __LINE__, "%s: %s", block->name, scope->failure.detail);
        if (block->for_lake && lake_prepares(scope, block->text) != OK)
            test_fail(__FILE__, __LINE__, "%s: %s", block->name, scope->failure.detail);
    }
}
