// SPDX-License-Identifier: Apache-2.0
// A writer of our own, not GMime's object tree: a campaign writes a hundred thousand messages of
// one shape, and all that is asked of it is on this page. Boundaries begin with "=_", which none of
// the encodings lets a body hold.
#include "push/mail/mime.h"

#include "base/time.h"
#include "push/mail/mime_encode.h"

#include <inttypes.h>
#include <stdio.h>
#include <unicode/uidna.h>

enum { LOCAL_BYTES = 64, DOMAIN_BYTES = 253, ADDRESS_URL_BYTES = 900 };

// ---- addresses ----

static code fail_address(struct scope *scope, const char *why) {
    return scope_fail(scope, INVALID, "an e-mail address %s", why);
}

static bool is_local_part(struct text local) {
    for (size_t at = 0; at < local.size; at++) {
        const unsigned char byte = (unsigned char)local.data[at];

        if (byte <= ' ' || byte >= 0x7f || strchr("()<>[]:;@\\,\"", byte))
            return false;
    }
    return local.size > 0 && local.size <= LOCAL_BYTES;
}

static bool is_domain(struct text domain) {
    size_t label = 0, label_count = 1;

    for (size_t at = 0; at < domain.size; at++) {
        const char byte = domain.data[at];

        if (byte == '.') {
            if (label == 0 || domain.data[at - 1] == '-')
                return false;
            label = 0;
            label_count++;
            continue;
        }
        if (!((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
              (byte >= '0' && byte <= '9') || (byte == '-' && label > 0) || byte == '_'))
            return false;
        if (++label > 63)
            return false;
    }
    return label > 0 && label_count > 1 && domain.size <= DOMAIN_BYTES;
}

static code domain_in_ascii(struct scope *scope, struct text domain, struct text *ret_ascii) {
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode status = U_ZERO_ERROR;
    UIDNA *idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII, &status);
    char *ascii = arena_alloc(&scope->arena, DOMAIN_BYTES + 1);
    int32_t size = 0;

    if (U_SUCCESS(status) && domain.size <= DOMAIN_BYTES)
        size = uidna_nameToASCII_UTF8(idna, domain.data, (int32_t)domain.size, ascii, DOMAIN_BYTES,
                                      &info, &status);
    uidna_close(idna);
    if (U_FAILURE(status) || info.errors != 0 || size <= 0 || size > DOMAIN_BYTES)
        return fail_address(scope, "has a domain that cannot be");
    *ret_ascii = (struct text){ascii, (size_t)size};
    return OK;
}

static bool is_ascii(struct text text) {
    for (size_t at = 0; at < text.size; at++)
        if ((unsigned char)text.data[at] >= 0x80)
            return false;
    return true;
}

code mime_address(struct scope *scope, struct text address, struct text *ret_ascii) {
    const char *at = address.size ? memrchr(address.data, '@', address.size) : NULL;
    struct text local, domain;

    if (!at)
        return fail_address(scope, "has no @");
    local = (struct text){address.data, (size_t)(at - address.data)};
    domain = (struct text){at + 1, address.size - local.size - 1};
    if (!is_local_part(local))
        return fail_address(scope, is_ascii(local) ? "has a part before the @ that cannot be"
                                                   : "has letters before the @ that are no ASCII");
    if (!is_ascii(domain))
        TRY(domain_in_ascii(scope, domain, &domain));
    if (!is_domain(domain))
        return fail_address(scope, "has a domain that cannot be");
    *ret_ascii = text_printf(&scope->arena, "%.*s@%.*s", TEXT_ARG(local), TEXT_ARG(domain));
    return OK;
}

struct text mime_domain(struct arena *arena, struct text address) {
    struct text domain = {0};

    text_split(address, '@', &domain);
    return text_lower_ascii(arena, domain);
}

// ---- header fields ----

static code write_address(struct scope *scope, struct buffer *out, const char *name,
                          const struct mime_address *address) {
    struct text ascii, phrase;

    TRY(mime_address(scope, address->address, &ascii));
    if (address->name.size == 0) {
        mime_write_structured(out, name, ascii);
        return OK;
    }
    TRY(mime_phrase(scope, address->name, &phrase));
    buffer_printf(out, "%s: %.*s", name, TEXT_ARG(phrase));
    buffer_add_string(out, strlen(name) + 5 + phrase.size + ascii.size > 76 ? "\r\n " : " ");
    buffer_printf(out, "<%.*s>\r\n", TEXT_ARG(ascii));
    return OK;
}

// "Sun, 22 Nov 2026 21:30:00 +0000", whatever language the machine speaks.
static void write_date(struct buffer *out, int64_t at_us) {
    static const char days[] = "ThuFriSatSunMonTueWed";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const int32_t day = (int32_t)(at_us / US_PER_DAY);
    const int second = (int)(at_us % US_PER_DAY / US_PER_SECOND);
    int year, month, of_month;

    day_to_civil(day, &year, &month, &of_month);
    buffer_printf(out, "Date: %.3s, %d %.3s %04d %02d:%02d:%02d +0000\r\n", days + 3L * (day % 7),
                  of_month, months + 3L * (month - 1), year, second / 3600, second / 60 % 60,
                  second % 60);
}

// An address between < and >: no letter of it can end it.
static bool is_link(struct text link) {
    for (size_t at = 0; at < link.size; at++)
        if (link.data[at] <= ' ' || link.data[at] > '~' || strchr("<>,\"\\", link.data[at]))
            return false;
    return link.size > 0 && link.size <= ADDRESS_URL_BYTES;
}

// RFC 8058, section 3.1: one https address, and the one pair.
static code write_unsubscribe(struct scope *scope, struct buffer *out,
                              const struct mime_message *message) {
    const struct text url = message->unsubscribe_url;

    if (url.size == 0)
        return OK;
    if (!text_starts_with(url, TEXT("https://")) || !is_link(url))
        return scope_fail(scope, INVALID, "the address to unsubscribe at is no https address");
    mime_write_structured(out, "List-Unsubscribe",
                          text_printf(&scope->arena, "<%.*s>", TEXT_ARG(url)));
    buffer_add_string(out, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
    return OK;
}

static code write_list_id(struct scope *scope, struct buffer *out,
                          const struct mime_message *message) {
    struct text phrase = {0};

    if (message->list_id.size == 0)
        return OK;
    if (!is_domain(message->list_id))
        return scope_fail(scope, INVALID, "the list id \"%.*s\" is not of labels with dots",
                          TEXT_ARG(message->list_id));
    if (message->list_name.size > 0)
        TRY(mime_phrase(scope, message->list_name, &phrase));
    buffer_printf(out, "List-Id: %.*s%s<%.*s>\r\n", TEXT_ARG(phrase),
                  phrase.size == 0 ? ""
                                   : (phrase.size + message->list_id.size > 60 ? "\r\n " : " "),
                  TEXT_ARG(message->list_id));
    return OK;
}

static code write_message_id(struct scope *scope, struct buffer *out, struct text id) {
    struct text checked;

    if (mime_address(scope, id, &checked) != OK || !text_equal(checked, id)) {
        scope_forgive(scope);
        return scope_fail(scope, INVALID, "the message id \"%.*s\" is not of the form left@right",
                          TEXT_ARG(id));
    }
    buffer_printf(out, "Message-ID: <%.*s>\r\n", TEXT_ARG(id));
    return OK;
}

static code write_fields(struct scope *scope, struct buffer *out,
                         const struct mime_message *message) {
    write_date(out, message->at_us);
    TRY(write_address(scope, out, "From", &message->from));
    TRY(write_address(scope, out, "To", &message->to));
    if (message->reply_to.address.size > 0)
        TRY(write_address(scope, out, "Reply-To", &message->reply_to));
    TRY(mime_write_field(scope, out, "Subject", message->subject));
    TRY(write_message_id(scope, out, message->message_id));
    TRY(write_list_id(scope, out, message));
    TRY(write_unsubscribe(scope, out, message));
    if (message->feedback_id.size > 0)
        TRY(mime_write_field(scope, out, "Feedback-ID", message->feedback_id));
    if (message->is_automatic)
        buffer_add_string(out, "Auto-Submitted: auto-generated\r\n");
    buffer_add_string(out, "MIME-Version: 1.0\r\n");
    return OK;
}

// ---- parts ----

// A boundary of this message, one per kind of container in it.
struct boundaries {
    char text[3][40]; // mixed, alternative, related
};
enum { MIXED, ALTERNATIVE, RELATED };

static void boundaries_make(struct boundaries *boundaries, struct text message_id) {
    for (int i = 0; i < 3; i++)
        snprintf(boundaries->text[i], sizeof(boundaries->text[i]), "=_%d_%016" PRIx64, i,
                 text_hash(message_id));
}

static void open_container(struct buffer *out, const char *kind, const char *boundary) {
    buffer_printf(out, "Content-Type: multipart/%s;\r\n boundary=\"%s\"\r\n\r\n--%s\r\n", kind,
                  boundary, boundary);
}

static void write_text_part(struct buffer *out, const char *kind, struct text body) {
    const enum mime_encoding encoding = mime_choose(body);

    buffer_printf(out, "Content-Type: text/%s; charset=%s\r\nContent-Transfer-Encoding: %s\r\n\r\n",
                  kind, encoding == MIME_7BIT ? "us-ascii" : "utf-8",
                  mime_encoding_names[encoding]);
    mime_write_body(out, encoding, body);
}

static bool is_media_type(struct text type) {
    size_t slash_count = 0;

    for (size_t at = 0; at < type.size; at++) {
        const char byte = type.data[at];

        slash_count += byte == '/';
        if (byte <= ' ' || byte > '~' || strchr("()<>@,;:\\\"[]?=", byte))
            return false;
    }
    return slash_count == 1 && type.size <= 100;
}

static code write_file(struct scope *scope, struct buffer *out, const struct mime_file *file) {
    if (!is_media_type(file->media_type))
        return scope_fail(scope, INVALID, "\"%.*s\" is no media type", TEXT_ARG(file->media_type));
    buffer_printf(out, "Content-Type: %.*s\r\nContent-Transfer-Encoding: base64\r\n",
                  TEXT_ARG(file->media_type));
    if (file->content_id.size > 0) {
        if (!is_link(file->content_id))
            return scope_fail(scope, INVALID, "\"%.*s\" is no content id",
                              TEXT_ARG(file->content_id));
        buffer_printf(out, "Content-ID: <%.*s>\r\n", TEXT_ARG(file->content_id));
    }
    buffer_printf(out, "Content-Disposition: %s",
                  file->content_id.size > 0 ? "inline" : "attachment");
    if (file->name.size > 0)
        TRY(mime_write_parameter(scope, out, "filename", file->name));
    buffer_add_string(out, "\r\n\r\n");
    mime_write_base64(out, file->bytes);
    return OK;
}

static size_t count_files(const struct mime_message *message, bool is_inline) {
    size_t count = 0;

    for (size_t i = 0; i < message->file_count; i++)
        count += (message->files[i].content_id.size > 0) == is_inline;
    return count;
}

static code write_files(struct scope *scope, struct buffer *out, const struct mime_message *message,
                        const char *boundary, bool is_inline) {
    for (size_t i = 0; i < message->file_count; i++) {
        if ((message->files[i].content_id.size > 0) != is_inline)
            continue;
        buffer_printf(out, "--%s\r\n", boundary);
        TRY(write_file(scope, out, &message->files[i]));
    }
    buffer_printf(out, "--%s--\r\n", boundary);
    return OK;
}

static code write_html(struct scope *scope, struct buffer *out, const struct mime_message *message,
                       const struct boundaries *boundaries) {
    if (count_files(message, true) == 0) {
        write_text_part(out, "html", message->html);
        return OK;
    }
    open_container(out, "related", boundaries->text[RELATED]);
    write_text_part(out, "html", message->html);
    return write_files(scope, out, message, boundaries->text[RELATED], true);
}

static code write_content(struct scope *scope, struct buffer *out,
                          const struct mime_message *message, const struct boundaries *boundaries) {
    const char *boundary = boundaries->text[ALTERNATIVE];

    if (message->html.size == 0) {
        write_text_part(out, "plain", message->text);
        return OK;
    }
    if (message->text.size == 0)
        return write_html(scope, out, message, boundaries);
    open_container(out, "alternative", boundary);
    write_text_part(out, "plain", message->text);
    buffer_printf(out, "--%s\r\n", boundary);
    TRY(write_html(scope, out, message, boundaries));
    buffer_printf(out, "--%s--\r\n", boundary);
    return OK;
}

code mime_write(struct scope *scope, const struct mime_message *message, struct buffer *out) {
    struct boundaries boundaries;

    if (message->text.size == 0 && message->html.size == 0)
        return scope_fail(scope, INVALID, "the mail has neither text nor HTML");
    if (!text_is_utf8(message->text) || !text_is_utf8(message->html))
        return scope_fail(scope, INVALID, "the mail's content is no UTF-8");
    if (message->html.size == 0 && count_files(message, true) > 0)
        return scope_fail(scope, INVALID, "the mail has images to show but no HTML");
    boundaries_make(&boundaries, message->message_id);
    TRY(write_fields(scope, out, message));
    if (count_files(message, false) == 0)
        return write_content(scope, out, message, &boundaries);
    open_container(out, "mixed", boundaries.text[MIXED]);
    TRY(write_content(scope, out, message, &boundaries));
    return write_files(scope, out, message, boundaries.text[MIXED], false);
}
