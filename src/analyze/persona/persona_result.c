// SPDX-License-Identifier: Apache-2.0
// What a run found, written once, as tables in the form that the API answers with: the page, the
// command line and an export show the same numbers.
#include "analyze/kernel/matrix.h"
#include "analyze/persona/persona.h"
#include "analyze/run/figures.h"
#include "base/random.h"
#include "base/time.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BASKET_ROWS = 8,   // products shown of a persona
    MAP_POINTS = 1200, // customers drawn
    ALL_COLUMNS = PERSONA_CHANNELS + PERSONA_COLUMNS_MOST,
};
static const double telling = 0.5; // an effect size that is worth a word

struct effect {
    double mean, others; // in the feature's own unit
    double size;         // Cohen's d, on the scale that customers are grouped on
};

// What describes customers: the measures that are always read, then shares.
struct description {
    size_t count;
    struct persona_column columns[ALL_COLUMNS];
    bool is_grouped[ALL_COLUMNS]; // customers are grouped by it
    struct effect effects[ALL_COLUMNS][PERSONA_K_MOST];
    int64_t sizes[PERSONA_K_MOST];
    double spend[PERSONA_K_MOST];
    size_t medoids[PERSONA_K_MOST];
    struct text labels[PERSONA_K_MOST];
};

static double value_of(const struct persona *persona, const struct description *description,
                       size_t column, size_t i) {
    const enum persona_measure measure = description->columns[column].measure;
    const struct persona_columns *columns = &persona->model.columns;

    if (measure < PERSONA_CHANNELS)
        return persona->data.measures[i * PERSONA_CHANNELS + measure];
    for (size_t j = 0; j < columns->count; j++)
        if (columns->items[j].measure == measure &&
            text_equal(columns->items[j].of, description->columns[column].of))
            return persona->data.values[i * columns->count + j];
    return NAN;
}

static void list_columns(const struct persona *persona, struct description *description) {
    const struct persona_columns *columns = &persona->model.columns;

    for (int measure = 0; measure < PERSONA_CHANNELS; measure++)
        description->columns[description->count++].measure = (enum persona_measure)measure;
    for (size_t j = 0; j < columns->count; j++)
        if (columns->items[j].measure < PERSONA_CHANNELS)
            description->is_grouped[columns->items[j].measure] = true;
        else {
            description->is_grouped[description->count] = true;
            description->columns[description->count++] = columns->items[j];
        }
}

// ---- what sets a persona apart ----

struct moments {
    double raw, sum, squares; // of values, and of the scaled ones about their mean
};

static double effect_size(struct moments own, double n, struct moments all, double total) {
    const double others = total - n;
    const double mean = own.sum / n, other_mean = (all.sum - own.sum) / others;
    const double within = own.squares - n * mean * mean + (all.squares - own.squares) -
                          others * other_mean * other_mean;

    if (!(n > 0 && others > 0 && total > 2 && within > 1e-12 * all.squares))
        return NAN;
    return (mean - other_mean) / sqrt(within / (total - 2));
}

static void measure_effects(const struct persona *persona, struct description *description,
                            size_t column) {
    const size_t count = persona->data.count;
    const bool is_log = persona_features[description->columns[column].measure].is_log;
    struct moments groups[PERSONA_K_MOST] = {0}, all = {0};
    double centre = 0;

    for (size_t i = 0; i < count; i++) {
        const double value = value_of(persona, description, column, i);

        centre += (is_log ? log1p(value) : value) / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        const double value = value_of(persona, description, column, i);
        const double off = (is_log ? log1p(value) : value) - centre;
        struct moments *group = &groups[persona->labels[i]];

        group->raw += value;
        group->sum += off;
        group->squares += off * off;
    }
    for (size_t c = 0; c < persona->model.k; c++) {
        all.raw += groups[c].raw;
        all.sum += groups[c].sum;
        all.squares += groups[c].squares;
    }
    for (size_t c = 0; c < persona->model.k; c++) {
        const double n = (double)description->sizes[c];

        description->effects[column][c] = (struct effect){
            .mean = groups[c].raw / n,
            .others = (all.raw - groups[c].raw) / ((double)count - n),
            .size = effect_size(groups[c], n, all, (double)count),
        };
    }
}

// The customer nearest to the centre: of all members the one with the smallest sum of squared
// distances to the others.
static void find_medoids(const struct persona *persona, struct description *description) {
    const size_t n = persona->points.dimensions;
    double nearest[PERSONA_K_MOST];

    for (size_t c = 0; c < PERSONA_K_MOST; c++) {
        nearest[c] = INFINITY;
        description->medoids[c] = SIZE_MAX;
    }
    for (size_t i = 0; i < persona->data.count; i++) {
        const uint32_t c = persona->labels[i];
        double square = 0;

        for (size_t j = 0; j < n; j++) {
            const double off =
                persona->points.values[i * n + j] - persona->model.centres[c * n + j];

            square += off * off;
        }
        if (square < nearest[c]) {
            nearest[c] = square;
            description->medoids[c] = i;
        }
    }
}

static void add_words(struct buffer *text, const struct persona_column *column, bool is_much) {
    const struct persona_feature *feature = &persona_features[column->measure];

    buffer_printf(text, "%s%s%s%.*s", text->size > 0 ? ", " : "",
                  is_much ? feature->high : feature->low, column->of.size > 0 ? " " : "",
                  TEXT_ARG(column->of));
}

// Of what customers are grouped by, the two that set a persona apart most.
static struct text label(struct scope *scope, const struct description *description, size_t c) {
    CLEANUP(buffer_clear) struct buffer text = {0};
    size_t told = SIZE_MAX;

    for (int words = 0; words < 2; words++) {
        size_t best = SIZE_MAX;
        double most = telling;

        for (size_t column = 0; column < description->count; column++) {
            const double size = fabs(description->effects[column][c].size);

            if (description->is_grouped[column] && column != told && size >= most) {
                most = size;
                best = column;
            }
        }
        if (best == SIZE_MAX)
            break;
        add_words(&text, &description->columns[best], description->effects[best][c].size > 0);
        told = best;
    }
    if (text.size == 0)
        buffer_printf(&text, "middling in everything");
    if (text.data[0] >= 'a' && text.data[0] <= 'z')
        text.data[0] = (char)(text.data[0] - 'a' + 'A');
    return text_copy(&scope->arena, buffer_text(&text));
}

static void describe(struct scope *scope, const struct persona *persona,
                     struct description *description) {
    list_columns(persona, description);
    for (size_t i = 0; i < persona->data.count; i++) {
        description->sizes[persona->labels[i]]++;
        description->spend[persona->labels[i]] +=
            persona->data.measures[i * PERSONA_CHANNELS + PERSONA_SPEND];
    }
    for (size_t column = 0; column < description->count; column++)
        measure_effects(persona, description, column);
    find_medoids(persona, description);
    for (size_t c = 0; c < persona->model.k; c++)
        description->labels[c] = label(scope, description, c);
}

// Groups by their persona's number.
static void order_groups(const struct persona_model *model, size_t *order) {
    for (size_t c = 0; c < model->k; c++) {
        size_t place = c;

        for (; place > 0 && model->numbers[order[place - 1]] > model->numbers[c]; place--)
            order[place] = order[place - 1];
        order[place] = c;
    }
}

// ---- tables of personas ----

static void write_card(struct scope *scope, struct json_writer *writer,
                       const struct persona *persona, const struct persona_names *names,
                       const struct description *description, size_t c) {
    const int64_t number = persona->model.numbers[c];
    const struct text name = persona_name_of(names, number);
    double spend = 0;

    for (size_t other = 0; other < persona->model.k; other++)
        spend += description->spend[other];
    json_begin_array(writer);
    json_write_int64(writer, number);
    json_write_text(writer, name.size > 0 ? name : description->labels[c]);
    json_write_text(writer, description->labels[c]);
    json_write_int64(writer, description->sizes[c]);
    json_write_double(writer, (double)description->sizes[c] / (double)persona->data.count);
    json_write_double(writer, description->spend[c]);
    json_write_double(writer, description->spend[c] / spend);
    for (int measure = PERSONA_RECENCY; measure <= PERSONA_TENURE; measure++)
        json_write_double(writer, description->effects[measure][c].mean);
    if (description->medoids[c] == SIZE_MAX)
        json_write_null(writer);
    else
        json_write_text(writer, text_printf(&scope->arena, "%" PRId64,
                                            persona->data.customers[description->medoids[c]]));
    json_end_array(writer);
}

static code write_cards(struct scope *scope, struct json_writer *writer,
                        const struct persona *persona, const struct description *description,
                        const size_t *order) {
    const char *unit = text_string(&scope->arena, persona->currency);
    const struct figure_column columns[] = {
        {"persona", "Persona", "integer", NULL},
        {"name", "Name", "text", NULL},
        {"label", "What it is", "text", NULL},
        {"customers", "Customers", "integer", NULL},
        {"share", "Share of customers", "share", NULL},
        {"spend", "Spend", "money", unit},
        {"spend_share", "Share of spend", "share", NULL},
        {"recency", "Days since the last purchase", "number", "days"},
        {"receipts", "Receipts", "number", NULL},
        {"mean_spend", "Spend per customer", "money", unit},
        {"average_receipt", "Spend per receipt", "money", unit},
        {"lines", "Lines per receipt", "number", NULL},
        {"tenure", "Days since the first purchase", "number", "days"},
        {"representative", "A typical customer", "id", NULL},
    };
    struct persona_names names;

    TRY(persona_names_read(scope, &names));
    FIGURES_BEGIN_TABLE(writer, "personas", columns);
    for (size_t place = 0; place < persona->model.k; place++)
        write_card(scope, writer, persona, &names, description, order[place]);
    figures_end_table(writer, (int64_t)persona->model.k);
    return OK;
}

static void write_effect(struct json_writer *writer, const struct persona *persona,
                         const struct description *description, size_t column, size_t c) {
    const struct effect *effect = &description->effects[column][c];
    const struct persona_feature *feature = &persona_features[description->columns[column].measure];

    json_begin_array(writer);
    json_write_int64(writer, persona->model.numbers[c]);
    json_write_string(writer, feature->label);
    json_write_text(writer, description->columns[column].of);
    json_write_string(writer, feature->type);
    json_write_double(writer, effect->mean);
    json_write_double(writer, effect->others);
    json_write_double(writer, effect->size);
    json_write_bool(writer, description->is_grouped[column]);
    json_end_array(writer);
}

static void write_effects(struct json_writer *writer, const struct persona *persona,
                          const struct description *description, const size_t *order) {
    static const struct figure_column columns[] = {
        {"persona", "Persona", "integer", NULL},
        {"feature", "Feature", "text", NULL},
        {"of", "Of", "text", NULL},
        {"type", "Type", "text", NULL},
        {"mean", "Mean", "number", NULL},
        {"others", "Mean of all others", "number", NULL},
        {"effect", "Effect size", "number", "standard deviations"},
        {"grouped", "Grouped by it", "bool", NULL},
    };
    int64_t rows = 0;

    FIGURES_BEGIN_TABLE(writer, "effects", columns);
    for (size_t place = 0; place < persona->model.k; place++)
        for (size_t column = 0; column < description->count; column++) {
            if (isnan(description->effects[column][order[place]].size))
                continue; // all have the same
            write_effect(writer, persona, description, column, order[place]);
            rows++;
        }
    figures_end_table(writer, rows);
}

// ---- baskets and channels ----

struct lifted {
    size_t product;
    double share, all, lift;
};

static int by_lift(const void *a, const void *b) {
    const struct lifted *first = a;
    const struct lifted *second = b;

    if (first->lift != second->lift)
        return first->lift > second->lift ? -1 : 1;
    return first->product < second->product ? -1 : first->product > second->product;
}

// Products that at least five members and one in twenty bought, by how much likelier they are here
// than among all.
static size_t lift_products(struct scope *scope, const struct persona *persona,
                            const struct description *description,
                            const struct persona_counts *products, size_t c,
                            struct lifted **ret_lifted) {
    const size_t k = persona->model.k;
    struct lifted *lifted = arena_array(&scope->arena, products->count + 1, sizeof(*lifted));
    size_t count = 0;

    for (size_t product = 0; product < products->count; product++) {
        const int64_t own = products->in_group[product * k + c];
        int64_t all = 0;

        for (size_t other = 0; other < k; other++)
            all += products->in_group[product * k + other];
        if (own < 5 || own * 20 < description->sizes[c])
            continue;
        lifted[count] = (struct lifted){.product = product,
                                        .share = (double)own / (double)description->sizes[c],
                                        .all = (double)all / (double)persona->data.count};
        lifted[count].lift = lifted[count].share / lifted[count].all;
        count++;
    }
    qsort(lifted, count, sizeof(*lifted), by_lift);
    *ret_lifted = lifted;
    return count < BASKET_ROWS ? count : BASKET_ROWS;
}

static code write_baskets(struct scope *scope, struct json_writer *writer,
                          const struct persona *persona, const struct description *description,
                          const size_t *order) {
    static const struct figure_column columns[] = {
        {"persona", "Persona", "integer", NULL},
        {"product", "Product", "text", NULL},
        {"share", "Bought by", "share", NULL},
        {"all", "Bought by of all customers", "share", NULL},
        {"lift", "Lift", "number", NULL},
    };
    struct persona_counts products;
    int64_t rows = 0;

    TRY(persona_baskets(scope, &persona->data, persona->labels, persona->model.k, &products));
    FIGURES_BEGIN_TABLE(writer, "baskets", columns);
    for (size_t place = 0; place < persona->model.k; place++) {
        struct lifted *lifted;
        const size_t count =
            lift_products(scope, persona, description, &products, order[place], &lifted);

        for (size_t i = 0; i < count; i++, rows++) {
            json_begin_array(writer);
            json_write_int64(writer, persona->model.numbers[order[place]]);
            json_write_text(writer, products.names[lifted[i].product]);
            json_write_double(writer, lifted[i].share);
            json_write_double(writer, lifted[i].all);
            json_write_double(writer, lifted[i].lift);
            json_end_array(writer);
        }
    }
    figures_end_table(writer, rows);
    return OK;
}

static code write_channels(struct scope *scope, struct json_writer *writer,
                           const struct persona *persona, const size_t *order) {
    static const struct figure_column columns[] = {
        {"persona", "Persona", "integer", NULL},
        {"channel", "Channel", "text", NULL},
        {"receipts", "Receipts", "integer", NULL},
        {"share", "Share of its receipts", "share", NULL},
    };
    const size_t k = persona->model.k;
    struct persona_counts channels;
    int64_t rows = 0;

    TRY(persona_channels(scope, &persona->data, persona->labels, k, &channels));
    FIGURES_BEGIN_TABLE(writer, "channels", columns);
    for (size_t place = 0; place < k; place++) {
        const size_t c = order[place];
        int64_t all = 0;

        for (size_t i = 0; i < channels.count; i++)
            all += channels.in_group[i * k + c];
        for (size_t i = 0; i < channels.count; i++) {
            if (channels.in_group[i * k + c] == 0)
                continue;
            json_begin_array(writer);
            json_write_int64(writer, persona->model.numbers[c]);
            json_write_text(writer, channels.names[i]);
            json_write_int64(writer, channels.in_group[i * k + c]);
            json_write_double(writer, (double)channels.in_group[i * k + c] / (double)all);
            json_end_array(writer);
            rows++;
        }
    }
    figures_end_table(writer, rows);
    return OK;
}

// ---- moves ----

static void write_move(struct json_writer *writer, int64_t from, int64_t to, int64_t customers) {
    if (customers == 0)
        return;
    json_begin_array(writer);
    if (from == 0)
        json_write_null(writer);
    else
        json_write_int64(writer, from);
    if (to == 0)
        json_write_null(writer);
    else
        json_write_int64(writer, to);
    json_write_int64(writer, customers);
    json_end_array(writer);
}

struct moves {
    // The last row: was nobody yet; the last column: bought nothing in the window any more.
    int64_t counts[PERSONA_K_MOST + 1][PERSONA_K_MOST + 1];
};

static void count_moves(const struct persona *persona, struct moves *moves) {
    const struct persona_data *now = &persona->data, *before = &persona->earlier;
    size_t i = 0, j = 0;

    while (i < now->count || j < before->count) {
        const int64_t here = i < now->count ? now->customers[i] : INT64_MAX;
        const int64_t there = j < before->count ? before->customers[j] : INT64_MAX;
        const size_t to = here <= there ? persona->labels[i] : PERSONA_K_MOST;
        const size_t from = there <= here ? persona->earlier_labels[j] : PERSONA_K_MOST;

        moves->counts[from][to]++;
        i += here <= there;
        j += there <= here;
    }
}

static void write_moves(struct json_writer *writer, const struct persona *persona,
                        const struct description *description, const size_t *order) {
    static const struct figure_column columns[] = {
        {"from", "From persona", "integer", NULL},
        {"to", "To persona", "integer", NULL},
        {"customers", "Customers", "integer", NULL},
    };
    const size_t k = persona->model.k;
    struct moves moves = {0};
    int64_t up = 0, down = 0, stayed = 0, rows = 0;

    count_moves(persona, &moves);
    FIGURES_BEGIN_TABLE(writer, "moves", columns);
    for (size_t a = 0; a <= k; a++)
        for (size_t b = 0; b <= k; b++) {
            const size_t from = a < k ? order[a] : PERSONA_K_MOST;
            const size_t to = b < k ? order[b] : PERSONA_K_MOST;
            const int64_t customers = moves.counts[from][to];

            write_move(writer, a < k ? persona->model.numbers[from] : 0,
                       b < k ? persona->model.numbers[to] : 0, customers);
            rows += customers > 0;
            if (a == k || b == k)
                continue;
            if (from == to)
                stayed += customers;
            else if (description->effects[PERSONA_SPEND][to].mean >
                     description->effects[PERSONA_SPEND][from].mean)
                up += customers;
            else
                down += customers;
        }
    figures_end_table(writer, rows);
    figure_integer(writer, "moved_up", up);
    figure_integer(writer, "moved_down", down);
    figure_integer(writer, "stayed", stayed);
}

// ---- the map ----

static code principal_axes(struct scope *scope, const struct points *points,
                           struct matrix *ret_axes, double *ret_explained) {
    const size_t n = points->dimensions;
    struct matrix covariance = matrix_new(scope, n, n), vectors;
    double *values, total = 0;

    for (size_t i = 0; i < points->count; i++)
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b <= a; b++)
                *matrix_at(&covariance, a, b) +=
                    points->values[i * n + a] * points->values[i * n + b] / (double)points->count;
    TRY(matrix_eigen(scope, &covariance, &values, &vectors));
    *ret_axes = matrix_new(scope, n, 2);
    for (size_t j = 0; j < n; j++)
        total += fmax(0, values[j]);
    for (size_t axis = 0; axis < 2; axis++) {
        ret_explained[axis] = axis < n ? fmax(0, values[n - 1 - axis]) / total : 0;
        for (size_t j = 0; j < n && axis < n; j++)
            *matrix_at(ret_axes, j, axis) = *matrix_at(&vectors, j, n - 1 - axis);
    }
    return OK;
}

static void write_axes(struct json_writer *writer, const struct persona *persona,
                       const struct matrix *axes) {
    static const struct figure_column columns[] = {
        {"feature", "Feature", "text", NULL},
        {"of", "Of", "text", NULL},
        {"across", "Across", "number", NULL},
        {"up", "Up", "number", NULL},
    };
    const struct persona_columns *features = &persona->model.columns;

    FIGURES_BEGIN_TABLE(writer, "axes", columns);
    for (size_t j = 0; j < features->count; j++) {
        json_begin_array(writer);
        json_write_string(writer, persona_features[features->items[j].measure].label);
        json_write_text(writer, features->items[j].of);
        json_write_double(writer, *matrix_at(axes, j, 0));
        json_write_double(writer, *matrix_at(axes, j, 1));
        json_end_array(writer);
    }
    figures_end_table(writer, (int64_t)features->count);
}

static code write_map(struct scope *scope, struct json_writer *writer,
                      const struct persona *persona) {
    static const struct figure_column columns[] = {
        {"across", "Across", "number", NULL},
        {"up", "Up", "number", NULL},
        {"persona", "Persona", "integer", NULL},
    };
    const struct points *points = &persona->points;
    const size_t count = points->count < MAP_POINTS ? points->count : MAP_POINTS;
    struct random random = random_stream((uint64_t)persona->options.seed, 3, 0);
    size_t indexes[MAP_POINTS];
    double explained[2];
    struct matrix axes;

    TRY(principal_axes(scope, points, &axes, explained));
    random_sample(&random, points->count, count, indexes);
    FIGURES_BEGIN_TABLE(writer, "map", columns);
    for (size_t p = 0; p < count; p++) {
        const double *point = points->values + indexes[p] * points->dimensions;
        double at[2] = {0};

        for (size_t j = 0; j < points->dimensions; j++)
            for (size_t axis = 0; axis < 2; axis++)
                at[axis] += point[j] * *matrix_at(&axes, j, axis);
        json_begin_array(writer);
        json_write_double(writer, round(at[0] * 1000) / 1000);
        json_write_double(writer, round(at[1] * 1000) / 1000);
        json_write_int64(writer, persona->model.numbers[persona->labels[indexes[p]]]);
        json_end_array(writer);
    }
    figures_end_table(writer, (int64_t)count);
    figure_number(writer, "explained_across", explained[0]);
    figure_number(writer, "explained_up", explained[1]);
    write_axes(writer, persona, &axes);
    return OK;
}

// ---- the choice of their number ----

static void write_choice(struct json_writer *writer, const struct persona *persona) {
    static const struct figure_column columns[] = {
        {"personas", "Personas", "integer", NULL},  {"silhouette", "Silhouette", "number", NULL},
        {"stability", "Stability", "number", NULL}, {"bic", "BIC", "number", NULL},
        {"inertia", "Inertia", "number", NULL},     {"chosen", "Chosen", "bool", NULL},
    };

    FIGURES_BEGIN_TABLE(writer, "choice", columns);
    for (size_t i = 0; i < persona->choice_count; i++) {
        const struct persona_choice *choice = &persona->choices[i];

        json_begin_array(writer);
        json_write_int64(writer, (int64_t)choice->k);
        json_write_double(writer, choice->silhouette);
        json_write_double(writer, choice->stability);
        json_write_double(writer, choice->bic);
        json_write_double(writer, choice->inertia);
        json_write_bool(writer, choice->k == persona->model.k);
        json_end_array(writer);
    }
    figures_end_table(writer, (int64_t)persona->choice_count);
}

// ---- when not to trust it ----

#define WARN(...) json_write_text(writer, text_printf(&scope->arena, __VA_ARGS__))

static void warn_of_groups(struct scope *scope, struct json_writer *writer,
                           const struct persona *persona, const struct description *description) {
    bool is_measured = false;

    for (size_t i = 0; i < persona->choice_count; i++) {
        const struct persona_choice *choice = &persona->choices[i];

        if (choice->k != persona->model.k)
            continue;
        is_measured = isfinite(choice->stability) && isfinite(choice->silhouette);
        if (choice->stability < 0.8)
            WARN("The groups change when a fifth of the customers is left out (stability %.2f of "
                 "1): where one ends and the next begins is arbitrary.",
                 choice->stability);
        if (choice->silhouette < 0.25)
            WARN("The groups overlap (silhouette %.2f): customers are spread evenly, and these are "
                 "slices of one crowd rather than different crowds.",
                 choice->silhouette);
    }
    if (!is_measured)
        WARN("How far apart these groups are, and how stable, was not measured in this run.");
    for (size_t c = 0; c < persona->model.k; c++)
        if (description->sizes[c] < 30)
            WARN("Persona %" PRId64 " has %" PRId64
                 " customers: its means say little about others like them.",
                 persona->model.numbers[c], description->sizes[c]);
}

static void warn_of_data(struct scope *scope, struct json_writer *writer,
                         const struct persona *persona) {
    if (persona->dropped->size > 0)
        WARN("Left out, because it is the same for all customers: %.*s.",
             (int)persona->dropped->size, persona->dropped->data);
    if (persona->model.window_days == 0)
        WARN("All sales since the beginning count. Spend and receipts of a customer never fall, so "
             "moves downwards come from silence alone; a window of days shows falling ones too.");
    if (persona->before.end_day < persona->first_day)
        WARN("There were no sales yet at the day that moves are counted from.");
    if (!persona->options.frozen && !persona->converged)
        WARN("The grouping came to its limit of iterations before it settled.");
    if (persona->options.frozen)
        WARN("The model is one of before: what customers do now was not asked when the groups were "
             "made.");
}

// ---- the whole ----

static void write_facts(struct scope *scope, struct json_writer *writer,
                        const struct persona *persona) {
    figure_text(writer, "currency", text_string(&scope->arena, persona->currency));
    figure_day(writer, "from",
               persona->span.begin_day < persona->first_day ? persona->first_day
                                                            : persona->span.begin_day + 1);
    figure_day(writer, "as_of", persona->span.end_day);
    figure_day(writer, "before", persona->before.end_day);
    figure_integer(writer, "window_days", persona->model.window_days);
    figure_integer(writer, "customers", (int64_t)persona->data.count);
    figure_text(writer, "method",
                persona->model.method == PERSONA_K_MEANS ? "k-means" : "Gaussian mixture");
    figure_integer(writer, "seed", persona->options.seed);
    figure_bool(writer, "frozen", persona->options.frozen);
    figure_text(writer, "reason",
                persona->options.frozen ? "the model is frozen" : persona->reason);
    figure_integer(writer, "sample", (int64_t)persona->sample);
    figure_integer(writer, "iterations", persona->iterations);
    figure_number(writer, "inertia", persona->options.frozen ? NAN : persona->inertia);
    figure_number(writer, "mean_log_likelihood",
                  persona->model.method == PERSONA_GAUSSIAN_MIXTURE && !persona->options.frozen
                      ? persona->mean_log_likelihood
                      : NAN);
}

code persona_write(struct scope *scope, struct json_writer *writer, const struct persona *persona) {
    struct description *description = arena_alloc(&scope->arena, sizeof(*description));
    size_t order[PERSONA_K_MOST];

    describe(scope, persona, description);
    order_groups(&persona->model, order);
    json_begin_object(writer);
    write_facts(scope, writer, persona);
    TRY(write_cards(scope, writer, persona, description, order));
    write_effects(writer, persona, description, order);
    TRY(write_baskets(scope, writer, persona, description, order));
    TRY(write_channels(scope, writer, persona, order));
    write_moves(writer, persona, description, order);
    TRY(write_map(scope, writer, persona));
    write_choice(writer, persona);
    json_key(writer, "model");
    persona_model_write(writer, &persona->model);
    json_key(writer, "warnings");
    json_begin_array(writer);
    warn_of_groups(scope, writer, persona, description);
    warn_of_data(scope, writer, persona);
    json_end_array(writer);
    json_end_object(writer);
    return OK;
}
