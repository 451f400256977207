import Crypto
import FoundationEssentials
import Glibc
import Listings
import SystemPackage

/// The secret from which pseudonyms are made: a file's bytes, all of them.
///
/// Whoever has the key can tell whether a pseudonym is a given patient's, so it must be secret, and random: a key that
/// can be guessed gives every patient away.
public struct PseudonymKey: Sendable {
    let secret: SymmetricKey

    private static let byteCounts = 32...4096
    /// The least that the frequencies of its bytes may tell of a key's randomness, in bits. 32 random bytes have some
    /// 155, 64 random hexadecimal digits some 250, a sentence of 32 letters some 110.
    private static let minimumEntropy = 128.0

    /// - Throws: unless `path` is a file that is the user's own, closed to everyone else, and looks random.
    public init(path: String) throws(PseudonymKeyError) {
        let file: FileDescriptor
        do {
            file = try .open(FilePath(path), .readOnly, options: [.nonBlocking, .closeOnExec])
        } catch {
            throw PseudonymKeyError(
                error as? Errno == .noSuchFileOrDirectory ? .missing : .unreadable, "\(path.printable): \(error)")
        }
        defer { try? file.close() }
        var status = stat()
        guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw PseudonymKeyError(.unfit, "\(path.printable) is not a file")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw PseudonymKeyError(.unfit, "\(path.printable) belongs to another user, who could change it")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw PseudonymKeyError(
                .unfit, "\(path.printable) can be read or written by others: close it with `chmod 600`")
        }
        guard Self.byteCounts.contains(Int(status.st_size)) else {
            throw PseudonymKeyError(
                .unfit,
                "\(path.printable) holds \(status.st_size) bytes; a key has \(Self.byteCounts.lowerBound) to "
                    + "\(Self.byteCounts.upperBound), such as `head -c 32 /dev/urandom` gives")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = try? bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: 0, into: $0) }
        guard count == bytes.count else { throw PseudonymKeyError(.unreadable, "\(path.printable) cannot be read") }
        guard Self.entropy(of: bytes) >= Self.minimumEntropy else {
            throw PseudonymKeyError(
                .unfit, "\(path.printable) is too regular to be a secret; make one with `head -c 32 /dev/urandom`")
        }
        secret = SymmetricKey(data: bytes)
    }

    /// Shannon's entropy of the bytes' frequencies, for all of them, in bits. Says what is bad, never what is good.
    private static func entropy(of bytes: [UInt8]) -> Double {
        var counts = [Double](repeating: 0, count: 256)
        for byte in bytes { counts[Int(byte)] += 1 }
        let total = Double(bytes.count)
        return counts.reduce(0) { $1 == 0 ? $0 : $0 - $1 * log2($1 / total) }
    }
}

/// Why a file cannot serve as the key of pseudonyms.
public struct PseudonymKeyError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        case missing, unreadable
        /// Not secret, or not random enough.
        case unfit
    }

    public let kind: Kind
    /// One line that says what to do.
    public let message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    public var description: String { "the key of pseudonyms cannot be used: \(message)" }
}
