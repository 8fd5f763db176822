-- SPDX-License-Identifier: Apache-2.0
-- What models read of each customer, and the views that show it. A model binds the days to its
-- statement; the view has the same statement, with the days of the latest run in their place: given
-- has one row, whose given_1 stands for $1, and so on, and none before the first run. Days count
-- from 1970-01-01. A view ends where its statement begins; both work in both databases.

-- Until day $1, split behind day $2. All sales within $3 days, counted back from day $1, are one
-- purchase, on the last of these days. A refund is taken off the day of the sale that it names, and
-- without one off the customer's last day of purchase before it; a day stays one of purchase.
-- :name purchase_records (lake)
WITH bought AS (
    SELECT customer, bought_on, sum(gross_micros) AS gross_micros
    FROM (
        SELECT coalesce(alias.customer, sale.origin) AS customer, sale.gross_micros,
            sale.sold_on + CAST((DATE '1970-01-01' + CAST($1 AS INTEGER) - sale.sold_on)
                % CAST($3 AS INTEGER) AS INTEGER) AS bought_on
        FROM sale LEFT JOIN alias ON alias.origin = sale.origin
        WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
          AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
    ) AS sold
    GROUP BY customer, bought_on
), refund AS (
    SELECT coalesce(alias.customer, sale.origin) AS customer, sale.id, sale.gross_micros,
        sale.sold_on + CAST((DATE '1970-01-01' + CAST($1 AS INTEGER) - sale.sold_on)
            % CAST($3 AS INTEGER) AS INTEGER) AS returned_on
    FROM sale LEFT JOIN alias ON alias.origin = sale.origin
    WHERE sale.kind = 'refund' AND sale.origin IS NOT NULL
      AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
), linked AS (
    SELECT line.sale_id,
        min(original.sold_on + CAST((DATE '1970-01-01' + CAST($1 AS INTEGER) - original.sold_on)
            % CAST($3 AS INTEGER) AS INTEGER)) AS bought_on
    FROM sale_line line JOIN sale original
        ON original.id = line.refund_of_sale AND original.origin = line.origin
    WHERE line.kind = 'refund' AND original.kind = 'sale'
      AND line.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
    GROUP BY line.sale_id
), returned AS (
    SELECT refund.customer, min(refund.returned_on) AS returned_on,
        min(refund.gross_micros) AS gross_micros,
        coalesce(min(linked.bought_on), max(bought.bought_on)) AS bought_on
    FROM refund
        JOIN bought ON bought.customer = refund.customer
            AND bought.bought_on <= refund.returned_on
        LEFT JOIN linked ON linked.sale_id = refund.id
    GROUP BY refund.customer, refund.id
), taken AS (
    SELECT customer, bought_on, sum(gross_micros) AS gross_micros,
        sum(gross_micros) FILTER (WHERE returned_on <= DATE '1970-01-01' + CAST($2 AS INTEGER))
            AS split_gross_micros
    FROM returned GROUP BY customer, bought_on
), placed AS (
    SELECT bought.customer, bought.bought_on,
        bought.gross_micros + coalesce(taken.gross_micros, 0) AS gross_micros,
        bought.gross_micros + coalesce(taken.split_gross_micros, 0) AS split_gross_micros,
        bought.bought_on <= DATE '1970-01-01' + CAST($2 AS INTEGER) AS is_before,
        min(bought.bought_on) OVER (PARTITION BY bought.customer) AS first_on
    FROM bought LEFT JOIN taken
        ON taken.customer = bought.customer AND taken.bought_on = bought.bought_on
)
SELECT customer,
    CAST(min(bought_on) - DATE '1970-01-01' AS BIGINT) AS first_day,
    CAST(max(bought_on) - DATE '1970-01-01' AS BIGINT) AS last_day,
    count(*) - 1 AS repeats,
    CAST(coalesce(sum(gross_micros) FILTER (WHERE bought_on > first_on), 0) AS BIGINT) AS gross,
    CAST(coalesce(max(bought_on) FILTER (WHERE is_before), min(bought_on)) - DATE '1970-01-01'
        AS BIGINT) AS split_last_day,
    count(*) FILTER (WHERE is_before) - 1 AS split_repeats,
    CAST(coalesce(sum(split_gross_micros) FILTER (WHERE is_before AND bought_on > first_on), 0)
        AS BIGINT) AS split_gross
FROM placed
GROUP BY customer
ORDER BY customer;

-- What the models of lifetime value are fitted to, under their usual names: x repeat purchases, the
-- last of them t_x after the first, seen for t (weeks, or opportunities where trade has such), and
-- the spend on such a purchase. split_*: the same until the split; NULL: no customer until then.
-- :name purchase_history (fragment)
CREATE OR REPLACE VIEW purchase_history AS
WITH given AS (
    SELECT run_id, given_1, given_2, greatest(1, opportunity_days) AS given_3,
        CASE WHEN opportunity_days > 0 THEN opportunity_days ELSE 7 END AS time_days
    FROM (
        SELECT id AS run_id, as_of - DATE '1970-01-01' AS given_1,
            CAST(CAST(result AS JSON) ->> 'split' AS DATE) - DATE '1970-01-01' AS given_2,
            CAST(CAST(parameters AS JSON) ->> 'opportunity_days' AS INTEGER) AS opportunity_days
        FROM analysis_run
        WHERE id = (SELECT max(id) FROM analysis_run WHERE kind = 'lifetime_value')
    ) AS latest
)
SELECT input.customer, given.run_id,
    DATE '1970-01-01' + CAST(input.first_day AS INTEGER) AS first_on,
    DATE '1970-01-01' + CAST(input.last_day AS INTEGER) AS last_on,
    input.repeats AS x,
    CAST(input.last_day - input.first_day AS DOUBLE PRECISION) / given.time_days AS t_x,
    CAST(given.given_1 - input.first_day AS DOUBLE PRECISION) / given.time_days AS t,
    CASE WHEN input.repeats > 0 THEN CAST(input.gross AS DOUBLE PRECISION) / 1000000
        / input.repeats END AS spend,
    CASE WHEN input.split_repeats >= 0 THEN input.split_repeats END AS split_x,
    CASE WHEN input.split_repeats >= 0 THEN
        CAST(input.split_last_day - input.first_day AS DOUBLE PRECISION) / given.time_days
        END AS split_t_x,
    CASE WHEN input.split_repeats >= 0 THEN
        CAST(given.given_2 - input.first_day AS DOUBLE PRECISION) / given.time_days
        END AS split_t,
    CASE WHEN input.split_repeats > 0 THEN CAST(input.split_gross AS DOUBLE PRECISION) / 1000000
        / input.split_repeats END AS split_spend
FROM given CROSS JOIN;

-- What is known at the end of day $1 of the customers who bought within $2 days until then. Nothing
-- after that day is read. Whole numbers only: what is computed from them is computed in one place.
-- Of many customers about every $3-th stands for all: ids are milliseconds above bits that are
-- mostly 0, so they are spread before every $3-th is taken.
-- :name churn_features (lake)
WITH purchase AS (
    SELECT coalesce(alias.customer, sale.origin) AS customer,
        DATE '1970-01-01' + CAST($1 AS INTEGER) - sale.sold_on AS age,
        sum(sale.gross_micros) AS gross, sum(sale.discount_micros) AS discount
    FROM sale LEFT JOIN alias ON alias.origin = sale.origin
    WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
      AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
      AND (coalesce(alias.customer, sale.origin) % 1000003)
          * 611953 % 1000003 % CAST($3 AS BIGINT) = 0
    GROUP BY coalesce(alias.customer, sale.origin), sale.sold_on
), active AS (
    SELECT customer, min(age) AS recency, max(age) AS tenure, count(*) AS purchases,
        count(*) FILTER (WHERE age < 90) AS purchases_90,
        count(*) FILTER (WHERE age >= 90 AND age < 180) AS purchases_180,
        CAST(sum(gross) AS BIGINT) AS gross,
        CAST(coalesce(sum(gross) FILTER (WHERE age < 90), 0) AS BIGINT) AS gross_90,
        CAST(coalesce(sum(discount), 0) AS BIGINT) AS discount
    FROM purchase GROUP BY customer
    HAVING min(age) < CAST($2 AS INTEGER)
), document AS (
    SELECT coalesce(alias.customer, sale.origin) AS customer,
        count(*) FILTER (WHERE sale.kind = 'refund') AS refunds,
        count(DISTINCT sale.store_id) + count(DISTINCT sale.channel) AS places
    FROM sale LEFT JOIN alias ON alias.origin = sale.origin
    WHERE sale.origin IS NOT NULL AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
      AND (coalesce(alias.customer, sale.origin) % 1000003)
          * 611953 % 1000003 % CAST($3 AS BIGINT) = 0
    GROUP BY coalesce(alias.customer, sale.origin)
), basket AS (
    SELECT coalesce(alias.customer, line.origin) AS customer,
        count(DISTINCT line.product_id) AS products,
        count(DISTINCT product.category) AS categories
    FROM sale_line line LEFT JOIN alias ON alias.origin = line.origin
        LEFT JOIN product ON product.id = line.product_id
    WHERE line.kind = 'sale' AND line.origin IS NOT NULL
      AND line.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
      AND (coalesce(alias.customer, line.origin) % 1000003)
          * 611953 % 1000003 % CAST($3 AS BIGINT) = 0
    GROUP BY coalesce(alias.customer, line.origin)
), touch AS (
    SELECT coalesce(alias.customer, event.origin) AS customer,
        DATE '1970-01-01' + CAST($1 AS INTEGER) - event.happened_on AS age,
        CASE WHEN event.direction = 'out' THEN 'message'
            WHEN event.channel IN ('phone', 'chat', 'service', 'support', 'call', 'ticket')
                OR lower(event.name) LIKE '%complain%' OR lower(event.name) LIKE '%support%'
                OR lower(event.name) LIKE '%ticket%' OR lower(event.name) LIKE '%cancel%'
                THEN 'service'
            WHEN event.channel IN ('email', 'sms', 'push', 'letter') THEN 'response'
            ELSE 'visit' END AS class
    FROM event LEFT JOIN alias ON alias.origin = event.origin
    WHERE event.origin IS NOT NULL
      AND event.happened_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
      AND (coalesce(alias.customer, event.origin) % 1000003)
          * 611953 % 1000003 % CAST($3 AS BIGINT) = 0
), contact AS (
    SELECT customer,
        count(*) FILTER (WHERE class = 'visit' AND age < 90) AS visits,
        count(*) FILTER (WHERE class = 'message' AND age < 90) AS messages,
        count(*) FILTER (WHERE class = 'response' AND age < 90) AS responses,
        count(*) FILTER (WHERE class = 'service' AND age < 90) AS service_90,
        count(*) FILTER (WHERE class = 'service') AS service
    FROM touch GROUP BY customer
)
SELECT active.customer, active.recency, active.tenure, active.purchases, active.purchases_90,
    active.purchases_180, active.gross, active.gross_90, active.discount,
    document.refunds, document.places,
    coalesce(basket.products, 0) AS products, coalesce(basket.categories, 0) AS categories,
    coalesce(contact.visits, 0) AS visits, coalesce(contact.messages, 0) AS messages,
    coalesce(contact.responses, 0) AS responses,
    coalesce(contact.service_90, 0) AS service_90, coalesce(contact.service, 0) AS service
FROM active JOIN document ON document.customer = active.customer
    LEFT JOIN basket ON basket.customer = active.customer
    LEFT JOIN contact ON contact.customer = active.customer
ORDER BY active.customer;

-- What those whom churn scores are scored by, before the logarithms and shares are taken that
-- analyze/churn/churn_feature.c names: days, counts and amounts. purchases_180: days of purchase of
-- the 90 days before the last 90.
-- :name churn_feature (fragment)
CREATE OR REPLACE VIEW churn_feature AS
WITH given AS (
    SELECT id AS run_id, as_of - DATE '1970-01-01' AS given_1,
        CAST(CAST(parameters AS JSON) ->> 'active_days' AS INTEGER) AS given_2, 1 AS given_3
    FROM analysis_run
    WHERE id = (SELECT max(id) FROM analysis_run WHERE kind = 'churn')
)
SELECT input.customer, given.run_id, CAST(input.recency AS BIGINT) AS recency,
    CAST(input.tenure AS BIGINT) AS tenure, input.purchases,
    input.purchases_90, input.purchases_180, input.gross AS gross_micros,
    input.gross_90 AS gross_90_micros, input.discount AS discount_micros, input.refunds,
    input.places, input.products, input.categories, input.visits, input.messages, input.responses,
    input.service_90, input.service
FROM given CROSS JOIN;

-- What customers did after day $2 until day $1. Receipts of nothing (gross 0) do not count.
-- :name persona_measures (lake)
WITH known AS (
    SELECT coalesce(alias.customer, sale.origin) AS customer, sale.sold_on, sale.gross_micros,
        sale.discount_micros, sale.line_count,
        sale.kind = 'sale' AND sale.gross_micros > 0 AS is_bought,
        sale.kind = 'refund' AS is_returned
    FROM sale LEFT JOIN alias ON alias.origin = sale.origin
    WHERE sale.origin IS NOT NULL AND sale.sold_on <= DATE '1970-01-01' + CAST($1 AS INTEGER)
      AND sale.sold_on > DATE '1970-01-01' + CAST($2 AS INTEGER)
)
SELECT customer,
    CAST(min(sold_on) FILTER (WHERE is_bought) - DATE '1970-01-01' AS BIGINT) AS first_day,
    CAST(max(sold_on) FILTER (WHERE is_bought) - DATE '1970-01-01' AS BIGINT) AS last_day,
    count(*) FILTER (WHERE is_bought) AS receipts,
    CAST(sum(gross_micros) FILTER (WHERE is_bought) AS BIGINT) AS spend,
    CAST(sum(line_count) FILTER (WHERE is_bought) AS BIGINT) AS lines,
    CAST(sum(coalesce(discount_micros, 0)) FILTER (WHERE is_bought) AS BIGINT) AS discount,
    CAST(coalesce(sum(gross_micros) FILTER (WHERE is_returned), 0) AS BIGINT) AS returned
FROM known
GROUP BY customer
HAVING count(*) FILTER (WHERE is_bought) > 0
ORDER BY customer;

-- What customers are grouped by into personas, as it is before it is scaled: of all of it the run's
-- features. Shares of channels and categories are not here.
-- :name persona_feature (fragment)
CREATE OR REPLACE VIEW persona_feature AS
WITH given AS (
    SELECT run_id, given_1, given_1 - CASE WHEN window_days > 0 THEN window_days ELSE 200000 END
        AS given_2
    FROM (
        SELECT id AS run_id, as_of - DATE '1970-01-01' AS given_1,
            CAST(CAST(result AS JSON) ->> 'window_days' AS INTEGER) AS window_days
        FROM analysis_run
        WHERE id = (SELECT max(id) FROM analysis_run WHERE kind = 'persona')
    ) AS latest
)
SELECT input.customer, given.run_id, given.given_1 - input.last_day AS recency, input.receipts,
    CAST(input.spend AS DOUBLE PRECISION) / 1000000 AS spend,
    CAST(input.spend AS DOUBLE PRECISION) / 1000000 / input.receipts AS average_receipt,
    CAST(input.lines AS DOUBLE PRECISION) / input.receipts AS lines,
    given.given_1 - input.first_day AS tenure,
    greatest(0, CAST(input.discount AS DOUBLE PRECISION) / 1000000)
        / (CAST(input.spend AS DOUBLE PRECISION) / 1000000
            + greatest(0, CAST(input.discount AS DOUBLE PRECISION) / 1000000)) AS discount_share,
    least(1, greatest(0, -CAST(input.returned AS DOUBLE PRECISION) / 1000000
        / (CAST(input.spend AS DOUBLE PRECISION) / 1000000))) AS return_share
FROM given CROSS JOIN;
