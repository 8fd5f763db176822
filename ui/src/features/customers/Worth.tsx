// SPDX-License-Identifier: Apache-2.0
// What the customer is worth: revenue and receipts of each currency, and the scores among all.
import { SimpleGrid, Text } from "@mantine/core";
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { numberOf, recordsOf, textOf, type Record } from "@/api/records";
import { useMay } from "@/api/session";
import { StatTile } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import type { Customer } from "./customer";

export function Worth({ customer }: { customer: Customer }) {
  const totals = recordsOf(customer.totals);

  if (totals.length === 0) return <Text c="dimmed">{t("customers.noPurchases")}</Text>;
  return (
    <section aria-label={t("customers.worth")}>
      {totals.map((total, place) => (
        <SimpleGrid key={textOf(total, "currency")} cols={{ base: 2, xl: 4 }} spacing="sm" mb="sm">
          <Tiles total={total} />
          {place === 0 && <Scores id={customer.id} />}
          {place === 0 && <Leaving id={customer.id} />}
        </SimpleGrid>
      ))}
    </section>
  );
}

function Tiles({ total }: { total: Record }) {
  const format = useFormat();
  const currency = textOf(total, "currency");
  const refunds = numberOf(total, "refund_receipts");
  const last = textOf(total, "last_purchase");
  const average = total.average_purchase;

  return (
    <>
      <StatTile label={t("customers.revenue")}
                value={format.amount(numberOf(total, "revenue_gross"), currency)}
                note={typeof average === "number"
                  && `${t("customers.average")} ${format.amount(average, currency)}`} />
      <StatTile label={t("customers.receipts")} value={format.integer(numberOf(total, "receipts"))}
                note={refunds > 0 && t("customers.refundsOf", { count: refunds })} />
      <StatTile label={t("customers.lastPurchase")}
                value={last ? format.ago(last) : t("customers.never")}
                exact={last ? format.instant(last) : ""}
                note={last && t("customers.firstPurchase",
                                { day: format.dayOf(textOf(total, "first_purchase")) })} />
    </>
  );
}

function Scores({ id }: { id: string }) {
  const may = useMay();
  const answer = useApi<{ list: Table }>("/api/v1/rfm/customers", { customer: id },
                                         { enabled: may("read_reports") });
  const scores = answer.data && recordsOf(answer.data.list)[0];

  if (!scores) return null;
  const [r = "", f = "", m = ""] = textOf(scores, "cell");
  return (
    <StatTile label={t("customers.rfm")} value={`${r} ${f} ${m}`}
              exact={t("customers.rfmOf", { r, f, m })} note={textOf(scores, "group")}
              to="/analyze/reports/rfm" />
  );
}

// The probability of leaving, and what speaks for it most; nothing where it was not estimated.
function Leaving({ id }: { id: string }) {
  const format = useFormat();
  const answer = useApi<{ list: Table }>("/api/v1/churn/customers", { customer: id });
  const score = answer.data && recordsOf(answer.data.list)[0];

  if (!score) return null;
  return (
    <StatTile label={t("churn.customerTile")} value={format.share(numberOf(score, "probability"))}
              note={t(numberOf(score, "effect_1") > 0 ? "churn.speaksFor" : "churn.speaksAgainst",
                      { reason: textOf(score, "driver_1") })}
              to="/analyze/churn" />
  );
}
