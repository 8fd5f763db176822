// SPDX-License-Identifier: Apache-2.0
// What a sample company's customer database says: a customer's record with name and address, and
// the consents that were asked for. Some people are in it twice, with another number but the same
// e-mail address or telephone, as in every such database.
#pragma once

#include "plug/sample/sheet.h"
#include "plug/sample/shopper.h"

struct records {
    struct sheet customers;
    struct sheet consents;
};

code records_open(struct scope *scope, struct records *records, const char *folder);
code records_finish(struct scope *scope, struct records *records);
void records_close(struct records *records);

enum { RECORD_EMAIL_SIZE = 96 };

// The e-mail address of a customer, also when the customer database has none. False, and untouched,
// for people who are there twice.
bool record_email(const struct company *company, int64_t index, char email[RECORD_EMAIL_SIZE]);

// One customer's rows. Sets the shopper's subscription.
code records_write(struct scope *scope, struct records *records, const struct company *company,
                   int64_t index, struct shopper *shopper);
