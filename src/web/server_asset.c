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

static bool is_address_of_the_app(struct text path) {
    bool has_dot = false;

    for (size_t i = 0; i < path.size; i++) {
        if (path.data[i] == '/')
            has_dot = false;
        has_dot |= path.data[i] == '.';
    }
    return !has_dot && !text_starts_with(path, TEXT("/api/")) && !text_is(path, "/api") &&
           !text_contains(path, '\\');
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

void asset_answer(struct answer *answer, const struct asset *asset, struct text if_none_match,
                  bool takes_gzip) {
    answer_field(answer, "ETag", text_of(asset->etag));
    answer_field(answer, "Vary", TEXT("Accept-Encoding"));
    answer_field(answer, "Cache-Control",
                 asset->is_immutable ? TEXT("public, max-age=31536000, immutable")
                                     : TEXT("no-cache"));
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
