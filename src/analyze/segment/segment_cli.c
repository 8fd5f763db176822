// SPDX-License-Identifier: Apache-2.0
#include "analyze/segment/segment_cli.h"

#include "analyze/segment/segment.h"
#include "base/limits.h"

#include <stdio.h>

// ---- definitions ----

// --definition takes JSON, or @ and a file with it. *ret_definition is NULL when it is not given.
static code given_definition(struct scope *scope, const struct arguments *arguments,
                             const struct json **ret_definition) {
    struct text given = argument_text(arguments, "definition");
    struct json *json;

    *ret_definition = NULL;
    if (!argument_given(arguments, "definition"))
        return OK;
    if (given.size > 0 && given.data[0] == '@') {
        const struct text path = {.data = given.data + 1, .size = given.size - 1};

        TRY(cli_read_file(scope, text_string(&scope->arena, path), &given));
    }
    TRY(json_parse(scope, given, &json));
    *ret_definition = json;
    return OK;
}

// NULL when nothing is said of it.
static const struct json *given_live(const struct arguments *arguments) {
    static const struct json yes = {.type = JSON_BOOL, .boolean = true}, no = {.type = JSON_BOOL};

    if (!argument_given(arguments, "live"))
        return NULL;
    return text_is(argument_text(arguments, "live"), "yes") ? &yes : &no;
}

// ---- requests ----

static struct text path_of(struct scope *scope, const struct arguments *arguments,
                           const char *what) {
    const struct text name = request_path_element(&scope->arena, argument_operand(arguments, 0));

    return text_printf(&scope->arena, "/api/v1/segments/%.*s%s", TEXT_ARG(name), what);
}

// The day of evaluation is --as-of on the command line and as_of in the API.
static void add_as_of(struct request_builder *builder, const struct arguments *arguments) {
    if (argument_given(arguments, "as-of"))
        request_builder_add(builder, "as_of", argument_text(arguments, "as-of"));
}

static code get(struct scope *scope, struct cli *cli, struct text path,
                const struct arguments *arguments, const char *const *options) {
    return cli_ask(scope, cli, arguments, path, options);
}

static code get_as_of(struct scope *scope, struct cli *cli, struct text path,
                      const struct arguments *arguments, const char *const *options) {
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, path);
    request_builder_options(&builder, arguments, options);
    add_as_of(&builder, arguments);
    return cli_call(scope, cli, &builder.request);
}

struct member {
    const char *key;
    struct text text;
    const struct json *json; // instead of the text
};

// An object of the members that have a value.
static struct text body_of(struct scope *scope, const struct member *members, size_t count) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    for (size_t i = 0; i < count; i++) {
        if (!members[i].json && !members[i].text.data)
            continue;
        json_key(&writer, members[i].key);
        if (members[i].json)
            json_write(&writer, members[i].json);
        else
            json_write_text(&writer, members[i].text);
    }
    json_end_object(&writer);
    return text_copy(&scope->arena, buffer_text(&body));
}

static code send(struct scope *scope, struct cli *cli, struct request_builder *builder,
                 struct text body) {
    TRY(request_builder_body(scope, builder, body));
    return cli_call(scope, cli, &builder->request);
}

// ---- commands ----

static code run_create(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct member members[] = {
        {.key = "name", .text = argument_operand(arguments, 0)},
        {.key = "description", .text = argument_text(arguments, "description")},
        {.key = "definition"},
        {.key = "live", .json = given_live(arguments)}};
    struct request_builder builder;

    TRY(given_definition(scope, arguments, &members[2].json));
    if (!members[2].json) {
        scope_fail_field(scope, INVALID, "definition", "it is not said who belongs to the segment");
        return scope_hint(scope, "say it with: --definition JSON, or --definition @FILE");
    }
    request_builder_init(&builder, METHOD_POST, TEXT("/api/v1/segments"));
    return send(scope, cli, &builder, body_of(scope, members, 4));
}

static code run_update(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct member members[] = {
        {.key = "description", .text = argument_text(arguments, "description")},
        {.key = "definition"},
        {.key = "live", .json = given_live(arguments)}};
    struct request_builder builder;

    TRY(given_definition(scope, arguments, &members[1].json));
    request_builder_init(&builder, METHOD_PUT, path_of(scope, arguments, ""));
    return send(scope, cli, &builder, body_of(scope, members, 3));
}

static code run_delete(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    request_builder_init(&builder, METHOD_DELETE, path_of(scope, arguments, ""));
    return cli_call(scope, cli, &builder.request);
}

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return get_as_of(scope, cli, TEXT("/api/v1/segments"), arguments,
                     (const char *const[]){"stored", NULL});
}

static code run_fields(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return get(scope, cli, TEXT("/api/v1/segments/fields"), arguments, (const char *const[]){NULL});
}

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return get_as_of(scope, cli, path_of(scope, arguments, ""), arguments,
                     (const char *const[]){NULL});
}

static code run_members(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return get_as_of(scope, cli, path_of(scope, arguments, "/members"), arguments,
                     (const char *const[]){"limit", "after", "why", NULL});
}

static code run_history(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return get(scope, cli, path_of(scope, arguments, "/history"), arguments,
               (const char *const[]){"limit", "after", NULL});
}

static code run_count(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct member definition = {.key = "definition"};
    struct request_builder builder;

    TRY(given_definition(scope, arguments, &definition.json));
    if ((argument_operand_count(arguments) > 0) == (definition.json != NULL))
        return scope_fail(scope, INVALID, "either a segment's name or --definition is needed");
    if (!definition.json)
        return get_as_of(scope, cli, path_of(scope, arguments, "/count"), arguments,
                         (const char *const[]){NULL});
    request_builder_init(&builder, METHOD_POST, TEXT("/api/v1/segments/count"));
    add_as_of(&builder, arguments);
    return send(scope, cli, &builder, body_of(scope, &definition, 1));
}

static code run_refresh(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;
    const struct json *answer;
    int64_t job_id;

    request_builder_init(&builder, METHOD_POST, path_of(scope, arguments, "/refresh"));
    add_as_of(&builder, arguments);
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    TRY(cli_job_of(scope, answer, &job_id));
    return cli_run_job(scope, cli, job_id);
}

static code run_export(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct member members[] = {{.key = "path"},
                               {.key = "format", .text = argument_text(arguments, "format-file")}};
    struct request_builder builder;

    if (!argument_given(arguments, "to")) {
        scope_fail_field(scope, INVALID, "to", "it is not said which file to write");
        return scope_hint(scope, "say it with: --to FILE");
    }
    TRY(cli_absolute_path(scope, argument_text(arguments, "to"), &members[0].text));
    request_builder_init(&builder, METHOD_POST, path_of(scope, arguments, "/export"));
    add_as_of(&builder, arguments);
    return send(scope, cli, &builder, body_of(scope, members, 2));
}

// ---- the table ----

#define DEFINITION                                                                                 \
    { "definition", "JSON|@FILE", "the condition tree, or a file with it", NULL, false }
#define DESCRIPTION                                                                                \
    { "description", "TEXT", "what the segment is for", NULL, false }
#define AS_OF                                                                                      \
    { "as-of", "DATE", "evaluate as of the end of that day, today unless said", NULL, false }

static const char *const yes_or_no[] = {"yes", "no", NULL};
#define LIVE                                                                                       \
    { "live", "yes|no", "whether its members follow what happens (yes)", yes_or_no, false }

static const struct option definition_options[] = {DEFINITION, DESCRIPTION, LIVE, {0}};
static const struct option count_options[] = {DEFINITION, AS_OF, {0}};
static const struct option as_of_options[] = {AS_OF, {0}};
static const struct option list_options[] = {
    {"stored", NULL, "show the last evaluations, evaluate nothing", NULL, false}, AS_OF, {0}};
static const struct option history_options[] = {
    {"limit", "COUNT", "evaluations at most (50)", NULL, false},
    {"after", "NEXT", "\"next\" of the page before this one", NULL, false},
    {0}};
static const struct option member_options[] = {
    {"limit", "COUNT", "customers at most (50)", NULL, false},
    {"after", "ID", "begin behind this customer: \"next\" of the page before", NULL, false},
    {"why", NULL, "show the facts behind each condition", NULL, false},
    AS_OF,
    {0}};
static const struct option export_options[] = {
    {"to", "FILE", "the file to write, which must not be there", NULL, false},
    {"format-file", "FORMAT", "format of the file (csv)", export_format_names, false},
    AS_OF,
    {0}};

// clang-format off
const struct command segment_commands[] = {
    {"segment create", "NAME", "Keep a group of customers under a name",
     "The conditions are JSON; docs/segments.md describes them, `tessera segment fields` lists\n"
     "what they can speak of.\n"
     "\n"
     "Examples:\n"
     "  tessera segment create regulars --definition '{\"all\": [\n"
     "      {\"sales\": \"count\", \"window\": {\"days\": 365},\n"
     "       \"operator\": \">=\", \"value\": 6},\n"
     "      {\"attribute\": \"has_email\", \"operator\": \"is\", \"value\": true}]}'\n"
     "  tessera segment create lapsed --definition @lapsed.json --description \"write in May\"\n",
     1, 1, definition_options, run_create, COMMAND_NEEDS_STORE},
    {"segment update", "NAME", "Change a segment's conditions or description", NULL,
     1, 1, definition_options, run_update, COMMAND_NEEDS_STORE},
    {"segment delete", "NAME", "Forget a segment that no other refers to", NULL,
     1, 1, NULL, run_delete, COMMAND_NEEDS_STORE},
    {"segment list", "", "Segments with their sizes and what changed",
     "Segments whose data, conditions or day are others than at the last evaluation are evaluated\n"
     "before.\n",
     0, 0, list_options, run_list, COMMAND_NEEDS_STORE},
    {"segment show", "NAME", "Conditions in words, SQL and history of a segment", NULL,
     1, 1, as_of_options, run_show, COMMAND_NEEDS_STORE},
    {"segment count", "[NAME]", "Count the customers of a segment, or of conditions, now",
     "Nothing is kept.\n"
     "\n"
     "Examples:\n"
     "  tessera segment count regulars --as-of 2011-12-09\n"
     "  tessera segment count --definition '{\"attribute\": \"country\", \"operator\": \"is\",\n"
     "      \"value\": \"France\"}'\n",
     0, 1, count_options, run_count, COMMAND_NEEDS_STORE},
    {"segment members", "NAME", "Who is in a segment, since when and why", NULL,
     1, 1, member_options, run_members, COMMAND_NEEDS_STORE},
    {"segment export", "NAME", "Write a segment's members to a file",
     "Columns: customer, number, name, country, since, and e-mail and phone for who may see them.\n"
     "CSV cells that a spreadsheet would run as formulas begin with an apostrophe. How many\n"
     "were written stands in the audit log.\n"
     "\n"
     "Example:\n"
     "  tessera segment export regulars --to regulars.csv\n",
     1, 1, export_options, run_export, COMMAND_NEEDS_STORE},
    {"segment history", "NAME", "Sizes of a segment over time", NULL,
     1, 1, history_options, run_history, COMMAND_NEEDS_STORE},
    {"segment refresh", "NAME", "Evaluate a segment with a progress bar", NULL,
     1, 1, as_of_options, run_refresh, COMMAND_NEEDS_STORE},
    {"segment fields", "", "What conditions can speak of", NULL,
     0, 0, NULL, run_fields, COMMAND_NEEDS_STORE},
};
// clang-format on
const size_t segment_command_count = sizeof(segment_commands) / sizeof(*segment_commands);
