import Foundation

/// A folder of its own for one test, gone with the value.
public final class TemporaryFolder: Sendable {
    /// Absolute, without links.
    public let path: String

    public init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "scanreport-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.resolvingSymlinksInPath().path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    public var url: URL { URL(filePath: path, directoryHint: .isDirectory) }

    /// The path of what has this name in it.
    public subscript(_ name: String) -> String { "\(path)/\(name)" }

    /// Names of what is in it, sorted.
    public var contents: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    /// Writes a file, with the folders above it.
    ///
    /// - Returns: the file's path.
    @discardableResult
    public func write(_ name: String, _ content: some Sequence<UInt8>) throws -> String {
        try makeFolder(above: name)
        try Data(content).write(to: URL(filePath: self[name]))
        return self[name]
    }

    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

    /// Copies a file or a folder of the repository.
    public func copy(_ path: String, to name: String) throws {
        try makeFolder(above: name)
        try FileManager.default.copyItem(atPath: Repository.path(path), toPath: self[name])
    }

    public func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: self[name], withDestinationPath: target)
    }

    private func makeFolder(above name: String) throws {
        try FileManager.default.createDirectory(
            at: URL(filePath: self[name]).deletingLastPathComponent(), withIntermediateDirectories: true)
    }
}
