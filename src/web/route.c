// SPDX-License-Identifier: Apache-2.0
#include "web/route.h"

#include "base/nearest.h"

#include <assert.h>

const struct route_answer answer_table = {.type = ANSWER_TABLE};
const struct route_answer answer_page = {.type = ANSWER_PAGE};
const struct route_answer answer_job = {
    .type = ANSWER_OBJECT,
    .members = ANSWER_MEMBERS({.name = "job_id", ANSWER_ID, "the job that does the work"}),
};

static size_t count_parameters(const struct route_parameter *parameters) {
    size_t count = 0;

    while (parameters && parameters[count].name)
        count++;
    return count;
}

static code unknown(struct scope *scope, struct text given,
                    const struct route_parameter *parameters) {
    const size_t count = count_parameters(parameters);
    const char **names = arena_array(&scope->arena, count + 1, sizeof(*names));
    const char *meant;

    for (size_t i = 0; i < count; i++)
        names[i] = parameters[i].name;
    scope_fail_field(scope, INVALID, text_string(&scope->arena, given),
                     "unknown parameter \"%.*s\"", TEXT_ARG(given));
    meant = nearest(given, names, count);
    return meant ? scope_hint(scope, "did you mean %s?", meant) : INVALID;
}

static code check_choice(struct scope *scope, struct text value,
                         const struct route_parameter *parameter) {
    CLEANUP(buffer_clear) struct buffer choices = {0};

    for (const char *const *choice = parameter->choices; *choice; choice++) {
        if (text_is(value, *choice))
            return OK;
        buffer_printf(&choices, "%s%s", choices.size > 0 ? ", " : "", *choice);
    }
    scope_fail_field(scope, INVALID, parameter->name, "\"%.*s\" cannot be the %s", TEXT_ARG(value),
                     parameter->name);
    return scope_hint(scope, "it is one of: %.*s", TEXT_ARG(buffer_text(&choices)));
}

// One given value, by the functions that handlers read with, so that both refuse the same.
static code check_value(struct scope *scope, const struct request_parameter *given,
                        const struct route_parameter *parameter) {
    const struct request one = {.parameters = given, .parameter_count = 1};
    int64_t number;
    int32_t day;
    bool flag;

    switch (parameter->type) {
    case PARAMETER_TEXT:
        return OK;
    case PARAMETER_INTEGER:
        return request_int64(scope, &one, parameter->name, parameter->minimum, parameter->maximum,
                             0, &number);
    case PARAMETER_DAY:
        return request_day(scope, &one, parameter->name, 0, &day);
    case PARAMETER_BOOL:
        return request_bool(scope, &one, parameter->name, &flag);
    case PARAMETER_CHOICE:
        return check_choice(scope, given->value, parameter);
    }
    return OK;
}

static code check_given(struct scope *scope, const struct request_parameter *given,
                        const struct route_parameter *parameters, bool *seen) {
    for (size_t i = 0; parameters && parameters[i].name; i++) {
        if (!text_is(given->name, parameters[i].name))
            continue;
        if (seen[i] && !parameters[i].repeats)
            return scope_fail_field(scope, INVALID, parameters[i].name,
                                    "parameter \"%s\" is given twice", parameters[i].name);
        seen[i] = true;
        return check_value(scope, given, &parameters[i]);
    }
    return unknown(scope, given->name, parameters);
}

code route_check_parameters(struct scope *scope, const struct request *request,
                            const struct route_parameter *parameters) {
    bool *seen = arena_array(&scope->arena, count_parameters(parameters) + 1, sizeof(*seen));

    for (size_t i = request->path_parameter_count; i < request->parameter_count; i++)
        TRY(check_given(scope, &request->parameters[i], parameters, seen));
    for (size_t i = 0; parameters && parameters[i].name; i++)
        if (parameters[i].is_required && !seen[i])
            return scope_fail_field(scope, INVALID, parameters[i].name,
                                    "parameter \"%s\" is missing", parameters[i].name);
    return OK;
}

// ---- what handlers read ----

static const struct route_parameter *declared(const struct request *request, const char *name) {
    for (const struct route_parameter *known = request->route_parameters; known && known->name;
         known++)
        if (strcmp(known->name, name) == 0)
            return known;
    return NULL;
}

int64_t request_integer(const struct request *request, const char *name) {
    const struct route_parameter *parameter = declared(request, name);
    const struct text given = request_text(request, name);
    int64_t value = 0;

    assert(parameter && parameter->type == PARAMETER_INTEGER);
    if (!text_to_int64(given, &value) && parameter->usual)
        (void)text_to_int64(text_of(parameter->usual), &value);
    return value;
}

bool request_flag(const struct request *request, const char *name) {
    const struct route_parameter *parameter = declared(request, name);

    assert(parameter && parameter->type == PARAMETER_BOOL);
    return request_has(request, name) && !text_is(request_text(request, name), "false");
}

struct text request_choice(const struct request *request, const char *name) {
    const struct route_parameter *parameter = declared(request, name);

    assert(parameter && parameter->type == PARAMETER_CHOICE);
    return request_has(request, name) ? request_text(request, name) : text_of(parameter->usual);
}
