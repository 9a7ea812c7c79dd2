// Layered drawing (Sugiyama), as in draw/layers.py: which layer each item is in, and in which order.

const FULL = 16;

// The layer of each item; `links` gives, by item, the set of those that it leads to.
export function layersOf(items, links) {
  const place = new Map(sequence(items, links).map((item, number) => [item, number]));
  const after = new Map(items.map((item) => [item, []]));
  const led = new Set();
  for (const item of items)
    for (const target of links.get(item)) {
      if (target === item) continue;
      const [from, to] = place.get(item) < place.get(target) ? [item, target] : [target, item];
      after.get(from).push(to);
      led.add(to);
    }
  const layer = new Map(items.map((item) => [item, 0]));
  for (const item of [...items].sort((one, other) => place.get(one) - place.get(other)))
    for (const target of after.get(item)) layer.set(target, Math.max(layer.get(target), layer.get(item) + 1));
  for (const item of items) {
    const following = after.get(item);
    if (!led.has(item) && following.length) layer.set(item, Math.min(...following.map((one) => layer.get(one))) - 1);
  }
  return layer;
}

// The layers, none much fuller than the picture is long: what leads nowhere goes on in the next one.
export function broadened(layer, links) {
  const most = Math.max(FULL, Math.ceil(1.6 * Math.sqrt(layer.size)));
  const inside = [];
  for (const [item, number] of layer) (inside[number] ??= []).push(item);
  for (let number = 0; number < inside.length; number++) {
    const surplus = (inside[number] ?? []).length - most;
    if (surplus <= 0) continue;
    const moved = inside[number].filter((item) => !links.get(item).size).slice(-surplus);
    for (const item of moved) layer.set(item, number + 1);
    if (moved.length) inside[number + 1] = [...moved, ...(inside[number + 1] ?? [])];
  }
  return layer;
}

// The items in a line such that few links lead back (Eades, Lin and Smyth).
function sequence(items, links) {
  const out = new Map(items.map((item) => [item, new Set([...links.get(item)].filter((one) => one !== item))]));
  const into = new Map(items.map((item) => [item, new Set()]));
  for (const [item, targets] of out) for (const target of targets) into.get(target).add(item);
  const left = new Set(items);
  const [first, last] = [[], []];
  const take = (item, line) => {
    line.push(item);
    left.delete(item);
    for (const target of out.get(item)) into.get(target).delete(item);
    for (const source of into.get(item)) out.get(source).delete(item);
  };
  while (left.size) {
    let ends = true;
    while (ends) {
      ends = false;
      for (const item of left) {
        if (!out.get(item).size) take(item, last);
        else if (!into.get(item).size) take(item, first);
        else continue;
        ends = true;
      }
    }
    let [best, most] = [null, -Infinity];
    for (const item of left) {
      const more = out.get(item).size - into.get(item).size;
      if (more > most) [best, most] = [item, more];
    }
    if (best) take(best, first);
  }
  return [...first, ...last.reverse()];
}

// The items of each layer, ordered by the mean place of their neighbours, there and back; the best order seen.
export function ordered(columns, after, before, sweeps = 12) {
  const rows = columns.map((column) => [...column]);
  let [best, fewest] = [rows.map((row) => [...row]), crossings(rows, after)];
  for (let sweep = 0; sweep < sweeps && fewest; sweep++) {
    const down = sweep % 2 === 0;
    const numbers = [...rows.keys()];
    for (const number of down ? numbers.slice(1) : numbers.slice(0, -1).reverse()) {
      const fixed = rows[number + (down ? -1 : 1)];
      const place = new Map(fixed.map((item, at) => [item, at]));
      const scale = fixed.length / rows[number].length;
      const mean = new Map(
        rows[number].map((item, at) => {
          const places = (down ? before : after).get(item).map((link) => place.get(link.item)).filter((one) => one !== undefined);
          return [item, places.length ? places.reduce((sum, one) => sum + one, 0) / places.length : at * scale];
        }),
      );
      rows[number].sort((one, other) => mean.get(one) - mean.get(other));
    }
    const count = crossings(rows, after);
    if (count < fewest) [best, fewest] = [rows.map((row) => [...row]), count];
  }
  return best;
}

// What leads on stands in the middle of many beside it that have the same source, and lead nowhere.
export function centred(row, after, before) {
  const source = (item) => new Set(before.get(item).map((link) => link.item));
  const same = (one, other) => one.size === other.size && [...one].every((item) => other.has(item));
  const runs = [];
  for (const item of row) {
    if (runs.length && same(source(runs.at(-1)[0]), source(item))) runs.at(-1).push(item);
    else runs.push([item]);
  }
  return runs.flatMap((run) => {
    const [leading, others] = [run.filter((item) => after.get(item).length), run.filter((item) => !after.get(item).length)];
    const middle = Math.floor(others.length / 2);
    return others.length < FULL / 2 ? run : [...others.slice(0, middle), ...leading, ...others.slice(middle)];
  });
}

function crossings(rows, after) {
  let count = 0;
  for (let number = 0; number + 1 < rows.length; number++) {
    const place = new Map(rows[number + 1].map((item, at) => [item, at]));
    const seen = [];
    for (const item of rows[number]) {
      const ends = after.get(item).map((link) => place.get(link.item)).filter((one) => one !== undefined);
      for (const end of ends) count += seen.filter((other) => other > end).length;
      seen.push(...ends);
    }
  }
  return count;
}

// Tops of things in a column, as near to the desired ones as order, sizes and gaps allow (pool adjacent violators).
export function spread(desired, sizes, gaps) {
  const offsets = [0];
  sizes.forEach((size, at) => offsets.push(offsets[at] + size + gaps[at]));
  const blocks = [];
  desired.forEach((want, at) => {
    let [total, count] = [want - offsets[at], 1];
    while (blocks.length && blocks.at(-1)[0] / blocks.at(-1)[1] > total / count) {
      const [before, many] = blocks.pop();
      [total, count] = [total + before, count + many];
    }
    blocks.push([total, count]);
  });
  return blocks.flatMap(([total, count]) => Array(count).fill(total / count)).map((start, at) => start + offsets[at]);
}
