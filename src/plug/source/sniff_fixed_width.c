// SPDX-License-Identifier: Apache-2.0
// Fixed width is told by places that are blank in every line. A few lines of prose or names have
// such places too, so there must be many lines or a wide gap, and each column must have an edge:
// its texts begin at one place, or end at one.
#include "base/limits.h"
#include "plug/source/sniff.h"
#include "plug/source/window.h"

enum { MOST_CHARACTERS = 4096, FEWEST_LINES = 3, MANY_LINES = 10 };

// A line of the sample, character by character.
struct grid_line {
    struct text text;
    const bool *is_filled; // per character: it is not blank
    size_t width;
};

struct grid {
    struct grid_line *lines;
    size_t line_count;
    size_t width; // of the longest line
    bool *unused; // room for the lines to come
};

static bool fill_line(struct grid *grid, struct text text) {
    struct grid_line line = {.text = text, .is_filled = grid->unused};

    for (size_t i = 0; i < text.size; i++) {
        if (((unsigned char)text.data[i] & 0xC0) == 0x80)
            continue;
        if (line.width == MOST_CHARACTERS || text.data[i] == '\t')
            return false;
        grid->unused[line.width++] = text.data[i] != ' ';
    }
    grid->unused += line.width;
    grid->lines[grid->line_count++] = line;
    grid->width = line.width > grid->width ? line.width : grid->width;
    return true;
}

static bool make_grid(struct scope *scope, struct window *window, struct grid *grid) {
    struct window_line line;
    bool is_end = false;

    *grid = (struct grid){
        .lines = arena_array(&scope->arena, SNIFF_RECORDS, sizeof(*grid->lines)),
        .unused = arena_alloc(&scope->arena, window->end - window->begin),
    };
    while (grid->line_count < SNIFF_RECORDS &&
           window_next_full_line(scope, window, &line, &is_end) == OK && !is_end)
        if (!fill_line(grid, line.text))
            return false;
    return grid->line_count >= FEWEST_LINES;
}

static bool is_filled(const struct grid *grid, size_t line, size_t place) {
    return place < grid->lines[line].width && grid->lines[line].is_filled[place];
}

static bool is_used(const struct grid *grid, size_t place, size_t first_line) {
    for (size_t line = first_line; line < grid->line_count; line++)
        if (is_filled(grid, line, place))
            return true;
    return false;
}

struct edges {
    size_t filled;      // lines with anything in the column
    size_t left, right; // of them, with a character at its first, at its last place
};

static struct edges find_edges(const struct grid *grid, const struct source_column *column) {
    struct edges edges = {0};

    for (size_t line = 1; line < grid->line_count; line++) {
        bool is_any = false;

        for (size_t place = column->start; place < column->start + column->width; place++)
            is_any = is_any || is_filled(grid, line, place);
        edges.filled += is_any;
        edges.left += is_filled(grid, line, column->start);
        edges.right += is_filled(grid, line, column->start + column->width - 1);
    }
    return edges;
}

static bool has_edge(const struct edges *edges, size_t line_count) {
    const size_t most = edges->left > edges->right ? edges->left : edges->right;

    return edges->filled * 5 >= line_count && most * 10 >= edges->filled * 8;
}

// Runs of places that are filled in some line from first_line on.
static size_t find_runs(const struct grid *grid, size_t first_line, struct source_column *columns) {
    size_t count = 0;
    bool is_inside = false;

    for (size_t place = 0; place < grid->width; place++) {
        const bool is_filled_here = is_used(grid, place, first_line);

        if (is_filled_here && !is_inside && count == LIMIT_RECORD_FIELDS)
            return 0;
        if (is_filled_here && !is_inside)
            columns[count++] = (struct source_column){.start = place};
        if (is_filled_here)
            columns[count - 1].width = place + 1 - columns[count - 1].start;
        is_inside = is_filled_here;
    }
    return count;
}

static bool has_wide_gap(const struct source_column *columns, size_t count) {
    for (size_t i = 0; i + 1 < count; i++)
        if (columns[i + 1].start - columns[i].start - columns[i].width > 1)
            return true;
    return false;
}

static size_t count_words(struct text line) {
    size_t count = 0;

    for (struct text rest = text_trim(line); rest.size > 0; rest = text_trim(rest)) {
        text_split(rest, ' ', &rest);
        count++;
    }
    return count;
}

// The columns of all lines, or else of all but a first one with a word for each.
static size_t find_columns(const struct grid *grid, struct source_column *columns,
                           bool *ret_has_odd_first) {
    size_t count = find_runs(grid, 0, columns);

    *ret_has_odd_first = false;
    if (count >= 2)
        return count;
    count = find_runs(grid, 1, columns);
    *ret_has_odd_first = true;
    return count == count_words(grid->lines[0].text) ? count : 0;
}

// Room for values longer than the sample's: the blanks between two columns go to the one whose
// texts end (or begin) raggedly there, but for one place, which stays blank and shows when even
// that is too narrow.
static void spread(const struct edges *edges, struct source_column *columns, size_t count) {
    for (size_t i = 0; i + 1 < count; i++) {
        struct source_column *next = &columns[i + 1];
        const size_t end = columns[i].start + columns[i].width;

        if (edges[i + 1].left < edges[i + 1].right) {
            next->width += next->start - (end + 1);
            next->start = end + 1;
        } else {
            columns[i].width = next->start - 1 - columns[i].start;
        }
    }
    columns[count - 1].width += MOST_CHARACTERS;
    if (edges[0].left < edges[0].right) {
        columns[0].width += columns[0].start;
        columns[0].start = 0;
    }
}

bool sniff_fixed_width(struct scope *scope, const struct sample *sample,
                       struct source_column **ret_columns, size_t *ret_count,
                       bool *ret_has_odd_first) {
    struct source_column *columns =
        arena_array(&scope->arena, LIMIT_RECORD_FIELDS, sizeof(*columns));
    struct edges *edges = arena_array(&scope->arena, LIMIT_RECORD_FIELDS, sizeof(*edges));
    CLEANUP(window_clear) struct window window = {0};
    struct grid grid;
    size_t count;

    window_open_memory(&window, sample->text);
    if (!make_grid(scope, &window, &grid))
        return false;
    count = find_columns(&grid, columns, ret_has_odd_first);
    if (count < 2 || (grid.line_count < MANY_LINES && !has_wide_gap(columns, count)))
        return false;
    for (size_t i = 0; i < count; i++) {
        edges[i] = find_edges(&grid, &columns[i]);
        if (!has_edge(&edges[i], grid.line_count - 1))
            return false;
    }
    spread(edges, columns, count);
    *ret_columns = columns;
    *ret_count = count;
    return true;
}
