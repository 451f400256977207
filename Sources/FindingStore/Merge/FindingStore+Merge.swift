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
        var contents: [(index: Int, source: VerifiedSource)] = []
        for (index, source) in held {
            if onlyNew, let conflicts = merged.conflicts[source.head] {
                settle(index, .known(conflicts: conflicts))
                continue
            }
            do throws(StoreError) {
                contents.append((index, try source.verified(copy: DatabaseFile(at: "\(copies)/\(index)"))))
            } catch {
                settle(index, .refused(error))
            }
        }
        var taken = try read { try ErasedPatients($0) }
        let erased = contents.reduce(into: taken) { $0.formUnion($1.source.erased) }
        let patients = try read { try SeenPatient.all(in: $0) }
        var verified: [(index: Int, source: VerifiedSource)] = []
        for (index, content) in contents {
            do throws(StoreError) {
                try erased.check(content, at: paths[index])
                try content.erased.subtracting(taken).check(merged: patients, at: paths[index])
                verified.append((index, content))
            } catch {
                settle(index, .refused(error))
            }
        }
        // A source of which all was merged by a program that did not take its erasures along.
        for (index, content) in verified {
            guard let conflicts = merged.conflicts[content.head] else { continue }
            let fresh = content.erased.subtracting(taken)
            if !fresh.isEmpty { try write { try appendMerge(of: content, erased: fresh, $0) } }
            taken.formUnion(fresh)
            settle(index, .known(conflicts: conflicts))
        }
        verified.removeAll { merged.conflicts[$0.source.head] != nil }
        verified.sort { $0.source.firstRun < $1.source.firstRun }
        let runs = try recordRuns(of: verified.map(\.source))
        let lastRuns = zip(verified, runs).compactMap { source, numbers in
            source.source.runs.last.flatMap { numbers[$0.id] }
        }
        let lastRun = (lastRuns + merged.lastRuns).max()
        for (part, runs) in zip(verified, runs) {
            let fresh = part.source.erased.subtracting(taken)
            settle(part.index, .merged(try merge(part.source, runs: runs, lastRun: lastRun, erased: fresh)))
            taken.formUnion(fresh)
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
    ///   - erased: from the source, and not known here so far.
    private func merge(
        _ source: VerifiedSource, runs: [Int64: Int64], lastRun: Int64?, erased: ErasedPatients
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
                    try appendMerge(
                        of: source, lastRun: lastRun, conflicts: counts.conflicts, erased: erased, db)
                    return .commit
                }
                return counts
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }
}

private func appendMerge(
    of source: VerifiedSource, lastRun: Int64? = nil, conflicts: [ContentHash] = [], erased: ErasedPatients,
    _ db: Database
) throws {
    var details: [JSONValue.Member] = [
        .init("head", .text(source.head.hexadecimal)), .init("last_run", .integer(lastRun)),
        .init("conflicts", .texts(conflicts.map(\.hexadecimal))),
    ]
    if !erased.isEmpty { details.append(.init("erased", erased.json)) }
    try AuditChain.append(.merge, details: .object(details), db)
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
