// Maps in pages that have their drawing from the server already: where WebGL is there, the drawing gives way to a map to move in.
"use strict";

const colours = { red: "#c62828", yellow: "#a86a00", green: "#1f8a4c", grey: "#55606d", plain: "#1d5bbf", done: "#75818e" };
const names = { street: 10, community: 12, grid: 14, cell: 15 }; // from which level on the names of a layer are shown

function hasWebGL() {
  try { return !!document.createElement("canvas").getContext("webgl2"); } catch { return false; }
}

// tiles is the address of the tiles under a path.
function tiles(path, query) { return location.origin + path + "/{z}/{x}/{y}.mvt" + (query ? "?" + query : ""); }

// outlines are the sources and layers of the places of the registers.
function outlines(config, style) {
  const from = { street: 0, community: 11, grid: 13, cell: 14 };
  for (const layer of [...config.layers].reverse()) {
    style.sources[layer] = { type: "vector", tiles: [tiles(config.outlines + "/" + layer)], minzoom: from[layer], maxzoom: 16 };
  }
  if (config.layers.includes("street")) style.layers.push({ id: "ground", type: "fill", source: "street", "source-layer": "street", paint: { "fill-color": "#f7f9fc" } });
  const lines = { cell: ["#d5dce5", 0.6], grid: ["#b9c4d1", 0.9], community: ["#93a2b4", 1.2], street: ["#5f7084", 2] };
  for (const layer of Object.keys(lines)) {
    if (!config.layers.includes(layer)) continue;
    style.layers.push({ id: layer + "-line", type: "line", source: layer, "source-layer": layer, paint: { "line-color": lines[layer][0], "line-width": lines[layer][1] } });
  }
  for (const layer of ["street", "community", "grid"]) {
    if (!config.layers.includes(layer)) continue;
    style.layers.push({ id: layer + "-name", type: "symbol", source: layer, "source-layer": layer + "-names", minzoom: names[layer], maxzoom: layer === "street" ? 14 : layer === "community" ? 16 : 24,
      layout: { "text-field": ["get", config.lang === "en" ? "en" : "zh"], "text-size": layer === "street" ? 14 : 12, "text-font": ["sans-serif"], "text-max-width": 9 },
      paint: { "text-color": layer === "street" ? "#2c3947" : "#55606d", "text-halo-color": "#ffffff", "text-halo-width": 1.4 } });
  }
}

function styleOf(config) {
  const style = { version: 8, sources: {}, layers: [{ id: "paper", type: "background", paint: { "background-color": "#e6ebf1" } }] };
  outlines(config, style);
  return style;
}

// arrive puts the map in the place of the server's drawing when all of it is painted: until then the drawing stays to be read.
function arrive(map, element, fallback) {
  map.once("idle", () => {
    element.classList.remove("coming");
    fallback.hidden = true;
    map.resize();
    element.dataset.ready = "yes";
  });
  map.triggerRepaint();
}

async function draw(element, config) {
  const gl = await import(config.library);
  gl.setWorkerUrl(new URL(config.worker, location.href).href);
  const map = new gl.Map({ container: element, style: styleOf(config), bounds: config.box.split(",").map(Number), fitBoundsOptions: { padding: 24 }, attributionControl: false,
    maxZoom: 20, dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: 0, locale: labels(config.lang) });
  map.addControl(new gl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new gl.ScaleControl({ unit: "metric" }), "bottom-left");
  map.touchZoomRotate.disableRotation();
  return { gl, map };
}

function labels(lang) {
  if (lang === "en") return {};
  return { "NavigationControl.ZoomIn": "放大", "NavigationControl.ZoomOut": "缩小", "Map.Title": "地图", "ScaleControl.Meters": "米", "ScaleControl.Kilometers": "公里",
    "GeolocateControl.FindMyLocation": "我的位置", "Marker.Title": "选定的位置" };
}

// lampImage paints the shape of a light as an image for the map.
function lampImage(lamp, colour) {
  const size = 40, canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const c = canvas.getContext("2d");
  c.scale(size / 20, size / 20);
  c.translate(2, 2);
  c.lineJoin = c.lineCap = "round";
  const body = new Path2D(lamp.body);
  c.strokeStyle = "#ffffff"; c.lineWidth = 2.4; c.stroke(body);
  c.fillStyle = colour; c.fill(body);
  c.lineWidth = 1.8; c.stroke(new Path2D(lamp.sign));
  return c.getImageData(0, 0, size, size);
}

function mattersLayers(map, config, query) {
  map.addSource("matters", { type: "vector", tiles: [tiles(config.tiles, query)], minzoom: 0, maxzoom: 19 });
  for (const lamp of config.lamps) map.addImage("lamp-" + lamp.shade, lampImage(lamp, colours[lamp.shade]), { pixelRatio: 2 });
  const colour = ["match", ["get", "s"], ...Object.entries(colours).flat().slice(0, -2), colours.done];
  const many = [">", ["get", "n"], 1], lit = ["in", ["get", "s"], ["literal", config.lamps.map((l) => l.shade)]];
  const layer = { source: "matters", "source-layer": "matters" };
  map.addLayer({ id: "heat", type: "heatmap", ...layer, layout: { visibility: "none" }, paint: { "heatmap-weight": ["interpolate", ["linear"], ["ln", ["+", 1, ["get", "n"]]], 0, 0.1, 4, 1],
    "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 10, 34, 16, 60], "heatmap-opacity": 0.8, "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 9, 1, 16, 2] } });
  map.addLayer({ id: "circles", type: "circle", ...layer, filter: ["any", many, ["!", lit]], paint: { "circle-color": colour, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.5, "circle-opacity": 0.92,
    "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "n"]], 1, 7, 2, 11, 10, 20, 60, 28] } });
  map.addLayer({ id: "lamps", type: "symbol", ...layer, filter: ["all", ["!", many], lit], layout: { "icon-image": ["concat", "lamp-", ["get", "s"]], "icon-allow-overlap": true, "icon-ignore-placement": true } });
  map.addLayer({ id: "counts", type: "symbol", ...layer, filter: many, layout: { "text-field": ["to-string", ["get", "n"]], "text-size": 12.5, "text-font": ["sans-serif"], "text-allow-overlap": true, "text-ignore-placement": true },
    paint: { "text-color": "#ffffff" } });
  map.addLayer({ id: "marks", type: "symbol", ...layer, filter: ["all", many, lit], layout: { "icon-image": ["concat", "lamp-", ["get", "s"]], "icon-size": 0.7, "icon-offset": [22, -20], "icon-allow-overlap": true, "icon-ignore-placement": true } });
}

// atlas is the map of matters with what stands about it.
async function atlas(element) {
  const config = JSON.parse(element.dataset.map), fallback = document.querySelector("[data-map-fallback]"), tools = document.querySelector("[data-map-tools]");
  element.classList.add("coming");
  element.hidden = false;
  let drawn;
  try { drawn = await draw(element, config); } catch (e) { element.hidden = true; console.warn(e); return; }
  const { map } = drawn;
  tools.hidden = false;
  const query = new URLSearchParams(config.query);
  const touched = ["circles", "lamps", "counts", "marks"];
  const heat = tools.querySelector("[data-map-heat]"), warm = () => { // ticked before the layers are there, it counts when they are
    if (!map.getLayer("heat")) return;
    map.setLayoutProperty("heat", "visibility", heat.checked ? "visible" : "none");
    for (const l of touched) map.setPaintProperty(l, l === "circles" ? "circle-opacity" : l === "counts" ? "text-opacity" : "icon-opacity", heat.checked ? 0 : l === "circles" ? 0.92 : 1); // still there to be clicked
    map.setPaintProperty("circles", "circle-stroke-opacity", heat.checked ? 0 : 1);
  };
  map.on("load", () => { mattersLayers(map, config, query.toString()); warm(); arrive(map, element, fallback); });
  const at = (p) => map.queryRenderedFeatures([[p.x - 4, p.y - 4], [p.x + 4, p.y + 4]], { layers: touched.filter((l) => map.getLayer(l)) })[0];
  map.on("click", (e) => {
    const f = at(e.point);
    if (f) list(config, query, { at: f.properties.at }, true);
  });
  map.on("mousemove", (e) => { map.getCanvas().style.cursor = map.getLayer("circles") && at(e.point) ? "pointer" : ""; });
  heat.addEventListener("change", warm);
  tools.querySelector("[data-map-window]").addEventListener("click", () => list(config, query, { box: map.getBounds().toArray().flat().map((v) => v.toFixed(6)).join(",") }, true));
  slide(map, config, query, tools);
}

// slide narrows the map to what was filed in one month.
function slide(map, config, query, tools) {
  const months = [...document.querySelectorAll("[data-map-filter] select[name=month] option")], slider = tools.querySelector("[data-map-time]"), says = tools.querySelector("[data-map-month]");
  const order = [months[0], ...months.slice(1).reverse()]; // any, then from long ago to now
  slider.value = String(Math.max(0, order.findIndex((o) => o.value === (query.get("month") || ""))));
  const show = () => {
    const o = order[Number(slider.value)];
    says.textContent = o.textContent;
    slider.setAttribute("aria-valuetext", o.textContent);
    return o.value;
  };
  show();
  let waiting;
  slider.addEventListener("input", () => {
    const month = show();
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (month) query.set("month", month); else query.delete("month");
      const source = map.getSource("matters");
      if (source) source.setTiles([tiles(config.tiles, query.toString())]);
    }, 120);
  });
}

// list shows what lies in a part of the map beside it.
async function list(config, query, part, focus) {
  const side = document.querySelector("[data-map-list]"), asked = new URLSearchParams(query);
  for (const [k, v] of Object.entries(part)) asked.set(k, v);
  await fill(side, config.list + "?" + asked, focus);
}

async function fill(side, address, focus) {
  side.setAttribute("aria-busy", "true");
  const answer = await fetch(address), page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = page.querySelector("[data-fragment]") || page.querySelector("main");
  side.replaceChildren(...document.importNode(part, true).childNodes);
  side.removeAttribute("aria-busy");
  const heading = side.querySelector("h2");
  if (focus && heading) heading.focus({ preventScroll: innerWidth > 900 });
}
document.addEventListener("click", (e) => {
  const more = e.target.closest("[data-map-list] [data-map-more]");
  if (!more) return;
  e.preventDefault();
  fill(more.closest("[data-map-list]"), more.href, true);
});

// pin chooses a place: a tap sets it, a drag corrects it.
async function pin(element) {
  const config = JSON.parse(element.dataset.pin), form = element.closest("form"), place = form.querySelector("[data-place]"), picture = form.querySelector("[data-pin-picture]");
  element.hidden = false;
  let drawn;
  try { drawn = await draw(element, config); } catch (e) { element.hidden = true; console.warn(e); return; }
  if (picture) picture.hidden = true;
  const { gl, map } = drawn;
  const marker = new gl.Marker({ draggable: true, color: "#c62828" });
  const says = form.querySelector("[data-located]");
  const set = (at) => {
    marker.setLngLat(at).addTo(map);
    place.value = at.lng.toFixed(6) + "," + at.lat.toFixed(6);
    says.textContent = element.dataset.yes;
  };
  map.on("click", (e) => set(e.lngLat));
  marker.on("dragend", () => set(marker.getLngLat()));
  const follow = () => {
    const [lng, lat] = place.value.split(",").map(Number);
    if (!place.value || !Number.isFinite(lng) || !Number.isFinite(lat)) return;
    marker.setLngLat([lng, lat]).addTo(map);
    map.easeTo({ center: [lng, lat], zoom: Math.max(map.getZoom(), 15) });
  };
  place.addEventListener("change", follow);
  follow();
  map.on("load", () => { element.dataset.ready = "yes"; });
}

// cases are those of the list beside the map: the one that is looked at has a ring, a click leads to another.
async function cases(element) {
  const config = JSON.parse(element.dataset.casesMap);
  element.classList.add("coming");
  element.hidden = false;
  let drawn;
  try { drawn = await draw(element, config); } catch (e) { element.hidden = true; console.warn(e); return; }
  const { map } = drawn, touched = ["case-plain", "case-lamps"];
  map.on("load", () => {
    const features = (config.cases || []).map((c) => ({ type: "Feature", geometry: { type: "Point", coordinates: c.at.split(",").map(Number) }, properties: { s: c.shade, words: c.words, link: c.link, on: c.on ? 1 : 0 } }));
    map.addSource("cases", { type: "geojson", data: { type: "FeatureCollection", features } });
    for (const lamp of config.lamps) map.addImage("lamp-" + lamp.shade, lampImage(lamp, colours[lamp.shade]), { pixelRatio: 2 });
    const lit = ["in", ["get", "s"], ["literal", config.lamps.map((l) => l.shade)]];
    map.addLayer({ id: "case-ring", type: "circle", source: "cases", filter: ["==", ["get", "on"], 1], paint: { "circle-radius": 17, "circle-color": "#1d5bbf", "circle-opacity": 0.16, "circle-stroke-color": "#1d5bbf", "circle-stroke-width": 2.5 } });
    map.addLayer({ id: "case-plain", type: "circle", source: "cases", filter: ["!", lit], paint: { "circle-radius": 7, "circle-color": colours.plain, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.5 } });
    map.addLayer({ id: "case-lamps", type: "symbol", source: "cases", filter: lit, layout: { "icon-image": ["concat", "lamp-", ["get", "s"]], "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": ["get", "on"] } });
    arrive(map, element, element.parentElement.querySelector("[data-map-fallback]"));
  });
  const at = (p) => map.getLayer("case-lamps") && map.queryRenderedFeatures([[p.x - 4, p.y - 4], [p.x + 4, p.y + 4]], { layers: touched })[0];
  map.on("click", (e) => { const f = at(e.point); if (f) location.assign(f.properties.link); });
  map.on("mousemove", (e) => {
    const f = at(e.point), canvas = map.getCanvas();
    canvas.style.cursor = f ? "pointer" : "";
    canvas.title = f ? f.properties.words : "";
  });
}

if (hasWebGL()) {
  for (const element of document.querySelectorAll("[data-cases-map]")) cases(element);
  for (const element of document.querySelectorAll("[data-map]")) atlas(element);
  for (const element of document.querySelectorAll("[data-pin]")) { // the library comes when it is asked for: a phone pays for it
    const box = element.closest("[data-pin-open]");
    box.hidden = false; // where there is nothing but this map, it is offered once it can be drawn
    const start = () => { if (box.open && !element.dataset.started) { element.dataset.started = "yes"; pin(element); } };
    box.addEventListener("toggle", start);
    start();
  }
}
