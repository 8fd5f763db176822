// SPDX-License-Identifier: Apache-2.0
#include "govern/consent/suppression.h"

#include "store/ledger.h"
#include "suppression_sql.h"

#include <sodium.h>

enum { DIGEST_SIZE = 2 * crypto_auth_hmacsha256_BYTES + 1 };

const char *const suppression_reason_names[] = {"",       "unsubscribed", "bounced", "complained",
                                                "erased", "imported",     NULL};

bool suppression_reason_parse(struct text name, enum suppression_reason *ret_reason) {
    for (int i = 1; suppression_reason_names[i]; i++)
        if (text_is(name, suppression_reason_names[i])) {
            *ret_reason = (enum suppression_reason)i;
            return true;
        }
    return false;
}

bool suppression_is_total(enum suppression_reason reason) {
    return reason == SUPPRESSION_BOUNCED || reason == SUPPRESSION_ERASED;
}

// The channel stands before the address: the same one has nothing in common in two channels.
static void digest_of(const struct consent_secret *secret, const struct consent_channel *channel,
                      struct text address, char digest[DIGEST_SIZE]) {
    unsigned char bytes[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, secret->suppression, CONSENT_KEY_BYTES);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)channel->name,
                                  strlen(channel->name) + 1);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)address.data, address.size);
    crypto_auth_hmacsha256_final(&state, bytes);
    sodium_bin2hex(digest, DIGEST_SIZE, bytes, sizeof(bytes));
}

static code find_channel(struct scope *scope, struct text name,
                         const struct consent_channel **ret_channel) {
    const struct consent_channel *channel = consent_channel_find(name);

    if (!channel || (channel->contact != CONTACT_EMAIL && channel->contact != CONTACT_PHONE)) {
        scope_fail_field(scope, INVALID, "channel", "\"%.*s\" is no channel with addresses",
                         TEXT_ARG(name));
        return scope_hint(scope, "email, sms or phone");
    }
    *ret_channel = channel;
    return OK;
}

static code find_identifier(struct scope *scope, const struct consent_channel *channel,
                            struct text address, int64_t *ret_id) {
    return ledger_int64(scope, sql_suppression_identifier,
                        BINDS(BIND_INT64((int64_t)channel->contact), BIND_TEXT(address)), 0,
                        ret_id);
}

// ---- putting on and taking off ----

code suppression_add_with(struct scope *scope, const struct consent_secret *secret,
                          const struct consent_channel *channel, struct text address,
                          enum suppression_reason reason, struct text source, bool *ret_added) {
    const struct text reason_name = text_of(suppression_reason_names[reason]);
    char digest[DIGEST_SIZE];
    int64_t identifier_id, count;

    digest_of(secret, channel, address, digest);
    TRY(ledger_change(scope, sql_suppression_insert,
                      BINDS(BIND_STRING(channel->name), BIND_STRING(digest), BIND_TEXT(reason_name),
                            BIND_INT64(scope->now_us), BIND_TEXT(source)),
                      &count));
    TRY(find_identifier(scope, channel, address, &identifier_id));
    if (identifier_id != 0)
        TRY(ledger_exec(
            scope, sql_suppressed_insert,
            BINDS(BIND_INT64(identifier_id), BIND_STRING(channel->name), BIND_TEXT(reason_name))));
    *ret_added = count > 0;
    return OK;
}

code suppression_add(struct scope *scope, struct text channel, struct text address,
                     enum suppression_reason reason, struct text source, bool *ret_added) {
    const struct consent_channel *found;
    CLEANUP(consent_secret_clear) struct consent_secret secret = {0};

    TRY(find_channel(scope, channel, &found));
    TRY(consent_secret_load(scope, &secret));
    return suppression_add_with(scope, &secret, found, address, reason, source, ret_added);
}

static code look_up(struct scope *scope, const struct consent_channel *channel, const char *digest,
                    bool is_marketing, enum suppression_reason *ret_reason) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    enum suppression_reason worst = SUPPRESSION_NONE;

    TRY(ledger_query(scope, sql_suppression_reasons,
                     BINDS(BIND_STRING(channel->name), BIND_STRING(digest)), &rows));
    while (rows_next(rows)) {
        enum suppression_reason reason;

        if (suppression_reason_parse(rows_text(rows, 0), &reason) &&
            (is_marketing || suppression_is_total(reason)) &&
            (worst == SUPPRESSION_NONE || reason == SUPPRESSION_ERASED || reason < worst))
            worst = worst == SUPPRESSION_ERASED ? worst : reason;
    }
    TRY(rows_end(rows));
    *ret_reason = worst;
    return OK;
}

code suppression_find_with(struct scope *scope, const struct consent_secret *secret,
                           const struct consent_channel *channel, struct text address,
                           bool is_marketing, enum suppression_reason *ret_reason) {
    char digest[DIGEST_SIZE];

    digest_of(secret, channel, address, digest);
    return look_up(scope, channel, digest, is_marketing, ret_reason);
}

code suppression_find(struct scope *scope, struct text channel, struct text address,
                      bool is_marketing, enum suppression_reason *ret_reason) {
    CLEANUP(consent_secret_clear) struct consent_secret secret = {0};
    const struct consent_channel *found;

    TRY(find_channel(scope, channel, &found));
    TRY(consent_secret_load(scope, &secret));
    return suppression_find_with(scope, &secret, found, address, is_marketing, ret_reason);
}

code suppression_lift(struct scope *scope, struct text channel, struct text address,
                      enum suppression_reason reason, int64_t *ret_count) {
    CLEANUP(consent_secret_clear) struct consent_secret secret = {0};
    const struct text name = text_of(suppression_reason_names[reason]);
    const struct consent_channel *found;
    enum suppression_reason worst;
    char digest[DIGEST_SIZE];
    int64_t identifier_id;

    TRY(find_channel(scope, channel, &found));
    TRY(consent_secret_load(scope, &secret));
    digest_of(&secret, found, address, digest);
    TRY(look_up(scope, found, digest, true, &worst));
    if (worst == SUPPRESSION_ERASED && (reason == SUPPRESSION_NONE || reason == worst))
        return scope_fail(scope, CONFLICT, "who asked to be erased stays on the list");
    TRY(ledger_change(scope, sql_suppression_delete,
                      BINDS(BIND_STRING(found->name), BIND_STRING(digest), BIND_TEXT(name)),
                      ret_count));
    TRY(find_identifier(scope, found, address, &identifier_id));
    return ledger_exec(scope, sql_suppressed_delete,
                       BINDS(BIND_INT64(identifier_id), BIND_STRING(found->name), BIND_TEXT(name)));
}

// ---- addresses that come in ----

code suppression_exists(struct scope *scope, bool *ret_exists) {
    int64_t found;

    TRY(ledger_int64(scope, sql_suppression_exists, NO_BINDS, 0, &found));
    *ret_exists = found != 0;
    return OK;
}

static code note_in(struct scope *scope, const struct consent_channel *channel, const char *digest,
                    int64_t identifier_id, bool *is_erased) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text reasons[8];
    size_t count = 0;

    TRY(ledger_query(scope, sql_suppression_reasons,
                     BINDS(BIND_STRING(channel->name), BIND_STRING(digest)), &rows));
    while (count < sizeof(reasons) / sizeof(*reasons) && rows_next(rows))
        reasons[count++] = text_copy(&scope->arena, rows_text(rows, 0));
    TRY(rows_end(rows));
    for (size_t i = 0; i < count; i++) {
        *is_erased |= text_is(reasons[i], suppression_reason_names[SUPPRESSION_ERASED]);
        TRY(ledger_exec(
            scope, sql_suppressed_insert,
            BINDS(BIND_INT64(identifier_id), BIND_STRING(channel->name), BIND_TEXT(reasons[i]))));
    }
    return OK;
}

code suppression_note(struct scope *scope, const struct consent_secret *secret, int kind,
                      int64_t identifier_id, struct text address, bool *ret_is_erased) {
    bool is_erased = false;
    char digest[DIGEST_SIZE];

    for (size_t i = 0; i < consent_channel_count; i++) {
        if ((int)consent_channels[i].contact != kind)
            continue;
        digest_of(secret, &consent_channels[i], address, digest);
        TRY(note_in(scope, &consent_channels[i], digest, identifier_id, &is_erased));
    }
    *ret_is_erased = is_erased;
    return OK;
}

code suppression_counts(struct scope *scope, struct rows **ret_rows) {
    return ledger_query(scope, sql_suppression_counts, NO_BINDS, ret_rows);
}
