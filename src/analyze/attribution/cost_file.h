// SPDX-License-Identifier: Apache-2.0
// Costs of channels from a file with the columns channel, from, until, amount and currency: CSV or
// any other form that plug/source reads. Needs no store.
#pragma once

#include "base/json.h"

// Appends each row to the array that `writer` is in, as cost.h writes them; what they say is
// checked when they are noted down. INVALID for a missing column, an amount that is no number, or
// an empty file.
code channel_cost_file_read(struct scope *scope, const char *file, struct json_writer *writer);
