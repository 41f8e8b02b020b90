// recognize.js [--dates] [--runs N] FILE...: what @microsoft/recognizers-text-suite finds in
// Chinese texts, one JSON object a file on a line: {file, length, ms, spans}.
//
// spans are [{start, end, value, model}] in code points, end not included. --dates also asks
// the date-time and ordinal models, for those who want to take dates and ordinals out. ms
// are the times of N runs over the text within this process (1).
//
// A text is given line by line: the library is made for utterances, and its time grows with
// the square of the length of what it is given at once.
"use strict";
const fs = require("fs");
const suite = require("@microsoft/recognizers-text-suite");

const amounts = ["recognizeNumber", "recognizePercentage", "recognizeCurrency", "recognizeDimension"];
const others = ["recognizeOrdinal", "recognizeDateTime"];

let runs = 1;
let models = amounts;
const files = [];
for (let i = 2; i < process.argv.length; i++) {
  const arg = process.argv[i];
  if (arg === "--dates") models = amounts.concat(others);
  else if (arg === "--runs") runs = Number(process.argv[++i]);
  else files.push(arg);
}
if (files.length === 0 || !(runs >= 1)) {
  console.error("usage: recognize.js [--dates] [--runs N] FILE...");
  process.exit(2);
}

// codePoints maps an index of UTF-16 units to one of code points.
function codePoints(text) {
  const at = new Uint32Array(text.length + 1);
  for (let i = 0, n = 0; i <= text.length; i++) {
    at[i] = n;
    const c = text.charCodeAt(i);
    if (!(c >= 0xd800 && c <= 0xdbff)) n++;
  }
  return at;
}

function recognize(text) {
  const found = [];
  let offset = 0;
  for (const line of text.split("\n")) {
    if (line.trim() !== "") {
      for (const m of models) {
        for (const r of suite[m](line, suite.Culture.Chinese)) {
          found.push({ start: offset + r.start, end: offset + r.end + 1, r });
        }
      }
    }
    offset += line.length + 1;
  }
  return found;
}

for (const file of files) {
  const text = fs.readFileSync(file, "utf8");
  const at = codePoints(text);
  const ms = [];
  let found;
  for (let i = 0; i < runs; i++) {
    const start = process.hrtime.bigint();
    found = recognize(text);
    ms.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  const spans = found.map(({ start, end, r }) => ({
    start: at[start],
    end: at[end],
    value: String((r.resolution && r.resolution.value) || ""),
    model: r.typeName,
  }));
  console.log(JSON.stringify({ file, length: at[text.length], ms, spans }));
}
