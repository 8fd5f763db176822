// SPDX-License-Identifier: Apache-2.0
// A step of the build: the tag of other people's pages as one file, t.js, beside the web app.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Plugin } from "vite";

const source = fileURLToPath(new URL("./main.ts", import.meta.url));

export const options = {
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2019",
  legalComments: "none",
  banner: { js: "/* Tessera. SPDX-License-Identifier: Apache-2.0 */" },
  write: false,
} as const;

export function tag(): Plugin {
  return {
    name: "tag",
    async generateBundle() {
      const { outputFiles } = await build({ ...options, entryPoints: [source] });
      this.emitFile({ type: "asset", fileName: "t.js", source: outputFiles[0]!.text });
    },
  };
}
