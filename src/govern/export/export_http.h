// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "govern/export/export.h"
#include "web/route.h"

extern const struct route_parameter export_list_parameters[];
extern const struct route_answer export_fetch_answer;
extern const struct route_answer export_file_members[]; // of what export_write writes

code export_http_list(struct scope *scope, const struct request *request,
                      struct response *response);
code export_http_fetch(struct scope *scope, const struct request *request,
                       struct response *response);

// An export that was kept, as the member "file" of the object being written.
void export_write(struct response *response, const struct export *export);
