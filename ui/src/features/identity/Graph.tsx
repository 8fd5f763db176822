// SPDX-License-Identifier: Apache-2.0
// The identity graph as a picture. Loaded apart from the page: whoever does not look at it does not
// fetch the library that draws it. The page's lists say the same for who does not see.
import { useComputedColorScheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import {
  IconAt, IconCookie, IconCreditCard, IconDeviceMobile, IconHash, IconId, IconMail, IconPackage,
  IconPhone, type Icon,
} from "@tabler/icons-react";
import {
  Controls, Handle, Position, ReactFlow, type Edge, type Node, type NodeProps,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { useMemo } from "react";
import { numberOf, recordsOf, textOf, type Record } from "@/api/records";
import { kindWords } from "@/features/customers/customer";
import { t } from "@/i18n";
import { endWords, isLive, placesOf, reasonWords, type Identity, type Place } from "./identity";
import styles from "./Graph.module.css";

const COLUMN_PX = 330;
const ROW_PX = 96;
const NARROW = "(max-width: 48em)"; // there the tiles stand under each other
const INDENT_PX = 36;

const ICONS: { [kind: string]: Icon } = {
  email: IconAt, phone: IconPhone, loyalty_card: IconCreditCard, customer_number: IconId,
  cookie: IconCookie, device: IconDeviceMobile, social: IconHash, pickup_code: IconPackage,
  message: IconMail,
};

interface Tile extends globalThis.Record<string, unknown> {
  kind: string;
  value: string;
  guard: string;
  isForeign: boolean;
  receipts: number;
  events: number;
  isNarrow: boolean;
}

type TileNode = Node<Tile, "identifier">;

function Identifier({ data }: NodeProps<TileNode>) {
  const Picture = ICONS[data.kind] ?? IconId;
  const counts = [
    data.receipts > 0 && t("identity.receipts", { count: data.receipts }),
    data.events > 0 && t("identity.events", { count: data.events }),
  ].filter(Boolean).join(", ");

  return (
    <div className={styles.node} data-foreign={data.isForeign} data-guard={data.guard}>
      <Handle type="target" id="before" position={Position.Left} className={styles.handle}
              isConnectable={false} />
      <Handle type="target" id="beside" position={Position.Right} className={styles.handle}
              isConnectable={false} />
      <div className={styles.kind}><Picture size={14} aria-hidden />{kindWords(data.kind)}</div>
      <div className={styles.value}>{data.value}</div>
      <div className={styles.counts}>
        {data.isForeign ? t("identity.otherCustomer") : counts || t("identity.nothingUnder")}
      </div>
      <Handle type="source" position={data.isNarrow ? Position.Left : Position.Right}
              className={styles.handle} isConnectable={false} />
    </div>
  );
}

const NODE_TYPES = { identifier: Identifier };

function tileOf(identifier: Record, isNarrow: boolean): Tile {
  return {
    isNarrow,
    kind: textOf(identifier, "kind"),
    value: textOf(identifier, "value"),
    guard: textOf(identifier, "guard"),
    isForeign: false,
    receipts: numberOf(identifier, "receipts"),
    events: numberOf(identifier, "events"),
  };
}

// Ends of undone links that are another customer's by now.
function foreignTiles(
  identity: Identity, own: Map<string, Tile>, isNarrow: boolean,
): Map<string, Tile> {
  const tiles = new Map<string, Tile>();

  for (const link of recordsOf(identity.links))
    for (const end of ["a", "b"] as const) {
      const id = textOf(link, `identifier_${end}`);
      if (!own.has(id))
        tiles.set(id, {
          kind: textOf(link, `kind_${end}`), value: textOf(link, `value_${end}`), guard: "",
          isForeign: true, receipts: 0, events: 0, isNarrow,
        });
    }
  return tiles;
}

function tilesOf(identity: Identity, isNarrow: boolean): Map<string, Tile> {
  const own = new Map(recordsOf(identity.identifiers).map((each) =>
    [textOf(each, "id"), tileOf(each, isNarrow)]));

  return new Map([...own, ...foreignTiles(identity, own, isNarrow)]);
}

// Columns beside each other, each in the middle of the height.
function wideSpots(places: Map<string, Place>): Map<string, { x: number; y: number }> {
  const all = [...places.values()];
  const height = Math.max(...all.map(({ row }) => row)) * ROW_PX;

  return new Map(all.map(({ id, column, row }) => {
    const rows = all.filter((place) => place.column === column).length;
    const top = (height - (rows - 1) * ROW_PX) / 2;
    return [id, { x: column * COLUMN_PX, y: top + row * ROW_PX }];
  }));
}

// One under the other, those farther away indented.
function narrowSpots(places: Map<string, Place>): Map<string, { x: number; y: number }> {
  const all = [...places.values()].sort((a, b) => a.column - b.column || a.row - b.row);

  return new Map(all.map(({ id, column }, place) =>
    [id, { x: column * INDENT_PX, y: place * ROW_PX }]));
}

function nodesOf(
  identity: Identity, places: Map<string, Place>, isNarrow: boolean,
): TileNode[] {
  const spots = isNarrow ? narrowSpots(places) : wideSpots(places);

  return [...tilesOf(identity, isNarrow)].map(([id, data]) => ({
    id, type: "identifier", data, draggable: false, connectable: false, selectable: false,
    position: spots.get(id)!,
    ariaLabel: t("identity.node", {
      kind: kindWords(data.kind), value: data.value, receipts: data.receipts,
      events: data.events,
    }),
  }));
}

// An edge goes from left to right, whichever end is which.
function edgesOf(
  identity: Identity, places: Map<string, Place>, chosen: string, isNarrow: boolean,
): Edge[] {
  return recordsOf(identity.links).map((link) => {
    const [a, b] = [textOf(link, "identifier_a"), textOf(link, "identifier_b")];
    const isForward = places.get(a)!.column <= places.get(b)!.column;
    const isBeside = !isNarrow && places.get(a)!.column === places.get(b)!.column;
    const isUndone = !isLive(link);
    const isChosen = textOf(link, "id") === chosen;

    return {
      id: textOf(link, "id"),
      source: isForward ? a : b,
      target: isForward ? b : a,
      targetHandle: isBeside ? "beside" : "before",
      selected: isChosen,
      interactionWidth: 24,
      ...(!isNarrow && {
        label: isUndone ? t("identity.undoneLink") : reasonWords(textOf(link, "reason")),
      }),
      labelStyle: { fontSize: 12 },
      labelBgPadding: [6, 2],
      labelBgBorderRadius: 4,
      style: {
        ...(isUndone && { strokeDasharray: "5 4", opacity: 0.6 }),
        strokeWidth: isChosen ? 2.5 : 1.5,
      },
      ariaLabel: t("identity.edge", {
        one: endWords(link, "a"), other: endWords(link, "b"),
        reason: reasonWords(textOf(link, "reason")),
      }),
    };
  });
}

export interface GraphProps {
  identity: Identity;
  chosen: string; // id of a link, or ""
  onChoose: (link: string) => void;
}

export default function Graph({ identity, chosen, onChoose }: GraphProps) {
  const scheme = useComputedColorScheme("light");
  const places = useMemo(() => placesOf(identity), [identity]);
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false }) ?? false;
  const nodes = useMemo(() => nodesOf(identity, places, isNarrow), [identity, places, isNarrow]);
  const edges = useMemo(() => edgesOf(identity, places, chosen, isNarrow),
                        [identity, places, chosen, isNarrow]);

  return (
    <div className={styles.frame} role="group" aria-label={t("identity.graphLabel")}>
      <ReactFlow nodes={nodes} edges={edges} nodeTypes={NODE_TYPES} colorMode={scheme} fitView
                 fitViewOptions={{ padding: 0.12, maxZoom: 1 }} minZoom={0.15}
                 nodesDraggable={false} nodesConnectable={false} nodesFocusable={false}
                 edgesFocusable preventScrolling={false} zoomOnScroll={false}
                 proOptions={{ hideAttribution: true }}
                 onEdgeClick={(_, { id }) => onChoose(id)}
                 onEdgesChange={(changes) => changes.forEach((change) =>
                   change.type === "select" && change.selected && onChoose(change.id))}>
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}
