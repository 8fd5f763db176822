// SPDX-License-Identifier: Apache-2.0
#include "analyze/run/run_cli.h"

#include "cli/cli.h"

code analysis_cli_number(struct scope *scope, const char *option, struct text given,
                         struct json_writer *writer) {
    int64_t whole;
    double number;

    if (text_to_int64(given, &whole))
        json_write_int64(writer, whole);
    else if (text_to_double(given, &number))
        json_write_double(writer, number);
    else
        return scope_fail_field(scope, INVALID, option, "--%s \"%.*s\" is no number", option,
                                TEXT_ARG(given));
    return OK;
}

static code write_option(struct scope *scope, const struct arguments *arguments,
                         const struct analysis_option *option, struct json_writer *writer) {
    const struct text given = argument_text(arguments, option->option);

    if (!argument_given(arguments, option->option))
        return OK;
    json_key(writer, option->field);
    switch (option->type) {
    case ANALYSIS_TEXT:
        json_write_text(writer, given);
        break;
    case ANALYSIS_NUMBER:
        return analysis_cli_number(scope, option->option, given, writer);
    case ANALYSIS_YES:
    case ANALYSIS_NO:
        json_write_bool(writer, option->type == ANALYSIS_YES);
        break;
    }
    return OK;
}

code analysis_cli_body(struct scope *scope, const struct arguments *arguments,
                       const struct analysis_command *command, struct buffer *body) {
    struct json_writer writer;

    json_writer_init(&writer, body);
    json_begin_object(&writer);
    for (size_t i = 0; i < command->option_count; i++)
        TRY(write_option(scope, arguments, &command->options[i], &writer));
    if (command->write_more)
        TRY(command->write_more(scope, arguments, &writer));
    json_end_object(&writer);
    return OK;
}

static code show(struct scope *scope, struct cli *cli, const struct analysis_command *command) {
    struct request_builder builder;
    const struct json *answer, *result;

    request_builder_init(&builder, METHOD_GET, text_of(command->path));
    if (cli->format == FORMAT_JSON)
        return cli_call(scope, cli, &builder.request);
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    result = json_member(answer, "result");
    if (result == NULL || result->type == JSON_NULL) {
        scope_fail(scope, NOT_FOUND, "%s", command->never);
        return scope_hint(scope, "run `%s`", command->again);
    }
    return (command->print ? command->print : cli_print)(scope, cli, result);
}

code analysis_cli_run(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                      const struct analysis_command *command) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct request_builder builder;
    const struct json *answer, *result;
    int64_t job_id;

    if (argument_given(arguments, "last"))
        return show(scope, cli, command);
    TRY(analysis_cli_body(scope, arguments, command, &body));
    request_builder_init(&builder, METHOD_POST,
                         text_printf(&scope->arena, "%s/runs", command->path));
    TRY(request_builder_body(scope, &builder, buffer_text(&body)));
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    TRY(cli_job_of(scope, answer, &job_id));
    TRY(cli_watch_job(scope, cli, job_id, &result)); // told by what is shown
    return show(scope, cli, command);
}
