// SPDX-License-Identifier: Apache-2.0
// What somebody else calls a file, made fit to be shown and to be offered as a name. It is never
// fit to be a path.
#pragma once

#include "base/text.h"

enum { FILE_NAME_BYTES = 200 };

// The part behind the last "/" or "\", without control characters and without those that turn the
// direction of writing around (they make "exe.csv" of "vsc.exe"), at most FILE_NAME_BYTES of whole
// characters; "file" when nothing is left. `given` must be well-formed UTF-8.
struct text file_name_of(struct arena *arena, struct text given);
