// SPDX-License-Identifier: Apache-2.0
// Members as a file. Names and numbers come from the ledger, which alone knows them.
#include "analyze/segment/segment.h"
#include "govern/access/access.h"
#include "govern/audit/audit.h"
#include "segment_sql.h"
#include "store/export_file.h"
#include "store/ledger.h"
#include "store/rows_paged.h"

#include <inttypes.h>

// The last two are for who may see them.
static const struct export_column columns[] = {
    {"customer", ROW_TEXT},   {"number", ROW_TEXT}, {"name", ROW_TEXT},  {"country", ROW_TEXT},
    {"since", ROW_TIMESTAMP}, {"email", ROW_TEXT},  {"phone", ROW_TEXT},
};
enum { COLUMN_COUNT = sizeof(columns) / sizeof(*columns), CONTACT_COLUMNS = 2, PAGE_ROWS = 5000 };

struct sealing {
    const struct segment *segment;
    enum export_format format;
    bool with_contacts;
    struct rows **rows;
};

static code write_audit(struct scope *scope, void *context, int64_t count) {
    const struct sealing *sealing = context;

    rows_close(sealing->rows); // an open reading would keep the ledger from being written
    return audit_append(
        scope, "segment.export",
        text_printf(&scope->arena, "segment %.*s", TEXT_ARG(sealing->segment->name)),
        text_printf(&scope->arena, "{\"count\": %" PRId64 ", \"format\": \"%s\", \"contacts\": %s}",
                    count, export_format_names[sealing->format],
                    sealing->with_contacts ? "true" : "false"));
}

static code read_page(struct scope *scope, void *context, int64_t after, struct rows **ret_page) {
    const struct segment *segment = context;

    return ledger_query(scope, sql_segment_members,
                        BINDS(BIND_INT64(segment->id), BIND_INT64(after), BIND_INT64(PAGE_ROWS)),
                        ret_page);
}

code segment_export(struct scope *scope, struct segment *segment, const char *path,
                    enum export_format format, int64_t *ret_count) {
    const bool with_contacts = scope->actor.permissions & MAY_UNMASK_IDENTIFIERS;
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct sealing sealing = {segment, format, with_contacts, &rows};
    const struct export_file file = {
        .path = path,
        .format = format,
        .columns = columns,
        .column_count = COLUMN_COUNT - (with_contacts ? 0 : CONTACT_COLUMNS),
        .before_name = write_audit,
        .context = &sealing,
    };

    TRY(rows_paged(scope, read_page, segment, &rows));
    return export_file_write(scope, rows, &file, ret_count);
}
