// SPDX-License-Identifier: Apache-2.0
#include "govern/access/access_cli.h"
#include "govern/access/role.h"

struct member {
    const char *key;
    struct text value; // empty: left out
};

static code call(struct scope *scope, struct cli *cli, enum method method, struct text path,
                 const struct member *members, size_t count) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    for (size_t i = 0; i < count; i++)
        if (members[i].value.size > 0) {
            json_key(&writer, members[i].key);
            json_write_text(&writer, members[i].value);
        }
    json_end_object(&writer);
    return cli_send(scope, cli, method, path, buffer_text(&body));
}

static struct text path_of(struct scope *scope, const struct arguments *arguments,
                           const char *rest) {
    const struct text name = request_path_element(&scope->arena, argument_operand(arguments, 0));

    return text_printf(&scope->arena, "/api/v1/accounts/%.*s%s", TEXT_ARG(name), rest);
}

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/accounts"));
    return cli_call(scope, cli, &builder.request);
}

static code run_add(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct member members[] = {
        {"name", argument_operand(arguments, 0)},
        {"role", argument_text(arguments, "role")},
        {"display_name", argument_text(arguments, "display-name")},
    };

    return call(scope, cli, METHOD_POST, TEXT("/api/v1/accounts"), members, 3);
}

static code change(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                   const char *key, struct text value) {
    const struct member member = {key, value};

    return call(scope, cli, METHOD_PATCH, path_of(scope, arguments, ""), &member, 1);
}

static code run_disable(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return change(scope, cli, arguments, "state", TEXT("disabled"));
}

static code run_enable(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return change(scope, cli, arguments, "state", TEXT("active"));
}

static code run_role(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return change(scope, cli, arguments, "role", argument_operand(arguments, 1));
}

static code run_invite(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const bool reset = argument_given(arguments, "reset-second-factor");
    struct request_builder builder;

    request_builder_init(&builder, METHOD_POST, path_of(scope, arguments, "/invitation"));
    if (reset)
        TRY(request_builder_body(scope, &builder, TEXT("{\"reset_second_factor\": true}")));
    return cli_call(scope, cli, &builder.request);
}

static const struct option add_options[] = {
    {.name = "role", .value = "ROLE", .help = "what they may do", .choices = role_names},
    {.name = "display-name", .value = "TEXT", .help = "how they are shown to others"},
    {0},
};

static const struct option invite_options[] = {
    {.name = "reset-second-factor",
     .help = "take the second factor away: the phone and the recovery codes are lost"},
    {0},
};

const struct command account_commands[] = {
    {.name = "account list",
     .operands = "",
     .summary = "Show who may sign in",
     .run = run_list,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "account add",
     .operands = "NAME",
     .summary = "Make an account and a one-time link to it",
     .help =
         "Whoever opens the link sets the password; it holds for three days and works once. It\n"
         "begins with the option base_url.\n"
         "\n"
         "Roles: administrator (everything), marketer (imports, segments, exports), agent (serves\n"
         "customers, sees whole addresses), analyst (reports, SQL), data_protection_officer\n"
         "(reads, and reads the audit log).\n"
         "\n"
         "Examples:\n"
         "  tessera account add ann --role marketer --display-name \"Ann Smith\"\n"
         "  TESSERA_BASE_URL=https://crm.example.com tessera account add bob --role agent\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = add_options,
     .run = run_add},
    {.name = "account invite",
     .operands = "NAME",
     .summary = "Make a new one-time link: for who forgot the password",
     .help = "It takes the place of any older link. Until it is used the old password holds.\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = invite_options,
     .run = run_invite},
    {.name = "account role",
     .operands = "NAME ROLE",
     .summary = "Give an account another role; it has to sign in again",
     .minimum_operands = 2,
     .maximum_operands = 2,
     .run = run_role},
    {.name = "account disable",
     .operands = "NAME",
     .summary = "Keep somebody out, at once; their keys count no more",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_disable},
    {.name = "account enable",
     .operands = "NAME",
     .summary = "Let somebody in again",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_enable},
};
const size_t account_command_count = sizeof(account_commands) / sizeof(*account_commands);
