import Foundation
import TestSupport

extension TemporaryFolder {
    var database: String { self["findings.sqlite"] }

    /// The permissions of a file in it.
    func mode(_ name: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: self[name]))?[.posixPermissions] as? Int
    }
}
