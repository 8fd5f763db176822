// SPDX-License-Identifier: Apache-2.0
// The number by which a fact (a receipt, an event, a consent) is put on one of several machines:
// facts of one origin stand together. On a single machine it is written and means nothing.
#pragma once

#include "base/text.h"

enum { HOMES_OF_NOBODY = 1 << 16 };

// `origin` is 0 for a fact of nobody known, and there are many of those: they are spread by what
// names them, over -1 to -HOMES_OF_NOBODY. The same fact delivered again has the same home.
int64_t home_of(int64_t origin, struct text source, struct text key);
