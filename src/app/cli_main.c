// SPDX-License-Identifier: Apache-2.0
// The command line: the tables, handed to cli/run.c.
#include "app/tables.h"

int main(int argc, char **argv) {
    struct cli cli = {
        .routes = routes,
        .route_count = route_count,
        .commands = {.groups = command_groups, .count = command_group_count},
        .jobs = job_kinds,
        .job_count = job_kind_count,
    };

    return cli_run(&cli, argc, argv);
}
