import Foundation

/// The folder that these tests were built from, for its pipelines and fixtures.
public enum Repository {
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The path of a file or folder in it.
    public static func path(_ name: String) -> String { root.appending(path: name).path }

    /// Files of other projects that are not in it: in `$SCANREPORT_SHARED`, or in `shared` beside the checkout. Nil where they are
    /// not there.
    public static func shared(_ name: String) -> URL? {
        let environment = ProcessInfo.processInfo.environment["SCANREPORT_SHARED"].map { URL(filePath: $0) }
        let file = (environment ?? root.deletingLastPathComponent().appending(path: "shared")).appending(path: name)
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }
}
