import Analysis
import Findings
import Synchronization

/// A scan that is opened and hashed once, and read by the workers of several pipelines, one after the other.
final class ScanInHand: Sendable {
    let scan: PlannedScan
    private let opened = Mutex<OpenedScan?>(nil)
    private let hashed = Mutex<HashedFile?>(nil)
    private let labelCodes = Mutex<[String]?>(nil)

    init(_ scan: PlannedScan) { self.scan = scan }

    /// What the file was found to be, once somebody hashed it.
    var file: HashedFile? {
        get { hashed.withLock(\.self) }
        set { hashed.withLock { $0 = newValue } }
    }

    /// What the codes on its label say, where somebody read it.
    var label: [String]? {
        get { labelCodes.withLock(\.self) }
        set { labelCodes.withLock { $0 = newValue } }
    }

    /// - Parameter isUnwanted: asked meanwhile. Where the batch ends, the scan is as if nobody had hashed it.
    func readLabel(by settings: WorkerSettings, unless isUnwanted: () -> Bool) throws(AnalysisFailure) {
        label = try withOpened { (opened) throws(AnalysisFailure) in
            let label = settings.labels?.codes(
                of: opened.descriptor, requiresConfinement: settings.requiresConfinement, unless: isUnwanted)
            if label != nil { try opened.checkUnchanged() }
            return label
        }
        if label == nil, isUnwanted() { file = nil }
    }

    /// - Parameter body: called with the file, which stays open after it; by one at a time.
    func withOpened<Answer: Sendable>(
        _ body: (borrowing OpenedScan) throws(AnalysisFailure) -> Answer
    ) throws(AnalysisFailure) -> Answer {
        try opened.withLock { (opened) throws(AnalysisFailure) -> Answer in
            if opened == nil { opened = try OpenedScan(owning: try scan.scan.open().release()) }
            switch opened {
            case .some(let opened): return try body(opened)
            case .none: preconditionFailure("it was opened just now")
            }
        }
    }
}

extension OpenedScan {
    /// That the file is not the one that was hashed any more, which explains whatever was seen in it.
    var change: AnalysisFailure? {
        do throws(AnalysisFailure) {
            try checkUnchanged()
            return nil
        } catch {
            return error
        }
    }
}
