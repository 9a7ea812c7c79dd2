// The search. The index is a script, loaded when it is first wanted: pages opened as files cannot fetch anything.
"use strict";

const MOST = 30;
const field = document.getElementById("search");
const list = document.getElementById("found");
const count = document.getElementById("count");
const up = document.body.dataset.up;
let chosen = -1;
let loading = false;

function load() {
  if (loading) return;
  loading = true;
  const script = document.createElement("script");
  script.src = `${up}assets/index.js`;
  script.addEventListener("load", show);
  document.head.append(script);
}

// How well an entry fits the words, and the field that one of them is found in: 0 where one is nowhere in it.
function score(entry, words) {
  const [kind, name, , more, fields] = entry;
  const own = name.toLowerCase();
  const last = own.slice(own.lastIndexOf(".") + 1);
  let sum = 0;
  let field = "";
  for (const word of words) {
    const held = fields.toLowerCase().includes(word) ? inside(fields, word) : "";
    if (own === word || last === word) sum += 100;
    else if (own.startsWith(word) || last.startsWith(word)) sum += 60;
    else if (own.includes(word)) sum += 40;
    else if (held) sum += held.toLowerCase().split(".").pop() === word ? 30 : 15;
    else if (kind === word) sum += 20;
    else if (more.toLowerCase().includes(word)) sum += 10;
    else return { sum: 0 };
    if (held) field = held;
  }
  return { sum, field, entry };
}

// The field that a word is found in: one whose own name begins with it, else the first.
function inside(fields, word) {
  const all = fields.split(" ").filter((field) => field.toLowerCase().includes(word));
  return all.find((field) => field.toLowerCase().split(".").pop().startsWith(word)) ?? all[0] ?? "";
}

function find(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length || !window.CATALOGUE) return [];
  return window.CATALOGUE.map((entry) => score(entry, words))
    .filter((found) => found.sum)
    .sort((one, other) => other.sum - one.sum || one.entry[1].length - other.entry[1].length);
}

function show() {
  const found = find(field.value);
  list.replaceChildren(
    ...found.slice(0, MOST).map(({ field: held, entry: [kind, name, path] }, number) => {
      const item = document.createElement("li");
      item.id = `found-${number}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      // What has a page of its own has a row for each field there.
      item.dataset.path = held && !path.includes("#") ? `${path}#field-${held}` : path;
      const label = document.createElement("span");
      label.className = `kind ${kind}`;
      label.textContent = kind;
      item.append(label, ` ${name} `);
      if (held) item.append(Object.assign(document.createElement("code"), { textContent: held }));
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => go(item));
      return item;
    }),
  );
  const wanted = field.value.trim() !== "" && window.CATALOGUE !== undefined;
  count.textContent = !wanted ? "" : found.length > MOST ? `The first ${MOST} of ${found.length}` : `${found.length} found`;
  list.hidden = !found.length;
  field.setAttribute("aria-expanded", String(!list.hidden));
  choose(found.length ? 0 : -1);
}

function choose(number) {
  list.children[chosen]?.setAttribute("aria-selected", "false");
  chosen = number;
  const item = list.children[chosen];
  if (item) {
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", item.id);
  } else {
    field.removeAttribute("aria-activedescendant");
  }
}

function go(item) {
  close();
  window.location.href = up + item.dataset.path;
}

function close() {
  list.hidden = true;
  field.setAttribute("aria-expanded", "false");
  choose(-1);
}

field.addEventListener("focus", load);
field.addEventListener("input", () => (load(), show()));
field.addEventListener("blur", close);
field.addEventListener("keydown", (event) => {
  const number = list.children.length;
  if (event.key === "ArrowDown" && number) choose((chosen + 1) % number);
  else if (event.key === "ArrowUp" && number) choose((chosen + number - 1) % number);
  else if (event.key === "Enter" && chosen >= 0 && !list.hidden) go(list.children[chosen]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    field.focus();
    event.preventDefault();
  }
});
