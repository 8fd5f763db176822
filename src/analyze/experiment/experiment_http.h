// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

enum { EXPERIMENT_VERSION = 1 }; // of what is kept: raise it when digits change

extern const struct route_parameter experiment_sample_parameters[];
extern const struct route_answer experiment_sample_answer;
extern const struct route_parameter experiment_segments_parameters[];
extern const struct route_answer experiment_segments_answer;

code experiment_http_sample_size(struct scope *scope, const struct request *request,
                                 struct response *response);
code experiment_http_segments(struct scope *scope, const struct request *request,
                              struct response *response);
// A comparison of segments is kept as it is now (analyze/run), and told again later.
extern const struct route_answer experiment_keep_answer;
extern const struct route_answer experiment_show_answer;
code experiment_http_keep(struct scope *scope, const struct request *request,
                          struct response *response);
code experiment_http_show(struct scope *scope, const struct request *request,
                          struct response *response);
code experiment_http_runs(struct scope *scope, const struct request *request,
                          struct response *response);
