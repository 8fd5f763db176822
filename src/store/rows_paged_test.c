// SPDX-License-Identifier: Apache-2.0
#include "store/rows_paged.h"

#include "base/test.h"
#include "store/ledger.h"
#include "store/store_testing.h"

// Numbers up to `last`, so many of them on a page.
struct numbers {
    int64_t last, page_rows, bad_after;
    int asked;
};

static code read_page(struct scope *scope, void *context, int64_t after, struct rows **ret_page) {
    struct numbers *numbers = context;

    numbers->asked++;
    if (after > 0 && after == numbers->bad_after)
        return scope_fail(scope, UNAVAILABLE, "no page behind %d", (int)after);
    return ledger_query(
        scope,
        "WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) + 1 "
        "UNION ALL SELECT i + 1 FROM n WHERE i < $1 + $3) "
        "SELECT CAST(i AS TEXT), 'of ' || CAST(i AS TEXT) FROM n WHERE i <= $2",
        BINDS(BIND_INT64(after), BIND_INT64(numbers->last), BIND_INT64(numbers->page_rows)),
        ret_page);
}

static int64_t add_up(struct rows *rows) {
    int64_t sum = 0;

    while (rows_next(rows)) {
        const struct text of = rows_text(rows, 1);

        CHECK(of.size > 3 && text_ends_with(of, rows_text(rows, 0)));
        sum = sum * 10 + rows_int64(rows, 0);
    }
    return sum;
}

TEST(the_rows_of_all_pages_come_in_order_each_once) {
    struct numbers numbers = {.last = 7, .page_rows = 3};
    CLEANUP(rows_close) struct rows *rows = NULL;

    test_store(scope);
    CHECK_OK(rows_paged(scope, read_page, &numbers, &rows));
    CHECK_INT((int64_t)rows_column_count(rows), 2);
    CHECK_INT(add_up(rows), 1234567);
    CHECK_OK(rows_end(rows));
    CHECK(!rows_next(rows));
    CHECK_INT(numbers.asked, 4);
}

TEST(a_page_that_ends_the_list_exactly_is_followed_by_an_empty_one) {
    struct numbers numbers = {.last = 6, .page_rows = 3}, none = {.last = 0, .page_rows = 3};
    CLEANUP(rows_close) struct rows *rows = NULL, *empty = NULL;

    test_store(scope);
    CHECK_OK(rows_paged(scope, read_page, &numbers, &rows));
    CHECK_INT(add_up(rows), 123456);
    CHECK_INT(numbers.asked, 3);
    CHECK_OK(rows_paged(scope, read_page, &none, &empty));
    CHECK(!rows_next(empty));
    CHECK_OK(rows_end(empty));
    CHECK_INT(none.asked, 1);
}

TEST(a_page_that_fails_ends_the_rows_with_its_failure) {
    struct numbers numbers = {.last = 7, .page_rows = 3, .bad_after = 3};
    CLEANUP(rows_close) struct rows *rows = NULL;

    test_store(scope);
    CHECK_OK(rows_paged(scope, read_page, &numbers, &rows));
    CHECK_INT(add_up(rows), 123);
    CHECK_CODE(rows_end(rows), UNAVAILABLE);
}
