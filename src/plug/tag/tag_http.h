// SPDX-License-Identifier: Apache-2.0
// The tag manager over the API, and what pages with the tag ask for.
#pragma once

#include "web/route.h"

extern const struct route_answer tag_show_answer;
extern const struct route_body tag_save_body;
extern const struct route_answer tag_save_answer;
extern const struct route_body tag_publish_body;
extern const struct route_body tag_restore_body;
extern const struct route_answer tag_publish_answer;
extern const struct route_answer tag_version_answer;
extern const struct route_answer tag_served_answer;

code tag_http_list(struct scope *scope, const struct request *request, struct response *response);
code tag_http_show(struct scope *scope, const struct request *request, struct response *response);
code tag_http_save(struct scope *scope, const struct request *request, struct response *response);
code tag_http_publish(struct scope *scope, const struct request *request,
                      struct response *response);
code tag_http_restore(struct scope *scope, const struct request *request,
                      struct response *response);
code tag_http_version(struct scope *scope, const struct request *request,
                      struct response *response);
// GET /t/{write key}.json, for everybody.
code tag_http_served(struct scope *scope, const struct request *request, struct response *response);
