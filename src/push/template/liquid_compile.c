// SPDX-License-Identifier: Apache-2.0
// From text to a program: what stands between the tags, and where they stand.
#include "push/template/liquid_compile.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

// ---- faults ----

// Goes on from a byte whose position is known.
static struct liquid_position position_after(struct liquid_position position, const char *from,
                                             const char *to) {
    for (; from < to; from++) {
        if (*from == '\n')
            position = (struct liquid_position){position.line + 1, 1};
        else if (((unsigned char)*from & 0xC0) != 0x80)
            position.column++;
    }
    return position;
}

struct liquid_position liquid_position_of(const struct compiler *compiler, const char *at) {
    const struct text whole = compiler->whole;
    const bool is_ours =
        compiler->source_count > 0 && compiler->sources[compiler->source_count - 1].is_ours;

    if (is_ours || at < whole.data || at > whole.data + whole.size)
        return compiler->position;
    return position_after((struct liquid_position){1, 1}, whole.data, at);
}

bool liquid_fault_at(struct compiler *compiler, const char *at, const char *format, ...) {
    struct liquid_position position;
    va_list arguments;

    if (compiler->has_fault)
        return false;
    position = liquid_position_of(compiler, at);
    compiler->has_fault = true;
    compiler->fault.line = position.line;
    compiler->fault.column = position.column;
    va_start(arguments, format);
    vsnprintf(compiler->fault.message, sizeof(compiler->fault.message), format, arguments);
    va_end(arguments);
    return false;
}

// ---- code ----

uint32_t liquid_here(const struct compiler *compiler) {
    return (uint32_t)(compiler->code.size / sizeof(struct liquid_instruction));
}

struct liquid_instruction *liquid_instruction_at(struct compiler *compiler, uint32_t at) {
    return (struct liquid_instruction *)(void *)compiler->code.data + at;
}

uint32_t liquid_emit(struct compiler *compiler, enum liquid_operation operation, uint8_t flag,
                     uint16_t a, uint32_t b) {
    const struct liquid_instruction instruction = {
        .operation = (uint8_t)operation, .flag = flag, .a = a, .b = b};
    const uint32_t at = liquid_here(compiler);

    if (at >= LIQUID_MOST_INSTRUCTIONS) {
        liquid_fault_at(compiler, compiler->whole.data + compiler->whole.size,
                        "the template is too long: it has more than %d steps",
                        LIQUID_MOST_INSTRUCTIONS);
        return at - 1;
    }
    buffer_add(&compiler->code, &instruction, sizeof(instruction));
    buffer_add(&compiler->positions, &compiler->position, sizeof(compiler->position));
    return at;
}

uint32_t liquid_constant(struct compiler *compiler, struct liquid_value value) {
    const size_t count = compiler->constants.size / sizeof(value);
    const struct liquid_value *known = (const void *)compiler->constants.data;

    for (size_t i = count; i > 0 && i + 32 > count; i--) // names repeat, mostly soon
        if (known[i - 1].type == value.type && known[i - 1].count == value.count &&
            value.type == LIQUID_TEXT &&
            text_equal(liquid_text_of(known[i - 1]), liquid_text_of(value)))
            return (uint32_t)(i - 1);
    buffer_add(&compiler->constants, &value, sizeof(value));
    return (uint32_t)count;
}

// ---- variables ----

bool liquid_variable_add(struct compiler *compiler, struct text name, struct shape shape,
                         uint16_t *ret_variable) {
    const size_t index = compiler->variable_count;

    if (index == LIQUID_MOST_VARIABLES)
        return liquid_fault_at(compiler, name.data, "a template has at most %d variables",
                               LIQUID_MOST_VARIABLES);
    compiler->variables[index] = (struct variable){.name = name, .shape = shape};
    compiler->variable_count++;
    if (name.size > 0)
        compiler->visible[compiler->visible_count++] = (uint16_t)index;
    *ret_variable = (uint16_t)index;
    return true;
}

int liquid_variable_find(const struct compiler *compiler, struct text name) {
    for (size_t i = compiler->visible_count; i > 0; i--)
        if (text_equal(compiler->variables[compiler->visible[i - 1]].name, name))
            return compiler->visible[i - 1];
    return -1;
}

// ---- what stands between tags ----

static bool literal(struct compiler *compiler, struct text text) {
    if (text.size > 0)
        liquid_emit(compiler, OP_LITERAL, 0, 0, liquid_constant(compiler, liquid_text(text)));
    return !compiler->has_fault;
}

// A line's end in a line of a head is a blank.
static struct text in_one_line(struct compiler *compiler, struct text text) {
    char *line = arena_copy(&compiler->scope->arena, text.data, text.size);

    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F)
            line[i] = ' ';
    return (struct text){line, text.size};
}

// HTML is read as it is written, so that its place is known where the next value stands.
static bool html_literal(struct compiler *compiler, struct text text) {
    struct html_event events[HTML_MOST_EVENTS];
    size_t begin = 0;

    for (size_t at = 0; at < text.size; at += HTML_MOST_EVENTS) {
        const size_t left = text.size - at;
        const struct text piece = {text.data + at,
                                   left < HTML_MOST_EVENTS ? left : HTML_MOST_EVENTS};
        size_t count, offset;
        const char *wrong = html_read(&compiler->place, piece, events, &count, &offset);

        if (wrong)
            return liquid_fault_at(compiler, piece.data + offset, "%s", wrong);
        for (size_t i = 0; i < count; i++) {
            const size_t end = at + events[i].offset;

            if (!literal(compiler, (struct text){text.data + begin, end - begin}))
                return false;
            liquid_emit(compiler, events[i].begins ? OP_LINK : OP_LINK_END, 0, 0, 0);
            begin = end;
        }
    }
    return literal(compiler, (struct text){text.data + begin, text.size - begin});
}

static bool between(struct compiler *compiler, struct text text) {
    if (text.size == 0)
        return true;
    switch (compiler->kind) {
    case LIQUID_KIND_HTML:
        return html_literal(compiler, text);
    case LIQUID_KIND_HEADER:
        return literal(compiler, in_one_line(compiler, text));
    case LIQUID_KIND_JSON:
        json_place_read(&compiler->place, text);
        break;
    case LIQUID_KIND_TEXT:
    case LIQUID_KIND_LETTER:
        break;
    }
    return literal(compiler, text);
}

// What the filter `json` made last is JSON already.
static bool is_json(struct compiler *compiler) {
    const uint32_t count = liquid_here(compiler);
    const struct liquid_instruction *last =
        count > 0 ? liquid_instruction_at(compiler, count - 1) : NULL;

    return last && last->operation == OP_FILTER && (int)last->b == liquid_filter_find(TEXT("json"));
}

// What is captured of a letter is text: it is escaped as a whole where it is written.
static enum liquid_place place_in_letter(const struct compiler *compiler) {
    for (size_t i = 0; i < compiler->block_count; i++)
        if (compiler->blocks[i].kind == BLOCK_CAPTURE)
            return PLACE_TEXT;
    return PLACE_LETTER;
}

bool liquid_place_here(struct compiler *compiler, const char *at, enum liquid_place *ret_place) {
    const char *wrong = NULL;

    switch (compiler->kind) {
    case LIQUID_KIND_HEADER:
        *ret_place = PLACE_HEADER;
        break;
    case LIQUID_KIND_LETTER:
        *ret_place = place_in_letter(compiler);
        break;
    case LIQUID_KIND_HTML:
        wrong = html_value(&compiler->place, ret_place);
        break;
    case LIQUID_KIND_JSON:
        wrong = json_place_value(&compiler->place, ret_place);
        if (*ret_place == PLACE_JSON && is_json(compiler))
            *ret_place = PLACE_TEXT;
        break;
    case LIQUID_KIND_TEXT:
    default:
        *ret_place = PLACE_TEXT;
    }
    return !wrong || liquid_fault_at(compiler, at, "%s", wrong);
}

// ---- sources ----

bool liquid_push_source(struct compiler *compiler, struct source source) {
    if (compiler->source_count == sizeof(compiler->sources) / sizeof(*compiler->sources))
        return liquid_fault_at(compiler, source.at, "liquid tags stand too deep in one another");
    compiler->sources[compiler->source_count++] = source;
    return true;
}

static struct source *current(struct compiler *compiler) {
    return &compiler->sources[compiler->source_count - 1];
}

// A block that a source opened ends in it.
static bool pop_source(struct compiler *compiler) {
    const struct block *block =
        compiler->block_count > 0 ? &compiler->blocks[compiler->block_count - 1] : NULL;

    if (block && block->source == compiler->source_count) {
        compiler->fault.line = block->position.line;
        compiler->fault.column = block->position.column;
        compiler->has_fault = true;
        snprintf(compiler->fault.message, sizeof(compiler->fault.message),
                 "the %s that begins here has no end", block->tag);
        return false;
    }
    compiler->source_count--;
    return true;
}

static void move_position(struct compiler *compiler, const char *at) {
    if (current(compiler)->is_ours)
        return;
    compiler->position = position_after(compiler->position, compiler->counted, at);
    compiler->counted = at;
}

static const char *find(const char *at, const char *end, const char *what) {
    return memmem(at, (size_t)(end - at), what, strlen(what));
}

// ---- {% raw %} and {% comment %}: not read as the language ----

// The next tag of this name from here on; *ret_behind is what follows it, and what it was.
static const char *find_tag(const char *at, const char *end, struct text *ret_name,
                            const char **ret_behind, bool *ret_trims) {
    while ((at = find(at, end, "{%")) != NULL) {
        struct cursor cursor = {at + 2, end};

        liquid_read_byte(&cursor, '-');
        *ret_name = liquid_read_name(&cursor);
        if (ret_name->size > 0 && ret_name->data[ret_name->size - 1] == '-' &&
            cursor.at < cursor.end && *cursor.at == '%') { // "endraw-%}"
            ret_name->size--;
            cursor.at--;
        }
        liquid_skip_blanks(&cursor);
        *ret_trims = cursor.at < cursor.end && *cursor.at == '-';
        cursor.at += *ret_trims;
        if (ret_name->size > 0 && cursor.at + 2 <= end && memcmp(cursor.at, "%}", 2) == 0) {
            *ret_behind = cursor.at + 2;
            return at;
        }
        at += 2;
    }
    return NULL;
}

static bool skip_raw(struct compiler *compiler, struct source *source, const char *tag) {
    const char *begin = source->at, *at = begin, *behind = begin;
    bool trims = false;
    struct text name, text;

    while ((at = find_tag(at, source->end, &name, &behind, &trims)) && !text_is(name, "endraw"))
        at += 2;
    if (!at)
        return liquid_fault_at(compiler, tag, "the raw that begins here has no end");
    text = (struct text){begin, (size_t)(at - begin)};
    if (source->trims)
        while (text.size > 0 && isspace((unsigned char)text.data[0]))
            text = (struct text){text.data + 1, text.size - 1};
    if (at[2] == '-')
        while (text.size > 0 && isspace((unsigned char)text.data[text.size - 1]))
            text.size--;
    source->at = behind;
    source->trims = trims;
    return between(compiler, text);
}

static bool skip_comment(struct compiler *compiler, struct source *source, const char *tag) {
    const char *behind = source->at;
    bool trims = false;
    struct text name;
    int depth = 1;

    while (depth > 0 && find_tag(behind, source->end, &name, &behind, &trims))
        depth += text_is(name, "comment") - text_is(name, "endcomment");
    if (depth > 0)
        return liquid_fault_at(compiler, tag, "the comment that begins here has no end");
    source->at = behind;
    source->trims = trims;
    return true;
}

// ---- tags ----

static bool output_tag(struct compiler *compiler, struct cursor cursor) {
    const char *begin = cursor.at;
    enum liquid_place place;
    struct shape shape;

    compiler->stack = 0;
    if (!liquid_read_expression(compiler, &cursor, &shape) || !liquid_read_end(compiler, &cursor) ||
        !liquid_place_here(compiler, begin, &place))
        return false;
    liquid_emit(compiler, OP_OUTPUT, (uint8_t)place, 0, 0);
    return !compiler->has_fault;
}

static bool logic_tag(struct compiler *compiler, struct cursor cursor, struct source *source,
                      const char *tag) {
    struct text name;

    liquid_skip_blanks(&cursor);
    if (cursor.at == cursor.end || *cursor.at == '#')
        return cursor.at < cursor.end || liquid_fault_at(compiler, tag, "a tag without a name");
    name = liquid_read_name(&cursor);
    if (name.size == 0)
        return liquid_fault_at(compiler, cursor.at, "a tag begins with its name");
    if (text_is(name, "raw"))
        return skip_raw(compiler, source, tag);
    if (text_is(name, "comment"))
        return skip_comment(compiler, source, tag);
    compiler->stack = 0;
    return liquid_tag(compiler, name, cursor);
}

// The next tag, {{ … }} or {% … %}.
static const char *next_tag(const struct source *source) {
    for (const char *at = source->at; source->end - at >= 2; at++) {
        at = memchr(at, '{', (size_t)(source->end - at - 1));
        if (!at)
            return NULL;
        if (at[1] == '{' || at[1] == '%')
            return at;
    }
    return NULL;
}

static struct text text_before(const struct source *source, const char *tag) {
    struct text text = {source->at, (size_t)((tag ? tag : source->end) - source->at)};

    if (source->trims)
        while (text.size > 0 && isspace((unsigned char)text.data[0]))
            text = (struct text){text.data + 1, text.size - 1};
    if (tag && tag + 2 < source->end && tag[2] == '-')
        while (text.size > 0 && isspace((unsigned char)text.data[text.size - 1]))
            text.size--;
    return text;
}

// The text up to the next tag, and that tag.
static bool compile_piece(struct compiler *compiler, struct source *source) {
    const char *tag = next_tag(source);
    const struct text text = text_before(source, tag);
    struct cursor cursor;
    const char *close;
    bool is_output;

    if (text.size > 0)
        move_position(compiler, text.data);
    if (!between(compiler, text))
        return false;
    if (!tag) {
        source->at = source->end;
        return true;
    }
    move_position(compiler, tag);
    is_output = tag[1] == '{';
    close = find(tag + 2, source->end, is_output ? "}}" : "%}");
    if (!close)
        return liquid_fault_at(compiler, tag, "\"%s\" is missing behind what begins here",
                               is_output ? "}}" : "%}");
    cursor = (struct cursor){tag + 2, close};
    source->at = close + 2;
    source->trims = close > tag + 2 && close[-1] == '-';
    if (cursor.at < cursor.end && *cursor.at == '-')
        cursor.at++;
    if (cursor.end > cursor.at && cursor.end[-1] == '-')
        cursor.end--;
    return is_output ? output_tag(compiler, cursor) : logic_tag(compiler, cursor, source, tag);
}

// A line of {% liquid %}: one tag.
static bool compile_line(struct compiler *compiler, struct source *source) {
    const char *begin = source->at;
    const char *newline = memchr(begin, '\n', (size_t)(source->end - begin));
    const char *end = newline ? newline : source->end;
    struct cursor cursor = {begin, end};
    struct text name;

    source->at = newline ? newline + 1 : source->end;
    liquid_skip_blanks(&cursor);
    if (cursor.at == cursor.end || *cursor.at == '#')
        return true;
    move_position(compiler, cursor.at);
    name = liquid_read_name(&cursor);
    if (name.size == 0)
        return liquid_fault_at(compiler, cursor.at, "a line begins with the name of a tag");
    if (text_is(name, "comment")) {
        const char *closed = find(source->at, source->end, "endcomment");

        if (!closed)
            return liquid_fault_at(compiler, name.data, "the comment that begins here has no end");
        source->at = closed + strlen("endcomment");
        return true;
    }
    compiler->stack = 0;
    return liquid_tag(compiler, name, cursor);
}

static bool compile_all(struct compiler *compiler) {
    while (compiler->source_count > 0) {
        struct source *source = current(compiler);
        bool went_well;

        if (source->at >= source->end)
            went_well = pop_source(compiler);
        else if (source->is_lines)
            went_well = compile_line(compiler, source);
        else
            went_well = compile_piece(compiler, source);
        if (!went_well || compiler->has_fault)
            return false;
    }
    if (compiler->kind == LIQUID_KIND_HTML && compiler->place.state != HTML_TEXT)
        return liquid_fault_at(compiler, compiler->whole.data + compiler->whole.size,
                               "the HTML ends within a tag, a comment or a script");
    if (compiler->kind == LIQUID_KIND_JSON && compiler->place.state != JSON_OUTSIDE)
        return liquid_fault_at(compiler, compiler->whole.data + compiler->whole.size,
                               "the JSON ends within quotes");
    liquid_emit(compiler, OP_END, 0, 0, 0);
    return !compiler->has_fault;
}

// ---- the whole ----

static const struct liquid_program *finished(struct compiler *compiler) {
    struct arena *arena = &compiler->scope->arena;
    struct liquid_program *program = arena_alloc(arena, sizeof(*program));

    *program = (struct liquid_program){
        .kind = compiler->kind,
        .code = arena_copy(arena, compiler->code.data, compiler->code.size),
        .positions = arena_copy(arena, compiler->positions.data, compiler->positions.size),
        .constants = compiler->constants.size > 0
                         ? arena_copy(arena, compiler->constants.data, compiler->constants.size)
                         : arena_alloc(arena, sizeof(struct liquid_value)),
        .code_count = liquid_here(compiler),
        .constant_count = (uint32_t)(compiler->constants.size / sizeof(struct liquid_value)),
        .variable_count = (uint32_t)compiler->variable_count,
        .coupon_series = compiler->coupon_series,
    };
    return program;
}

static code fail(struct scope *scope, const struct liquid_fault *fault,
                 struct liquid_fault *ret_fault) {
    if (ret_fault)
        *ret_fault = *fault;
    return scope_fail(scope, INVALID, "line %d, column %d: %s", fault->line, fault->column,
                      fault->message);
}

static code check_source(struct scope *scope, struct text source, struct liquid_fault *ret_fault) {
    struct liquid_fault fault = {.line = 1, .column = 1};

    if (source.size > LIQUID_MOST_SOURCE_BYTES)
        snprintf(fault.message, sizeof(fault.message),
                 "a template of %zu bytes is past the limit of %d", source.size,
                 LIQUID_MOST_SOURCE_BYTES);
    else if (!text_is_utf8(source))
        snprintf(fault.message, sizeof(fault.message), "the template is not UTF-8");
    return fault.message[0] ? fail(scope, &fault, ret_fault) : OK;
}

code liquid_compile(struct scope *scope, struct text source, enum liquid_kind kind,
                    const struct liquid_declaration *declarations, struct liquid_fault *ret_fault,
                    const struct liquid_program **ret_program) {
    struct compiler *compiler;
    bool went_well;

    TRY(check_source(scope, source, ret_fault));
    compiler = arena_alloc(&scope->arena, sizeof(*compiler));
    compiler->scope = scope;
    compiler->whole = text_copy(&scope->arena, source);
    compiler->kind = kind;
    compiler->place.state = kind == LIQUID_KIND_JSON ? JSON_OUTSIDE : HTML_TEXT;
    compiler->declarations = declarations;
    compiler->position = (struct liquid_position){1, 1};
    compiler->counted = compiler->whole.data;
    liquid_push_source(compiler, (struct source){.at = compiler->whole.data,
                                                 .end = compiler->whole.data + source.size});
    went_well = compile_all(compiler);
    if (went_well)
        *ret_program = finished(compiler);
    buffer_clear(&compiler->code);
    buffer_clear(&compiler->positions);
    buffer_clear(&compiler->constants);
    return went_well ? OK : fail(scope, &compiler->fault, ret_fault);
}

struct text liquid_coupon_series(const struct liquid_program *program) {
    return program->coupon_series;
}

bool liquid_names(const struct liquid_program *program, const char *name) {
    for (uint32_t i = 0; i < program->code_count; i++) {
        const struct liquid_instruction *instruction = &program->code[i];

        if ((instruction->operation == OP_GLOBAL || instruction->operation == OP_MEMBER) &&
            text_is(liquid_text_of(program->constants[instruction->b]), name))
            return true;
    }
    return false;
}
