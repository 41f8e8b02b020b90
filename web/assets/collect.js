// The collector's phone: each capture has an id of its own from the moment it is begun, and each photo is sealed with where
// and when it was taken before anything is sent. The server works the seal out again.
"use strict";

// uuid7 makes the id of a command: RFC 9562 §5.7.
function uuid7() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  let ms = Date.now();
  for (let i = 5; i >= 0; i--) { b[i] = ms % 256; ms = Math.floor(ms / 256); }
  b[6] = b[6] & 0x0f | 0x70;
  b[8] = b[8] & 0x3f | 0x80;
  return [...b].map((x, i) => (/^(4|6|8|10)$/.test(i) ? "-" : "") + x.toString(16).padStart(2, "0")).join("");
}

// sm3 is the hash of GB/T 32905-2016 over bytes, in hexadecimal digits.
function sm3(bytes) {
  const n = bytes.length, padded = new Uint8Array((n + 72 >> 6) << 6), view = new DataView(padded.buffer);
  padded.set(bytes);
  padded[n] = 0x80;
  view.setUint32(padded.length - 8, Math.floor(n / 0x20000000));
  view.setUint32(padded.length - 4, n << 3);
  const rol = (x, k) => x << (k & 31) | x >>> (32 - (k & 31));
  const p0 = (x) => x ^ rol(x, 9) ^ rol(x, 17), p1 = (x) => x ^ rol(x, 15) ^ rol(x, 23);
  const v = Int32Array.of(0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e);
  const w = new Int32Array(68);
  for (let at = 0; at < padded.length; at += 64) {
    for (let j = 0; j < 16; j++) w[j] = view.getInt32(at + 4 * j);
    for (let j = 16; j < 68; j++) w[j] = p1(w[j - 16] ^ w[j - 9] ^ rol(w[j - 3], 15)) ^ rol(w[j - 13], 7) ^ w[j - 6];
    let [a, b, c, d, e, f, g, h] = v;
    for (let j = 0; j < 64; j++) {
      const a12 = rol(a, 12), ss1 = rol(a12 + e + rol(j < 16 ? 0x79cc4519 : 0x7a879d8a, j) | 0, 7), ss2 = ss1 ^ a12;
      const ff = j < 16 ? a ^ b ^ c : a & b | a & c | b & c, gg = j < 16 ? e ^ f ^ g : e & f | ~e & g;
      const tt1 = ff + d + ss2 + (w[j] ^ w[j + 4]) | 0, tt2 = gg + h + ss1 + w[j] | 0;
      d = c; c = rol(b, 9); b = a; a = tt1; h = g; g = rol(f, 19); f = e; e = p0(tt2);
    }
    for (const [i, x] of [a, b, c, d, e, f, g, h].entries()) v[i] ^= x;
  }
  return [...v].map((x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
}

// seal is what desk.Seal says: a line each for the form, the place and the time, then the photo.
async function seal(file, place, taken) {
  const head = new TextEncoder().encode("bihuan/capture/1\n" + place + "\n" + taken + "\n"), photo = new Uint8Array(await file.arrayBuffer());
  const all = new Uint8Array(head.length + photo.length);
  all.set(head);
  all.set(photo, head.length);
  return sm3(all);
}

// takenAt is when a photo was taken: what the file says if that was just now, otherwise now.
function takenAt(file) {
  const now = Date.now();
  return new Date(Math.abs(now - file.lastModified) < 600000 ? file.lastModified : now).toISOString();
}

// capture seals every photo of a form and shows that it did.
async function capture(form) {
  const list = form.querySelector("[data-seals]"), where = form.querySelector("[data-place]");
  const place = where && /^-?[0-9.]+,-?[0-9.]+$/.test(where.value) ? where.value : "";
  const said = [], shown = [];
  for (const input of form.querySelectorAll("[data-photo]")) for (const file of input.files) {
    file.taken = file.taken || takenAt(file);
    const s = await seal(file, place, file.taken);
    said.push({ size: file.size, place, taken: file.taken, seal: s });
    const li = document.createElement("li");
    li.textContent = form.dataset.sealed + " " + s.slice(0, 12) + "… · " + new Date(file.taken).toLocaleString(document.documentElement.lang) + " · " + (place || form.dataset.nowhere);
    shown.push(li);
  }
  form.elements.captures.value = said.length ? JSON.stringify(said) : "";
  list.replaceChildren(...shown);
}

addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[data-capture]")) {
    if (!("came" in form.dataset)) form.elements.command.value = uuid7(); // what comes again keeps its id: its photos wait under it
    form.addEventListener("change", (e) => { if ("photo" in e.target.dataset || "place" in e.target.dataset) capture(form); });
    form.addEventListener("located", () => capture(form));
  }
});
