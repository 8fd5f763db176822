// SPDX-License-Identifier: Apache-2.0
// GMime takes the mail apart; this file alone sees its headers. Parts are looked at to a depth and
// number that no honest mail passes.
#include "push/mail/report.h"

#include <gmime/gmime.h>

enum { MOST_PARTS = 50, MOST_DEPTH = 8, MOST_FIELD_BYTES = 4000, MOST_PART_BYTES = 1 << 20 };

const char *const mail_report_names[] = {"none",       "delivered", "delayed",  "bounced",
                                         "complained", "replied",   "automatic"};

struct reading {
    struct scope *scope;
    const unsigned char *key;
    struct mail_report *report;
    int part_count;
    bool has_status, has_feedback, has_complaint;
    struct text action, feedback_type;
};

static struct text field_of(struct reading *reading, GMimeObject *object, const char *name) {
    const char *value = object ? g_mime_object_get_header(object, name) : NULL;
    struct text text = text_of(value);

    text.size = text.size > MOST_FIELD_BYTES ? MOST_FIELD_BYTES : text.size;
    return text_copy(&reading->scope->arena, text_trim(text));
}

// The first of our return paths anywhere in a text.
static void look_for_path(struct reading *reading, struct text text) {
    int64_t id;

    for (size_t at = 0; reading->report->message_id == 0 && at + 2 < text.size; at++)
        if ((text.data[at] | 32) == 'b' && text.data[at + 1] == '+' &&
            verp_read(reading->key, (struct text){text.data + at, text.size - at}, &id))
            reading->report->message_id = id;
}

// ---- fields of reports ----

static struct text part_content(struct reading *reading, GMimeObject *object) {
    GMimeDataWrapper *content =
        GMIME_IS_PART(object) ? g_mime_part_get_content(GMIME_PART(object)) : NULL;
    GMimeStream *memory = g_mime_stream_mem_new();
    struct text text = {0};

    if (content && g_mime_data_wrapper_write_to_stream(content, memory) >= 0) {
        const GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));

        text =
            text_copy(&reading->scope->arena,
                      (struct text){(const char *)bytes->data,
                                    bytes->len < MOST_PART_BYTES ? bytes->len : MOST_PART_BYTES});
    }
    g_object_unref(memory);
    return text;
}

// A field of a block of "Name: value" lines, folds joined; empty when it is not there.
static struct text block_field(struct arena *arena, struct text block, const char *name) {
    const size_t name_size = strlen(name);
    struct buffer value = {0};
    struct text found;
    bool is_in = false;

    while (block.size > 0) {
        struct text line = text_split(block, '\n', &block);

        if (line.size > name_size && line.data[name_size] == ':' &&
            strncasecmp(line.data, name, name_size) == 0 && value.size == 0) {
            is_in = true;
            line = (struct text){line.data + name_size + 1, line.size - name_size - 1};
        } else if (!is_in || line.size == 0 || !strchr(" \t", line.data[0])) {
            is_in = false;
            continue;
        }
        buffer_add_text(&value, text_trim(line));
        buffer_add_char(&value, ' ');
        if (value.size > MOST_FIELD_BYTES)
            break;
    }
    found = text_copy(arena, text_trim(buffer_text(&value)));
    buffer_clear(&value);
    return found;
}

// "rfc822; name@host" without its type.
static struct text behind_type(struct text value) {
    struct text rest;

    text_split(value, ';', &rest);
    return rest.data ? text_trim(rest) : value;
}

static struct text without_addresses(struct arena *arena, struct text said) {
    struct buffer out = {0};
    struct text text;

    while (said.size > 0 && out.size < 180) {
        const struct text word = text_split(said, ' ', &said);

        for (size_t i = 0; i < word.size && i < 60 && !text_contains(word, '@'); i++)
            buffer_add_char(&out, word.data[i] >= ' ' && word.data[i] <= '~' ? word.data[i] : '?');
        if (text_contains(word, '@'))
            buffer_add_string(&out, "(address)");
        buffer_add_char(&out, ' ');
    }
    text = text_copy(arena, text_trim(buffer_text(&out)));
    buffer_clear(&out);
    return text;
}

static void read_delivery_status(struct reading *reading, GMimeObject *object) {
    struct arena *arena = &reading->scope->arena;
    const struct text block = part_content(reading, object);
    struct mail_report *report = reading->report;
    struct smtp_reply reply;

    reading->has_status = true;
    reading->action = block_field(arena, block, "Action");
    report->recipient = behind_type(block_field(arena, block, "Final-Recipient"));
    reply = smtp_reply_read(behind_type(block_field(arena, block, "Diagnostic-Code")));
    if (!smtp_status_read(block_field(arena, block, "Status"), report->status))
        memcpy(report->status, reply.enhanced, sizeof(report->status));
    // X.0.0 says nothing that the server's own words do not say better.
    if (report->status[1] == 0 && reply.enhanced[0] != 0)
        memcpy(report->status, reply.enhanced, sizeof(report->status));
    memcpy(reply.enhanced, report->status, sizeof(reply.enhanced));
    report->class = smtp_classify(&reply, SMTP_STAGE_RECIPIENT);
    report->diagnostic = without_addresses(arena, reply.text);
}

static void read_feedback(struct reading *reading, GMimeObject *object) {
    const struct text block = part_content(reading, object);

    reading->has_feedback = true;
    reading->feedback_type = block_field(&reading->scope->arena, block, "Feedback-Type");
    look_for_path(reading, block_field(&reading->scope->arena, block, "Original-Mail-From"));
}

// ---- parts ----

static bool is_type(GMimeObject *object, const char *type, const char *subtype) {
    GMimeContentType *content_type = g_mime_object_get_content_type(object);

    return content_type && g_mime_content_type_is_type(content_type, type, subtype);
}

// The message that was returned, or its header alone.
static void read_returned(struct reading *reading, GMimeObject *object) {
    look_for_path(reading, field_of(reading, object, "Return-Path"));
    look_for_path(reading, field_of(reading, object, "X-Original-Return-Path"));
}

static void read_part(struct reading *reading, GMimeObject *object, int depth) {
    if (!object || depth > MOST_DEPTH || ++reading->part_count > MOST_PARTS)
        return;
    if (is_type(object, "message", "delivery-status") ||
        is_type(object, "message", "global-delivery-status")) {
        read_delivery_status(reading, object);
    } else if (is_type(object, "message", "feedback-report")) {
        read_feedback(reading, object);
    } else if (is_type(object, "text", "rfc822-headers")) {
        look_for_path(reading, block_field(&reading->scope->arena, part_content(reading, object),
                                           "Return-Path"));
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));

        if (inner)
            read_returned(reading, GMIME_OBJECT(inner));
    } else if (GMIME_IS_MULTIPART(object)) {
        const int count = g_mime_multipart_get_count(GMIME_MULTIPART(object));

        for (int i = 0; i < count && reading->part_count <= MOST_PARTS; i++)
            read_part(reading, g_mime_multipart_get_part(GMIME_MULTIPART(object), i), depth + 1);
    }
}

// ---- the whole ----

// Whom it came to, as servers note it.
static void look_for_recipient(struct reading *reading, GMimeObject *message,
                               struct text recipient) {
    static const char *const names[] = {"Delivered-To", "X-Original-To", "Envelope-To", "To"};

    look_for_path(reading, recipient);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        look_for_path(reading, field_of(reading, message, names[i]));
}

// RFC 3834, and what programs wrote before it.
static bool is_automatic(struct reading *reading, GMimeObject *message) {
    const struct text submitted = field_of(reading, message, "Auto-Submitted");
    const struct text precedence = field_of(reading, message, "Precedence");

    return (submitted.size > 0 && !text_equal_ascii_case(submitted, TEXT("no"))) ||
           text_equal_ascii_case(precedence, TEXT("auto_reply")) ||
           text_equal_ascii_case(precedence, TEXT("bulk")) ||
           text_equal_ascii_case(precedence, TEXT("junk")) ||
           field_of(reading, message, "X-Autoreply").size > 0 ||
           field_of(reading, message, "X-Autorespond").size > 0 ||
           text_is(field_of(reading, message, "Return-Path"), "<>") ||
           field_of(reading, message, "X-Failed-Recipients").size > 0;
}

static enum mail_report_kind kind_of(struct reading *reading, GMimeObject *message) {
    if (reading->has_feedback)
        return text_equal_ascii_case(reading->feedback_type, TEXT("not-spam"))
                   ? MAIL_REPORT_NONE
                   : MAIL_REPORT_COMPLAINED;
    if (reading->has_status) {
        if (text_equal_ascii_case(reading->action, TEXT("failed")))
            return MAIL_REPORT_BOUNCED;
        if (text_equal_ascii_case(reading->action, TEXT("delayed")))
            return MAIL_REPORT_DELAYED;
        return text_equal_ascii_case(reading->action, TEXT("delivered")) ? MAIL_REPORT_DELIVERED
                                                                         : MAIL_REPORT_NONE;
    }
    return is_automatic(reading, message) ? MAIL_REPORT_AUTOMATIC : MAIL_REPORT_REPLIED;
}

void mail_report_read(struct scope *scope, const unsigned char key[VERP_KEY_BYTES],
                      struct text recipient, struct text mail, struct mail_report *ret_report) {
    struct reading reading = {.scope = scope, .key = key, .report = ret_report};
    GMimeStream *stream;
    GMimeParser *parser;
    GMimeMessage *message;

    g_mime_init();
    *ret_report = (struct mail_report){0};
    stream = g_mime_stream_mem_new_with_buffer(mail.data ? mail.data : "", mail.size);
    parser = g_mime_parser_new_with_stream(stream);
    message = g_mime_parser_construct_message(parser, NULL);
    if (message) {
        look_for_recipient(&reading, GMIME_OBJECT(message), recipient);
        read_part(&reading, g_mime_message_get_mime_part(message), 0);
        ret_report->kind = ret_report->message_id == 0 ? MAIL_REPORT_NONE
                                                       : kind_of(&reading, GMIME_OBJECT(message));
        // Put off is not dead, and a final 4.x.x is final for this message alone.
        if (ret_report->kind == MAIL_REPORT_BOUNCED && ret_report->class == MAIL_CLASS_ADDRESS &&
            ret_report->status[0] == 4)
            ret_report->class = MAIL_CLASS_MAILBOX;
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
}
