// SPDX-License-Identifier: Apache-2.0
#include "store/home.h"

int64_t home_of(int64_t origin, struct text source, struct text key) {
    if (origin != 0)
        return origin;
    return -1 - (int64_t)((text_hash(key) ^ (text_hash(source) << 1)) % HOMES_OF_NOBODY);
}
