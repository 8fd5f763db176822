// SPDX-License-Identifier: Apache-2.0
// One mail as bytes (RFC 5322, RFC 2045–2049): what it says becomes the message that is signed and
// sent. Each header field once, in UTF-8 where it must be; a text part and an HTML part as two
// forms of the same; images that the HTML shows, and files beside it.
#pragma once

#include "base/scope.h"

struct mime_address {
    struct text name;    // may be empty
    struct text address; // local@domain; a domain in other letters is written as punycode
};

// An image or a file.
struct mime_file {
    struct text media_type; // "image/png"
    struct text name;       // of the file
    struct text content_id; // as the HTML says it in src="cid:…"; empty: it is attached
    struct text bytes;
};

struct mime_message {
    struct mime_address from, to;
    struct mime_address reply_to; // no address: none
    struct text subject;
    int64_t at_us;          // Date
    struct text message_id; // without < >; the same for the same message however often it is built
    struct text text, html; // either may be empty, not both; UTF-8
    const struct mime_file *files;
    size_t file_count;
    // Of mail that goes to many (RFC 8058, RFC 2919, Gmail's feedback loop). Empty: not written.
    struct text unsubscribe_url; // https; both fields of one click are written
    struct text list_id, list_name;
    struct text feedback_id;
    bool
        is_automatic; // Auto-Submitted: it answers something that happened, nobody pressed a button
};

// Appended to `out`. INVALID, with what is wrong: an address or header value that mail cannot
// carry, no content, an unsubscribe address that is not https.
code mime_write(struct scope *scope, const struct mime_message *message, struct buffer *out);

// "local@domain" as the envelope has it, in the arena: checked, the domain in ASCII. INVALID never
// shows the address.
code mime_address(struct scope *scope, struct text address, struct text *ret_ascii);
// What stands behind the @, in small letters, of an address that mime_address gave.
struct text mime_domain(struct arena *arena, struct text address);
