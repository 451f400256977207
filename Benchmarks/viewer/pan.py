"""Moves a slide about in Debian's Chromium: ADDRESS ANALYSIS. Prints frames a second at each zoom."""

import statistics
import sys
import time
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

address, analysis = sys.argv[1:]
LEAST = 30
# In circles, 12 pixels of the screen a frame, after the view has settled.
MOVE = """async (zoom) => {
  const { map } = viewer.panes[0];
  map.setView(map.getCenter(), zoom, { animate: false });
  await new Promise((done) => setTimeout(done, 2000));
  const times = [];
  let last = performance.now();
  for (let step = 0; step < 120; step += 1) {
    const angle = step / 60 * 2 * Math.PI;
    map.panBy([Math.round(12 * Math.cos(angle)), Math.round(12 * Math.sin(angle))], { animate: false });
    await new Promise((done) => requestAnimationFrame(done));
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times;
}"""

slowest = []
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address)
    for visit in ("first", "second"):
        start = time.perf_counter()
        page.goto(f"http://{urlsplit(address).netloc}/scan/{analysis}")
        page.wait_for_selector("body[data-ready=yes]", timeout=120_000)
        print(f"{visit} visit: all findings are there after {time.perf_counter() - start:.2f} s")
    count, deepest = page.evaluate("[viewer.panes[0].findings.length, viewer.panes[0].deepest]")
    print(f"{count} findings")
    for zoom in range(deepest + 2):
        times = page.evaluate(MOVE, zoom)
        rate = 1000 / statistics.mean(times)
        cuts = statistics.quantiles(times, n=20)
        print(f"zoom {zoom}: {rate:.0f} frames/s, median {statistics.median(times):.0f} ms, p95 {cuts[18]:.0f} ms")
        if rate < LEAST:
            slowest.append(zoom)
    browser.close()
if slowest:
    sys.exit(f"fewer than {LEAST} frames a second at zoom {slowest}")
