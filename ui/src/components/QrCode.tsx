// SPDX-License-Identifier: Apache-2.0
// A text as a picture that a telephone reads: dark on light whatever the scheme, with a quiet zone.
import { qrOf } from "./qr";

const QUIET = 4; // modules

interface QrCodeProps {
  text: string;
  label: string;
  size?: number; // px
}

export function QrCode({ text, label, size = 200 }: QrCodeProps) {
  const modules = qrOf(text);

  if (!modules) return null;
  const width = modules.length + 2 * QUIET;
  const path = modules.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : []))).join("");

  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${width}`} width={size} height={size}
         shapeRendering="crispEdges">
      <path fill="#ffffff" d={`M0 0h${width}v${width}H0z`} />
      <path fill="#000000" d={path} />
    </svg>
  );
}
