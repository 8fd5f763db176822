// SPDX-License-Identifier: Apache-2.0
// Liquid, strict and closed: templates as a person writes them, compiled once to a flat program and
// rendered for many customers. The language is that of the public reference (docs/templates.md
// names every tag and filter). What it cannot do: reach a file, the network, the environment, the
// clock or another template; name a variable that is not declared; write a value into HTML, an
// address or a header without the escaping of that place.
//
// A program is read only: threads share it, each with a renderer of its own.
#pragma once

#include "base/json.h"
#include "base/scope.h"

// What hostile templates and values are held to.
enum {
    LIQUID_MOST_SOURCE_BYTES = 256 << 10,
    LIQUID_MOST_NESTING = 32,            // of blocks
    LIQUID_MOST_INSTRUCTIONS = 64 << 10, // of one program
    LIQUID_MOST_VARIABLES = 256,         // assigned, captured and of loops
    LIQUID_MOST_STACK = 64,              // values of one expression
    LIQUID_MOST_STEPS = 200000,          // instructions of one rendering; work on long texts counts
    LIQUID_MOST_OUTPUT_BYTES = 512 << 10,  // of one rendering
    LIQUID_MOST_SCRATCH_BYTES = 384 << 10, // texts and lists that filters make in one rendering
};

// ---- values ----

enum liquid_type {
    LIQUID_NIL,
    LIQUID_BOOL,
    LIQUID_INTEGER,
    LIQUID_NUMBER, // double
    LIQUID_MONEY,  // micros, and the currency when one is known
    LIQUID_TEXT,
    LIQUID_INSTANT, // µs UTC, shown in the renderer's zone
    LIQUID_DAY,     // days since 1970-01-01
    LIQUID_LIST,
    LIQUID_OBJECT,
    LIQUID_RANGE, // (1..5), of programs only
    LIQUID_EMPTY, // the words empty and blank, of programs only
    LIQUID_BLANK,
};

// A value never owns: texts, items and members live as long as whoever made them says.
struct liquid_value {
    uint8_t type;     // enum liquid_type
    bool is_html;     // of a text: HTML, escaped where it had to be
    char currency[4]; // of money: three letters, or nothing
    uint32_t count;   // bytes of a text, items, members
    union {
        bool boolean;
        int64_t integer; // also micros, µs, days
        double number;
        const char *data;
        const struct liquid_value *items;
        const struct liquid_member *members;
        int32_t range[2];
    };
};

struct liquid_member {
    struct text name;
    struct liquid_value value;
};

static inline struct liquid_value liquid_text(struct text text) {
    return (struct liquid_value){
        .type = LIQUID_TEXT, .count = (uint32_t)text.size, .data = text.data};
}
// Nothing where the text is empty: {{ x | default: "…" }} sees both alike.
static inline struct liquid_value liquid_text_or_nil(struct text text) {
    return text.size > 0 ? liquid_text(text) : (struct liquid_value){.type = LIQUID_NIL};
}
static inline struct liquid_value liquid_integer(int64_t value) {
    return (struct liquid_value){.type = LIQUID_INTEGER, .integer = value};
}
static inline struct liquid_value liquid_number(double value) {
    return (struct liquid_value){.type = LIQUID_NUMBER, .number = value};
}
static inline struct liquid_value liquid_bool(bool value) {
    return (struct liquid_value){.type = LIQUID_BOOL, .boolean = value};
}
static inline struct liquid_value liquid_instant(int64_t at_us) {
    return (struct liquid_value){.type = LIQUID_INSTANT, .integer = at_us};
}
static inline struct liquid_value liquid_day(int32_t day) {
    return (struct liquid_value){.type = LIQUID_DAY, .integer = day};
}
struct liquid_value liquid_money(int64_t micros, struct text currency);
static inline struct liquid_value liquid_list(const struct liquid_value *items, size_t count) {
    return (struct liquid_value){.type = LIQUID_LIST, .count = (uint32_t)count, .items = items};
}
static inline struct liquid_value liquid_object(const struct liquid_member *members, size_t count) {
    return (struct liquid_value){
        .type = LIQUID_OBJECT, .count = (uint32_t)count, .members = members};
}
// A tree as it was read; lists and members in the arena, texts those of the tree.
struct liquid_value liquid_from_json(struct arena *arena, const struct json *json);

// ---- what a template may name ----

// Members of an object (or of a list's items), ending with one without a name. Values given in the
// declared order are found at once; in another order they are searched for.
struct liquid_declaration {
    const char *name;
    enum liquid_type type;
    const char *example;                      // as the editor shows it
    const char *description;                  // one line
    const struct liquid_declaration *members; // of an object, of a list's items; NULL: plain values
    bool is_open;                             // an object with members of any name
    bool is_trusted; // HTML written by who writes templates: the filter `raw` takes it
};

// What a document declares by being given: every name in it, nothing else. In the arena.
const struct liquid_declaration *liquid_declare_json(struct arena *arena, const struct json *json);

// ---- programs ----

// Where the text goes; what a value is escaped for is found from it and from the text around it.
enum liquid_kind {
    LIQUID_KIND_TEXT,   // plain text: values as they are
    LIQUID_KIND_HEADER, // one line of a message's head: no control character comes through
    LIQUID_KIND_LETTER, // a letter's text (push/letter/letter.h): values are no markup of it
    LIQUID_KIND_HTML,   // HTML: text, attributes, addresses, style; elsewhere values are refused
    LIQUID_KIND_JSON,   // JSON: values of their own, and what stands within quotes
};

// What is wrong, and where: both count from 1, columns in characters.
struct liquid_fault {
    int line, column;
    char message[320];
};

struct liquid_program;

// The program lives in the arena of the scope and needs neither `source` nor `declarations`
// afterwards; it may be moved to other threads as long as that arena stays. INVALID with "line 3,
// column 12: …", and the same in *ret_fault unless it is NULL.
code liquid_compile(struct scope *scope, struct text source, enum liquid_kind kind,
                    const struct liquid_declaration *declarations, struct liquid_fault *ret_fault,
                    const struct liquid_program **ret_program);

// Does the program name this member or variable anywhere? Of "customer.city" both words.
bool liquid_names(const struct liquid_program *program, const char *name);

// The series whose coupon the program gives, as a tag of it names it; empty: none does.
struct text liquid_coupon_series(const struct liquid_program *program);

// ---- rendering ----

// Takes the address of each link of HTML (href of a and area) as it would be followed, and gives
// the one to write instead, which lives until the next call; false: it stays.
typedef bool liquid_rewrite_link(void *context, struct text address, struct text *ret_address);

struct liquid_settings {
    struct text language; // "de", "de-AT": separators, names of months; English when not known
    struct text currency; // of money that has none
    struct text zone;     // IANA name; empty: UTC
    liquid_rewrite_link *rewrite_link; // NULL: links stay
    void *rewrite_context;
};

// The memory of one thread's renderings. Steady work allocates nothing.
struct liquid_renderer;
struct liquid_renderer *liquid_renderer_new(void);
void liquid_renderer_free(struct liquid_renderer *renderer);   // takes NULL
void liquid_renderer_close(struct liquid_renderer **renderer); // for CLEANUP

// From here on. INVALID for a zone that is none.
code liquid_renderer_set(struct scope *scope, struct liquid_renderer *renderer,
                         const struct liquid_settings *settings);

// Adds to `out`, up to LIQUID_MOST_OUTPUT_BYTES. `values` is an object. TOO_LARGE for a rendering
// that is past its limits, with the line and column where it stood; `out` is then as it was.
code liquid_render(struct scope *scope, struct liquid_renderer *renderer,
                   const struct liquid_program *program, struct liquid_value values,
                   struct buffer *out);

// ---- what editors offer ----

struct liquid_word {
    const char *name;
    const char *usage;       // "date: format"
    const char *description; // one line
};
extern const struct liquid_word liquid_filters[]; // by name; end with a NULL name
extern const struct liquid_word liquid_tags[];
