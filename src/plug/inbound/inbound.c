// SPDX-License-Identifier: Apache-2.0
// Each object becomes one line of JSON and goes the way of a line of a file.
#include "plug/inbound/inbound.h"

#include "base/limits.h"
#include "base/time.h"
#include "inbound_sql.h"
#include "plug/sender/sender.h"
#include "store/ledger.h"
#include "store/setting.h"

#define EXTRA "_extra" // members that no field takes, as one object (plug/source/source.h)

// ---- the mapping ----

struct columns {
    struct source_column list[LIMIT_RECORD_FIELDS];
    size_t count;
};

static bool columns_have(const struct columns *columns, struct text name) {
    for (size_t i = 0; i < columns->count; i++)
        if (text_equal(columns->list[i].name, name))
            return true;
    return false;
}

// The extra column comes last, whether it is mapped or not.
static void columns_add(struct columns *columns, struct text name) {
    if (!text_is(name, EXTRA) && !columns_have(columns, name) &&
        columns->count < LIMIT_RECORD_FIELDS - 1)
        columns->list[columns->count++] = (struct source_column){.name = name};
}

static void set_dialect(struct scope *scope, struct mapping *mapping) {
    struct columns *columns = arena_alloc(&scope->arena, sizeof(*columns));

    columns->count = 0;
    for (size_t i = 0; i < mapping->field_count; i++)
        for (size_t k = 0; k < mapping->fields[i].column_count; k++)
            columns_add(columns, mapping->fields[i].columns[k]);
    for (size_t i = 0; i < mapping->attribute_count; i++)
        columns_add(columns, mapping->attributes[i]);
    columns->list[columns->count++] = (struct source_column){.name = TEXT(EXTRA)};
    mapping->dialect = (struct source_dialect){.format = SOURCE_JSON_LINES,
                                               .encoding = SOURCE_UTF8,
                                               .compression = SOURCE_PLAIN,
                                               .header = SOURCE_HEADER_ABSENT,
                                               .columns = columns->list,
                                               .column_count = columns->count};
}

code inbound_mapping(struct scope *scope, struct text sender_name, const struct mapping *given,
                     struct mapping *ret_mapping) {
    struct mapping mapping = *given;
    struct settings settings;

    TRY(settings_load(scope, &settings));
    mapping.source = sender_name;
    if (mapping.options.zone.size == 0)
        mapping.options.zone = settings.zone;
    set_dialect(scope, &mapping);
    TRY(mapping_check(scope, &mapping));
    *ret_mapping = mapping;
    return OK;
}

code inbound_open(struct scope *scope, int64_t sender_id, struct text sender_name,
                  const struct mapping *mapping) {
    return ledger_exec(
        scope, sql_inbound_open,
        BINDS(BIND_INT64(sender_id), BIND_STRING(import_kind_name(mapping->kind)),
              BIND_TEXT(sender_name), BIND_TEXT(mapping_text(scope, mapping)),
              BIND_INT64(scope->now_us),
              BIND_TEXT(text_printf(&scope->arena, "webhook %.*s", TEXT_ARG(sender_name)))));
}

code inbound_remap(struct scope *scope, int64_t sender_id, const struct mapping *mapping) {
    return ledger_exec(scope, sql_inbound_remap,
                       BINDS(BIND_INT64(sender_id), BIND_STRING(import_kind_name(mapping->kind)),
                             BIND_TEXT(mapping_text(scope, mapping))));
}

// ---- taking ----

struct taking {
    const struct inbound_message *message;
    struct import import;
    struct mapping mapping;
    struct sink sink;
    bool tells_time, tells_id; // the mapping uses the columns of that name
};

static void add_text_member(struct json_writer *writer, const char *key, struct text value) {
    json_key(writer, key);
    json_write_text(writer, value);
}

// The object in one line, with what the mapping wants to know besides.
static struct text line_of(struct scope *scope, const struct taking *taking,
                           const struct json *object) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;
    char time[TIME_TEXT_SIZE];

    json_writer_init(&writer, &out);
    if (object->type != JSON_OBJECT) {
        json_write(&writer, object);
        return text_copy(&scope->arena, buffer_text(&out));
    }
    json_begin_object(&writer);
    for (const struct json *member = object->first; member; member = member->next) {
        if (text_is(member->key, INBOUND_RECEIVED_AT) || text_is(member->key, INBOUND_MESSAGE_ID))
            continue; // these are ours to say
        json_key_text(&writer, member->key);
        json_write(&writer, member);
    }
    if (taking->tells_time)
        add_text_member(&writer, INBOUND_RECEIVED_AT,
                        text_of(time_format_utc(scope->now_us, time)));
    if (taking->tells_id)
        add_text_member(&writer, INBOUND_MESSAGE_ID, taking->message->id);
    json_end_object(&writer);
    return text_copy(&scope->arena, buffer_text(&out));
}

static code take_line(struct scope *scope, struct taking *taking, struct text line) {
    struct import *import = &taking->import;
    struct record record;

    TRY(source_parse(scope, &taking->mapping.dialect, line, &record));
    record.row = record.line = ++import->row_offset;
    record.raw = line;
    return sink_record(scope, &taking->sink, &record, &import->tally);
}

// What is no JSON is kept as it came.
static code take_body(struct scope *scope, struct taking *taking) {
    const struct text body = text_trim(taking->message->body);
    struct json *json;
    int count = 0;

    if (json_parse(scope, body, &json) != OK) {
        scope_forgive(scope);
        return take_line(scope, taking, body);
    }
    if (json->type != JSON_ARRAY)
        return take_line(scope, taking, line_of(scope, taking, json));
    for (const struct json *object = json->first; object; object = object->next) {
        if (++count > INBOUND_MOST_OBJECTS)
            return scope_fail(scope, TOO_LARGE, "a message has at most %d objects",
                              INBOUND_MOST_OBJECTS);
        TRY(take_line(scope, taking, line_of(scope, taking, object)));
    }
    return OK;
}

static bool maps_column(const struct source_dialect *dialect, const char *name) {
    for (size_t i = 0; i < dialect->column_count; i++)
        if (text_is(dialect->columns[i].name, name))
            return true;
    return false;
}

// The import's row is locked before it is read: messages of one sender are taken one by one.
static code begin(struct scope *scope, struct taking *taking) {
    const int64_t id = taking->message->sender_id;
    const struct source_dialect *dialect = &taking->mapping.dialect;
    struct text *columns;
    struct json *json;
    int64_t locked;

    TRY(ledger_change(scope, sql_inbound_lock, BINDS(BIND_INT64(id)), &locked));
    if (locked == 0)
        return scope_fail(scope, UNAVAILABLE, "what this source brought is being taken back");
    TRY(import_find(scope, id, &taking->import));
    TRY(json_parse(scope, taking->import.mapping, &json));
    TRY(mapping_read(scope, json, &taking->mapping));
    columns = arena_array(&scope->arena, dialect->column_count + 1, sizeof(*columns));
    for (size_t i = 0; i < dialect->column_count; i++)
        columns[i] = dialect->columns[i].name;
    taking->tells_time = maps_column(dialect, INBOUND_RECEIVED_AT);
    taking->tells_id = maps_column(dialect, INBOUND_MESSAGE_ID);
    TRY(sink_open(scope, &taking->sink, id, &taking->mapping, taking->import.file_name, columns,
                  dialect->column_count));
    taking->sink.counts = taking->import.counts;
    return resolver_begin(scope, taking->sink.resolver);
}

static code count(struct scope *scope, const struct taking *taking,
                  const struct import_tally *before, struct import_tally *ret_tally) {
    const struct import_tally *now = &taking->import.tally;
    const struct import_tally tally = {.read = now->read - before->read,
                                       .accepted = now->accepted - before->accepted,
                                       .duplicate = now->duplicate - before->duplicate,
                                       .quarantined = now->quarantined - before->quarantined};

    TRY(sender_count(scope, taking->message->sender_id,
                     &(struct sender_figures){.accepted = tally.accepted,
                                              .duplicate = tally.duplicate,
                                              .quarantined = tally.quarantined,
                                              .bytes = (int64_t)taking->message->body.size,
                                              .last_at_us = scope->now_us}));
    *ret_tally = tally;
    return OK;
}

static code take(struct scope *scope, struct taking *taking, struct import_tally *ret_tally) {
    struct import_tally before;

    TRY(begin(scope, taking));
    before = taking->import.tally;
    TRY(take_body(scope, taking));
    TRY(sink_flush(scope, &taking->sink));
    taking->import.counts = taking->sink.counts;
    TRY(import_checkpoint(scope, &taking->import));
    return count(scope, taking, &before, ret_tally);
}

code inbound_take(struct scope *scope, const struct inbound_message *message,
                  struct import_tally *ret_tally) {
    struct taking taking = {.message = message};
    const code result = take(scope, &taking, ret_tally);

    sink_close(&taking.sink);
    return result;
}
