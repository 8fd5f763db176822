// SPDX-License-Identifier: Apache-2.0
// What one tile shows, as a form: only the fields that its kind needs.
import {
  Button, Group, Modal, MultiSelect, NativeSelect, NumberInput, Stack, Textarea, TextInput,
} from "@mantine/core";
import { useState } from "react";
import { useTable } from "@/api/queries";
import { textsOf } from "@/features/selection/columns";
import { SEGMENTS_PATH } from "@/features/segments/fields";
import { dimensionChoices, metricChoices, useRegistry } from "@/features/selection/registry";
import { t, type Key } from "@/i18n";
import { isWhole, kinds, newTile, tidy, type Kind, type Tile } from "./dashboard";

interface TileEditorProps {
  tile: Tile;
  onDone: (tile: Tile) => void;
  onClose: () => void;
}

const choices = <Value extends string>(prefix: string, values: readonly Value[]) =>
  values.map((value) => ({ value, label: t(`dashboards.${prefix}_${value}` as Key) }));

export function TileEditor({ tile, onDone, onClose }: TileEditorProps) {
  const [draft, setDraft] = useState(tile);
  const change = (part: Partial<Tile>) => setDraft((former) => ({ ...former, ...part }));

  return (
    <Modal opened onClose={onClose} title={t("dashboards.tileTitle")}
           closeButtonProps={{ "aria-label": t("common.close") }}>
      <form onSubmit={(event) => { event.preventDefault(); onDone(tidy(draft)); }}>
        <Stack>
          <NativeSelect label={t("dashboards.kind")} value={draft.kind}
                        data={choices("kind", kinds)}
                        onChange={(event) => setDraft({
                          ...newTile(event.currentTarget.value as Kind),
                          ...(draft.title !== undefined && { title: draft.title }),
                        })} />
          <KindFields draft={draft} change={change} />
          <TextInput label={t("dashboards.heading")} description={t("dashboards.headingHint")}
                     value={draft.title ?? ""}
                     onChange={(event) => change({ title: event.currentTarget.value })} />
          <NativeSelect label={t("dashboards.width")} value={String(draft.width ?? 1)}
                        data={choices("width", ["1", "2", "3", "4"])}
                        onChange={(event) =>
                          change({ width: Number(event.currentTarget.value) })} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" disabled={!isWhole(draft)}>{t("dashboards.done")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface FieldsProps {
  draft: Tile;
  change: (part: Partial<Tile>) => void;
}

function KindFields(props: FieldsProps) {
  const { draft, change } = props;

  switch (draft.kind) {
    case "figure": case "chart": case "table": return <MetricFields {...props} />;
    case "text":
      return (
        <Textarea label={t("dashboards.text")} value={draft.text ?? ""} autosize minRows={3}
                  maxLength={4000}
                  onChange={(event) => change({ text: event.currentTarget.value })} />
      );
    case "segment": return <SegmentField {...props} />;
    case "bridge":
      return (
        <NativeSelect label={t("dashboards.way")} value={draft.way ?? "articles"}
                      data={choices("way", ["articles", "receipts", "customers"])}
                      onChange={(event) =>
                        change({ way: event.currentTarget.value as NonNullable<Tile["way"]> })} />
      );
    case "forecast": return null;
  }
}

function MetricFields({ draft, change }: FieldsProps) {
  const registry = useRegistry().data;
  const metrics = metricChoices(registry);

  return (
    <>
      {draft.kind === "table"
        ? <MultiSelect label={t("dashboards.metrics")} data={metrics} searchable maxValues={8}
                       value={draft.metric ? draft.metric.split(",") : []}
                       onChange={(names) => change({ metric: names.join(",") })} />
        : <NativeSelect label={t("dashboards.metric")} data={metrics}
                        value={draft.metric?.split(",")[0] ?? ""}
                        onChange={(event) => change({ metric: event.currentTarget.value })} />}
      {draft.kind === "figure"
        ? <NumberInput label={t("dashboards.target")} description={t("dashboards.targetHint")}
                       value={draft.target ?? ""}
                       onChange={(value) => setTarget(change, value)} />
        : <NativeSelect label={t("dashboards.by")} data={dimensionChoices(registry)}
                        value={draft.by ?? "month"}
                        onChange={(event) => change({ by: event.currentTarget.value })} />}
      {draft.kind === "chart" && (
        <NativeSelect label={t("dashboards.shape")} value={draft.shape ?? "bar"}
                      data={choices("shape", ["bar", "line"])}
                      onChange={(event) =>
                        change({ shape: event.currentTarget.value as "bar" | "line" })} />
      )}
    </>
  );
}

// Without one the member is not there at all.
function setTarget(change: FieldsProps["change"], value: number | string): void {
  change({ target: typeof value === "number" ? value : undefined } as Partial<Tile>);
}

function SegmentField({ draft, change }: FieldsProps) {
  const segments = useTable(SEGMENTS_PATH, { stored: true });
  const names = segments.data ? textsOf(segments.data, "name") : [];

  return (
    <NativeSelect label={t("dashboards.segment")} data={["", ...names]}
                  value={draft.segment ?? ""}
                  onChange={(event) => change({ segment: event.currentTarget.value })} />
  );
}
