// SPDX-License-Identifier: Apache-2.0
// Products, stores and staff as they are known now: lists and one of them. What was bought where
// and of whom is counted by the metrics.
#pragma once

#include "web/router.h"

extern const struct route_parameter catalogue_list_parameters[];
extern const struct route_answer product_list_answer;
extern const struct route_answer product_show_answer;
extern const struct route_answer store_list_answer;
extern const struct route_answer store_show_answer;
extern const struct route_answer staff_list_answer;
extern const struct route_answer staff_show_answer;

code product_http_list(struct scope *scope, const struct request *request,
                       struct response *response);
code product_http_show(struct scope *scope, const struct request *request,
                       struct response *response);
code store_http_list(struct scope *scope, const struct request *request, struct response *response);
code store_http_show(struct scope *scope, const struct request *request, struct response *response);
code staff_http_list(struct scope *scope, const struct request *request, struct response *response);
code staff_http_show(struct scope *scope, const struct request *request, struct response *response);
