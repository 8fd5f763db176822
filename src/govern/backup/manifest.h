// SPDX-License-Identifier: Apache-2.0
// What a backup says of itself: its files with their sums, and the totals of its ledger.
#pragma once

#include "base/json.h"
#include "govern/backup/archive.h"

enum { MANIFEST_FORMAT = 1, MANIFEST_MOST_FILES = 10000, MANIFEST_MOST_BYTES = 8 << 20 };

struct manifest_file {
    const char *name;
    int64_t bytes;
    char digest[ARCHIVE_DIGEST_SIZE];
};

// The totals of the ledger that the scope's session sees, as one object of names and texts: rows of
// each table, sums, the schema's version, the head of the audit log.
code manifest_write_totals(struct scope *scope, struct json_writer *writer);

// The whole; `totals` is what manifest_write_totals wrote.
void manifest_write(struct scope *scope, struct text totals, const struct manifest_file *files,
                    size_t file_count, struct buffer *out);

// CONFLICT when a total of the manifest is not that of the ledger the session sees.
code manifest_compare_totals(struct scope *scope, const struct json *manifest,
                             int64_t *ret_compared);
// CONFLICT unless the manifest lists exactly these files.
code manifest_compare_files(struct scope *scope, const struct json *manifest,
                            const struct manifest_file *files, size_t file_count);
// INVALID for a backup of a newer program, or what is no manifest.
code manifest_check(struct scope *scope, const struct json *manifest);
