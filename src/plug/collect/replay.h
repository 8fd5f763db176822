// SPDX-License-Identifier: Apache-2.0
// What of a source was kept apart is tried again, after it was mended, or its source's schema was
// changed, or what it refers to has come. It is kept as imports keep their rows, with the source's
// id in the place of an import's (plug/import/import.h lists, mends and discards), but for a
// webhook's, which are rows of an import.
#pragma once

#include "plug/import/import.h"

// row 0: all that wait. In transactions of its own, each of which leaves a message either taken or
// waiting with the reason of today. Times, ids and figures are those of when it came. NOT_FOUND:
// the source, or the row does not wait.
code collect_replay(struct scope *scope, int64_t sender_id, int64_t row,
                    struct import_tally *ret_tally);
