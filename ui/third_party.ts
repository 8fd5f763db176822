// SPDX-License-Identifier: Apache-2.0
// A step of the build: writes which packages of others are in the app that was built, with their
// versions and licences, into dist/third-party.txt, which is served beside it. Their licences ask
// for that, and tools/sbom.py reads the heading lines: "== name version, licence".
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin, Rollup } from "vite";

const INTRODUCTION = `The web app of Tessera contains these packages of others, each under the
licence that follows its name.
`;

interface Package {
  folder: string;
  name: string;
  version: string;
  license: string;
}

function packageOf(module: string): Package | undefined {
  const path = module.replace(/^\0/, "").replace(/\?.*$/, "");
  if (!path.includes("/node_modules/")) return undefined;
  for (let folder = dirname(path); !folder.endsWith("/node_modules"); folder = dirname(folder)) {
    const description = join(folder, "package.json");
    if (!existsSync(description)) continue;
    const { name, version, license } = JSON.parse(readFileSync(description, "utf8"));
    if (name && version) return { folder, name, version, license: license ?? "NOASSERTION" };
  }
  throw new Error(`${path} belongs to no package`);
}

/* Styles leave no code in their chunk: they are in it all the same. */
function modulesOf(chunk: Rollup.OutputChunk): string[] {
  return Object.entries(chunk.modules)
    .filter(([path, module]) => module.renderedLength > 0 || /\.css(\?|$)/.test(path))
    .map(([path]) => path);
}

function licenceFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^(licen[cs]e|notice|licenses)/i.test(name))
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? licenceFiles(path) : [path];
    });
}

function section({ folder, name, version, license }: Package): string {
  const texts = licenceFiles(folder).map((path) => readFileSync(path, "utf8").trim());
  return [`== ${name} ${version}, ${license}`, ...texts].join("\n\n");
}

export function thirdParty(): Plugin {
  return {
    name: "third-party",
    generateBundle(_, bundle) {
      const packages = new Map<string, Package>();
      for (const chunk of Object.values(bundle).filter((output) => output.type === "chunk"))
        for (const module of modulesOf(chunk)) {
          const found = packageOf(module);
          if (found) packages.set(`${found.name} ${found.version}`, found);
        }
      const sections = [...packages.keys()].sort().map((key) => section(packages.get(key)!));
      const source = `${[INTRODUCTION, ...sections].join("\n\n")}\n`;
      this.emitFile({ type: "asset", fileName: "third-party.txt", source });
    },
  };
}
