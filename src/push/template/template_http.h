// SPDX-License-Identifier: Apache-2.0
// Templates over HTTP: kept, looked at, checked and tried on a customer before they are.
#pragma once

#include "web/route.h"

extern const struct route_parameter template_list_parameters[];
extern const struct route_parameter template_show_parameters[];
extern const struct route_answer template_show_answer;
extern const struct route_parameter template_versions_parameters[];
extern const struct route_body template_save_body;
extern const struct route_answer template_save_answer;
extern const struct route_answer template_language_answer;
extern const struct route_body template_preview_body;
extern const struct route_answer template_preview_answer;

code template_http_list(struct scope *scope, const struct request *request,
                        struct response *response);
code template_http_show(struct scope *scope, const struct request *request,
                        struct response *response);
code template_http_versions(struct scope *scope, const struct request *request,
                            struct response *response);
code template_http_save(struct scope *scope, const struct request *request,
                        struct response *response);
// What templates may name, and the words of the language.
code template_http_language(struct scope *scope, const struct request *request,
                            struct response *response);
// Content that need not be kept, for one customer: what it gets, or what is wrong with it.
code template_http_preview(struct scope *scope, const struct request *request,
                           struct response *response);
