// SPDX-License-Identifier: Apache-2.0
#include "plug/tag/configuration.h"

#include "govern/access/secret.h"

#include <ctype.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(*(array)))

enum {
    NAME_BYTES = 40,
    LABEL_BYTES = 80,
    WORDS_BYTES = 2000,
    EVENT_BYTES = 200,
    PLACE_BYTES = 300,
    TCF_PURPOSES = 24
};

// ---- shapes ----

const char *const tag_mode_names[] = {"consent", "exempt", NULL};
static const char *const choice_names[] = {"banner", "tcf", NULL};

#define AT(member) offsetof(struct tag_configuration, member)
const struct json_field tag_configuration_fields[] = {
    {"mode", JSON_FIELD_ENUM, AT(mode), true, tag_mode_names,
     "consent: asked before anything; exempt: counts without identity"},
    {"choice", JSON_FIELD_ENUM, AT(choice), false, choice_names,
     "who asks: the tag's banner, or another tool that is read by IAB's framework"},
    {"purposes", JSON_FIELD_JSON, AT(purposes), true, NULL,
     "[{\"name\", \"tcf\": [numbers of IAB's purposes]}]"},
    {"measure", JSON_FIELD_TEXT, AT(measure), true, NULL,
     "the purpose of page views, calls and rules that name no other"},
    {"keep_days", JSON_FIELD_INT64, AT(keep_days), false, NULL, "how long a choice holds"},
    {"remember_refusal", JSON_FIELD_BOOL, AT(remember_refusal), false, NULL,
     "keep a refusal on the device, without an id, and do not ask on the next page"},
    {"page_views", JSON_FIELD_BOOL, AT(page_views), false, NULL, "tell of every page"},
    {"data_layer", JSON_FIELD_TEXT, AT(data_layer), false, NULL,
     "name of the page's array that rules look at; empty: none"},
    {"policy_url", JSON_FIELD_TEXT, AT(policy_url), false, NULL, "where the privacy policy is"},
    {"languages", JSON_FIELD_JSON, AT(languages), true, NULL, "the banner's words by language"},
    {"rules", JSON_FIELD_JSON, AT(rules), false, NULL,
     "[{\"event\", \"on\", \"selector\" or \"pattern\", \"purpose\", \"properties\"}]"},
};
#undef AT
const size_t tag_configuration_field_count = COUNT_OF(tag_configuration_fields);

struct purpose {
    struct text name;
    const struct json *tcf;
};
static const struct json_field purpose_fields[] = {
    {"name", JSON_FIELD_TEXT, offsetof(struct purpose, name), true, NULL, NULL},
    {"tcf", JSON_FIELD_JSON, offsetof(struct purpose, tcf), false, NULL, NULL},
};

struct words {
    struct text title, text, accept, refuse, save, choices, withdraw, policy;
    const struct json *purposes;
};
#define AT(member) offsetof(struct words, member)
static const struct json_field words_fields[] = {
    {"title", JSON_FIELD_TEXT, AT(title), true, NULL, NULL},
    {"text", JSON_FIELD_TEXT, AT(text), true, NULL, NULL},
    {"accept", JSON_FIELD_TEXT, AT(accept), true, NULL, NULL},
    {"refuse", JSON_FIELD_TEXT, AT(refuse), true, NULL, NULL},
    {"save", JSON_FIELD_TEXT, AT(save), true, NULL, NULL},
    {"choices", JSON_FIELD_TEXT, AT(choices), true, NULL, NULL},
    {"withdraw", JSON_FIELD_TEXT, AT(withdraw), true, NULL, NULL},
    {"policy", JSON_FIELD_TEXT, AT(policy), false, NULL, NULL},
    {"purposes", JSON_FIELD_JSON, AT(purposes), true, NULL, NULL},
};
#undef AT

struct purpose_words {
    struct text label, text;
};
static const struct json_field purpose_words_fields[] = {
    {"label", JSON_FIELD_TEXT, offsetof(struct purpose_words, label), true, NULL, NULL},
    {"text", JSON_FIELD_TEXT, offsetof(struct purpose_words, text), true, NULL, NULL},
};

enum rule_on { ON_CLICK, ON_SUBMIT, ON_VISIBLE, ON_DATA_LAYER, ON_PAGE };
static const char *const on_names[] = {"click", "submit", "visible", "data_layer", "page", NULL};

struct rule {
    struct text event, selector, pattern, purpose;
    int on;
    const struct json *properties;
};
#define AT(member) offsetof(struct rule, member)
static const struct json_field rule_fields[] = {
    {"event", JSON_FIELD_TEXT, AT(event), true, NULL, NULL},
    {"on", JSON_FIELD_ENUM, AT(on), true, on_names, NULL},
    {"selector", JSON_FIELD_TEXT, AT(selector), false, NULL, NULL},
    {"pattern", JSON_FIELD_TEXT, AT(pattern), false, NULL, NULL},
    {"purpose", JSON_FIELD_TEXT, AT(purpose), false, NULL, NULL},
    {"properties", JSON_FIELD_JSON, AT(properties), false, NULL, NULL},
};
#undef AT

enum property_from { FROM_ATTRIBUTE, FROM_TEXT, FROM_DATA_LAYER, FROM_QUERY, FROM_CONSTANT };
static const char *const from_names[] = {"attribute", "text",     "data_layer",
                                         "query",     "constant", NULL};

struct property {
    struct text name, selector, key, value;
    int from;
};
#define AT(member) offsetof(struct property, member)
static const struct json_field property_fields[] = {
    {"name", JSON_FIELD_TEXT, AT(name), true, NULL, NULL},
    {"from", JSON_FIELD_ENUM, AT(from), true, from_names, NULL},
    {"selector", JSON_FIELD_TEXT, AT(selector), false, NULL, NULL},
    {"key", JSON_FIELD_TEXT, AT(key), false, NULL, NULL},
    {"value", JSON_FIELD_TEXT, AT(value), false, NULL, NULL},
};
#undef AT

// ---- texts ----

static bool is_name(struct text name) {
    bool is_sound = name.size > 0 && name.size <= NAME_BYTES && !isdigit((unsigned char)*name.data);

    for (size_t i = 0; i < name.size; i++) {
        const unsigned char byte = (unsigned char)name.data[i];

        is_sound &= islower(byte) || isdigit(byte) || byte == '_';
    }
    return is_sound;
}

static code check_size(struct scope *scope, const char *field, struct text text, size_t least,
                       size_t most) {
    if (text.size >= least && text.size <= most)
        return OK;
    return scope_fail_field(scope, INVALID, field, "\"%s\" has %zu bytes; it has %zu to %zu", field,
                            text.size, least, most);
}

static code check_array(struct scope *scope, const struct json *json, const char *field,
                        size_t least, size_t most) {
    if (json && json->type == JSON_ARRAY && json->count >= least && json->count <= most)
        return OK;
    return scope_fail_field(scope, INVALID, field, "\"%s\" is a list of %zu to %zu", field, least,
                            most);
}

// A link that a click follows, not a script.
static code check_address(struct scope *scope, struct text address) {
    if (address.size == 0 ||
        (address.size <= PLACE_BYTES &&
         (text_starts_with(address, TEXT("https://")) ||
          text_starts_with(address, TEXT("http://")) || address.data[0] == '/')))
        return OK;
    return scope_fail_field(scope, INVALID, "policy_url",
                            "\"%.*s\" does not begin with https:// or /", TEXT_ARG(address));
}

// The tag makes it a member of the page's window.
static code check_layer(struct scope *scope, struct text name) {
    bool is_sound =
        name.size <= NAME_BYTES && !(name.size > 0 && isdigit((unsigned char)*name.data));

    for (size_t i = 0; i < name.size; i++)
        is_sound &= isalnum((unsigned char)name.data[i]) || name.data[i] == '_';
    return is_sound ? OK
                    : scope_fail_field(scope, INVALID, "data_layer",
                                       "\"%.*s\" is no name of letters and digits", TEXT_ARG(name));
}

// ---- purposes and words ----

bool tag_configuration_has_purpose(const struct tag_configuration *configuration,
                                   struct text purpose) {
    for (const struct json *one = configuration->purposes->first; one; one = one->next) {
        const struct json *name = json_member(one, "name");

        if (name && name->type == JSON_STRING && text_equal(name->string, purpose))
            return true;
    }
    return false;
}

static code check_tcf(struct scope *scope, const struct json *tcf) {
    if (!tcf)
        return OK;
    TRY(check_array(scope, tcf, "tcf", 0, TCF_PURPOSES));
    for (const struct json *one = tcf->first; one; one = one->next)
        if (one->type != JSON_INT64 || one->int64 < 1 || one->int64 > TCF_PURPOSES)
            return scope_fail_field(scope, INVALID, "tcf",
                                    "a purpose of IAB's framework is a number from 1 to %d",
                                    TCF_PURPOSES);
    return OK;
}

static code check_purposes(struct scope *scope, const struct tag_configuration *configuration) {
    TRY(check_array(scope, configuration->purposes, "purposes", 1, TAG_PURPOSES));
    for (const struct json *one = configuration->purposes->first; one; one = one->next) {
        struct purpose purpose = {0};

        TRY(json_read_record(scope, one, purpose_fields, COUNT_OF(purpose_fields), &purpose));
        if (!is_name(purpose.name))
            return scope_fail_field(
                scope, INVALID, "name",
                "the name of a purpose, \"%.*s\", consists of small letters, digits and _",
                TEXT_ARG(purpose.name));
        for (const struct json *other = configuration->purposes->first; other != one;
             other = other->next)
            if (text_equal(json_member(other, "name")->string, purpose.name))
                return scope_fail_field(scope, INVALID, "name", "purpose \"%.*s\" stands twice",
                                        TEXT_ARG(purpose.name));
        TRY(check_tcf(scope, purpose.tcf));
    }
    if (tag_configuration_has_purpose(configuration, configuration->measure))
        return OK;
    return scope_fail_field(scope, INVALID, "measure", "\"%.*s\" is none of the purposes",
                            TEXT_ARG(configuration->measure));
}

static code check_purpose_words(struct scope *scope, const struct tag_configuration *configuration,
                                const struct json *purposes) {
    for (const struct json *one = configuration->purposes->first; one; one = one->next) {
        const struct text name = json_member(one, "name")->string;
        const struct json *said =
            json_member(purposes, arena_printf(&scope->arena, "%.*s", TEXT_ARG(name)));
        struct purpose_words words = {0};

        if (!said)
            return scope_fail_field(scope, INVALID, "purposes", "purpose \"%.*s\" is not explained",
                                    TEXT_ARG(name));
        TRY(json_read_record(scope, said, purpose_words_fields, COUNT_OF(purpose_words_fields),
                             &words));
        TRY(check_size(scope, "label", words.label, 1, WORDS_BYTES));
        TRY(check_size(scope, "text", words.text, 0, WORDS_BYTES));
    }
    return OK;
}

static code check_words(struct scope *scope, const struct tag_configuration *configuration,
                        const struct json *json) {
    struct words words = {0};

    if (json->key.size < 2 || json->key.size > 11)
        return scope_fail_field(scope, INVALID, "languages",
                                "\"%.*s\" is no language: \"en\", \"fr\"", TEXT_ARG(json->key));
    TRY(json_read_record(scope, json, words_fields, COUNT_OF(words_fields), &words));
    TRY(check_size(scope, "title", words.title, 1, WORDS_BYTES));
    TRY(check_size(scope, "text", words.text, 1, WORDS_BYTES));
    TRY(check_size(scope, "accept", words.accept, 1, LABEL_BYTES));
    TRY(check_size(scope, "refuse", words.refuse, 1, LABEL_BYTES));
    TRY(check_size(scope, "save", words.save, 1, LABEL_BYTES));
    TRY(check_size(scope, "choices", words.choices, 1, LABEL_BYTES));
    TRY(check_size(scope, "withdraw", words.withdraw, 1, LABEL_BYTES));
    TRY(check_size(scope, "policy", words.policy, 0, LABEL_BYTES));
    return check_purpose_words(scope, configuration, words.purposes);
}

static code check_languages(struct scope *scope, const struct tag_configuration *configuration) {
    const struct json *languages = configuration->languages;

    if (languages->type != JSON_OBJECT || languages->count < 1 || languages->count > TAG_LANGUAGES)
        return scope_fail_field(scope, INVALID, "languages",
                                "\"languages\" is an object of 1 to %d languages", TAG_LANGUAGES);
    for (const struct json *one = languages->first; one; one = one->next)
        if (check_words(scope, configuration, one) != OK)
            return scope_hint(scope, "in language \"%.*s\"", TEXT_ARG(one->key));
    return OK;
}

// ---- rules ----

static code check_property(struct scope *scope, const struct json *json) {
    struct property property = {0};

    TRY(json_read_record(scope, json, property_fields, COUNT_OF(property_fields), &property));
    TRY(check_size(scope, "name", property.name, 1, LABEL_BYTES));
    TRY(check_size(scope, "selector", property.selector, 0, PLACE_BYTES));
    TRY(check_size(scope, "value", property.value, 0, PLACE_BYTES));
    return check_size(scope, "key", property.key,
                      property.from == FROM_TEXT || property.from == FROM_CONSTANT ? 0 : 1,
                      PLACE_BYTES);
}

static code check_place(struct scope *scope, const struct rule *rule) {
    const bool is_of_page = rule->on == ON_DATA_LAYER || rule->on == ON_PAGE;
    int stars = 0;

    TRY(check_size(scope, "selector", rule->selector, is_of_page ? 0 : 1, PLACE_BYTES));
    TRY(check_size(scope, "pattern", rule->pattern, is_of_page ? 1 : 0, PLACE_BYTES));
    for (size_t i = 0; i < rule->pattern.size; i++)
        stars += rule->pattern.data[i] == '*';
    if (stars > TAG_STARS)
        return scope_fail_field(scope, INVALID, "pattern", "a pattern has at most %d stars",
                                TAG_STARS);
    return OK;
}

static code check_rule(struct scope *scope, const struct tag_configuration *configuration,
                       const struct json *json) {
    struct rule rule = {0};

    TRY(json_read_record(scope, json, rule_fields, COUNT_OF(rule_fields), &rule));
    TRY(check_size(scope, "event", rule.event, 1, EVENT_BYTES));
    if (text_is(rule.event, TAG_CONSENT_EVENT))
        return scope_fail_field(scope, INVALID, "event",
                                "\"" TAG_CONSENT_EVENT "\" is what the tag tells of choices");
    TRY(check_place(scope, &rule));
    if (rule.purpose.size > 0 && !tag_configuration_has_purpose(configuration, rule.purpose))
        return scope_fail_field(scope, INVALID, "purpose", "\"%.*s\" is none of the purposes",
                                TEXT_ARG(rule.purpose));
    if (!rule.properties)
        return OK;
    TRY(check_array(scope, rule.properties, "properties", 0, TAG_PROPERTIES));
    for (const struct json *one = rule.properties->first; one; one = one->next)
        TRY(check_property(scope, one));
    return OK;
}

static code check_rules(struct scope *scope, const struct tag_configuration *configuration) {
    int number = 1;

    if (!configuration->rules)
        return OK;
    TRY(check_array(scope, configuration->rules, "rules", 0, TAG_RULES));
    for (const struct json *one = configuration->rules->first; one; one = one->next, number++)
        if (check_rule(scope, configuration, one) != OK)
            return scope_hint(scope, "in rule %d", number);
    return OK;
}

// ---- the whole ----

code tag_configuration_read(struct scope *scope, const struct json *json,
                            struct tag_configuration *ret_configuration) {
    struct tag_configuration configuration = {
        .keep_days = 182, .page_views = true, .data_layer = TEXT(""), .policy_url = TEXT("")};

    TRY(json_read_record(scope, json, tag_configuration_fields, tag_configuration_field_count,
                         &configuration));
    TRY(check_purposes(scope, &configuration));
    if (configuration.keep_days < 1 || configuration.keep_days > TAG_KEEP_DAYS)
        return scope_fail_field(scope, INVALID, "keep_days", "a choice holds for 1 to %d days",
                                TAG_KEEP_DAYS);
    TRY(check_layer(scope, configuration.data_layer));
    TRY(check_address(scope, configuration.policy_url));
    TRY(check_languages(scope, &configuration));
    TRY(check_rules(scope, &configuration));
    if (tag_configuration_text(scope, &configuration).size > TAG_CONFIGURATION_BYTES)
        return scope_fail(scope, TOO_LARGE, "a configuration has at most %d bytes",
                          TAG_CONFIGURATION_BYTES);
    *ret_configuration = configuration;
    return OK;
}

static struct text in_arena(struct scope *scope, struct buffer *buffer) {
    const struct text text = text_copy(&scope->arena, buffer_text(buffer));

    buffer_clear(buffer);
    return text;
}

struct text tag_configuration_text(struct scope *scope,
                                   const struct tag_configuration *configuration) {
    static const struct json no_rules = {.type = JSON_ARRAY};
    struct tag_configuration whole = *configuration;
    struct buffer buffer = {0};
    struct json_writer writer;

    if (!whole.rules)
        whole.rules = &no_rules;
    json_writer_init(&writer, &buffer);
    json_write_record(&writer, tag_configuration_fields, tag_configuration_field_count, &whole);
    return in_arena(scope, &buffer);
}

struct text tag_configuration_text_hash(struct scope *scope,
                                        const struct tag_configuration *configuration) {
    const struct tag_configuration read = {.mode = configuration->mode,
                                           .choice = configuration->choice,
                                           .policy_url = configuration->policy_url,
                                           .purposes = configuration->purposes,
                                           .languages = configuration->languages};
    struct buffer buffer = {0};
    struct json_writer writer;

    json_writer_init(&writer, &buffer);
    json_write_record(&writer, tag_configuration_fields, tag_configuration_field_count, &read);
    return secret_hash(&scope->arena, in_arena(scope, &buffer));
}
