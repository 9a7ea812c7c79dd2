// Brings the parts together: the state says what is shown, and every part shows its share of it.

import { fit, fitAll, onMove, reveal, topInSight, watchPointer, zoom } from "./camera.js";
import { about, byId, counted, fieldById, levels } from "./data.js";
import { showDetail, startDetails } from "./detail.js";
import { $, announce, html } from "./dom.js";
import { savePng, saveSvg, theme, watchPrinting } from "./export.js";
import { showFilters, startFinding } from "./find.js";
import { lineagePicture } from "./lineage.js";
import { areaOf, eachElement, paint, refresh, shownPicture } from "./paint.js";
import { mapPicture } from "./part.js";
import { starts } from "./process.js";
import { holdHeads, sequencePicture, told } from "./sequence.js";
import { onChange, start, state, update } from "./state.js";
import { focusMap, go, mapHasFocus, onOpen, stopAt, watchKeys } from "./walk.js";

const SHOWS = ["view", "focus", "up", "down", "owner", "stream", "kind", "hide", "changed", "field", "start"];

function nodeOf(element) {
  const drawn = element.closest?.("[data-id]");
  if (!drawn) return null;
  const id = drawn.dataset.id;
  return areaOfId(id) ?? byId.get(id) ?? null;
}

// What is drawn by this id: of lineage, fields and their carriers, which are no nodes of the map.
function areaOfId(id) {
  const { boxes, cards } = shownPicture();
  return [...boxes, ...cards].find((area) => area.node.id === id)?.node ?? null;
}

const nodeBehind = (shown) => (shown?.carrier ? (shown.carrier.node ?? null) : shown && !byId.has(shown.id) ? (shown.node ?? null) : shown);

function open(shown) {
  const node = byId.get(shown?.id) ?? nodeBehind(shown);
  if (state.view === "field" && shown?.field) return update({ field: shown.id, node: node?.id ?? "" });
  update({ node: node?.id ?? "" });
  if (node) announce(`${node.kind} ${node.label}`);
}

// From a list: the node is shown in the picture too, whichever picture it is in.
function visit(node) {
  const inside = state.view === "system" ? (node.group ?? node) : node;
  const drawn = areaOf(inside);
  const view = state.view === "system" || state.view === "service" ? state.view : "service";
  if (!drawn) {
    const visible = levels[view].boxes.some((box) => box.node === node) || node.kind === "service";
    update({ view: visible ? view : "service", focus: state.focus ? node.id : "", owner: "", stream: "", kind: "", hide: "", changed: "", node: node.id });
  } else update({ node: node.id });
  const shown = areaOf(node) ?? areaOf(node.group);
  if (shown) reveal(shown, true);
  announce(`${node.kind} ${node.label}`);
}

function close() {
  const node = byId.get(state.node);
  update({ node: "" });
  if (node && areaOf(node)) go(node);
  else focusMap();
}

function pictureOf() {
  if (state.view === "field") return lineagePicture();
  if (state.view === "process") return sequencePicture(state.start);
  return mapPicture(state.view);
}

const EMPTY = { width: 400, height: 200, cards: [], boxes: [], arrows: [] };

function show(before) {
  const drawnAnew = SHOWS.some((name) => state[name] !== before[name]);
  const node = byId.get(state.node) ?? null;
  if (state.node !== before.node) showDetail(node);
  controls();
  if (drawnAnew) {
    const picture = pictureOf();
    paint(picture ?? EMPTY);
    fit(picture ?? EMPTY, centreOf(node));
    refresh();
    $("empty").hidden = Boolean(picture && (picture.boxes.length || picture.own));
    $("empty").textContent = EMPTIES[state.view] ?? "Nothing is left of the map. Clear the filters.";
    $("told").replaceChildren(...(picture?.list ? [told(picture.list)] : []));
    $("summary").textContent = summary(picture ?? EMPTY);
    stopAt(byId.get(state.node));
  }
  if (drawnAnew || state.node !== before.node) showFilters();
  mark(node);
}

// What the reader asked about, to be in sight.
function centreOf(node) {
  const { boxes } = shownPicture();
  return boxes.find((box) => box.node.centre) ?? areaOf(byId.get(state.focus)) ?? (node && (areaOf(node) ?? areaOf(node.group))) ?? null;
}

const EMPTIES = {
  field: "Choose a field: in the search, or in the schema of an event, view or store.",
  process: "Choose what the process starts with.",
};

function summary(picture) {
  if (state.view === "process") return picture.list ? `${counted(picture.list.length, "step")}${picture.left ? "; what follows is left out" : ""}` : "";
  if (state.view === "field") return picture.boxes.length ? `${counted(picture.boxes.length, "field")}${picture.left ? `; ${picture.left} more are left out` : ""}` : "";
  const kinds = new Map();
  for (const { node } of [...picture.cards, ...picture.boxes]) kinds.set(node.kind, (kinds.get(node.kind) ?? 0) + 1);
  const counts = [...kinds].filter(([kind]) => kind === "service" || kind === "event").map(([kind, count]) => counted(count, kind));
  const whole = levels[state.view].boxes.length;
  const part = picture.boxes.length < whole ? `, ${picture.boxes.length} of ${counted(whole, "box")}` : "";
  return counts.join(", ") + part;
}

// What is chosen stands out, with its arrows and their other ends.
function mark(node) {
  const chosen = (node && (areaOf(node) ? node : node.group)) ?? null;
  $("map").classList.toggle("chosen", Boolean(chosen && areaOf(chosen)));
  const ends = (arrow) => [arrow.from, arrow.to];
  const own = (arrow) => Boolean(chosen) && ends(arrow).some((end) => end === chosen || end.group === chosen);
  const near = new Set(chosen ? [chosen] : []);
  for (const arrow of shownPicture().arrows) if (own(arrow)) for (const end of ends(arrow)) near.add(end).add(end.group ?? end);
  eachElement((element, item) => {
    element.classList.toggle("current", item.arrow ? own(item.arrow) : item.node === chosen);
    element.classList.toggle("near", !item.arrow && (near.has(item.node) || item.node?.group === chosen));
  });
}

function controls() {
  for (const tab of document.querySelectorAll("[data-view]")) tab.setAttribute("aria-pressed", String(tab.dataset.view === state.view));
  const field = fieldById(state.field);
  const node = byId.get(state.focus);
  const inField = state.view === "field";
  $("starts").hidden = state.view !== "process";
  $("start").value = state.start;
  $("focus").hidden = state.view === "process" || !(inField ? field : node);
  $("focus-name").textContent = inField ? `${field?.path ?? ""} of ${field?.carrier.label ?? ""}` : (node?.label ?? "");
  $("up").value = state.up;
  $("down").value = state.down;
}

function startControls() {
  for (const tab of document.querySelectorAll("[data-view]")) tab.addEventListener("click", () => update({ view: tab.dataset.view }));
  for (const name of ["up", "down"]) $(name).addEventListener("change", (event) => update({ [name]: event.target.value }));
  $("unfocus").addEventListener("click", () => update(state.view === "field" ? { field: "" } : { focus: "" }));
  $("start").addEventListener("change", (event) => update({ start: event.target.value }));
  const { first, later, outside, events } = starts();
  const option = (node) => html("option", { value: node.id }, node.group ? `${node.group.label} · ${node.label}` : node.label);
  for (const [label, found] of [["Calls", first], ["Events from outside", outside], ["Calls on the way", later], ["Events", events]])
    if (found.length) $("start").append(html("optgroup", { label }, ...found.map(option)));
  $("zoom-in").addEventListener("click", () => zoom(1.25));
  $("zoom-out").addEventListener("click", () => zoom(0.8));
  $("fit").addEventListener("click", fitAll);
  $("save-svg").addEventListener("click", saveSvg);
  $("save-png").addEventListener("click", savePng);
  $("print").addEventListener("click", () => print());
  $("help-open").addEventListener("click", () => $("help").showModal());
  $("help-close").addEventListener("click", () => $("help").close());
  $("theme").addEventListener("click", () => {
    document.documentElement.dataset.theme = theme() === "dark" ? "light" : "dark";
    $("theme").setAttribute("aria-pressed", String(theme() === "dark"));
  });
  $("theme").setAttribute("aria-pressed", String(theme() === "dark"));
  $("skip").addEventListener("click", focusMap);
}

function watchShortcuts() {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
    const typing = ["INPUT", "SELECT", "TEXTAREA"].includes(document.activeElement?.tagName) && document.activeElement.type !== "checkbox";
    if (event.key === "Escape") {
      if (document.activeElement === $("search") && $("search").value) {
        $("search").value = "";
        showFilters();
      } else if (state.node) close();
      else if (state.focus) update({ focus: "" });
      else focusMap();
    } else if (typing) return;
    else if (event.key === "/") $("search").focus();
    else if (event.key === "f" && state.node) update({ focus: state.node });
    else if (event.key === "?") $("help").showModal();
    else return;
    event.preventDefault();
  });
}

function follow(field) {
  update({ view: "field", field: field.id, up: "all", down: "all", node: field.carrier.node?.id ?? "" });
  announce(`Following ${field.path} of ${field.carrier.label}`);
}

$("against").hidden = !about.against;
$("notes").textContent = [...about.notes, about.against && `Compared with ${about.against}.`].filter(Boolean).join(" ");
startDetails({ open: (node) => (["field", "process"].includes(state.view) ? open(node) : visit(node)), follow, close });
startFinding({
  open: (node) => {
    visit(node);
    $("detail-name").focus();
  },
  follow,
});
startControls();
watchKeys($("map"), nodeOf);
onOpen((shown) => {
  open(shown);
  if (shown && mapHasFocus() && !$("detail").hidden) $("detail-name").focus();
});
watchPointer($("map"));
watchShortcuts();
watchPrinting();
onMove(() => {
  refresh();
  holdHeads(topInSight());
  mark(byId.get(state.node) ?? null);
});
onChange(show);
start();
document.documentElement.dataset.ready = "true";
