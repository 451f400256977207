import FindingStore
import Findings

/// What a night settles at its end: of which files the scans are their patients' no more.
struct SettledScans {
    let notices: [Notice]

    /// Records the files that were moved to another patient, and those that were overwritten by another scan.
    ///
    /// - Parameters:
    ///   - run: as of which the night saw its scans.
    ///   - walked: the folders that it looked at, absolute.
    ///   - isMerged: see `FindingStore.overwrittenSightings(asOf:isMerged:)`.
    init(in store: FindingStore, asOf run: Int64, walked: [ScanPath], isMerged: Bool = false) throws(StoreError) {
        let moved = MovedScans(try store.formerSightings(asOf: run), walked: walked)
        // A scan that may still lie in another place of the same patient is not lost.
        let overwritten = try store.overwrittenSightings(asOf: run, isMerged: isMerged).filter { sighting in
            MovedScans(sighting.others, walked: walked).departed.count == sighting.others.count
        }
        let departed = moved.departed.map(\.id) + overwritten.flatMap { [$0.id] + $0.others.map(\.id) }
        try store.recordDepartures(Set(departed).sorted(), run: run)
        notices =
            moved.notices + [Notice(.overwritten, Set(overwritten.map(\.scan.prefix)).sorted())].compactMap(\.self)
            + (try Notice.ofScansOfSeveralPatients(in: store, run: run))
    }
}
