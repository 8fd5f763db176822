// SPDX-License-Identifier: Apache-2.0
// A mapping of any bytes is read or refused with a reason; one that was read can be written, and
// what was written reads as the same mapping.
#include "fuzz/fuzz.h"
#include "plug/import/mapping.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct mapping mapping, again;
    struct scope scope;
    struct json *json;
    struct text first;

    scope_init(&scope);
    if (json_parse(&scope, (struct text){(const char *)data, size}, &json) == OK) {
        if (mapping_read(&scope, json, &mapping) == OK) {
            first = mapping_text(&scope, &mapping);
            assert(json_parse(&scope, first, &json) == OK);
            assert(mapping_read(&scope, json, &again) == OK);
            assert(text_equal(first, mapping_text(&scope, &again)));
        } else {
            assert(scope.failure.code == INVALID || scope.failure.code == TOO_LARGE);
            assert(scope.failure.message[0] != '\0');
        }
    }
    scope_clear(&scope);
    return 0;
}
