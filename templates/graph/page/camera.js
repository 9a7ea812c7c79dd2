// What of the picture is in sight: moved by dragging and keys, sized by the wheel and buttons.

import { $ } from "./dom.js";

const [SMALLEST, LARGEST] = [0.02, 3];
const [SMALL, READABLE, LARGE] = [0.45, 0.6, 1.4];
const BAR = 48;

export const camera = { x: 0, y: 0, scale: 1 };
let extent = { width: 1, height: 1 };
let moved = () => {};
let waiting = false;

export function onMove(listener) {
  moved = listener;
}

function viewport() {
  const { width, height } = $("map").getBoundingClientRect();
  return { width, height };
}

export function inSight() {
  const { width, height } = viewport();
  const { x, y, scale } = camera;
  return { left: -x / scale, top: -y / scale, right: (width - x) / scale, bottom: (height - y) / scale };
}

function apply() {
  $("world").setAttribute("transform", `translate(${camera.x} ${camera.y}) scale(${camera.scale})`);
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    moved();
  });
}

const bar = () => (document.querySelector(".bar:not([hidden])") ? BAR : 0);

// The uppermost of the picture that is not under a bar.
export const topInSight = () => (bar() - camera.y) / camera.scale;

// Show all of a picture; of one that would be too small to read, what is around `centre`, or else its beginning.
export function fit(picture, centre = null, whole = false) {
  extent = picture;
  const top = bar();
  const { width, height: room } = viewport();
  const height = room - top;
  const all = Math.min(width / picture.width, height / picture.height, LARGE);
  const readable = Math.min(1, Math.max(width / picture.width, height / picture.height));
  camera.scale = all >= SMALL || whole ? Math.max(all, SMALLEST) : Math.max(readable, READABLE);
  camera.x = placed(width, picture.width * camera.scale);
  camera.y = top + placed(height, picture.height * camera.scale);
  apply();
  if (centre && all < SMALL) reveal(centre, true);
}

// In the middle, or from the beginning where there is no room for all.
function placed(room, size) {
  return size <= room + 1 ? (room - size) / 2 : 0;
}

export function fitAll() {
  fit(extent, null, true);
}

export function zoom(factor, at = null) {
  const { width, height } = viewport();
  const centre = at ?? { x: width / 2, y: height / 2 };
  const scale = Math.min(LARGEST, Math.max(SMALLEST, camera.scale * factor));
  camera.x = centre.x - ((centre.x - camera.x) * scale) / camera.scale;
  camera.y = centre.y - ((centre.y - camera.y) * scale) / camera.scale;
  camera.scale = scale;
  apply();
}

export function pan(x, y) {
  camera.x += x;
  camera.y += y;
  apply();
}

// Bring an area into sight, at a size that can be read.
export function reveal({ x, y, width, height }, centred = false) {
  const room = viewport();
  if (camera.scale < SMALL) {
    camera.scale = 0.8;
    centred = true;
  }
  const [left, top] = [x * camera.scale + camera.x, y * camera.scale + camera.y];
  const hidden = left < 0 || top < 0 || left + width * camera.scale > room.width || top + height * camera.scale > room.height;
  if (!hidden && !centred) return;
  camera.x = room.width / 2 - (x + width / 2) * camera.scale;
  camera.y = room.height / 2 - (y + height / 2) * camera.scale;
  apply();
}

export function watchPointer(map) {
  let held = null;
  map.addEventListener("pointerdown", (event) => {
    if (event.button === 0) held = { x: event.clientX, y: event.clientY, far: false };
  });
  map.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [x, y] = [event.clientX - held.x, event.clientY - held.y];
    if (!held.far && Math.hypot(x, y) < 4) return;
    if (!held.far) map.setPointerCapture(event.pointerId);
    map.classList.add("dragged");
    pan(x, y);
    held = { x: event.clientX, y: event.clientY, far: true };
  });
  for (const name of ["pointerup", "pointercancel"])
    map.addEventListener(name, () => {
      // The click that ends a drag is none.
      if (held?.far) map.addEventListener("click", (event) => event.stopPropagation(), { capture: true, once: true });
      setTimeout(() => map.classList.remove("dragged"));
      held = null;
    });
  map.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const box = map.getBoundingClientRect();
      if (event.shiftKey) pan(-event.deltaY - event.deltaX, 0);
      else zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 500)), { x: event.clientX - box.x, y: event.clientY - box.y });
    },
    { passive: false },
  );
}
