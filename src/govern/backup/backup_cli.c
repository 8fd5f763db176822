// SPDX-License-Identifier: Apache-2.0
// Making a backup is a request like any other; verifying and restoring need no store and stay here.
#include "govern/backup/backup_cli.h"

#include "govern/backup/backup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Whoever runs the job may stand in another folder.
static code whole_path(struct scope *scope, struct text given, struct text *ret_path) {
    char *here;

    if (given.size == 0 || given.data[0] == '/') {
        *ret_path = given;
        return OK;
    }
    here = getcwd(NULL, 0);
    if (!here)
        return scope_fail(scope, UNAVAILABLE, "cannot tell the current folder: %s",
                          strerror(errno));
    *ret_path = text_printf(&scope->arena, "%s/%.*s", here, TEXT_ARG(given));
    free(here);
    return OK;
}

static code job_of(struct scope *scope, const struct json *answer, int64_t *ret_id) {
    const struct json *id = json_member(answer, "job_id");

    if (id && id->type == JSON_STRING && text_to_int64(id->string, ret_id))
        return OK;
    return scope_fail(scope, INTERNAL, "the answer names no job");
}

static code run_backup(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    CLEANUP(buffer_clear) struct buffer body = {0};
    const struct json *answer;
    struct request_builder builder;
    struct json_writer writer;
    struct text path;
    int64_t job_id;

    TRY(whole_path(scope, argument_operand(arguments, 0), &path));
    json_writer_init(&writer, &body);
    json_begin_object(&writer);
    if (path.size > 0) {
        json_key(&writer, "path");
        json_write_text(&writer, path);
    }
    json_key(&writer, "plain");
    json_write_bool(&writer, argument_given(arguments, "plain"));
    json_key(&writer, "files");
    json_write_bool(&writer, argument_given(arguments, "files"));
    json_end_object(&writer);
    request_builder_init(&builder, METHOD_POST, TEXT("/api/v1/backups"));
    TRY(request_builder_body(scope, &builder, buffer_text(&body)));
    TRY(cli_fetch(scope, cli, &builder.request, &answer));
    TRY(job_of(scope, answer, &job_id));
    return cli_run_job(scope, cli, job_id);
}

static code run_list(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    struct request_builder builder;

    (void)arguments;
    request_builder_init(&builder, METHOD_GET, TEXT("/api/v1/backups"));
    return cli_call(scope, cli, &builder.request);
}

static double rounded_seconds(int64_t us) {
    const int64_t ms = us / 1000;

    return (double)ms / 1000.0;
}

static code print_manifest(struct scope *scope, struct cli *cli, const struct json *manifest,
                           const struct restore_summary *restored) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;
    struct json *answer;

    json_writer_init(&writer, &out);
    json_begin_object(&writer);
    json_key(&writer, "created_at");
    json_write(&writer, json_member(manifest, "created_at"));
    json_key(&writer, "program");
    json_write(&writer, json_member(manifest, "program"));
    if (restored) {
        json_key(&writer, "totals_compared");
        json_write_int64(&writer, restored->compared_count);
        json_key(&writer, "restore_seconds");
        json_write_double(&writer, rounded_seconds(restored->restored_us));
        json_key(&writer, "lake_seconds");
        json_write_double(&writer, rounded_seconds(restored->lake_us));
    }
    for (const struct json *total = json_member(manifest, "totals")->first; total;
         total = total->next) {
        json_key_text(&writer, total->key);
        json_write(&writer, total);
    }
    json_end_object(&writer);
    TRY(json_parse_own(scope, buffer_text(&out), &answer));
    return cli_print(scope, cli, answer);
}

static code run_verify(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const char *path = text_string(&scope->arena, argument_operand(arguments, 0));
    const struct json *manifest;

    TRY(backup_verify(scope, path, &manifest));
    return print_manifest(scope, cli, manifest, NULL);
}

static code run_restore(struct scope *scope, struct cli *cli, const struct arguments *arguments) {
    const char *path = text_string(&scope->arena, argument_operand(arguments, 0));
    const char *folder = cli_config(cli)->data;
    struct restore_summary summary;

    if (folder[0] == '\0')
        return scope_fail_field(scope, INVALID, "data", "--data names no folder");
    TRY(backup_restore(scope, path, folder, &summary));
    return print_manifest(scope, cli, summary.manifest, &summary);
}

static const struct option backup_options[] = {
    {.name = "plain", .help = "do not compress: quicker, and larger"},
    {.name = "files", .help = "what was exported and uploaded as well"},
    {0},
};

const struct command backup_commands[] = {
    {.name = "backup",
     .operands = "[FILE|DIR]",
     .summary = "Write the store into one file, while it is used",
     .help = "The ledger as it is at one instant, with sums over all of it. A folder gets a file\n"
             "named after the time; without an operand it is the configured folder. The file is\n"
             "a tar archive and holds all personal data of the store: keep it as safe.\n"
             "\n"
             "Examples:\n"
             "  tessera backup /srv/backups\n"
             "  tessera backup before-upgrade.tar.gz\n",
     .maximum_operands = 1,
     .options = backup_options,
     .run = run_backup,
     .store = COMMAND_OPENS_FREE},
    {.name = "backup list",
     .operands = "",
     .summary = "Show the backups in the configured folder, newest first",
     .run = run_list,
     .store = COMMAND_OPENS_LEDGER},
    {.name = "backup verify",
     .operands = "FILE",
     .summary = "Read a backup to its last byte: is it as it was written?",
     .help = "Shows its totals. Exit code 4 when it is damaged, with the place.\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_verify,
     .store = COMMAND_WITHOUT_STORE},
    {.name = "restore",
     .operands = "FILE",
     .summary = "Make a store of a backup, in a new folder",
     .help = "Verifies the backup, checks the ledger, compares its totals with those of the\n"
             "backup, builds the lake and checks that it tells the same. A folder that holds\n"
             "anything is refused.\n"
             "\n"
             "Example:\n"
             "  tessera restore tessera-20260101T030000Z.tar.gz --data /var/lib/tessera-new\n",
     .minimum_operands = 1,
     .maximum_operands = 1,
     .run = run_restore,
     .store = COMMAND_WITHOUT_STORE},
};
const size_t backup_command_count = sizeof(backup_commands) / sizeof(*backup_commands);
