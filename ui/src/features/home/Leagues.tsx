// SPDX-License-Identifier: Apache-2.0
// Where and with what the month's revenue was made: stores, channels, products.
import { Anchor, Grid } from "@mantine/core";
import { Link } from "react-router-dom";
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { Answer, DataTable, LoadingTable, Panel } from "@/components";
import { t } from "@/i18n";
import type { Span } from "./month";

interface Overview {
  top_stores: Table;
  channels: Table;
  top_products: Table;
}

const TOP = 5;

export function Leagues({ span }: { span: Span }) {
  const overview = useApi<Overview>("/api/v1/reports/overview", { ...span });

  return (
    <Grid mt="md">
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <Panel title={t("home.stores")} aside={<More to="/analyze/reports/stores" />}>
          <Answer of={overview} loading={<LoadingTable rows={4} />}>
            {({ top_stores }) => (
              <League table={top_stores} name={t("home.stores")} code="store"
                      order={["name", "revenue_gross", "share"]} />
            )}
          </Answer>
        </Panel>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <Panel title={t("home.products")} aside={<More to="/products" />}>
          <Answer of={overview} loading={<LoadingTable rows={4} />}>
            {({ top_products }) => (
              <League table={top_products} name={t("home.products")} code="product"
                      order={["name", "revenue_gross", "units"]}
                      href={(code) => `/products/${encodeURIComponent(code)}`} />
            )}
          </Answer>
        </Panel>
      </Grid.Col>
    </Grid>
  );
}

function More({ to }: { to: string }) {
  return <Anchor component={Link} to={to} size="sm">{t("home.all")}</Anchor>;
}

function League(props: {
  table: Table; name: string; code: string; order: string[]; href?: (code: string) => string;
}) {
  const best = { ...props.table, rows: props.table.rows.slice(0, TOP) };

  // A store or product that no file has named yet goes by its code.
  return (
    <DataTable table={best} name={props.name} hasDownload={false} order={props.order}
               columns={{
                 name: {
                   render: (value, row) => value ?? (row.text(props.code) || t("home.unnamed")),
                 },
               }}
               href={(row) => (row.value(props.code) === null
                 ? undefined
                 : props.href?.(row.text(props.code)))} />
  );
}
