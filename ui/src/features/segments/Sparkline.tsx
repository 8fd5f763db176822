// SPDX-License-Identifier: Apache-2.0
// A segment's size over its evaluations, as small as a word. What it shows stands in its label.
import { useApi } from "@/api/queries";
import type { Table } from "@/api/client";
import { figuresOf } from "@/features/selection/columns";
import { t } from "@/i18n";
import { segmentPath } from "./segment";

const WIDTH = 96;
const HEIGHT = 24;
const POINTS = 30;

export function Sparkline({ name }: { name: string }) {
  const history = useApi<Table>(`${segmentPath(name)}/history`, { limit: POINTS });
  const sizes = history.data
    ? figuresOf(history.data, "size").map((size) => size ?? 0).reverse() : [];

  if (sizes.length < 2) return null;
  const low = Math.min(...sizes);
  const range = Math.max(...sizes) - low || 1;
  const points = sizes.map((size, index) => [
    2 + (index / (sizes.length - 1)) * (WIDTH - 4),
    HEIGHT - 3 - ((size - low) / range) * (HEIGHT - 6),
  ] as const);
  const [x, y] = points.at(-1)!;

  return (
    <svg width={WIDTH} height={HEIGHT} role="img" style={{ display: "block" }}
         aria-label={t("segments.sparkline", {
           count: sizes.length, first: sizes[0]!, last: sizes.at(-1)!,
         })}>
      <polyline fill="none" stroke="var(--mantine-primary-color-filled)" strokeWidth={1.5}
                points={points.map((point) => point.join(",")).join(" ")} />
      <circle cx={x} cy={y} r={2.5} fill="var(--mantine-primary-color-filled)" />
    </svg>
  );
}
