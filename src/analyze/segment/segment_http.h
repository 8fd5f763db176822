// SPDX-License-Identifier: Apache-2.0
// Segments over the API.
#pragma once

#include "web/router.h"

#define SEGMENT_AS_OF_PARAMETER                                                                    \
    { .name = "as_of", .type = PARAMETER_DAY, .help = "as if it were this day; else today" }
extern const struct route_parameter segment_as_of_parameters[];
extern const struct route_parameter segment_list_parameters[];
extern const struct route_parameter segment_count_tree_parameters[];
extern const struct route_parameter segment_history_parameters[];
extern const struct route_parameter segment_members_parameters[];
extern const struct route_body segment_create_body;
extern const struct route_body segment_update_body;
extern const struct route_body segment_count_tree_body;
extern const struct route_body segment_export_body;
extern const struct route_answer segment_create_answer;
extern const struct route_answer segment_update_answer;
extern const struct route_answer segment_delete_answer;
extern const struct route_answer segment_fields_answer;
extern const struct route_answer segment_count_answer;
extern const struct route_answer segment_count_tree_answer;
extern const struct route_answer segment_show_answer;
extern const struct route_answer segment_members_answer;
extern const struct route_answer segment_export_answer;

code segment_http_list(struct scope *scope, const struct request *request,
                       struct response *response);
code segment_http_create(struct scope *scope, const struct request *request,
                         struct response *response);
// GET /api/v1/customers: the list of host/customer, which knows no conditions.
code segment_http_customers(struct scope *scope, const struct request *request,
                            struct response *response);
code segment_http_fields(struct scope *scope, const struct request *request,
                         struct response *response);
code segment_http_count_tree(struct scope *scope, const struct request *request,
                             struct response *response);
code segment_http_show(struct scope *scope, const struct request *request,
                       struct response *response);
code segment_http_update(struct scope *scope, const struct request *request,
                         struct response *response);
code segment_http_delete(struct scope *scope, const struct request *request,
                         struct response *response);
code segment_http_count(struct scope *scope, const struct request *request,
                        struct response *response);
code segment_http_refresh(struct scope *scope, const struct request *request,
                          struct response *response);
code segment_http_history(struct scope *scope, const struct request *request,
                          struct response *response);
code segment_http_members(struct scope *scope, const struct request *request,
                          struct response *response);
// GET /api/v1/customers/{id}/segments
code segment_http_of_customer(struct scope *scope, const struct request *request,
                              struct response *response);
code segment_http_export(struct scope *scope, const struct request *request,
                         struct response *response);
