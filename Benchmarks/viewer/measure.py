"""Measures a running viewer: ADDRESS ANALYSIS PROCESS SECONDS [--limits | --walk].

With limits, ends with 1 beyond them. A walk is one person's, who moves the slide all the time.
"""

import http.client
import random
import re
import statistics
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

address, analysis, process, seconds = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
misses = []
host = urlsplit(address).netloc


def connect():
    return http.client.HTTPConnection(host, timeout=60)


def get(connection, path, cookie):
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    return answer.status, answer.read()


first = connect()
first.request("GET", address[len(f"http://{host}") :])
answer = first.getresponse()
answer.read()
cookie = answer.getheader("Set-Cookie").split(";")[0]

start = time.perf_counter()
_, page = get(first, f"/scan/{analysis}", cookie)
size = {
    name: int(re.search(rf'data-{name}="(\d+)"', page.decode()).group(1)) for name in ("width", "height", "deepest")
}
get(first, f"/scan/{analysis}/thumbnail/0.jpg", cookie)
picture = time.perf_counter() - start
_, findings = get(first, f"/scan/{analysis}/findings/0.json", cookie)
get(first, f"/scan/{analysis}/standing", cookie)
level = min(2, size["deepest"])
side = 256 << (size["deepest"] - level)
for column in range(-(-size["width"] // side)):
    for row in range(-(-size["height"] // side)):
        get(first, f"/scan/{analysis}/tiles/0/{level}/{column}/{row}.jpg", cookie)
view = time.perf_counter() - start
if view > 1:
    misses.append("the first view")
print(f"first view: small picture {picture:.3f} s, findings and tiles {view:.3f} s")
print(f"findings: {len(findings) / 1e6:.2f} MB")


def resident(number):
    text = Path(f"/proc/{number}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


def memory():
    """Of the server, in MB."""
    return resident(process)


def readers():
    """Memory of the processes that read scans for it, in MB."""
    children = Path(f"/proc/{process}/task").glob("*/children")
    return sum(resident(child) for task in children for child in task.read_text().split())


def load(clients, path, slowest=None):
    """Requests of so many clients, each one after the other; how slow the 95th of 100 may be, in seconds."""
    times, faults = [], []

    def client(number):
        chance = random.Random(number)
        connection = connect()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            begin = time.perf_counter()
            status, _ = get(connection, path(chance), cookie)
            times.append(time.perf_counter() - begin)
            if status != 200:
                faults.append(status)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(times, n=20)
    if slowest and cuts[18] > slowest:
        misses.append(f"tiles with {clients} clients")
    if faults:
        misses.append(f"requests of {clients} clients")
    if memory() > 300:
        misses.append("memory")
    print(
        f"{clients} clients: {len(times) / seconds:.0f} requests/s, median {statistics.median(times) * 1e3:.1f} ms, "
        f"p95 {cuts[18] * 1e3:.1f} ms, {len(faults)} refused {sorted(set(faults))}, server {memory():.0f} MB"
    )


def tile(chance):
    level = chance.randint(0, size["deepest"])
    side = 256 << (size["deepest"] - level)
    column = chance.randrange(-(-size["width"] // side))
    row = chance.randrange(-(-size["height"] // side))
    return f"/scan/{analysis}/tiles/0/{level}/{column}/{row}.jpg"


def walk():
    """Half a screen of 6 x 4 tiles on, twice a second: in circles about a place, then the next place and level."""
    chance = random.Random(1)
    times, most, begin = [], 0, time.perf_counter()
    next_line = 300
    while (now := time.perf_counter() - begin) < seconds:
        level = chance.randint(size["deepest"] // 2, size["deepest"])
        side = 256 << (size["deepest"] - level)
        columns, rows = -(-size["width"] // side), -(-size["height"] // side)
        column, row = chance.randrange(columns), chance.randrange(rows)
        for x, y in ((3, 0), (0, 2), (-3, 0), (0, -2)) * 2:
            column, row = column + x, row + y
            for i in range(24):
                at = (column + i % 6) % columns, (row + i // 6) % rows
                start = time.perf_counter()
                status, _ = get(first, f"/scan/{analysis}/tiles/0/{level}/{at[0]}/{at[1]}.jpg", cookie)
                times.append(time.perf_counter() - start)
                if status != 200:
                    sys.exit(f"a tile was answered with {status}")
            time.sleep(0.5)
        most = max(most, memory())
        if now > next_line:
            print(f"{now / 60:.0f} min: {len(times)} tiles, server {memory():.0f} MB", flush=True)
            next_line += 300
    slow = statistics.quantiles(times, n=20)[18]
    print(
        f"a walk of {seconds / 60:.0f} min: {len(times)} tiles, p95 {slow * 1e3:.1f} ms, "
        f"server {most:.0f} MB at most, its readers {readers():.0f} MB"
    )
    if most > 300:
        sys.exit("beyond the limits: memory")


if "--walk" in sys.argv:
    walk()
    sys.exit()
load(8, tile)
# From the page cache.
load(8, tile, slowest=0.06)
load(100, lambda chance: chance.choice([tile(chance), "/", f"/scan/{analysis}", "/patients"]))
if misses and "--limits" in sys.argv:
    sys.exit("beyond the limits: " + ", ".join(misses))
