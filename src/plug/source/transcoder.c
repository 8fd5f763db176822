// SPDX-License-Identifier: Apache-2.0
// Latin-1 is read as Windows-1252, as browsers do (WHATWG Encoding Standard, label "latin1"): the
// two differ in 0x80–0x9F only, where Latin-1 has control characters that no delivered file means,
// and a sample of a file cannot show that they do not come later.
#include "plug/source/transcoder.h"

#include <stdlib.h>
#include <unicode/ucnv.h>

enum { PIVOT_UNITS = 4096 };

struct transcoder {
    UConverter *from;
    UConverter *into;
    UChar pivot[PIVOT_UNITS];
    UChar *pivot_source;
    UChar *pivot_target;
};

static const char *const converter_names[] = {
    [SOURCE_ENCODING_AUTO] = "UTF-8", [SOURCE_UTF8] = "UTF-8",
    [SOURCE_UTF16LE] = "UTF-16LE",    [SOURCE_UTF16BE] = "UTF-16BE",
    [SOURCE_LATIN1] = "windows-1252", [SOURCE_WINDOWS_1252] = "windows-1252",
};

code transcoder_open(struct scope *scope, enum source_encoding encoding,
                     struct transcoder **ret_transcoder) {
    CLEANUP(transcoder_close) struct transcoder *transcoder = calloc(1, sizeof(*transcoder));
    UErrorCode error = U_ZERO_ERROR;

    if (!transcoder)
        return scope_fail(scope, INTERNAL, "out of memory");
    transcoder->pivot_source = transcoder->pivot_target = transcoder->pivot;
    transcoder->from = ucnv_open(converter_names[encoding], &error);
    transcoder->into = ucnv_open("UTF-8", &error);
    if (U_FAILURE(error))
        return scope_fail(scope, INTERNAL, "cannot open the converter from %s: %s",
                          converter_names[encoding], u_errorName(error));
    *ret_transcoder = TAKE(transcoder);
    return OK;
}

void transcoder_close(struct transcoder **transcoder) {
    if (!*transcoder)
        return;
    if ((*transcoder)->from)
        ucnv_close((*transcoder)->from);
    if ((*transcoder)->into)
        ucnv_close((*transcoder)->into);
    free(*transcoder);
    *transcoder = NULL;
}

code transcoder_convert(struct scope *scope, struct transcoder *transcoder, const char **from,
                        const char *from_end, char **into, const char *into_end, bool at_end,
                        bool *ret_done) {
    UErrorCode error = U_ZERO_ERROR;

    ucnv_convertEx(transcoder->into, transcoder->from, into, into_end, from, from_end,
                   transcoder->pivot, &transcoder->pivot_source, &transcoder->pivot_target,
                   transcoder->pivot + PIVOT_UNITS, false, at_end, &error);
    if (U_FAILURE(error) && error != U_BUFFER_OVERFLOW_ERROR)
        return scope_fail(scope, INTERNAL, "cannot convert to UTF-8: %s", u_errorName(error));
    *ret_done = at_end && error != U_BUFFER_OVERFLOW_ERROR;
    return OK;
}
