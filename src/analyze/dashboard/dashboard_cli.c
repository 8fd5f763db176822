// SPDX-License-Identifier: Apache-2.0
#include "analyze/dashboard/dashboard_cli.h"

static struct text path_of(struct scope *scope, const struct arguments *arguments) {
    return text_printf(
        &scope->arena, "/api/v1/dashboards/%.*s",
        TEXT_ARG(request_path_element(&scope->arena, argument_operand(arguments, 0))));
}

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/dashboards"));
    request_builder_add(&builder, "limit", TEXT("1000"));
    return cli_call(scope, cli, &builder.request);
}

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_GET, path_of(scope, arguments), TEXT(""));
}

static code run_save(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;
    struct json *definition;
    struct text text;

    TRY(cli_read_file(scope, text_string(&scope->arena, argument_operand(arguments, 1)), &text));
    TRY(json_parse(scope, text, &definition));
    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "definition");
    json_write(&writer, definition);
    json_key(&writer, "description");
    json_write_text(&writer, argument_text(arguments, "description"));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_PUT, path_of(scope, arguments), buffer_text(&body));
}

static code run_delete(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_DELETE, path_of(scope, arguments), TEXT(""));
}

static const struct option save_options[] = {
    {"description", "TEXT", "what it shows", NULL, false},
    {0},
};

// clang-format off
const struct command dashboard_commands[] = {
    {"dashboard list", "", "Pages that were put together from metrics, segments and analyses", NULL,
     0, 0, NULL, run_list, COMMAND_NEEDS_STORE},
    {"dashboard show", "NAME", "The definition of a dashboard", NULL,
     1, 1, NULL, run_show, COMMAND_NEEDS_STORE},
    {"dashboard save", "NAME FILE", "Keep a dashboard that a file defines",
     "It takes the place of an earlier one of that name. The file holds the JSON that\n"
     "`tessera dashboard show NAME --format json` has in \"definition\".\n"
     "\n"
     "Example:\n"
     "  tessera dashboard save monday monday.json --description \"before the meeting\"\n",
     2, 2, save_options, run_save, COMMAND_NEEDS_STORE},
    {"dashboard delete", "NAME", "Forget a dashboard", NULL,
     1, 1, NULL, run_delete, COMMAND_NEEDS_STORE},
};
// clang-format on
const size_t dashboard_command_count = sizeof(dashboard_commands) / sizeof(*dashboard_commands);
