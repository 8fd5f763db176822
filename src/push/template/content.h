// SPDX-License-Identifier: Apache-2.0
// Variants of content as JSON. Private to push/template.
#pragma once

#include "push/template/template.h"

// An array of objects.
void template_variants_write(struct json_writer *writer, const struct template_version *version);
// NULL: none. INVALID for what is no such array.
code template_variants_read(struct scope *scope, const struct json *json,
                            struct template_version *version);
