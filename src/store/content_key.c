// SPDX-License-Identifier: Apache-2.0
#include "store/content_key.h"

#include "store/ledger.h"

#include <sodium.h>
#include <stdio.h>

static code find(struct scope *scope, const struct content_key_sql *sql, struct text source,
                 struct text key, int64_t *ret_id, int64_t *ret_seen_import) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql->find, BINDS(BIND_TEXT(source), BIND_TEXT(key)), &rows, &found));
    *ret_id = found ? rows_int64(rows, 0) : 0;
    *ret_seen_import = found ? rows_int64(rows, 1) : 0;
    return OK;
}

code content_key_given(struct scope *scope, const struct content_key_sql *sql, struct text source,
                       struct text key, int64_t import_id, bool *ret_present) {
    int64_t id, seen_import;

    TRY(find(scope, sql, source, key, &id, &seen_import));
    if (id != 0 && seen_import != import_id)
        TRY(ledger_exec(scope, sql->seen, BINDS(BIND_INT64(id), BIND_INT64(import_id))));
    *ret_present = id != 0;
    return OK;
}

static void hash_parts(int64_t at_us, const struct text *parts, size_t part_count,
                       unsigned char hash[16]) {
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, 16);
    crypto_generichash_update(&state, (const unsigned char *)&at_us, sizeof(at_us));
    for (size_t i = 0; i < part_count; i++) {
        const uint64_t size = parts[i].size;

        // With its length before it, no part can run over into the next.
        crypto_generichash_update(&state, (const unsigned char *)&size, sizeof(size));
        crypto_generichash_update(&state, (const unsigned char *)parts[i].data, parts[i].size);
    }
    crypto_generichash_final(&state, hash, 16);
}

code content_key_derive(struct scope *scope, const struct content_key_sql *sql, struct text source,
                        int64_t at_us, const struct text *parts, size_t part_count,
                        int64_t import_id, char ret_key[CONTENT_KEY_SIZE], bool *ret_present) {
    unsigned char hash[16];
    char hex[33];

    hash_parts(at_us, parts, part_count, hash);
    sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
    for (int occurrence = 1;; occurrence++) {
        int64_t id, seen_import;

        snprintf(ret_key, CONTENT_KEY_SIZE, "#%s-%d", hex, occurrence);
        TRY(find(scope, sql, source, text_of(ret_key), &id, &seen_import));
        if (id != 0 && seen_import == import_id)
            continue; // this import said it already: this is the next time
        if (id != 0)
            TRY(ledger_exec(scope, sql->seen, BINDS(BIND_INT64(id), BIND_INT64(import_id))));
        *ret_present = id != 0;
        return OK;
    }
}
