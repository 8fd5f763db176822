// SPDX-License-Identifier: Apache-2.0
// People who may sign in. What changes an account is called within an open ledger transaction and
// writes its audit record there; a change of role, state or password ends all their sessions.
#pragma once

#include "base/scope.h"
#include "govern/access/role.h"

enum account_state { ACCOUNT_INVITED, ACCOUNT_ACTIVE, ACCOUNT_DISABLED, ACCOUNT_STATE_COUNT };
extern const char *const account_state_names[]; // NULL-terminated

struct account {
    int64_t id;
    struct text name, display_name;
    enum role role;
    enum account_state state;
    struct text password_hash;      // empty: none was set yet
    struct text factor_secret;      // sealed; empty: none
    int64_t factor_confirmed_at_us; // 0: the second factor is not in use (yet)
    int64_t factor_step;
    int64_t created_at_us, signed_in_at_us; // 0: never
};

static inline bool account_has_factor(const struct account *account) {
    return account->factor_confirmed_at_us != 0;
}

// The form in which names are compared and kept: folded; letters a-z, digits, ". _ -", at least one
// letter. INVALID, field "name", for what has none.
code account_fold_name(struct scope *scope, struct text name, struct text *ret_name);

// Texts live as long as the scope. NOT_FOUND.
code account_find(struct scope *scope, int64_t id, struct account *ret_account);
// By what somebody typed; an unknown name is no failure.
code account_find_named(struct scope *scope, struct text folded_name, struct account *ret_account,
                        bool *ret_found);
// By a name or an id. NOT_FOUND.
code account_look_up(struct scope *scope, struct text name_or_id, struct account *ret_account);

// State invited: an invitation lets them set a password. CONFLICT when the name is taken.
code account_create(struct scope *scope, struct text name, struct text display_name, enum role role,
                    int64_t *ret_id);

struct account_change {
    int role;                 // enum role; -1: as it is
    int state;                // ACCOUNT_ACTIVE or ACCOUNT_DISABLED; -1: as it is
    struct text display_name; // without data: as it is
};
// CONFLICT when nobody would be left who may manage access.
code account_change(struct scope *scope, const struct account *account,
                    const struct account_change *change);

// Checks it, keeps it, makes the account active and ends its sessions but one (0: all).
code account_set_password(struct scope *scope, const struct account *account, struct text hash,
                          int64_t kept_session_id);

// Has nobody ever become active?
code account_none_is_active(struct scope *scope, bool *ret_none);

// "account ann", as the audit log names it. In the arena.
struct text account_object(struct arena *arena, struct text name);
