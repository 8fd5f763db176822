// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "host/identity/identity.h"
#include "web/router.h"

extern const struct route_parameter identity_show_parameters[];
extern const struct route_answer identity_show_answer;
extern const struct route_parameter identity_conflicts_parameters[];
extern const struct route_parameter identity_guards_parameters[];
extern const struct route_body identity_decide_body;
extern const struct route_answer identity_decide_answer;
extern const struct route_body identity_guard_body;
extern const struct route_answer identity_guard_answer;
extern const struct route_body identity_join_preview_body;
extern const struct route_answer identity_join_preview_answer;
extern const struct route_answer identity_undo_preview_answer;

code identity_http_show(struct scope *scope, const struct request *request,
                        struct response *response);
code identity_http_conflicts(struct scope *scope, const struct request *request,
                             struct response *response);
code identity_http_decide(struct scope *scope, const struct request *request,
                          struct response *response);
code identity_http_guards(struct scope *scope, const struct request *request,
                          struct response *response);
code identity_http_block(struct scope *scope, const struct request *request,
                         struct response *response);
code identity_http_release(struct scope *scope, const struct request *request,
                           struct response *response);
// What a join or an undo would do: it is done and taken back, so the answer is exact.
code identity_http_join_preview(struct scope *scope, const struct request *request,
                                struct response *response);
code identity_http_undo_preview(struct scope *scope, const struct request *request,
                                struct response *response);
