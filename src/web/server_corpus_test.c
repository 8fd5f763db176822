// SPDX-License-Identifier: Apache-2.0
// Requests that two programs could read in two ways. Each is refused, once, and ends its
// connection: what stands behind it on the wire is never taken for another request.
#include "web/server_testing.h"

#include <stdlib.h>
#include <unistd.h>

struct ambiguous {
    const char *name;
    const char *bytes;
    size_t size; // they may hold NULs
    int status;  // 0: any refusal, or the connection closed without a word
};

#define BYTES(literal) literal, sizeof(literal) - 1
#define HOST           "Host: localhost\r\n"
#define GET            "GET /api/v1/echo HTTP/1.1\r\n"
#define POST           "POST /api/v1/echo HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n"
// What a reader that ends the request before it would take for another one.
#define SMUGGLED "GET /api/v1/echo?name=smuggled HTTP/1.1\r\n" HOST "\r\n"

static const struct ambiguous corpus[] = {
    // ---- hosts ----
    {"no host", BYTES(GET "\r\n"), 400},
    {"two hosts", BYTES(GET HOST "Host: evil.example\r\n\r\n"), 400},
    {"the same host twice", BYTES(GET HOST HOST "\r\n"), 400},
    {"two hosts in other cases", BYTES(GET HOST "HOST: localhost\r\n\r\n"), 400},
    {"empty host", BYTES(GET "Host:\r\n\r\n"), 400},
    {"blank host", BYTES(GET "Host:  \r\n\r\n"), 400},
    {"host with a user", BYTES(GET "Host: localhost@evil.example\r\n\r\n"), 400},
    {"host with a path", BYTES(GET "Host: localhost/evil\r\n\r\n"), 400},
    {"host list", BYTES(GET "Host: localhost, evil.example\r\n\r\n"), 400},
    {"host with a port of letters", BYTES(GET "Host: localhost:80x\r\n\r\n"), 400},
    {"host with an empty port", BYTES(GET "Host: localhost:\r\n\r\n"), 400},
    {"host with two ports", BYTES(GET "Host: localhost:80:80\r\n\r\n"), 400},
    {"host with an open bracket", BYTES(GET "Host: [::1\r\n\r\n"), 400},
    {"host with a blank inside", BYTES(GET "Host: local host\r\n\r\n"), 400},
    {"host with a tab inside", BYTES(GET "Host: local\thost\r\n\r\n"), 400},
    {"another host", BYTES(GET "Host: evil.example\r\n\r\n"), 421},
    {"a host that begins like ours", BYTES(GET "Host: localhost.evil.example\r\n\r\n"), 421},
    {"a host that ends like ours", BYTES(GET "Host: evil-localhost\r\n\r\n"), 421},
    {"our address with a zero", BYTES(GET "Host: 127.0.0.01\r\n\r\n"), 421},
    {"our address as a number", BYTES(GET "Host: 2130706433\r\n\r\n"), 421},
    {"any address", BYTES(GET "Host: 0.0.0.0\r\n\r\n"), 421},
    {"HTTP/1.0 without a host", BYTES("GET /api/v1/echo HTTP/1.0\r\n\r\n"), 400},

    // ---- lengths ----
    {"two lengths", BYTES(POST "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} " SMUGGLED), 400},
    {"the same length twice", BYTES(POST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"), 400},
    {"list of lengths", BYTES(POST "Content-Length: 2, 2\r\n\r\n{}"), 400},
    {"signed length", BYTES(POST "Content-Length: +2\r\n\r\n{}"), 400},
    {"negative length", BYTES(POST "Content-Length: -1\r\n\r\n{}"), 400},
    {"hexadecimal length", BYTES(POST "Content-Length: 0x2\r\n\r\n{}"), 400},
    {"length with a fraction", BYTES(POST "Content-Length: 2.0\r\n\r\n{}"), 400},
    {"length with letters behind", BYTES(POST "Content-Length: 2a\r\n\r\n{}"), 400},
    {"empty length", BYTES(POST "Content-Length:\r\n\r\n{}"), 400},
    {"blank length", BYTES(POST "Content-Length:  \r\n\r\n{}"), 400},
    {"two numbers for a length", BYTES(POST "Content-Length: 2 3\r\n\r\n{}"), 400},
    {"quoted length", BYTES(POST "Content-Length: \"2\"\r\n\r\n{}"), 400},
    {"length past 64 bits", BYTES(POST "Content-Length: 18446744073709551618\r\n\r\n{}"), 413},
    {"length past 63 bits", BYTES(POST "Content-Length: 9223372036854775809\r\n\r\n{}"), 400},
    {"length of many zeros", BYTES(POST "Content-Length: 00000000000000000000002\r\n\r\n{}"), 400},
    {"length with a form feed", BYTES(POST "Content-Length: \f2\r\n\r\n{}"), 400},
    {"length with a vertical tab", BYTES(POST "Content-Length: 2\v\r\n\r\n{}"), 400},
    {"length with a NUL", BYTES(POST "Content-Length: 2\0\r\n\r\n{}"), 400},
    {"length larger than the limit", BYTES(POST "Content-Length: 99999999\r\n\r\n{}"), 413},
    {"body of a GET", BYTES(GET HOST "Content-Length: 2\r\n\r\n{}" SMUGGLED), 400},
    {"body of a HEAD",
     BYTES("HEAD /api/v1/echo HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}" SMUGGLED), 400},
    {"body of a file of the app",
     BYTES("GET /index.html HTTP/1.1\r\n" HOST "Content-Length: 47\r\n\r\n" SMUGGLED), 0},
    {"name of the length with a blank", BYTES(POST "Content-Length : 2\r\n\r\n{}"), 400},
    {"name of the length with a tab", BYTES(POST "Content-Length\t: 2\r\n\r\n{}"), 400},
    {"name of the length with an underscore and one without",
     BYTES(POST "Content_Length: 0\r\nContent-Length: 2\r\nContent-Length: 0\r\n\r\n{}"), 400},

    // ---- transfer codings ----
    {"length and coding",
     BYTES(POST "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400},
    {"coding and length",
     BYTES(POST "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" SMUGGLED), 400},
    {"chunked", BYTES(POST "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" SMUGGLED), 411},
    {"chunked twice",
     BYTES(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
    {"chunked and something else",
     BYTES(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n"), 400},
    {"list of codings", BYTES(POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 501},
    {"chunked, identity", BYTES(POST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"), 501},
    {"identity", BYTES(POST "Transfer-Encoding: identity\r\n\r\n" SMUGGLED), 501},
    {"an unknown coding", BYTES(POST "Transfer-Encoding: x\r\n\r\n" SMUGGLED), 501},
    {"no coding", BYTES(POST "Transfer-Encoding:\r\n\r\n" SMUGGLED), 501},
    {"Chunked", BYTES(POST "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n" SMUGGLED), 501},
    {"chunked with a vertical tab",
     BYTES(POST "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400},
    {"chunked in quotes", BYTES(POST "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"), 501},
    {"chunked with a parameter", BYTES(POST "Transfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n"),
     501},
    {"name of the coding with a blank",
     BYTES(POST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" SMUGGLED), 400},
    {"name of the coding with a blank, and a length",
     BYTES(POST "Content-Length: 2\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"), 400},
    {"coding in HTTP/1.0",
     BYTES("POST /api/v1/echo HTTP/1.0\r\n" HOST
           "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED),
     400},
    {"coding of a GET", BYTES(GET HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED),
     411},
    {"folded coding",
     BYTES(POST "Content-Length: 2\r\nTransfer-Encoding:\r\n chunked\r\n\r\n{}" SMUGGLED), 400},
    {"coding behind a NUL",
     BYTES(POST "X: y\0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED), 0},
    {"coding behind a bare carriage return",
     BYTES(POST "X: y\rTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n"), 400},
    {"chunk ends in line feed",
     BYTES(POST "Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n" SMUGGLED), 411},
    {"chunk with an extension",
     BYTES(POST "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n" SMUGGLED), 411},
    {"chunk of a negative size",
     BYTES(POST "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n" SMUGGLED), 411},
    {"chunk of an enormous size",
     BYTES(POST "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff2\r\n{}\r\n0\r\n\r\n"), 411},
    {"trailer", BYTES(POST "Transfer-Encoding: chunked\r\n\r\n0\r\nHost: evil\r\n\r\n"), 411},

    // ---- ends of lines ----
    {"line feed behind the first line", BYTES("GET /api/v1/echo HTTP/1.1\n" HOST "\r\n"), 400},
    {"line feed behind a field", BYTES(GET "Host: localhost\n\r\n"), 400},
    {"line feed for the empty line", BYTES(GET HOST "\n"), 400},
    {"line feeds only", BYTES("GET /api/v1/echo HTTP/1.1\nHost: localhost\n\n"), 400},
    {"line feed between two fields", BYTES(POST "X: y\nContent-Length: 2\r\n\r\n{}" SMUGGLED), 400},
    {"line feed before the last field",
     BYTES(POST "Content-Length: 2\nContent-Type: application/json\r\n\r\n{}"), 400},
    {"carriage return for an end", BYTES("GET /api/v1/echo HTTP/1.1\rHost: localhost\r\r"), 0},
    {"carriage return within a value", BYTES(GET HOST "X: a\rb\r\n\r\n"), 400},
    {"carriage return before a value", BYTES(GET HOST "X:\ra\r\n\r\n"), 400},
    {"carriage return within a name", BYTES(GET HOST "X\rY: a\r\n\r\n"), 400},
    {"two carriage returns", BYTES(GET HOST "X: a\r\r\n\r\n"), 400},
    {"carriage return within the first line", BYTES("GET /api/v1/echo\r HTTP/1.1\r\n" HOST "\r\n"),
     400},
    {"folded by a blank", BYTES(GET HOST "X: a\r\n b\r\n\r\n"), 400},
    {"folded by a tab", BYTES(GET HOST "X: a\r\n\tb\r\n\r\n"), 400},
    {"folded in the end", BYTES(GET HOST "X: a\r\n \r\n\r\n"), 400},
    {"folded length", BYTES(POST "Content-Length:\r\n 2\r\n\r\n{}"), 400},
    {"folded host", BYTES(GET "Host: localhost\r\n evil.example\r\n\r\n"), 400},
    {"folded in the beginning", BYTES(GET " X: a\r\n" HOST "\r\n"), 400},
    {"folded by a tab in the beginning", BYTES(GET "\tX: a\r\n" HOST "\r\n"), 400},

    // ---- the first line ----
    {"two blanks before the address", BYTES("GET  /api/v1/echo HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"two blanks before the version", BYTES("GET /api/v1/echo  HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"a blank behind the version", BYTES("GET /api/v1/echo HTTP/1.1 \r\n" HOST "\r\n"), 400},
    {"a tab between the words", BYTES("GET\t/api/v1/echo\tHTTP/1.1\r\n" HOST "\r\n"), 0},
    {"a blank before the method", BYTES(" GET /api/v1/echo HTTP/1.1\r\n" HOST "\r\n"), 0},
    {"a blank within the address", BYTES("GET /api/v1/echo evil HTTP/1.1\r\n" HOST "\r\n"), 0},
    {"no version", BYTES("GET /api/v1/echo\r\n\r\n"), 400},
    {"no address", BYTES("GET HTTP/1.1\r\n" HOST "\r\n"), 0},
    {"only a method", BYTES("GET\r\n\r\n"), 0},
    {"HTTP/0.9", BYTES("GET /api/v1/echo HTTP/0.9\r\n" HOST "\r\n"), 505},
    {"HTTP/1.2", BYTES("GET /api/v1/echo HTTP/1.2\r\n" HOST "\r\n"), 505},
    {"HTTP/2.0", BYTES("GET /api/v1/echo HTTP/2.0\r\n" HOST "\r\n"), 505},
    {"HTTP/1.10", BYTES("GET /api/v1/echo HTTP/1.10\r\n" HOST "\r\n"), 400},
    {"HTTP/1", BYTES("GET /api/v1/echo HTTP/1\r\n" HOST "\r\n"), 400},
    {"http/1.1", BYTES("GET /api/v1/echo http/1.1\r\n" HOST "\r\n"), 400},
    {"ICY/1.1", BYTES("GET /api/v1/echo ICY/1.1\r\n" HOST "\r\n"), 400},
    {"a preface of HTTP/2", BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505},
    {"absolute address", BYTES("GET http://localhost/api/v1/echo HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"absolute address of another host",
     BYTES("GET http://evil.example/api/v1/echo HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"address without a slash", BYTES("GET api/v1/echo HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"address of a proxy", BYTES("CONNECT localhost:80 HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"asterisk", BYTES("OPTIONS * HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"address with a fragment", BYTES("GET /api/v1/echo#a HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"address with a NUL", BYTES("GET /api/v1/echo\0 HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"address with a byte past ASCII", BYTES("GET /api/v1/\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"address with a quote", BYTES("GET /api/v1/echo\" HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"address with a backslash", BYTES("GET \\api\\v1\\echo HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"method in lower case", BYTES("get /api/v1/echo HTTP/1.1\r\n" HOST "\r\n"), 501},
    {"method nobody knows", BYTES("BREW /api/v1/echo HTTP/1.1\r\n" HOST "\r\n"), 501},
    {"method with a colon", BYTES("GET: /api/v1/echo HTTP/1.1\r\n" HOST "\r\n"), 400},
    {"method with a NUL", BYTES("GE\0T /api/v1/echo HTTP/1.1\r\n" HOST "\r\n"), 0},

    // ---- fields ----
    {"name with a blank", BYTES(GET HOST "X Y: a\r\n\r\n"), 400},
    {"name with a blank before the colon", BYTES(GET HOST "X : a\r\n\r\n"), 400},
    {"no name", BYTES(GET HOST ": a\r\n\r\n"), 400},
    {"no colon", BYTES(GET HOST "X\r\n\r\n"), 400},
    {"name with a NUL", BYTES(GET HOST "X\0Y: a\r\n\r\n"), 400},
    {"name with brackets", BYTES(GET HOST "(X): a\r\n\r\n"), 400},
    {"name past ASCII", BYTES(GET HOST "\xc3\xa9: a\r\n\r\n"), 400},
    {"value with a NUL", BYTES(GET HOST "X: a\0b\r\n\r\n"), 400},
    {"value with an escape", BYTES(GET HOST "X: a\033[2J\r\n\r\n"), 400},
    {"value with a delete", BYTES(GET HOST "X: a\177\r\n\r\n"), 400},
    {"value with a backspace", BYTES(GET HOST "X: a\b\r\n\r\n"), 400},
    {"expects something else", BYTES(POST "Expect: 200-ok\r\nContent-Length: 2\r\n\r\n{}"), 417},
    {"expects twice",
     BYTES(POST "Expect: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}"), 0},

    // ---- what is no HTTP ----
    {"handshake of TLS", BYTES("\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n"), 0},
    {"greeting of a mail server", BYTES("EHLO evil.example\r\n\r\n"), 0},
};

static size_t count_answers(struct scope *scope, struct text all) {
    const char *text = text_string(&scope->arena, all);
    size_t count = 0;

    while ((text = strstr(text, "HTTP/1.1 "))) {
        count++;
        text++;
    }
    return count;
}

static void check_refused(struct scope *scope, uint16_t port, const struct ambiguous *one) {
    const int fd = test_connect(port);
    struct test_answer answer;

    test_send(fd, (struct text){.data = one->bytes, .size = one->size});
    test_send(fd, TEXT(SMUGGLED));
    answer = test_receive(scope, fd, true);
    close(fd);
    if (one->status ? answer.status != one->status : answer.status != 0 && answer.status < 400)
        test_fail(__FILE__, __LINE__, "%s: %d", one->name, answer.status);
    if (!answer.is_closed)
        test_fail(__FILE__, __LINE__, "%s: the connection stays open", one->name);
    if (count_answers(scope, answer.rest) > 0)
        test_fail(__FILE__, __LINE__, "%s: answered twice: %.*s", one->name, TEXT_ARG(answer.rest));
}

TEST(every_ambiguous_request_is_refused_once_and_ends_its_connection) {
    const uint16_t port = test_server(scope, NULL);
    const size_t count = sizeof(corpus) / sizeof(*corpus);

    CHECK(count >= 100);
    for (size_t i = 0; i < count; i++)
        check_refused(scope, port, &corpus[i]);
    CHECK_INT(test_get(scope, port, "/api/v1/echo?name=a").status, 200);
}
