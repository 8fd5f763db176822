// SPDX-License-Identifier: Apache-2.0
// Receiving a request's body: into memory, or into a file of the store's uploads/ folder.
#pragma once

#include "web/server.h"
#include "web/server_exchange.h"

// Why a request with this head may not send its body; NULL when it may. The status goes with it.
const char *body_refusal(const struct server_options *options, const struct route *route,
                         struct text content_type, int64_t content_bytes, int *ret_status);
// A file under a name that nobody can guess. On failure the exchange's receive_problem is set.
void body_open_file(struct exchange *exchange, const char *store_path);
// The next bytes. What cannot be kept is dropped and told by receive_problem.
void body_take(struct exchange *exchange, const void *data, size_t size);
// All of it has come: the file is closed.
void body_end(struct exchange *exchange);
// Gives memory back, removes a file that no handler kept.
void body_clear(struct exchange *exchange);
