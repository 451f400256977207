import Foundation
import NeuralNetworks
import SwiftProtobuf
import TestSupport
import Testing

@testable import ONNX

/// Weights in a file beside the model, and weights of 16 bits.
@Suite struct WeightFilesTests {
    private let outer: TemporaryFolder
    private let folder: URL

    init() throws {
        outer = try TemporaryFolder()
        folder = outer.url.appending(path: "models")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Writes the good model with its first weights at a place that `entries` name, and their bytes behind 64 others.
    private func write(_ entries: [String: String]) throws -> (path: String, weights: URL) {
        let weights = folder.appending(path: "model.onnx.data")
        let bytes = CraftedModel.good.graph.initializer[0].rawData
        try (Data(repeating: 7, count: 64) + bytes).write(to: weights)
        let model = try CraftedModel.model { model in
            model.graph.initializer[0].rawData = Data()
            model.graph.initializer[0].dataLocation = .external
            model.graph.initializer[0].externalData = entries.sorted { $0.key < $1.key }.map { entry in
                .with { ($0.key, $0.value) = (entry.key, entry.value) }
            }
        }
        let path = folder.appending(path: "model.onnx")
        try model.write(to: path)
        return (path.path, weights)
    }

    @Test(arguments: [["offset": "64", "length": "36"], ["offset": "64"]])
    func areReadFromTheModelsFolder(_ place: [String: String]) throws {
        let (path, _) = try write(place.merging(["location": "model.onnx.data", "checksum": "?"]) { $1 })
        let model = try ONNXModel(path: path)
        #expect(model.weightFiles == ["model.onnx.data"])
        let whole = try ONNXModel(data: CraftedModel.model { _ in })
        #expect(model.graph.initializers == whole.graph.initializers)
        #expect(whole.weightFiles.isEmpty)
    }

    static let refused: [[String: String]] = [
        ["location": "/etc/passwd"], ["location": "../model.onnx.data"], ["location": "./model.onnx.data"],
        ["location": ".."], ["location": ""], [:], ["location": "nothing.data"],
        ["location": "model.onnx.data", "offset": "65", "length": "36"],
        ["location": "model.onnx.data", "offset": "64", "length": "32"],
        ["location": "model.onnx.data", "offset": "-1"], ["location": "model.onnx.data", "offset": "many"],
        ["location": "model.onnx.data", "offset": "9223372036854775807", "length": "9223372036854775807"],
        ["location": "link.data", "offset": "64"], ["location": "pipe.data"], ["location": "model.onnx.data\u{0}"],
    ]

    @Test(arguments: refused) func areReadFromNowhereElse(_ entries: [String: String]) throws {
        let (path, weights) = try write(entries)
        let elsewhere = outer.url.appending(path: "model.onnx.data")
        try FileManager.default.copyItem(at: weights, to: elsewhere)
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "link.data"), withDestinationURL: elsewhere)
        #expect(mkfifo(folder.appending(path: "pipe.data").path, 0o600) == 0)
        #expect {
            try ONNXModel(path: path)
        } throws: {
            ($0 as? ONNXError)?.problems.map(\.place) == ["w"]
        }
    }

    /// Forty times the same 48 MiB of a file that takes no room on the disk: no more is read than the limit, and no more is held
    /// than that and a tensor on its way.
    @Test func sharedByManyTensorsAreReadUpToTheLimit() throws {
        let (count, limit) = (12 << 20, 128 << 20)
        let weights = folder.appending(path: "zeros.data").path
        try Data().write(to: URL(filePath: weights))
        #expect(truncate(weights, 4 * count) == 0)
        let model = try CraftedModel.model { model in
            for number in 0..<40 {
                model.graph.initializer.append(
                    .with {
                        ($0.name, $0.dims, $0.dataType) = ("w\(number)", [Int64(count)], 1)
                        $0.dataLocation = .external
                        $0.externalData = [.with { ($0.key, $0.value) = ("location", "zeros.data") }]
                    })
            }
        }
        let path = folder.appending(path: "model.onnx")
        try model.write(to: path)
        try resetPeakMemory()
        let before = try peakMemory()
        #expect {
            try ONNXModel(path: path.path, limits: .init(fileBytes: limit))
        } throws: { error in
            (error as? ONNXError)?.problems.map(\.kind).contains(.limit) == true
        }
        #expect(try peakMemory() - before < limit + 2 * 4 * count)
    }

    /// Of this process, in bytes, since it was reset.
    private func peakMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber))) << 10
    }

    private func resetPeakMemory() throws {
        try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    }

    @Test func ofSixteenBitsAreWidened() throws {
        let halves: [UInt16] = [0x3C00, 0xC000, 0x0001, 0x7BFF, 0x7C00]
        let upper: [UInt16] = [0x3F80, 0xC000, 0x0001, 0x7F7F, 0xFF80]
        let cases: [(Onnx_TensorProto.DataType, [UInt16], [Float])] = [
            (.float16, halves, [1, -2, 0x1p-24, 65_504, .infinity]),
            (.bfloat16, upper, [1, -2, Float(bitPattern: 0x1_0000), 0x1.fep127, -.infinity]),
        ]
        for (type, bits, expected) in cases {
            let raw = Onnx_TensorProto.with {
                ($0.dims, $0.dataType) = ([5], Int32(type.rawValue))
                $0.rawData = bits.withUnsafeBytes { Data($0) }
            }
            let typed = Onnx_TensorProto.with {
                ($0.dims, $0.dataType, $0.int32Data) = ([5], Int32(type.rawValue), bits.map(Int32.init))
            }
            for proto in [raw, typed] {
                #expect(try Tensor(onnxTensor: proto.serializedBytes()) == Tensor(shape: [5], expected))
            }
        }
    }

    @Test func ofSixtyFourBitsAreRounded() throws {
        let doubles = [1, -0.1, 1e300]
        let raw = Onnx_TensorProto.with {
            ($0.dims, $0.dataType) = ([3], Int32(Onnx_TensorProto.DataType.double.rawValue))
            $0.rawData = doubles.withUnsafeBytes { Data($0) }
        }
        let typed = Onnx_TensorProto.with {
            ($0.dims, $0.dataType, $0.doubleData) = ([3], raw.dataType, doubles)
        }
        for proto in [raw, typed] {
            let tensor = try Tensor(onnxTensor: proto.serializedBytes())
            #expect(tensor == Tensor(shape: [3], [1, -0.1, .infinity] as [Float]))
        }
    }

    /// As a converter to float16 leaves a model whose inputs and outputs stay float32.
    @Test func ofSixteenBitsBehindACast() throws {
        let data = try CraftedModel.model { model in
            model.graph.initializer[0].name = "w16"
            model.graph.initializer[0].dataType = Int32(Onnx_TensorProto.DataType.float16.rawValue)
            let half = Float16(0.5).bitPattern
            model.graph.initializer[0].rawData = [UInt16](repeating: half, count: 9).withUnsafeBytes { Data($0) }
            model.graph.node.insert(CraftedModel.node("Cast", ["w16"], ["w"], [.integer("to", 1)]), at: 0)
        }
        let (graph, whole) = (try ONNXModel(data: data).graph, try ONNXModel(data: CraftedModel.model { _ in }).graph)
        let inputs = ["x": CraftedModel.input]
        #expect(try ReferenceExecutor(graph).run(inputs) == ReferenceExecutor(whole).run(inputs))
    }
}
