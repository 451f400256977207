import Foundation

/// A folder of its own for one test, removed with the value.
final class TemporaryFolder {
    let path: String

    init() throws {
        let template = FileManager.default.temporaryDirectory.appendingPathComponent("finding-store-XXXXXX").path
        var bytes = template.utf8CString
        path = try bytes.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress, mkdtemp(start) != nil else { throw CocoaError(.fileWriteUnknown) }
            return String(cString: start)
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var database: String { path + "/findings.sqlite" }

    var contents: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    func mode(_ name: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/" + name)
        return attributes?[.posixPermissions] as? Int
    }
}
