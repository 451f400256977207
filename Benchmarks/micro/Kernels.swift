import Benchmark
import NeuralNetworks
import OneDNN

/// A network of one layer.
struct SingleLayer: Architecture {
    typealias Value = NetworkBuilder.Value

    let name: String
    let standardInput: ImageShape
    let takesAnySize = false
    private let layer: @Sendable (inout NetworkBuilder, Value) throws -> Value

    init(
        _ name: String, channels: Int, side: Int,
        _ layer: @escaping @Sendable (inout NetworkBuilder, Value) throws -> Value
    ) {
        self.name = name
        standardInput = ImageShape(channels: channels, height: side, width: side)
        self.layer = layer
    }

    func build(_ network: inout NetworkBuilder, _ input: Value) throws -> Value {
        try layer(&network, input)
    }

    /// Layers as the classic networks have them.
    static let all = [
        SingleLayer("convolution 3x3, 64 to 64 channels, 56 x 56", channels: 64, side: 56) {
            network, input in
            try network.convolution(input, "layer", channels: 64, kernel: 3, padding: 1)
        },
        SingleLayer("convolution 1x1, 256 to 64 channels, 56 x 56", channels: 256, side: 56) {
            network, input in
            try network.convolution(input, "layer", channels: 64, kernel: 1)
        },
        SingleLayer("transposed convolution 2x2, 64 to 32 channels, 64 x 64", channels: 64, side: 64) {
            network, input in
            try network.upConvolution(input, "layer", channels: 32)
        },
        SingleLayer("maximum 2x2, 64 channels, 112 x 112", channels: 64, side: 112) {
            network, input in
            try network.maxPooling(input, kernel: 2, stride: 2)
        },
        SingleLayer("global mean, 512 channels, 7 x 7", channels: 512, side: 7) {
            network, input in
            try network.globalAveragePooling(input)
        },
        SingleLayer("inner product, 4096 to 4096", channels: 4096, side: 1) {
            network, input in
            try network.linear(network.flatten(input), "layer", features: 4096)
        },
    ]
}

/// A compiled network with memory to run it in, and its input: one image, one thread.
private struct KernelRun {
    let context: any ExecutionContext
    let input: [Float]

    init(_ layer: SingleLayer, _ precision: Precision) throws {
        let image = layer.standardInput
        let shape: Shape = [1, image.channels, image.height, image.width]
        let network = try OneDNNEngine().compile(
            layer.graph(), inputShapes: ["input": shape], precision: precision)
        context = try network.makeContext()
        input = (0..<shape.elementCount).map { Float($0 % 251) / 251 }
    }

    var outputCount: Int { context.network.outputs.first?.type.shape.elementCount ?? 0 }
}

/// Each layer through the door that an analysis uses, its row-major input and output included; with Winograd where the
/// engine's rule has it, and without.
func benchmarkKernels() {
    for layer in SingleLayer.all {
        for precision in [Precision.float32, .float32Exact] {
            Benchmark("\(layer.name), \(precision.rawValue)") { (benchmark: Benchmark, run: KernelRun) in
                let input = run.input
                var output = [Float](repeating: 0, count: run.outputCount)
                var span = output.mutableSpan
                benchmark.startMeasurement()
                for _ in benchmark.scaledIterations { try run.context.run(input.span, into: &span) }
                benchmark.stopMeasurement()
            } setup: {
                try KernelRun(layer, precision)
            }
        }
    }
}
