// A business process as a sequence: what follows from a command or an event, in the order of cause and effect.

import { byId, nodes } from "./data.js";

const MOST = 150;

// What a process may start with: commands and own functions that publish something, and events from outside.
export function starts() {
  const causing = (node) => node.out.service.some((arrow) => ["publishes", "emits", "writes"].includes(arrow.kind));
  const calls = nodes.filter((node) => ["command", "function"].includes(node.kind) && causing(node) && !node.in.service.some((arrow) => arrow.kind === "consumes"));
  const outside = nodes.filter((node) => node.kind === "event" && !node.in.service.length && node.out.service.length);
  const events = nodes.filter((node) => node.kind === "event" && node.in.service.length && node.out.service.length);
  return { calls: calls.filter((node) => steps(node).list.length > 1), outside, events };
}

// The steps from a start: { from, event, guard, to: [{ service, does: [node], again }] }, services by who speaks first.
export function steps(start) {
  const reach = reachable(start);
  const list = [];
  const told = new Set();
  const done = new Set();
  const waiting = new Map();
  const queue = [];
  const begin = start.kind === "event" ? { from: null, event: start } : { from: null, event: null, call: start };
  queue.push(begin);
  while ((queue.length || freed(waiting, queue)) && list.length < MOST) {
    const { from, event, call, guard } = queue.shift();
    if (call) {
      list.push({ from: null, label: callOf(call), to: [{ service: call.group, does: [call] }] });
      queue.push(...effects(call));
      continue;
    }
    const again = told.has(event);
    const to = new Map();
    for (const arrow of event.out.service) {
      const heard = arrow.to;
      const service = heard.group;
      if (!to.has(service)) to.set(service, { service, does: [] });
      to.get(service).does.push(heard);
      if (again) continue;
      if (heard.kind === "collected") {
        for (const { to: join } of heard.out.service) wait(join, heard, event, reach, waiting, queue, done);
      } else if (!done.has(heard)) {
        done.add(heard);
        queue.push(...effects(heard));
      }
    }
    told.add(event);
    list.push({ from: from ?? publisher(event), label: event.label, node: event, guard, again, to: [...to.values()] });
  }
  const left = queue.length + waiting.size;
  return { list, left, services: speakers(list) };
}

// A join goes on once everything has come that this process brings.
function wait(join, collected, event, reach, waiting, queue, done) {
  if (done.has(join)) return;
  const missing = waiting.get(join) ?? new Set(collected.in.service.map((arrow) => arrow.from).filter((one) => reach.has(one)));
  missing.delete(event);
  waiting.set(join, missing);
  if (missing.size) return;
  waiting.delete(join);
  done.add(join);
  queue.push(...effects(join));
}

// What waits for events that only come of itself goes on in the end.
function freed(waiting, queue) {
  const [join] = waiting.keys();
  if (!join) return false;
  waiting.delete(join);
  queue.push(...effects(join));
  return queue.length > 0 || freed(waiting, queue);
}

// The events that a construct causes, directly or through the changes of the store that it writes.
function effects(node) {
  const found = [];
  for (const arrow of node.out.service) {
    if (arrow.kind === "publishes" || arrow.kind === "emits") found.push({ from: node.group, event: arrow.to, guard: node.guards?.[arrow.to.id] });
    if (arrow.kind !== "writes" || arrow.to.kind === "collected") continue;
    const written = (node.operations?.[arrow.to.id] ?? "INSERT MODIFY REMOVE").split(" ");
    for (const { to: change } of arrow.to.out.service) {
      if (change.kind !== "change") continue;
      for (const published of change.out.service) {
        const operations = (change.operations?.[published.to.id] ?? "").split(" ");
        if (operations.some((one) => written.includes(one)))
          found.push({ from: node.group, event: published.to, guard: change.guards?.[published.to.id] });
      }
    }
  }
  return found;
}

function reachable(start) {
  const found = new Set();
  const queue = start.kind === "event" ? [start] : effects(start).map((one) => one.event);
  while (queue.length) {
    const event = queue.pop();
    if (found.has(event)) continue;
    found.add(event);
    for (const { to } of event.out.service)
      for (const heard of to.kind === "collected" ? to.out.service.map((arrow) => arrow.to) : [to])
        queue.push(...effects(heard).map((one) => one.event));
  }
  return found;
}

function publisher(event) {
  const services = new Set(event.in.service.map((arrow) => arrow.from.group));
  return services.size === 1 ? [...services][0] : null;
}

function callOf(node) {
  const route = (node.facts ?? []).find(([name]) => name === "route" || name === "schedule");
  return route ? route[1] : node.label;
}

function speakers(list) {
  const found = new Set();
  for (const step of list) {
    if (step.from === null) found.add(null);
    else found.add(step.from);
    for (const { service } of step.to) found.add(service);
  }
  return [...found].sort((one, other) => (one === null ? -1 : other === null ? 1 : 0));
}

export const startNode = (id) => byId.get(id) ?? null;
