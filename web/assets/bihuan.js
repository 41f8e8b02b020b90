// Small helps that pages work without: they confirm nothing, compute nothing and keep nothing.
"use strict";

// A form that was sent shows that it is under way and cannot be sent twice.
document.addEventListener("submit", (e) => {
  const form = e.target;
  if (form.dataset.sent) { e.preventDefault(); return; }
  form.dataset.sent = "1";
  for (const b of form.querySelectorAll("button")) b.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const f of document.querySelectorAll("form[data-sent]")) {
    delete f.dataset.sent;
    for (const b of f.querySelectorAll("button")) b.removeAttribute("aria-busy");
  }
});

// Keys on lists: j and k move between rows marked data-row, x ticks, Enter opens.
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) && e.target.type !== "checkbox") return;
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement.closest("[data-row]"));
  if (e.key === "j" || e.key === "k") {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + (e.key === "j" ? 1 : -1)))];
    next.focus(); next.scrollIntoView({ block: "nearest" }); e.preventDefault();
  } else if (e.key === "x" && at >= 0) {
    const box = rows[at].querySelector("input[type=checkbox]");
    if (box) { box.checked = !box.checked; box.dispatchEvent(new Event("change", { bubbles: true })); }
  } else if (at >= 0 && /^[a-z]$/.test(e.key)) {
    const button = rows[at].querySelector(`[data-key="${e.key}"]`);
    if (button) { button.click(); e.preventDefault(); }
  }
});

// The key / leads to the search box, Escape out of it.
document.addEventListener("keydown", (e) => {
  const box = document.getElementById("find-q") || document.querySelector("[data-find]");
  if (!box || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "Escape" && e.target === box) { box.blur(); return; }
  if (e.key !== "/" || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) return;
  box.focus(); box.select(); e.preventDefault();
});

// A list beside a text: the row that has the focus shows its place, a place that is clicked shows its row.
document.addEventListener("focusin", (e) => {
  const row = e.target.closest("[data-mark]");
  if (!row) return;
  for (const m of document.querySelectorAll(".mk.on")) m.classList.remove("on");
  const mark = document.getElementById(row.dataset.mark);
  if (!mark) return;
  mark.classList.add("on");
  const box = mark.closest(".source");
  if (box && getComputedStyle(box).position === "sticky") box.scrollTop += mark.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
});
function focusTarget() {
  const row = document.querySelector("[data-row]:target");
  if (row) row.focus();
}
addEventListener("hashchange", focusTarget);
addEventListener("DOMContentLoaded", focusTarget);

// One tick for all of a page.
document.addEventListener("change", (e) => {
  const all = e.target.dataset && e.target.dataset.all;
  if (!all) return;
  for (const box of e.target.form.querySelectorAll(`input[type=checkbox][name="${all}"]`)) box.checked = e.target.checked;
});

// A file dropped on its field, and a bar while a long form is on its way.
for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, (e) => {
  const zone = e.target.closest && e.target.closest("[data-drop]");
  if (!zone) return;
  e.preventDefault();
  zone.classList.toggle("over", kind === "dragover");
  if (kind !== "drop" || !e.dataTransfer.files.length) return;
  const input = document.getElementById(zone.dataset.drop);
  input.files = e.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
document.addEventListener("submit", (e) => {
  const bar = e.target.dataset.progress && document.getElementById(e.target.dataset.progress);
  if (!bar) return;
  bar.hidden = false;
  follow(bar, e.target);
});

// How far a long form is, asked of the server until its answer comes: the bar stands at what it says.
function follow(bar, form) {
  const from = form.dataset.progressFrom, command = form.elements.command;
  if (!from || !command) return;
  const timer = setInterval(async () => {
    if (!form.dataset.sent) { clearInterval(timer); return; }
    try {
      const r = await fetch(from + "?command=" + encodeURIComponent(command.value));
      if (r.status !== 200) return;
      const meter = bar.querySelector("progress");
      meter.max = 100;
      meter.value = Number(await r.text());
    } catch { /* the page is leaving, or the network is gone: the form itself says so */ }
  }, 300);
}

// Where a report is made from: asked of the browser only when the button is pressed.
addEventListener("DOMContentLoaded", () => {
  for (const b of document.querySelectorAll("[data-locate]")) {
    if (!navigator.geolocation) continue;
    b.hidden = false;
    b.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
      (p) => locate(b.form, p.coords.longitude.toFixed(6) + "," + p.coords.latitude.toFixed(6), b.dataset.yes),
      () => locate(b.form, "", b.dataset.no), { enableHighAccuracy: true, timeout: 10000 }));
  }
});
function locate(form, place, says) {
  const field = form.querySelector("[data-place]");
  field.value = place;
  field.dispatchEvent(new Event("change"));
  form.querySelector("[data-located]").textContent = says;
  form.dispatchEvent(new Event("located"));
}

// While somebody writes, the part of the page that depends on the words is asked for anew. Who it is about stays out of it.
let hinting = 0, soon = 0;
document.addEventListener("input", (e) => {
  const form = e.target.form;
  if (!form || !form.dataset.hints || !("hint" in e.target.dataset)) return;
  clearTimeout(soon);
  soon = setTimeout(() => hint(form), e.target.tagName === "TEXTAREA" ? 350 : 0);
});
async function hint(form) {
  const mine = ++hinting, body = new FormData(form);
  for (const [called, v] of [...body]) if (v instanceof File || /(^|\.)(phone|caller|caller-address|reporter|name)$/.test(called)) body.delete(called);
  const html = await part(form.dataset.hints, body);
  if (html === null || mine !== hinting) return;
  const at = document.activeElement && document.activeElement.id;
  document.getElementById(form.dataset.hintsInto).innerHTML = html;
  const again = at && document.getElementById(at);
  if (again && again !== document.activeElement) again.focus();
}
async function part(from, body) {
  try {
    const r = await fetch(from, { method: "POST", body: new URLSearchParams(body) });
    return r.ok ? await r.text() : null;
  } catch { return null; /* the network is gone: the form itself still works */ }
}

// A number that was typed shows its earlier calls; Enter goes on to the words instead of sending the form.
async function earlier(input) {
  const html = await part(input.dataset.earlier, new URLSearchParams({ [input.name]: input.value }));
  if (html !== null) document.getElementById(input.dataset.earlierInto).innerHTML = html;
}
document.addEventListener("change", (e) => { if (e.target.dataset && e.target.dataset.earlier && e.target.value) earlier(e.target); });

// Keys of a page where people work without a mouse: Alt and the key that the page shows, Ctrl and Enter for what it proposes.
document.addEventListener("keydown", (e) => {
  if (e.key === "Enter" && e.target.dataset && e.target.dataset.next) {
    e.preventDefault();
    document.getElementById(e.target.dataset.next).focus(); // the change of the number asks for its earlier calls
    return;
  }
  if (e.key === "Enter" && e.ctrlKey && e.target.form) {
    const go = e.target.form.querySelector("[data-primary]");
    if (go) { e.preventDefault(); go.click(); }
    return;
  }
  if (!e.altKey || e.ctrlKey || e.metaKey) return;
  const key = e.code.replace(/^(Key|Digit|Numpad)/, "").toLowerCase();
  const to = /^[a-z0-9]$/.test(key) && document.querySelector(`[data-alt="${key}"]`);
  if (!to) return;
  e.preventDefault();
  to.focus();
  if (/^(BUTTON|A)$/.test(to.tagName) || /^(radio|checkbox)$/.test(to.type)) to.click();
});

// A wide picture begins where its matter is: on a phone the flow's states stand in the middle, not the lanes of the ways back beside them.
for (const box of document.querySelectorAll("[data-middle]")) {
  const what = box.querySelector(box.dataset.middle);
  if (!what || box.scrollWidth <= box.clientWidth) continue;
  const at = what.getBoundingClientRect(), of = box.getBoundingClientRect();
  box.scrollLeft += at.left + at.width / 2 - of.left - of.width / 2;
}
