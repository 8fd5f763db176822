// SPDX-License-Identifier: Apache-2.0
// The public pages behind links: unsubscribe (RFC 8058), preference centre, double opt-in. GET
// shows and changes nothing; POST changes. No cookie, no sign-in, no redirect.
#pragma once

#include "web/router.h"

extern const struct route_parameter page_parameters[];
extern const struct route_answer page_answer;

code preference_http_unsubscribe(struct scope *scope, const struct request *request,
                                 struct response *response);
code preference_http_unsubscribe_now(struct scope *scope, const struct request *request,
                                     struct response *response);
code preference_http_centre(struct scope *scope, const struct request *request,
                            struct response *response);
code preference_http_choose(struct scope *scope, const struct request *request,
                            struct response *response);
code preference_http_confirm(struct scope *scope, const struct request *request,
                             struct response *response);
code preference_http_confirm_now(struct scope *scope, const struct request *request,
                                 struct response *response);
