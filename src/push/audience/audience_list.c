// SPDX-License-Identifier: Apache-2.0
// libsodium's secretbox under a key of its own, derived from the secret of consents: that secret is
// unsealed once for many lines. Nonce, then the box, as base64.
#include "push/audience/audience_list.h"

#include "audience_sql.h"
#include "base/base64.h"
#include "govern/audit/audit.h"
#include "govern/consent/secret.h"
#include "store/ledger.h"
#include "store/unit.h"

#include <assert.h>
#include <inttypes.h>
#include <sodium.h>

enum {
    NONCE_BYTES = crypto_secretbox_NONCEBYTES,
    OVERHEAD_BYTES = NONCE_BYTES + crypto_secretbox_MACBYTES,
};
static_assert((int)CONSENT_KEY_BYTES == (int)crypto_secretbox_KEYBYTES, "a key of the box");

static struct text encrypted(struct arena *arena, const struct consent_secret *secret,
                             struct text line) {
    const size_t size = OVERHEAD_BYTES + line.size;
    unsigned char *box = arena_array(arena, size, 1);

    randombytes_buf(box, NONCE_BYTES);
    crypto_secretbox_easy(box + NONCE_BYTES, (const unsigned char *)line.data, line.size, box,
                          secret->handed_over);
    return base64_encode(arena, (struct text){(char *)box, size}, BASE64_STANDARD);
}

static code decrypt(struct scope *scope, const struct consent_secret *secret, struct text kept,
                    struct text *ret_line) {
    unsigned char *line = arena_array(&scope->arena, kept.size + 1, 1);
    struct text box;

    if (!base64_decode(&scope->arena, kept, BASE64_STANDARD, &box) || box.size < OVERHEAD_BYTES ||
        crypto_secretbox_open_easy(line, (const unsigned char *)box.data + NONCE_BYTES,
                                   box.size - NONCE_BYTES, (const unsigned char *)box.data,
                                   secret->handed_over) != 0)
        return scope_fail(scope, CONFLICT,
                          "a list of an ad platform was kept with another key than the store's");
    *ret_line = (struct text){(char *)line, box.size - OVERHEAD_BYTES};
    return OK;
}

// ---- changes ----

struct work {
    const struct audience_change *change;
    const struct consent_secret *secret;
    const struct audience_member *members;
    const int64_t *customers;
    size_t count;
};

static code record(struct scope *scope, const struct work *work, const char *action) {
    const struct text path = text_of(work->change->path);
    size_t name = path.size;

    while (name > 0 && path.data[name - 1] != '/')
        name--;
    return AUDIT(scope, action,
                 text_printf(&scope->arena, "campaign %.*s", TEXT_ARG(work->change->campaign)),
                 {"file", (struct text){path.data + name, path.size - name}},
                 {"people", text_printf(&scope->arena, "%zu", work->count)});
}

static code add_all(struct scope *scope, const struct work *work) {
    for (size_t i = 0; i < work->count; i++) {
        const struct arena_mark mark = arena_mark(&scope->arena);
        const struct audience_member *member = &work->members[i];

        TRY(ledger_exec(scope, sql_audience_member_put,
                        BINDS(BIND_INT64(work->change->campaign_id), BIND_INT64(member->customer),
                              BIND_INT64(member->platform),
                              BIND_TEXT(encrypted(&scope->arena, work->secret, member->line)))));
        arena_rewind(&scope->arena, mark);
    }
    return record(scope, work, "audience.add");
}

static code add(struct scope *scope, void *argument) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, add_all(scope, argument));
}

code audience_list_add(struct scope *scope, const struct audience_change *change,
                       const struct audience_member *members, size_t count) {
    CLEANUP(consent_secret_clear) struct consent_secret secret = {0};
    struct work work = {.change = change, .secret = &secret, .members = members, .count = count};

    if (count == 0)
        return OK;
    TRY(consent_secret_load(scope, &secret));
    return unit_run(scope, add, &work);
}

static code remove_all(struct scope *scope, const struct work *work) {
    for (size_t i = 0; i < work->count; i++)
        TRY(ledger_exec(
            scope, sql_audience_member_delete,
            BINDS(BIND_INT64(work->change->campaign_id), BIND_INT64(work->customers[i]))));
    return record(scope, work, "audience.remove");
}

static code take_off(struct scope *scope, void *argument) {
    TRY(ledger_begin(scope));
    return ledger_end(scope, remove_all(scope, argument));
}

code audience_list_remove(struct scope *scope, const struct audience_change *change,
                          const int64_t *customers, size_t count) {
    struct work work = {.change = change, .customers = customers, .count = count};

    return count == 0 ? OK : unit_run(scope, take_off, &work);
}

code audience_list_forget(struct scope *scope, int64_t campaign_id) {
    return ledger_exec(scope, sql_audience_forget, BINDS(BIND_INT64(campaign_id)));
}

// ---- reading ----

static code read_rows(struct scope *scope, int64_t campaign_id, int64_t after, size_t limit,
                      struct audience_member *members, size_t *ret_count) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t count = 0;

    TRY(ledger_query(scope, sql_audience_members,
                     BINDS(BIND_INT64(campaign_id), BIND_INT64(after), BIND_INT64((int64_t)limit)),
                     &rows));
    while (count < limit && rows_next(rows)) {
        const int64_t platform = rows_int64(rows, 1);

        if (platform < 0 || platform >= AUDIENCE_PLATFORM_COUNT)
            return scope_fail(scope, INTERNAL, "there is no ad platform %" PRId64, platform);
        members[count++] = (struct audience_member){
            .customer = rows_int64(rows, 0),
            .platform = (enum audience_platform)platform,
            .line = text_copy(&scope->arena, rows_text(rows, 2)),
        };
    }
    *ret_count = count;
    return rows_end(rows);
}

code audience_list_read(struct scope *scope, int64_t campaign_id, int64_t after, size_t limit,
                        struct audience_member *ret_members, size_t *ret_count) {
    CLEANUP(consent_secret_clear) struct consent_secret secret = {0};
    size_t count = 0;

    TRY(read_rows(scope, campaign_id, after, limit, ret_members, &count));
    if (count > 0)
        TRY(consent_secret_load(scope, &secret));
    for (size_t i = 0; i < count; i++)
        TRY(decrypt(scope, &secret, ret_members[i].line, &ret_members[i].line));
    *ret_count = count;
    return OK;
}
