import Findings
import FoundationEssentials
import GRDB
import Listings

extension FindingStore {
    /// Merges other databases into this one, each in a transaction of its own: cut short anywhere and begun again, it comes
    /// to the same. What is there already is not merged again; in which order the sources are given does not matter.
    ///
    /// A source that cannot be used is refused as a whole, and the others are merged.
    ///
    /// - Parameters:
    ///   - onlyNew: whether a source of which all was merged before is passed over without reading it.
    ///   - progress: told of each source what became of it, as soon as it has.
    /// - Throws: where this database fails.
    public func merge(
        _ paths: [String], onlyNew: Bool = false, progress: (MergeReport.Source) -> Void = { _ in }
    ) throws(StoreError) -> MergeReport {
        var outcomes: [Int: MergeReport.Outcome] = [:]
        func settle(_ index: Int, _ outcome: MergeReport.Outcome) {
            outcomes[index] = outcome
            progress(MergeReport.Source(path: paths[index], outcome: outcome))
        }
        let copies = path + ".merging"
        // One that is there is of a merge that was killed.
        try? FileManager.default.removeItem(atPath: copies)
        defer { try? FileManager.default.removeItem(atPath: copies) }
        makeFolder(copies)

        var held: [(index: Int, source: MergeSource)] = []
        for (index, given) in paths.enumerated() {
            do throws(StoreError) {
                let file = try DatabaseFile(at: given)
                guard file.path != path else {
                    throw StoreError(
                        .unusable(.foreign), "\(given.printable) is the database that it is to be merged into")
                }
                if held.contains(where: { $0.source.file.path == file.path }) {
                    settle(index, .known(conflicts: []))
                } else {
                    held.append((index, try MergeSource(at: given)))
                }
            } catch {
                settle(index, .refused(error))
            }
        }
        let merged = try read { try MergedHeads(among: held.map(\.source.head), $0) }
        let erased = try read { try ErasedPatients($0) }
        var verified: [(index: Int, source: VerifiedSource)] = []
        for (index, source) in held {
            let conflicts = merged.conflicts[source.head]
            if onlyNew, let conflicts {
                settle(index, .known(conflicts: conflicts))
                continue
            }
            do throws(StoreError) {
                let content = try source.verified(copy: DatabaseFile(at: "\(copies)/\(index)"))
                try erased.check(content, at: paths[index])
                if let conflicts {
                    settle(index, .known(conflicts: conflicts))
                } else {
                    verified.append((index, content))
                }
            } catch {
                settle(index, .refused(error))
            }
        }
        verified.sort { $0.source.firstRun < $1.source.firstRun }
        let runs = try recordRuns(of: verified.map(\.source))
        let lastRuns = zip(verified, runs).compactMap { source, numbers in
            source.source.runs.last.flatMap { numbers[$0.id] }
        }
        let lastRun = (lastRuns + merged.lastRuns).max()
        for (part, runs) in zip(verified, runs) {
            settle(part.index, .merged(try merge(part.source, runs: runs, lastRun: lastRun)))
        }
        try write { db in
            if try CatalogueInspection.isRunOpen(db) { try AuditChain.vouchForCatalogue(db) }
        }
        // Also beside what was merged before: people go on reviewing it.
        var reviews = ReviewMerge()
        for (index, source) in held {
            if case .refused = outcomes[index] { continue }
            try mergeReviews(besides: source.file, &reviews)
        }
        return MergeReport(
            sources: paths.indices.compactMap { index in
                outcomes[index].map { MergeReport.Source(path: paths[index], outcome: $0) }
            }, lastRun: lastRun, reviews: reviews)
    }

    private func makeFolder(_ path: String) {
        // Where it cannot be made, the copy that needs it says so.
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    /// - Parameters:
    ///   - runs: by number there, number here.
    ///   - lastRun: as of which what the source saw last was seen: all sources of a night saw a part of the same moment.
    private func merge(
        _ source: VerifiedSource, runs: [Int64: Int64], lastRun: Int64?
    ) throws(StoreError) -> MergeCounts {
        do {
            return try database.writeWithoutTransaction { db in
                try db.execute(sql: "ATTACH DATABASE ? AS source", arguments: [source.location])
                defer { try? db.execute(sql: "DETACH DATABASE source") }
                var counts = MergeCounts()
                try db.inTransaction(.immediate) {
                    let head = try String.fetchOne(db, sql: "SELECT hash FROM source.audit ORDER BY seq DESC LIMIT 1")
                    guard head == source.attachedHead.hexadecimal else {
                        throw StoreError(.busy, "another program writes a database while it is merged: try later")
                    }
                    var rows = MergedRows(db, lastRun: lastRun ?? 0, sourceLastRun: source.runs.last?.id ?? 0)
                    counts = try rows.merge(runs: runs)
                    let details: JSONValue = .object([
                        "head": .text(source.head.hexadecimal), "last_run": .integer(lastRun),
                        "conflicts": .texts(counts.conflicts.map(\.hexadecimal)),
                    ])
                    try AuditChain.append(.merge, details: details, db)
                    return .commit
                }
                return counts
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }
}

extension VerifiedSource {
    /// The same whatever the order in which sources are given.
    fileprivate var firstRun: (String, String) {
        runs.first.map { ($0.startedAt, $0.origin.hexadecimal) } ?? ("", "")
    }
}

/// Which heads of sources' chains are merged already.
private struct MergedHeads {
    /// By head, the scans of which the source said something else.
    private(set) var conflicts: [ContentHash: [ContentHash]] = [:]
    /// As of which what these sources saw was seen.
    private(set) var lastRuns: [Int64] = []

    /// A database that began as a copy of a source has its head among its own entries.
    init(among candidates: [ContentHash], _ db: Database) throws {
        let list = Set(candidates).map { "'\($0.hexadecimal)'" }.sorted().joined(separator: ", ")
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT json_extract(details, '$.head') AS head, json_extract(details, '$.last_run') AS last_run,
                    json_extract(details, '$.conflicts') AS conflicts
                FROM audit WHERE event = 'merge' AND head IN (\(list))
                UNION ALL
                SELECT hash, NULL, '[]' FROM audit WHERE hash IN (\(list))
                """)
        while let row = try rows.next() {
            let scans = try row.texts("conflicts").compactMap { ContentHash(hexadecimal: $0) }
            conflicts[try row.hash("head"), default: []] += scans
            if let run = try row.optionalInteger("last_run") { lastRuns.append(run) }
        }
    }
}
