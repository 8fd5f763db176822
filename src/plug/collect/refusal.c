// SPDX-License-Identifier: Apache-2.0
#include "plug/collect/refusal.h"

#include "refusal_sql.h"
#include "store/ledger.h"

enum { MOST_PURPOSES = 64 }; // of a device, the newest

// ---- the device ----

static const struct sighted *device_of(const struct message *message) {
    for (size_t i = 0; i < message->identifier_count; i++)
        if (message->identifiers[i].kind == IDENTIFIER_COOKIE)
            return &message->identifiers[i];
    return NULL;
}

static code find_device(struct scope *scope, const struct sighted *device, int64_t *ret_id,
                        int64_t *ret_origin) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_refusal_device,
                    BINDS(BIND_INT64(device->kind), BIND_TEXT(device->value)), &rows, &found));
    *ret_id = found ? rows_int64(rows, 0) : 0;
    *ret_origin = found ? rows_int64(rows, 1) : 0;
    return OK;
}

// ---- its answers ----

struct answers {
    struct text purposes[MOST_PURPOSES];
    size_t count;
    bool is_own_refused, has_own; // of the message's purpose
    bool has_granted;
};

static bool is_older(const struct answers *answers, struct text purpose) {
    for (size_t i = 0; i < answers->count; i++)
        if (text_equal(answers->purposes[i], purpose))
            return true;
    return false;
}

static void take_answer(struct scope *scope, struct answers *answers, const struct message *message,
                        struct text purpose, bool is_granted) {
    if (answers->count == MOST_PURPOSES || is_older(answers, purpose))
        return;
    answers->purposes[answers->count++] = text_copy(&scope->arena, purpose);
    answers->has_granted |= is_granted;
    if (message->purpose.size > 0 && text_equal(purpose, message->purpose)) {
        answers->has_own = true;
        answers->is_own_refused = !is_granted;
    }
}

code refusal_find(struct scope *scope, const struct delivery *delivery,
                  const struct message *message, bool *ret_is_refused) {
    const struct sighted *device = device_of(message);
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct answers answers = {0};
    int64_t id = 0, origin;

    if (device && !message->is_choice)
        TRY(find_device(scope, device, &id, &origin));
    *ret_is_refused = false;
    if (id == 0)
        return OK;
    TRY(ledger_query(scope, sql_refusal_answers,
                     BINDS(BIND_INT64(origin), BIND_INT64(id), BIND_TEXT(delivery->sender_name)),
                     &rows));
    while (rows_next(rows))
        take_answer(scope, &answers, message, rows_text(rows, 0),
                    text_is(rows_text(rows, 1), "granted"));
    TRY(rows_end(rows));
    *ret_is_refused =
        answers.has_own ? answers.is_own_refused : answers.count > 0 && !answers.has_granted;
    return OK;
}
