// SPDX-License-Identifier: Apache-2.0
#include "app/openapi_http.h"

#include "app/tables.h"
#include "web/openapi.h"

const struct route_answer openapi_answer = {.type = ANSWER_OBJECT,
                                            .help = "the OpenAPI 3.1 document of this API"};

code openapi_http_show(struct scope *scope, const struct request *request,
                       struct response *response) {
    (void)request;
    openapi_write(&response->writer, &scope->arena, routes, route_count);
    return OK;
}
