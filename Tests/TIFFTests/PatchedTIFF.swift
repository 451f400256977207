import Foundation
import TIFF
import TestSupport

/// A good little-endian classic TIFF file with a few bytes changed, as other writers, or accidents, have them.
struct PatchedTIFF {
    var bytes: [UInt8]

    /// Writes a page of `samples`, `[height, width, samplesPerPixel]`, each with the bytes of its depth.
    init(_ layout: TIFFPageLayout, samples: [UInt8]) throws {
        let file = TemporaryFile()
        var writer = try TIFFWriter(path: file.path)
        try writer.beginPage(layout)
        try writer.writeRows(samples)
        try writer.finish()
        bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file.path)))
    }

    private func integer(_ position: Int, _ count: Int) -> Int {
        (0..<count).reversed().reduce(0) { $0 << 8 | Int(bytes[position + $1]) }
    }

    private mutating func put(_ value: Int, _ position: Int, _ count: Int) {
        for index in 0..<count { bytes[position + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
    }

    /// Where the first directory has the tag.
    private func entry(_ tag: Int) -> Int? {
        let directory = integer(4, 4)
        return (0..<integer(directory, 2)).map { directory + 2 + 12 * $0 }.first { integer($0, 2) == tag }
    }

    /// Gives one value of a tag of 2 or 4 bytes another value.
    mutating func set(_ tag: Int, at index: Int = 0, _ value: Int) throws {
        guard let entry = entry(tag) else { throw PatchError.noSuchTag }
        let size = integer(entry + 2, 2) == 3 ? 2 : 4
        let isInline = size * integer(entry + 4, 4) <= 4
        put(value, (isInline ? entry + 8 : integer(entry + 8, 4)) + index * size, size)
    }

    /// One value of a tag of 2 or 4 bytes.
    func value(_ tag: Int, at index: Int = 0) throws -> Int {
        guard let entry = entry(tag) else { throw PatchError.noSuchTag }
        let size = integer(entry + 2, 2) == 3 ? 2 : 4
        let isInline = size * integer(entry + 4, 4) <= 4
        return integer((isInline ? entry + 8 : integer(entry + 8, 4)) + index * size, size)
    }

    /// Says that a tag has so many values.
    mutating func setCount(_ tag: Int, _ count: Int) throws {
        guard let entry = entry(tag) else { throw PatchError.noSuchTag }
        put(count, entry + 4, 4)
    }

    /// Makes a tag another one, of one value.
    mutating func replace(_ tag: Int, by other: Int, type: Int = 3, _ value: Int) throws {
        guard let entry = entry(tag) else { throw PatchError.noSuchTag }
        put(other, entry, 2)
        put(type, entry + 2, 2)
        put(1, entry + 4, 4)
        put(value, entry + 8, 4)
    }

    /// Makes a tag one of up to three characters.
    mutating func replace(_ tag: Int, by other: Int, text: String) throws {
        let value = text.utf8.enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        try replace(tag, by: other, type: 2, value)
        if let entry = entry(other) { put(text.utf8.count + 1, entry + 4, 4) }
    }

    /// Leaves out a tile or strip, as sparse files do.
    mutating func leaveOut(piece index: Int) throws {
        let isTiled = entry(324) != nil
        try set(isTiled ? 324 : 273, at: index, 0)
        try set(isTiled ? 325 : 279, at: index, 0)
    }

    enum PatchError: Error { case noSuchTag }
}

extension TIFFReader {
    /// All pixels of the first directory.
    func wholeRGB() throws -> [UInt8] {
        guard let directory = try directories.first?.get() else { return [] }
        let window = PixelWindow(x: 0, y: 0, width: directory.displayedWidth, height: directory.displayedHeight)
        return try readRGB(directory, window: window).bytes
    }
}
