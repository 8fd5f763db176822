// SPDX-License-Identifier: Apache-2.0
#include "push/letter/letter_coupon.h"

static const struct text begin = {"[[coupon", 8}, end = {"]]", 2};

// ---- before it is rendered ----

static code check_mark(struct scope *scope, struct text name) {
    struct coupon_series series;

    code result;

    if (name.size == 0)
        return scope_fail_field(scope, INVALID, "text",
                                "a coupon's mark names its series: [[coupon SERIES]]");
    if (text_contains(name, '{'))
        return scope_fail_field(scope, INVALID, "text",
                                "the series of a coupon is named, not made of values: \"%.*s\"",
                                TEXT_ARG(name));
    result = coupon_series_find(scope, name, &series);
    if (result == NOT_FOUND) {
        scope_forgive(scope);
        return scope_fail_field(scope, INVALID, "text", "coupon series \"%.*s\" does not exist",
                                TEXT_ARG(name));
    }
    TRY(result);
    if (series.is_stopped)
        return scope_fail_field(scope, INVALID, "text", "coupon series \"%.*s\" was stopped",
                                TEXT_ARG(name));
    return OK;
}

code letter_coupon_check(struct scope *scope, struct text source) {
    while (source.size > 0) {
        struct text line = text_split(source, '\n', &source);
        const char *at;

        while ((at = memmem(line.data, line.size, begin.data, begin.size)) != NULL) {
            const struct text rest = {at + begin.size,
                                      line.size - (size_t)(at - line.data) - begin.size};
            const char *close = memmem(rest.data, rest.size, end.data, end.size);
            const size_t size = close ? (size_t)(close - rest.data) : rest.size;

            if (size > 0 && rest.data[0] != ' ')
                return scope_fail_field(scope, INVALID, "text",
                                        "a coupon's mark is written [[coupon SERIES]]");
            TRY(check_mark(scope, text_trim((struct text){rest.data, size})));
            line = (struct text){rest.data + size, rest.size - size};
        }
    }
    return OK;
}

// ---- once it is ----

// The next line that is a mark; *ret_rest is what stands behind it.
static struct text next_mark(struct text body, struct text *ret_rest) {
    while (body.size > 0) {
        const struct text line = text_trim(text_split(body, '\n', &body));

        if (text_starts_with(line, TEXT("[[coupon ")) && text_ends_with(line, end)) {
            *ret_rest = body;
            return line;
        }
    }
    return (struct text){0};
}

code letter_coupon_find(struct scope *scope, const struct letter *letter,
                        struct coupon_series *ret_series, bool *ret_is_found) {
    struct text rest = {0};
    const struct text mark = next_mark(letter->body, &rest);

    *ret_is_found = mark.size > 0;
    if (!*ret_is_found)
        return OK;
    if (next_mark(rest, &rest).size > 0)
        return scope_fail_field(scope, INVALID, "body", "a letter has one coupon, this one more");
    return coupon_series_find(
        scope, text_trim((struct text){mark.data + begin.size, mark.size - begin.size - end.size}),
        ret_series);
}

void letter_coupon_place(struct scope *scope, const struct coupon_series *series,
                         struct text coupon_code, struct letter *letter,
                         struct letter_coupon *ret_coupon) {
    struct text rest = {0};
    const struct text body = letter->body, mark = next_mark(body, &rest);
    const size_t before = (size_t)(mark.data - body.data);

    *ret_coupon = (struct letter_coupon){.title = coupon_title(scope, &series->terms),
                                         .terms = series->terms.note,
                                         .value = coupon_code,
                                         .shown = coupon_code_shown(&scope->arena, coupon_code)};
    if (series->terms.until.size > 0)
        ret_coupon->detail =
            text_printf(&scope->arena, "\xe2\x80\x93 %.*s", TEXT_ARG(series->terms.until));
    letter->body = text_printf(&scope->arena, "%.*s[[coupon]]%.*s", (int)before, body.data,
                               (int)(body.size - before - mark.size), mark.data + mark.size);
    letter->coupon = ret_coupon;
}
