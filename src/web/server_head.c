// SPDX-License-Identifier: Apache-2.0
#include "web/server_head.h"

enum { CRLF = 2, MOST_LENGTH_DIGITS = 18 };

static const struct refusal malformed = {400, "the request is malformed"};
static const struct refusal no_host = {400, "a request names exactly one host"};
static const struct refusal bad_length = {400, "Content-Length is one number, in digits"};
static const struct refusal two_lengths = {
    400, "Content-Length and Transfer-Encoding exclude each other"};
static const struct refusal no_length = {411, "say the length of the body in Content-Length"};
static const struct refusal coding = {501, "this transfer coding is not known here"};
static const struct refusal old_coding = {400, "HTTP/1.0 knows no Transfer-Encoding"};
static const struct refusal expectation = {417, "only 100-continue can be expected"};
static const struct refusal version = {505, "HTTP/1.1 is spoken here"};
static const struct refusal long_target = {414, "the address is too long"};
static const struct refusal long_field = {431, "a line of the head is too long"};
static const struct refusal many_fields = {431, "the head has too many lines"};

// RFC 9110, 5.6.2: what names are made of.
static bool is_token(struct text text) {
    static const char others[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < text.size; i++) {
        const char byte = text.data[i];

        if (!((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
              (byte >= '0' && byte <= '9') || (byte && strchr(others, byte))))
            return false;
    }
    return text.size > 0;
}

static bool is_field_value(struct text text) {
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char byte = (unsigned char)text.data[i];

        if ((byte < ' ' && byte != '\t') || byte == 0x7f)
            return false;
    }
    return true;
}

// "/path?query": no scheme, no authority, no fragment, nothing that needed an escape.
static bool is_target(struct text target) {
    for (size_t i = 0; i < target.size; i++)
        if (target.data[i] <= ' ' || target.data[i] >= 0x7f ||
            strchr("#<>\"\\^`{|}", target.data[i]))
            return false;
    return target.size > 0 && target.data[0] == '/';
}

// Between the colon and the value there are blanks only.
static bool is_blank(const char *from, const char *to) {
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    return from == to;
}

// See the header. Nothing outside the head is read.
static bool is_gapless(const struct head *head) {
    const char *at = head->version.data + head->version.size + CRLF;
    const char *end = head->method.data + head->bytes;

    if (head->target_at != head->method.data + head->method.size + 1 ||
        head->version.data != head->target_at + head->target.size + 1)
        return false;
    for (size_t i = 0; i < head->field_count; i++) {
        const struct text value = head->fields[i].value;
        const char *colon = at + head->fields[i].name.size;

        if (head->fields[i].name.data != at || value.data > end || !is_blank(colon + 1, value.data))
            return false;
        at = value.data + value.size + CRLF;
    }
    return at + CRLF == end;
}

static size_t field_occurrences(const struct head *head, const char *name, struct text *ret_value) {
    size_t count = 0;

    for (size_t i = 0; i < head->field_count; i++)
        if (text_equal_ascii_case(head->fields[i].name, text_of(name))) {
            *ret_value = text_trim(head->fields[i].value);
            count++;
        }
    return count;
}

bool head_has(const struct head *head, const char *name) {
    struct text value;

    return field_occurrences(head, name, &value) > 0;
}

struct text head_field(const struct head *head, const char *name) {
    struct text value = {0};

    return field_occurrences(head, name, &value) == 1 ? value : (struct text){0};
}

static const struct refusal *check_lines(const struct head *head) {
    if (head->target.size > LIMIT_HEAD_LINE_BYTES)
        return &long_target;
    if (head->field_count > LIMIT_HEAD_FIELDS)
        return &many_fields;
    for (size_t i = 0; i < head->field_count; i++) {
        const struct head_field *field = &head->fields[i];

        if (field->name.size + field->value.size > LIMIT_HEAD_LINE_BYTES)
            return &long_field;
        if (!is_token(field->name) || !is_field_value(field->value))
            return &malformed;
    }
    if (!is_token(head->method) || !is_target(head->target) || !is_gapless(head))
        return &malformed;
    for (size_t i = 0; i < head->field_count; i++) // with the blanks, which stand where they came
        if (head->fields[i].value.data - head->fields[i].name.data > LIMIT_HEAD_LINE_BYTES)
            return &long_field;
    return NULL;
}

static bool is_digits(struct text text) {
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return text.size > 0;
}

// "name", "name:port", "[v6]:port"; the port is looked at and left out.
static bool parse_host(struct text value, struct text *ret_host) {
    static const char of_address[] = "0123456789abcdefABCDEF:.";
    static const char of_name[] = "-._";
    const bool is_bracketed = value.size > 0 && value.data[0] == '[';
    size_t size = 0;

    if (is_bracketed) {
        const char *end = memchr(value.data, ']', value.size);

        if (!end)
            return false;
        size = (size_t)(end - value.data) + 1;
        for (size_t i = 1; i + 1 < size; i++)
            if (!value.data[i] || !strchr(of_address, value.data[i]))
                return false;
    } else {
        while (size < value.size && value.data[size] != ':') {
            const char byte = value.data[size++];

            if (!((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                  (byte >= '0' && byte <= '9') || (byte && strchr(of_name, byte))))
                return false;
        }
    }
    *ret_host = (struct text){.data = value.data, .size = size};
    if (size == value.size)
        return size > 0;
    return size > 0 && value.data[size] == ':' &&
           is_digits((struct text){.data = value.data + size + 1, .size = value.size - size - 1});
}

static const struct refusal *check_length(const struct head *head, struct framing *framing) {
    struct text length = {0}, transfer = {0};
    const size_t length_count = field_occurrences(head, "Content-Length", &length);
    const size_t coding_count = field_occurrences(head, "Transfer-Encoding", &transfer);

    framing->content_bytes = 0;
    if (length_count > 0 && coding_count > 0)
        return &two_lengths;
    if (coding_count > 0 && !text_is(head->version, "HTTP/1.1"))
        return &old_coding;
    if (coding_count > 1)
        return &malformed;
    if (coding_count == 1)
        return text_is(transfer, "chunked") ? &no_length : &coding;
    if (length_count == 0)
        return NULL;
    if (length_count > 1 || !is_digits(length) || length.size > MOST_LENGTH_DIGITS ||
        !text_to_int64(length, &framing->content_bytes))
        return &bad_length;
    return NULL;
}

const struct refusal *head_check(const struct head *head, struct framing *ret_framing) {
    const struct refusal *refusal = check_lines(head);
    struct text host = {0}, expect = {0};
    size_t expect_count;

    if (refusal)
        return refusal;
    if (!text_is(head->version, "HTTP/1.1") && !text_is(head->version, "HTTP/1.0"))
        return &version;
    if (field_occurrences(head, "Host", &host) != 1 || !parse_host(host, &ret_framing->host))
        return &no_host;
    expect_count = field_occurrences(head, "Expect", &expect);
    if (expect_count > 1 ||
        (expect_count == 1 && !text_equal_ascii_case(expect, TEXT("100-continue"))))
        return &expectation;
    return check_length(head, ret_framing);
}
