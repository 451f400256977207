import NeuralNetworks

/// Files in a model's own folder that hold weights of it, as PyTorch's exporter writes them.
///
/// A name with a path, or one that is a link, is refused: a model reads nothing from elsewhere.
/// Source: the ONNX IR specification, "External Tensor Data".
final class WeightFiles {
    /// Nil for a model that is no file itself.
    private let directory: String?
    private let limits: ONNXModel.Limits
    private var files: [String: WeightFile] = [:]
    /// Bytes that were read, however many tensors share them.
    private var bytesRead = 0

    /// A file that is open.
    private final class WeightFile {
        let source: ByteSource

        init(_ source: consuming ByteSource) { self.source = source }
    }

    /// - Parameter model: the model's path; nil where it has none.
    init(beside model: String?, limits: ONNXModel.Limits) {
        directory = model.map { path in path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" }
        self.limits = limits
    }

    /// Those that were read from, sorted.
    var names: [String] { files.keys.sorted() }

    /// The tensor whose elements lie where `proto` says.
    func tensor(_ proto: Onnx_TensorProto) throws(FormatProblem) -> Tensor {
        let place = try Place(proto.externalData)
        let file = try file(place.location)
        let length = place.length ?? file.source.count - place.offset
        guard place.offset <= file.source.count, length >= 0, length <= file.source.count - place.offset else {
            throw FormatProblem(.malformed, "keeps its data past the end of \(place.location)")
        }
        guard length <= limits.fileBytes - bytesRead else {
            throw FormatProblem(.limit, "makes more than \(limits.fileBytes) bytes of weights in other files")
        }
        bytesRead += length
        var plain = proto
        plain.dataLocation = .default
        plain.externalData = []
        return try plain.tensor(rawData: place.offset..<place.offset + length, of: file.source)
    }

    private func file(_ name: String) throws(FormatProblem) -> WeightFile {
        if let file = files[name] { return file }
        guard let directory else {
            throw FormatProblem(.unsupported, "keeps its data in another file, and the model is not one of a folder")
        }
        let source: ByteSource
        do throws(ONNXError) {
            source = try ByteSource(path: directory + name, followsLinks: false)
        } catch {
            throw FormatProblem(.io, "keeps its data in \(name), which cannot be read from the model's folder")
        }
        guard source.count <= limits.fileBytes else {
            throw FormatProblem(
                .limit, "keeps its data in \(name), which is past the limit of \(limits.fileBytes) bytes")
        }
        let file = WeightFile(source)
        files[name] = file
        return file
    }

    /// What a tensor says about where its elements are.
    private struct Place {
        var location = ""
        var offset = 0
        var length: Int?

        init(_ entries: [Onnx_StringStringEntryProto]) throws(FormatProblem) {
            guard Set(entries.map(\.key)).count == entries.count else {
                throw FormatProblem(.malformed, "says twice where its data is in another file")
            }
            for entry in entries {
                switch entry.key {
                case "location": location = entry.value
                case "offset": offset = try Self.count(entry.value)
                case "length": length = try Self.count(entry.value)
                default: break
                }
            }
            guard !location.isEmpty, location != ".", location != "..", location.utf8.count <= 255,
                location.utf8.allSatisfy({ $0 != UInt8(ascii: "/") && $0 != 0 })
            else {
                throw FormatProblem(
                    .unsupported, "keeps its data in another file than those in the model's own folder")
            }
        }

        private static func count(_ text: String) throws(FormatProblem) -> Int {
            guard let count = Int(text), count >= 0 else {
                throw FormatProblem(.malformed, "keeps its data at an impossible place of another file")
            }
            return count
        }
    }
}
