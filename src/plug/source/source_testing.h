// SPDX-License-Identifier: Apache-2.0
// Files and records for the tests of this folder.
#pragma once

#include "base/test.h"
#include "plug/source/source.h"
#include "plug/source/window.h"

// Records as lines "row@line field|field", a faulty one "row@line !fault_code field|field".
void testing_add_record(struct buffer *out, const struct record *record);

// All records of the file in that form; the dialect (NULL: find out) must open it.
const char *testing_read(struct scope *scope, const char *path,
                         const struct source_dialect *dialect);
// The same of a file made of this content.
const char *testing_read_text(struct scope *scope, struct text content,
                              const struct source_dialect *dialect);

// Bytes that come in pieces of at most `piece` at a time.
struct testing_pieces {
    struct text rest;
    size_t piece;
};
code testing_read_piece(struct scope *scope, void *from, char *into, size_t size, size_t *ret_size);

// The content as gzip data, of one member.
struct text testing_gzip(struct scope *scope, struct text content);
// UTF-8 in another encoding, by its ICU name.
struct text testing_encode(struct scope *scope, const char *encoding, struct text content);
