// SPDX-License-Identifier: Apache-2.0
// A mail server for tests: takes mail on loopback and writes each one that it took to a file, synced
// before the reply. It can be as bad as the worst:
//   node tests/smtp_sink.mjs PORT_FILE TAKEN_FILE [--storm N] [--lost N] [--die-after N]
//                            [--throttle N] [--slow MS] [--tls KEY CERTIFICATE] [--seed N]
// PORT_FILE gets the port once it listens. TAKEN_FILE gets a line of JSON per mail that was taken:
// {"from", "to", "data"} (data in base64). Of 1,000 mails `storm` get 451 at RCPT; at `lost` the
// connection is dropped behind the final dot, and every other one of these was taken; `die-after`
// mails later the process is gone, without a reply. `throttle`: every connection takes N mails and
// then says 421. `slow`: it thinks for that long about each mail that it took.
// What a recipient's local part begins with decides for it alone:
//   r550.5.1.1-…   that reply to RCPT      d451.4.3.0-…   that reply behind the dot
//   lost-…         taken, then no reply    cut-…          dropped in the middle of the message
import { appendFileSync, fsyncSync, openSync, readFileSync, writeFileSync, renameSync } from "node:fs";
import { createServer } from "node:net";
import { TLSSocket, createSecureContext } from "node:tls";

const [portFile, takenFile, ...rest] = process.argv.slice(2);
const option = (name) => {
  const at = rest.indexOf(`--${name}`);
  return at < 0 ? 0 : Number(rest[at + 1]);
};
const storm = option("storm");
const lost = option("lost");
const dieAfter = option("die-after");
const throttle = option("throttle");
const slow = option("slow");
const tlsAt = rest.indexOf("--tls");
const secure =
  tlsAt < 0
    ? null
    : createSecureContext({
        key: readFileSync(rest[tlsAt + 1]),
        cert: readFileSync(rest[tlsAt + 2]),
      });
const taken = openSync(takenFile, "a");
let state = option("seed") || 1;
let seen = 0;
let lostCount = 0;

// The same dice on every run (mulberry32).
function dice() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return (((t ^ (t >>> 14)) >>> 0) / 4294967296) * 1000;
}

function take(mail) {
  const data = mail.data.replace(/\r\n\.\./g, "\r\n.").replace(/^\.\./, ".");
  appendFileSync(
    taken,
    JSON.stringify({
      from: mail.from,
      to: mail.to,
      data: Buffer.from(data, "latin1").toString("base64"),
    }) + "\n",
  );
  fsyncSync(taken);
}

const scripted = (to, stage) => {
  const match = /^([rd])(\d{3})\.(\d\.\d+\.\d+)-/.exec(to);
  return match && match[1] === stage ? `${match[2]} ${match[3]} as asked for <${to}>` : null;
};

function serve(plain) {
  let socket = plain;
  let mail = null;
  let buffered = "";
  let inData = false;
  let mailCount = 0;
  const say = (line) => socket.write(`${line}\r\n`);

  function dot() {
    const at = buffered.startsWith(".\r\n") ? 0 : buffered.indexOf("\r\n.\r\n");
    if (mail.to.startsWith("cut-")) return socket.destroy();
    if (at < 0) return;
    mail.data = at === 0 ? "" : buffered.slice(0, at + 2);
    buffered = buffered.slice(at === 0 ? 3 : at + 5);
    inData = false;
    seen++;
    mailCount++;
    const reply = scripted(mail.to, "d");
    if (reply) return say(reply);
    if (dieAfter && seen > dieAfter) {
      if (seen % 2) take(mail);
      process.exit(1);
    }
    if (mail.to.startsWith("lost-") || dice() < lost) {
      if (lostCount++ % 2 === 0) take(mail);
      return socket.destroy();
    }
    take(mail);
    if (slow) setTimeout(() => say("250 2.0.0 taken"), slow);
    else say("250 2.0.0 taken");
  }

  function command(line) {
    const word = line.slice(0, 4).toUpperCase();
    if (word === "EHLO") {
      socket.write("250-sink.example\r\n250-8BITMIME\r\n250-PIPELINING\r\n");
      if (secure && socket === plain) socket.write("250-STARTTLS\r\n");
      say("250 SIZE 52428800");
    } else if (word === "STAR") {
      say("220 2.0.0 go");
      socket.removeAllListeners("data");
      socket = new TLSSocket(plain, { isServer: true, secureContext: secure });
      socket.on("data", read);
      socket.on("error", () => {});
    } else if (word === "MAIL") {
      if (throttle && mailCount >= throttle) {
        say("421 4.7.0 enough of this connection");
        return socket.end();
      }
      mail = { from: /<(.*?)>/.exec(line)[1], to: "", data: "" };
      say("250 2.1.0 ok");
    } else if (word === "RCPT") {
      mail.to = /<(.*?)>/.exec(line)[1];
      say(scripted(mail.to, "r") ?? (dice() < storm ? "451 4.3.2 a storm" : "250 2.1.5 ok"));
    } else if (word === "DATA") {
      inData = true;
      say("354 go on");
    } else if (word === "QUIT") {
      say("221 2.0.0 bye");
      socket.end();
    } else {
      say(word === "RSET" || word === "NOOP" ? "250 2.0.0 ok" : "502 5.5.1 what");
    }
  }

  function read(bytes) {
    buffered += bytes.toString("latin1");
    while (!socket.destroyed) {
      if (inData) {
        const before = buffered.length;
        dot();
        if (inData || buffered.length === before) return;
        continue;
      }
      const end = buffered.indexOf("\r\n");
      if (end < 0) return;
      const line = buffered.slice(0, end);
      buffered = buffered.slice(end + 2);
      command(line);
    }
  }

  plain.setNoDelay(true);
  plain.on("data", read);
  plain.on("error", () => {});
  say("220 sink.example ESMTP");
}

const server = createServer(serve);
server.listen(0, "127.0.0.1", () => {
  writeFileSync(`${portFile}.new`, String(server.address().port));
  renameSync(`${portFile}.new`, portFile);
});
