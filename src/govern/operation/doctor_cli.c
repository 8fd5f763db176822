// SPDX-License-Identifier: Apache-2.0
#include "govern/operation/doctor_cli.h"

#include <inttypes.h>

static code run_doctor(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;
    const struct json *answer, *fail_count;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/doctor"));
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    TRY(cli_print(scope, cli, answer));
    fail_count = json_member(answer, "fail_count");
    if (fail_count && fail_count->int64 > 0)
        return scope_fail(scope, CONFLICT, "%" PRId64 " of the checks failed", fail_count->int64);
    return OK;
}

const struct command doctor_commands[] = {
    {.name = "doctor",
     .operands = "",
     .summary = "Check that everything is in order",
     .help =
         "Looks at the configuration, the folder, the disk, the clock, the age of the backups, "
         "the\n"
         "ledger and its schema, the audit log, jobs, uploads, the quarantine, and whether the\n"
         "lake tells what the ledger tells. Exit code 4 when a check fails; a warning is none. "
         "Beside the process that has the store open the checks of the\n"
         "lake are skipped.\n",
     .run = run_doctor,
     .store = COMMAND_OPENS_FREE},
};
const size_t doctor_command_count = sizeof(doctor_commands) / sizeof(*doctor_commands);
