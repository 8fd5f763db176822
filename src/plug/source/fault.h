// SPDX-License-Identifier: Apache-2.0
// Why a record cannot be taken: set once, the first reason stands. Private to this folder.
#pragma once

#include "plug/source/source.h"

enum { FAULT_BYTES = 200 };

// `text` is the reader's own memory, into which the sentence is written.
void fault_set(struct record *record, char text[FAULT_BYTES], const char *fault_code,
               const char *format, ...) __attribute__((format(printf, 4, 5)));

// Bytes that are no text: not UTF-8, a NUL, or what the transcoder could not read.
void fault_check_text(struct record *record, char text[FAULT_BYTES], bool is_transcoded);

// Fields past LIMIT_FIELD_BYTES, and another number of fields than columns (0: any), which stand in
// a header or not.
void fault_check_fields(struct record *record, char text[FAULT_BYTES], size_t column_count,
                        bool has_header);
