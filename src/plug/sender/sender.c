// SPDX-License-Identifier: Apache-2.0
#include "plug/sender/sender.h"

#include "base/limits.h"
#include "base/time.h"
#include "govern/access/secret.h"
#include "govern/audit/audit.h"
#include "govern/operation/pulse.h"
#include "sender_sql.h"
#include "store/ledger.h"
#include "store/store.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>

enum { MOST_SILENCE_S = 366 * 86400, MOST_KEPT_S = 90 * 86400, MOST_SCHEMA_BYTES = 64 << 10 };

static const struct {
    bool is_public;
    const char *channel;
} types[SENDER_TYPE_COUNT] = {
    [SENDER_WEBSITE] = {true, "web"}, [SENDER_APP] = {true, "app"},   [SENDER_SERVER] = {false, ""},
    [SENDER_TILL] = {false, "store"}, [SENDER_WEBHOOK] = {false, ""},
};

const char *const sender_type_names[] = {
    [SENDER_WEBSITE] = "website", [SENDER_APP] = "app",         [SENDER_SERVER] = "server",
    [SENDER_TILL] = "till",       [SENDER_WEBHOOK] = "webhook", [SENDER_TYPE_COUNT] = NULL,
};

const char *const schema_policy_names[] = {
    [SCHEMA_MARK] = "mark", [SCHEMA_QUARANTINE] = "quarantine", NULL};

bool sender_type_parse(struct text name, enum sender_type *ret_type) {
    for (int type = 0; type < SENDER_TYPE_COUNT; type++)
        if (text_is(name, sender_type_names[type])) {
            *ret_type = (enum sender_type)type;
            return true;
        }
    return false;
}

bool sender_type_is_public(enum sender_type type) {
    return types[type].is_public;
}

struct text sender_type_channel(enum sender_type type) {
    return text_of(types[type].channel);
}

// ---- making and changing ----

static struct text object_of(struct scope *scope, struct text name) {
    return text_printf(&scope->arena, "source %.*s", TEXT_ARG(name));
}

static code check_name(struct scope *scope, struct text name) {
    int64_t number;
    bool is_sound = name.size > 0 && name.size <= LIMIT_NAME_BYTES && text_is_utf8(name) &&
                    text_equal(text_trim(name), name) && !text_to_int64(name, &number);

    for (size_t i = 0; i < name.size; i++)
        is_sound &= (unsigned char)name.data[i] >= ' ' && name.data[i] != 0x7f;
    return is_sound ? OK
                    : scope_fail_field(scope, INVALID, "name",
                                       "the name of a source has 1 to %d bytes, no blank at either "
                                       "end, and is no number",
                                       LIMIT_NAME_BYTES);
}

static code check_choices(struct scope *scope, const struct sender *sender) {
    if (sender->silence_s < SILENCE_LEARNT || sender->silence_s > MOST_SILENCE_S)
        return scope_fail_field(scope, INVALID, "silence_s",
                                "%" PRId64 " is not from 0 to %d seconds, nor -1: learnt",
                                sender->silence_s, MOST_SILENCE_S);
    if (sender->schema.size > MOST_SCHEMA_BYTES)
        return scope_fail_field(scope, TOO_LARGE, "schema", "a schema has at most %d bytes",
                                MOST_SCHEMA_BYTES);
    return OK;
}

code sender_add(struct scope *scope, const struct sender *sender, int64_t *ret_id,
                struct text *ret_key) {
    const struct text key = secret_make(&scope->arena, "tsw_");
    const int64_t id = store_new_id(scope);
    int64_t created = 0;

    TRY(check_name(scope, sender->name));
    TRY(check_choices(scope, sender));
    TRY(ledger_change(scope, sql_sender_insert,
                      BINDS(BIND_INT64(id), BIND_TEXT(sender->name),
                            BIND_STRING(sender_type_names[sender->type]),
                            BIND_TEXT(secret_hash(&scope->arena, key)),
                            BIND_INT64(sender->silence_s), BIND_TEXT_OR_NULL(sender->schema),
                            BIND_STRING(schema_policy_names[sender->schema_policy]),
                            BIND_INT64(scope->now_us), BIND_STRING(scope->actor.name)),
                      &created));
    if (created == 0)
        return scope_fail_field(scope, CONFLICT, "name", "source \"%.*s\" exists already",
                                TEXT_ARG(sender->name));
    TRY(AUDIT(scope, "source.create", object_of(scope, sender->name),
              {"type", text_of(sender_type_names[sender->type])}));
    *ret_id = id;
    *ret_key = key;
    return OK;
}

code sender_change(struct scope *scope, const struct sender *sender) {
    TRY(check_choices(scope, sender));
    TRY(ledger_exec(scope, sql_sender_update,
                    BINDS(BIND_INT64(sender->id), BIND_INT64(sender->is_enabled),
                          BIND_INT64(sender->silence_s), BIND_TEXT_OR_NULL(sender->schema),
                          BIND_STRING(schema_policy_names[sender->schema_policy]))));
    return AUDIT(scope, "source.change", object_of(scope, sender->name),
                 {"enabled", sender->is_enabled ? TEXT("yes") : TEXT("no")});
}

code sender_rotate(struct scope *scope, int64_t id, int64_t keep_s, struct text *ret_key) {
    const struct text key = secret_make(&scope->arena, "tsw_");
    struct sender sender;

    if (keep_s < 0 || keep_s > MOST_KEPT_S)
        return scope_fail_field(scope, INVALID, "keep_s", "%" PRId64 " is not from 0 to %d seconds",
                                keep_s, MOST_KEPT_S);
    TRY(sender_find(scope, text_printf(&scope->arena, "%" PRId64, id), &sender));
    TRY(ledger_exec(scope, sql_sender_new_key,
                    BINDS(BIND_INT64(id), BIND_TEXT(secret_hash(&scope->arena, key)),
                          BIND_INT64(scope->now_us + keep_s * US_PER_SECOND))));
    TRY(AUDIT(scope, "source.rotate_key", object_of(scope, sender.name),
              {"old_key_kept_s", text_printf(&scope->arena, "%" PRId64, keep_s)}));
    *ret_key = key;
    return OK;
}

// ---- reading ----

// From columns 0 to 9; texts in `arena`.
static code read_sender(struct scope *scope, struct arena *arena, const struct rows *rows,
                        struct sender *ret_sender) {
    struct sender sender = {
        .id = rows_int64(rows, 0),
        .name = text_copy(arena, rows_text(rows, 1)),
        .is_enabled = rows_int64(rows, 3) != 0,
        .silence_s = rows_int64(rows, 4),
        .schema = text_copy(arena, rows_text(rows, 5)),
        .schema_policy =
            text_is(rows_text(rows, 6), "quarantine") ? SCHEMA_QUARANTINE : SCHEMA_MARK,
        .old_key_until_us = rows_int64(rows, 7),
        .created_at_us = rows_int64(rows, 8),
        .created_by = text_copy(arena, rows_text(rows, 9)),
    };

    if (!sender_type_parse(rows_text(rows, 2), &sender.type))
        return scope_fail(scope, INTERNAL, "source %" PRId64 " is of an unknown type", sender.id);
    *ret_sender = sender;
    return OK;
}

code sender_find(struct scope *scope, struct text name_or_id, struct sender *ret_sender) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    const struct text name = name_or_id;
    int64_t id = 0;
    bool found = false;

    if (text_to_int64(name_or_id, &id))
        name_or_id = TEXT("");
    TRY(ledger_find(scope, sql_sender_find, BINDS(BIND_INT64(id), BIND_TEXT(name_or_id)), &rows,
                    &found));
    if (found)
        return read_sender(scope, &scope->arena, rows, ret_sender);
    scope_fail(scope, NOT_FOUND, "source \"%.*s\" does not exist", TEXT_ARG(name));
    return scope_hint(scope, "`tessera source list` shows those there are");
}

code sender_count(struct scope *scope, int64_t id, const struct sender_figures *figures) {
    return ledger_exec(scope, sql_sender_count,
                       BINDS(BIND_INT64(id),
                             BIND_INT64(figures->last_at_us / (3600 * US_PER_SECOND)),
                             BIND_INT64(figures->accepted), BIND_INT64(figures->duplicate),
                             BIND_INT64(figures->quarantined), BIND_INT64(figures->bytes),
                             BIND_INT64(figures->last_at_us), BIND_INT64(figures->marked)));
}

code sender_recount(struct scope *scope, int64_t id, int64_t received_at_us,
                    const struct sender_figures *change) {
    return ledger_exec(scope, sql_sender_recount,
                       BINDS(BIND_INT64(id), BIND_INT64(received_at_us / (3600 * US_PER_SECOND)),
                             BIND_INT64(change->accepted), BIND_INT64(change->duplicate),
                             BIND_INT64(change->quarantined), BIND_INT64(change->marked)));
}

// ---- keys in use ----

static bool read_hash(struct text hex, unsigned char hash[SENDER_HASH_BYTES]) {
    size_t size = 0;

    return sodium_hex2bin(hash, SENDER_HASH_BYTES, hex.data, hex.size, NULL, &size, NULL) == 0 &&
           size == SENDER_HASH_BYTES;
}

static code read_entry(struct scope *scope, struct arena *arena, const struct rows *rows,
                       struct sender_entry *ret_entry) {
    struct sender_entry entry = {.last_at_us = rows_int64(rows, 12)};

    TRY(read_sender(scope, arena, rows, &entry.sender));
    entry.sender.asks = !rows_is_null(rows, 13);
    entry.sender.is_exempt = text_is(rows_text(rows, 13), "exempt");
    if (!read_hash(rows_text(rows, 10), entry.key_hash))
        return scope_fail(scope, INTERNAL, "the key of source %" PRId64 " is damaged",
                          entry.sender.id);
    entry.has_old_key =
        !rows_is_null(rows, 11) && read_hash(rows_text(rows, 11), entry.old_key_hash);
    *ret_entry = entry;
    return OK;
}

static code read_entries(struct scope *scope, struct sender_list *list) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    CLEANUP(buffer_clear) struct buffer entries = {0};

    TRY(ledger_query(scope, sql_sender_read_all, NO_BINDS, &rows));
    while (rows_next(rows)) {
        struct sender_entry entry;

        TRY(read_entry(scope, &list->arena, rows, &entry));
        buffer_add(&entries, &entry, sizeof(entry));
        list->count++;
    }
    TRY(rows_end(rows));
    list->entries = arena_copy(&list->arena, entries.data, entries.size);
    return OK;
}

code sender_list_read(struct scope *scope, struct sender_list **ret_list) {
    struct sender_list *list = calloc(1, sizeof(*list));

    if (!list)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    arena_init(&list->arena);
    if (read_entries(scope, list) != OK) {
        sender_list_free(list);
        return scope->failure.code;
    }
    *ret_list = list;
    return OK;
}

void sender_list_free(struct sender_list *list) {
    if (!list)
        return;
    arena_clear(&list->arena);
    free(list);
}

// What is compared is the hash of something random: how long it takes tells nothing.
const struct sender_entry *sender_list_find(const struct sender_list *list, struct text key,
                                            int64_t now_us) {
    unsigned char hash[SENDER_HASH_BYTES];

    crypto_hash_sha256(hash, (const unsigned char *)key.data, key.size);
    for (size_t i = 0; i < list->count; i++) {
        const struct sender_entry *entry = &list->entries[i];

        if (memcmp(entry->key_hash, hash, sizeof(hash)) == 0 ||
            (entry->has_old_key && now_us < entry->sender.old_key_until_us &&
             memcmp(entry->old_key_hash, hash, sizeof(hash)) == 0))
            return entry;
    }
    return NULL;
}
