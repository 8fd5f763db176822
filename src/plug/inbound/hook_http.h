// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/route.h"

extern const struct route_answer hook_receive_answer;
extern const struct route_body hook_add_body;
extern const struct route_answer hook_add_answer;
extern const struct route_answer hook_show_answer;
extern const struct route_body hook_remap_body;
extern const struct route_answer hook_remap_answer;
extern const struct route_body hook_rotate_body;
extern const struct route_answer hook_rotate_answer;

// Anybody's: what proves the sender is the message's signature.
code hook_http_receive(struct scope *scope, const struct request *request,
                       struct response *response);
code hook_http_list(struct scope *scope, const struct request *request, struct response *response);
code hook_http_add(struct scope *scope, const struct request *request, struct response *response);
code hook_http_show(struct scope *scope, const struct request *request, struct response *response);
code hook_http_remap(struct scope *scope, const struct request *request, struct response *response);
code hook_http_rotate(struct scope *scope, const struct request *request,
                      struct response *response);
