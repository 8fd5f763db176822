// SPDX-License-Identifier: Apache-2.0
// Folders of the store whose files have random names of 128 bits: what came over the network and
// what is fetched over it. A name is a secret that cannot be guessed, and nothing that people write
// ever becomes a path.
#pragma once

#include "base/scope.h"

enum shelf { SHELF_UPLOADS, SHELF_EXPORTS };
enum { SHELF_NAME_BYTES = 32 };

struct text shelf_new_name(struct scope *scope);
// 32 lower-case hexadecimal digits, and nothing else?
bool shelf_is_name(struct text name);
// Where a file of this name lies or is to lie. NOT_FOUND for what is no such name.
code shelf_path(struct scope *scope, enum shelf shelf, struct text name, const char **ret_path);

// Give a file that was received within the store its place, durably.
code shelf_put(struct scope *scope, enum shelf shelf, struct text name, const char *received);
// Open a file for reading; links and whatever is no file are not followed. NOT_FOUND.
code shelf_open(struct scope *scope, enum shelf shelf, struct text name, int *ret_fd);
void shelf_remove(struct scope *scope, enum shelf shelf, struct text name);

// The instant before which files are too old to be kept, as configured (uploads_kept,
// exports_kept).
int64_t shelf_oldest_us(const struct scope *scope, enum shelf shelf);
// The same in words: "files are kept for 7 days".
struct text shelf_kept(struct scope *scope, enum shelf shelf);
// Remove old files that nothing knows of: `is_known` says 0 or 1 for a name ($1). A crash may leave
// them.
code shelf_sweep(struct scope *scope, enum shelf shelf, const char *is_known);

// Where several processes share the ledger they share the folder: a job that another one queued
// finds its file. CONFLICT when this process's folder is not the one of the others, which a file in
// it tells (SHELF_ID_FILE). Where one process has the store nothing is asked.
#define SHELF_ID_FILE "folder.id"
code shelf_check(struct scope *scope);
