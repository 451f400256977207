#!/usr/bin/env bash
# An idle SQLite connection that only reads keeps the last writer from emptying the write-ahead log.
#
# A writer that closes a database in WAL mode copies the log into it and removes it: so one learns, and copies the one file
# that is left. But the copying happens at the close of the *last connection*, and a read-only connection that is open counts
# as one though it is in no transaction and has all it asked for. Being read-only it does not copy when it closes either: the
# log stays beside the file, with rows that were committed long ago, until somebody opens the database for writing again.
# A copy of the one file lacks them, without an error. Close readers that have nothing to ask (a pool, a viewer), or let the
# writer run `PRAGMA wal_checkpoint(TRUNCATE)` before it closes: that idle readers do not hinder.
#
# Seen with SQLite 3.54.1 (apsw 3.54.1.0).
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet apsw==3.54.1.0

venv/bin/python - <<'PYTHON'
import pathlib
import shutil

import apsw


def write(number, checkpoint=False):
    writer = apsw.Connection("a.sqlite")
    writer.execute("PRAGMA journal_mode = wal; CREATE TABLE IF NOT EXISTS t (x)").fetchall()
    writer.execute("INSERT INTO t VALUES (?)", (number,))
    if checkpoint:
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    writer.close()


def rows_of_a_copy():
    shutil.copy("a.sqlite", "copy.sqlite")
    return apsw.Connection("file:copy.sqlite?immutable=1", flags=URI).execute("SELECT count(*) FROM t").get


URI = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
log = pathlib.Path("a.sqlite-wal")
write(1)
alone = (rows_of_a_copy(), log.exists())
reader = apsw.Connection("a.sqlite", flags=apsw.SQLITE_OPEN_READONLY)
assert reader.execute("SELECT count(*) FROM t").get == 1 and not reader.in_transaction
write(2)
beside_a_reader = (rows_of_a_copy(), log.stat().st_size)
reader.close()
after_the_reader = (rows_of_a_copy(), log.stat().st_size)
reader = apsw.Connection("a.sqlite", flags=apsw.SQLITE_OPEN_READONLY)
assert reader.execute("SELECT count(*) FROM t").get == 2
write(3, checkpoint=True)
with_a_checkpoint = rows_of_a_copy()
print("SQLite", apsw.sqlite_lib_version(), "rows in a copy of the one file, and the log:", alone, beside_a_reader, after_the_reader,
      with_a_checkpoint)
assert alone == (1, False)
assert beside_a_reader[0] == after_the_reader[0] == 1 and after_the_reader[1] > 0
assert with_a_checkpoint == 3
PYTHON
