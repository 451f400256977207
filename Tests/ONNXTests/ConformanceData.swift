import Foundation
import NeuralNetworks
import ONNX

/// The ONNX standard's own tests: models with inputs and the outputs expected, as
/// `fetch-conformance` downloads them.
enum ConformanceData {
    /// Where the data lies: `$SCANREPORT_ONNX_DATA`, or a folder in the user's cache.
    static let folder: URL = {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["SCANREPORT_ONNX_DATA"] { return URL(filePath: path) }
        let cache = environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache"
        return URL(filePath: cache).appending(path: "scanreport/onnx-1.22.0")
    }()

    static let isPresent = FileManager.default.fileExists(atPath: folder.appending(path: "node").path)

    static let absence = "the ONNX test data is not here: run Tests/ONNXTests/fetch-conformance"

    /// The tests that pass, such as `node/test_relu`; a list that only grows.
    ///
    /// Two that would were taken out: `resize_downsample_scales_linear_align_corners` and the cubic one ask for what no
    /// runtime does (see `Resize`; `ResizeTests` has what they do).
    static let passing: [String] = {
        let list = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "conformance-passes.txt")
        let text = try? String(contentsOf: list, encoding: .utf8)
        return text?.split(separator: "\n").map(String.init) ?? []
    }()

    static func model(_ name: String) throws -> Data {
        try Data(contentsOf: folder.appending(path: name).appending(path: "model.onnx"))
    }

    /// The pairs of inputs and outputs of a test, in the order of the graph's ports.
    static func sets(_ name: String) throws -> [(inputs: [Tensor], outputs: [Tensor])] {
        let test = folder.appending(path: name)
        let names = try FileManager.default.contentsOfDirectory(atPath: test.path)
        return try names.filter { $0.hasPrefix("test_data_set") }.sorted().map { set in
            let folder = test.appending(path: set)
            return (try tensors("input", in: folder), try tensors("output", in: folder))
        }
    }

    private static func tensors(_ kind: String, in folder: URL) throws -> [Tensor] {
        var tensors: [Tensor] = []
        while case let file = folder.appending(path: "\(kind)_\(tensors.count).pb"),
            FileManager.default.fileExists(atPath: file.path)
        {
            tensors.append(try Tensor(onnxTensor: Data(contentsOf: file)))
        }
        return tensors
    }
}
