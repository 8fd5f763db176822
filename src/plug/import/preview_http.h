// SPDX-License-Identifier: Apache-2.0
// The first rows of a file as they would arrive, before anything is imported.
#pragma once

#include "plug/import/mapping.h"
#include "web/response.h"

// Two tables into the object being written: "columns" (what each column of the file is taken for,
// with an example) and "preview" (the first rows, a column per field). What the mapping lacks is
// told in "missing", and what to do in "missing_hint".
code preview_write(struct scope *scope, struct response *response, const char *path,
                   const struct mapping *mapping);
