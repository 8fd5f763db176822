// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "host/customer/customer.h"
#include "web/router.h"

extern const struct route_parameter customer_search_parameters[];
extern const struct route_answer customer_search_answer;
extern const struct route_parameter customer_show_parameters[];
extern const struct route_answer customer_show_answer;
extern const struct route_parameter customer_timeline_parameters[];
extern const struct route_answer customer_timeline_answer;
extern const struct route_answer customer_live_answer;
extern const struct route_answer customer_links_answer;
extern const struct route_body customer_join_body;
extern const struct route_answer customer_join_answer;
extern const struct route_answer customer_undo_link_answer;

code customer_http_search(struct scope *scope, const struct request *request,
                          struct response *response);
// The same, for whoever can make a restriction of the parameter "where".
code customer_http_search_among(struct scope *scope, const struct request *request,
                                struct customer_restriction *restriction,
                                struct response *response);
code customer_http_show(struct scope *scope, const struct request *request,
                        struct response *response);
code customer_http_timeline(struct scope *scope, const struct request *request,
                            struct response *response);
// A stream: the customer is another than a moment ago.
code customer_http_live(struct scope *scope, const struct request *request,
                        struct response *response);
code customer_http_links(struct scope *scope, const struct request *request,
                         struct response *response);
code customer_http_join(struct scope *scope, const struct request *request,
                        struct response *response);
code customer_http_undo_link(struct scope *scope, const struct request *request,
                             struct response *response);
