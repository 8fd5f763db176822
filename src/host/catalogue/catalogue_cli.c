// SPDX-License-Identifier: Apache-2.0
#include "host/catalogue/catalogue_cli.h"

static code list(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                 struct text path) {
    static const char *const options[] = {"limit", "after", NULL};
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET, path);
    if (argument_operand_count(arguments) > 0)
        request_builder_add(&builder, "q", argument_operand(arguments, 0));
    request_builder_options(&builder, arguments, options);
    return cli_call(scope, cli, &builder.request);
}

static code show(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                 const char *path) {
    const struct text key = request_path_element(&scope->arena, argument_operand(arguments, 0));
    struct request_builder builder;

    request_builder_init(&builder, METHOD_GET,
                         text_printf(&scope->arena, "%s/%.*s", path, TEXT_ARG(key)));
    return cli_call(scope, cli, &builder.request);
}

static code run_product_list(struct scope *scope, struct cli *cli,
                             const struct arguments *arguments) {
    return list(scope, cli, arguments, TEXT("/api/v1/products"));
}

static code run_product_show(struct scope *scope, struct cli *cli,
                             const struct arguments *arguments) {
    return show(scope, cli, arguments, "/api/v1/products");
}

static code run_store_list(struct scope *scope, struct cli *cli,
                           const struct arguments *arguments) {
    return list(scope, cli, arguments, TEXT("/api/v1/stores"));
}

static code run_store_show(struct scope *scope, struct cli *cli,
                           const struct arguments *arguments) {
    return show(scope, cli, arguments, "/api/v1/stores");
}

static code run_staff_list(struct scope *scope, struct cli *cli,
                           const struct arguments *arguments) {
    return list(scope, cli, arguments, TEXT("/api/v1/staff"));
}

static code run_staff_show(struct scope *scope, struct cli *cli,
                           const struct arguments *arguments) {
    return show(scope, cli, arguments, "/api/v1/staff");
}

static const struct option list_options[] = {
    {.name = "limit", .value = "COUNT", .help = "how many rows (50)"},
    {.name = "after", .value = "CODE", .help = "only codes after this one: the next page"},
    {0},
};

const struct command catalogue_commands[] = {
    {.name = "product list",
     .operands = "[TEXT]",
     .summary = "List products, or those whose code, name, category or brand contains a text",
     .maximum_operands = 1,
     .options = list_options,
     .run = run_product_list,
     .store = COMMAND_NEEDS_STORE},
    {.name = "product show",
     .operands = "CODE",
     .summary = "Show one product",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_product_show,
     .store = COMMAND_NEEDS_STORE},
    {.name = "store list",
     .operands = "[TEXT]",
     .summary = "List stores, or those whose code, name or city contains a text",
     .maximum_operands = 1,
     .options = list_options,
     .run = run_store_list,
     .store = COMMAND_NEEDS_STORE},
    {.name = "store show",
     .operands = "CODE",
     .summary = "Show one store",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_store_show,
     .store = COMMAND_NEEDS_STORE},
    {.name = "staff list",
     .operands = "[TEXT]",
     .summary = "List staff, or those whose code or name contains a text",
     .maximum_operands = 1,
     .options = list_options,
     .run = run_staff_list,
     .store = COMMAND_NEEDS_STORE},
    {.name = "staff show",
     .operands = "CODE",
     .summary = "Show one member of staff",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_staff_show,
     .store = COMMAND_NEEDS_STORE},
};
const size_t catalogue_command_count = sizeof(catalogue_commands) / sizeof(*catalogue_commands);
