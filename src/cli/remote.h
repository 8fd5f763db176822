// SPDX-License-Identifier: Apache-2.0
// The server that has a store open, reached through the socket in the store's folder. remote.c
// alone sees libcurl. What is asked of it has the same answers and failures as in this process.
#pragma once

#include "web/request.h"

struct remote;

// *ret_remote is NULL when nobody answers there: no server, or a socket that a crash left. CONFLICT
// for a server of another version.
code remote_open(struct scope *scope, const char *store_path, struct remote **ret_remote);
void remote_close(struct remote *remote); // takes NULL
// The answer's document is added to `out`. The server's failure becomes the scope's; UNAVAILABLE
// when the server does not answer any more.
code remote_send(struct scope *scope, struct remote *remote, const struct request *request,
                 struct buffer *out);
