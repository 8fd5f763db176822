// SPDX-License-Identifier: Apache-2.0
#include "host/identity/identity_cli.h"

static struct text path_of(struct scope *scope, const char *format,
                           const struct arguments *arguments) {
    const struct text id = request_path_element(&scope->arena, argument_operand(arguments, 0));
    const struct text pattern = text_of(format);
    struct text behind;
    const struct text before = text_split(pattern, '*', &behind);

    return text_printf(&scope->arena, "%.*s%.*s%.*s", TEXT_ARG(before), TEXT_ARG(id),
                       TEXT_ARG(behind));
}

// A POST whose body is an object of texts.
struct member {
    const char *name;
    struct text value;
};

static code post(struct scope *scope, struct cli *cli, struct text path,
                 const struct member *members, size_t count) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    for (size_t i = 0; i < count; i++) {
        json_key(&writer, members[i].name);
        json_write_text(&writer, members[i].value);
    }
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, path, count > 0 ? buffer_text(&body) : TEXT(""));
}

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET,
                         path_of(scope, "/api/v1/customers/*/identity", arguments));
    if (argument_given(arguments, "reveal"))
        request_builder_add(&builder, "reveal", TEXT("true"));
    return cli_call(scope, cli, &builder.request);
}

static code run_preview(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct member members[] = {{"other", argument_operand(arguments, 1)}};

    return post(scope, cli, path_of(scope, "/api/v1/customers/*/join/preview", arguments), members,
                1);
}

static code run_undo_preview(struct scope *scope, struct cli *cli,
                             const struct arguments *arguments) {
    return post(scope, cli, path_of(scope, "/api/v1/links/*/undo/preview", arguments), NULL, 0);
}

static code run_conflicts(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const options[] = {"state", "reason", "limit", "after", NULL};

    return cli_ask(scope, cli, arguments, TEXT("/api/v1/identity/conflicts"), options);
}

static code run_decide(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct member members[] = {{"decision", argument_operand(arguments, 1)},
                                     {"why", argument_text(arguments, "why")}};

    return post(scope, cli, path_of(scope, "/api/v1/identity/conflicts/*/decision", arguments),
                members, 2);
}

static code run_guards(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const options[] = {"limit", "after", NULL};

    return cli_ask(scope, cli, arguments, TEXT("/api/v1/identity/guards"), options);
}

static code run_block(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct member members[] = {{"why", argument_text(arguments, "why")}};

    return post(scope, cli, path_of(scope, "/api/v1/identifiers/*/block", arguments), members, 1);
}

static code run_release(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct member members[] = {{"why", argument_text(arguments, "why")}};

    return post(scope, cli, path_of(scope, "/api/v1/identifiers/*/release", arguments), members, 1);
}

static const char *const states[] = {"all", "open", "decided", NULL};

static const struct option show_options[] = {
    {.name = "reveal", .help = "show identifiers whole; this is written into the audit log"},
    {0},
};
static const struct option page_options[] = {
    {.name = "limit", .value = "COUNT", .help = "how many rows (20)"},
    {.name = "after", .value = "PLACE", .help = "go on where the last page said \"next\""},
    {0},
};
static const struct option conflict_options[] = {
    {.name = "state", .value = "STATE", .help = "decided or not (open)", .choices = states},
    {.name = "reason", .value = "REASON", .help = "only those kept apart for this reason"},
    {.name = "limit", .value = "COUNT", .help = "how many rows (20)"},
    {.name = "after", .value = "PLACE", .help = "go on where the last page said \"next\""},
    {0},
};
static const struct option why_options[] = {
    {.name = "why", .value = "TEXT", .help = "how that is known"},
    {0},
};

const struct command identity_commands[] = {
    {.name = "identity show",
     .operands = "CUSTOMER",
     .summary = "Show a customer's identifiers, why they are one, and what was kept apart",
     .help = "A customer is named by its id, customer number, e-mail address, phone or card "
             "number.\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = show_options,
     .run = run_show,
     .store = COMMAND_NEEDS_STORE},
    {.name = "identity preview",
     .operands = "CUSTOMER CUSTOMER",
     .summary = "Show what joining two customers would do; nothing is kept",
     .help = "What each has, which guards speak against it, and which consents would hold: where "
             "the\n"
             "two differ, the most restrictive. `tessera customer join` does it.\n",
     .minimum_operands = 2,
     .maximum_operands = 2,
     .run = run_preview,
     .store = COMMAND_NEEDS_STORE},
    {.name = "identity undo-preview",
     .operands = "LINK",
     .summary = "Show what undoing a link would cut off; nothing is kept",
     .help = "LINK is an id that `tessera identity show` gives. `tessera customer undo-link` does "
             "it.\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_undo_preview,
     .store = COMMAND_NEEDS_STORE},
    {.name = "identity conflicts",
     .operands = "",
     .summary = "List identifiers that were seen together and kept apart",
     .options = conflict_options,
     .run = run_conflicts,
     .store = COMMAND_NEEDS_STORE},
    {.name = "identity decide",
     .operands = "CONFLICT joined|kept_apart",
     .summary = "Say whether two that were kept apart are one customer",
     .minimum_operands = 2,
     .maximum_operands = 2,
     .options = why_options,
     .run = run_decide,
     .store = COMMAND_NEEDS_STORE},
    {.name = "identity guards",
     .operands = "",
     .summary = "List identifiers that were stopped, blocked or released",
     .help = "An identifier that pulls too many known customers together is stopped: nothing is "
             "joined\n"
             "through it until it is blocked or released.\n",
     .options = page_options,
     .run = run_guards,
     .store = COMMAND_NEEDS_STORE},
    {.name = "identity block",
     .operands = "IDENTIFIER",
     .summary = "Let an identifier identify nobody: its links are undone",
     .help = "IDENTIFIER is an id that `tessera identity show` and `tessera identity guards` "
             "give.\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = why_options,
     .run = run_block,
     .store = COMMAND_NEEDS_STORE},
    {.name = "identity release",
     .operands = "IDENTIFIER",
     .summary = "Let a stopped or blocked identifier join within the limits again",
     .help = "It is not stopped a second time. Links that blocking undid come back when they are "
             "seen\n"
             "again.\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .options = why_options,
     .run = run_release,
     .store = COMMAND_NEEDS_STORE},
};
const size_t identity_command_count = sizeof(identity_commands) / sizeof(*identity_commands);
