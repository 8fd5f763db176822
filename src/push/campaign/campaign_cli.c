// SPDX-License-Identifier: Apache-2.0
#include "push/campaign/campaign_cli.h"

static struct text path_of(struct scope *scope, const struct arguments *arguments,
                           const char *more) {
    return text_printf(
        &scope->arena, "/api/v1/campaigns/%.*s%s",
        TEXT_ARG(request_path_element(&scope->arena, argument_operand(arguments, 0))), more);
}

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_ask(scope, cli, arguments, TEXT("/api/v1/campaigns"),
                   (const char *const[]){"state", "limit", "after", NULL});
}

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_GET, path_of(scope, arguments, ""), TEXT(""));
}

static code run_create(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct text text;

    TRY(cli_read_file(scope, text_string(&scope->arena, argument_operand(arguments, 0)), &text));
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/campaigns"), text);
}

static code run_change(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct text text;

    TRY(cli_read_file(scope, text_string(&scope->arena, argument_operand(arguments, 1)), &text));
    return cli_send(scope, cli, METHOD_PUT, path_of(scope, arguments, ""), text);
}

static code run_delete(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_DELETE, path_of(scope, arguments, ""), TEXT(""));
}

static code run_audience(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct text text;

    TRY(cli_read_file(scope, text_string(&scope->arena, argument_operand(arguments, 0)), &text));
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/campaigns/audience"), text);
}

static code run_step(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "step");
    json_write_text(&writer, argument_operand(arguments, 1));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, path_of(scope, arguments, "/step"),
                    buffer_text(&body));
}

static code run_result(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_GET, path_of(scope, arguments, "/result"), TEXT(""));
}

static code run_messages(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_ask(scope, cli, arguments, path_of(scope, arguments, "/messages"),
                   (const char *const[]){"state", "limit", "after", NULL});
}

static code run_resend(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct text more =
        text_printf(&scope->arena, "/messages/%.*s/resend",
                    TEXT_ARG(request_path_element(&scope->arena, argument_operand(arguments, 1))));

    return cli_send(scope, cli, METHOD_POST,
                    path_of(scope, arguments, text_string(&scope->arena, more)), TEXT(""));
}

static void write_options(struct json_writer *writer, const struct arguments *arguments,
                          const char *const *names) {
    for (; *names; names++)
        if (argument_given(arguments, *names)) {
            json_key(writer, *names);
            json_write_text(writer, argument_text(arguments, *names));
        }
}

static code run_test(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    write_options(&writer, arguments, (const char *const[]){"arm", "customer", "to", NULL});
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, path_of(scope, arguments, "/test"),
                    buffer_text(&body));
}

static code run_import(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;
    struct text path;

    TRY(cli_absolute_path(scope, argument_operand(arguments, 1), &path));
    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "name");
    json_write_text(&writer, argument_operand(arguments, 0));
    json_key(&writer, "path");
    json_write_text(&writer, path);
    write_options(
        &writer, arguments,
        (const char *const[]){"purpose", "channel", "arm", "control", "outcomes", "before", NULL});
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/campaigns/import"), buffer_text(&body));
}

static const struct option page_options[] = {
    {"state", "STATE", "of those in this state", NULL, false},
    {"limit", "N", "rows of a page at most", NULL, false},
    {"after", "NEXT", "\"next\" of the page before this one", NULL, false},
    {0},
};
static const struct option test_options[] = {
    {"customer", "KEY", "as whom it is written: an id, number or address", NULL, false},
    {"to", "ADDRESS", "your own address", NULL, false},
    {"arm", "NAME", "of the arm (the first)", NULL, false},
    {0},
};
static const struct option import_options[] = {
    {"purpose", "NAME", "what customers were written to for", NULL, false},
    {"channel", "NAME", "how they were reached", NULL, false},
    {"arm", "COLUMN", "the column that names the arm", NULL, false},
    {"control", "NAME", "the arm that was written nothing", NULL, false},
    {"outcomes", "COLUMNS", "what came of it, with commas between", NULL, false},
    {"before", "COLUMN", "a number known before the arms were made", NULL, false},
    {0},
};

// clang-format off
const struct command campaign_commands[] = {
    {"campaign list", "", "Campaigns, newest first", NULL,
     0, 0, page_options, run_list, COMMAND_NEEDS_STORE},
    {"campaign show", "NAME", "One campaign", NULL,
     1, 1, NULL, run_show, COMMAND_NEEDS_STORE},
    {"campaign create", "FILE", "Make a draft of a campaign from a JSON document",
     "The document names the purpose, the channel, the segment and the arms:\n"
     "\n"
     "  {\"name\": \"spring\", \"purpose\": \"newsletter\", \"channel\": \"email\",\n"
     "   \"segment\": \"loyal\", \"budget\": 500, \"hold_out\": 5,\n"
     "   \"arms\": [{\"name\": \"A\", \"template\": \"spring-a\"},\n"
     "            {\"name\": \"B\", \"template\": \"spring-b\"}]}\n",
     1, 1, NULL, run_create, COMMAND_NEEDS_STORE},
    {"campaign change", "NAME FILE", "Change a draft by a JSON document", NULL,
     2, 2, NULL, run_change, COMMAND_NEEDS_STORE},
    {"campaign delete", "NAME", "Forget a draft", NULL,
     1, 1, NULL, run_delete, COMMAND_NEEDS_STORE},
    {"campaign audience", "FILE", "Count whom a campaign would reach, and why not the others", NULL,
     1, 1, NULL, run_audience, COMMAND_NEEDS_STORE},
    {"campaign test", "NAME", "Send a message of it to your own address", NULL,
     1, 1, test_options, run_test, COMMAND_NEEDS_STORE},
    {"campaign step", "NAME STEP", "Take a campaign a step further, or back",
     "The steps are submit, withdraw, approve, pause, resume, stop and update.\n"
     "\n"
     "A draft is submitted, approved (by another person, where the setting campaign_approval asks\n"
     "for one) and then sent by the server. Pausing and stopping hold from the next batch on.\n"
     "An ad audience that is finished can be updated: its next files have those who come and go.\n",
     2, 2, NULL, run_step, COMMAND_NEEDS_STORE},
    {"campaign result", "NAME", "What came of it, beside those who were held out", NULL,
     1, 1, NULL, run_result, COMMAND_NEEDS_STORE},
    {"campaign messages", "NAME", "Its messages one by one", NULL,
     1, 1, page_options, run_messages, COMMAND_NEEDS_STORE},
    {"campaign resend", "NAME MESSAGE", "Send a message whose outcome is unknown",
     "It may have arrived: then the customer gets it twice.\n",
     2, 2, NULL, run_resend, COMMAND_NEEDS_STORE},
    {"campaign import", "NAME FILE", "Keep a test that was sent elsewhere, with what it shows",
     "FILE has a row for each customer.\n"
     "\n"
     "  tessera campaign import spring-2008 hillstrom.csv --purpose offers --channel email \\\n"
     "      --arm segment --control \"No E-Mail\" --outcomes visit,conversion,spend\n",
     2, 2, import_options, run_import, COMMAND_NEEDS_STORE},
};
// clang-format on
const size_t campaign_command_count = sizeof(campaign_commands) / sizeof(*campaign_commands);
