// SPDX-License-Identifier: Apache-2.0
// GET /api/v1/rfm (cells and groups), /api/v1/rfm/customers (the list, paged)
#pragma once

#include "analyze/rfm/rfm.h"
#include "web/router.h"

extern const struct route_parameter rfm_summary_parameters[];
extern const struct route_answer rfm_summary_answer;
extern const struct route_parameter rfm_customers_parameters[];
extern const struct route_answer rfm_customers_answer;

code rfm_http_summary(struct scope *scope, const struct request *request,
                      struct response *response);
code rfm_http_customers(struct scope *scope, const struct request *request,
                        struct response *response);

// The table of groups: customers, revenue and its share.
void rfm_write_groups(struct scope *scope, struct response *response, const char *key,
                      const struct rfm *rfm);
