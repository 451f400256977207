import Foundation

/// A little-endian classic TIFF file of one directory, tag by tag: 8 x 8 grey pixels, unless changed.
struct HandmadeTIFF {
    struct Entry {
        var type: UInt16
        var count: UInt32
        var value: UInt32
    }

    static let pixelOffset: UInt32 = 8
    var pixels = [UInt8](0..<64)
    /// The offset of the next directory.
    var next: UInt32 = 0
    var entries: [UInt16: Entry]

    init() {
        entries = [
            256: Entry(type: 3, count: 1, value: 8), 257: Entry(type: 3, count: 1, value: 8),
            258: Entry(type: 3, count: 1, value: 8), 259: Entry(type: 3, count: 1, value: 1),
            262: Entry(type: 3, count: 1, value: 1), 273: Entry(type: 4, count: 1, value: Self.pixelOffset),
            277: Entry(type: 3, count: 1, value: 1), 278: Entry(type: 3, count: 1, value: 8),
            279: Entry(type: 4, count: 1, value: 64),
        ]
    }

    var directoryOffset: UInt32 { Self.pixelOffset + UInt32(pixels.count) }

    mutating func set(_ tag: UInt16, type: UInt16 = 4, count: UInt32 = 1, _ value: UInt32) {
        entries[tag] = Entry(type: type, count: count, value: value)
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = Array("II".utf8) + [42, 0]
        func append<Value: FixedWidthInteger>(_ value: Value) {
            withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
        }
        append(directoryOffset)
        bytes += pixels
        append(UInt16(entries.count))
        for (tag, entry) in entries.sorted(by: { $0.key < $1.key }) {
            append(tag)
            append(entry.type)
            append(entry.count)
            append(entry.value)
        }
        append(next)
        return bytes
    }
}
