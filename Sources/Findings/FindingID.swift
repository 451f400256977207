import Crypto

/// What identifies a finding wherever it is recorded: the same scan, pipeline and place in the list give the same id.
public struct FindingID: Sendable, Hashable {
    /// 32 lower-case hexadecimal digits: the first half of a SHA-256.
    public let hexadecimal: String

    /// The id of the finding at `ordinal` that the pipeline with this fingerprint makes of this scan.
    public init(scan: ContentHash, pipeline: ContentHash, ordinal: Int) {
        var source = "\(scan.hexadecimal)/\(pipeline.hexadecimal)/\(ordinal)"
        hexadecimal = source.withUTF8 { text in
            var hasher = SHA256()
            hasher.update(bufferPointer: UnsafeRawBufferPointer(text))
            return String(hexadecimalOf: hasher.finalize(), byteCount: 16)
        }
    }

    /// The first half of a hash.
    init(_ hash: ContentHash) {
        hexadecimal = String(hash.hexadecimal.prefix(32))
    }

    /// An id as it was recorded; nil unless it is 32 hexadecimal digits.
    public init?(hexadecimal: String) {
        // A hash is twice as long: doubled, its rules for digits serve here too.
        guard let doubled = ContentHash(hexadecimal: hexadecimal + hexadecimal) else { return nil }
        self.hexadecimal = String(doubled.hexadecimal.prefix(32))
    }
}

extension FindingID: CustomStringConvertible {
    public var description: String { hexadecimal }
}
