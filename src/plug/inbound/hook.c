// SPDX-License-Identifier: Apache-2.0
// A message is remembered in the transaction that takes it: a crash leaves either both or nothing,
// so a sender who was not answered sends again and it is taken once.
#include "plug/inbound/hook.h"

#include "base/base64.h"
#include "base/time.h"
#include "govern/access/seal.h"
#include "govern/audit/audit.h"
#include "hook_sql.h"
#include "plug/sender/sender.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <inttypes.h>
#include <sodium.h>

enum {
    HANDLE_BYTES = 24,       // 192 random bits
    MOST_KEPT_S = 7 * 86400, // of an old secret
};

static struct text object_of(struct scope *scope, struct text name) {
    return text_printf(&scope->arena, "webhook %.*s", TEXT_ARG(name));
}

static struct text make_handle(struct arena *arena) {
    unsigned char bytes[HANDLE_BYTES];

    randombytes_buf(bytes, sizeof(bytes));
    return base64_encode(arena, (struct text){(const char *)bytes, sizeof(bytes)}, BASE64_URL);
}

// The given secret, or one of ours.
static code choose_secret(struct scope *scope, enum signature_scheme scheme, struct text given,
                          struct text *ret_secret, struct text *ret_sealed) {
    const struct text secret = given.size > 0 ? given : signature_secret_make(&scope->arena);

    TRY(signature_secret_check(scope, scheme, secret));
    TRY(seal(scope, secret, ret_sealed));
    *ret_secret = secret;
    return OK;
}

// ---- making and changing ----

code hook_add(struct scope *scope, const struct hook_choices *choices, struct hook *ret_hook,
              struct text *ret_secret) {
    const struct sender sender = {.name = choices->name, .type = SENDER_WEBHOOK};
    const struct text handle = make_handle(&scope->arena);
    struct text key, secret, sealed;
    struct mapping mapping;
    int64_t id;

    TRY(inbound_mapping(scope, choices->name, &choices->mapping, &mapping));
    TRY(choose_secret(scope, choices->scheme, choices->secret, &secret, &sealed));
    // Its write key is told to nobody: what comes to a webhook is signed.
    TRY(sender_add(scope, &sender, &id, &key));
    TRY(inbound_open(scope, id, choices->name, &mapping));
    TRY(ledger_exec(scope, sql_hook_insert,
                    BINDS(BIND_INT64(id), BIND_TEXT(handle),
                          BIND_STRING(signature_scheme_names[choices->scheme]),
                          BIND_TEXT(sealed))));
    TRY(AUDIT(scope, "webhook.create", object_of(scope, choices->name),
              {"scheme", text_of(signature_scheme_names[choices->scheme])}));
    *ret_hook = (struct hook){.id = id,
                              .name = choices->name,
                              .handle = handle,
                              .scheme = choices->scheme,
                              .mapping = mapping_text(scope, &mapping),
                              .is_enabled = true};
    *ret_secret = secret;
    return OK;
}

code hook_rotate(struct scope *scope, struct text name_or_id, struct text secret, int64_t keep_s,
                 struct text *ret_secret) {
    struct hook hook;
    struct text chosen, sealed;

    if (keep_s < 0 || keep_s > MOST_KEPT_S)
        return scope_fail_field(scope, INVALID, "keep_s", "%" PRId64 " is not from 0 to %d seconds",
                                keep_s, MOST_KEPT_S);
    TRY(hook_find(scope, name_or_id, &hook));
    TRY(choose_secret(scope, hook.scheme, secret, &chosen, &sealed));
    TRY(ledger_exec(scope, sql_hook_new_secret,
                    BINDS(BIND_INT64(hook.id), BIND_TEXT(sealed),
                          BIND_INT64(scope->now_us + keep_s * US_PER_SECOND))));
    TRY(AUDIT(scope, "webhook.rotate_secret", object_of(scope, hook.name),
              {"old_secret_kept_s", text_printf(&scope->arena, "%" PRId64, keep_s)}));
    *ret_secret = chosen;
    return OK;
}

code hook_remap(struct scope *scope, struct text name_or_id, const struct mapping *mapping) {
    struct mapping complete;
    struct hook hook;

    TRY(hook_find(scope, name_or_id, &hook));
    TRY(inbound_mapping(scope, hook.name, mapping, &complete));
    TRY(inbound_remap(scope, hook.id, &complete));
    return audit_append(scope, "webhook.change", object_of(scope, hook.name), TEXT("{}"));
}

// ---- finding ----

static bool scheme_of(struct text name, enum signature_scheme *ret_scheme) {
    for (int scheme = 0; scheme < SIGNATURE_SCHEME_COUNT; scheme++)
        if (text_is(name, signature_scheme_names[scheme])) {
            *ret_scheme = (enum signature_scheme)scheme;
            return true;
        }
    return false;
}

code hook_find(struct scope *scope, struct text name_or_id, struct hook *ret_hook) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t id = 0;
    bool is_id, found;

    is_id = text_to_int64(name_or_id, &id);
    TRY(ledger_find(scope, sql_hook_find,
                    BINDS(BIND_INT64(id), BIND_TEXT(is_id ? TEXT("") : name_or_id)), &rows,
                    &found));
    if (!found) {
        scope_fail(scope, NOT_FOUND, "webhook \"%.*s\" does not exist", TEXT_ARG(name_or_id));
        return scope_hint(scope, "`tessera hook list` shows those there are");
    }
    *ret_hook = (struct hook){.id = rows_int64(rows, 0),
                              .name = text_copy(&scope->arena, rows_text(rows, 1)),
                              .handle = text_copy(&scope->arena, rows_text(rows, 2)),
                              .mapping = text_copy(&scope->arena, rows_text(rows, 4)),
                              .is_enabled = rows_int64(rows, 5) != 0,
                              .old_secret_until_us = rows_int64(rows, 6)};
    return scheme_of(rows_text(rows, 3), &ret_hook->scheme)
               ? OK
               : scope_fail(scope, INTERNAL, "webhook %" PRId64 " has an unknown scheme", id);
}

// ---- receiving ----

static code check(struct scope *scope, const struct rows *rows,
                  const struct signed_message *message, struct text *ret_key) {
    const bool has_old = !rows_is_null(rows, 4) && scope->now_us < rows_int64(rows, 5);
    enum signature_scheme scheme = SIGNATURE_STANDARD;
    struct text secrets[2];

    if (!scheme_of(rows_text(rows, 2), &scheme))
        return scope_fail(scope, INTERNAL, "the webhook has an unknown scheme");
    TRY(unseal(scope, rows_text(rows, 3), &secrets[0]));
    if (has_old)
        TRY(unseal(scope, rows_text(rows, 4), &secrets[1]));
    return signature_check(scope, scheme, message, secrets, has_old ? 2 : 1, ret_key);
}

// Providers try again for days, each time signed anew: the id must be known for as long. That is
// longer than a signature is good for, so what is forgotten is too old to be taken.
static code forget_old(struct scope *scope, int64_t sender_id) {
    struct settings settings;
    int64_t days;

    TRY(settings_load(scope, &settings));
    if (!text_to_int64(settings.webhook_memory_days, &days))
        return scope_fail(scope, INTERNAL, "the setting webhook_memory_days is no number");
    return ledger_exec(scope, sql_hook_forget,
                       BINDS(BIND_INT64(sender_id), BIND_INT64(scope->now_us - days * US_PER_DAY)));
}

static code take_once(struct scope *scope, int64_t sender_id, struct text key, struct text body,
                      struct hook_receipt *ret_receipt) {
    const struct inbound_message message = {.sender_id = sender_id, .body = body, .id = key};
    struct hook_receipt receipt = {0};
    int64_t is_new;

    TRY(ledger_int64(scope, sql_hook_remember,
                     BINDS(BIND_INT64(sender_id), BIND_TEXT(key), BIND_INT64(scope->now_us)), 0,
                     &is_new));
    receipt.was_taken_before = !is_new;
    if (is_new) {
        TRY(forget_old(scope, sender_id));
        TRY(inbound_take(scope, &message, &receipt.tally));
    } else {
        TRY(sender_count(scope, sender_id,
                         &(struct sender_figures){.duplicate = 1,
                                                  .bytes = (int64_t)body.size,
                                                  .last_at_us = scope->now_us}));
    }
    *ret_receipt = receipt;
    return OK;
}

code hook_receive(struct scope *scope, struct text handle, const struct signed_message *message,
                  struct hook_receipt *ret_receipt) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text key;
    int64_t sender_id;
    bool found;

    TRY(ledger_find(scope, sql_hook_of_handle, BINDS(BIND_TEXT(handle)), &rows, &found));
    if (!found || rows_int64(rows, 1) == 0)
        return scope_fail(scope, NOT_FOUND, "there is no webhook at this address");
    sender_id = rows_int64(rows, 0);
    TRY(check(scope, rows, message, &key));
    rows_close(&rows);
    TRY(ledger_begin(scope));
    return ledger_end(scope, take_once(scope, sender_id, key, message->body, ret_receipt));
}
