// SPDX-License-Identifier: Apache-2.0
// Moving house: all of one store into another, or one over several machines. Stores are opened
// here, whoever else works waits.
#include "govern/operation/store_cli.h"

#include "cli/output.h"
#include "govern/access/seal.h"
#include "govern/audit/audit.h"
#include "store/distribute.h"
#include "store/part_file.h"
#include "store/shelf.h"
#include "store/store.h"
#include "store/store_copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { COPY_BYTES = 1 << 18 };

// ---- files ----

static code copy_bytes(struct scope *scope, int from, const struct part_file *file) {
    CLEANUP(buffer_clear) struct buffer piece = {0};
    char *bytes = arena_alloc(&scope->arena, COPY_BYTES);
    ssize_t count;

    while ((count = read(from, bytes, COPY_BYTES)) > 0) {
        buffer_add(&piece, bytes, (size_t)count);
        TRY(part_file_write(scope, file, &piece));
    }
    return count == 0 ? OK
                      : scope_fail(scope, UNAVAILABLE, "cannot read a file of the store: %s",
                                   strerror(errno));
}

static code copy_open_file(struct scope *scope, int from, const char *path) {
    CLEANUP(part_file_abandon) struct part_file file = {0};

    TRY(part_file_open(scope, path, &file));
    TRY(copy_bytes(scope, from, &file));
    TRY(part_file_sync(scope, &file));
    return part_file_finish(scope, &file);
}

// One that is there was brought by an earlier run: files of a store never change.
static code copy_file(struct scope *scope, const char *from, const char *to) {
    const int fd = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    code result = OK;

    if (fd < 0)
        return errno == ENOENT
                   ? OK
                   : scope_fail(scope, UNAVAILABLE, "cannot open %s: %s", from, strerror(errno));
    if (access(to, F_OK) != 0)
        result = copy_open_file(scope, fd, to);
    close(fd);
    return result;
}

static code copy_folder(struct scope *scope, const char *from, const char *to) {
    DIR *folder = opendir(from);
    struct dirent *entry;
    code result = OK;

    if (!folder)
        return OK; // there are none of that kind
    while (result == OK && (entry = readdir(folder)))
        if (entry->d_name[0] != '.')
            result = copy_file(scope, arena_printf(&scope->arena, "%s/%s", from, entry->d_name),
                               arena_printf(&scope->arena, "%s/%s", to, entry->d_name));
    closedir(folder);
    return result;
}

// What lies beside the ledger: the key of second factors, what was exported and sent in, and what
// tells the folder from others where several processes share it.
static code copy_files(struct scope *scope, const char *from, const char *to) {
    static const char *const folders[] = {"exports", "uploads"};
    static const char *const names[] = {ACCESS_KEY_FILE, SHELF_ID_FILE};

    if (strcmp(from, to) == 0)
        return OK;
    for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
        TRY(copy_folder(scope, arena_printf(&scope->arena, "%s/%s", from, folders[i]),
                        arena_printf(&scope->arena, "%s/%s", to, folders[i])));
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        TRY(copy_file(scope, arena_printf(&scope->arena, "%s/%s", from, names[i]),
                      arena_printf(&scope->arena, "%s/%s", to, names[i])));
    return OK;
}

// ---- the copy ----

static code print_summary(struct scope *scope, struct cli *cli,
                          const struct store_copy_summary *summary) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;
    struct json *answer;

    json_writer_init(&writer, &out);
    json_begin_object(&writer);
    json_key(&writer, "tables");
    json_write_int64(&writer, (int64_t)summary->table_count);
    json_key(&writer, "rows");
    json_write_int64(&writer, summary->row_count);
    json_key(&writer, "rows_from_before");
    json_write_int64(&writer, summary->present_count);
    json_end_object(&writer);
    TRY(json_parse_own(scope, buffer_text(&out), &answer));
    return cli_print(scope, cli, answer);
}

// Each store has a scope of its own: a session belongs to one store.
static code copy_stores(struct scope *scope, struct store *from, struct store *to,
                        struct store_copy_summary *ret_summary) {
    struct scope source;
    code result;

    scope_init(&source);
    result = session_open(&source, from);
    if (result == OK)
        result = session_open(scope, to);
    if (result == OK) {
        result = store_copy(&source, scope, ret_summary);
        session_close(scope);
    }
    session_close(&source);
    scope_clear(&source);
    if (result == OK)
        result = copy_files(scope, store_path(from), store_path(to));
    return result;
}

static code open_and_copy(struct scope *scope, const struct config *config, const char *from_place,
                          const char *to_place, struct store_copy_summary *ret_summary) {
    struct store *from, *to;
    code result;

    if (strcmp(from_place, to_place) == 0)
        return scope_fail(scope, INVALID, "--from and --to are the same store");
    if (!config_is_address(text_of(from_place)) && access(from_place, F_OK) != 0)
        return scope_fail_field(scope, NOT_FOUND, "from", "there is no store at %s", from_place);
    TRY(store_open_configured(scope, from_place, STORE_READ_WRITE, config, &from));
    result = store_open_configured(scope, to_place, STORE_READ_WRITE, config, &to);
    if (result == OK) {
        result = copy_stores(scope, from, to, ret_summary);
        store_close(to);
    }
    store_close(from);
    return result;
}

static code run_copy(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const char *from = text_string(&scope->arena, argument_text(arguments, "from"));
    const char *to = text_string(&scope->arena, argument_text(arguments, "to"));
    struct config config = *cli_config(cli);
    struct store_copy_summary summary;

    if (from[0] == '\0' || to[0] == '\0')
        return scope_fail(scope, INVALID, "--from and --to name a folder or an address each");
    if (argument_given(arguments, "files"))
        config.files = text_string(&scope->arena, argument_text(arguments, "files"));
    TRY(open_and_copy(scope, &config, from, to, &summary));
    return print_summary(scope, cli, &summary);
}

static const struct option copy_options[] = {
    {.name = "from", .value = "STORE", .help = "the store that is copied: a folder or an address"},
    {.name = "to", .value = "STORE", .help = "a new store, or one where a copy was interrupted"},
    {.name = "files", .value = "FOLDER", .help = "the folder beside the database"},
    {0},
};

// ---- spreading ----

// As a script, for people and for psql; with --format json step by step.
static code print_steps(struct scope *scope, struct cli *cli, const struct distribute_plan *plan) {
    CLEANUP(buffer_clear) struct buffer out = {0};

    for (size_t i = 0; i < plan->count; i++)
        buffer_printf(&out, "-- %s\nBEGIN;\n%s\nCOMMIT;\n\n", plan->steps[i].stage,
                      plan->steps[i].sql);
    if (plan->count == 0)
        buffer_add_string(&out, "-- all tables stand as they should\n");
    return output_write(scope, cli, &out);
}

static void write_steps(struct json_writer *writer, const struct distribute_plan *plan) {
    json_key(writer, "steps");
    json_begin_array(writer);
    for (size_t i = 0; i < plan->count; i++) {
        json_begin_object(writer);
        json_key(writer, "stage");
        json_write_string(writer, plan->steps[i].stage);
        json_key(writer, "sql");
        json_write_string(writer, plan->steps[i].sql);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static code print_plan(struct scope *scope, struct cli *cli, const struct distribute_plan *plan,
                       bool is_done) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;
    struct json *answer;

    if (!is_done && cli->format != FORMAT_JSON)
        return print_steps(scope, cli, plan);
    json_writer_init(&writer, &out);
    json_begin_object(&writer);
    json_key(&writer, is_done ? "tables_moved" : "tables_to_move");
    json_write_int64(&writer, (int64_t)plan->table_count);
    if (!is_done)
        write_steps(&writer, plan);
    json_end_object(&writer);
    TRY(json_parse_own(scope, buffer_text(&out), &answer));
    return cli_print(scope, cli, answer);
}

static code distribute_store(struct scope *scope, struct cli *cli,
                             const struct arguments *arguments) {
    struct distribute_plan plan;

    TRY(distribute_plan(scope, &plan));
    if (argument_given(arguments, "dry-run"))
        return print_plan(scope, cli, &plan, false);
    if (plan.count > 0)
        TRY(AUDIT(scope, "store.distribute", TEXT("store"),
                  {"tables", text_printf(&scope->arena, "%zu", plan.table_count)}));
    TRY(distribute_run(scope, &plan));
    return print_plan(scope, cli, &plan, true);
}

static code run_distribute(struct scope *scope, struct cli *cli,
                           const struct arguments *arguments) {
    if (!config_is_address(text_of(cli_config(cli)->data)))
        return scope_fail(scope, INVALID,
                          "the store is a folder: only one in PostgreSQL can be "
                          "spread");
    return cli_with_store(scope, cli, arguments, COMMAND_NEEDS_STORE, distribute_store);
}

static const struct option distribute_options[] = {
    {.name = "dry-run", .help = "print the statements, run none"},
    {0},
};

const struct command store_commands[] = {
    {.name = "store copy",
     .operands = "",
     .summary = "Copy a whole store into another: from a folder into PostgreSQL, or back",
     .help = "Every table in the order of its key, and the files beside the ledger. At the end\n"
             "counts and sums of all rows are compared, table by table. Interrupted, it goes on\n"
             "where it stopped when it is run again. Nothing else may use either store\n"
             "meanwhile. A password belongs in ~/.pgpass or a service file, not in the address.\n"
             "\n"
             "Example:\n"
             "  tessera store copy --from /var/lib/tessera --to postgresql://db.example/crm \\\n"
             "    --files /var/lib/tessera-files\n",
     .options = copy_options,
     .run = run_copy,
     .store = COMMAND_WITHOUT_STORE},
    {.name = "store distribute",
     .operands = "",
     .summary = "Spread a store in PostgreSQL over the machines of a Citus cluster",
     .help = "What belongs to customers is spread by their origin, identifiers by their value;\n"
             "small tables are copied to every machine, and the servers' book-keeping stays on\n"
             "the coordinator. Each table is a transaction of its own: interrupted, the next run\n"
             "does what is missing. Run it again after an upgrade that brought tables. Stop the\n"
             "servers first; docs/scale.md says what else to do before, and how long it takes.\n"
             "\n"
             "Examples:\n"
             "  tessera store distribute --data postgresql://coordinator.example/crm --dry-run\n"
             "  tessera store distribute --data postgresql://coordinator.example/crm\n",
     .options = distribute_options,
     .run = run_distribute,
     .store = COMMAND_WITHOUT_STORE},
};
const size_t store_command_count = sizeof(store_commands) / sizeof(*store_commands);
