// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/route.h"

extern const struct route_body coupon_add_body;
extern const struct route_answer coupon_add_answer;
extern const struct route_answer coupon_show_answer;
extern const struct route_parameter coupon_page_parameters[];
extern const struct route_body coupon_issue_body;
extern const struct route_answer coupon_issue_answer;
extern const struct route_answer coupon_done_answer;
extern const struct route_answer coupon_file_answer;
extern const struct route_answer coupon_collect_answer;
extern const struct route_parameter coupon_check_parameters[];
extern const struct route_answer coupon_check_answer;
extern const struct route_body coupon_redeem_body;
extern const struct route_answer coupon_redeem_answer;
extern const struct route_answer coupon_picture_answer;

code coupon_http_list(struct scope *scope, const struct request *request,
                      struct response *response);
code coupon_http_add(struct scope *scope, const struct request *request, struct response *response);
code coupon_http_show(struct scope *scope, const struct request *request,
                      struct response *response);
code coupon_http_stop(struct scope *scope, const struct request *request,
                      struct response *response);
code coupon_http_issue(struct scope *scope, const struct request *request,
                       struct response *response);
code coupon_http_redemptions(struct scope *scope, const struct request *request,
                             struct response *response);
code coupon_http_export(struct scope *scope, const struct request *request,
                        struct response *response);
code coupon_http_collect(struct scope *scope, const struct request *request,
                         struct response *response);
code coupon_http_check(struct scope *scope, const struct request *request,
                       struct response *response);
code coupon_http_redeem(struct scope *scope, const struct request *request,
                        struct response *response);
code coupon_http_void(struct scope *scope, const struct request *request,
                      struct response *response);
// Anybody's: what opens it is the signature in the address.
code coupon_http_picture(struct scope *scope, const struct request *request,
                         struct response *response);
