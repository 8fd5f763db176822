// SPDX-License-Identifier: Apache-2.0
#include "govern/access/invitation.h"

#include "account_sql.h"
#include "govern/access/secret.h"
#include "govern/audit/audit.h"
#include "invitation_sql.h"
#include "store/ledger.h"
#include "store/store.h"

#define INVITATION_US (INT64_C(3) * 86400 * 1000000)

code invitation_make(struct scope *scope, const struct account *account, struct text *ret_link) {
    const struct text token = secret_make(&scope->arena, "");
    const struct text base = config_base_url(&scope->arena, store_config(session_store(scope)));

    if (account->state == ACCOUNT_DISABLED) {
        scope_fail(scope, CONFLICT, "account \"%.*s\" is disabled", TEXT_ARG(account->name));
        return scope_hint(scope, "enable it first");
    }
    TRY(ledger_exec(scope, sql_invitation_put,
                    BINDS(BIND_INT64(account->id), BIND_TEXT(secret_hash(&scope->arena, token)),
                          BIND_INT64(scope->now_us + INVITATION_US), BIND_INT64(scope->now_us))));
    TRY(AUDIT(scope, "account.invite", account_object(&scope->arena, account->name)));
    // Behind "#" it never leaves the browser: no log of a server or proxy sees it.
    *ret_link = text_printf(&scope->arena, "%.*s/welcome#%.*s", TEXT_ARG(base), TEXT_ARG(token));
    return OK;
}

code invitation_withdraw(struct scope *scope, int64_t account_id) {
    return ledger_exec(scope, sql_invitation_delete, BINDS(BIND_INT64(account_id)));
}

code invitation_find(struct scope *scope, struct text token, struct account *ret_account) {
    int64_t account_id;

    TRY(ledger_int64(scope, sql_invitation_find,
                     BINDS(BIND_TEXT(secret_hash(&scope->arena, token)), BIND_INT64(scope->now_us)),
                     0, &account_id));
    if (account_id != 0)
        return account_find(scope, account_id, ret_account);
    scope_fail_field(scope, NOT_FOUND, "token", "this link was used already, or is too old");
    return scope_hint(scope, "ask an administrator for a new one");
}

code invitation_accept(struct scope *scope, struct text token, struct text hash,
                       struct account *ret_account) {
    struct account account = {0};

    TRY(invitation_find(scope, token, &account));
    TRY(account_set_password(scope, &account, hash, 0));
    account.password_hash = hash;
    account.state = ACCOUNT_ACTIVE;
    *ret_account = account;
    return OK;
}

// ---- the first administrator ----

static code first_account(struct scope *scope, struct account *ret_account) {
    int64_t id = 0;

    TRY(ledger_int64(scope, sql_account_first_invited, NO_BINDS, 0, &id));
    if (id == 0)
        TRY(account_create(scope, TEXT("admin"), TEXT("Administrator"), ROLE_ADMINISTRATOR, &id));
    return account_find(scope, id, ret_account);
}

static code make_first_link(struct scope *scope, struct text *ret_link) {
    struct account account = {0};
    bool none = false;

    TRY(account_none_is_active(scope, &none));
    if (!none)
        return OK;
    TRY(first_account(scope, &account));
    return invitation_make(scope, &account, ret_link);
}

code access_first_link(struct scope *scope, struct text *ret_link) {
    struct text link = TEXT("");

    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, make_first_link(scope, &link)));
    *ret_link = link;
    return OK;
}
