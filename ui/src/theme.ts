// SPDX-License-Identifier: Apache-2.0
// The look: calm greys, one accent, red only for loss and error. `series` are the colours of
// charts, in the order in which they are given out; they stay apart for readers who do not see red
// and green (after Okabe and Ito, without black and yellow, darker where white would drown them).
import { createTheme, type MantineColorsTuple } from "@mantine/core";

const tile: MantineColorsTuple = [
  "#eefaf8", "#d8f1ed", "#aee3db", "#80d4c8", "#58c4b6", "#38b2a3", "#1f9a8b", "#0f766e",
  "#0b5e58", "#064640",
];

// White reads on its seventh, which buttons have.
const red: MantineColorsTuple = [
  "#fff5f5", "#ffe3e3", "#ffc9c9", "#ffa8a8", "#ff8787", "#fa5252", "#e03131", "#c92a2a",
  "#a82323", "#8a1c1c",
];

export const series = [
  "#0f766e", "#d98c00", "#3d85c6", "#b0478f", "#7a6ff0", "#c2571a", "#5b7083", "#4c9a2a",
] as const;

// From nothing to all, for heat maps; `dark` on dark ground.
export const ramp = {
  light: ["#f1f5f4", "#cfe8e4", "#93cfc6", "#4fb0a3", "#0f766e", "#064640"],
  dark: ["#20302f", "#1d4a46", "#1a6b64", "#23918a", "#58c4b6", "#b9ebe4"],
} as const;

export const theme = createTheme({
  primaryColor: "tile",
  primaryShade: 7, // white text stands out on it, on light ground and on dark
  autoContrast: true,
  colors: { tile, red },
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily:
    "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.5rem", lineHeight: "1.25" },
      h2: { fontSize: "1.125rem", lineHeight: "1.35" },
      h3: { fontSize: "1rem", lineHeight: "1.4" },
    },
  },
  components: {
    Paper: { defaultProps: { withBorder: true, radius: "md" } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    Modal: { defaultProps: { centered: true } },
    // What holds the focus in its place is no item, which a menu must consist of.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
  },
});
