// SPDX-License-Identifier: Apache-2.0
// A new import in three steps: the file, its columns, trying and importing. Where one is stands in
// the address, and what was chosen is kept by the browser until it is closed: leaving the page and
// coming back changes nothing.
import { Stepper } from "@mantine/core";
import { useSessionStorage } from "@mantine/hooks";
import { Anchor } from "@mantine/core";
import { Link, useSearchParams } from "react-router-dom";
import { Page, PageHeader } from "@/components";
import { t } from "@/i18n";
import { ColumnsStep } from "./ColumnsStep";
import { FileStep } from "./FileStep";
import { KINDS, type Kind, type Mapping } from "./mapping";
import { RunningImport } from "./RunningImport";
import { TryStep } from "./TryStep";

export interface Draft {
  upload: string;
  name: string;
  kind: Kind;
}

const STEPS = ["file", "columns", "try"] as const;

export default function ImportNewPage() {
  const [search, setSearch] = useSearchParams();
  const kind = KINDS.find((each) => each === search.get("kind")) ?? "sales";
  const draft: Draft = { upload: search.get("upload") ?? "", name: search.get("name") ?? "", kind };
  const step = Math.max(0, STEPS.findIndex((each) => each === search.get("step")));
  const job = search.get("job");
  const [mapping, setMapping] = useSessionStorage<Mapping | null>({
    key: `mapping ${draft.upload} ${kind}`, defaultValue: null,
  });
  const go = (changes: { [name: string]: string }, replace = false) =>
    setSearch((former) => new URLSearchParams({ ...Object.fromEntries(former), ...changes }),
              { replace });

  return (
    <Page>
      <PageHeader title={t("imports.newTitle")} sentence={t("imports.newSentence")}
                  above={<Anchor component={Link} to="/plug/imports" size="sm">
                    {t("imports.all")}
                  </Anchor>} />
      {job ? <RunningImport job={job} /> : (
        <>
          <Stepper active={draft.upload ? step : 0} size="sm" allowNextStepsSelect={false}
                   onStepClick={(place) => go({ step: STEPS[place]! })}>
            <Stepper.Step label={t("imports.stepFile")} description={t("imports.stepFileHint")} />
            <Stepper.Step label={t("imports.stepColumns")}
                          description={t("imports.stepColumnsHint")} />
            <Stepper.Step label={t("imports.stepTry")} description={t("imports.stepTryHint")} />
          </Stepper>
          {(step === 0 || !draft.upload) && (
            <FileStep draft={draft} onChange={(changes) => go({ ...changes }, true)}
                      onNext={() => go({ step: "columns" })} />
          )}
          {step === 1 && draft.upload && (
            <ColumnsStep key={kind} draft={draft} mapping={mapping} onMapping={setMapping}
                         onBack={() => go({ step: "file" })} onNext={() => go({ step: "try" })} />
          )}
          {step === 2 && draft.upload && (
            <TryStep draft={draft} mapping={mapping} dryRun={search.get("try")}
                     onTry={(id) => go({ try: id }, true)} onBack={() => go({ step: "columns" })}
                     onStart={(id) => setSearch({ job: id }, { replace: true })} />
          )}
        </>
      )}
    </Page>
  );
}
