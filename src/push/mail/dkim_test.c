// SPDX-License-Identifier: Apache-2.0
#include "push/mail/dkim.h"

#include "base/test.h"

// RFC 8463, appendix A: the keys, the message and its two signatures.
#define PUBLISHED_SEED "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
#define PUBLISHED_RSA                                                                              \
    "MIICXQIBAAKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi"                             \
    "Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqM"                             \
    "KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"                             \
    "AoGAH0cxOhFZDgzXWhDhnAJDw5s4roOXN4OhjiXa8W7Y3rhX3FJqmJSPuC8N9vQm"                             \
    "6SVbaLAE4SG5mLMueHlh4KXffEpuLEiNp9Ss3O4YfLiQpbRqE7Tm5SxKjvvQoZZe"                             \
    "zHorimOaChRL2it47iuWxzxSiRMv4c+j70GiWdxXnxe4UoECQQDzJB/0U58W7RZy"                             \
    "6enGVj2kWF732CoWFZWzi1FicudrBFoy63QwcowpoCazKtvZGMNlPWnC7x/6o8Gc"                             \
    "uSe0ga2xAkEA8C7PipPm1/1fTRQvj1o/dDmZp243044ZNyxjg+/OPN0oWCbXIGxy"                             \
    "WvmZbXriOWoSALJTjExEgraHEgnXssuk7QJBALl5ICsYMu6hMxO73gnfNayNgPxd"                             \
    "WFV6Z7ULnKyV7HSVYF0hgYOHjeYe9gaMtiJYoo0zGN+L3AAtNP9huqkWlzECQE1a"                             \
    "licIeVlo1e+qJ6Mgqr0Q7Aa7falZ448ccbSFYEPD6oFxiOl9Y9se9iYHZKKfIcst"                             \
    "o7DUw1/hz2Ck4N5JrgUCQQCyKveNvjzkkd8HjYs0SwM0fPjK16//5qDZ2UiDGnOe"                             \
    "uEzxBDAr518Z8VFbR41in3W4Y3yCDgQlLlcETrS+zYcL"
#define PUBLISHED_MESSAGE                                                                          \
    "From: Joe SixPack <joe@football.example.com>\r\n"                                             \
    "To: Suzie Q <suzie@shopping.example.net>\r\n"                                                 \
    "Subject: Is dinner ready?\r\n"                                                                \
    "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"                                              \
    "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"                             \
    "\r\n"                                                                                         \
    "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n\r\n"
#define PUBLISHED_BODY_HASH "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="

static struct dkim_key *open_key(struct scope *scope, enum dkim_algorithm algorithm,
                                 const char *secret) {
    struct dkim_key *key = NULL;

    CHECK_OK(dkim_key_open(scope, algorithm, TEXT("football.example.com"), TEXT("test"),
                           text_of(secret), &key));
    return key;
}

TEST(the_body_hash_of_rfc_8463_is_found) {
    struct text hash;

    CHECK_OK(dkim_body_hash(scope, TEXT(PUBLISHED_MESSAGE), &hash));
    CHECK_TEXT(hash, PUBLISHED_BODY_HASH);
}

TEST(the_ed25519_signature_of_rfc_8463_is_made_to_the_letter) {
    struct dkim_key *key = open_key(scope, DKIM_ED25519, PUBLISHED_SEED);
    struct text signature, record;

    CHECK_OK(dkim_sign_as(scope, key, TEXT(PUBLISHED_MESSAGE),
                          TEXT("DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"
                               " d=football.example.com; i=@football.example.com;\r\n"
                               " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"
                               " subject : date : message-id : from : subject : date;\r\n"
                               " bh=" PUBLISHED_BODY_HASH ";\r\n b="),
                          &signature));
    CHECK_TEXT(signature, "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus"
                          "Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==");
    CHECK_OK(dkim_record(scope, key, &record));
    CHECK_TEXT(record, "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    dkim_key_free(key);
}

TEST(the_rsa_signature_of_rfc_8463_is_made_to_the_letter) {
    struct dkim_key *key = open_key(scope, DKIM_RSA, PUBLISHED_RSA);
    struct text signature;

    CHECK_OK(dkim_sign_as(scope, key, TEXT(PUBLISHED_MESSAGE),
                          TEXT("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
                               " d=football.example.com; i=@football.example.com;\r\n"
                               " q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n"
                               " date : message-id : from : subject : date;\r\n"
                               " bh=" PUBLISHED_BODY_HASH ";\r\n b="),
                          &signature));
    CHECK_TEXT(signature, "F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3"
                          "DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz"
                          "dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=");
    dkim_key_free(key);
}

// RFC 6376, 3.4.5, example 1 in relaxed form, and the hash of an empty body (3.4.4).
TEST(bodies_are_relaxed_as_rfc_6376_says) {
    struct text a, b;

    CHECK_OK(dkim_body_hash(scope,
                            TEXT("A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n"), &a));
    CHECK_OK(dkim_body_hash(scope, TEXT("A: X\r\n\r\n C\r\nD E\r\n"), &b));
    CHECK(text_equal(a, b));
    CHECK_OK(dkim_body_hash(scope, TEXT("A: X\r\n\r\n"), &a));
    CHECK_TEXT(a, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

static const char *unfold(struct scope *scope, const char *field) {
    char *unfolded = arena_printf(&scope->arena, "%s", field);
    char *to = unfolded;

    for (; *field; field++)
        if (!strchr("\r\n\t ", *field))
            *to++ = *field;
    *to = '\0';
    return unfolded;
}

TEST(a_signature_names_the_fields_of_one_click_and_oversigns_from_and_subject) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct dkim_key *key = open_key(scope, DKIM_ED25519, PUBLISHED_SEED);
    const char *field;

    CHECK_OK(dkim_sign(scope, &key, 1,
                       TEXT("From: a@example.org\r\nSubject: x\r\n"
                            "List-Unsubscribe: <https://example.org/u/1>\r\n"
                            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
                            "Feedback-ID: 1:2:3:tessera\r\n\r\nHello\r\n"),
                       INT64_C(1528637909000000), &out));
    field = buffer_string(&out);
    CHECK(strstr(field, "h=From:Subject:List-Unsubscribe:List-Unsubscribe-Post:Feedback-ID:"));
    CHECK(strstr(unfold(scope, field), ":Feedback-ID:From:To:Reply-To:Subject:Date:"));
    CHECK_CODE(dkim_sign(scope, &key, 1, TEXT("To: a@example.org\r\n\r\nx\r\n"), 0, &out), INVALID);
    dkim_key_free(key);
}

TEST(keys_that_are_made_are_opened_and_others_are_refused) {
    struct dkim_key *key = NULL;
    struct text secret;

    for (int algorithm = DKIM_RSA; algorithm <= DKIM_ED25519; algorithm++) {
        CHECK_OK(dkim_secret_make(scope, (enum dkim_algorithm)algorithm, &secret));
        dkim_key_free(
            open_key(scope, (enum dkim_algorithm)algorithm, text_string(&scope->arena, secret)));
    }
    CHECK_CODE(dkim_key_open(scope, DKIM_RSA, TEXT("d.example"), TEXT("s"), TEXT("AAAA"), &key),
               CONFLICT);
    CHECK(key == NULL);
}
