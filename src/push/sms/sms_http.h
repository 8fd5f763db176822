// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/route.h"

extern const struct route_answer sms_gateway_answer;
extern const struct route_body sms_gateway_put_body;
extern const struct route_parameter sms_size_parameters[];
extern const struct route_answer sms_size_answer;
extern const struct route_body sms_try_body;
extern const struct route_answer sms_try_answer;
extern const struct route_parameter sms_report_parameters[];
extern const struct route_body sms_report_body;
extern const struct route_answer sms_report_answer;
extern const struct route_parameter sms_reply_parameters[];
extern const struct route_body sms_reply_body;
extern const struct route_answer sms_reply_answer;

code sms_http_gateway(struct scope *scope, const struct request *request,
                      struct response *response);
code sms_http_gateway_put(struct scope *scope, const struct request *request,
                          struct response *response);
code sms_http_size(struct scope *scope, const struct request *request, struct response *response);
code sms_http_try(struct scope *scope, const struct request *request, struct response *response);
// The gateway's: what proves it is the address. As parameters of a GET (Kannel) or in a body.
code sms_http_report(struct scope *scope, const struct request *request, struct response *response);
code sms_http_report_body(struct scope *scope, const struct request *request,
                          struct response *response);
code sms_http_reply(struct scope *scope, const struct request *request, struct response *response);
code sms_http_reply_body(struct scope *scope, const struct request *request,
                         struct response *response);
