// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/sample_cli.h"

#include "base/time.h"
#include "plug/sample/sample.h"
#include "store/store.h"

static code read_int64(struct scope *scope, const struct arguments *arguments, const char *option,
                       int64_t *value) {
    const struct text given = argument_text(arguments, option);

    if (argument_given(arguments, option) && !text_to_int64(given, value))
        return scope_fail_field(scope, INVALID, option, "--%s \"%.*s\" is not a whole number",
                                option, TEXT_ARG(given));
    return OK;
}

static code read_options(struct scope *scope, const struct arguments *arguments,
                         struct sample_options *options) {
    const struct text last_day = argument_text(arguments, "last-day");
    int64_t seed = (int64_t)options->seed, years = options->years;

    TRY(read_int64(scope, arguments, "customers", &options->customers));
    TRY(read_int64(scope, arguments, "lines", &options->lines));
    TRY(read_int64(scope, arguments, "seed", &seed));
    TRY(read_int64(scope, arguments, "years", &years));
    if (years < 1 || years > SAMPLE_YEARS_MAXIMUM)
        return scope_fail_field(scope, INVALID, "years", "%lld years are not 1 to %d",
                                (long long)years, SAMPLE_YEARS_MAXIMUM);
    if (argument_given(arguments, "last-day") &&
        !day_parse(last_day, DATE_ORDER_YMD, &options->last_day))
        return scope_fail_field(scope, INVALID, "last-day", "\"%.*s\" is not a day like 2025-12-31",
                                TEXT_ARG(last_day));
    options->seed = (uint64_t)seed;
    options->years = (int)years;
    return OK;
}

static code print_response(struct scope *scope, struct cli *cli, const struct response *response) {
    struct json *answer;

    TRY(json_parse_own(scope, text_copy(&scope->arena, buffer_text(&response->body)), &answer));
    return cli_print(scope, cli, answer);
}

static code print_counts(struct scope *scope, struct cli *cli, const char *folder,
                         const struct sample_counts *counts) {
    const struct {
        const char *name;
        int64_t value;
    } members[] = {
        {"customers", counts->customers},
        {"products", counts->products},
        {"receipts", counts->receipts},
        {"of_them_refunds", counts->refunds},
        {"of_them_anonymous", counts->anonymous},
        {"receipt_lines", counts->lines},
        {"events", counts->events},
        {"consents", counts->consents},
        {"bytes", counts->bytes},
    };
    CLEANUP(response_clear) struct response response;
    struct json_writer *const writer = &response.writer;

    response_init(&response);
    json_begin_object(writer);
    json_key(writer, "folder");
    json_write_string(writer, folder);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        json_key(writer, members[i].name);
        json_write_int64(writer, members[i].value);
    }
    json_end_object(writer);
    return print_response(scope, cli, &response);
}

// ---- into the store ----

static code post(struct scope *scope, struct cli *cli, enum method method, struct text path,
                 const struct buffer *body, const struct json **ret_answer) {
    struct request_builder builder;

    request_builder_init(&builder, method, path);
    TRY(request_builder_body(scope, &builder, text_copy(&scope->arena, buffer_text(body))));
    return cli_fetch(scope, cli, &builder.request, ret_answer);
}

static code put_setting(struct scope *scope, struct cli *cli, const char *name, const char *value) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    const struct json *answer;

    buffer_printf(&body, "{\"value\": \"%s\"}", value);
    return post(scope, cli, METHOD_PUT, text_printf(&scope->arena, "/api/v1/settings/%s", name),
                &body, &answer);
}

// A store that holds nothing yet becomes this retailer's; one that does keeps its settings.
static code settle(struct scope *scope, struct cli *cli) {
    struct request_builder builder;
    const struct json *imports, *rows;

    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/imports"));
    request_builder_add(&builder, "limit", TEXT("1"));
    TRY(cli_fetch(scope, cli, &builder.request, &imports));
    rows = json_member(imports, "rows");
    if (rows && rows->count > 0)
        return OK;
    TRY(put_setting(scope, cli, "zone", SAMPLE_ZONE));
    TRY(put_setting(scope, cli, "country", SAMPLE_COUNTRY));
    return put_setting(scope, cli, "currency", SAMPLE_CURRENCY);
}

// The body of both requests: what to import, and the mapping or what is known of it.
static void write_import(struct buffer *body, const char *path, const char *kind,
                         const struct json *mapping) {
    struct json_writer writer;

    json_writer_init(&writer, body);
    json_begin_object(&writer);
    json_key(&writer, "path");
    json_write_string(&writer, path);
    json_key(&writer, "kind");
    json_write_string(&writer, kind);
    json_key(&writer, "mapping");
    if (mapping) {
        json_write(&writer, mapping);
    } else {
        json_begin_object(&writer);
        json_key(&writer, "kind");
        json_write_string(&writer, kind);
        json_key(&writer, "source");
        json_write_string(&writer, "sample");
        json_key(&writer, "options");
        json_begin_object(&writer);
        json_key(&writer, "zone");
        json_write_string(&writer, SAMPLE_ZONE);
        json_key(&writer, "country");
        json_write_string(&writer, SAMPLE_COUNTRY);
        json_end_object(&writer);
        json_end_object(&writer);
    }
    json_end_object(&writer);
}

static code import_file(struct scope *scope, struct cli *cli, const char *folder,
                        const struct sample_file *file, const struct json **ret_result) {
    const char *const path = arena_printf(&scope->arena, "%s/%s", folder, file->name);
    CLEANUP(buffer_clear) struct buffer known = {0};
    CLEANUP(buffer_clear) struct buffer complete = {0};
    const struct json *proposal, *started;
    int64_t job_id;

    write_import(&known, path, file->kind, NULL);
    TRY(post(scope, cli, METHOD_POST, TEXT("/api/v1/imports/proposal"), &known, &proposal));
    write_import(&complete, path, file->kind, json_member(proposal, "mapping"));
    TRY(post(scope, cli, METHOD_POST, TEXT("/api/v1/imports"), &complete, &started));
    if (!text_to_int64(json_member(started, "job_id")->string, &job_id))
        return scope_fail(scope, INTERNAL, "the answer names no job");
    return cli_watch_job(scope, cli, job_id, ret_result);
}

static const struct column import_columns[] = {
    {"file", "File", COLUMN_TEXT, NULL},
    {"read", "Rows read", COLUMN_INTEGER, NULL},
    {"accepted", "Accepted", COLUMN_INTEGER, NULL},
    {"duplicate", "Duplicates", COLUMN_INTEGER, NULL},
    {"quarantined", "Quarantined", COLUMN_INTEGER, NULL},
};
enum { IMPORT_COLUMN_COUNT = sizeof(import_columns) / sizeof(import_columns[0]) };

static code import_files(struct scope *scope, struct cli *cli, const char *folder) {
    CLEANUP(response_clear) struct response response;

    response_init(&response);
    TRY(settle(scope, cli));
    response_begin_table(&response, NULL, import_columns, IMPORT_COLUMN_COUNT);
    for (const struct sample_file *file = sample_files; file->name; file++) {
        const struct json *result = NULL;

        TRY(import_file(scope, cli, folder, file, &result));
        response_begin_row(&response);
        response_text(&response, text_of(file->name));
        for (int c = 1; c < IMPORT_COLUMN_COUNT; c++) {
            const struct json *const cell =
                result ? json_member(result, import_columns[c].name) : NULL;
            response_int64(&response, COLUMN_INTEGER, cell ? cell->int64 : 0);
        }
        response_end_row(&response);
    }
    response_end_table(&response);
    return print_response(scope, cli, &response);
}

// Without --out the files belong to the store, beside its databases.
static code find_folder(struct scope *scope, const struct arguments *arguments,
                        const char **ret_folder) {
    const struct text out = argument_text(arguments, "out");

    if (argument_given(arguments, "out")) {
        if (out.size == 0)
            return scope_fail_field(scope, INVALID, "out", "--out names no folder");
        *ret_folder = text_string(&scope->arena, out);
        return OK;
    }
    *ret_folder = arena_printf(&scope->arena, "%s/sample", store_path(session_store(scope)));
    return OK;
}

static code run_sample(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct sample_options options = sample_default_options(scope);
    struct sample_counts counts;
    const char *folder = NULL;

    TRY(read_options(scope, arguments, &options));
    TRY(find_folder(scope, arguments, &folder));
    TRY(sample_write(scope, &options, folder, &counts));
    if (argument_given(arguments, "out"))
        return print_counts(scope, cli, folder, &counts);
    return import_files(scope, cli, folder);
}

static const struct option sample_cli_options[] = {
    {.name = "customers",
     .value = "N",
     .help = "registered customers; 10,000 when nothing is said"},
    {.name = "lines",
     .value = "N",
     .help = "lines of receipts, within a few percent; otherwise twelve per customer and year"},
    {.name = "years", .value = "N", .help = "years that the files cover; 3 when nothing is said"},
    {.name = "last-day", .value = "DATE", .help = "the last of their days; otherwise yesterday"},
    {.name = "seed",
     .value = "N",
     .help = "another number makes another company; 1 when nothing is said"},
    {.name = "out", .value = "DIR", .help = "write the files there, and touch no store"},
    {0},
};

const struct command sample_commands[] = {
    {
        .name = "sample",
        .operands = "",
        .summary = "Make up a retailer: stores, customers, three years of receipts",
        .help =
            "Simulates Linde & Falter, a chain of neighbourhood stores with a web shop, and "
            "writes\n"
            "the files that such a firm would deliver: stores.csv, staff.csv, products.csv,\n"
            "customers.csv, receipts.csv, events.csv and consents.csv. The same options give the\n"
            "same files.\n"
            "\n"
            "    tessera sample --out /tmp/sample\n"
            "    tessera sample --out /tmp/large --customers 1000000 --lines 20000000\n",
        .options = sample_cli_options,
        .run = run_sample,
        .store = COMMAND_OUT_OR_STORE,
    },
};
const size_t sample_command_count = sizeof(sample_commands) / sizeof(sample_commands[0]);
