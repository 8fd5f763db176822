// SPDX-License-Identifier: Apache-2.0
// hash = SHA-256(hash of the record before it, id, instant, then each text with its length before
// it). The lengths keep "ab" + "c" and "a" + "bc" apart. Before the first record stand 32 zero
// bytes.
#include "govern/audit/audit.h"

#include "audit_sql.h"
#include "base/json.h"
#include "store/ledger.h"
#include "store/store.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

enum { HASH_BYTES = crypto_hash_sha256_BYTES, HASH_TEXT_SIZE = 2 * HASH_BYTES + 1 };

struct record {
    int64_t id;
    int64_t at_us;
    struct text actor, action, object, details;
};

static void add_int64(crypto_hash_sha256_state *state, int64_t value) {
    unsigned char bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)value >> (56 - 8 * i));
    crypto_hash_sha256_update(state, bytes, sizeof(bytes));
}

static void add_text(crypto_hash_sha256_state *state, struct text text) {
    add_int64(state, (int64_t)text.size);
    if (text.size > 0)
        crypto_hash_sha256_update(state, (const unsigned char *)text.data, text.size);
}

// Advances `hash` from the record before to this one.
static void chain(unsigned char hash[HASH_BYTES], const struct record *record) {
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, hash, HASH_BYTES);
    add_int64(&state, record->id);
    add_int64(&state, record->at_us);
    add_text(&state, record->actor);
    add_text(&state, record->action);
    add_text(&state, record->object);
    add_text(&state, record->details);
    crypto_hash_sha256_final(&state, hash);
}

static code read_last(struct scope *scope, unsigned char hash[HASH_BYTES], int64_t *ret_id) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text written;
    size_t size;
    bool found;

    memset(hash, 0, HASH_BYTES);
    *ret_id = 0;
    TRY(ledger_find(scope, sql_audit_last, NO_BINDS, &rows, &found));
    if (!found)
        return OK;
    written = rows_text(rows, 0);
    *ret_id = rows_int64(rows, 1);
    if (sodium_hex2bin(hash, HASH_BYTES, written.data, written.size, NULL, &size, NULL) != 0 ||
        size != HASH_BYTES)
        return scope_fail(scope, CONFLICT, "the audit log's last record carries no hash");
    return OK;
}

// The order of the ids is the order of the chain, also when processes beside each other append.
static code append(struct scope *scope, struct record *record) {
    unsigned char hash[HASH_BYTES];
    char written[HASH_TEXT_SIZE];
    int64_t last_id;

    TRY(read_last(scope, hash, &last_id));
    if (record->id <= last_id)
        record->id = last_id + 1;
    chain(hash, record);
    sodium_bin2hex(written, sizeof(written), hash, sizeof(hash));
    return ledger_exec(scope, sql_audit_insert,
                       BINDS(BIND_INT64(record->id), BIND_INT64(record->at_us),
                             BIND_TEXT(record->actor), BIND_TEXT(record->action),
                             BIND_TEXT(record->object), BIND_TEXT(record->details),
                             BIND_STRING(written)));
}

code audit_append(struct scope *scope, const char *action, struct text object,
                  struct text details) {
    const bool own = !ledger_in_transaction(scope);
    struct record record = {.at_us = scope->now_us,
                            .actor = text_of(scope->actor.name),
                            .action = text_of(action),
                            .object = object,
                            .details = details};
    code result;

    // The write lock is held from here on, so nobody puts a record between the last one and this.
    if (own)
        TRY(ledger_begin(scope));
    record.id = store_new_id(scope);
    result = append(scope, &record);
    if (!own)
        return result;
    if (result == OK)
        return ledger_commit(scope);
    ledger_rollback(scope);
    return result;
}

code audit_append_details(struct scope *scope, const char *action, struct text object,
                          const struct audit_detail *details, size_t count) {
    CLEANUP(buffer_clear) struct buffer written = {0};
    struct json_writer writer;

    json_writer_init(&writer, &written);
    json_begin_object(&writer);
    for (size_t i = 0; i < count; i++) {
        json_key(&writer, details[i].key);
        json_write_text(&writer, details[i].value);
    }
    json_end_object(&writer);
    return audit_append(scope, action, object, buffer_text(&written));
}

static struct record record_from_row(struct rows *rows) {
    return (struct record){.id = rows_int64(rows, 0),
                           .at_us = rows_int64(rows, 1),
                           .actor = rows_text(rows, 2),
                           .action = rows_text(rows, 3),
                           .object = rows_text(rows, 4),
                           .details = rows_text(rows, 5)};
}

code audit_verify(struct scope *scope, int64_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    unsigned char hash[HASH_BYTES] = {0};
    char expected[HASH_TEXT_SIZE];
    int64_t count = 0;

    TRY(ledger_query(scope, sql_audit_walk, NO_BINDS, &rows));
    while (rows_next(rows)) {
        const struct record record = record_from_row(rows);

        chain(hash, &record);
        sodium_bin2hex(expected, sizeof(expected), hash, sizeof(hash));
        count++;
        if (text_is(rows_text(rows, 6), expected))
            continue;
        scope_fail(scope, CONFLICT, "audit record %" PRId64 " does not fit the records before it",
                   record.id);
        return scope_detail(scope,
                            "it is number %" PRId64 " of the log; it was changed, or one before it "
                            "was changed, taken out or put in",
                            count);
    }
    TRY(rows_end(rows));
    *ret_count = count;
    return OK;
}
