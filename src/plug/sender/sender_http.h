// SPDX-License-Identifier: Apache-2.0
// Sources that send as things happen: made, changed, looked at. Their keys are told once.
#pragma once

#include "web/route.h"

extern const struct route_body sender_add_body;
extern const struct route_answer sender_add_answer;
extern const struct route_answer sender_show_answer;
extern const struct route_body sender_change_body;
extern const struct route_answer sender_change_answer;
extern const struct route_body sender_rotate_body;
extern const struct route_answer sender_rotate_answer;
extern const struct route_parameter sender_hours_parameters[];

code sender_http_list(struct scope *scope, const struct request *request,
                      struct response *response);
code sender_http_add(struct scope *scope, const struct request *request, struct response *response);
code sender_http_show(struct scope *scope, const struct request *request,
                      struct response *response);
code sender_http_change(struct scope *scope, const struct request *request,
                        struct response *response);
code sender_http_rotate(struct scope *scope, const struct request *request,
                        struct response *response);
code sender_http_hours(struct scope *scope, const struct request *request,
                       struct response *response);
