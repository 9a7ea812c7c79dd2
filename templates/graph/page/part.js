// Which boxes are shown: the whole, or the part that focus and filters leave.

import { byId, levels } from "./data.js";
import { arrange } from "./arrange.js";
import { state } from "./state.js";

const MOST_ARRANGED = 700;

// The picture of a level as the state asks for it. A large part keeps the places of the whole.
export function mapPicture(level) {
  const whole = levels[level];
  const shown = shownNodes(level);
  const boxes = whole.boxes.filter((box) => shown.has(box.node));
  if (boxes.length === whole.boxes.length) return whole;
  const arrows = whole.arrows.filter((arrow) => shown.has(arrow.from) && shown.has(arrow.to));
  if (boxes.length <= MOST_ARRANGED)
    return arrange(boxes.map((box) => ({ node: box.node, group: box.alone ? null : box.node.group })), arrows);
  const groups = new Set(boxes.map((box) => box.node.group));
  return { ...whole, boxes, arrows, cards: whole.cards.filter((card) => groups.has(card.node)) };
}

export function shownNodes(level) {
  let nodes = new Set(levels[level].boxes.map((box) => box.node));
  const centre = focused(level);
  if (centre.length) nodes = union(reached(level, centre, "in", depth(state.up)), reached(level, centre, "out", depth(state.down)));
  for (const matches of filters(level)) nodes = new Set([...nodes].filter((node) => matches.has(node)));
  const hidden = new Set(state.hide.split(" "));
  return new Set([...nodes].filter((node) => !hidden.has(node.kind)));
}

function focused(level) {
  const node = byId.get(state.focus);
  if (!node) return [];
  if (level === "system") return node.group ? [node.group] : [node];
  return node.kind === "service" ? node.rows : [node];
}

export const depth = (said) => (said === "all" ? Infinity : Number(said) || 0);

function reached(level, centre, way, steps) {
  const found = new Set(centre);
  let edge = centre;
  for (let step = 0; step < steps && edge.length; step++) {
    const next = new Set();
    for (const node of edge)
      for (const arrow of node[way][level]) {
        const other = way === "in" ? arrow.from : arrow.to;
        if (!found.has(other)) next.add(other);
      }
    for (const node of next) found.add(node);
    edge = [...next];
  }
  return found;
}

function* filters(level) {
  if (state.owner) yield around(level, (node) => (node.owner ?? "").split(", ").includes(state.owner));
  if (state.stream) yield around(level, (node) => node.stream === state.stream);
  if (state.kind) yield around(level, (node) => node.serviceKind === state.kind);
  if (state.changed) yield around(level, (node) => node.mark || (node.group?.mark && !node.group.rows.some((row) => row.mark)));
}

// What matches, and what is one arrow away from it.
function around(level, matches) {
  const own = levels[level].boxes.map((box) => box.node).filter(matches);
  const found = union(reached(level, own, "in", 1), reached(level, own, "out", 1));
  if (state.changed)
    for (const arrow of levels[level].arrows) if (arrow.mark) found.add(arrow.from).add(arrow.to);
  return found;
}

const union = (one, other) => new Set([...one, ...other]);
