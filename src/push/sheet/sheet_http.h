// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/route.h"

extern const struct route_body sheet_draw_body;
extern const struct route_answer sheet_draw_answer;
extern const struct route_parameter sheet_mail_list_parameters[];
extern const struct route_body sheet_mail_create_body;
extern const struct route_answer sheet_mail_create_answer;
extern const struct route_answer sheet_mail_delete_answer;

code sheet_http_draw(struct scope *scope, const struct request *request, struct response *response);
code sheet_http_mails(struct scope *scope, const struct request *request,
                      struct response *response);
code sheet_http_mail_create(struct scope *scope, const struct request *request,
                            struct response *response);
code sheet_http_mail_delete(struct scope *scope, const struct request *request,
                            struct response *response);
code sheet_http_mail_send(struct scope *scope, const struct request *request,
                          struct response *response);
