// SPDX-License-Identifier: Apache-2.0
// What each tag does. To add one: its function, a row in the table at the end, one in
// liquid_words.c, an example in liquid_test.c and in docs/templates.md.
#include "push/template/liquid_compile.h"

#include "base/nearest.h"

#include <stdio.h>

// ---- blocks ----

static bool block_open(struct compiler *compiler, const char *at, struct block block) {
    if (compiler->block_count == LIQUID_MOST_NESTING)
        return liquid_fault_at(compiler, at, "blocks stand more than %d deep in one another",
                               LIQUID_MOST_NESTING);
    block.position = liquid_position_of(compiler, at);
    block.begin = compiler->place;
    block.source = compiler->source_count;
    block.next = block.ends = block.breaks = block.continues = NOWHERE;
    compiler->blocks[compiler->block_count++] = block;
    return true;
}

static struct block *innermost(struct compiler *compiler) {
    return compiler->block_count > 0 ? &compiler->blocks[compiler->block_count - 1] : NULL;
}

// The innermost block, if it is of this kind and was opened in this source.
static struct block *open_block(struct compiler *compiler, struct text name, enum block_kind kind,
                                enum block_kind or_kind) {
    struct block *block = innermost(compiler);

    if (block && (block->kind == kind || block->kind == or_kind) &&
        block->source == compiler->source_count)
        return block;
    if (block)
        liquid_fault_at(compiler, name.data,
                        "\"%.*s\" does not belong to the \"%s\" of line %d, which is open here",
                        TEXT_ARG(name), block->tag, block->position.line);
    else
        liquid_fault_at(compiler, name.data, "\"%.*s\" belongs to no block", TEXT_ARG(name));
    return NULL;
}

static void patch(struct compiler *compiler, uint32_t jump) {
    if (jump != NOWHERE)
        liquid_instruction_at(compiler, jump)->b = liquid_here(compiler);
}

// A chain of jumps, each naming the one before it.
static void patch_all(struct compiler *compiler, uint32_t jump) {
    while (jump != NOWHERE) {
        const uint32_t before = liquid_instruction_at(compiler, jump)->b;

        patch(compiler, jump);
        jump = before;
    }
}

// What the place that a template stands in is one of.
static const char *language_of(const struct compiler *compiler) {
    return compiler->kind == LIQUID_KIND_JSON ? "JSON" : "HTML";
}

static const char *parts_of(const struct compiler *compiler) {
    return compiler->kind == LIQUID_KIND_JSON ? "quotes" : "a tag or an attribute";
}

// A branch has come to its end: where in the HTML or JSON?
static bool join_branch(struct compiler *compiler, struct block *block, const char *at) {
    if (block->is_dead) {
        block->is_dead = false;
        return true;
    }
    if (!block->has_way) {
        block->way = compiler->place;
        block->has_way = true;
        return true;
    }
    return html_join(&block->way, &compiler->place) ||
           liquid_fault_at(compiler, at,
                           "the branches of the \"%s\" of line %d end in different places of the "
                           "%s: within %s, and not",
                           block->tag, block->position.line, language_of(compiler),
                           parts_of(compiler));
}

static bool close_block(struct compiler *compiler, struct block *block) {
    compiler->block_count--;
    if (block->has_way)
        compiler->place = block->way;
    else if (compiler->block_count > 0) // every branch left: nothing gets here
        innermost(compiler)->is_dead = true;
    return true;
}

// ---- if, unless, case ----

static bool tag_if(struct compiler *compiler, struct text name, struct cursor *cursor) {
    const bool is_unless = text_is(name, "unless");
    struct block block = {.kind = BLOCK_IF, .tag = is_unless ? "unless" : "if"};

    if (!liquid_read_condition(compiler, cursor) || !block_open(compiler, name.data, block))
        return false;
    innermost(compiler)->next =
        liquid_emit(compiler, is_unless ? OP_JUMP_IF : OP_JUMP_UNLESS, 0, 0, NOWHERE);
    return true;
}

// The end of one branch and the beginning of the next.
static bool next_branch(struct compiler *compiler, struct block *block, const char *at) {
    if (!join_branch(compiler, block, at))
        return false;
    block->ends = liquid_emit(compiler, OP_JUMP, 0, 0, block->ends);
    patch(compiler, block->next);
    block->next = NOWHERE;
    compiler->place = block->begin;
    return true;
}

static bool tag_elsif(struct compiler *compiler, struct text name, struct cursor *cursor) {
    struct block *block = open_block(compiler, name, BLOCK_IF, BLOCK_IF);

    if (!block)
        return false;
    if (block->is_else)
        return liquid_fault_at(compiler, name.data, "\"elsif\" stands behind the \"else\"");
    if (!next_branch(compiler, block, name.data) || !liquid_read_condition(compiler, cursor))
        return false;
    block->next = liquid_emit(compiler, OP_JUMP_UNLESS, 0, 0, NOWHERE);
    return true;
}

static bool tag_case(struct compiler *compiler, struct text name, struct cursor *cursor) {
    struct block block = {.kind = BLOCK_CASE, .tag = "case"};
    struct shape shape;

    if (!liquid_read_expression(compiler, cursor, &shape) || !liquid_read_end(compiler, cursor) ||
        !liquid_variable_add(compiler, (struct text){0}, shape, &block.variable))
        return false;
    liquid_emit(compiler, OP_STORE, 0, block.variable, 0);
    if (!block_open(compiler, name.data, block))
        return false;
    innermost(compiler)->next = liquid_emit(compiler, OP_JUMP, 0, 0, NOWHERE);
    return true;
}

// What stands before the first `when` is not written: the jump of `case` goes around it.
static bool tag_when(struct compiler *compiler, struct text name, struct cursor *cursor) {
    struct block *block = open_block(compiler, name, BLOCK_CASE, BLOCK_CASE);
    uint32_t found = NOWHERE;
    bool is_first;

    if (!block)
        return false;
    if (block->is_else)
        return liquid_fault_at(compiler, name.data, "\"when\" stands behind the \"else\"");
    is_first = block->body == 0;
    block->body = 1;
    if (is_first) {
        patch(compiler, block->next);
        compiler->place = block->begin;
    } else if (!next_branch(compiler, block, name.data)) {
        return false;
    }
    do {
        struct shape shape;

        liquid_emit(compiler, OP_LOAD, 0, block->variable, 0);
        compiler->stack = 1;
        if (!liquid_read_value(compiler, cursor, &shape))
            return false;
        liquid_emit(compiler, OP_EQUAL, 0, 0, 0);
        found = liquid_emit(compiler, OP_JUMP_IF, 0, 0, found);
    } while (liquid_read_byte(cursor, ',') || liquid_read_word(cursor, "or"));
    block->next = liquid_emit(compiler, OP_JUMP, 0, 0, NOWHERE);
    patch_all(compiler, found);
    return liquid_read_end(compiler, cursor);
}

static bool loop_else(struct compiler *compiler, struct block *block, const char *at);

static bool tag_else(struct compiler *compiler, struct text name, struct cursor *cursor) {
    struct block *block = innermost(compiler);

    if (!block || block->kind == BLOCK_CAPTURE || block->kind == BLOCK_TABLE)
        block = open_block(compiler, name, BLOCK_IF, BLOCK_CASE);
    else
        block = open_block(compiler, name, block->kind, block->kind);
    if (!block)
        return false;
    if (block->is_else)
        return liquid_fault_at(compiler, name.data, "this is the second \"else\" of the \"%s\"",
                               block->tag);
    if (block->kind == BLOCK_FOR ? !loop_else(compiler, block, name.data)
                                 : !next_branch(compiler, block, name.data))
        return false;
    block->is_else = true;
    return liquid_read_end(compiler, cursor);
}

static bool tag_end_branches(struct compiler *compiler, struct text name, struct cursor *cursor) {
    const bool is_case = text_is(name, "endcase");
    struct block *block = open_block(compiler, name, is_case ? BLOCK_CASE : BLOCK_IF,
                                     is_case ? BLOCK_CASE : BLOCK_IF);

    if (!block)
        return false;
    if (strcmp(block->tag, name.data[3] == 'u' ? "unless" : is_case ? "case" : "if") != 0)
        return liquid_fault_at(compiler, name.data, "the \"%s\" of line %d ends with end%s",
                               block->tag, block->position.line, block->tag);
    if (!join_branch(compiler, block, name.data))
        return false;
    if (!block->is_else) { // none of the branches is a way as well
        compiler->place = block->begin;
        if (!join_branch(compiler, block, name.data))
            return false;
    }
    patch(compiler, block->next);
    patch_all(compiler, block->ends);
    return close_block(compiler, block) && liquid_read_end(compiler, cursor);
}

// ---- for, tablerow ----

struct loop_words {
    uint8_t flags;
    bool continues; // offset: continue
    struct text list;
};

// Where the loop of this variable over this list ended last.
static bool loop_keeps(struct compiler *compiler, struct text variable, struct text list,
                       uint16_t *ret_keeps) {
    const struct text name =
        text_printf(&compiler->scope->arena, "%.*s-%.*s", TEXT_ARG(variable), TEXT_ARG(list));

    for (size_t i = 0; i < compiler->variable_count; i++)
        if (text_equal(compiler->variables[i].name, name)) {
            *ret_keeps = (uint16_t)i;
            return true;
        }
    if (!liquid_variable_add(compiler, (struct text){0}, (struct shape){0}, ret_keeps))
        return false;
    compiler->variables[*ret_keeps].name = name; // with its blank it is none that can be written
    return true;
}

// Which of the words stands here, and gets behind it; `count`: none.
static size_t read_one_of(struct cursor *cursor, const char *const *words, size_t count) {
    size_t i = 0;

    while (i < count && !liquid_read_word(cursor, words[i]))
        i++;
    return i;
}

static bool read_loop_words(struct compiler *compiler, struct cursor *cursor, uint16_t keeps,
                            bool is_table, struct loop_words *words) {
    struct cursor limit = {0}, offset = {0}, columns = {0};
    struct cursor *const given[] = {&limit, &offset, &columns};
    static const char *const names[] = {"limit", "offset", "cols"};
    const size_t word_count = is_table ? 3 : 2;
    struct shape shape;

    for (;;) {
        const char *at = cursor->at;
        size_t i;

        liquid_read_byte(cursor, ',');
        if (!is_table && liquid_read_word(cursor, "reversed")) {
            words->flags |= LIQUID_FOR_REVERSED;
            continue;
        }
        i = read_one_of(cursor, names, word_count);
        if (i == word_count)
            break;
        if (!liquid_read_byte(cursor, ':'))
            return liquid_fault_at(compiler, at, "\":\" is missing behind %s", names[i]);
        *given[i] = *cursor;
        // Read once to get behind it; what it wrote is taken back and written in its turn below.
        const size_t code_size = compiler->code.size, positions_size = compiler->positions.size;
        const int stack = compiler->stack;

        if (i == 1 && liquid_read_word(cursor, "continue"))
            words->continues = true;
        else if (!liquid_read_value(compiler, cursor, &shape))
            return false;
        compiler->code.size = code_size;
        compiler->positions.size = positions_size;
        compiler->stack = stack;
    }
    if (limit.at && !liquid_read_value(compiler, &limit, &shape))
        return false;
    if (words->continues)
        liquid_emit(compiler, OP_LOAD, 0, keeps, 0);
    else if (offset.at && !liquid_read_value(compiler, &offset, &shape))
        return false;
    if (columns.at && !liquid_read_value(compiler, &columns, &shape))
        return false;
    if (is_table && !columns.at)
        liquid_emit(compiler, OP_PUSH, 0, 0, liquid_constant(compiler, liquid_integer(0)));
    words->flags |=
        (uint8_t)((limit.at ? LIQUID_FOR_LIMITED : 0) | (offset.at ? LIQUID_FOR_OFFSET : 0) |
                  (is_table ? LIQUID_FOR_TABLE : 0));
    return liquid_read_end(compiler, cursor);
}

static bool tag_for(struct compiler *compiler, struct text name, struct cursor *cursor) {
    const bool is_table = text_is(name, "tablerow");
    struct block block = {.kind = is_table ? BLOCK_TABLE : BLOCK_FOR,
                          .tag = is_table ? "tablerow" : "for"};
    const struct text item = liquid_read_name(cursor);
    struct loop_words words = {0};
    struct shape shape;
    struct block *open;

    if (item.size == 0 || !liquid_read_word(cursor, "in"))
        return liquid_fault_at(compiler, name.data, "a loop is written: %s item in list",
                               block.tag);
    liquid_skip_blanks(cursor);
    words.list.data = cursor->at;
    if (!liquid_read_value(compiler, cursor, &shape))
        return false;
    words.list.size = (size_t)(cursor->at - words.list.data);
    if (shape.what && (shape.is_item || (shape.what->type != LIQUID_LIST && !shape.what->is_open)))
        return liquid_fault_at(compiler, words.list.data, "\"%.*s\" is no list",
                               TEXT_ARG(text_trim(words.list)));
    if (!loop_keeps(compiler, item, text_trim(words.list), &block.keeps) ||
        !read_loop_words(compiler, cursor, block.keeps, is_table, &words))
        return false;
    if (is_table && compiler->kind == LIQUID_KIND_HEADER)
        return liquid_fault_at(compiler, name.data, "a tablerow cannot stand in a subject");
    if (is_table && compiler->kind == LIQUID_KIND_JSON)
        return liquid_fault_at(compiler, name.data, "a tablerow cannot stand in JSON");
    if (is_table && compiler->kind == LIQUID_KIND_HTML && compiler->place.state != HTML_TEXT)
        return liquid_fault_at(compiler, name.data,
                               "a tablerow writes tags: it cannot stand in one");
    html_join(&compiler->place, &compiler->place); // a tag's name that stands here is whole
    if (!block_open(compiler, name.data, block))
        return false;
    open = innermost(compiler);
    if (!liquid_variable_add(compiler, item,
                             (struct shape){.what = shape.what, .is_item = shape.what != NULL},
                             &open->variable))
        return false;
    if (shape.what && shape.what->type != LIQUID_LIST)
        compiler->variables[open->variable].shape = (struct shape){0};
    open->next = liquid_emit(compiler, OP_FOR, words.flags, open->variable, NOWHERE);
    open->body = liquid_here(compiler);
    if (is_table)
        liquid_emit(compiler, OP_CELL, 0, 0, 0);
    return true;
}

// The item of a loop cannot be named behind it; what was assigned in the loop can.
static void hide(struct compiler *compiler, uint16_t variable) {
    size_t i = compiler->visible_count;

    while (i > 0 && compiler->visible[i - 1] != variable)
        i--;
    if (i == 0)
        return;
    compiler->visible_count--;
    memmove(&compiler->visible[i - 1], &compiler->visible[i],
            (compiler->visible_count - (i - 1)) * sizeof(*compiler->visible));
}

// The end of a loop's body: the next round, or out of it.
static bool end_body(struct compiler *compiler, struct block *block, const char *at) {
    struct html_place end = compiler->place;

    if (!block->is_dead &&
        (!html_join(&end, &block->begin) || memcmp(&end, &block->begin, sizeof(end)) != 0))
        return liquid_fault_at(compiler, at,
                               "the \"%s\" of line %d ends in another place of the %s than it "
                               "begins in",
                               block->tag, block->position.line, language_of(compiler));
    block->is_dead = false;
    patch_all(compiler, block->continues);
    if (block->kind == BLOCK_TABLE)
        liquid_emit(compiler, OP_CELL_END, 0, 0, 0);
    liquid_emit(compiler, OP_NEXT, 0, 0, block->body);
    liquid_emit(compiler, OP_KEEP, 0, block->keeps, 0);
    patch_all(compiler, block->breaks);
    block->breaks = block->continues = NOWHERE;
    compiler->place = block->begin;
    hide(compiler, block->variable);
    return true;
}

static bool loop_else(struct compiler *compiler, struct block *block, const char *at) {
    if (!end_body(compiler, block, at))
        return false;
    block->way = block->begin;
    block->has_way = true;
    liquid_emit(compiler, OP_LEAVE, 0, 0, 0);
    block->ends = liquid_emit(compiler, OP_JUMP, 0, 0, block->ends);
    patch(compiler, block->next);
    block->next = NOWHERE;
    liquid_emit(compiler, OP_LEAVE, 0, 0, 0);
    return true;
}

static bool tag_end_for(struct compiler *compiler, struct text name, struct cursor *cursor) {
    const enum block_kind kind = text_is(name, "endfor") ? BLOCK_FOR : BLOCK_TABLE;
    struct block *block = open_block(compiler, name, kind, kind);

    if (!block)
        return false;
    if (block->is_else) {
        if (!join_branch(compiler, block, name.data))
            return false;
        patch_all(compiler, block->ends);
        return close_block(compiler, block) && liquid_read_end(compiler, cursor);
    }
    if (!end_body(compiler, block, name.data))
        return false;
    patch(compiler, block->next);
    liquid_emit(compiler, OP_LEAVE, 0, 0, 0);
    return close_block(compiler, block) && liquid_read_end(compiler, cursor);
}

static bool tag_break(struct compiler *compiler, struct text name, struct cursor *cursor) {
    struct block *loop = NULL;
    struct html_place place = compiler->place;

    for (size_t i = compiler->block_count; i > 0 && !loop; i--) {
        struct block *block = &compiler->blocks[i - 1];

        if (block->kind == BLOCK_CAPTURE)
            return liquid_fault_at(compiler, name.data, "%.*s cannot leave a capture",
                                   TEXT_ARG(name));
        if ((block->kind == BLOCK_FOR || block->kind == BLOCK_TABLE) && !block->is_else)
            loop = block;
    }
    if (!loop)
        return liquid_fault_at(compiler, name.data, "%.*s stands in no loop", TEXT_ARG(name));
    if (loop->kind == BLOCK_TABLE && text_is(name, "break"))
        return liquid_fault_at(compiler, name.data, "a tablerow is not left with break; use limit");
    if (!html_join(&place, &loop->begin) || memcmp(&place, &loop->begin, sizeof(place)) != 0)
        return liquid_fault_at(compiler, name.data,
                               "%.*s stands in another place of the %s than the loop begins in",
                               TEXT_ARG(name), language_of(compiler));
    if (text_is(name, "break"))
        loop->breaks = liquid_emit(compiler, OP_JUMP, 0, 0, loop->breaks);
    else
        loop->continues = liquid_emit(compiler, OP_JUMP, 0, 0, loop->continues);
    innermost(compiler)->is_dead = true;
    return liquid_read_end(compiler, cursor);
}

// ---- variables ----

static bool new_variable(struct compiler *compiler, struct text name, struct shape shape,
                         uint16_t *ret_variable) {
    const int known = liquid_variable_find(compiler, name);

    if (name.size == 0)
        return liquid_fault_at(compiler, compiler->counted, "the name of a variable is missing");
    if (text_is(name, "forloop") || text_is(name, "tablerowloop"))
        return liquid_fault_at(compiler, name.data, "\"%.*s\" cannot be a variable",
                               TEXT_ARG(name));
    if (known < 0)
        return liquid_variable_add(compiler, name, shape, ret_variable);
    if (compiler->variables[known].shape.what != shape.what ||
        compiler->variables[known].shape.is_item != shape.is_item)
        compiler->variables[known].shape = (struct shape){0};
    *ret_variable = (uint16_t)known;
    return true;
}

// A variable outlives the block that makes it.
static bool tag_assign(struct compiler *compiler, struct text name, struct cursor *cursor) {
    const struct text variable_name = liquid_read_name(cursor);
    struct shape shape;
    uint16_t variable = 0;

    (void)name;
    if (!liquid_read_byte(cursor, '='))
        return liquid_fault_at(compiler, cursor->at,
                               "an assignment is written: assign name = value");
    if (!liquid_read_expression(compiler, cursor, &shape) || !liquid_read_end(compiler, cursor))
        return false;
    shape = shape.what && shape.what->is_trusted ? (struct shape){0} : shape;
    if (!new_variable(compiler, variable_name, shape, &variable))
        return false;
    liquid_emit(compiler, OP_STORE, 0, variable, 0);
    return true;
}

static bool tag_capture(struct compiler *compiler, struct text name, struct cursor *cursor) {
    struct block block = {.kind = BLOCK_CAPTURE, .tag = "capture"};
    const struct text variable_name = liquid_read_name(cursor);

    if (!liquid_read_end(compiler, cursor) ||
        !new_variable(compiler, variable_name, (struct shape){0}, &block.variable) ||
        !block_open(compiler, name.data, block))
        return false;
    liquid_emit(compiler, OP_CAPTURE, 0, 0, 0);
    compiler->place = (struct html_place){0};
    return true;
}

static bool tag_end_capture(struct compiler *compiler, struct text name, struct cursor *cursor) {
    struct block *block = open_block(compiler, name, BLOCK_CAPTURE, BLOCK_CAPTURE);

    if (!block)
        return false;
    if (compiler->place.state != HTML_TEXT)
        return liquid_fault_at(compiler, name.data,
                               "the capture of line %d ends within a tag of HTML",
                               block->position.line);
    liquid_emit(compiler, OP_CAPTURED, compiler->kind == LIQUID_KIND_HTML, block->variable, 0);
    compiler->place = block->begin;
    compiler->block_count--;
    return liquid_read_end(compiler, cursor);
}

// Counters have names of their own, apart from variables'.
static bool counter(struct compiler *compiler, const char *kind, struct text name,
                    uint16_t *ret_variable) {
    const struct text own = text_printf(&compiler->scope->arena, "%s-%.*s", kind, TEXT_ARG(name));

    for (size_t i = 0; i < compiler->variable_count; i++)
        if (text_equal(compiler->variables[i].name, own)) {
            *ret_variable = (uint16_t)i;
            return true;
        }
    if (!liquid_variable_add(compiler, (struct text){0}, (struct shape){0}, ret_variable))
        return false;
    compiler->variables[*ret_variable].name = own;
    return true;
}

static bool tag_count(struct compiler *compiler, struct text name, struct cursor *cursor) {
    const struct text counted = liquid_read_name(cursor);
    enum liquid_place place;
    uint16_t variable;

    if (counted.size == 0)
        return liquid_fault_at(compiler, name.data, "the name of a counter is missing");
    if (!counter(compiler, " count", counted, &variable) || !liquid_read_end(compiler, cursor) ||
        !liquid_place_here(compiler, name.data, &place))
        return false;
    liquid_emit(compiler, text_is(name, "increment") ? OP_COUNT_UP : OP_COUNT_DOWN, (uint8_t)place,
                variable, 0);
    return true;
}

// {% cycle "a", "b" %}, {% cycle "group": "a", "b" %}: a turn for each group, or list of values.
static bool tag_cycle(struct compiler *compiler, struct text name, struct cursor *cursor) {
    struct text group = text_trim((struct text){cursor->at, (size_t)(cursor->end - cursor->at)});
    enum liquid_place place;
    struct shape shape;
    uint16_t variable;
    uint32_t count = 0;

    do {
        const char *begin = cursor->at;
        const size_t code_size = compiler->code.size, positions_size = compiler->positions.size;

        if (!liquid_read_value(compiler, cursor, &shape))
            return false;
        count++;
        if (count == 1 && liquid_read_byte(cursor, ':')) {
            group = text_trim((struct text){begin, (size_t)(cursor->at - 1 - begin)});
            compiler->code.size = code_size;
            compiler->positions.size = positions_size;
            compiler->stack = 0;
            count = 0;
            continue;
        }
        if (!liquid_read_byte(cursor, ','))
            break;
    } while (true);
    if (!counter(compiler, " cycle", group, &variable) || !liquid_read_end(compiler, cursor) ||
        !liquid_place_here(compiler, name.data, &place))
        return false;
    liquid_emit(compiler, OP_CYCLE, (uint8_t)place, variable, count);
    return true;
}

// ---- echo, liquid ----

static bool tag_echo(struct compiler *compiler, struct text name, struct cursor *cursor) {
    enum liquid_place place;
    struct shape shape;

    if (!liquid_read_expression(compiler, cursor, &shape) || !liquid_read_end(compiler, cursor) ||
        !liquid_place_here(compiler, name.data, &place))
        return false;
    liquid_emit(compiler, OP_OUTPUT, (uint8_t)place, 0, 0);
    return true;
}

static bool tag_liquid(struct compiler *compiler, struct text name, struct cursor *cursor) {
    (void)name;
    return liquid_push_source(
        compiler, (struct source){.at = cursor->at, .end = cursor->end, .is_lines = true});
}

// ---- blocks of our own: written in the language itself ----

#define PRODUCT_PARTS                                                                              \
    "{% if product.image_url %}<a href=\"{{ product.url }}\"><img src=\"{{ product.image_url }}\"" \
    " alt=\"{{ product.name }}\" width=\"160\" style=\"max-width:100%;border:0\"></a><br>"         \
    "{% endif %}{% if product.url %}<a href=\"{{ product.url }}\">{{ product.name }}</a>"          \
    "{% else %}{{ product.name }}{% endif %}{% if product.price %}<br>"                            \
    "<strong>{{ product.price | money }}</strong>{% endif %}"

static const char products_html[] =
    "{% if our_list.size > 0 %}<table role=\"presentation\" width=\"100%\" cellpadding=\"8\" "
    "cellspacing=\"0\" border=\"0\">{% tablerow product in our_list cols: our_columns "
    "limit: our_limit %}" PRODUCT_PARTS "{% endtablerow %}</table>{% endif %}";
static const char products_text[] =
    "{% for product in our_list limit: our_limit %}- {{ product.name }}"
    "{% if product.price %}, {{ product.price | money }}{% endif %}"
    "{% if product.url %}\n  {{ product.url }}{% endif %}\n{% endfor %}";
static const char coupon_html[] =
    "{% if coupon.code %}<table role=\"presentation\" align=\"center\" cellpadding=\"16\" "
    "cellspacing=\"0\" border=\"0\"><tr><td align=\"center\" style=\"border:2px dashed #767676\">"
    "{% if coupon.value %}{{ coupon.value }}<br>{% endif %}"
    "<strong style=\"font-size:24px;letter-spacing:2px\">{{ coupon.code }}</strong>"
    "{% if coupon.expires %}<br>{{ coupon.expires | date: \"%x\" }}{% endif %}"
    "</td></tr></table>{% endif %}";
static const char coupon_text[] =
    "{% if coupon.code %}{{ coupon.code }}{% if coupon.value %} ({{ coupon.value }}){% endif %}"
    "{% if coupon.expires %}, {{ coupon.expires | date: \"%x\" }}{% endif %}{% endif %}";

static bool push_ours(struct compiler *compiler, const char *html, const char *text) {
    const char *ours = compiler->kind == LIQUID_KIND_HTML ? html : text;

    return liquid_push_source(
        compiler, (struct source){.at = ours, .end = ours + strlen(ours), .is_ours = true});
}

static bool store_value(struct compiler *compiler, const char *name, struct shape shape) {
    uint16_t variable;

    if (!new_variable(compiler, text_of(name), shape, &variable))
        return false;
    compiler->variables[variable].shape = shape; // each block has its own list
    liquid_emit(compiler, OP_STORE, 0, variable, 0);
    compiler->stack = 0;
    return true;
}

static bool store_number(struct compiler *compiler, struct cursor *cursor, const char *word,
                         const char *name, int64_t otherwise) {
    struct shape shape = {0};

    liquid_read_byte(cursor, ',');
    if (!liquid_read_word(cursor, word)) {
        liquid_emit(compiler, OP_PUSH, 0, 0, liquid_constant(compiler, liquid_integer(otherwise)));
    } else {
        if (!liquid_read_byte(cursor, ':'))
            return liquid_fault_at(compiler, cursor->at, "\":\" is missing behind %s", word);
        if (!liquid_read_value(compiler, cursor, &shape))
            return false;
    }
    return store_value(compiler, name, (struct shape){0});
}

// {% products recommendations columns: 3 limit: 6 %}
static bool tag_products(struct compiler *compiler, struct text name, struct cursor *cursor) {
    struct shape shape;

    if (!liquid_read_value(compiler, cursor, &shape))
        return false;
    if (shape.what && (shape.is_item || shape.what->type != LIQUID_LIST))
        return liquid_fault_at(compiler, name.data, "products needs a list of products");
    return store_value(compiler, "our_list", shape) &&
           store_number(compiler, cursor, "columns", "our_columns", 2) &&
           store_number(compiler, cursor, "limit", "our_limit", 6) &&
           liquid_read_end(compiler, cursor) && push_ours(compiler, products_html, products_text);
}

// The series, in quotes: it is known before anything is rendered, so that it can be checked.
static bool name_series(struct compiler *compiler, struct text tag, struct cursor *cursor) {
    const char quote = *cursor->at;
    const char *begin = cursor->at + 1;
    const char *end = memchr(begin, quote, (size_t)(cursor->end - begin));
    const struct text series = {begin, end ? (size_t)(end - begin) : 0};

    if (series.size == 0)
        return liquid_fault_at(compiler, tag.data, "the name of the series has no end");
    if (compiler->kind == LIQUID_KIND_LETTER)
        return liquid_fault_at(compiler, tag.data,
                               "a letter's coupon is written [[coupon %.*s]] on a line of its own",
                               TEXT_ARG(series));
    if (compiler->coupon_series.size > 0 && !text_equal(compiler->coupon_series, series))
        return liquid_fault_at(compiler, tag.data, "a template gives coupons of one series");
    compiler->coupon_series = series;
    cursor->at = end + 1;
    return true;
}

static bool is_quoted(const struct cursor *cursor) {
    return cursor->at < cursor->end && (*cursor->at == '"' || *cursor->at == '\'');
}

// {% coupon %}, {% coupon "spring" %}
static bool tag_coupon(struct compiler *compiler, struct text name, struct cursor *cursor) {
    liquid_skip_blanks(cursor);
    if (is_quoted(cursor) && !name_series(compiler, name, cursor))
        return false;
    return liquid_read_end(compiler, cursor) && push_ours(compiler, coupon_html, coupon_text);
}

// {% coupon_series "spring" %}: writes nothing itself
static bool tag_coupon_series(struct compiler *compiler, struct text name, struct cursor *cursor) {
    liquid_skip_blanks(cursor);
    if (!is_quoted(cursor))
        return liquid_fault_at(compiler, name.data, "coupon_series needs a name in quotes");
    return name_series(compiler, name, cursor) && liquid_read_end(compiler, cursor);
}

// ---- what is refused ----

static bool tag_refused(struct compiler *compiler, struct text name, struct cursor *cursor) {
    (void)cursor;
    return liquid_fault_at(compiler, name.data,
                           "\"%.*s\" takes in another file, which a template cannot: write its "
                           "text here",
                           TEXT_ARG(name));
}

// ---- the table ----

static const struct {
    const char *name;
    bool (*run)(struct compiler *compiler, struct text name, struct cursor *cursor);
} tags[] = {
    {"assign", tag_assign},
    {"break", tag_break},
    {"capture", tag_capture},
    {"case", tag_case},
    {"continue", tag_break},
    {"coupon", tag_coupon},
    {"coupon_series", tag_coupon_series},
    {"cycle", tag_cycle},
    {"decrement", tag_count},
    {"echo", tag_echo},
    {"else", tag_else},
    {"elsif", tag_elsif},
    {"endcapture", tag_end_capture},
    {"endcase", tag_end_branches},
    {"endfor", tag_end_for},
    {"endif", tag_end_branches},
    {"endtablerow", tag_end_for},
    {"endunless", tag_end_branches},
    {"for", tag_for},
    {"if", tag_if},
    {"include", tag_refused},
    {"increment", tag_count},
    {"layout", tag_refused},
    {"liquid", tag_liquid},
    {"products", tag_products},
    {"render", tag_refused},
    {"section", tag_refused},
    {"tablerow", tag_for},
    {"unless", tag_if},
    {"when", tag_when},
};
enum { TAG_COUNT = sizeof(tags) / sizeof(*tags) };

bool liquid_tag(struct compiler *compiler, struct text name, struct cursor cursor) {
    const char *names[TAG_COUNT];
    const char *near;

    for (size_t i = 0; i < TAG_COUNT; i++) {
        if (text_is(name, tags[i].name))
            return tags[i].run(compiler, name, &cursor) && !compiler->has_fault;
        names[i] = tags[i].name;
    }
    near = nearest(name, names, TAG_COUNT);
    return liquid_fault_at(
        compiler, name.data, "there is no tag \"%.*s\"%s", TEXT_ARG(name),
        near ? arena_printf(&compiler->scope->arena, "; did you mean \"%s\"?", near) : "");
}
