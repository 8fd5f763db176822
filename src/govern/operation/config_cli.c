// SPDX-License-Identifier: Apache-2.0
// What is in force and who said so. It answers without a store: the configuration is looked at
// before there is one.
#include "govern/operation/config_cli.h"

#include "cli/output.h"

#include <unistd.h>

// A file that sets nothing and says everything.
static code print_example(struct scope *scope, struct cli *cli) {
    CLEANUP(buffer_clear) struct buffer out = {0};

    buffer_add_string(&out, "# Tessera's configuration. Lines of name = value; what follows a # is "
                            "a comment.\n# `tessera config` shows what is in force and where each "
                            "value comes from.\n");
    for (size_t i = 0; i < config_option_count; i++) {
        const struct config_option *option = &config_options[i];
        const bool has_default = option->otherwise[0] != '\0';

        buffer_printf(&out, "\n# %s\n#%s = %s\n", option->help, option->name,
                      has_default ? option->otherwise : option->value);
    }
    return output_write(scope, cli, &out);
}

static void write_rows(struct scope *scope, const struct config *config,
                       struct response *response) {
    for (size_t i = 0; i < config_option_count; i++) {
        const struct config_option *option = &config_options[i];
        const enum config_origin origin = config_origin(config, option);

        response_begin_row(response);
        response_text(response, text_of(option->name));
        response_text(response, config_value(scope, config, option));
        response_text(response, text_of(config_origin_name(origin)));
        response_text(response, text_of(option->help));
        response_end_row(response);
    }
}

static void write_answer(struct scope *scope, const struct config *config,
                         struct response *response) {
    static const struct column columns[] = {
        {"name", "Name", COLUMN_TEXT, NULL},
        {"value", "Value", COLUMN_TEXT, NULL},
        {"origin", "From", COLUMN_TEXT, NULL},
        {"meaning", "Meaning", COLUMN_TEXT, NULL},
    };
    const char *unknown = config_unknown_variable(scope, (const char *const *)environ);
    struct json_writer *writer = &response->writer;

    json_begin_object(writer);
    json_key(writer, "file");
    json_write_string(writer, config->file[0] != '\0' ? config->file : "none");
    if (unknown) {
        json_key(writer, "notices");
        json_begin_array(writer);
        json_write_string(
            writer, arena_printf(&scope->arena, "%s in the environment names no option", unknown));
        json_end_array(writer);
    }
    response_begin_table(response, "options", columns, sizeof(columns) / sizeof(*columns));
    write_rows(scope, config, response);
    response_end_table(response);
    json_end_object(writer);
}

static code run_config(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct response response;
    struct json *answer;
    code result;

    if (argument_given(arguments, "example"))
        return print_example(scope, cli);
    response_init(&response);
    write_answer(scope, cli_config(cli), &response);
    result = json_parse_own(scope, buffer_text(&response.body), &answer);
    response_clear(&response);
    TRY(result);
    TRY(cli_print(scope, cli, answer));
    return argument_given(arguments, "check") ? config_check_server(scope, cli_config(cli)) : OK;
}

static const struct option config_options_of_command[] = {
    {.name = "check", .help = "fail unless a server could run with it"},
    {.name = "example", .help = "write a configuration file that sets nothing and explains all"},
    {0},
};

const struct command config_commands[] = {
    {.name = "config",
     .operands = "",
     .summary = "Show the configuration in force and where it comes from",
     .help = "An option is said on the command line of `tessera serve`, in the environment\n"
             "(TESSERA_LISTEN for listen) or in a file of name = value lines; the first of these\n"
             "that says it holds. Secrets are never part of it: options name files.\n"
             "\n"
             "Examples:\n"
             "  tessera config --check\n"
             "  tessera config --example > /etc/tessera/tessera.conf\n",
     .options = config_options_of_command,
     .run = run_config,
     .store = COMMAND_WITHOUT_STORE},
};
const size_t config_command_count = sizeof(config_commands) / sizeof(*config_commands);
