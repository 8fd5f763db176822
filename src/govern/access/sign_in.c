// SPDX-License-Identifier: Apache-2.0
// Three steps: a try is taken from the throttle, the password is compared (the slow part, outside
// any transaction), and what came of it is written with its audit record. A name that does not
// exist goes the same way with an account that has no password.
#include "govern/access/sign_in.h"

#include "account_sql.h"
#include "govern/access/password.h"
#include "govern/access/second_factor.h"
#include "govern/access/secret.h"
#include "govern/access/throttle.h"
#include "govern/audit/audit.h"
#include "sign_in_sql.h"
#include "store/ledger.h"

#include <stdio.h>

#define DEVICE_US (INT64_C(180) * 86400 * 1000000)

struct attempt {
    const struct sign_in *wanted;
    struct account account; // id 0: there is none of this name
    struct text device_hash;
    struct throttle throttle;
};

// What was typed as a name may have been a password: only names that exist are recorded.
static struct text object_of(struct scope *scope, const struct attempt *attempt) {
    return attempt->account.id != 0 ? account_object(&scope->arena, attempt->account.name)
                                    : TEXT("account unknown");
}

static code record(struct scope *scope, const struct attempt *attempt, const char *action,
                   const char *why) {
    return AUDIT(scope, action, object_of(scope, attempt), {"from", attempt->wanted->place.address},
                 {"why", text_of(why)});
}

// ---- who and how often ----

static code find_account(struct scope *scope, struct attempt *attempt, struct text *ret_name) {
    struct account account = {0};
    bool found = false;

    if (account_fold_name(scope, attempt->wanted->name, ret_name) != OK) {
        scope_forgive(scope);
        *ret_name = TEXT("");
    }
    TRY(account_find_named(scope, *ret_name, &account, &found));
    if (found)
        attempt->account = account;
    return OK;
}

static code set_throttle(struct scope *scope, struct attempt *attempt, struct text name) {
    struct arena *arena = &scope->arena;
    struct throttle *throttle = &attempt->throttle;
    const struct text hash = secret_hash(arena, name);
    const struct text source = throttle_source(arena, attempt->wanted->place.address);
    int64_t is_known = 0;

    attempt->device_hash = secret_hash(arena, attempt->wanted->device);
    TRY(ledger_int64(scope, sql_sign_in_device_find,
                     BINDS(BIND_TEXT(attempt->device_hash), BIND_INT64(attempt->account.id),
                           BIND_INT64(scope->now_us - DEVICE_US)),
                     0, &is_known));
    if (is_known) {
        throttle->names[throttle->count++] =
            text_printf(arena, "device %.*s %.*s", TEXT_ARG(attempt->device_hash), TEXT_ARG(hash));
        return OK;
    }
    throttle->names[throttle->count++] = text_printf(arena, "account %.*s", TEXT_ARG(hash));
    throttle->names[throttle->count++] = text_printf(arena, "source %.*s", TEXT_ARG(source));
    return OK;
}

static code take_try(struct scope *scope, const struct attempt *attempt, int64_t *ret_wait_us) {
    bool is_news = false;

    TRY(throttle_take(scope, &attempt->throttle, ret_wait_us, &is_news));
    return is_news ? record(scope, attempt, "session.throttle", "too many tries") : OK;
}

static code check_try(struct scope *scope, const struct attempt *attempt) {
    int64_t wait_us = 0;

    TRY(throttle_look(scope, &attempt->throttle, &wait_us));
    if (wait_us == 0) {
        TRY(ledger_begin(scope));
        TRY(ledger_end(scope, take_try(scope, attempt, &wait_us)));
    }
    if (wait_us == 0)
        return OK;
    scope_fail(scope, BUSY, "there were too many tries to sign in");
    scope_hint(scope, "try again in a minute, or on a device that you have signed in with");
    return scope_retry_after(scope, wait_us);
}

// ---- what came of it ----

static code refuse(struct scope *scope, const struct attempt *attempt, const char *why) {
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, record(scope, attempt, "session.refuse", why)));
    return scope_fail(scope, UNAUTHENTICATED, "the name or the password is wrong");
}

static code keep_device(struct scope *scope, const struct account *account,
                        const struct sign_in *wanted, struct signed_in *ret) {
    struct text hash = secret_hash(&scope->arena, wanted->device);
    int64_t is_known = 0;

    TRY(ledger_exec(scope, sql_sign_in_device_expire,
                    BINDS(BIND_INT64(account->id), BIND_INT64(scope->now_us - DEVICE_US))));
    TRY(ledger_int64(scope, sql_sign_in_device_of_anybody,
                     BINDS(BIND_TEXT(hash), BIND_INT64(scope->now_us - DEVICE_US)), 0, &is_known));
    ret->device = TEXT("");
    if (!is_known) {
        ret->device = secret_make(&scope->arena, "");
        hash = secret_hash(&scope->arena, ret->device);
    }
    return ledger_exec(scope, sql_sign_in_device_put,
                       BINDS(BIND_TEXT(hash), BIND_INT64(account->id), BIND_INT64(scope->now_us)));
}

code sign_in_start(struct scope *scope, const struct account *account, const struct sign_in *wanted,
                   struct signed_in *ret) {
    snprintf(scope->actor.name, sizeof(scope->actor.name), "%.*s", TEXT_ARG(account->name));
    TRY(access_session_start(scope, account->id, &wanted->place, &ret->token));
    TRY(keep_device(scope, account, wanted, ret));
    TRY(ledger_exec(scope, sql_account_signed_in,
                    BINDS(BIND_INT64(account->id), BIND_INT64(scope->now_us))));
    ret->account = *account;
    return AUDIT(scope, "session.start", account_object(&scope->arena, account->name),
                 {"from", wanted->place.address});
}

static code accept(struct scope *scope, const struct attempt *attempt, struct signed_in *ret,
                   bool *ret_code_fits) {
    struct account account = {0};

    // While the password was compared, somebody may have taken the account away.
    TRY(account_find(scope, attempt->account.id, &account));
    if (account.state != ACCOUNT_ACTIVE ||
        !text_equal(account.password_hash, attempt->account.password_hash))
        return scope_fail(scope, UNAUTHENTICATED, "the account has just been changed");
    *ret_code_fits = true;
    if (account_has_factor(&account))
        TRY(second_factor_use(scope, &account, attempt->wanted->written, ret_code_fits));
    if (!*ret_code_fits)
        return record(scope, attempt, "session.refuse", "code");
    TRY(throttle_give_back(scope, &attempt->throttle));
    return sign_in_start(scope, &account, attempt->wanted, ret);
}

static code ask_for_code(struct scope *scope, const struct attempt *attempt,
                         struct signed_in *ret) {
    ret->needs_code = true;
    TRY(ledger_begin(scope));
    return ledger_end(scope, throttle_give_back(scope, &attempt->throttle));
}

static code finish(struct scope *scope, const struct attempt *attempt, struct signed_in *ret) {
    bool code_fits = false;

    if (account_has_factor(&attempt->account) && attempt->wanted->written.size == 0)
        return ask_for_code(scope, attempt, ret);
    TRY(ledger_begin(scope));
    TRY(ledger_end(scope, accept(scope, attempt, ret, &code_fits)));
    if (code_fits)
        return OK;
    return scope_fail_field(scope, UNAUTHENTICATED, "code", "this code does not fit");
}

code sign_in(struct scope *scope, const struct sign_in *wanted, struct signed_in *ret) {
    struct attempt attempt = {.wanted = wanted};
    struct signed_in result = {0};
    struct text name = {0};
    bool fits = false;

    TRY(find_account(scope, &attempt, &name));
    TRY(set_throttle(scope, &attempt, name));
    TRY(check_try(scope, &attempt));
    TRY(password_verify(scope, attempt.account.password_hash, wanted->password, &fits));
    if (!fits)
        return refuse(scope, &attempt, "password");
    if (attempt.account.state != ACCOUNT_ACTIVE)
        return refuse(scope, &attempt, account_state_names[attempt.account.state]);
    TRY(finish(scope, &attempt, &result));
    *ret = result;
    return OK;
}
