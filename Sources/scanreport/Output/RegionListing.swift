import FindingStore
import Findings
import FoundationEssentials
import Imaging

/// The regions of scans, for exports that write a file a scan.
struct RegionListing {
    /// One scan's regions, in the order of the CSV.
    struct OfScan {
        let sha256: ContentHash
        let image: Scan.Image
        let regions: [(row: FindingRow, pixels: RunLengths)]
    }

    let store: FindingStore
    let filter: FindingFilter
    /// What stands for the hashes of scans and the ids of findings; nil for the true ones.
    let pseudonyms: Pseudonyms?

    /// Calls `body` once for each scan that was analysed and that the filter leaves, also where it holds no region.
    func forEachScan(_ body: (OfScan) throws -> Void) throws {
        var images: [ContentHash: Scan.Image] = [:]
        for scan in try store.scans() { images[scan.scan.sha256] = scan.scan.image }
        var seen: Set<ContentHash> = []
        for analysis in try store.analyses(filter) {
            guard case .done = analysis.outcome, let sha256 = analysis.scanSHA256, let image = images[sha256],
                seen.insert(sha256).inserted
            else { continue }
            var ofScan = filter
            ofScan.scan = sha256.hexadecimal
            ofScan.patient = analysis.patient
            var regions: [(FindingRow, RunLengths)] = []
            try store.forEachFinding(ofScan, includingGeometry: true) { row in
                guard let geometry = row.finding.geometry else { return }
                regions.append((pseudonyms?.row(row) ?? row, try RunLengths(decoding: Array(geometry))))
            }
            try body(OfScan(sha256: pseudonyms?.scan(sha256) ?? sha256, image: image, regions: regions))
        }
    }

    /// Makes the folder that takes the files.
    static func create(folder: String) throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(.cannotCreate, "\(folder): cannot be created")
        }
    }
}
