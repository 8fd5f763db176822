// SPDX-License-Identifier: Apache-2.0
// The closed list of ways in which work can fail, each with one HTTP status and one exit code,
// and the three macros that carry failures up.
#pragma once

// Values are kept: they are written into job rows and read by scripts.
typedef enum code {
    OK = 0,
    INVALID,         // the caller's input is wrong
    NOT_FOUND,       // what was named does not exist
    CONFLICT,        // it contradicts what is there
    UNAUTHENTICATED, // who is asking is not known
    FORBIDDEN,       // who is asking may not
    TOO_LARGE,       // past a limit of base/limits.h
    BUSY,            // try again after a while
    UNAVAILABLE,     // a database or a peer does not answer
    STORAGE_FULL,    // the disk is full; nothing accepted was lost
    CANCELLED,       // somebody asked the work to stop
    INTERNAL,        // our fault
    REUSED,          // the Idempotency-Key of another request
    CODE_COUNT
} code;

struct code_info {
    const char *name; // "not_found": as it stands in JSON errors
    int http_status;
    int exit_code;
    const char *meaning; // for the API reference
};

const struct code_info *code_info(code reason);

// Leave the function with the failure that `call` reports.
#define TRY(call)                                                                                  \
    do {                                                                                           \
        const code try_code_ = (call);                                                             \
        if (try_code_ != OK)                                                                       \
            return try_code_;                                                                      \
    } while (0)

// Give a pointer away: its value, and the variable is NULL from then on.
#define TAKE(pointer)                                                                              \
    ({                                                                                             \
        __auto_type take_taken_ = (pointer);                                                       \
        (pointer) = NULL;                                                                          \
        take_taken_;                                                                               \
    })

// CLEANUP(rows_close) struct rows *rows = NULL; calls rows_close(&rows) when the block is left.
#define CLEANUP(function) __attribute__((cleanup(function)))
