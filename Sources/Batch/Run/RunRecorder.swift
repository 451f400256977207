import FindingStore
import Findings
import FoundationEssentials

/// Writes what becomes of a run's scans, one transaction after the other: the only way into the store.
///
/// On a queue of its own, for a commit lasts until the disk has it. Whatever is asked of it first is written first.
actor RunRecorder {
    private let executor = BlockingExecutor(label: "scanreport.recorder")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let store: FindingStore
    private let run: Int64
    private let pipeline: ContentHash

    /// - Parameter store: open for writing.
    init(store: FindingStore, run: Int64, pipeline: ContentHash) {
        self.store = store
        self.run = run
        self.pipeline = pipeline
    }

    /// Records how an analysis ended, with everything seen of its scan. A record that the store refuses becomes a
    /// failure of its scan: it must not end the night.
    ///
    /// - Returns: what stands in the store.
    func record(
        _ outcome: AnalysisOutcome, of scan: Scan, within outlines: RegionsOfInterest?, sightings: [Sighting],
        startedAt: Date, finishedAt: Date
    ) throws(BatchError) -> AnalysisOutcome {
        func record(_ scan: Scan, _ outcome: AnalysisOutcome) throws(StoreError) {
            try store.record(
                AnalysisRecord(
                    run: run, pipeline: pipeline, subject: .scan(scan, sightings: sightings, outcome: outcome),
                    outlines: outlines, startedAt: startedAt, finishedAt: finishedAt))
        }
        do throws(StoreError) {
            do throws(StoreError) {
                try record(scan, outcome)
                return outcome
            } catch  where error.kind == .refused {
                let failure = AnalysisFailure(
                    stage: .record, code: .protocol, message: "the worker's answer breaks an invariant of the database")
                try record(Scan(sha256: scan.sha256, byteCount: scan.byteCount, image: nil), .failed(failure))
                return .failed(failure)
            }
        } catch {
            throw BatchError(error)
        }
    }

    /// Records a file that could not be opened, or not be hashed, at each of the places where it was seen.
    func record(
        _ failure: AnalysisFailure, toOpen places: [Sighting], startedAt: Date, finishedAt: Date
    ) throws(BatchError) {
        do throws(StoreError) {
            for place in places {
                try store.record(
                    AnalysisRecord(
                        run: run, pipeline: pipeline, subject: .unopened(place, failure: failure),
                        startedAt: startedAt, finishedAt: finishedAt))
            }
        } catch {
            throw BatchError(error)
        }
    }

    /// Records what the codes on a scan's label say.
    func recordLabel(_ codes: [String], of scan: ContentHash) throws(BatchError) {
        do throws(StoreError) {
            try store.recordLabel(codes, of: scan)
        } catch {
            throw BatchError(error)
        }
    }

    /// Records scans that the run saw and that are done already, by their rows.
    func recordSeenAgain(_ sightings: [Int64]) throws(BatchError) {
        do throws(StoreError) {
            try store.recordSeenAgain(sightings, run: run)
        } catch {
            throw BatchError(error)
        }
    }

    /// Records scans that the run saw and that are done already.
    func record(_ seen: [(scan: ContentHash, sighting: Sighting)]) throws(BatchError) {
        do throws(StoreError) {
            try store.recordSightings(seen, run: run)
        } catch {
            throw BatchError(error)
        }
    }
}
