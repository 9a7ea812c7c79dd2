// The drawing of a process: a column for each service, a row for each event, from top to bottom.

import { html, svg } from "./dom.js";
import { glyph } from "./glyphs.js";
import { text } from "./paint.js";
import { startNode, steps } from "./process.js";

const [MARGIN, HEAD, ROW, CHIP, GAP] = [28, 52, 44, 24, 26];
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
  const width = places.at(-1).x + places.at(-1).half + MARGIN;
  const at = new Map(services.map((service, number) => [service, places[number].x]));
  return {
    width: Math.max(width, 480),
    height: y + MARGIN,
    cards: [],
    arrows: [],
    boxes: [],
    left,
    own: () => [...shown.map((service, number) => lifeline(service, places[number], y)), ...rows.map((row, number) => message(row, number, at))],
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

function lifeline(service, { x, half }, bottom) {
  const width = half * 2;
  return svg(
    "g",
    { class: "lifeline service", "data-id": service.id, role: service.id ? "button" : undefined, tabindex: service.id ? 0 : undefined, "aria-label": service.id ? `service ${service.label}` : undefined },
    svg("path", { class: "line", d: `M${x} ${MARGIN + HEAD - 14}V${bottom}` }),
    svg("rect", { x: x - half, y: MARGIN, width, height: HEAD - 14, rx: 8 }),
    text("name", x - service.width * 0.55, MARGIN + 16, service.label, service.width * 1.09),
    service.owner ? text("owner", x - service.ownerWidth / 2, MARGIN + 30, service.owner, service.ownerWidth) : null,
  );
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
  drawn.append(label(step, from, ends, line));
  return drawn;
}

// The event's name stands above its line, beside where it comes from.
function label(step, from, ends, line) {
  const right = ends.some((end) => end >= from);
  const said = step.label + (step.again ? " (as above)" : "");
  const attributes = { "text-anchor": right ? "start" : "end", x: from + (right ? 8 : -8) };
  const name = svg("text", { class: "label event-name", y: line - 7, ...attributes }, said);
  if (step.guard) name.append(svg("tspan", { class: "guard" }, `  ${step.guard}`));
  const node = step.node ?? step.to[0].does[0];
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
