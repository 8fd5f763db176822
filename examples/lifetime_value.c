/* SPDX-License-Identifier: Apache-2.0 */
/* What customers are worth, from lines "repeats last observed average" on standard input: weeks,
 * and the average spend of a repeat purchase.
 *
 *     cc lifetime_value.c $(pkg-config --cflags --libs tessera) -o lifetime_value
 *     ./lifetime_value < customers.txt
 */
#include <stdio.h>
#include <stdlib.h>
#include <tessera.h>

enum { CUSTOMERS = 100000, WEEKS = 52 };

static int64_t repeats[CUSTOMERS];
static double last[CUSTOMERS], observed[CUSTOMERS], average[CUSTOMERS];
static double alive[CUSTOMERS], expected[CUSTOMERS];

static int fail(struct tessera *place, const char *what) {
    fprintf(stderr, "%s: %s\n", what, tessera_error(place));
    tessera_close(place);
    return EXIT_FAILURE;
}

int main(void) {
    struct tessera *place = tessera_open(0);
    struct tessera_fit fit;
    double sum = 0;
    size_t count = 0;
    long long times;

    if (place == NULL)
        return EXIT_FAILURE;
    while (count < CUSTOMERS &&
           scanf("%lld %lf %lf %lf", &times, &last[count], &observed[count], &average[count]) == 4)
        repeats[count++] = times;
    if (tessera_purchases_fit(place, "bg_nbd", count, repeats, last, observed, &fit) != 0)
        return fail(place, "purchases");
    printf("%zu customers, log-likelihood %.3f\n", count, fit.log_likelihood);
    printf("r %.4f alpha %.4f a %.4f b %.4f\n", fit.parameters[0], fit.parameters[1],
           fit.parameters[2], fit.parameters[3]);
    if (tessera_purchases_expect(place, "bg_nbd", fit.parameters, count, repeats, last, observed,
                                 WEEKS, alive, expected) != 0)
        return fail(place, "expectation");
    for (size_t i = 0; i < count; i++)
        sum += expected[i];
    printf("%.1f purchases in %d weeks\n", sum, WEEKS);
    tessera_close(place);
    return EXIT_SUCCESS;
}
