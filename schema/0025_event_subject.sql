-- SPDX-License-Identifier: Apache-2.0
-- What an event is about (plug/collect/order.h): the product that it names, and the coupon.

ALTER TABLE event ADD COLUMN product_id BIGINT; -- NULL: none, or several
ALTER TABLE event ADD COLUMN coupon TEXT;
