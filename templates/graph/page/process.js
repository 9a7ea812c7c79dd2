// A business process as a sequence: what follows from a command or an event, in the order of cause and effect.

import { byId, nodes } from "./data.js";

const MOST = 150;

// What a process may start with: commands and own functions that publish something, and events from outside.
export function starts() {
  const causing = (node) => node.out.service.some((arrow) => ["publishes", "emits", "writes"].includes(arrow.kind));
  const calls = nodes.filter((node) => ["command", "function"].includes(node.kind) && causing(node) && !node.in.service.some((arrow) => arrow.kind === "consumes"));
  const outside = nodes.filter((node) => node.kind === "event" && !node.in.service.length && node.out.service.length);
  const events = nodes.filter((node) => node.kind === "event" && node.in.service.length && node.out.service.length);
  return { calls: calls.filter((node) => effects(node).length), outside, events };
}

// The steps from a start: { from, event, guard, to: [{ service, does: [node], again }] }, services by who speaks first.
export function steps(start) {
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
        for (const { to: join } of heard.out.service) wait(join, heard, event, waiting, queue, done);
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

// A join goes on once everything has come that it waits for.
function wait(join, collected, event, waiting, queue, done) {
  if (done.has(join)) return;
  const missing = waiting.get(join) ?? new Set(collected.in.service.map((arrow) => arrow.from));
  missing.delete(event);
  waiting.set(join, missing);
  if (missing.size) return;
  waiting.delete(join);
  done.add(join);
  queue.push(...effects(join));
}

// What waits for an event that this process does not bring goes on in the end, which is said.
function freed(waiting, queue) {
  const [join] = waiting.keys();
  if (!join) return false;
  const missing = [...waiting.get(join)].map((event) => event.label).join(" and ");
  waiting.delete(join);
  queue.push(...effects(join).map((effect) => ({ ...effect, guard: [`once ${missing} has come`, effect.guard].filter(Boolean).join(", ") })));
  return queue.length > 0 || freed(waiting, queue);
}

// The events that a construct causes, directly or through the changes of the store that it writes.
function effects(node) {
  const found = [];
  for (const arrow of node.out.service) {
    if (arrow.kind === "publishes" || arrow.kind === "emits") found.push({ from: node.group, event: arrow.to, guard: conditionOf(node, arrow.to) });
    if (arrow.kind !== "writes" || arrow.to.kind === "collected") continue;
    for (const { to: change } of arrow.to.out.service) {
      if (change.kind !== "change") continue;
      for (const { to: event } of change.out.service)
        if (!node.causes || node.causes.includes(event.id)) found.push({ from: node.group, event, guard: conditionOf(change, event) });
    }
  }
  // What always follows comes first.
  return found.sort((one, other) => Boolean(one.guard) - Boolean(other.guard));
}

function conditionOf(node, event) {
  const guard = node.guards?.[event.id];
  return guard && `if ${guard}`;
}

// Whether anything follows.
export function leadsOn(node) {
  return node.kind === "event" ? node.out.service.length > 0 : effects(node).length > 0;
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
