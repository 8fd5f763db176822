// SPDX-License-Identifier: Apache-2.0
// For tests: what happens in a shop, at random, through the writers that imports and collection
// use: events, sales, attributes, consents, joins, undoings, withdrawn imports.
#pragma once

#include "base/random.h"
#include "host/identity/identity.h"
#include "host/profile/profile.h"
#include "store/store_testing.h"

enum { TEST_LINKS_MOST = 64 };

struct test_stream {
    struct scope *scope;
    struct random random;
    struct resolver *resolver;
    struct profiles *profiles;
    int64_t import_id;
    int64_t links[TEST_LINKS_MOST];
    size_t link_count;
    int number;
};

// A store, and nothing that has happened yet.
void test_stream_begin(struct scope *scope, struct test_stream *stream, uint64_t seed);
void test_stream_close(struct test_stream *stream); // for CLEANUP
uint32_t test_draw(struct test_stream *stream, uint32_t below);
// Somebody, known or new, inside the open transaction.
struct resolution test_somebody(struct test_stream *stream);
struct text test_next_key(struct test_stream *stream);
// So many things at once.
void test_happen(struct test_stream *stream, uint32_t count);
// Somebody opens a mail now.
void test_open_mail(struct test_stream *stream);
void test_take_back(struct test_stream *stream, int64_t import_id);
void test_define(struct scope *scope, const char *name, const char *definition);
