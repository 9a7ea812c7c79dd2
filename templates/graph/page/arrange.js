// Where everything of a part stands: layers from left to right, as draw/layout.py places the whole.
// A part is small, and which one it is only the reader knows.

import { broadened, centred, layersOf, ordered, spread } from "./layers.js";

const ROW = 22;
const HEADER = 40;
const ICON = 24;
const GUTTER = 34;
const PADDING = 10;
const MARGIN = 24;
const LINE = 6;
const GAP = 18;
const SWEEPS = 24;
const SHELF = 1200;

// `boxes` are { node, group } (group null: alone), `arrows` are { from, to, ... } between their nodes.
export function arrange(boxes, arrows) {
  const cards = cardsOf(boxes, arrows);
  const cardOf = new Map(cards.flatMap((card) => card.rows.map((node) => [node, card])));
  const outer = arrows.filter((arrow) => cardOf.get(arrow.from) !== cardOf.get(arrow.to));
  const links = new Map(cards.map((card) => [card, new Set()]));
  for (const arrow of outer) links.get(cardOf.get(arrow.from)).add(cardOf.get(arrow.to));
  const linked = new Set(outer.flatMap((arrow) => [cardOf.get(arrow.from), cardOf.get(arrow.to)]));
  const layer = broadened(layersOf(cards.filter((card) => linked.has(card)), links), links);
  const columns = [];
  for (const card of cards) if (linked.has(card)) (columns[layer.get(card)] ??= []).push(card);
  const routes = routed(outer, cardOf, layer, columns);
  const used = columns.filter(Boolean);
  let { width, height } = placed(used, outer, cardOf, routes, layer);
  ({ width, height } = shelved(cards.filter((card) => !linked.has(card)), width, height));
  return {
    width,
    height,
    cards: cards.filter((card) => card.group).map((card) => area(card, card.group)),
    boxes: cards.flatMap((card) => card.rows.map((node, number) => rowOf(card, node, number))),
    arrows: arrows.map((arrow) => ({
      ...arrow,
      path: routes.has(arrow) ? pathOf(arrow, cardOf, routes.get(arrow), layer) : inside(arrow, cardOf),
    })),
  };
}

const area = ({ x, y, width, height }, node) => ({ node, x, y: Math.round(y), width, height });

function rowOf(card, node, number) {
  if (!card.group) return { ...area(card, node), alone: true };
  return { node, x: card.x, y: Math.round(card.y) + HEADER + ROW * number, width: card.width, height: ROW, alone: false };
}

function cardsOf(boxes, arrows) {
  const rows = new Map();
  const cards = [];
  for (const { node, group } of boxes) {
    if (group) rows.set(group, [...(rows.get(group) ?? []), node]);
    else cards.push({ rows: [node], group: null, width: node.width + ICON + 2 * PADDING, height: ROW + 4, x: 0, y: 0 });
  }
  for (const [group, inside] of rows) cards.push(cardOf(group, inside, arrows));
  for (const card of cards)
    card.ports = new Map(card.rows.map((node, at) => [node, card.group ? HEADER + ROW * at + ROW / 2 : ROW / 2 + 2]));
  return cards;
}

// Rows stand the way data flows inside of the card.
function cardOf(group, nodes, arrows) {
  const links = new Map(nodes.map((node) => [node, new Set()]));
  for (const { from, to } of arrows) if (from !== to && links.has(from) && links.has(to)) links.get(from).add(to);
  const depth = layersOf(nodes, links);
  const rows = [...nodes].sort((one, other) => depth.get(one) - depth.get(other));
  const label = Math.max(...rows.map((node) => node.width)) + ICON + PADDING + GUTTER;
  const head = Math.max(group.width * 1.09, group.ownerWidth ?? 0) + PADDING;
  return { rows, group, width: Math.ceil(Math.max(label, head)) + PADDING, height: HEADER + ROW * rows.length + 5, x: 0, y: 0 };
}

// The lines that each arrow takes through the layers between its ends; arrows from one box share theirs.
function routed(outer, cardOf, layer, columns) {
  const lines = new Map();
  const routes = new Map();
  for (const arrow of outer) {
    const [start, end] = [layer.get(cardOf.get(arrow.from)), layer.get(cardOf.get(arrow.to))];
    const step = start < end ? 1 : -1;
    const route = [];
    for (let number = start + step; start !== end && number !== end; number += step) {
      const shared = lines.get(arrow.from) ?? new Map();
      lines.set(arrow.from, shared);
      if (!shared.has(number)) {
        const line = { rows: [], width: 0, height: LINE, ports: new Map(), x: 0, y: 0 };
        shared.set(number, line);
        (columns[number] ??= []).push(line);
      }
      route.push(shared.get(number));
    }
    routes.set(arrow, route);
  }
  return routes;
}

const port = (item, node) => item.ports.get(node) ?? item.height / 2;

function placed(columns, outer, cardOf, routes, layer) {
  const after = new Map(columns.flat().map((item) => [item, []]));
  const before = new Map(columns.flat().map((item) => [item, []]));
  for (const arrow of outer) {
    const ends = [cardOf.get(arrow.from), ...routes.get(arrow), cardOf.get(arrow.to)];
    const ports = ends.map((item, at) => port(item, at === 0 ? arrow.from : at === ends.length - 1 ? arrow.to : null));
    if (layer.get(ends[0]) > layer.get(ends.at(-1))) [ends, ports].forEach((list) => list.reverse());
    for (let at = 0; at + 1 < ends.length; at++) {
      after.get(ends[at]).push({ item: ends[at + 1], own: ports[at], there: ports[at + 1] });
      before.get(ends[at + 1]).push({ item: ends[at], own: ports[at + 1], there: ports[at] });
    }
  }
  const rows = ordered(columns, after, before).map((row) => centred(row, after, before));
  for (const row of rows) row.reduce((y, item) => ((item.y = y), y + item.height + GAP), 0);
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (const row of sweep % 2 ? [...rows].reverse() : rows) settle(row, after, before);
  return extent(rows, outer.length);
}

// Move a layer to where its arrows run as level as they can.
function settle(row, after, before) {
  const desired = row.map((item) => {
    const wanted = [...after.get(item), ...before.get(item)].map(({ item: other, own, there }) => other.y + there - own);
    return wanted.length ? wanted.reduce((sum, y) => sum + y, 0) / wanted.length : item.y;
  });
  const tops = spread(desired, row.map((item) => item.height), row.map((item) => (item.rows.length ? GAP : GAP / 2)));
  row.forEach((item, at) => (item.y = tops[at]));
}

function extent(rows, links) {
  let x = MARGIN;
  const gap = Math.min(140, 60 + Math.floor((2 * links) / Math.max(1, rows.length)));
  for (const row of rows) {
    const width = Math.max(...row.map((item) => item.width));
    for (const item of row) {
      item.x = item.rows.length ? x + Math.floor((width - item.width) / 2) : x;
      if (!item.rows.length) item.width = width;
    }
    x += width + gap;
  }
  const all = rows.flat();
  const top = Math.min(...all.map((item) => item.y));
  for (const item of all) item.y = Math.round(item.y - top + MARGIN);
  const bottom = all.length ? Math.max(...all.map((item) => item.y + item.height)) : 0;
  return { width: rows.length ? x - gap + MARGIN : MARGIN, height: bottom + MARGIN };
}

// What no arrow leads to stands below, in rows.
function shelved(cards, width, height) {
  const widest = Math.max(SHELF, width);
  let [x, y, tallest, right] = [MARGIN, height, 0, width];
  for (const card of cards) {
    if (x > MARGIN && x + card.width + MARGIN > widest) [x, y, tallest] = [MARGIN, y + tallest + GAP, 0];
    Object.assign(card, { x, y });
    x += card.width + GAP;
    right = Math.max(right, x - GAP + MARGIN);
    tallest = Math.max(tallest, card.height);
  }
  return { width: right, height: cards.length ? y + tallest + MARGIN : height };
}

function pathOf(arrow, cardOf, route, layer) {
  const [source, target] = [cardOf.get(arrow.from), cardOf.get(arrow.to)];
  const forward = layer.get(source) < layer.get(target);
  let [x, y] = [forward ? source.x + source.width : source.x, source.y + port(source, arrow.from)];
  const parts = [`M${x} ${y}`];
  for (const line of route) {
    const level = line.y + line.height / 2;
    const [near, far] = forward ? [line.x, line.x + line.width] : [line.x + line.width, line.x];
    parts.push(curve(x, y, near, level), `H${far}`);
    [x, y] = [far, level];
  }
  parts.push(curve(x, y, forward ? target.x : target.x + target.width, target.y + port(target, arrow.to)));
  return parts.join("");
}

function curve(x, y, toX, toY) {
  const middle = (x + toX) / 2;
  return `C${middle} ${y} ${middle} ${toY} ${toX} ${toY}`;
}

// An arc at the right of a card, from row to row.
function inside(arrow, cardOf) {
  const card = cardOf.get(arrow.from);
  const [start, end] = [card.y + port(card, arrow.from), card.y + port(card, arrow.to)];
  const x = card.x + card.width - (card.group ? GUTTER : 0);
  const reach = x + Math.min(GUTTER, 10 + (5 * Math.abs(end - start)) / ROW);
  const down = end > start ? 3 : -3;
  return `M${x} ${start + down}C${reach} ${start + down} ${reach} ${end - down} ${x} ${end - down}`;
}
