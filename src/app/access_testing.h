// SPDX-License-Identifier: Apache-2.0
// For tests: people with a browser, who send requests through the real table of routes the way the
// server does it.
#pragma once

#include "govern/access/account.h"
#include "store/store_testing.h"
#include "web/router.h"

struct visitor {
    struct text session, device, csrf, key; // what the browser keeps; empty: nothing
    const char *address;                    // NULL: 192.0.2.7
    const char *fetch_site;                 // NULL: "same-origin"; "": the browser says none
    const char *origin;                     // NULL: none
    bool is_secure;
    struct text cookies; // every Set-Cookie so far, one per line
    struct text answer;  // of the last request
};

#define TEST_PASSWORD "a clock without hands"

// One request, as somebody new would have it answered: a scope of its own, whose failure is
// repeated in `scope`. `now_us` of the scope is the request's. Cookies are kept, and the csrf that
// an answer tells. NULL body: none.
code visit(struct scope *scope, struct visitor *visitor, enum method method, const char *path,
           const char *body);

// An account that has set TEST_PASSWORD, and somebody signed in to it.
int64_t test_account(struct scope *scope, const char *name, enum role role);
void test_sign_in(struct scope *scope, struct visitor *visitor, const char *name);
code try_sign_in(struct scope *scope, struct visitor *visitor, const char *name,
                 const char *password);

bool answer_holds(const struct visitor *visitor, const char *part);
// A text of the last answer's object.
const char *answer_text(struct scope *scope, const struct visitor *visitor, const char *key);
