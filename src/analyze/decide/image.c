// SPDX-License-Identifier: Apache-2.0
// Open addressing throughout. An origin that became another customer points to that one, so a look
// is three touches of memory and one bit of each segment.
#include "analyze/decide/image.h"

#include "base/json.h"
#include "base/random.h"

#include <sodium.h>
#include <stdlib.h>

enum {
    NONE = UINT32_MAX,
    GONE = UINT32_MAX - 1, // an identifier was here
    LEAST = 1 << 12,
    SEGMENTS_MOST = 1024,
};

struct identifier {
    uint64_t hash;
    int64_t id;
    uint32_t check;
    uint32_t subject; // NONE: the place is free
};

struct subject {
    int64_t origin;
    char *traits;
    uint32_t customer; // place of the one that it is now
    bool objects;
};

struct image_bits {
    size_t bytes;
    uint64_t words[];
};

struct segment_bits {
    int64_t id;
    char *name; // as JSON
    struct image_bits *bits;
};

struct image {
    unsigned char key[crypto_shorthash_siphashx24_KEYBYTES];
    struct identifier *identifiers;
    uint64_t identifier_mask;
    uint64_t identifier_used; // gone ones among them
    struct subject *subjects;
    uint32_t subject_count, subject_most;
    uint32_t *places; // of subjects, by origin
    uint64_t place_mask;
    struct segment_bits segments[SEGMENTS_MOST]; // in the order of their names
    size_t segment_count;
    int64_t trait_bytes;
};

// ---- room ----

static uint64_t power_above(uint64_t count) {
    uint64_t power = LEAST;

    while (power < count)
        power *= 2;
    return power;
}

struct image *image_new(struct image_room room) {
    const uint64_t identifiers = power_above((uint64_t)room.identifiers * 4 / 3 + 1);
    const uint64_t most = (uint64_t)room.customers * 2 + LEAST;
    struct image *image = calloc(1, sizeof(*image));

    if (!image || most >= GONE)
        goto failed;
    image->identifier_mask = identifiers - 1;
    image->subject_most = (uint32_t)most;
    image->place_mask = power_above(most * 4 / 3) - 1;
    image->identifiers = malloc(identifiers * sizeof(*image->identifiers));
    image->subjects = malloc(most * sizeof(*image->subjects));
    image->places = malloc((image->place_mask + 1) * sizeof(*image->places));
    if (!image->identifiers || !image->subjects || !image->places)
        goto failed;
    for (uint64_t i = 0; i < identifiers; i++)
        image->identifiers[i].subject = NONE;
    memset(image->places, 0xff, (image->place_mask + 1) * sizeof(*image->places));
    randombytes_buf(image->key, sizeof(image->key));
    return image;
failed:
    image_free(image);
    return NULL;
}

void image_free(struct image *image) {
    if (!image)
        return;
    for (uint32_t i = 0; i < image->subject_count; i++)
        free(image->subjects[i].traits);
    for (size_t i = 0; i < image->segment_count; i++) {
        free(image->segments[i].name);
        free(image->segments[i].bits);
    }
    free(image->identifiers);
    free(image->subjects);
    free(image->places);
    free(image);
}

bool image_is_full(const struct image *image) {
    return image->identifier_used > image->identifier_mask / 8 * 7 ||
           image->subject_count > image->subject_most - LEAST / 2;
}

int64_t image_customer_count(const struct image *image) {
    return image->subject_count;
}

int64_t image_bytes(const struct image *image) {
    int64_t bytes = (int64_t)((image->identifier_mask + 1) * sizeof(*image->identifiers) +
                              (image->place_mask + 1) * sizeof(*image->places) +
                              image->subject_count * sizeof(*image->subjects)) +
                    image->trait_bytes;

    for (size_t i = 0; i < image->segment_count; i++)
        bytes += (int64_t)image->segments[i].bits->bytes;
    return bytes;
}

// ---- customers ----

// The place of an origin, or the free one where it would stand.
static uint32_t *place_of(const struct image *image, int64_t origin) {
    uint64_t i = random_mix((uint64_t)origin) & image->place_mask;

    while (image->places[i] != NONE && image->subjects[image->places[i]].origin != origin)
        i = (i + 1) & image->place_mask;
    return &image->places[i];
}

static uint32_t find(const struct image *image, int64_t origin) {
    return *place_of(image, origin);
}

// NONE: there is no room.
static uint32_t find_or_add(struct image *image, int64_t origin) {
    uint32_t *place = place_of(image, origin);

    if (*place == NONE && image->subject_count < image->subject_most) {
        *place = image->subject_count++;
        image->subjects[*place] = (struct subject){.origin = origin, .customer = *place};
    }
    return *place;
}

void image_put_customer(struct image *image, int64_t origin, int64_t customer) {
    const uint32_t from = find_or_add(image, origin), to = find_or_add(image, customer);

    if (from != NONE && to != NONE)
        image->subjects[from].customer = to;
}

void image_put_objection(struct image *image, int64_t customer, bool objects) {
    const uint32_t place = find(image, customer);

    if (place != NONE)
        image->subjects[place].objects = objects;
}

size_t image_objectors(const struct image *image, int64_t *customers, size_t capacity) {
    size_t count = 0;

    for (uint32_t i = 0; i < image->subject_count && count < capacity; i++)
        if (image->subjects[i].objects)
            customers[count++] = image->subjects[i].origin;
    return count;
}

void image_put_traits(struct image *image, int64_t origin, struct text values) {
    const uint32_t place = find(image, origin);
    struct subject *subject;

    if (place == NONE)
        return;
    subject = &image->subjects[place];
    free(subject->traits);
    subject->traits = values.size > 0 ? malloc(values.size) : NULL;
    if (subject->traits)
        memcpy(subject->traits, values.data, values.size);
    image->trait_bytes += (int64_t)values.size;
}

// ---- identifiers ----

struct image_name image_name_of(const struct image *image, int kind, struct text source,
                                struct text value) {
    unsigned char hash[crypto_shorthash_siphashx24_BYTES];
    CLEANUP(buffer_clear) struct buffer whole = {0};
    struct image_name name;

    buffer_printf(&whole, "%d %zu ", kind, source.size);
    buffer_add_text(&whole, source);
    buffer_add_text(&whole, value);
    crypto_shorthash_siphashx24(hash, (const unsigned char *)whole.data, whole.size, image->key);
    memcpy(&name.hash, hash, sizeof(name.hash));
    memcpy(&name.check, hash + sizeof(name.hash), sizeof(name.check));
    return name;
}

static bool is_named(const struct identifier *identifier, struct image_name name) {
    return identifier->subject != GONE && identifier->hash == name.hash &&
           identifier->check == name.check;
}

static struct identifier *identifier_of(const struct image *image, struct image_name name) {
    uint64_t i = name.hash & image->identifier_mask;

    while (image->identifiers[i].subject != NONE && !is_named(&image->identifiers[i], name))
        i = (i + 1) & image->identifier_mask;
    return &image->identifiers[i];
}

void image_put_identifier(struct image *image, int64_t id, struct image_name name, int64_t origin) {
    const uint32_t subject = find_or_add(image, origin);
    struct identifier *identifier = identifier_of(image, name);

    if (subject == NONE || image->identifier_used >= image->identifier_mask)
        return; // it is full, and replaced before long
    image->identifier_used += identifier->subject == NONE;
    *identifier = (struct identifier){name.hash, id, name.check, subject};
}

static bool is_there(const struct identifier *identifier) {
    return identifier->subject != NONE && identifier->subject != GONE;
}

size_t image_identifiers_in(const struct image *image, int64_t first_id, int64_t last_id,
                            int64_t *ids, size_t capacity) {
    size_t count = 0;

    for (uint64_t i = 0; i <= image->identifier_mask && count < capacity; i++) {
        const struct identifier *identifier = &image->identifiers[i];

        if (is_there(identifier) && identifier->id >= first_id && identifier->id <= last_id)
            ids[count++] = identifier->id;
    }
    return count;
}

static int compare_ids(const void *a, const void *b) {
    const int64_t *first = a, *second = b;

    return (*first > *second) - (*first < *second);
}

void image_drop_identifiers(struct image *image, const int64_t *ids, size_t count) {
    for (uint64_t i = 0; i <= image->identifier_mask && count > 0; i++) {
        struct identifier *identifier = &image->identifiers[i];

        if (is_there(identifier) && bsearch(&identifier->id, ids, count, sizeof(*ids), compare_ids))
            identifier->subject = GONE;
    }
}

// ---- segments ----

struct image_bits *image_bits_new(const struct image *image) {
    const size_t bytes = ((size_t)image->subject_most / 64 + 1) * sizeof(uint64_t);
    struct image_bits *bits = calloc(1, sizeof(*bits) + bytes);

    if (!bits)
        abort();
    bits->bytes = bytes;
    return bits;
}

void image_bits_free(struct image_bits *bits) {
    free(bits);
}

static void set_bit(struct image_bits *bits, uint32_t place, bool is_in) {
    if (is_in)
        bits->words[place / 64] |= UINT64_C(1) << place % 64;
    else
        bits->words[place / 64] &= ~(UINT64_C(1) << place % 64);
}

void image_bits_add(const struct image *image, struct image_bits *bits, int64_t customer) {
    const uint32_t place = find(image, customer);

    if (place != NONE)
        set_bit(bits, place, true);
}

static struct segment_bits *segment_of(const struct image *image, int64_t segment_id) {
    for (size_t i = 0; i < image->segment_count; i++)
        if (image->segments[i].id == segment_id)
            return (struct segment_bits *)&image->segments[i];
    return NULL;
}

bool image_has_segment(const struct image *image, int64_t segment_id) {
    return segment_of(image, segment_id) != NULL;
}

static char *as_json(struct text name) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct json_writer writer;
    char *copy;

    json_writer_init(&writer, &out);
    json_write_text(&writer, name);
    copy = strdup(buffer_string(&out));
    if (!copy)
        abort();
    return copy;
}

static void insert_segment(struct image *image, const struct segment_bits *segment) {
    size_t place = image->segment_count++;

    for (; place > 0 && strcmp(image->segments[place - 1].name, segment->name) > 0; place--)
        image->segments[place] = image->segments[place - 1];
    image->segments[place] = *segment;
}

struct image_bits *image_put_segment(struct image *image, int64_t segment_id, struct text name,
                                     struct image_bits *bits) {
    struct segment_bits *segment = segment_of(image, segment_id);
    struct image_bits *former;

    if (!segment && image->segment_count == SEGMENTS_MOST)
        return bits;
    if (!segment) {
        insert_segment(image, &(struct segment_bits){segment_id, as_json(name), bits});
        return NULL;
    }
    former = segment->bits;
    segment->bits = bits;
    return former;
}

struct image_bits *image_drop_segment(struct image *image, int64_t segment_id) {
    struct segment_bits *segment = segment_of(image, segment_id);
    struct image_bits *former;
    size_t behind;

    if (!segment)
        return NULL;
    former = segment->bits;
    free(segment->name);
    behind = image->segment_count - (size_t)(segment - image->segments) - 1;
    memmove(segment, segment + 1, behind * sizeof(*segment));
    image->segment_count--;
    return former;
}

void image_put_member(struct image *image, int64_t segment_id, int64_t customer, bool is_in) {
    struct segment_bits *segment = segment_of(image, segment_id);
    const uint32_t place = is_in ? find_or_add(image, customer) : find(image, customer);

    if (segment && place != NONE)
        set_bit(segment->bits, place, is_in);
}

// ---- reading ----

static const struct subject *subject_of(const struct image *image, struct image_name name,
                                        uint32_t *ret_place) {
    const struct identifier *identifier = identifier_of(image, name);
    const struct subject *subject;

    if (identifier->subject == NONE)
        return NULL;
    *ret_place = image->subjects[identifier->subject].customer;
    subject = &image->subjects[*ret_place];
    return subject->objects ? NULL : subject;
}

static void write_segments(const struct image *image, uint32_t place, struct buffer *out) {
    const char *joint = "";

    for (size_t i = 0; i < image->segment_count; i++) {
        const struct segment_bits *segment = &image->segments[i];

        if (!(segment->bits->words[place / 64] >> place % 64 & 1))
            continue;
        buffer_add_string(out, joint);
        buffer_add_string(out, segment->name);
        joint = ",";
    }
}

static const char *trait_at(const char *values, int place) {
    for (; place > 0; place--)
        values += strlen(values) + 1;
    return values;
}

static void write_traits(const struct subject *subject, const int *traits,
                         const struct text *trait_names, size_t trait_count, struct buffer *out) {
    const char *joint = "";

    for (size_t i = 0; subject->traits && i < trait_count; i++) {
        const char *value = trait_at(subject->traits, traits[i]);

        if (*value == '\0')
            continue;
        buffer_printf(out, "%s%.*s:%s", joint, TEXT_ARG(trait_names[i]), value);
        joint = ",";
    }
}

void image_write_answer(const struct image *image, struct image_name name, const int *traits,
                        const struct text *trait_names, size_t trait_count, struct buffer *out) {
    uint32_t place = 0;
    const struct subject *subject = subject_of(image, name, &place);

    buffer_add_string(out, "{\"segments\":[");
    if (subject)
        write_segments(image, place, out);
    buffer_add_string(out, "],\"traits\":{");
    if (subject)
        write_traits(subject, traits, trait_names, trait_count, out);
    buffer_add_string(out, "}}");
}
