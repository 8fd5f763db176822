// SPDX-License-Identifier: Apache-2.0
#include "govern/access/key.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/time.h"
#include "govern/access/secret.h"
#include "govern/access/trait.h"
#include "govern/audit/audit.h"
#include "key_sql.h"
#include "store/ledger.h"
#include "store/store.h"

#include <inttypes.h>

uint32_t key_permissions_possible(void) {
    return MAY_EVERYTHING &
           ~(uint32_t)(MAY_SIGN_IN | MAY_MANAGE_ACCESS | MAY_NAME_PATHS | MAY_MANAGE_SOURCES);
}

static struct text key_object(struct scope *scope, struct text name) {
    return text_printf(&scope->arena, "key %.*s", TEXT_ARG(name));
}

// ---- making and revoking ----

static code check_traits(struct scope *scope, const struct key_wish *wish) {
    if (wish->trait_count > 0 && !(wish->permissions & MAY_DECIDE))
        return scope_fail_field(scope, INVALID, "traits",
                                "traits are told to keys with the permission \"decide\" only");
    if (wish->trait_count > TRAITS_OF_KEY_MOST)
        return scope_fail_field(scope, TOO_LARGE, "traits", "a key is told at most %d traits",
                                TRAITS_OF_KEY_MOST);
    for (size_t i = 0; i < wish->trait_count; i++)
        if (!trait_is_known(wish->traits[i])) {
            scope_fail_field(scope, INVALID, "traits", "there is no trait \"%.*s\"",
                             TEXT_ARG(wish->traits[i]));
            return scope_hint(scope, "as in language, country, attributes.tier");
        }
    return OK;
}

static code check(struct scope *scope, const struct key_wish *wish) {
    const struct text name = wish->name;
    const uint32_t permissions = wish->permissions;
    int64_t number;

    if (text_trim(name).size == 0 || name.size > LIMIT_NAME_BYTES || !text_is_utf8(name) ||
        text_to_int64(name, &number))
        return scope_fail_field(scope, INVALID, "name",
                                "the name of a key has 1 to %d bytes and is no number",
                                LIMIT_NAME_BYTES);
    if (permissions == 0)
        return scope_fail_field(scope, INVALID, "permissions", "a key must be for something");
    for (uint32_t bit = 1; bit & MAY_EVERYTHING; bit <<= 1) {
        if (!(permissions & bit))
            continue;
        if (!(key_permissions_possible() & bit))
            return scope_fail_field(scope, INVALID, "permissions", "a key cannot %s",
                                    permission_name(bit));
        if (!(scope->actor.permissions & bit))
            return scope_fail_field(scope, FORBIDDEN, "permissions", "%s may not %s",
                                    scope->actor.name, permission_name(bit));
    }
    if (wish->expires_at_us != 0 && wish->expires_at_us <= scope->now_us)
        return scope_fail_field(scope, INVALID, "expires_at", "the key would have expired already");
    return check_traits(scope, wish);
}

struct text key_permission_words(struct arena *arena, uint32_t permissions) {
    CLEANUP(buffer_clear) struct buffer keys = {0};

    for (uint32_t bit = 1; bit & MAY_EVERYTHING; bit <<= 1)
        if (permissions & bit)
            buffer_printf(&keys, "%s%s", keys.size > 0 ? " " : "", permission_key(bit));
    return text_copy(arena, buffer_text(&keys));
}

static struct text written_traits(struct scope *scope, const struct key_wish *wish) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;

    json_writer_init(&writer, &out);
    json_begin_array(&writer);
    for (size_t i = 0; i < wish->trait_count; i++)
        json_write_text(&writer, wish->traits[i]);
    json_end_array(&writer);
    return text_copy(&scope->arena, buffer_text(&out));
}

code key_make(struct scope *scope, const struct key_wish *wish, int64_t *ret_id,
              struct text *ret_key) {
    const struct text key = secret_make(&scope->arena, "tsk_");
    const struct text traits = written_traits(scope, wish);
    const int64_t id = store_new_id(scope), account_id = scope->actor.account_id;
    int64_t created = 0;

    TRY(check(scope, wish));
    TRY(ledger_change(
        scope, sql_key_insert,
        BINDS(BIND_INT64(id), BIND_TEXT(wish->name), BIND_TEXT(secret_hash(&scope->arena, key)),
              BIND_INT64(wish->permissions), BIND_INT64_IF(account_id != 0, account_id),
              BIND_STRING(scope->actor.name), BIND_INT64(scope->now_us),
              BIND_INT64_IF(wish->expires_at_us != 0, wish->expires_at_us), BIND_TEXT(traits)),
        &created));
    if (created == 0)
        return scope_fail_field(scope, CONFLICT, "name", "key \"%.*s\" exists already",
                                TEXT_ARG(wish->name));
    TRY(AUDIT(scope, "key.create", key_object(scope, wish->name),
              {"permissions", key_permission_words(&scope->arena, wish->permissions)},
              {"traits", traits}));
    *ret_id = id;
    *ret_key = key;
    return OK;
}

static code look_up(struct scope *scope, struct text name_or_id, int64_t *ret_id,
                    struct text *ret_name) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t id = 0;
    bool found = false;

    if (text_to_int64(name_or_id, &id))
        name_or_id = TEXT("");
    TRY(ledger_find(scope, sql_key_look_up, BINDS(BIND_INT64(id), BIND_TEXT(name_or_id)), &rows,
                    &found));
    if (!found) {
        scope_fail(scope, NOT_FOUND, "this key does not exist");
        return scope_hint(scope, "`tessera key list` shows those there are");
    }
    *ret_id = rows_int64(rows, 0);
    *ret_name = text_copy(&scope->arena, rows_text(rows, 1));
    return OK;
}

code key_revoke(struct scope *scope, struct text name_or_id) {
    struct text name = {0};
    int64_t id = 0;

    TRY(look_up(scope, name_or_id, &id, &name));
    TRY(ledger_exec(scope, sql_key_delete, BINDS(BIND_INT64(id))));
    return AUDIT(scope, "key.revoke", key_object(scope, name));
}

// ---- in use ----

// As with sessions: a request that reads does not fail for this.
static void note_use(struct scope *scope, int64_t id, int64_t used_day) {
    const int64_t today = scope->now_us / US_PER_DAY;

    if (used_day < today &&
        ledger_exec(scope, sql_key_used, BINDS(BIND_INT64(id), BIND_INT64(today))) != OK)
        scope_forgive(scope);
}

static code read_traits(struct scope *scope, struct text written, struct api_key *key) {
    struct json *list;
    struct text *traits;
    size_t count = 0;

    TRY(json_parse_own(scope, text_copy(&scope->arena, written), &list));
    for (const struct json *item = list->first; item; item = item->next)
        count++;
    traits = arena_array(&scope->arena, count + 1, sizeof(*traits));
    for (const struct json *item = list->first; item; item = item->next)
        traits[key->trait_count++] = item->string;
    key->traits = traits;
    return OK;
}

static code read_key(struct scope *scope, struct rows *rows, struct api_key *ret_key) {
    uint32_t possible = key_permissions_possible();
    enum role role;

    if (!rows_is_null(rows, 3)) {
        if (!role_parse(rows_text(rows, 5), &role))
            return scope_fail(scope, INTERNAL, "key %" PRId64 " is of an unknown role",
                              rows_int64(rows, 0));
        possible &= role_permissions(role);
    }
    *ret_key = (struct api_key){.id = rows_int64(rows, 0),
                                .name = text_copy(&scope->arena, rows_text(rows, 1)),
                                .permissions = (uint32_t)rows_int64(rows, 2) & possible,
                                .used_day = rows_int64(rows, 4),
                                .hash = text_copy(&scope->arena, rows_text(rows, 7)),
                                .expires_at_us = rows_int64(rows, 8)};
    return read_traits(scope, rows_text(rows, 6), ret_key);
}

static code find(struct scope *scope, struct text key, struct api_key *ret_key, bool *ret_found) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_find(scope, sql_key_find,
                    BINDS(BIND_TEXT(secret_hash(&scope->arena, key)), BIND_INT64(scope->now_us)),
                    &rows, ret_found));
    return *ret_found ? read_key(scope, rows, ret_key) : OK;
}

code key_find(struct scope *scope, struct text key, struct api_key *ret_key, bool *ret_found) {
    TRY(find(scope, key, ret_key, ret_found));
    if (*ret_found)
        note_use(scope, ret_key->id, ret_key->used_day);
    return OK;
}

code key_list_valid(struct scope *scope, struct api_key **ret_keys, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    CLEANUP(buffer_clear) struct buffer keys = {0};

    TRY(ledger_query(scope, sql_key_valid, BINDS(BIND_INT64(scope->now_us)), &rows));
    while (rows_next(rows)) {
        struct api_key key;

        TRY(read_key(scope, rows, &key));
        buffer_add(&keys, &key, sizeof(key));
    }
    TRY(rows_end(rows));
    *ret_keys = arena_copy(&scope->arena, keys.data, keys.size);
    *ret_count = keys.size / sizeof(struct api_key);
    return OK;
}
