// SPDX-License-Identifier: Apache-2.0
// Consents of one customer, written down by who talks to them; and addresses that are to be
// suppressed.
#pragma once

#include "web/router.h"

extern const struct route_answer customer_consent_answer;
extern const struct route_body customer_consent_body;
extern const struct route_answer customer_consent_said_answer;
extern const struct route_answer customer_preference_link_answer;
extern const struct route_body suppression_add_body;
extern const struct route_answer suppression_add_answer;
extern const struct route_body suppression_lift_body;
extern const struct route_answer suppression_lift_answer;

code customer_http_consents(struct scope *scope, const struct request *request,
                            struct response *response);
code customer_http_consent_say(struct scope *scope, const struct request *request,
                               struct response *response);
// A link to the preference centre, to be given to the customer.
code customer_http_preference_link(struct scope *scope, const struct request *request,
                                   struct response *response);
code suppression_http_add(struct scope *scope, const struct request *request,
                          struct response *response);
code suppression_http_lift(struct scope *scope, const struct request *request,
                           struct response *response);
