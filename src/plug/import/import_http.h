// SPDX-License-Identifier: Apache-2.0
// Handlers of imports, mappings and quarantine.
#pragma once

#include "web/router.h"

code import_http_propose(struct scope *scope, const struct request *request,
                         struct response *response);
code import_http_start(struct scope *scope, const struct request *request,
                       struct response *response);
code import_http_list(struct scope *scope, const struct request *request,
                      struct response *response);
code import_http_show(struct scope *scope, const struct request *request,
                      struct response *response);
code import_http_undo(struct scope *scope, const struct request *request,
                      struct response *response);
code mapping_http_list(struct scope *scope, const struct request *request,
                       struct response *response);
code mapping_http_show(struct scope *scope, const struct request *request,
                       struct response *response);
code mapping_http_put(struct scope *scope, const struct request *request,
                      struct response *response);
code mapping_http_delete(struct scope *scope, const struct request *request,
                         struct response *response);
code quarantine_http_list(struct scope *scope, const struct request *request,
                          struct response *response);
code quarantine_http_fix(struct scope *scope, const struct request *request,
                         struct response *response);
code quarantine_http_discard(struct scope *scope, const struct request *request,
                             struct response *response);
code quarantine_http_replay(struct scope *scope, const struct request *request,
                            struct response *response);
