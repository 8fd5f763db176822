// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/route.h"

extern const struct route_body letter_stationery_body;
extern const struct route_answer letter_stationery_answer;
extern const struct route_body letter_preview_body;
extern const struct route_answer letter_preview_answer;

code letter_http_stationery(struct scope *scope, const struct request *request,
                            struct response *response);
code letter_http_stationery_save(struct scope *scope, const struct request *request,
                                 struct response *response);
code letter_http_preview(struct scope *scope, const struct request *request,
                         struct response *response);
