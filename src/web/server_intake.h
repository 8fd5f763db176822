// SPDX-License-Identifier: Apache-2.0
// The server's side of an intake (web/intake.h): which requests are its, how many of them there may
// be at once, what browsers are told, and the way back to the connection.
#pragma once

#include "web/server_exchange.h"

// The route of the intake; NULL when it is none of its.
const struct route *intake_find(const struct server_options *options, enum method method,
                                struct text path);
// Does a browser ask whether a page of another site may send here? Then it is answered.
bool intake_answers_preflight(struct exchange *exchange, const struct head *head);
// What becomes of a request with this head: its body is received, or it is refused.
void intake_begin(struct exchange *exchange, const struct head *head);
// It has come whole; the connection is suspended.
void intake_hand_over(struct exchange *exchange);
// Gives back the place that intake_begin took.
void intake_leave(struct exchange *exchange);
// The fields of every answer to it.
void intake_seal(struct exchange *exchange);
