// SPDX-License-Identifier: Apache-2.0
// What the handlers of sign-in share: the answer that says who is signed in, and its cookies.
#pragma once

#include "govern/access/sign_in.h"
#include "web/router.h"

// The parts of a sign-in that the connection tells.
void session_http_place(const struct request *request, struct sign_in *wanted);

// The document of a new session, or of one that waits for a code, with its cookies.
code session_http_answer(struct scope *scope, const struct request *request,
                         const struct signed_in *signed_in, struct response *response);
