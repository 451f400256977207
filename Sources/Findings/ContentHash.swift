import Crypto
import FoundationEssentials

/// The SHA-256 of some bytes: what identifies a scan, a model and a pipeline, whatever their names.
public struct ContentHash: Sendable, Hashable, Comparable {
    /// 64 lower-case hexadecimal digits.
    public let hexadecimal: String

    /// Nil unless `hexadecimal` is 64 hexadecimal digits; upper case is lowered.
    public init?(hexadecimal: String) {
        let lowered = hexadecimal.utf8.allSatisfy(isHexadecimalDigit) ? hexadecimal : hexadecimal.lowercased()
        guard lowered.utf8.count == 64, lowered.utf8.allSatisfy(isHexadecimalDigit) else { return nil }
        self.hexadecimal = lowered
    }

    /// - Precondition: `digest` is 32 bytes.
    public init(digest: some Sequence<UInt8>) {
        hexadecimal = String(unsafeUninitializedCapacity: 64) { digits in
            var count = 0
            for byte in digest {
                precondition(count < 64, "a SHA-256 digest is 32 bytes")
                digits[count] = hexadecimalDigit(byte >> 4)
                digits[count + 1] = hexadecimalDigit(byte & 15)
                count += 2
            }
            precondition(count == 64, "a SHA-256 digest is 32 bytes")
            return count
        }
    }

    public init(digest: SHA256Digest) {
        hexadecimal = String(hexadecimalOf: digest, byteCount: SHA256Digest.byteCount)
    }

    public var bytes: [UInt8] {
        var digits = hexadecimal.utf8.makeIterator()
        var bytes: [UInt8] = []
        while let high = digits.next(), let low = digits.next() {
            bytes.append(digitValue(high) << 4 | digitValue(low))
        }
        return bytes
    }

    /// The first eight digits: enough to tell scans apart in a log line, without patient data.
    public var prefix: String { String(hexadecimal.prefix(8)) }

    public static func < (left: ContentHash, right: ContentHash) -> Bool { left.hexadecimal < right.hexadecimal }
}

extension String {
    /// The first bytes of a digest, as two lower-case digits each.
    init(hexadecimalOf digest: SHA256Digest, byteCount: Int) {
        self = digest.withUnsafeBytes { bytes in
            String(unsafeUninitializedCapacity: 2 * byteCount) { digits in
                for (index, byte) in bytes.prefix(byteCount).enumerated() {
                    digits[2 * index] = hexadecimalDigit(byte >> 4)
                    digits[2 * index + 1] = hexadecimalDigit(byte & 15)
                }
                return 2 * byteCount
            }
        }
    }
}

private func isHexadecimalDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}

private func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}

private func digitValue(_ digit: UInt8) -> UInt8 {
    digit < UInt8(ascii: "a") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
}

extension ContentHash: CustomStringConvertible {
    public var description: String { hexadecimal }
}
