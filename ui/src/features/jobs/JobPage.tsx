// SPDX-License-Identifier: Apache-2.0
// One job: how far it is, what came of it, what it noted on its way.
import { Anchor, SimpleGrid, Text } from "@mantine/core";
import { Link, useParams } from "react-router-dom";
import { isUnderWay, jobPath, type Job } from "@/api/job";
import { POLL_MS } from "@/api/live";
import { useTable } from "@/api/queries";
import { Answer, DataTable, JobProgress, Page, PageHeader, Panel, useJob } from "@/components";
import { humanised, useFormat } from "@/format";
import { known, t } from "@/i18n";

export default function JobPage() {
  const { id = "" } = useParams();
  const job = useJob(id);

  return (
    <Page>
      <Answer of={job}>{(data) => <Content job={data} />}</Answer>
    </Page>
  );
}

function Content({ job }: { job: Job }) {
  const importId = job.result?.["import_id"];

  return (
    <Page>
      <PageHeader title={job.title} sentence={<When job={job} />}
                  above={<Anchor component={Link} to="/plug/jobs" size="sm">
                    {t("jobs.all")}
                  </Anchor>}>
        {typeof importId === "string" && (
          <Anchor component={Link} to={`/plug/imports/${importId}`}>{t("jobs.toImport")}</Anchor>
        )}
      </PageHeader>
      <Panel><JobProgress id={job.id} hasTitle={false} /></Panel>
      {job.result && <Result result={job.result} />}
      <Log job={job} />
    </Page>
  );
}

function When({ job }: { job: Job }) {
  const format = useFormat();
  const from = job.started_at ?? job.created_at;
  const seconds = (Date.parse(job.finished_at ?? from) - Date.parse(from)) / 1000;

  return job.finished_at
    ? t("jobs.ran", {
        who: job.actor, at: format.instant(from), time: format.duration(seconds),
      })
    : t("jobs.begun", { who: job.actor, at: format.instant(from) });
}

// The plain facts among what a job answered; ids are told by links.
function Result({ result }: { result: Record<string, unknown> }) {
  const format = useFormat();
  const facts = Object.entries(result).filter(([name, value]) =>
    typeof value === "number" || (typeof value === "string" && !name.endsWith("id")));

  if (facts.length === 0) return null;
  return (
    <Panel title={t("jobs.result")}>
      <SimpleGrid cols={{ base: 2, sm: 3, md: 4 }} spacing="sm">
        {facts.map(([name, value]) => (
          <div key={name}>
            <Text size="sm" c="dimmed">{factName(name)}</Text>
            <Text fw={600}>{typeof value === "number" ? format.number(value) : String(value)}</Text>
          </div>
        ))}
      </SimpleGrid>
    </Panel>
  );
}

// A word of ours where there is one, else the server's own: "lines_added" → "Lines added".
function factName(name: string): string {
  return known(`jobs.fact_${name}`) ?? humanised(name);
}

function Log({ job }: { job: Job }) {
  const log = useTable(`${jobPath(job.id)}/log`, {}, {
    refetchInterval: isUnderWay(job.state) ? POLL_MS : false,
  });

  return (
    <Panel title={t("jobs.log")}>
      <Answer of={log}>
        {(table) => table.rows.length === 0
          ? <Text c="dimmed">{t("jobs.emptyLog")}</Text>
          : <DataTable table={table} name={t("jobs.log")} />}
      </Answer>
    </Panel>
  );
}
