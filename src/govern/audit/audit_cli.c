// SPDX-License-Identifier: Apache-2.0
#include "govern/audit/audit_cli.h"

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const options[] = {"limit", "after", NULL};

    return cli_ask(scope, cli, arguments, TEXT("/api/v1/audit"), options);
}

static code run_head(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/audit/head"));
    return cli_call(scope, cli, &builder.request);
}

static code run_verify(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const options[] = {"head", NULL};

    return cli_ask(scope, cli, arguments, TEXT("/api/v1/audit/verification"), options);
}

static const struct option list_options[] = {
    {.name = "limit", .value = "COUNT", .help = "how many records (50)"},
    {.name = "after", .value = "NEXT", .help = "\"next\" of the page before this one"},
    {0},
};

static const struct option verify_options[] = {
    {.name = "head",
     .value = "COUNT:HASH",
     .help = "what `tessera audit head` said once: were records cut off since?"},
    {0},
};

const struct command audit_commands[] = {
    {.name = "audit list",
     .operands = "",
     .summary = "Show who did what, newest first",
     .help = "Examples:\n"
             "  tessera audit list --limit 10\n",
     .options = list_options,
     .run = run_list,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "audit head",
     .operands = "",
     .summary = "Show how long the audit log is and its last hash, to keep elsewhere",
     .help =
         "Whoever can write the ledger could cut the log's end off, or write all of it anew. Who\n"
         "keeps the head on another machine finds that out.\n"
         "\n"
         "Examples:\n"
         "  tessera audit head --format json | ssh other 'cat >> tessera-heads'\n",
     .run = run_head,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "audit verify",
     .operands = "",
     .summary = "Check that no record of the audit log was changed or removed",
     .help =
         "Every record carries a hash over itself and the record before it. Exit code 4 when one\n"
         "does not fit; the message names it.\n"
         "\n"
         "Examples:\n"
         "  tessera audit verify\n"
         "  tessera audit verify --head 12:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd1...\n",
     .options = verify_options,
     .run = run_verify,
     .store = COMMAND_OPENS_LEDGER},
};
const size_t audit_command_count = sizeof(audit_commands) / sizeof(*audit_commands);
