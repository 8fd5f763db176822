// SPDX-License-Identifier: Apache-2.0
// What goes back over the wire: a status, header fields and a body, made by a worker or at once,
// sent by server.c. Nothing here knows the network.
#pragma once

#include "base/code.h"
#include "base/text.h"
#include "web/response.h"

struct answer {
    int status;
    struct buffer fields;   // "Name\0value\0" one after the other
    struct buffer body;     // unless one of the next two is there
    struct text constant;   // lives as long as the program
    int file;               // a descriptor whose content is sent, -1: none
    int64_t file_bytes;     // of it
    bool is_live;           // a stream of events (web/live.h)
    int64_t live_customer;  // whose changes are among them; 0: nobody's
    bool closes_connection; // what follows on it cannot be trusted, or will not come
};

void answer_init(struct answer *answer);
void answer_clear(struct answer *answer);

// The value must hold no control character; whoever makes it sees to that.
void answer_field(struct answer *answer, const char *name, struct text value);
// Walk the fields: *position is 0 at first; false at the end.
bool answer_next_field(const struct answer *answer, size_t *position, const char **ret_name,
                       const char **ret_value);
// How many bytes of body it has; -1 while nobody knows.
int64_t answer_bytes(const struct answer *answer);

// An answer without a handler: an error document of one sentence. Closes the connection when asked
// to: after a request whose end is not certain.
void answer_refuse(struct answer *answer, int status, code reason, const char *message);

// What the reader may know of a failure. Our own faults and those of the databases name files,
// statements and versions: they are told to the owner of the process alone, everybody else gets the
// id under which the log has them.
// Headers that the handler had set go along.
void answer_failure(struct answer *answer, const struct failure *failure,
                    const struct response *response, bool is_owner, const char *request_id);
// Takes the response's body and file.
void answer_response(struct answer *answer, struct response *response);
// Compress the body when that saves something.
void answer_compress(struct answer *answer);

// Fields of every answer: what a browser may do with it (TLS: and that it shall stay with TLS).
void answer_secure(struct answer *answer, bool is_secure);
