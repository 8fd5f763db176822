// SPDX-License-Identifier: Apache-2.0
#include "web/server_asset.h"

#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, STEP = 1 << 16 };

static const struct asset *find(const struct asset *assets, size_t count, struct text path) {
    for (size_t i = 0; i < count; i++)
        if (text_is(path, assets[i].path))
            return &assets[i];
    return NULL;
}

// "." and "%2e" at the beginning of an element.
static bool begins_with_dot(struct text element) {
    return element.size > 0 &&
           (element.data[0] == '.' ||
            (element.size > 2 &&
             text_equal_ascii_case((struct text){.data = element.data, .size = 3}, TEXT("%2e"))));
}

// "/customers/12", and "/products/85123.A": what a user sees may hold dots, behind the first
// element. What looks like a file at the top, or like a hidden one anywhere, is none of ours.
static bool is_address_of_the_app(struct text path) {
    struct text elements, first;

    text_split(path, '/', &elements);
    first = text_split(elements, '/', &elements);
    if (text_contains(first, '.') || text_contains(first, '%') || text_is(first, "assets") ||
        (text_is(first, "api") && elements.data)) // "/api" alone is the reference
        return false;
    while (elements.data)
        if (begins_with_dot(text_split(elements, '/', &elements)))
            return false;
    return true;
}

const struct asset *asset_find(const struct asset *assets, size_t count, struct text path) {
    const struct asset *asset = find(assets, count, path);

    if (!asset && is_address_of_the_app(path))
        asset = find(assets, count, TEXT("/index.html"));
    return asset;
}

// For the few readers that do not take gzip.
static void unpack(struct buffer *out, const struct asset *asset) {
    z_stream stream = {.next_in = (Bytef *)asset->gzip, .avail_in = (uInt)asset->gzip_bytes};
    int result = inflateInit2(&stream, GZIP_WINDOW);

    while (result == Z_OK) {
        stream.next_out = (Bytef *)buffer_reserve(out, STEP);
        stream.avail_out = STEP;
        result = inflate(&stream, Z_NO_FLUSH);
        out->size += STEP - stream.avail_out;
    }
    inflateEnd(&stream);
}

// RFC 9110, 13.1.2: a list of tags, or "*". Ours hold no comma.
static bool is_among(struct text tags, const char *tag) {
    while (tags.data) {
        struct text one = text_trim(text_split(tags, ',', &tags));

        if (text_starts_with(one, TEXT("W/")))
            one = (struct text){.data = one.data + 2, .size = one.size - 2};
        if (text_is(one, tag) || text_is(one, "*"))
            return true;
    }
    return false;
}

// For so long a browser need not ask again: what was published anew is everywhere after that.
static struct text cache_control(const struct asset *asset) {
    if (asset->is_immutable)
        return TEXT("public, max-age=31536000, immutable");
    return asset->is_for_others ? TEXT("public, max-age=600") : TEXT("no-cache");
}

void asset_answer(struct answer *answer, const struct asset *asset, struct text if_none_match,
                  bool takes_gzip) {
    answer_field(answer, "ETag", text_of(asset->etag));
    answer_field(answer, "Vary", TEXT("Accept-Encoding"));
    answer_field(answer, "Cache-Control", cache_control(asset));
    if (asset->is_for_others) {
        answer_field(answer, "Access-Control-Allow-Origin", TEXT("*"));
        answer_field(answer, "Cross-Origin-Resource-Policy", TEXT("cross-origin"));
    }
    if (is_among(if_none_match, asset->etag)) {
        answer->status = 304;
        return;
    }
    answer->status = 200;
    answer_field(answer, "Content-Type", text_of(asset->content_type));
    if (takes_gzip) {
        answer_field(answer, "Content-Encoding", TEXT("gzip"));
        answer->constant =
            (struct text){.data = (const char *)asset->gzip, .size = asset->gzip_bytes};
    } else {
        unpack(&answer->body, asset);
    }
}
