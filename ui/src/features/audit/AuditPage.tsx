// SPDX-License-Identifier: Apache-2.0
// Who did what, newest first, and whether the log is whole: its records are chained, so that none
// can be changed or left out unseen.
import { Alert, Code } from "@mantine/core";
import { IconShieldCheck, IconShieldX } from "@tabler/icons-react";
import { useTablePages } from "@/api/pages";
import { useApi } from "@/api/queries";
import {
  Answer, DataTable, ErrorState, LoadingTable, MoreButton, Page, PageHeader, Panel,
} from "@/components";
import { t } from "@/i18n";

export default function AuditPage() {
  const records = useTablePages("/api/v1/audit");

  return (
    <Page>
      <PageHeader title={t("shell.audit")} sentence={t("audit.sentence")} />
      <Verification />
      <Panel>
        <Answer of={records} loading={<LoadingTable />}>
          {(table) => (
            <DataTable table={table} name={t("shell.audit")}
                       order={["at", "actor", "action", "object", "details"]}
                       columns={{ details: { render: (value) => <Details value={value} /> } }} />
          )}
        </Answer>
        <MoreButton of={records} />
      </Panel>
    </Page>
  );
}

function Verification() {
  const verification =
    useApi<{ record_count: number; intact: boolean }>("/api/v1/audit/verification");

  // A broken chain is answered by an error that names the record.
  if (verification.error?.status === 409 || verification.error?.code === "internal")
    return (
      <Alert color="red" icon={<IconShieldX />} title={t("audit.broken")} role="alert">
        {verification.error.message}
      </Alert>
    );
  if (verification.isError)
    return <ErrorState error={verification.error} onRetry={() => verification.refetch()} />;
  if (!verification.data) return null;
  return (
    <Alert variant="light" color="tile" icon={<IconShieldCheck />} title={t("audit.intact")}>
      {t("audit.intactHint", { count: verification.data.record_count })}
    </Alert>
  );
}

// Details are an object of a few facts: {"kind": "sales"} → kind: sales.
function Details({ value }: { value: unknown }) {
  const text = String(value ?? "");
  const facts = factsOf(text);

  if (!facts) return text ? <Code>{text}</Code> : t("common.none");
  return facts.map(([name, fact]) => `${name}: ${fact}`).join(", ") || t("common.none");
}

function factsOf(text: string): [string, string][] | null {
  try {
    const object: unknown = JSON.parse(text);
    if (typeof object !== "object" || object === null) return null;
    return Object.entries(object).map(([name, fact]) =>
      [name.replaceAll("_", " "), typeof fact === "string" ? fact : JSON.stringify(fact)]);
  } catch {
    return null;
  }
}
