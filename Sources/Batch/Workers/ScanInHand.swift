import Analysis
import Findings
import Slides
import Synchronization

/// A scan that is opened and hashed once, before its turn where there is time, and read by the workers of several pipelines, one
/// after the other.
final class ScanInHand: Sendable {
    let scan: PlannedScan
    private let staging: Staging?
    private let opened = Mutex<OpenedScan?>(nil)
    private let hashed = Mutex<HashedFile?>(nil)
    private let labelRead = Mutex<(isRead: Bool, codes: [String]?)>((false, nil))
    private let shortcoming = Mutex<StageFolder.Shortcoming?>(nil)

    /// Files larger than this are looked at before they are hashed.
    static let hashedUnseen: Int64 = 1 << 20

    /// - Parameter staging: how a copy of it is made, which is what is then hashed and read; nil to read it where it lies.
    init(_ scan: PlannedScan, staging: Staging? = nil) {
        self.scan = scan
        self.staging = staging
    }

    /// Why it is read where it lies, though it was to be copied.
    var shortcomingOfStage: StageFolder.Shortcoming? { shortcoming.withLock(\.self) }

    /// How long it may take.
    func limit(by timeout: ScanTimeout) throws(AnalysisFailure) -> Duration {
        try withOpened { (opened) in timeout.duration(byteCount: min(opened.byteCount, opened.storedByteCount)) }
    }

    /// Opens it, copies it to the stage, and hashes it, before anybody needs it. What is wrong with it, whoever needs it learns.
    func prepare(within timeout: ScanTimeout, unless isUnwanted: () -> Bool) {
        do throws(AnalysisFailure) {
            let limit = try limit(by: timeout)
            _ = try identified(before: .now + limit, limit: limit, unless: isUnwanted)
        } catch {}
    }

    /// What the file is, hashed where nobody did that before; nil where nobody wants it any more.
    ///
    /// - Parameter isUnwanted: asked meanwhile.
    func identified(
        before deadline: ContinuousClock.Instant, limit: Duration, unless isUnwanted: () -> Bool
    ) throws(AnalysisFailure) -> HashedFile? {
        try withOpened { (opened) throws(AnalysisFailure) in
            if let file { return file }
            if opened.byteCount > Self.hashedUnseen, ScanFormats.standard.claim(opened.files) == false {
                throw AnalysisFailure(
                    stage: .open, code: .unsupported, message: "the file does not start as a scan does")
            }
            var isLate = false
            let sha256 = try opened.hash {
                isLate = ContinuousClock.now >= deadline
                return !isLate && !isUnwanted()
            }
            if isLate { throw AnalysisFailure(timedOutAfter: limit) }
            file = sha256.map { HashedFile(sha256: $0, stamp: opened.origin) }
            return file
        }
    }

    /// What the file was found to be, once somebody hashed it.
    var file: HashedFile? {
        get { hashed.withLock(\.self) }
        set { hashed.withLock { $0 = newValue } }
    }

    /// What the codes on its label say, where somebody read it.
    var label: [String]? { labelRead.withLock(\.codes) }

    /// Reads the label, once.
    ///
    /// - Parameter isUnwanted: asked meanwhile. Where the batch ends, the scan is as if nobody had hashed it.
    func readLabel(by settings: WorkerSettings, unless isUnwanted: () -> Bool) throws(AnalysisFailure) {
        if labelRead.withLock(\.isRead) { return }
        let codes = try withOpened { (opened) throws(AnalysisFailure) in
            let label = settings.labels?.codes(
                of: opened, requiresConfinement: settings.requiresConfinement, unless: isUnwanted)
            if label != nil { try opened.checkUnchanged() }
            return label
        }
        labelRead.withLock { $0 = (true, codes) }
        if codes == nil, isUnwanted() { file = nil }
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
        let original = try scan.scan.open()
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
