// SPDX-License-Identifier: Apache-2.0
// A server of one's own: the built program on a free port, its store in a new folder that goes when
// the test ends.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(root, "build/tessera");
const START_MS = 300_000;
const STOP_MS = 120_000;

// The environment without whatever configures a store of the developer's own.
function plainEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("TESSERA_")));
}

export class Server {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "tessera-browser-"));
    this.store = join(this.folder, "store");
    this.said = "";
  }

  // A command of the program on this store, which need not be served. Gives what it wrote.
  command(...words) {
    const { status, stdout, stderr } = spawnSync(program, ["--data", this.store, ...words], {
      encoding: "utf8", env: plainEnvironment(), maxBuffer: 1 << 26,
    });
    if (status !== 0) throw new Error(`tessera ${words.join(" ")}: ${stderr}`);
    return stdout;
  }

  // The table that a command answers with.
  table(...words) {
    const answer = JSON.parse(this.command(...words, "--format", "json"));
    return answer.rows ? answer : Object.values(answer).find(({ rows }) => rows);
  }

  // A column of that table, from the first row on.
  column(name, ...words) {
    const { columns, rows } = this.table(...words);
    const index = columns.findIndex((column) => column.name === name);
    return rows.map((row) => String(row[index]));
  }

  // Resolves once it listens.
  async start() {
    this.process = spawn(
      program,
      ["--data", this.store, "serve", "--listen", "127.0.0.1:0", "--log", "info"],
      { env: plainEnvironment(), stdio: ["ignore", "ignore", "pipe"] });
    this.ended = new Promise((resolve) => this.process.on("exit", resolve));
    this.process.stderr.setEncoding("utf8").on("data", (text) => { this.said += text; });
    const port = await this.#wait(/"event":"serving".*"port":(\d+)/);
    this.url = `http://127.0.0.1:${port}`;
    return this;
  }

  // The link that is printed when nobody can sign in yet.
  async firstLink() {
    const token = await this.#wait(/\/welcome#(\S+)/);
    return `${this.url}/welcome#${token}`;
  }

  async #wait(pattern) {
    for (const begin = Date.now(); Date.now() - begin < START_MS;) {
      const found = pattern.exec(this.said);
      if (found) return found[1];
      if (this.process.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`the server does not say ${pattern}:\n${this.said}`);
  }

  async stop() {
    if (this.process && this.process.exitCode === null) {
      const hard = setTimeout(() => this.process.kill("SIGKILL"), STOP_MS);
      this.process.kill("SIGTERM");
      await this.ended;
      clearTimeout(hard);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
