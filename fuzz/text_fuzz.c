// SPDX-License-Identifier: Apache-2.0
// Any bytes: folding gives well-formed text that folds to itself, words are slices of it, a line of
// the log is one line of JSON, and base64 goes there and back.
#include "base/base64.h"
#include "base/fold.h"
#include "base/json.h"
#include "base/log.h"
#include "fuzz/fuzz.h"

#include <assert.h>

static void check_fold(struct arena *arena, struct text text) {
    const struct text folded = text_fold(arena, text);
    struct text words[8];
    const size_t count = fold_words(arena, text, words, 8);

    assert(text_is_utf8(folded));
    assert(text_equal(folded, text_fold(arena, folded)));
    for (size_t i = 0; i < count; i++)
        assert(words[i].size > 0 && text_is_utf8(words[i]));
}

static void check_log(struct scope *scope, struct text text) {
    const struct log_field field = LOG_TEXT("value", text);
    struct buffer line = {0};
    struct json *json;

    log_line_json(&line, 0, LOG_LEVEL_INFO, "event", &field, 1);
    assert(json_parse(scope, buffer_text(&line), &json) == OK);
    assert(!text_is_utf8(text) || text_equal(json_member(json, "value")->string, text));
    line.size = 0;
    log_line_human(&line, 0, LOG_LEVEL_INFO, "event", &field, 1);
    for (size_t i = 0; i < line.size; i++)
        assert((unsigned char)line.data[i] >= ' ' && line.data[i] != 0x7F);
    buffer_clear(&line);
}

static void check_base64(struct arena *arena, struct text text) {
    struct text bytes;

    for (int form = BASE64_STANDARD; form <= BASE64_URL; form++) {
        const struct text written = base64_encode(arena, text, (enum base64_form)form);

        assert(base64_decode(arena, written, (enum base64_form)form, &bytes));
        assert(text_equal(bytes, text));
        if (base64_decode(arena, text, (enum base64_form)form, &bytes))
            assert(text_equal(base64_encode(arena, bytes, (enum base64_form)form), text));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct text text = {(const char *)data, size};
    struct scope scope;

    scope_init(&scope);
    check_fold(&scope.arena, text);
    check_log(&scope, text);
    check_base64(&scope.arena, text);
    scope_clear(&scope);
    return 0;
}
