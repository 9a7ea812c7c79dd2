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

// How well an entry fits the words: 0 where one of them is nowhere in it.
function score(entry, words) {
  const [kind, name, , more] = entry;
  const own = name.toLowerCase();
  const last = own.slice(own.lastIndexOf(".") + 1);
  let sum = 0;
  for (const word of words) {
    if (own === word || last === word) sum += 100;
    else if (own.startsWith(word) || last.startsWith(word)) sum += 60;
    else if (own.includes(word)) sum += 40;
    else if (kind === word) sum += 20;
    else if (more.toLowerCase().includes(word)) sum += 10;
    else return 0;
  }
  return sum;
}

function find(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length || !window.CATALOGUE) return [];
  return window.CATALOGUE.map((entry) => [score(entry, words), entry])
    .filter(([found]) => found)
    .sort((one, other) => other[0] - one[0] || one[1][1].length - other[1][1].length)
    .map(([, entry]) => entry);
}

function show() {
  const found = find(field.value);
  list.replaceChildren(
    ...found.slice(0, MOST).map(([kind, name, path], number) => {
      const item = document.createElement("li");
      item.id = `found-${number}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.path = path;
      const label = document.createElement("span");
      label.className = `kind ${kind}`;
      label.textContent = kind;
      item.append(label, ` ${name}`);
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
