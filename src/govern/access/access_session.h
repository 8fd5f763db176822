// SPDX-License-Identifier: Apache-2.0
// Who is signed in. A session is known by a random token in a cookie; the ledger holds its hash. It
// ends after 30 minutes without a request, after 12 hours, and at once when it is taken away:
// nothing of it is remembered outside the ledger.
#pragma once

#include "govern/access/account.h"

#define SESSION_IDLE_US     (INT64_C(30) * 60 * 1000000)
#define SESSION_ABSOLUTE_US (INT64_C(12) * 3600 * 1000000)

// Where a session is used from, for its owner to recognise it.
struct access_place {
    struct text address;
    struct text user_agent;
};

// Forgets those that have ended by themselves; every sign-in does so as well.
code access_session_expire(struct scope *scope);
// A new session within the open transaction; *ret_token is told to the browser and kept nowhere.
code access_session_start(struct scope *scope, int64_t account_id, const struct access_place *place,
                          struct text *ret_token);

struct access_session {
    int64_t id;
    int64_t seen_at_us;
    struct account account;
};
// Whose token it is, when it is anybody's.
code access_session_find(struct scope *scope, struct text token, struct access_session *ret_session,
                         bool *ret_found);
// It is in use: noted at most once a minute.
void access_session_touch(struct scope *scope, const struct access_session *session);

// Within the open transaction. NOT_FOUND when the account has no such session.
code access_session_end(struct scope *scope, int64_t account_id, int64_t id);
// All of an account but one (0: all).
code access_session_end_all(struct scope *scope, int64_t account_id, int64_t kept_id);

// What requests that change something must show beside the cookie: it follows from the token, which
// only pages of this site can ask for. In the arena.
struct text access_session_csrf(struct arena *arena, struct text token);
