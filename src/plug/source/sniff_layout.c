// SPDX-License-Identifier: Apache-2.0
// The delimiter is the one that cuts the sample most evenly: for each candidate the sample is read
// as that dialect, by the reader that will read the file. Even cuts by two delimiters ("1,5;2,5")
// are told apart by the cells: those of the true one are numbers more often.
#include "base/limits.h"
#include "plug/source/csv.h"
#include "plug/source/sniff.h"

// How well a dialect fits the sample.
struct fit {
    char delimiter;
    char quote;
    size_t records;
    size_t column_count; // fields of most records
    size_t even;         // records with so many
    size_t faults;       // unbalanced quotes
    size_t quoted;       // fields in quotes
    size_t cells, numbers;
    bool is_first_even; // the first record has as many fields
};

// The commonest number of fields; the larger of two that are equally common. 0 stands for records
// that could not be taken apart, which do not count.
static size_t commonest(const size_t *counts, size_t row_count, size_t *ret_rows) {
    size_t *rows_of = (size_t[LIMIT_RECORD_FIELDS + 1]){0};
    size_t best = 0;

    for (size_t i = 0; i < row_count; i++)
        rows_of[counts[i]] += counts[i] > 0;
    for (size_t count = 1; count <= LIMIT_RECORD_FIELDS; count++)
        if (rows_of[count] >= rows_of[best] && rows_of[count] > 0)
            best = count;
    *ret_rows = rows_of[best];
    return best;
}

static struct text *keep_fields(struct scope *scope, const struct record *record) {
    struct text *fields = arena_array(&scope->arena, record->field_count, sizeof(*fields));

    for (size_t i = 0; i < record->field_count; i++)
        fields[i] = text_copy(&scope->arena, record->fields[i]);
    return fields;
}

static bool is_quoted(const struct record *record, size_t field, char quote) {
    const struct text cell = record->fields[field];

    // An unquoted slice lies within raw; one that was unescaped lies elsewhere and was quoted.
    return cell.data < record->raw.data || cell.data > record->raw.data + record->raw.size ||
           (cell.data > record->raw.data && cell.data[-1] == quote);
}

// Reads the sample in one dialect. With `table` the records are kept, otherwise only measured.
static struct fit measure(struct scope *scope, const struct sample *sample, char delimiter,
                          char quote, struct table *table) {
    struct fit fit = {.delimiter = delimiter, .quote = quote};
    size_t *counts = arena_array(&scope->arena, SNIFF_RECORDS, sizeof(*counts));
    CLEANUP(window_clear) struct window window = {0};
    CLEANUP(csv_clear) struct csv csv = {0};
    struct record record;
    bool is_end;

    window_open_memory(&window, sample->text);
    (void)csv_take_separator_line(scope, &window, &(char){0});
    csv_open(&csv, &window, delimiter, quote);
    while (fit.records < SNIFF_RECORDS && csv_next(scope, &csv, &record, &is_end) == OK &&
           !is_end) {
        if (table)
            table->rows[fit.records] = keep_fields(scope, &record);
        if (table && fit.records == 0)
            table->first_count = csv.field_count;
        counts[fit.records++] = record.field_count;
        if (record.fault)
            fit.faults += strcmp(record.fault_code, "unbalanced_quotes") == 0;
        for (size_t i = 0; i < record.field_count; i++) {
            fit.quoted += is_quoted(&record, i, quote);
            fit.cells += record.fields[i].size > 0;
            fit.numbers += sniff_is_number_like(record.fields[i]);
        }
    }
    fit.column_count = commonest(counts, fit.records, &fit.even);
    fit.is_first_even = fit.records > 0 && counts[0] == fit.column_count;
    if (table) {
        table->counts = counts;
        table->row_count = fit.records;
        table->column_count = fit.column_count;
    }
    return fit;
}

struct table sniff_table(struct scope *scope, const struct sample *sample,
                         const struct source_dialect *dialect) {
    struct table table = {.rows = arena_array(&scope->arena, SNIFF_RECORDS, sizeof(*table.rows))};

    measure(scope, sample, dialect->delimiter, dialect->quote, &table);
    return table;
}

// With the quote mark given, or the one that the sample uses.
static struct fit measure_quotes(struct scope *scope, const struct sample *sample, char delimiter,
                                 char quote) {
    struct fit with, other;

    with = measure(scope, sample, delimiter, quote ? quote : '"', NULL);
    if (quote)
        return with;
    // Marks that open fields and hardly ever close them are characters of the text. A few of them
    // are rather mistakes, which it is safer to show than to take.
    if (with.faults >= 3 && with.faults > with.quoted)
        return measure(scope, sample, delimiter, SOURCE_QUOTE_NONE, NULL);
    if (with.quoted > 0)
        return with;
    other = measure(scope, sample, delimiter, '\'', NULL);
    return other.faults == 0 && other.quoted * 2 >= other.records && other.even >= with.even ? other
                                                                                             : with;
}

static bool is_even(const struct fit *fit, size_t of_hundred) {
    return fit->column_count >= 2 && fit->even * 100 >= (fit->records - fit->faults) * of_hundred;
}

static double number_share(const struct fit *fit) {
    return fit->cells > 0 ? (double)fit->numbers / (double)fit->cells : 0;
}

static bool is_better(const struct fit *a, const struct fit *b) {
    const double share_a = (double)a->even / (double)a->records; // at least one: it is even
    const double share_b = (double)b->even / (double)b->records;

    if (a->is_first_even != b->is_first_even)
        return a->is_first_even;
    if (share_a > share_b + 0.02 || share_b > share_a + 0.02)
        return share_a > share_b;
    if (number_share(a) > number_share(b) + 0.05 || number_share(b) > number_share(a) + 0.05)
        return number_share(a) > number_share(b);
    return a->column_count > b->column_count;
}

// The best delimiter that cuts so many of a hundred records evenly; false when none does.
static bool find_delimiter(struct scope *scope, const struct sample *sample, char quote,
                           const char *candidates, size_t of_hundred, struct fit *ret_fit) {
    bool is_found = false;

    for (const char *delimiter = candidates; *delimiter; delimiter++) {
        const struct fit fit = measure_quotes(scope, sample, *delimiter, quote);

        if (!is_even(&fit, of_hundred) || (is_found && !is_better(&fit, ret_fit)))
            continue;
        *ret_fit = fit;
        is_found = true;
    }
    return is_found;
}

// Blanks separate when every line has the same number of words, the first included, and they are
// not just prose or names: a quarter of them or more are numbers.
static bool find_blanks(struct scope *scope, const struct sample *sample, char quote,
                        struct fit *ret_fit) {
    const struct fit fit = measure_quotes(scope, sample, ' ', quote);

    if (!is_even(&fit, 98) || !fit.is_first_even || number_share(&fit) < 0.25)
        return false;
    *ret_fit = fit;
    return true;
}

// One column: a delimiter that does not occur.
static char unused_delimiter(const struct sample *sample) {
    for (const char *delimiter = ",;\t|\x1F"; *delimiter; delimiter++)
        if (!text_contains(sample->text, *delimiter))
            return *delimiter;
    return '\x1E';
}

static code find_csv(struct scope *scope, const struct sample *sample,
                     struct source_dialect *dialect) {
    static const char usual[] = ",;\t|", unusual[] = "^~\x1F\x01#";
    struct source_column *columns;
    size_t count;
    struct fit fit;
    bool is_odd;

    if (find_delimiter(scope, sample, dialect->quote, usual, 90, &fit) ||
        find_delimiter(scope, sample, dialect->quote, unusual, 98, &fit) ||
        find_blanks(scope, sample, dialect->quote, &fit)) {
        dialect->format = SOURCE_CSV;
    } else if (dialect->format != SOURCE_CSV &&
               sniff_fixed_width(scope, sample, &columns, &count, &is_odd)) {
        dialect->format = SOURCE_FIXED_WIDTH;
        return OK;
    } else if (!find_delimiter(scope, sample, dialect->quote, usual, 60, &fit)) {
        fit = measure_quotes(scope, sample, unused_delimiter(sample), dialect->quote);
    }
    dialect->format = SOURCE_CSV;
    dialect->delimiter = fit.delimiter;
    dialect->quote = fit.quote;
    return OK;
}

code sniff_layout(struct scope *scope, const struct sample *sample,
                  struct source_dialect *dialect) {
    CLEANUP(window_clear) struct window window = {0};

    if (dialect->format == SOURCE_FIXED_WIDTH)
        return OK;
    window_open_memory(&window, sample->text);
    if (!dialect->delimiter)
        TRY(csv_take_separator_line(scope, &window, &dialect->delimiter));
    if (!dialect->delimiter)
        return find_csv(scope, sample, dialect);
    dialect->format = SOURCE_CSV;
    if (!dialect->quote)
        dialect->quote = measure_quotes(scope, sample, dialect->delimiter, 0).quote;
    return OK;
}
