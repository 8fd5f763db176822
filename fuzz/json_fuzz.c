// SPDX-License-Identifier: Apache-2.0
// A document that is read can be written, and what was written reads as the same document.
#include "base/json.h"
#include "fuzz/fuzz.h"

#include <assert.h>

static void write_again(const struct json *json, struct buffer *out) {
    struct json_writer writer;

    json_writer_init(&writer, out);
    json_write(&writer, json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct buffer first = {0}, second = {0};
    struct scope scope;
    struct json *json;

    scope_init(&scope);
    if (json_parse(&scope, (struct text){(const char *)data, size}, &json) == OK) {
        write_again(json, &first);
        assert(json_parse(&scope, buffer_text(&first), &json) == OK);
        write_again(json, &second);
        assert(text_equal(buffer_text(&first), buffer_text(&second)));
    } else {
        assert(scope.failure.code == INVALID || scope.failure.code == TOO_LARGE);
        assert(scope.failure.message[0] != '\0');
    }
    buffer_clear(&first);
    buffer_clear(&second);
    scope_clear(&scope);
    return 0;
}
