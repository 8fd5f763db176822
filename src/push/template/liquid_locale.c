// SPDX-License-Identifier: Apache-2.0
// To add a language: its names here, a row per country that writes numbers in another way.
#include "push/template/liquid_locale.h"

#include "base/time.h"

#include <stdio.h>

#define NBSP  "\xC2\xA0"
#define NNBSP "\xE2\x80\xAF"

static const char *const months_en[] = {
    "January",   "February", "March",    "April",    "May", "June", "July", "August",
    "September", "October",  "November", "December", "Jan", "Feb",  "Mar",  "Apr",
    "May",       "Jun",      "Jul",      "Aug",      "Sep", "Oct",  "Nov",  "Dec"};
static const char *const days_en[] = {"Sunday", "Monday",   "Tuesday", "Wednesday", "Thursday",
                                      "Friday", "Saturday", "Sun",     "Mon",       "Tue",
                                      "Wed",    "Thu",      "Fri",     "Sat"};
static const char *const months_de[] = {
    "Januar",    "Februar", "März",     "April",    "Mai", "Juni", "Juli", "August",
    "September", "Oktober", "November", "Dezember", "Jan", "Feb",  "Mär",  "Apr",
    "Mai",       "Jun",     "Jul",      "Aug",      "Sep", "Okt",  "Nov",  "Dez"};
static const char *const days_de[] = {"Sonntag", "Montag",  "Dienstag", "Mittwoch", "Donnerstag",
                                      "Freitag", "Samstag", "So",       "Mo",       "Di",
                                      "Mi",      "Do",      "Fr",       "Sa"};
static const char *const months_fr[] = {
    "janvier",   "février", "mars",     "avril",    "mai",   "juin",  "juillet", "août",
    "septembre", "octobre", "novembre", "décembre", "janv.", "févr.", "mars",    "avr.",
    "mai",       "juin",    "juil.",    "août",     "sept.", "oct.",  "nov.",    "déc."};
static const char *const days_fr[] = {"dimanche", "lundi",  "mardi", "mercredi", "jeudi",
                                      "vendredi", "samedi", "dim.",  "lun.",     "mar.",
                                      "mer.",     "jeu.",   "ven.",  "sam."};
static const char *const months_nl[] = {
    "januari",   "februari", "maart",    "april",    "mei", "juni", "juli", "augustus",
    "september", "oktober",  "november", "december", "jan", "feb",  "mrt",  "apr",
    "mei",       "jun",      "jul",      "aug",      "sep", "okt",  "nov",  "dec"};
static const char *const days_nl[] = {"zondag",  "maandag",  "dinsdag", "woensdag", "donderdag",
                                      "vrijdag", "zaterdag", "zo",      "ma",       "di",
                                      "wo",      "do",       "vr",      "za"};

static const struct liquid_locale locales[] = {
    {"en", ",", ".", false, months_en, days_en, "%-d %B %Y"},
    {"en-US", ",", ".", false, months_en, days_en, "%B %-d, %Y"},
    {"de-CH", "’", ".", false, months_de, days_de, "%-d. %B %Y"},
    {"de-AT", NBSP, ",", false, months_de, days_de, "%-d. %B %Y"},
    {"de", ".", ",", true, months_de, days_de, "%-d. %B %Y"},
    {"fr-CH", NNBSP, ",", true, months_fr, days_fr, "%-d %B %Y"},
    {"fr", NNBSP, ",", true, months_fr, days_fr, "%-d %B %Y"},
    {"nl", ".", ",", false, months_nl, days_nl, "%-d %B %Y"},
};

static bool is_language(struct text given, const char *name) {
    const size_t size = strlen(name);

    if (given.size < size)
        return false;
    for (size_t i = 0; i < size; i++) {
        const char byte = given.data[i] == '_' ? '-' : given.data[i];
        const bool is_letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');

        if (is_letter ? (byte | 0x20) != (name[i] | 0x20) : byte != name[i])
            return false;
    }
    return given.size == size || given.data[size] == '-' || given.data[size] == '_';
}

const struct liquid_locale *liquid_locale_find(struct text language) {
    const struct liquid_locale *found = &locales[0];

    for (size_t i = 0; i < sizeof(locales) / sizeof(*locales); i++)
        if (is_language(language, locales[i].language) &&
            strlen(locales[i].language) >= strlen(found->language) &&
            (found == &locales[0] || strlen(locales[i].language) > strlen(found->language)))
            found = &locales[i];
    return found;
}

size_t liquid_locale_number(const struct liquid_locale *locale, const char *digits,
                            char out[LIQUID_NUMBER_SIZE]) {
    const bool is_negative = digits[0] == '-';
    const char *at = digits + is_negative;
    const size_t whole = strcspn(at, ".");
    size_t size = 0;

    if (strlen(at) > 40) {
        size = strlen(digits) < LIQUID_NUMBER_SIZE ? strlen(digits) : LIQUID_NUMBER_SIZE - 1;
        memcpy(out, digits, size);
        return size;
    }
    if (is_negative)
        out[size++] = '-';
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0) {
            memcpy(out + size, locale->thousands, strlen(locale->thousands));
            size += strlen(locale->thousands);
        }
        out[size++] = at[i];
    }
    if (at[whole] == '.') {
        memcpy(out + size, locale->decimal, strlen(locale->decimal));
        size += strlen(locale->decimal);
        memcpy(out + size, at + whole + 1, strlen(at + whole + 1));
        size += strlen(at + whole + 1);
    }
    return size;
}

const char *liquid_currency_sign(const char *currency) {
    static const struct {
        const char *currency, *sign;
    } signs[] = {{"EUR", "€"},   {"GBP", "£"},  {"USD", "$"},  {"JPY", "¥"},  {"INR", "₹"},
                 {"CAD", "CA$"}, {"AUD", "A$"}, {"PLN", "zł"}, {"CZK", "Kč"}, {"KRW", "₩"}};

    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
        if (strcmp(signs[i].currency, currency) == 0)
            return signs[i].sign;
    return currency;
}

// ---- dates ----

struct clock_face {
    const struct liquid_locale *locale;
    int32_t day;
    int year, month, month_day, year_day, weekday; // month and its day from 1, weekday from Sunday
    int hour, minute, second, millisecond;
    int64_t offset_us, epoch_s;
};

static struct clock_face clock_face(const struct liquid_locale *locale, int32_t day,
                                    int64_t us_of_day, int64_t offset_us) {
    struct clock_face face = {.locale = locale, .day = day, .offset_us = offset_us};
    const int64_t seconds = us_of_day / US_PER_SECOND;

    day_to_civil(day, &face.year, &face.month, &face.month_day);
    face.year_day = day - day_from_civil(face.year, 1, 1);
    face.weekday = (int)((((int64_t)day + 4) % 7 + 7) % 7);
    face.hour = (int)(seconds / 3600);
    face.minute = (int)(seconds / 60 % 60);
    face.second = (int)(seconds % 60);
    face.millisecond = (int)(us_of_day / 1000 % 1000);
    face.epoch_s = (int64_t)day * 86400 + seconds - offset_us / US_PER_SECOND;
    return face;
}

// ISO 8601: the week belongs to the year that has its Thursday.
static void iso_week(const struct clock_face *face, int *ret_year, int *ret_week) {
    const int32_t thursday = face->day - (face->weekday + 6) % 7 + 3;
    int month, month_day;

    day_to_civil(thursday, ret_year, &month, &month_day);
    *ret_week = (thursday - day_from_civil(*ret_year, 1, 1)) / 7 + 1;
}

struct field {
    long long number;
    const char *words; // instead of a number
    int width;
    char pad; // '0', ' '
};

static bool field_of_day(const struct clock_face *face, char letter, struct field *field) {
    int year, week;

    iso_week(face, &year, &week);
    switch (letter) {
    case 'Y':
        *field = (struct field){face->year, NULL, 1, '0'};
        return true;
    case 'C':
        *field = (struct field){face->year / 100, NULL, 2, '0'};
        return true;
    case 'y':
        *field = (struct field){face->year % 100, NULL, 2, '0'};
        return true;
    case 'm':
        *field = (struct field){face->month, NULL, 2, '0'};
        return true;
    case 'B':
        *field = (struct field){0, face->locale->months[face->month - 1], 0, ' '};
        return true;
    case 'h':
    case 'b':
        *field = (struct field){0, face->locale->months[face->month + 11], 0, ' '};
        return true;
    case 'd':
        *field = (struct field){face->month_day, NULL, 2, '0'};
        return true;
    case 'e':
        *field = (struct field){face->month_day, NULL, 2, ' '};
        return true;
    case 'j':
        *field = (struct field){face->year_day + 1, NULL, 3, '0'};
        return true;
    case 'A':
        *field = (struct field){0, face->locale->weekdays[face->weekday], 0, ' '};
        return true;
    case 'a':
        *field = (struct field){0, face->locale->weekdays[face->weekday + 7], 0, ' '};
        return true;
    case 'u':
        *field = (struct field){face->weekday ? face->weekday : 7, NULL, 1, '0'};
        return true;
    case 'w':
        *field = (struct field){face->weekday, NULL, 1, '0'};
        return true;
    case 'G':
        *field = (struct field){year, NULL, 1, '0'};
        return true;
    case 'V':
        *field = (struct field){week, NULL, 2, '0'};
        return true;
    case 'U':
        *field = (struct field){(face->year_day + 7 - face->weekday) / 7, NULL, 2, '0'};
        return true;
    case 'W':
        *field = (struct field){(face->year_day + 7 - (face->weekday + 6) % 7) / 7, NULL, 2, '0'};
        return true;
    default:
        return false;
    }
}

static bool field_of_clock(const struct clock_face *face, char letter, struct field *field) {
    const int twelve = face->hour % 12 ? face->hour % 12 : 12;

    switch (letter) {
    case 'H':
        *field = (struct field){face->hour, NULL, 2, '0'};
        return true;
    case 'k':
        *field = (struct field){face->hour, NULL, 2, ' '};
        return true;
    case 'I':
        *field = (struct field){twelve, NULL, 2, '0'};
        return true;
    case 'l':
        *field = (struct field){twelve, NULL, 2, ' '};
        return true;
    case 'M':
        *field = (struct field){face->minute, NULL, 2, '0'};
        return true;
    case 'S':
        *field = (struct field){face->second, NULL, 2, '0'};
        return true;
    case 'L':
        *field = (struct field){face->millisecond, NULL, 3, '0'};
        return true;
    case 'N':
        *field = (struct field){face->millisecond * 1000000LL, NULL, 9, '0'};
        return true;
    case 'p':
        *field = (struct field){0, face->hour < 12 ? "AM" : "PM", 0, ' '};
        return true;
    case 'P':
        *field = (struct field){0, face->hour < 12 ? "am" : "pm", 0, ' '};
        return true;
    case 's':
        *field = (struct field){face->epoch_s, NULL, 1, '0'};
        return true;
    case '%':
        *field = (struct field){0, "%", 0, ' '};
        return true;
    case 'n':
        *field = (struct field){0, "\n", 0, ' '};
        return true;
    case 't':
        *field = (struct field){0, "\t", 0, ' '};
        return true;
    default:
        return false;
    }
}

// Directives that stand for others.
static const char *whole_format(const struct clock_face *face, char letter) {
    switch (letter) {
    case 'F':
        return "%Y-%m-%d";
    case 'D':
        return "%m/%d/%y";
    case 'T':
    case 'X':
        return "%H:%M:%S";
    case 'R':
        return "%H:%M";
    case 'r':
        return "%I:%M:%S %p";
    case 'c':
        return "%a %b %e %H:%M:%S %Y";
    case 'x':
        return face->locale->date;
    case 'v':
        return "%e-%b-%Y";
    default:
        return NULL;
    }
}

struct writing {
    char *out;
    size_t size, used;
    bool is_full;
};

static void put(struct writing *writing, const char *data, size_t size) {
    if (size > writing->size - writing->used) {
        writing->is_full = true;
        return;
    }
    memcpy(writing->out + writing->used, data, size);
    writing->used += size;
}

static void put_field(struct writing *writing, const struct field *field, char flag, int width) {
    char text[64];
    const char pad = flag == '_' ? ' ' : flag == '0' ? '0' : field->pad;
    int size;

    if (field->words)
        size = snprintf(text, sizeof(text), "%s", field->words);
    else
        size = snprintf(text, sizeof(text), "%lld", field->number);
    for (int i = size; flag != '-' && i < (width > 0 ? width : field->width); i++)
        put(writing, &pad, 1);
    for (int i = 0; flag == '^' && i < size; i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            text[i] = (char)(text[i] - 'a' + 'A');
    put(writing, text, (size_t)size);
}

static void put_offset(struct writing *writing, int64_t offset_us, bool with_colon) {
    const int64_t minutes = offset_us / (60 * US_PER_SECOND);
    const int64_t size = minutes < 0 ? -minutes : minutes;
    char text[16];
    const int length = snprintf(text, sizeof(text), with_colon ? "%c%02d:%02d" : "%c%02d%02d",
                                minutes < 0 ? '-' : '+', (int)(size / 60 % 100), (int)(size % 60));

    put(writing, text, (size_t)length);
}

// The flag and the width between % and its letter; returns where the letter is.
static size_t read_flag_and_width(struct text format, size_t at, char *ret_flag, int *ret_width) {
    int width = 0;

    while (at + 1 < format.size && memchr("-_0^:#", format.data[at], 6))
        *ret_flag = format.data[at++];
    while (at + 1 < format.size && format.data[at] >= '0' && format.data[at] <= '9' && width < 100)
        width = width * 10 + (format.data[at++] - '0');
    *ret_width = width > 30 ? 30 : width;
    return at;
}

static void put_format(struct writing *writing, const struct clock_face *face, struct text format,
                       bool is_inner) {
    for (size_t i = 0; i < format.size && !writing->is_full; i++) {
        const char *whole;
        struct field field;
        char flag = 0;
        int width = 0;

        if (format.data[i] != '%' || i + 1 >= format.size) {
            put(writing, &format.data[i], 1);
            continue;
        }
        i = read_flag_and_width(format, i + 1, &flag, &width);
        whole = is_inner ? NULL : whole_format(face, format.data[i]);
        if (whole)
            put_format(writing, face, text_of(whole), true);
        else if (format.data[i] == 'z')
            put_offset(writing, face->offset_us, flag == ':');
        else if (format.data[i] == 'Z')
            put(writing, face->offset_us == 0 ? "UTC" : "", face->offset_us == 0 ? 3 : 0);
        else if (field_of_day(face, format.data[i], &field) ||
                 field_of_clock(face, format.data[i], &field))
            put_field(writing, &field, flag, width);
        else
            put(writing, &format.data[i], 1);
    }
}

size_t liquid_strftime(const struct liquid_locale *locale, struct text format, int32_t day,
                       int64_t us_of_day, int64_t offset_us, char *out, size_t size) {
    const struct clock_face face = clock_face(locale, day, us_of_day, offset_us);
    struct writing writing = {.size = size};

    writing.out = out;
    put_format(&writing, &face, format, false);
    return writing.is_full ? SIZE_MAX : writing.used;
}
