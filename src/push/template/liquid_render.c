// SPDX-License-Identifier: Apache-2.0
// The machine that programs run on. It trusts programs, which only the compiler writes, and nothing
// that values say.
#include "push/template/liquid_locale.h"
#include "push/template/liquid_program.h"

#include <stdlib.h>

// ---- limits ----

void *liquid_scratch(struct liquid_renderer *renderer, size_t size) {
    const size_t begin = (renderer->scratch_used + 15) & ~(size_t)15;

    if (size > LIQUID_MOST_SCRATCH_BYTES || begin > LIQUID_MOST_SCRATCH_BYTES - size) {
        if (!renderer->failure)
            renderer->failure = "its texts and lists need more memory than a template may have";
        return NULL;
    }
    renderer->scratch_used = begin + size;
    renderer->steps -= (int64_t)(size / 32); // it will be written
    return renderer->scratch + begin;
}

bool liquid_work(struct liquid_renderer *renderer, size_t steps) {
    if (renderer->steps >= 0 && (uint64_t)renderer->steps >= steps) {
        renderer->steps -= (int64_t)steps;
        return true;
    }
    renderer->steps = 0;
    if (!renderer->failure)
        renderer->failure = "it takes more steps than a template may take";
    return false;
}

bool liquid_has_room(struct liquid_renderer *renderer, size_t size) {
    const size_t used = renderer->out->size - renderer->out_begin;

    if (size <= LIQUID_MOST_OUTPUT_BYTES && used <= LIQUID_MOST_OUTPUT_BYTES - size)
        return true;
    if (!renderer->failure)
        renderer->failure = "it writes more than a template may write";
    return false;
}

// ---- a renderer ----

struct liquid_renderer *liquid_renderer_new(void) {
    struct liquid_renderer *renderer = calloc(1, sizeof(*renderer));
    char *scratch = malloc(LIQUID_MOST_SCRATCH_BYTES);

    if (!renderer || !scratch)
        abort();
    renderer->scratch = scratch;
    renderer->locale = liquid_locale_find(TEXT("en"));
    return renderer;
}

void liquid_renderer_free(struct liquid_renderer *renderer) {
    if (!renderer)
        return;
    zone_free(renderer->zone);
    buffer_clear(&renderer->zone_name);
    buffer_clear(&renderer->address);
    free(renderer->scratch);
    free(renderer);
}

void liquid_renderer_close(struct liquid_renderer **renderer) {
    liquid_renderer_free(*renderer);
    *renderer = NULL;
}

static code set_zone(struct scope *scope, struct liquid_renderer *renderer, struct text name) {
    struct zone *zone;

    if (renderer->zone && text_equal(buffer_text(&renderer->zone_name), name))
        return OK;
    TRY(zone_open(scope, name, &zone));
    zone_free(renderer->zone);
    renderer->zone = zone;
    renderer->zone_name.size = 0;
    buffer_add_text(&renderer->zone_name, name);
    return OK;
}

code liquid_renderer_set(struct scope *scope, struct liquid_renderer *renderer,
                         const struct liquid_settings *settings) {
    TRY(set_zone(scope, renderer, settings->zone.size > 0 ? settings->zone : TEXT("UTC")));
    renderer->locale = liquid_locale_find(settings->language);
    memset(renderer->currency, 0, sizeof(renderer->currency));
    if (settings->currency.size == 3)
        memcpy(renderer->currency, settings->currency.data, 3);
    renderer->rewrite_link = settings->rewrite_link;
    renderer->rewrite_context = settings->rewrite_context;
    return OK;
}

// ---- loops ----

static uint32_t item_count(struct liquid_value list) {
    const int64_t count = list.type == LIQUID_RANGE && list.range[1] >= list.range[0]
                              ? (int64_t)list.range[1] - list.range[0] + 1
                              : 0;

    if (list.type == LIQUID_RANGE)
        return count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
    return list.type == LIQUID_LIST ? list.count : 0;
}

static uint32_t at_most(struct liquid_value value, uint32_t most) {
    const int64_t given = liquid_to_integer(value);

    return given < 0 ? 0 : given > most ? most : (uint32_t)given;
}

static void set_item(struct liquid_renderer *renderer, const struct liquid_loop *loop) {
    const uint32_t at = loop->is_reversed ? loop->count - 1 - loop->at : loop->at;

    renderer->variables[loop->variable] = liquid_item(loop->list, (int64_t)loop->first + at);
}

// True when there is an item to begin with.
static bool begin_loop(struct liquid_renderer *renderer,
                       const struct liquid_instruction *instruction, struct liquid_value **top) {
    struct liquid_loop *loop = &renderer->loops[renderer->loop_count];

    *loop = (struct liquid_loop){.variable = instruction->a,
                                 .is_reversed = instruction->flag & LIQUID_FOR_REVERSED,
                                 .columns = UINT32_MAX};
    if (instruction->flag & LIQUID_FOR_TABLE) {
        loop->columns = at_most(*(*top)--, UINT32_MAX - 1);
        if (loop->columns == 0)
            loop->columns = UINT32_MAX;
    }
    const struct liquid_value offset =
        instruction->flag & LIQUID_FOR_OFFSET ? *(*top)-- : liquid_integer(0);
    const struct liquid_value limit =
        instruction->flag & LIQUID_FOR_LIMITED ? *(*top)-- : liquid_integer(UINT32_MAX);

    loop->list = *(*top)--;
    loop->count = item_count(loop->list);
    loop->first = at_most(offset, loop->count);
    loop->count = at_most(limit, loop->count - loop->first);
    renderer->loop_count++;
    if (loop->count > 0)
        set_item(renderer, loop);
    return loop->count > 0;
}

static struct liquid_value loop_value(const struct liquid_loop *loop,
                                      enum liquid_loop_value which) {
    const uint32_t column = loop->at % loop->columns;

    switch (which) {
    case LOOP_INDEX:
        return liquid_integer((int64_t)loop->at + 1);
    case LOOP_INDEX0:
        return liquid_integer(loop->at);
    case LOOP_RINDEX:
        return liquid_integer((int64_t)loop->count - loop->at);
    case LOOP_RINDEX0:
        return liquid_integer((int64_t)loop->count - loop->at - 1);
    case LOOP_FIRST:
        return liquid_bool(loop->at == 0);
    case LOOP_LAST:
        return liquid_bool(loop->at + 1 == loop->count);
    case LOOP_LENGTH:
        return liquid_integer(loop->count);
    case LOOP_COLUMN:
        return liquid_integer((int64_t)column + 1);
    case LOOP_COLUMN0:
        return liquid_integer(column);
    case LOOP_COLUMN_FIRST:
        return liquid_bool(column == 0);
    case LOOP_COLUMN_LAST:
        return liquid_bool(column + 1 == loop->columns || loop->at + 1 == loop->count);
    case LOOP_ROW:
        return liquid_integer((int64_t)(loop->at / loop->columns) + 1);
    }
    return (struct liquid_value){.type = LIQUID_NIL};
}

static void begin_cell(struct liquid_renderer *renderer) {
    const struct liquid_loop *loop = &renderer->loops[renderer->loop_count - 1];
    const uint32_t column = loop->at % loop->columns;

    if (!liquid_has_room(renderer, 64))
        return;
    if (column == 0)
        buffer_printf(renderer->out, "<tr class=\"row%u\">", loop->at / loop->columns + 1);
    buffer_printf(renderer->out, "<td class=\"col%u\">", column + 1);
}

static void end_cell(struct liquid_renderer *renderer) {
    const struct liquid_loop *loop = &renderer->loops[renderer->loop_count - 1];
    const bool ends_row =
        loop->at % loop->columns + 1 == loop->columns || loop->at + 1 == loop->count;

    if (!liquid_has_room(renderer, 64))
        return;
    buffer_add_string(renderer->out, ends_row ? "</td></tr>\n" : "</td>");
}

// ---- captures and links ----

static void end_capture(struct liquid_renderer *renderer,
                        const struct liquid_instruction *instruction) {
    const struct liquid_capture *capture = &renderer->captures[--renderer->capture_count];
    const size_t size = renderer->out->size - capture->begin;
    char *data = liquid_scratch(renderer, size);
    struct liquid_value *variable = &renderer->variables[instruction->a];

    renderer->link_begin = capture->link_begin;
    if (!data || !liquid_work(renderer, size / 16))
        return;
    if (size > 0)
        memcpy(data, renderer->out->data + capture->begin, size);
    renderer->out->size = capture->begin;
    *variable = liquid_text((struct text){.data = data, .size = size});
    variable->is_html = instruction->flag;
}

static void end_link(struct liquid_renderer *renderer) {
    const size_t begin = renderer->link_begin;
    struct text written, address;

    renderer->link_begin = SIZE_MAX;
    if (begin == SIZE_MAX || !renderer->rewrite_link)
        return;
    written = (struct text){renderer->out->data + begin, renderer->out->size - begin};
    written = liquid_unescape(renderer, written);
    renderer->address.size = 0;
    buffer_add_text(&renderer->address, written);
    if (renderer->failure || !renderer->rewrite_link(renderer->rewrite_context,
                                                     buffer_text(&renderer->address), &address))
        return;
    renderer->out->size = begin;
    if (liquid_has_room(renderer, address.size * 5))
        liquid_write_escaped(renderer->out, address, false);
}

// ---- values of the stack ----

static struct liquid_value indexed(struct liquid_renderer *renderer, struct liquid_value whole,
                                   struct liquid_value key) {
    if (key.type == LIQUID_INTEGER)
        return liquid_item(whole, key.integer);
    if (key.type != LIQUID_TEXT)
        return (struct liquid_value){.type = LIQUID_NIL};
    liquid_work(renderer, whole.count / 8);
    return liquid_member(whole, liquid_text_of(key), SIZE_MAX);
}

static struct liquid_value range(struct liquid_value from, struct liquid_value to) {
    const int64_t bounds[] = {liquid_to_integer(from), liquid_to_integer(to)};
    struct liquid_value value = {.type = LIQUID_RANGE};

    for (int i = 0; i < 2; i++)
        value.range[i] = bounds[i] < INT32_MIN + 1 ? INT32_MIN + 1
                         : bounds[i] > INT32_MAX   ? INT32_MAX
                                                   : (int32_t)bounds[i];
    return value;
}

static bool compared(struct liquid_renderer *renderer, uint8_t operation, struct liquid_value a,
                     struct liquid_value b) {
    int order;

    liquid_work(renderer, ((uint64_t)a.count + b.count) / 8);
    if (operation == OP_CONTAINS) // a search may begin to match at every byte
        liquid_work(renderer, (uint64_t)a.count / 4 * (1 + b.count / 16));
    switch (operation) {
    case OP_EQUAL:
        return liquid_equal(a, b);
    case OP_NOT_EQUAL:
        return !liquid_equal(a, b);
    case OP_CONTAINS:
        return liquid_contains(a, b);
    default:
        break;
    }
    if (!liquid_compare(a, b, &order))
        return false;
    return operation == OP_LESS            ? order < 0
           : operation == OP_LESS_OR_EQUAL ? order <= 0
           : operation == OP_GREATER       ? order > 0
                                           : order >= 0;
}

// Runs the filter over the last `count` values; gives the place of what it made.
static struct liquid_value *filter(struct liquid_renderer *renderer, struct liquid_value *top,
                                   uint32_t index, size_t count) {
    const struct liquid_filter_entry *entry = liquid_filter_at(index);
    struct liquid_value *values = top - (count - 1);

    for (size_t i = 0; i < count && !entry->takes_html; i++)
        if (values[i].type == LIQUID_TEXT && values[i].is_html)
            values[i] = liquid_text(liquid_unescape(renderer, liquid_text_of(values[i])));
    *values = entry->run(renderer, values, count);
    return values;
}

static struct liquid_value *cycle(struct liquid_renderer *renderer, struct liquid_value *top,
                                  const struct liquid_instruction *instruction) {
    struct liquid_value *counter = &renderer->variables[instruction->a];
    const int64_t turn = counter->type == LIQUID_INTEGER ? counter->integer : 0;
    struct liquid_value *values = top - (instruction->b - 1);

    *counter = liquid_integer((turn + 1) % instruction->b);
    liquid_write(renderer, values[turn % instruction->b], (enum liquid_place)instruction->flag);
    return values - 1;
}

static void count_by(struct liquid_renderer *renderer,
                     const struct liquid_instruction *instruction) {
    struct liquid_value *counter = &renderer->variables[instruction->a];
    const int64_t now = counter->type == LIQUID_INTEGER ? counter->integer : 0;
    const bool up = instruction->operation == OP_COUNT_UP;

    *counter = liquid_integer(up ? now + 1 : now - 1);
    liquid_write(renderer, liquid_integer(up ? now : now - 1),
                 (enum liquid_place)instruction->flag);
}

static void write_literal(struct liquid_renderer *renderer, struct liquid_value literal) {
    if (liquid_has_room(renderer, literal.count))
        buffer_add(renderer->out, literal.data, literal.count);
}

// ---- the machine ----

struct machine {
    struct liquid_renderer *renderer;
    const struct liquid_program *program;
    struct liquid_value values; // what the template may name
    struct liquid_value *top;   // of the stack
    size_t scratch_kept;        // of the scratch memory, what variables may hold
};

// Instructions that make a value of values.
static bool compute(struct machine *machine, const struct liquid_instruction *instruction) {
    struct liquid_renderer *renderer = machine->renderer;
    const struct liquid_value *constant = &machine->program->constants[instruction->b];
    struct liquid_value *top = machine->top;

    switch (instruction->operation) {
    case OP_PUSH:
        *++top = *constant;
        break;
    case OP_GLOBAL:
        *++top = liquid_member(machine->values, liquid_text_of(*constant), instruction->a);
        break;
    case OP_LOAD:
        *++top = renderer->variables[instruction->a];
        break;
    case OP_MEMBER:
        liquid_work(renderer, top->count / 8); // characters or members may be gone over
        *top = liquid_member(*top, liquid_text_of(*constant), instruction->a);
        break;
    case OP_INDEX:
        top--;
        *top = indexed(renderer, top[0], top[1]);
        break;
    case OP_RANGE:
        top--;
        *top = range(top[0], top[1]);
        break;
    case OP_LOOP:
        *++top = loop_value(&renderer->loops[renderer->loop_count - 1 - instruction->a],
                            (enum liquid_loop_value)instruction->b);
        break;
    case OP_FILTER:
        top = filter(renderer, top, instruction->b, instruction->a);
        break;
    case OP_EQUAL:
    case OP_NOT_EQUAL:
    case OP_LESS:
    case OP_LESS_OR_EQUAL:
    case OP_GREATER:
    case OP_GREATER_OR_EQUAL:
    case OP_CONTAINS:
        top--;
        *top = liquid_bool(compared(renderer, instruction->operation, top[0], top[1]));
        break;
    default:
        return false;
    }
    machine->top = top;
    return true;
}

// Instructions that write, or keep what was written.
static void act(struct machine *machine, const struct liquid_instruction *instruction) {
    struct liquid_renderer *renderer = machine->renderer;

    switch (instruction->operation) {
    case OP_LITERAL:
        write_literal(renderer, machine->program->constants[instruction->b]);
        break;
    case OP_OUTPUT: // the last use of what its filters made: the scratch memory is free again
        liquid_write(renderer, *machine->top--, (enum liquid_place)instruction->flag);
        renderer->scratch_used = machine->scratch_kept;
        break;
    case OP_STORE:
        renderer->variables[instruction->a] = *machine->top--;
        machine->scratch_kept = renderer->scratch_used;
        break;
    case OP_COUNT_UP:
    case OP_COUNT_DOWN:
        count_by(renderer, instruction);
        break;
    case OP_CYCLE:
        machine->top = cycle(renderer, machine->top, instruction);
        break;
    case OP_CAPTURE:
        renderer->captures[renderer->capture_count++] =
            (struct liquid_capture){renderer->out->size, renderer->link_begin};
        renderer->link_begin = SIZE_MAX;
        break;
    case OP_CAPTURED:
        end_capture(renderer, instruction);
        machine->scratch_kept = renderer->scratch_used;
        break;
    case OP_LEAVE:
        renderer->loop_count--;
        break;
    case OP_KEEP: {
        const struct liquid_loop *loop = &renderer->loops[renderer->loop_count - 1];

        renderer->variables[instruction->a] = liquid_integer((int64_t)loop->first + loop->count);
        break;
    }
    case OP_CELL:
        begin_cell(renderer);
        break;
    case OP_CELL_END:
        end_cell(renderer);
        break;
    case OP_LINK:
        renderer->link_begin = renderer->out->size;
        break;
    case OP_LINK_END:
        end_link(renderer);
        break;
    default:
        break;
    }
}

// Where the program goes on after an instruction that may go elsewhere.
static uint32_t go(struct machine *machine, const struct liquid_instruction *instruction,
                   uint32_t next) {
    struct liquid_renderer *renderer = machine->renderer;
    struct liquid_loop *loop;

    switch (instruction->operation) {
    case OP_JUMP:
        return instruction->b;
    case OP_JUMP_IF:
        return liquid_is_true(*machine->top--) ? instruction->b : next;
    case OP_JUMP_UNLESS:
        return liquid_is_true(*machine->top--) ? next : instruction->b;
    case OP_AND:
        if (!liquid_is_true(*machine->top))
            return instruction->b;
        machine->top--;
        return next;
    case OP_OR:
        if (liquid_is_true(*machine->top))
            return instruction->b;
        machine->top--;
        return next;
    case OP_FOR:
        // A list that was made for this loop alone lives as long as variables do.
        machine->scratch_kept = renderer->scratch_used;
        return begin_loop(renderer, instruction, &machine->top) ? next : instruction->b;
    case OP_NEXT:
        loop = &renderer->loops[renderer->loop_count - 1];
        if (++loop->at >= loop->count)
            return next;
        set_item(renderer, loop);
        return instruction->b;
    default:
        if (!compute(machine, instruction))
            act(machine, instruction);
        return next;
    }
}

static uint32_t run(struct machine *machine) {
    struct liquid_renderer *renderer = machine->renderer;
    const struct liquid_instruction *instructions = machine->program->code;
    uint32_t at = 0;

    while (instructions[at].operation != OP_END) {
        const uint32_t here = at;

        at = go(machine, &instructions[at], at + 1);
        if (__builtin_expect(renderer->failure != NULL || --renderer->steps < 0, false)) {
            renderer->steps = renderer->steps < 0 ? 0 : renderer->steps;
            liquid_work(renderer, 1);
            return here;
        }
    }
    return at;
}

static void begin(struct liquid_renderer *renderer, const struct liquid_program *program,
                  struct buffer *out) {
    memset(renderer->variables, 0, program->variable_count * sizeof(*renderer->variables));
    renderer->loop_count = renderer->capture_count = 0;
    renderer->link_begin = SIZE_MAX;
    renderer->scratch_used = 0;
    renderer->steps = LIQUID_MOST_STEPS;
    renderer->failure = NULL;
    renderer->out = out;
    renderer->out_begin = out->size;
}

// The line of a message's head has no blanks at its ends.
static void trim_line(struct buffer *out, size_t begin) {
    const struct text line = text_trim((struct text){out->data + begin, out->size - begin});

    if (line.size > 0)
        memmove(out->data + begin, line.data, line.size);
    out->size = begin + line.size;
}

code liquid_render(struct scope *scope, struct liquid_renderer *renderer,
                   const struct liquid_program *program, struct liquid_value values,
                   struct buffer *out) {
    struct machine machine = {.renderer = renderer,
                              .program = program,
                              .values = values,
                              .top = renderer->stack}; // its first value stays unused
    uint32_t at;

    if (!renderer->zone)
        TRY(set_zone(scope, renderer, TEXT("UTC")));
    begin(renderer, program, out);
    at = run(&machine);
    if (renderer->failure) {
        out->size = renderer->out_begin;
        return scope_fail(scope, TOO_LARGE, "line %d, column %d: %s", program->positions[at].line,
                          program->positions[at].column, renderer->failure);
    }
    if (program->kind == LIQUID_KIND_HEADER && out->size > renderer->out_begin)
        trim_line(out, renderer->out_begin);
    return OK;
}
