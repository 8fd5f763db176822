// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include "cli/arguments.h"
#include "cli/output.h"

enum { SUMMARY_COLUMN = 28, LINE_WIDTH = 80 };

// The way in for somebody who has never seen the program. Shown as far as the table knows them.
static const struct {
    const char *command;
    const char *example;
    const char *what;
} first_steps[] = {
    {"sample", "tessera sample", "make up a shop with customers and receipts to try things on"},
    {"import", "tessera import receipts.csv --as sales", "bring in your own"},
    {"metric", "tessera metric revenue_gross --by month", "see what was sold"},
    {"segment count", "tessera segment count NAME", "count a group of customers"},
    {"doctor", "tessera doctor", "check that everything is in order"},
};

static const struct {
    const char *name;
    const char *what;
} wings[] = {
    {"plug", "bring data in"},       {"host", "one view of each customer"},
    {"analyze", "see what it says"}, {"push", "reach customers"},
    {"govern", "who did what"},      {"operate", "look after the store"},
};

static void add_heading(struct buffer *out, const char *heading, bool colour) {
    buffer_printf(out, colour ? "\n\x1b[1m%s\x1b[0m\n" : "\n%s\n", heading);
}

// `left` in a column of its own, `text` beside it, broken into lines.
static void add_entry(struct buffer *out, const char *left, struct text text) {
    size_t column = strlen(left) + 2;

    buffer_printf(out, "  %s", left);
    if (column + 2 > SUMMARY_COLUMN) {
        buffer_add_char(out, '\n');
        column = 0;
    }
    while (text.size > 0) {
        const struct text word = text_split(text, ' ', &text);

        if (column > SUMMARY_COLUMN && column + 1 + word.size > LINE_WIDTH) {
            buffer_add_char(out, '\n');
            column = 0;
        }
        if (column < SUMMARY_COLUMN)
            buffer_printf(out, "%*s", (int)(SUMMARY_COLUMN - column), "");
        else
            buffer_add_char(out, ' ');
        column = (column < SUMMARY_COLUMN ? SUMMARY_COLUMN : column + 1) + word.size;
        buffer_add_text(out, word);
    }
    buffer_add_char(out, '\n');
}

static void add_options(struct buffer *out, const struct option *options) {
    for (; options && options->name; options++) {
        struct buffer left = {0};
        struct buffer text = {0};

        buffer_printf(&left, "--%s%s%s", options->name, options->value ? " " : "",
                      options->value ? options->value : "");
        buffer_add_string(&text, options->help);
        for (size_t i = 0; options->choices && options->choices[i]; i++)
            buffer_printf(&text, "%s%s", i > 0 ? ", " : " (", options->choices[i]);
        if (options->choices)
            buffer_add_char(&text, ')');
        if (options->repeats)
            buffer_add_string(&text, "; may be given several times");
        add_entry(out, buffer_string(&left), buffer_text(&text));
        buffer_clear(&left);
        buffer_clear(&text);
    }
}

static void add_usage(struct buffer *out, const struct command *command) {
    buffer_printf(out, "tessera %s", command->name);
    if (command->operands[0] != '\0')
        buffer_printf(out, " %s", command->operands);
    if (command->options)
        buffer_add_string(out, " [OPTION …]");
}

void help_command(struct buffer *out, const struct command *command, bool colour) {
    buffer_printf(out, "%s\n\n  ", command->summary);
    add_usage(out, command);
    buffer_add_char(out, '\n');
    if (command->help)
        buffer_printf(out, "\n%s%s", command->help,
                      command->help[strlen(command->help) - 1] == '\n' ? "" : "\n");
    if (command->options) {
        add_heading(out, "Options", colour);
        add_options(out, command->options);
    }
    add_heading(out, "Options of every command", colour);
    add_options(out, cli_global_options);
}

static void add_commands(struct buffer *out, struct command_table table, const char *wing,
                         struct text group) {
    const struct command *command;
    const char *of_wing;

    for (size_t i = 0; (command = command_at(table, i, &of_wing)); i++)
        if ((!wing || strcmp(wing, of_wing) == 0) &&
            (group.size == 0 || text_equal(command_first_word(command, NULL), group)))
            add_entry(out, command->name, text_of(command->summary));
}

void help_group(struct buffer *out, struct command_table table, struct text group, bool colour) {
    buffer_printf(out, "tessera %.*s …\n", TEXT_ARG(group));
    add_heading(out, "Commands", colour);
    add_commands(out, table, NULL, group);
    buffer_printf(out, "\n`tessera help %.*s COMMAND` tells more of one.\n", TEXT_ARG(group));
}

void help_overview(struct buffer *out, struct command_table table, bool colour) {
    buffer_add_string(out, "Tessera: your customers, their receipts and what they say, on your own "
                           "machine.\n\n  tessera COMMAND [OPERAND …] [OPTION …]\n");
    add_heading(out, "Start here", colour);
    for (size_t i = 0; i < sizeof(first_steps) / sizeof(*first_steps); i++) {
        if (!command_find(table, text_of(first_steps[i].command)))
            continue;
        buffer_printf(out, "  %-40s %s\n", first_steps[i].example, first_steps[i].what);
    }
    for (size_t i = 0; i < sizeof(wings) / sizeof(*wings); i++) {
        struct buffer commands = {0};
        struct buffer heading = {0};

        add_commands(&commands, table, wings[i].name, (struct text){0});
        buffer_printf(&heading, "%s: %s", wings[i].name, wings[i].what);
        if (commands.size > 0) {
            add_heading(out, buffer_string(&heading), colour);
            buffer_add_text(out, buffer_text(&commands));
        }
        buffer_clear(&heading);
        buffer_clear(&commands);
    }
    add_heading(out, "Options of every command", colour);
    add_options(out, cli_global_options);
    buffer_add_string(out,
                      "\n`tessera help COMMAND` shows a command with examples; `man tessera` has "
                      "it all.\n");
}

code help_version(struct cli *cli) {
    fprintf(cli->out, "tessera %s\n", TESSERA_VERSION);
    return OK;
}

code help_show(struct scope *scope, struct cli *cli, const struct command *command,
               struct text group) {
    CLEANUP(buffer_clear) struct buffer out = {0};

    if (command)
        help_command(&out, command, cli->colour);
    else if (group.size > 0)
        help_group(&out, cli->commands, group, cli->colour);
    else
        help_overview(&out, cli->commands, cli->colour);
    return output_write(scope, cli, &out);
}

code help_incomplete(struct scope *scope, struct cli *cli, struct text group) {
    CLEANUP(buffer_clear) struct buffer words = {0};
    const struct command *command;

    for (size_t i = 0; (command = command_at(cli->commands, i, NULL)); i++) {
        struct text second;

        if (text_equal(command_first_word(command, &second), group) && second.size > 0)
            buffer_printf(&words, "%s%.*s", words.size > 0 ? ", " : "", TEXT_ARG(second));
    }
    scope_fail(scope, INVALID, "%.*s needs one more word: %s", TEXT_ARG(group),
               buffer_string(&words));
    return scope_hint(scope, "`tessera help %.*s` says what they do", TEXT_ARG(group));
}

// ---- the commands ----

static code run_help(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer page = {0};
    struct arguments named;
    char *words[2];

    if (argument_given(arguments, "man")) {
        help_man_page(&page, cli->commands);
        return output_write(scope, cli, &page);
    }
    // The words are sorted as if they were the command line: the same names, the same suggestions.
    for (int i = 0; i < argument_operand_count(arguments); i++)
        words[i] = text_string(&scope->arena, argument_operand(arguments, i));
    TRY(arguments_parse(scope, cli->commands, argument_operand_count(arguments), words, &named));
    return help_show(scope, cli, named.command, named.group);
}

static code run_completion(struct scope *scope, struct cli *cli,
                           const struct arguments *arguments) {
    static const char *const shells[SHELL_COUNT] = {
        [SHELL_BASH] = "bash", [SHELL_ZSH] = "zsh", [SHELL_FISH] = "fish"};
    CLEANUP(buffer_clear) struct buffer script = {0};
    const struct text given = argument_operand(arguments, 0);
    int shell = 0;

    while (shell < SHELL_COUNT && !text_is(given, shells[shell]))
        shell++;
    if (shell == SHELL_COUNT) {
        scope_fail(scope, INVALID, "no completion for the shell \"%.*s\"", TEXT_ARG(given));
        return scope_hint(scope, "there is bash, zsh and fish");
    }
    help_completion(&script, cli->commands, (enum shell)shell);
    return output_write(scope, cli, &script);
}

static code run_version(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    (void)scope, (void)arguments;
    return help_version(cli);
}

static const struct option help_options[] = {
    {.name = "man", .help = "write the manual page, in troff, instead"},
    {0},
};

const struct command cli_commands[] = {
    {.name = "help",
     .operands = "[COMMAND]",
     .summary = "Show how a command is used",
     .help = "Examples:\n"
             "  tessera help segment count\n"
             "  tessera help --man | man -l -\n",
     .maximum_operands = 2,
     .options = help_options,
     .run = run_help,
     .store = COMMAND_WITHOUT_STORE},
    {.name = "completion",
     .operands = "bash|zsh|fish",
     .summary = "Write a script that completes commands and options",
     .help = "Examples:\n"
             "  tessera completion bash > ~/.local/share/bash-completion/completions/tessera\n"
             "  tessera completion zsh > ~/.zfunc/_tessera\n"
             "  tessera completion fish > ~/.config/fish/completions/tessera.fish\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_completion,
     .store = COMMAND_WITHOUT_STORE},
    {.name = "version",
     .operands = "",
     .summary = "Show the version",
     .run = run_version,
     .store = COMMAND_WITHOUT_STORE},
};
const size_t cli_command_count = sizeof(cli_commands) / sizeof(*cli_commands);
