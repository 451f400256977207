import Foundation

/// A path that is a test's own, its file gone with the value.
public final class TemporaryFile: Sendable {
    public let path = FileManager.default.temporaryDirectory.appending(path: "scanreport-tests-\(UUID().uuidString)")
        .path

    /// A path where nothing lies yet.
    public init() {}

    public init(_ content: some Sequence<UInt8>) throws {
        try Data(content).write(to: URL(filePath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
