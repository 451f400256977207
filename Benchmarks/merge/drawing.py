"""Databases as runs leave them, drawn: by the schema and the pipeline of a run over one of the fixtures' scans."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LABELS = ["Normal", "Polyp", "Low-grade IN", "High-grade IN", "Adenocarcinoma", "Serrated adenoma"]
FINDING = """finding_id, ordinal, kind, label, confidence, raw_confidence, x, y, width, height, centroid_x, centroid_y,
    area_px, area_um2, probabilities, measurements, geometry"""


class Hasher:
    """As `Sources/FindingStore/Audit/RowHasher.swift` says."""

    def __init__(self, domain):
        self.hash = hashlib.sha256()
        self.add([domain])

    def add(self, values):
        for value in values:
            if value is None:
                self.hash.update(b"\0")
            elif isinstance(value, int):
                self.hash.update(b"\1" + struct.pack(">q", value))
            elif isinstance(value, float):
                self.hash.update(b"\2" + struct.pack(">d", value))
            else:
                data = value.encode() if isinstance(value, str) else value
                self.hash.update((b"\3" if isinstance(value, str) else b"\4") + struct.pack(">Q", len(data)) + data)
        return self


class Chain:
    def __init__(self, database):
        self.database = database
        self.number, self.head = database.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()

    def append(self, event, subject, digest, parts=None):
        self.number += 1
        entry = (self.number, "2026-11-29T01:30:02.000Z", event, subject, digest, parts, "{}", self.head)
        self.head = Hasher("scanreport audit entry 1").add(entry).hash.hexdigest()
        self.database.execute(
            "INSERT INTO audit (seq, at, event, subject, digest, parts, details, previous, hash) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", entry + (self.head,))


def finding(scan, pipeline, ordinal):
    name = hashlib.sha256(f"{scan}/{pipeline}/{ordinal}".encode()).hexdigest()[:32]
    shares = [random.random() for _ in LABELS]
    probabilities = {label: share / sum(shares) for label, share in zip(LABELS, shares)}
    label = max(probabilities, key=probabilities.get)
    x, y = random.randrange(3900), random.randrange(2900)
    return (name, ordinal, "region", label, probabilities[label], probabilities[label], x, y, 20, 20, x + 10.0,
            y + 10.0, 300, 75.0, json.dumps(probabilities, separators=(",", ":")), '{"perimeter_px":62.5}',
            random.randbytes(60))


def draw(path, template, shard, scans, findings):
    """Rows and entries as a run leaves them."""
    shutil.copy(template, path)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("BEGIN")
    chain = Chain(database)
    run, pipeline, sha256 = database.execute(
        "SELECT r.id, p.id, p.sha256 FROM runs r JOIN pipelines p ON p.id = r.pipeline_id").fetchone()
    # Another run than the template's, or all shards would have one and the same.
    salt, moment = random.randbytes(16), f"2026-11-29T01:30:00.{shard % 1000:03}Z"
    run = database.execute(
        "INSERT INTO runs (pipeline_id, arguments, host, program_version, started_at, salt) "
        "VALUES (?, '[]', 'drawn', '0', ?, ?)", (pipeline, moment, salt)).lastrowid
    values = [sha256, "[]", "drawn", "0", moment, salt]
    chain.append("run", run, Hasher("scanreport run 1").add(values).hash.hexdigest())
    for number in range(shard * scans, (shard + 1) * scans):
        digest = hashlib.sha256(f"scan {number}".encode()).hexdigest()
        patient = f"BENCH{number % 2000:05}"
        database.execute("INSERT INTO patients (name) VALUES (?) ON CONFLICT DO NOTHING", (patient,))
        scan = database.execute(
            "INSERT INTO scans (sha256, byte_count, width, height, levels, format, spacing_um_px, spacing_source) "
            "VALUES (?, 1000000, 4000, 3000, 1, 'tiled 8-bit RGB, JPEG', 0.5, 'ome')", (digest,)).lastrowid
        salt, place = random.randbytes(16), f"{patient}/{number}.tif"
        sighting = database.execute(
            "INSERT INTO sightings (folder, path, scan_id, patient_id, patient_source, first_run_id, last_run_id, "
            "salt) SELECT '/scans', ?, ?, id, 'folder', ?, ?, ? FROM patients WHERE name = ?",
            (place, scan, run, run, salt, patient)).lastrowid
        values = ["/scans", place, digest, patient, run, salt]
        chain.append("sighting", sighting, Hasher("scanreport sighting 1").add(values).hash.hexdigest())
        times = ("2026-11-29T01:30:00.000Z", "2026-11-29T01:30:01.000Z")
        analysis = database.execute(
            "INSERT INTO analyses (run_id, pipeline_id, scan_id, state, status, remarks, quality, spacing_um_px, "
            "spacing_source, started_at, finished_at) VALUES (?, ?, ?, 'done', 'findings', '[]', '{}', 0.5, 'ome', "
            "?, ?)", (run, pipeline, scan) + times).lastrowid
        rows = [finding(digest, sha256, ordinal) for ordinal in range(findings)]
        database.executemany(
            f"INSERT INTO findings (analysis_id, {FINDING}) VALUES ({analysis}{', ?' * 17})", rows)
        hasher = Hasher("scanreport analysis 1").add(
            [run, sha256, digest, 1000000, None, "done", "findings", "[]", "{}", None, None, None, 0.5, "ome", *times])
        hashes = [Hasher("scanreport finding 1").add(row).hash for row in rows]
        hasher.add([one.hexdigest() for one in hashes])
        chain.append("analysis", analysis, hasher.hash.hexdigest(), b"".join(one.digest()[:8] for one in hashes))
    end = ("completed", "2026-11-29T02:30:00.000Z", scans, scans, 0, 0, 0)
    database.execute(
        "UPDATE runs SET ending = ?, finished_at = ?, found = ?, done = ?, skipped = ?, failed = ?, left_over = ? "
        f"WHERE id = {run}", end)
    chain.append("run-end", run, Hasher("scanreport run-end 1").add([run, *end]).hash.hexdigest())
    hasher = Hasher("scanreport catalogue 1")
    for query in ("SELECT id, sha256, byte_count, width, height, levels, format, spacing_um_px, spacing_source "
                  "FROM scans",
                  "SELECT id, scan_id, patient_id, patient_source, first_run_id, last_run_id, salt FROM sightings"):
        for row in database.execute(query + " ORDER BY id"):
            hasher.add(row)
        hasher.add([None])
    chain.append("catalogue", None, hasher.hash.hexdigest())
    database.execute("COMMIT")
    database.execute("PRAGMA journal_mode = DELETE")
    database.close()


def timed(command, **options):
    """Seconds, the most memory in MiB, and seconds of the processor: where others use it, these say more."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, **options)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[:4]} ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def draw_template(folder, program):
    """A copy of what a run over one of the fixtures' patients leaves."""
    template = folder / "template.sqlite"
    if not template.exists():
        one = folder / "one"
        subprocess.run(
            [program, "run", ROOT / "Fixtures/scans/DEMO0001", "--workers", "1", "--database", one],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        subprocess.run([program, "backup", "--database", one, template], check=True)
    return template


def clear(path):
    for suffix in ("", "-wal", "-shm", ".lock"):
        pathlib.Path(f"{path}{suffix}").unlink(missing_ok=True)
