// SPDX-License-Identifier: Apache-2.0
// Three steps, each pulling from the one before: read(2), inflate, transcode. A step that the file
// does not need is left out, so that a plain UTF-8 file is read straight into the caller's memory.
#include "plug/source/stream.h"

#include "plug/source/transcoder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { PIECE_BYTES = 128 << 10 };

// A piece of input waiting for the next step.
struct piece {
    char *data; // heap, PIECE_BYTES; NULL when the step is left out
    size_t begin, end;
    bool at_end; // nothing comes after data[end]
};

struct stream {
    int file;
    char *path;
    int64_t bytes_total;
    int64_t bytes_read;
    enum source_compression compression;
    struct piece packed; // before inflate
    z_stream inflater;
    bool is_between_members; // the last gzip member has ended
    bool is_inflated;        // what is left is no gzip
    int inflate_error;       // to be told by the next read
    struct piece foreign;    // before transcode
    struct transcoder *transcoder;
    bool is_transcoded; // to the end
};

code stream_open_file(struct scope *scope, const char *path, int *ret_file,
                      int64_t *ret_size_bytes) {
    // Not blocking, so that a named pipe is refused rather than waited for.
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const int open_error = errno;
    struct stat status;

    if (file < 0 && (open_error == ENOENT || open_error == ENOTDIR))
        return scope_fail(scope, NOT_FOUND, "file \"%s\" does not exist", path);
    if (file < 0 && (open_error == EACCES || open_error == EPERM))
        return scope_fail(scope, FORBIDDEN, "file \"%s\" may not be read: %s", path,
                          strerror(open_error));
    if (file < 0)
        return scope_fail(scope, UNAVAILABLE, "cannot open \"%s\": %s", path, strerror(open_error));
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
        *ret_file = file;
        *ret_size_bytes = status.st_size;
        return OK;
    }
    close(file);
    if (S_ISDIR(status.st_mode))
        return scope_fail(scope, INVALID, "\"%s\" is a folder, not a file", path);
    return scope_fail(scope, INVALID, "\"%s\" is not a regular file", path);
}

static code read_file(struct scope *scope, struct stream *stream, char *into, size_t size,
                      size_t *ret_size) {
    ssize_t count;

    do {
        count = read(stream->file, into, size);
    } while (count < 0 && errno == EINTR);
    if (count < 0)
        return scope_fail(scope, UNAVAILABLE, "cannot read \"%s\": %s", stream->path,
                          strerror(errno));
    stream->bytes_read += count;
    *ret_size = (size_t)count;
    return OK;
}

static void piece_open(struct piece *piece) {
    piece->data = malloc(PIECE_BYTES);
    if (!piece->data)
        abort();
}

// More bytes behind what is left of the piece; false at the end of the input is told by at_end.
static code fill_packed(struct scope *scope, struct stream *stream) {
    struct piece *packed = &stream->packed;
    size_t size = 0;

    memmove(packed->data, packed->data + packed->begin, packed->end - packed->begin);
    packed->end -= packed->begin;
    packed->begin = 0;
    TRY(read_file(scope, stream, packed->data + packed->end, PIECE_BYTES - packed->end, &size));
    packed->end += size;
    packed->at_end = size == 0;
    return OK;
}

static bool is_gzip(const struct piece *packed) {
    return packed->end - packed->begin >= 2 &&
           memcmp(packed->data + packed->begin, "\x1F\x8B", 2) == 0;
}

static code fail_damaged(struct scope *scope, const struct stream *stream) {
    const int64_t place = stream->bytes_read - (int64_t)(stream->packed.end - stream->packed.begin);

    if (stream->inflate_error == Z_BUF_ERROR)
        scope_fail(scope, INVALID, "\"%s\" ends in the middle of its gzip data, at byte %lld",
                   stream->path, (long long)place);
    else
        scope_fail(scope, INVALID, "the gzip data of \"%s\" are damaged at byte %lld: %s",
                   stream->path, (long long)place,
                   stream->inflater.msg ? stream->inflater.msg : "unknown");
    return scope_hint(scope, "transfer the file again");
}

// Ready for inflate: at least one byte of a member, or is_inflated. Members may follow each other;
// what follows the last and is no member (padding, mostly) is passed over, as gzip(1) does.
static code begin_member(struct scope *scope, struct stream *stream) {
    struct piece *packed = &stream->packed;

    if (packed->begin == packed->end && !packed->at_end)
        TRY(fill_packed(scope, stream));
    if (!stream->is_between_members)
        return OK;
    while (packed->end - packed->begin < 2 && !packed->at_end)
        TRY(fill_packed(scope, stream));
    stream->is_inflated = !is_gzip(packed);
    stream->is_between_members = false;
    inflateReset(&stream->inflater);
    return OK;
}

static code read_inflated(struct scope *scope, struct stream *stream, char *into, size_t size,
                          size_t *ret_size) {
    z_stream *inflater = &stream->inflater;
    struct piece *packed = &stream->packed;

    inflater->next_out = (Bytef *)into;
    inflater->avail_out = (uInt)(size < INT32_MAX ? size : INT32_MAX);
    while (inflater->avail_out > 0 && stream->inflate_error == Z_OK) {
        int status;

        TRY(begin_member(scope, stream));
        if (stream->is_inflated)
            break;
        inflater->next_in = (Bytef *)packed->data + packed->begin;
        inflater->avail_in = (uInt)(packed->end - packed->begin);
        status = inflate(inflater, Z_NO_FLUSH);
        packed->begin = packed->end - inflater->avail_in;
        stream->is_between_members = status == Z_STREAM_END;
        // Without input Z_BUF_ERROR means that the file was cut off; otherwise it cannot occur.
        if (status != Z_OK && status != Z_STREAM_END)
            stream->inflate_error = status;
    }
    *ret_size = (size_t)((char *)inflater->next_out - into);
    if (*ret_size == 0 && stream->inflate_error != Z_OK)
        return fail_damaged(scope, stream);
    return OK;
}

static code read_bytes(struct scope *scope, struct stream *stream, char *into, size_t size,
                       size_t *ret_size) {
    if (stream->compression == SOURCE_GZIP)
        return read_inflated(scope, stream, into, size, ret_size);
    return read_file(scope, stream, into, size, ret_size);
}

static code read_transcoded(struct scope *scope, struct stream *stream, char *into, size_t size,
                            size_t *ret_size) {
    struct piece *foreign = &stream->foreign;
    char *out = into;

    while (out == into && !stream->is_transcoded) {
        const char *from;

        if (foreign->begin == foreign->end && !foreign->at_end) {
            foreign->begin = foreign->end = 0;
            TRY(read_bytes(scope, stream, foreign->data, PIECE_BYTES, &foreign->end));
            foreign->at_end = foreign->end == 0;
        }
        from = foreign->data + foreign->begin;
        TRY(transcoder_convert(scope, stream->transcoder, &from, foreign->data + foreign->end, &out,
                               into + size, foreign->at_end, &stream->is_transcoded));
        foreign->begin = (size_t)(from - foreign->data);
    }
    *ret_size = (size_t)(out - into);
    return OK;
}

code stream_read(struct scope *scope, void *from, char *into, size_t size, size_t *ret_size) {
    struct stream *stream = from;

    if (stream->transcoder)
        return read_transcoded(scope, stream, into, size, ret_size);
    return read_bytes(scope, stream, into, size, ret_size);
}

static code begin_inflate(struct scope *scope, struct stream *stream) {
    piece_open(&stream->packed);
    TRY(fill_packed(scope, stream));
    if (!is_gzip(&stream->packed))
        return scope_fail(scope, INVALID, "\"%s\" is not gzip data", stream->path);
    // 15: the largest window; +16: the gzip wrapper, with its checksum, and nothing else.
    if (inflateInit2(&stream->inflater, 15 + 16) != Z_OK)
        return scope_fail(scope, INTERNAL, "cannot start zlib");
    return OK;
}

static code find_compression(struct scope *scope, struct stream *stream) {
    char magic[2] = {0};

    if (stream->compression != SOURCE_COMPRESSION_AUTO)
        return OK;
    if (pread(stream->file, magic, sizeof(magic), 0) < 0)
        return scope_fail(scope, UNAVAILABLE, "cannot read \"%s\": %s", stream->path,
                          strerror(errno));
    stream->compression = memcmp(magic, "\x1F\x8B", 2) == 0 ? SOURCE_GZIP : SOURCE_PLAIN;
    return OK;
}

code stream_open(struct scope *scope, const char *path, enum source_compression compression,
                 enum source_encoding encoding, struct stream **ret_stream) {
    CLEANUP(stream_close) struct stream *stream = NULL;
    int64_t size_bytes = 0;
    int file;

    TRY(stream_open_file(scope, path, &file, &size_bytes));
    stream = calloc(1, sizeof(*stream));
    if (!stream)
        abort();
    *stream = (struct stream){.file = file, .bytes_total = size_bytes, .compression = compression};
    stream->path = strdup(path);
    if (size_bytes == 0)
        return scope_fail(scope, INVALID, "file \"%s\" is empty", path);
    TRY(find_compression(scope, stream));
    if (stream->compression == SOURCE_GZIP)
        TRY(begin_inflate(scope, stream));
    if (encoding != SOURCE_UTF8 && encoding != SOURCE_ENCODING_AUTO) {
        TRY(transcoder_open(scope, encoding, &stream->transcoder));
        piece_open(&stream->foreign);
    }
    *ret_stream = TAKE(stream);
    return OK;
}

void stream_close(struct stream **stream) {
    if (!*stream)
        return;
    close((*stream)->file);
    inflateEnd(&(*stream)->inflater);
    transcoder_close(&(*stream)->transcoder);
    free((*stream)->packed.data);
    free((*stream)->foreign.data);
    free((*stream)->path);
    free(*stream);
    *stream = NULL;
}

enum source_compression stream_compression(const struct stream *stream) {
    return stream->compression;
}

int64_t stream_bytes_read(const struct stream *stream) {
    return stream->bytes_read;
}

int64_t stream_bytes_total(const struct stream *stream) {
    return stream->bytes_total;
}
