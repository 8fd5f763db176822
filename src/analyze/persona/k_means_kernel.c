// SPDX-License-Identifier: Apache-2.0
#include "analyze/persona/k_means_kernel.h"

#include "analyze/kernel/lanes.h"
#include "analyze/kernel/parallel.h"
#include "base/random.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    PIECE = 4096, // points whose sums are one number; part of what results are
    ITERATIONS = 300,
    AHEAD = 8,          // points that are fetched before their turn
    CANDIDATES = LANES, // of k-means++, at most
};
static const uint32_t nowhere = UINT32_MAX;

code points_check(struct scope *scope, const struct points *points) {
    if (points->count == 0 || points->dimensions == 0)
        return scope_fail(scope, INVALID, "there is nothing to group: %zu points of %zu numbers",
                          points->count, points->dimensions);
    if (points->dimensions > K_MEANS_DIMENSIONS_MOST)
        return scope_fail(scope, INVALID, "%zu features are more than %d", points->dimensions,
                          K_MEANS_DIMENSIONS_MOST);
    for (size_t i = 0; i < points->count * points->dimensions; i++)
        if (!isfinite(points->values[i]))
            return scope_fail(scope, INVALID, "number %zu of point %zu is not finite",
                              i % points->dimensions + 1, i / points->dimensions + 1);
    return OK;
}

static double square_between(const double *a, const double *b, size_t dimensions) {
    double sum = 0;

    for (size_t j = 0; j < dimensions; j++)
        sum += (a[j] - b[j]) * (a[j] - b[j]);
    return sum;
}

// Centres by column, for lanes_distances; what fills up is infinitely far.
static void by_column(const double *centres, size_t k, size_t dimensions, double *ret_columns) {
    const size_t padded = lanes_padded(k);

    for (size_t j = 0; j < dimensions; j++)
        for (size_t c = 0; c < padded; c++)
            ret_columns[j * padded + c] = c < k ? centres[c * dimensions + j] : INFINITY;
}

struct nearest {
    uint32_t label;
    double square, second; // squared distances
};

static struct nearest nearest_of(const double *squares, size_t k) {
    struct nearest nearest = {0, squares[0], INFINITY};

    for (size_t c = 1; c < k; c++) { // without branches, which could not be foretold
        const double square = squares[c];
        const double other = square > nearest.square ? square : nearest.square;

        nearest.second = other < nearest.second ? other : nearest.second;
        nearest.label = square < nearest.square ? (uint32_t)c : nearest.label;
        nearest.square = square < nearest.square ? square : nearest.square;
    }
    return nearest;
}

// ---- one start ----

struct lloyd {
    const struct points *points;
    size_t k, padded, pieces;
    int threads;
    double slack;               // what rounding can do to a bound
    double *columns;            // centres by column
    double *centres, *previous; // k × dimensions
    double *shifts;             // k: how far each centre moved last
    double *drops;              // k: how far one of the other centres moved at most
    double *half_gaps;          // k: half the distance to the nearest other centre
    bool is_first;              // nobody has a centre yet
    uint32_t *labels;
    double *uppers, *lowers;
    double *sums;       // k × dimensions, of the points of each centre
    int64_t *counts;    // k
    double *piece_sums; // of each piece, what changed: k × dimensions
    int64_t *piece_counts;
    size_t *piece_moves;
    double *piece_inertia;
};

static void take(struct lloyd *lloyd, size_t piece, size_t i, uint32_t label) {
    const size_t dimensions = lloyd->points->dimensions;
    const double *point = lloyd->points->values + i * dimensions;
    double *sums = lloyd->piece_sums + piece * lloyd->k * dimensions;
    int64_t *counts = lloyd->piece_counts + piece * lloyd->k;
    const uint32_t old = lloyd->labels[i];

    for (size_t j = 0; j < dimensions; j++)
        sums[label * dimensions + j] += point[j];
    counts[label]++;
    if (old != nowhere) {
        for (size_t j = 0; j < dimensions; j++)
            sums[old * dimensions + j] -= point[j];
        counts[old]--;
    }
    lloyd->labels[i] = label;
    lloyd->piece_moves[piece]++;
}

// The points of a piece whose bounds leave the nearest centre open; the bounds are moved along.
static size_t list_open(struct lloyd *lloyd, size_t first, size_t count, uint32_t *open) {
    const double *restrict shifts = lloyd->shifts, *restrict drops = lloyd->drops;
    const double *restrict half_gaps = lloyd->half_gaps;
    const uint32_t *restrict labels = lloyd->labels + first;
    double *restrict uppers = lloyd->uppers + first, *restrict lowers = lloyd->lowers + first;
    const double slack = lloyd->slack;
    size_t listed = 0;

    for (size_t i = 0; i < count; i++) {
        const uint32_t label = labels[i];
        const double upper = uppers[i] + shifts[label], lower = lowers[i] - drops[label];
        const double limit = lower > half_gaps[label] ? lower : half_gaps[label];

        lowers[i] = lower;
        uppers[i] = upper;
        open[listed] = (uint32_t)i;
        listed += !(upper + slack < limit); // without a branch, which could not be foretold
    }
    return listed;
}

static size_t list_all(size_t count, uint32_t *open) {
    for (size_t i = 0; i < count; i++)
        open[i] = (uint32_t)i;
    return count;
}

// Where the upper bound has become too wide, the distance itself takes its place.
static bool stays_open(const struct lloyd *lloyd, size_t i, const double *point) {
    const size_t dimensions = lloyd->points->dimensions;
    const uint32_t label = lloyd->labels[i];
    double upper, limit;

    if (lloyd->is_first)
        return true;
    upper = sqrt(square_between(point, lloyd->previous + label * dimensions, dimensions));
    limit = fmax(lloyd->lowers[i], lloyd->half_gaps[label]);
    lloyd->uppers[i] = upper;
    return !(upper + lloyd->slack < limit);
}

static void assign(struct lloyd *lloyd, size_t piece, size_t i, const double *point) {
    double squares[K_MEANS_K_MOST];
    struct nearest nearest;

    lanes_distances(point, lloyd->columns, lloyd->points->dimensions, lloyd->padded, squares);
    nearest = nearest_of(squares, lloyd->k);
    lloyd->uppers[i] = sqrt(nearest.square);
    lloyd->lowers[i] = sqrt(nearest.second);
    if (nearest.label != lloyd->labels[i])
        take(lloyd, piece, i, nearest.label);
}

// Bounds lie one behind the other, the points that they leave open do not: these are listed first,
// and fetched from memory a few ahead of their turn.
static void assign_piece(void *data, size_t piece, int thread) {
    struct lloyd *lloyd = data;
    const struct points *points = lloyd->points;
    const size_t dimensions = points->dimensions;
    const size_t first = piece * PIECE;
    const size_t size = first + PIECE < points->count ? PIECE : points->count - first;
    uint32_t open[PIECE + AHEAD];
    const size_t count =
        lloyd->is_first ? list_all(size, open) : list_open(lloyd, first, size, open);

    (void)thread;
    for (size_t ahead = 0; ahead < AHEAD; ahead++)
        open[count + ahead] = 0;
    for (size_t n = 0; n < count; n++) {
        const size_t i = first + open[n];
        const double *point = points->values + i * dimensions;

        __builtin_prefetch(points->values + (first + open[n + AHEAD]) * dimensions);
        if (stays_open(lloyd, i, point))
            assign(lloyd, piece, i, point);
    }
}

// The pieces in their order. Returns how many points changed their centre.
static size_t add_pieces(struct lloyd *lloyd) {
    const size_t dimensions = lloyd->points->dimensions;
    size_t moves = 0;

    for (size_t piece = 0; piece < lloyd->pieces; piece++) {
        double *sums = lloyd->piece_sums + piece * lloyd->k * dimensions;
        int64_t *counts = lloyd->piece_counts + piece * lloyd->k;

        if (lloyd->piece_moves[piece] == 0)
            continue;
        for (size_t j = 0; j < lloyd->k * dimensions; j++)
            lloyd->sums[j] += sums[j];
        for (size_t c = 0; c < lloyd->k; c++)
            lloyd->counts[c] += counts[c];
        moves += lloyd->piece_moves[piece];
        memset(sums, 0, lloyd->k * dimensions * sizeof(*sums));
        memset(counts, 0, lloyd->k * sizeof(*counts));
        lloyd->piece_moves[piece] = 0;
    }
    return moves;
}

// The point that is farthest from its own centre, of those who share it with others; nothing where
// every one stands on its centre.
static bool find_farthest(const struct lloyd *lloyd, size_t *ret_i) {
    const size_t dimensions = lloyd->points->dimensions;
    double farthest = 0;

    for (size_t i = 0; i < lloyd->points->count; i++) {
        const uint32_t label = lloyd->labels[i];
        const double square = square_between(lloyd->points->values + i * dimensions,
                                             lloyd->previous + label * dimensions, dimensions);

        if (square > farthest && lloyd->counts[label] > 1) {
            farthest = square;
            *ret_i = i;
        }
    }
    return farthest > 0;
}

static void fill_empty(struct lloyd *lloyd) {
    for (size_t c = 0; c < lloyd->k; c++) {
        size_t i = 0;

        if (lloyd->counts[c] > 0)
            continue;
        if (!find_farthest(lloyd, &i))
            return;
        take(lloyd, i / PIECE, i, (uint32_t)c);
        add_pieces(lloyd);
        lloyd->uppers[i] = INFINITY; // looked at again, at the centre that it left too
        lloyd->lowers[i] = 0;
    }
}

static void move_centres(struct lloyd *lloyd) {
    const size_t dimensions = lloyd->points->dimensions;

    for (size_t c = 0; c < lloyd->k; c++)
        for (size_t j = 0; j < dimensions; j++)
            if (lloyd->counts[c] > 0)
                lloyd->centres[c * dimensions + j] =
                    lloyd->sums[c * dimensions + j] / (double)lloyd->counts[c];
}

static void measure_centres(struct lloyd *lloyd) {
    const size_t dimensions = lloyd->points->dimensions;

    double first = 0, second = 0;
    size_t farthest = 0;

    for (size_t c = 0; c < lloyd->k; c++) {
        const double shift = sqrt(square_between(lloyd->centres + c * dimensions,
                                                 lloyd->previous + c * dimensions, dimensions));
        double gap = INFINITY;

        for (size_t other = 0; other < lloyd->k; other++)
            if (other != c)
                gap = fmin(gap, square_between(lloyd->centres + c * dimensions,
                                               lloyd->centres + other * dimensions, dimensions));
        lloyd->half_gaps[c] = sqrt(gap) / 2;
        lloyd->shifts[c] = shift;
        if (shift > first) {
            second = first;
            first = shift;
            farthest = c;
        } else if (shift > second)
            second = shift;
    }
    for (size_t c = 0; c < lloyd->k; c++)
        lloyd->drops[c] = c == farthest ? second : first;
}

// Sums of exactly the points that there are, without what adding and taking away left behind.
static void sum_piece(void *data, size_t piece, int thread) {
    struct lloyd *lloyd = data;
    const size_t dimensions = lloyd->points->dimensions;
    const size_t last =
        (piece + 1) * PIECE < lloyd->points->count ? (piece + 1) * PIECE : lloyd->points->count;
    double *sums = lloyd->piece_sums + piece * lloyd->k * dimensions;

    (void)thread;
    for (size_t i = piece * PIECE; i < last; i++)
        for (size_t j = 0; j < dimensions; j++)
            sums[lloyd->labels[i] * dimensions + j] += lloyd->points->values[i * dimensions + j];
    lloyd->piece_moves[piece] = 1;
}

static void inertia_piece(void *data, size_t piece, int thread) {
    struct lloyd *lloyd = data;
    const size_t dimensions = lloyd->points->dimensions;
    const size_t last =
        (piece + 1) * PIECE < lloyd->points->count ? (piece + 1) * PIECE : lloyd->points->count;
    double inertia = 0;

    (void)thread;
    for (size_t i = piece * PIECE; i < last; i++)
        inertia += square_between(lloyd->points->values + i * dimensions,
                                  lloyd->centres + lloyd->labels[i] * dimensions, dimensions);
    lloyd->piece_inertia[piece] = inertia;
}

static double finish(struct lloyd *lloyd) {
    double inertia = 0;

    memset(lloyd->sums, 0, lloyd->k * lloyd->points->dimensions * sizeof(double));
    parallel_pieces(lloyd->pieces, lloyd->threads, sum_piece, lloyd);
    add_pieces(lloyd);
    move_centres(lloyd);
    parallel_pieces(lloyd->pieces, lloyd->threads, inertia_piece, lloyd);
    for (size_t piece = 0; piece < lloyd->pieces; piece++)
        inertia += lloyd->piece_inertia[piece];
    return inertia;
}

static void begin(struct scope *scope, struct lloyd *lloyd) {
    struct arena *arena = &scope->arena;
    const struct points *points = lloyd->points;
    const size_t dimensions = points->dimensions;
    double norm = 0;

    lloyd->padded = lanes_padded(lloyd->k);
    lloyd->pieces = (points->count + PIECE - 1) / PIECE;
    lloyd->columns = arena_array(arena, lloyd->padded * dimensions, sizeof(double));
    lloyd->centres = arena_array(arena, lloyd->k * dimensions, sizeof(double));
    lloyd->previous = arena_array(arena, lloyd->k * dimensions, sizeof(double));
    lloyd->shifts = arena_array(arena, lloyd->k, sizeof(double));
    lloyd->drops = arena_array(arena, lloyd->k, sizeof(double));
    lloyd->half_gaps = arena_array(arena, lloyd->k, sizeof(double));
    lloyd->labels = arena_array(arena, points->count, sizeof(uint32_t));
    lloyd->uppers = arena_array(arena, points->count, sizeof(double));
    lloyd->lowers = arena_array(arena, points->count, sizeof(double));
    lloyd->sums = arena_array(arena, lloyd->k * dimensions, sizeof(double));
    lloyd->counts = arena_array(arena, lloyd->k, sizeof(int64_t));
    lloyd->piece_sums = arena_array(arena, lloyd->pieces * lloyd->k * dimensions, sizeof(double));
    lloyd->piece_counts = arena_array(arena, lloyd->pieces * lloyd->k, sizeof(int64_t));
    lloyd->piece_moves = arena_array(arena, lloyd->pieces, sizeof(size_t));
    lloyd->piece_inertia = arena_array(arena, lloyd->pieces, sizeof(double));
    for (size_t i = 0; i < points->count * dimensions; i++)
        norm = fmax(norm, fabs(points->values[i]));
    lloyd->slack = norm * sqrt((double)dimensions) * 1e-11;
}

static code run(struct scope *scope, struct lloyd *lloyd, int iterations_most,
                struct k_means *ret_fit) {
    const size_t size = lloyd->k * lloyd->points->dimensions * sizeof(double);
    int iterations = 0;
    size_t moves = 1;

    memset(lloyd->labels, 0xff, lloyd->points->count * sizeof(*lloyd->labels));
    memset(lloyd->counts, 0, lloyd->k * sizeof(*lloyd->counts));
    memset(lloyd->sums, 0, size);
    while (moves > 0 && iterations < iterations_most) {
        TRY(scope_check(scope));
        by_column(lloyd->centres, lloyd->k, lloyd->points->dimensions, lloyd->columns);
        memcpy(lloyd->previous, lloyd->centres, size);
        lloyd->is_first = iterations == 0;
        parallel_pieces(lloyd->pieces, lloyd->threads, assign_piece, lloyd);
        moves = add_pieces(lloyd);
        iterations++;
        if (moves > 0)
            fill_empty(lloyd);
        move_centres(lloyd);
        measure_centres(lloyd);
    }
    ret_fit->inertia = finish(lloyd);
    ret_fit->iterations = iterations;
    ret_fit->converged = moves == 0;
    return OK;
}

// ---- k-means++ ----

struct seeding {
    const struct points *points;
    double *closest;         // squared distance to the nearest centre so far
    double *piece_potential; // of each piece: Σ closest
    double *columns;         // the candidates by column
    double *piece_sums;      // pieces × CANDIDATES: Σ closest if it were taken
    size_t chosen;           // the candidate that was
};

static void try_piece(void *data, size_t piece, int thread) {
    struct seeding *seeding = data;
    const size_t dimensions = seeding->points->dimensions;
    const size_t last =
        (piece + 1) * PIECE < seeding->points->count ? (piece + 1) * PIECE : seeding->points->count;
    double sums[CANDIDATES] = {0}, squares[CANDIDATES];

    (void)thread;
    for (size_t i = piece * PIECE; i < last; i++) {
        lanes_distances(seeding->points->values + i * dimensions, seeding->columns, dimensions,
                        CANDIDATES, squares);
        for (size_t c = 0; c < CANDIDATES; c++)
            sums[c] += squares[c] < seeding->closest[i] ? squares[c] : seeding->closest[i];
    }
    memcpy(seeding->piece_sums + piece * CANDIDATES, sums, sizeof(sums));
}

static void choose_piece(void *data, size_t piece, int thread) {
    struct seeding *seeding = data;
    const size_t dimensions = seeding->points->dimensions;
    const size_t last =
        (piece + 1) * PIECE < seeding->points->count ? (piece + 1) * PIECE : seeding->points->count;
    const double *centre = seeding->points->values + seeding->chosen * dimensions;
    double sum = 0;

    (void)thread;
    for (size_t i = piece * PIECE; i < last; i++) {
        const double square =
            square_between(seeding->points->values + i * dimensions, centre, dimensions);

        if (square < seeding->closest[i])
            seeding->closest[i] = square;
        sum += seeding->closest[i];
    }
    seeding->piece_potential[piece] = sum;
}

// The point at which the sum of `closest` passes `level`.
static size_t point_at(const struct seeding *seeding, size_t pieces, double level) {
    const size_t count = seeding->points->count;
    size_t piece = 0;

    while (piece + 1 < pieces && level >= seeding->piece_potential[piece])
        level -= seeding->piece_potential[piece++];
    for (size_t i = piece * PIECE; i < count; i++) {
        level -= seeding->closest[i];
        if (level < 0 && seeding->closest[i] > 0)
            return i;
    }
    return count - 1;
}

static double potential_of(const struct seeding *seeding, size_t pieces) {
    double sum = 0;

    for (size_t piece = 0; piece < pieces; piece++)
        sum += seeding->piece_potential[piece];
    return sum;
}

// Draws candidates, each with the probability of its squared distance, and takes the one that
// leaves the smallest sum.
static size_t draw_next(struct lloyd *lloyd, struct seeding *seeding, struct random *random,
                        size_t candidates) {
    const size_t dimensions = lloyd->points->dimensions;
    const double potential = potential_of(seeding, lloyd->pieces);
    size_t indexes[CANDIDATES] = {0}, best = 0;
    double sums[CANDIDATES] = {0};

    for (size_t c = 0; c < CANDIDATES; c++) {
        indexes[c] = c < candidates
                         ? point_at(seeding, lloyd->pieces, random_uniform(random) * potential)
                         : indexes[0];
        for (size_t j = 0; j < dimensions; j++)
            seeding->columns[j * CANDIDATES + c] =
                lloyd->points->values[indexes[c] * dimensions + j];
    }
    parallel_pieces(lloyd->pieces, lloyd->threads, try_piece, seeding);
    for (size_t piece = 0; piece < lloyd->pieces; piece++)
        for (size_t c = 0; c < CANDIDATES; c++)
            sums[c] += seeding->piece_sums[piece * CANDIDATES + c];
    for (size_t c = 1; c < candidates; c++)
        if (sums[c] < sums[best])
            best = c;
    return indexes[best];
}

static void draw_centres(struct lloyd *lloyd, struct seeding *seeding, struct random random) {
    const size_t dimensions = lloyd->points->dimensions;
    const size_t candidates = 2 + (size_t)log((double)lloyd->k);

    for (size_t i = 0; i < lloyd->points->count; i++)
        seeding->closest[i] = DBL_MAX;
    for (size_t c = 0; c < lloyd->k; c++) {
        seeding->chosen = c == 0 ? random_below(&random, (uint32_t)lloyd->points->count)
                                 : draw_next(lloyd, seeding, &random, candidates);
        memcpy(lloyd->centres + c * dimensions,
               lloyd->points->values + seeding->chosen * dimensions, dimensions * sizeof(double));
        parallel_pieces(lloyd->pieces, lloyd->threads, choose_piece, seeding);
    }
}

static void prepare_seeding(struct scope *scope, const struct lloyd *lloyd,
                            struct seeding *ret_seeding) {
    struct arena *arena = &scope->arena;

    *ret_seeding = (struct seeding){
        .points = lloyd->points,
        .closest = arena_array(arena, lloyd->points->count, sizeof(double)),
        .piece_potential = arena_array(arena, lloyd->pieces, sizeof(double)),
        .columns = arena_array(arena, CANDIDATES * lloyd->points->dimensions, sizeof(double)),
        .piece_sums = arena_array(arena, lloyd->pieces * CANDIDATES, sizeof(double)),
    };
}

// ---- the best of several starts ----

static void keep_best(const struct lloyd *lloyd, const struct k_means *fit, struct k_means *best) {
    uint32_t *labels = best->labels;
    double *centres = best->centres;
    size_t *sizes = best->sizes;

    memcpy(labels, lloyd->labels, lloyd->points->count * sizeof(*labels));
    memcpy(centres, lloyd->centres, lloyd->k * lloyd->points->dimensions * sizeof(*centres));
    for (size_t c = 0; c < lloyd->k; c++)
        sizes[c] = (size_t)lloyd->counts[c];
    *best = *fit;
    best->labels = labels;
    best->centres = centres;
    best->sizes = sizes;
}

static code try_starts(struct scope *scope, struct lloyd *lloyd,
                       const struct k_means_options *options, struct k_means *best) {
    const int starts = options->centres != NULL || options->starts < 1 ? 1 : options->starts;
    const int most = options->iterations_most > 0 ? options->iterations_most : ITERATIONS;
    struct seeding seeding;

    begin(scope, lloyd);
    if (options->centres == NULL)
        prepare_seeding(scope, lloyd, &seeding);
    for (int start = 0; start < starts; start++) {
        struct k_means fit = {.k = lloyd->k, .dimensions = lloyd->points->dimensions};

        if (options->centres != NULL)
            memcpy(lloyd->centres, options->centres, fit.k * fit.dimensions * sizeof(double));
        else
            draw_centres(lloyd, &seeding, random_stream(options->seed, 0, (uint64_t)start));
        TRY(run(scope, lloyd, most, &fit));
        if (start == 0 || fit.inertia < best->inertia)
            keep_best(lloyd, &fit, best);
    }
    return OK;
}

code k_means_fit(struct scope *scope, const struct points *points,
                 const struct k_means_options *options, struct k_means *ret_fit) {
    struct lloyd lloyd = {.points = points, .k = options->k, .threads = options->threads};
    struct k_means best = {0};
    struct arena_mark mark;
    code result;

    TRY(points_check(scope, points));
    if (options->k < 1 || options->k > K_MEANS_K_MOST || options->k > points->count)
        return scope_fail(scope, INVALID, "%zu groups of %zu points are none of 1 to %d",
                          options->k, points->count, K_MEANS_K_MOST);
    best.labels = arena_array(&scope->arena, points->count, sizeof(*best.labels));
    best.centres =
        arena_array(&scope->arena, options->k * points->dimensions, sizeof(*best.centres));
    best.sizes = arena_array(&scope->arena, options->k, sizeof(*best.sizes));
    mark = arena_mark(&scope->arena);
    result = try_starts(scope, &lloyd, options, &best);
    arena_rewind(&scope->arena, mark);
    if (result == OK)
        *ret_fit = best;
    return result;
}

// ---- points that took no part ----

struct assignment {
    const struct points *points;
    const double *centres;
    size_t k;
    uint32_t *labels;
    double *squares, *seconds;
};

static void assign_new_piece(void *data, size_t piece, int thread) {
    const struct assignment *assignment = data;
    const struct points *points = assignment->points;
    const size_t last = (piece + 1) * PIECE < points->count ? (piece + 1) * PIECE : points->count;
    double squares[K_MEANS_K_MOST];

    (void)thread;
    for (size_t i = piece * PIECE; i < last; i++) {
        struct nearest nearest;

        for (size_t c = 0; c < assignment->k; c++)
            squares[c] =
                square_between(points->values + i * points->dimensions,
                               assignment->centres + c * points->dimensions, points->dimensions);
        nearest = nearest_of(squares, assignment->k);
        assignment->labels[i] = nearest.label;
        if (assignment->squares != NULL)
            assignment->squares[i] = nearest.square;
        if (assignment->seconds != NULL)
            assignment->seconds[i] = nearest.second;
    }
}

void k_means_assign(const struct points *points, const double *centres, size_t k, int threads,
                    uint32_t *ret_labels, double *ret_squares, double *ret_second_squares) {
    struct assignment assignment = {.points = points, .centres = centres, .k = k};

    assignment.labels = ret_labels;
    assignment.squares = ret_squares;
    assignment.seconds = ret_second_squares;
    parallel_pieces((points->count + PIECE - 1) / PIECE, threads, assign_new_piece, &assignment);
}
