/// An 8-bit RGB picture as PNG, not compressed (ISO/IEC 15948; stored blocks of RFC 1951).
public enum DrawnPNG {
    /// - Parameter pixels: `[height, width, 3]`; up to 64 KB with a byte a row.
    public static func bytes(width: Int, height: Int, _ pixels: [UInt8]) -> [UInt8] {
        var rows: [UInt8] = []
        for row in 0..<height { rows += [0] + pixels[3 * width * row..<3 * width * (row + 1)] }
        var stream: [UInt8] = [0x78, 0x01, 1]
        stream += little(rows.count) + little(~rows.count)
        stream += rows
        stream += big(checksum(rows))
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        file += chunk("IHDR", big(UInt32(width)) + big(UInt32(height)) + [8, 2, 0, 0, 0])
        file += chunk("IDAT", stream)
        file += chunk("IEND", [])
        return file
    }

    private static func chunk(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        let content = Array(name.utf8) + bytes
        return big(UInt32(bytes.count)) + content + big(cyclicCode(content))
    }

    /// Adler-32.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        return high << 16 | low
    }

    /// CRC-32.
    private static func cyclicCode(_ bytes: [UInt8]) -> UInt32 {
        var code = UInt32.max
        for byte in bytes {
            code ^= UInt32(byte)
            for _ in 0..<8 { code = code & 1 == 1 ? code >> 1 ^ 0xEDB8_8320 : code >> 1 }
        }
        return ~code
    }

    private static func little(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }

    private static func big(_ value: UInt32) -> [UInt8] { (0..<4).reversed().map { UInt8(value >> (8 * $0) & 255) } }
}
