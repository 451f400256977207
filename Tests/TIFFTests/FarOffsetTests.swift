import TIFF
import TestSupport
import Testing

/// BigTIFF files whose offsets lie near the end of what 64 bits hold.
@Suite struct FarOffsetTests {
    private struct Entry {
        var type: UInt16 = 3
        var count: UInt64 = 1
        var value: UInt64
    }

    /// A page of 8 x 8 grey pixels.
    private static func file(
        first: UInt64 = 80, next: UInt64 = 0, changing changes: [UInt16: Entry] = [:]
    ) throws -> TemporaryFile {
        var bytes: [UInt8] = Array("II".utf8)
        func append<Value: FixedWidthInteger>(_ value: Value) {
            withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
        }
        [43, 8, 0].forEach { append(UInt16($0)) }
        append(first)
        bytes += [UInt8](0..<64)
        let good: [UInt16: Entry] = [
            256: Entry(value: 8), 257: Entry(value: 8), 258: Entry(value: 8), 259: Entry(value: 1),
            262: Entry(value: 1), 273: Entry(type: 16, value: 16), 277: Entry(value: 1), 278: Entry(value: 8),
            279: Entry(type: 16, value: 64),
        ]
        let entries = good.merging(changes) { $1 }
        append(UInt64(entries.count))
        for (tag, entry) in entries.sorted(by: { $0.key < $1.key }) {
            append(tag)
            append(entry.type)
            append(entry.count)
            append(entry.value)
        }
        append(next)
        return try TemporaryFile(bytes)
    }

    private static func pixels(
        first: UInt64 = 80, next: UInt64 = 0, changing changes: [UInt16: Entry] = [:]
    ) throws -> [UInt8] {
        let file = try file(first: first, next: next, changing: changes)
        return try withExtendedLifetime(file) { try TIFFReader(path: file.path).wholeRGB() }
    }

    private static let far: [UInt64] = [
        .max, .max - 7, .max - 15, .max - 20, UInt64(Int64.max), UInt64(Int64.max) - 7, UInt64(Int64.max) + 1, 1 << 62,
    ]

    @Test func theUnchangedFileIsGood() throws {
        #expect(try Self.pixels().prefix(6) == [0, 0, 0, 1, 1, 1])
    }

    @Test(arguments: far) func theFirstDirectoryLiesOutside(_ offset: UInt64) throws {
        let error = #expect(throws: TIFFError.self) { try Self.pixels(first: offset) }
        #expect(error?.kind == .malformed)
    }

    @Test(arguments: far) func theNextDirectoryLiesOutside(_ offset: UInt64) throws {
        #expect(try Self.pixels(next: offset).count == 192)
    }

    /// Pixels, sub-IFDs, an ICC profile, resolutions and a table of strips.
    @Test(arguments: far) func whatATagSpeaksOfLiesOutside(_ offset: UInt64) throws {
        let first = #expect(throws: TIFFError.self) { try Self.pixels(changing: [273: Entry(type: 16, value: offset)]) }
        #expect(first?.kind == .malformed)
        let table = Entry(type: 16, count: 70_000, value: offset)
        let tables = #expect(throws: TIFFError.self) {
            try Self.pixels(changing: [
                273: table, 279: table, 278: Entry(value: 1), 257: Entry(type: 4, value: 70_000),
            ])
        }
        #expect(tables?.kind != .inputOutput)
        for change in [
            [330: Entry(type: 18, value: offset)], [330: Entry(type: 18, count: 3, value: offset)],
            [34675: Entry(type: 7, count: 1_000, value: offset)], [282: Entry(type: 5, count: 2, value: offset)],
            [34675: Entry(type: 7, count: offset, value: offset)],
        ] as [[UInt16: Entry]] {
            // Read without it, or refused.
            _ = try? Self.pixels(changing: change)
        }
    }
}
