import Benchmark
import Fixtures
import Foundation
import TIFF

/// A drawn scan in a file that is removed with this.
private final class TiledScan {
    static let (width, tile) = (1024, 256)
    let path: String

    init(_ compression: TIFFPageLayout.Compression) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).tif").path
        let scene = Scene(seed: 1, patient: 1, glandClass: .normal, width: Self.width, height: Self.width)
        var layout = TIFFPageLayout(width: Self.width, height: Self.width, samplesPerPixel: 3)
        layout.organisation = .tiles(width: Self.tile, height: Self.tile)
        layout.compression = compression
        if case .jpeg = compression { layout.photometricInterpretation = .yCbCr }
        if compression == .lzw || compression == .deflate { layout.predictor = .horizontal }
        var writer = try TIFFWriter(path: path)
        try writer.beginPage(layout)
        try writer.writeRows(scene.draw().pixels)
        try writer.finish()
    }

    deinit { unlink(path) }

    /// Reads all pixels tile by tile, with a reader that has none of them yet.
    func read() throws {
        let reader = try TIFFReader(path: path)
        let directory = try reader.directories[0].get()
        for y in stride(from: 0, to: Self.width, by: Self.tile) {
            for x in stride(from: 0, to: Self.width, by: Self.tile) {
                let window = PixelWindow(x: x, y: y, width: Self.tile, height: Self.tile)
                blackHole(try reader.readRGB(directory, window: window))
            }
        }
    }
}

/// 16 tiles of 256 x 256 pixels of a stained section.
func benchmarkTileDecoding() {
    let compressions: [(String, TIFFPageLayout.Compression)] = [
        ("uncompressed", .none), ("JPEG", .jpeg(quality: 85)), ("LZW", .lzw), ("Deflate", .deflate),
    ]
    for (name, compression) in compressions {
        Benchmark("16 tiles, \(name)") { (benchmark: Benchmark, scan: TiledScan) in
            for _ in benchmark.scaledIterations { try scan.read() }
        } setup: {
            try TiledScan(compression)
        }
    }
}
