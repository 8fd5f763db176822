// SPDX-License-Identifier: Apache-2.0
#include "plug/source/fault.h"

#include "base/limits.h"

#include <stdarg.h>
#include <stdio.h>

void fault_set(struct record *record, char text[FAULT_BYTES], const char *fault_code,
               const char *format, ...) {
    va_list arguments;

    if (record->fault)
        return;
    va_start(arguments, format);
    vsnprintf(text, FAULT_BYTES, format, arguments);
    va_end(arguments);
    record->fault = text;
    record->fault_code = fault_code;
}

// The place of the first byte that no well-formed UTF-8 can have there.
static size_t bad_byte(struct text raw) {
    size_t good = 0, bad = raw.size;

    // Well-formed up to `good`, not up to `bad`; a sequence cut by the middle counts as its
    // beginning.
    while (bad - good > 1) {
        const size_t middle = good + (bad - good) / 2;
        size_t cut = middle;

        while (cut > good && ((unsigned char)raw.data[cut] & 0xC0) == 0x80)
            cut--;
        if (cut > good && text_is_utf8((struct text){raw.data + good, cut - good}))
            good = cut;
        else if (middle == cut || !text_is_utf8((struct text){raw.data + good, middle - good}))
            bad = middle;
        else
            good = middle;
    }
    return good;
}

void fault_check_text(struct record *record, char text[FAULT_BYTES], bool is_transcoded) {
    const struct text raw = record->raw;
    const char *place;

    if (raw.size == 0)
        return;
    if ((place = memchr(raw.data, 0, raw.size)))
        fault_set(record, text, "encoding", "has a NUL byte at byte %zu",
                  (size_t)(place - raw.data) + 1);
    if (is_transcoded && (place = memmem(raw.data, raw.size, "\xEF\xBF\xBD", 3)))
        fault_set(record, text, "encoding", "cannot be decoded before byte %zu of its UTF-8 form",
                  (size_t)(place - raw.data) + 1);
    if (!is_transcoded && !text_is_utf8(raw)) {
        const size_t bad = bad_byte(raw);

        fault_set(record, text, "encoding", "is not UTF-8: byte 0x%02X at byte %zu",
                  (unsigned char)raw.data[bad], bad + 1);
    }
}

void fault_check_fields(struct record *record, char text[FAULT_BYTES], size_t column_count,
                        bool has_header) {
    if (column_count > 0 && record->field_count != column_count)
        fault_set(record, text, "field_count", "has %zu field%s, %s %zu", record->field_count,
                  record->field_count == 1 ? "" : "s",
                  has_header ? "the header has" : "the other records have", column_count);
    if (record->field_count > LIMIT_RECORD_FIELDS)
        record->field_count = LIMIT_RECORD_FIELDS;
    if (record->raw.size <= LIMIT_FIELD_BYTES)
        return;
    for (size_t i = 0; i < record->field_count; i++)
        if (record->fields[i].size > LIMIT_FIELD_BYTES)
            fault_set(record, text, "too_long", "has %zu bytes in field %zu, at most %d are taken",
                      record->fields[i].size, i + 1, LIMIT_FIELD_BYTES);
}
