import COneDNN
import NeuralNetworks

/// The version of oneDNN that the program runs with, which need not be the one that it was built with.
struct LibraryVersion: Sendable, CustomStringConvertible {
    let major, minor, patch: Int

    static let current: LibraryVersion = {
        let version = dnnl_version()?.pointee
        return LibraryVersion(
            major: Int(version?.major ?? 0), minor: Int(version?.minor ?? 0), patch: Int(version?.patch ?? 0))
    }()

    /// That of the descriptors that this folder is written for; 3 took them away.
    private static let supportedMajor = 2

    func check() throws(EngineError) {
        guard major == Self.supportedMajor else {
            throw EngineError(
                .library,
                "this program works with oneDNN \(Self.supportedMajor).x, and found \(self): install that version")
        }
    }

    var description: String { "oneDNN \(major).\(minor).\(patch)" }
}
