import Foundation

/// The folder that these tests were built from, for its pipelines and fixtures.
public enum Repository {
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The path of a file or folder in it.
    public static func path(_ name: String) -> String { root.appending(path: name).path }
}
