// SPDX-License-Identifier: Apache-2.0
#include "govern/consent/consent_cli.h"

static struct text path_of(struct scope *scope, const char *before, struct text name,
                           const char *behind) {
    return text_printf(&scope->arena, "%s%.*s%s", before,
                       TEXT_ARG(request_path_element(&scope->arena, name)), behind);
}

static code run_purposes(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_GET, TEXT("/api/v1/consent/purposes"), TEXT(""));
}

static code run_purpose(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct text path =
        path_of(scope, "/api/v1/consent/purposes/", argument_operand(arguments, 0), "");
    struct text definition;

    if (!argument_given(arguments, "set"))
        return cli_send(scope, cli, METHOD_GET, path, TEXT(""));
    TRY(cli_read_file(scope, text_string(&scope->arena, argument_text(arguments, "set")),
                      &definition));
    return cli_send(scope, cli, METHOD_PUT, path, definition);
}

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(
        scope, cli, METHOD_GET,
        path_of(scope, "/api/v1/customers/", argument_operand(arguments, 0), "/consents"),
        TEXT(""));
}

static code run_fact(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_GET,
                    path_of(scope, "/api/v1/consent/facts/", argument_operand(arguments, 0), ""),
                    TEXT(""));
}

static code run_record(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const operands[] = {NULL, "purpose", "channel", "state"};
    static const char *const options[] = {"how", "proof", "language"};
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    for (int i = 1; i < 4; i++) {
        json_key(&writer, operands[i]);
        json_write_text(&writer, argument_operand(arguments, i));
    }
    for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
        if (argument_given(arguments, options[i])) {
            json_key(&writer, options[i]);
            json_write_text(&writer, argument_text(arguments, options[i]));
        }
    json_end_object(&writer);
    return cli_send(
        scope, cli, METHOD_POST,
        path_of(scope, "/api/v1/customers/", argument_operand(arguments, 0), "/consents"),
        buffer_text(&body));
}

static code run_link(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(
        scope, cli, METHOD_POST,
        path_of(scope, "/api/v1/customers/", argument_operand(arguments, 0), "/preference-link"),
        TEXT(""));
}

static code run_confirmations(struct scope *scope, struct cli *cli,
                              const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_GET, TEXT("/api/v1/consent/confirmations"), TEXT(""));
}

static code run_suppressed(struct scope *scope, struct cli *cli,
                           const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_GET, TEXT("/api/v1/consent/suppressions"), TEXT(""));
}

static code run_suppress(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;
    struct text addresses;

    TRY(cli_read_file(scope, text_string(&scope->arena, argument_operand(arguments, 1)),
                      &addresses));
    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "channel");
    json_write_text(&writer, argument_operand(arguments, 0));
    json_key(&writer, "addresses");
    json_write_text(&writer, addresses);
    if (argument_given(arguments, "reason")) {
        json_key(&writer, "reason");
        json_write_text(&writer, argument_text(arguments, "reason"));
    }
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/consent/suppressions"),
                    buffer_text(&body));
}

static const struct option purpose_options[] = {
    {.name = "set", .value = "FILE.json", .help = "give it this definition, as a new version"},
    {0},
};
static const struct option record_options[] = {
    {.name = "how", .value = "WORD", .help = "how it was said: by_phone, in_shop, by_letter"},
    {.name = "proof", .value = "TEXT", .help = "what shows it: where the form is kept"},
    {.name = "language", .value = "LANGUAGE", .help = "of the text that was read to them"},
    {0},
};
static const char *const reasons[] = {"imported", "unsubscribed", "bounced", "complained", NULL};
static const struct option suppress_options[] = {
    {.name = "reason", .value = "REASON", .help = "why (imported)", .choices = reasons},
    {0},
};

const struct command consent_commands[] = {
    {.name = "consent purposes",
     .operands = "",
     .summary = "What customers are asked for: purposes, their channels and words",
     .run = run_purposes,
     .store = COMMAND_NEEDS_STORE},
    {.name = "consent purpose",
     .operands = "NAME",
     .summary = "Show a purpose and its versions, or give it a new one",
     .help = "A version is never changed: consents name the one whose text was shown.\n\n"
             "  tessera consent purpose newsletter\n"
             "  tessera consent purpose newsletter --set newsletter.json\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = purpose_options,
     .run = run_purpose,
     .store = COMMAND_NEEDS_STORE},
    {.name = "consent show",
     .operands = "CUSTOMER",
     .summary = "For what a customer may be reached, why not, and all that was said",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_show,
     .store = COMMAND_NEEDS_STORE},
    {.name = "consent fact",
     .operands = "ID",
     .summary = "One consent with its proof and the exact text that was shown",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_fact,
     .store = COMMAND_NEEDS_STORE},
    {.name = "consent record",
     .operands = "CUSTOMER PURPOSE CHANNEL STATE",
     .summary = "Write down what a customer said",
     .help = "STATE is granted, denied, withdrawn or objected. PURPOSE \"all\" is all direct\n"
             "marketing. A consent needs a proof.\n\n"
             "  tessera consent record K-1001 marketing phone granted --how in_shop \\\n"
             "    --proof \"form 4711, folder 12\"\n"
             "  tessera consent record K-1001 all all objected --how by_letter\n",
     .minimum_operands = 4,
     .maximum_operands = 4,
     .options = record_options,
     .run = run_record,
     .store = COMMAND_NEEDS_STORE},
    {.name = "consent link",
     .operands = "CUSTOMER",
     .summary = "A link to the customer's own page of choices",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_link,
     .store = COMMAND_NEEDS_STORE},
    {.name = "consent confirmations",
     .operands = "",
     .summary = "How far the messages are that ask to confirm a consent, and what they wait for",
     .run = run_confirmations,
     .store = COMMAND_NEEDS_STORE},
    {.name = "consent suppressed",
     .operands = "",
     .summary = "How many addresses are not written to any more, by channel and reason",
     .run = run_suppressed,
     .store = COMMAND_NEEDS_STORE},
    {.name = "consent suppress",
     .operands = "CHANNEL FILE",
     .summary = "Put addresses on the suppression list, one on each line",
     .help = "They are kept as keyed hashes: nobody can read them back.\n\n"
             "  tessera consent suppress email robinson.txt\n",
     .minimum_operands = 2,
     .maximum_operands = 2,
     .options = suppress_options,
     .run = run_suppress,
     .store = COMMAND_NEEDS_STORE},
};
const size_t consent_command_count = sizeof(consent_commands) / sizeof(*consent_commands);
