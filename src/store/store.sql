-- SPDX-License-Identifier: Apache-2.0

-- Every table whose ids the store gives out: the next id must be larger than all of them, whatever
-- the clock says.
-- :name store_largest_id (ledger)
SELECT max(id) FROM (
    SELECT max(id) AS id FROM change
    UNION ALL SELECT max(id) FROM job
    UNION ALL SELECT max(id) FROM audit
    UNION ALL SELECT max(id) FROM import
    UNION ALL SELECT max(id) FROM identifier
    UNION ALL SELECT max(id) FROM link
    UNION ALL SELECT max(id) FROM identity_conflict
    UNION ALL SELECT max(id) FROM customer
    UNION ALL SELECT max(id) FROM product
    UNION ALL SELECT max(id) FROM store
    UNION ALL SELECT max(id) FROM staff
    UNION ALL SELECT max(id) FROM sale
    UNION ALL SELECT max(id) FROM event
    UNION ALL SELECT max(id) FROM consent
    UNION ALL SELECT max(id) FROM segment
    UNION ALL SELECT max(id) FROM export
) AS largest;
