"""Walks the viewer by keyboard: ADDRESS PICTURES PAGES. Into the last folder go the pages, for a validator."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

address, pictures, pages = sys.argv[1:]
host = urlsplit(address).netloc
faults = []


def axe(page, name):
    """Adds what axe-core holds for serious."""
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] in ("serious", "critical"):
            nodes = [node["html"][:120] for node in violation["nodes"][:3]]
            faults.append(f"{name}: {violation['id']}: {violation['help']} {nodes}")


def picture(page, name):
    page.screenshot(path=f"{pictures}/{name}.png", full_page=True)
    axe(page, name)


def keep(page, name, path, frame="{}"):
    """Keeps a page as the server sends it."""
    text = page.context.request.get(f"http://{host}{path}").text()
    (Path(pages) / f"{name}.html").write_text(frame.format(text))


def expect(held, what):
    if not held:
        faults.append(what)


def text(page, selector):
    return page.locator(selector).inner_text()


def press(page, key):
    """Presses a key, and waits for what the viewer says of the finding."""
    page.keyboard.press(key)
    page.wait_for_selector("#finding[aria-busy=false]")


def walk(page):
    page.goto(address)
    expect("token" not in page.url, "the token stays in the address")
    for name, path in [
        ("overview", "/"),
        ("patients", "/patients"),
        ("patient", "/patient/1"),
        ("findings", "/findings"),
        ("failures", "/failures"),
        ("runs", "/runs"),
    ]:
        page.goto(f"http://{host}{path}")
        picture(page, name)
        keep(page, name, path)
    # The skip link is the first stop, and leads to the content.
    page.keyboard.press("Tab")
    expect(page.evaluate("document.activeElement.className") == "skip", "the skip link is not the first stop")
    # The scan with the most findings.
    page.goto(f"http://{host}/findings?order=least&kind=region")
    page.locator("main table a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-ready=yes]")
    page.wait_for_load_state("networkidle")
    picture(page, "scan-from-search")
    scan = urlsplit(page.url)
    keep(page, "scan", scan.path)
    frame = '<!DOCTYPE html><html lang="en"><head><title>finding</title></head><body>{}</body></html>'
    keep(page, "finding", f"{scan.path}/finding/{scan.fragment}", frame)
    page.keyboard.press("0")
    first = text(page, "#position")
    press(page, "n")
    second = text(page, "#position")
    expect(first != second, "n does not go on")
    press(page, "p")
    expect(text(page, "#position") == first, "p does not go back")
    # A review asks for a name first, and is kept.
    page.keyboard.press("a")
    expect(page.evaluate("document.activeElement.id") == "reviewer", "a review without a name is not asked for one")
    page.keyboard.type("Dr. Walker")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.keyboard.type("seen by keyboard")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.locator("#position", has_text="Reviewed: agreed").wait_for()
    expect("seen by keyboard" in text(page, "#review"), "the note is not shown")
    press(page, "n")
    page.keyboard.press("r")
    page.locator("#position", has_text="Reviewed: rejected").wait_for()
    if page.locator("#heat option").count() > 1:
        page.keyboard.press("h")
    page.wait_for_timeout(300)
    picture(page, "scan-heat-map")
    # The slider hides what is less certain.
    count = page.evaluate("viewer.list.length")
    page.locator("#confidence").focus()
    page.keyboard.press("End")
    expect(page.evaluate("viewer.list.length") <= count, "the slider shows more")
    page.keyboard.press("Home")
    expect(page.evaluate("viewer.list.length") == count, "the slider does not go back")
    page.keyboard.press("m")
    zoom = page.evaluate("viewer.panes[0].map.getZoom()")
    page.keyboard.press("+")
    expect(page.evaluate("viewer.panes[0].map.getZoom()") > zoom, "plus does not zoom")
    page.wait_for_load_state("networkidle")
    picture(page, "scan-zoomed")
    drawn = page.locator(".outlines canvas").evaluate_all("tiles => tiles.map((tile) => +tile.dataset.milliseconds)")
    expect(len(drawn) > 0, "no outline is drawn")
    print(f"outlines drawn in {sum(drawn):.1f} ms, {len(drawn)} tiles")
    other = page.locator("a[href*='/beside/']")
    if other.count():
        walk_side_by_side(page, other.first)
    else:
        print("no scan has a second analysis: nothing is walked side by side")


def walk_side_by_side(page, link):
    """Two analyses of a scan: moved together, walked and reviewed one by one, and drawn each with its own."""
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-ready=yes]")
    keep(page, "side-by-side", urlsplit(page.url).path)
    titles = page.locator(".pane-title").all_inner_texts()
    expect(len(titles) == 2 and titles[0] != titles[1], f"the slides side by side are called {titles}")

    def together(after):
        # An arrow moves a slide for a quarter of a second.
        page.wait_for_timeout(400)
        apart = page.evaluate(
            """() => {
              const [one, two] = viewer.panes.map(({ map }) => map);
              const distance = one.project(one.getCenter()).distanceTo(two.project(two.getCenter()));
              return one.getZoom() === two.getZoom() ? distance : Infinity;
            }"""
        )
        expect(apart <= 1, f"slides side by side are {apart} pixels of the screen apart after {after}")

    for key in ["n", "n", "p", "0", "1"]:
        page.keyboard.press(key)
        together(key)
    # Each slide leads in its turn, by arrows and by zoom.
    for number in range(2):
        page.locator(".slide").nth(number).focus()
        for key in ["ArrowRight", "ArrowDown", "+", "-"]:
            before = page.evaluate("viewer.panes.map(({ map }) => [map.getCenter(), map.getZoom()])")
            page.keyboard.press(key)
            together(f"{key} on slide {number + 1}")
            after = page.evaluate("viewer.panes.map(({ map }) => [map.getCenter(), map.getZoom()])")
            expect(before != after, f"{key} moves nothing on slide {number + 1}")
    page.keyboard.press("0")
    shown = page.evaluate("viewer.panes.map(({ outlines, findings }) => [outlines.findings.length, findings.length])")
    expect(all(drawn == found > 0 for drawn, found in shown), f"of findings side by side are drawn {shown}")
    # A finding of the second slide is chosen by a click, and is its own.
    page.evaluate("viewer.choose(viewer.panes[1].findings[0], true)")
    page.wait_for_selector("#finding[aria-busy=false]")
    chosen = page.evaluate("viewer.panes.map(({ outlines }) => outlines.chosen !== null)")
    expect(chosen == [False, True], f"chosen side by side: {chosen}")
    picture(page, "side-by-side")
    page.locator("a", has_text="Show only").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("body[data-ready=yes]")
    expect(page.locator(".slide").count() == 1, "there is no way back from side by side")


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.on("console", lambda message: faults.append(f"console: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on(
        "request",
        lambda request: (
            faults.append(f"another host: {request.url}")
            if urlsplit(request.url).scheme != "data" and urlsplit(request.url).netloc != host
            else None
        ),
    )
    page.set_default_timeout(15_000)
    walk(page)
    browser.close()
for fault in faults:
    print(f"FAULT {fault}")
print(f"{len(faults)} faults")
sys.exit(bool(faults))
