// What is shown. It is all in the address (after `#`), so that an address is a view, and Back goes back.

import { about, levels } from "./data.js";

const MANY = 1200;

const DEFAULTS = {
  view: about.level === "service" && levels.service.boxes.length > MANY ? "system" : about.level,
  node: "",
  focus: "",
  up: "1",
  down: "1",
  owner: "",
  stream: "",
  kind: "",
  hide: "",
  changed: about.against && !about.notes.length ? "1" : "",
  field: "",
  start: "",
};

export const state = { ...DEFAULTS };
const listeners = [];
let written = "";

export function onChange(listener) {
  listeners.push(listener);
}

// Show something else; what is named in `changes` alone differs.
export function update(changes) {
  const before = { ...state };
  Object.assign(state, changes);
  written = address();
  if (location.hash.slice(1) !== written) location.hash = written;
  tell(before);
}

function address() {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) if (value !== DEFAULTS[name]) said.set(name, value);
  return said.toString();
}

function read() {
  const said = new URLSearchParams(location.hash.slice(1));
  for (const name of Object.keys(DEFAULTS)) state[name] = said.get(name) ?? DEFAULTS[name];
  if (!["system", "service", "field", "process"].includes(state.view)) state.view = DEFAULTS.view;
  written = location.hash.slice(1);
}

function tell(before) {
  for (const listener of listeners) listener(before);
}

export function start() {
  read();
  tell({});
  addEventListener("hashchange", () => {
    if (location.hash.slice(1) === written) return;
    const before = { ...state };
    read();
    tell(before);
  });
}
