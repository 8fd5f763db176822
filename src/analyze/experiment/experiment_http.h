// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "web/router.h"

extern const struct route_parameter experiment_sample_parameters[];
extern const struct route_answer experiment_sample_answer;
extern const struct route_parameter experiment_segments_parameters[];
extern const struct route_answer experiment_segments_answer;

code experiment_http_sample_size(struct scope *scope, const struct request *request,
                                 struct response *response);
code experiment_http_segments(struct scope *scope, const struct request *request,
                              struct response *response);
