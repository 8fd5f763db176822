// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include "base/nearest.h"

#include <assert.h>

enum { MOST_CANDIDATES = 512 }; // for "did you mean"

const struct command *command_at(struct command_table table, size_t index, const char **ret_wing) {
    for (size_t i = 0; i < table.count; i++) {
        if (index < *table.groups[i].count) {
            if (ret_wing)
                *ret_wing = table.groups[i].wing;
            return &table.groups[i].commands[index];
        }
        index -= *table.groups[i].count;
    }
    return NULL;
}

struct text command_first_word(const struct command *command, struct text *ret_second) {
    struct text second;
    const struct text first = text_split(text_of(command->name), ' ', &second);

    if (ret_second)
        *ret_second = second;
    return first;
}

const struct command *command_find(struct command_table table, struct text name) {
    const struct command *command;

    for (size_t i = 0; (command = command_at(table, i, NULL)); i++)
        if (text_is(name, command->name))
            return command;
    return NULL;
}

bool command_is_group(struct command_table table, struct text word) {
    const struct command *command;
    struct text second;

    for (size_t i = 0; (command = command_at(table, i, NULL)); i++)
        if (text_equal(command_first_word(command, &second), word) && second.size > 0)
            return true;
    return false;
}

const struct option *option_find(const struct option *options, struct text name) {
    for (; options && options->name; options++)
        if (text_is(name, options->name))
            return options;
    return NULL;
}

// ---- what is not known ----

static code suggest(struct scope *scope, struct text given, const char *const *candidates,
                    size_t count, const char *prefix) {
    const char *meant = nearest(given, candidates, count);

    if (meant)
        return scope_hint(scope, "did you mean %s%s?", prefix, meant);
    return scope_hint(scope,
                      "`tessera help` lists the commands, `tessera help COMMAND` their options");
}

static code unknown_command(struct scope *scope, struct command_table table, struct text first,
                            struct text second) {
    const struct text given =
        second.size > 0 ? text_printf(&scope->arena, "%.*s %.*s", TEXT_ARG(first), TEXT_ARG(second))
                        : first;
    const char *candidates[MOST_CANDIDATES];
    const struct command *command;
    size_t count = 0;

    for (size_t i = 0; (command = command_at(table, i, NULL)) && count + 1 < MOST_CANDIDATES; i++) {
        const struct text word = command_first_word(command, NULL);

        candidates[count++] = command->name;
        if (second.size == 0)
            candidates[count++] = text_string(&scope->arena, word);
    }
    scope_fail(scope, INVALID, "unknown command \"%.*s\"", TEXT_ARG(given));
    return suggest(scope, given, candidates, count, "tessera ");
}

static code unknown_option(struct scope *scope, const struct command *command, struct text name) {
    const char *candidates[MOST_CANDIDATES];
    size_t count = 0;

    for (const struct option *o = command ? command->options : NULL;
         o && o->name && count < MOST_CANDIDATES; o++)
        candidates[count++] = o->name;
    for (const struct option *o = cli_global_options; o->name && count < MOST_CANDIDATES; o++)
        candidates[count++] = o->name;
    if (command)
        scope_fail(scope, INVALID, "%s has no option --%.*s", command->name, TEXT_ARG(name));
    else
        scope_fail(scope, INVALID, "unknown option --%.*s", TEXT_ARG(name));
    if (!command && !nearest(name, candidates, count))
        return scope_hint(scope, "options of a command stand after its name");
    return suggest(scope, name, candidates, count, "--");
}

// ---- sorting ----

struct parser {
    struct scope *scope;
    struct command_table table;
    struct arguments *arguments;
    const struct command
        *fallback; // the one-word command of a group, until its second word is known
    int count;
    char *const *words;
    int next;
};

static code add_operand(struct parser *parser, struct text word) {
    struct arguments *arguments = parser->arguments;

    if (arguments->operand_count == ARGUMENTS_MOST_OPERANDS)
        return scope_fail(parser->scope, TOO_LARGE, "more than %d operands",
                          ARGUMENTS_MOST_OPERANDS);
    arguments->operands[arguments->operand_count++] = word;
    return OK;
}

static code take_first_word(struct parser *parser, struct text word) {
    struct arguments *arguments = parser->arguments;
    const struct command *command = command_find(parser->table, word);

    if (command_is_group(parser->table, word)) {
        arguments->group = word;
        parser->fallback = command;
        return OK;
    }
    if (!command)
        return unknown_command(parser->scope, parser->table, word, (struct text){0});
    arguments->command = command;
    return OK;
}

static code take_second_word(struct parser *parser, struct text word) {
    struct arguments *arguments = parser->arguments;
    const struct text name =
        text_printf(&parser->scope->arena, "%.*s %.*s", TEXT_ARG(arguments->group), TEXT_ARG(word));

    arguments->command = command_find(parser->table, name);
    if (arguments->command)
        return OK;
    if (!parser->fallback)
        return unknown_command(parser->scope, parser->table, arguments->group, word);
    arguments->command = parser->fallback;
    return add_operand(parser, word);
}

static code take_word(struct parser *parser, struct text word) {
    if (parser->arguments->command)
        return add_operand(parser, word);
    return parser->arguments->group.size > 0 ? take_second_word(parser, word)
                                             : take_first_word(parser, word);
}

static code check_choice(struct scope *scope, const struct option *option, struct text value) {
    CLEANUP(buffer_clear) struct buffer known = {0};
    const char *meant;
    size_t count = 0;

    for (; option->choices[count]; count++) {
        if (text_is(value, option->choices[count]))
            return OK;
        buffer_printf(&known, "%s%s", count > 0 ? ", " : "", option->choices[count]);
    }
    scope_fail_field(scope, INVALID, option->name, "--%s cannot be \"%.*s\"", option->name,
                     TEXT_ARG(value));
    scope_detail(scope, "it is one of %s", buffer_string(&known));
    meant = nearest(value, option->choices, count);
    return meant ? scope_hint(scope, "did you mean --%s %s?", option->name, meant) : INVALID;
}

static code add_option(struct parser *parser, const struct option *option, struct text value) {
    struct arguments *arguments = parser->arguments;

    if (option->value && option->choices)
        TRY(check_choice(parser->scope, option, value));
    if (!option->repeats && argument_given(arguments, option->name))
        return scope_fail_field(parser->scope, INVALID, option->name, "--%s stands twice",
                                option->name);
    if (arguments->option_count == ARGUMENTS_MOST_OPTIONS)
        return scope_fail(parser->scope, TOO_LARGE, "more than %d options", ARGUMENTS_MOST_OPTIONS);
    arguments->options[arguments->option_count++] =
        (struct given_option){.option = option, .value = value};
    return OK;
}

static const struct option *known_option(struct parser *parser, struct text name) {
    struct arguments *arguments = parser->arguments;
    const struct option *option = option_find(cli_global_options, name);

    if (option)
        return option;
    if (!arguments->command && parser->fallback && option_find(parser->fallback->options, name))
        arguments->command = parser->fallback;
    return arguments->command ? option_find(arguments->command->options, name) : NULL;
}

static code take_option(struct parser *parser, struct text word) {
    struct text value;
    const struct text name = text_split(word, '=', &value);
    const struct option *option = known_option(parser, name);

    if (!option)
        return unknown_option(
            parser->scope,
            parser->arguments->command ? parser->arguments->command : parser->fallback, name);
    if (!option->value && value.data)
        return scope_fail_field(parser->scope, INVALID, option->name, "--%s takes no value",
                                option->name);
    if (option->value && !value.data) {
        const char *next = parser->next < parser->count ? parser->words[parser->next] : NULL;

        if (!next || strncmp(next, "--", 2) == 0) {
            scope_fail_field(parser->scope, INVALID, option->name, "--%s needs a value: %s",
                             option->name, option->value);
            return next ? scope_hint(parser->scope, "write --%s=%s if that is the value",
                                     option->name, next)
                        : INVALID;
        }
        value = text_of(next);
        parser->next++;
    }
    return add_option(parser, option, value);
}

// "-h" is for help; "-" and negative numbers are operands.
static code take_short(struct parser *parser, struct text word) {
    double number;

    if (text_is(word, "-h"))
        return take_option(parser, TEXT("help"));
    if (word.size == 1 || text_to_double(word, &number))
        return take_word(parser, word);
    scope_fail(parser->scope, INVALID, "unknown option %.*s", TEXT_ARG(word));
    return scope_hint(parser->scope, "options are written with two dashes, --like-this");
}

code arguments_parse(struct scope *scope, struct command_table table, int count, char *const *words,
                     struct arguments *ret_arguments) {
    struct parser parser = {
        .scope = scope, .table = table, .arguments = ret_arguments, .count = count, .words = words};
    bool options_ended = false;

    *ret_arguments = (struct arguments){0};
    while (parser.next < count) {
        const struct text word = text_of(words[parser.next++]);

        if (!text_is_utf8(word))
            return scope_fail(scope, INVALID, "argument %d is not UTF-8", parser.next);
        if (options_ended || word.size == 0 || word.data[0] != '-')
            TRY(take_word(&parser, word));
        else if (text_is(word, "--"))
            options_ended = true;
        else if (word.data[1] == '-')
            TRY(take_option(&parser, text_of(word.data + 2)));
        else
            TRY(take_short(&parser, word));
    }
    if (!ret_arguments->command && parser.fallback)
        ret_arguments->command = parser.fallback;
    return OK;
}

code arguments_check(struct scope *scope, const struct arguments *arguments) {
    const struct command *command = arguments->command;
    const int count = arguments->operand_count;

    if (count >= command->minimum_operands && count <= command->maximum_operands)
        return OK;
    if (command->maximum_operands == 0)
        scope_fail(scope, INVALID, "%s takes no operands, \"%.*s\" is one", command->name,
                   TEXT_ARG(arguments->operands[0]));
    else if (count < command->minimum_operands)
        scope_fail(scope, INVALID, "%s needs %s", command->name, command->operands);
    else
        scope_fail(scope, INVALID, "%s takes %s, \"%.*s\" is too many", command->name,
                   command->operands, TEXT_ARG(arguments->operands[command->maximum_operands]));
    return scope_hint(scope, "`tessera help %s` shows how it is used", command->name);
}

// ---- what commands ask ----

struct text argument_operand(const struct arguments *arguments, int index) {
    return index < arguments->operand_count ? arguments->operands[index] : (struct text){0};
}

int argument_operand_count(const struct arguments *arguments) {
    return arguments->operand_count;
}

size_t argument_all(const struct arguments *arguments, const char *option, struct text *values,
                    size_t capacity) {
    size_t count = 0;

    // Reading an option that the command does not declare is a mistake of the program.
    assert(!arguments->command || option_find(arguments->command->options, text_of(option)) ||
           option_find(cli_global_options, text_of(option)));
    for (size_t i = 0; i < arguments->option_count; i++) {
        if (strcmp(arguments->options[i].option->name, option) != 0)
            continue;
        if (count < capacity)
            values[count] = arguments->options[i].value;
        count++;
    }
    return count;
}

bool argument_given(const struct arguments *arguments, const char *option) {
    return argument_all(arguments, option, NULL, 0) > 0;
}

struct text argument_text(const struct arguments *arguments, const char *option) {
    struct text value = {0};

    argument_all(arguments, option, &value, 1);
    return value;
}
