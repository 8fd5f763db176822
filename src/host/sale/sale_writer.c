// SPDX-License-Identifier: Apache-2.0
// A receipt is held open in a direct-mapped cache while its lines come in, so that it costs one
// INSERT and not an UPDATE per line. A receipt pushed out is written and found again by its number
// when needed: the cache bounds memory, never the result. No step goes through what came before it:
// n lines cost about n looks, also in one receipt and also when all say the same.
#include "host/sale/sale.h"

#include "sale_sql.h"
#include "store/change.h"
#include "store/home.h"
#include "store/ledger.h"
#include "store/occurrence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { OPEN_SALE_COUNT = 1 << 13, LAST_TAKEN_COUNT = 1 << 15 };

// A line that an earlier import brought and this one had not repeated when the receipt was loaded.
struct known_line {
    uint64_t content_hash;
    int64_t line;
    size_t repeated; // at the first line of a content: how many of that content are repeated now
};

// Which receipt a row without number is, but for the how-manieth.
struct content {
    uint64_t first, second;
};

// The last occurrence of a content that this import took.
struct last_taken {
    struct content content;
    uint64_t source_hash;
    int64_t occurrence; // 0: the slot is free
};

struct open_sale {
    struct buffer key; // source, NUL, number; empty: the slot is free
    int64_t id;
    int64_t home;
    bool in_ledger;
    bool dirty; // in memory only: not inserted, or sums not updated
    enum sale_kind stated_kind;
    enum sale_kind kind;    // as it stands in the ledger
    bool has_goods_in;      // a line with a positive quantity
    struct sale_row header; // texts point into `texts`; the line's members are not used
    struct buffer texts;
    int64_t refund_of;
    int64_t net_micros, vat_micros, gross_micros, discount_micros;
    int64_t last_line;
    int64_t line_count;
    struct known_line *known; // by content, and within one by line
    size_t known_count;
};

struct sale_writer {
    int64_t import_id;
    bool negative_is_refund;
    struct open_sale *sales; // OPEN_SALE_COUNT slots
    uint32_t *dirty;         // slots touched since the last flush, in order; may name a slot twice
    size_t dirty_count, dirty_capacity;
    struct change_run created;
    int64_t transaction_first_id; // first id given out since the last flush, 0: none
    // LAST_TAKEN_COUNT slots by content, for contents that came more than once. One that was pushed
    // out is searched for again.
    struct last_taken *last_taken;
    int64_t look_count;
};

static void *must_have(void *memory) {
    if (memory)
        return memory;
    fputs("tessera: out of memory\n", stderr);
    abort();
}

struct sale_writer *sale_writer_new(int64_t import_id, bool negative_is_refund) {
    struct sale_writer *writer = must_have(calloc(1, sizeof(*writer)));

    writer->import_id = import_id;
    writer->negative_is_refund = negative_is_refund;
    writer->created.table = CHANGE_SALE;
    writer->sales = must_have(calloc(OPEN_SALE_COUNT, sizeof(*writer->sales)));
    writer->last_taken = must_have(calloc(LAST_TAKEN_COUNT, sizeof(*writer->last_taken)));
    return writer;
}

void sale_writer_free(struct sale_writer *writer) {
    if (!writer)
        return;
    for (size_t i = 0; i < OPEN_SALE_COUNT; i++) {
        buffer_clear(&writer->sales[i].key);
        buffer_clear(&writer->sales[i].texts);
        free(writer->sales[i].known);
    }
    free(writer->sales);
    free(writer->dirty);
    free(writer->last_taken);
    free(writer);
}

int64_t sale_writer_look_count(const struct sale_writer *writer) {
    return writer->look_count;
}

static code next_sale_id(struct scope *scope, struct sale_writer *writer, int64_t *ret_id) {
    TRY(change_run_next(scope, &writer->created, ret_id));
    if (writer->transaction_first_id == 0)
        writer->transaction_first_id = *ret_id;
    return OK;
}

// ---- a receipt and its header ----

static enum sale_kind kind_of(const struct sale_writer *writer, const struct open_sale *sale) {
    if (sale->stated_kind != SALE_KIND_UNSTATED)
        return sale->stated_kind;
    if (sale->gross_micros < 0)
        return writer->negative_is_refund ? SALE_KIND_REFUND : SALE_KIND_ADJUSTMENT;
    if (sale->gross_micros == 0 && !sale->has_goods_in)
        return SALE_KIND_ADJUSTMENT; // goods written off
    return SALE_KIND_SALE;
}

static struct text keep(struct buffer *texts, const char *base, struct text value) {
    const char *place = base + texts->size;

    buffer_add_text(texts, value);
    return (struct text){.data = place, .size = value.size};
}

// Copy the header out of the row, whose texts live only as long as the row.
static void keep_header(struct open_sale *sale, const struct sale_row *row, struct text number) {
    const char *base;

    sale->header = *row;
    sale->texts.size = 0;
    buffer_reserve(&sale->texts, row->source.size + number.size + row->till.size +
                                     row->channel.size + row->currency.size + row->country.size +
                                     row->payment.size + 1);
    base = sale->texts.data;
    sale->header.source = keep(&sale->texts, base, row->source);
    sale->header.number = keep(&sale->texts, base, number);
    sale->header.till = keep(&sale->texts, base, row->till);
    sale->header.channel = keep(&sale->texts, base, row->channel);
    sale->header.currency = keep(&sale->texts, base, row->currency);
    sale->header.country = keep(&sale->texts, base, row->country);
    sale->header.payment = keep(&sale->texts, base, row->payment);
}

static code insert_sale(struct scope *scope, const struct sale_writer *writer,
                        const struct open_sale *sale) {
    const struct sale_row *header = &sale->header;

    return ledger_exec(scope, sql_sale_insert,
                       BINDS(BIND_INT64(sale->id), BIND_INT64(writer->import_id),
                             BIND_TEXT(header->source), BIND_TEXT(header->number),
                             BIND_INT64(kind_of(writer, sale)), BIND_INT64(header->sold_at_us),
                             BIND_INT64_IF(header->store_id != 0, header->store_id),
                             BIND_TEXT_OR_NULL(header->till),
                             BIND_INT64_IF(header->cashier_id != 0, header->cashier_id),
                             BIND_TEXT_OR_NULL(header->channel), BIND_TEXT(header->currency),
                             BIND_TEXT_OR_NULL(header->country),
                             BIND_INT64_IF(header->identifier_id != 0, header->identifier_id),
                             BIND_INT64_IF(header->identifier_id != 0, header->origin),
                             BIND_INT64_IF(sale->refund_of != 0, sale->refund_of),
                             BIND_TEXT_OR_NULL(header->payment), BIND_INT64(sale->net_micros),
                             BIND_INT64(sale->vat_micros), BIND_INT64(sale->gross_micros),
                             BIND_INT64(sale->discount_micros), BIND_INT64(sale->line_count),
                             BIND_INT64_IF(sale->home != 0, sale->home)));
}

static code write_out(struct scope *scope, struct sale_writer *writer, struct open_sale *sale) {
    if (!sale->dirty)
        return OK;
    if (!sale->in_ledger) {
        TRY(insert_sale(scope, writer, sale));
    } else {
        TRY(ledger_exec(scope, sql_sale_update_sums,
                        BINDS(BIND_INT64(sale->id), BIND_INT64(kind_of(writer, sale)),
                              BIND_INT64(sale->net_micros), BIND_INT64(sale->vat_micros),
                              BIND_INT64(sale->gross_micros), BIND_INT64(sale->discount_micros),
                              BIND_INT64(sale->line_count))));
        // What was created since the last flush is announced as a whole by the flush.
        if (writer->transaction_first_id == 0 || sale->id < writer->transaction_first_id)
            TRY(change_record(scope, CHANGE_SALE, CHANGE_UPDATED, sale->id, sale->id));
    }
    sale->kind = kind_of(writer, sale);
    sale->in_ledger = true;
    sale->dirty = false;
    return OK;
}

static void mark_dirty(struct sale_writer *writer, struct open_sale *sale) {
    if (sale->dirty)
        return;
    sale->dirty = true;
    if (writer->dirty_count == writer->dirty_capacity) {
        writer->dirty_capacity = writer->dirty_capacity > 0 ? writer->dirty_capacity * 2 : 1024;
        writer->dirty =
            must_have(realloc(writer->dirty, writer->dirty_capacity * sizeof(*writer->dirty)));
    }
    writer->dirty[writer->dirty_count++] = (uint32_t)(sale - writer->sales);
}

code sale_writer_flush(struct scope *scope, struct sale_writer *writer) {
    for (size_t i = 0; i < writer->dirty_count; i++)
        TRY(write_out(scope, writer, &writer->sales[writer->dirty[i]]));
    writer->dirty_count = 0;
    writer->transaction_first_id = 0;
    return change_run_announce(scope, &writer->created);
}

// ---- finding a receipt ----

static int compare_known(const void *left, const void *right) {
    const struct known_line *a = left, *b = right;

    if (a->content_hash != b->content_hash)
        return a->content_hash < b->content_hash ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

static code load_known_lines(struct scope *scope, struct sale_writer *writer,
                             struct open_sale *sale) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    size_t capacity = 0;

    TRY(ledger_query(scope, sql_sale_line_hashes, BINDS(BIND_INT64(sale->id)), &rows));
    while (rows_next(rows)) {
        writer->look_count++;
        sale->last_line = rows_int64(rows, 0);
        if (rows_int64(rows, 2) == writer->import_id)
            continue;
        if (sale->known_count == capacity) {
            capacity = capacity > 0 ? capacity * 2 : 16;
            sale->known = must_have(realloc(sale->known, capacity * sizeof(*sale->known)));
        }
        sale->known[sale->known_count++] = (struct known_line){
            .content_hash = (uint64_t)rows_int64(rows, 1), .line = rows_int64(rows, 0)};
    }
    if (sale->known_count > 1)
        qsort(sale->known, sale->known_count, sizeof(*sale->known), compare_known);
    return rows_end(rows);
}

static void forget_sale(struct open_sale *sale) {
    struct buffer key = sale->key, texts = sale->texts;

    free(sale->known);
    key.size = texts.size = 0;
    *sale = (struct open_sale){.key = key, .texts = texts};
}

// Fill an empty slot from the ledger; sale->id stays 0 when the receipt is not there.
static code load_sale(struct scope *scope, struct sale_writer *writer, struct text source,
                      struct text number, struct open_sale *sale) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool found;

    TRY(ledger_find(scope, sql_sale_find, BINDS(BIND_TEXT(source), BIND_TEXT(number)), &rows,
                    &found));
    if (!found)
        return OK;
    sale->id = rows_int64(rows, 0);
    sale->kind = (enum sale_kind)rows_int64(rows, 1);
    sale->net_micros = rows_int64(rows, 3);
    sale->vat_micros = rows_int64(rows, 4);
    sale->gross_micros = rows_int64(rows, 5);
    sale->discount_micros = rows_int64(rows, 6);
    sale->line_count = rows_int64(rows, 7);
    sale->home = rows_int64(rows, 9);
    // Whether goods went in is not kept: only a sum of zero asks for it, and then the kind tells.
    sale->has_goods_in = sale->kind == SALE_KIND_SALE;
    sale->in_ledger = true;
    return load_known_lines(scope, writer, sale);
}

static struct open_sale *slot_of(const struct sale_writer *writer, struct text source,
                                 struct text number) {
    const uint64_t hash = text_hash(number) ^ (text_hash(source) << 1);

    return &writer->sales[hash % OPEN_SALE_COUNT];
}

static bool holds(const struct open_sale *sale, struct text source, struct text number) {
    return sale->id != 0 && sale->key.size == source.size + 1 + number.size &&
           memcmp(sale->key.data, source.data ? source.data : "", source.size) == 0 &&
           memcmp(sale->key.data + source.size + 1, number.data, number.size) == 0;
}

// The slot of a receipt, loaded when it stands in the ledger; a slot with id 0 is a receipt to
// create.
static code open_sale(struct scope *scope, struct sale_writer *writer, struct text source,
                      struct text number, struct open_sale **ret_sale) {
    struct open_sale *sale = slot_of(writer, source, number);

    writer->look_count++;
    if (holds(sale, source, number)) {
        *ret_sale = sale;
        return OK;
    }
    TRY(write_out(scope, writer, sale));
    forget_sale(sale);
    TRY(load_sale(scope, writer, source, number, sale));
    buffer_add_text(&sale->key, source);
    buffer_add_char(&sale->key, '\0');
    buffer_add_text(&sale->key, number);
    *ret_sale = sale;
    return OK;
}

// ---- a line ----

static uint64_t mix(uint64_t hash, uint64_t value) {
    hash ^= value + UINT64_C(0x9e3779b97f4a7c15) + (hash << 6) + (hash >> 2);
    hash *= UINT64_C(0xff51afd7ed558ccd);
    return hash ^ (hash >> 32);
}

// What a line says. When and by whom it was sold belongs to the receipt.
static uint64_t line_hash(const struct sale_row *row) {
    uint64_t hash = text_hash(row->product_code);

    hash = mix(hash, (uint64_t)row->quantity_micros);
    hash = mix(hash, (uint64_t)row->unit_price_micros);
    return mix(hash, (uint64_t)row->gross_micros);
}

// The next line of this content that this import has not repeated yet, NULL when there is none.
// *ret_first is the first of the content.
static struct known_line *next_known(struct sale_writer *writer, const struct open_sale *sale,
                                     uint64_t hash, struct known_line **ret_first) {
    size_t low = 0, high = sale->known_count, next;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        writer->look_count++;
        if (sale->known[middle].content_hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == sale->known_count || sale->known[low].content_hash != hash)
        return NULL;
    next = low + sale->known[low].repeated;
    if (next >= sale->known_count || sale->known[next].content_hash != hash)
        return NULL;
    *ret_first = &sale->known[low];
    return &sale->known[next];
}

static code take_repetition(struct scope *scope, struct sale_writer *writer, struct open_sale *sale,
                            uint64_t hash, bool *ret_repeated) {
    struct known_line *first;
    const struct known_line *known = next_known(writer, sale, hash, &first);

    *ret_repeated = known != NULL;
    if (!known)
        return OK;
    first->repeated++;
    return ledger_exec(
        scope, sql_sale_line_seen,
        BINDS(BIND_INT64(sale->id), BIND_INT64(known->line), BIND_INT64(writer->import_id)));
}

static code add_up(struct scope *scope, struct open_sale *sale, const struct sale_row *row) {
    int64_t net_micros, vat_micros, gross_micros, discount_micros;

    if (__builtin_add_overflow(sale->net_micros, row->net_micros, &net_micros) ||
        __builtin_add_overflow(sale->vat_micros, row->vat_micros, &vat_micros) ||
        __builtin_add_overflow(sale->gross_micros, row->gross_micros, &gross_micros) ||
        __builtin_add_overflow(sale->discount_micros, row->discount_micros, &discount_micros))
        return scope_fail(scope, TOO_LARGE, "receipt \"%.*s\" adds up to more than can be kept",
                          TEXT_ARG(row->number));
    sale->net_micros = net_micros;
    sale->vat_micros = vat_micros;
    sale->gross_micros = gross_micros;
    sale->discount_micros = discount_micros;
    return OK;
}

static code add_line(struct scope *scope, struct sale_writer *writer, struct open_sale *sale,
                     const struct sale_row *row, uint64_t hash) {
    TRY(add_up(scope, sale, row));
    sale->last_line++;
    sale->line_count++;
    sale->has_goods_in = sale->has_goods_in || row->quantity_micros > 0;
    mark_dirty(writer, sale);
    return ledger_exec(
        scope, sql_sale_line_insert,
        BINDS(BIND_INT64(sale->id), BIND_INT64(sale->last_line), BIND_INT64(writer->import_id),
              BIND_INT64((int64_t)hash), BIND_INT64_IF(row->product_id != 0, row->product_id),
              BIND_INT64(row->quantity_micros), BIND_INT64(row->unit_price_micros),
              BIND_INT64(row->discount_micros), BIND_TEXT_OR_NULL(row->coupon),
              BIND_INT64(row->net_micros), BIND_INT64_IF(row->vat_rate_bp >= 0, row->vat_rate_bp),
              BIND_INT64(row->vat_micros), BIND_INT64(row->gross_micros),
              BIND_INT64_IF(sale->home != 0, sale->home)));
}

// A receipt that is held open may not stand in the ledger yet.
static code find_refunded(struct scope *scope, const struct sale_writer *writer,
                          const struct sale_row *row, int64_t *ret_id) {
    const struct open_sale *open = slot_of(writer, row->source, row->refund_of);

    if (holds(open, row->source, row->refund_of)) {
        *ret_id = open->id;
        return OK;
    }
    return ledger_int64(scope, sql_sale_id_by_number,
                        BINDS(BIND_TEXT(row->source), BIND_TEXT(row->refund_of)), 0, ret_id);
}

static code begin_sale(struct scope *scope, struct sale_writer *writer, struct open_sale *sale,
                       const struct sale_row *row, struct text number) {
    if (row->refund_of.size > 0)
        TRY(find_refunded(scope, writer, row, &sale->refund_of));
    keep_header(sale, row, number);
    sale->home = home_of(row->identifier_id != 0 ? row->origin : 0, row->source, number);
    TRY(next_sale_id(scope, writer, &sale->id));
    sale->stated_kind = row->kind;
    return OK;
}

static code add_to_numbered(struct scope *scope, struct sale_writer *writer,
                            const struct sale_row *row, enum sale_effect *ret_effect) {
    const uint64_t hash = line_hash(row);
    struct open_sale *sale;
    bool repeated;

    TRY(open_sale(scope, writer, row->source, row->number, &sale));
    if (sale->id == 0) {
        TRY(begin_sale(scope, writer, sale, row, row->number));
        *ret_effect = SALE_CREATED;
        return add_line(scope, writer, sale, row, hash);
    }
    TRY(take_repetition(scope, writer, sale, hash, &repeated));
    *ret_effect = repeated ? SALE_LINE_REPEATED : SALE_LINE_ADDED;
    if (repeated)
        return OK;
    if (row->kind != SALE_KIND_UNSTATED)
        sale->stated_kind = row->kind;
    return add_line(scope, writer, sale, row, hash);
}

// ---- a row without a receipt number ----

// Such a row is a receipt of its own, named by its content and by the how-manieth time that content
// comes: the same purchase twice in a file stands twice, the same file twice stands once.
struct unnumbered {
    struct sale_writer *writer;
    struct text source;
    struct content content;
    uint64_t line_hash;
    // The occurrence opened last.
    int64_t occurrence;
    char number[64];
    struct open_sale *sale;
};

static struct content content_of(const struct sale_row *row, uint64_t line_hash) {
    const uint64_t first =
        mix(mix(line_hash, text_hash(row->customer_key)), (uint64_t)row->sold_at_us);

    return (struct content){
        .first = first, .second = mix(mix(first, (uint64_t)row->store_id), text_hash(row->till))};
}

static code open_occurrence(struct scope *scope, struct unnumbered *row, int64_t occurrence) {
    if (row->occurrence == occurrence)
        return OK;
    snprintf(row->number, sizeof(row->number), "#%016" PRIx64 "%016" PRIx64 "-%" PRId64,
             row->content.first, row->content.second, occurrence);
    TRY(open_sale(scope, row->writer, row->source, text_of(row->number), &row->sale));
    row->occurrence = occurrence;
    return OK;
}

static code is_taken(struct scope *scope, void *context, int64_t occurrence, bool *ret_taken) {
    struct unnumbered *row = context;
    struct known_line *first;

    TRY(open_occurrence(scope, row, occurrence));
    *ret_taken = row->sale->id != 0 && !next_known(row->writer, row->sale, row->line_hash, &first);
    return OK;
}

static struct last_taken *last_taken_of(const struct unnumbered *row, uint64_t source_hash) {
    return &row->writer->last_taken[(row->content.second ^ source_hash) % LAST_TAKEN_COUNT];
}

static code find_occurrence(struct scope *scope, struct unnumbered *row, int64_t *ret_occurrence) {
    const uint64_t source_hash = text_hash(row->source);
    struct last_taken *last = last_taken_of(row, source_hash);
    const bool remembered = last->source_hash == source_hash &&
                            last->content.first == row->content.first &&
                            last->content.second == row->content.second;

    TRY(occurrence_find_free(scope, remembered ? last->occurrence + 1 : 1, is_taken, row,
                             ret_occurrence));
    if (*ret_occurrence > 1) // most contents come once and would only push others out
        *last = (struct last_taken){
            .content = row->content, .source_hash = source_hash, .occurrence = *ret_occurrence};
    return OK;
}

static code add_unnumbered(struct scope *scope, struct sale_writer *writer,
                           const struct sale_row *row, enum sale_effect *ret_effect) {
    const uint64_t hash = line_hash(row);
    struct unnumbered unnumbered = {.writer = writer,
                                    .source = row->source,
                                    .content = content_of(row, hash),
                                    .line_hash = hash};
    struct open_sale *sale;
    int64_t occurrence;
    bool repeated;

    TRY(find_occurrence(scope, &unnumbered, &occurrence));
    TRY(open_occurrence(scope, &unnumbered, occurrence));
    sale = unnumbered.sale;
    if (sale->id == 0) {
        TRY(begin_sale(scope, writer, sale, row, text_of(unnumbered.number)));
        *ret_effect = SALE_CREATED;
        return add_line(scope, writer, sale, row, hash);
    }
    *ret_effect = SALE_LINE_REPEATED;
    return take_repetition(scope, writer, sale, hash, &repeated);
}

code sale_writer_add(struct scope *scope, struct sale_writer *writer, const struct sale_row *row,
                     enum sale_effect *ret_effect) {
    return row->number.size > 0 ? add_to_numbered(scope, writer, row, ret_effect)
                                : add_unnumbered(scope, writer, row, ret_effect);
}
