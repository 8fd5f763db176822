// SPDX-License-Identifier: Apache-2.0
#include "base/file_name.h"

static struct text last_component(struct text given) {
    size_t begin = given.size;

    while (begin > 0 && given.data[begin - 1] != '/' && given.data[begin - 1] != '\\')
        begin--;
    return (struct text){.data = given.data + begin, .size = given.size - begin};
}

static size_t character_bytes(unsigned char first) {
    return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

// U+0000–001F, 007F–009F; U+200E, 200F, 202A–202E, 2066–2069.
static bool is_unfit(const unsigned char *character, size_t size) {
    if (size == 1)
        return character[0] < ' ' || character[0] == 0x7f;
    if (size == 2)
        return character[0] == 0xc2 && character[1] < 0xa0;
    if (size != 3 || character[0] != 0xe2)
        return false;
    if (character[1] == 0x80)
        return character[2] == 0x8e || character[2] == 0x8f ||
               (character[2] >= 0xaa && character[2] <= 0xae);
    return character[1] == 0x81 && character[2] >= 0xa6 && character[2] <= 0xa9;
}

struct text file_name_of(struct arena *arena, struct text given) {
    const struct text last = last_component(given);
    char *name = arena_alloc(arena, last.size + 1);
    struct text trimmed;
    size_t size = 0;

    for (size_t i = 0; i < last.size;) {
        const unsigned char *character = (const unsigned char *)last.data + i;
        const size_t bytes = character_bytes(*character);

        i += bytes;
        if (i > last.size || size + bytes > FILE_NAME_BYTES)
            break;
        if (is_unfit(character, bytes))
            continue;
        memcpy(name + size, character, bytes);
        size += bytes;
    }
    trimmed = text_trim((struct text){.data = name, .size = size});
    if (trimmed.size == 0 || text_is(trimmed, ".") || text_is(trimmed, ".."))
        return TEXT("file");
    return trimmed;
}
