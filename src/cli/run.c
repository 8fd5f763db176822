// SPDX-License-Identifier: Apache-2.0
// One command from its words to its exit code.
#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/output.h"
#include "govern/access/access.h"
#include "store/store.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

// ---- the terminal ----

static void find_terminal(struct cli *cli) {
    const char *no_colour = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    struct winsize size;

    cli->out = stdout;
    cli->err = stderr;
    cli->out_is_terminal = isatty(STDOUT_FILENO);
    cli->err_is_terminal = isatty(STDERR_FILENO) && !(term && strcmp(term, "dumb") == 0);
    cli->colour = cli->out_is_terminal && !(no_colour && no_colour[0] != '\0') &&
                  !(term && strcmp(term, "dumb") == 0);
    if (cli->out_is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        cli->out_width = size.ws_col;
}

bool cli_is_interactive(const struct cli *cli) {
    return cli->err_is_terminal && !cli->quiet;
}

// ---- who and where ----

static void name_actor(struct scope *scope) {
    const struct passwd *user = getpwuid(geteuid());
    struct actor *actor = &scope->actor;

    if (user && user->pw_name)
        snprintf(actor->name, sizeof(actor->name), "%s", user->pw_name);
    else
        snprintf(actor->name, sizeof(actor->name), "uid %ld", (long)geteuid());
    actor->permissions = MAY_EVERYTHING;
}

static code given_path(struct scope *scope, const struct arguments *arguments, const char *option,
                       const char **ret_path) {
    const struct text given = argument_text(arguments, option);

    *ret_path = NULL;
    if (!argument_given(arguments, option))
        return OK;
    if (given.size == 0)
        return scope_fail_field(scope, INVALID, option, "--%s names nothing", option);
    *ret_path = text_string(&scope->arena, given);
    return OK;
}

// --lake-memory 2G is lake_memory = 2G. Those of every command are none of the configuration's.
static code configure_by_words(struct scope *scope, struct cli *cli,
                               const struct arguments *arguments) {
    for (size_t i = 0; i < arguments->option_count; i++) {
        const struct given_option *given = &arguments->options[i];
        char *name = text_string(&scope->arena, text_of(given->option->name));

        if (option_find(cli_global_options, text_of(name)))
            continue;
        for (char *dash = strchr(name, '-'); dash; dash = strchr(dash, '-'))
            *dash = '_';
        TRY(config_set(scope, &cli->config, text_of(name), given->value, CONFIG_BY_COMMAND_LINE,
                       arena_printf(&scope->arena, "--%s", given->option->name)));
    }
    return OK;
}

static code configure(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct config_sources sources = {.environment = (const char *const *)environ,
                                     .system_file = "/etc/tessera/tessera.conf"};

    TRY(given_path(scope, arguments, "config", &sources.file));
    TRY(given_path(scope, arguments, "data", &sources.data));
    TRY(config_load(scope, &sources, &cli->config));
    return arguments->command->store == COMMAND_SERVES ? configure_by_words(scope, cli, arguments)
                                                       : OK;
}

const struct config *cli_config(const struct cli *cli) {
    return &cli->config;
}

static code find_data_folder(struct scope *scope, const struct cli *cli, const char **ret_path) {
    if (cli->config.data[0] == '\0') {
        scope_fail(scope, INVALID, "no folder for the data is known");
        return scope_hint(scope, "name one with --data DIR or TESSERA_DATA");
    }
    *ret_path = cli->config.data;
    return OK;
}

// The folders above the store; the store makes its own.
static code make_parents(struct scope *scope, const char *path) {
    char *parent = arena_printf(&scope->arena, "%s", path);

    for (char *slash = strchr(parent + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(parent, 0700) != 0 && errno != EEXIST)
            return scope_fail(scope, errno == ENOSPC ? STORAGE_FULL : UNAVAILABLE,
                              "cannot make the folder \"%s\": %s", parent, strerror(errno));
        *slash = '/';
    }
    return OK;
}

static code need_folder(struct scope *scope, const char *path) {
    struct stat status;

    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return OK;
    scope_fail(scope, NOT_FOUND, "there is no store at \"%s\"", path);
    return scope_hint(scope,
                      "`tessera sample` or `tessera import` makes one there; --data names another");
}

static code open_either(struct scope *scope, const char *path, const struct config *config,
                        enum store_mode first, enum store_mode second, struct store **ret_store) {
    code result = store_open_configured(scope, path, first, config, ret_store);

    if (result != CONFLICT)
        return result;
    scope_forgive(scope);
    return store_open_configured(scope, path, second, config, ret_store);
}

static code open_store(struct scope *scope, enum command_store store, const char *path,
                       const struct config *config, struct store **ret_store) {
    if (config_is_address(text_of(path)))
        TRY(make_parents(scope, config->files));
    else if (store == COMMAND_OPENS_STORE || store == COMMAND_SERVES)
        TRY(make_parents(scope, path));
    else
        TRY(need_folder(scope, path));
    // Beside the owner. A store that an older program made is opened as its owner once, which
    // brings it up to date.
    if (store == COMMAND_OPENS_LEDGER)
        return open_either(scope, path, config, STORE_LEDGER_ONLY, STORE_READ_WRITE, ret_store);
    if (store == COMMAND_OPENS_FREE)
        return open_either(scope, path, config, STORE_READ_WRITE, STORE_LEDGER_ONLY, ret_store);
    return store_open_configured(scope, path, STORE_READ_WRITE, config, ret_store);
}

// What is to be done with a store, and which.
struct store_work {
    enum command_store store;
    command_run *run;
    const struct arguments *arguments;
    const char *path;
};

static code run_in_process(struct scope *scope, struct cli *cli, const struct store_work *work) {
    struct store *store = NULL;
    code result = open_store(scope, work->store, work->path, &cli->config, &store);

    if (result == OK)
        result = session_open(scope, store);
    if (result == OK) {
        // As its owner does on opening: jobs whose process is gone are interrupted, not running.
        if (!store_owns_lake(store))
            result = job_recover(scope);
        if (result == OK)
            result = work->run(scope, cli, work->arguments);
        session_close(scope);
    }
    bar_clear(&cli->bar);
    store_close(store);
    return result;
}

// A server that has the store open does the work; otherwise this process opens it.
static code run_where_the_store_is(struct scope *scope, struct cli *cli,
                                   const struct store_work *work) {
    struct remote *remote = NULL;
    code result;

    if (work->store != COMMAND_SERVES)
        TRY(remote_open(scope,
                        config_is_address(text_of(work->path)) ? cli->config.files : work->path,
                        &remote));
    if (!remote)
        return run_in_process(scope, cli, work);
    cli->remote = remote;
    result = work->run(scope, cli, work->arguments);
    bar_clear(&cli->bar);
    cli->remote = NULL;
    remote_close(remote);
    return result;
}

code cli_with_store(struct scope *scope, struct cli *cli, const struct arguments *arguments,
                    enum command_store store, command_run *run) {
    struct store_work work = {.store = store, .run = run, .arguments = arguments};
    struct interrupt interrupt;
    code result;

    TRY(find_data_folder(scope, cli, &work.path));
    interrupt_start(&interrupt);
    cli->interrupt = &interrupt;
    result = run_where_the_store_is(scope, cli, &work);
    cli->interrupt = NULL;
    interrupt_stop(&interrupt);
    return result;
}

// ---- the whole ----

static code run_command(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    if (argument_given(arguments, "version"))
        return help_version(cli);
    if (argument_given(arguments, "help") || (!arguments->command && arguments->group.size == 0))
        return help_show(scope, cli, arguments->command, arguments->group);
    if (!arguments->command)
        return help_incomplete(scope, cli, arguments->group);
    TRY(arguments_check(scope, arguments));
    TRY(configure(scope, cli, arguments));
    if (arguments->command->store == COMMAND_WITHOUT_STORE)
        return arguments->command->run(scope, cli, arguments);
    return cli_with_store(scope, cli, arguments, arguments->command->store,
                          arguments->command->run);
}

// Known before the words are sorted, so that what is wrong with them is said in the format asked
// for.
static enum cli_format find_format(int count, char *const *words) {
    bool is_next = false;

    for (int i = 0; i < count; i++) {
        struct text value = text_of(words[i]);

        if (text_is(value, "--"))
            break;
        if (!is_next && !text_starts_with(value, TEXT("--format="))) {
            is_next = text_is(value, "--format");
            continue;
        }
        if (!is_next)
            text_split(value, '=', &value);
        for (int format = 0; cli_formats[format]; format++)
            if (text_is(value, cli_formats[format]))
                return (enum cli_format)format;
        is_next = false;
    }
    return FORMAT_TABLE;
}

static code parse_and_run(struct scope *scope, struct cli *cli, int count, char *const *words) {
    struct arguments *arguments = arena_alloc(&scope->arena, sizeof(*arguments));

    TRY(arguments_parse(scope, cli->commands, count, words, arguments));
    cli->quiet = argument_given(arguments, "quiet");
    bar_init(&cli->bar, cli->quiet ? NULL : cli->err, cli->err_is_terminal);
    scope->progress = &cli->bar.progress;
    return run_command(scope, cli, arguments);
}

int cli_run(struct cli *cli, int argc, char **argv) {
    const int count = argc > 0 ? argc - 1 : 0;
    struct scope scope;
    code result;

    scope_init(&scope);
    name_actor(&scope);
    find_terminal(cli);
    config_init(&cli->config);
    cli->format = find_format(count, argv + 1);
    bar_init(&cli->bar, NULL, false);
    result = parse_and_run(&scope, cli, count, argv + 1);
    if (result == OK)
        result = output_flush(&scope, cli);
    if (result != OK)
        output_failure(cli, &scope.failure);
    scope_clear(&scope);
    return code_info(result)->exit_code;
}
