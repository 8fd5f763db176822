// SPDX-License-Identifier: Apache-2.0
// What a source's events must look like: for each event's name a JSON Schema of its properties, of
// which a part is understood: type, enum, const, required, properties, additionalProperties (true
// or false), items, minimum, maximum, minLength, maxLength, minItems, maxItems. No patterns and no
// references: checking takes time in proportion to what is checked.
#pragma once

#include "base/json.h"

// Is it one? INVALID, field "schema", with what is not understood.
code schema_check(struct scope *scope, const struct json *schemas);

// NULL when the properties (NULL: none) of the event fit, or no schema has its name; else what does
// not, in the arena, without a value of the event.
const char *schema_violation(struct arena *arena, const struct json *schemas, struct text event,
                             const struct json *properties);
