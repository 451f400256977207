import Foundation
import Slides
import TIFF

/// One tiled BigTIFF of any size, drawn tile by tile, with the truth of its glands beside it as CSV: memory holds the
/// tiles in flight and the glands of a band.
public struct LargeScan: Sendable {
    public enum Compression: String, CaseIterable, Sendable {
        case none, lzw, deflate, jpeg
    }

    public static let tileSide = 512

    public let scene: Scene
    public let compression: Compression
    /// Whether levels of half the size each follow, down to one that fits into two tiles.
    public let isPyramid: Bool
    /// How many tiles are drawn at the same time.
    public let drawers: Int

    public init(scene: Scene, compression: Compression = .jpeg, isPyramid: Bool = true, drawers: Int) {
        self.scene = scene
        self.compression = compression
        self.isPyramid = isPyramid
        self.drawers = max(1, drawers)
    }

    /// - Parameters:
    ///   - truthPath: takes the CSV.
    ///   - progress: is told the share of the tiles of the full level that are written.
    /// - Throws: `FixtureError`.
    public func write(
        to path: String, truth truthPath: String, progress: (Double) -> Void = { _ in }
    ) async throws(FixtureError) {
        do {
            var writer = try TIFFWriter(path: path, isBigTIFF: true, byteOrder: .littleEndian)
            try writer.beginPage(layout(width: scene.width, height: scene.height, level: 0))
            let name = path.split(separator: "/").last.map(String.init) ?? path
            var truth = try TruthFile(path: truthPath, scan: name, scene: scene)
            try await writeFullLevel(with: &writer, truth: &truth, progress: progress)
            try truth.finish()
            try writer.endPage()
            if isPyramid { try writeReducedLevels(with: &writer, path: path) }
            try writer.finish()
        } catch {
            throw (error as? FixtureError) ?? FixtureError(.inputOutput, "cannot write \(path)", underlying: error)
        }
    }

    private struct DrawnTile: Sendable {
        let index: Int
        let picture: Picture
        let sums: [GlandSums]
        let glands: [LatticeCell]
    }

    private func writeFullLevel(
        with writer: inout TIFFWriter, truth: inout TruthFile, progress: (Double) -> Void
    ) async throws {
        let columns = tileCount(scene.width)
        let count = columns * tileCount(scene.height)
        try await withThrowingTaskGroup(of: DrawnTile.self) { group in
            var waiting: [Int: DrawnTile] = [:]
            var started = 0
            var written = 0
            while written < count {
                // No more than these are drawn and not yet written, however long the slowest takes.
                while started < count, started < written + 2 * drawers {
                    let index = started
                    group.addTask { draw(tile: index, columns: columns) }
                    started += 1
                }
                guard let drawn = try await group.next() else { break }
                waiting[drawn.index] = drawn
                while let tile = waiting.removeValue(forKey: written) {
                    try writer.writeTile(column: written % columns, row: written / columns, tile.picture.pixels.span)
                    truth.tally.add(tile.sums, of: tile.glands)
                    written += 1
                    guard written % columns == 0 else { continue }
                    try truth.endBand()
                    progress(Double(written) / Double(count))
                }
            }
        }
    }

    private func draw(tile index: Int, columns: Int) -> DrawnTile {
        let side = Self.tileSide
        let (x, y) = (index % columns * side, index / columns * side)
        let drawing = scene.draw(
            PixelWindow(x: x, y: y, width: min(side, scene.width - x), height: min(side, scene.height - y)))
        return DrawnTile(
            index: index, picture: drawing.picture.padded(width: side, height: side), sums: drawing.sums(),
            glands: drawing.glands)
    }

    /// Every level is averaged from the one before, read back from the file.
    private func writeReducedLevels(with writer: inout TIFFWriter, path: String) throws {
        let side = Self.tileSide
        var (width, height, level) = (scene.width, scene.height, 0)
        while max(width, height) > 2 * side {
            let reader = try TIFFReader(path: path)
            guard let finer = try reader.directories.last?.get(), finer.width == width, finer.height == height else {
                throw FixtureError(.inputOutput, "level \(level) cannot be read back from \(path)")
            }
            let (finerWidth, finerHeight) = (width, height)
            (width, height, level) = ((width + 1) / 2, (height + 1) / 2, level + 1)
            try writer.beginPage(layout(width: width, height: height, level: level))
            for row in 0..<tileCount(height) {
                for column in 0..<tileCount(width) {
                    let (x, y) = (2 * column * side, 2 * row * side)
                    let window = PixelWindow(
                        x: x, y: y, width: min(2 * side, finerWidth - x), height: min(2 * side, finerHeight - y))
                    let finerPixels = try reader.readRGB(finer, window: window)
                    let picture = Picture(width: window.width, height: window.height, pixels: finerPixels.bytes)
                    try writer.writeTile(
                        column: column, row: row, picture.halved().padded(width: side, height: side).pixels.span)
                }
            }
            try writer.endPage()
        }
    }

    private func tileCount(_ length: Int) -> Int { (length + Self.tileSide - 1) / Self.tileSide }

    private func layout(width: Int, height: Int, level: Int) -> TIFFPageLayout {
        var layout = TIFFPageLayout(width: width, height: height, samplesPerPixel: 3)
        layout.organisation = .tiles(width: Self.tileSide, height: Self.tileSide)
        layout.subfileType = level > 0 ? .reducedResolution : []
        layout.resolution = TIFFResolution(micrometresPerPixel: scene.spacing * Double(1 << level))
        switch compression {
        case .none: layout.compression = .none
        case .lzw: (layout.compression, layout.predictor) = (.lzw, .horizontal)
        case .deflate: (layout.compression, layout.predictor) = (.deflate, .horizontal)
        case .jpeg: (layout.compression, layout.photometricInterpretation) = (.jpeg(quality: 85), .yCbCr)
        }
        return layout
    }
}

/// The truth of a large scan on its way into a file.
private struct TruthFile {
    var tally: TruthTally
    private let scan: String
    private let handle: FileHandle

    init(path: String, scan: String, scene: Scene) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil) else {
            throw FixtureError(.inputOutput, "cannot create \(path)")
        }
        handle = try FileHandle(forWritingTo: URL(filePath: path))
        tally = TruthTally(of: scene)
        self.scan = scan
        try handle.write(contentsOf: Data(GlandTable.header.utf8))
    }

    mutating func endBand() throws { try write(tally.endBand()) }

    mutating func finish() throws {
        try write(tally.finish())
        try handle.close()
    }

    private func write(_ glands: [GlandTruth]) throws {
        guard !glands.isEmpty else { return }
        try handle.write(contentsOf: Data(GlandTable.rows(glands, scan: scan).utf8))
    }
}
