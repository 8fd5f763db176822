// SPDX-License-Identifier: Apache-2.0
// A condition tree of any bytes is read or refused with a reason, can be put in words, and becomes
// a statement with one value per parameter. No database takes part.
#include "analyze/segment/compile.h"
#include "analyze/segment/tree.h"
#include "base/limits.h"
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>

struct fuzz_library {
    struct segment_library base;
    const struct json *definition; // of every segment whose name is short
};

static code find_definition(struct segment_library *library, struct scope *scope, struct text name,
                            const struct json **ret_definition) {
    (void)scope;
    if (name.size <= 2)
        *ret_definition = ((struct fuzz_library *)library)->definition;
    return OK;
}

// Every $n is within the values, and the last one is used.
static void check_parameters(const struct segment_query *query) {
    size_t largest = 0;

    for (const char *byte = query->sql; (byte = strchr(byte, '$')) != NULL; byte++) {
        const size_t number = strtoul(byte + 1, NULL, 10);

        largest = number > largest ? number : largest;
    }
    assert(largest == query->binds.count);
}

static void check_tree(struct scope *scope, const struct segment_node *tree) {
    static const int64_t customers[] = {1, 2};
    const struct segment_clause *clauses[LIMIT_SEGMENT_CLAUSES];
    struct segment_moment moment = {.as_of_day = 15000};
    struct segment_query query;
    struct buffer words = {0};

    assert(zone_open(scope, TEXT("Europe/London"), &moment.zone) == OK);
    assert(segment_clauses(tree, clauses) <= LIMIT_SEGMENT_CLAUSES);
    segment_write_tree(&words, tree);
    assert(words.size > 0);
    for (int output = SEGMENT_OUTPUT_COUNT; output <= SEGMENT_OUTPUT_FACTS; output++) {
        moment.has_aliases = output == SEGMENT_OUTPUT_IDS;
        segment_compile(scope, tree, &moment, (enum segment_output)output, customers, 2, &query);
        // Text of the regular expression for numbers ends in '$'.
        check_parameters(&query);
    }
    buffer_clear(&words);
    zone_free(moment.zone);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_library library = {.base.find = find_definition};
    const struct segment_node *tree;
    struct scope scope;
    struct json *json;

    scope_init(&scope);
    if (json_parse(&scope, (struct text){(const char *)data, size}, &json) == OK) {
        library.definition = json;
        if (segment_tree_read(&scope, json, TEXT("me"), &library.base, &tree) == OK) {
            check_tree(&scope, tree);
        } else {
            assert(scope.failure.code == INVALID || scope.failure.code == TOO_LARGE);
            assert(scope.failure.message[0] != '\0');
        }
    }
    scope_clear(&scope);
    return 0;
}
