import FoundationEssentials

/// Reads the files of a pipeline's folder.
enum PipelineFile {
    /// No model is larger: 2 GiB is the limit of ONNX' own encoding.
    private static let maximumByteCount = 2 << 30

    /// - Parameter name: a plain file name; nothing outside of the folder is read.
    static func data(_ name: String, in directory: String) throws(PipelineError) -> Data {
        guard !name.contains("/"), name != "..", name != "." else {
            throw PipelineError(.invalid, file: name, "must be a file of the pipeline's folder, without a path")
        }
        let path = directory + "/" + name
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            throw PipelineError(.missing, file: name, "is not there")
        }
        guard let size = attributes[.size] as? Int, size <= maximumByteCount else {
            throw PipelineError(.invalid, file: name, "is larger than 2 GiB")
        }
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw PipelineError(.missing, file: name, "cannot be read")
        }
    }

    static func text(_ name: String, in directory: String) throws(PipelineError) -> String {
        guard let text = String(validating: try data(name, in: directory), as: UTF8.self) else {
            throw PipelineError(.invalid, file: name, "is not UTF-8 text")
        }
        return text
    }
}
