// The left side: search, filters, and what they leave as a list.

import { counted, fields, levels, nodes, plural } from "./data.js";
import { $, announce, html } from "./dom.js";
import { icon } from "./glyphs.js";
import { shownNodes } from "./part.js";
import { state, update } from "./state.js";

const [MOST_LISTED, MOST_NODES, MOST_FIELDS] = [300, 60, 20];

let open = () => {};
let follow = () => {};

export function startFinding(handlers) {
  ({ open, follow } = handlers);
  $("search").addEventListener("input", () => list(true));
  $("search").addEventListener("keydown", (event) => {
    const first = $("results").querySelector("button");
    if (event.key === "Enter") first?.click();
    else if (event.key === "ArrowDown") first?.focus();
    else return;
    event.preventDefault();
  });
  $("results").addEventListener("keydown", (event) => {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!way) return;
    const buttons = [...$("results").querySelectorAll("button")];
    const next = buttons.indexOf(document.activeElement) + way;
    (next < 0 ? $("search") : (buttons[next] ?? buttons.at(-1))).focus();
    event.preventDefault();
  });
  for (const name of ["owner", "stream", "kind"]) {
    const values = [...new Set(nodes.flatMap((node) => valuesOf(node, name)))].sort();
    $(name).append(...values.map((value) => html("option", { value }, value)));
    $(name).closest("label").hidden = values.length < 2;
    $(name).addEventListener("change", (event) => update({ [name]: event.target.value }));
  }
  $("changed").addEventListener("change", (event) => update({ changed: event.target.checked ? "1" : "" }));
  $("clear").addEventListener("click", () => update({ owner: "", stream: "", kind: "", hide: "", changed: "", focus: "" }));
  legend();
}

function valuesOf(node, name) {
  if (name === "owner") return (node.owner ?? "").split(", ").filter(Boolean);
  if (name === "stream") return node.kind === "event" && node.stream ? [node.stream] : [];
  return node.kind === "service" && node.serviceKind ? [node.serviceKind] : [];
}

// The legend is the filter by kind of node.
function legend() {
  const counts = new Map();
  for (const { node } of [...levels.service.boxes, ...levels.service.cards]) counts.set(node.kind, (counts.get(node.kind) ?? 0) + 1);
  for (const [kind, count] of counts) {
    if (kind === "service") continue;
    const toggle = html("input", { type: "checkbox", value: kind, checked: true });
    toggle.addEventListener("change", () => {
      const hidden = [...$("kinds").querySelectorAll("input")].filter((one) => !one.checked).map((one) => one.value);
      update({ hide: hidden.join(" ") });
    });
    $("kinds").append(html("label", {}, toggle, icon(kind), html("span", {}, plural(kind)), html("span", { class: "count" }, String(count))));
  }
}

export function showFilters() {
  for (const name of ["owner", "stream", "kind"]) $(name).value = state[name];
  $("changed").checked = Boolean(state.changed);
  const hidden = state.hide.split(" ");
  for (const toggle of $("kinds").querySelectorAll("input")) toggle.checked = !hidden.includes(toggle.value);
  $("clear").hidden = !["owner", "stream", "kind", "hide", "changed", "focus"].some((name) => state[name]);
  list(false);
}

function list(aloud) {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length ? searched(words) : listed();
  const most = words.length ? MOST_NODES : MOST_LISTED;
  $("results").replaceChildren(...found.nodes.slice(0, most).map(nodeItem), ...found.fields.slice(0, MOST_FIELDS).map(fieldItem));
  const more = Math.max(0, found.nodes.length - most) + Math.max(0, found.fields.length - MOST_FIELDS);
  const total = found.nodes.length + found.fields.length;
  const said = words.length ? `${total || "Nothing"} found` : counted(found.nodes.length, "service");
  $("found").textContent = said + (more ? `, ${more} of them not listed` : "");
  if (aloud) announce($("found").textContent);
}

function listed() {
  const shown = shownNodes("system");
  return { nodes: nodes.filter((node) => node.kind === "service" && shown.has(node)), fields: [] };
}

function searched(words) {
  const has = (text) => words.every((word) => text.includes(word));
  const found = nodes
    .map((node) => ({ node, rank: rank(node, words) }))
    .filter(({ node }) => has(`${node.id} ${node.owner ?? ""} ${node.description ?? ""} ${(node.facts ?? []).flat().join(" ")}`.toLowerCase()))
    .sort((one, other) => one.rank - other.rank);
  return { nodes: found.map(({ node }) => node), fields: fields.filter((field) => field.path && has(field.id.toLowerCase())) };
}

// Names that begin with what was typed come first, then those that have it.
function rank(node, words) {
  const name = node.label.toLowerCase();
  return name === words[0] ? 0 : name.startsWith(words[0]) ? 1 : name.includes(words[0]) ? 2 : 3;
}

function nodeItem(node) {
  const inside = node.group ? node.group.label : node.owner;
  const about = [node.kind, inside].filter(Boolean).join(" · ");
  return item(() => open(node), node.kind, node.label, about, node.id === state.node, node.mark);
}

function fieldItem(field) {
  return item(() => follow(field), "field", field.path, field.carrier.label, false, "");
}

function item(onclick, kind, label, about, current, mark) {
  const shown = html("button", { type: "button", onclick, "aria-current": current ? "true" : undefined });
  shown.append(icon(kind), html("span", { class: "item" }, html("span", { class: "item-name" }, mark ? `${mark}: ${label}` : label), html("span", { class: "item-about" }, about)));
  return html("li", {}, shown);
}
