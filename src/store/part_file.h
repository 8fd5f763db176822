// SPDX-License-Identifier: Apache-2.0
// A file that has its name only once it is whole: written beside its place, readable by its owner
// only, and never put over another one.
#pragma once

#include "base/scope.h"

struct part_file {
    const char *path; // its name to be
    const char *part; // where it is until then
    int fd;
};

// CONFLICT when there is a file of that name already.
code part_file_open(struct scope *scope, const char *path, struct part_file *ret_file);
// Writes the buffer out and empties it.
code part_file_write(struct scope *scope, const struct part_file *file, struct buffer *out);
// Makes what was written durable.
code part_file_sync(struct scope *scope, const struct part_file *file);
// Gives it its name and closes it. CONFLICT when somebody has taken the name meanwhile.
code part_file_finish(struct scope *scope, struct part_file *file);
// Removes it, unless it is finished; for CLEANUP.
void part_file_abandon(struct part_file *file);
