// SPDX-License-Identifier: Apache-2.0
// The manual page.
#include "cli/arguments.h"
#include "cli/help.h"

// Backslashes and hyphens escaped, lines that troff would take for requests made text.
static void add_escaped(struct buffer *out, struct text text) {
    for (size_t i = 0; i < text.size; i++) {
        const bool begins_line = i == 0 || text.data[i - 1] == '\n';

        if (begins_line && (text.data[i] == '.' || text.data[i] == '\''))
            buffer_add_string(out, "\\&");
        if (text.data[i] == '\\')
            buffer_add_string(out, "\\e");
        else if (text.data[i] == '-')
            buffer_add_string(out, "\\-");
        else
            buffer_add_char(out, text.data[i]);
    }
}

static void add_options(struct buffer *out, const struct option *options) {
    for (; options && options->name; options++) {
        buffer_add_string(out, ".TP\n.B \\-\\-");
        add_escaped(out, text_of(options->name));
        if (options->value) {
            buffer_add_string(out, " \\fI");
            add_escaped(out, text_of(options->value));
            buffer_add_string(out, "\\fR");
        }
        buffer_add_char(out, '\n');
        add_escaped(out, text_of(options->help));
        for (size_t i = 0; options->choices && options->choices[i]; i++) {
            buffer_add_string(out, i > 0 ? ", " : ": ");
            add_escaped(out, text_of(options->choices[i]));
        }
        buffer_add_string(out, options->repeats ? "; may be given several times\n" : "\n");
    }
}

static void add_command(struct buffer *out, const struct command *command) {
    buffer_add_string(out, ".SS tessera ");
    add_escaped(out, text_of(command->name));
    buffer_add_char(out, ' ');
    add_escaped(out, text_of(command->operands));
    buffer_add_char(out, '\n');
    add_escaped(out, text_of(command->summary));
    buffer_add_string(out, ".\n");
    // Examples keep their lines.
    if (command->help) {
        buffer_add_string(out, ".PP\n.nf\n");
        add_escaped(out, text_of(command->help));
        buffer_add_string(out,
                          command->help[strlen(command->help) - 1] == '\n' ? ".fi\n" : "\n.fi\n");
    }
    add_options(out, command->options);
}

static void add_exit_codes(struct buffer *out) {
    static const struct {
        code code;
        const char *meaning;
    } meanings[] = {
        {OK, "it worked"},
        {INTERNAL, "a fault of the program"},
        {INVALID, "the command line or the input is wrong"},
        {NOT_FOUND, "what was named does not exist"},
        {CONFLICT,
         "it contradicts what is there, or the store is in use, or a check of doctor failed"},
        {UNAUTHENTICATED, "who is asking is not known"},
        {FORBIDDEN, "who is asking may not"},
        {TOO_LARGE, "past a limit"},
        {BUSY, "try again after a while"},
        {UNAVAILABLE, "a database or file cannot be reached"},
        {STORAGE_FULL, "the disk is full; nothing accepted was lost"},
        {REUSED, "a key of the API was used for another request; no command ends so"},
        {CANCELLED, "it was stopped on request"},
    };

    buffer_add_string(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
        buffer_printf(out, ".TP\n.B %d\n", code_info(meanings[i].code)->exit_code);
        add_escaped(out, text_of(meanings[i].meaning));
        buffer_add_char(out, '\n');
    }
}

static void add_configuration(struct buffer *out) {
    buffer_add_string(
        out,
        ".SH CONFIGURATION\n"
        "Lines of\n.B name = value\n"
        "in the file that \\-\\-config or TESSERA_CONFIG names, otherwise in tessera.conf in the\n"
        "store's folder, otherwise in /etc/tessera/tessera.conf. What follows a # is a comment. "
        "An\n"
        "option named in the environment, as in TESSERA_LISTEN, goes before the file, one on the\n"
        "command line of\n.B tessera serve\ngoes before both.\n");
    for (size_t i = 0; i < config_option_count; i++) {
        const struct config_option *option = &config_options[i];

        buffer_printf(out, ".TP\n.B %s\n= ", option->name);
        add_escaped(out, text_of(option->otherwise[0] != '\0' ? option->otherwise : option->value));
        buffer_add_string(out, "\n.br\n");
        add_escaped(out, text_of(option->help));
        buffer_add_char(out, '\n');
    }
}

static void add_surroundings(struct buffer *out) {
    buffer_add_string(
        out,
        ".SH ENVIRONMENT\n"
        ".TP\n.B TESSERA_CONFIG\nthe configuration file, when \\-\\-config is not given\n"
        ".TP\n.B TESSERA_DATA\nthe folder of the store, when \\-\\-data is not given\n"
        ".TP\n.B TESSERA_...\nany other option of the configuration\n"
        ".TP\n.B XDG_DATA_HOME\nits folder tessera is the store's when neither names one\n"
        ".TP\n.B NO_COLOR\nwhen set and not empty, no colour is written\n"
        ".SH OUTPUT\n"
        "Results go to standard output, progress, remarks and errors to standard error. With\n"
        ".B \\-\\-format json\n"
        "a result is one JSON document and an error is one line of JSON on standard error. With\n"
        ".B \\-\\-format csv\n"
        "the tables of a result are written with CRLF as in RFC 4180 and an empty line between\n"
        "two; a result without tables becomes the columns name and value. Text that a spreadsheet\n"
        "would take for a formula gets an apostrophe in front.\n");
}

void help_man_page(struct buffer *out, struct command_table table) {
    const struct command *command;

    buffer_printf(
        out,
        ".TH TESSERA 1 \"\" \"tessera %s\" \"User Commands\"\n"
        ".SH NAME\ntessera \\- your customers, their receipts and what they say\n"
        ".SH SYNOPSIS\n.B tessera\n\\fICOMMAND\\fR [\\fIOPERAND\\fR ...] [\\fIOPTION\\fR ...]\n"
        ".SH DESCRIPTION\n"
        "Tessera plugs into sources of customer data, hosts it as one view of each customer and\n"
        "analyzes it, in a store on this machine.\n"
        ".SH OPTIONS\n",
        TESSERA_VERSION);
    add_options(out, cli_global_options);
    buffer_add_string(out, ".SH COMMANDS\n");
    for (size_t i = 0; (command = command_at(table, i, NULL)); i++)
        add_command(out, command);
    add_configuration(out);
    add_exit_codes(out);
    add_surroundings(out);
}
