// SPDX-License-Identifier: Apache-2.0
// What may be done, one bit each. Roles are sets of them.
#pragma once

#include <stdint.h>

// To add one: a bit before MAY_EVERYTHING (raise its count) and its words in access.c.
enum permission {
    MAY_READ_CUSTOMERS = 1u << 0,
    MAY_UNMASK_IDENTIFIERS = 1u << 1,
    MAY_CHANGE_CUSTOMERS = 1u << 2, // join, undo a join
    MAY_READ_REPORTS = 1u << 3,
    MAY_READ_SEGMENTS = 1u << 4,
    MAY_CHANGE_SEGMENTS = 1u << 5,
    MAY_EXPORT = 1u << 6,
    MAY_IMPORT = 1u << 7,
    MAY_QUERY_SQL = 1u << 8,
    MAY_READ_JOBS = 1u << 9,
    MAY_CONTROL_JOBS = 1u << 10,
    MAY_READ_AUDIT = 1u << 11,
    MAY_CHANGE_SETTINGS = 1u << 12,
    MAY_EVERYTHING = (1u << 13) - 1,
};

// In words that follow "may": "read customers". "do this" for anything but one known bit.
const char *permission_name(uint32_t permission);
