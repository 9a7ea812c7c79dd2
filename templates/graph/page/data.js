// What the page holds: nodes, arrows and fields, linked to each other. Numbers in the data become objects here.

const data = JSON.parse(document.getElementById("data").textContent);

export const about = { system: data.system, notes: data.notes, against: data.against, level: data.level };

export const nodes = data.nodes;
export const byId = new Map(nodes.map((node) => [node.id, node]));
for (const node of nodes) {
  node.mark ??= "";
  node.group = node.group === undefined ? null : nodes[node.group];
  node.rows = [];
  node.out = { system: [], service: [] };
  node.in = { system: [], service: [] };
}
for (const node of nodes) node.group?.rows.push(node);

export const levels = { system: linked("system"), service: linked("service") };

function linked(level) {
  const raw = data.levels[level];
  const area = ([index, x, y, width, height]) => ({ node: nodes[index], x, y, width, height });
  const arrows = raw.arrows.map(([from, to, kind, mark, path]) => ({ from: nodes[from], to: nodes[to], kind, mark, path }));
  for (const arrow of arrows) {
    arrow.from.out[level].push(arrow);
    arrow.to.in[level].push(arrow);
  }
  const boxes = raw.boxes.map(area);
  for (const box of boxes) box.alone = level === "system" || !box.node.group;
  return { width: raw.width, height: raw.height, cards: raw.cards.map(area), boxes, arrows };
}

// What brings about an event: `by` does it, after any of its events or (`together`) all; `called` by somebody outside.
for (const node of nodes) [node.causes, node.followed] = [[], []];
export const causes = data.causes.map(([event, by, events, together, called, guard]) => {
  const cause = { event: nodes[event], by: nodes[by], events: events.map((one) => nodes[one]), together: Boolean(together), called, guard };
  cause.event.causes.push(cause);
  for (const one of cause.events) one.followed.push(cause);
  return cause;
});

// Fields: each has its carrier (an event, a store, a response ...), and the fields that it is passed on to.
export const fields = [];
export const carriers = new Map();
for (const [name, label, kind, node, pairs] of data.carriers) {
  const carrier = { id: name, label, kind, node: byId.get(node) ?? null, fields: [], mark: "" };
  for (let at = 0; at < pairs.length; at += 2) {
    const id = pairs[at] ? `${name}#${pairs[at]}` : name;
    const field = { id, label: pairs[at] || "the whole", path: pairs[at], type: pairs[at + 1], kind: "field", mark: "" };
    Object.assign(field, { carrier, next: [], previous: [] });
    carrier.fields.push(field);
    fields.push(field);
  }
  carriers.set(name, carrier);
}
for (let at = 0; at < data.steps.length; at += 3) {
  const [source, target] = [fields[data.steps[at]], fields[data.steps[at + 1]]];
  const unsure = data.steps[at + 2] === 1;
  source.next.push({ field: target, unsure });
  target.previous.push({ field: source, unsure });
}

export function fieldById(id) {
  const [carrier, path = ""] = id.split("#");
  return carriers.get(carrier)?.fields.find((field) => field.path === path) ?? null;
}

// The words for a number of things of a kind.
export function counted(count, kind) {
  return `${count} ${count === 1 ? kind : plural(kind)}`;
}

export function plural(kind) {
  const irregular = { query: "queries", bus: "buses", box: "boxes", index: "indexes", collected: "collected" };
  return irregular[kind] ?? `${kind}s`;
}
