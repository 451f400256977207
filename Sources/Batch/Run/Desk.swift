import Findings
import FoundationEssentials

/// Where one scan at a time is looked at: a seat for each pipeline, one after the other.
struct Desk: Sendable {
    /// By the pipeline's place in the night.
    let seats: [WorkerSeat]

    /// Opens the scan once, and hands it to the seats that are to look at it. What one answers is recorded while the next
    /// computes; what the last one does, the shift records.
    ///
    /// - Parameters:
    ///   - inHand: the scan of the first plan; nobody else has it.
    ///   - ledgers: by the pipeline's place in the night.
    ///   - underWay: called when a worker has all it needs, and computes.
    func visit(
        by queued: QueuedScan, _ inHand: ScanInHand, _ ledgers: [ScanLedger], underWay: @Sendable () -> Void
    ) async -> Visit {
        let clock = ContinuousClock()
        return await withTaskGroup(of: (turn: Turn, entry: Result<Turn.Entry, BatchError>).self) { records in
            var visit = Visit()
            for (part, scan) in queued.plans {
                if let turn = visit.last {
                    visit.last = nil
                    records.addTask { (turn, await turn.recorded(in: ledgers[turn.part])) }
                }
                let start = clock.now
                let startedAt = Date()
                do throws(BatchError) {
                    let answer = try await seats[part].analyse(
                        inHand, as: scan, claim: { await ledgers[part].claim(scan, $0, label: $1) },
                        underWay: underWay)
                    visit.last = Turn(
                        scan: scan, part: part, answer: answer, startedAt: startedAt, duration: clock.now - start
                    )
                } catch {
                    visit.unavailable.append((part, scan, error))
                }
            }
            for await record in records { visit.recorded.append(record) }
            visit.shortcomingOfStage = inHand.shortcomingOfStage
            return visit
        }
    }
}

/// What became of a scan at a desk.
struct Visit: Sendable {
    /// The last turn, which is not recorded yet.
    var last: Turn?
    var recorded: [(turn: Turn, entry: Result<Turn.Entry, BatchError>)] = []
    /// The pipelines of which no worker starts.
    var unavailable: [(part: Int, scan: PlannedScan, error: BatchError)] = []
    /// Why the scan was read where it lies, though it was to be copied.
    var shortcomingOfStage: StageFolder.Shortcoming?
}

/// A seat's time with a scan.
struct Turn: Sendable {
    let scan: PlannedScan
    /// The pipeline's place in the night.
    let part: Int
    let answer: WorkerSeat.Answer
    let startedAt: Date
    let duration: Duration

    /// What the ledger made of it.
    enum Entry: Sendable {
        case skipped(ScanLedger.SkipReason)
        /// With the scans that are to be opened again.
        case analysed(AnalysedScan, recorded: AnalysisOutcome, again: [PlannedScan])
        case left
    }

    func recorded(in ledger: ScanLedger) async -> Result<Entry, BatchError> {
        do throws(BatchError) {
            switch answer {
            case .left: return .success(.left)
            case .skipped: return .success(.skipped(try await ledger.reasonToSkip(scan)))
            case .analysed(let analysed):
                // Reckoned from the start, so that a clock that is set back does no harm.
                let (outcome, again) = try await ledger.record(
                    analysed, of: scan, startedAt: startedAt,
                    finishedAt: startedAt.addingTimeInterval(duration.seconds))
                return .success(.analysed(analysed, recorded: outcome, again: again))
            }
        } catch {
            return .failure(error)
        }
    }
}
