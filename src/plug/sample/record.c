// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/record.h"

#include "base/time.h"

#include <math.h>
#include <stdio.h>

enum { STREAM_PERSON = 0x9e5501, STREAM_TWIN, STREAM_CONSENT };

struct person {
    enum gender gender;
    const char *given, *family, *street;
    int house;
    int32_t birth_day;
    bool has_email, has_phone, has_card, has_birth_day, has_address, has_gender;
    char email[RECORD_EMAIL_SIZE], phone[32];
};

// Lower case, without accents: what people put into an e-mail address.
static size_t fold_name(const char *name, char *folded, size_t size) {
    static const char *const pairs[][2] = {{"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"ß", "ss"},
                                           {"Ö", "oe"}, {"é", "e"},  {"ı", "i"},  {"ć", "c"}};
    size_t used = 0;

    while (*name && used + 3 < size) {
        const bool is_accented = (unsigned char)*name >= 0x80;
        size_t step = 0;
        for (size_t p = 0; is_accented && p < sizeof(pairs) / sizeof(pairs[0]) && !step; p++)
            if (strncmp(name, pairs[p][0], strlen(pairs[p][0])) == 0) {
                step = strlen(pairs[p][0]);
                used += (size_t)snprintf(folded + used, size - used, "%s", pairs[p][1]);
            }
        if (!step) {
            step = 1;
            folded[used++] = (char)(*name >= 'A' && *name <= 'Z' ? *name + 32 : *name);
        }
        name += step;
    }
    folded[used] = 0;
    return used;
}

// The number makes addresses unique; example.net and its kin reach nobody (RFC 2606).
static void write_email(struct random *random, int64_t index, struct person *person) {
    static const char *const domains[] = {"example.net", "mail.example.org", "post.example.net",
                                          "web.example.org"};
    char given[40], family[40];
    const char *const domain = domains[random_below(random, 4)];

    fold_name(person->given, given, sizeof(given));
    fold_name(person->family, family, sizeof(family));
    switch (random_below(random, 3)) {
    case 0:
        snprintf(person->email, sizeof(person->email), "%s.%s%lld@%s", given, family,
                 (long long)index, domain);
        break;
    case 1:
        snprintf(person->email, sizeof(person->email), "%c.%s%lld@%s", given[0], family,
                 (long long)index, domain);
        break;
    default:
        snprintf(person->email, sizeof(person->email), "%s_%s%lld@%s", family, given,
                 (long long)index, domain);
    }
}

// Mobile numbers in the block 0154, written in the ways that people write them. The multiplication
// walks through all eight-digit numbers, so no two customers share one by chance.
static void write_phone(struct random *random, int64_t index, struct person *person) {
    const long long number = (long long)((uint64_t)index * 38461037 % 100000000);

    switch (random_below(random, 4)) {
    case 0:
        snprintf(person->phone, sizeof(person->phone), "+49 154 %08lld", number);
        break;
    case 1:
        snprintf(person->phone, sizeof(person->phone), "0154/%08lld", number);
        break;
    case 2:
        snprintf(person->phone, sizeof(person->phone), "0049 154 %04lld %04lld", number / 10000,
                 number % 10000);
        break;
    default:
        snprintf(person->phone, sizeof(person->phone), "+49154%08lld", number);
    }
}

static int32_t birth_day_of(struct random *random, uint8_t persona, int32_t today) {
    static const struct {
        double youngest, mean_above;
    } ages[PERSONA_COUNT] = {{24, 12}, {19, 14}, {28, 24}, {36, 24},
                             {22, 28}, {18, 18}, {22, 28}, {25, 26}};
    const double above = ages[persona].mean_above * random_gamma(random, 3) / 3;
    const double years = fmin(ages[persona].youngest + above, 93);

    return today - (int32_t)(years * 365.25);
}

static void person_init(const struct company *company, int64_t index, struct person *person) {
    static const double women[PERSONA_COUNT] = {0.62, 0.46, 0.55, 0.60, 0.64, 0.82, 0.54, 0.58};
    struct random random = random_stream(company->seed, STREAM_PERSON, (uint64_t)index);
    const uint8_t persona = shopper_persona(company, index);
    const int32_t today = company->season.first_day + company->season.day_count;
    const struct name_list family = family_names(), street = street_names();
    int year, month, day;

    person->birth_day = birth_day_of(&random, persona, today);
    person->gender = random_chance(&random, women[persona]) ? GENDER_FEMALE : GENDER_MALE;
    day_to_civil(person->birth_day, &year, &month, &day);

    const struct name_list given = given_names(person->gender, year < 1960   ? 0
                                                               : year < 1985 ? 1
                                                                             : 2);

    person->given = given.names[random_below(&random, (uint32_t)given.count)];
    // Earlier names of the list are commoner.
    const double place = random_uniform(&random) * random_uniform(&random);
    person->family = family.names[(size_t)(place * (double)family.count)];
    person->street = street.names[random_below(&random, (uint32_t)street.count)];
    person->house = 1 + (int)random_below(&random, 120);
    person->has_email = random_chance(&random, 0.76);
    person->has_phone = random_chance(&random, 0.52);
    person->has_card = random_chance(&random, 0.84);
    person->has_birth_day = random_chance(&random, 0.62);
    person->has_address = random_chance(&random, 0.72);
    person->has_gender = random_chance(&random, 0.88);
    write_email(&random, index, person);
    write_phone(&random, index, person);
}

// One in forty has registered before. The earlier record is the same person's, and one of the two
// ways to reach them is the same; the other may be new, or missing.
static bool become_twin(const struct company *company, int64_t index, struct person *person) {
    struct random random = random_stream(company->seed, STREAM_TWIN, (uint64_t)index);

    if (index < 20 || !random_chance(&random, 0.025))
        return false;

    const int64_t earlier = (int64_t)(random_uniform(&random) * (double)index);
    const struct person own = *person;

    person_init(company, earlier, person);
    if (random_chance(&random, 0.35))
        memcpy(person->phone, own.phone, sizeof(own.phone));
    else if (random_chance(&random, 0.5))
        write_email(&random, index, person);
    person->has_email |= random_chance(&random, 0.5);
    person->house = random_chance(&random, 0.6) ? person->house : own.house;
    return true;
}

bool record_email(const struct company *company, int64_t index, char email[RECORD_EMAIL_SIZE]) {
    struct person person;

    person_init(company, index, &person);
    if (become_twin(company, index, &person))
        return false;
    memcpy(email, person.email, sizeof(person.email));
    return true;
}

code records_open(struct scope *scope, struct records *records, const char *folder) {
    TRY(sheet_open(
        scope, &records->customers, folder, "customers.csv",
        "customer_number,given_name,family_name,email,phone,loyalty_card,street,postal_code,"
        "city,country,birth_date,gender,language,registered_at,household_size"));
    return sheet_open(scope, &records->consents, folder, "consents.csv",
                      "customer_number,purpose,channel,state,legal_basis,text_version,at,proof");
}

code records_finish(struct scope *scope, struct records *records) {
    TRY(sheet_finish(scope, &records->customers));
    return sheet_finish(scope, &records->consents);
}

void records_close(struct records *records) {
    sheet_close(&records->customers);
    sheet_close(&records->consents);
}

static void write_address(struct sheet *sheet, const struct company *company,
                          const struct shopper *shopper, const struct person *person) {
    const struct town *const town = &towns[shopper->town];
    const uint64_t place = (uint64_t)((int64_t)person->house * 131 + person->birth_day);
    const int rest = (int)(random_mix(company->seed + place) % 1000);

    if (!person->has_address) {
        sheet_raw(sheet, ",,,", 3);
        return;
    }
    sheet_printf(sheet, "%s %d", person->street, person->house);
    sheet_printf(sheet, "%s%03d", town->postal_prefix, rest);
    sheet_word(sheet, town->name);
}

static void write_customer(struct sheet *sheet, const struct company *company, int64_t index,
                           const struct shopper *shopper, const struct person *person) {
    static const char *const genders[GENDER_COUNT] = {"f", "m"};
    static const int households[PERSONA_COUNT] = {4, 1, 2, 2, 1, 2, 3, 2};
    const int32_t day = company->season.first_day + shopper->arrives;
    const long long card = (long long)((uint64_t)index * 6364136223 % 10000000000);

    sheet_int64(sheet, shopper_number(index));
    sheet_word(sheet, person->given);
    sheet_word(sheet, person->family);
    sheet_word(sheet, person->has_email ? person->email : "");
    sheet_word(sheet, person->has_phone ? person->phone : "");
    if (person->has_card)
        sheet_printf(sheet, "29%010lld", card);
    else
        sheet_comma(sheet);
    write_address(sheet, company, shopper, person);
    sheet_word(sheet, "DE");
    if (person->has_birth_day)
        sheet_day(sheet, person->birth_day);
    else
        sheet_comma(sheet);
    sheet_word(sheet, person->has_gender ? genders[person->gender] : "");
    sheet_word(sheet, "de");
    sheet_time(sheet, day, shopper_registration_second(company, index, day));
    sheet_int64(sheet, households[shopper->persona] + (int)(random_mix((uint64_t)index) % 2));
    sheet_end_row(sheet);
}

// ---- consents ----

struct ask {
    const char *purpose, *channel, *legal_basis;
    double granted;          // share of the people asked
    double withdrawn_a_year; // of those
    bool by_email, by_phone; // asked only those who left it
};

static const struct ask asks[] = {
    {"marketing", "email", "consent", 0.58, 0.09, true, false},
    {"marketing", "sms", "consent", 0.24, 0.06, false, true},
    {"marketing", "post", "consent", 0.36, 0.03, false, false},
    {"profiling", "all", "consent", 0.44, 0.02, false, false},
};
enum { ASK_COUNT = sizeof(asks) / sizeof(asks[0]) };

// The wording in force on a day.
static const char *text_version(int32_t day) {
    if (day < 17676) // 2018-05-25, the General Data Protection Regulation
        return "2014-02";
    if (day < 18962) // 2021-12-01
        return "2018-05";
    return day < 19783 ? "2021-12" : "2024-03"; // 2024-03-01
}

static void write_consent(struct sheet *sheet, int64_t index, const struct ask *ask,
                          const char *state, int32_t day, int32_t second, int32_t asked_day,
                          const char *proof) {
    sheet_int64(sheet, shopper_number(index));
    sheet_word(sheet, ask->purpose);
    sheet_word(sheet, ask->channel);
    sheet_word(sheet, state);
    sheet_word(sheet, ask->legal_basis);
    sheet_word(sheet, text_version(asked_day));
    sheet_time(sheet, day, second);
    sheet_word(sheet, proof);
    sheet_end_row(sheet);
}

static const char *proof_of_grant(const struct ask *ask, const struct shopper *shopper) {
    if (ask->by_email)
        return "double opt-in";
    return shopper->web_percent > 40 ? "web form" : "signed form";
}

static code write_consents(struct scope *scope, struct sheet *sheet, const struct company *company,
                           int64_t index, const struct person *person, struct shopper *shopper) {
    static const char *const ways_out[] = {"unsubscribe link", "unsubscribe link", "phone call",
                                           "letter"};
    struct random random = random_stream(company->seed, STREAM_CONSENT, (uint64_t)index);
    const int32_t asked_day = company->season.first_day + shopper->arrives;
    const int32_t second = shopper_registration_second(company, index, asked_day);

    TRY(sheet_begin_row(scope, sheet));
    for (int a = 0; a < ASK_COUNT; a++) {
        const struct ask *const ask = &asks[a];
        const bool granted = random_chance(&random, ask->granted);
        const double days = 365.25 * random_exponential(&random) / ask->withdrawn_a_year;
        const double until = shopper->arrives + 1 + days;
        const char *const way_out = ways_out[random_below(&random, 4)];

        if ((ask->by_email && !person->has_email) || (ask->by_phone && !person->has_phone))
            continue;
        write_consent(sheet, index, ask, granted ? "granted" : "denied", asked_day, second,
                      asked_day, proof_of_grant(ask, shopper));
        if (granted && ask->by_email) {
            shopper->subscribed_from = shopper->arrives;
            shopper->subscribed_until = (int16_t)fmin(until, INT16_MAX);
        }
        if (granted && until < company->season.day_count)
            write_consent(sheet, index, ask, "withdrawn",
                          company->season.first_day + (int32_t)floor(until),
                          43200 + (int32_t)(random_mix(random.state) % 30000), asked_day, way_out);
    }
    return OK;
}

code records_write(struct scope *scope, struct records *records, const struct company *company,
                   int64_t index, struct shopper *shopper) {
    struct person person;

    person_init(company, index, &person);
    become_twin(company, index, &person);
    TRY(sheet_begin_row(scope, &records->customers));
    write_customer(&records->customers, company, index, shopper, &person);
    return write_consents(scope, &records->consents, company, index, &person, shopper);
}
