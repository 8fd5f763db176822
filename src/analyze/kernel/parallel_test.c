// SPDX-License-Identifier: Apache-2.0
#include "analyze/kernel/parallel.h"
#include "base/test.h"

enum { PIECES = 10000 };

struct tally {
    int times[PIECES];                  // each piece writes only its own
    size_t by_thread[PARALLEL_THREADS]; // each thread too
};

static void count_piece(void *data, size_t piece, int thread) {
    struct tally *tally = data;

    tally->times[piece]++;
    tally->by_thread[thread]++;
}

TEST(every_piece_is_done_once_whatever_the_number_of_threads) {
    static const int threads[] = {1, 2, 3, 64, 1000};

    for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
        struct tally *tally = arena_alloc(&scope->arena, sizeof(*tally));
        size_t done = 0;

        *tally = (struct tally){0};
        parallel_pieces(PIECES, threads[i], count_piece, tally);
        for (int piece = 0; piece < PIECES; piece++)
            CHECK(tally->times[piece] == 1);
        for (int thread = 0; thread < PARALLEL_THREADS; thread++) {
            CHECK(thread < threads[i] || tally->by_thread[thread] == 0);
            done += tally->by_thread[thread];
        }
        CHECK(done == PIECES);
    }
}

TEST(no_pieces_are_no_work) {
    struct tally tally = {0};

    parallel_pieces(0, 4, count_piece, &tally);
    parallel_pieces(1, 4, count_piece, &tally);
    CHECK(tally.times[0] == 1 && tally.times[1] == 0);
    CHECK(parallel_threads(1) == 1 && parallel_threads(0) >= 1);
}
