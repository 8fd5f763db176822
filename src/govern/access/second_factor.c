// SPDX-License-Identifier: Apache-2.0
#include "govern/access/second_factor.h"

#include "govern/access/seal.h"
#include "govern/access/secret.h"
#include "govern/access/totp.h"
#include "govern/audit/audit.h"
#include "second_factor_sql.h"
#include "store/ledger.h"
#include "store/setting.h"

#include <sodium.h>
#include <stdio.h>

enum { RECOVERY_BYTES = 10 }; // sixteen letters of base32

code second_factor_begin(struct scope *scope, const struct account *account,
                         struct text *ret_secret, struct text *ret_uri) {
    char bytes[TOTP_SECRET_BYTES];
    const struct text secret = {bytes, sizeof(bytes)};
    struct text sealed = {0};

    if (account_has_factor(account)) {
        scope_fail(scope, CONFLICT, "the account has a second factor already");
        return scope_hint(scope, "remove it first");
    }
    secret_start();
    randombytes_buf(bytes, sizeof(bytes));
    TRY(seal(scope, secret, &sealed));
    TRY(ledger_exec(scope, sql_second_factor_begin,
                    BINDS(BIND_INT64(account->id), BIND_TEXT(sealed))));
    TRY(AUDIT(scope, "second_factor.begin", account_object(&scope->arena, account->name)));
    *ret_secret = totp_base32(&scope->arena, secret);
    *ret_uri = totp_uri(&scope->arena, account->name, secret);
    return OK;
}

// The clocks of phone and server may be half a minute apart.
static int64_t fitting_step(struct scope *scope, struct text secret, struct text written,
                            int64_t used_step) {
    const int64_t now = totp_step(scope->now_us);
    const int64_t from = used_step + 1 > now - 1 ? used_step + 1 : now - 1;

    return totp_find(secret, written, from, now + 1);
}

// ---- recovery codes ----

// "K7Q2-…": letters and digits that are not mistaken for others, in groups.
static struct text make_recovery_code(struct arena *arena) {
    char bytes[RECOVERY_BYTES];
    struct text letters;

    randombytes_buf(bytes, sizeof(bytes));
    letters = totp_base32(arena, (struct text){bytes, sizeof(bytes)});
    return text_printf(arena, "%.4s-%.4s-%.4s-%.4s", letters.data, letters.data + 4,
                       letters.data + 8, letters.data + 12);
}

// Without what people put between the groups, in capitals.
static struct text recovery_hash(struct arena *arena, struct text written) {
    char *letters = arena_alloc(arena, written.size + 1);
    size_t size = 0;

    for (size_t i = 0; i < written.size; i++) {
        const char byte = written.data[i];

        if (byte != '-' && byte != ' ')
            letters[size++] = byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
    }
    return secret_hash(arena, (struct text){letters, size});
}

static code make_recovery_codes(struct scope *scope, const struct account *account,
                                struct text ret_codes[RECOVERY_CODES]) {
    TRY(ledger_exec(scope, sql_second_factor_drop_recovery, BINDS(BIND_INT64(account->id))));
    for (int i = 0; i < RECOVERY_CODES; i++) {
        ret_codes[i] = make_recovery_code(&scope->arena);
        TRY(ledger_exec(
            scope, sql_second_factor_add_recovery,
            BINDS(BIND_INT64(account->id), BIND_TEXT(recovery_hash(&scope->arena, ret_codes[i])))));
    }
    return OK;
}

static code use_recovery_code(struct scope *scope, const struct account *account,
                              struct text written, bool *ret_fits) {
    int64_t count = 0;

    TRY(ledger_change(
        scope, sql_second_factor_use_recovery,
        BINDS(BIND_INT64(account->id), BIND_TEXT(recovery_hash(&scope->arena, written))), &count));
    *ret_fits = count == 1;
    return count == 1
               ? AUDIT(scope, "second_factor.recover", account_object(&scope->arena, account->name))
               : OK;
}

// ---- in use ----

code second_factor_confirm(struct scope *scope, const struct account *account, struct text written,
                           struct text ret_recovery_codes[RECOVERY_CODES]) {
    struct text secret = {0};
    int64_t step;

    if (account->factor_secret.size == 0 || account_has_factor(account))
        return scope_fail(scope, CONFLICT,
                          "there is no second factor that waits for its first "
                          "code");
    TRY(unseal(scope, account->factor_secret, &secret));
    step = fitting_step(scope, secret, written, 0);
    if (step < 0) {
        scope_fail_field(scope, INVALID, "code", "this code does not fit");
        return scope_hint(scope, "is the clock of the phone right?");
    }
    TRY(ledger_exec(scope, sql_second_factor_confirm,
                    BINDS(BIND_INT64(account->id), BIND_INT64(scope->now_us), BIND_INT64(step))));
    TRY(make_recovery_codes(scope, account, ret_recovery_codes));
    return AUDIT(scope, "second_factor.confirm", account_object(&scope->arena, account->name));
}

code second_factor_remove(struct scope *scope, const struct account *account) {
    TRY(ledger_exec(scope, sql_second_factor_remove, BINDS(BIND_INT64(account->id))));
    TRY(ledger_exec(scope, sql_second_factor_drop_recovery, BINDS(BIND_INT64(account->id))));
    return AUDIT(scope, "second_factor.remove", account_object(&scope->arena, account->name));
}

code second_factor_use(struct scope *scope, const struct account *account, struct text written,
                       bool *ret_fits) {
    int64_t step, count = 0;
    struct text secret = {0};

    if (text_trim(written).size != TOTP_DIGITS)
        return use_recovery_code(scope, account, written, ret_fits);
    TRY(unseal(scope, account->factor_secret, &secret));
    step = fitting_step(scope, secret, text_trim(written), account->factor_step);
    *ret_fits = false;
    if (step < 0)
        return OK;
    TRY(ledger_change(scope, sql_second_factor_use,
                      BINDS(BIND_INT64(account->id), BIND_INT64(step)), &count));
    *ret_fits = count == 1;
    return OK;
}

code second_factor_is_missing(struct scope *scope, const struct account *account, bool is_secure,
                              bool *ret_is_missing) {
    struct settings settings;

    *ret_is_missing = false;
    if (account_has_factor(account) || !role_needs_second_factor(account->role))
        return OK;
    TRY(settings_load(scope, &settings));
    *ret_is_missing = text_is(settings.require_second_factor, "always") ||
                      (is_secure && text_is(settings.require_second_factor, "remote"));
    return OK;
}
