// The picture as a file of its own: SVG, PNG, or paper.

import { $, announce, svg } from "./dom.js";
import { about } from "./data.js";
import { refresh, shownPicture } from "./paint.js";
import { state } from "./state.js";

const MOST_PIXELS = 8192;

function drawn() {
  const picture = shownPicture();
  refresh(true);
  const copy = svg("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    width: picture.width,
    height: picture.height,
    viewBox: `0 0 ${picture.width} ${picture.height}`,
    "data-theme": theme(),
    class: "picture",
    role: "img",
    "aria-label": `${about.system}: ${$("summary").textContent}`,
  });
  const world = $("world").cloneNode(true);
  world.removeAttribute("transform");
  world.querySelector("#heads-of-lines")?.removeAttribute("transform");
  for (const element of world.querySelectorAll("[tabindex],[role],[aria-label]"))
    for (const name of ["tabindex", "role", "aria-label", "aria-hidden"]) element.removeAttribute(name);
  copy.append(
    svg("style", {}, $("picture-style").textContent),
    $("heads").cloneNode(true),
    svg("rect", { class: "ground", width: picture.width, height: picture.height }),
    world,
  );
  refresh();
  return { text: new XMLSerializer().serializeToString(copy), picture };
}

export function theme() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

export function saveSvg() {
  save(new Blob([drawn().text], { type: "image/svg+xml" }), "svg");
}

export function savePng() {
  const { text, picture } = drawn();
  const scale = Math.min(2, MOST_PIXELS / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(picture.width * scale);
  canvas.height = Math.ceil(picture.height * scale);
  const image = new Image();
  image.onload = () => {
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(blob, "png"), "image/png");
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

function save(blob, ending) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${about.system}-${state.view}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  announce(`Saved ${link.download}`);
}

// Paper shows the whole picture, on one page, in light colours.
export function watchPrinting() {
  const { dataset } = document.documentElement;
  let chosen = null;
  matchMedia("print").addEventListener("change", ({ matches }) => {
    const map = $("map");
    if (matches) {
      chosen = dataset.theme ?? null;
      dataset.theme = "light";
      const { width, height } = shownPicture();
      refresh(true);
      map.setAttribute("viewBox", `0 0 ${width} ${height}`);
    } else {
      if (chosen) dataset.theme = chosen;
      else delete dataset.theme;
      map.removeAttribute("viewBox");
      refresh();
    }
  });
}
