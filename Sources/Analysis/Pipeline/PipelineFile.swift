import Crypto
import Findings
import Foundation

/// Reads the files of a pipeline's folder.
enum PipelineFile {
    /// Of a text that people write.
    private static let longestText = 1 << 20
    /// Of a test tensor.
    private static let largestTensor = 1 << 28
    private static let pieceSize = 1 << 20

    /// - Parameter name: a plain file name; nothing outside of the folder is read.
    static func path(_ name: String, in directory: String) throws(PipelineError) -> String {
        guard !name.contains("/"), name != "..", name != "." else {
            throw PipelineError(.invalid, file: name, "must be a file of the pipeline's folder, without a path")
        }
        return directory + "/" + name
    }

    static func data(
        _ name: String, in directory: String, limit: Int = largestTensor
    ) throws(PipelineError) -> Data {
        let path = try path(name, in: directory)
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            throw PipelineError(.missing, file: name, "is not there")
        }
        guard let size = attributes[.size] as? Int, size <= limit else {
            throw PipelineError(.invalid, file: name, "is larger than \(limit >> 20) MiB")
        }
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw PipelineError(.missing, file: name, "cannot be read")
        }
    }

    static func text(_ name: String, in directory: String) throws(PipelineError) -> String {
        guard let text = String(validating: try data(name, in: directory, limit: longestText), as: UTF8.self) else {
            throw PipelineError(.invalid, file: name, "is not UTF-8 text")
        }
        // Windows' editors begin a file with a byte order mark.
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }

    /// The SHA-256 of files' bytes, one file behind the other: what `cat NAMES... | sha256sum` prints.
    static func hash(_ names: [String], in directory: String) throws(PipelineError) -> ContentHash {
        var hasher = SHA256()
        for name in names {
            do {
                let file = try FileHandle(forReadingFrom: URL(filePath: try path(name, in: directory)))
                while let piece = try file.read(upToCount: pieceSize), !piece.isEmpty { hasher.update(data: piece) }
            } catch {
                throw PipelineError(.missing, file: name, "cannot be read")
            }
        }
        return ContentHash(digest: hasher.finalize())
    }
}
