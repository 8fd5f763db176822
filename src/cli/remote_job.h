// SPDX-License-Identifier: Apache-2.0
// A job that a server runs, watched from the command line: through the server, or, where both share
// a database, in the ledger. Ctrl-C (cli->interrupt) asks the server to cancel it.
#pragma once

#include "cli/cli.h"

// Until it ends; its result, or its failure as the scope's.
code remote_job_watch(struct scope *scope, struct cli *cli, int64_t job_id,
                      const struct json **ret_result);
// Queue it again.
code remote_job_resume(struct scope *scope, struct cli *cli, int64_t job_id);
