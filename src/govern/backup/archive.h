// SPDX-License-Identifier: Apache-2.0
// The file of a backup: a tar archive (ustar), compressed by gzip or plain, so that `tar` takes it
// apart where there is no Tessera. Behind its end stands the SHA-256 of every byte before it, in a
// form that tar and gzip pass over: a file that was cut off or changed anywhere is found.
#pragma once

#include "store/part_file.h"

#include <stddef.h>

enum archive_form { ARCHIVE_PLAIN, ARCHIVE_GZIP };
enum { ARCHIVE_DIGEST_SIZE = 65 }; // hex and NUL

// ---- writing ----

struct archive_writer;

// The file has its name only once archive_finish returns. CONFLICT when the name is taken.
code archive_create(struct scope *scope, const char *path, enum archive_form form,
                    struct archive_writer **ret_writer);
// The content of an open file, from its beginning, `size` bytes: fewer is a failure.
code archive_add_file(struct scope *scope, struct archive_writer *writer, const char *name, int fd,
                      int64_t size, char ret_digest[ARCHIVE_DIGEST_SIZE]);
code archive_add_text(struct scope *scope, struct archive_writer *writer, const char *name,
                      struct text content);
code archive_finish(struct scope *scope, struct archive_writer *writer, int64_t *ret_bytes);
void archive_close(struct archive_writer **writer); // removes what is not finished; for CLEANUP

// ---- reading ----

// What a walk meets, in order. Each may be NULL.
struct archive_visitor {
    code (*begin)(struct scope *scope, void *context, const char *name, int64_t size);
    code (*data)(struct scope *scope, void *context, struct text bytes);
    code (*end)(struct scope *scope, void *context, const char *name, int64_t size,
                const char *digest);
    void *context;
};

// From the first byte to the last. CONFLICT when the file is not as it was written: names the
// member and the place. Nothing is known to be sound before the walk has returned.
code archive_walk(struct scope *scope, const char *path, const struct archive_visitor *visitor);
