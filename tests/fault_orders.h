// SPDX-License-Identifier: Apache-2.0
// What the library of fault_preload.c is to do in the program that it was loaded into: in a file
// that both have mapped, so that a test arms a fault at an instant of its choice.
#pragma once

#include <stdatomic.h>

enum fault_kind {
    FAULT_NONE,
    FAULT_MEMORY, // malloc, calloc, realloc: none left
    FAULT_WRITE,  // pwrite, ftruncate, of files: an I/O error
    FAULT_ROOM,   // the same: no space left on the device
    FAULT_SYNC,   // fsync, fdatasync: an I/O error
    FAULT_KINDS
};

struct fault_orders {
    atomic_int kind;       // enum fault_kind
    atomic_int is_lasting; // those after it fail as well
    atomic_long left;      // calls of the kind until the one that fails: 1, the next
    atomic_long count;     // how many have failed
};

#define FAULT_ORDERS_VARIABLE "FAULT_ORDERS" // names the file
