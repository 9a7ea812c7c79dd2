// Draws a picture: only what is in sight, so that a large one is as quick as a small one.

import { camera, inSight } from "./camera.js";
import { $, svg } from "./dom.js";
import { glyph } from "./glyphs.js";

const MARGIN = 400;
const DETAIL = 0.28;
const GUTTER = 34;

let painted = { items: [], rooms: {} };

// Put a picture in place of what was shown; `refresh` draws it, once it is known what is in sight.
export function paint(picture) {
  const rooms = { cards: svg("g"), arrows: svg("g", { "aria-hidden": "true" }), boxes: svg("g"), own: svg("g") };
  $("world").replaceChildren(rooms.cards, rooms.arrows, rooms.boxes, rooms.own);
  painted = { picture, rooms, items: itemsOf(picture) };
  if (picture.own) rooms.own.append(...picture.own());
}

export function refresh(everything = false) {
  const sight = inSight();
  const small = camera.scale < DETAIL && !everything;
  $("map").classList.toggle("small", small);
  for (const item of painted.items) {
    const shown = everything || (seen(item, sight) && !(small && item.detail));
    if (shown && !item.element) painted.rooms[item.room].append((item.element = item.make()));
    else if (!shown && item.element && item.element !== document.activeElement) {
      item.element.remove();
      item.element = null;
    }
  }
}

function seen(item, sight) {
  return (
    item.left <= sight.right + MARGIN && item.right >= sight.left - MARGIN && item.top <= sight.bottom + MARGIN && item.bottom >= sight.top - MARGIN
  );
}

export function shownPicture() {
  return painted.picture;
}

export function areaOf(node) {
  const { boxes = [], cards = [] } = painted.picture;
  return boxes.find((box) => box.node === node) ?? cards.find((card) => card.node === node) ?? null;
}

// The element of a node, drawn now if it was out of sight.
export function elementOf(node) {
  const item = painted.items.find((one) => one.node === node);
  if (!item) return null;
  if (!item.element) painted.rooms[item.room].append((item.element = item.make()));
  return item.element;
}

export function eachElement(handle) {
  for (const item of painted.items) if (item.element) handle(item.element, item);
}

function itemsOf(picture) {
  const framed = ({ x, y, width, height }) => ({ left: x, top: y, right: x + width, bottom: y + height });
  return [
    ...picture.cards.map((area) => ({ ...framed(area), node: area.node, room: "cards", make: () => card(area) })),
    ...picture.arrows.map((arrow) => ({ ...bounds(arrow.path), arrow, room: "arrows", make: () => line(arrow) })),
    ...picture.boxes.map((area) => ({ ...framed(area), node: area.node, detail: !area.alone, room: "boxes", make: () => box(area) })),
  ];
}

// Paths have absolute places only: M, C and L in pairs, H and V alone.
function bounds(path) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [, letter, rest] of path.matchAll(/([MCLHV])([^MCLHV]*)/g)) {
    const places = rest.trim().split(/[ ,]+/).map(Number);
    places.forEach((place, at) => {
      if (letter === "H" || (letter !== "V" && at % 2 === 0)) [left, right] = [Math.min(left, place), Math.max(right, place)];
      else [top, bottom] = [Math.min(top, place), Math.max(bottom, place)];
    });
  }
  return { left, top, right, bottom };
}

function card({ node, x, y, width, height }) {
  const name = marked(node);
  const drawn = svg("g", { class: `card ${node.kind} ${node.mark}`, "data-id": node.id });
  drawn.append(
    svg("rect", { x, y, width, height, rx: 8 }),
    svg(
      "g",
      { class: "head", role: "button", tabindex: -1, "aria-label": [node.kind, name, node.owner && `owner ${node.owner}`].filter(Boolean).join(" ") },
      svg("rect", { class: "hit", x: x + 1, y: y + 1, width: width - 2, height: Math.min(36, height - 2), rx: 7 }),
      text("name", x + 10, y + 17, name, node.width * (13 / 12)),
      node.owner ? text("owner", x + 10, y + 31, node.owner, node.ownerWidth) : null,
    ),
  );
  return drawn;
}

function box({ node, x, y, width, height, alone }) {
  const name = marked(node);
  const inside = node.group ?? node.carrier;
  const drawn = svg("g", {
    class: `box ${alone ? "alone" : "row"} ${node.kind} ${node.mark} ${node.centre ? "centre" : ""}`,
    "data-id": node.id,
    role: "button",
    tabindex: -1,
    "aria-label": [node.kind, name, inside && `in ${inside.label}`].filter(Boolean).join(" "),
  });
  drawn.append(
    alone
      ? svg("rect", { x, y, width, height, rx: node.kind === "service" ? 5 : height / 2 })
      : svg("rect", { x: x + 4, y: y + 1, width: width - GUTTER - 6, height: height - 2, rx: 5 }),
    glyph(node.kind, x + 10, y + height / 2 - 7),
    text("label", x + 34, y + height / 2 + 4, name, node.width),
  );
  return drawn;
}

const marked = (node) => (node.mark ? `${node.mark}: ${node.label}` : node.label);

function line(arrow) {
  return svg("path", {
    class: `arrow ${arrow.mark ?? ""} ${arrow.unsure ? "unsure" : ""}`,
    "data-from": arrow.from.id,
    "data-to": arrow.to.id,
    "marker-end": `url(#head${arrow.mark ? `-${arrow.mark}` : ""})`,
    d: arrow.path,
  });
}

// Text as wide as was reckoned, whatever fonts there are, so that labels never overlap.
export function text(kind, x, y, said, width) {
  return svg("text", { class: kind, x, y, textLength: width || undefined, lengthAdjust: width ? "spacingAndGlyphs" : undefined }, said);
}
