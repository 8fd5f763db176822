// SPDX-License-Identifier: Apache-2.0
// One dashboard: read, and put together. What is being changed is this browser's until it is saved.
import { ActionIcon, Alert, Box, Button, Group, Paper, Stack } from "@mantine/core";
import {
  IconArrowLeft, IconArrowRight, IconDeviceFloppy, IconLayoutDashboard, IconPencil, IconPlus,
  IconPrinter, IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { useNavigate, useParams } from "react-router-dom";
import { useAction, useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, ConfirmDestructive, EmptyState, FailureNote, LoadingTable, notify, Page, PageHeader,
  useAddressState,
} from "@/components";
import { Choice } from "@/features/selection/Choice";
import { FilterChoice } from "@/features/selection/FilterChoice";
import { PeriodChoice } from "@/features/selection/PeriodChoice";
import { Sentence } from "@/features/selection/Sentence";
import { useSelection } from "@/features/selection/useSelection";
import { t, type Key } from "@/i18n";
import {
  DASHBOARDS_PATH, moved, newTile, pathOf, type Comparison, type Dashboard, type Definition,
  type Tile,
} from "./dashboard";
import classes from "./DashboardPage.module.css";
import { PictureMenu, SendingButton } from "./Sending";
import { TileEditor } from "./TileEditor";
import { TileView } from "./TileView";

export default function DashboardPage() {
  const { name = "" } = useParams();
  const answer = useApi<Dashboard>(pathOf(name));

  return (
    <Page width="wide">
      <Answer of={answer} loading={<><PageHeader title={name} /><LoadingTable rows={10} /></>}>
        {(dashboard) => <Board key={JSON.stringify(dashboard)} dashboard={dashboard} />}
      </Answer>
    </Page>
  );
}

function Board({ dashboard }: { dashboard: Dashboard }) {
  const { name, description, definition } = dashboard;
  const [edit, setEdit] = useAddressState("edit");
  const [tiles, setTiles] = useState(definition.tiles);
  const [open, setOpen] = useState<number>(); // the tile in the form; tiles.length: a new one
  const may = useMay()("change_segments");
  const isEditing = edit === "1" && may;
  const save = useAction(
    () => ({ method: "PUT", path: pathOf(name),
             body: { description, definition: { ...definition, tiles } } }),
    { stale: [DASHBOARDS_PATH], onDone: () => {
      notify(t("dashboards.saved", { name }));
      setEdit("");
    } });

  function put(tile: Tile): void {
    setTiles((former) => [...former.slice(0, open), tile, ...former.slice(open! + 1)]);
    setOpen(undefined);
  }

  return (
    <Stack gap="lg">
      <PageHeader title={name} {...(description && { sentence: description })}>
        {isEditing
          ? (
            <>
              <Button variant="default" leftSection={<IconPlus size={16} />}
                      onClick={() => setOpen(tiles.length)}>{t("dashboards.add")}</Button>
              <Button leftSection={<IconDeviceFloppy size={16} />} loading={save.isPending}
                      onClick={() => save.mutate(undefined)}>{t("dashboards.save")}</Button>
            </>
          )
          : <Actions name={name} onEdit={() => setEdit("1")} />}
      </PageHeader>
      <FailureNote error={save.error} />
      {isEditing && <Alert color="gray" className="no-print">{t("dashboards.editing")}</Alert>}
      <Tiles definition={{ ...definition, tiles }}
             {...(isEditing && { onChange: setTiles, onOpen: setOpen })} />
      {open !== undefined && (
        <TileEditor tile={tiles[open] ?? newTile("figure")} onDone={put}
                    onClose={() => setOpen(undefined)} />
      )}
    </Stack>
  );
}

function Actions({ name, onEdit }: { name: string; onEdit: () => void }) {
  const [isDoomed, setDoomed] = useState(false);
  const navigate = useNavigate();
  const may = useMay()("change_segments");
  const forget = useAction(() => ({ method: "DELETE", path: pathOf(name) }),
                           { stale: [DASHBOARDS_PATH],
                             onDone: () => void navigate("/analyze/dashboards") });

  return (
    <Group gap="xs" className="no-print">
      <Button variant="default" leftSection={<IconPrinter size={16} />}
              onClick={() => window.print()}>{t("dashboards.print")}</Button>
      <PictureMenu name={name} />
      <SendingButton name={name} />
      {may && (
        <>
          <Button variant="default" leftSection={<IconPencil size={16} />} onClick={onEdit}>
            {t("dashboards.edit")}
          </Button>
          <Button variant="default" leftSection={<IconTrash size={16} />}
                  onClick={() => setDoomed(true)}>{t("dashboards.forget")}</Button>
        </>
      )}
      <ConfirmDestructive isOpen={isDoomed} title={t("dashboards.forgetTitle", { name })}
                          deed={t("dashboards.forget")} isBusy={forget.isPending}
                          error={forget.error} onConfirm={() => forget.mutate(undefined)}
                          onClose={() => setDoomed(false)}>
        {t("dashboards.forgetHint")}
      </ConfirmDestructive>
    </Group>
  );
}

interface TilesProps {
  definition: Definition;
  onChange?: (tiles: Tile[]) => void;
  onOpen?: (place: number) => void;
}

function Tiles({ definition, onChange, onOpen }: TilesProps) {
  const selection = useSelection(definition.period ?? "last12months");
  const [compare, setCompare] = useAddressState("compare", definition.compare ?? "");
  const { tiles } = definition;

  return (
    <>
      <Paper px="md" py={6} className="no-print">
        <Sentence words="dashboards.sentence" parts={{
          period: <PeriodChoice selection={selection} />,
          comparison: <Choice name={t("reports.comparison")} value={compare} onChange={setCompare}
                              options={[
                                { value: "", label: t("dashboards.comparedNothing") },
                                { value: "year", label: t("dashboards.comparedYear") },
                                { value: "previous", label: t("dashboards.comparedPrevious") },
                              ]} />,
          filters: <FilterChoice selection={selection} />,
        }} />
      </Paper>
      {tiles.length === 0
        ? <EmptyState icon={IconLayoutDashboard} title={t("dashboards.emptyTiles")}
                      sentence={t("dashboards.emptyTilesHint")} />
        : (
          <div className={classes.tiles}>
            {tiles.map((tile, place) => (
              <div key={place} data-width={tile.width ?? 1}>
                {onChange && onOpen &&
                  <Handles tiles={tiles} place={place} onChange={onChange} onOpen={onOpen} />}
                <TileView tile={tile} selection={selection} compare={compare as Comparison} />
              </div>
            ))}
          </div>
        )}
    </>
  );
}

interface HandlesProps {
  tiles: Tile[];
  place: number;
  onChange: (tiles: Tile[]) => void;
  onOpen: (place: number) => void;
}

function Handles({ tiles, place, onChange, onOpen }: HandlesProps) {
  const { kind, title } = tiles[place]!;
  const tile = title || t(`dashboards.kind_${kind}` as Key);
  const handle = { variant: "subtle", color: "gray", size: "sm" } as const;

  return (
    <Box className="no-print">
      <Group gap={2} justify="flex-end">
        <ActionIcon {...handle} aria-label={t("dashboards.earlier", { tile })}
                    disabled={place === 0} onClick={() => onChange(moved(tiles, place, -1))}>
          <IconArrowLeft size={16} />
        </ActionIcon>
        <ActionIcon {...handle} aria-label={t("dashboards.later", { tile })}
                    disabled={place === tiles.length - 1}
                    onClick={() => onChange(moved(tiles, place, 1))}>
          <IconArrowRight size={16} />
        </ActionIcon>
        <ActionIcon {...handle} aria-label={t("dashboards.change", { tile })}
                    onClick={() => onOpen(place)}>
          <IconPencil size={16} />
        </ActionIcon>
        <ActionIcon {...handle} aria-label={t("dashboards.remove", { tile })}
                    onClick={() => onChange(tiles.filter((_, other) => other !== place))}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
    </Box>
  );
}
