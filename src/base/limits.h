// SPDX-License-Identifier: Apache-2.0
// Every limit on foreign input, checked before memory is spent on it.
#pragma once

enum {
    LIMIT_RECORD_BYTES = 4 << 20,   // one row of a file: raw bytes
    LIMIT_RECORD_FIELDS = 1000,     // columns of a file
    LIMIT_FIELD_BYTES = 1 << 20,    // one cell
    LIMIT_HOOK_BYTES = 1 << 20,     // one message of a webhook
    LIMIT_JSON_DEPTH = 32,          // nesting
    LIMIT_JSON_BYTES = 16 << 20,    // one document
    LIMIT_NAME_BYTES = 128,         // names that people give: segments, mappings
    LIMIT_IDENTIFIER_BYTES = 320,   // RFC 5321: 64 + @ + 255
    LIMIT_SEGMENT_CLAUSES = 200,    // clauses of one condition tree
    LIMIT_SEGMENT_DEPTH = 16,       // nesting of one condition tree
    LIMIT_SEGMENT_VALUES = 2000,    // values that one condition tree lists
    LIMIT_PAGE_ROWS = 1000,         // rows of one answer
    LIMIT_REPORT_ROWS = 100000,     // rows of one report, read whole
    LIMIT_SQL_BYTES = 1 << 20,      // one statement of an analyst
    LIMIT_IDENTIFIERS_PER_KIND = 5, // of one customer; customer numbers: 1 per source
    LIMIT_JOINS_PER_CUSTOMER = 100, // origins joined into one customer
    LIMIT_IDENTIFIERS_PER_CUSTOMER = 1000,
    LIMIT_PULLS_PER_IDENTIFIER = 20,  // known customers it joined or would have: then it is stopped
    LIMIT_HEAD_LINE_BYTES = 8 << 10,  // one line of a request's head
    LIMIT_HEAD_FIELDS = 100,          // fields of it
    LIMIT_PATIENCE_MS = 10000,        // a head must have come by then; bodies and the reading of
    LIMIT_SLOWEST_BYTES_PER_S = 8192, // answers must go at least so fast from then on
    LIMIT_PARAMETERS = 200,           // of one address
    LIMIT_CONNECTIONS = 8192,
    LIMIT_CONNECTIONS_PER_ADDRESS = 1024,
    LIMIT_WAITING_REQUESTS = 1024,        // for a worker
    LIMIT_INTAKE_BODY_BYTES = 500 << 10,  // one request of collection: a batch
    LIMIT_INTAKE_LEAST_BYTES = 4 << 10,   // that a request counts for, besides its body
    LIMIT_INTAKE_BYTES = 128 << 20,       // of all that are received or wait
    LIMIT_INTAKE_REQUESTS = 8192,         // of them
    LIMIT_COMMON_CONTEXT_BYTES = 8 << 10, // what a batch says for each of its messages
    LIMIT_WAITING_PER_SOURCE = 100000,    // messages of it in quarantine, about
    LIMIT_ORDER_LINES = 500,              // products of one order or receipt
    LIMIT_IDEMPOTENCY_KEY_BYTES = 255,
    LIMIT_IDEMPOTENCY_ANSWER_BYTES = 64 << 10, // that is kept to be given again
    LIMIT_HEAVY_AT_ONCE = 4,     // requests that count over all data; each uses all processors
    LIMIT_HEAVY_WAIT_MS = 20000, // of one of them for its turn
    LIMIT_HEAVY_RUN_MS = 300000, // and for its answer from then on
    LIMIT_LISTENERS = 512,       // of live updates
    LIMIT_JOB_LOSSES = 3, // times in a row that a job's process may die without its getting further
};

#define LIMIT_UPLOAD_BYTES ((int64_t)64 << 30) // one file
