import FindingStore

/// What no shard of a night could tell alone, and a merged database can: which scans were moved from one patient to another,
/// which were overwritten, and which lie under several.
public struct MergedNight: Sendable {
    public let notices: [Notice]

    /// Records the files that are gone from the folders that the night looked at, as a night in one database does. Where
    /// the folders are not there, that cannot be told, and a notice says so.
    ///
    /// - Parameters:
    ///   - store: open for writing.
    ///   - run: as of which the night saw its scans: see `MergeReport.lastRun`.
    public init(in store: FindingStore, asOf run: Int64) throws(StoreError) {
        notices = try SettledScans(in: store, asOf: run, walked: try store.foldersSeen(by: run), isMerged: true).notices
    }

    public var needsSomebody: Bool { notices.contains(where: \.kind.needsSomebody) }
}

extension Notice {
    /// Of the scans of which the run saw copies under several patients.
    static func ofScansOfSeveralPatients(in store: FindingStore, run: Int64) throws(StoreError) -> [Notice] {
        let (count, first) = try store.scansOfSeveralPatients(run: run, atMost: placeLimit)
        return [Notice(.scanOfSeveralPatients, count: count, first.map(\.prefix))].compactMap(\.self)
    }
}
