// SPDX-License-Identifier: Apache-2.0
#include "govern/consent/channel.h"

const struct consent_channel consent_channels[] = {
    {"email", "e-mail", CONTACT_EMAIL}, {"sms", "text", CONTACT_PHONE},
    {"letter", "post", CONTACT_POSTAL}, {"phone", "call", CONTACT_PHONE},
    {"push", "web_push", CONTACT_NONE}, {"web", "on_site", CONTACT_NONE},
    {"ads", "audience", CONTACT_NONE},  {"webhook", "webhook_out", CONTACT_NONE},
};
const size_t consent_channel_count = sizeof(consent_channels) / sizeof(*consent_channels);

const struct consent_channel *consent_channel_find(struct text name) {
    for (size_t i = 0; i < consent_channel_count; i++)
        if (text_is(name, consent_channels[i].name) ||
            text_is(name, consent_channels[i].other_name))
            return &consent_channels[i];
    return NULL;
}
