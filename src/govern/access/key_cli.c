// SPDX-License-Identifier: Apache-2.0
#include "govern/access/access_cli.h"

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/keys"));
    return cli_call(scope, cli, &builder.request);
}

static void write_traits(struct json_writer *writer, const struct arguments *arguments) {
    struct text traits[32];
    const size_t count = argument_all(arguments, "trait", traits, 32);

    if (count == 0)
        return;
    json_key(writer, "traits");
    json_begin_array(writer);
    for (size_t i = 0; i < count; i++)
        json_write_text(writer, traits[i]);
    json_end_array(writer);
}

static void write_body(struct buffer *body, const struct arguments *arguments) {
    struct text permissions[32];
    const size_t count = argument_all(arguments, "may", permissions, 32);
    struct json_writer writer;

    json_writer_init(&writer, body);
    json_begin_object(&writer);
    json_key(&writer, "name");
    json_write_text(&writer, argument_operand(arguments, 0));
    json_key(&writer, "permissions");
    json_begin_array(&writer);
    for (size_t i = 0; i < count; i++)
        json_write_text(&writer, permissions[i]);
    json_end_array(&writer);
    write_traits(&writer, arguments);
    if (argument_given(arguments, "until")) {
        json_key(&writer, "expires_at");
        json_write_text(&writer, argument_text(arguments, "until"));
    }
    json_end_object(&writer);
}

static code run_add(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};

    write_body(&body, arguments);
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/keys"), buffer_text(&body));
}

static code run_revoke(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct text name = request_path_element(&scope->arena, argument_operand(arguments, 0));
    struct request_builder builder;

    request_builder_init(&builder, METHOD_DELETE,
                         text_printf(&scope->arena, "/api/v1/keys/%.*s", TEXT_ARG(name)));
    return cli_call(scope, cli, &builder.request);
}

static const struct option add_options[] = {
    {.name = "may",
     .value = "PERMISSION",
     .help = "what it may do, as read_reports; once for each",
     .repeats = true},
    {.name = "trait",
     .value = "NAME",
     .help = "what of a customer it is told by decide, as language or attributes.tier",
     .repeats = true},
    {.name = "until", .value = "DAY", .help = "the day (UTC) from which on it is refused"},
    {0},
};

const struct command key_commands[] = {
    {.name = "key list",
     .operands = "",
     .summary = "Show the API keys, what they may and when they were used",
     .run = run_list,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "key add",
     .operands = "NAME",
     .summary = "Make an API key; it is shown this once",
     .help = "A program shows it as  Authorization: Bearer tsk_...\n"
             "\n"
             "Permissions: read_customers, unmask_identifiers, change_customers, read_reports,\n"
             "read_segments, change_segments, export, import, query_sql, read_jobs, control_jobs,\n"
             "read_audit, change_settings, use_account, read_metrics, decide.\n"
             "\n"
             "Examples:\n"
             "  tessera key add prometheus --may read_metrics\n"
             "  tessera key add shop --may decide --trait language --trait attributes.tier\n"
             "  tessera key add nightly --may import --may read_jobs --until 2027-01-01\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = add_options,
     .run = run_add},
    {.name = "key revoke",
     .operands = "NAME",
     .summary = "Refuse a key from now on",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_revoke},
};
const size_t key_command_count = sizeof(key_commands) / sizeof(*key_commands);
