// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/route.h"

extern const struct route_answer mail_show_answer;
extern const struct route_body mail_save_body;
extern const struct route_answer mail_save_answer;
extern const struct route_body mail_key_body;
extern const struct route_answer mail_key_answer;
extern const struct route_answer mail_key_changed_answer;
extern const struct route_answer mail_check_answer;
extern const struct route_parameter mail_figures_parameters[];
extern const struct route_body mail_receive_body;
extern const struct route_answer mail_receive_answer;
extern const struct route_body mail_test_body;
extern const struct route_answer mail_test_answer;
extern const struct route_answer mail_follow_answer;

code mail_http_show(struct scope *scope, const struct request *request, struct response *response);
code mail_http_save(struct scope *scope, const struct request *request, struct response *response);
code mail_http_key_add(struct scope *scope, const struct request *request,
                       struct response *response);
code mail_http_key_use(struct scope *scope, const struct request *request,
                       struct response *response);
code mail_http_key_remove(struct scope *scope, const struct request *request,
                          struct response *response);
code mail_http_check(struct scope *scope, const struct request *request, struct response *response);
code mail_http_figures(struct scope *scope, const struct request *request,
                       struct response *response);
code mail_http_receive(struct scope *scope, const struct request *request,
                       struct response *response);
code mail_http_test(struct scope *scope, const struct request *request, struct response *response);
// Anybody's: what proves the link is its token.
code mail_http_follow(struct scope *scope, const struct request *request,
                      struct response *response);
