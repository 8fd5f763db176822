// SPDX-License-Identifier: Apache-2.0
#include "push/template/html_text.h"

#include <ctype.h>
#include <stdio.h>

enum { MOST_LISTS = 16, MOST_ADDRESS = 2048 };

struct writing {
    struct buffer *out;
    size_t begin;             // of the text in `out`
    int newlines;             // due before the next word: 1 a line, 2 a paragraph
    bool blank;               // due before it
    bool cell;                // a cell's end is due before it
    int counters[MOST_LISTS]; // of ordered lists; -1: unordered
    int list_depth;
    char address[MOST_ADDRESS]; // of the link that is open; empty: none
    size_t link_begin;
};

static void settle(struct writing *writing) {
    struct buffer *out = writing->out;

    if (out->size > writing->begin) {
        if (writing->newlines > 0)
            buffer_add(out, "\n\n", (size_t)writing->newlines);
        else if (writing->cell)
            buffer_add_string(out, "  ");
        else if (writing->blank)
            buffer_add_char(out, ' ');
    }
    writing->newlines = 0;
    writing->blank = writing->cell = false;
}

static void write_byte(struct writing *writing, char byte) {
    if (isspace((unsigned char)byte)) {
        writing->blank = true;
        return;
    }
    settle(writing);
    buffer_add_char(writing->out, byte);
}

static void add_line(struct writing *writing, int newlines) {
    if (writing->newlines < newlines)
        writing->newlines = newlines;
}

// ---- entities ----

static size_t write_utf8(struct buffer *out, uint32_t character) {
    char bytes[4];
    size_t size = 1;

    if (character == 0 || character > 0x10FFFF || (character >= 0xD800 && character < 0xE000))
        character = 0xFFFD;
    if (character < 0x80) {
        bytes[0] = (char)character;
    } else if (character < 0x800) {
        bytes[0] = (char)(0xC0 | character >> 6);
        bytes[1] = (char)(0x80 | (character & 63));
        size = 2;
    } else if (character < 0x10000) {
        bytes[0] = (char)(0xE0 | character >> 12);
        bytes[1] = (char)(0x80 | (character >> 6 & 63));
        bytes[2] = (char)(0x80 | (character & 63));
        size = 3;
    } else {
        bytes[0] = (char)(0xF0 | character >> 18);
        bytes[1] = (char)(0x80 | (character >> 12 & 63));
        bytes[2] = (char)(0x80 | (character >> 6 & 63));
        bytes[3] = (char)(0x80 | (character & 63));
        size = 4;
    }
    buffer_add(out, bytes, size);
    return size;
}

static const struct {
    const char *name;
    uint32_t character;
} entities[] = {
    {"amp", '&'},      {"lt", '<'},       {"gt", '>'},       {"quot", '"'},      {"apos", '\''},
    {"nbsp", ' '},     {"shy", 0},        {"zwnj", 0},       {"euro", 0x20AC},   {"pound", 0xA3},
    {"copy", 0xA9},    {"reg", 0xAE},     {"trade", 0x2122}, {"hellip", 0x2026}, {"ndash", 0x2013},
    {"mdash", 0x2014}, {"laquo", 0xAB},   {"raquo", 0xBB},   {"bull", 0x2022},   {"middot", 0xB7},
    {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"ldquo", 0x201C}, {"rdquo", 0x201D},  {"bdquo", 0x201E},
    {"auml", 0xE4},    {"ouml", 0xF6},    {"uuml", 0xFC},    {"Auml", 0xC4},     {"Ouml", 0xD6},
    {"Uuml", 0xDC},    {"szlig", 0xDF},   {"eacute", 0xE9},  {"egrave", 0xE8},   {"agrave", 0xE0},
    {"ccedil", 0xE7},  {"times", 0xD7},   {"rarr", 0x2192},  {"larr", 0x2190},
};

// The character that stands at `at`, and how many bytes it takes there; 0: it is no entity.
static size_t entity_at(struct text text, size_t at, uint32_t *ret_character) {
    const char *begin = text.data + at + 1;
    const size_t left = text.size - at - 1;
    const char *end = memchr(begin, ';', left < 12 ? left : 12);
    const struct text name = {begin, end ? (size_t)(end - begin) : 0};
    uint32_t character = 0;

    if (name.size == 0)
        return 0;
    if (name.data[0] == '#') {
        const bool is_hex = name.size > 1 && (name.data[1] | 0x20) == 'x';

        for (size_t i = 1 + (size_t)is_hex; i < name.size && character < 0x110000; i++) {
            const char byte = name.data[i];

            if (is_hex ? !isxdigit((unsigned char)byte) : !isdigit((unsigned char)byte))
                return 0;
            character =
                character * (is_hex ? 16 : 10) +
                (uint32_t)(isdigit((unsigned char)byte) ? byte - '0' : (byte | 0x20) - 'a' + 10);
        }
        *ret_character = character == 0xA0 ? ' ' : character;
        return name.size + 2;
    }
    for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++)
        if (text_is(name, entities[i].name)) {
            *ret_character = entities[i].character;
            return name.size + 2;
        }
    return 0;
}

// ---- tags ----

static bool is_one_of(const char *name, const char *const *names) {
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

// Where the value of an attribute begins, behind its name; 0: it has none.
static size_t value_begin(struct text tag, size_t at) {
    while (at < tag.size && isspace((unsigned char)tag.data[at]))
        at++;
    if (at >= tag.size || tag.data[at] != '=')
        return 0;
    for (at++; at < tag.size && isspace((unsigned char)tag.data[at]);)
        at++;
    return at;
}

static void read_attribute(struct text tag, size_t at, char *value, size_t size) {
    const char quote =
        at < tag.size && (tag.data[at] == '"' || tag.data[at] == '\'') ? tag.data[at] : 0;
    struct buffer out = {0};

    at += quote != 0;
    while (at < tag.size && out.size + 8 < size &&
           (quote ? tag.data[at] != quote : !isspace((unsigned char)tag.data[at]))) {
        uint32_t character;
        const size_t entity = tag.data[at] == '&' ? entity_at(tag, at, &character) : 0;

        if (entity > 0 && character > 0)
            write_utf8(&out, character);
        else
            buffer_add_char(&out, tag.data[at]);
        at += entity > 0 ? entity : 1;
    }
    memcpy(value, buffer_string(&out), out.size);
    value[out.size] = '\0';
    buffer_clear(&out);
}

// The value of an attribute, entities read; false when the tag has none.
static bool attribute(struct text tag, const char *name, char *value, size_t size) {
    const size_t length = strlen(name);

    for (size_t i = 1; i + length < tag.size; i++) {
        size_t at;

        if (!isspace((unsigned char)tag.data[i - 1]) ||
            !text_equal_ascii_case((struct text){tag.data + i, length}, text_of(name)))
            continue;
        at = value_begin(tag, i + length);
        if (at == 0)
            continue;
        read_attribute(tag, at, value, size);
        return true;
    }
    return false;
}

static void open_item(struct writing *writing) {
    const int depth = writing->list_depth;

    add_line(writing, 1);
    settle(writing);
    for (int i = 1; i < depth; i++)
        buffer_add_string(writing->out, "  ");
    if (depth > 0 && writing->counters[depth - 1] >= 0)
        buffer_printf(writing->out, "%d. ", ++writing->counters[depth - 1]);
    else
        buffer_add_string(writing->out, "- ");
}

static void open_list(struct writing *writing, bool is_ordered) {
    add_line(writing, writing->list_depth > 0 ? 1 : 2);
    if (writing->list_depth < MOST_LISTS)
        writing->counters[writing->list_depth++] = is_ordered ? 0 : -1;
}

static void open_link(struct writing *writing, struct text tag) {
    writing->address[0] = '\0';
    attribute(tag, "href", writing->address, sizeof(writing->address));
    writing->link_begin = writing->out->size;
}

// The address behind the words of the link, unless these are it.
static void close_link(struct writing *writing) {
    const struct text address = text_of(writing->address);
    struct text words = {0};

    if (writing->out->size > writing->link_begin)
        words = (struct text){writing->out->data + writing->link_begin,
                              writing->out->size - writing->link_begin};
    words = text_trim(words);
    if (address.size > 0 && writing->address[0] != '#' && !text_equal(words, address)) {
        writing->blank = words.size > 0 || writing->blank;
        settle(writing);
        buffer_printf(writing->out, words.size > 0 ? "(%s)" : "%s", writing->address);
    }
    writing->address[0] = '\0';
}

static void picture(struct writing *writing, struct text tag) {
    char words[512];

    if (!attribute(tag, "alt", words, sizeof(words)) || words[0] == '\0')
        return;
    settle(writing);
    buffer_add_string(writing->out, words);
}

static void open_tag(struct writing *writing, const char *name, struct text tag) {
    static const char *const paragraphs[] = {"p",  "h1",    "h2",         "h3",  "h4", "h5",
                                             "h6", "table", "blockquote", "pre", "dl", NULL};
    static const char *const lines[] = {"div", "tr", "section", "article", "header", "footer",
                                        "dt",  "dd", "form",    "main",    "center", NULL};

    if (strcmp(name, "br") == 0) {
        if (++writing->newlines > 2)
            writing->newlines = 2;
    } else if (strcmp(name, "hr") == 0) {
        add_line(writing, 1);
        settle(writing);
        buffer_add_string(writing->out, "----------");
        add_line(writing, 1);
    } else if (strcmp(name, "a") == 0) {
        open_link(writing, tag);
    } else if (strcmp(name, "img") == 0) {
        picture(writing, tag);
    } else if (strcmp(name, "ul") == 0 || strcmp(name, "ol") == 0) {
        open_list(writing, name[0] == 'o');
    } else if (strcmp(name, "li") == 0) {
        open_item(writing);
    } else if (is_one_of(name, paragraphs)) {
        add_line(writing, 2);
    } else if (is_one_of(name, lines)) {
        add_line(writing, 1);
    }
}

static void close_tag(struct writing *writing, const char *name) {
    if (strcmp(name, "a") == 0) {
        close_link(writing);
    } else if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0) {
        writing->cell = true;
    } else if (strcmp(name, "ul") == 0 || strcmp(name, "ol") == 0) {
        writing->list_depth -= writing->list_depth > 0;
        add_line(writing, writing->list_depth > 0 ? 1 : 2);
    } else if (strcmp(name, "br") != 0 && strcmp(name, "li") != 0 && strcmp(name, "img") != 0 &&
               strcmp(name, "hr") != 0) {
        open_tag(writing, name, TEXT(""));
    }
}

// ---- the whole ----

// Behind the > that ends the tag that begins at `at`; a > in quotes does not.
static size_t tag_end(struct text html, size_t at) {
    char quote = 0;

    for (at++; at < html.size; at++) {
        const char byte = html.data[at];

        if (quote)
            quote = byte == quote ? 0 : quote;
        else if (byte == '"' || byte == '\'')
            quote = byte;
        else if (byte == '>')
            return at + 1;
    }
    return html.size;
}

static size_t find(struct text html, size_t at, const char *what) {
    const char *found = memmem(html.data + at, html.size - at, what, strlen(what));

    return found ? (size_t)(found - html.data) + strlen(what) : html.size;
}

// What is not for reading: its end.
static size_t skip_raw(struct text html, size_t at, const char *name) {
    char close[24];

    snprintf(close, sizeof(close), "</%s", name);
    while (at + strlen(close) <= html.size) {
        if (text_equal_ascii_case((struct text){html.data + at, strlen(close)}, text_of(close)))
            return tag_end(html, at);
        at++;
    }
    return html.size;
}

static size_t read_tag(struct writing *writing, struct text html, size_t at) {
    static const char *const unread[] = {"script", "style", "head", "title", "template", NULL};
    const bool is_end = at + 1 < html.size && html.data[at + 1] == '/';
    const size_t begin = at + 1 + is_end;
    char name[16] = "";
    size_t size = 0, end;

    if (begin + 2 < html.size && memcmp(html.data + begin, "!--", 3) == 0)
        return find(html, begin, "-->");
    if (begin >= html.size || (!isalpha((unsigned char)html.data[begin]) &&
                               html.data[begin] != '!' && html.data[begin] != '?')) {
        write_byte(writing, '<');
        return at + 1;
    }
    while (begin + size < html.size && size < sizeof(name) - 1 &&
           isalnum((unsigned char)html.data[begin + size])) {
        name[size] = (char)tolower((unsigned char)html.data[begin + size]);
        size++;
    }
    end = tag_end(html, at);
    if (is_end)
        close_tag(writing, name);
    else if (is_one_of(name, unread))
        return skip_raw(html, end, name);
    else
        open_tag(writing, name, (struct text){html.data + at, end - at - 1});
    return end;
}

void html_to_text(struct text html, struct buffer *out) {
    struct writing writing = {.out = out, .begin = out->size};

    for (size_t at = 0; at < html.size;) {
        uint32_t character;
        size_t entity;

        if (html.data[at] == '<') {
            at = read_tag(&writing, html, at);
            continue;
        }
        entity = html.data[at] == '&' ? entity_at(html, at, &character) : 0;
        if (entity == 0) {
            write_byte(&writing, html.data[at++]);
            continue;
        }
        if (character > 0x20) {
            settle(&writing);
            write_utf8(out, character);
        } else {
            writing.blank |= character > 0;
        }
        at += entity;
    }
    if (out->size > writing.begin)
        buffer_add_char(out, '\n');
}
