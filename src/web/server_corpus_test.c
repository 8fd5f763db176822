// SPDX-License-Identifier: Apache-2.0
// Requests that two programs could read in two ways. Each is refused, once, and ends its connection
// unless its end is certain: what stands behind it on the wire is never taken for another request.
#include "web/server_corpus.h"

#include "web/server_testing.h"

#include <unistd.h>

enum { MOST_CASES = 1000, LEAST_CASES = 300, OK_STATUS = 200 };

static const struct ambiguous_list *const lists[] = {&line_of_corpus, &field_of_corpus,
                                                     &body_of_corpus};
enum { LIST_COUNT = 3 };

static bool holds(struct text text, const char *what) {
    return text.size > 0 && memmem(text.data, text.size, what, strlen(what)) != NULL;
}

static bool is_expected(int status, int expected) {
    return expected == ANY ? status == 0 || status >= 400 : status == expected;
}

// The answer to what was sent behind a request whose end is certain.
static struct test_answer follow(struct scope *scope, int fd, const struct test_answer *answer) {
    return answer->rest.size > 0 ? test_take_apart(answer->rest) : test_receive(scope, fd, false);
}

static void check_one(struct scope *scope, uint16_t port, const struct ambiguous *one) {
    const int fd = test_connect(port);
    struct test_answer answer;
    bool is_closed;

    test_send(fd, (struct text){.data = one->bytes, .size = one->size});
    test_send(fd, TEXT(SMUGGLED));
    answer = test_receive(scope, fd, !one->goes_on);
    is_closed = answer.is_closed;
    if (!is_expected(answer.status, one->status))
        test_fail(__FILE__, __LINE__, "%s: %d", one->name, answer.status);
    if (one->then != 0 || one->goes_on)
        answer = follow(scope, fd, &answer);
    close(fd);
    if (one->then != 0 && !is_expected(answer.status, one->then))
        test_fail(__FILE__, __LINE__, "%s: then %d", one->name, answer.status);
    if (one->goes_on ? answer.status != OK_STATUS : !is_closed)
        test_fail(__FILE__, __LINE__, "%s: the connection %s", one->name,
                  one->goes_on ? "ends" : "stays open");
    // The library's own refusal has its head twice (docs/decisions/0006), the rest of it is here.
    if (holds(answer.rest, "HTTP/1."))
        test_fail(__FILE__, __LINE__, "%s: answered once more: %.*s", one->name,
                  TEXT_ARG(answer.rest));
}

TEST(every_ambiguous_request_is_refused_once_and_ends_its_connection) {
    const uint16_t port = test_server(scope, NULL);

    for (size_t list = 0; list < LIST_COUNT; list++)
        for (size_t i = 0; i < lists[list]->count; i++)
            check_one(scope, port, &lists[list]->rows[i]);
    CHECK_INT(test_get(scope, port, "/api/v1/echo?name=a").status, OK_STATUS);
}

TEST(the_ambiguous_requests_are_three_hundred_different_ones_or_more) {
    const struct ambiguous *all[MOST_CASES];
    size_t count = 0;

    for (size_t list = 0; list < LIST_COUNT; list++)
        for (size_t i = 0; i < lists[list]->count && count < MOST_CASES; i++)
            all[count++] = &lists[list]->rows[i];
    CHECK(count >= LEAST_CASES && count < MOST_CASES);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(all[i]->name, all[j]->name) == 0 ||
                (all[i]->size == all[j]->size &&
                 memcmp(all[i]->bytes, all[j]->bytes, all[i]->size) == 0))
                test_fail(__FILE__, __LINE__, "%s and %s are the same", all[i]->name, all[j]->name);
}
