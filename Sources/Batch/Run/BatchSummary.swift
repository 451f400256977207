import FindingStore
import Findings

/// What a night came to.
public struct BatchSummary: Sendable {
    /// Failures of one kind.
    public struct FailureCount: Sendable, Hashable {
        public let stage: AnalysisFailure.Stage
        public let code: AnalysisFailure.Code
        public var count: Int
    }

    public let run: Int64
    public let pipeline: String
    public let pipelineSHA256: ContentHash
    public var ending: RunEnding = .completed
    /// Everything found: files, and folders that could not be listed.
    public var found: Int
    /// Analysed tonight with findings.
    public var withFindings = 0
    /// Analysed tonight: nothing but glass.
    public var withoutTissue = 0
    /// Analysed tonight: below the pipeline's quality thresholds.
    public var rejected = 0
    /// The findings of tonight's analyses.
    public var findings = 0
    /// Done by an earlier run of the same pipeline.
    public var skipped = 0
    /// Files with the same bytes as another file of this run.
    public var duplicates = 0
    /// Left alone after failing night after night.
    public var givenUp = 0
    /// The same, and a person said that they know.
    public var accepted = 0
    /// Rows of the database that were changed by another program; what they said was not believed.
    public var forged = 0
    /// By stage and code, in the order of their names.
    public var failures: [FailureCount] = []
    /// What to know of tonight's results, by kind.
    public var remarks: [RemarkCount] = []
    /// Scans that needed a second worker.
    public var retried = 0
    /// Bytes of the scans analysed tonight.
    public var analysedBytes: Int64 = 0
    public var seconds: Double = 0
    /// Why no worker of this pipeline could be started, where those of others went on.
    public var failure: BatchError?
    /// What the kernel kept every worker from; nil where none was started.
    var confinement: WorkerConfinement?
    /// The hash of the audit chain's last entry when the run had ended.
    public var auditHead: ContentHash?
    /// What a person should look at, one sentence each, without patient data.
    public var warnings: [String]
    /// Likewise, of what lay in the folders and what the manifest says.
    public var notices: [Notice]

    init(run: Int64, pipeline: PipelineIdentity, plan: BatchPlan) {
        self.run = run
        self.pipeline = pipeline.name
        pipelineSHA256 = pipeline.sha256
        found = plan.found
        skipped = plan.known.count(.done)
        givenUp = plan.known.count(.givenUp)
        accepted = plan.known.count(.accepted)
        forged = plan.forgedStamps
        warnings = plan.warnings
        notices = plan.notices
    }

    public var analysed: Int { withFindings + withoutTissue + rejected }
    public var failed: Int { failures.reduce(0) { $0 + $1.count } }
    /// Not looked at: the run ended first.
    public var left: Int { found - analysed - failed - skipped - duplicates - givenUp - accepted }

    public var scansPerMinute: Double { seconds > 0 ? Double(analysed) / seconds * 60 : 0 }
    public var megabytesPerSecond: Double { seconds > 0 ? Double(analysedBytes) / seconds / 1e6 : 0 }

    /// 0 for a night that needs nobody, 1 for one that somebody should look at.
    public var exitStatus: Int32 {
        failed > 0 || givenUp > 0 || left > 0 || forged > 0 || ending != .completed
            || notices.contains(where: \.kind.needsSomebody) ? 1 : 0
    }

    func failed(with code: AnalysisFailure.Code) -> Int {
        failures.filter { $0.code == code }.reduce(0) { $0 + $1.count }
    }

    var counts: RunCounts {
        RunCounts(
            found: found, done: analysed, skipped: skipped + duplicates + givenUp + accepted, failed: failed, left: left
        )
    }

    mutating func count(_ scan: FinishedScan) {
        switch scan.verdict {
        case .done(let status, let findings):
            switch status {
            case .findings: withFindings += 1
            case .noTissue: withoutTissue += 1
            case .rejected: rejected += 1
            }
            self.findings += findings
            analysedBytes += scan.size
        case .failed(let stage, let code): countFailure(stage, code)
        case .alreadyDone: skipped += 1
        case .duplicate: duplicates += 1
        }
        if scan.attempts > 1 { retried += 1 }
    }

    mutating func countFailure(_ stage: AnalysisFailure.Stage, _ code: AnalysisFailure.Code) {
        if let index = failures.firstIndex(where: { $0.stage == stage && $0.code == code }) {
            failures[index].count += 1
        } else {
            failures.append(FailureCount(stage: stage, code: code, count: 1))
            failures.sort { ($0.stage.rawValue, $0.code.rawValue) < ($1.stage.rawValue, $1.code.rawValue) }
        }
    }
}
