// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

code customer_http_search(struct scope *scope, const struct request *request,
                          struct response *response);
code customer_http_show(struct scope *scope, const struct request *request,
                        struct response *response);
code customer_http_timeline(struct scope *scope, const struct request *request,
                            struct response *response);
code customer_http_links(struct scope *scope, const struct request *request,
                         struct response *response);
code customer_http_join(struct scope *scope, const struct request *request,
                        struct response *response);
code customer_http_undo_link(struct scope *scope, const struct request *request,
                             struct response *response);
