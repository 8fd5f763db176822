// SPDX-License-Identifier: Apache-2.0
// A file on disk as a stream of bytes: opened with care, inflated when it is gzip, and turned into
// UTF-8. Private to this folder.
#pragma once

#include "plug/source/source.h"

struct stream;

// Compression may be SOURCE_COMPRESSION_AUTO; encoding SOURCE_UTF8 or SOURCE_ENCODING_AUTO leave
// the bytes as they are. Fails with NOT_FOUND, FORBIDDEN, INVALID (a folder, a pipe, an empty
// file).
code stream_open(struct scope *scope, const char *path, enum source_compression compression,
                 enum source_encoding encoding, struct stream **ret_stream);
void stream_close(struct stream **stream);

// At most `size` bytes; 0 is the end. The type fits struct window_input.
code stream_read(struct scope *scope, void *from, char *into, size_t size, size_t *ret_size);

enum source_compression stream_compression(const struct stream *stream);
int64_t stream_bytes_read(const struct stream *stream); // of the file on disk
int64_t stream_bytes_total(const struct stream *stream);

// Open a regular file for reading; shared with source_digest and Parquet.
code stream_open_file(struct scope *scope, const char *path, int *ret_file,
                      int64_t *ret_size_bytes);
