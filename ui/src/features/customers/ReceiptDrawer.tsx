// SPDX-License-Identifier: Apache-2.0
// One receipt: where, when and by whom, its lines, VAT by rate, and what refunds what.
import { Anchor, Drawer, Stack, Table as Grid, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { numberOf, recordsOf, textOf, type Record } from "@/api/records";
import { Answer, DataTable, Facts } from "@/components";
import { useFormat, type Format } from "@/format";
import { t } from "@/i18n";

interface Receipt {
  id: string;
  number: string;
  kind: "sale" | "refund" | "adjustment";
  source?: string;
  sold_at: string;
  store_code?: string;
  store_name?: string;
  till?: string;
  cashier_code?: string;
  cashier_name?: string;
  channel?: string;
  payment?: string;
  currency: string;
  net: number;
  vat: number;
  gross: number;
  discount?: number;
  refund_of?: string;
  refund_of_number?: string;
  lines: Table;
  refunds: Table;
}

export interface ReceiptDrawerProps {
  id: string; // "": closed
  onShow: (id: string) => void;
}

export function ReceiptDrawer({ id, onShow }: ReceiptDrawerProps) {
  const receipt = useApi<Receipt>(`/api/v1/sales/${encodeURIComponent(id)}`, {},
                                  { enabled: id !== "" });

  return (
    <Drawer opened={id !== ""} onClose={() => onShow("")} position="right" size="xl"
            title={<Title order={2}>{receipt.data && titleOf(receipt.data)}</Title>}
            closeButtonProps={{ "aria-label": t("common.close") }}>
      {id !== "" && (
        <Answer of={receipt}>{(data) => <Content receipt={data} onShow={onShow} />}</Answer>
      )}
    </Drawer>
  );
}

function titleOf({ kind, number }: Receipt): string {
  const titles = {
    sale: "customers.receipt", refund: "customers.refundReceipt",
    adjustment: "customers.adjustmentReceipt",
  } as const;
  return t(titles[kind] ?? titles.sale, { number });
}

function Content({ receipt, onShow }: { receipt: Receipt; onShow: (id: string) => void }) {
  const format = useFormat();
  const money = (value: number) => format.amount(value, receipt.currency);
  const others = (kind: string) =>
    recordsOf(receipt.refunds).filter((each) => textOf(each, "kind") === kind);

  return (
    <Stack>
      <Facts facts={[
        { label: t("customers.store"), value: receipt.store_name ?? receipt.store_code },
        { label: t("customers.channel"), value: receipt.channel },
        { label: t("customers.till"), value: receipt.till },
        { label: t("customers.cashier"), value: receipt.cashier_name ?? receipt.cashier_code },
        { label: t("customers.payment"), value: receipt.payment },
        { label: t("customers.source"), value: receipt.source },
        { label: t("customers.when"), value: format.instant(receipt.sold_at) },
        {
          label: t(receipt.kind === "adjustment" ? "customers.adjustment" : "customers.refund"),
          value: receipt.refund_of && (
            <Anchor component="button" type="button" size="sm"
                    onClick={() => onShow(receipt.refund_of!)}>
              {t(receipt.kind === "adjustment" ? "customers.adjustmentOf" : "customers.refundOf",
                 { number: receipt.refund_of_number ?? "" })}
            </Anchor>
          ),
        },
      ]} />
      <Part title={t("customers.lines")}>
        <DataTable table={receipt.lines} name={t("customers.lines")}
                   order={["product_name", "quantity", "unit_price", "discount", "vat_rate",
                           "gross"].filter((name) => isTold(receipt.lines, name))}
                   columns={{
                     product_name: {
                       render: (value, row) => String(value ?? row.value("product_code") ?? "–"),
                     },
                   }} />
      </Part>
      <Part title={t("customers.vatByRate")}>
        <VatTable receipt={receipt} format={format} />
      </Part>
      <Others title={t("customers.refunds")} receipts={others("refund")} {...{ money, onShow }} />
      <Others title={t("customers.adjustments")} receipts={others("adjustment")}
              {...{ money, onShow }} />
    </Stack>
  );
}

interface OthersProps {
  title: string;
  receipts: Record[];
  money: (value: number) => string;
  onShow: (id: string) => void;
}

function Others({ title, receipts, money, onShow }: OthersProps) {
  const format = useFormat();

  if (receipts.length === 0) return null;
  return (
    <Part title={title}>
      <Stack gap={4}>
        {receipts.map((each) => (
          <Anchor key={textOf(each, "id")} component="button" type="button" size="sm" ta="left"
                  onClick={() => onShow(textOf(each, "id"))}>
            {textOf(each, "number")} · {format.instant(textOf(each, "sold_at"))}
            {" · "}{money(numberOf(each, "gross"))}
          </Anchor>
        ))}
      </Stack>
    </Part>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return <section><Title order={3} mb={6}>{title}</Title>{children}</section>;
}

// A column that no line says anything in is left out.
function isTold(lines: Table, name: string): boolean {
  const values = recordsOf(lines).map((line) => line[name]);
  return values.some((value) => value !== null && !(name === "discount" && value === 0));
}

function VatTable({ receipt, format }: { receipt: Receipt; format: Format }) {
  const rates = new Map<string, { net: number; vat: number; gross: number }>();
  const money = (value: number) => format.money(value, receipt.currency);

  for (const line of recordsOf(receipt.lines)) {
    const rate = line.vat_rate === null ? t("customers.noRate")
      : format.percent(numberOf(line, "vat_rate"));
    const sum = rates.get(rate) ?? { net: 0, vat: 0, gross: 0 };
    rates.set(rate, {
      net: sum.net + numberOf(line, "net"), vat: sum.vat + numberOf(line, "vat"),
      gross: sum.gross + numberOf(line, "gross"),
    });
  }
  return (
    <Grid>
      <Grid.Thead>
        <Grid.Tr>
          <Grid.Th scope="col">{t("customers.rate")}</Grid.Th>
          {(["net", "vat", "gross"] as const).map((name) => (
            <Grid.Th key={name} scope="col" ta="right">
              {t("common.unit", { label: t(`customers.${name}`), unit: receipt.currency })}
            </Grid.Th>
          ))}
        </Grid.Tr>
      </Grid.Thead>
      <Grid.Tbody>
        {[...rates].map(([rate, sum]) => (
          <Grid.Tr key={rate}>
            <Grid.Td>{rate}</Grid.Td>
            <Grid.Td ta="right">{money(sum.net)}</Grid.Td>
            <Grid.Td ta="right">{money(sum.vat)}</Grid.Td>
            <Grid.Td ta="right">{money(sum.gross)}</Grid.Td>
          </Grid.Tr>
        ))}
      </Grid.Tbody>
      <Grid.Tfoot>
        <Grid.Tr fw={600}>
          <Grid.Td>{t("customers.total")}</Grid.Td>
          <Grid.Td ta="right">{money(receipt.net)}</Grid.Td>
          <Grid.Td ta="right">{money(receipt.vat)}</Grid.Td>
          <Grid.Td ta="right">{money(receipt.gross)}</Grid.Td>
        </Grid.Tr>
      </Grid.Tfoot>
    </Grid>
  );
}
