/// A convolution (in the sense of neural networks: a cross-correlation) of any number of spatial axes.
///
/// Inputs: data `[N, C, D1, D2, ...]`, weights `[M, C / groups, K1, K2, ...]` and optionally a bias `[M]`,
/// all `float32`. Output: `[N, M, O1, O2, ...]`, where each output channel is the sum, over its group's
/// input channels and the window, of data times weight, plus the bias.
///
/// A kernel with rows `[1, 0, -1]` answers to vertical edges:
///
/// ```swift
/// let image = Tensor(shape: [1, 1, 5, 5], [1, 2, 0, 3, 1, 4, 5, 6, 7, 8, 1, 0, 1, 2, 1, 0, 1, 3, 4, 0, 3, 4, 5, 1, 2] as [Float])
/// let edges = Tensor(shape: [1, 1, 3, 3], [1, 0, -1, 1, 0, -1, 1, 0, -1] as [Float])
/// let response = try Convolution().evaluate([image, edges])
/// // [[-1, -5, -3], [-5, -7, 1], [-5, -2, 6]]
/// ```
///
/// Source: ONNX operator Conv.
public struct Convolution: Operator {
    public var window: Window
    /// Groups into which channels are split; as many as input channels for a depthwise convolution.
    public var groups: Int

    public init(window: Window = Window(), groups: Int = 1) {
        self.window = window
        self.groups = groups
    }

    public var name: String { "Conv" }
    public var accuracy: AccuracyClass { .accumulating }

    /// The window over data `[N, C, D1, ...]` with weights `[M, C / groups, K1, ...]`.
    public func geometry(data: Shape, weights: Shape) throws -> WindowGeometry {
        try window.geometry(input: Array(data.dimensions.dropFirst(2)), kernel: Array(weights.dimensions.dropFirst(2)))
    }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...3)
        let data = try arguments.float32(0, rank: 3...)
        let weights = try arguments.float32(1, rank: data.rank...data.rank)
        guard groups >= 1, weights[0] % groups == 0, data[1] % groups == 0, weights[1] == data[1] / groups else {
            throw invalid(.inputs, "of \(groups) groups: data \(data) does not fit weights \(weights)")
        }
        if arguments.optionalType(2) != nil { try arguments.float32(2, shape: [weights[0]]) }
        let geometry = try geometry(data: data, weights: weights)
        let output = try shape([data[0], weights[0]] + geometry.outputShape)
        return [TensorType(elementType: .float32, shape: output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let weights = inputs.tensor(1).shape
        let geometry = try geometry(data: inputs.tensor(0).shape, weights: weights)
        var result = [Float](repeating: 0, count: output.elementCount)
        if let bias = inputs.optionalFloats(2), geometry.outputCount > 0 {
            result = (0..<output[0]).flatMap { _ in
                bias.flatMap { repeatElement($0, count: geometry.outputCount) }
            }
        }
        let channelsPerGroup = output[1] / groups
        let taps = geometry.kernelShape.reduce(1, *)
        let data = inputs.floats(0)
        let filters = inputs.floats(1)
        data.withUnsafeBufferPointer { data in
            filters.withUnsafeBufferPointer { filters in
                result.withUnsafeMutableBufferPointer { result in
                    for (tap, position) in geometry.kernelPositions.enumerated() {
                        let rows = geometry.rows(at: position)
                        for plane in 0..<output[0] * output[1] {
                            let (image, channel) = plane.quotientAndRemainder(dividingBy: output[1])
                            for inputChannel in 0..<weights[1] {
                                let group = image * groups + channel / channelsPerGroup
                                let source = (group * weights[1] + inputChannel) * geometry.inputCount
                                let weight = filters[(channel * weights[1] + inputChannel) * taps + tap]
                                Self.accumulate(
                                    rows, of: data, from: source, stride: geometry.strides[geometry.rank - 1],
                                    weight: weight, into: result, at: plane * geometry.outputCount)
                            }
                        }
                    }
                }
            }
        }
        return [Tensor(shape: output, result)]
    }

    private static func accumulate(
        _ rows: [WindowGeometry.Row], of data: UnsafeBufferPointer<Float>, from source: Int, stride: Int,
        weight: Float, into result: UnsafeMutableBufferPointer<Float>, at target: Int
    ) {
        for row in rows {
            let (first, read) = (target + row.output, source + row.input)
            if stride == 1 {
                // Apart, so that the compiler vectorises it.
                for column in 0..<row.count { result[first + column] += weight * data[read + column] }
            } else {
                for column in 0..<row.count { result[first + column] += weight * data[read + column * stride] }
            }
        }
    }
}
