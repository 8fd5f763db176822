// SPDX-License-Identifier: Apache-2.0
#include "cli/bar.h"

#include "cli/output.h"

#include <sys/ioctl.h>
#include <time.h>

enum {
    FIRST_DRAWN_AFTER_US = 400000,
    DRAWN_EVERY_US = 100000,
    LINE_EVERY_US = 5000000,
    BAR_CELLS = 24,
    USUAL_WIDTH = 80,
};

static int64_t monotonic_us(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

// ---- the text ----

static void add_count(struct buffer *out, int64_t count) {
    const struct json number = {.type = JSON_INT64, .int64 = count};

    output_scalar(out, &number);
}

static void add_amount(struct buffer *out, int64_t count, bool is_bytes) {
    if (!is_bytes)
        add_count(out, count);
    else if (count >= 1000000000)
        buffer_printf(out, "%.1f GB", (double)count / 1e9);
    else if (count >= 1000000)
        buffer_printf(out, "%.1f MB", (double)count / 1e6);
    else
        buffer_printf(out, "%.0f kB", (double)count / 1e3);
}

static void add_duration(struct buffer *out, double seconds) {
    const int64_t whole = (int64_t)(seconds + 0.5);

    if (whole < 60)
        buffer_printf(out, "%d s", (int)whole);
    else if (whole < 3600)
        buffer_printf(out, "%d min %02d s", (int)(whole / 60), (int)(whole % 60));
    else
        buffer_printf(out, "%d h %02d min", (int)(whole / 3600), (int)(whole / 60 % 60));
}

static void add_bar(struct buffer *out, double share) {
    const int filled = (int)(share * BAR_CELLS);

    buffer_add_string(out, "  ");
    for (int i = 0; i < BAR_CELLS; i++)
        buffer_add_string(out, i < filled ? "█" : "░");
}

static void add_counts(struct buffer *out, const struct bar_state *state) {
    const bool is_bytes = strcmp(state->unit, "bytes") == 0;

    buffer_add_string(out, "  ");
    add_amount(out, state->done, is_bytes);
    if (state->total > 0) {
        buffer_add_string(out, " of ");
        add_amount(out, state->total, is_bytes);
    }
    if (!is_bytes)
        buffer_printf(out, " %s", state->unit);
}

// Nothing is said of the speed before there is half a second to judge it by.
static void add_speed(struct buffer *out, const struct bar_state *state) {
    const double seconds = (double)state->elapsed_us / 1e6;
    const double rate = seconds > 0 ? (double)(state->done - state->begin_done) / seconds : 0;

    if (seconds < 0.5 || rate <= 0)
        return;
    buffer_add_string(out, "  ");
    add_amount(out, (int64_t)(rate + 0.5), strcmp(state->unit, "bytes") == 0);
    buffer_add_string(out, "/s");
    if (state->total > state->done) {
        buffer_add_string(out, "  ");
        add_duration(out, (double)(state->total - state->done) / rate);
        buffer_add_string(out, " left");
    }
}

void bar_format(struct buffer *out, const struct bar_state *state, int width) {
    const double share = state->total > 0 ? (double)state->done / (double)state->total : -1;
    const size_t begin = out->size;
    struct buffer part = {0};
    void (*const parts[])(struct buffer *, const struct bar_state *) = {add_counts, add_speed};

    output_safe_text(out, text_of(state->stage));
    if (share >= 0 && width >= BAR_CELLS * 2)
        add_bar(out, share > 1 ? 1 : share);
    if (share >= 0)
        buffer_printf(out, "  %d%%", share > 1 ? 100 : (int)(share * 100));
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        const struct text so_far = {.data = out->data + begin, .size = out->size - begin};

        part.size = 0;
        parts[i](&part, state);
        // A line that wraps could not be drawn over.
        if (width <= 0 || output_width(so_far) + output_width(buffer_text(&part)) < (size_t)width)
            buffer_add_text(out, buffer_text(&part));
    }
    buffer_clear(&part);
}

// ---- the receiver ----

static int terminal_width(FILE *terminal) {
    struct winsize size;

    return ioctl(fileno(terminal), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                              : USUAL_WIDTH;
}

void bar_clear(struct bar *bar) {
    if (!bar->is_drawn)
        return;
    fputs("\r\x1b[K", bar->out);
    fflush(bar->out);
    bar->is_drawn = false;
}

static void draw(struct bar *bar, const struct bar_state *state) {
    struct buffer line = {0};

    bar_format(&line, state, bar->is_terminal ? terminal_width(bar->out) : 0);
    if (bar->is_terminal)
        fprintf(bar->out, "\r%s\x1b[K", buffer_string(&line));
    else
        fprintf(bar->out, "tessera: %s\n", buffer_string(&line));
    fflush(bar->out);
    bar->is_drawn = bar->is_terminal;
    buffer_clear(&line);
}

static void report(struct progress *progress, const char *stage, int64_t done, int64_t total,
                   const char *unit) {
    struct bar *bar = (struct bar *)progress;
    const int64_t now_us = monotonic_us();
    int64_t due_us;

    if (!bar->out)
        return;
    if (strncmp(bar->stage, stage, sizeof(bar->stage) - 1) != 0) {
        snprintf(bar->stage, sizeof(bar->stage), "%s", stage);
        bar->stage_begin_us = now_us;
        bar->stage_begin_done = done;
        if (bar->is_terminal && !bar->is_drawn)
            bar->drawn_at_us = now_us - DRAWN_EVERY_US + FIRST_DRAWN_AFTER_US;
        else if (bar->drawn_at_us == 0)
            bar->drawn_at_us = now_us;
    }
    due_us = bar->drawn_at_us + (bar->is_terminal ? DRAWN_EVERY_US : LINE_EVERY_US);
    if (now_us < due_us)
        return;
    bar->drawn_at_us = now_us;
    draw(bar, &(struct bar_state){.stage = stage,
                                  .unit = unit,
                                  .done = done,
                                  .total = total,
                                  .begin_done = bar->stage_begin_done,
                                  .elapsed_us = now_us - bar->stage_begin_us});
}

static void note(struct progress *progress, const char *line) {
    struct bar *bar = (struct bar *)progress;
    struct buffer safe = {0};

    if (!bar->out)
        return;
    bar_clear(bar);
    output_safe_text(&safe, text_of(line));
    fprintf(bar->out, "tessera: %s\n", buffer_string(&safe));
    buffer_clear(&safe);
}

void bar_init(struct bar *bar, FILE *out, bool is_terminal) {
    *bar = (struct bar){
        .progress = {.report = report, .note = note}, .out = out, .is_terminal = is_terminal};
}
