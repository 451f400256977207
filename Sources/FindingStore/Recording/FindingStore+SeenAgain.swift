import Findings
import GRDB

extension FindingStore {
    /// Records that a run saw files again that are recorded as they are, so that what this run's pipeline found in their
    /// scans counts. Some thousand files a transaction: of millions, one would fill the log.
    ///
    /// - Parameter sightings: rows that `KnownFiles` gave.
    public func recordSeenAgain(_ sightings: [Int64], run: Int64) throws(StoreError) {
        for rows in consecutive(sightings.sorted()).grouped(rowsAtMost: 20_000) {
            try write { db in
                let mayBeReaffirmed = try hasPredecessors(run: run, db)
                let update = try db.cachedStatement(
                    sql: "UPDATE sightings SET last_run_id = ? WHERE id BETWEEN ? AND ?")
                for range in rows {
                    try update.execute(arguments: [run, range.lowerBound, range.upperBound])
                    guard db.changesCount == range.count else {
                        throw StoreError(
                            .refused, "the database does not hold a file that it knew when the night was planned")
                    }
                    if mayBeReaffirmed { try reaffirm(sightings: range, run: run, db) }
                }
            }
        }
    }

    /// Whether the run has recorded that it saw a file with these bytes.
    public func isSeen(_ scan: ContentHash, run: Int64) throws(StoreError) -> Bool {
        try read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM sightings v JOIN scans s ON s.id = v.scan_id WHERE s.sha256 = ? AND v.last_run_id = ?)
                    """)
            return try Bool.fetchOne(statement, arguments: [scan.hexadecimal, run]) ?? false
        }
    }

    /// The scans that the run saw under more than one patient: how many, and the first by their hashes.
    public func scansOfSeveralPatients(
        run: Int64, atMost limit: Int
    ) throws(StoreError) -> (count: Int, first: [ContentHash]) {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT s.sha256, count(*) OVER () AS total FROM (
                        SELECT scan_id FROM sightings
                        WHERE last_run_id = ? AND scan_id IN (
                            SELECT scan_id FROM sightings WHERE scan_id IS NOT NULL GROUP BY scan_id HAVING count(*) > 1)
                        GROUP BY scan_id HAVING min(patient_id) <> max(patient_id)) v
                    JOIN scans s ON s.id = v.scan_id ORDER BY s.sha256 LIMIT ?
                    """, arguments: [run, limit])
            let count: Int = rows.first?["total"] ?? 0
            return (count, rows.compactMap { ContentHash(hexadecimal: $0["sha256"]) })
        }
    }
}

/// Numbers in order as ranges without gaps; what comes twice, once.
private func consecutive(_ numbers: [Int64]) -> [ClosedRange<Int64>] {
    var ranges: [ClosedRange<Int64>] = []
    for number in numbers {
        if let last = ranges.last, number <= last.upperBound + 1 {
            ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, number)
        } else {
            ranges.append(number...number)
        }
    }
    return ranges
}

extension [ClosedRange<Int64>] {
    /// In their order; long ones are cut.
    fileprivate func grouped(rowsAtMost limit: Int64) -> [[ClosedRange<Int64>]] {
        var groups: [[ClosedRange<Int64>]] = []
        var room: Int64 = 0
        for range in self {
            var start = range.lowerBound
            while start <= range.upperBound {
                if room == 0 {
                    groups.append([])
                    room = limit
                }
                let end = Swift.min(range.upperBound, start + room - 1)
                groups[groups.count - 1].append(start...end)
                room -= end - start + 1
                start = end + 1
            }
        }
        return groups
    }
}
