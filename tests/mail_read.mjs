// SPDX-License-Identifier: Apache-2.0
// Reads mails that the sink of tests/smtp_sink.mjs took with programs of others: mailparser takes
// them apart, mailauth verifies their signatures against the records given.
//   node tests/mail_read.mjs TAKEN_FILE RECORDS_FILE
// RECORDS_FILE: {"NAME": "TXT record"}. Prints one JSON object per mail.
import { readFileSync } from "node:fs";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { simpleParser } from "mailparser";

const [takenFile, recordsFile] = process.argv.slice(2);
const records = JSON.parse(readFileSync(recordsFile, "utf8"));
const resolver = async (name, type) => {
  if (type === "TXT" && records[name]) return [[records[name]]];
  const error = new Error("no such record");
  error.code = "ENOTFOUND";
  throw error;
};

for (const line of readFileSync(takenFile, "utf8").trim().split("\n")) {
  const bytes = Buffer.from(JSON.parse(line).data, "base64");
  const mail = await simpleParser(bytes);
  const verdict = await dkimVerify(bytes, { resolver });
  console.log(
    JSON.stringify({
      subject: mail.subject,
      from: mail.from?.text,
      text: mail.text,
      html: mail.html || null,
      messageId: mail.messageId,
      attachments: mail.attachments.map((file) => file.filename),
      dkim: verdict.results.map((one) => `${one.algo} ${one.status.result}`),
    }),
  );
}
