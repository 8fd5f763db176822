// SPDX-License-Identifier: Apache-2.0
// What the compiler of templates writes and the renderer reads: a flat program for a machine with
// one stack of values. Private to liquid_*.c.
#pragma once

#include "base/time.h"
#include "push/template/liquid.h"

enum liquid_operation {
    OP_LITERAL,     // constant b to the output
    OP_PUSH,        // constant b
    OP_GLOBAL,      // the member of the values named by constant b, expected at a
    OP_LOAD,        // variable a
    OP_MEMBER,      // top: its member named by constant b, expected at a
    OP_INDEX,       // list, key: the item or member
    OP_RANGE,       // from, to
    OP_LOOP,        // a loops out, value b (enum liquid_loop_value)
    OP_FILTER,      // filter b over a values of the stack
    OP_STORE,       // variable a
    OP_OUTPUT,      // top, written for flag (enum liquid_place)
    OP_COUNT_UP,    // variable a, written before it is counted
    OP_COUNT_DOWN,  // variable a, written after it was counted
    OP_CYCLE,       // of b values of the stack the next by variable a, written for flag
    OP_CAPTURE,     // the output from here on is
    OP_CAPTURED,    // kept in variable a; flag: it is HTML
    OP_JUMP,        // to b
    OP_JUMP_IF,     // pops
    OP_JUMP_UNLESS, // pops
    OP_AND,         // to b when the top is false, which stays; pops it otherwise
    OP_OR,          // to b when the top is true, which stays; pops it otherwise
    OP_EQUAL,
    OP_NOT_EQUAL,
    OP_LESS,
    OP_LESS_OR_EQUAL,
    OP_GREATER,
    OP_GREATER_OR_EQUAL,
    OP_CONTAINS,
    OP_FOR,      // list, limit, offset: a loop with variable a; to b when it has no item; flag
    OP_NEXT,     // the next item and to b, or on when there is none
    OP_LEAVE,    // ends the innermost loop
    OP_KEEP,     // variable a = where the innermost loop ends, for offset: continue
    OP_CELL,     // of a tablerow: begins a cell, and a row where one is due
    OP_CELL_END, // the other end of it
    OP_LINK,     // the address of a link begins
    OP_LINK_END, // and ends: it may be rewritten
    OP_END
};

enum {
    LIQUID_FOR_REVERSED = 1,
    LIQUID_FOR_LIMITED = 2,
    LIQUID_FOR_OFFSET = 4,
    LIQUID_FOR_TABLE = 8
};

enum liquid_loop_value {
    LOOP_INDEX,
    LOOP_INDEX0,
    LOOP_RINDEX,
    LOOP_RINDEX0,
    LOOP_FIRST,
    LOOP_LAST,
    LOOP_LENGTH,
    LOOP_COLUMN,
    LOOP_COLUMN0,
    LOOP_COLUMN_FIRST,
    LOOP_COLUMN_LAST,
    LOOP_ROW,
};

// Where a value is written, which says what of it has to be escaped.
enum liquid_place {
    PLACE_TEXT,       // plain
    PLACE_HEADER,     // one line
    PLACE_LETTER,     // within a letter's markup
    PLACE_HTML,       // between tags
    PLACE_ATTRIBUTE,  // in quotes
    PLACE_URL_START,  // an address from its beginning: its scheme is looked at
    PLACE_URL_PREFIX, // before anything ended the scheme: no colon comes through
    PLACE_URL_PATH,   // behind the scheme
    PLACE_URL_QUERY,  // in the query or fragment: one value of it
    PLACE_CSS,        // in a style
    PLACE_JSON,       // as a value of JSON
    PLACE_JSON_TEXT,  // within the quotes of one
};

struct liquid_instruction {
    uint8_t operation;
    uint8_t flag;
    uint16_t a;
    uint32_t b;
};

struct liquid_position {
    int32_t line, column;
};

struct liquid_program {
    enum liquid_kind kind;
    const struct liquid_instruction *code;
    const struct liquid_position *positions; // of each instruction
    const struct liquid_value *constants;
    uint32_t code_count, constant_count, variable_count;
    struct text coupon_series; // empty: none
};

// ---- the machine ----

enum { LIQUID_MOST_LOOPS = LIQUID_MOST_NESTING };

struct liquid_loop {
    struct liquid_value list;
    uint32_t first, count; // the items that it goes over
    uint32_t at;           // of them
    uint32_t columns;      // of a tablerow
    uint16_t variable;
    bool is_reversed;
};

struct liquid_capture {
    size_t begin;
    size_t link_begin;
};

struct liquid_locale;

struct liquid_renderer {
    struct liquid_value stack[LIQUID_MOST_STACK];
    struct liquid_value variables[LIQUID_MOST_VARIABLES];
    struct liquid_loop loops[LIQUID_MOST_LOOPS];
    struct liquid_capture captures[LIQUID_MOST_NESTING];
    uint32_t loop_count, capture_count;
    size_t link_begin; // SIZE_MAX: in no link's address

    char *scratch; // LIQUID_MOST_SCRATCH_BYTES
    size_t scratch_used;
    int64_t steps;       // that are left
    const char *failure; // what limit was met, or what a filter refuses; NULL: none

    struct buffer *out;
    size_t out_begin;
    struct buffer address; // a link's, as it would be followed

    const struct liquid_locale *locale;
    char currency[4];
    struct zone *zone; // NULL: UTC
    struct buffer zone_name;
    liquid_rewrite_link *rewrite_link;
    void *rewrite_context;
};

// Memory of the rendering, aligned for values; NULL when its limit is met, which is then recorded.
void *liquid_scratch(struct liquid_renderer *renderer, size_t size);
// Counts work; false when the limit is met.
bool liquid_work(struct liquid_renderer *renderer, size_t steps);

// Is there room in the output for so many bytes? The limit is recorded when there is not.
bool liquid_has_room(struct liquid_renderer *renderer, size_t size);

// ---- values ----

// The value as text: of lists all items, of objects nothing. In the scratch memory or static.
struct text liquid_to_text(struct liquid_renderer *renderer, struct liquid_value value);
// Digits of texts count; everything else is 0.
struct liquid_value liquid_to_number(struct liquid_value value);
double liquid_to_double(struct liquid_value value);
int64_t liquid_to_integer(struct liquid_value value);
bool liquid_is_true(struct liquid_value value);
bool liquid_is_empty(struct liquid_value value);
bool liquid_is_blank(struct liquid_value value);
bool liquid_equal(struct liquid_value a, struct liquid_value b);
// Numbers, texts, instants and days among themselves; false when the two cannot be compared.
bool liquid_compare(struct liquid_value a, struct liquid_value b, int *ret_order);
bool liquid_contains(struct liquid_value whole, struct liquid_value part);
struct liquid_value liquid_member(struct liquid_value object, struct text name, size_t hint);
struct liquid_value liquid_item(struct liquid_value list, int64_t index); // from the end below 0
static inline struct text liquid_text_of(struct liquid_value value) {
    return (struct text){.data = value.data, .size = value.count};
}

// ---- writing ----

// Adds the value as its place demands. False when the output's limit is met.
bool liquid_write(struct liquid_renderer *renderer, struct liquid_value value,
                  enum liquid_place place);
void liquid_write_escaped(struct buffer *out, struct text text, bool keep_entities);
// The value as JSON, in a document of its own. False when a limit is met.
bool liquid_write_json(struct liquid_renderer *renderer, struct liquid_value value,
                       struct buffer *out);
// The characters that the five escapes of liquid_write_escaped stand for.
struct text liquid_unescape(struct liquid_renderer *renderer, struct text html);

// ---- filters ----

enum liquid_filter_result {
    RESULT_OTHER,
    RESULT_SAME, // of the type that went in: a list's items stay what they are
    RESULT_ITEM, // one item of the list that went in
};

struct liquid_filter_entry {
    const char *name;
    uint8_t least, most; // arguments, without what goes in
    struct liquid_value (*run)(struct liquid_renderer *renderer, struct liquid_value *values,
                               size_t count);
    enum liquid_filter_result result;
    bool takes_html; // sees HTML as it is; the others get the text that it stands for
};
// -1 when there is none.
int liquid_filter_find(struct text name);
const struct liquid_filter_entry *liquid_filter_at(uint32_t index);

// ---- places in HTML ----

enum html_state {
    HTML_TEXT,
    HTML_OPEN,         // behind <
    HTML_NAME,         // of a tag
    HTML_TAG,          // between attributes
    HTML_ATTRIBUTE,    // its name
    HTML_AFTER_NAME,   // blanks behind it
    HTML_BEFORE_VALUE, // behind =
    HTML_QUOTED,
    HTML_UNQUOTED,
    HTML_BANG,    // behind <!
    HTML_COMMENT, // <!-- … -->
    HTML_SKIP,    // <!DOCTYPE …>, <![endif]-->
    HTML_RAW,     // within an element whose content is no HTML: up to its end tag
};

enum html_content {
    CONTENT_PLAIN, // an attribute of no particular kind
    CONTENT_URL,
    CONTENT_CSS,
    CONTENT_REFUSED, // a program: no value may stand there
};

// A place in HTML; two are alike when their bytes are.
struct html_place {
    uint8_t state;
    uint8_t content; // of the attribute
    uint8_t url;     // enum liquid_place, how far its address has got
    uint8_t size;    // of name
    char quote;
    bool is_end_tag, is_link, has_value, breaks;
    uint8_t dashes;   // of --> seen
    char element[12]; // whose tag or raw content it is
    char name[24];    // being read
};

struct html_event {
    size_t offset;
    bool begins; // a link's address; it ends otherwise
};
enum { HTML_MOST_EVENTS = 512 };

// Goes on over literal text. Gives where addresses of links begin and end, at most
// HTML_MOST_EVENTS. NULL, or what is wrong, at *ret_offset.
const char *html_read(struct html_place *place, struct text text, struct html_event *events,
                      size_t *ret_event_count, size_t *ret_offset);
// How a value is to be written here; what is wrong otherwise. The place goes on behind the value.
const char *html_value(struct html_place *place, enum liquid_place *ret_place);
// One place for two ways of getting there; false when they differ.
bool html_join(struct html_place *place, const struct html_place *other);

// ---- places in JSON ----

// In html_place.state as well, which is joined in the same way: no value of enum html_state. What a
// variable captures is plain text, at the place HTML_TEXT.
enum json_state {
    JSON_OUTSIDE = HTML_RAW + 1, // of quotes
    JSON_QUOTED,
    JSON_ESCAPE, // behind a backslash
};

// Goes on over literal text.
void json_place_read(struct html_place *place, struct text text);
// How a value is to be written here; what is wrong otherwise.
const char *json_place_value(const struct html_place *place, enum liquid_place *ret_place);
