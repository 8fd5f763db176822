// SPDX-License-Identifier: Apache-2.0
// HTML as plain text, for the part of a message that programs without HTML show, and people who
// have it read aloud: paragraphs, lists, cells and headings apart, addresses behind their links.
#pragma once

#include "base/text.h"

// Adds to `out`. HTML of any kind will do; time and room go with its size.
void html_to_text(struct text html, struct buffer *out);
