// SPDX-License-Identifier: Apache-2.0
#include "govern/operation/storage_cli.h"

static code run_status(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/storage"));
    return cli_call(scope, cli, &builder.request);
}

const struct command storage_commands[] = {
    {.name = "store status",
     .operands = "",
     .summary = "What the store takes on its disks, by table, index, machine and file",
     .help = "Rows of large tables are the database's own estimate in PostgreSQL. Bytes per row\n"
             "are of the table and its indexes. On a Citus cluster: how each table stands, its\n"
             "shards, how much larger the largest shard is than their mean, and what each\n"
             "machine holds. The sizing in docs/scale.md is made of these numbers.\n",
     .run = run_status,
     .store = COMMAND_OPENS_FREE},
};
const size_t storage_command_count = sizeof(storage_commands) / sizeof(*storage_commands);
