// The drawing of a process: a column for each service, a row for each event, from top to bottom.

import { html, svg } from "./dom.js";
import { glyph } from "./glyphs.js";
import { text } from "./paint.js";
import { startNode, steps } from "./process.js";

const [MARGIN, HEAD, ROW, CHIP, GAP, LETTER] = [28, 52, 44, 24, 26, 6.4];
const OUTSIDE = { id: "", label: "outside", width: 40 };

export function sequencePicture(id) {
  const start = startNode(id);
  if (!start) return null;
  const { list, services, left } = steps(start);
  const shown = services.map((service) => service ?? OUTSIDE);
  const places = columns(shown, list);
  let y = MARGIN + HEAD + 12;
  const rows = list.map((step) => {
    const row = { step, y };
    y += ROW + CHIP * Math.max(1, ...step.to.map(({ does }) => does.length)) + 8;
    return row;
  });
  const at = new Map(services.map((service, number) => [service, places[number].x]));
  const said = list.map((step) => (leansLeft(step, at) ? 0 : at.get(step.from) + lengthOf(step)));
  const width = Math.max(places.at(-1).x + places.at(-1).half, ...said) + MARGIN;
  return {
    width: Math.max(width, 480),
    height: y + MARGIN,
    cards: [],
    arrows: [],
    boxes: [],
    left,
    own: () => [
      ...shown.map((_, number) => svg("path", { class: "lifeline", d: `M${places[number].x} ${MARGIN + HEAD - 14}V${y}` })),
      ...rows.map((row, number) => message(row, number, at)),
      svg("g", { id: "heads-of-lines" }, ...shown.map((service, number) => head(service, places[number]))),
    ],
    list,
  };
}

// A column is as wide as what stands in it, and a label has room between its ends.
function columns(services, list) {
  const half = services.map((service) => (service.width * 1.1 + 40) / 2);
  for (const { to } of list)
    for (const { service, does } of to) {
      const number = services.indexOf(service ?? OUTSIDE);
      for (const node of does) half[number] = Math.max(half[number], (node.width + 44) / 2);
    }
  let x = MARGIN + 20;
  return services.map((_, number) => {
    x += half[number];
    const place = { x, half: half[number] };
    x += half[number] + GAP;
    return place;
  });
}

function head(service, { x, half }) {
  const named = service.id && { "data-id": service.id, role: "button", tabindex: 0, "aria-label": `service ${service.label}` };
  return svg(
    "g",
    { class: "line-head service", ...named },
    svg("rect", { x: x - half, y: MARGIN, width: half * 2, height: HEAD - 14, rx: 8 }),
    text("name", x - service.width * 0.55, MARGIN + 16, service.label, service.width * 1.09),
    service.owner ? text("owner", x - service.ownerWidth / 2, MARGIN + 30, service.owner, service.ownerWidth) : null,
  );
}

// The names of the lines stay in sight.
export function holdHeads(top) {
  document.getElementById("heads-of-lines")?.setAttribute("transform", `translate(0 ${Math.max(0, top - MARGIN + 8)})`);
}

function message({ step, y }, number, at) {
  const from = at.get(step.from);
  const ends = step.to.map(({ service }) => at.get(service));
  const line = y + 26;
  const far = [Math.min(from, ...ends), Math.max(from, ...ends)];
  const drawn = svg("g", { class: `message ${step.again ? "again" : ""}` });
  drawn.append(text("number", 10, line + 4, String(number + 1)));
  if (far[0] !== far[1]) drawn.append(svg("path", { class: "arrow", d: `M${far[0]} ${line}H${far[1]}` }));
  drawn.append(svg("circle", { class: "origin", cx: from, cy: line, r: 4 }));
  for (const [end, { service, does }] of ends.map((end, one) => [end, step.to[one]])) {
    const way = end > from ? -1 : 1;
    drawn.append(
      service === step.from
        ? svg("path", { class: "arrow", "marker-end": "url(#head)", d: `M${end} ${line}h22v14h-16` })
        : svg("path", { class: "arrow", "marker-end": "url(#head)", d: `M${end + way * 12} ${line}H${end}` }),
    );
    does.forEach((node, row) => drawn.append(chip(node, end, line + 12 + row * CHIP)));
  }
  drawn.append(label(step, from, at, line));
  return drawn;
}

const words = (step) => `${step.label}${step.again ? " (as above)" : ""}${step.guard ? `  ${step.guard}` : ""}`;
const lengthOf = (step) => 8 + words(step).length * LETTER;

// A name stands to the left of where it comes from if all ends do, and there is room.
function leansLeft(step, at) {
  const from = at.get(step.from);
  return step.to.length > 0 && step.to.every(({ service }) => at.get(service) < from) && lengthOf(step) < from;
}

// The event's name stands above its line, beside where it comes from.
function label(step, from, at, line) {
  const left = leansLeft(step, at);
  const said = step.label + (step.again ? " (as above)" : "");
  const attributes = { "text-anchor": left ? "end" : "start", x: from + (left ? -8 : 8) };
  const name = svg("text", { class: "label event-name", y: line - 7, ...attributes }, said);
  if (step.guard) name.append(svg("tspan", { class: "guard" }, `  ${step.guard}`));
  const { node } = step;
  return svg("g", { class: "box said event", "data-id": node.id, role: "button", tabindex: 0, "aria-label": `${node.kind} ${node.label}` }, name);
}

function chip(node, x, y) {
  const width = node.width + 40;
  return svg(
    "g",
    { class: `box alone chip ${node.kind} ${node.mark}`, "data-id": node.id, role: "button", tabindex: 0, "aria-label": `${node.kind} ${node.label}` },
    svg("rect", { x: x - width / 2, y, width, height: CHIP - 4, rx: 5 }),
    glyph(node.kind, x - width / 2 + 8, y + 3),
    text("label", x - width / 2 + 30, y + 14, node.label, node.width),
  );
}

// The same in words, in order, for who does not see the drawing.
export function told(list) {
  return html(
    "ol",
    {},
    ...list.map((step) => {
      const who = step.from ? step.from.label : "outside";
      const heard = step.to.map(({ service, does }) => `${service?.label ?? "outside"}: ${does.map((node) => `${node.kind} ${node.label}`).join(", ")}`);
      return html("li", {}, `${who}: ${step.label}${step.guard ? ` ${step.guard}` : ""}${step.again ? ", as above" : ""}. ${heard.join("; ")}`);
    }),
  );
}
