import Crypto
import Findings

/// A part of a night: those scans of which the place gives this number.
///
/// By the place alone, and not by a share of what was found: machines that list a folder at different moments then neither
/// leave a scan out nor look at it twice, and what a shard has done stays its own when files come and go. Parts are even
/// as numbers drawn by chance are: of 10,000 scans of one size in 4 parts, the largest is some 2 % above the mean, of 300
/// some 12 %.
public struct Shard: Sendable, Hashable {
    /// From 1 to `count`.
    public let number: Int
    public let count: Int

    public static let limit = 10_000

    /// Nil unless the number is one of the count.
    public init?(_ number: Int, of count: Int) {
        guard (1...Self.limit).contains(count), (1...count).contains(number) else { return nil }
        self.number = number
        self.count = count
    }

    /// As it is written: `2/8`.
    public init?(_ text: String) {
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let number = numbers[0], let count = numbers[1] else { return nil }
        self.init(number, of: count)
    }

    /// - Parameter path: relative to the folder that was given, so that it may lie elsewhere on another machine.
    public func contains(_ path: ScanPath) -> Bool { Self.number(of: path, among: count) == number }

    /// From 1: the first eight bytes of the SHA-256 of the path as it is recorded, the most significant first, modulo the
    /// count, plus 1.
    public static func number(of path: ScanPath, among count: Int) -> Int {
        var hasher = SHA256()
        var path = path.text
        path.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        let hash = hasher.finalize().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(hash % UInt64(count)) + 1
    }
}
