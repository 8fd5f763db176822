// SPDX-License-Identifier: Apache-2.0
// Segments over the API.
#pragma once

#include "web/router.h"

code segment_http_list(struct scope *scope, const struct request *request,
                       struct response *response);
code segment_http_create(struct scope *scope, const struct request *request,
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
code segment_http_export(struct scope *scope, const struct request *request,
                         struct response *response);
