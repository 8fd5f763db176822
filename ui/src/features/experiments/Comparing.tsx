// SPDX-License-Identifier: Apache-2.0
// Segments beside a control: which ones, in which days, and whether chance made them.
import { MultiSelect, NativeSelect, Paper, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { IconFlask } from "@tabler/icons-react";
import { useState } from "react";
import { useSearchParams } from "react-router-dom";
import { useApi, useTable } from "@/api/queries";
import { Answer, EmptyState, LoadingTable, useAddressState } from "@/components";
import { SEGMENTS_PATH } from "@/features/segments/fields";
import { textsOf } from "@/features/selection/columns";
import { FilterChoice } from "@/features/selection/FilterChoice";
import { PeriodChoice } from "@/features/selection/PeriodChoice";
import { Sentence } from "@/features/selection/Sentence";
import { selectionParameters, useSelection } from "@/features/selection/useSelection";
import { t } from "@/i18n";
import { SEGMENTS_COMPARED_PATH, type Comparison } from "./experiments";
import { Found } from "./Found";
import { KeepButton } from "./Kept";

const ARMS_MOST = 8;

export function Comparing() {
  const selection = useSelection("last90");
  const [search, setSearch] = useSearchParams();
  const [division, setDivision] = useAddressState("division");
  const [shares, setShares] = useState(division);
  const stored = useTable(SEGMENTS_PATH, { stored: true });
  const names = stored.data ? textsOf(stored.data, "name") : [];
  const chosen = search.getAll("segment");
  const [control = "", ...others] = chosen;
  const choose = (wanted: readonly string[]) => setSearch((former) => {
    const next = new URLSearchParams(former);
    next.delete("segment");
    wanted.forEach((name) => next.append("segment", name));
    return next;
  }, { replace: true });

  return (
    <Stack gap="lg">
      <Paper p="md">
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, md: 3 }}>
            <NativeSelect label={t("experiments.control")} value={control}
                          data={[{ value: "", label: t("experiments.choose") }, ...names]}
                          onChange={(event) => {
                            const name = event.currentTarget.value;
                            choose(name ? [name, ...others.filter((other) => other !== name)] : []);
                          }} />
            <MultiSelect label={t("experiments.others")} value={others} searchable hidePickedOptions
                         disabled={control === ""} maxValues={ARMS_MOST - 1}
                         data={names.filter((name) => name !== control)}
                         onChange={(values) => choose([control, ...values])} />
            <TextInput label={t("experiments.division")} value={shares} placeholder="50,50"
                       description={t("experiments.divisionHint")}
                       inputWrapperOrder={["label", "input", "description"]}
                       onChange={(event) => setShares(event.currentTarget.value)}
                       onBlur={() => setDivision(shares.trim())} />
          </SimpleGrid>
          <Sentence words="experiments.sentence"
                    parts={{ period: <PeriodChoice selection={selection} />,
                             filters: <FilterChoice selection={selection} /> }} />
        </Stack>
      </Paper>
      {others.length > 0 && !selection.isEmpty
        ? <Compared segments={chosen} division={division} selection={selection} />
        : (
          <EmptyState icon={IconFlask} title={t("experiments.nothing")}
                      sentence={t("experiments.nothingHint")} />
        )}
    </Stack>
  );
}

interface ComparedProps {
  segments: string[];
  division: string;
  selection: ReturnType<typeof useSelection>;
}

function Compared({ segments, division, selection }: ComparedProps) {
  const { period, span, filters, isReady } = selection;
  const bounds = {
    from: period.from ?? span?.first_day ?? "", to: period.to ?? span?.last_day ?? "",
  };
  const asked = { segment: segments, division, ...selectionParameters(bounds, filters) };
  const answer = useApi<Comparison>(SEGMENTS_COMPARED_PATH, asked, { enabled: isReady });

  return (
    <Answer of={answer} loading={<LoadingTable rows={10} />}>
      {(comparison) => (
        <Stack gap="lg">
          <Found comparison={comparison} />
          <KeepButton key={JSON.stringify(asked)} asked={asked} />
        </Stack>
      )}
    </Answer>
  );
}
