// SPDX-License-Identifier: Apache-2.0
// How the web app is built: into ui/dist, which the program carries inside. `npx vite ui` serves it
// while it is written and passes what the server answers on from TESSERA_SERVER.
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import mantine from "postcss-preset-mantine";
import { defineConfig } from "vite";
import { tag } from "./tag/plugin";
import { thirdParty } from "./third_party";

const server = process.env.TESSERA_SERVER ?? "http://127.0.0.1:7380";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react(), thirdParty(), tag()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  css: { postcss: { plugins: [mantine()] } },
  build: {
    target: "es2022",
    outDir: "dist",
    assetsInlineLimit: 0, // the content security policy allows no data: addresses
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700, // ECharts, loaded by the pages that draw
  },
  server: {
    host: "127.0.0.1",
    // The server answers to its own host and origin only.
    proxy: {
      "^/(api/|v1/|beacon/|pixel/|t/|(healthz|metrics)$)": {
        target: server,
        changeOrigin: true,
        headers: { origin: server },
      },
    },
  },
});
