// SPDX-License-Identifier: Apache-2.0
#include "plug/import/target.h"

#include <string.h>

const char *const import_kind_names[] = {"sales", "customers", "products", "stores",
                                         "staff", "events",    "consents", NULL};

const char *import_kind_name(enum import_kind kind) {
    return import_kind_names[kind];
}

bool import_kind_parse(struct text name, enum import_kind *ret_kind) {
    for (int i = 0; i < IMPORT_KIND_COUNT; i++)
        if (text_is(name, import_kind_names[i])) {
            *ret_kind = (enum import_kind)i;
            return true;
        }
    return false;
}

#define SALES     (1u << IMPORT_SALES)
#define CUSTOMERS (1u << IMPORT_CUSTOMERS)
#define PRODUCTS  (1u << IMPORT_PRODUCTS)
#define STORES    (1u << IMPORT_STORES)
#define STAFF     (1u << IMPORT_STAFF)
#define EVENTS    (1u << IMPORT_EVENTS)
#define CONSENTS  (1u << IMPORT_CONSENTS)
#define PEOPLE    (SALES | CUSTOMERS | EVENTS | CONSENTS)

// To add a target: a value in enum target, its row here, its conversion if the type is new
// (convert.c), and its use in the sink of its kind (sink_*.c). Among the synonyms are the headers
// that Salesforce, HubSpot and Segment's e-commerce events export.
static const struct target_info infos[TARGET_COUNT] = {
    [TARGET_CUSTOMER_NUMBER] =
        {"customer_number", "Customer number", TARGET_TYPE_TEXT, PEOPLE, 0,
         "customernumber|customerid|customerno|customers:id|customer|custid|custno|contactid|"
         "clientid|"
         "clientno|householdid|memberid|userid|recid|uniqueid|recordid|kundennummer|kundennr|"
         "numeroclient|klantnummer|accountid"},
    [TARGET_EMAIL] =
        {"email", "E-mail", TARGET_TYPE_TEXT, PEOPLE, 0,
         "email|emailaddress|mail|customeremail|contactemail|traitsemail|contexttraitsemail|"
         "propertiesemail"},
    [TARGET_PHONE] =
        {"phone", "Phone", TARGET_TYPE_TEXT, PEOPLE, 0,
         "phone|phonenumber|mobilephone|mobilephonenumber|mobile|telephone|tel|cell|handy|"
         "homephone|telefon|telefoon|contexttraitsphone|traitsphone"},
    [TARGET_LOYALTY_CARD] =
        {"loyalty_card", "Loyalty card", TARGET_TYPE_TEXT, PEOPLE, 0,
         "loyaltycard|loyaltycardnumber|loyaltyid|loyaltynumber|cardno|cardnumber|card|"
         "membershipcard|kundenkarte"},
    [TARGET_COOKIE] = {"cookie", "Cookie", TARGET_TYPE_TEXT, EVENTS | SALES, 0,
                       "cookie|cookieid|anonymousid|visitorid|clientcookie"},
    [TARGET_PICKUP_CODE] = {"pickup_code", "Pick-up code", TARGET_TYPE_TEXT, EVENTS | SALES, 0,
                            "pickupcode|clickandcollectcode|collectioncode|abholcode"},
    [TARGET_MESSAGE] = {"message", "Message clicked", TARGET_TYPE_TEXT, EVENTS, 0,
                        "messagetoken|clicktoken"},
    [TARGET_MASTER_NUMBER] = {"master_number", "Merged into customer number", TARGET_TYPE_TEXT,
                              CUSTOMERS, 0, "masterrecordid|masternumber|mergedinto"},
    [TARGET_RECEIPT] = {"receipt", "Receipt number", TARGET_TYPE_TEXT, SALES, 0,
                        "receipt|receiptno|receiptnumber|receiptid|invoice|invoiceno|invoicenumber|"
                        "invoiceid|basketid|"
                        "basket|orderid|orderno|ordernumber|transactionid|transactionno|ticket|"
                        "ticketno|bonnr|rechnungsnr|"
                        "rechnungsnummer|propertiesorderid|saleid"},
    [TARGET_SOLD_AT] =
        {"sold_at", "Sold at", TARGET_TYPE_INSTANT, SALES, SALES,
         "soldat|date|datetime|invoicedate|orderdate|saledate|salesdate|transactiontimestamp|"
         "transactiondate|"
         "timestamp|purchasedate|purchasedat|createdat|time|datum|originaltimestamp|processedat"},
    [TARGET_KIND] = {"kind", "Sale, refund or adjustment", TARGET_TYPE_SALE_KIND, SALES, 0,
                     "kind|salekind|documenttype|transactiontype|receipttype"},
    [TARGET_STORE] =
        {"store", "Store", TARGET_TYPE_TEXT, SALES | STORES | STAFF, STORES,
         "store|storeid|storeno|storecode|shop|shopid|branch|outlet|filiale|affiliation|"
         "propertiesaffiliation|location|stores:id|stores:code"},
    [TARGET_TILL] = {"till", "Till", TARGET_TYPE_TEXT, SALES, 0,
                     "till|tillid|register|registerid|pos|posid|terminal|terminalid|kasse"},
    [TARGET_CASHIER] =
        {"cashier", "Cashier", TARGET_TYPE_TEXT, SALES, 0,
         "cashier|cashierid|cashiercode|staff|staffid|staffcode|employee|employeeid|employeecode|"
         "seller|salesperson|kassierer|operator"},
    [TARGET_CHANNEL] = {"channel", "Channel", TARGET_TYPE_TEXT, SALES | EVENTS | CONSENTS, CONSENTS,
                        "channel|saleschannel|orderchannel|kanal|medium|contextchannel"},
    [TARGET_CURRENCY] = {"currency", "Currency", TARGET_TYPE_CURRENCY, SALES, 0,
                         "currency|currencycode|currencyisocode|waehrung|propertiescurrency"},
    [TARGET_COUNTRY] =
        {"country", "Country", TARGET_TYPE_TEXT, SALES | CUSTOMERS | STORES, 0,
         "country|countrycode|countryregion|land|mailingcountry|billingcountry|shippingcountry"},
    [TARGET_PAYMENT] = {"payment", "Paid by", TARGET_TYPE_TEXT, SALES, 0,
                        "payment|paymentmethod|paymenttype|tender|tendertype|paidby|zahlungsart"},
    [TARGET_REFUND_OF] = {"refund_of", "Refund of receipt", TARGET_TYPE_TEXT, SALES, 0,
                          "refundof|originalreceipt|originalinvoice|originalorder|refers|returnof"},
    [TARGET_PRODUCT] =
        {"product", "Product code", TARGET_TYPE_TEXT, SALES | PRODUCTS | EVENTS, PRODUCTS,
         "product|productid|productcode|productno|sku|stockcode|article|articleno|articleid|"
         "itemid|item|itemcode|artikelnummer|artikel|upc|ean|gtin|plu|products:id|products:code"},
    [TARGET_PRODUCT_NAME] =
        {"product_name", "Product name", TARGET_TYPE_TEXT, SALES, 0,
         "productname|description|productdescription|itemname|articlename|bezeichnung|"
         "itemdescription|producttitle"},
    [TARGET_CATEGORY] =
        {"category", "Category", TARGET_TYPE_TEXT, SALES | PRODUCTS, 0,
         "category|productcategory|department|productgroup|warengruppe|categoryname"},
    [TARGET_BRAND] = {"brand", "Brand", TARGET_TYPE_TEXT, PRODUCTS, 0,
                      "brand|brandname|manufacturer|marke"},
    [TARGET_QUANTITY] = {"quantity", "Quantity", TARGET_TYPE_QUANTITY, SALES, 0,
                         "quantity|qty|units|numberofcds|menge|pieces|count|anzahl|quantite"},
    [TARGET_UNIT_PRICE] = {"unit_price", "Unit price", TARGET_TYPE_MONEY, SALES, 0,
                           "unitprice|price|priceperunit|itemprice|einzelpreis|preis|prix"},
    [TARGET_DISCOUNT] = {"discount", "Discount", TARGET_TYPE_MONEY, SALES, 0,
                         "discount|discountamount|retaildisc|rabatt|linediscount"},
    [TARGET_COUPON] = {"coupon", "Coupon", TARGET_TYPE_TEXT, SALES | EVENTS, 0,
                       "coupon|couponcode|vouchercode|voucher|promocode|propertiescoupon"},
    [TARGET_VAT_RATE] = {"vat_rate", "VAT rate", TARGET_TYPE_RATE, SALES | PRODUCTS, 0,
                         "vatrate|vatpercent|taxrate|taxpercent|mwst|mwstsatz|ustsatz|tva|vatpct"},
    [TARGET_VAT] = {"vat", "VAT of the line", TARGET_TYPE_MONEY, SALES, 0,
                    "vat|vatamount|tax|taxamount|linevat|ust|mwstbetrag"},
    [TARGET_LINE_TOTAL] =
        {"line_total", "Line, gross", TARGET_TYPE_MONEY, SALES, 0,
         "linetotal|total|amount|gross|grossamount|salesvalue|dollarvalue|dollars|value|"
         "revenue|linegross|lineamount|summe|betrag|totalprice|spend"},
    [TARGET_LINE_NET] = {"line_net", "Line, net", TARGET_TYPE_MONEY, SALES, 0,
                         "linenet|net|netamount|nettotal|subtotal|netto"},
    [TARGET_LINES] = {"lines", "Lines as a JSON array", TARGET_TYPE_JSON, SALES, 0,
                      "propertiesproducts|products|lineitems|lines|items"},
    [TARGET_NAME] =
        {"name", "Name", TARGET_TYPE_TEXT, CUSTOMERS | PRODUCTS | STORES | STAFF, 0,
         "name|fullname|displayname|customername|contactname|productname|storename|staffname|"
         "employeename|description|products:productdescription|products:producttype|title"},
    [TARGET_GIVEN_NAME] = {"given_name", "Given name", TARGET_TYPE_TEXT, CUSTOMERS, 0,
                           "givenname|firstname|forename|vorname|prenom|voornaam"},
    [TARGET_FAMILY_NAME] = {"family_name", "Family name", TARGET_TYPE_TEXT, CUSTOMERS, 0,
                            "familyname|lastname|surname|nachname|nom|achternaam"},
    [TARGET_COMPANY] = {"company", "Company", TARGET_TYPE_TEXT, CUSTOMERS, 0,
                        "company|companyname|organisation|organization|firma|accountname"},
    [TARGET_BIRTH_DATE] = {"birth_date", "Date of birth", TARGET_TYPE_DAY, CUSTOMERS, 0,
                           "birthdate|dateofbirth|dob|birthday|geburtsdatum"},
    [TARGET_GENDER] = {"gender", "Gender", TARGET_TYPE_TEXT, CUSTOMERS, 0, "gender|sex|geschlecht"},
    [TARGET_LANGUAGE] = {"language", "Language", TARGET_TYPE_TEXT, CUSTOMERS, 0,
                         "language|lang|locale|preferredlanguage|sprache"},
    [TARGET_STREET] =
        {"street", "Street", TARGET_TYPE_TEXT, CUSTOMERS, 0,
         "street|streetaddress|address|address1|addressline1|mailingstreet|billingstreet|strasse"},
    [TARGET_POSTAL_CODE] =
        {"postal_code", "Postal code", TARGET_TYPE_TEXT, CUSTOMERS, 0,
         "postalcode|postcode|zip|zipcode|mailingpostalcode|billingpostalcode|plz"},
    [TARGET_CITY] = {"city", "City", TARGET_TYPE_TEXT, CUSTOMERS | STORES, 0,
                     "city|town|suburb|mailingcity|billingcity|ort|ville|stad"},
    [TARGET_REGION] =
        {"region", "Region", TARGET_TYPE_TEXT, CUSTOMERS | STORES, 0,
         "region|state|stateregion|province|mailingstate|billingstate|bundesland|county"},
    [TARGET_PRICE] = {"price", "List price", TARGET_TYPE_MONEY, PRODUCTS, 0,
                      "price|listprice|unitprice|retailprice|preis"},
    [TARGET_STAFF] =
        {"staff", "Staff code", TARGET_TYPE_TEXT, STAFF, STAFF,
         "staff|staffid|staffno|staffcode|employee|employeeid|employeecode|cashier|cashierid|"
         "cashiercode|code|id"},
    [TARGET_ROLE] = {"role", "Role", TARGET_TYPE_TEXT, STAFF, 0,
                     "role|function|position|jobtitle|title"},
    [TARGET_ID] = {"id", "Id of the row", TARGET_TYPE_TEXT, EVENTS | CONSENTS, 0,
                   "id|eventid|messageid|consentid|redemptionid"},
    [TARGET_AT] =
        {"at", "When", TARGET_TYPE_INSTANT, EVENTS | CONSENTS, EVENTS | CONSENTS,
         "at|date|datetime|timestamp|occurredat|happenedat|time|originaltimestamp|redemptiondate|"
         "eventtime|eventdate|consentdate|consentat"},
    [TARGET_EVENT] = {"event", "Event", TARGET_TYPE_TEXT, EVENTS, EVENTS,
                      "event|eventname|eventtype|name|type|action"},
    [TARGET_DIRECTION] = {"direction", "Direction", TARGET_TYPE_TEXT, EVENTS, 0, "direction|inout"},
    [TARGET_CAMPAIGN] = {"campaign", "Campaign", TARGET_TYPE_TEXT, EVENTS, 0,
                         "campaign|campaignid|campaignname|utmcampaign|contextcampaignname"},
    [TARGET_PROPERTIES] = {"properties", "Properties as JSON", TARGET_TYPE_JSON, EVENTS, 0,
                           "properties|payload|attributes"},
    [TARGET_PURPOSE] = {"purpose", "Purpose", TARGET_TYPE_TEXT, CONSENTS, CONSENTS,
                        "purpose|consentpurpose|subscription|topic"},
    [TARGET_STATE] = {"state", "State", TARGET_TYPE_CONSENT_STATE, CONSENTS, CONSENTS,
                      "state|status|consent|granted|optin|value|decision"},
    [TARGET_LEGAL_BASIS] = {"legal_basis", "Legal basis", TARGET_TYPE_TEXT, CONSENTS, 0,
                            "legalbasis|lawfulbasis|basis"},
    [TARGET_TEXT_VERSION] = {"text_version", "Text version", TARGET_TYPE_TEXT, CONSENTS, 0,
                             "textversion|version|noticeversion|policyversion"},
    [TARGET_PROOF] = {"proof", "Proof", TARGET_TYPE_TEXT, CONSENTS, 0,
                      "proof|evidence|form|method"},
};

const struct target_info *target_info(enum target target) {
    return &infos[target];
}

const char *target_type_name(enum target_type type) {
    static const char *const names[] = {
        [TARGET_TYPE_TEXT] = "text",
        [TARGET_TYPE_INSTANT] = "instant",
        [TARGET_TYPE_DAY] = "day",
        [TARGET_TYPE_MONEY] = "money",
        [TARGET_TYPE_QUANTITY] = "quantity",
        [TARGET_TYPE_RATE] = "rate",
        [TARGET_TYPE_CURRENCY] = "currency",
        [TARGET_TYPE_SALE_KIND] = "sale_kind",
        [TARGET_TYPE_CONSENT_STATE] = "consent_state",
        [TARGET_TYPE_JSON] = "json",
    };

    return names[type];
}

bool target_is_of(enum target target, enum import_kind kind) {
    return (infos[target].kinds & (1u << kind)) != 0;
}

bool target_parse(enum import_kind kind, struct text name, enum target *ret_target) {
    for (int i = 0; i < TARGET_COUNT; i++)
        if (target_is_of((enum target)i, kind) && text_is(name, infos[i].name)) {
            *ret_target = (enum target)i;
            return true;
        }
    return false;
}

enum { HEADER_SIZE = 64 };

// Letters and digits only, lower case: "Invoice No." and "invoice_no" are one.
static struct text plain_header(struct text header, char plain[HEADER_SIZE]) {
    size_t size = 0;

    for (size_t i = 0; i < header.size && size < HEADER_SIZE; i++) {
        const char byte = header.data[i];

        if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9'))
            plain[size++] = byte;
        else if (byte >= 'A' && byte <= 'Z')
            plain[size++] = (char)(byte - 'A' + 'a');
    }
    return (struct text){.data = plain, .size = size};
}

// "products:id" counts in imports of products only.
static bool of_kind(struct text *synonym, enum import_kind kind) {
    struct text rest;
    const struct text prefix = text_split(*synonym, ':', &rest);

    if (!rest.data)
        return true;
    *synonym = rest;
    return text_is(prefix, import_kind_names[kind]);
}

int target_header_score(enum target target, enum import_kind kind, struct text header) {
    char plain[HEADER_SIZE];
    const struct text wanted = plain_header(header, plain);
    struct text rest = text_of(infos[target].synonyms);
    int rank = 0, best = 0;

    if (!target_is_of(target, kind) || wanted.size == 0)
        return 0;
    while (rest.size > 0) {
        struct text synonym = text_split(rest, '|', &rest);
        int score = 0;

        rank++;
        if (!of_kind(&synonym, kind))
            continue;
        if (text_equal(synonym, wanted))
            score = rank < 40 ? 100 - rank : 60; // earlier synonyms are surer
        else if ((target == TARGET_EMAIL || target == TARGET_PHONE) && wanted.size > synonym.size &&
                 memmem(wanted.data, wanted.size, synonym.data, synonym.size))
            score = 30; // "customer_email_1"
        best = score > best ? score : best;
    }
    return best;
}
