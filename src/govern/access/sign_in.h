// SPDX-License-Identifier: Apache-2.0
// A name and a password become a session. Unknown names, wrong passwords and accounts that may not
// sign in are answered alike, in the same time.
#pragma once

#include "govern/access/access_session.h"

struct sign_in {
    struct text name, password;
    struct text written; // of the second factor; empty: not given
    struct text device;  // the token of a device that may be known; empty: none
    struct access_place place;
};

struct signed_in {
    bool needs_code; // the password fits, a code of the second factor is due; nothing else is set
    struct account account;
    struct text token;  // of the new session
    struct text device; // a token for a device that was not known; empty: it was
};

// UNAUTHENTICATED for whatever does not fit; BUSY when it was tried too often, with how long to
// wait. Transactions of its own.
code sign_in(struct scope *scope, const struct sign_in *wanted, struct signed_in *ret);

// The session of somebody who has shown who they are in another way, within the open transaction.
code sign_in_start(struct scope *scope, const struct account *account, const struct sign_in *wanted,
                   struct signed_in *ret);
