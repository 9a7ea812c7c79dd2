// The keyboard in the picture: one stop for Tab, arrow keys from box to box, Enter for its detail.

import { pan, reveal, zoom, fitAll } from "./camera.js";
import { $ } from "./dom.js";
import { areaOf, eachElement, elementOf, shownPicture } from "./paint.js";

const STEP = 80;
let current = null;
let opened = () => {};

export function onOpen(listener) {
  opened = listener;
}

const buttonOf = (element) => (element.classList.contains("card") ? element.querySelector(".head") : element);

// The box that Tab comes to.
export function stopAt(node) {
  current = node ?? shownPicture().boxes[0]?.node ?? null;
  eachElement((element, item) => item.node && buttonOf(element).setAttribute("tabindex", item.node === current ? 0 : -1));
  if (current) buttonOf(elementOf(current) ?? document.body).setAttribute("tabindex", 0);
}

export function go(node) {
  if (!node) return;
  const area = areaOf(node);
  if (!area) return;
  reveal(area);
  stopAt(node);
  buttonOf(elementOf(node)).focus({ preventScroll: true });
}

export function watchKeys(map, nodeOf) {
  map.addEventListener("click", (event) => {
    const node = nodeOf(event.target);
    opened(node);
    if (node) stopAt(node);
  });
  map.addEventListener("focusin", (event) => {
    const node = nodeOf(event.target);
    if (node) current = node;
  });
  map.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.shiftKey && event.key.startsWith("Arrow")) pan(...shift(event.key));
    else if (event.key in WAYS) go(nextTo(current, event.key));
    else if (event.key === "Home") go(shownPicture().boxes[0]?.node);
    else if (event.key === "End") go(shownPicture().boxes.at(-1)?.node);
    else if (event.key === "Enter" || event.key === " ") opened(nodeOf(event.target));
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fitAll();
    else return;
    event.preventDefault();
  });
}

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function shift(key) {
  const [x, y] = WAYS[key];
  return [-x * STEP, -y * STEP];
}

// Where an arrow key leads: along the flow if something lies that way, else to the nearest.
function nextTo(node, key) {
  const picture = shownPicture();
  const from = node && areaOf(node);
  if (!from) return picture.boxes[0]?.node;
  const [x, y] = WAYS[key];
  const near = new Set(picture.arrows.flatMap((arrow) => (arrow.from === node ? [arrow.to] : arrow.to === node ? [arrow.from] : [])));
  const ahead = [...picture.boxes, ...picture.cards.map((card) => ({ ...card, height: 36 }))]
    .filter((area) => area.node !== node)
    .map((area) => ({ node: area.node, ...offset(from, area, x, y) }))
    .filter((one) => one.along > 1);
  const better = (one) => one.along + 3 * one.beside - (x && near.has(one.node) ? 10_000 : 0);
  return ahead.reduce((best, one) => (best && better(best) <= better(one) ? best : one), null)?.node;
}

function offset(from, to, x, y) {
  const [dx, dy] = [to.x + to.width / 2 - from.x - from.width / 2, to.y + to.height / 2 - from.y - from.height / 2];
  if (x) return { along: to.x === from.x && to.width === from.width ? 0 : dx * x, beside: Math.abs(dy) };
  const apart = Math.max(0, Math.abs(dx) - Math.min(from.width, to.width) / 2);
  return { along: dy * y, beside: apart };
}

export function focusMap() {
  const node = current && areaOf(current) ? current : shownPicture().boxes[0]?.node;
  if (node) go(node);
  else $("world").querySelector("[tabindex]")?.focus();
}

export function mapHasFocus() {
  return $("map").contains(document.activeElement);
}
