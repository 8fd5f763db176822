// SPDX-License-Identifier: Apache-2.0
// A receiver of webhooks for tests, as the Standard Webhooks say one has to be: it takes what is
// signed lately with its secret, and knows a message again by its id.
//   node tests/webhook_receiver.mjs PORT_FILE SECRET_FILE TAKEN_FILE
// PORT_FILE gets the port once it listens. SECRET_FILE is read for each message. TAKEN_FILE gets a
// line of JSON per message: {"id", "state", "body"}; state: taken, again, unsigned, busy.
// What the path begins with decides: /gone answers 410, /busy 503 with Retry-After to the first
// message of all, /cut drops the connection of the first one after it took it.
import { createHmac, timingSafeEqual } from "node:crypto";
import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

const [portFile, secretFile, takenFile] = process.argv.slice(2);
const known = new Set();
let count = 0;

function isSigned(headers, body) {
  const secret = Buffer.from(readFileSync(secretFile, "utf8").trim().replace(/^whsec_/, ""), "base64");
  const id = headers["webhook-id"] ?? "";
  const at = headers["webhook-timestamp"] ?? "";
  const wanted = createHmac("sha256", secret).update(`${id}.${at}.${body}`).digest();
  const given = (headers["webhook-signature"] ?? "").split(" ").map((one) => one.split(","));

  if (id === "" || Math.abs(Date.now() / 1000 - Number(at)) > 300) return false;
  return given.some(([version, value]) => {
    const bytes = Buffer.from(value ?? "", "base64");
    return version === "v1" && bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
  });
}

function note(id, state, body) {
  appendFileSync(takenFile, JSON.stringify({ id, state, body }) + "\n");
}

const server = createServer((request, response) => {
  const parts = [];

  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts).toString("utf8");
    const id = request.headers["webhook-id"];
    const isFirst = count++ === 0;
    const answer = (status, state, headers = {}) => {
      note(id, state, body);
      response.writeHead(status, headers).end();
    };

    if (request.url.startsWith("/gone")) return answer(410, "gone");
    if (!isSigned(request.headers, body)) return answer(401, "unsigned");
    if (request.url.startsWith("/busy") && isFirst) return answer(503, "busy", { "Retry-After": "120" });
    if (known.has(id)) return answer(200, "again");
    known.add(id);
    if (request.url.startsWith("/cut") && isFirst) {
      note(id, "taken", body);
      return request.socket.destroy();
    }
    return answer(200, "taken");
  });
});
server.listen(0, "127.0.0.1", () => {
  writeFileSync(`${portFile}.new`, String(server.address().port));
  renameSync(`${portFile}.new`, portFile);
});
