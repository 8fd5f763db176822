// SPDX-License-Identifier: Apache-2.0
// The copy of the ledger is made beside the backup's place and packed from there: it needs the room
// of both for a while. The snapshot is held by a session of its own, so that the job can report how
// far it is, which is a write, while the ledger stands still for the copy.
#include "govern/backup/backup.h"
#include "govern/access/seal.h"

#include "base/config.h"
#include "base/progress.h"
#include "base/time.h"
#include "govern/access/access.h"
#include "govern/audit/audit.h"
#include "govern/backup/manifest.h"
#include "store/job.h"
#include "store/ledger.h"
#include "store/ledger_copy.h"
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// ---- where ----

static const char *name_of_now(struct scope *scope, bool is_plain) {
    const time_t now = (time_t)(time_now_us() / US_PER_SECOND);
    char stamp[32];
    struct tm parts;

    gmtime_r(&now, &parts);
    strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &parts);
    return arena_printf(&scope->arena, "tessera-%s.tar%s", stamp, is_plain ? "" : ".gz");
}

static code find_folder(struct scope *scope, const char **ret_folder) {
    const char *folder = store_config(session_store(scope))->backups;

    if (folder[0] == '\0') {
        scope_fail(scope, INVALID, "no folder for backups is configured");
        return scope_hint(scope, "set backups in the configuration, or name a file on the command "
                                 "line: tessera backup FILE");
    }
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return scope_fail(scope, UNAVAILABLE, "cannot make the folder %s: %s", folder,
                          strerror(errno));
    *ret_folder = folder;
    return OK;
}

static code find_path(struct scope *scope, const struct backup_request *request,
                      const char **ret_path) {
    const char *given = text_string(&scope->arena, request->path);
    const char *name = name_of_now(scope, request->is_plain);
    struct stat status;

    if (request->path.size == 0)
        TRY(find_folder(scope, &given));
    if (stat(given, &status) == 0 && S_ISDIR(status.st_mode)) {
        *ret_path = arena_printf(&scope->arena, "%s/%s", given, name);
        return OK;
    }
    if (lstat(given, &status) == 0) {
        scope_fail(scope, CONFLICT, "the file %s exists already", given);
        return scope_hint(scope, "a backup is never written over another file");
    }
    *ret_path = given;
    return OK;
}

// ---- starting ----

struct backup_parameters {
    struct text path;
    bool is_plain, has_files;
};

#define AT(member) offsetof(struct backup_parameters, member)
static const struct json_field parameter_fields[] = {
    {"path", JSON_FIELD_TEXT, AT(path), true, NULL, "the file"},
    {"plain", JSON_FIELD_BOOL, AT(is_plain), true, NULL, "not compressed"},
    {"files", JSON_FIELD_BOOL, AT(has_files), true, NULL, "exports and uploads as well"},
};
#undef AT
enum { PARAMETER_COUNT = sizeof(parameter_fields) / sizeof(*parameter_fields) };

code backup_start(struct scope *scope, const struct backup_request *request, int64_t *ret_job_id) {
    CLEANUP(buffer_clear) struct buffer parameters = {0};
    struct backup_parameters wanted = {.is_plain = request->is_plain,
                                       .has_files = request->has_files};
    struct json_writer writer;
    const char *path = NULL;

    TRY(find_path(scope, request, &path));
    wanted.path = text_of(path);
    json_writer_init(&writer, &parameters);
    json_write_record(&writer, parameter_fields, PARAMETER_COUNT, &wanted);
    return job_create(scope, "backup", text_printf(&scope->arena, "backup %s", path),
                      buffer_text(&parameters), ret_job_id);
}

// ---- what goes in ----

struct backup {
    struct archive_writer *writer;
    struct manifest_file *files;
    size_t file_count;
    struct text totals;
};

static code add_open_file(struct scope *scope, struct backup *backup, const char *name, int fd) {
    struct manifest_file *file = &backup->files[backup->file_count];
    struct stat status;

    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return OK; // a folder or a socket: nothing of ours
    if (backup->file_count == MANIFEST_MOST_FILES)
        return scope_fail(scope, TOO_LARGE, "there are more than %d files", MANIFEST_MOST_FILES);
    *file = (struct manifest_file){.name = name, .bytes = status.st_size};
    TRY(archive_add_file(scope, backup->writer, name, fd, status.st_size, file->digest));
    backup->file_count++;
    return OK;
}

static code add_folder(struct scope *scope, struct backup *backup, const char *folder) {
    const char *path =
        arena_printf(&scope->arena, "%s/%s", store_path(session_store(scope)), folder);
    DIR *entries = opendir(path);
    const struct dirent *entry;

    if (!entries)
        return OK; // nothing was ever written there
    while (scope->failure.code == OK && (entry = readdir(entries))) {
        const int fd =
            openat(dirfd(entries), entry->d_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

        if (fd < 0)
            continue; // it has expired meanwhile
        if (!strstr(entry->d_name, ".part"))
            add_open_file(scope, backup,
                          arena_printf(&scope->arena, "%s/%s", folder, entry->d_name), fd);
        close(fd);
    }
    closedir(entries);
    return scope->failure.code;
}

static code add_ledger(struct scope *scope, struct backup *backup, const char *copy) {
    const int fd = open(copy, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    code result;

    if (fd < 0)
        return scope_fail(scope, UNAVAILABLE, "cannot open %s: %s", copy, strerror(errno));
    result = add_open_file(scope, backup, "ledger.db", fd);
    close(fd);
    return result;
}

// Without it nobody who has a second factor could sign in to the restored store.
static code add_access_key(struct scope *scope, struct backup *backup) {
    const char *path =
        arena_printf(&scope->arena, "%s/" ACCESS_KEY_FILE, store_path(session_store(scope)));
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    code result;

    if (fd < 0)
        return OK; // nobody has one
    result = add_open_file(scope, backup, ACCESS_KEY_FILE, fd);
    close(fd);
    return result;
}

static code pack(struct scope *scope, struct backup *backup, const struct backup_parameters *wanted,
                 const char *copy, int64_t *ret_bytes) {
    CLEANUP(buffer_clear) struct buffer manifest = {0};

    backup->files = arena_array(&scope->arena, MANIFEST_MOST_FILES + 1, sizeof(*backup->files));
    TRY(archive_create(scope, text_string(&scope->arena, wanted->path),
                       wanted->is_plain ? ARCHIVE_PLAIN : ARCHIVE_GZIP, &backup->writer));
    TRY(add_ledger(scope, backup, copy));
    TRY(add_access_key(scope, backup));
    if (wanted->has_files) {
        TRY(add_folder(scope, backup, "exports"));
        TRY(add_folder(scope, backup, "uploads"));
    }
    manifest_write(scope, backup->totals, backup->files, backup->file_count, &manifest);
    TRY(archive_add_text(scope, backup->writer, "manifest.json", buffer_text(&manifest)));
    return archive_finish(scope, backup->writer, ret_bytes);
}

// ---- the copy ----

static code copy_snapshot(struct scope *scope, const char *path, struct buffer *totals) {
    struct json_writer writer;

    json_writer_init(&writer, totals);
    TRY(ledger_begin_copy(scope));
    TRY(manifest_write_totals(scope, &writer));
    TRY(ledger_copy(scope, path));
    ledger_rollback(scope);
    return OK;
}

static code copy_beside(struct scope *scope, const char *path, struct text *ret_totals) {
    CLEANUP(buffer_clear) struct buffer totals = {0};
    struct scope copier;

    scope_init(&copier);
    copier.progress = scope->progress;
    copier.cancelled = scope->cancelled;
    if (session_open(&copier, session_store(scope)) == OK)
        copy_snapshot(&copier, path, &totals);
    session_close(&copier);
    if (copier.failure.code != OK)
        scope->failure = copier.failure;
    scope_clear(&copier);
    *ret_totals = text_copy(&scope->arena, buffer_text(&totals));
    return scope->failure.code;
}

// A backup of a damaged ledger shall be known on the day it is made.
static code check_copy(struct scope *scope, const char *path) {
    struct text problem;

    progress_report(scope->progress, "checking", 0, 0, "");
    TRY(ledger_check_file(scope, path, LEDGER_CHECK_PAGES, &problem));
    if (problem.size == 0)
        return OK;
    scope_fail(scope, CONFLICT, "the ledger is damaged: %.*s", TEXT_ARG(problem));
    return scope_hint(scope, "restore the last good backup");
}

// ---- the job ----

static code record(struct scope *scope, const struct backup_parameters *wanted,
                   const struct backup *backup, int64_t bytes, struct json_writer *result) {
    const char *slash = strrchr(text_string(&scope->arena, wanted->path), '/');
    const char *name = slash ? slash + 1 : text_string(&scope->arena, wanted->path);

    json_begin_object(result);
    json_key(result, "file");
    json_write_text(result, wanted->path);
    json_key(result, "bytes");
    json_write_int64(result, bytes);
    json_key(result, "ledger_bytes");
    json_write_int64(result, backup->files[0].bytes);
    json_key(result, "files");
    json_write_int64(result, (int64_t)backup->file_count);
    json_end_object(result);
    return audit_append(scope, "backup.create", text_of(name),
                        text_printf(&scope->arena,
                                    "{\"bytes\": %" PRId64 ", \"ledger_sha256\": \"%s\"}", bytes,
                                    backup->files[0].digest));
}

code backup_run(struct scope *scope, int64_t job_id, const struct json *parameters,
                struct json_writer *result) {
    struct backup_parameters wanted = {0};
    struct backup backup = {0};
    const char *copy;
    int64_t bytes = 0;

    (void)job_id;
    TRY(json_read_record(scope, parameters, parameter_fields, PARAMETER_COUNT, &wanted));
    copy = arena_printf(&scope->arena, "%.*s.%d.ledger", TEXT_ARG(wanted.path), (int)getpid());
    unlink(copy); // of a process that had this number and was killed
    if (copy_beside(scope, copy, &backup.totals) == OK && check_copy(scope, copy) == OK)
        pack(scope, &backup, &wanted, copy, &bytes);
    archive_close(&backup.writer);
    unlink(copy);
    TRY(scope->failure.code);
    return record(scope, &wanted, &backup, bytes, result);
}

// ---- the list ----

static bool is_backup_name(const char *name) {
    const size_t size = strlen(name);

    return strncmp(name, "tessera-", 8) == 0 &&
           ((size > 4 && strcmp(name + size - 4, ".tar") == 0) ||
            (size > 7 && strcmp(name + size - 7, ".tar.gz") == 0));
}

static int newest_first(const void *a, const void *b) {
    const int64_t left = ((const struct backup_file *)a)->written_at_us;
    const int64_t right = ((const struct backup_file *)b)->written_at_us;

    return left < right ? 1 : left > right ? -1 : 0;
}

code backup_list(struct scope *scope, struct backup_file **ret_files, size_t *ret_count) {
    enum { MOST_LISTED = 1000 };
    const char *folder = store_config(session_store(scope))->backups;
    struct backup_file *files = arena_array(&scope->arena, MOST_LISTED, sizeof(*files));
    DIR *entries = folder[0] != '\0' ? opendir(folder) : NULL;
    const struct dirent *entry;
    size_t count = 0;

    while (entries && count < MOST_LISTED && (entry = readdir(entries))) {
        struct stat status;

        if (!is_backup_name(entry->d_name) ||
            fstatat(dirfd(entries), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(status.st_mode))
            continue;
        files[count++] = (struct backup_file){
            .name = arena_printf(&scope->arena, "%s", entry->d_name),
            .bytes = status.st_size,
            .written_at_us =
                (int64_t)status.st_mtim.tv_sec * US_PER_SECOND + status.st_mtim.tv_nsec / 1000,
        };
    }
    if (entries)
        closedir(entries);
    qsort(files, count, sizeof(*files), newest_first);
    *ret_files = files;
    *ret_count = count;
    return OK;
}
