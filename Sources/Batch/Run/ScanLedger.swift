import FindingStore
import Findings
import FoundationEssentials

/// The book of one run: which bytes are in hand, and which scans have them.
///
/// The same bytes may lie under several names. Whoever opens them first has them in hand; the others wait as
/// sightings, and are recorded with the analysis. No claim waits for an analysis that is being recorded: a worker
/// would stand idle for as long as the disk takes.
actor ScanLedger {
    private enum Holding {
        /// A worker has the bytes, for the scan of this number; other scans with the same bytes wait.
        case inHand(by: Int, waiting: [(scan: PlannedScan, stamp: FileStamp)])
        /// The recorder was told how an analysis of these bytes ended.
        case settled
    }

    /// Why a scan was let go after it was hashed.
    enum SkipReason: Sendable {
        case alreadyDone, duplicate
    }

    private let executor = BlockingExecutor(label: "scanreport.ledger")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let recorder: RunRecorder
    /// What earlier runs did.
    private let past: FindingStore
    private let run: Int64
    private let pipeline: ContentHash
    /// Of bytes that this run has opened; what it knows without opening is in the store.
    private var holdings: [ContentHash: Holding] = [:]
    /// By the number of the scan that has them.
    private var bytesInHand: [Int: ContentHash] = [:]
    /// Scans that waited for bytes in vain.
    private var stranded: [PlannedScan] = []
    private var skips: [Int: Result<SkipReason, BatchError>] = [:]
    private var spacings: [ContentHash: Set<Double>]
    /// By the hashes of both; nil for everywhere.
    private var outlines: [ContentHash: Set<ContentHash?>] = [:]

    private var labels: NightLabels

    /// - Parameters:
    ///   - past: open for reading, so that it is asked while the recorder writes.
    ///   - spacings: of scans that are known, where the manifest gives them.
    ///   - labels: finds a patient in what a label's code says; nil where labels are not read.
    init(
        recorder: RunRecorder, past: FindingStore, run: Int64, pipeline: ContentHash, spacings: [ContentHash: Double],
        labels: LabelAssignment? = nil
    ) {
        self.labels = NightLabels(labels)
        self.recorder = recorder
        self.past = past
        self.run = run
        self.pipeline = pipeline
        self.spacings = spacings.mapValues { [$0] }
    }

    /// What a person should know of the labels that were read.
    var labelNotices: [Notice] { labels.notices }

    /// Scans whose bytes were given more than one spacing, under several names.
    var scansOfSeveralSpacings: Int { spacings.values.count { $0.count > 1 } }

    /// Scans whose bytes were to be looked at within several outlines, under several names.
    var scansOfSeveralOutlines: Int { outlines.values.count { $0.count > 1 } }

    /// Decides on a scan whose bytes are known now. Where it is skipped, `reasonToSkip` says why.
    ///
    /// - Parameter label: what the codes on its label say; nil where that was not asked, or could not be read.
    func claim(_ scan: PlannedScan, _ file: HashedFile, label: [String]? = nil) async -> WorkerSeat.Claim {
        labels.hear(label, of: scan, file.sha256)
        note(scan, of: file.sha256)
        letGo(of: scan, but: file.sha256)
        switch holdings[file.sha256] {
        case .inHand(by: scan.number, _):
            // Its first seat was lost.
            return .analyse
        case .inHand(let holder, let waiting):
            holdings[file.sha256] = .inHand(by: holder, waiting: waiting + [(scan, file.stamp)])
            skips[scan.number] = .success(.duplicate)
        case .settled:
            skips[scan.number] = await recordSighting(of: scan, file, .duplicate)
        case nil:
            do throws(StoreError) {
                if try past.isSeen(file.sha256, run: run) {
                    holdings[file.sha256] = .settled
                    skips[scan.number] = await recordSighting(of: scan, file, .duplicate)
                    return .skip
                }
                guard
                    try past.doneAnalysisExists(
                        scan: file.sha256, pipeline: pipeline, spacing: scan.spacing, outlines: scan.outlines?.sha256)
                else {
                    holdings[file.sha256] = .inHand(by: scan.number, waiting: [])
                    bytesInHand[scan.number] = file.sha256
                    return .analyse
                }
                holdings[file.sha256] = .settled
                skips[scan.number] = await recordSighting(of: scan, file, .alreadyDone)
            } catch {
                skips[scan.number] = .failure(BatchError(error))
            }
        }
        return .skip
    }

    /// - Throws: `store` where the store could not be asked, or could not record the sighting.
    func reasonToSkip(_ scan: PlannedScan) throws(BatchError) -> SkipReason {
        guard let reason = skips.removeValue(forKey: scan.number) else {
            preconditionFailure("only a claim makes a worker skip a scan")
        }
        return try reason.get()
    }

    /// Records how an analysis ended, in one transaction with everything seen of its scan.
    ///
    /// - Returns: what stands in the store, and the scans that waited for these bytes in vain: they did not turn out
    ///   to be the scan's bytes after all.
    func record(
        _ answer: AnalysedScan, of scan: PlannedScan, startedAt: Date, finishedAt: Date
    ) async throws(BatchError) -> (outcome: AnalysisOutcome, again: [PlannedScan]) {
        // A file that changed while it was read has no bytes that could be found again.
        let file = answer.hasChanged ? nil : answer.file
        letGo(of: scan, but: file?.sha256)
        let again = stranded
        stranded = []
        guard let file else {
            guard case .failed(let failure) = answer.outcome else {
                preconditionFailure("an analysis that is done is of bytes that are known")
            }
            let places = scan.patients.map {
                Sighting(folder: scan.scan.root.text, path: scan.scan.path.text, patient: $0)
            }
            try await recorder.record(failure, toOpen: places, startedAt: startedAt, finishedAt: finishedAt)
            return (answer.outcome, again)
        }
        var waiting: [(scan: PlannedScan, stamp: FileStamp)] = []
        if case .inHand(_, let others)? = holdings[file.sha256] { waiting = others }
        bytesInHand[scan.number] = nil
        holdings[file.sha256] = .settled
        let seen = [(scan: scan, stamp: file.stamp)] + waiting
        let outcome = try await recorder.record(
            answer.outcome, of: Scan(sha256: file.sha256, byteCount: file.stamp.size, image: answer.image),
            within: scan.outlines, sightings: seen.flatMap { sightings(of: $0.scan, $0.stamp) }, startedAt: startedAt,
            finishedAt: finishedAt)
        for (scan, _) in seen {
            if let codes = labels.takeCodes(of: scan) { try await recorder.recordLabel(codes, of: file.sha256) }
        }
        return (outcome, again)
    }

    /// What the scan had in hand and turned out not to hold: others with those bytes are to be opened again.
    private func letGo(of scan: PlannedScan, but kept: ContentHash?) {
        guard let held = bytesInHand[scan.number], held != kept else { return }
        bytesInHand[scan.number] = nil
        guard case .inHand(_, let waiting)? = holdings.removeValue(forKey: held) else { return }
        stranded += waiting.map(\.scan)
    }

    /// Records an input that nothing could be opened of.
    func record(_ unreachable: BatchPlan.Unreachable, at date: Date) async throws(BatchError) {
        let input = unreachable.input
        let place = Sighting(folder: input.root.text, path: input.path.text, patient: unreachable.patient)
        try await recorder.record(input.failure, toOpen: [place], startedAt: date, finishedAt: date)
    }

    /// Records that the run saw these scans.
    func record(_ known: KnownScans) async throws(BatchError) {
        try await recorder.recordSeenAgain(known.recorded)
        // Their stamps are what they are known by.
        let seen = known.named.flatMap { known in
            sightings(of: known.scan, nil).map { (scan: known.file.sha256, sighting: $0) }
        }
        if !seen.isEmpty { try await recorder.record(seen) }
    }

    private func recordSighting(
        of scan: PlannedScan, _ file: HashedFile, _ reason: SkipReason
    ) async -> Result<SkipReason, BatchError> {
        do throws(BatchError) {
            try await recorder.record(sightings(of: scan, file.stamp).map { (file.sha256, $0) })
            if let codes = labels.takeCodes(of: scan) { try await recorder.recordLabel(codes, of: file.sha256) }
            return .success(reason)
        } catch {
            return .failure(error)
        }
    }

    /// - Parameter stamp: to be remembered with the file's hash.
    private func sightings(of scan: PlannedScan, _ stamp: FileStamp?) -> [Sighting] {
        let stamp = stamp.flatMap { $0.isSettled(at: Date()) ? $0 : nil }
        return labels.patients(of: scan).map {
            Sighting(folder: scan.scan.root.text, path: scan.scan.path.text, patient: $0, stamp: stamp)
        }
    }

    private func note(_ scan: PlannedScan, of sha256: ContentHash) {
        if let spacing = scan.spacing { spacings[sha256, default: []].insert(spacing) }
        outlines[sha256, default: []].insert(scan.outlines?.sha256)
    }
}

extension FileStamp {
    /// Whether a later write would show in the stamp. Times are kept in ticks, so a file may change once more within
    /// the tick in which it was hashed (Git calls such a stamp racy). A tick is a few milliseconds where the file
    /// system keeps fractions of a second, and up to two seconds where it does not.
    func isSettled(at now: Date) -> Bool {
        let lastChange = max(modifiedNanoseconds, changedNanoseconds)
        let tick = lastChange % 1_000_000_000 == 0 ? 2.0 : 0.1
        return Double(lastChange) / 1e9 < now.timeIntervalSince1970 - tick
    }
}
