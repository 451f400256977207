import Foundation

/// Files of a set, by paths relative to its folder.
struct OutputFolder {
    let path: String

    /// Creates the folder, and the folders above it, where they lack.
    init(_ path: String) throws(FixtureError) {
        self.path = path
        try Self.create(path)
    }

    /// The path of a file whose folder exists from now on.
    func place(_ relative: String) throws(FixtureError) -> String {
        let full = path + "/" + relative
        if let slash = full.lastIndex(of: "/") { try Self.create(String(full[..<slash])) }
        return full
    }

    func write(_ text: String, to relative: String) throws(FixtureError) {
        let full = try place(relative)
        do {
            try Data(text.utf8).write(to: URL(filePath: full))
        } catch {
            throw FixtureError(.inputOutput, "cannot write \(full)", underlying: error)
        }
    }

    private static func create(_ path: String) throws(FixtureError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw FixtureError(.inputOutput, "cannot create the folder \(path)", underlying: error)
        }
    }
}
