import Foundation
import TIFF
import TestSupport
import Testing

/// Malformed files are small mutations of a good one.
@Suite struct RefusalTests {
    struct Mutation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let kind: TIFFError.Kind
        let apply: @Sendable (inout HandmadeTIFF) -> Void

        init(_ description: String, _ kind: TIFFError.Kind, _ apply: @escaping @Sendable (inout HandmadeTIFF) -> Void) {
            (testDescription, self.kind, self.apply) = (description, kind, apply)
        }
    }

    static let mutations: [Mutation] = [
        Mutation("no width", .malformed) { $0.entries[256] = nil },
        Mutation("width 0", .malformed) { $0.set(256, 0) },
        Mutation("height 0", .malformed) { $0.set(257, 0) },
        Mutation("2^31 x 2^31", .limit) {
            $0.set(256, 1 << 31)
            $0.set(257, 1 << 31)
        },
        Mutation("2^31 rows in one strip", .malformed) {
            $0.set(257, 1 << 31)
            $0.set(278, 1 << 31)
        },
        Mutation("2^20 x 2^20", .limit) {
            for tag in [UInt16(256), 257, 278] { $0.set(tag, 1 << 20) }
        },
        Mutation("65535 samples of 2^20 columns", .limit) {
            $0.set(256, 1 << 20)
            $0.set(277, type: 3, 65535)
        },
        Mutation("a strip table of 4 billion entries", .malformed) { $0.set(273, count: .max, 8) },
        Mutation("a strip table outside the file", .malformed) {
            $0.set(278, 1)
            $0.set(273, count: 8, 1 << 30)
            $0.set(279, count: 8, 1 << 30)
        },
        Mutation("strips outside the file", .malformed) { $0.set(273, 1 << 30) },
        Mutation("a codec that nobody has", .unsupported) { $0.set(259, type: 3, 4711) },
        Mutation("JPEG XL", .unsupported) { $0.set(259, type: 3, 50002) },
        Mutation("PNG", .unsupported) { $0.set(259, type: 3, 34933) },
        Mutation("12-bit JPEG", .unsupported) {
            $0.set(258, type: 3, 12)
            $0.set(259, type: 3, 7)
        },
        Mutation("0-bit samples", .malformed) { $0.set(258, type: 3, 0) },
        Mutation("65-bit samples", .unsupported) { $0.set(258, type: 3, 65) },
        Mutation("complex samples", .unsupported) { $0.set(339, type: 3, 6) },
        Mutation("a sample format that does not exist", .malformed) { $0.set(339, type: 3, 77) },
        Mutation("tiles of no size", .malformed) {
            $0.set(322, 0)
            $0.set(323, 0)
            $0.set(324, 8)
            $0.set(325, 64)
        },
        Mutation("tiles of 4 GiB", .limit) {
            $0.set(322, 65536)
            $0.set(323, 65536)
            $0.set(324, 8)
            $0.set(325, 64)
        },
        Mutation("Deflate that is none", .malformed) { $0.set(259, type: 3, 8) },
    ]

    @Test(arguments: mutations) func refusesWithTheRightKind(_ mutation: Mutation) throws {
        var handmade = HandmadeTIFF()
        mutation.apply(&handmade)
        let file = try TemporaryFile(handmade.bytes)
        let error = #expect(throws: TIFFError.self) {
            let reader = try TIFFReader(path: file.path)
            let directory = try #require(reader.directories.first).get()
            _ = try reader.statistics(of: directory)
        }
        #expect(error?.kind == mutation.kind, "\(error?.description ?? "")")
    }

    @Test func theUnchangedFileIsGood() throws {
        let file = try TemporaryFile(HandmadeTIFF().bytes)
        let reader = try TIFFReader(path: file.path)
        let statistics = try reader.statistics(of: try #require(reader.directories.first).get())
        #expect(statistics.mean == 31.5)
        #expect(statistics.range == 0...63)
    }

    @Test func aChainThatReturnsIsFollowedOnce() throws {
        var handmade = HandmadeTIFF()
        handmade.next = handmade.directoryOffset
        let file = try TemporaryFile(handmade.bytes)
        #expect(try TIFFReader(path: file.path).directories.count == 1)
    }

    @Test func aChainThatLeavesTheFileIsAFailureOfItsOwn() throws {
        var handmade = HandmadeTIFF()
        handmade.next = 1 << 30
        let file = try TemporaryFile(handmade.bytes)
        let reader = try TIFFReader(path: file.path)
        #expect(reader.directories.count == 2)
        #expect(throws: TIFFError.self) { try reader.directories[1].get() }
    }

    @Test(arguments: ["/nowhere/at/all.tif", "/dev/null", "/"]) func whatIsNoFileIsAnInputError(_ path: String) {
        let error = #expect(throws: TIFFError.self) { try TIFFReader(path: path) }
        #expect(error?.kind == .inputOutput)
    }

    @Test(arguments: [[], [0x49], Array("II*".utf8), Array("not a TIFF file at all".utf8)])
    func whatIsNoTIFFIsMalformed(_ bytes: [UInt8]) throws {
        let file = try TemporaryFile(bytes)
        let error = #expect(throws: TIFFError.self) { try TIFFReader(path: file.path) }
        #expect(error?.kind == .malformed)
    }

    @Test func aBombIsRefusedFromItsHeader() throws {
        let file = TemporaryFile()
        var layout = TIFFPageLayout(width: 2048, height: 2048)
        layout.compression = .deflate
        layout.organisation = .strips(rowsPerStrip: 2048)
        var writer = try TIFFWriter(path: file.path)
        try writer.beginPage(layout)
        try writer.writeRows([UInt8](repeating: 0, count: 2048 * 2048))
        try writer.finish()

        var limits = TIFFLimits.default
        limits.freeExpansionBytes = 1 << 20
        let refused = try #require(try TIFFReader(path: file.path, limits: limits).directories.first).get()
        #expect(refused.refusal?.kind == .limit)
        limits.maximumExpansion = 2000
        let reader = try TIFFReader(path: file.path, limits: limits)
        let statistics = try reader.statistics(of: try #require(reader.directories.first).get())
        #expect(statistics.mean == 0)
    }

    @Test func windowsOutsideTheImageAreMisuse() throws {
        let file = try TemporaryFile(HandmadeTIFF().bytes)
        let reader = try TIFFReader(path: file.path)
        let directory = try #require(reader.directories.first).get()
        for window in [
            PixelWindow(x: -1, y: 0, width: 2, height: 2), PixelWindow(x: 7, y: 0, width: 2, height: 1),
            PixelWindow(x: 0, y: 0, width: 0, height: 1), PixelWindow(x: .max, y: 0, width: .max, height: 1),
        ] {
            let error = #expect(throws: TIFFError.self) { try reader.readRGB(directory, window: window) }
            #expect(error?.kind == .misuse)
        }
    }

    @Test(arguments: [
        TIFFPageLayout.Compression.none, .lzw, .deflate, .packBits, .zstd, .lzma, .jpeg(quality: 80), .webPLossless,
    ])
    func everyTruncationIsReadOrRefused(_ compression: TIFFPageLayout.Compression) throws {
        let whole = TemporaryFile()
        var layout = TIFFPageLayout(width: 20, height: 18, samplesPerPixel: 3)
        layout.compression = compression
        layout.organisation = .tiles(width: 16, height: 16)
        var writer = try TIFFWriter(path: whole.path)
        for seed in [UInt64(1), 2] {
            try writer.beginPage(layout)
            try writer.writeRows(Noise.samples(count: 20 * 18 * 3, bits: 4, byteCount: 1, seed: seed))
        }
        try writer.finish()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: whole.path))
        for length in stride(from: 0, to: bytes.count, by: 13) {
            let file = try TemporaryFile(bytes.prefix(length))
            Hostile.readEverything(file.path)
        }
    }
}
