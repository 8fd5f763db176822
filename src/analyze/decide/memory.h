// SPDX-License-Identifier: Apache-2.0
// A server's memory for answers of decide: built in the background when the server starts, kept by
// a thread that looks ten times a second what happened. Whoever reads waits at most for a handful
// of changes to be put in, never for a database.
//
// It answers only while its last complete look is less than a second ago; at all other times, and
// for whatever is out of the ordinary, it says that it does not know, and the ledger is asked.
#pragma once

#include "store/store.h"

struct memory;

code memory_start(struct scope *scope, struct store *store, struct memory **ret_memory);
void memory_stop(struct memory *memory); // takes NULL

// The answer to who shows this key and asks for this id. False: not known here. The scope is for
// its arena alone. Any thread.
bool memory_answer(struct memory *memory, struct scope *scope, struct text key, struct text id,
                   struct buffer *out);

struct memory_state {
    bool is_warm;
    int64_t behind_us; // since its last complete look began
    int64_t bytes, customers;
    int64_t answered, passed_on; // questions, ever
};
struct memory_state memory_state(struct memory *memory);
