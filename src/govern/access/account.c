// SPDX-License-Identifier: Apache-2.0
#include "govern/access/account.h"

#include "account_sql.h"
#include "base/fold.h"
#include "base/limits.h"
#include "govern/access/access_session.h"
#include "govern/access/invitation.h"
#include "govern/audit/audit.h"
#include "store/ledger.h"
#include "store/store.h"

#include <inttypes.h>

enum { NAME_LONGEST = 40 };

const char *const account_state_names[] = {
    [ACCOUNT_INVITED] = "invited",
    [ACCOUNT_ACTIVE] = "active",
    [ACCOUNT_DISABLED] = "disabled",
    [ACCOUNT_STATE_COUNT] = NULL,
};

struct text account_object(struct arena *arena, struct text name) {
    return text_printf(arena, "account %.*s", TEXT_ARG(name));
}

// ---- names ----

static bool is_name(struct text name) {
    bool has_letter = false;

    for (size_t i = 0; i < name.size; i++) {
        const char byte = name.data[i];
        const bool is_letter = byte >= 'a' && byte <= 'z';

        has_letter = has_letter || is_letter;
        if (!is_letter && !(byte >= '0' && byte <= '9') && byte != '.' && byte != '_' &&
            byte != '-')
            return false;
    }
    return has_letter && name.size <= NAME_LONGEST;
}

// The name stands in the audit log, so an e-mail address is none.
code account_fold_name(struct scope *scope, struct text name, struct text *ret_name) {
    const struct text trimmed = text_trim(name);
    const struct text folded = trimmed.size <= LIMIT_NAME_BYTES
                                   ? text_fold(&scope->arena, trimmed)
                                   : (struct text){.data = "", .size = 0};

    if (!is_name(folded)) {
        scope_fail_field(scope, INVALID, "name", "this cannot be the name of an account");
        return scope_hint(scope,
                          "up to %d letters, digits, dots, hyphens and underscores, with a letter "
                          "among them: ann.smith",
                          NAME_LONGEST);
    }
    *ret_name = folded;
    return OK;
}

// ---- finding ----

static code read_account(struct scope *scope, struct rows *rows, struct account *ret_account) {
    struct account account = {
        .id = rows_int64(rows, 0),
        .name = text_copy(&scope->arena, rows_text(rows, 1)),
        .display_name = text_copy(&scope->arena, rows_text(rows, 2)),
        .password_hash = text_copy(&scope->arena, rows_text(rows, 5)),
        .factor_secret = text_copy(&scope->arena, rows_text(rows, 6)),
        .factor_confirmed_at_us = rows_int64(rows, 7),
        .factor_step = rows_int64(rows, 8),
        .created_at_us = rows_int64(rows, 9),
        .signed_in_at_us = rows_int64(rows, 10),
    };

    if (!role_parse(rows_text(rows, 3), &account.role))
        return scope_fail(scope, INTERNAL, "account %" PRId64 " has an unknown role", account.id);
    while (!text_is(rows_text(rows, 4), account_state_names[account.state]))
        if (++account.state == ACCOUNT_STATE_COUNT)
            return scope_fail(scope, INTERNAL, "account %" PRId64 " has an unknown state",
                              account.id);
    *ret_account = account;
    return OK;
}

static code find(struct scope *scope, int64_t id, struct text name, struct account *ret_account,
                 bool *ret_found) {
    CLEANUP(rows_close) struct rows *rows = NULL;

    TRY(ledger_find(scope, sql_account_find, BINDS(BIND_INT64(id), BIND_TEXT(name)), &rows,
                    ret_found));
    return *ret_found ? read_account(scope, rows, ret_account) : OK;
}

code account_find_named(struct scope *scope, struct text folded_name, struct account *ret_account,
                        bool *ret_found) {
    return find(scope, 0, folded_name, ret_account, ret_found);
}

code account_find(struct scope *scope, int64_t id, struct account *ret_account) {
    bool found = false;

    TRY(find(scope, id, TEXT(""), ret_account, &found));
    if (!found)
        return scope_fail(scope, NOT_FOUND, "account %" PRId64 " does not exist", id);
    return OK;
}

code account_look_up(struct scope *scope, struct text name_or_id, struct account *ret_account) {
    struct text name = {0};
    bool found = false;
    int64_t id = 0;

    if (text_to_int64(name_or_id, &id))
        return account_find(scope, id, ret_account);
    TRY(account_fold_name(scope, name_or_id, &name));
    TRY(account_find_named(scope, name, ret_account, &found));
    if (found)
        return OK;
    scope_fail(scope, NOT_FOUND, "account \"%.*s\" does not exist", TEXT_ARG(name));
    return scope_hint(scope, "`tessera account list` shows those there are");
}

code account_none_is_active(struct scope *scope, bool *ret_none) {
    int64_t count;

    TRY(ledger_int64(scope, sql_account_active_count, NO_BINDS, 0, &count));
    *ret_none = count == 0;
    return OK;
}

// ---- changing ----

static code check_display_name(struct scope *scope, struct text display_name) {
    if (text_trim(display_name).size > 0 && display_name.size <= LIMIT_NAME_BYTES &&
        text_is_utf8(display_name))
        return OK;
    return scope_fail_field(scope, INVALID, "display_name",
                            "a displayed name has 1 to %d bytes of text", LIMIT_NAME_BYTES);
}

code account_create(struct scope *scope, struct text name, struct text display_name, enum role role,
                    int64_t *ret_id) {
    const int64_t id = store_new_id(scope);
    int64_t created = 0;

    if (display_name.size == 0)
        display_name = text_trim(name);
    TRY(account_fold_name(scope, name, &name));
    TRY(check_display_name(scope, display_name));
    TRY(ledger_change(scope, sql_account_insert,
                      BINDS(BIND_INT64(id), BIND_TEXT(name), BIND_TEXT(display_name),
                            BIND_STRING(role_names[role]), BIND_INT64(scope->now_us),
                            BIND_STRING(scope->actor.name)),
                      &created));
    if (created == 0)
        return scope_fail_field(scope, CONFLICT, "name", "account \"%.*s\" exists already",
                                TEXT_ARG(name));
    *ret_id = id;
    return AUDIT(scope, "account.create", account_object(&scope->arena, name),
                 {"role", text_of(role_names[role])});
}

static code check_somebody_is_left(struct scope *scope, const struct account *account) {
    int64_t others;

    TRY(ledger_int64(scope, sql_account_others_active,
                     BINDS(BIND_INT64(account->id), BIND_STRING(role_names[ROLE_ADMINISTRATOR])), 0,
                     &others));
    if (others > 0)
        return OK;
    scope_fail(scope, CONFLICT, "account \"%.*s\" is the last active administrator",
               TEXT_ARG(account->name));
    return scope_hint(scope, "make somebody else an administrator first");
}

// Who has no password yet becomes active by setting one.
static enum account_state wanted_state(const struct account *account,
                                       const struct account_change *change) {
    if (change->state < 0)
        return account->state;
    if (change->state == ACCOUNT_ACTIVE && account->password_hash.size == 0)
        return ACCOUNT_INVITED;
    return (enum account_state)change->state;
}

static code record_change(struct scope *scope, const struct account *account,
                          const struct account *after) {
    const struct text object = account_object(&scope->arena, account->name);

    if (after->role != account->role)
        TRY(AUDIT(scope, "account.role", object, {"from", text_of(role_names[account->role])},
                  {"to", text_of(role_names[after->role])}));
    if (after->state != account->state)
        TRY(AUDIT(scope, "account.state", object,
                  {"from", text_of(account_state_names[account->state])},
                  {"to", text_of(account_state_names[after->state])}));
    if (!text_equal(after->display_name, account->display_name))
        TRY(AUDIT(scope, "account.rename", object));
    return OK;
}

code account_change(struct scope *scope, const struct account *account,
                    const struct account_change *change) {
    struct account after = *account;

    after.role = change->role < 0 ? account->role : (enum role)change->role;
    after.state = wanted_state(account, change);
    if (change->display_name.data)
        after.display_name = change->display_name;
    TRY(check_display_name(scope, after.display_name));
    if (account->role == ROLE_ADMINISTRATOR && account->state == ACCOUNT_ACTIVE &&
        (after.role != ROLE_ADMINISTRATOR || after.state != ACCOUNT_ACTIVE))
        TRY(check_somebody_is_left(scope, account));
    TRY(ledger_exec(scope, sql_account_update,
                    BINDS(BIND_INT64(account->id), BIND_STRING(role_names[after.role]),
                          BIND_STRING(account_state_names[after.state]),
                          BIND_TEXT(after.display_name))));
    if (after.role != account->role || after.state != account->state)
        TRY(access_session_end_all(scope, account->id, 0));
    if (after.state == ACCOUNT_DISABLED)
        TRY(invitation_withdraw(scope, account->id));
    return record_change(scope, account, &after);
}

code account_set_password(struct scope *scope, const struct account *account, struct text hash,
                          int64_t kept_session_id) {
    TRY(ledger_exec(scope, sql_account_password, BINDS(BIND_INT64(account->id), BIND_TEXT(hash))));
    TRY(access_session_end_all(scope, account->id, kept_session_id));
    TRY(invitation_withdraw(scope, account->id));
    return AUDIT(scope, "account.password", account_object(&scope->arena, account->name));
}
