// SPDX-License-Identifier: Apache-2.0
// Where long work reports how far it is. The one who started the work supplies the receiver:
// a bar on the command line, a job row, a stream of events, or nothing.
#pragma once

#include "base/text.h"

#include <stdint.h>

struct progress {
    // done and total count `unit`s ("lines", "bytes", "rows"); total is 0 while it is not known.
    // Called often: the receiver thins out.
    void (*report)(struct progress *progress, const char *stage, int64_t done, int64_t total,
                   const char *unit);
    // One line for the log of the job.
    void (*note)(struct progress *progress, const char *line);
};

// A receiver that drops everything. Shared, has no state.
struct progress *progress_silent(void);

void progress_report(struct progress *progress, const char *stage, int64_t done, int64_t total,
                     const char *unit);
void progress_note(struct progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
