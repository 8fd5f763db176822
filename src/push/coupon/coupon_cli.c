// SPDX-License-Identifier: Apache-2.0
#include "push/coupon/coupon_cli.h"

#include "analyze/run/run_cli.h"
#include "push/coupon/coupon.h"

static struct text series_path(struct scope *scope, const struct arguments *arguments,
                               const char *behind) {
    const struct text name = request_path_element(&scope->arena, argument_operand(arguments, 0));

    return text_printf(&scope->arena, "/api/v1/coupon-series/%.*s%s", TEXT_ARG(name), behind);
}

static struct text coupon_path(struct scope *scope, const struct arguments *arguments,
                               const char *behind) {
    const struct text name = request_path_element(&scope->arena, argument_operand(arguments, 0));

    return text_printf(&scope->arena, "/api/v1/coupons/%.*s%s", TEXT_ARG(name), behind);
}

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_GET, TEXT("/api/v1/coupon-series"), TEXT(""));
}

static code run_show(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    TRY(cli_send(scope, cli, METHOD_GET, series_path(scope, arguments, ""), TEXT("")));
    return cli_send(scope, cli, METHOD_GET, series_path(scope, arguments, "/redemptions"),
                    TEXT(""));
}

static code write_number(struct scope *scope, struct json_writer *writer,
                         const struct arguments *arguments, const char *option, const char *key) {
    if (!argument_given(arguments, option))
        return OK;
    json_key(writer, key);
    return analysis_cli_number(scope, option, argument_text(arguments, option), writer);
}

static void write_text(struct json_writer *writer, const struct arguments *arguments,
                       const char *option, const char *key) {
    if (!argument_given(arguments, option))
        return;
    json_key(writer, key);
    json_write_text(writer, argument_text(arguments, option));
}

static code write_terms(struct scope *scope, struct json_writer *writer,
                        const struct arguments *arguments) {
    static const char *const texts[] = {"currency", "title", "note", "from", "until"};
    const bool is_percent = argument_given(arguments, "percent");
    const bool is_amount = argument_given(arguments, "amount");

    if (is_percent && is_amount)
        return scope_fail(scope, INVALID, "--percent and --amount cannot both be");
    json_key(writer, "terms");
    json_begin_object(writer);
    json_key(writer, "kind");
    json_write_string(writer, coupon_kind_names[is_percent  ? COUPON_PERCENT
                                                : is_amount ? COUPON_AMOUNT
                                                            : COUPON_TEXT]);
    TRY(write_number(scope, writer, arguments, "percent", "value"));
    TRY(write_number(scope, writer, arguments, "amount", "value"));
    TRY(write_number(scope, writer, arguments, "minimum", "minimum"));
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        write_text(writer, arguments, texts[i], texts[i]);
    json_end_object(writer);
    return OK;
}

static code run_add(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    json_key(&writer, "name");
    json_write_text(&writer, argument_operand(arguments, 0));
    TRY(write_terms(scope, &writer, arguments));
    write_text(&writer, arguments, "shared", "shared_code");
    TRY(write_number(scope, &writer, arguments, "uses", "uses"));
    TRY(write_number(scope, &writer, arguments, "most", "most"));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/coupon-series"), buffer_text(&body));
}

static code run_issue(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    TRY(write_number(scope, &writer, arguments, "count", "count"));
    write_text(&writer, arguments, "customer", "customer");
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, series_path(scope, arguments, "/codes"),
                    buffer_text(&body));
}

static code run_stop(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_POST, series_path(scope, arguments, "/stop"), TEXT(""));
}

static code run_collect(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)arguments;
    return cli_send(scope, cli, METHOD_POST, TEXT("/api/v1/coupon-redemptions"), TEXT(""));
}

static code run_check(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    static const char *const names[] = {"amount", NULL};

    return cli_ask(scope, cli, arguments, coupon_path(scope, arguments, ""), names);
}

static code run_redeem(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    struct json_writer writer;

    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    write_text(&writer, arguments, "key", "key");
    write_text(&writer, arguments, "receipt", "receipt");
    TRY(write_number(scope, &writer, arguments, "amount", "amount"));
    json_end_object(&writer);
    return cli_send(scope, cli, METHOD_POST, coupon_path(scope, arguments, "/redeem"),
                    buffer_text(&body));
}

static code run_void(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    return cli_send(scope, cli, METHOD_POST, coupon_path(scope, arguments, "/void"), TEXT(""));
}

static const struct option add_options[] = {
    {.name = "percent", .value = "NUMBER", .help = "takes so much off"},
    {.name = "amount", .value = "AMOUNT", .help = "takes this amount off"},
    {.name = "title", .value = "TEXT", .help = "for people; what it gives when it is neither"},
    {.name = "note", .value = "TEXT", .help = "what restricts it, for people"},
    {.name = "currency", .value = "CODE", .help = "of the amounts (the store's)"},
    {.name = "minimum", .value = "AMOUNT", .help = "the least amount of a receipt"},
    {.name = "from", .value = "DAY", .help = "the first day, YYYY-MM-DD"},
    {.name = "until", .value = "DAY", .help = "the last day, YYYY-MM-DD"},
    {.name = "shared", .value = "CODE", .help = "one code for everybody"},
    {.name = "uses", .value = "COUNT", .help = "times that a code may be redeemed (1), 0: any"},
    {.name = "most", .value = "COUNT", .help = "codes at most"},
    {0},
};
static const struct option issue_options[] = {
    {.name = "count", .value = "COUNT", .help = "codes of nobody (1)"},
    {.name = "customer", .value = "KEY", .help = "the code of this customer"},
    {0},
};
static const struct option check_options[] = {
    {.name = "amount", .value = "AMOUNT", .help = "of the receipt, gross"},
    {0},
};
static const struct option redeem_options[] = {
    {.name = "key", .value = "KEY", .help = "names this redemption: the same is done once"},
    {.name = "receipt", .value = "NUMBER", .help = "of the receipt"},
    {.name = "amount", .value = "AMOUNT", .help = "of the receipt, gross"},
    {0},
};

#define ONE .minimum_operands = 1, .maximum_operands = 1
const struct command coupon_commands[] = {
    {.name = "coupon list",
     .operands = "",
     .summary = "Series of coupons, and what came of them",
     .run = run_list,
     .store = COMMAND_NEEDS_STORE},
    {.name = "coupon show",
     .operands = "SERIES",
     .summary = "One series and its redemptions",
     ONE,
     .run = run_show,
     .store = COMMAND_NEEDS_STORE},
    {.name = "coupon add",
     .operands = "SERIES",
     .summary = "Make a series of coupons",
     .help = "  tessera coupon add spring --percent 15 --minimum 30 --until 2027-03-31\n"
             "  tessera coupon add hello --amount 5 --shared HELLO5 --uses 1000\n",
     ONE,
     .options = add_options,
     .run = run_add,
     .store = COMMAND_OPENS_STORE},
    {.name = "coupon issue",
     .operands = "SERIES",
     .summary = "Issue codes of a series",
     .help = "A customer has one code of a series: asking again shows the same.\n",
     ONE,
     .options = issue_options,
     .run = run_issue,
     .store = COMMAND_NEEDS_STORE},
    {.name = "coupon stop",
     .operands = "SERIES",
     .summary = "Issue nothing more of a series; what was issued stays good",
     ONE,
     .run = run_stop,
     .store = COMMAND_NEEDS_STORE},
    {.name = "coupon check",
     .operands = "CODE",
     .summary = "May this coupon be redeemed now, and what does it give?",
     ONE,
     .options = check_options,
     .run = run_check,
     .store = COMMAND_NEEDS_STORE},
    {.name = "coupon redeem",
     .operands = "CODE",
     .summary = "Redeem a coupon, once for each key",
     ONE,
     .options = redeem_options,
     .run = run_redeem,
     .store = COMMAND_NEEDS_STORE},
    {.name = "coupon void",
     .operands = "CODE",
     .summary = "No till takes this coupon any more",
     ONE,
     .run = run_void,
     .store = COMMAND_NEEDS_STORE},
    {.name = "coupon collect",
     .operands = "",
     .summary = "Find the coupons on the sales that came in",
     .run = run_collect,
     .store = COMMAND_NEEDS_STORE},
};
const size_t coupon_command_count = sizeof(coupon_commands) / sizeof(*coupon_commands);
