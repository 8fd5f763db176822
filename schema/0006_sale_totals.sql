-- SPDX-License-Identifier: Apache-2.0
-- What lists and pages of customers tell about their sales stands in the index: the sales of one
-- customer lie far apart, each on a page of its own.
DROP INDEX sale_by_origin;
CREATE INDEX sale_by_origin ON sale (origin, sold_at_us, kind, currency, gross_micros, channel);
