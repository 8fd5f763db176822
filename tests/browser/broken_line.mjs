// SPDX-License-Identifier: Apache-2.0
// A line to a server that breaks as soon as the answer to a certain POST comes: the server did what
// it was asked, and whoever asked does not hear of it.
import { connect, createServer } from "node:net";

export class BrokenLine {
  #lost; // a pattern of addresses, or undefined: the line is whole
  #times = 0; // how often it breaks yet
  #keys = [];
  #sockets = new Set();

  async open(url) {
    const { hostname, port } = new URL(url);
    this.listener = createServer((client) => this.#carry(client, connect(Number(port), hostname)));
    await new Promise((resolve) => this.listener.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${this.listener.address().port}`;
    return this;
  }

  close() {
    this.#sockets.forEach((socket) => socket.destroy());
    this.listener.close();
  }

  break(lost, times = Infinity) {
    this.#lost = lost;
    this.#times = times;
    this.#keys = [];
  }

  // Gives the Idempotency-Key of every such request since it broke.
  mend() {
    this.#lost = undefined;
    return this.#keys;
  }

  // Whether the answer to the request that begins with these bytes is to be lost.
  #meets(head) {
    const [, method, address] = /^([A-Z]+) (\S+) HTTP/.exec(head);
    if (method !== "POST" || !this.#lost?.test(address)) return false;
    this.#keys.push(/^idempotency-key: (.*)\r$/im.exec(head)?.[1]);
    return this.#times-- > 0;
  }

  #carry(client, server) {
    let breaks = false;

    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("error", () => {}); // "close" follows
      socket.on("close", () => {
        client.destroy();
        server.destroy();
      });
    }
    client.on("data", (bytes) => {
      const text = bytes.toString("latin1");
      if (/^[A-Z]+ \S+ HTTP/.test(text)) breaks = this.#meets(text);
      server.write(bytes);
    });
    server.on("data", (bytes) => (breaks ? client.destroy() : client.write(bytes)));
  }
}
