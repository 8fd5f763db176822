// SPDX-License-Identifier: Apache-2.0
#include "analyze/forecast/season.h"

#include <math.h>
#include <string.h>

enum { SEASON_SHORT = 24 };
static const double strength_least = 0.64; // chance alone comes to a half with two seasons
static const double one_sided_twentieth = 1.6448536269514722; // of the normal distribution

// Of an even season, half of each end.
double season_trend(const double *values, size_t i, size_t season) {
    const size_t half = season / 2;
    double sum = 0;

    for (size_t k = i - half; k <= i + half; k++)
        sum += values[k];
    if (season % 2 == 0)
        sum -= (values[i - half] + values[i + half]) / 2;
    return sum / (double)season;
}

static bool normalise(double *figure, size_t season, bool multiplies) {
    double mean = 0;

    for (size_t i = 0; i < season; i++)
        mean += figure[i] / (double)season;
    for (size_t i = 0; i < season; i++)
        figure[i] = multiplies ? figure[i] / mean : figure[i] - mean;
    for (size_t i = 0; i < season; i++)
        if (!isfinite(figure[i]) || (multiplies && !(figure[i] > 1e-10)))
            return false;
    return true;
}

bool season_figure(const double *values, size_t count, int season, bool multiplies,
                   double *ret_figure) {
    const size_t periods = (size_t)season;
    const size_t half = periods / 2;

    if (season < 2 || count < 2 * periods)
        return false;
    for (size_t phase = 0; phase < periods; phase++) {
        double sum = 0;
        size_t seen = 0;

        for (size_t i = phase; i + half < count; i += periods) {
            if (i < half)
                continue;
            const double trend = season_trend(values, i, periods);

            sum += multiplies ? values[i] / trend : values[i] - trend;
            seen++;
        }
        if (seen == 0)
            return false;
        ret_figure[phase] = sum / (double)seen;
    }
    return normalise(ret_figure, periods, multiplies);
}

bool season_is_seen(const double *values, size_t count, int season) {
    const size_t periods = (size_t)season;
    double mean = 0, variance = 0, others = 0, at_season = 0;

    if (season < 2 || count <= 2 * periods)
        return false;
    for (size_t i = 0; i < count; i++)
        mean += values[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        variance += (values[i] - mean) * (values[i] - mean);
    if (!(variance > 0))
        return false;
    for (size_t lag = 1; lag <= periods; lag++) {
        double sum = 0;

        for (size_t i = lag; i < count; i++)
            sum += (values[i] - mean) * (values[i - lag] - mean);
        at_season = sum / variance;
        if (lag < periods)
            others += at_season * at_season;
    }
    return fabs(at_season) > one_sided_twentieth * sqrt((1 + 2 * others) / (double)count);
}

// The part of what is left of the values without their trend that the figure explains.
static double strength(const double *values, size_t count, size_t season, bool multiplies,
                       const double *figure) {
    const size_t half = season / 2;
    double whole = 0, rest = 0;

    for (size_t i = half; i + half < count; i++) {
        const double trend = season_trend(values, i, season);
        const double part = multiplies ? values[i] / trend - 1 : values[i] - trend;
        const double remainder = part - (figure[i % season] - (multiplies ? 1 : 0));

        whole += part * part;
        rest += remainder * remainder;
    }
    return 1 - rest / whole; // NaN of a straight line
}

void season_take_out(const double *values, size_t count, int season, double *ret_adjusted,
                     struct season *ret_season) {
    struct season found = {.periods = 1, .multiplies = true};
    double figure[SEASON_MOST];

    for (size_t i = 0; i < count; i++)
        found.multiplies = found.multiplies && values[i] > 0;
    memcpy(ret_adjusted, values, count * sizeof(*ret_adjusted));
    if (season_figure(values, count, season, found.multiplies, figure) &&
        (season_is_seen(values, count, season) ||
         (season > SEASON_SHORT &&
          strength(values, count, (size_t)season, found.multiplies, figure) > strength_least))) {
        found.periods = season;
        for (size_t i = 0; i < count; i++)
            if (found.multiplies)
                ret_adjusted[i] /= figure[i % (size_t)season];
            else
                ret_adjusted[i] -= figure[i % (size_t)season];
        for (size_t i = 0; i < (size_t)season; i++)
            found.ahead[i] = figure[(count + i) % (size_t)season];
    }
    *ret_season = found;
}

double season_put_back(const struct season *season, size_t ahead, double forecast) {
    const double figure = season->ahead[ahead % (size_t)season->periods];

    if (season->periods == 1)
        return forecast;
    return season->multiplies ? forecast * figure : forecast + figure;
}
