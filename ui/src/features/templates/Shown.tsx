// SPDX-License-Identifier: Apache-2.0
// What a real customer would get of a content that is being written: as HTML in a frame without
// rights, at two widths, or as plain text.
import { Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { call, type Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { recordsOf, textOf } from "@/api/records";
import { FailureNote, LoadingLines, Panel, useAddressState } from "@/components";
import { t } from "@/i18n";
import { framed, PREVIEW_PATH, type Preview, type Template } from "./template";

export type Content = Pick<Template, "kind" | "subject" | "html" | "text" | "variants">;

export interface PreviewState {
  answer: Preview | undefined;
  error: Error | null;
  isAsking: boolean;
  customer: string;
  setCustomer: (customer: string) => void;
}

// Asked for after a pause in typing; the former answer stays until the next one is there.
export function usePreview(draft: Content): PreviewState {
  const [customer, setCustomer] = useAddressState("customer");
  const newest = useApi<{ customers: Table }>("/api/v1/customers", { limit: 1 });
  const record = newest.data && recordsOf(newest.data.customers)[0];
  const first = record ? textOf(record, "id") : "";
  const [key] = useDebouncedValue(customer.trim() || first, 400);
  const [content] = useDebouncedValue(draft, 400);
  const { kind, subject, html, text, variants } = content;
  const body = { kind, subject, html, text, variants, customer: key };
  const query = useQuery<Preview, Error>({
    queryKey: [PREVIEW_PATH, body],
    queryFn: ({ signal }) => call<Preview>("POST", PREVIEW_PATH, body, undefined, signal),
    enabled: key !== "" && `${subject}${html}${text}`.trim() !== "",
    placeholderData: (former) => former,
  });

  return { answer: query.data, error: query.error, isAsking: query.isFetching, customer,
           setCustomer };
}

export function Shown({ preview, kind }: { preview: PreviewState; kind: string }) {
  const [width, setWidth] = useAddressState("width", "desktop");
  const { answer, error } = preview;

  return (
    <Panel title={t("templates.preview")}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          <TextInput label={t("templates.customer")} description={t("templates.customerHint")}
                     value={preview.customer} style={{ flex: 1 }}
                     placeholder={answer?.customer}
                     onChange={(event) => preview.setCustomer(event.currentTarget.value)} />
          <SegmentedControl value={width} onChange={setWidth} aria-label={t("templates.width")}
                            data={[{ value: "desktop", label: t("templates.desktop") },
                                   { value: "phone", label: t("templates.phone") },
                                   { value: "text", label: t("templates.text") }]} />
        </Group>
        <FailureNote error={error} />
        {!answer && preview.isAsking && <LoadingLines />}
        {answer?.subject && <Text fw={600}>{answer.subject}</Text>}
        {answer && !answer.fault && (width !== "text" && answer.html
          ? <Frame html={answer.html} isNarrow={width === "phone"} />
          : <Text component="pre" size="sm" style={{ whiteSpace: "pre-wrap" }}>
              {answer.text}
            </Text>)}
        {answer?.fault && <Text c="dimmed">{t("templates.mendFirst")}</Text>}
        {kind === "email" && <Text size="xs" c="dimmed">{t("templates.noPictures")}</Text>}
      </Stack>
    </Panel>
  );
}

// White as most programs show mail, whatever the app's own colours.
function Frame({ html, isNarrow }: { html: string; isNarrow: boolean }) {
  return (
    <iframe title={t("templates.preview")} sandbox="" srcDoc={framed(html)}
            style={{ width: isNarrow ? "min(390px, 100%)" : "100%", height: 560, margin: "0 auto",
                     background: "white", colorScheme: "light",
                     border: "1px solid var(--mantine-color-default-border)" }} />
  );
}
