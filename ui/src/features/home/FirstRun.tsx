// SPDX-License-Identifier: Apache-2.0
// Of a store with nothing in it: try things on a sample company, or bring in your own.
import { Button, Paper, Select, SimpleGrid, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconBuildingStore, IconFileImport, type Icon } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { Link } from "react-router-dom";
import { markStale, useAction } from "@/api/queries";
import { SESSION_PATH, useAccount } from "@/api/session";
import { FailureNote, JobProgress, Page, PageHeader, Panel, useJob } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";

const SIZES = [2000, 10_000, 50_000];

export interface FirstRunProps {
  job: string | undefined; // that makes the sample company
  onStart: (job: string) => void;
  onDone: () => void;
}

export function FirstRun({ job, onStart, onDone }: FirstRunProps) {
  const account = useAccount();

  return (
    <Page>
      <PageHeader title={t("home.welcome", { name: account.display_name || account.name })}
                  sentence={t("home.emptySentence")} />
      {job
        ? <Making job={job} onDone={onDone} />
        : (
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Sample onStart={onStart} />
            <Way icon={IconFileImport} title={t("home.ownTitle")} sentence={t("home.ownSentence")}>
              <Button component={Link} to="/plug/imports/new" variant="default">
                {t("home.ownDo")}
              </Button>
            </Way>
          </SimpleGrid>
        )}
    </Page>
  );
}

function Way(props: { icon: Icon; title: string; sentence: string; children: ReactNode }) {
  return (
    <Paper p="xl">
      <Stack align="flex-start" h="100%">
        <ThemeIcon size={48} radius="xl" variant="light" aria-hidden>
          <props.icon size={26} stroke={1.5} />
        </ThemeIcon>
        <Title order={2}>{props.title}</Title>
        <Text c="dimmed" flex={1}>{props.sentence}</Text>
        {props.children}
      </Stack>
    </Paper>
  );
}

function Sample({ onStart }: { onStart: (job: string) => void }) {
  const format = useFormat();
  const [customers, setCustomers] = useState(2000);
  const make = useAction<number, { job_id: string }>(
    (count) => ({ method: "POST", path: "/api/v1/sample", body: { customers: count } }),
    { onDone: (answer) => onStart(answer.job_id) },
  );

  return (
    <Way icon={IconBuildingStore} title={t("home.sampleTitle")} sentence={t("home.sampleSentence")}>
      <Select label={t("home.sampleSize")} value={String(customers)} allowDeselect={false}
              data={SIZES.map((size) => ({ value: String(size), label: format.integer(size) }))}
              onChange={(value) => setCustomers(Number(value))} w={160} />
      <FailureNote error={make.error} />
      <Button loading={make.isPending} onClick={() => make.mutate(customers)}>
        {t("home.sampleDo")}
      </Button>
    </Way>
  );
}

function Making({ job, onDone }: { job: string; onDone: () => void }) {
  const client = useQueryClient();
  const state = useJob(job).data?.state;

  return (
    <Panel title={t("home.making")} sentence={t("home.makingSentence")}>
      <Stack>
        <JobProgress id={job} />
        {state === "done" && (
          <Button onClick={() => void markStale(client, [SESSION_PATH]).then(onDone)}
                  style={{ alignSelf: "flex-start" }}>
            {t("home.show")}
          </Button>
        )}
      </Stack>
    </Panel>
  );
}
