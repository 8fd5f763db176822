// SPDX-License-Identifier: Apache-2.0
// Reading is strict: what is not understood is refused with its place, because a condition that is
// left out silently would select people who were not meant. Definitions of other segments are read
// in the place where they are named, so their clauses count towards the limits.
#include "analyze/segment/tree.h"

#include "analyze/rfm/rfm_score.h"
#include "base/limits.h"
#include "base/time.h"

#include <math.h>
#include <stdio.h>

// The way from the root to what is being read; on the stack.
struct place {
    const struct place *up;
    const char *member; // NULL: an element
    size_t index;
};

// The segments being read, the innermost first.
struct chain {
    const struct chain *up;
    struct text name;
};

struct reading {
    struct scope *scope;
    struct segment_library *library;
    int clause_count;
    int value_count;
};

// ---- places ----

static void write_place(struct buffer *out, const struct place *place) {
    if (!place)
        return;
    write_place(out, place->up);
    if (!place->member)
        buffer_printf(out, "[%zu]", place->index);
    else
        buffer_printf(out, "%s%s", out->size > 0 ? "." : "", place->member);
}

// Puts the place before the field that the failure names.
static code fail_at(struct scope *scope, const struct place *place) {
    CLEANUP(buffer_clear) struct buffer text = {0};

    write_place(&text, place);
    if (scope->failure.field[0] != '\0')
        buffer_printf(&text, "%s%s", text.size > 0 ? "." : "", scope->failure.field);
    snprintf(scope->failure.field, sizeof(scope->failure.field), "%s", buffer_string(&text));
    return text.size > 0 ? scope_detail(scope, "at %s", buffer_string(&text)) : scope->failure.code;
}

#define TRY_AT(place, call)                                                                        \
    do {                                                                                           \
        if ((call) != OK)                                                                          \
            return fail_at(reading->scope, place);                                                 \
    } while (0)

// ---- values ----

static code fail_value(struct reading *reading, enum value_type type) {
    return scope_fail_field(reading->scope, INVALID, "value", "%s is expected as the value",
                            value_type_expected(type));
}

static bool read_text(const struct json *json, struct segment_value *value) {
    if (json->type != JSON_STRING || text_contains(json->string, '\0'))
        return false;
    value->type = SEGMENT_VALUE_TEXT;
    value->text = json->string;
    return true;
}

static bool read_int64(const struct json *json, int64_t largest, struct segment_value *value) {
    value->type = SEGMENT_VALUE_INT64;
    value->int64 = json->int64;
    return json->type == JSON_INT64 && json->int64 >= 0 && json->int64 <= largest;
}

// Rounded to micros.
static bool read_micros(const struct json *json, struct segment_value *value) {
    const double micros = json->type == JSON_DOUBLE ? json->number * 1e6 : 0;

    value->type = SEGMENT_VALUE_INT64;
    if (json->type == JSON_INT64)
        return !__builtin_mul_overflow(json->int64, INT64_C(1000000), &value->int64);
    if (json->type != JSON_DOUBLE || !(fabs(micros) < 9.2e18))
        return false;
    value->int64 = llround(micros);
    return true;
}

static bool read_day(const struct json *json, struct segment_value *value) {
    int32_t day;

    value->type = SEGMENT_VALUE_INT64;
    if (json->type != JSON_STRING || !day_parse(json->string, DATE_ORDER_YMD, &day))
        return false;
    value->int64 = day;
    return true;
}

static bool read_member_value(const struct json *json, struct segment_value *value) {
    if (json->type == JSON_BOOL) {
        value->type = SEGMENT_VALUE_TEXT;
        value->text = json->boolean ? TEXT("true") : TEXT("false");
        return true;
    }
    if (json->type == JSON_INT64 || json->type == JSON_DOUBLE) {
        value->type = SEGMENT_VALUE_NUMBER;
        value->number = json->type == JSON_INT64 ? (double)json->int64 : json->number;
        return true;
    }
    return read_text(json, value);
}

static bool read_group(const struct json *json, struct segment_value *value) {
    for (size_t i = 0; i < rfm_group_count; i++)
        if (json->type == JSON_STRING && text_is(json->string, rfm_groups[i].name))
            return read_text(json, value);
    return false;
}

static bool read_typed(const struct json *json, const struct segment_clause *clause,
                       struct segment_value *value) {
    switch (clause->field->type) {
    case VALUE_TEXT:
        return read_text(json, value);
    case VALUE_BOOL:
        value->type = SEGMENT_VALUE_INT64;
        value->int64 = json->type == JSON_BOOL && json->boolean;
        return json->type == JSON_BOOL;
    case VALUE_DAY:
        return read_day(json, value);
    case VALUE_COUNT:
        return read_int64(json, INT64_MAX, value);
    case VALUE_MONEY:
    case VALUE_QUANTITY:
        return read_micros(json, value);
    case VALUE_DAYS:
        return read_int64(json, SEGMENT_DAYS_LARGEST, value);
    case VALUE_SCORE:
        return read_int64(json, RFM_SCORES, value) && value->int64 > 0;
    case VALUE_GROUP:
        return read_group(json, value);
    case VALUE_MEMBER:
        if (clause->comparison == COMPARE_CONTAINS || clause->comparison == COMPARE_STARTS_WITH)
            return read_text(json, value);
        return read_member_value(json, value);
    case VALUE_CONSENT:
    case VALUE_SEGMENT:
    case VALUE_TYPE_COUNT:
        break;
    }
    return false;
}

static code count_values(struct reading *reading, size_t count, const char *field) {
    if (count > LIMIT_SEGMENT_VALUES - (size_t)reading->value_count)
        return scope_fail_field(reading->scope, TOO_LARGE, field,
                                "the conditions list more than %d values", LIMIT_SEGMENT_VALUES);
    reading->value_count += (int)count;
    return OK;
}

static code read_values(struct reading *reading, const struct json *json,
                        struct segment_clause *clause) {
    const bool list = comparison_takes_list(clause->comparison);
    const size_t count = list ? json->count : 1;

    if (list && (json->type != JSON_ARRAY || count == 0))
        return scope_fail_field(reading->scope, INVALID, "value",
                                "\"%s\" takes a list of at least one value",
                                comparison_name(clause->comparison));
    TRY(count_values(reading, count, "value"));
    clause->values = arena_array(&reading->scope->arena, count, sizeof(*clause->values));
    json = list ? json->first : json;
    for (; clause->value_count < count; json = json->next)
        if (!read_typed(json, clause, &clause->values[clause->value_count++]))
            return fail_value(reading, clause->field->type);
    return OK;
}

// ---- what clauses share ----

// The members of all types of clauses; each type reads those of its own table.
struct clause_record {
    struct text subject, operator, channel;
    const struct json *value, *where, *filters, *window;
};

#define AT(member) offsetof(struct clause_record, member)
#define OPERATOR                                                                                   \
    { "operator", JSON_FIELD_TEXT, AT(operator), true, NULL, "how to compare" }
#define VALUE                                                                                      \
    { "value", JSON_FIELD_JSON, AT(value), false, NULL, "with what" }
#define WINDOW                                                                                     \
    { "window", JSON_FIELD_JSON, AT(window), false, NULL, "days that count" }
#define SUBJECT(name, words)                                                                       \
    { name, JSON_FIELD_TEXT, AT(subject), true, NULL, words }

enum { CLAUSE_MEMBERS = 5 };
static const struct {
    struct json_field fields[CLAUSE_MEMBERS];
    size_t count;
} clause_members[CLAUSE_TYPE_COUNT] = {
    [CLAUSE_ATTRIBUTE] = {{SUBJECT("attribute", "field of the customer"), OPERATOR, VALUE}, 3},
    [CLAUSE_SALES] = {{SUBJECT("sales", "measure"),
                       OPERATOR,
                       VALUE,
                       {"where", JSON_FIELD_JSON, AT(where), false, NULL, "sales that count"},
                       WINDOW},
                      5},
    [CLAUSE_RFM] = {{SUBJECT("rfm", "group or score"),
                     OPERATOR,
                     VALUE,
                     {"filters", JSON_FIELD_JSON, AT(filters), false, NULL,
                      "documents that count, as reports filter them"},
                     WINDOW},
                    5},
    [CLAUSE_EVENT] = {{SUBJECT("event", "name of the events"),
                       {"operator", JSON_FIELD_TEXT, AT(operator), false, NULL, "how to compare"},
                       VALUE,
                       {"where", JSON_FIELD_JSON, AT(where), false, NULL, "events that count"},
                       WINDOW},
                      5},
    [CLAUSE_CONSENT] = {{SUBJECT("consent", "purpose"),
                         OPERATOR,
                         {"channel", JSON_FIELD_TEXT, AT(channel), true, NULL, "channel"}},
                        3},
    [CLAUSE_SEGMENT] = {{SUBJECT("segment", "name of another segment"), OPERATOR}, 2},
};
#undef AT

static code fail_operator(struct reading *reading, const struct segment_clause *clause,
                          struct text given) {
    const unsigned allowed = value_type_comparisons(clause->field->type);
    CLEANUP(buffer_clear) struct buffer names = {0};

    for (int i = 0; i < COMPARISON_COUNT; i++)
        if (allowed & 1u << i)
            buffer_printf(&names, "%s%s", names.size > 0 ? ", " : "",
                          comparison_name((enum comparison)i));
    scope_fail_field(reading->scope, INVALID, "operator", "\"%.*s\" is no operator of %s \"%.*s\"",
                     TEXT_ARG(given), clause_type_name(clause->type), TEXT_ARG(clause->name));
    return scope_hint(reading->scope, "the operators are %s", buffer_string(&names));
}

static code read_comparison(struct reading *reading, const struct clause_record *record,
                            struct segment_clause *clause) {
    if (clause->type == CLAUSE_EVENT && record->operator.size == 0 && !record->value) {
        clause->comparison = COMPARE_AT_LEAST; // at least one
        clause->values = arena_alloc(&reading->scope->arena, sizeof(*clause->values));
        *clause->values = (struct segment_value){.type = SEGMENT_VALUE_INT64, .int64 = 1};
        clause->value_count = 1;
        return OK;
    }
    if (!comparison_parse(record->operator, & clause->comparison) ||
        !(value_type_comparisons(clause->field->type) & 1u << clause->comparison))
        return fail_operator(reading, clause, record->operator);
    if (clause->type == CLAUSE_SEGMENT || clause->type == CLAUSE_CONSENT)
        return OK;
    if (!comparison_takes_value(clause->comparison)) {
        if (!record->value)
            return OK;
        return scope_fail_field(reading->scope, INVALID, "value", "\"%s\" takes no value",
                                comparison_name(clause->comparison));
    }
    if (!record->value)
        return scope_fail_field(reading->scope, INVALID, "value", "field \"value\" is missing");
    return read_values(reading, record->value, clause);
}

// ---- windows and restrictions ----

struct window_record {
    int64_t days;
    struct text from, to;
};

static const struct json_field window_fields[] = {
    {"days", JSON_FIELD_INT64, offsetof(struct window_record, days), false, NULL,
     "the days that end with the day of evaluation"},
    {"from", JSON_FIELD_TEXT, offsetof(struct window_record, from), false, NULL, "first day"},
    {"to", JSON_FIELD_TEXT, offsetof(struct window_record, to), false, NULL, "last day"},
};

static code read_bound(struct reading *reading, const char *name, struct text text,
                       int32_t *ret_day) {
    if (!text.data || day_parse(text, DATE_ORDER_YMD, ret_day))
        return OK;
    return scope_fail_field(reading->scope, INVALID, name, "\"%.*s\" is no day as \"2011-12-09\"",
                            TEXT_ARG(text));
}

static code read_window(struct reading *reading, const struct json *json,
                        struct segment_window *window) {
    struct window_record record = {.days = -1};

    TRY(json_read_record(reading->scope, json, window_fields,
                         sizeof(window_fields) / sizeof(*window_fields), &record));
    TRY(read_bound(reading, "from", record.from, &window->from_day));
    TRY(read_bound(reading, "to", record.to, &window->to_day));
    if ((record.days >= 0) == (record.from.data || record.to.data))
        return scope_fail(reading->scope, INVALID,
                          "a window has either \"days\", or \"from\", \"to\" or both");
    if (record.days == 0 || record.days > SEGMENT_DAYS_LARGEST)
        return scope_fail_field(reading->scope, INVALID, "days",
                                "a window of %lld days is not within 1 to %d",
                                (long long)record.days, SEGMENT_DAYS_LARGEST);
    if (window->from_day != SEGMENT_NO_DAY && window->to_day != SEGMENT_NO_DAY &&
        window->from_day > window->to_day)
        return scope_fail_field(reading->scope, INVALID, "to", "the window ends before it begins");
    window->days = record.days > 0 ? (int32_t)record.days : 0;
    return OK;
}

static bool may_restrict(enum clause_type type, size_t restriction) {
    return type == CLAUSE_SALES || segment_restrictions[restriction].of_events;
}

static code fail_restriction(struct reading *reading, enum clause_type type, struct text given) {
    CLEANUP(buffer_clear) struct buffer names = {0};

    for (size_t i = 0; i < RESTRICTION_COUNT; i++)
        if (may_restrict(type, i))
            buffer_printf(&names, "%s%s", names.size > 0 ? ", " : "", segment_restrictions[i].name);
    scope_fail(reading->scope, INVALID, "%s cannot be restricted by \"%.*s\"",
               type == CLAUSE_SALES ? "sales" : "events", TEXT_ARG(given));
    return scope_hint(reading->scope, "they can be restricted by %s", buffer_string(&names));
}

static bool is_restriction_value(enum restriction restriction, struct text value) {
    if (restriction == RESTRICT_KIND)
        return text_is(value, "sale") || text_is(value, "refund") || text_is(value, "adjustment");
    return !text_contains(value, '\0');
}

static code read_restriction(struct reading *reading, const struct json *json,
                             enum restriction restriction, struct segment_clause *clause) {
    const char *name = segment_restrictions[restriction].name;
    struct segment_restricted *where = &clause->where[restriction];
    const bool list = json->type == JSON_ARRAY;
    const size_t count = list ? json->count : 1;

    TRY(count_values(reading, count, name));
    where->values = arena_array(&reading->scope->arena, count + 1, sizeof(*where->values));
    for (const struct json *item = list ? json->first : json; where->count < count;
         item = item->next) {
        if (item->type != JSON_STRING || !is_restriction_value(restriction, item->string))
            break;
        where->values[where->count++] = item->string;
    }
    if (count > 0 && where->count == count)
        return OK;
    return scope_fail_field(
        reading->scope, INVALID, name, "\"%s\" takes %s or a list of such", name,
        restriction == RESTRICT_KIND ? "\"sale\", \"refund\", \"adjustment\"" : "a text");
}

static code read_where(struct reading *reading, const struct json *json,
                       struct segment_clause *clause) {
    if (json->type != JSON_OBJECT)
        return scope_fail(reading->scope, INVALID, "an object with restrictions is expected");
    for (const struct json *member = json->first; member; member = member->next) {
        size_t i = 0;

        while (i < RESTRICTION_COUNT && !text_is(member->key, segment_restrictions[i].name))
            i++;
        if (i == RESTRICTION_COUNT || !may_restrict(clause->type, i))
            return fail_restriction(reading, clause->type, member->key);
        TRY(read_restriction(reading, member, (enum restriction)i, clause));
    }
    return OK;
}

// ---- what scores are worked out of ----

static code read_filters(struct reading *reading, const struct json *json,
                         struct selection *selection) {
    const size_t count = json->type == JSON_ARRAY ? json->count : 0;

    if (json->type != JSON_ARRAY)
        return scope_fail(reading->scope, INVALID,
                          "a list of filters as \"quantity>0\" is expected");
    if (count > SELECTION_FILTERS)
        return scope_fail(reading->scope, TOO_LARGE, "a selection has at most %d filters",
                          SELECTION_FILTERS);
    for (const struct json *item = json->first; item; item = item->next) {
        struct filter *filter = &selection->filters[selection->filter_count++];

        if (item->type != JSON_STRING || text_contains(item->string, '\0'))
            return scope_fail(reading->scope, INVALID, "a filter is a text as \"quantity>0\"");
        TRY(filter_parse(reading->scope, item->string, filter));
    }
    return OK;
}

static code read_scored(struct reading *reading, const struct json *filters,
                        const struct place *place, struct segment_clause *clause) {
    const struct place here = {.up = place, .member = "filters"};

    clause->scored = arena_alloc(&reading->scope->arena, sizeof(*clause->scored));
    *clause->scored = (struct selection){0};
    if (!filters || filters->type == JSON_NULL)
        return OK;
    if (read_filters(reading, filters, clause->scored) == OK)
        return OK;
    reading->scope->failure.field[0] = '\0'; // it names the parameter of reports
    return fail_at(reading->scope, &here);
}

// ---- nodes ----

static code read_node(struct reading *reading, const struct json *json, const struct place *place,
                      const struct chain *chain, int depth, struct segment_node **ret_node);

static struct segment_node *new_node(struct reading *reading, enum node_kind kind) {
    struct segment_node *node = arena_alloc(&reading->scope->arena, sizeof(*node));

    node->kind = kind;
    return node;
}

static code fail_circle(struct reading *reading, const struct chain *chain, struct text name) {
    CLEANUP(buffer_clear) struct buffer way = {0};

    buffer_printf(&way, "\"%.*s\"", TEXT_ARG(name));
    for (; chain; chain = chain->up) {
        struct text link = text_printf(&reading->scope->arena, "\"%.*s\" → %.*s",
                                       TEXT_ARG(chain->name), (int)way.size, way.data);
        const bool closed = text_equal(chain->name, name);

        way.size = 0;
        buffer_add_text(&way, link);
        if (closed)
            break;
    }
    return scope_fail(reading->scope, INVALID, "the segment refers to itself: %s",
                      buffer_string(&way));
}

// The failures of the other segment's own tree are at this place, too.
static code read_reference(struct reading *reading, const struct place *place,
                           const struct chain *chain, int depth, struct segment_clause *clause) {
    const struct chain inner = {.up = chain, .name = clause->name};
    const struct place here = {.up = place, .member = "segment"};
    const struct json *definition = NULL;

    for (const struct chain *link = chain; link; link = link->up)
        if (link->name.size > 0 && text_equal(link->name, clause->name)) {
            fail_circle(reading, chain, clause->name);
            return fail_at(reading->scope, &here);
        }
    TRY_AT(&here,
           reading->library->find(reading->library, reading->scope, clause->name, &definition));
    if (!definition) {
        scope_fail(reading->scope, INVALID, "there is no segment \"%.*s\"", TEXT_ARG(clause->name));
        return fail_at(reading->scope, &here);
    }
    return read_node(reading, definition, &here, &inner, depth, &clause->inlined);
}

static code find_field(struct reading *reading, struct segment_clause *clause) {
    const char *type = clause_type_name(clause->type), *near;

    clause->field = segment_field_find(clause->type, clause->name);
    if (clause->field && clause->name.size > 0 && !text_contains(clause->name, '\0') &&
        clause->name.size <= LIMIT_FIELD_BYTES)
        return OK;
    scope_fail_field(reading->scope, INVALID, type, "there is no %s \"%.*s\"", type,
                     TEXT_ARG(clause->name));
    near = segment_field_nearest(clause->type, clause->name);
    if (near && near[0] != '*')
        scope_hint(reading->scope, "did you mean \"%s\"?", near);
    return INVALID;
}

// What follows the prefix is the member's name; the lake's JSON functions read some as paths.
static code read_member_name(struct reading *reading, struct segment_clause *clause) {
    struct text member;

    text_split(clause->name, '.', &member);
    if (member.data[0] != '$' && member.data[0] != '/' && !text_contains(member, '"') &&
        !text_contains(member, '*') && !text_contains(member, '\\'))
        return OK;
    return scope_fail_field(
        reading->scope, INVALID, "attribute",
        "attributes with \"$\" or \"/\" at the beginning, quotes, backslashes or "
        "\"*\" cannot be asked for: \"%.*s\"",
        TEXT_ARG(member));
}

static code read_clause_members(struct reading *reading, const struct json *json,
                                const struct place *place, enum clause_type type,
                                struct segment_clause *clause) {
    const struct place where = {.up = place, .member = "where"};
    const struct place window = {.up = place, .member = "window"};
    struct clause_record record = {0};

    TRY_AT(place, json_read_record(reading->scope, json, clause_members[type].fields,
                                   clause_members[type].count, &record));
    clause->type = type;
    clause->name = record.subject;
    clause->channel = record.channel;
    TRY_AT(place, find_field(reading, clause));
    if (clause->field->type == VALUE_MEMBER)
        TRY_AT(place, read_member_name(reading, clause));
    TRY_AT(place, read_comparison(reading, &record, clause));
    if (record.where && record.where->type != JSON_NULL)
        TRY_AT(&where, read_where(reading, record.where, clause));
    if (type == CLAUSE_RFM)
        TRY(read_scored(reading, record.filters, place, clause));
    if (record.window && record.window->type != JSON_NULL)
        TRY_AT(&window, read_window(reading, record.window, &clause->window));
    return OK;
}

static code read_clause(struct reading *reading, const struct json *json, const struct place *place,
                        const struct chain *chain, int depth, enum clause_type type,
                        struct segment_node **ret_node) {
    struct segment_clause *clause = arena_alloc(&reading->scope->arena, sizeof(*clause));
    struct segment_node *node = new_node(reading, NODE_CLAUSE);

    if (++reading->clause_count > LIMIT_SEGMENT_CLAUSES) {
        scope_fail(reading->scope, TOO_LARGE,
                   "the conditions have more than %d clauses, those of other segments included",
                   LIMIT_SEGMENT_CLAUSES);
        return fail_at(reading->scope, place);
    }
    clause->window = (struct segment_window){.from_day = SEGMENT_NO_DAY, .to_day = SEGMENT_NO_DAY};
    TRY(read_clause_members(reading, json, place, type, clause));
    if (type == CLAUSE_SEGMENT)
        TRY(read_reference(reading, place, chain, depth + 1, clause));
    node->clause = clause;
    *ret_node = node;
    return OK;
}

static code read_list(struct reading *reading, const struct json *json, const struct place *place,
                      const struct chain *chain, int depth, struct segment_node *node) {
    struct segment_node **end = &node->first;
    struct place element = {.up = place};

    if (json->type != JSON_ARRAY || (json->count == 0 && node->kind == NODE_ANY)) {
        scope_fail(reading->scope, INVALID, "a list of %sconditions is expected",
                   node->kind == NODE_ANY ? "one or more " : "");
        return fail_at(reading->scope, place);
    }
    for (const struct json *item = json->first; item; item = item->next, element.index++) {
        TRY(read_node(reading, item, &element, chain, depth + 1, end));
        end = &(*end)->next;
    }
    return OK;
}

static code read_branch(struct reading *reading, const struct json *json, const struct place *place,
                        const struct chain *chain, int depth, enum node_kind kind,
                        struct segment_node **ret_node) {
    static const char *const names[] = {"all", "any", "not"};
    const struct place here = {.up = place, .member = names[kind]};
    struct segment_node *node = new_node(reading, kind);

    if (json->count != 1) {
        scope_fail(reading->scope, INVALID, "nothing may stand beside \"%s\"", names[kind]);
        return fail_at(reading->scope, place);
    }
    if (kind == NODE_NOT)
        TRY(read_node(reading, json->first, &here, chain, depth + 1, &node->first));
    else
        TRY(read_list(reading, json->first, &here, chain, depth, node));
    *ret_node = node;
    return OK;
}

static code read_node(struct reading *reading, const struct json *json, const struct place *place,
                      const struct chain *chain, int depth, struct segment_node **ret_node) {
    static const char *const branches[] = {"all", "any", "not"};

    if (depth > LIMIT_SEGMENT_DEPTH) {
        scope_fail(reading->scope, TOO_LARGE, "the conditions are nested more than %d deep",
                   LIMIT_SEGMENT_DEPTH);
        return fail_at(reading->scope, place);
    }
    for (size_t i = 0; i < sizeof(branches) / sizeof(*branches); i++)
        if (json_member(json, branches[i]))
            return read_branch(reading, json, place, chain, depth, (enum node_kind)i, ret_node);
    for (int i = 0; i < CLAUSE_TYPE_COUNT; i++)
        if (json_member(json, clause_type_name((enum clause_type)i)))
            return read_clause(reading, json, place, chain, depth, (enum clause_type)i, ret_node);
    scope_fail(reading->scope, INVALID, "this is no condition");
    scope_hint(reading->scope, "a condition has \"all\", \"any\", \"not\", \"attribute\", "
                               "\"sales\", \"rfm\", \"event\", \"consent\" or \"segment\"");
    return fail_at(reading->scope, place);
}

code segment_tree_read(struct scope *scope, const struct json *json, struct text name,
                       struct segment_library *library, const struct segment_node **ret_tree) {
    struct reading reading = {.scope = scope, .library = library};
    const struct chain chain = {.name = name};
    struct segment_node *tree = NULL;

    TRY(read_node(&reading, json, NULL, &chain, 1, &tree));
    *ret_tree = tree;
    return OK;
}
