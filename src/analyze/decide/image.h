// SPDX-License-Identifier: Apache-2.0
// What answers are given from, in memory: identifiers as keyed hashes, customers, the bits of the
// segments they are in, and their traits as JSON. It knows no database and no lock: one thread
// changes it, and whoever reads meanwhile must be kept apart from the changes (memory.c).
//
// A million customers with three identifiers take about 150 MB, and what their traits say. Room is
// made once: an image that is full is replaced by a larger one.
#pragma once

#include "base/scope.h"

struct image;

enum { IMAGE_TRAITS_MOST = 32 };

struct image_room {
    int64_t identifiers, customers; // that there are; room is left for as many again
};

// 96 bits of a keyed hash: nobody can aim at a place of the table, nor read values out of it.
struct image_name {
    uint64_t hash;
    uint32_t check;
};

struct image *image_new(struct image_room room); // NULL: out of memory
void image_free(struct image *image);            // takes NULL
bool image_is_full(const struct image *image);
int64_t image_bytes(const struct image *image);
int64_t image_customer_count(const struct image *image); // origins that became others among them

// The key of the hashes is the image's own and never changes.
struct image_name image_name_of(const struct image *image, int kind, struct text source,
                                struct text value);

// ---- what changes it ----

// An origin, and the customer that it is now (itself as a rule).
void image_put_customer(struct image *image, int64_t origin, int64_t customer);
void image_put_identifier(struct image *image, int64_t id, struct image_name name, int64_t origin);
// Ids of identifiers in a range, at most `capacity`; returns their count.
size_t image_identifiers_in(const struct image *image, int64_t first_id, int64_t last_id,
                            int64_t *ids, size_t capacity);
void image_drop_identifiers(struct image *image, const int64_t *ids, size_t count); // sorted
// Nothing personal is said of who objects.
size_t image_objectors(const struct image *image, int64_t *customers, size_t capacity);
void image_put_objection(struct image *image, int64_t customer, bool objects);
// JSON values one behind the other, '\0' after each, empty where it has none; one for each of the
// image's traits.
void image_put_traits(struct image *image, int64_t origin, struct text values);

struct image_bits; // members of one segment
struct image_bits *image_bits_new(const struct image *image);
void image_bits_add(const struct image *image, struct image_bits *bits, int64_t customer);
void image_bits_free(struct image_bits *bits); // takes NULL
// Takes the bits; those it had before are given back, to be freed by the caller (NULL: none).
struct image_bits *image_put_segment(struct image *image, int64_t segment_id, struct text name,
                                     struct image_bits *bits);
struct image_bits *image_drop_segment(struct image *image, int64_t segment_id);
bool image_has_segment(const struct image *image, int64_t segment_id);
void image_put_member(struct image *image, int64_t segment_id, int64_t customer, bool is_in);

// ---- reading ----

// {"segments": […], "traits": {…}} of whoever has the identifier, with the traits of these places,
// under these names. Nobody, and who objects, has none.
void image_write_answer(const struct image *image, struct image_name name, const int *traits,
                        const struct text *trait_names, size_t trait_count, struct buffer *out);
