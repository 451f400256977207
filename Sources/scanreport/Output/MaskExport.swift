import FindingStore
import Findings
import Glibc
import Imaging
import TIFF

/// Writes the regions of each scan as a label image in a folder.
struct MaskExport {
    let folder: String

    /// Side of a tile. LZW cannot make so small a tile more than some 300 times smaller, so that no reader takes the empty
    /// mask of a huge scan for a decompression bomb.
    private static let tileSide = 256
    private static let rowsAtOnce = 64

    func write(_ listing: RegionListing) throws {
        try RegionListing.create(folder: folder)
        try listing.forEachScan { scan in
            try write(scan.regions.map(\.pixels), image: scan.image, to: "\(folder)/\(scan.sha256).tif")
        }
    }

    private func write(_ regions: [RunLengths], image: Scan.Image, to path: String) throws {
        let partial = path + ".\(getpid()).partial"
        defer { unlink(partial) }
        let isWide = regions.count > Int(UInt16.max)
        var layout = TIFFPageLayout(width: image.width, height: image.height, bitsPerSample: isWide ? 32 : 16)
        layout.organisation = .tiles(width: Self.tileSide, height: Self.tileSide)
        layout.compression = .lzw
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
