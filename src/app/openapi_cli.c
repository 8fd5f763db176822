// SPDX-License-Identifier: Apache-2.0
#include "app/openapi_cli.h"

#include "app/tables.h"

// The document is one, whatever the format of answers: it is no table.
static code run(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/openapi.json"));
    cli->format = FORMAT_JSON;
    return cli_call(scope, cli, &builder.request);
}

const struct command openapi_commands[] = {
    {.name = "openapi",
     .operands = "",
     .summary = "Print the OpenAPI 3.1 document of the HTTP API",
     .help = "From it, clients of the API are made for any language. A running server gives it at\n"
             "/api/v1/openapi.json, and /api shows it to people.\n\n"
             "Examples:\n"
             "  tessera openapi > openapi.json\n"
             "  npx openapi-typescript openapi.json -o schema.ts\n",
     .run = run,
     .store = COMMAND_WITHOUT_STORE},
};
const size_t openapi_command_count = sizeof(openapi_commands) / sizeof(*openapi_commands);
