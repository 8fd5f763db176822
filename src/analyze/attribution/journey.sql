-- SPDX-License-Identifier: Apache-2.0

-- The days that known customers did something on.
-- :name journey_touch_span (lake)
SELECT CAST(min(happened_on) - DATE '1970-01-01' AS BIGINT),
    CAST(max(happened_on) - DATE '1970-01-01' AS BIGINT)
FROM event WHERE origin IS NOT NULL AND (direction = 'in' OR direction IS NULL);

-- :name journey_sale_span (lake)
SELECT CAST(min(sold_on) - DATE '1970-01-01' AS BIGINT),
    CAST(max(sold_on) - DATE '1970-01-01' AS BIGINT)
FROM sale WHERE kind = 'sale' AND origin IS NOT NULL;

-- :name journey_currencies (lake)
SELECT DISTINCT currency FROM sale
WHERE kind = 'sale' AND origin IS NOT NULL
  AND sold_on BETWEEN DATE '1970-01-01' + CAST($1 AS INTEGER)
    AND DATE '1970-01-01' + CAST($2 AS INTEGER)
ORDER BY currency LIMIT 2;

-- Sales of known customers from day $1 to day $2, in the order in which each one's happened.
-- :name journey_sales (lake)
SELECT coalesce(alias.customer, sale.origin), sale.sold_at_us, sale.gross_micros
FROM sale LEFT JOIN alias ON alias.origin = sale.origin
WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
  AND sale.sold_on BETWEEN DATE '1970-01-01' + CAST($1 AS INTEGER)
    AND DATE '1970-01-01' + CAST($2 AS INTEGER)
ORDER BY 1, 2, 3;

-- Who bought before day $1.
-- :name journey_earlier (lake)
SELECT DISTINCT coalesce(alias.customer, sale.origin)
FROM sale LEFT JOIN alias ON alias.origin = sale.origin
WHERE sale.kind = 'sale' AND sale.origin IS NOT NULL
  AND sale.sold_on < DATE '1970-01-01' + CAST($1 AS INTEGER)
ORDER BY 1;

-- Campaigns from day $1 to day $2, those that the most events name first, $3 of them.
-- :name journey_campaigns_seen (lake)
SELECT campaign, count(*) FROM event
WHERE campaign IS NOT NULL AND campaign <> '' AND origin IS NOT NULL
  AND (direction = 'in' OR direction IS NULL)
  AND happened_on BETWEEN DATE '1970-01-01' + CAST($1 AS INTEGER)
    AND DATE '1970-01-01' + CAST($2 AS INTEGER)
GROUP BY campaign
ORDER BY count(*) DESC, campaign
LIMIT $3;

-- What customers did from day $1 to day $2, in the order in which each one did it. Properties with
-- a NUL in a text are not looked into: no text of PostgreSQL can hold it.
-- :name journey_touches (lake)
SELECT told.customer, told.at_us, told.name, told.channel, told.campaign,
    told.context -> 'campaign' ->> 'source', told.context -> 'campaign' ->> 'medium',
    told.context -> 'page' ->> 'referrer', told.context -> 'page' ->> 'url'
FROM (
    SELECT coalesce(alias.customer, event.origin) AS customer, event.at_us, event.name,
        event.channel, event.campaign,
        CASE WHEN position('"context"' IN event.properties) > 0
            AND position('\u0000' IN event.properties) = 0
            THEN CAST(event.properties AS JSON) -> 'context' END AS context
    FROM event LEFT JOIN alias ON alias.origin = event.origin
    WHERE event.origin IS NOT NULL AND (event.direction = 'in' OR event.direction IS NULL)
      AND event.happened_on BETWEEN DATE '1970-01-01' + CAST($1 AS INTEGER)
        AND DATE '1970-01-01' + CAST($2 AS INTEGER)
) told
ORDER BY 1, 2;
