-- SPDX-License-Identifier: Apache-2.0
-- Who stands on the lists that ad platforms keep for campaigns (push/audience/audience_list.h): a
-- row lives from the file that adds somebody until the file that takes them off.

CREATE TABLE audience_member (
    campaign_id BIGINT NOT NULL,
    customer BIGINT NOT NULL,  -- as it was when the file was made; there may be nobody any more
    platform INTEGER NOT NULL, -- 0: google, 1: meta
    line TEXT NOT NULL,        -- of the file, which is hashes, encrypted with a key of the store
    PRIMARY KEY (campaign_id, customer)
) /* sqlite: WITHOUT ROWID */;
