// SPDX-License-Identifier: Apache-2.0
// Where a value stands in HTML, found from the text before it. It reads as browsers do as far as
// that decides what a value could break out of; what it cannot place it refuses.
#include "push/template/liquid_program.h"

#include <ctype.h>

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte + 'a' - 'A') : byte;
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

static bool is_one_of(const char *word, const char *const *words) {
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

// Names longer than the room for them are none of those that matter.
static void add_to_name(struct html_place *place, char byte) {
    if (place->size < sizeof(place->name) - 1)
        place->name[place->size++] = lower(byte);
}

static void clear_name(struct html_place *place) {
    memset(place->name, 0, sizeof(place->name));
    place->size = 0;
}

static bool is_raw_element(const char *element) {
    static const char *const raw[] = {"script", "style",   "title",    "textarea",  "xmp",
                                      "iframe", "noembed", "noframes", "plaintext", NULL};

    return is_one_of(element, raw);
}

static void end_tag_name(struct html_place *place) {
    memset(place->element, 0, sizeof(place->element));
    if (place->size < sizeof(place->element))
        memcpy(place->element, place->name, place->size);
    else
        place->element[0] = '?'; // a long name: nothing special
    clear_name(place);
    place->state = HTML_TAG;
}

static void end_tag(struct html_place *place) {
    const bool is_raw = !place->is_end_tag && is_raw_element(place->element);

    place->state = is_raw ? HTML_RAW : HTML_TEXT;
    if (!is_raw)
        memset(place->element, 0, sizeof(place->element));
    place->is_end_tag = false;
    place->is_link = false;
    place->content = place->url = 0;
    place->has_value = false;
    place->quote = 0;
    clear_name(place);
}

static enum html_content content_of(const struct html_place *place) {
    static const char *const urls[] = {
        "action", "archive",  "background", "cite", "classid", "codebase", "data",   "formaction",
        "icon",   "longdesc", "manifest",   "ping", "poster",  "profile",  "usemap", NULL};
    const char *name = place->name;

    if (place->size >= sizeof(place->name) - 1)
        return CONTENT_REFUSED; // too long to be told from others
    if (strncmp(name, "on", 2) == 0 || strcmp(name, "srcdoc") == 0)
        return CONTENT_REFUSED;
    if (strcmp(place->element, "meta") == 0 && strcmp(name, "content") == 0)
        return CONTENT_REFUSED;
    if (strcmp(name, "style") == 0)
        return CONTENT_CSS;
    if (is_one_of(name, urls) || strstr(name, "href") || strstr(name, "src") ||
        strstr(name, "url") || strstr(name, "uri"))
        return CONTENT_URL;
    return CONTENT_PLAIN;
}

static void end_attribute_name(struct html_place *place) {
    place->content = (uint8_t)content_of(place);
    place->is_link = strcmp(place->name, "href") == 0 && !place->is_end_tag &&
                     (strcmp(place->element, "a") == 0 || strcmp(place->element, "area") == 0);
    clear_name(place);
    place->state = HTML_AFTER_NAME;
}

static void begin_value(struct html_place *place, char quote) {
    place->state = quote ? HTML_QUOTED : HTML_UNQUOTED;
    place->quote = quote;
    place->url = place->content == CONTENT_URL ? PLACE_URL_START : 0;
}

static void end_value(struct html_place *place) {
    place->state = HTML_TAG;
    place->content = place->url = 0;
    place->quote = 0;
    place->is_link = place->has_value = false;
}

// What a byte of an address tells of the place behind it.
static const char *read_address(struct html_place *place, char byte) {
    if (place->has_value && byte == ':' && place->url == PLACE_URL_PREFIX)
        return "the scheme of an address has to be written out, as in https://";
    if (byte == '?' || byte == '#' ||
        (place->url == PLACE_URL_PREFIX && (byte == '&' || byte == '=')))
        place->url = PLACE_URL_QUERY;
    else if (place->url == PLACE_URL_START && !is_blank(byte))
        place->url = byte == '/' || byte == ':' ? PLACE_URL_PATH : PLACE_URL_PREFIX;
    else if (place->url == PLACE_URL_PREFIX && (byte == '/' || byte == ':'))
        place->url = PLACE_URL_PATH;
    return NULL;
}

struct reading {
    struct html_place *place;
    struct html_event *events;
    size_t event_count;
    size_t at;
};

static void tell(struct reading *reading, size_t offset, bool begins) {
    if (reading->event_count < HTML_MOST_EVENTS)
        reading->events[reading->event_count++] =
            (struct html_event){.offset = offset, .begins = begins};
}

static const char *read_in_tag(struct reading *reading, char byte) {
    struct html_place *place = reading->place;

    if (place->breaks && !is_blank(byte) && byte != '/' && byte != '>')
        return "the name of a tag goes on behind a block; write it in one piece";
    place->breaks = false;
    if (byte == '>') {
        end_tag(place);
    } else if (!is_blank(byte) && byte != '/') {
        place->state = HTML_ATTRIBUTE;
        clear_name(place);
        add_to_name(place, byte);
    }
    return NULL;
}

static const char *read_name(struct reading *reading, char byte) {
    struct html_place *place = reading->place;

    if (!is_blank(byte) && byte != '/' && byte != '>') {
        add_to_name(place, byte);
        return NULL;
    }
    end_tag_name(place);
    return read_in_tag(reading, byte);
}

static const char *read_attribute(struct reading *reading, char byte) {
    struct html_place *place = reading->place;

    if (place->state == HTML_ATTRIBUTE) {
        if (byte != '=' && byte != '>' && byte != '/' && !is_blank(byte)) {
            add_to_name(place, byte);
            return NULL;
        }
        end_attribute_name(place);
    }
    if (byte == '=') {
        place->state = HTML_BEFORE_VALUE;
    } else if (!is_blank(byte)) {
        end_value(place);
        return read_in_tag(reading, byte);
    }
    return NULL;
}

static const char *read_before_value(struct reading *reading, char byte) {
    struct html_place *place = reading->place;

    if (is_blank(byte))
        return NULL;
    if (byte == '>') {
        end_tag(place);
        return NULL;
    }
    begin_value(place, byte == '"' || byte == '\'' ? byte : 0);
    if (place->is_link)
        tell(reading, reading->at + (place->quote != 0), true);
    return place->quote || place->content != CONTENT_URL ? NULL : read_address(place, byte);
}

static const char *read_value(struct reading *reading, char byte) {
    struct html_place *place = reading->place;
    const bool ends = place->quote ? byte == place->quote : is_blank(byte) || byte == '>';

    if (!ends)
        return place->content == CONTENT_URL ? read_address(place, byte) : NULL;
    if (place->is_link)
        tell(reading, reading->at, false);
    end_value(place);
    if (byte == '>')
        end_tag(place);
    return NULL;
}

// <!-- opens a comment, <![ and <!d are skipped up to the next >.
static void read_bang(struct html_place *place, char byte) {
    if (byte == '>') {
        place->state = HTML_TEXT;
        place->dashes = 0;
    } else if (byte != '-') {
        place->state = HTML_SKIP;
        place->dashes = 0;
    } else if (++place->dashes == 2) {
        place->state = HTML_COMMENT; // <!--> is a whole one
        clear_name(place);
    }
}

// Some mail programs read what stands in <!--[if …]> … <![endif]--> as HTML, so it is read as HTML.
static void read_comment(struct html_place *place, char byte) {
    if (place->size == 0 && byte == '[') {
        place->state = HTML_SKIP;
        place->dashes = 0;
        return;
    }
    place->size = 1;
    if (byte == '-') {
        if (place->dashes < 2)
            place->dashes++;
    } else if (byte == '>' && place->dashes == 2) {
        place->state = HTML_TEXT;
        place->dashes = 0;
        place->size = 0;
    } else {
        place->dashes = 0;
    }
}

// Up to </ and the element's name.
static void read_raw(struct html_place *place, char byte) {
    const size_t length = strlen(place->element);

    if (byte == '<') {
        clear_name(place);
        add_to_name(place, byte);
    } else if ((place->size == 1 && byte == '/') ||
               (place->size >= 2 && place->size < length + 2 &&
                lower(byte) == place->element[place->size - 2])) {
        add_to_name(place, byte);
    } else if (place->size == length + 2 && (is_blank(byte) || byte == '/' || byte == '>')) {
        clear_name(place);
        place->is_end_tag = true;
        place->state = HTML_TAG;
        if (byte == '>')
            end_tag(place);
    } else {
        clear_name(place);
    }
}

static const char *read_byte(struct reading *reading, char byte) {
    struct html_place *place = reading->place;

    switch ((enum html_state)place->state) {
    case HTML_TEXT:
        if (byte == '<')
            place->state = HTML_OPEN;
        return NULL;
    case HTML_OPEN:
        clear_name(place);
        if (byte == '!' || byte == '?') {
            place->state = byte == '!' ? HTML_BANG : HTML_SKIP;
        } else if (byte == '/' && !place->is_end_tag) {
            place->is_end_tag = true;
        } else if (isalpha((unsigned char)byte)) {
            place->state = HTML_NAME;
            add_to_name(place, byte);
        } else {
            place->state = place->is_end_tag && byte != '>' ? HTML_SKIP
                           : byte == '<'                    ? HTML_OPEN
                                                            : HTML_TEXT;
            place->is_end_tag = false;
        }
        return NULL;
    case HTML_NAME:
        return read_name(reading, byte);
    case HTML_TAG:
        return read_in_tag(reading, byte);
    case HTML_ATTRIBUTE:
    case HTML_AFTER_NAME:
        return read_attribute(reading, byte);
    case HTML_BEFORE_VALUE:
        return read_before_value(reading, byte);
    case HTML_QUOTED:
    case HTML_UNQUOTED:
        return read_value(reading, byte);
    case HTML_BANG:
        read_bang(place, byte);
        return NULL;
    case HTML_COMMENT:
        read_comment(place, byte);
        return NULL;
    case HTML_SKIP:
        if (byte == '>')
            place->state = HTML_TEXT;
        return NULL;
    case HTML_RAW:
        read_raw(place, byte);
        return NULL;
    }
    return NULL;
}

const char *html_read(struct html_place *place, struct text text, struct html_event *events,
                      size_t *ret_event_count, size_t *ret_offset) {
    struct reading reading = {.place = place, .events = events};
    const char *wrong = NULL;

    for (; reading.at < text.size && !wrong; reading.at++)
        wrong = read_byte(&reading, text.data[reading.at]);
    *ret_event_count = reading.event_count;
    *ret_offset = wrong ? reading.at - 1 : text.size;
    return wrong;
}

static const char *value_in_attribute(struct html_place *place, enum liquid_place *ret_place) {
    switch ((enum html_content)place->content) {
    case CONTENT_REFUSED:
        return "a value cannot stand in an attribute that holds a program or a page";
    case CONTENT_CSS:
        *ret_place = PLACE_CSS;
        return NULL;
    case CONTENT_URL:
        *ret_place = (enum liquid_place)place->url;
        if (place->url == PLACE_URL_START)
            place->url = PLACE_URL_PREFIX;
        place->has_value = true;
        return NULL;
    case CONTENT_PLAIN:
        break;
    }
    *ret_place = PLACE_ATTRIBUTE;
    return NULL;
}

static const char *value_in_raw(const struct html_place *place, enum liquid_place *ret_place) {
    if (strcmp(place->element, "title") == 0 || strcmp(place->element, "textarea") == 0)
        *ret_place = PLACE_HTML;
    else if (strcmp(place->element, "style") == 0)
        *ret_place = PLACE_CSS;
    else
        return "a value cannot stand in a script, a frame or other raw content";
    return NULL;
}

const char *html_value(struct html_place *place, enum liquid_place *ret_place) {
    switch ((enum html_state)place->state) {
    case HTML_TEXT:
        *ret_place = PLACE_HTML;
        return NULL;
    case HTML_COMMENT:
        place->size = 1;
        place->dashes = 0;
        *ret_place = PLACE_ATTRIBUTE;
        return NULL;
    case HTML_QUOTED:
        return value_in_attribute(place, ret_place);
    case HTML_RAW:
        clear_name(place);
        return value_in_raw(place, ret_place);
    case HTML_UNQUOTED:
    case HTML_BEFORE_VALUE:
        return "a value in an attribute needs quotes around it: attribute=\"{{ … }}\"";
    case HTML_OPEN:
    case HTML_NAME:
        return "a value cannot be the name of a tag";
    case HTML_TAG:
    case HTML_ATTRIBUTE:
    case HTML_AFTER_NAME:
        return "a value cannot be the name of an attribute";
    case HTML_BANG:
    case HTML_SKIP:
        return "a value cannot stand in a declaration";
    }
    return "a value cannot stand here";
}

// A name of a tag or attribute that a block ends.
static void settle(struct html_place *place) {
    if (place->state == HTML_NAME) {
        end_tag_name(place);
        place->breaks = true;
    }
}

bool html_join(struct html_place *place, const struct html_place *other) {
    struct html_place a = *place, b = *other;

    settle(&a);
    settle(&b);
    a.breaks = b.breaks = a.breaks || b.breaks;
    a.has_value = b.has_value = a.has_value || b.has_value;
    if (a.url != b.url) // the strictest: one value of a query
        a.url = b.url = a.url == PLACE_URL_START || b.url == PLACE_URL_START ||
                                a.url == PLACE_URL_PREFIX || b.url == PLACE_URL_PREFIX
                            ? PLACE_URL_PREFIX
                            : PLACE_URL_QUERY;
    if (memcmp(&a, &b, sizeof(a)) != 0)
        return false;
    *place = a;
    return true;
}
