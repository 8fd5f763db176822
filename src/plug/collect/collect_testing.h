// SPDX-License-Identifier: Apache-2.0
// For tests: a store, a source, a collector and a server that takes in what is sent.
#pragma once

#include "plug/collect/collect.h"
#include "store/store_testing.h"
#include "web/server_testing.h"

struct test_collection {
    uint16_t port;
    struct collector *collector;
    int64_t sender_id;
    struct text key;
};

// All ends with the test; the scope's session goes on with the same store.
struct test_collection *test_collect(struct scope *scope, enum sender_type type);
// POST with the key by Basic authentication.
struct test_answer test_collect_send(struct scope *scope, const struct test_collection *collection,
                                     const char *path, struct text body);
// The same with fields of the head of one's own ("Name: value\r\n…") and without the key.
struct test_answer test_collect_raw(struct scope *scope, const struct test_collection *collection,
                                    const char *path, const char *fields, struct text body);
