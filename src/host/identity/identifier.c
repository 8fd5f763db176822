// SPDX-License-Identifier: Apache-2.0
// What a value of each kind looks like once it is clean. Pure: no database.
#include "host/identity/identity.h"

#include "base/limits.h"
#include "host/identity/phone.h"

#include <assert.h>
#include <limits.h>

// To add a kind: a value in identity.h, its row here (rules in the order limit, priority,
// is_of_source, is_anonymous), its form in identifier_normalise, and its words in the web app
// (ui/src/i18n) and docs/identity.md.
static const struct {
    enum identifier_kind kind;
    const char *name;
    struct identifier_rules rules;
} kinds[] = {
    {IDENTIFIER_CUSTOMER_NUMBER, "customer_number", {1, 1, true, false}},
    {IDENTIFIER_EMAIL, "email", {LIMIT_IDENTIFIERS_PER_KIND, 2, false, false}},
    {IDENTIFIER_PHONE, "phone", {LIMIT_IDENTIFIERS_PER_KIND, 3, false, false}},
    {IDENTIFIER_LOYALTY_CARD, "loyalty_card", {LIMIT_IDENTIFIERS_PER_KIND, 3, false, false}},
    {IDENTIFIER_SOCIAL, "social", {LIMIT_IDENTIFIERS_PER_KIND, 4, false, false}},
    {IDENTIFIER_DEVICE, "device", {LIMIT_IDENTIFIERS_PER_KIND, 5, false, true}},
    {IDENTIFIER_COOKIE, "cookie", {LIMIT_IDENTIFIERS_PER_KIND, 5, false, true}},
    // A person has as many as orders and messages: only the ceiling bounds them.
    {IDENTIFIER_PICKUP_CODE, "pickup_code", {LIMIT_IDENTIFIERS_PER_CUSTOMER, 6, false, true}},
    {IDENTIFIER_MESSAGE, "message", {LIMIT_IDENTIFIERS_PER_CUSTOMER, 7, false, true}},
};

const char *identifier_kind_name(enum identifier_kind kind) {
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (kinds[i].kind == kind)
            return kinds[i].name;
    return "unknown";
}

bool identifier_kind_parse(struct text name, enum identifier_kind *ret_kind) {
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (!text_is(name, kinds[i].name))
            continue;
        *ret_kind = kinds[i].kind;
        return true;
    }
    return false;
}

struct identifier_rules identifier_rules(enum identifier_kind kind) {
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (kinds[i].kind == kind)
            return kinds[i].rules;
    return (struct identifier_rules){.limit = LIMIT_IDENTIFIERS_PER_KIND, .priority = INT_MAX};
}

// Rows have a handful: insertion keeps those alike in their order.
void identifiers_by_priority(struct sighted *identifiers, size_t count) {
    for (size_t i = 1; i < count; i++) {
        const struct sighted moved = identifiers[i];
        const int priority = identifier_rules(moved.kind).priority;
        size_t place = i;

        while (place > 0 && identifier_rules(identifiers[place - 1].kind).priority > priority) {
            identifiers[place] = identifiers[place - 1];
            place--;
        }
        identifiers[place] = moved;
    }
}

// ---- blanks ----

// The length of the blank or invisible sign at data: ASCII white space, U+00A0, U+200B..U+200F,
// U+2000..U+200A, U+202F, U+FEFF; 0 when it is something else.
static size_t blank_size(const char *data, size_t size) {
    const unsigned char *byte = (const unsigned char *)data;

    assert(data && size > 0);
    if (byte[0] == ' ' || (byte[0] >= '\t' && byte[0] <= '\r'))
        return 1;
    if (size >= 2 && byte[0] == 0xC2 && byte[1] == 0xA0)
        return 2;
    if (size < 3)
        return 0;
    if (byte[0] == 0xE2 && byte[1] == 0x80 && (byte[2] <= 0x8F || byte[2] == 0xAF))
        return 3;
    return memcmp(byte, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static struct text without_blanks(struct arena *arena, struct text raw) {
    char *copy = arena_alloc(arena, raw.size + 1);
    size_t size = 0;

    for (size_t i = 0; i < raw.size;) {
        const size_t blank = blank_size(raw.data + i, raw.size - i);

        if (blank == 0)
            copy[size++] = raw.data[i++];
        i += blank;
    }
    return (struct text){.data = copy, .size = size};
}

static struct text trim_blanks(struct text raw) {
    size_t begin = 0;
    size_t end = 0;

    for (size_t i = 0, blank; i<raw.size; i += blank> 0 ? blank : 1) {
        blank = blank_size(raw.data + i, raw.size - i);
        if (blank > 0 && end == 0)
            begin = i + blank;
        else if (blank == 0)
            end = i + 1;
    }
    return end == 0 ? (struct text){0} : (struct text){raw.data + begin, end - begin};
}

// ---- placeholders ----

// What people and programs write when they have nothing to write. It identifies nobody, however
// often it is seen; joining on it would make one customer of thousands.
static bool is_placeholder(struct text value) {
    static const char *const words[] = {
        "-1",   "null", "(null)",  "nil",       "none",      "n/a",   "#n/a",
        "na",   "nan",  "unknown", "undefined", "anonymous", "guest", "false",
        "true", "test", "noemail", "xxx",       "?",
    };
    size_t filler = 0;

    while (filler < value.size && (value.data[filler] == '0' || value.data[filler] == '-'))
        filler++;
    if (filler == value.size)
        return true;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (text_equal_ascii_case(value, text_of(words[i])))
            return true;
    return false;
}

static bool is_placeholder_mailbox(struct text local) {
    static const char *const locals[] = {"test",     "noemail",   "no-email", "none", "noreply",
                                         "no-reply", "anonymous", "unknown",  "null", "na"};

    for (size_t i = 0; i < sizeof(locals) / sizeof(*locals); i++)
        if (text_is(local, locals[i]))
            return true;
    return false;
}

// "+1 111 111 1111": one digit over and over behind the country code.
static bool is_placeholder_phone(struct text phone) {
    const size_t code_size = phone_country_code_size(phone);

    for (size_t i = code_size + 1; i < phone.size; i++)
        if (phone.data[i] != phone.data[code_size])
            return false;
    return true;
}

// ---- kinds ----

static bool domain_is_possible(struct text domain) {
    struct text rest = domain;
    int labels = 0;

    if (domain.size == 0 || domain.size > 253)
        return false;
    while (rest.data) {
        const struct text label = text_split(rest, '.', &rest);

        if (label.size == 0 || label.size > 63 || label.data[0] == '-' ||
            label.data[label.size - 1] == '-')
            return false;
        for (size_t i = 0; i < label.size; i++) {
            const unsigned char byte = (unsigned char)label.data[i];

            if (byte < 0x80 && byte != '-' && byte != '_' && !(byte >= '0' && byte <= '9') &&
                !(byte >= 'a' && byte <= 'z'))
                return false;
        }
        labels++;
    }
    return labels >= 2;
}

// Addresses as sites accept them: a dot-atom (letters beyond ASCII are fine) at a domain name.
// Quoted local parts and address literals of RFC 5322 do not occur among customers.
static bool local_is_possible(struct text local) {
    if (local.size == 0 || local.size > 64 || local.data[0] == '.' ||
        local.data[local.size - 1] == '.')
        return false;
    for (size_t i = 0; i < local.size; i++) {
        const unsigned char byte = (unsigned char)local.data[i];

        if (byte <= ' ' || byte == 0x7F || memchr("\"(),:;<>@[\\]", byte, 12))
            return false;
        if (byte == '.' && local.data[i + 1] == '.')
            return false;
    }
    return true;
}

static bool email_normalise(struct arena *arena, struct text raw, struct text *ret_value,
                            bool *ret_blocked) {
    struct text value = text_lower_ascii(arena, raw);
    struct text local, domain;

    if (text_starts_with(value, TEXT("mailto:")))
        value = (struct text){value.data + 7, value.size - 7};
    local = text_split(value, '@', &domain);
    if (!local_is_possible(local) || !domain_is_possible(domain))
        return false;
    *ret_blocked = is_placeholder_mailbox(local);
    *ret_value = value;
    return true;
}

static bool phone_value(struct arena *arena, struct text raw, struct text country,
                        struct text *ret_value, bool *ret_blocked) {
    char phone[PHONE_SIZE];

    if (!phone_normalise(raw, country, phone))
        return false;
    *ret_value = text_copy(arena, text_of(phone));
    *ret_blocked = is_placeholder_phone(*ret_value);
    return true;
}

static struct text social_value(struct arena *arena, struct text raw) {
    struct text value = text_lower_ascii(arena, raw);

    while (text_starts_with(value, TEXT("@")))
        value = trim_blanks((struct text){value.data + 1, value.size - 1});
    return value;
}

static bool has_control(struct text value) {
    for (size_t i = 0; i < value.size; i++)
        if ((unsigned char)value.data[i] < 0x20 || value.data[i] == 0x7F)
            return true;
    return false;
}

bool identifier_normalise(struct arena *arena, enum identifier_kind kind, struct text raw,
                          struct text country, struct text *ret_value, bool *ret_blocked) {
    struct text value = trim_blanks(raw);
    bool blocked = is_placeholder(value);
    bool possible =
        value.size <= LIMIT_IDENTIFIER_BYTES && !has_control(value) && text_is_utf8(value);

    *ret_blocked = blocked;
    if (blocked || !possible)
        return false;
    switch (kind) {
    case IDENTIFIER_EMAIL:
        possible = email_normalise(arena, value, &value, &blocked);
        break;
    case IDENTIFIER_PHONE:
        possible = phone_value(arena, value, country, &value, &blocked);
        break;
    case IDENTIFIER_SOCIAL:
        value = social_value(arena, value);
        blocked = is_placeholder(value);
        possible = value.size > 0;
        break;
    case IDENTIFIER_LOYALTY_CARD:
    case IDENTIFIER_CUSTOMER_NUMBER:
    case IDENTIFIER_COOKIE:
    case IDENTIFIER_DEVICE:
    case IDENTIFIER_PICKUP_CODE:
    case IDENTIFIER_MESSAGE:
        value = without_blanks(arena, value);
        blocked = is_placeholder(value);
        break;
    default:
        return false;
    }
    *ret_blocked = possible && blocked;
    if (!possible || blocked)
        return false;
    *ret_value = value;
    return true;
}

// ---- masks ----

static size_t first_character_size(struct text value) {
    size_t size = value.size > 0 ? 1 : 0;

    while (size < value.size && ((unsigned char)value.data[size] & 0xC0) == 0x80)
        size++;
    return size;
}

struct text identifier_mask(struct arena *arena, enum identifier_kind kind, struct text value) {
    struct text domain;
    size_t kept = value.size >= 8 ? 4 : value.size / 2;

    if (kind == IDENTIFIER_EMAIL) {
        const struct text local = text_split(value, '@', &domain);

        return text_printf(arena, "%.*s…@%.*s", (int)first_character_size(local), local.data,
                           TEXT_ARG(domain));
    }
    if (kind == IDENTIFIER_PHONE && value.size > 7)
        return text_printf(arena, "%.*s…%.*s", (int)phone_country_code_size(value), value.data, 3,
                           value.data + value.size - 3);
    while (kept > 0 && ((unsigned char)value.data[value.size - kept] & 0xC0) == 0x80)
        kept--;
    return text_printf(arena, "…%.*s", (int)kept, kept > 0 ? value.data + value.size - kept : "");
}

struct text identifier_shown(struct arena *arena, enum identifier_kind kind, struct text value) {
    return kind == IDENTIFIER_CUSTOMER_NUMBER ? value : identifier_mask(arena, kind, value);
}
