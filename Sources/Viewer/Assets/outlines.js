"use strict";

/*
 * A Leaflet layer that draws outlines, boxes and heat maps. Coordinates are pixels of the image.
 *
 * In tiles, as slides are shown: moving the slide moves what is drawn, and only what comes into view is drawn anew, a few
 * milliseconds of each frame. How a finding looks depends on its size on the screen alone, so that tiles fit together.
 */

// In pixels of the screen: what is smaller is a dot.
const smallestOutline = 4;
// What is smaller has a thin line without dashes, which would not be told apart.
const smallestFrame = 24;
// Corners nearer to the one before are left out.
const cornerDistance = 1.2;
const lineWidth = 2.2;

// Adds the rings of a finding to the path of a context, or its box where there are none.
function trace(context, finding, scale) {
  if (finding.rings.length === 0) context.rect(finding.x, finding.y, finding.width, finding.height);
  const least = cornerDistance / scale;
  for (const steps of finding.rings) {
    let x = steps[0], y = steps[1];
    context.moveTo(x, y);
    let lastX = x, lastY = y;
    for (let index = 2; index < steps.length; index += 2) {
      x += steps[index];
      y += steps[index + 1];
      if (Math.abs(x - lastX) + Math.abs(y - lastY) < least) continue;
      context.lineTo(x, y);
      lastX = x;
      lastY = y;
    }
    context.closePath();
  }
}

const Outlines = L.GridLayer.extend({
  // What is drawn: set these, then call `refresh`.
  findings: [],
  labels: [],
  heatMap: null,
  chosen: null,

  initialize(deepest, bounds) {
    L.GridLayer.prototype.initialize.call(this, {
      pane: "overlayPane", className: "outlines", tileSize: 512, bounds, keepBuffer: 1, updateWhenIdle: false,
      updateInterval: 60,
    });
    this.deepest = deepest;
    this.waiting = [];
  },

  createTile(coords, done) {
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    this.wait({ canvas, coords, done });
    return canvas;
  },

  // Draws anew what is in view: all of it, or only around these findings.
  refresh(findings) {
    for (const { el, coords } of Object.values(this._tiles ?? {})) {
      const seen = this.windowOf(coords);
      if (!findings || findings.some((finding) => touches(finding, seen))) this.wait({ canvas: el, coords });
    }
  },

  wait(tile) {
    if (this.waiting.push(tile) === 1) requestAnimationFrame(() => this.drawWaiting());
  },

  drawWaiting() {
    const end = performance.now() + 8;
    do {
      const { canvas, coords, done } = this.waiting.shift();
      // It may have left the view meanwhile.
      if (canvas.isConnected) this.draw(canvas, coords);
      done?.(null, canvas);
    } while (this.waiting.length > 0 && performance.now() < end);
    if (this.waiting.length > 0) requestAnimationFrame(() => this.drawWaiting());
  },

  // What a tile shows, with room for the lines of what lies beside it.
  windowOf({ x, y, z }) {
    const scale = Math.pow(2, z - this.deepest);
    const { x: side } = this.getTileSize();
    const room = 3 * lineWidth / scale;
    const left = x * side / scale, top = y * side / scale;
    return {
      scale, side, x: left, y: top, left: left - room, top: top - room, right: left + side / scale + room,
      bottom: top + side / scale + room,
    };
  },

  draw(canvas, coords) {
    const started = performance.now();
    const ratio = window.devicePixelRatio || 1;
    const seen = this.windowOf(coords);
    const { scale } = seen;
    // Setting its size clears it.
    canvas.width = canvas.height = Math.round(seen.side * ratio);
    const context = canvas.getContext("2d");
    context.setTransform(ratio * scale, 0, 0, ratio * scale, -seen.x * scale * ratio, -seen.y * scale * ratio);
    if (this.heatMap) this.drawHeatMap(context, seen);
    this.drawFindings(context, seen);
    // For the benchmark: how long it took.
    canvas.dataset.milliseconds = (performance.now() - started).toFixed(1);
  },

  drawHeatMap(context, seen) {
    const { tiles, classes } = this.heatMap;
    for (let index = 0; index < tiles.length; index += 6) {
      const [x, y, width, height] = [tiles[index], tiles[index + 1], tiles[index + 2], tiles[index + 3]];
      if (!touches({ x, y, width, height }, seen)) continue;
      context.globalAlpha = 0.05 + 0.25 * tiles[index + 5] / 255;
      context.fillStyle = classes[tiles[index + 4]].colour;
      context.fillRect(x, y, width, height);
    }
    context.globalAlpha = 1;
  },

  drawFindings(context, seen) {
    const { scale } = seen;
    const dot = 2 / scale;
    const width = lineWidth / scale;
    const groups = this.labels.map(() => ({ dots: [], outlines: [], frames: [] }));
    for (const finding of this.findings) {
      if (!touches(finding, seen)) continue;
      const size = Math.max(finding.width, finding.height) * scale;
      const group = groups[finding.label];
      (size < smallestOutline ? group.dots : size < smallestFrame ? group.outlines : group.frames).push(finding);
    }
    const stroke = (findings) => {
      context.beginPath();
      for (const finding of findings) trace(context, finding, scale);
      context.stroke();
    };
    for (const [index, { dots, outlines, frames }] of groups.entries()) {
      const label = this.labels[index];
      context.fillStyle = label.colour;
      for (const { x, y, width, height } of dots) {
        context.fillRect(x + width / 2 - dot / 2, y + height / 2 - dot / 2, dot, dot);
      }
      context.strokeStyle = label.colour;
      context.lineWidth = 0.7 * width;
      if (outlines.length > 0) stroke(outlines);
      if (frames.length === 0) continue;
      // A dark line under the coloured one is seen on any ground.
      context.strokeStyle = "rgba(0, 0, 0, 0.55)";
      context.lineWidth = 1.9 * width;
      stroke(frames);
      context.setLineDash(label.dashes.map((length) => length * width));
      context.strokeStyle = label.colour;
      context.lineWidth = width;
      stroke(frames);
      context.setLineDash([]);
    }
    if (!this.chosen || !touches(this.chosen, seen)) return;
    for (const [colour, times] of [["#000", 4.5], ["#fff", 2.5], [this.labels[this.chosen.label].colour, 1]]) {
      context.strokeStyle = colour;
      context.lineWidth = times * width;
      stroke([this.chosen]);
    }
  },

  // The smallest finding under a point of the image; its box counts.
  findingAt(x, y, slack) {
    const place = { left: x - slack, top: y - slack, right: x + slack, bottom: y + slack };
    let best = null;
    for (const finding of this.findings) {
      if (!touches(finding, place)) continue;
      if (!best || finding.width * finding.height < best.width * best.height) best = finding;
    }
    return best;
  },
});

function touches({ x, y, width, height }, window) {
  return x <= window.right && y <= window.bottom && x + width >= window.left && y + height >= window.top;
}
