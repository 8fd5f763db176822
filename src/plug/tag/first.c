// SPDX-License-Identifier: Apache-2.0
// What the tag of a new web site says and does, until somebody changes it.
#include "plug/tag/configuration.h"

#define ENGLISH                                                                                    \
    "\"en\":{\"title\":\"Your choice\","                                                           \
    "\"text\":\"With your consent we count which pages are read and show you what fits you. "      \
    "You may refuse, and you may change your mind at any time.\","                                 \
    "\"accept\":\"Accept all\",\"refuse\":\"Refuse all\",\"save\":\"Save my choice\","             \
    "\"choices\":\"Privacy choices\",\"withdraw\":\"Withdraw consent\","                           \
    "\"policy\":\"Privacy policy\",\"purposes\":{"                                                 \
    "\"analytics\":{\"label\":\"Measurement\","                                                    \
    "\"text\":\"Which pages are read and what is bought, so that we can improve the shop.\"},"     \
    "\"marketing\":{\"label\":\"Advertising\","                                                    \
    "\"text\":\"Offers that fit what you looked at and bought.\"}}}"

#define FRENCH                                                                                     \
    "\"fr\":{\"title\":\"Votre choix\","                                                           \
    "\"text\":\"Avec votre accord, nous mesurons les pages lues et vous montrons ce qui vous "     \
    "convient. Vous pouvez refuser, et changer d’avis à tout moment.\","                        \
    "\"accept\":\"Tout accepter\",\"refuse\":\"Tout refuser\","                                    \
    "\"save\":\"Enregistrer mon choix\",\"choices\":\"Choix de confidentialité\","                \
    "\"withdraw\":\"Retirer mon accord\",\"policy\":\"Politique de confidentialité\","            \
    "\"purposes\":{\"analytics\":{\"label\":\"Mesure d’audience\","                              \
    "\"text\":\"Quelles pages sont lues et ce qui est acheté, pour améliorer la boutique.\"},"   \
    "\"marketing\":{\"label\":\"Publicité\","                                                     \
    "\"text\":\"Des offres selon ce que vous avez regardé et acheté.\"}}}"

#define GERMAN                                                                                     \
    "\"de\":{\"title\":\"Ihre Wahl\","                                                             \
    "\"text\":\"Mit Ihrer Einwilligung zählen wir, welche Seiten gelesen werden, und zeigen "     \
    "Ihnen, was zu Ihnen passt. Sie können ablehnen und sich jederzeit anders entscheiden.\","    \
    "\"accept\":\"Alle annehmen\",\"refuse\":\"Alle ablehnen\","                                   \
    "\"save\":\"Auswahl speichern\",\"choices\":\"Datenschutzwahl\","                              \
    "\"withdraw\":\"Einwilligung widerrufen\",\"policy\":\"Datenschutzerklärung\","               \
    "\"purposes\":{\"analytics\":{\"label\":\"Messung\","                                          \
    "\"text\":\"Welche Seiten gelesen und welche Waren gekauft werden, damit wir den Laden "       \
    "verbessern.\"},\"marketing\":{\"label\":\"Werbung\","                                         \
    "\"text\":\"Angebote nach dem, was Sie angesehen und gekauft haben.\"}}}"

const char tag_configuration_first[] =
    "{\"mode\":\"consent\",\"choice\":\"banner\","
    "\"purposes\":[{\"name\":\"analytics\",\"tcf\":[1,8]},{\"name\":\"marketing\",\"tcf\":[1,3,4]}]"
    ","
    "\"measure\":\"analytics\",\"keep_days\":182,\"remember_refusal\":false,\"page_views\":true,"
    "\"data_layer\":\"\",\"policy_url\":\"\","
    "\"languages\":{" ENGLISH "," FRENCH "," GERMAN "},\"rules\":[]}";
