// SPDX-License-Identifier: Apache-2.0
// Colours of heat maps: from the theme's ramp, with ink on them that can be read.
import { ramp } from "@/theme";

function channels(colour: string): [number, number, number] {
  const bits = Number.parseInt(colour.slice(1), 16);
  return [bits >> 16, (bits >> 8) & 255, bits & 255];
}

// Relative luminance as WCAG defines it.
function luminance(rgb: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Of a share from 0 to 1. */
export function heat(share: number, scheme: "light" | "dark") {
  const steps = ramp[scheme];
  const place = Math.min(1, Math.max(0, share)) * (steps.length - 1);
  const below = Math.min(Math.floor(place), steps.length - 2);
  const [low, high] = [channels(steps[below]!), channels(steps[below + 1]!)];
  const mixed = low.map((channel, index) =>
    Math.round(channel + (high[index]! - channel) * (place - below)));
  // The ink with more contrast: on luminance L, white has 1.05 / (L + .05), black (L + .05) / .05.
  const light = luminance(mixed) + 0.05;

  return {
    background: `rgb(${mixed.join(" ")})`,
    color: 1.05 / light > light / 0.05 ? "#ffffff" : "#000000",
  };
}
