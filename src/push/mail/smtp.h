// SPDX-License-Identifier: Apache-2.0
// One connection to a relay (a smarthost), through libcurl, kept open from mail to mail. It waits
// for each answer: libcurl does so behind the final dot even where it is asked not to, so many at
// once are many connections on threads of their own (sender.h).
#pragma once

#include "base/scope.h"
#include "push/mail/smtp_reply.h"

enum smtp_tls {
    SMTP_TLS_REQUIRED = 1, // STARTTLS, or nothing is sent
    SMTP_TLS_IMPLICIT = 2, // from the first byte (465)
    SMTP_TLS_NONE = 3,     // only where the relay is this machine
};
extern const char *const smtp_tls_names[]; // of value - 1: "starttls", "implicit", "none"

struct smtp_relay {
    struct text host;
    int port;
    enum smtp_tls tls;
    struct text user, password; // empty user: none is asked for
    struct text helo;           // how we name ourselves; empty: the machine's name
    struct text ca_file;        // empty: the system's authorities
};

enum smtp_state {
    SMTP_UNKNOWN = 0, // the connection was lost after the final dot: it may have been taken
    SMTP_ACCEPTED,
    SMTP_RETRY,  // certainly not taken, worth trying again
    SMTP_FAILED, // certainly not taken, and will not be
};

struct smtp_result {
    enum smtp_state state;
    enum mail_class class;
    bool is_throttled; // send nothing more to that domain for a while
    bool is_of_relay;  // the relay itself did not answer or let us in: nothing to do with this mail
    int status;        // the last reply's; 0: none
    char detail[200];  // what the other side said, without addresses
};

struct smtp; // of one thread

// Connects with the first mail. UNAVAILABLE when libcurl has no memory; smtp_close takes NULL.
code smtp_open(struct scope *scope, const struct smtp_relay *relay, struct smtp **ret_smtp);
void smtp_close(struct smtp *smtp);

// Hand one mail over: envelope and message (CR LF at line ends; dots are stuffed here). Always
// gives a result.
void smtp_send(struct smtp *smtp, const char *return_path, const char *recipient,
               struct text message, struct smtp_result *ret_result);
