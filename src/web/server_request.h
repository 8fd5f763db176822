// SPDX-License-Identifier: Apache-2.0
// From a checked head to what handlers see: method, path, who is at the other end.
#pragma once

#include "web/server.h"
#include "web/server_exchange.h"
#include "web/server_head.h"

// How the connection came in.
struct request_way {
    const char *address; // of the other end; empty at the store's socket
    const char *user;    // who is there; empty over the network
    bool is_owner;
    bool is_encrypted;
};

// Fills in what the exchange knows of its request. NULL, or why the request is refused.
const struct refusal *request_read(struct exchange *exchange, const struct head *head,
                                   const struct framing *framing, const struct request_way *way);

// The methods that the routes of a path know, as in "GET, HEAD, POST"; empty when it has no routes.
void request_allowed(const struct server_options *options, struct text path, struct buffer *out);
