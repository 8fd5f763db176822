// SPDX-License-Identifier: Apache-2.0
// A segment that is not kept yet. Name, description and conditions may stand in the address, so
// that a report can propose one.
import { Button, Stack } from "@mantine/core";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router-dom";
import { useAction } from "@/api/queries";
import { FailureNote, Page, PageHeader } from "@/components";
import { t } from "@/i18n";
import { Conditions } from "./Conditions";
import { DraftFields } from "./DraftFields";
import { SEGMENTS_PATH } from "./fields";
import { segmentAddress, type Draft } from "./segment";
import { BackToSegments } from "./SegmentPage";
import { isTree, type Tree } from "./tree";

const usual: Tree = {
  all: [{ sales: "sum_gross", window: { days: 90 }, operator: ">=", value: 100 }],
};

function proposed(search: URLSearchParams): Draft {
  const draft = { name: search.get("name") ?? "", description: search.get("description") ?? "" };

  try {
    const tree: unknown = JSON.parse(search.get("definition") ?? "");
    return { ...draft, tree: isTree(tree) ? tree : usual };
  } catch {
    return { ...draft, tree: usual };
  }
}

export default function SegmentNewPage() {
  const [search] = useSearchParams();
  const [draft, setDraft] = useState(() => proposed(search));
  const navigate = useNavigate();
  const create = useAction<Draft>(
    ({ name, description, tree }) => ({
      method: "POST", path: SEGMENTS_PATH, body: { name, description, definition: tree },
    }),
    { stale: [SEGMENTS_PATH],
      onDone: (_, { name }) => navigate(segmentAddress(name), { replace: true }) },
  );

  return (
    <Page>
      <PageHeader title={t("segments.newTitle")} sentence={t("segments.purpose")}
                  above={<BackToSegments />}>
        <Button disabled={draft.name.trim() === ""} loading={create.isPending}
                onClick={() => create.mutate(draft)}>
          {t("segments.create2")}
        </Button>
      </PageHeader>
      <FailureNote error={create.error} />
      <Stack gap={0}>
        <DraftFields draft={draft} onChange={setDraft} hasName />
        <Conditions tree={draft.tree}
                    onChange={(tree) => setDraft((former) => ({ ...former, tree }))} />
      </Stack>
    </Page>
  );
}
