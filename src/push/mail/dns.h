// SPDX-License-Identifier: Apache-2.0
// Questions to DNS that mail depends on, through the C library's resolver. Tests ask a server of
// their own.
#pragma once

#include "base/scope.h"

enum dns_type { DNS_A = 1, DNS_PTR = 12, DNS_MX = 15, DNS_TXT = 16, DNS_AAAA = 28 };

struct dns_server {
    struct text address; // "127.0.0.1"; empty: those of the machine
    int port;
};

enum { DNS_MOST_ANSWERS = 16 };

struct dns_answers {
    struct text
        values[DNS_MOST_ANSWERS]; // a TXT record's strings joined; an address as text; a name
    size_t count;                 // 0: there is none of that name and type
};

// In the arena. UNAVAILABLE when no server answers, or the answer cannot be read.
code dns_ask(struct scope *scope, const struct dns_server *server, struct text name,
             enum dns_type type, struct dns_answers *ret_answers);
