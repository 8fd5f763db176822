// SPDX-License-Identifier: Apache-2.0
#include "store/storage.h"

#include "storage_sql.h"
#include "store/distribute.h"
#include "store/distribution.h"
#include "store/health.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/ledger_engine.h"
#include "store/store_internal.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// COUNTED_MOST: larger tables are not counted where the database has an idea of their rows.
enum { ITEMS_MOST = 512, COUNTED_MOST = 100000 };

// What is read row by row into one of the lists.
typedef void (*take_row)(struct scope *scope, struct storage *storage, const struct rows *rows);

static code take_all(struct scope *scope, struct storage *storage, struct rows *rows,
                     take_row take) {
    code result;

    for (int i = 0; i < ITEMS_MOST && rows_next(rows); i++)
        take(scope, storage, rows);
    result = rows_end(rows);
    rows_close(&rows);
    return result;
}

static code ask_ledger(struct scope *scope, struct storage *storage, const char *sql,
                       take_row take) {
    struct rows *rows;

    TRY(ledger_query(scope, sql, NO_BINDS, &rows));
    return take_all(scope, storage, rows, take);
}

static struct text copied(struct scope *scope, const struct rows *rows, size_t column) {
    return text_copy(&scope->arena, rows_text(rows, column));
}

// ---- tables ----

static void take_table(struct scope *scope, struct storage *storage, const struct rows *rows) {
    if (storage->table_count < ITEMS_MOST)
        storage->tables[storage->table_count++] =
            (struct storage_table){.place = TEXT("ledger"),
                                   .name = copied(scope, rows, 0),
                                   .table_bytes = rows_int64(rows, 1),
                                   .index_bytes = rows_int64(rows, 2),
                                   .row_count = rows_int64(rows, 3),
                                   .is_estimated = true};
}

static void take_index(struct scope *scope, struct storage *storage, const struct rows *rows) {
    if (storage->index_count < ITEMS_MOST)
        storage->indexes[storage->index_count++] =
            (struct storage_index){.table = copied(scope, rows, 0),
                                   .name = copied(scope, rows, 1),
                                   .bytes = rows_int64(rows, 2)};
}

// Small tables have no statistics worth the name.
static code count_table(struct scope *scope, struct storage_table *table) {
    if (table->row_count > COUNTED_MOST)
        return OK;
    table->is_estimated = false;
    return ledger_int64(
        scope, arena_printf(&scope->arena, "SELECT count(*) FROM \"%.*s\"", TEXT_ARG(table->name)),
        NO_BINDS, 0, &table->row_count);
}

// ---- the cluster ----

static struct storage_table *table_named(struct storage *storage, struct text name) {
    for (size_t i = 0; i < storage->table_count; i++)
        if (text_equal(storage->tables[i].name, name))
            return &storage->tables[i];
    return NULL;
}

// What the coordinator has of such a table is an empty one.
static void take_shards(struct scope *scope, struct storage *storage, const struct rows *rows) {
    struct storage_table *table = table_named(storage, rows_text(rows, 0));
    const int64_t count = rows_int64(rows, 1), bytes = rows_int64(rows, 2);

    (void)scope;
    if (!table || count == 0)
        return;
    table->shard_count = count;
    table->table_bytes = bytes;
    table->index_bytes = 0;
    table->row_count = -1;
    table->skew = bytes > 0 ? (double)rows_int64(rows, 3) * (double)count / (double)bytes : 1;
}

static void take_node(struct scope *scope, struct storage *storage, const struct rows *rows) {
    if (storage->node_count < ITEMS_MOST)
        storage->nodes[storage->node_count++] =
            (struct storage_node){.name = copied(scope, rows, 0),
                                  .shard_count = rows_int64(rows, 1),
                                  .bytes = rows_int64(rows, 2)};
}

static void share_out(struct storage *storage) {
    int64_t total = 0;

    for (size_t i = 0; i < storage->node_count; i++)
        total += storage->nodes[i].bytes;
    for (size_t i = 0; total > 0 && i < storage->node_count; i++)
        storage->nodes[i].share = (double)storage->nodes[i].bytes / (double)total;
}

static code look_at_cluster(struct scope *scope, struct storage *storage) {
    bool is_cluster;

    TRY(distribute_is_possible(scope, &is_cluster));
    if (!is_cluster)
        return OK;
    TRY(ask_ledger(scope, storage, sql_storage_shards, take_shards));
    TRY(ask_ledger(scope, storage, sql_storage_nodes, take_node));
    share_out(storage);
    for (size_t i = 0; i < storage->table_count; i++) {
        struct storage_table *table = &storage->tables[i];
        const struct table_distribution *entry = table_distribution_find(table->name);
        const enum table_stand stand =
            table->shard_count > 0 && entry ? entry->stand : TABLE_COORDINATOR;

        table->stand = text_of(table_stand_name(stand));
    }
    return OK;
}

// ---- the lake in a file ----

static void take_lake_table(struct scope *scope, struct storage *storage, const struct rows *rows) {
    if (storage->table_count < ITEMS_MOST)
        storage->tables[storage->table_count++] =
            (struct storage_table){.place = TEXT("lake"),
                                   .name = copied(scope, rows, 0),
                                   .row_count = rows_int64(rows, 1),
                                   .is_estimated = true};
}

static code look_at_lake(struct scope *scope, struct storage *storage) {
    const size_t first = storage->table_count;
    int64_t block_bytes;
    struct rows *rows;

    if (!store_owns_lake(session_store(scope)))
        return OK;
    TRY(lake_query(scope, sql_storage_tables_of_duckdb, NO_BINDS, &rows));
    TRY(take_all(scope, storage, rows, take_lake_table));
    TRY(lake_int64(scope, sql_storage_block_bytes, NO_BINDS, 0, &block_bytes));
    for (size_t i = first; i < storage->table_count; i++) {
        struct storage_table *table = &storage->tables[i];

        TRY(lake_int64(scope,
                       arena_printf(&scope->arena,
                                    "SELECT count(DISTINCT block_id) FROM "
                                    "pragma_storage_info('%.*s') WHERE block_id >= 0",
                                    TEXT_ARG(table->name)),
                       NO_BINDS, 0, &table->table_bytes));
        table->table_bytes *= block_bytes;
    }
    return OK;
}

// ---- files ----

static int64_t bytes_of_folder(const char *path) {
    DIR *folder = opendir(path);
    struct dirent *entry;
    struct stat status;
    int64_t bytes = 0;

    if (!folder)
        return 0;
    while ((entry = readdir(folder)))
        if (fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(status.st_mode))
            bytes += status.st_size;
    closedir(folder);
    return bytes;
}

static int compare_files(const void *left, const void *right) {
    const struct storage_file *a = left, *b = right;

    return text_compare(a->name, b->name);
}

static code look_at_files(struct scope *scope, struct storage *storage) {
    const char *path = store_path(session_store(scope));
    DIR *folder = opendir(path);
    struct dirent *entry;
    struct stat status;

    if (!folder)
        return OK;
    while ((entry = readdir(folder)) && storage->file_count < ITEMS_MOST) {
        struct storage_file *file = &storage->files[storage->file_count];

        if (entry->d_name[0] == '.' ||
            fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        file->name = text_copy(&scope->arena, text_of(entry->d_name));
        file->bytes =
            S_ISDIR(status.st_mode)
                ? bytes_of_folder(arena_printf(&scope->arena, "%s/%s", path, entry->d_name))
                : status.st_size;
        storage->file_count++;
    }
    closedir(folder);
    qsort(storage->files, storage->file_count, sizeof(*storage->files), compare_files);
    return OK;
}

// ---- all of it ----

static code look_at_ledger(struct scope *scope, struct storage *storage, bool is_folder) {
    TRY(ask_ledger(scope, storage,
                   is_folder ? sql_storage_tables_of_sqlite : sql_storage_tables_of_postgresql,
                   take_table));
    TRY(ask_ledger(scope, storage,
                   is_folder ? sql_storage_indexes_of_sqlite : sql_storage_indexes_of_postgresql,
                   take_index));
    if (!is_folder)
        TRY(look_at_cluster(scope, storage));
    for (size_t i = 0; i < storage->table_count; i++)
        if (storage->tables[i].shard_count == 0)
            TRY(count_table(scope, &storage->tables[i]));
    return OK;
}

code storage_look(struct scope *scope, struct storage *ret_storage) {
    const bool is_folder = session_store(scope)->engine == &ledger_sqlite;
    struct storage storage = {
        .tables = arena_array(&scope->arena, ITEMS_MOST, sizeof(*storage.tables)),
        .indexes = arena_array(&scope->arena, ITEMS_MOST, sizeof(*storage.indexes)),
        .nodes = arena_array(&scope->arena, ITEMS_MOST, sizeof(*storage.nodes)),
        .files = arena_array(&scope->arena, ITEMS_MOST, sizeof(*storage.files)),
    };

    TRY(health_ledger_version(scope, &storage.ledger_version));
    TRY(look_at_ledger(scope, &storage, is_folder));
    if (is_folder)
        TRY(look_at_lake(scope, &storage));
    TRY(look_at_files(scope, &storage));
    *ret_storage = storage;
    return OK;
}
