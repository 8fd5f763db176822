// SPDX-License-Identifier: Apache-2.0
// Is the head of a request beyond doubt? Two programs that read the same bytes differently, a proxy
// and this server, can be made to disagree about where a request ends; so whatever could be read in
// two ways is refused (docs/decisions/0006).
//
// The library's parser is lenient: it takes lines that end in LF alone, folded lines, several
// blanks between the words of the first line. It leaves the head where it was received, though, and
// hands out slices of it. In a strict head each slice stands exactly where the one before it ends,
// one blank, colon or CRLF later, and the whole has exactly the number of bytes that came. That is
// checked here, by the places of the slices.
#pragma once

#include "base/limits.h"
#include "base/text.h"

struct head_field {
    struct text name;
    struct text value; // without the blanks before it; those behind it are still there
};

struct head {
    struct text method;
    struct text target; // a copy: the library decodes in place
    struct text version;
    const char *target_at; // where the target stood
    size_t bytes;          // from the method to the empty line, both included; 0: not known
    size_t field_count;    // may be past the limit: then the fields end there
    struct head_field fields[LIMIT_HEAD_FIELDS];
};

// How the request goes on behind its head, and for whom it is meant.
struct framing {
    struct text host; // without the port, lower case not enforced
    int64_t content_bytes;
};

struct refusal {
    int status;
    const char *message;
};

// NULL when the head is sound. Whatever is refused here ends the connection.
const struct refusal *head_check(const struct head *head, struct framing *ret_framing);

// Is there a field of that name, or more than one?
bool head_has(const struct head *head, const char *name);
// The only field of that name, trimmed; empty when there is none or more than one.
struct text head_field(const struct head *head, const char *name);
