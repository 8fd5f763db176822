// SPDX-License-Identifier: Apache-2.0
// The lake where it is views: the same columns as DuckDB's, SQL of people, moving there.
#include "store/change.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/postgresql_testing.h"
#include "store/setting.h"
#include "store/sql_catalogue.h"
#include "store/store_copy.h"
#include "store/store_internal.h"
#include "store/store_testing.h"

#include <stdlib.h>
#include <string.h>

// A store in PostgreSQL beside the test's own, in a scope of its own.
struct beside {
    struct scope scope;
    struct store *store;
};

static void close_beside(void *argument) {
    struct beside *beside = argument;

    session_close(&beside->scope);
    store_close(beside->store);
    scope_clear(&beside->scope);
}

static struct scope *open_beside(struct scope *scope) {
    struct beside *beside = arena_alloc(&scope->arena, sizeof(*beside));
    const struct test_place place = {
        .address = test_database(scope),
        .folder = arena_printf(&scope->arena, "%s/beside", test_folder(scope))};

    *beside = (struct beside){0};
    scope_init(&beside->scope);
    test_at_end(close_beside, beside);
    scope = &beside->scope;
    CHECK_OK(test_store_open(scope, place, STORE_READ_WRITE, &beside->store));
    CHECK_OK(session_open(scope, beside->store));
    return scope;
}

// ---- columns ----

static const char *describe(struct scope *scope, const char *table) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;

    CHECK_OK(lake_query_untrusted(scope, text_printf(&scope->arena, "DESCRIBE %s", table), &rows));
    while (rows_next(rows))
        buffer_printf(&out, "%.*s %.*s\n", TEXT_ARG(rows_text(rows, 0)),
                      TEXT_ARG(rows_text(rows, 1)));
    CHECK_OK(rows_end(rows));
    return text_string(&scope->arena, buffer_text(&out));
}

TEST(the_views_have_the_columns_of_the_tables_in_duckdb) {
    static const char *const tables[] = {"lake_state",
                                         "alias",
                                         "customer",
                                         "product",
                                         "store",
                                         "staff",
                                         "sale",
                                         "sale_line",
                                         "event",
                                         "consent",
                                         "purchase_history",
                                         "churn_feature",
                                         "persona_feature"};
    struct scope *beside;

    test_store_in_folder(scope);
    beside = open_beside(scope);
    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
        CHECK(strlen(describe(scope, tables[i])) > 0);
        CHECK_STRING(describe(beside, tables[i]), describe(scope, tables[i]));
    }
}

TEST(texts_of_the_views_compare_bytewise) {
    int64_t count;

    scope = open_beside(scope);
    CHECK_OK(lake_int64(scope,
                        "SELECT count(*) FROM information_schema.columns "
                        "WHERE table_schema = 'tessera_lake' AND data_type = 'text' "
                        "AND collation_name IS DISTINCT FROM 'C'",
                        NO_BINDS, -1, &count));
    CHECK_INT(count, 0);
}

TEST(round_and_date_trunc_are_those_of_duckdb) {
    static const char sql[] =
        "SELECT round(CAST(2.5 AS DOUBLE PRECISION)), round(CAST(-0.5 AS DOUBLE PRECISION)), "
        "round(CAST(1.4999 AS DOUBLE PRECISION)), "
        "CAST(date_trunc('week', DATE '2011-12-09') AS DATE)";

    test_store_in_folder(scope);
    CHECK_STRING(test_lake_rows(scope, sql), "3|-1|1|2011-12-05");
    CHECK_STRING(test_lake_rows(open_beside(scope), sql), "3|-1|1|2011-12-05");
}

TEST(every_sql_block_of_the_lake_prepares_on_the_views) {
    scope = open_beside(scope);
    for (size_t i = 0; i < sql_catalogue_count; i++)
        if (sql_catalogue[i].for_lake && lake_prepares(scope, sql_catalogue[i].text) != OK)
            test_fail(__FILE__, __LINE__, "%s: %s", sql_catalogue[i].name, scope->failure.detail);
}

// ---- days ----

static void close_own(void *argument) {
    test_store_close(argument);
}

TEST(days_are_of_the_business_zone_and_follow_it) {
    static const char sql[] = "SELECT sold_on FROM sale";
    const struct test_place place = {
        .address = test_database(scope),
        .folder = arena_printf(&scope->arena, "%s/beside", test_folder(scope))};

    setenv("TZ", "UTC", 1);
    test_at_end(close_own, scope);
    test_store_open_at(scope, place);
    CHECK_OK(ledger_exec(scope,
                         "INSERT INTO sale (id, import_id, source, number, kind, sold_at_us, "
                         "currency, net_micros, vat_micros, gross_micros, discount_micros, "
                         "line_count) VALUES (1, 1, 's', '1', 1, $1, 'EUR', 0, 0, 0, 0, 0)",
                         BINDS(BIND_INT64(INT64_C(1323471600000000))))); // 2011-12-09 23:00 UTC
    CHECK_STRING(test_lake_rows(scope, sql), "2011-12-09");
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT("Europe/Berlin")));
    test_store_close(scope);
    test_store_open_at(scope, place);
    CHECK_STRING(test_lake_rows(scope, sql), "2011-12-10");
}

TEST(the_watermark_grows_also_where_the_clock_is_behind) {
    struct scope *beside;
    int64_t before, after;

    test_store_in_folder(scope);
    beside = open_beside(scope);
    test_ledger_exec(beside, "INSERT INTO change (id, table_id, kind, first_id, last_id) "
                             "VALUES (9000000000000000000, 0, 0, 0, 0)");
    CHECK_OK(lake_watermark(beside, &before));
    CHECK_OK(ledger_begin(beside));
    CHECK_OK(change_record(beside, CHANGE_STORE, CHANGE_CREATED, 1, 1));
    CHECK_OK(ledger_commit(beside));
    CHECK_OK(lake_watermark(beside, &after));
    CHECK(after > before);
}

// ---- SQL of people ----

static code run(struct scope *scope, const char *sql) {
    struct rows *rows = NULL;
    code result = lake_query_untrusted(scope, text_of(sql), &rows);

    while (result == OK && rows_next(rows))
        ;
    if (result == OK)
        result = rows_end(rows);
    rows_close(&rows);
    return result;
}

TEST(sql_of_a_person_sees_nothing_of_the_ledger_and_calls_nothing_that_acts) {
    static const char *const refused[] = {
        "SELECT * FROM tessera.account",
        "SELECT * FROM tessera.sale",
        "SELECT set_config('role', 'none', false)",
        "SELECT pg_catalog.set_config('role', 'none', false)",
        "SELECT \"set_config\"('role', 'none', false)",
        "SELECT U&\"set\\005fconfig\"('role', 'none', false)",
        "SELECT set_config /* a /* nested */ comment */ ('role', 'none', false)",
        "SELECT Set_Config\n('role', 'none', false)",
        "SELECT pg_sleep(100)",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT pg_terminate_backend(1)",
        "SELECT pg_advisory_lock(1)",
        "SELECT lo_create(0)",
        "SELECT query_to_xml('SELECT * FROM tessera.account', true, true, '')",
        "SELECT table_to_xml('tessera.account', true, true, '')",
        "WITH gone AS (DELETE FROM tessera.sale RETURNING id) SELECT * FROM gone",
        "SELECT * INTO stolen FROM sale",
        "SELECT * FROM sale FOR UPDATE",
        "EXPLAIN ANALYZE DELETE FROM tessera.sale",
        "RESET ROLE",
        "SELECT 1; RESET ROLE",
        "SELECT $$ an open text",
    };

    scope = open_beside(scope);
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
        const code result = run(scope, refused[i]);

        if (result != INVALID && result != FORBIDDEN)
            test_fail(__FILE__, __LINE__, "%s gives %s", refused[i], code_info(result)->name);
        scope_forgive(scope);
    }
    CHECK_OK(run(scope, "SELECT 'set_config(', $$pg_sleep($$, \"kind\" FROM sale -- lo_create("));
    CHECK_OK(run(scope, "SELECT upper(kind), random() FROM sale GROUP BY 1"));
}

// ---- moving ----

static void put_products(struct scope *scope, int first, int count) {
    for (int i = first; i < first + count; i++)
        CHECK_OK(ledger_exec(
            scope, "INSERT INTO product (id, import_id, code, name) VALUES ($1, 1, $2, $3)",
            BINDS(BIND_INT64(i), BIND_TEXT(text_printf(&scope->arena, "p%d", i)),
                  BIND_STRING("tab\t, line\n, \\N and \"quote\""))));
}

TEST(a_copy_goes_on_where_it_stopped_and_notices_other_rows) {
    static const char products[] = "SELECT code, name FROM product ORDER BY id";
    struct store_copy_summary summary;
    struct scope *from = scope, *to;

    test_store_in_folder(scope);
    to = open_beside(scope);
    CHECK_OK(setting_set(scope, TEXT("zone"), TEXT("Asia/Tokyo")));
    put_products(scope, 1, 50);
    CHECK_OK(ledger_exec(scope, "UPDATE consent_purpose SET changed_at_us = 1", NO_BINDS));
    put_products(to, 1, 20); // as an interrupted copy would have left
    scope = to;
    CHECK_OK(store_copy(from, to, &summary));
    CHECK_INT(summary.present_count, 20);
    CHECK_STRING(test_ledger_rows(to, products), test_ledger_rows(from, products));
    CHECK_STRING(test_lake_rows(to, "SELECT zone FROM lake_state"), "Asia/Tokyo");
    CHECK_OK(ledger_exec(to, "UPDATE product SET name = 'x' WHERE id = 7", NO_BINDS));
    CHECK_CODE(store_copy(from, to, &summary), CONFLICT);
}

TEST(a_store_comes_back_from_postgresql_as_it_went) {
    struct store_copy_summary summary;
    struct scope *from;

    test_store_in_folder(scope);
    from = open_beside(scope);
    put_products(from, 1, 30);
    CHECK_OK(store_copy(from, scope, &summary));
    CHECK_STRING(test_lake_rows(scope, "SELECT count(*), max(name) FROM product"),
                 "30|tab\t, line\n, \\N and \"quote\"");
}

// ---- statements ----

TEST(the_server_forgets_statements_that_will_not_come_again) {
    int64_t count;

    scope = open_beside(scope);
    for (int i = 0; i < 200; i++)
        CHECK_OK(lake_int64(scope, arena_printf(&scope->arena, "SELECT %d + 0", i), NO_BINDS, 0,
                            &count));
    CHECK_OK(lake_int64(scope, "SELECT count(*) FROM pg_prepared_statements", NO_BINDS, 0, &count));
    CHECK(count > 0 && count < 50);
}
