// SPDX-License-Identifier: Apache-2.0
// Where a value stands in JSON, found from the text before it: within quotes or outside of them.
// Whether the whole is JSON is looked at when it is rendered, by whoever sends it.
#include "push/template/liquid_program.h"

void json_place_read(struct html_place *place, struct text text) {
    for (size_t i = 0; i < text.size && place->state != HTML_TEXT; i++) {
        const char byte = text.data[i];

        if (place->state == JSON_ESCAPE)
            place->state = JSON_QUOTED;
        else if (byte == '"')
            place->state = place->state == JSON_QUOTED ? JSON_OUTSIDE : JSON_QUOTED;
        else if (byte == '\\' && place->state == JSON_QUOTED)
            place->state = JSON_ESCAPE;
    }
}

const char *json_place_value(const struct html_place *place, enum liquid_place *ret_place) {
    switch (place->state) {
    case HTML_TEXT:
        *ret_place = PLACE_TEXT;
        return NULL;
    case JSON_ESCAPE:
        return "a value cannot stand behind a backslash of JSON";
    default:
        *ret_place = place->state == JSON_QUOTED ? PLACE_JSON_TEXT : PLACE_JSON;
        return NULL;
    }
}
