// SPDX-License-Identifier: Apache-2.0
// How text becomes bytes that mail carries: bodies in quoted-printable or base64 (RFC 2045), words
// of header fields in UTF-8 (RFC 2047), parameters in UTF-8 (RFC 2231), lines folded at 76. Every
// line that is written ends with CR LF, and none holds either of them elsewhere.
#pragma once

#include "base/scope.h"

enum mime_encoding { MIME_7BIT, MIME_QUOTED_PRINTABLE, MIME_BASE64 };

extern const char *const mime_encoding_names[]; // as Content-Transfer-Encoding says them

// The shortest encoding of a text that no relay has a reason to change: 7bit when all lines are
// short ASCII, otherwise whichever of the two others is smaller. No text that is left as it is can
// hold "=_", with which boundaries begin.
enum mime_encoding mime_choose(struct text body);

// The text with every line end (CR LF, CR, LF) made CR LF, one at its end.
void mime_write_body(struct buffer *out, enum mime_encoding encoding, struct text body);
// Bytes as they are, in lines of 76.
void mime_write_base64(struct buffer *out, struct text bytes);

// "Name: value" with the value folded, encoded when it is not plain ASCII. INVALID when the value
// holds a control character or is no UTF-8: a header is one line, and nobody's data adds another.
code mime_write_field(struct scope *scope, struct buffer *out, const char *name, struct text value);
// "Name: value" for a value that is made of parts by commas and blanks (addresses, ids): folded at
// blanks only, never encoded. The value is the program's own.
void mime_write_structured(struct buffer *out, const char *name, struct text value);
// A display name for an address field: an atom, a quoted string or encoded words. In the arena.
code mime_phrase(struct scope *scope, struct text name, struct text *ret_phrase);
// "; name=value" for a parameter in any language (RFC 2231), each on a line of its own.
code mime_write_parameter(struct scope *scope, struct buffer *out, const char *name,
                          struct text value);
