// SPDX-License-Identifier: Apache-2.0
#include "plug/import/import_cli.h"

#include "base/limits.h"
#include "plug/import/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// ---- the mapping that the options describe ----

// --mapping takes a name or a file; the file is meant when there is one.
static code base_mapping(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                         const struct json **ret_json) {
    const struct text wanted = argument_text(arguments, "mapping");
    const char *path = text_string(&scope->arena, wanted);
    struct request_builder builder;
    struct json *json;
    struct text text;

    *ret_json = NULL;
    if (wanted.size == 0)
        return OK;
    if (access(path, R_OK) == 0) {
        TRY(cli_read_file(scope, path, &text));
        TRY(json_parse(scope, text, &json));
        *ret_json = json;
        return OK;
    }
    request_builder_init(&builder, METHOD_GET,
                         text_printf(&scope->arena, "/api/v1/mappings/%.*s",
                                     TEXT_ARG(request_path_element(&scope->arena, wanted))));
    return cli_fetch(scope, cli, &builder.request, ret_json);
}

// The members of one object of the mapping, then the NAME=VALUE options given for it.
static code write_pairs(struct scope *scope, struct json_writer *writer,
                        const struct arguments *arguments, const char *option,
                        const struct json *base) {
    struct text pairs[64];
    const size_t count = argument_all(arguments, option, pairs, 64);
    const size_t used = count < 64 ? count : 64;

    json_begin_object(writer);
    for (const struct json *member = base ? base->first : NULL; member; member = member->next) {
        bool replaced = false;

        for (size_t i = 0; i < used; i++) {
            struct text rest;

            replaced = replaced || text_equal(text_split(pairs[i], '=', &rest), member->key);
        }
        if (replaced)
            continue;
        json_key_text(writer, member->key);
        json_write(writer, member);
    }
    for (size_t i = 0; i < used; i++) {
        struct text value;
        const struct text name = text_split(pairs[i], '=', &value);

        if (!value.data)
            return scope_fail_field(scope, INVALID, option, "--%s takes NAME=VALUE, not \"%.*s\"",
                                    option, TEXT_ARG(pairs[i]));
        json_key_text(writer, name);
        json_write_text(writer, value);
    }
    json_end_object(writer);
    return OK;
}

static code write_mapping(struct scope *scope, struct cli *cli, struct json_writer *writer,
                          const struct arguments *arguments, struct text kind) {
    static const char *const kept[] = {"format", "attributes"};
    const struct json *base;
    const struct json *source;

    TRY(base_mapping(scope, cli, arguments, &base));
    source = base ? json_member(base, "source") : NULL;
    json_begin_object(writer);
    json_key(writer, "kind");
    if (base && json_member(base, "kind"))
        json_write(writer, json_member(base, "kind"));
    else
        json_write_text(writer, kind);
    json_key(writer, "source");
    if (argument_given(arguments, "source"))
        json_write_text(writer, argument_text(arguments, "source"));
    else if (source)
        json_write(writer, source);
    else
        json_write_string(writer, "main");
    for (size_t i = 0; i < 2; i++)
        if (base && json_member(base, kept[i])) {
            json_key(writer, kept[i]);
            json_write(writer, json_member(base, kept[i]));
        }
    json_key(writer, "fields");
    TRY(write_pairs(scope, writer, arguments, "field", base ? json_member(base, "fields") : NULL));
    json_key(writer, "constants");
    TRY(write_pairs(scope, writer, arguments, "constant",
                    base ? json_member(base, "constants") : NULL));
    json_key(writer, "options");
    TRY(write_pairs(scope, writer, arguments, "option",
                    base ? json_member(base, "options") : NULL));
    json_end_object(writer);
    return OK;
}

static code fetch_with_body(struct scope *scope, struct cli *cli, struct text path,
                            struct text body, const struct json **ret_answer) {
    struct request_builder builder;

    request_builder_init(&builder, METHOD_POST, path);
    TRY(request_builder_body(scope, &builder, body));
    return cli_fetch(scope, cli, &builder.request, ret_answer);
}

// ---- tessera import ----

// What the rows are: --as says it, or a mapping that was kept.
static code kind_of(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                    struct text *ret_kind) {
    const struct json *base;
    const struct json *kind = NULL;

    if (argument_given(arguments, "as")) {
        *ret_kind = argument_text(arguments, "as");
        return OK;
    }
    TRY(base_mapping(scope, cli, arguments, &base));
    if (base)
        kind = json_member(base, "kind");
    if (kind && kind->type == JSON_STRING) {
        *ret_kind = kind->string;
        return OK;
    }
    scope_fail_field(scope, INVALID, "as", "it is not said what the rows of \"%.*s\" are",
                     TEXT_ARG(argument_operand(arguments, 0)));
    return scope_hint(scope, "say it with: --as sales, customers, products, stores, staff, events "
                             "or consents");
}

// {"path", "kind", "dry_run", "mapping"}; `mapping` NULL: from the options.
static code import_body(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                        const struct json *mapping, struct text *ret_body) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;
    struct text path, kind = {0};

    TRY(kind_of(scope, cli, arguments, &kind));
    TRY(cli_absolute_path(scope, argument_operand(arguments, 0), &path));
    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "path");
    json_write_text(&writer, path);
    json_key(&writer, "kind");
    json_write_text(&writer, kind);
    json_key(&writer, "dry_run");
    json_write_bool(&writer, argument_given(arguments, "dry-run"));
    json_key(&writer, "mapping");
    if (mapping)
        json_write(&writer, mapping);
    else
        TRY(write_mapping(scope, cli, &writer, arguments, kind));
    json_end_object(&writer);
    *ret_body = text_copy(&scope->arena, buffer_text(&body));
    return OK;
}

static bool agreed(void) {
    char answer[16];

    fputs("Import it like this? [y/N] ", stderr);
    return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

static code save_mapping(struct scope *scope, struct cli *cli, struct text name,
                         const struct json *mapping) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct request_builder builder;
    const struct json *answer;
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_write(&writer, mapping);
    request_builder_init(&builder, METHOD_PUT,
                         text_printf(&scope->arena, "/api/v1/mappings/%.*s",
                                     TEXT_ARG(request_path_element(&scope->arena, name))));
    TRY(request_builder_body(scope, &builder, text_copy(&scope->arena, buffer_text(&body))));
    return cli_fetch(scope, cli, &builder.request, &answer);
}

// A server may see less of the machine than whoever types the command.
static void explain_unseen(struct scope *scope, const struct arguments *arguments, code result) {
    const char *path = text_string(&scope->arena, argument_operand(arguments, 0));

    if (result == NOT_FOUND && access(path, R_OK) == 0)
        scope_hint(scope, "the server that has the store open cannot see it: put the file where "
                          "its user may read it, as in /srv");
}

// What the columns are taken for is shown before anything happens; --yes says it need not be.
static code propose(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                    const struct json **ret_mapping) {
    const struct json *proposal, *missing;
    struct text body;
    code result;

    TRY(import_body(scope, cli, arguments, NULL, &body));
    result = fetch_with_body(scope, cli, TEXT("/api/v1/imports/proposal"), body, &proposal);
    if (result != OK) {
        explain_unseen(scope, arguments, result);
        return result;
    }
    *ret_mapping = json_member(proposal, "mapping");
    missing = json_member(proposal, "missing");
    if (!argument_given(arguments, "yes") || missing) {
        TRY(cli_print(scope, cli, json_member(proposal, "columns")));
        TRY(cli_print(scope, cli, json_member(proposal, "preview")));
    }
    if (missing) {
        scope_fail(scope, INVALID, "%.*s", TEXT_ARG(missing->string));
        return scope_hint(scope, "%.*s", TEXT_ARG(json_member(proposal, "missing_hint")->string));
    }
    return OK;
}

static code import_file(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct json *mapping, *answer;
    struct text body;
    int64_t job_id;

    TRY(propose(scope, cli, arguments, &mapping));
    if (!argument_given(arguments, "yes") && !argument_given(arguments, "dry-run")) {
        if (!cli_is_interactive(cli) || !isatty(STDIN_FILENO)) {
            scope_fail(scope, INVALID, "nothing was imported: nobody agreed to the mapping above");
            return scope_hint(scope, "agree with --yes, or try it first with --dry-run");
        }
        if (!agreed())
            return scope_fail(scope, CANCELLED, "nothing was imported");
    }
    if (argument_given(arguments, "save-mapping"))
        TRY(save_mapping(scope, cli, argument_text(arguments, "save-mapping"), mapping));
    TRY(import_body(scope, cli, arguments, mapping, &body));
    TRY(fetch_with_body(scope, cli, TEXT("/api/v1/imports"), body, &answer));
    TRY(cli_job_of(scope, answer, &job_id));
    return cli_run_job(scope, cli, job_id);
}

// ---- the other commands ----

static code call(struct scope *scope, struct cli *cli, enum method method, struct text path,
                 const struct arguments *arguments, const char *const *options) {
    struct request_builder builder;

    request_builder_init(&builder, method, path);
    if (options)
        request_builder_options(&builder, arguments, options);
    return cli_call(scope, cli, &builder.request);
}

static struct text with_id(struct scope *scope, const struct arguments *arguments,
                           const char *collection) {
    const struct text id = request_path_element(&scope->arena, argument_operand(arguments, 0));

    return text_printf(&scope->arena, "/api/v1/%s/%.*s", collection, TEXT_ARG(id));
}

static code list_imports(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return call(scope, cli, METHOD_GET, TEXT("/api/v1/imports"), arguments,
                (const char *const[]){"limit", "after", NULL});
}

static code show_import(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return call(scope, cli, METHOD_GET, with_id(scope, arguments, "imports"), arguments, NULL);
}

static code undo_import(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const struct json *answer;
    struct text path = with_id(scope, arguments, "imports");
    int64_t job_id;

    TRY(fetch_with_body(scope, cli, text_printf(&scope->arena, "%.*s/undo", TEXT_ARG(path)),
                        TEXT("{}"), &answer));
    TRY(cli_job_of(scope, answer, &job_id));
    return cli_run_job(scope, cli, job_id);
}

static code list_mappings(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return call(scope, cli, METHOD_GET, TEXT("/api/v1/mappings"), arguments, NULL);
}

static code show_mapping(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return call(scope, cli, METHOD_GET, with_id(scope, arguments, "mappings"), arguments, NULL);
}

static code delete_mapping(struct scope *scope, struct cli *cli,
                           const struct arguments *arguments) {
    return call(scope, cli, METHOD_DELETE, with_id(scope, arguments, "mappings"), arguments, NULL);
}

static struct text quarantine_path(struct scope *scope, const struct arguments *arguments,
                                   bool with_row) {
    const struct text path = with_id(scope, arguments, "imports");

    if (!with_row)
        return text_printf(&scope->arena, "%.*s/quarantine", TEXT_ARG(path));
    return text_printf(
        &scope->arena, "%.*s/quarantine/%.*s", TEXT_ARG(path),
        TEXT_ARG(request_path_element(&scope->arena, argument_operand(arguments, 1))));
}

static code list_quarantine(struct scope *scope, struct cli *cli,
                            const struct arguments *arguments) {
    return call(scope, cli, METHOD_GET, quarantine_path(scope, arguments, false), arguments,
                (const char *const[]){"limit", "after", NULL});
}

static code fix_quarantine(struct scope *scope, struct cli *cli,
                           const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct request_builder builder;
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "raw");
    json_write_text(&writer, argument_operand(arguments, 2));
    json_end_object(&writer);
    request_builder_init(&builder, METHOD_PUT, quarantine_path(scope, arguments, true));
    TRY(request_builder_body(scope, &builder, text_copy(&scope->arena, buffer_text(&body))));
    return cli_call(scope, cli, &builder.request);
}

static code discard_quarantine(struct scope *scope, struct cli *cli,
                               const struct arguments *arguments) {
    return call(scope, cli, METHOD_DELETE,
                quarantine_path(scope, arguments, argument_operand_count(arguments) > 1), arguments,
                NULL);
}

static code replay_quarantine(struct scope *scope, struct cli *cli,
                              const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct request_builder builder;
    const struct json *mapping;
    struct json_writer writer;

    TRY(base_mapping(scope, cli, arguments, &mapping));
    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    if (mapping) {
        json_key(&writer, "mapping");
        json_write(&writer, mapping);
    }
    json_end_object(&writer);
    request_builder_init(&builder, METHOD_POST,
                         text_printf(&scope->arena, "%.*s/replay",
                                     TEXT_ARG(quarantine_path(scope, arguments, false))));
    TRY(request_builder_body(scope, &builder, text_copy(&scope->arena, buffer_text(&body))));
    return cli_call(scope, cli, &builder.request);
}

// ---- the table ----

static const struct option import_options[] = {
    {"as", "KIND", "what the rows are", import_kind_names, false},
    {"mapping", "NAME|FILE", "a mapping that was kept, or a file with one", NULL, false},
    {"field", "FIELD=COLUMN", "take this column for that field", NULL, true},
    {"constant", "FIELD=VALUE", "the same value for all rows", NULL, true},
    {"option", "NAME=VALUE",
     "how values are read: date_order, decimal, zone, prices, vat_rate, refund_prefix, "
     "other_prefix, country",
     NULL, true},
    {"source", "NAME", "namespace of customer and receipt numbers (default: main)", NULL, false},
    {"save-mapping", "NAME", "keep the mapping under this name", NULL, false},
    {"dry-run", NULL, "do all the work, show what would come of it, keep nothing", NULL, false},
    {"yes", NULL, "do not ask whether the mapping is right", NULL, false},
    {NULL, NULL, NULL, NULL, false},
};

static const struct option import_page_options[] = {
    {"limit", "N", "rows to show (default 50)", NULL, false},
    {"after", "NEXT", "\"next\" of the page before this one", NULL, false},
    {NULL, NULL, NULL, NULL, false},
};

static const struct option quarantine_page_options[] = {
    {"limit", "N", "rows to show (default 50)", NULL, false},
    {"after", "ROW", "rows behind this one", NULL, false},
    {NULL, NULL, NULL, NULL, false},
};

static const struct option replay_options[] = {
    {"mapping", "NAME|FILE", "try with this mapping instead of the import's own", NULL, false},
    {NULL, NULL, NULL, NULL, false},
};

// clang-format off
const struct command import_commands[] = {
    {"import", "FILE",
     "Take in a file of sales, customers, products, stores, staff, events or consents",
     "Reads CSV and TSV (any delimiter, quoting and encoding), fixed width, JSON\n"
     "Lines and Parquet, plain or gzipped. It finds out what the columns mean and\n"
     "shows it first; every row is then accepted, found to be a duplicate, or put\n"
     "into quarantine with the reason. Importing a file again changes nothing. An\n"
     "import that was cut off goes on with: tessera job resume ID\n"
     "\n"
     "  tessera import receipts.csv.gz --as sales --dry-run\n"
     "  tessera import receipts.csv.gz --as sales --constant currency=GBP --yes\n"
     "  tessera import people.csv --as customers --save-mapping shop\n",
     1, 1, import_options, import_file, COMMAND_OPENS_STORE},
    {"import list", "", "Imports, newest first", NULL,
     0, 0, import_page_options, list_imports, COMMAND_NEEDS_STORE},
    {"import show", "ID", "One import: counts, refused rows by reason, mapping", NULL,
     1, 1, NULL, show_import, COMMAND_NEEDS_STORE},
    {"import undo", "ID", "Take an import back, as if it had never been",
     "Removes the rows that the import brought. What a later import delivered\n"
     "again stays, as that one's.\n",
     1, 1, NULL, undo_import, COMMAND_NEEDS_STORE},
    {"mapping list", "", "Mappings that were kept", NULL,
     0, 0, NULL, list_mappings, COMMAND_NEEDS_STORE},
    {"mapping show", "NAME", "One mapping, as JSON with --format json", NULL,
     1, 1, NULL, show_mapping, COMMAND_NEEDS_STORE},
    {"mapping delete", "NAME", "Forget a mapping; imports made with it keep their own copy", NULL,
     1, 1, NULL, delete_mapping, COMMAND_NEEDS_STORE},
    {"quarantine list", "IMPORT", "Rows that could not be taken, with reason, line and bytes", NULL,
     1, 1, quarantine_page_options, list_quarantine, COMMAND_NEEDS_STORE},
    {"quarantine fix", "IMPORT ROW TEXT", "Mend a row in quarantine",
     "Replaces the bytes of a waiting row; then: tessera quarantine replay IMPORT\n",
     3, 3, NULL, fix_quarantine, COMMAND_NEEDS_STORE},
    {"quarantine replay", "IMPORT", "Try the waiting rows again", NULL,
     1, 1, replay_options, replay_quarantine, COMMAND_NEEDS_STORE},
    {"quarantine discard", "IMPORT [ROW]", "Give waiting rows up; they stay counted", NULL,
     1, 2, NULL, discard_quarantine, COMMAND_NEEDS_STORE},
};
// clang-format on
const size_t import_command_count = sizeof(import_commands) / sizeof(*import_commands);
