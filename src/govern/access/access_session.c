// SPDX-License-Identifier: Apache-2.0
#include "govern/access/access_session.h"

#include "access_session_sql.h"
#include "govern/access/secret.h"
#include "store/ledger.h"
#include "store/store.h"

#include <inttypes.h>

#define TOUCH_EVERY_US (INT64_C(60) * 1000000)
enum { PLACE_LONGEST = 200 };

static struct text shortened(struct text text) {
    return (struct text){text.data, text.size < PLACE_LONGEST ? text.size : PLACE_LONGEST};
}

code access_session_expire(struct scope *scope) {
    return ledger_exec(scope, sql_access_session_expire,
                       BINDS(BIND_INT64(scope->now_us - SESSION_IDLE_US),
                             BIND_INT64(scope->now_us - SESSION_ABSOLUTE_US)));
}

code access_session_start(struct scope *scope, int64_t account_id, const struct access_place *place,
                          struct text *ret_token) {
    const struct text token = secret_make(&scope->arena, "");

    TRY(access_session_expire(scope));
    TRY(ledger_exec(scope, sql_access_session_insert,
                    BINDS(BIND_INT64(store_new_id(scope)),
                          BIND_TEXT(secret_hash(&scope->arena, token)), BIND_INT64(account_id),
                          BIND_INT64(scope->now_us), BIND_TEXT(shortened(place->address)),
                          BIND_TEXT(shortened(place->user_agent)))));
    *ret_token = token;
    return OK;
}

static code find(struct scope *scope, struct text token, struct access_session *session,
                 int64_t *ret_account_id) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_access_session_find,
                    BINDS(BIND_TEXT(secret_hash(&scope->arena, token)),
                          BIND_INT64(scope->now_us - SESSION_IDLE_US),
                          BIND_INT64(scope->now_us - SESSION_ABSOLUTE_US)),
                    &rows, &found));
    *ret_account_id = 0;
    if (!found)
        return OK;
    session->id = rows_int64(rows, 0);
    *ret_account_id = rows_int64(rows, 1);
    session->seen_at_us = rows_int64(rows, 2);
    return OK;
}

code access_session_find(struct scope *scope, struct text token, struct access_session *ret_session,
                         bool *ret_found) {
    struct access_session session = {0};
    int64_t account_id;

    TRY(find(scope, token, &session, &account_id));
    *ret_found = false;
    if (account_id == 0)
        return OK;
    TRY(account_find(scope, account_id, &session.account));
    *ret_found = session.account.state == ACCOUNT_ACTIVE;
    *ret_session = session;
    return OK;
}

// A request that reads shall not fail for a note that can be made a minute later.
void access_session_touch(struct scope *scope, const struct access_session *session) {
    if (scope->now_us - session->seen_at_us < TOUCH_EVERY_US)
        return;
    if (ledger_exec(scope, sql_access_session_touch,
                    BINDS(BIND_INT64(session->id), BIND_INT64(scope->now_us))) != OK)
        scope_forgive(scope);
}

code access_session_end(struct scope *scope, int64_t account_id, int64_t id) {
    int64_t count;

    TRY(ledger_change(scope, sql_access_session_delete,
                      BINDS(BIND_INT64(account_id), BIND_INT64(id)), &count));
    if (count == 0)
        return scope_fail(scope, NOT_FOUND, "session %" PRId64 " does not exist", id);
    return OK;
}

code access_session_end_all(struct scope *scope, int64_t account_id, int64_t kept_id) {
    return ledger_exec(scope, sql_access_session_delete_all,
                       BINDS(BIND_INT64(account_id), BIND_INT64(kept_id)));
}

struct text access_session_csrf(struct arena *arena, struct text token) {
    return secret_hash(arena, text_printf(arena, "csrf %.*s", TEXT_ARG(token)));
}
