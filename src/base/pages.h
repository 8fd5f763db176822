// SPDX-License-Identifier: Apache-2.0
// Large tables that begin as zeros, straight from the system: one of a short life costs only the
// pages that are touched, where calloc may clear all of what was freed before. No cache, no arena.
#pragma once

#include <stddef.h>

// Never NULL: out of memory stops the process.
void *pages_new(size_t count, size_t size);
// The same count and size. Takes NULL.
void pages_free(void *pages, size_t count, size_t size);
