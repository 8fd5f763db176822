// SPDX-License-Identifier: Apache-2.0
#include "govern/operation/storage_http.h"

#include "store/storage.h"

const struct route_answer storage_look_answer = {
    .type = ANSWER_OBJECT,
    .members =
        ANSWER_MEMBERS({.name = "version", ANSWER_TEXT, "of the ledger's database"},
                       {.name = "bytes", ANSWER_INTEGER, "all tables with their indexes"},
                       {.name = "tables", ANSWER_TABLE, "by table; a skew of 1 is even"},
                       {.name = "indexes", ANSWER_TABLE, "by index, but those of spread tables"},
                       {.name = "nodes", ANSWER_TABLE, "the machines that tables are spread over"},
                       {.name = "files", ANSWER_TABLE, "what lies in the store's folder"}),
};

static void write_number(struct response *response, bool is_known, double value) {
    if (is_known)
        response_double(response, value);
    else
        response_null(response);
}

static void write_count(struct response *response, bool is_known, int64_t value) {
    if (is_known)
        response_int64(response, COLUMN_INTEGER, value);
    else
        response_null(response);
}

static void write_table(struct response *response, const struct storage_table *table) {
    const int64_t bytes = table->table_bytes + table->index_bytes;

    response_begin_row(response);
    response_text(response, table->place);
    response_text(response, table->name);
    response_text(response, table->stand);
    write_count(response, table->row_count >= 0, table->row_count);
    response_int64(response, COLUMN_INTEGER, table->table_bytes);
    response_int64(response, COLUMN_INTEGER, table->index_bytes);
    write_number(response, table->row_count > 0, (double)bytes / (double)table->row_count);
    write_count(response, table->shard_count > 0, table->shard_count);
    write_number(response, table->shard_count > 0, table->skew);
    response_end_row(response);
}

static void write_tables(struct response *response, const struct storage *storage) {
    static const struct column columns[] = {
        {"place", "Place", COLUMN_TEXT, NULL},
        {"table", "Table", COLUMN_TEXT, NULL},
        {"stand", "Stands", COLUMN_TEXT, NULL},
        {"rows", "Rows", COLUMN_INTEGER, NULL},
        {"table_bytes", "Table", COLUMN_INTEGER, "bytes"},
        {"index_bytes", "Indexes", COLUMN_INTEGER, "bytes"},
        {"bytes_per_row", "Per row", COLUMN_NUMBER, "bytes"},
        {"shards", "Shards", COLUMN_INTEGER, NULL},
        {"skew", "Skew", COLUMN_NUMBER, NULL},
    };

    response_begin_table(response, "tables", columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < storage->table_count; i++)
        write_table(response, &storage->tables[i]);
    response_end_table(response);
}

static void write_indexes(struct response *response, const struct storage *storage) {
    static const struct column columns[] = {
        {"table", "Table", COLUMN_TEXT, NULL},
        {"index", "Index", COLUMN_TEXT, NULL},
        {"bytes", "Size", COLUMN_INTEGER, "bytes"},
    };

    response_begin_table(response, "indexes", columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < storage->index_count; i++) {
        response_begin_row(response);
        response_text(response, storage->indexes[i].table);
        response_text(response, storage->indexes[i].name);
        response_int64(response, COLUMN_INTEGER, storage->indexes[i].bytes);
        response_end_row(response);
    }
    response_end_table(response);
}

static void write_nodes(struct response *response, const struct storage *storage) {
    static const struct column columns[] = {
        {"node", "Machine", COLUMN_TEXT, NULL},
        {"shards", "Shards", COLUMN_INTEGER, NULL},
        {"bytes", "Size", COLUMN_INTEGER, "bytes"},
        {"share", "Share", COLUMN_SHARE, NULL},
    };

    response_begin_table(response, "nodes", columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < storage->node_count; i++) {
        response_begin_row(response);
        response_text(response, storage->nodes[i].name);
        response_int64(response, COLUMN_INTEGER, storage->nodes[i].shard_count);
        response_int64(response, COLUMN_INTEGER, storage->nodes[i].bytes);
        response_double(response, storage->nodes[i].share);
        response_end_row(response);
    }
    response_end_table(response);
}

static void write_files(struct response *response, const struct storage *storage) {
    static const struct column columns[] = {
        {"file", "File", COLUMN_TEXT, NULL},
        {"bytes", "Size", COLUMN_INTEGER, "bytes"},
    };

    response_begin_table(response, "files", columns, sizeof(columns) / sizeof(*columns));
    for (size_t i = 0; i < storage->file_count; i++) {
        response_begin_row(response);
        response_text(response, storage->files[i].name);
        response_int64(response, COLUMN_INTEGER, storage->files[i].bytes);
        response_end_row(response);
    }
    response_end_table(response);
}

static int64_t bytes_of(const struct storage *storage) {
    int64_t bytes = 0;

    for (size_t i = 0; i < storage->table_count; i++)
        bytes += storage->tables[i].table_bytes + storage->tables[i].index_bytes;
    return bytes;
}

code storage_http_look(struct scope *scope, const struct request *request,
                       struct response *response) {
    struct storage storage;

    (void)request;
    TRY(storage_look(scope, &storage));
    json_begin_object(&response->writer);
    json_key(&response->writer, "version");
    json_write_text(&response->writer, storage.ledger_version);
    json_key(&response->writer, "bytes");
    json_write_int64(&response->writer, bytes_of(&storage));
    write_tables(response, &storage);
    write_indexes(response, &storage);
    write_nodes(response, &storage);
    write_files(response, &storage);
    json_end_object(&response->writer);
    return OK;
}
