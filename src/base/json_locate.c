// SPDX-License-Identifier: Apache-2.0
// A recogniser of RFC 8259 that walks to the first byte that cannot stand where it stands. It runs
// only after a failure, so it is written to be short.
#include "base/json_locate.h"

#include "base/limits.h"

struct walk {
    const char *at; // the first byte not accepted
    const char *end;
    int depth;
};

static bool take(struct walk *walk, char byte) {
    if (walk->at == walk->end || *walk->at != byte)
        return false;
    walk->at++;
    return true;
}

static bool take_one_of(struct walk *walk, const char *bytes) {
    if (walk->at == walk->end || *walk->at == '\0' || !strchr(bytes, *walk->at))
        return false;
    walk->at++;
    return true;
}

static void skip_blanks(struct walk *walk) {
    while (take_one_of(walk, " \t\r\n"))
        ;
}

static bool take_digits(struct walk *walk) {
    if (!take_one_of(walk, "0123456789"))
        return false;
    while (take_one_of(walk, "0123456789"))
        ;
    return true;
}

static bool take_number(struct walk *walk) {
    take(walk, '-');
    if (!take(walk, '0') && !take_digits(walk))
        return false;
    if (take(walk, '.') && !take_digits(walk))
        return false;
    if (take_one_of(walk, "eE")) {
        take_one_of(walk, "+-");
        return take_digits(walk);
    }
    return true;
}

static bool take_word(struct walk *walk, const char *word) {
    for (; *word; word++)
        if (!take(walk, *word))
            return false;
    return true;
}

// The four digits behind \u.
static bool take_unit(struct walk *walk, unsigned *ret_unit) {
    unsigned unit = 0;

    for (int i = 0; i < 4; i++) {
        const char *const digit = walk->at;

        if (!take_one_of(walk, "0123456789abcdefABCDEF"))
            return false;
        unit = unit * 16 + (unsigned)(*digit <= '9' ? *digit - '0' : (*digit | 0x20) - 'a' + 10);
    }
    *ret_unit = unit;
    return true;
}

static bool take_escape(struct walk *walk) {
    const char *const begin = walk->at - 1;
    unsigned first, second;

    if (take_one_of(walk, "\"\\/bfnrt"))
        return true;
    if (!take(walk, 'u') || !take_unit(walk, &first))
        return false;
    if (first < 0xD800 || first > 0xDFFF)
        return true;
    if (first > 0xDBFF || !take_word(walk, "\\u") || !take_unit(walk, &second) || second < 0xDC00 ||
        second > 0xDFFF) {
        walk->at = begin; // the whole escape is wrong, not its last digit
        return false;
    }
    return true;
}

static bool take_character(struct walk *walk) {
    const size_t left = (size_t)(walk->end - walk->at);

    for (size_t size = 1; size <= 4 && size <= left; size++) {
        if (text_is_utf8((struct text){walk->at, size})) {
            walk->at += size;
            return true;
        }
    }
    return false;
}

static bool take_string(struct walk *walk) {
    if (!take(walk, '"'))
        return false;
    while (walk->at < walk->end && (unsigned char)*walk->at >= 0x20) {
        if (take(walk, '"'))
            return true;
        if (take(walk, '\\') ? !take_escape(walk) : !take_character(walk))
            return false;
    }
    return false;
}

static bool take_value(struct walk *walk);

static bool take_members(struct walk *walk, bool is_object) {
    const char close = is_object ? '}' : ']';

    skip_blanks(walk);
    if (take(walk, close))
        return true;
    do {
        skip_blanks(walk);
        if (is_object) {
            if (!take_string(walk))
                return false;
            skip_blanks(walk);
            if (!take(walk, ':'))
                return false;
        }
        if (!take_value(walk))
            return false;
        skip_blanks(walk);
    } while (take(walk, ','));
    return take(walk, close);
}

static bool take_value(struct walk *walk) {
    bool taken;

    skip_blanks(walk);
    if (walk->at == walk->end)
        return false;
    switch (*walk->at) {
    case '{':
    case '[':
        if (walk->depth == LIMIT_JSON_DEPTH)
            return false;
        walk->depth++;
        taken = take_members(walk, *walk->at++ == '{');
        walk->depth--;
        return taken;
    case '"':
        return take_string(walk);
    case 't':
        return take_word(walk, "true");
    case 'f':
        return take_word(walk, "false");
    case 'n':
        return take_word(walk, "null");
    default:
        return take_number(walk);
    }
}

static struct json_position position_of(struct text text, size_t at) {
    struct json_position position = {1, 1};

    for (size_t i = 0; i < at; i++) {
        position.column++;
        if (text.data[i] == '\n') {
            position.line++;
            position.column = 1;
        }
    }
    return position;
}

bool json_locate(struct text text, struct json_position *ret_position) {
    struct walk walk = {.at = text.data, .end = text.data + text.size};

    if (take_value(&walk)) {
        skip_blanks(&walk);
        if (walk.at == walk.end)
            return false;
    }
    *ret_position = position_of(text, (size_t)(walk.at - text.data));
    return true;
}
