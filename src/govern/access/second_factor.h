// SPDX-License-Identifier: Apache-2.0
// The second factor of an account: codes of a phone (totp.h), each taken once, and ten recovery
// codes for the day when the phone is gone. What changes something is called within an open ledger
// transaction and audited there.
#pragma once

#include "govern/access/account.h"

enum { RECOVERY_CODES = 10 };

// A new secret; it counts once a code has shown that the phone has it. CONFLICT when one counts
// already.
code second_factor_begin(struct scope *scope, const struct account *account,
                         struct text *ret_secret, struct text *ret_uri);
// INVALID, field "code", when it does not fit. The recovery codes are told this once.
code second_factor_confirm(struct scope *scope, const struct account *account, struct text written,
                           struct text ret_recovery_codes[RECOVERY_CODES]);
code second_factor_remove(struct scope *scope, const struct account *account);

// Is this a code that was never used before, of the phone or for recovery? Then it is used now.
code second_factor_use(struct scope *scope, const struct account *account, struct text written,
                       bool *ret_fits);

// Must this account get one before it may do anything? `is_secure`: over TLS, that is from
// elsewhere.
code second_factor_is_missing(struct scope *scope, const struct account *account, bool is_secure,
                              bool *ret_is_missing);
