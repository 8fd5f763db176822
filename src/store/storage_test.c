// SPDX-License-Identifier: Apache-2.0
#include "store/storage.h"

#include "store/citus_testing.h"
#include "store/distribute.h"
#include "store/store.h"
#include "store/store_testing.h"

static const struct storage_table *table_of(const struct storage *storage, const char *place,
                                            const char *name) {
    for (size_t i = 0; i < storage->table_count; i++)
        if (text_is(storage->tables[i].place, place) && text_is(storage->tables[i].name, name))
            return &storage->tables[i];
    test_fail(__FILE__, __LINE__, "no %s in the %s", name, place);
}

static int64_t bytes_of_index(const struct storage *storage, const char *name) {
    for (size_t i = 0; i < storage->index_count; i++)
        if (text_is(storage->indexes[i].name, name))
            return storage->indexes[i].bytes;
    test_fail(__FILE__, __LINE__, "no index %s", name);
}

static void add_products(struct scope *scope, int count) {
    CHECK(count > 0);
    test_ledger_exec(
        scope, arena_printf(&scope->arena,
                            "INSERT INTO product (id, import_id, code, name) WITH RECURSIVE n (i) "
                            "AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
                            "SELECT i, 1, 'P' || i, 'a product with a name of some length' FROM n",
                            count));
}

TEST(what_a_store_takes_is_told_by_table_and_index) {
    const int64_t rows = 5000;
    const struct storage_table *product;
    struct storage storage;

    test_store(scope);
    add_products(scope, 5000);
    CHECK_OK(storage_look(scope, &storage));
    product = table_of(&storage, "ledger", "product");
    CHECK_INT(product->row_count, 5000);
    CHECK(product->table_bytes > 40 * rows && product->table_bytes < 200 * rows);
    CHECK(product->index_bytes >= 8 * rows && product->index_bytes < 100 * rows);
    CHECK_INT(product->shard_count, 0);
    CHECK_INT(table_of(&storage, "ledger", "sale")->row_count, 0);
    CHECK(bytes_of_index(&storage, "sale_by_origin") > 0);
    CHECK(storage.ledger_version.size > 0);
}

TEST(a_folder_tells_its_files_and_the_lake_in_it) {
    bool has_ledger = false;
    struct storage storage;

    test_store_in_folder(scope);
    CHECK_OK(storage_look(scope, &storage));
    for (size_t i = 0; i < storage.file_count; i++)
        has_ledger |= text_is(storage.files[i].name, "ledger.db") && storage.files[i].bytes > 0;
    CHECK(has_ledger);
    CHECK_INT(table_of(&storage, "lake", "sale")->row_count, 0);
    CHECK_INT((int64_t)storage.node_count, 0);
}

TEST(a_cluster_tells_its_machines_and_how_even_they_are) {
    const struct storage_table *event;
    struct distribute_plan plan;
    struct storage storage;

    if (!test_store_is_shared())
        test_skip("TESSERA_TEST_STORE is not postgresql");
    test_store(scope);
    test_citus_make(scope);
    CHECK_OK(distribute_plan(scope, &plan));
    CHECK_OK(distribute_run(scope, &plan));
    CHECK_OK(storage_look(scope, &storage));
    event = table_of(&storage, "ledger", "event");
    CHECK_TEXT(event->stand, "spread");
    CHECK_INT(event->shard_count, 4);
    CHECK_CLOSE(event->skew, 1.6, 1e-9); // shards of 1, 4, 1 and 4 pages
    CHECK_INT(event->row_count, -1);
    CHECK_TEXT(table_of(&storage, "ledger", "alias")->stand, "everywhere");
    CHECK_TEXT(table_of(&storage, "ledger", "job")->stand, "coordinator");
    CHECK_INT((int64_t)storage.node_count, 2);
    CHECK_TEXT(storage.nodes[1].name, "worker-b:5432");
    CHECK_CLOSE(storage.nodes[1].share, 0.8, 1e-9);
}
