// SPDX-License-Identifier: Apache-2.0
// For tests: requests that two programs could read in two ways, and what the server answers. They
// are sent to it directly (server_corpus_test.c) and through a proxy (tests/proxy_test.c).
//
// To add one: a row in the list of its kind, with a name and bytes of its own.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct ambiguous {
    const char *name;
    const char *bytes;
    size_t size;  // they may hold NULs
    int status;   // of the answer
    int then;     // of the second one, where the first request is sound or ends too early; 0: none
    bool goes_on; // where it ends is certain: the next request is answered on the same connection
};

struct ambiguous_list {
    const struct ambiguous *rows;
    size_t count;
};

extern const struct ambiguous_list line_of_corpus;  // first lines
extern const struct ambiguous_list field_of_corpus; // fields of heads
extern const struct ambiguous_list body_of_corpus;  // lengths, codings, what stands behind

// Any refusal, or the end of the connection without a word.
enum { ANY = -1 };

#define AMBIGUOUS(given_name, literal, ...)                                                        \
    { .name = given_name, .bytes = literal, .size = sizeof(literal) - 1, __VA_ARGS__ }
// The connection ends.
#define REFUSED(given_name, literal, given_status)                                                 \
    AMBIGUOUS(given_name, literal, .status = given_status)
#define THEN(given_name, literal, first_status, second_status)                                     \
    AMBIGUOUS(given_name, literal, .status = first_status, .then = second_status)
// Only what it asks for is in doubt.
#define GOES_ON(given_name, literal, given_status)                                                 \
    AMBIGUOUS(given_name, literal, .status = given_status, .goes_on = true)

#define HOST    "Host: localhost\r\n"
#define GET     "GET /api/v1/echo HTTP/1.1\r\n"
#define POST    "POST /api/v1/echo HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n\r\n"
// What a reader that ends the request before it would take for another one.
#define SMUGGLED "GET /api/v1/echo?name=smuggled HTTP/1.1\r\n" HOST "\r\n"

#define TEN(...)                                                                                   \
    __VA_ARGS__ __VA_ARGS__ __VA_ARGS__ __VA_ARGS__ __VA_ARGS__ __VA_ARGS__ __VA_ARGS__            \
        __VA_ARGS__ __VA_ARGS__ __VA_ARGS__
#define NINE_KILOBYTES(letter)                                                                     \
    TEN(TEN(TEN(letter letter letter letter letter letter letter letter letter)))
