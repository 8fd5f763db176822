// SPDX-License-Identifier: Apache-2.0
// Spreading tables, against a stand-in for Citus (store/citus_testing.h): what is asked of a
// cluster, in which order, and that nothing of the store changes by it.
#include "store/distribute.h"

#include "store/citus_testing.h"
#include "store/distribution.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/ledger_copy.h"
#include "store/store_internal.h"
#include "store/store_testing.h"

#include <string.h>

static void store_in_postgresql(struct scope *scope) {
    if (!test_store_is_shared())
        test_skip("TESSERA_TEST_STORE is not postgresql");
    test_store(scope);
}

static const struct distribute_step *step_of(const struct distribute_plan *plan,
                                             const char *stage) {
    for (size_t i = 0; i < plan->count; i++)
        if (strcmp(plan->steps[i].stage, stage) == 0)
            return &plan->steps[i];
    test_fail(__FILE__, __LINE__, "there is no step \"%s\"", stage);
}

static void add_facts(struct scope *scope) {
    test_ledger_exec(
        scope,
        "INSERT INTO customer (id, import_id, created_at_us) VALUES (11, 1, 0), (12, 1, 0),"
        "  (13, 1, 0);"
        "INSERT INTO alias (origin, customer) VALUES (13, 12);"
        "INSERT INTO identifier (id, kind, source, value, origin, import_id, seen_at_us) VALUES"
        "  (21, 1, '', 'a@example.com', 11, 1, 0), (22, 4, 'shop', 'K2', 12, 1, 0),"
        "  (23, 3, '', '4711', 13, 1, 0), (24, 4, 'shop', 'K1', 13, 1, 0);"
        "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, currency, origin,"
        "  net_micros, vat_micros, gross_micros, discount_micros, line_count) VALUES"
        "  (31, 1, 'shop', 'R1', 1, 0, 'EUR', 11, 1, 0, 1, 0, 1),"
        "  (32, 1, 'shop', 'R2', 2, 0, 'EUR', NULL, 2, 0, 2, 0, 2);"
        "INSERT INTO sale_line (sale_id, line, import_id, seen_import, content_hash,"
        "  quantity_micros, unit_price_micros, discount_micros, net_micros, vat_micros,"
        "  gross_micros) VALUES (31, 1, 1, 1, 7, 1, 1, 0, 1, 0, 1), (32, 1, 1, 1, 7, 1, 1, 0, 1, 0,"
        "  1), (32, 2, 1, 1, 8, 1, 1, 0, 1, 0, 1);"
        "INSERT INTO event (id, import_id, seen_import, source, event_key, at_us, name) VALUES"
        "  (41, 1, 1, 'web', 'e1', 0, 'page')");
}

static void distribute(struct scope *scope) {
    struct distribute_plan plan;

    CHECK_OK(distribute_plan(scope, &plan));
    CHECK_OK(distribute_run(scope, &plan));
}

TEST(a_new_table_says_how_it_stands_on_several_machines) {
    struct table_count *counts;
    size_t count;

    test_store(scope);
    CHECK_OK(ledger_count_tables(scope, &counts, &count));
    for (size_t i = 0; i < count; i++)
        if (!table_distribution_find(counts[i].table))
            test_fail(__FILE__, __LINE__,
                      "the table %.*s has no row in src/store/distribution.c: the checklist above "
                      "struct table_distribution in src/store/distribution.h says which",
                      TEXT_ARG(counts[i].table));
}

TEST(every_table_that_says_how_it_stands_is_there) {
    store_in_postgresql(scope);
    for (size_t i = 0; i < table_distribution_count; i++) {
        int64_t count;

        CHECK_OK(ledger_int64(scope, "SELECT count(*) FROM pg_tables WHERE tablename = $1",
                              BINDS(BIND_STRING(table_distributions[i].table)), 0, &count));
        if (count == 0)
            test_fail(__FILE__, __LINE__, "there is no table %s", table_distributions[i].table);
    }
}

TEST(a_database_without_citus_says_what_to_do) {
    struct distribute_plan plan;
    bool is_possible;

    store_in_postgresql(scope);
    CHECK_OK(distribute_is_possible(scope, &is_possible));
    CHECK(!is_possible);
    CHECK_CODE(distribute_plan(scope, &plan), INVALID);
    CHECK(strstr(scope->failure.message, "has no Citus"));
    CHECK(strstr(scope->failure.hint, "docs/scale.md"));
}

TEST(a_store_in_a_folder_cannot_be_spread) {
    struct distribute_plan plan;

    test_store_in_folder(scope);
    CHECK_CODE(distribute_plan(scope, &plan), INVALID);
    CHECK(strstr(scope->failure.message, "is a folder"));
}

TEST(the_plan_gives_every_key_the_column_that_rows_are_spread_by) {
    struct distribute_plan plan;

    store_in_postgresql(scope);
    test_citus_make(scope);
    CHECK_OK(distribute_plan(scope, &plan));
    CHECK_STRING(step_of(&plan, "preparing identifier")->sql,
                 "ALTER TABLE identifier DROP CONSTRAINT identifier_pkey, ADD CONSTRAINT "
                 "identifier_pkey PRIMARY KEY (id, value);\n");
    CHECK(strstr(step_of(&plan, "preparing event")->sql,
                 "ADD CONSTRAINT event_source_event_key_key UNIQUE (source, event_key, home);"));
    CHECK_STRING(step_of(&plan, "moving customer")->sql,
                 "SELECT create_distributed_table('tessera.customer', 'id', colocate_with => "
                 "'none');\n");
    CHECK_STRING(step_of(&plan, "moving sale_line")->sql,
                 "SELECT create_distributed_table('tessera.sale_line', 'home', colocate_with => "
                 "'tessera.customer');\n");
    CHECK_STRING(step_of(&plan, "moving alias")->sql,
                 "SELECT create_reference_table('tessera.alias');\n");
}

TEST(every_table_stands_as_it_says_after_spreading_and_tells_the_same) {
    static const char customers[] = "SELECT id, number, has_email, has_phone, has_card "
                                    "FROM customer ORDER BY id";
    static const char lines[] = "SELECT sale_id, line, kind, origin, gross_micros FROM sale_line "
                                "ORDER BY sale_id, line";
    const char *customers_before, *lines_before;

    store_in_postgresql(scope);
    test_citus_make(scope);
    add_facts(scope);
    customers_before = test_lake_rows(scope, customers);
    lines_before = test_lake_rows(scope, lines);
    distribute(scope);
    for (size_t i = 0; i < table_distribution_count; i++) {
        const struct table_distribution *entry = &table_distributions[i];
        const char *stand = test_ledger_rows(
            scope, arena_printf(&scope->arena,
                                "SELECT type, coalesce(by_column, '') FROM citus.moved "
                                "WHERE relation = CAST('%s' AS REGCLASS)",
                                entry->table));

        CHECK_STRING(stand, entry->stand == TABLE_SPREAD
                                ? arena_printf(&scope->arena, "distributed|%s", entry->column)
                            : entry->stand == TABLE_EVERYWHERE ? "reference|"
                                                               : "");
    }
    CHECK_STRING(test_lake_rows(scope, customers), customers_before);
    CHECK_STRING(test_lake_rows(scope, lines), lines_before);
    // A view that holds them together by the machine they stand on as well.
    CHECK_STRING(test_ledger_rows(scope, "SELECT count(*) FROM pg_views WHERE viewname = "
                                         "'sale_line' AND definition LIKE '%s.home = l.home%'"),
                 "1");
}

TEST(rows_from_before_there_was_a_home_get_one) {
    store_in_postgresql(scope);
    test_citus_make(scope);
    add_facts(scope);
    distribute(scope);
    CHECK_STRING(test_ledger_rows(scope, "SELECT id, home FROM sale ORDER BY id"), "31|11\n32|-33");
    CHECK_STRING(test_ledger_rows(scope, "SELECT sale_id, home FROM sale_line "
                                         "ORDER BY sale_id, line"),
                 "31|11\n32|-33\n32|-33");
    CHECK_STRING(test_ledger_rows(scope, "SELECT home FROM event"), "-42");
}

TEST(a_second_run_has_nothing_to_do_and_an_interrupted_one_goes_on) {
    struct distribute_plan plan, rest;

    store_in_postgresql(scope);
    test_citus_make(scope);
    add_facts(scope);
    CHECK_OK(distribute_plan(scope, &plan));
    for (size_t done = 1; done < plan.count; done += 7) {
        const struct distribute_plan part = {.steps = plan.steps, .count = done};

        CHECK_OK(distribute_plan(scope, &rest));
        CHECK_OK(distribute_run(
            scope,
            &(struct distribute_plan){.steps = rest.steps,
                                      .count = part.count < rest.count ? part.count : rest.count}));
    }
    distribute(scope);
    CHECK_OK(distribute_plan(scope, &rest));
    CHECK_INT((int64_t)rest.count, 0);
    CHECK_INT((int64_t)rest.table_count, 0);
}

TEST(a_table_that_was_moved_otherwise_is_named) {
    struct distribute_plan plan;

    store_in_postgresql(scope);
    test_citus_make(scope);
    test_ledger_exec(scope, "SELECT create_reference_table('tessera.customer')");
    CHECK_CODE(distribute_plan(scope, &plan), CONFLICT);
    CHECK(strstr(scope->failure.message, "customer"));
    CHECK(strstr(scope->failure.hint, "undistribute_table('tessera.customer')"));
}

TEST(a_unique_index_without_the_column_and_a_foreign_key_are_in_the_way) {
    struct distribute_plan plan;

    store_in_postgresql(scope);
    test_citus_make(scope);
    test_ledger_exec(scope, "CREATE UNIQUE INDEX once ON event (name)");
    CHECK_CODE(distribute_plan(scope, &plan), CONFLICT);
    CHECK(strstr(scope->failure.message, "the unique index once"));
    scope_forgive(scope);
    test_ledger_exec(scope, "DROP INDEX once; ALTER TABLE event ADD CONSTRAINT whose FOREIGN KEY "
                            "(origin) REFERENCES customer (id)");
    CHECK_CODE(distribute_plan(scope, &plan), CONFLICT);
    CHECK(strstr(scope->failure.message, "the foreign key whose"));
}

TEST(tables_are_not_moved_while_another_process_uses_them) {
    struct distribute_plan plan;
    struct store *other;
    const struct test_place place = (store_in_postgresql(scope), test_store_place(scope));

    test_citus_make(scope);
    CHECK_OK(distribute_plan(scope, &plan));
    CHECK_OK(test_store_open(scope, place, STORE_READ_WRITE, &other));
    CHECK_CODE(distribute_run(scope, &plan), CONFLICT);
    store_close(other);
    scope_forgive(scope);
    CHECK_OK(distribute_run(scope, &plan));
}
