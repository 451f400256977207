import Crypto
import Findings
import FoundationEssentials
import GRDB
import Listings

/// What the audit chain keeps instead of a patient's id: a keyed hash, with the key beside it.
///
/// Whoever knows an id can tell whether an entry is about it, and nobody can read an id off an entry. A list of all
/// possible ids can be tried, as with any mark that still proves something.
struct PatientMark: Sendable, Hashable {
    let salt: Data
    let hash: ContentHash

    /// A mark with a salt of its own, so that no two entries show that they are about the same patient.
    init(of patient: String) {
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) }
        self.init(of: patient, salt: salt)
    }

    private init(of patient: String, salt: Data) {
        self.salt = salt
        let code = HMAC<SHA256>.authenticationCode(for: Data(patient.utf8), using: SymmetricKey(data: salt))
        hash = ContentHash(digest: code)
    }

    /// Nil for what is no mark.
    init?(_ value: JSONValue) {
        guard case .object(let members) = value else { return nil }
        let texts = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        guard case .text(let salt)? = texts["salt"], case .text(let digits)? = texts["hmac_sha256"],
            let salt = Data(base64Encoded: salt), let hash = ContentHash(hexadecimal: digits)
        else { return nil }
        self.salt = salt
        self.hash = hash
    }

    var json: JSONValue {
        .object(["salt": .text(salt.base64EncodedString()), "hmac_sha256": .text(hash.hexadecimal)])
    }

    func matches(_ patient: String) -> Bool { PatientMark(of: patient, salt: salt).hash == hash }
}
