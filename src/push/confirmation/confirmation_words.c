// SPDX-License-Identifier: Apache-2.0
// To add a language: a row here, and in govern/consent/page_words.c.
#include "push/confirmation/confirmation_words.h"

#include "base/code.h"

static const struct {
    const char *language, *subject, *mail, *sms;
} words[] = {
    {"en", "Please confirm: {purpose}",
     "Hello,\n\n"
     "somebody, we hope you, asked us for “{purpose}” {channel}. Please confirm that you want it:\n"
     "\n{link}\n\n"
     "You agree to this text: “{text}”\n\n"
     "The link works for 30 days. If it was not you, do nothing: without it you get nothing.\n\n"
     "{sender}\n",
     "Please confirm that you want “{purpose}” {channel}: {link}"},
    {"fr", "Veuillez confirmer : {purpose}",
     "Bonjour,\n\n"
     "quelqu’un, vous sans doute, nous a demandé « {purpose} » {channel}. Veuillez confirmer que "
     "vous le souhaitez :\n"
     "\n{link}\n\n"
     "Vous acceptez ce texte : « {text} »\n\n"
     "Le lien fonctionne pendant 30 jours. Si ce n’était pas vous, ne faites rien : sans lui vous "
     "ne recevrez rien.\n\n"
     "{sender}\n",
     "Veuillez confirmer que vous souhaitez « {purpose} » {channel} : {link}"},
    {"de", "Bitte bestätigen: {purpose}",
     "Guten Tag,\n\n"
     "jemand, vermutlich Sie, hat uns um „{purpose}“ {channel} gebeten. Bitte bestätigen Sie, dass "
     "Sie es möchten:\n"
     "\n{link}\n\n"
     "Sie stimmen diesem Text zu: „{text}“\n\n"
     "Der Link gilt 30 Tage. Wenn Sie es nicht waren, tun Sie nichts: ohne ihn erhalten Sie "
     "nichts.\n\n"
     "{sender}\n",
     "Bitte bestätigen Sie, dass Sie „{purpose}“ {channel} möchten: {link}"},
    {"nl", "Graag bevestigen: {purpose}",
     "Goedendag,\n\n"
     "iemand, waarschijnlijk u, heeft ons om “{purpose}” {channel} gevraagd. Bevestig dat u het "
     "wilt:\n"
     "\n{link}\n\n"
     "U stemt in met deze tekst: “{text}”\n\n"
     "De link werkt 30 dagen. Was u het niet, doe dan niets: zonder de link ontvangt u niets.\n\n"
     "{sender}\n",
     "Bevestig dat u “{purpose}” {channel} wilt: {link}"},
};

static struct text value_of(const struct confirmation_values *values, struct text name) {
    if (text_is(name, "purpose"))
        return values->purpose;
    if (text_is(name, "channel"))
        return values->channel;
    if (text_is(name, "text"))
        return values->text;
    return text_is(name, "link") ? values->link : values->sender;
}

static struct text fill(struct arena *arena, const char *sentence,
                        const struct confirmation_values *values) {
    CLEANUP(buffer_clear) struct buffer out = {0};
    struct text rest = text_of(sentence);

    while (rest.data && rest.size > 0) {
        struct text behind;

        buffer_add_text(&out, text_split(rest, '{', &behind));
        rest = behind;
        if (behind.data)
            buffer_add_text(&out, value_of(values, text_split(behind, '}', &rest)));
    }
    return text_copy(arena, buffer_text(&out));
}

struct confirmation_words confirmation_write(struct arena *arena, struct text language,
                                             const struct confirmation_values *values) {
    struct text rest;
    const struct text first = text_split(language, '-', &rest);
    size_t found = 0;

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (text_equal_ascii_case(first, text_of(words[i].language)))
            found = i;
    return (struct confirmation_words){.subject = fill(arena, words[found].subject, values),
                                       .mail = fill(arena, words[found].mail, values),
                                       .sms = fill(arena, words[found].sms, values)};
}
