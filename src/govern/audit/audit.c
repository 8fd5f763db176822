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

enum { HASH_BYTES = crypto_hash_sha256_BYTES, HASH_TEXT_SIZE = AUDIT_HASH_SIZE };

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

static code fail_changed(struct scope *scope, int64_t id, int64_t count) {
    scope_fail(scope, CONFLICT, "audit record %" PRId64 " does not fit the records before it", id);
    return scope_detail(scope,
                        "it is number %" PRId64 " of the log; it was changed, or one before it was "
                        "changed, taken out or put in",
                        count);
}

// A whole log was written anew, hashes and all: only what was kept elsewhere tells.
static code check_kept(struct scope *scope, const struct audit_head *kept,
                       const struct audit_head *head) {
    if (head->count != kept->count || strcmp(head->hash, kept->hash) == 0)
        return OK;
    scope_fail(scope, CONFLICT, "audit record number %" PRId64 " is not the one that was there",
               kept->count);
    return scope_detail(scope, "its hash was %s and is %s", kept->hash, head->hash);
}

static code check_length(struct scope *scope, const struct audit_head *kept,
                         const struct audit_head *head) {
    if (head->count >= kept->count)
        return OK;
    return scope_fail(scope, CONFLICT,
                      "the audit log had %" PRId64 " records and has %" PRId64
                      ": the last ones were cut off",
                      kept->count, head->count);
}

code audit_verify_since(struct scope *scope, const struct audit_head *kept,
                        struct audit_head *ret_head) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    unsigned char hash[HASH_BYTES] = {0};
    struct audit_head head = {0};

    sodium_bin2hex(head.hash, sizeof(head.hash), hash, sizeof(hash));
    TRY(check_kept(scope, kept, &head));
    TRY(ledger_query(scope, sql_audit_walk, NO_BINDS, &rows));
    while (rows_next(rows)) {
        const struct record record = record_from_row(rows);

        chain(hash, &record);
        sodium_bin2hex(head.hash, sizeof(head.hash), hash, sizeof(hash));
        head.count++;
        if (!text_is(rows_text(rows, 6), head.hash))
            return fail_changed(scope, record.id, head.count);
        TRY(check_kept(scope, kept, &head));
    }
    TRY(rows_end(rows));
    TRY(check_length(scope, kept, &head));
    *ret_head = head;
    return OK;
}

static struct audit_head empty_head(void) {
    struct audit_head head = {0};

    memset(head.hash, '0', sizeof(head.hash) - 1);
    return head;
}

code audit_verify(struct scope *scope, int64_t *ret_count) {
    const struct audit_head none = empty_head();
    struct audit_head head = {0};

    TRY(audit_verify_since(scope, &none, &head));
    *ret_count = head.count;
    return OK;
}

// ---- heads ----

code audit_head(struct scope *scope, struct audit_head *ret_head) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct audit_head head = empty_head();
    struct text hash;
    bool found;

    TRY(ledger_find(scope, sql_audit_head, NO_BINDS, &rows, &found));
    if (found) {
        hash = rows_text(rows, 1);
        if (hash.size != sizeof(head.hash) - 1)
            return scope_fail(scope, CONFLICT, "the audit log's last record carries no hash");
        head.count = rows_int64(rows, 0);
        memcpy(head.hash, hash.data, hash.size);
    }
    *ret_head = head;
    return OK;
}

struct text audit_head_text(struct arena *arena, const struct audit_head *head) {
    return text_printf(arena, "%" PRId64 ":%s", head->count, head->hash);
}

code audit_head_parse(struct scope *scope, struct text text, struct audit_head *ret_head) {
    struct audit_head head = {0};
    struct text hash;
    const struct text count = text_split(text, ':', &hash);

    if (!text_to_int64(count, &head.count) || head.count < 0 ||
        hash.size != sizeof(head.hash) - 1) {
        scope_fail_field(scope, INVALID, "head", "\"%.*s\" is no head of the audit log",
                         TEXT_ARG(text));
        return scope_hint(scope, "`tessera audit head` shows it, as in 12:9f86d0…");
    }
    memcpy(head.hash, hash.data, hash.size);
    *ret_head = head;
    return OK;
}
