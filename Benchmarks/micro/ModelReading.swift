import Benchmark
import Foundation
import NeuralNetworks
import ONNX

/// ONNX bytes to a checked graph.
func benchmarkModelReading() {
    let networks: [any Architecture] = [LeNet5(), ResNet(.eighteen), UNet(baseChannels: 16)]
    for network in networks {
        Benchmark("ONNX of \(network.name)") { (benchmark: Benchmark, data: Data) in
            for _ in benchmark.scaledIterations { blackHole(try ONNXModel(data: data)) }
        } setup: {
            try ONNXModel.encode(network.graph(), producer: "benchmark")
        }
    }
}
