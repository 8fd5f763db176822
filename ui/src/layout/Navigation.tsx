// SPDX-License-Identifier: Apache-2.0
// The navigation: the table of pages by wing, without what the account may not see.
import { AppShell, NavLink, ScrollArea, Text } from "@mantine/core";
import { Link, useLocation } from "react-router-dom";
import { useMay } from "@/api/session";
import { t } from "@/i18n";
import { pages, wings, type PageRow, type Wing } from "@/pages";

export function Navigation() {
  const may = useMay();
  const shown = pages.filter(({ label, permission }) => label && may(permission));

  return (
    <AppShell.Section component={ScrollArea} grow p="xs">
      {wings.map((wing) => (
        <WingLinks key={wing} wing={wing} rows={shown.filter((row) => row.wing === wing)} />
      ))}
    </AppShell.Section>
  );
}

const HEADINGS = {
  plug: "shell.plug", customersWing: "shell.customersWing", analyze: "shell.analyze",
  push: "shell.push", govern: "shell.govern",
} as const;

function WingLinks({ wing, rows }: { wing: Wing; rows: readonly PageRow[] }) {
  const heading = wing in HEADINGS ? HEADINGS[wing as keyof typeof HEADINGS] : undefined;
  const alone = rows.filter((row) => !row.group);
  const grouped = rows.filter((row) => row.group);

  if (rows.length === 0) return null;
  return (
    <div role="group" aria-label={heading && t(heading)}>
      {heading && (
        <Text size="xs" fw={600} c="dimmed" px="sm" pt="md" pb={4} aria-hidden>{t(heading)}</Text>
      )}
      {grouped.length > 0 && <GroupLinks rows={grouped} />}
      {alone.map((row) => <PageLink key={row.path} row={row} />)}
    </div>
  );
}

function GroupLinks({ rows }: { rows: readonly PageRow[] }) {
  const { pathname } = useLocation();
  const [{ icon: Picture, group } = { icon: undefined, group: undefined }] = rows;
  const isHere = rows.some(({ path }) => isAt(pathname, path));

  if (!group) return null;
  return (
    <NavLink label={t(group)} defaultOpened={isHere} key={String(isHere)} childrenOffset={30} py={6}
             leftSection={Picture && <Picture size={18} stroke={1.5} />} variant="subtle">
      {rows.map((row) => <PageLink key={row.path} row={row} hasIcon={false} />)}
    </NavLink>
  );
}

function PageLink({ row, hasIcon = true }: { row: PageRow; hasIcon?: boolean }) {
  const { pathname } = useLocation();
  const Picture = hasIcon ? row.icon : undefined;
  const isHere = isAt(pathname, row.path);

  return (
    <NavLink component={Link} to={row.path} label={t(row.label!)} active={isHere}
             aria-current={isHere ? "page" : undefined} style={{ borderRadius: 6 }} py={6}
             leftSection={Picture && <Picture size={18} stroke={1.5} />} />
  );
}

function isAt(pathname: string, path: string): boolean {
  return pathname === path || (path !== "/" && pathname.startsWith(`${path}/`));
}
