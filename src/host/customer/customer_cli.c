// SPDX-License-Identifier: Apache-2.0
#include "host/customer/customer_cli.h"

static struct text customer_path(struct scope *scope, const struct arguments *arguments,
                                 const char *what) {
    const struct text id = request_path_element(&scope->arena, argument_operand(arguments, 0));

    return text_printf(&scope->arena, "/api/v1/customers/%.*s%s", TEXT_ARG(id), what);
}

static code run_search(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const options[] = {"limit", "after", NULL};
    struct request_builder builder;
    struct text words = {0};

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/customers"));
    for (int i = 0; i < argument_operand_count(arguments); i++)
        words = text_printf(&scope->arena, "%.*s%s%.*s", TEXT_ARG(words), i > 0 ? " " : "",
                            TEXT_ARG(argument_operand(arguments, i)));
    if (words.size > 0)
        request_builder_add(&builder, "q", words);
    request_builder_options(&builder, arguments, options);
    return cli_call(scope, cli, &builder.request);
}

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const options[] = {"limit", NULL};
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, customer_path(scope, arguments, ""));
    if (argument_given(arguments, "reveal"))
        request_builder_add(&builder, "reveal", TEXT("true"));
    request_builder_options(&builder, arguments, options);
    return cli_call(scope, cli, &builder.request);
}

static code run_timeline(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const options[] = {"limit", "after", NULL};

    return cli_ask(scope, cli, arguments, customer_path(scope, arguments, "/timeline"), options);
}

static code run_links(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, customer_path(scope, arguments, "/links"));
    return cli_call(scope, cli, &builder.request);
}

static code run_join(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "other");
    json_write_text(&writer, argument_operand(arguments, 1));
    json_key(&writer, "why");
    json_write_text(&writer, argument_text(arguments, "why"));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, customer_path(scope, arguments, "/join"),
                    buffer_text(&body));
}

static code run_undo_link(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct text id = request_path_element(&scope->arena, argument_operand(arguments, 0));
    struct request_builder builder;

    request_builder_init(&builder, METHOD_POST,
                         text_printf(&scope->arena, "/api/v1/links/%.*s/undo", TEXT_ARG(id)));
    return cli_call(scope, cli, &builder.request);
}

static const struct option page_options[] = {
    {.name = "limit", .value = "COUNT", .help = "how many rows (20)"},
    {.name = "after", .value = "PLACE", .help = "go on where the last page said \"next\""},
    {0},
};

static const struct option show_options[] = {
    {.name = "reveal", .help = "show identifiers whole; this is written into the audit log"},
    {.name = "limit", .value = "COUNT", .help = "how many entries of the timeline (20)"},
    {0},
};

static const struct option join_options[] = {
    {.name = "why", .value = "TEXT", .help = "how it is known that they are one"},
    {0},
};

#define WHO                                                                                        \
    "A customer is named by its id, customer number, e-mail address, phone or card number.\n"

const struct command customer_commands[] = {
    {.name = "customer search",
     .operands = "[WORD ...]",
     .summary = "Find customers by name, customer number, e-mail, phone or card",
     .help =
         "Each WORD is the beginning of a word in the customer's names or identifiers; case and\n"
         "accents do not count. Without a WORD: the newest customers.\n\n"
         "  tessera customer search anna web\n"
         "  tessera customer search anna@example.org\n",
     .maximum_operands = 16,
     .options = page_options,
     .run = run_search,
     .store = COMMAND_NEEDS_STORE},
    {.name = "customer show",
     .operands = "CUSTOMER",
     .summary = "Show one customer: profile, identifiers, totals, consents, timeline",
     .help = WHO,
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = show_options,
     .run = run_show,
     .store = COMMAND_NEEDS_STORE},
    {.name = "customer timeline",
     .operands = "CUSTOMER",
     .summary = "Show everything that happened with a customer, newest first",
     .help = WHO,
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = page_options,
     .run = run_timeline,
     .store = COMMAND_NEEDS_STORE},
    {.name = "customer join",
     .operands = "CUSTOMER CUSTOMER",
     .summary = "Make one customer of two that are the same person",
     .help = WHO "The older one stays. `tessera customer undo-link` takes the join back, and both\n"
                 "histories stand again as they were.\n",
     .minimum_operands = 2,
     .maximum_operands = 2,
     .options = join_options,
     .run = run_join,
     .store = COMMAND_NEEDS_STORE},
    {.name = "customer links",
     .operands = "CUSTOMER",
     .summary = "Show why a customer's identifiers are one customer",
     .help = WHO,
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_links,
     .store = COMMAND_NEEDS_STORE},
    {.name = "customer undo-link",
     .operands = "LINK",
     .summary = "Undo one link between identifiers",
     .help = "LINK is an id that `tessera customer links` shows. A link that a person undid is not "
             "made\n"
             "again by a file.\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_undo_link,
     .store = COMMAND_NEEDS_STORE},
};
const size_t customer_command_count = sizeof(customer_commands) / sizeof(*customer_commands);
