import Analysis
import Fixtures
import Foundation
import NeuralNetworks
import OneDNN
import SwiftProtobuf
import TestSupport
import Testing

@testable import ONNX

/// What a pipeline makes of its models' files.
@Suite struct ModelFilesTests {
    /// Weights in a file of their own are the same model to the networks, and part of what it is known by.
    @Test func weightsBesideTheModelCount() throws {
        let colours = try ColourPipeline(tile: 128, overlap: 32)
        let path = colours.folder.url.appending(path: "marks.onnx")
        var model = try Onnx_ModelProto(serializedBytes: Data(contentsOf: path))
        var weights = Data()
        for index in model.graph.initializer.indices {
            let bytes = model.graph.initializer[index].rawData
            let entries = [("location", "marks.data"), ("offset", "\(weights.count)"), ("length", "\(bytes.count)")]
            model.graph.initializer[index].externalData = entries.map { entry in
                .with { ($0.key, $0.value) = entry }
            }
            model.graph.initializer[index].dataLocation = .external
            model.graph.initializer[index].rawData = Data()
            weights += bytes
        }
        try #require(weights.count > 4)
        try model.serializedData().write(to: path)
        let file = colours.folder.url.appending(path: "marks.data")
        try weights.write(to: file)
        let first = try Pipeline(directory: colours.folder.path, engine: OneDNNEngine())
        #expect(first.stages[0].model.graph.initializers == colours.pipeline.stages[0].model.graph.initializers)
        #expect(first.identity.sha256 != colours.pipeline.identity.sha256)

        weights[3] ^= 0x80
        try weights.write(to: file)
        let second = try Pipeline(directory: colours.folder.path, engine: OneDNNEngine())
        #expect(second.stages[0].model.identity.sha256 != first.stages[0].model.identity.sha256)
        #expect(second.identity.sha256 != first.identity.sha256)

        try FileManager.default.removeItem(at: file)
        #expect(throws: PipelineError.self) {
            try Pipeline(directory: colours.folder.path, engine: OneDNNEngine())
        }
    }

    /// The plain engine finds the same, where the networks compute what both have exactly.
    @Test func anyEngineAnalyses() throws {
        let scene = Scene(seed: 11, patient: 5, glandClass: .normal, width: 160, height: 130, spacing: 1.5)
        let results = try [OneDNNEngine(), ReferenceEngine() as any Engine].map { engine in
            let colours = try ColourPipeline(tile: 64, overlap: 0, engine: engine)
            return try colours.regions(of: scene.draw(), spacing: scene.spacing).map(\.geometry)
        }
        #expect(!results[0].isEmpty)
        #expect(results[0] == results[1])
    }
}
