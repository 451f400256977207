import FindingStore
import Findings
import FoundationEssentials
import Glibc
import Imaging
import TIFF

/// Writes the regions of each scan as a label image in a folder.
struct MaskExport {
    let folder: String

    private static let rowsAtOnce = 64

    func write(_ filter: FindingFilter, of store: FindingStore) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(.cannotCreate, "\(folder): cannot be created")
        }
        var images: [ContentHash: Scan.Image] = [:]
        for scan in try store.scans() { images[scan.scan.sha256] = scan.scan.image }
        var written: Set<ContentHash> = []
        for analysis in try store.analyses(filter) {
            guard case .done = analysis.outcome, let sha256 = analysis.scanSHA256, let image = images[sha256],
                written.insert(sha256).inserted
            else { continue }
            var ofScan = filter
            ofScan.scan = sha256.hexadecimal
            ofScan.patient = analysis.patient
            var regions: [RunLengths] = []
            try store.forEachFinding(ofScan, includingGeometry: true) { row in
                guard let geometry = row.finding.geometry else { return }
                regions.append(try RunLengths(decoding: Array(geometry)))
            }
            try write(regions, image: image, to: "\(folder)/\(sha256).tif")
        }
    }

    private func write(_ regions: [RunLengths], image: Scan.Image, to path: String) throws {
        let partial = path + ".\(getpid()).partial"
        defer { unlink(partial) }
        let isWide = regions.count > Int(UInt16.max)
        var layout = TIFFPageLayout(width: image.width, height: image.height, bitsPerSample: isWide ? 32 : 16)
        layout.compression = .deflate
        let byteCount = image.width * image.height * (isWide ? 4 : 2)
        do throws(TIFFError) {
            var writer = try TIFFWriter(path: partial, isBigTIFF: byteCount > 1 << 31)
            try writer.beginPage(layout)
            var rows = RegionLabelRows(width: image.width, height: image.height, regions: regions)
            while case let labels = rows.next(Self.rowsAtOnce), !labels.isEmpty {
                if isWide {
                    try writer.writeRows(labels)
                } else {
                    try writer.writeRows(labels.map { UInt16(truncatingIfNeeded: $0) })
                }
            }
            try writer.finish()
        } catch {
            throw CommandFailure(.cannotCreate, "\(path): \(error)")
        }
        guard rename(partial, path) == 0 else {
            throw CommandFailure(.cannotCreate, "\(path): \(String(cString: strerror(errno)))")
        }
    }
}
