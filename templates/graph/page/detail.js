// The right side: everything that is known of what was clicked.

import { carriers, counted } from "./data.js";
import { $, button, html } from "./dom.js";
import { icon } from "./glyphs.js";
import { leadsOn } from "./process.js";
import { state, update } from "./state.js";

let open = () => {};
let follow = () => {};

export function startDetails(handlers) {
  ({ open, follow } = handlers);
  $("close").addEventListener("click", () => handlers.close());
}

export function showDetail(node) {
  $("detail").hidden = !node;
  if (!node) return;
  $("detail-name").replaceChildren(icon(node.kind), node.label);
  const inside = node.group ? html("p", { class: "inside" }, `${kindOf(node)} of `, nodeButton(node.group)) : html("p", { class: "inside" }, kindOf(node));
  $("detail-body").replaceChildren(
    ...[
      inside,
      node.mark ? html("p", { class: `mark ${node.mark}` }, node.mark) : null,
      node.description ? html("p", { class: "description" }, node.description) : null,
      actions(node),
      facts(node),
      changes(node),
      ...flow(node),
      schema(node),
      settings(node),
      resources(node),
    ].filter(Boolean),
  );
  $("detail-body").scrollTop = 0;
}

const kindOf = (node) => (node.kind === "service" && node.serviceKind ? `${node.serviceKind} service` : node.kind);

function actions(node) {
  const found = [
    button("Focus", () => update({ focus: node.id, view: state.view === "system" && !node.group ? "system" : "service", node: node.id }), { "aria-keyshortcuts": "f" }),
  ];
  if (["command", "event", "function"].includes(node.kind) && leadsOn(node)) found.push(button("Show as a process", () => update({ view: "process", start: node.id })));
  if (node.kind === "service") found.push(button("Look inside", () => update({ view: "service", focus: node.id, up: "1", down: "1", node: node.id })));
  return html("div", { class: "actions" }, ...found);
}

function facts(node) {
  const said = [["owner", node.owner ?? ""], ...(node.facts ?? []).filter(([name]) => name !== "owner" || node.kind === "event"), ["declared in", node.at ?? ""]];
  const named = node.kind === "event" ? said.map(([name, value], at) => [at === 0 ? "team" : name, value]) : said;
  return section("Facts", pairs(named.filter(([, value]) => value)));
}

function pairs(lines) {
  return html("dl", {}, ...lines.flatMap(([name, value]) => [html("dt", {}, name), html("dd", {}, ...breakable(value))]));
}

// A long path breaks after a slash.
function breakable(text) {
  return text.split(/(?<=\/)/).flatMap((part, at) => (at ? [html("wbr"), part] : [part]));
}

function changes(node) {
  if (!node.changes) return null;
  const plain = (text) => text.replaceAll("`", "");
  const items = node.changes.map(([level, code, message, affected]) => {
    const hits = affected.map((hit) => html("li", {}, `affects ${plain(hit)}`));
    return html("li", { class: level }, html("strong", {}, `${level}: ${code}`), html("span", {}, plain(message)), hits.length ? html("ul", {}, ...hits) : null);
  });
  return section("What differs", html("ul", { class: "changes" }, ...items));
}

// Who publishes and who consumes; of what is inside of a service, what it gets and what it gives.
function flow(node) {
  if (node.kind === "service") {
    const told = [["Publishes", node.out.system.map((arrow) => arrow.to)], ["Consumes", node.in.system.map((arrow) => arrow.from)], ["Holds", node.rows]];
    return told.map(([title, found]) => list(title, found));
  }
  const [from, to] = [node.in.service.map((arrow) => arrow.from), node.out.service.map((arrow) => arrow.to)];
  if (node.kind === "event") return [list("Producers", from, "Nothing in the system publishes it."), list("Consumers", to, "Nothing consumes it.")];
  return [list("Comes from", from), list("Leads to", to)];
}

function list(title, found, none = "") {
  if (!found.length) return none ? section(title, html("p", { class: "none" }, none)) : null;
  return section(`${title} (${found.length})`, html("ul", { class: "nodes" }, ...found.map((node) => html("li", {}, nodeButton(node)))));
}

function nodeButton(node) {
  const shown = button("", () => open(node), { class: "node" });
  shown.append(icon(node.kind), html("span", {}, node.group ? `${node.group.label} · ${node.label}` : node.label));
  if (node.kind !== "event" && node.kind !== "service") shown.append(html("span", { class: "item-about" }, node.kind));
  return shown;
}

function schema(node) {
  const carrier = carriers.get(node.schema);
  if (!carrier) return null;
  const rows = carrier.fields.filter((field) => field.type).map((field) => {
    const passed = field.next.length || field.previous.length;
    const parts = field.path.split(".");
    const said = [html("span", { class: "hidden" }, parts.slice(0, -1).map((part) => `${part}.`).join("")), parts.at(-1)];
    const name = passed ? html("button", { type: "button", class: "follow", onclick: () => follow(field), "aria-label": field.path, title: `Follow ${field.path}` }, ...said) : html("span", {}, ...said);
    const cell = html("th", { scope: "row" }, name);
    cell.style.paddingLeft = `${(parts.length - 1) * 14}px`;
    return html("tr", {}, cell, html("td", {}, field.type));
  });
  const head = html("tr", {}, html("th", { scope: "col" }, "field"), html("th", { scope: "col" }, "type"));
  return section(`Schema (${counted(rows.length, "field")})`, html("table", {}, html("thead", {}, head), html("tbody", {}, ...rows)));
}

function settings(node) {
  return node.settings ? section("Runtime settings", pairs(node.settings)) : null;
}

function resources(node) {
  if (!node.resources) return null;
  const rows = node.resources.map(([name, type]) => html("tr", {}, html("th", { scope: "row" }, name), html("td", {}, type.replace("AWS::", ""))));
  const head = html("tr", {}, html("th", { scope: "col" }, "logical id"), html("th", { scope: "col" }, "type"));
  return section(`Generated resources (${rows.length})`, html("table", {}, html("thead", {}, head), html("tbody", {}, ...rows)));
}

function section(title, content) {
  return html("section", {}, html("h3", {}, title), content);
}
