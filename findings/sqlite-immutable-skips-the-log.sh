#!/usr/bin/env bash
# SQLite opened with immutable=1 leaves out what still lies in the write-ahead log, without an error.
#
# immutable=1 is what one finds recommended for databases on read-only media, where mode=ro cannot make its -shm file. But
# it also skips the -wal file beside the database: rows that were committed long ago, and that mode=ro shows, are not there.
# Copy or check a database only after a checkpoint, and refuse immutable=1 where a -wal file with content lies beside it.
#
# Seen with SQLite 3.54.1 (apsw 3.54.1.0): after a committed insert that was not yet checkpointed, mode=ro counts 2 rows, immutable=1
# counts 1.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet apsw==3.54.1.0

venv/bin/python - <<'PYTHON'
import pathlib

import apsw

uri = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
writer = apsw.Connection("a.sqlite")
writer.execute(
    "PRAGMA journal_mode = wal; CREATE TABLE t (x); INSERT INTO t VALUES (1); PRAGMA wal_checkpoint(truncate)").fetchall()
writer.execute("INSERT INTO t VALUES (2)")
counts = {
    option: apsw.Connection(f"file:a.sqlite?{option}", flags=uri).execute("SELECT count(*) FROM t").get
    for option in ("mode=ro", "immutable=1")
}
print("SQLite", apsw.sqlite_lib_version(), counts, "bytes in the log:", pathlib.Path("a.sqlite-wal").stat().st_size)
assert counts == {"mode=ro": 2, "immutable=1": 1}
PYTHON
