// A business process as a sequence: what follows from a call or an event, in the order of cause and effect.

import { byId, causes, nodes } from "./data.js";

const MOST = 150;

// What a process may start with: what is called from outside, and events.
export function starts() {
  const called = new Set(causes.filter((cause) => cause.called).map((cause) => cause.by));
  const later = new Set(causes.filter((cause) => cause.called && cause.events.length).map((cause) => cause.by));
  const following = new Set(causes.flatMap((cause) => cause.events));
  const events = nodes.filter((node) => node.kind === "event" && following.has(node));
  return {
    first: [...called].filter((node) => !later.has(node)),
    later: [...later],
    outside: events.filter((event) => !event.causes.length),
    events: events.filter((event) => event.causes.length),
  };
}

// Whether anything follows.
export function leadsOn(node) {
  return node.kind === "event" ? node.out.service.length > 0 : causes.some((cause) => cause.called && cause.by === node);
}

// The steps from a start: { from, label, node, guard, again, to: [{ service, does: [node] }] }; `left` counts what is more.
export function steps(start) {
  const list = [];
  const told = new Set();
  const done = new Set();
  const begin = start.kind === "event" ? [] : causes.filter((cause) => cause.by === start);
  const queue = start.kind === "event" ? [{ event: start, from: publisher(start), guard: "" }] : [{ call: start }];
  const inside = reached(start.kind === "event" ? [start] : begin.map((cause) => cause.event));

  function fire(cause, missing = []) {
    done.add(cause);
    if (cause.called) queue.push({ call: cause.by });
    const once = missing.length && !cause.called ? `once ${missing.map((one) => one.label).join(" and ")} has come` : "";
    const guard = [once, cause.guard && `if ${cause.guard}`].filter(Boolean).join(", ");
    queue.push({ event: cause.event, from: cause.by.group, guard });
  }

  for (const cause of ordered(begin)) {
    done.add(cause);
    queue.push({ event: cause.event, from: start.group, guard: cause.guard && `if ${cause.guard}` });
  }
  while (list.length < MOST) {
    const next = queue.shift();
    if (!next) {
      const waiting = causes.find((cause) => !done.has(cause) && cause.events.some((one) => told.has(one)));
      if (!waiting) break;
      fire(waiting, waiting.events.filter((one) => !told.has(one)));
      continue;
    }
    if (next.call) {
      list.push(called(next.call));
      continue;
    }
    const { event } = next;
    list.push({ ...next, label: event.label, node: event, again: told.has(event), to: listeners(event) });
    if (told.has(event)) continue;
    told.add(event);
    const due = event.followed.filter((cause) => !done.has(cause) && isDue(cause, told, inside));
    for (const cause of ordered(due)) fire(cause, cause.together ? cause.events.filter((one) => !inside.has(one)) : []);
  }
  return { list, left: queue.length, services: speakers(list) };
}

// Whether what a cause needs has happened; it does not wait for what can only follow from it.
function isDue(cause, told, inside) {
  if (!cause.together) return true;
  const after = reached([cause.event]);
  return cause.events.every((one) => told.has(one) || !inside.has(one) || after.has(one));
}

// The events that may follow from some, themselves included.
function reached(events) {
  const found = new Set(events);
  for (const event of found) for (const cause of event.followed) found.add(cause.event);
  return found;
}

// What always follows comes first.
function ordered(found) {
  return [...found].sort((one, other) => one.called - other.called || Boolean(one.guard) - Boolean(other.guard));
}

function called(node) {
  const route = (node.facts ?? []).find(([name]) => name === "route" || name === "schedule");
  const label = node.kind === "change" ? "a row expires" : (route?.[1] ?? node.label);
  return { from: null, label, node, guard: "", again: false, to: [{ service: node.group, does: [node] }] };
}

function listeners(event) {
  const found = new Map();
  for (const { to } of event.out.service) found.set(to.group, [...(found.get(to.group) ?? []), to]);
  return [...found].map(([service, does]) => ({ service, does }));
}

function publisher(event) {
  const services = new Set(event.in.service.map((arrow) => arrow.from.group));
  return services.size === 1 ? [...services][0] : null;
}

// Services by who has to do with it first; who is outside stands at the left.
function speakers(list) {
  const found = new Set(list.flatMap((step) => [step.from, ...step.to.map(({ service }) => service)]));
  return [...found].sort((one, other) => (other === null) - (one === null));
}

export const startNode = (id) => byId.get(id) ?? null;
