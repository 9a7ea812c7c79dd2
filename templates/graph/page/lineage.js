// One field through the system: what it is filled from, and what is filled from it.

import { arrange } from "./arrange.js";
import { fieldById } from "./data.js";
import { depth } from "./part.js";
import { state } from "./state.js";

const MOST = 400;

// Every field of the way, with its carriers as cards; `left` counts what was too much.
export function lineagePicture() {
  const field = fieldById(state.field);
  if (!field) return null;
  const steps = new Map();
  const found = new Set([field]);
  let left = walk(field, "previous", depth(state.up), found, steps);
  left += walk(field, "next", depth(state.down), found, steps);
  const boxes = [...found].map((one) => ({ node: boxOf(one, one === field), group: cardOf(one.carrier) }));
  const node = new Map([...found].map((one, at) => [one, boxes[at].node]));
  const arrows = [...steps.values()].map((step) => ({ from: node.get(step.from), to: node.get(step.to), kind: "maps", mark: "", unsure: step.unsure }));
  return { ...arrange(boxes, arrows), left };
}

function walk(field, way, most, found, steps) {
  let left = 0;
  const seen = new Set([field]);
  let edge = [field];
  for (let step = 0; step < most && edge.length; step++) {
    const next = [];
    for (const one of edge)
      for (const { field: other, unsure } of one[way]) {
        if (!found.has(other) && found.size >= MOST) {
          left++;
          continue;
        }
        found.add(other);
        const [from, to] = way === "next" ? [one, other] : [other, one];
        steps.set(`${from.id} ${to.id}`, { from, to, unsure });
        // Where a hook makes something of the whole, nobody knows what comes of one field.
        if (!seen.has(other) && !unsure) next.push(other);
        seen.add(other);
      }
    edge = next;
  }
  return left;
}

const width = (text, size = 12) => Math.ceil(measured(text) * (size / 12));

let ruler = null;

function measured(text) {
  ruler ??= document.createElement("canvas").getContext("2d");
  ruler.font = '12px Arial, Helvetica, "Liberation Sans", sans-serif';
  return ruler.measureText(text).width;
}

function boxOf(field, centre) {
  return { ...field, width: width(field.label), centre, field };
}

const cards = new Map();

function cardOf(carrier) {
  if (!cards.has(carrier)) {
    const owner = carrier.node?.owner ?? "";
    cards.set(carrier, { ...carrier, owner, width: width(carrier.label), ownerWidth: width(owner, 10), mark: carrier.node?.mark ?? "" });
  }
  return cards.get(carrier);
}
