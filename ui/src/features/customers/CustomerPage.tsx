// SPDX-License-Identifier: Apache-2.0
// One customer: worth and story at the left, who it is and what can be done at the right. A receipt
// opens beside them and stands in the address.
import { Anchor, Grid, Stack } from "@mantine/core";
import { Link, useParams } from "react-router-dom";
import { useApi } from "@/api/queries";
import { recordsOf, textOf } from "@/api/records";
import {
  Answer, LoadingLines, LoadingTiles, Page, PageHeader, useAddressState,
} from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { Consents } from "./Consents";
import { customerPath, nameOf, type Customer } from "./customer";
import { JoinButton } from "./JoinButton";
import { Links } from "./Links";
import { ReceiptDrawer } from "./ReceiptDrawer";
import { Segments } from "./Segments";
import { Story } from "./Story";
import { Who } from "./Who";
import { Worth } from "./Worth";

export default function CustomerPage() {
  const { id = "" } = useParams();
  const customer = useApi<Customer>(customerPath(id), { limit: 1 });

  return (
    <Page width="wide">
      <Answer of={customer} loading={<><LoadingTiles /><LoadingLines count={12} /></>}>
        {(data) => <Content key={data.id} customer={data} />}
      </Answer>
    </Page>
  );
}

function Content({ customer }: { customer: Customer }) {
  const [receipt, setReceipt] = useAddressState("receipt");

  return (
    <Stack gap="lg">
      <PageHeader title={nameOf(customer)} sentence={<Sentence customer={customer} />}
                  above={<Anchor component={Link} to="/customers" size="sm">
                    {t("customers.allCustomers")}
                  </Anchor>}>
        <JoinButton customer={customer} />
      </PageHeader>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="lg">
            <Worth customer={customer} />
            <Story customer={customer} onReceipt={setReceipt} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="lg">
            <Who customer={customer} />
            <Segments customer={customer} />
            <Consents customer={customer} />
            <Links customer={customer} />
          </Stack>
        </Grid.Col>
      </Grid>
      <ReceiptDrawer id={receipt} onShow={setReceipt} />
    </Stack>
  );
}

function Sentence({ customer }: { customer: Customer }) {
  const format = useFormat();
  const { profile } = customer;
  const numbers = recordsOf(customer.identifiers)
    .filter((each) => each.kind === "customer_number")
    .map((each) => t("customers.number", { number: textOf(each, "value") }));
  const parts = [
    numbers[0], profile.city, profile.country,
    profile.created_at &&
      t("customers.since", { day: format.dayOf(profile.created_at) }),
  ];

  return <>{parts.filter(Boolean).join(" · ")}</>;
}
