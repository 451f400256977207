import Analysis
import Findings
import Synchronization

/// A scan that is opened and hashed once, and read by the workers of several pipelines, one after the other.
final class ScanInHand: Sendable {
    let scan: PlannedScan
    private let staging: Staging?
    private let opened = Mutex<OpenedScan?>(nil)
    private let hashed = Mutex<HashedFile?>(nil)
    private let labelCodes = Mutex<[String]?>(nil)

    private let shortcoming = Mutex<StageFolder.Shortcoming?>(nil)

    /// - Parameter staging: how a copy of it is made, which is what is then hashed and read; nil to read it where it lies.
    init(_ scan: PlannedScan, staging: Staging? = nil) {
        self.scan = scan
        self.staging = staging
    }

    /// Why it is read where it lies, though it was to be copied.
    var shortcomingOfStage: StageFolder.Shortcoming? { shortcoming.withLock(\.self) }

    /// Opens it, and copies it, before anybody needs it. Where it cannot be opened, whoever needs it learns why.
    func prepare() {
        _ = try? withOpened { _ in () }
    }

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
            if opened == nil { opened = try open() }
            switch opened {
            case .some(let opened): return try body(opened)
            case .none: preconditionFailure("it was opened just now")
            }
        }
    }

    private func open() throws(AnalysisFailure) -> OpenedScan {
        let original = try OpenedScan(owning: try scan.scan.open().release())
        guard let staging else { return original }
        do throws(StageFolder.Shortcoming) {
            return try staging.copy(of: original)
        } catch {
            shortcoming.withLock { $0 = error }
            return original
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
