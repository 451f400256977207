/// The mean of the elements under a sliding window, for each channel.
///
/// Input: `[N, C, D1, D2, ...]` `float32`. Output: `[N, C, O1, O2, ...]`.
///
/// Source: ONNX operator AveragePool.
public struct AveragePooling: Operator {
    public var window: Window
    public var rounding: Window.Rounding
    /// Whether padding counts as zeros that were averaged; what `rounding` adds beyond it never does.
    public var countsPadding: Bool

    public init(window: Window, rounding: Window.Rounding = .floor, countsPadding: Bool = false) {
        self.window = window
        self.rounding = rounding
        self.countsPadding = countsPadding
    }

    public var name: String { "AveragePool" }
    public var accuracy: AccuracyClass { .accumulating }

    /// The window over data `[N, C, D1, ...]`.
    public func geometry(data: Shape) throws -> WindowGeometry {
        try window.geometry(input: Array(data.dimensions.dropFirst(2)), rounding: rounding)
    }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).float32(0, rank: 3...)
        let output = try shape([data[0], data[1]] + geometry(data: data).outputShape)
        return [TensorType(elementType: .float32, shape: output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let data = inputs.floats(0)
        let geometry = try geometry(data: inputs.tensor(0).shape)
        var means = [Float](repeating: 0, count: shape.elementCount)
        geometry.forEachWindow { output, taps in
            let divisor = divisor(of: output, taps: taps.count, geometry)
            for plane in 0..<shape[0] * shape[1] {
                let sum = taps.reduce(0) { $0 + data[plane * geometry.inputCount + $1] }
                means[plane * geometry.outputCount + output] = taps.isEmpty ? 0 : sum / divisor
            }
        }
        return [Tensor(shape: shape, means)]
    }

    /// By what the sum over the window at an output position is divided.
    func divisor(of output: Int, taps: Int, _ geometry: WindowGeometry) -> Float {
        guard countsPadding else { return Float(taps) }
        let strides = Shape(geometry.outputShape).strides
        return (0..<geometry.rank).reduce(1) { product, axis in
            product * Float(geometry.paddedCount(axis, output: output / strides[axis] % geometry.outputShape[axis]))
        }
    }
}

extension WindowGeometry {
    /// How many kernel positions along `axis` meet the input or the padding asked for.
    fileprivate func paddedCount(_ axis: Int, output: Int) -> Int {
        let room = inputShape[axis] + padsBegin[axis] + padsEnd[axis] - output * strides[axis]
        return min((room - 1) / dilations[axis] + 1, kernelShape[axis])
    }
}
