// SPDX-License-Identifier: Apache-2.0
// What holds for every row of the tables, whoever added it.
#include "app/tables.h"
#include "base/test.h"
#include "cli/arguments.h"
#include "govern/access/access.h"

#include <ctype.h>

static const struct command *at(size_t index, const char **ret_wing) {
    const struct command_table table = {command_groups, command_group_count};

    return command_at(table, index, ret_wing);
}

// The pattern with every placeholder filled in by the same word.
static const char *filled(struct scope *scope, const char *pattern) {
    char *path = arena_alloc(&scope->arena, strlen(pattern) + 1);
    size_t size = 0;

    for (; *pattern; pattern++) {
        if (*pattern == '{') {
            path[size++] = 'x';
            pattern += strcspn(pattern, "}");
        } else {
            path[size++] = *pattern;
        }
    }
    return path;
}

// Or what other sites and systems ask for, whose addresses are short.
static bool is_address_of_api(const char *path) {
    static const char *const begins[] = {"/api/v1/", "/l/", "/t/", "/hooks/", "/q/",
                                         "/sms/",    "/u/", "/c/", "/o/"};

    for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
        if (strncmp(path, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

TEST(every_route_has_a_handler_one_permission_and_a_summary) {
    for (size_t i = 0; i < route_count; i++) {
        const struct route *route = &routes[i];

        if (!route->handler || !is_address_of_api(route->path) || !route->summary ||
            route->summary[0] == '\0' || __builtin_popcount(route->permission) != 1 ||
            (route->permission & MAY_EVERYTHING) == 0)
            test_fail(__FILE__, __LINE__, "%s %s is not whole", method_name(route->method),
                      route->path);
    }
}

static bool is_path_parameter(const char *path, const char *name) {
    const char *at = strstr(path, name);

    return at && at > path && at[-1] == '{' && at[strlen(name)] == '}';
}

static void check_parameter(const struct route *route, const struct route_parameter *parameter) {
    const char *help = parameter->help;
    int64_t usual = parameter->minimum;

    if (!help || !help[0] || help[strlen(help) - 1] == '.')
        test_fail(__FILE__, __LINE__, "%s ?%s has no help", route->path, parameter->name);
    if (is_path_parameter(route->path, parameter->name))
        test_fail(__FILE__, __LINE__, "%s has two parameters %s", route->path, parameter->name);
    if ((parameter->type == PARAMETER_CHOICE) != (parameter->choices != NULL))
        test_fail(__FILE__, __LINE__, "%s ?%s has no choices", route->path, parameter->name);
    if (parameter->type != PARAMETER_INTEGER)
        return;
    if ((parameter->usual && !text_to_int64(text_of(parameter->usual), &usual)) ||
        usual < parameter->minimum || usual > parameter->maximum)
        test_fail(__FILE__, __LINE__, "%s ?%s cannot be %s", route->path, parameter->name,
                  parameter->usual);
}

TEST(every_parameter_has_help_and_a_usual_value_that_it_takes) {
    for (size_t i = 0; i < route_count; i++) {
        const struct route_parameter *parameters = routes[i].parameters;

        for (size_t k = 0; parameters && parameters[k].name; k++) {
            check_parameter(&routes[i], &parameters[k]);
            for (size_t other = 0; other < k; other++)
                CHECK(strcmp(parameters[k].name, parameters[other].name) != 0);
        }
    }
}

TEST(every_route_that_can_carry_a_body_states_it_or_that_it_takes_none) {
    for (size_t i = 0; i < route_count; i++) {
        const struct route *route = &routes[i];
        const bool may = route->method == METHOD_POST || route->method == METHOD_PUT ||
                         route->method == METHOD_PATCH;
        const bool states =
            route->takes == ROUTE_TAKES_JSON ? route->body != NULL : route->body == NULL;

        if (may ? !states : route->body != NULL && route->method != METHOD_DELETE)
            test_fail(__FILE__, __LINE__, "%s %s does not state its body",
                      method_name(route->method), route->path);
        if (route->body && route->body->field_count == 0 && !route->body->words)
            test_fail(__FILE__, __LINE__, "%s has a body of nothing", route->path);
        for (size_t k = 0; route->body && k < route->body->field_count; k++)
            if (!route->body->fields[k].description)
                test_fail(__FILE__, __LINE__, "%s: \"%s\" is not described", route->path,
                          route->body->fields[k].name);
    }
}

static void check_members(const char *path, const struct route_answer *answer) {
    for (const struct route_answer *member = answer->members; member && member->name; member++) {
        if (!member->help || !member->help[0])
            test_fail(__FILE__, __LINE__, "%s: \"%s\" is not described", path, member->name);
        check_members(path, member);
    }
}

TEST(every_job_and_file_that_a_post_makes_is_made_once_per_idempotency_key) {
    for (size_t i = 0; i < route_count; i++) {
        if (routes[i].once != ROUTE_REPEATS && routes[i].method != METHOD_POST)
            test_fail(__FILE__, __LINE__, "%s is no POST", routes[i].path);
        if (routes[i].method == METHOD_POST && routes[i].once != ROUTE_ONCE &&
            (routes[i].answer == &answer_job || routes[i].takes == ROUTE_TAKES_FILE))
            test_fail(__FILE__, __LINE__, "%s is done each time", routes[i].path);
    }
}

TEST(every_route_says_what_it_answers) {
    for (size_t i = 0; i < route_count; i++) {
        if (!routes[i].answer)
            test_fail(__FILE__, __LINE__, "%s %s does not say what it answers",
                      method_name(routes[i].method), routes[i].path);
        check_members(routes[i].path, routes[i].answer);
    }
}

TEST(every_placeholder_is_one_element_of_its_path) {
    for (size_t i = 0; i < route_count; i++)
        for (const char *at = routes[i].path; (at = strpbrk(at, "{}")); at++)
            if (*at == '}' || at[-1] != '/' || at[1] == '}' ||
                !strchr("/", at[strcspn(at, "}") + 1]))
                test_fail(__FILE__, __LINE__, "%s is not a path", routes[i].path);
            else
                at += strcspn(at, "}");
}

TEST(every_route_is_closed_to_who_may_nothing) {
    for (size_t i = 0; i < route_count; i++) {
        const struct request request = {.method = routes[i].method,
                                        .path = text_of(filled(scope, routes[i].path))};
        struct response response;

        scope_forgive(scope);
        scope->actor.permissions = MAY_EVERYTHING & ~routes[i].permission;
        response_init(&response);
        CHECK_CODE(router_handle(scope, routes, route_count, &request, &response), FORBIDDEN);
        response_clear(&response);
    }
}

TEST(no_route_hides_a_later_one) {
    for (size_t i = 0; i < route_count; i++)
        for (size_t k = 0; k < i; k++)
            if (routes[i].method == routes[k].method &&
                strcmp(filled(scope, routes[i].path), filled(scope, routes[k].path)) == 0)
                test_fail(__FILE__, __LINE__, "%s is the same as %s", routes[i].path,
                          routes[k].path);
}

static bool is_word(const char *name) {
    for (; *name; name++)
        if (!islower((unsigned char)*name) && !isdigit((unsigned char)*name) && *name != '-')
            return false;
    return true;
}

static void check_option(const struct command *command, const struct option *option) {
    if (!is_word(option->name) || !option->help || option->help[0] == '\0')
        test_fail(__FILE__, __LINE__, "%s --%s has no help", command->name, option->name);
    if (option->choices && !option->value)
        test_fail(__FILE__, __LINE__, "%s --%s has choices and no value", command->name,
                  option->name);
    if (option_find(cli_global_options, text_of(option->name)))
        test_fail(__FILE__, __LINE__, "%s --%s is an option of every command", command->name,
                  option->name);
}

TEST(every_command_has_a_summary_and_all_its_options_have_help) {
    const struct command *command;

    for (size_t i = 0; (command = at(i, NULL)); i++) {
        if (!command->run || !command->operands || !command->summary ||
            !isupper((unsigned char)command->summary[0]) ||
            command->summary[strlen(command->summary) - 1] == '.' ||
            command->minimum_operands > command->maximum_operands ||
            command->maximum_operands > ARGUMENTS_MOST_OPERANDS ||
            (command->maximum_operands > 0) != (command->operands[0] != '\0'))
            test_fail(__FILE__, __LINE__, "the row of %s is not whole", command->name);
        for (const struct option *option = command->options; option && option->name; option++)
            check_option(command, option);
    }
}

TEST(every_command_is_named_once_by_one_or_two_words) {
    const struct command_table table = {command_groups, command_group_count};
    const struct command *command;

    for (size_t i = 0; (command = at(i, NULL)); i++) {
        const char *blank = strchr(command->name, ' ');

        if (command_find(table, text_of(command->name)) != command ||
            (blank && strchr(blank + 1, ' ')) || !islower((unsigned char)command->name[0]))
            test_fail(__FILE__, __LINE__, "\"%s\" cannot be told from others", command->name);
    }
}

TEST(every_wing_of_the_commands_is_known_to_the_overview) {
    static const char *const wings[] = {"plug", "host", "analyze", "push", "govern", "operate"};
    const char *wing;

    for (size_t i = 0; at(i, &wing); i++) {
        size_t k = 0;

        while (k < 6 && strcmp(wings[k], wing) != 0)
            k++;
        if (k == 6)
            test_fail(__FILE__, __LINE__, "%s is no wing", wing);
    }
}

TEST(every_kind_of_job_has_a_name_of_its_own) {
    for (size_t i = 0; i < job_kind_count; i++) {
        CHECK(job_kinds[i].name && job_kinds[i].run);
        for (size_t k = 0; k < i; k++)
            CHECK(strcmp(job_kinds[i].name, job_kinds[k].name) != 0);
    }
}
