import Analysis
import Findings
import Slides

/// How the scans of a night are copied to its stage.
struct Staging: Sendable {
    let folder: StageFolder
    /// No copy takes longer than its scan may.
    let timeout: ScanTimeout
    /// Raised once no scan is begun any more.
    let stop: StopFlag

    /// A copy of the scan, that is known by the stamp of the scan itself.
    func copy(of scan: borrowing OpenedScan) throws(StageFolder.Shortcoming) -> OpenedScan {
        // Of what is none, whoever reads it says so.
        let isScan =
            scan.byteCount <= ScanInHand.hashedUnseen
            || ScanFormats.standard.claim(scan.files) != false
        guard isScan else { throw .unwanted }
        let deadline = ContinuousClock.now + timeout.duration(byteCount: scan.byteCount)
        return try folder.copy(scan) { !stop.isRaised && !Task.isCancelled && .now < deadline }
    }
}
