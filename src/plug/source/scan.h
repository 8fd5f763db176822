// SPDX-License-Identifier: Apache-2.0
// Finds any of four bytes, 64 bytes at a time. Private to the readers of text formats.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { SCAN_BLOCK_BYTES = 64 };

// The bytes looked for; a byte may stand more than once.
struct scan_set {
    char bytes[4];
};

// Bit i is set when data[i] is one of the set. All 64 bytes must be readable.
static inline uint64_t scan_block(const char *data, struct scan_set set) {
    uint64_t mask = 0;
#ifdef __SSE2__
    const __m128i a = _mm_set1_epi8(set.bytes[0]), b = _mm_set1_epi8(set.bytes[1]);
    const __m128i c = _mm_set1_epi8(set.bytes[2]), d = _mm_set1_epi8(set.bytes[3]);

    for (size_t i = 0; i < 4; i++) {
        const __m128i part = _mm_loadu_si128((const __m128i *)(const void *)(data + 16 * i));
        const __m128i found =
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(part, a), _mm_cmpeq_epi8(part, b)),
                         _mm_or_si128(_mm_cmpeq_epi8(part, c), _mm_cmpeq_epi8(part, d)));

        mask |= (uint64_t)(unsigned)_mm_movemask_epi8(found) << (16 * i);
    }
#else
    for (int i = 0; i < SCAN_BLOCK_BYTES; i++)
        if (data[i] == set.bytes[0] || data[i] == set.bytes[1] || data[i] == set.bytes[2] ||
            data[i] == set.bytes[3])
            mask |= UINT64_C(1) << i;
#endif
    return mask;
}

// A walk over the places of the set in data[0..size), in order. data must be readable for
// SCAN_BLOCK_BYTES behind size.
struct scan {
    const char *data;
    size_t size;
    size_t block;  // where the block of `mask` begins
    uint64_t mask; // its places not yet told
    struct scan_set set;
};

static inline uint64_t scan_mask_at(const struct scan *scan, size_t block) {
    const uint64_t mask = scan_block(scan->data + block, scan->set);
    const size_t rest = scan->size - block;

    return rest >= SCAN_BLOCK_BYTES ? mask : mask & ((UINT64_C(1) << rest) - 1);
}

// Go on (or back) to `place`, which is the first that may be told next.
static inline void scan_seek(struct scan *scan, size_t place) {
    scan->block = place;
    scan->mask = place < scan->size ? scan_mask_at(scan, place) : 0;
}

// The next place, or size when there is none.
static inline size_t scan_next(struct scan *scan) {
    size_t place;

    while (scan->mask == 0) {
        if (scan->size - scan->block <= SCAN_BLOCK_BYTES) {
            scan->block = scan->size;
            return scan->size;
        }
        scan->block += SCAN_BLOCK_BYTES;
        scan->mask = scan_mask_at(scan, scan->block);
    }
    place = scan->block + (size_t)__builtin_ctzll(scan->mask);
    scan->mask &= scan->mask - 1;
    return place;
}
