"use strict";

/* The page of a scan: slides, what is drawn on them, and the walk through the findings. */

const kinds = ["region", "object", "tile", "scan", "artefact"];
const byId = (id) => document.getElementById(id);

// One slide with the findings of one analysis.
class Pane {
  constructor(element) {
    this.element = element;
    const { analysis, image, width, height, deepest, picture, spacing } = element.dataset;
    this.analysis = analysis;
    this.image = Number(image);
    this.width = Number(width);
    this.height = Number(height);
    this.deepest = Number(deepest);
    this.spacing = Number(spacing);
    this.state = element.parentElement.querySelector(".pane-state");
    this.findings = [];
    this.labels = [];
    this.heatMaps = [];
    this.bounds = L.latLngBounds([0, 0], [this.height, this.width]);
    // Coordinates are pixels of the image, y downwards; at the level of full resolution one is a pixel of the screen.
    const unit = 1 / Math.pow(2, this.deepest);
    const crs = L.extend({}, L.CRS.Simple, { transformation: new L.Transformation(unit, 0, unit, 0) });
    this.map = L.map(element, {
      crs, minZoom: 0, maxZoom: this.deepest + 4, zoomAnimation: false, fadeAnimation: false, inertia: false,
      attributionControl: false, maxBounds: this.bounds.pad(0.5), keyboardPanDelta: 120, boxZoom: false,
    });
    this.map.fitBounds(this.bounds);
    if (picture === "yes") {
      this.map.createPane("picture").style.zIndex = 150;
      L.imageOverlay(`/scan/${analysis}/thumbnail/${image}.jpg`, this.bounds, { pane: "picture" }).addTo(this.map);
    }
    this.outlines = new Outlines(this.deepest, this.bounds).addTo(this.map);
    if (this.spacing > 0) this.addScale();
  }

  // A scale bar in micrometres.
  addScale() {
    const bar = L.DomUtil.create("div", "scale-bar", this.element);
    bar.setAttribute("role", "img");
    const show = () => {
      const perPixel = this.spacing / Math.pow(2, this.map.getZoom() - this.deepest);
      const power = Math.pow(10, Math.floor(Math.log10(perPixel * 160)));
      const length = [5, 2, 1].map((step) => step * power).find((step) => step <= perPixel * 160);
      bar.style.width = `${length / perPixel}px`;
      bar.textContent = length >= 1000 ? `${length / 1000} mm` : `${length} µm`;
      bar.setAttribute("aria-label", `Scale: ${bar.textContent}`);
    };
    this.map.on("zoomend", show);
    show();
  }

  async open() {
    await Promise.all([this.openSlide(), this.openFindings(), this.openReviews()]);
  }

  async openSlide() {
    const picture = this.element.dataset.picture === "yes";
    const instead = picture ? "The small picture from the database is shown." : "No picture of it was kept.";
    const response = await fetch(`/scan/${this.analysis}/standing`);
    const standing = response.ok ? await response.json() : "missing";
    this.element.dataset.standing = standing;
    if (standing === "open") {
      const layer = L.tileLayer(`/scan/${this.analysis}/tiles/${this.image}/{z}/{x}/{y}.jpg`, {
        tileSize: 256, minZoom: 0, maxZoom: this.deepest + 4, maxNativeZoom: this.deepest, bounds: this.bounds,
        noWrap: true, keepBuffer: 3, updateWhenIdle: false, updateInterval: 60, alt: "",
      });
      let failed = 0;
      layer.on("tileerror", () => {
        failed += 1;
        this.tell(`${failed} part${failed === 1 ? "" : "s"} of the slide cannot be read there. ${instead}`);
      });
      layer.addTo(this.map);
      this.tell("");
    } else if (standing === "changed") {
      this.tell(`The file has changed since it was analysed: it is not shown. ${instead}`);
    } else {
      this.tell(`The scan's file is not in its place. ${instead}`);
    }
  }

  tell(text) {
    this.state.textContent = text;
  }

  async openFindings() {
    const response = await fetch(`/scan/${this.analysis}/findings/${this.image}.json`);
    if (!response.ok) return this.tell("The findings cannot be read: load the page again.");
    const { findings, labels, heatMaps } = await response.json();
    this.labels = labels;
    this.heatMaps = heatMaps;
    this.findings = findings.map(([ordinal, kind, label, confidence, x, y, width, height, rings]) => ({
      ordinal, kind, label, confidence, x, y, width, height, rings, name: labels[label].name, pane: this,
    }));
    this.outlines.labels = labels;
  }

  async openReviews() {
    const response = await fetch(`/scan/${this.analysis}/reviews.json`);
    this.reviews = new Map(response.ok ? Object.entries(await response.json()) : []);
  }

  reviewOf(finding) {
    return this.reviews.get(String(finding.ordinal));
  }

  show(finding) {
    const box = L.latLngBounds([finding.y, finding.x], [finding.y + finding.height, finding.x + finding.width]);
    this.map.fitBounds(box.pad(1.2), { maxZoom: this.deepest + 1, animate: false });
  }
}

class Viewer {
  constructor(panes) {
    this.panes = panes;
    this.chosen = null;
    this.hidden = new Set();
    this.move();
    this.listen();
  }

  async start() {
    await Promise.all(this.panes.map((pane) => pane.open()));
    this.listLabels();
    this.listHeatMaps();
    this.filter();
    const wanted = Number.parseInt(location.hash.slice(1), 10);
    const first = this.panes[0].findings.find((finding) => finding.ordinal === wanted);
    if (first) this.choose(first, true);
    document.body.dataset.ready = "yes";
  }

  // Slides side by side show the same place.
  move() {
    let isLed = false;
    for (const pane of this.panes) {
      // A slide that comes back from beyond its bounds by itself would lead the other, which comes back too.
      if (this.panes.length > 1) pane.map.setMaxBounds(null);
      pane.map.on("move zoom", () => {
        if (isLed) return;
        isLed = true;
        for (const other of this.panes) {
          if (other !== pane) other.map.setView(pane.map.getCenter(), pane.map.getZoom(), { animate: false });
        }
        isLed = false;
      });
    }
  }

  listen() {
    byId("next").addEventListener("click", () => this.walk(1));
    byId("previous").addEventListener("click", () => this.walk(-1));
    byId("order").addEventListener("change", () => this.filter());
    byId("confidence").addEventListener("input", () => this.filter());
    byId("outlines").addEventListener("change", () => this.filter());
    byId("unreviewed").addEventListener("change", () => this.filter());
    byId("finding").addEventListener("submit", (event) => {
      event.preventDefault();
      this.review(event.submitter?.value ?? "noted");
    });
    byId("heat").addEventListener("change", () => this.filter());
    const keys = byId("keys");
    keys.checked = localStorage.getItem("keys") !== "off";
    keys.addEventListener("change", () => localStorage.setItem("keys", keys.checked ? "on" : "off"));
    document.addEventListener("keydown", (event) => this.press(event));
    for (const pane of this.panes) {
      pane.map.on("click", ({ latlng }) => {
        const slack = 4 / Math.pow(2, pane.map.getZoom() - pane.deepest);
        const finding = pane.outlines.findingAt(latlng.lng, latlng.lat, slack);
        if (finding) this.choose(finding, false);
      });
    }
  }

  press(event) {
    const inField = event.target.closest("input:not([type=checkbox]):not([type=range]), textarea, select");
    if (event.key === "Escape" && inField) return this.panes[0].element.focus();
    if (inField || event.ctrlKey || event.metaKey || event.altKey || !byId("keys").checked) return;
    const action = {
      n: () => this.walk(1),
      p: () => this.walk(-1),
      a: () => this.review("agreed"),
      r: () => this.review("rejected"),
      l: () => byId("label")?.focus(),
      t: () => byId("note")?.focus(),
      o: () => this.toggle("outlines"),
      h: () => this.nextHeatMap(),
      m: () => this.panes[0].element.focus(),
      0: () => this.panes[0].map.fitBounds(this.panes[0].bounds, { animate: false }),
      1: () => this.panes[0].map.setZoom(this.panes[0].deepest, { animate: false }),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  toggle(id) {
    byId(id).checked = !byId(id).checked;
    this.filter();
  }

  nextHeatMap() {
    const heat = byId("heat");
    heat.selectedIndex = (heat.selectedIndex + 1) % heat.options.length;
    this.filter();
  }

  // Every label with its sign, how often it is, and whether it is drawn.
  listLabels() {
    const counts = new Map();
    const signs = new Map();
    for (const pane of this.panes) {
      for (const label of pane.labels) signs.set(label.name, label);
      for (const { name } of pane.findings) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const items = [...signs.values()].map((label) => {
      const item = document.createElement("li");
      const choice = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = true;
      box.addEventListener("change", () => {
        if (box.checked) this.hidden.delete(label.name); else this.hidden.add(label.name);
        this.filter();
      });
      choice.append(box, sign(label), `${label.name}: ${(counts.get(label.name) ?? 0).toLocaleString("en")}`);
      item.append(choice);
      return item;
    });
    byId("labels").replaceChildren(...items);
  }

  listHeatMaps() {
    const stages = new Set(this.panes.flatMap((pane) => pane.heatMaps.map((map) => map.stage)));
    for (const stage of stages) byId("heat").add(new Option(stage, stage));
  }

  filter() {
    const least = Number(byId("confidence").value);
    byId("least").textContent = `${least} %`;
    const drawn = byId("outlines").checked;
    const unreviewed = byId("unreviewed").checked;
    const heat = byId("heat").value;
    for (const pane of this.panes) {
      pane.shown = pane.findings.filter((finding) => finding.confidence >= least * 10 && !this.hidden.has(finding.name)
        && !(unreviewed && pane.reviewOf(finding)));
      pane.outlines.findings = drawn ? pane.shown : [];
      pane.outlines.heatMap = pane.heatMaps.find((map) => map.stage === heat) ?? null;
      pane.outlines.refresh();
    }
    const orders = {
      least: (one, two) => one.confidence - two.confidence,
      most: (one, two) => two.confidence - one.confidence,
      large: (one, two) => two.width * two.height - one.width * one.height,
      place: (one, two) => one.y - two.y || one.x - two.x,
    };
    const order = orders[byId("order").value];
    this.list = this.panes[0].shown.slice().sort((one, two) => order(one, two) || one.ordinal - two.ordinal);
    this.tell();
  }

  walk(step) {
    if (this.list.length === 0) return this.tell();
    const place = this.list.indexOf(this.chosen);
    const next = place < 0 ? (step > 0 ? 0 : this.list.length - 1) : (place + step + this.list.length) % this.list.length;
    this.choose(this.list[next], true);
  }

  tell() {
    const place = this.list.indexOf(this.chosen);
    const count = this.list.length.toLocaleString("en");
    byId("position").textContent =
      place < 0 ? `${count} finding${this.list.length === 1 ? "" : "s"} to walk through.`
        : `${place + 1} of ${count}: ${this.chosen.name}, ${kinds[this.chosen.kind]}, confidence ${confidenceOf(this.chosen)}${this.reviewed()}`;
  }

  reviewed() {
    const verdict = this.chosen.pane.reviewOf(this.chosen);
    return verdict ? `. Reviewed: ${verdict}` : "";
  }

  async choose(finding, moves) {
    const former = this.chosen;
    this.chosen = finding;
    for (const pane of this.panes) {
      pane.outlines.chosen = pane === finding.pane ? finding : null;
      pane.outlines.refresh([former, finding].filter((one) => one?.pane === pane));
    }
    if (moves) finding.pane.show(finding);
    this.tell();
    if (finding.pane === this.panes[0]) history.replaceState(null, "", `#${finding.ordinal}`);
    byId("finding").setAttribute("aria-busy", "true");
    const response = await fetch(`/scan/${finding.pane.analysis}/finding/${finding.ordinal}`);
    // Somebody may have gone on meanwhile.
    if (this.chosen !== finding) return;
    if (!response.ok) {
      byId("finding").textContent = "The finding cannot be read: load the page again.";
      return;
    }
    this.fill(await response.text());
  }

  // Made and escaped by the server.
  fill(panel) {
    byId("finding").innerHTML = panel;
    byId("finding").setAttribute("aria-busy", "false");
    byId("reviewer").value = localStorage.getItem("reviewer") ?? "";
  }

  async review(verdict) {
    const form = byId("review");
    const finding = this.chosen;
    // What is there may be another finding's still.
    if (!form || !finding || byId("finding").getAttribute("aria-busy") === "true") return;
    if (!form.reportValidity()) return byId("reviewer").focus();
    localStorage.setItem("reviewer", byId("reviewer").value);
    const fields = new URLSearchParams(new FormData(form));
    fields.set("verdict", verdict);
    const { analysis } = finding.pane;
    const response = await fetch(`/scan/${analysis}/finding/${finding.ordinal}/review`, { method: "POST", body: fields });
    if (!response.ok) {
      byId("position").textContent = `Not kept: ${await response.text()}`;
      return;
    }
    const hadFocus = document.activeElement?.closest("#finding");
    finding.pane.reviews.set(String(finding.ordinal), verdict);
    if (this.chosen === finding) this.fill(await response.text());
    if (hadFocus) this.panes[0].element.focus();
    this.tell();
  }
}

const confidenceOf = (finding) => `${Math.round(finding.confidence / 10)} %`;

// The line that a label is drawn with.
function sign(label) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 44 18");
  drawing.setAttribute("class", "swatch");
  drawing.setAttribute("aria-hidden", "true");
  const box = document.createElementNS(space, "rect");
  const shape = {
    x: 2, y: 2, width: 40, height: 14, fill: label.colour, "fill-opacity": 0.25, stroke: label.colour, "stroke-width": 3,
    "stroke-dasharray": label.dashes.map((length) => length * 3).join(" ") || "none",
  };
  for (const [name, value] of Object.entries(shape)) box.setAttribute(name, value);
  drawing.append(box);
  return drawing;
}

const panes = [...document.querySelectorAll(".slide")].map((element) => new Pane(element));
if (panes.length > 0) window.viewer = new Viewer(panes);
if (window.viewer) window.viewer.start();
