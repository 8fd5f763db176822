// SPDX-License-Identifier: Apache-2.0
// One product, store or member of staff: its figures, and what the sources say of it.
import { Anchor, Grid, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import { useApi } from "@/api/queries";
import { Answer, Facts, Page, PageHeader, Panel, type Fact } from "@/components";
import { humanised } from "@/format";
import { t } from "@/i18n";

export interface Member {
  id: string;
  code: string;
  name?: string;
  attributes?: { [name: string]: unknown };
}

export interface CataloguePageProps<Of extends Member> {
  noun: "products" | "stores" | "staff";
  code: string;
  all: string; // words of the link back to the list
  factsOf: (member: Of) => Fact[];
  children: ReactNode; // figures
}

export function CataloguePage<Of extends Member>(props: CataloguePageProps<Of>) {
  const member = useApi<Of>(`/api/v1/${props.noun}/${encodeURIComponent(props.code)}`);

  return (
    <Page width="wide">
      <Answer of={member}>
        {(data) => (
          <Stack gap="lg">
            <PageHeader title={data.name || data.code} sentence={data.name && data.code}
                        above={<Anchor component={Link} to={`/${props.noun}`} size="sm">
                          {props.all}
                        </Anchor>} />
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, lg: 8 }}>{props.children}</Grid.Col>
              <Grid.Col span={{ base: 12, lg: 4 }}>
                <About facts={props.factsOf(data)} attributes={data.attributes ?? {}} />
              </Grid.Col>
            </Grid>
          </Stack>
        )}
      </Answer>
    </Page>
  );
}

function About(props: { facts: Fact[]; attributes: { [name: string]: unknown } }) {
  const more = Object.entries(props.attributes)
    .map(([name, value]): Fact => ({ label: humanised(name), value: String(value) }));
  const known = [...props.facts, ...more].filter(({ value }) => value);

  return (
    <Panel title={t("catalogue.about")}>
      {known.length > 0 ? <Facts facts={known} />
        : <Text size="sm" c="dimmed">{t("common.noRows")}</Text>}
    </Panel>
  );
}
