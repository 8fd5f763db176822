// SPDX-License-Identifier: Apache-2.0
#include "plug/sender/sender_cli.h"

#include "govern/operation/pulse.h"
#include "plug/sender/sender.h"

static struct text path_of(struct scope *scope, const struct arguments *arguments,
                           const char *behind) {
    const struct text name = request_path_element(&scope->arena, argument_operand(arguments, 0));

    return text_printf(&scope->arena, "/api/v1/sources/%.*s%s", TEXT_ARG(name), behind);
}

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_GET, TEXT("/api/v1/sources"), TEXT(""));
}

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_GET, path_of(scope, arguments, ""), TEXT(""));
}

static code run_events(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_GET, path_of(scope, arguments, "/events"), TEXT(""));
}

static code run_hours(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const options[] = {"days", NULL};

    return cli_ask(scope, cli, arguments, path_of(scope, arguments, "/hours"), options);
}

// ---- what was kept apart ----

static code run_quarantine(struct scope *scope, struct cli *cli,
                           const struct arguments *arguments) {
    static const char *const options[] = {"state", "reason", "limit", "after", NULL};

    return cli_ask(scope, cli, arguments, path_of(scope, arguments, "/quarantine"), options);
}

// Of one message, or of all where none is named.
static struct text quarantine_path(struct scope *scope, const struct arguments *arguments) {
    if (argument_operand_count(arguments) == 1)
        return path_of(scope, arguments, "/quarantine");
    return path_of(scope, arguments,
                   arena_printf(&scope->arena, "/quarantine/%.*s",
                                TEXT_ARG(request_path_element(&scope->arena,
                                                              argument_operand(arguments, 1)))));
}

static code run_discard(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_DELETE, quarantine_path(scope, arguments), TEXT(""));
}

// {"key": "value"}, or {} where there is none.
static struct text object_of(struct scope *scope, const char *key, struct text value) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    if (value.size > 0) {
        json_key(&writer, key);
        json_write_text(&writer, value);
    }
    json_end_object(&writer);
    return text_copy(&scope->arena, buffer_text(&body));
}

static code run_mend(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_PUT, quarantine_path(scope, arguments),
                    object_of(scope, "raw", argument_operand(arguments, 2)));
}

static code run_replay(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct text row =
        argument_operand_count(arguments) > 1 ? argument_operand(arguments, 1) : TEXT("");

    struct request_builder builder;
    const struct json *answer;
    int64_t job_id;

    request_builder_init(&builder, METHOD_POST, path_of(scope, arguments, "/quarantine/replay"));
    TRY(request_builder_body(scope, &builder, object_of(scope, "row", row)));
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    TRY(cli_job_of(scope, answer, &job_id));
    return cli_run_job(scope, cli, job_id);
}

// ---- what people choose ----

static code write_seconds(struct scope *scope, struct json_writer *writer,
                          const struct arguments *arguments, const char *option, const char *key) {
    int64_t seconds;

    if (!argument_given(arguments, option))
        return OK;
    if (text_is(argument_text(arguments, option), "learn"))
        seconds = SILENCE_LEARNT;
    else if (!text_to_int64(argument_text(arguments, option), &seconds))
        return scope_fail_field(scope, INVALID, option, "\"%.*s\" is no number of seconds",
                                TEXT_ARG(argument_text(arguments, option)));
    json_key(writer, key);
    json_write_int64(writer, seconds);
    return OK;
}

static code write_choices(struct scope *scope, struct json_writer *writer,
                          const struct arguments *arguments) {
    struct text schema;
    struct json *json;

    TRY(write_seconds(scope, writer, arguments, "silence", "silence_s"));
    if (argument_given(arguments, "schema")) {
        TRY(cli_read_file(scope, text_string(&scope->arena, argument_text(arguments, "schema")),
                          &schema));
        TRY(json_parse(scope, schema, &json));
        json_key(writer, "schema");
        json_write(writer, json);
    }
    if (argument_given(arguments, "schema-policy")) {
        json_key(writer, "schema_policy");
        json_write_text(writer, argument_text(arguments, "schema-policy"));
    }
    return OK;
}

static code write_add_body(struct scope *scope, struct buffer *body,
                           const struct arguments *arguments) {
    struct json_writer writer;

    json_writer_init(&writer, body);
    json_begin_object(&writer);
    json_key(&writer, "name");
    json_write_text(&writer, argument_operand(arguments, 0));
    json_key(&writer, "type");
    json_write_text(&writer, argument_given(arguments, "type") ? argument_text(arguments, "type")
                                                               : TEXT("server"));
    TRY(write_choices(scope, &writer, arguments));
    json_end_object(&writer);
    return OK;
}

static code run_add(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};

    TRY(write_add_body(scope, &body, arguments));
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/sources"), buffer_text(&body));
}

static code write_change_body(struct scope *scope, struct buffer *body,
                              const struct arguments *arguments) {
    struct json_writer writer;

    json_writer_init(&writer, body);
    json_begin_object(&writer);
    if (argument_given(arguments, "on") || argument_given(arguments, "off")) {
        json_key(&writer, "is_enabled");
        json_write_bool(&writer, argument_given(arguments, "on"));
    }
    TRY(write_choices(scope, &writer, arguments));
    json_end_object(&writer);
    return OK;
}

static code run_change(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};

    TRY(write_change_body(scope, &body, arguments));
    return cli_send(scope, cli, METHOD_PATCH, path_of(scope, arguments, ""), buffer_text(&body));
}

static code run_key(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    TRY(write_seconds(scope, &writer, arguments, "keep", "keep_s"));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, path_of(scope, arguments, "/key"), buffer_text(&body));
}

// ---- the table ----

#define CHOICES                                                                                    \
    {.name = "silence",                                                                            \
     .value = "SECONDS",                                                                           \
     .help = "without an event, from which on it is an alarm; 0: never; learn: from its rhythm"},  \
        {.name = "schema", .value = "FILE", .help = "JSON Schema that its events must fit"}, {     \
        .name = "schema-policy", .value = "POLICY", .help = "what becomes of events that do not",  \
        .choices = schema_policy_names                                                             \
    }

static const struct option add_options[] = {
    {.name = "type",
     .value = "TYPE",
     .help = "what it is; server when not said",
     .choices = sender_type_names},
    CHOICES,
    {0},
};
static const struct option change_options[] = {
    {.name = "on", .help = "let it send"},
    {.name = "off", .help = "refuse what it sends"},
    CHOICES,
    {0},
};
static const struct option key_options[] = {
    {.name = "keep",
     .value = "SECONDS",
     .help = "for which the key before counts as well (86400); 0: it ends now"},
    {0},
};
static const struct option hours_options[] = {
    {.name = "days", .value = "COUNT", .help = "how far back (2)"},
    {0},
};
static const char *const states[] = {"waiting", "replayed", "discarded", NULL};
static const struct option quarantine_options[] = {
    {.name = "state", .value = "STATE", .help = "only those in this state", .choices = states},
    {.name = "reason", .value = "REASON", .help = "only those of this reason"},
    {.name = "limit", .value = "COUNT", .help = "rows at most (100)"},
    {.name = "after", .value = "NUMBER", .help = "\"next\" of the page before"},
    {0},
};

#define ONE_SOURCE .operands = "NAME", .minimum_operands = 1, .maximum_operands = 1
const struct command sender_commands[] = {
    {.name = "source list",
     .operands = "",
     .summary = "Show the sources that send as things happen, and how much came of late",
     .run = run_list,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "source add",
     ONE_SOURCE,
     .summary = "Make a source; its write key is shown this once",
     .help =
         "A source sends events to POST /v1/track and its kin, as the Segment tracking API\n"
         "has them, with the write key as the user of Basic authentication. The key can do\n"
         "nothing else. That of a website or an app can be read by others, so what such a\n"
         "source says of consent, points or verified addresses is kept apart.\n"
         "\n"
         "Its name is the \"source\" of its events and customer numbers: give it the name under\n"
         "which the same system's files are imported, and the numbers mean the same people.\n"
         "\n"
         "Examples:\n"
         "  tessera source add webshop --type website --silence 3600\n"
         "  tessera source add tills --type till\n",
     .options = add_options,
     .run = run_add},
    {.name = "source show",
     ONE_SOURCE,
     .summary = "Show one source",
     .run = run_show,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "source change",
     ONE_SOURCE,
     .summary = "Switch a source on or off, change its alarm or its schema",
     .options = change_options,
     .run = run_change},
    {.name = "source key",
     ONE_SOURCE,
     .summary = "Make a new write key; the one before counts for a time",
     .help = "Within a second of it the server knows the new key. Both count until the time is\n"
             "over, so that whoever sends can be given the new one meanwhile.\n",
     .options = key_options,
     .run = run_key},
    {.name = "source events",
     ONE_SOURCE,
     .summary = "Show the last events of a source as they arrived",
     .run = run_events},
    {.name = "source hours",
     ONE_SOURCE,
     .summary = "Show how much came of a source, hour by hour",
     .options = hours_options,
     .run = run_hours,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "source quarantine",
     ONE_SOURCE,
     .summary = "Show what of a source was kept apart, and why",
     .options = quarantine_options,
     .run = run_quarantine,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "source mend",
     .operands = "NAME NUMBER JSON",
     .minimum_operands = 3,
     .maximum_operands = 3,
     .summary = "Mend a message in a source's quarantine",
     .help = "Replaces what was sent; then: tessera source replay NAME\n",
     .run = run_mend},
    {.name = "source replay",
     .operands = "NAME [NUMBER]",
     .minimum_operands = 1,
     .maximum_operands = 2,
     .summary = "Try again what of a source waits in quarantine",
     .help = "After a message was mended, the source's schema changed, or an order came that\n"
             "others speak of. What is taken counts as if it had been taken when it came.\n",
     .run = run_replay},
    {.name = "source discard",
     .operands = "NAME [NUMBER]",
     .minimum_operands = 1,
     .maximum_operands = 2,
     .summary = "Give up what of a source waits in quarantine; it stays counted",
     .run = run_discard},
};
const size_t sender_command_count = sizeof(sender_commands) / sizeof(*sender_commands);
