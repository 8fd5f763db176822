// SPDX-License-Identifier: Apache-2.0
// Passwords: which are taken, and how they are kept (argon2id, 19 MiB, two passes). At most two are
// worked on at once in a store (session_heavy_gate); who waits too long fails with BUSY.
#pragma once

#include "base/scope.h"

enum { PASSWORD_LEAST_CHARACTERS = 8, PASSWORD_MOST_CHARACTERS = 128 };

// INVALID, field "password": too short, too long, no UTF-8, among the most common ones, or little
// more than the account's name.
code password_check(struct scope *scope, struct text password, struct text account_name);

// As it stands in the ledger. In the arena.
code password_hash(struct scope *scope, struct text password, struct text *ret_hash);

// An empty hash fits no password, and finding that out takes as long as with any other.
code password_verify(struct scope *scope, struct text hash, struct text password, bool *ret_fits);

// Is it, in whatever capitals, among the most common ones?
bool password_is_common(struct text password);

// Generated (tools/common_passwords.py): sorted, lower case.
extern const char *const common_passwords[];
extern const size_t common_password_count;
