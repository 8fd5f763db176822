// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/route.h"

extern const struct route_answer webhook_show_answer;
extern const struct route_body webhook_save_body;
extern const struct route_answer webhook_save_answer;
extern const struct route_body webhook_rotate_body;
extern const struct route_answer webhook_rotate_answer;
extern const struct route_body webhook_switch_body;
extern const struct route_answer webhook_try_answer;

code webhook_http_show(struct scope *scope, const struct request *request,
                       struct response *response);
code webhook_http_save(struct scope *scope, const struct request *request,
                       struct response *response);
code webhook_http_rotate(struct scope *scope, const struct request *request,
                         struct response *response);
code webhook_http_switch(struct scope *scope, const struct request *request,
                         struct response *response);
code webhook_http_try(struct scope *scope, const struct request *request,
                      struct response *response);
