/* SPDX-License-Identifier: Apache-2.0 */
/* libtessera: the models of Tessera for programs of your own. Arrays in, arrays out; no database,
 * no files, no network.
 *
 *     cc clv.c $(pkg-config --cflags --libs tessera)
 *
 * Every array belongs to the caller and has the size that is stated beside it. Functions that may
 * fail return 0, or another number and leave what they would have written as it was; then
 * tessera_error() says what is wrong. Results are the same to the last digit whatever the number of
 * threads. When the system has no memory left the process stops.
 *
 * The process's OpenBLAS is set to one thread when the library is loaded, so that digits do not
 * depend on how work is divided; the calls below use threads of their own. A program that wants its
 * own linear algebra on all cores calls openblas_set_num_threads afterwards.
 *
 * Matrices stand row by row. Numbers must be finite. What cannot be told is NaN. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TESSERA_API __attribute__((visibility("default")))

/* ---- a place to work ---- */

/* One thread at a time; as many places as you like. */
struct tessera;

/* `threads`: how many a call may use, 0 for one per core. NULL when there is no memory. */
TESSERA_API struct tessera *tessera_open(int threads);
TESSERA_API void tessera_close(struct tessera *place); /* takes NULL */
/* What was wrong with the last call, and what to do; "" when it worked. Until the next call. */
TESSERA_API const char *tessera_error(const struct tessera *place);
TESSERA_API const char *tessera_version(void); /* "0.1.0" */

/* ---- customers who come back: how often, and for how long yet ---- */

enum { TESSERA_PARAMETERS = 4 };

struct tessera_fit {
    int parameter_count;
    double parameters[TESSERA_PARAMETERS];
    double standard_errors[TESSERA_PARAMETERS]; /* NaN where the likelihood is flat */
    double log_likelihood;
    int converged;   /* 1: the search came to its end */
    int at_boundary; /* 1: a parameter went to 0 or infinity: the data say less than the model */
};

/* Of each customer the purchases after the first (≥ 0), the time from the first to the last
 * purchase, and from the first to the end of observation, in any one unit; several purchases of
 * that unit count as one. `model` is one of
 *   "bg_nbd"      r alpha a b      Fader, Hardie & Lee 2005
 *   "mbg_nbd"     r alpha a b      Batislam, Denizel & Filiztekin 2007
 *   "pareto_nbd"  r alpha s beta   Schmittlein, Morrison & Colombo 1987
 * and, where time is counted in whole opportunities,
 *   "bg_bb"       alpha beta gamma delta   Fader, Hardie & Shang 2010
 *   "contract"    alpha beta       Fader & Hardie 2007; who let an opportunity pass has left */
TESSERA_API int tessera_purchases_fit(struct tessera *place, const char *model, size_t count,
                                      const int64_t *repeats, const double *last,
                                      const double *observed, struct tessera_fit *ret_fit);
/* Of each customer the probability of still being one, and the purchases to expect within `ahead`
 * (> 0) after the end of observation. */
TESSERA_API int tessera_purchases_expect(struct tessera *place, const char *model,
                                         const double *parameters, size_t count,
                                         const int64_t *repeats, const double *last,
                                         const double *observed, double ahead, double *ret_alive,
                                         double *ret_expected);

/* What a purchase is worth: Gamma-Gamma (Fader & Hardie 2013), parameters p q gamma. Of each
 * customer how many purchases (> 0) have which average (> 0). */
TESSERA_API int tessera_spend_fit(struct tessera *place, size_t count, const double *purchases,
                                  const double *average, struct tessera_fit *ret_fit);
/* The average to expect of each customer in the long run; without purchases (0) that of a new one.
 */
TESSERA_API int tessera_spend_expect(struct tessera *place, const double *parameters, size_t count,
                                     const double *purchases, const double *average,
                                     double *ret_spend);

/* Contracts: the shifted beta-geometric model (Fader & Hardie 2007), parameters alpha beta. Groups
 * of `customers` who left at renewal `periods` (left[i] 1), or renewed so many times and are here
 * (0). */
TESSERA_API int tessera_contracts_fit(struct tessera *place, size_t count, const double *periods,
                                      const double *customers, const unsigned char *left,
                                      struct tessera_fit *ret_fit);
/* The share of a beginning that is left after so many renewals. */
TESSERA_API double tessera_contracts_survival(const double *parameters, double periods);

/* ---- groups ---- */

/* k-means: the best of `starts` from k-means++. centres: k × dimensions; labels: count. */
TESSERA_API int tessera_k_means(struct tessera *place, const double *values, size_t count,
                                size_t dimensions, size_t k, int starts, uint64_t seed,
                                double *ret_centres, uint32_t *ret_labels, double *ret_inertia);
/* Gaussian mixture with full covariances by expectation maximisation, begun from k-means. weights:
 * k; means: k × dimensions; covariances: k × dimensions × dimensions; labels: count. */
TESSERA_API int tessera_gaussian_mixture(struct tessera *place, const double *values, size_t count,
                                         size_t dimensions, size_t k, uint64_t seed,
                                         double *ret_weights, double *ret_means,
                                         double *ret_covariances, uint32_t *ret_labels,
                                         double *ret_mean_log_likelihood, double *ret_bic);

/* ---- regression ---- */

struct tessera_regression {
    double r_squared, adjusted_r_squared, deviation, f, f_p, log_likelihood, aic, bic, condition;
    double durbin_watson, breusch_pagan, breusch_pagan_p, jarque_bera, jarque_bera_p;
};
/* Least squares of `outcome` (count) on an intercept and the columns of values (count × columns).
 * The arrays of results have columns + 1 places, the intercept first; any of them may be NULL. A
 * column that depends on those before it is left out: NaN. robust: HC3. */
TESSERA_API int tessera_regress(struct tessera *place, const double *values, const double *outcome,
                                size_t count, size_t columns, double *ret_coefficients,
                                double *ret_standard_errors, double *ret_robust_errors,
                                double *ret_p, double *ret_inflation,
                                struct tessera_regression *ret_summary);
/* Logistic regression of labels (0 or 1) with a ridge penalty ≥ 0 on all but the intercept.
 * coefficients: features + 1, the intercept first. */
TESSERA_API int tessera_logistic(struct tessera *place, const double *values,
                                 const unsigned char *labels, size_t count, size_t features,
                                 double penalty, double *ret_coefficients,
                                 double *ret_log_likelihood);

/* ---- forecasts ---- */

enum { TESSERA_MODEL_NAME = 40 };
/* The method that did best on the series' own past, of the seasonal naive one, Theta and
 * exponential smoothing. `season`: periods, 1 for none, 53 at most; horizon: 120 at most. The
 * arrays have `horizon` places; low and high hold 95 of 100 values. */
TESSERA_API int tessera_forecast(struct tessera *place, const double *values, size_t count,
                                 int season, size_t horizon, uint64_t seed, double *ret_mean,
                                 double *ret_low, double *ret_high,
                                 char ret_model[TESSERA_MODEL_NAME]);

/* ---- attribution ---- */

/* Journeys: touches starts[i] … starts[i + 1] − 1 of journey i are numbers of channels; how often
 * it ended in a conversion, how often in none, and what the conversions were worth (in millionths).
 * starts: count + 1. `rule` is "first", "last", "linear", "position" (40/20/40), "time_decay" (half
 * a touch's weight every 7), "shapley", "markov_1", "markov_2" or "markov_3" (removal effects,
 * solved exactly, with journeys that ended in none). Results: a place for each channel. */
TESSERA_API int tessera_attribute(struct tessera *place, const char *rule, size_t channels,
                                  size_t count, const size_t *starts, const uint16_t *touches,
                                  const int64_t *conversions, const int64_t *nulls,
                                  const int64_t *value_micros, double *ret_conversions,
                                  double *ret_values);

#ifdef __cplusplus
}
#endif
