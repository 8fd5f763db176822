// SPDX-License-Identifier: Apache-2.0
// Completion scripts. Names and choices are the program's own words (letters, digits, - and _);
// summaries are quoted.
#include "cli/arguments.h"
#include "cli/help.h"

// ---- what all shells need ----

// In single quotes; fish and the others differ in how a quote stands within.
static void add_quoted(struct buffer *out, const char *text, const char *quote) {
    buffer_add_char(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            buffer_add_string(out, quote);
        else
            buffer_add_char(out, *text);
    }
    buffer_add_char(out, '\'');
}

// Is this the first command of the table with its first word?
static bool begins_group(struct command_table table, size_t index) {
    const struct text word = command_first_word(command_at(table, index, NULL), NULL);

    for (size_t i = 0; i < index; i++)
        if (text_equal(command_first_word(command_at(table, i, NULL), NULL), word))
            return false;
    return true;
}

// What stands beside a first word: the summary of its command, or its second words.
static void add_first_summary(struct buffer *out, struct command_table table, struct text first) {
    const struct command *command = command_find(table, first);
    size_t count = 0;

    if (command) {
        buffer_add_string(out, command->summary);
        return;
    }
    for (size_t i = 0; (command = command_at(table, i, NULL)); i++) {
        struct text second;

        if (text_equal(command_first_word(command, &second), first))
            buffer_printf(out, "%s%.*s", count++ > 0 ? ", " : "", TEXT_ARG(second));
    }
}

static void add_words(struct buffer *out, const char *const *words) {
    for (size_t i = 0; words[i]; i++)
        buffer_printf(out, "%s%s", i > 0 ? " " : "", words[i]);
}

static void add_option_words(struct buffer *out, const struct option *options) {
    for (; options && options->name; options++)
        buffer_printf(out, " --%s", options->name);
}

// Case arms: 'command --option') words='a b' ;;
static void add_choice_arms(struct buffer *out, const struct command *command) {
    for (const struct option *option = command->options; option && option->name; option++) {
        if (!option->choices)
            continue;
        buffer_printf(out, "        '%s --%s') words='", command->name, option->name);
        add_words(out, option->choices);
        buffer_add_string(out, "' ;;\n");
    }
}

// ---- bash and zsh: one body, which finds the command and sets words ----

static void add_first_and_second_words(struct buffer *out, struct command_table table) {
    const struct command *command;

    buffer_add_string(out, "    firsts='");
    for (size_t i = 0; (command = command_at(table, i, NULL)); i++)
        if (begins_group(table, i))
            buffer_printf(out, "%s%.*s", i > 0 ? " " : "",
                          TEXT_ARG(command_first_word(command, NULL)));
    buffer_add_string(out, "'\n    case \"$first\" in\n");
    for (size_t i = 0; (command = command_at(table, i, NULL)); i++) {
        const struct text first = command_first_word(command, NULL);

        if (!begins_group(table, i) || !command_is_group(table, first))
            continue;
        buffer_printf(out, "        '%.*s') seconds='", TEXT_ARG(first));
        for (size_t k = i; command_at(table, k, NULL); k++) {
            struct text second;

            if (text_equal(command_first_word(command_at(table, k, NULL), &second), first) &&
                second.size > 0)
                buffer_printf(out, " %.*s", TEXT_ARG(second));
        }
        buffer_add_string(out, "' ;;\n");
    }
    buffer_add_string(out, "    esac\n"
                           "    case \" $seconds \" in\n"
                           "        *\" $second \"*) command=\"$first $second\" ;;\n"
                           "        *) command=\"$first\" ;;\n"
                           "    esac\n");
}

static void add_shared_body(struct buffer *out, struct command_table table) {
    const struct command *command;

    add_first_and_second_words(out, table);
    buffer_add_string(out, "    case \"$command\" in\n");
    for (size_t i = 0; (command = command_at(table, i, NULL)); i++) {
        if (!command->options)
            continue;
        buffer_printf(out, "        '%s') options='", command->name);
        add_option_words(out, command->options);
        buffer_add_string(out, "' ;;\n");
    }
    buffer_add_string(out, "    esac\n    case \"$command $previous\" in\n");
    for (size_t i = 0; (command = command_at(table, i, NULL)); i++)
        add_choice_arms(out, command);
    buffer_add_string(out, "        *' --format') words='table csv json' ;;\n"
                           "        'help '*) words=\"$firsts\" ;;\n"
                           "        'completion '*) words='bash zsh fish' ;;\n"
                           "    esac\n"
                           "    if [[ -z \"$words\" ]]; then\n"
                           "        case \"$current\" in\n"
                           "            -*) words=\"$options");
    add_option_words(out, cli_global_options);
    buffer_add_string(out,
                      "\" ;;\n"
                      "            *) if [[ -z \"$first\" ]]; then words=\"$firsts\"\n"
                      "               elif [[ -z \"$second\" ]]; then words=\"$seconds\"; fi ;;\n"
                      "        esac\n"
                      "    fi\n");
}

// `word` is how the shell writes the word number i of the line.
static void add_word_loop(struct buffer *out, const char *loop, const char *word) {
    buffer_printf(out,
                  "    for ((%s; i++)); do\n"
                  "        if [[ -n \"$skip\" ]]; then skip=''; continue; fi\n"
                  "        case \"%s\" in\n"
                  "            --data|--format) skip=1 ;;\n"
                  "            -*) ;;\n"
                  "            *) if [[ -z \"$first\" ]]; then first=\"%s\"\n"
                  "               elif [[ -z \"$second\" ]]; then second=\"%s\"; fi ;;\n"
                  "        esac\n"
                  "    done\n",
                  loop, word, word, word);
}

static void add_bash(struct buffer *out, struct command_table table) {
    buffer_add_string(out,
                      "# bash completion of tessera, made by `tessera completion bash`\n"
                      "_tessera() {\n"
                      "    local current=\"${COMP_WORDS[COMP_CWORD]}\"\n"
                      "    local previous=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
                      "    local first='' second='' command='' firsts='' seconds='' options=''\n"
                      "    local words='' skip='' i\n"
                      "    # --option=value comes in three words\n"
                      "    if [[ \"$current\" == '=' ]]; then current=''\n"
                      "    elif [[ \"$previous\" == '=' ]]; then\n"
                      "        previous=\"${COMP_WORDS[COMP_CWORD-2]}\"; fi\n");
    add_word_loop(out, "i = 1; i < COMP_CWORD", "${COMP_WORDS[i]}");
    add_shared_body(out, table);
    buffer_add_string(out, "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
                           "}\n"
                           "complete -o bashdefault -o default -F _tessera tessera\n");
}

// zsh calls the words of the line `words`, so they are copied before that name is taken.
static void add_zsh(struct buffer *out, struct command_table table) {
    buffer_add_string(out,
                      "#compdef tessera\n"
                      "# zsh completion of tessera, made by `tessera completion zsh`\n"
                      "_tessera() {\n"
                      "    local -a line=(\"${words[@]}\")\n"
                      "    local current=\"${line[CURRENT]}\" previous=\"${line[CURRENT-1]}\"\n"
                      "    local first='' second='' command='' firsts='' seconds='' options=''\n"
                      "    local skip='' i\n"
                      "    local words=''\n");
    add_word_loop(out, "i = 2; i < CURRENT", "${line[i]}");
    add_shared_body(out, table);
    buffer_add_string(out,
                      "    if [[ -n \"$words\" ]]; then compadd -- ${=words}; else _files; fi\n"
                      "}\n"
                      "if [[ \"${funcstack[1]}\" == _tessera ]]; then _tessera \"$@\"\n"
                      "else compdef _tessera tessera; fi\n");
}

// ---- fish ----

static void add_fish_options(struct buffer *out, const struct option *options,
                             const char *condition) {
    for (; options && options->name; options++) {
        buffer_printf(out, "complete -c tessera %s-l %s%s -d ", condition, options->name,
                      options->value ? " -r" : "");
        add_quoted(out, options->help, "\\'");
        if (options->choices) {
            buffer_add_string(out, " -f -a '");
            add_words(out, options->choices);
            buffer_add_char(out, '\'');
        }
        buffer_add_char(out, '\n');
    }
}

static void add_fish_command(struct buffer *out, struct command_table table, size_t index) {
    const struct command *command = command_at(table, index, NULL);
    struct text second;
    const struct text first = command_first_word(command, &second);
    struct buffer text = {0};

    if (begins_group(table, index)) {
        add_first_summary(&text, table, first);
        buffer_printf(out, "complete -c tessera -n __fish_use_subcommand -f -a %.*s -d ",
                      TEXT_ARG(first));
        add_quoted(out, buffer_string(&text), "\\'");
        buffer_add_char(out, '\n');
    }
    text.size = 0;
    if (second.size > 0) {
        buffer_printf(out,
                      "complete -c tessera -n '__fish_seen_subcommand_from %.*s' -f -a %.*s -d ",
                      TEXT_ARG(first), TEXT_ARG(second));
        add_quoted(out, command->summary, "\\'");
        buffer_printf(
            &text, "-n '__fish_seen_subcommand_from %.*s; and __fish_seen_subcommand_from %.*s' ",
            TEXT_ARG(first), TEXT_ARG(second));
        buffer_add_char(out, '\n');
    } else {
        buffer_printf(&text, "-n '__fish_seen_subcommand_from %.*s' ", TEXT_ARG(first));
    }
    add_fish_options(out, command->options, buffer_string(&text));
    buffer_clear(&text);
}

static void add_fish(struct buffer *out, struct command_table table) {
    buffer_add_string(out, "# fish completion of tessera, made by `tessera completion fish`\n");
    add_fish_options(out, cli_global_options, "");
    for (size_t i = 0; command_at(table, i, NULL); i++)
        add_fish_command(out, table, i);
}

void help_completion(struct buffer *out, struct command_table table, enum shell shell) {
    switch (shell) {
    case SHELL_BASH:
        add_bash(out, table);
        break;
    case SHELL_ZSH:
        add_zsh(out, table);
        break;
    case SHELL_FISH:
    case SHELL_COUNT:
        add_fish(out, table);
        break;
    }
}
