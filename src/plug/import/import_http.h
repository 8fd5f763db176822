// SPDX-License-Identifier: Apache-2.0
// Handlers of imports, mappings and quarantine.
#pragma once

#include "web/router.h"

extern const struct route_body import_start_body; // of a proposal, too
extern const struct route_answer import_propose_answer;
extern const struct route_parameter import_list_parameters[];
extern const struct route_answer import_show_answer;
extern const struct route_parameter import_fields_parameters[];
extern const struct route_answer mapping_show_answer;
extern const struct route_body mapping_put_body;
extern const struct route_answer mapping_put_answer;
extern const struct route_answer mapping_delete_answer;
extern const struct route_parameter quarantine_list_parameters[];
extern const struct route_body quarantine_fix_body;
extern const struct route_answer quarantine_fix_answer;
extern const struct route_answer quarantine_discard_answer;
extern const struct route_body quarantine_replay_body;
extern const struct route_answer quarantine_replay_answer;

code import_http_propose(struct scope *scope, const struct request *request,
                         struct response *response);
code import_http_start(struct scope *scope, const struct request *request,
                       struct response *response);
code import_http_list(struct scope *scope, const struct request *request,
                      struct response *response);
code import_http_show(struct scope *scope, const struct request *request,
                      struct response *response);
// What columns can mean.
code import_http_fields(struct scope *scope, const struct request *request,
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
