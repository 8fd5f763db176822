// SPDX-License-Identifier: Apache-2.0
#include "plug/tag/tag.h"

#include "govern/access/secret.h"
#include "govern/audit/audit.h"
#include "store/ledger.h"
#include "tag_sql.h"

#include <inttypes.h>

enum { NOTE_BYTES = 500 };

static struct text object_of(struct scope *scope, const struct sender *sender) {
    return text_printf(&scope->arena, "tag %.*s", TEXT_ARG(sender->name));
}

static struct text number_text(struct scope *scope, int64_t number) {
    return text_printf(&scope->arena, "%" PRId64, number);
}

// ---- reading ----

code tag_find_sender(struct scope *scope, struct text name_or_id, struct sender *ret_sender) {
    struct sender sender;

    TRY(sender_find(scope, name_or_id, &sender));
    if (sender.type != SENDER_WEBSITE)
        return scope_fail(scope, INVALID, "source \"%.*s\" is no web site and has no tag",
                          TEXT_ARG(sender.name));
    *ret_sender = sender;
    return OK;
}

code tag_draft(struct scope *scope, int64_t sender_id, struct text *ret_configuration) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_tag_draft_find, BINDS(BIND_INT64(sender_id)), &rows, &found));
    *ret_configuration =
        found ? text_copy(&scope->arena, rows_text(rows, 0)) : text_of(tag_configuration_first);
    return OK;
}

static struct tag_version read_version(struct scope *scope, const struct rows *rows) {
    return (struct tag_version){.version = rows_int64(rows, 0),
                                .text_version = rows_int64(rows, 1),
                                .configuration = text_copy(&scope->arena, rows_text(rows, 2))};
}

code tag_version_find(struct scope *scope, int64_t sender_id, int64_t version,
                      struct tag_version *ret_version) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_tag_version_find, BINDS(BIND_INT64(sender_id), BIND_INT64(version)),
                    &rows, &found));
    if (!found && version != 0)
        return scope_fail(scope, NOT_FOUND, "version %" PRId64 " was never published", version);
    *ret_version = found ? read_version(scope, rows) : (struct tag_version){0};
    return OK;
}

code tag_published(struct scope *scope, struct text key, struct tag_version *ret_version,
                   int64_t *ret_sender_id) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_tag_published,
                    BINDS(BIND_TEXT(secret_hash(&scope->arena, key)), BIND_INT64(scope->now_us)),
                    &rows, &found));
    *ret_version = found ? read_version(scope, rows) : (struct tag_version){0};
    if (found)
        *ret_sender_id = rows_int64(rows, 3);
    return OK;
}

// ---- changing ----

static code write_draft(struct scope *scope, int64_t sender_id, struct text configuration) {
    return ledger_exec(scope, sql_tag_draft_write,
                       BINDS(BIND_INT64(sender_id), BIND_TEXT(configuration),
                             BIND_INT64(scope->now_us), BIND_STRING(scope->actor.name)));
}

code tag_save_draft(struct scope *scope, const struct sender *sender, const struct json *json) {
    struct tag_configuration configuration;

    TRY(tag_configuration_read(scope, json, &configuration));
    TRY(write_draft(scope, sender->id, tag_configuration_text(scope, &configuration)));
    return AUDIT(
        scope, "tag.draft", object_of(scope, sender),
        {"rules",
         number_text(scope, configuration.rules ? (int64_t)configuration.rules->count : 0)});
}

// The number of the texts: that of the first version which had the very same ones.
static code find_text_version(struct scope *scope, int64_t sender_id, struct text hash,
                              int64_t version, int64_t *ret_text_version) {
    return ledger_int64(scope, sql_tag_version_of_text,
                        BINDS(BIND_INT64(sender_id), BIND_TEXT(hash)), version, ret_text_version);
}

// What is published now is read as if it were new: a draft may be older than the rules for one.
static code add_version(struct scope *scope, const struct sender *sender, struct text text,
                        struct text note, int64_t restored, int64_t *ret_version) {
    struct tag_configuration configuration;
    struct tag_version last;
    int64_t text_version;
    struct json *json;
    struct text hash;

    TRY(json_parse_own(scope, text, &json));
    TRY(tag_configuration_read(scope, json, &configuration));
    text = tag_configuration_text(scope, &configuration);
    TRY(tag_version_find(scope, sender->id, 0, &last));
    if (last.version > 0 && text_equal(last.configuration, text))
        return scope_fail(scope, CONFLICT, "version %" PRId64 " is the same and is in force",
                          last.version);
    hash = tag_configuration_text_hash(scope, &configuration);
    TRY(find_text_version(scope, sender->id, hash, last.version + 1, &text_version));
    TRY(ledger_exec(scope, sql_tag_version_insert,
                    BINDS(BIND_INT64(sender->id), BIND_INT64(last.version + 1),
                          BIND_INT64(text_version), BIND_TEXT(hash),
                          BIND_STRING(tag_mode_names[configuration.mode]), BIND_TEXT(text),
                          BIND_TEXT(note), BIND_INT64_IF(restored > 0, restored),
                          BIND_INT64(scope->now_us), BIND_STRING(scope->actor.name))));
    TRY(write_draft(scope, sender->id, text));
    *ret_version = last.version + 1;
    return OK;
}

code tag_publish(struct scope *scope, const struct sender *sender, struct text note,
                 int64_t *ret_version) {
    struct text draft;
    int64_t version;

    if (note.size > NOTE_BYTES || !text_is_utf8(note))
        return scope_fail_field(scope, INVALID, "note", "a note has at most %d bytes", NOTE_BYTES);
    TRY(tag_draft(scope, sender->id, &draft));
    TRY(add_version(scope, sender, draft, note, 0, &version));
    TRY(AUDIT(scope, "tag.publish", object_of(scope, sender),
              {"version", number_text(scope, version)}));
    *ret_version = version;
    return OK;
}

code tag_restore(struct scope *scope, const struct sender *sender, int64_t version,
                 int64_t *ret_version) {
    struct tag_version old;
    int64_t made;

    if (version < 1)
        return scope_fail_field(scope, INVALID, "version", "versions begin with 1");
    TRY(tag_version_find(scope, sender->id, version, &old));
    TRY(add_version(scope, sender, old.configuration, TEXT(""), version, &made));
    TRY(AUDIT(scope, "tag.restore", object_of(scope, sender), {"version", number_text(scope, made)},
              {"of", number_text(scope, version)}));
    *ret_version = made;
    return OK;
}
