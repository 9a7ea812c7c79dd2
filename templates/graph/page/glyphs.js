// The shape of each kind, as in every other picture of cncb: one path in 16 by 14.

import { html, svg } from "./dom.js";

const GLYPHS = JSON.parse(document.getElementById("glyphs").textContent);

export function glyph(kind, x, y) {
  return svg("path", { class: "glyph", transform: `translate(${x} ${y})`, d: GLYPHS[kind] ?? GLYPHS.field });
}

// A glyph that stands in text.
export function icon(kind) {
  const drawn = svg("svg", { viewBox: "-1 -1 18 16", width: 18, height: 16, class: `icon ${kind}`, "aria-hidden": "true" });
  drawn.append(glyph(kind, 0, 0));
  return html("span", { class: "icon-box" }, drawn);
}
