import Crypto

/// What only its holder knows: 256 random bits as hexadecimal digits.
struct Secret: Sendable {
    let text: String

    init() {
        text = SymmetricKey(size: .bits256).withUnsafeBytes { bytes in
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    /// Takes the same time for any text of the same length, so that none can be found letter by letter.
    func matches(_ other: some StringProtocol) -> Bool {
        let (own, theirs) = (Array(text.utf8), Array(other.utf8))
        guard own.count == theirs.count else { return false }
        return zip(own, theirs).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
