// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/sample_cli.h"

#include "base/time.h"
#include "plug/sample/sample.h"

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

static void write_number(struct json_writer *writer, const char *key, int64_t value) {
    json_key(writer, key);
    json_write_int64(writer, value);
}

static code start_job(struct scope *scope, struct cli *cli, const struct sample_options *options,
                      int64_t *ret_job_id) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct request_builder builder;
    const struct json *answer;
    struct json_writer writer;
    char day[TIME_TEXT_SIZE];

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    write_number(&writer, "customers", options->customers);
    write_number(&writer, "lines", options->lines);
    write_number(&writer, "years", options->years);
    write_number(&writer, "seed", (int64_t)options->seed);
    json_key(&writer, "last_day");
    json_write_string(&writer, day_format(options->last_day, day));
    json_end_object(&writer);
    request_builder_init(&builder, METHOD_POST, TEXT("/api/v1/sample"));
    TRY(request_builder_body(scope, &builder, buffer_text(&body)));
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    return cli_job_of(scope, answer, ret_job_id);
}

static code fill_store(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct sample_options options = sample_default_options(scope);
    int64_t job_id;

    TRY(read_options(scope, arguments, &options));
    TRY(start_job(scope, cli, &options, &job_id));
    return cli_run_job(scope, cli, job_id);
}

static code write_files(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct sample_options options = sample_default_options(scope);
    const struct text out = argument_text(arguments, "out");
    const char *folder = text_string(&scope->arena, out);
    struct sample_counts counts;

    if (out.size == 0)
        return scope_fail_field(scope, INVALID, "out", "--out names no folder");
    TRY(read_options(scope, arguments, &options));
    TRY(sample_write(scope, &options, folder, &counts));
    return print_counts(scope, cli, folder, &counts);
}

static code run_sample(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    if (argument_given(arguments, "out"))
        return write_files(scope, cli, arguments);
    return cli_with_store(scope, cli, arguments, COMMAND_OPENS_STORE, fill_store);
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
        .store = COMMAND_WITHOUT_STORE,
    },
};
const size_t sample_command_count = sizeof(sample_commands) / sizeof(sample_commands[0]);
