// SPDX-License-Identifier: Apache-2.0
#include "push/sheet/sheet_cli.h"

#include "cli/cli.h"

static struct text path_of(struct scope *scope, const struct arguments *arguments,
                           const char *rest) {
    return text_printf(
        &scope->arena, "/api/v1/dashboards/%.*s/%s",
        TEXT_ARG(request_path_element(&scope->arena, argument_operand(arguments, 0))), rest);
}

static const char *mail_path(struct scope *scope, const struct arguments *arguments,
                             const char *rest) {
    return arena_printf(
        &scope->arena, "mails/%.*s%s",
        TEXT_ARG(request_path_element(&scope->arena, argument_operand(arguments, 1))), rest);
}

// ---- a picture ----

static code run_draw(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    const struct text file = argument_operand(arguments, 1);
    const bool is_png = text_ends_with(file, TEXT(".png"));
    struct json_writer writer;
    struct text path;

    if (!is_png && !text_ends_with(file, TEXT(".pdf")))
        return scope_fail(scope, INVALID, "\"%.*s\" ends in neither .pdf nor .png", TEXT_ARG(file));
    TRY(cli_absolute_path(scope, file, &path));
    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "format");
    json_write_string(&writer, is_png ? "png" : "pdf");
    json_key(&writer, "path");
    json_write_text(&writer, path);
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, path_of(scope, arguments, "sheet"),
                    buffer_text(&body));
}

// ---- by e-mail ----

static code write_number(struct scope *scope, const struct arguments *arguments, const char *name,
                         struct json_writer *writer) {
    const struct text given = argument_text(arguments, name);
    int64_t number;

    if (!argument_given(arguments, name))
        return OK;
    if (!text_to_int64(given, &number))
        return scope_fail_field(scope, INVALID, name, "--%s \"%.*s\" is no number", name,
                                TEXT_ARG(given));
    json_key(writer, name);
    json_write_int64(writer, number);
    return OK;
}

static void write_word(const struct arguments *arguments, const char *option, const char *field,
                       struct json_writer *writer) {
    if (!argument_given(arguments, option))
        return;
    json_key(writer, field);
    json_write_text(writer, argument_text(arguments, option));
}

static code run_mail(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "to");
    json_begin_array(&writer);
    for (int i = 1; i < (int)argument_operand_count(arguments); i++)
        json_write_text(&writer, argument_operand(arguments, i));
    json_end_array(&writer);
    write_word(arguments, "every", "every", &writer);
    write_word(arguments, "as", "format", &writer);
    TRY(write_number(scope, arguments, "day", &writer));
    TRY(write_number(scope, arguments, "hour", &writer));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, path_of(scope, arguments, "mails"),
                    buffer_text(&body));
}

static code run_mails(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {"limit", "after", NULL};

    return cli_ask(scope, cli, arguments, path_of(scope, arguments, "mails"), names);
}

static code run_delete(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_DELETE,
                    path_of(scope, arguments, mail_path(scope, arguments, "")), TEXT(""));
}

static code run_send(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;
    const struct json *answer, *result;
    int64_t job_id;

    request_builder_init(&builder, METHOD_POST,
                         path_of(scope, arguments, mail_path(scope, arguments, "/send")));
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    TRY(cli_job_of(scope, answer, &job_id));
    TRY(cli_watch_job(scope, cli, job_id, &result));
    return cli_print(scope, cli, result);
}

static const struct option mail_options[] = {
    {"every", "day|week|month", "how often (week)", NULL, false},
    {"day", "N", "1 Monday to 7 Sunday of a week, 1 to 28 of a month (1)", NULL, false},
    {"hour", "N", "0 to 23, in the business time zone (7)", NULL, false},
    {"as", "pdf|png", "attached, or in the mail itself (pdf)", NULL, false},
    {0},
};
static const struct option mails_options[] = {
    {"limit", "ROWS", "at most so many rows (100)", NULL, false},
    {"after", "NEXT", "\"next\" of the page before this one", NULL, false},
    {0},
};

// clang-format off
const struct command sheet_commands[] = {
    {"dashboard sheet", "NAME FILE", "Draw a dashboard as a PDF or PNG, by the ending of the file",
     "The numbers are those of now, the days those of the dashboard.\n"
     "\n"
     "Example:\n"
     "  tessera dashboard sheet monday monday.pdf\n",
     2, 2, NULL, run_draw, COMMAND_NEEDS_STORE},
    {"dashboard mail", "NAME ADDRESS...", "Send a dashboard by e-mail every day, week or month",
     "Each address gets a mail of its own. It goes out while a server runs.\n"
     "\n"
     "Example:\n"
     "  tessera dashboard mail monday ada@example.org --every week --day 1 --hour 7\n",
     2, 20, mail_options, run_mail, COMMAND_NEEDS_STORE},
    {"dashboard mails", "NAME", "To whom a dashboard goes, when, and what became of the last one",
     NULL, 1, 1, mails_options, run_mails, COMMAND_NEEDS_STORE},
    {"dashboard mail-send", "NAME ID", "Send one of a dashboard's e-mails now", NULL,
     2, 2, NULL, run_send, COMMAND_NEEDS_STORE},
    {"dashboard mail-delete", "NAME ID", "Send it no more", NULL,
     2, 2, NULL, run_delete, COMMAND_NEEDS_STORE},
};
// clang-format on
const size_t sheet_command_count = sizeof(sheet_commands) / sizeof(*sheet_commands);
