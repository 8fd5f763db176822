// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "govern/export/export.h"
#include "store/export_file.h"
#include "web/route.h"

extern const struct route_parameter export_list_parameters[];
extern const struct route_answer export_fetch_answer;
extern const struct route_answer export_file_members[]; // of the member "file"

code export_http_list(struct scope *scope, const struct request *request,
                      struct response *response);
code export_http_fetch(struct scope *scope, const struct request *request,
                       struct response *response);

// ---- for those that make files ----

// What a request says of the file it wants: EXPORT_ORDER_FIELDS among the fields of its body, with
// the place of this in its record.
struct export_order {
    struct text path; // on the command line; empty: kept to be fetched
    int format;       // enum export_format
};
#define EXPORT_ORDER_FIELDS(at)                                                                    \
    {"path",                                                                                       \
     JSON_FIELD_TEXT,                                                                              \
     (at) + offsetof(struct export_order, path),                                                   \
     false,                                                                                        \
     NULL,                                                                                         \
     "file to write, on the command line; otherwise it is kept to be fetched"},                    \
    {                                                                                              \
        "format", JSON_FIELD_ENUM, (at) + offsetof(struct export_order, format), false,            \
            export_format_names, "format of the file"                                              \
    }
// The member of the answer that says where it is.
#define EXPORT_ANSWER_MEMBER                                                                       \
    {                                                                                              \
        .name = "file", ANSWER_OBJECT,                                                             \
        "the file, to be fetched from /api/v1/exports; its path when the command line named one",  \
        .members = export_file_members                                                             \
    }

struct export_source {
    struct text what; // "segment regulars": what the list of exports says of it
    struct text name; // of the file, without its ending
    // Writes the new file at `path`.
    code (*write)(struct scope *scope, void *context, const char *path, enum export_format format,
                  int64_t *ret_count);
    void *context;
};

// Writes the file where it is wanted and is kept, and the member "file" of the object being
// written.
code export_deliver(struct scope *scope, const struct export_order *order,
                    const struct export_source *source, struct response *response,
                    int64_t *ret_count);
// The file as the answer itself: nothing is kept. Where the command line named a path it is written
// there and the answer is the object {"file", "rows"}.
code export_send(struct scope *scope, const struct export_order *order,
                 const struct export_source *source, struct response *response);
