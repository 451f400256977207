"""Walks the viewer by keyboard: ADDRESS PICTURES."""

import sys
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

address, pictures = sys.argv[1:]
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
    drawn = float(page.locator("canvas.outlines").first.get_attribute("data-milliseconds"))
    print(f"outlines drawn in {drawn} ms")
    other = page.locator("a[href*='/beside/']")
    if other.count():
        other.first.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("body[data-ready=yes]")
        page.keyboard.press("n")
        page.wait_for_timeout(500)
        centres = page.evaluate("viewer.panes.map(({ map }) => [map.getCenter(), map.getZoom()])")
        expect(centres[0] == centres[1], "slides side by side show different places")
        picture(page, "side-by-side")


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
