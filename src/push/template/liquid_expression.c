// SPDX-License-Identifier: Apache-2.0
// Values, filters and conditions of templates become instructions as they are read.
#include "push/template/liquid_compile.h"

#include "base/nearest.h"

#include <ctype.h>
#include <math.h>

static const struct shape unknown = {0};

// ---- reading ----

void liquid_skip_blanks(struct cursor *cursor) {
    while (cursor->at < cursor->end && isspace((unsigned char)*cursor->at))
        cursor->at++;
}

static bool is_letter(char byte) {
    return isalpha((unsigned char)byte) || byte == '_';
}

struct text liquid_read_name(struct cursor *cursor) {
    const char *begin;

    liquid_skip_blanks(cursor);
    begin = cursor->at;
    if (begin >= cursor->end || !is_letter(*begin))
        return (struct text){0};
    while (cursor->at < cursor->end &&
           (is_letter(*cursor->at) || isdigit((unsigned char)*cursor->at) || *cursor->at == '-'))
        cursor->at++;
    if (cursor->at < cursor->end && *cursor->at == '?')
        cursor->at++;
    return (struct text){begin, (size_t)(cursor->at - begin)};
}

bool liquid_read_byte(struct cursor *cursor, char byte) {
    liquid_skip_blanks(cursor);
    if (cursor->at >= cursor->end || *cursor->at != byte)
        return false;
    cursor->at++;
    return true;
}

bool liquid_read_word(struct cursor *cursor, const char *word) {
    struct cursor ahead = *cursor;

    if (!text_is(liquid_read_name(&ahead), word))
        return false;
    *cursor = ahead;
    return true;
}

bool liquid_read_end(struct compiler *compiler, struct cursor *cursor) {
    const int shown = cursor->end - cursor->at > 30 ? 30 : (int)(cursor->end - cursor->at);

    liquid_skip_blanks(cursor);
    if (cursor->at == cursor->end)
        return true;
    if (*cursor->at == '|')
        return liquid_fault_at(compiler, cursor->at,
                               "filters cannot stand here; assign the value first");
    return liquid_fault_at(compiler, cursor->at, "\"%.*s\" is not expected here",
                           (int)(cursor->end - cursor->at) < shown ? (int)(cursor->end - cursor->at)
                                                                   : shown,
                           cursor->at);
}

// ---- the stack ----

static bool pushed(struct compiler *compiler, const char *at) {
    if (++compiler->stack >= LIQUID_MOST_STACK)
        return liquid_fault_at(compiler, at, "an expression with more than %d values",
                               LIQUID_MOST_STACK - 1);
    return true;
}

static bool push(struct compiler *compiler, const char *at, struct liquid_value value) {
    liquid_emit(compiler, OP_PUSH, 0, 0, liquid_constant(compiler, value));
    return pushed(compiler, at);
}

// ---- paths ----

static const struct liquid_declaration *declared(const struct liquid_declaration *members,
                                                 struct text name, size_t *ret_index) {
    for (size_t i = 0; members && members[i].name; i++)
        if (text_is(name, members[i].name)) {
            *ret_index = i;
            return &members[i];
        }
    *ret_index = UINT16_MAX;
    return NULL;
}

// " (did you mean …?)", or nothing.
static const char *suggestion(struct compiler *compiler, const struct liquid_declaration *members,
                              struct text name) {
    const char *names[256];
    const char *near;
    size_t count = 0;

    for (; members && members[count].name && count < 256; count++)
        names[count] = members[count].name;
    near = nearest(name, names, count);
    return near ? arena_printf(&compiler->scope->arena, "; did you mean \"%s\"?", near) : "";
}

static bool is_list(struct shape shape) {
    return shape.what && !shape.is_item && shape.what->type == LIQUID_LIST;
}

static bool is_object(struct shape shape) {
    return shape.what &&
           (shape.is_item ? shape.what->members != NULL : shape.what->type == LIQUID_OBJECT);
}

static bool is_open(struct shape shape) {
    return !shape.what || shape.what->is_open;
}

static bool is_part_of_list(struct text name) {
    return text_is(name, "size") || text_is(name, "first") || text_is(name, "last");
}

static bool read_member(struct compiler *compiler, struct text name, struct shape *shape) {
    const bool known_list = is_list(*shape);
    size_t index = UINT16_MAX;
    const struct liquid_declaration *member =
        is_object(*shape) ? declared(shape->what->members, name, &index) : NULL;

    if (!member && !is_open(*shape) && !(known_list && is_part_of_list(name)) &&
        !(text_is(name, "size") && (shape->is_item || shape->what->type == LIQUID_TEXT)))
        return liquid_fault_at(
            compiler, name.data, "\"%s\" has no \"%.*s\"%s", shape->what->name, TEXT_ARG(name),
            is_object(*shape) ? suggestion(compiler, shape->what->members, name) : "");
    liquid_emit(compiler, OP_MEMBER, 0, (uint16_t)(index < UINT16_MAX ? index : UINT16_MAX),
                liquid_constant(compiler, liquid_text(name)));
    if (known_list && !text_is(name, "size"))
        shape->is_item = true;
    else
        *shape = (struct shape){.what = member};
    return true;
}

static bool read_index(struct compiler *compiler, struct cursor *cursor, struct shape *shape) {
    struct shape key;

    if (!liquid_read_value(compiler, cursor, &key))
        return false;
    if (!liquid_read_byte(cursor, ']'))
        return liquid_fault_at(compiler, cursor->at, "\"]\" is missing");
    liquid_emit(compiler, OP_INDEX, 0, 0, 0);
    compiler->stack--;
    if (is_list(*shape))
        shape->is_item = true;
    else
        *shape = unknown;
    return true;
}

// [ "name" ] is .name
static bool read_quoted_member(struct compiler *compiler, struct cursor *cursor,
                               struct shape *shape, bool *ret_was_one) {
    struct cursor ahead = *cursor;
    const char *begin, *end;

    *ret_was_one = false;
    liquid_skip_blanks(&ahead);
    if (ahead.at >= ahead.end || (*ahead.at != '"' && *ahead.at != '\''))
        return true;
    begin = ahead.at + 1;
    end = memchr(begin, *ahead.at, (size_t)(ahead.end - begin));
    if (!end)
        return true;
    ahead.at = end + 1;
    if (!liquid_read_byte(&ahead, ']'))
        return true;
    *cursor = ahead;
    *ret_was_one = true;
    return read_member(compiler, (struct text){begin, (size_t)(end - begin)}, shape);
}

static bool read_path(struct compiler *compiler, struct cursor *cursor, struct shape *shape) {
    for (;;) {
        bool was_name;

        if (liquid_read_byte(cursor, '.')) {
            const struct text name = liquid_read_name(cursor);

            if (name.size == 0)
                return liquid_fault_at(compiler, cursor->at, "a name is missing behind the dot");
            if (!read_member(compiler, name, shape))
                return false;
        } else if (liquid_read_byte(cursor, '[')) {
            if (!read_quoted_member(compiler, cursor, shape, &was_name) ||
                (!was_name && !read_index(compiler, cursor, shape)))
                return false;
        } else {
            return true;
        }
        if (compiler->has_fault)
            return false;
    }
}

// ---- forloop ----

static const struct {
    const char *name;
    enum liquid_loop_value value;
    bool of_tables;
} loop_values[] = {
    {"index", LOOP_INDEX, false},         {"index0", LOOP_INDEX0, false},
    {"rindex", LOOP_RINDEX, false},       {"rindex0", LOOP_RINDEX0, false},
    {"first", LOOP_FIRST, false},         {"last", LOOP_LAST, false},
    {"length", LOOP_LENGTH, false},       {"col", LOOP_COLUMN, true},
    {"col0", LOOP_COLUMN0, true},         {"col_first", LOOP_COLUMN_FIRST, true},
    {"col_last", LOOP_COLUMN_LAST, true}, {"row", LOOP_ROW, true},
};

// Loops around the place, the innermost first; -1 when there are not so many.
static int loop_out(const struct compiler *compiler, int out, bool of_tables) {
    int loops = 0;

    for (size_t i = compiler->block_count; i > 0; i--) {
        const struct block *block = &compiler->blocks[i - 1];

        if ((block->kind != BLOCK_FOR && block->kind != BLOCK_TABLE) || block->is_else)
            continue;
        if (block->kind == (of_tables ? BLOCK_TABLE : BLOCK_FOR) && out-- == 0)
            return loops;
        loops++;
    }
    return -1;
}

static bool read_loop_value(struct compiler *compiler, struct cursor *cursor, struct text root) {
    const bool of_tables = text_is(root, "tablerowloop");
    struct text name = {0};
    int out = 0, loops;

    do {
        if (!liquid_read_byte(cursor, '.'))
            return liquid_fault_at(compiler, root.data, "%.*s has members: %.*s.index",
                                   TEXT_ARG(root), TEXT_ARG(root));
        name = liquid_read_name(cursor);
    } while (text_is(name, "parentloop") && ++out < LIQUID_MOST_NESTING);
    loops = loop_out(compiler, out, of_tables);
    if (loops < 0)
        return liquid_fault_at(compiler, root.data, "there is no loop around this for %.*s",
                               TEXT_ARG(root));
    for (size_t i = 0; i < sizeof(loop_values) / sizeof(*loop_values); i++)
        if (text_is(name, loop_values[i].name) && (of_tables || !loop_values[i].of_tables)) {
            liquid_emit(compiler, OP_LOOP, 0, (uint16_t)loops, loop_values[i].value);
            return pushed(compiler, root.data);
        }
    return liquid_fault_at(compiler, root.data, "%.*s has no \"%.*s\"", TEXT_ARG(root),
                           TEXT_ARG(name));
}

static bool read_variable(struct compiler *compiler, struct cursor *cursor, struct text name,
                          struct shape *ret_shape) {
    const int variable = liquid_variable_find(compiler, name);
    const struct liquid_declaration *global;
    size_t index;

    if (variable >= 0) {
        *ret_shape = compiler->variables[variable].shape;
        liquid_emit(compiler, OP_LOAD, 0, (uint16_t)variable, 0);
        return pushed(compiler, name.data) && read_path(compiler, cursor, ret_shape);
    }
    if (text_is(name, "forloop") || text_is(name, "tablerowloop")) {
        *ret_shape = unknown;
        return read_loop_value(compiler, cursor, name);
    }
    global = declared(compiler->declarations, name, &index);
    if (!global)
        return liquid_fault_at(compiler, name.data, "there is no \"%.*s\"%s", TEXT_ARG(name),
                               suggestion(compiler, compiler->declarations, name));
    *ret_shape = (struct shape){.what = global};
    liquid_emit(compiler, OP_GLOBAL, 0, (uint16_t)index,
                liquid_constant(compiler, liquid_text(name)));
    return pushed(compiler, name.data) && read_path(compiler, cursor, ret_shape);
}

// ---- literals ----

static bool read_string(struct compiler *compiler, struct cursor *cursor) {
    const char *begin = cursor->at + 1;
    const char *end = memchr(begin, *cursor->at, (size_t)(cursor->end - begin));

    if (!end)
        return liquid_fault_at(compiler, cursor->at, "the text that begins here has no end");
    cursor->at = end + 1;
    return push(compiler, begin, liquid_text((struct text){begin, (size_t)(end - begin)}));
}

static bool read_number(struct compiler *compiler, struct cursor *cursor) {
    const char *begin = cursor->at;
    bool is_decimal = false;
    struct text digits;
    int64_t integer;
    double number;

    if (*cursor->at == '-')
        cursor->at++;
    while (cursor->at < cursor->end &&
           (isdigit((unsigned char)*cursor->at) ||
            (*cursor->at == '.' && !is_decimal && cursor->at + 1 < cursor->end &&
             isdigit((unsigned char)cursor->at[1])))) {
        is_decimal |= *cursor->at == '.';
        cursor->at++;
    }
    digits = (struct text){begin, (size_t)(cursor->at - begin)};
    if (!is_decimal && text_to_int64(digits, &integer))
        return push(compiler, begin, liquid_integer(integer));
    if (is_decimal && digits.size < 40 && text_to_double(digits, &number) && isfinite(number))
        return push(compiler, begin, liquid_number(number));
    return liquid_fault_at(compiler, begin, "\"%.*s\" is not a number",
                           digits.size > 40 ? 40 : (int)digits.size, begin);
}

static bool read_range(struct compiler *compiler, struct cursor *cursor) {
    const char *begin = cursor->at;
    struct shape shape;
    bool has_dot;

    cursor->at++;
    if (!liquid_read_value(compiler, cursor, &shape))
        return false;
    has_dot = liquid_read_byte(cursor, '.');
    if (!has_dot || !liquid_read_byte(cursor, '.'))
        return liquid_fault_at(compiler, begin,
                               "parentheses hold a range, as in (1..5), and nothing else");
    if (!liquid_read_value(compiler, cursor, &shape))
        return false;
    if (!liquid_read_byte(cursor, ')'))
        return liquid_fault_at(compiler, begin, "the range that begins here has no end");
    liquid_emit(compiler, OP_RANGE, 0, 0, 0);
    compiler->stack--;
    return true;
}

static bool read_word(struct compiler *compiler, struct text name, bool *ret_was_one) {
    static const struct {
        const char *word;
        struct liquid_value value;
    } words[] = {
        {"true", {.type = LIQUID_BOOL, .boolean = true}},
        {"false", {.type = LIQUID_BOOL, .boolean = false}},
        {"nil", {.type = LIQUID_NIL}},
        {"null", {.type = LIQUID_NIL}},
        {"empty", {.type = LIQUID_EMPTY}},
        {"blank", {.type = LIQUID_BLANK}},
    };

    *ret_was_one = true;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (text_is(name, words[i].word))
            return push(compiler, name.data, words[i].value);
    *ret_was_one = false;
    return true;
}

// How far values may stand in values: a[b[c]], ((1..2)..3).
enum { MOST_INNER_VALUES = 8 };

static bool read_one(struct compiler *compiler, struct cursor *cursor, struct shape *ret_shape) {
    struct text name;
    bool was_word;

    *ret_shape = unknown;
    liquid_skip_blanks(cursor);
    if (cursor->at >= cursor->end)
        return liquid_fault_at(compiler, cursor->at, "a value is missing");
    if (*cursor->at == '"' || *cursor->at == '\'')
        return read_string(compiler, cursor);
    if (*cursor->at == '(')
        return read_range(compiler, cursor);
    if (isdigit((unsigned char)*cursor->at) ||
        (*cursor->at == '-' && cursor->at + 1 < cursor->end &&
         isdigit((unsigned char)cursor->at[1])))
        return read_number(compiler, cursor);
    name = liquid_read_name(cursor);
    if (name.size == 0)
        return liquid_fault_at(compiler, cursor->at, "\"%c\" begins no value",
                               isprint((unsigned char)*cursor->at) ? *cursor->at : '?');
    if (!read_word(compiler, name, &was_word))
        return false;
    return was_word || read_variable(compiler, cursor, name, ret_shape);
}

bool liquid_read_value(struct compiler *compiler, struct cursor *cursor, struct shape *ret_shape) {
    bool was_read;

    if (compiler->depth == MOST_INNER_VALUES)
        return liquid_fault_at(compiler, cursor->at, "values within values go too deep");
    compiler->depth++;
    was_read = read_one(compiler, cursor, ret_shape);
    compiler->depth--;
    return was_read;
}

// ---- filters ----

// The one argument that has a name: {{ x | default: 1, allow_false: true }}.
static bool skip_argument_name(struct compiler *compiler, struct cursor *cursor, struct text filter,
                               size_t count) {
    struct cursor ahead = *cursor;
    const struct text name = liquid_read_name(&ahead);

    if (name.size == 0 || !liquid_read_byte(&ahead, ':'))
        return true;
    if (!text_is(filter, "default") || !text_is(name, "allow_false") || count != 1)
        return liquid_fault_at(compiler, name.data, "the filter %.*s takes no \"%.*s\"",
                               TEXT_ARG(filter), TEXT_ARG(name));
    *cursor = ahead;
    return true;
}

static bool read_arguments(struct compiler *compiler, struct cursor *cursor, struct text filter,
                           size_t *ret_count) {
    struct shape shape;

    *ret_count = 0;
    if (!liquid_read_byte(cursor, ':'))
        return true;
    do {
        if (!skip_argument_name(compiler, cursor, filter, *ret_count) ||
            !liquid_read_value(compiler, cursor, &shape))
            return false;
        ++*ret_count;
    } while (liquid_read_byte(cursor, ','));
    return true;
}

static bool unknown_filter(struct compiler *compiler, struct text name) {
    const char *names[128];
    const char *near;
    size_t count = 0;

    for (; liquid_filters[count].name && count < 128; count++)
        names[count] = liquid_filters[count].name;
    near = nearest(name, names, count);
    return liquid_fault_at(
        compiler, name.data, "there is no filter \"%.*s\"%s", TEXT_ARG(name),
        near ? arena_printf(&compiler->scope->arena, "; did you mean \"%s\"?", near) : "");
}

static bool check_arguments(struct compiler *compiler, struct text name, size_t count,
                            const struct liquid_filter_entry *entry) {
    if (count >= entry->least && count <= entry->most)
        return true;
    if (entry->least == entry->most)
        return liquid_fault_at(compiler, name.data, "the filter %.*s takes %d argument%s, not %zu",
                               TEXT_ARG(name), entry->least, entry->least == 1 ? "" : "s", count);
    return liquid_fault_at(compiler, name.data, "the filter %.*s takes %d to %d arguments, not %zu",
                           TEXT_ARG(name), entry->least, entry->most, count);
}

static struct shape shape_after(struct shape before, enum liquid_filter_result result) {
    if (result == RESULT_SAME && is_list(before))
        return before;
    if (result == RESULT_ITEM && is_list(before))
        return (struct shape){.what = before.what, .is_item = true};
    return unknown;
}

static bool read_filter(struct compiler *compiler, struct cursor *cursor, struct shape *shape,
                        bool is_literal) {
    const struct text name = liquid_read_name(cursor);
    const struct liquid_filter_entry *entry;
    const int index = liquid_filter_find(name);
    size_t count;

    if (name.size == 0)
        return liquid_fault_at(compiler, cursor->at, "the name of a filter is missing");
    if (index < 0)
        return unknown_filter(compiler, name);
    entry = liquid_filter_at((uint32_t)index);
    if (text_is(name, "raw") && !is_literal && !(shape->what && shape->what->is_trusted))
        return liquid_fault_at(compiler, name.data,
                               "raw is for blocks that your own people write, as they are "
                               "declared; this value is escaped");
    if (!read_arguments(compiler, cursor, name, &count) ||
        !check_arguments(compiler, name, count, entry))
        return false;
    liquid_emit(compiler, OP_FILTER, 0, (uint16_t)(count + 1), (uint32_t)index);
    compiler->stack -= (int)count;
    *shape = shape_after(*shape, entry->result);
    return true;
}

bool liquid_read_expression(struct compiler *compiler, struct cursor *cursor,
                            struct shape *ret_shape) {
    bool is_literal;

    liquid_skip_blanks(cursor);
    is_literal = cursor->at < cursor->end && (*cursor->at == '"' || *cursor->at == '\'');
    if (!liquid_read_value(compiler, cursor, ret_shape))
        return false;
    while (liquid_read_byte(cursor, '|')) {
        if (!read_filter(compiler, cursor, ret_shape, is_literal))
            return false;
        is_literal = false;
    }
    return true;
}

// ---- conditions ----

static bool read_comparison(struct cursor *cursor, enum liquid_operation *ret_operation) {
    static const struct {
        const char *sign;
        enum liquid_operation operation;
    } signs[] = {
        {"==", OP_EQUAL},         {"!=", OP_NOT_EQUAL},        {"<>", OP_NOT_EQUAL},
        {"<=", OP_LESS_OR_EQUAL}, {">=", OP_GREATER_OR_EQUAL}, {"<", OP_LESS},
        {">", OP_GREATER},
    };

    liquid_skip_blanks(cursor);
    if (liquid_read_word(cursor, "contains")) {
        *ret_operation = OP_CONTAINS;
        return true;
    }
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
        if (text_starts_with((struct text){cursor->at, (size_t)(cursor->end - cursor->at)},
                             text_of(signs[i].sign))) {
            cursor->at += strlen(signs[i].sign);
            *ret_operation = signs[i].operation;
            return true;
        }
    return false;
}

static bool read_clause(struct compiler *compiler, struct cursor *cursor) {
    enum liquid_operation operation;
    struct shape shape;

    if (!liquid_read_value(compiler, cursor, &shape))
        return false;
    if (!read_comparison(cursor, &operation))
        return true;
    if (!liquid_read_value(compiler, cursor, &shape))
        return false;
    liquid_emit(compiler, operation, 0, 0, 0);
    compiler->stack--;
    return true;
}

// From the right, as the reference says: a and b or c is a and (b or c), so that whatever decides
// a clause decides the rest as well.
bool liquid_read_condition(struct compiler *compiler, struct cursor *cursor) {
    uint32_t last = NOWHERE;

    for (;;) {
        enum liquid_operation operation;

        if (!read_clause(compiler, cursor))
            return false;
        if (liquid_read_word(cursor, "and"))
            operation = OP_AND;
        else if (liquid_read_word(cursor, "or"))
            operation = OP_OR;
        else
            break;
        last = liquid_emit(compiler, operation, 0, 0, last);
        compiler->stack--;
    }
    while (last != NOWHERE) {
        struct liquid_instruction *instruction = liquid_instruction_at(compiler, last);

        last = instruction->b;
        instruction->b = liquid_here(compiler);
    }
    return liquid_read_end(compiler, cursor);
}
