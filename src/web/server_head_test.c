// SPDX-License-Identifier: Apache-2.0
// The check of a head alone, on slices of a buffer as the library hands them out. The server's own
// tests send whole requests.
#include "web/server_head.h"

#include "base/test.h"

// A head as it is received, taken apart as a lenient reader would: lines end in LF, a CR before it
// is dropped, blanks are skipped.
static void take_apart(struct scope *scope, const char *received, struct head *head) {
    struct text all = text_copy(&scope->arena, text_of(received));
    struct text line = text_split(all, '\n', &all);

    *head = (struct head){.bytes = strlen(received)};
    head->method = text_split(line, ' ', &line);
    head->target = text_split(line, ' ', &head->version);
    head->target_at = head->target.data;
    head->version = text_trim(head->version);
    while ((line = text_trim(text_split(all, '\n', &all))).size > 0) {
        struct head_field *field = &head->fields[head->field_count++];

        field->name = text_split(line, ':', &field->value);
        field->value = text_trim(field->value);
    }
}

static int status_of(struct scope *scope, const char *received) {
    struct framing framing;
    struct head head;
    const struct refusal *refusal;

    take_apart(scope, received, &head);
    refusal = head_check(&head, &framing);
    return refusal ? refusal->status : 200;
}

TEST(a_strict_head_is_sound) {
    CHECK_INT(status_of(scope, "GET /a?b=%20 HTTP/1.1\r\nHost: x\r\n\r\n"), 200);
    CHECK_INT(status_of(scope, "GET / HTTP/1.1\r\nHost:x\r\nAccept: \t*/*\r\n\r\n"), 200);
    CHECK_INT(status_of(scope, "GET / HTTP/1.0\r\nhost: [::1]:80\r\n\r\n"), 200);
}

TEST(a_head_with_a_gap_is_refused) {
    CHECK_INT(status_of(scope, "GET / HTTP/1.1\nHost: x\r\n\r\n"), 400);
    CHECK_INT(status_of(scope, "GET / HTTP/1.1\r\nHost: x\n\r\n"), 400);
    CHECK_INT(status_of(scope, "GET / HTTP/1.1\r\nHost: x\r\n\n"), 400);
    CHECK_INT(status_of(scope, "GET / HTTP/1.1\r\nHost: x \r\nA: b\r\n\r\n"), 400);
}

TEST(the_length_and_the_host_are_read) {
    struct framing framing;
    struct head head;

    take_apart(scope, "POST / HTTP/1.1\r\nContent-Length: 0012\r\nHost: crm.example:81\r\n\r\n",
               &head);
    CHECK(head_check(&head, &framing) == NULL);
    CHECK_INT(framing.content_bytes, 12);
    CHECK_TEXT(framing.host, "crm.example");
    CHECK_TEXT(head_field(&head, "host"), "crm.example:81");
    CHECK_INT((int64_t)head_field(&head, "Cookie").size, 0);
}
