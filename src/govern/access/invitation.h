// SPDX-License-Identifier: Apache-2.0
// One-time links: whoever opens one sets the password of its account. An account has at most one;
// it holds for three days and is spent by being used.
#pragma once

#include "govern/access/account.h"

// A new link for the account, in place of any older one, within the open transaction. It begins
// with the option base_url, never with what a request said about its host. CONFLICT for an account
// that is disabled.
code invitation_make(struct scope *scope, const struct account *account, struct text *ret_link);
code invitation_withdraw(struct scope *scope, int64_t account_id);

// Whose link it is. NOT_FOUND for one that is unknown, spent or too old.
code invitation_find(struct scope *scope, struct text token, struct account *ret_account);

// Set the password with it, within the open transaction; `hash` is of a password that was checked.
// Asks for the link again: of two at once one fails.
code invitation_accept(struct scope *scope, struct text token, struct text hash,
                       struct account *ret_account);

// Where nobody has ever come in: a link for the first administrator. Empty when somebody has.
code access_first_link(struct scope *scope, struct text *ret_link);
