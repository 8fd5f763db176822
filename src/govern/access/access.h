// SPDX-License-Identifier: Apache-2.0
// What may be done, one bit each. Roles are sets of them.
#pragma once

#include <stddef.h>
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
    MAY_SIGN_IN = 1u << 13,        // everybody, signed in or not
    MAY_USE_ACCOUNT = 1u << 14,    // everybody who is signed in: their own account and session
    MAY_MANAGE_ACCESS = 1u << 15,  // accounts, roles, keys
    MAY_READ_METRICS = 1u << 16,   // figures of the running server
    MAY_NAME_PATHS = 1u << 17,     // files of the server by their path: the command line alone
    MAY_MANAGE_SOURCES = 1u << 18, // that send as things happen, and their write keys
    MAY_DECIDE = 1u << 19, // ask what is true of a customer, for pages, tills and ad servers
    MAY_CHANGE_CAMPAIGNS = 1u << 20, // make, approve, pause, stop
    MAY_EVERYTHING = (1u << 21) - 1,
};
enum { PERMISSION_COUNT = 21 };

// In words that follow "may": "read customers". "do this" for anything but one known bit.
const char *permission_name(uint32_t permission);
// As it stands in documents: "read_customers". NULL for anything but one known bit.
const char *permission_key(uint32_t permission);
// The way back; 0 for what is no permission. `size` bytes at `key`.
uint32_t permission_of_key(const char *key, size_t size);
