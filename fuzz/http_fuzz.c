// SPDX-License-Identifier: Apache-2.0
// Any bytes as a request's head, a query, cookies and an Idempotency-Key. A head that is found
// sound, though a lenient reader took it apart, is one that a strict reader would have read in the
// same way.
#include "fuzz/fuzz.h"
#include "web/server_head.h"
#include "web/server_once.h"
#include "web/server_query.h"

#include <assert.h>

enum { CRLF = 2, LAST_ENDS = 2 * CRLF };

// As the library does: lines end in LF, a CR before it is dropped; the first line ends at its last
// blank; names end at the first colon, values at a NUL; blanks before values are skipped. A folded
// line is copied elsewhere. False when it has no end.
static bool next_line(struct text *rest, struct text *ret_line) {
    const char *end = rest->size > 0 ? memchr(rest->data, '\n', rest->size) : NULL;
    struct text line;

    if (!end)
        return false;
    line = (struct text){.data = rest->data, .size = (size_t)(end - rest->data)};
    *rest = (struct text){.data = end + 1, .size = rest->size - line.size - 1};
    if (line.size > 0 && line.data[line.size - 1] == '\r')
        line.size--;
    *ret_line = line;
    return true;
}

static struct text up_to_nul(struct text text) {
    const char *end = text.size > 0 ? memchr(text.data, '\0', text.size) : NULL;

    if (end)
        text.size = (size_t)(end - text.data);
    return text;
}

static struct text without_blanks(struct text text) {
    while (text.size > 0 && (*text.data == ' ' || *text.data == '\t'))
        text = (struct text){.data = text.data + 1, .size = text.size - 1};
    return text;
}

static bool first_line(struct text line, struct head *head) {
    const char *first = line.size > 0 ? memchr(line.data, ' ', line.size) : NULL;
    const char *last = line.size > 0 ? memrchr(line.data, ' ', line.size) : NULL;
    struct text target;

    if (!first || first == last)
        return false;
    head->method = up_to_nul((struct text){line.data, (size_t)(first - line.data)});
    target = without_blanks((struct text){first + 1, (size_t)(last - first - 1)});
    head->target = up_to_nul(target);
    head->target_at = target.data;
    head->version = up_to_nul((struct text){last + 1, line.size - (size_t)(last + 1 - line.data)});
    return true;
}

static bool take_apart(struct arena *arena, struct text all, struct head *head) {
    const char *start = all.data;
    struct text line;

    if (!next_line(&all, &line) || !first_line(line, head))
        return false;
    while (next_line(&all, &line) && line.size > 0 && *line.data != '\0') {
        const char *colon = memchr(line.data, ':', line.size);
        struct head_field *field = &head->fields[head->field_count % LIMIT_HEAD_FIELDS];

        if (*line.data == ' ' && head->field_count > 0) { // folded
            field = &head->fields[(head->field_count - 1) % LIMIT_HEAD_FIELDS];
            field->name = text_copy(arena, field->name);
            continue;
        }
        if (!colon)
            return false;
        field->name = up_to_nul((struct text){line.data, (size_t)(colon - line.data)});
        field->value = up_to_nul(
            without_blanks((struct text){colon + 1, line.size - (size_t)(colon + 1 - line.data)}));
        head->field_count++;
    }
    head->bytes = (size_t)(all.data - start);
    return line.size == 0 || *line.data == '\0';
}

// Every line ends in CRLF, and there is no other CR or LF; no line begins with a blank.
static void assert_strict(struct text all) {
    for (size_t i = 0; i < all.size; i++) {
        if (all.data[i] == '\r')
            assert(i + 1 < all.size && all.data[i + 1] == '\n');
        if (all.data[i] == '\n') {
            assert(i > 0 && all.data[i - 1] == '\r');
            assert(i + 1 == all.size || (all.data[i + 1] != ' ' && all.data[i + 1] != '\t'));
        }
    }
    assert(memcmp(all.data + all.size - LAST_ENDS, "\r\n\r\n", LAST_ENDS) == 0);
}

static size_t occurrences(struct text all, const char *line) {
    size_t count = 0;

    for (size_t i = 0; i + strlen(line) <= all.size; i++)
        count += text_equal_ascii_case((struct text){all.data + i, strlen(line)}, text_of(line));
    return count;
}

static void check_head(struct arena *arena, struct text received) {
    struct head *head = arena_alloc(arena, sizeof(*head));
    struct framing framing = {0};
    struct text whole;

    if (!take_apart(arena, received, head) || head_check(head, &framing))
        return;
    whole = (struct text){.data = received.data, .size = head->bytes};
    // The library writes NULs over line ends, so that a NUL among them cannot be told from one.
    if (text_contains(whole, '\0'))
        return;
    assert_strict(whole);
    assert(occurrences(whole, "\r\nhost:") == 1);
    assert(occurrences(whole, "\r\ncontent-length:") <= 1);
    assert(occurrences(whole, "\r\ntransfer-encoding:") == 0);
    assert(framing.content_bytes >= 0 && framing.host.size > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct text text = {(const char *)data, size};
    struct request_parameter *parameters;
    struct text key;
    struct scope scope;
    size_t count;

    scope_init(&scope);
    check_head(&scope.arena, text_copy(&scope.arena, text));
    if (query_parse(&scope, text, &parameters, &count) == OK)
        for (size_t i = 0; i < count; i++)
            assert(text_is_utf8(parameters[i].name) && text_is_utf8(parameters[i].value) &&
                   !text_contains(parameters[i].value, '\0'));
    assert(!text_contains(cookie_find(text, "tessera"), ';'));
    if (once_parse_key(text, &key))
        assert(key.size > 0 && key.size <= LIMIT_IDEMPOTENCY_KEY_BYTES &&
               !text_contains(key, '\n') && !text_contains(key, '"'));
    scope_clear(&scope);
    return 0;
}
