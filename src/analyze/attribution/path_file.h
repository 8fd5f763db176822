// SPDX-License-Identifier: Apache-2.0
// Journeys from a file of paths, one to a row: `path` ("email > search > direct", the first touch
// first), how often it converted, what that was worth, how often it ended in nothing. Any format
// that imports read (plug/source), plain or gzip.
#pragma once

#include "analyze/attribution/path.h"

struct path_file {
    struct paths paths;
    struct text *channels; // names by number, in bytewise order
    int64_t row_count;
    bool has_values, has_nulls; // the columns are there
};

// Columns: path; conversions or total_conversions (1 when there is none); value,
// conversion_value or total_conversion_value; nulls, null or total_null. INVALID with the row for a
// path or a number that is none, negative numbers, more than PATH_CHANNELS channels.
code path_file_read(struct scope *scope, const char *file, struct path_file *ret_file);
