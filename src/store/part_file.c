// SPDX-License-Identifier: Apache-2.0
#include "store/part_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static code fail_on_file(struct scope *scope, const char *verb, const char *path, int error) {
    return scope_fail(scope, error == ENOSPC || error == EDQUOT ? STORAGE_FULL : UNAVAILABLE,
                      "cannot %s %s: %s", verb, path, strerror(error));
}

static code fail_existing(struct scope *scope, const char *path) {
    scope_fail(scope, CONFLICT, "the file %s exists already", path);
    return scope_hint(scope, "choose another name, or remove the file first");
}

code part_file_open(struct scope *scope, const char *path, struct part_file *ret_file) {
    const char *part = arena_printf(&scope->arena, "%s.%d.part", path, (int)getpid());
    struct stat status;
    int fd;

    if (lstat(path, &status) == 0)
        return fail_existing(scope, path);
    unlink(part); // of a process that had this number and was killed
    fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail_on_file(scope, "make", part, errno);
    *ret_file = (struct part_file){.path = path, .part = part, .fd = fd};
    return OK;
}

code part_file_write(struct scope *scope, const struct part_file *file, struct buffer *out) {
    size_t written = 0;

    while (written < out->size) {
        const ssize_t count = write(file->fd, out->data + written, out->size - written);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail_on_file(scope, "write", file->path, errno);
        written += (size_t)count;
    }
    out->size = 0;
    return OK;
}

code part_file_sync(struct scope *scope, const struct part_file *file) {
    return fsync(file->fd) == 0 ? OK : fail_on_file(scope, "write", file->path, errno);
}

// link() gives the name only when nobody has it.
static code give_name(struct scope *scope, const struct part_file *file) {
    if (renameat2(AT_FDCWD, file->part, AT_FDCWD, file->path, RENAME_NOREPLACE) == 0)
        return OK;
    if (errno == EINVAL && link(file->part, file->path) == 0) { // no RENAME_NOREPLACE there
        unlink(file->part);
        return OK;
    }
    return errno == EEXIST ? fail_existing(scope, file->path)
                           : fail_on_file(scope, "make", file->path, errno);
}

code part_file_finish(struct scope *scope, struct part_file *file) {
    TRY(give_name(scope, file));
    close(file->fd);
    file->part = NULL;
    return OK;
}

void part_file_abandon(struct part_file *file) {
    if (!file->part)
        return;
    close(file->fd);
    unlink(file->part);
    file->part = NULL;
}
