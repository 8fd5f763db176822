// SPDX-License-Identifier: Apache-2.0
// To add a language: its words, its channels, a row at the end.
#include "govern/consent/page_words.h"

static const char *const english[PAGE_WORD_COUNT] = {
    [WORD_UNSUBSCRIBE] = "Unsubscribe",
    [WORD_UNSUBSCRIBE_ASK] = "Do you want no more of “{purpose}” {channel}?",
    [WORD_UNSUBSCRIBE_DONE] = "Done. We will send you no more of “{purpose}” {channel}.",
    [WORD_PREFERENCES] = "Your choices",
    [WORD_PREFERENCES_HELP] = "Choose what we may reach you for. It holds as soon as you save it.",
    [WORD_SAVE] = "Save",
    [WORD_SAVED] = "Saved. Your choices hold from now on.",
    [WORD_ALL_OFF] = "Turn everything off",
    [WORD_ALL_OFF_HELP] = "We will no longer reach you with any advertising, in any way.",
    [WORD_ALL_OFF_DONE] = "Done. We will no longer reach you with any advertising.",
    [WORD_AGREED] = "Since {date}. You agreed to this text: “{text}”",
    [WORD_WAITS] = "Waits for you to confirm it: follow the link in the message we send you.",
    [WORD_NOTHING_SAID] = "The text that you agree to: “{text}”",
    [WORD_CONFIRM] = "Confirm",
    [WORD_CONFIRM_ASK] = "Please confirm that you want “{purpose}” {channel}.",
    [WORD_CONFIRM_DONE] = "Thank you. “{purpose}” {channel} is confirmed.",
    [WORD_CONFIRM_OVER] = ("There is nothing left to confirm: it took too long, or you have chosen "
                           "otherwise since."),
    [WORD_BAD_LINK] = "This link does not work",
    [WORD_BAD_LINK_HELP] = "It may have been cut off. Open it again from the message, in whole.",
    [WORD_NOT_DONE] = "Nothing was changed. Please use the button on the page.",
    [WORD_TOO_OFTEN] = "That was too often in a short time. Please try again in a few minutes.",
    [WORD_LANGUAGE] = "Language",
};
static const char *const english_channels[] = {
    "by e-mail",       "by text message",  "by letter",        "by telephone",
    "by push message", "on our web sites", "in ads elsewhere", "through other systems",
};

static const char *const french[PAGE_WORD_COUNT] = {
    [WORD_UNSUBSCRIBE] = "Se désabonner",
    [WORD_UNSUBSCRIBE_ASK] = "Ne souhaitez-vous plus recevoir « {purpose} » {channel} ?",
    [WORD_UNSUBSCRIBE_DONE] = "C’est fait. Vous ne recevrez plus « {purpose} » {channel}.",
    [WORD_PREFERENCES] = "Vos choix",
    [WORD_PREFERENCES_HELP] =
        "Choisissez pour quoi nous pouvons vous joindre. Cela vaut dès l’enregistrement.",
    [WORD_SAVE] = "Enregistrer",
    [WORD_SAVED] = "Enregistré. Vos choix valent dès maintenant.",
    [WORD_ALL_OFF] = "Tout désactiver",
    [WORD_ALL_OFF_HELP] = "Nous ne vous adresserons plus aucune publicité, d’aucune façon.",
    [WORD_ALL_OFF_DONE] = "C’est fait. Nous ne vous adresserons plus aucune publicité.",
    [WORD_AGREED] = "Depuis le {date}. Vous avez accepté ce texte : « {text} »",
    [WORD_WAITS] = ("En attente de votre confirmation : suivez le lien du message que nous vous "
                    "envoyons."),
    [WORD_NOTHING_SAID] = "Le texte que vous acceptez : « {text} »",
    [WORD_CONFIRM] = "Confirmer",
    [WORD_CONFIRM_ASK] = "Veuillez confirmer que vous souhaitez « {purpose} » {channel}.",
    [WORD_CONFIRM_DONE] = "Merci. « {purpose} » {channel} est confirmé.",
    [WORD_CONFIRM_OVER] = ("Il n’y a plus rien à confirmer : le délai est passé, ou vous avez "
                           "choisi autrement depuis."),
    [WORD_BAD_LINK] = "Ce lien ne fonctionne pas",
    [WORD_BAD_LINK_HELP] = ("Il a peut-être été coupé. Ouvrez-le de nouveau depuis le message, en "
                            "entier."),
    [WORD_NOT_DONE] = "Rien n’a été modifié. Veuillez utiliser le bouton de la page.",
    [WORD_TOO_OFTEN] = "Trop de changements en peu de temps. Réessayez dans quelques minutes.",
    [WORD_LANGUAGE] = "Langue",
};
static const char *const french_channels[] = {
    "par courriel",     "par SMS",       "par courrier",          "par téléphone",
    "par notification", "sur nos sites", "en publicité ailleurs", "par d’autres systèmes",
};

static const char *const german[PAGE_WORD_COUNT] = {
    [WORD_UNSUBSCRIBE] = "Abmelden",
    [WORD_UNSUBSCRIBE_ASK] = "Möchten Sie „{purpose}“ {channel} nicht mehr erhalten?",
    [WORD_UNSUBSCRIBE_DONE] = "Erledigt. Sie erhalten „{purpose}“ {channel} nicht mehr.",
    [WORD_PREFERENCES] = "Ihre Auswahl",
    [WORD_PREFERENCES_HELP] =
        "Wählen Sie, wofür wir Sie erreichen dürfen. Es gilt, sobald Sie es speichern.",
    [WORD_SAVE] = "Speichern",
    [WORD_SAVED] = "Gespeichert. Ihre Auswahl gilt ab sofort.",
    [WORD_ALL_OFF] = "Alles abschalten",
    [WORD_ALL_OFF_HELP] = "Wir sprechen Sie nicht mehr mit Werbung an, auf keinem Weg.",
    [WORD_ALL_OFF_DONE] = "Erledigt. Wir sprechen Sie nicht mehr mit Werbung an.",
    [WORD_AGREED] = "Seit {date}. Sie haben diesem Text zugestimmt: „{text}“",
    [WORD_WAITS] = ("Wartet auf Ihre Bestätigung: folgen Sie dem Link in der Nachricht, die wir "
                    "Ihnen senden."),
    [WORD_NOTHING_SAID] = "Der Text, dem Sie zustimmen: „{text}“",
    [WORD_CONFIRM] = "Bestätigen",
    [WORD_CONFIRM_ASK] = "Bitte bestätigen Sie, dass Sie „{purpose}“ {channel} möchten.",
    [WORD_CONFIRM_DONE] = "Danke. „{purpose}“ {channel} ist bestätigt.",
    [WORD_CONFIRM_OVER] = ("Es gibt nichts mehr zu bestätigen: es hat zu lange gedauert, oder Sie "
                           "haben seither anders gewählt."),
    [WORD_BAD_LINK] = "Dieser Link funktioniert nicht",
    [WORD_BAD_LINK_HELP] = ("Vielleicht wurde er abgeschnitten. Öffnen Sie ihn noch einmal aus der "
                            "Nachricht, ganz."),
    [WORD_NOT_DONE] = "Es wurde nichts geändert. Bitte benutzen Sie den Knopf auf der Seite.",
    [WORD_TOO_OFTEN] = ("Das war zu oft in kurzer Zeit. Bitte versuchen Sie es in einigen Minuten "
                        "noch einmal."),
    [WORD_LANGUAGE] = "Sprache",
};
static const char *const german_channels[] = {
    "per E-Mail",          "per SMS",
    "per Brief",           "per Telefon",
    "per Push-Nachricht",  "auf unseren Seiten",
    "in Werbung anderswo", "über andere Systeme",
};

static const char *const dutch[PAGE_WORD_COUNT] = {
    [WORD_UNSUBSCRIBE] = "Afmelden",
    [WORD_UNSUBSCRIBE_ASK] = "Wilt u “{purpose}” {channel} niet meer ontvangen?",
    [WORD_UNSUBSCRIBE_DONE] = "Klaar. U ontvangt “{purpose}” {channel} niet meer.",
    [WORD_PREFERENCES] = "Uw keuzes",
    [WORD_PREFERENCES_HELP] = "Kies waarvoor wij u mogen bereiken. Het geldt zodra u het opslaat.",
    [WORD_SAVE] = "Opslaan",
    [WORD_SAVED] = "Opgeslagen. Uw keuzes gelden vanaf nu.",
    [WORD_ALL_OFF] = "Alles uitzetten",
    [WORD_ALL_OFF_HELP] = "Wij benaderen u niet meer met reclame, op geen enkele manier.",
    [WORD_ALL_OFF_DONE] = "Klaar. Wij benaderen u niet meer met reclame.",
    [WORD_AGREED] = "Sinds {date}. U stemde in met deze tekst: “{text}”",
    [WORD_WAITS] = "Wacht op uw bevestiging: volg de link in het bericht dat wij u sturen.",
    [WORD_NOTHING_SAID] = "De tekst waarmee u instemt: “{text}”",
    [WORD_CONFIRM] = "Bevestigen",
    [WORD_CONFIRM_ASK] = "Bevestig dat u “{purpose}” {channel} wilt ontvangen.",
    [WORD_CONFIRM_DONE] = "Dank u. “{purpose}” {channel} is bevestigd.",
    [WORD_CONFIRM_OVER] =
        ("Er is niets meer te bevestigen: het duurde te lang, of u hebt sindsdien "
         "anders gekozen."),
    [WORD_BAD_LINK] = "Deze link werkt niet",
    [WORD_BAD_LINK_HELP] = ("Misschien is hij afgebroken. Open hem opnieuw vanuit het bericht, in "
                            "zijn geheel."),
    [WORD_NOT_DONE] = "Er is niets veranderd. Gebruik de knop op de pagina.",
    [WORD_TOO_OFTEN] = "Dat was te vaak in korte tijd. Probeer het over een paar minuten opnieuw.",
    [WORD_LANGUAGE] = "Taal",
};
static const char *const dutch_channels[] = {
    "per e-mail",      "per sms",       "per brief",         "per telefoon",
    "per pushbericht", "op onze sites", "in reclame elders", "via andere systemen",
};

const struct page_language page_languages[] = {
    {"en", "English", english, english_channels},
    {"fr", "Français", french, french_channels},
    {"de", "Deutsch", german, german_channels},
    {"nl", "Nederlands", dutch, dutch_channels},
};
const size_t page_language_count = sizeof(page_languages) / sizeof(*page_languages);

const struct page_language *page_language_find(struct text name) {
    struct text rest;
    const struct text first = text_split(name, '-', &rest);

    for (size_t i = 0; i < page_language_count; i++)
        if (text_equal_ascii_case(first, text_of(page_languages[i].name)))
            return &page_languages[i];
    return &page_languages[0];
}
