// SPDX-License-Identifier: Apache-2.0
// Files that channels make (`make` of push/channel/channel.h): written beside their name, synced,
// then renamed, so that a file that is there is whole.
#pragma once

#include "base/scope.h"

#include <stdio.h>

struct channel_out {
    FILE *file;
    const char *path, *beside; // in the arena
};

// Where files of channels are kept, made when it is not there: outbox/ of the store's folder.
code channel_out_folder(struct scope *scope, const char **ret_folder);
code channel_out_open(struct scope *scope, const char *path, struct channel_out *ret_out);
// Gives it its name. STORAGE_FULL, and then there is none.
code channel_out_finish(struct scope *scope, struct channel_out *out);
// Takes away what was made at `path` and beside it; there may be nothing.
void channel_out_remove(struct scope *scope, const char *path);
// When it is not wanted after all; nothing happens once it is finished.
void channel_out_abandon(struct channel_out *out);
