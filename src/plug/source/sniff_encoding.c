// SPDX-License-Identifier: Apache-2.0
// From bytes to their encoding. UTF-8 is believed where nearly all its sequences are well formed,
// so that one bad byte in a file is that record's fault and not a reason to misread all the others.
#include "plug/source/sniff.h"

struct magic {
    const char *bytes;
    size_t size;
    const char *what;
    const char *hint;
};

#define MAGIC(literal, what_it_is, what_to_do)                                                     \
    { literal, sizeof(literal) - 1, what_it_is, what_to_do }

static const struct magic magics[] = {
    MAGIC("PK\x03\x04", "a ZIP archive or an Excel workbook",
          "unpack it, or save the sheet as CSV"),
    MAGIC("\xD0\xCF\x11\xE0", "an old Excel workbook", "save the sheet as CSV"),
    MAGIC("%PDF-", "a PDF document", "export the data as CSV"),
    MAGIC("\x28\xB5\x2F\xFD", "zstd data", "unpack it with zstd -d"),
    MAGIC("BZh", "bzip2 data", "unpack it with bunzip2"),
    MAGIC("\xFD"
          "7zXZ",
          "xz data", "unpack it with xz -d"),
    MAGIC("7z\xBC\xAF\x27\x1C", "a 7-Zip archive", "unpack it"),
    MAGIC("SQLite format 3", "an SQLite database", "export the table as CSV"),
    MAGIC("\x1F\x8B", "gzip data within gzip data", "unpack it once with gunzip"),
    MAGIC("\xFF\xFE\x00\x00", "UTF-32 text", "convert it to UTF-8"),
    MAGIC("\x00\x00\xFE\xFF", "UTF-32 text", "convert it to UTF-8"),
};

static bool starts_with(struct text text, const char *bytes, size_t size) {
    return text.size >= size && memcmp(text.data, bytes, size) == 0;
}

// NULs at even and at odd places: ASCII characters in UTF-16 have theirs on one side.
static void count_nuls(struct text text, size_t counts[2]) {
    for (size_t i = 0; i < text.size; i++)
        counts[i % 2] += text.data[i] == '\0';
}

static enum source_encoding utf16_encoding(struct text text) {
    size_t nuls[2] = {0};

    if (starts_with(text, "\xFF\xFE", 2))
        return SOURCE_UTF16LE;
    if (starts_with(text, "\xFE\xFF", 2))
        return SOURCE_UTF16BE;
    count_nuls(text, nuls);
    if (nuls[1] > text.size / 8 && nuls[0] < nuls[1] / 8)
        return SOURCE_UTF16LE;
    if (nuls[0] > text.size / 8 && nuls[1] < nuls[0] / 8)
        return SOURCE_UTF16BE;
    return SOURCE_ENCODING_AUTO;
}

code sniff_refuse_binary(struct scope *scope, const struct sample *sample) {
    const struct text text = sample->text;
    size_t strange = 0;

    for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++) {
        if (!starts_with(text, magics[i].bytes, magics[i].size))
            continue;
        scope_fail(scope, INVALID, "\"%s\" is %s", sample->path, magics[i].what);
        return scope_hint(scope, "%s", magics[i].hint);
    }
    if (utf16_encoding(text) != SOURCE_ENCODING_AUTO)
        return OK;
    for (size_t i = 0; i < text.size; i++)
        strange += (unsigned char)text.data[i] < 0x20 &&
                   !strchr("\t\n\v\f\r\x1A\x1B\x1C\x1D\x1E\x1F\x01", text.data[i]);
    strange += text.size > 0 && text_contains(text, '\0') ? text.size / 100 : 0;
    if (strange > text.size / 50 + 2)
        return scope_fail(scope, INVALID, "\"%s\" is a binary file, not text", sample->path);
    return OK;
}

// Bytes of 0x80 and above, sorted by what they can be.
struct high_bytes {
    size_t sequences; // well-formed UTF-8
    size_t strays;    // others
    bool has_c1;      // of the others, one of 0x80–0x9F
};

static struct high_bytes count_high_bytes(struct text text) {
    struct high_bytes found = {0};
    size_t i = 0;

    while (i < text.size) {
        size_t length = 2;

        if ((unsigned char)text.data[i] < 0x80) {
            i++;
            continue;
        }
        while (length <= 4 && i + length <= text.size &&
               !text_is_utf8((struct text){text.data + i, length}))
            length++;
        if (length <= 4 && i + length <= text.size) {
            found.sequences++;
            i += length;
            continue;
        }
        found.strays++;
        found.has_c1 = found.has_c1 || (unsigned char)text.data[i] < 0xA0;
        i++;
    }
    return found;
}

enum source_encoding sniff_encoding(const struct sample *sample) {
    const enum source_encoding utf16 = utf16_encoding(sample->text);
    struct high_bytes high;

    if (utf16 != SOURCE_ENCODING_AUTO)
        return utf16;
    high = count_high_bytes(sample->text);
    if (starts_with(sample->text, "\xEF\xBB\xBF", 3) || high.strays * 10 <= high.sequences)
        return SOURCE_UTF8;
    return high.has_c1 ? SOURCE_WINDOWS_1252 : SOURCE_LATIN1;
}
