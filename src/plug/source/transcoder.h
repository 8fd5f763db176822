// SPDX-License-Identifier: Apache-2.0
// Bytes in a foreign encoding to UTF-8, piece by piece, through ICU. What cannot be decoded becomes
// U+FFFD. Private to this folder.
#pragma once

#include "plug/source/source.h"

struct transcoder;

code transcoder_open(struct scope *scope, enum source_encoding encoding,
                     struct transcoder **ret_transcoder);
void transcoder_close(struct transcoder **transcoder);

// Takes bytes from [*from, from_end), moving *from, and writes UTF-8 to [*into, into_end), moving
// *into. Stops when either is used up. `at_end` says that nothing follows from_end; *ret_done is
// true once everything, up to that end, is written.
code transcoder_convert(struct scope *scope, struct transcoder *transcoder, const char **from,
                        const char *from_end, char **into, const char *into_end, bool at_end,
                        bool *ret_done);
