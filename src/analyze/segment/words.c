// SPDX-License-Identifier: Apache-2.0
// Trees as people read them.
#include "analyze/segment/tree.h"
#include "base/money.h"
#include "base/time.h"

#include <inttypes.h>

enum { VALUES_SHOWN = 5 };

static void write_value(struct buffer *out, const struct segment_clause *clause,
                        const struct segment_value *value) {
    char text[TIME_TEXT_SIZE]; // an amount is shorter
    struct json_writer writer;

    if (value->type != SEGMENT_VALUE_INT64) {
        json_writer_init(&writer, out);
        if (value->type == SEGMENT_VALUE_TEXT)
            json_write_text(&writer, value->text);
        else
            json_write_double(&writer, value->number);
        return;
    }
    switch (clause->field->type) {
    case VALUE_BOOL:
        buffer_add_string(out, value->int64 ? "true" : "false");
        return;
    case VALUE_DAY:
        buffer_add_string(out, day_format((int32_t)value->int64, text));
        return;
    case VALUE_MONEY:
    case VALUE_QUANTITY:
        buffer_add_string(out, micros_format(value->int64, 0, text));
        return;
    case VALUE_TEXT:
    case VALUE_COUNT:
    case VALUE_DAYS:
    case VALUE_SCORE:
    case VALUE_GROUP:
    case VALUE_MEMBER:
    case VALUE_CONSENT:
    case VALUE_SEGMENT:
    case VALUE_TYPE_COUNT:
        break;
    }
    buffer_printf(out, "%" PRId64, value->int64);
}

static void write_quoted(struct buffer *out, struct text text) {
    struct json_writer writer;

    json_writer_init(&writer, out);
    json_write_text(&writer, text);
}

static void write_where(struct buffer *out, const struct segment_clause *clause) {
    for (size_t i = 0; i < RESTRICTION_COUNT; i++) {
        const struct segment_restricted *where = &clause->where[i];

        if (where->count == 0)
            continue;
        buffer_printf(out, " of %s ", segment_restrictions[i].name);
        for (size_t k = 0; k < where->count && k < VALUES_SHOWN; k++) {
            buffer_add_string(out, k > 0 ? " or " : "");
            write_quoted(out, where->values[k]);
        }
        if (where->count > VALUES_SHOWN)
            buffer_printf(out, " or %zu more", where->count - VALUES_SHOWN);
    }
}

static void write_filters(struct buffer *out, const struct selection *selection) {
    for (size_t i = 0; i < selection->filter_count; i++) {
        const struct filter *filter = &selection->filters[i];

        buffer_printf(out, "%s%s%s%.*s", i > 0 ? " and " : " of ", filter->field->name,
                      filter_comparison_text(filter->comparison), TEXT_ARG(filter->value));
    }
}

static void write_window(struct buffer *out, const struct segment_window *window) {
    char text[TIME_TEXT_SIZE];

    if (window->days == 1)
        buffer_add_string(out, " in the last day");
    else if (window->days > 0)
        buffer_printf(out, " in the last %d days", (int)window->days);
    if (window->from_day != SEGMENT_NO_DAY)
        buffer_printf(out, " from %s", day_format(window->from_day, text));
    if (window->to_day != SEGMENT_NO_DAY)
        buffer_printf(out, " to %s", day_format(window->to_day, text));
}

void segment_write_subject(struct buffer *out, const struct segment_clause *clause) {
    switch (clause->type) {
    case CLAUSE_ATTRIBUTE:
        buffer_add_text(out, clause->name);
        return;
    case CLAUSE_SALES:
        buffer_add_text(out, clause->name);
        write_where(out, clause);
        break;
    case CLAUSE_RFM:
        buffer_printf(out, "RFM %.*s", TEXT_ARG(clause->name));
        write_filters(out, clause->scored);
        break;
    case CLAUSE_EVENT:
        buffer_add_string(out, "events ");
        write_quoted(out, clause->name);
        write_where(out, clause);
        break;
    case CLAUSE_CONSENT:
        buffer_add_string(out, "consent ");
        write_quoted(out, clause->name);
        buffer_add_string(out, " by ");
        write_quoted(out, clause->channel);
        return;
    case CLAUSE_SEGMENT:
        buffer_add_string(out, "segment ");
        write_quoted(out, clause->name);
        return;
    case CLAUSE_TYPE_COUNT:
        return;
    }
    write_window(out, &clause->window);
}

void segment_write_comparison(struct buffer *out, const struct segment_clause *clause) {
    for (const char *byte = comparison_name(clause->comparison); *byte != '\0'; byte++)
        buffer_add_char(out, *byte == '_' ? ' ' : *byte);
    for (size_t i = 0; i < clause->value_count && i < VALUES_SHOWN; i++) {
        buffer_add_string(out, i > 0 ? ", " : " ");
        write_value(out, clause, &clause->values[i]);
    }
    if (clause->value_count > VALUES_SHOWN)
        buffer_printf(out, " and %zu more", clause->value_count - VALUES_SHOWN);
}

static void write_node(struct buffer *out, const struct segment_node *node, int indent) {
    static const char *const heads[] = {"all of:", "any of:", "not:"};

    buffer_printf(out, "%*s", 2 * indent, "");
    if (node->kind == NODE_CLAUSE) {
        const bool other = node->clause->type == CLAUSE_SEGMENT;

        if (other) {
            segment_write_comparison(out, node->clause);
            buffer_add_char(out, ' ');
        }
        segment_write_subject(out, node->clause);
        if (!other) {
            buffer_add_char(out, ' ');
            segment_write_comparison(out, node->clause);
        }
        buffer_add_char(out, '\n');
        if (other)
            write_node(out, node->clause->inlined, indent + 1);
        return;
    }
    if (node->kind == NODE_ALL && !node->first)
        buffer_add_string(out, "everybody\n");
    else
        buffer_printf(out, "%s\n", heads[node->kind]);
    for (const struct segment_node *child = node->first; child; child = child->next)
        write_node(out, child, indent + 1);
}

void segment_write_tree(struct buffer *out, const struct segment_node *tree) {
    write_node(out, tree, 0);
}
