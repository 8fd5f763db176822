// SPDX-License-Identifier: Apache-2.0
// The compiler of templates, shared by the files that it is made of: liquid_compile.c (text, tags
// found), liquid_tag.c (what each tag does), liquid_expression.c (values, filters, conditions).
// Functions that return a bool give false once a fault is recorded. Private to liquid_*.c.
#pragma once

#include "push/template/liquid_program.h"

// What is known of a value while compiling. A member that is not declared is a fault as long as it
// is known what the value is.
struct shape {
    const struct liquid_declaration *what; // NULL: nothing is known
    bool is_item;                          // one of the list that `what` declares
};

enum block_kind { BLOCK_IF, BLOCK_CASE, BLOCK_FOR, BLOCK_TABLE, BLOCK_CAPTURE };

enum { NOWHERE = UINT32_MAX }; // an instruction that is none

struct block {
    enum block_kind kind;
    const char *tag; // that opened it
    struct liquid_position position;
    uint32_t next;   // jumps to the next branch once it is known where that is
    uint32_t ends;   // the last of the jumps to the end, each naming the one before it
    uint32_t breaks; // of loops: jumps behind it
    uint32_t continues;
    uint32_t body; // of loops: its first instruction
    bool is_else;  // the last branch is open
    bool is_dead;  // the open branch ended with break or continue
    bool has_way;  // `way` tells where the branches so far have come to
    struct html_place begin, way;
    uint16_t variable; // of case: what is compared; of loops: the item; of capture: the variable
    uint16_t keeps;    // of loops: where it ended
    size_t source;     // number of the source that opened it
};

struct variable {
    struct text name; // empty: it cannot be named
    struct shape shape;
};

// Text that is being compiled: the template, lines within {% liquid %}, a block of our own.
struct source {
    const char *at, *end;
    bool is_lines;
    bool trims;   // blanks at its beginning: the tag before it ended with a dash
    bool is_ours; // its faults stand where the tag stands
};

struct compiler {
    struct scope *scope;
    struct text whole;
    enum liquid_kind kind;
    const struct liquid_declaration *declarations;
    struct liquid_fault fault;
    bool has_fault;

    struct buffer code, positions, constants; // of struct liquid_instruction, …
    struct liquid_position position;          // of the tag being compiled
    const char *counted;                      // the position is that of this byte

    struct variable variables[LIQUID_MOST_VARIABLES];
    size_t variable_count; // all that have a place
    uint16_t visible[LIQUID_MOST_VARIABLES];
    size_t visible_count; // that can be named here, the last first

    struct block blocks[LIQUID_MOST_NESTING];
    size_t block_count;
    struct source sources[4];
    size_t source_count;
    struct html_place place;
    struct text coupon_series; // that a tag named
    int stack;                 // values that an expression has on it
    int depth;                 // of values within values
};

// ---- liquid_compile.c ----

bool liquid_fault_at(struct compiler *compiler, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// The instruction's number.
uint32_t liquid_emit(struct compiler *compiler, enum liquid_operation operation, uint8_t flag,
                     uint16_t a, uint32_t b);
struct liquid_instruction *liquid_instruction_at(struct compiler *compiler, uint32_t at);
uint32_t liquid_here(const struct compiler *compiler); // the number of the next one
uint32_t liquid_constant(struct compiler *compiler, struct liquid_value value);
bool liquid_push_source(struct compiler *compiler, struct source source);
// How the value on the stack is written where the template stands; at: for the fault.
bool liquid_place_here(struct compiler *compiler, const char *at, enum liquid_place *ret_place);
// A new variable; one without a name is the program's own.
bool liquid_variable_add(struct compiler *compiler, struct text name, struct shape shape,
                         uint16_t *ret_variable);
// By name, as far as it can be named here: -1 when it cannot.
int liquid_variable_find(const struct compiler *compiler, struct text name);
struct liquid_position liquid_position_of(const struct compiler *compiler, const char *at);

// ---- liquid_expression.c ----

struct cursor {
    const char *at, *end;
};

void liquid_skip_blanks(struct cursor *cursor);
struct text liquid_read_name(struct cursor *cursor); // empty: there is none
bool liquid_read_byte(struct cursor *cursor, char byte);
bool liquid_read_word(struct cursor *cursor, const char *word);
// One value, without filters.
bool liquid_read_value(struct compiler *compiler, struct cursor *cursor, struct shape *ret_shape);
// With its filters.
bool liquid_read_expression(struct compiler *compiler, struct cursor *cursor,
                            struct shape *ret_shape);
bool liquid_read_condition(struct compiler *compiler, struct cursor *cursor);
// Nothing may follow.
bool liquid_read_end(struct compiler *compiler, struct cursor *cursor);

// ---- liquid_tag.c ----

// `cursor` stands behind the tag's name.
bool liquid_tag(struct compiler *compiler, struct text name, struct cursor cursor);
