// SPDX-License-Identifier: Apache-2.0
// Of the OpenAPI document: parameters, bodies and answers of routes as JSON Schemas, and the
// schemas that all of them refer to. openapi.c writes the rest.
#pragma once

#include "web/route.h"

// "key": {"$ref": …} is the caller's; these write one value each.
void openapi_write_answer(struct json_writer *writer, const struct route_answer *answer);
void openapi_write_body(struct json_writer *writer, const struct route_body *body);
void openapi_write_parameter(struct json_writer *writer, const struct route_parameter *parameter);
// The members of "schemas" of the components.
void openapi_write_schemas(struct json_writer *writer);

// One member of the object being written; a NULL value writes nothing.
void openapi_member(struct json_writer *writer, const char *key, const char *value);
// "$ref": "#/components/KIND/NAME"
void openapi_reference(struct json_writer *writer, const char *kind, const char *name);
