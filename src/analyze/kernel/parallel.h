// SPDX-License-Identifier: Apache-2.0
// Work in pieces on all cores: which thread takes which piece is left to chance, so that what a
// piece finds must stand in a place of its own and be added up afterwards, in the order of the
// pieces. Then results are the same to the last digit whatever the number of threads.
#pragma once

#include <stddef.h>

enum { PARALLEL_THREADS = 64 }; // at most

// The cores to use, at most `limit` when that is not 0.
int parallel_threads(int limit);

// One piece. `thread` is 0 … threads − 1: that of a place to work in which pieces may share one
// after the other.
typedef void parallel_work(void *data, size_t piece, int thread);

// Does pieces 0 … count − 1, each once, and returns when all are done. Threads that cannot be
// started leave their part to the others.
void parallel_pieces(size_t count, int threads, parallel_work *work, void *data);
