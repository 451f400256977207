"use strict";

/*
 * A Leaflet layer that draws outlines, boxes and heat map tiles on one canvas. Coordinates are pixels of the image.
 * Whatever is smaller than a few pixels of the screen is drawn as a dot, so 36,000 outlines take some milliseconds.
 */

// A path along rings of steps; boxes where there are none.
function pathOf(finding) {
  const path = new Path2D();
  if (finding.rings.length === 0) path.rect(finding.x, finding.y, finding.width, finding.height);
  for (const steps of finding.rings) {
    let x = 0, y = 0;
    for (let index = 0; index < steps.length; index += 2) {
      x += steps[index];
      y += steps[index + 1];
      if (index === 0) path.moveTo(x, y); else path.lineTo(x, y);
    }
    path.closePath();
  }
  return path;
}

const Outlines = L.Layer.extend({
  // What is drawn: set these, then call `redraw`.
  findings: [],
  labels: [],
  heatMap: null,
  chosen: null,

  initialize(deepest) { this.deepest = deepest; },

  onAdd(map) {
    this.canvas = L.DomUtil.create("canvas", "outlines", map.getPane("overlayPane"));
    this.canvas.setAttribute("aria-hidden", "true");
    map.on("move zoom viewreset resize", this.redraw, this);
    this.redraw();
  },

  onRemove(map) {
    map.off("move zoom viewreset resize", this.redraw, this);
    this.canvas.remove();
  },

  redraw() {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => { this.isWaiting = false; this.draw(); });
  },

  draw() {
    const map = this._map;
    if (!map) return;
    const started = performance.now();
    const size = map.getSize();
    const ratio = window.devicePixelRatio || 1;
    const canvas = this.canvas;
    if (canvas.width !== Math.round(size.x * ratio) || canvas.height !== Math.round(size.y * ratio)) {
      canvas.width = Math.round(size.x * ratio);
      canvas.height = Math.round(size.y * ratio);
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
    }
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    const scale = Math.pow(2, map.getZoom() - this.deepest);
    const origin = map.getPixelBounds().min;
    const seen = {
      left: origin.x / scale, top: origin.y / scale,
      right: (origin.x + size.x) / scale, bottom: (origin.y + size.y) / scale,
    };
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(ratio * scale, 0, 0, ratio * scale, -origin.x * ratio, -origin.y * ratio);
    if (this.heatMap) this.drawHeatMap(context, seen, scale);
    this.drawFindings(context, seen, scale);
    // For the benchmark: how long it took.
    canvas.dataset.milliseconds = (performance.now() - started).toFixed(1);
  },

  drawHeatMap(context, seen, scale) {
    const { tiles, classes } = this.heatMap;
    for (let index = 0; index < tiles.length; index += 6) {
      const x = tiles[index], y = tiles[index + 1], width = tiles[index + 2], height = tiles[index + 3];
      if (x > seen.right || y > seen.bottom || x + width < seen.left || y + height < seen.top) continue;
      context.globalAlpha = 0.05 + 0.25 * tiles[index + 5] / 255;
      context.fillStyle = classes[tiles[index + 4]].colour;
      context.fillRect(x, y, width, height);
    }
    context.globalAlpha = 1;
  },

  drawFindings(context, seen, scale) {
    const smallest = 4 / scale;
    const dot = 2 / scale;
    const groups = this.labels.map(() => ({ large: [], small: [] }));
    for (const finding of this.findings) {
      if (finding.x > seen.right || finding.y > seen.bottom || finding.x + finding.width < seen.left
        || finding.y + finding.height < seen.top) continue;
      const group = groups[finding.label];
      (Math.max(finding.width, finding.height) < smallest ? group.small : group.large).push(finding);
    }
    const width = 2.2 / scale;
    for (const [index, group] of groups.entries()) {
      const label = this.labels[index];
      context.fillStyle = label.colour;
      for (const finding of group.small) {
        context.fillRect(finding.x + finding.width / 2 - dot / 2, finding.y + finding.height / 2 - dot / 2, dot, dot);
      }
      // A dark line under the coloured one is seen on any ground; thousands are told apart without.
      const isFew = group.large.length <= 1500;
      context.setLineDash([]);
      if (isFew) {
        context.strokeStyle = "rgba(0, 0, 0, 0.55)";
        context.lineWidth = 1.9 * width;
        for (const finding of group.large) context.stroke(finding.path ??= pathOf(finding));
        context.setLineDash(label.dashes.map((length) => length * width));
      }
      context.strokeStyle = label.colour;
      context.lineWidth = width;
      for (const finding of group.large) context.stroke(finding.path ??= pathOf(finding));
    }
    context.setLineDash([]);
    if (this.chosen) this.drawChosen(context, this.chosen, width);
  },

  drawChosen(context, finding, width) {
    const path = finding.path ??= pathOf(finding);
    context.strokeStyle = "#000";
    context.lineWidth = 4.5 * width;
    context.stroke(path);
    context.strokeStyle = "#fff";
    context.lineWidth = 2.5 * width;
    context.stroke(path);
    context.strokeStyle = this.labels[finding.label].colour;
    context.lineWidth = width;
    context.stroke(path);
  },

  // The smallest finding under a point of the image; its box counts.
  findingAt(x, y, slack) {
    let best = null;
    for (const finding of this.findings) {
      if (x < finding.x - slack || y < finding.y - slack || x > finding.x + finding.width + slack
        || y > finding.y + finding.height + slack) continue;
      if (!best || finding.width * finding.height < best.width * best.height) best = finding;
    }
    return best;
  },
});
