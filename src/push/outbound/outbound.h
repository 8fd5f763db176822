// SPDX-License-Identifier: Apache-2.0
// HTTP calls to other people's servers: gateways, webhooks. Whoever may write an address into
// Tessera must not reach with it what only this machine can reach, so a call goes to public
// addresses alone, over TLS, and to what it was resolved to when it was checked; it follows no
// redirect, takes no proxy and no password from the address. Servers of one's own (a gateway beside
// Tessera) are named by who runs it: internal_hosts of the configuration.
#pragma once

#include "base/scope.h"

struct outbound_header {
    const char *name;
    struct text value;
};

struct outbound_request {
    const char *method; // "GET", "POST"
    struct text url;
    const struct outbound_header *headers;
    size_t header_count;
    struct text body;
    int32_t timeout_ms; // 0: the usual one
};

enum outbound_state {
    OUTBOUND_ANSWERED,
    OUTBOUND_NOT_SENT, // certainly: nothing of the request left
    OUTBOUND_UNKNOWN,  // it may have arrived
};

enum {
    OUTBOUND_ANSWER_BYTES = 64 << 10, // more of an answer is not read
    OUTBOUND_LONGEST_RETRY_S = 24 * 60 * 60,
};

struct outbound_answer {
    enum outbound_state state;
    int status;            // of HTTP
    int64_t retry_after_s; // as the server asks, a day at most; 0: it does not ask
    struct text body;      // in the arena
    char detail[200];      // why there is no answer; never holds the address
};

// Before an address is kept: INVALID with the field when no call would go there. Says nothing of
// what a name resolves to, which is looked at when it is called.
code outbound_check(struct scope *scope, struct text url, const char *field);

// A connection of its own for each call: on one that was kept libcurl would send a request once
// more when the server closed it meanwhile.
void outbound_call(struct scope *scope, const struct outbound_request *request,
                   struct outbound_answer *ret_answer);
