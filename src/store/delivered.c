// SPDX-License-Identifier: Apache-2.0
#include "store/delivered.h"

#include "store/ledger.h"
#include "store/occurrence.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { HASH_BYTES = 16, DELIVERED_KEY_SIZE = 64 };

static code find(struct scope *scope, const struct delivered_table *table, struct text source,
                 struct text key, int64_t *ret_id, int64_t *ret_seen_import) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, table->find, BINDS(BIND_TEXT(source), BIND_TEXT(key)), &rows, &found));
    *ret_id = found ? rows_int64(rows, 0) : 0;
    *ret_seen_import = found ? rows_int64(rows, 1) : 0;
    return OK;
}

static code mark_seen(struct scope *scope, const struct delivered_table *table, int64_t id,
                      int64_t import_id) {
    return ledger_exec(scope, table->seen, BINDS(BIND_INT64(id), BIND_INT64(import_id)));
}

static void hash_row(const struct delivered_row *row, unsigned char hash[HASH_BYTES]) {
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)&row->at_us, sizeof(row->at_us));
    for (size_t i = 0; i < row->part_count; i++) {
        const struct text part = row->parts[i];
        const uint64_t size = part.size;

        // With its length before it, no part can run over into the next.
        crypto_generichash_update(&state, (const unsigned char *)&size, sizeof(size));
        crypto_generichash_update(&state, (const unsigned char *)part.data, part.size);
    }
    crypto_generichash_final(&state, hash, HASH_BYTES);
}

// A row without an id of its own, and what is known of the occurrence looked at last.
struct unnamed {
    const struct delivered_table *table;
    struct text source;
    int64_t import_id;
    char hash[2 * HASH_BYTES + 1];
    int64_t occurrence;
    char key[DELIVERED_KEY_SIZE]; // "#hash-n"
    int64_t id, seen_import;
};

static code is_taken(struct scope *scope, void *context, int64_t occurrence, bool *ret_taken) {
    struct unnamed *unnamed = context;

    snprintf(unnamed->key, sizeof(unnamed->key), "#%s-%" PRId64, unnamed->hash, occurrence);
    TRY(find(scope, unnamed->table, unnamed->source, text_of(unnamed->key), &unnamed->id,
             &unnamed->seen_import));
    unnamed->occurrence = occurrence;
    *ret_taken = unnamed->id != 0 && unnamed->seen_import == unnamed->import_id;
    return OK;
}

// "#hash-n" for the first n that this import has not delivered yet.
static code find_by_content(struct scope *scope, const struct delivered_table *table,
                            const struct delivered_row *row, int64_t import_id,
                            char buffer[DELIVERED_KEY_SIZE], int64_t *ret_id) {
    struct unnamed unnamed = {.table = table, .source = row->source, .import_id = import_id};
    unsigned char hash[HASH_BYTES];
    int64_t occurrence;
    bool taken;

    hash_row(row, hash);
    sodium_bin2hex(unnamed.hash, sizeof(unnamed.hash), hash, sizeof(hash));
    TRY(occurrence_find_free(scope, 1, is_taken, &unnamed, &occurrence));
    if (unnamed.occurrence != occurrence) // the search ended beside it
        TRY(is_taken(scope, &unnamed, occurrence, &taken));
    memcpy(buffer, unnamed.key, DELIVERED_KEY_SIZE);
    *ret_id = unnamed.id;
    return unnamed.id != 0 ? mark_seen(scope, table, unnamed.id, import_id) : OK;
}

static code find_by_given_key(struct scope *scope, const struct delivered_table *table,
                              const struct delivered_row *row, int64_t import_id, int64_t *ret_id) {
    int64_t seen_import;

    TRY(find(scope, table, row->source, row->given_key, ret_id, &seen_import));
    return *ret_id != 0 && seen_import != import_id ? mark_seen(scope, table, *ret_id, import_id)
                                                    : OK;
}

code delivered_add(struct scope *scope, const struct delivered_table *table,
                   const struct delivered_row *delivered, struct change_run *run, int64_t import_id,
                   code (*insert)(struct scope *scope, const struct delivered_insert *as,
                                  const void *row),
                   const void *row, bool *ret_added) {
    const bool is_given = delivered->given_key.size > 0;
    struct delivered_insert as = {.import_id = import_id, .key = delivered->given_key};
    char buffer[DELIVERED_KEY_SIZE];
    int64_t present;

    if (is_given)
        TRY(find_by_given_key(scope, table, delivered, import_id, &present));
    else
        TRY(find_by_content(scope, table, delivered, import_id, buffer, &present));
    *ret_added = present == 0;
    if (present != 0)
        return OK;
    if (!is_given)
        as.key = text_of(buffer);
    TRY(change_run_next(scope, run, &as.id));
    return insert(scope, &as, row);
}

static code range_of(struct scope *scope, const struct delivered_table *table, int64_t import_id,
                     int64_t *ret_first_id, int64_t *ret_last_id) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, table->range, BINDS(BIND_INT64(import_id)), &rows, &found));
    *ret_first_id = found ? rows_int64(rows, 0) : 0;
    *ret_last_id = found ? rows_int64(rows, 1) : 0;
    return OK;
}

code delivered_undo(struct scope *scope, const struct delivered_table *table, int64_t import_id) {
    int64_t first_id, last_id;

    TRY(ledger_exec(scope, table->pass_on, BINDS(BIND_INT64(import_id))));
    TRY(ledger_exec(scope, table->unsee, BINDS(BIND_INT64(import_id))));
    TRY(range_of(scope, table, import_id, &first_id, &last_id));
    if (first_id == 0)
        return OK;
    TRY(ledger_exec(scope, table->remove, BINDS(BIND_INT64(import_id))));
    // Rows of other imports within the range are fetched again by the mirror, to no effect.
    return change_record(scope, table->change, CHANGE_UPDATED, first_id, last_id);
}
