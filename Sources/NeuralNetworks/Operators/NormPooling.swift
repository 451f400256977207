import Glibc

/// The p-norm of the elements under a sliding window, for each channel; padding counts nothing.
///
/// Input: `[N, C, D1, D2, ...]` `float32`. Output: `[N, C, O1, O2, ...]`, `(sum of |x| ^ p) ^ (1 / p)`.
///
/// Source: ONNX operators LpPool and GlobalLpPool.
public struct NormPooling: Operator {
    /// The p of the norm.
    public var order: Int
    /// Nil where the window is as large as the input.
    public var window: Window?
    public var rounding: Window.Rounding

    public init(order: Int = 2, window: Window? = nil, rounding: Window.Rounding = .floor) {
        self.order = order
        self.window = window
        self.rounding = rounding
    }

    public var name: String { window == nil ? "GlobalLpPool" : "LpPool" }
    public var accuracy: AccuracyClass { .accumulating }

    private func geometry(data: Shape) throws -> WindowGeometry {
        let extents = Array(data.dimensions.dropFirst(2))
        return try (window ?? Window(kernelShape: extents)).geometry(input: extents, rounding: rounding)
    }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).float32(0, rank: 3...)
        guard order > 0 else { throw invalid(.attributes, "has no norm of order \(order)") }
        let output = try shape([data[0], data[1]] + geometry(data: data).outputShape)
        return [TensorType(elementType: .float32, shape: output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let shape = try outputShape(of: inputs)
        let geometry = try geometry(data: inputs.tensor(0).shape)
        let power = Float(order)
        let powers = inputs.floats(0).map { pow(abs($0), power) }
        var norms = [Float](repeating: 0, count: shape.elementCount)
        geometry.forEachWindow { output, taps in
            for plane in 0..<shape[0] * shape[1] {
                let sum = taps.reduce(Float(0)) { $0 + powers[plane * geometry.inputCount + $1] }
                norms[plane * geometry.outputCount + output] = pow(sum, 1 / power)
            }
        }
        return [Tensor(shape: shape, norms)]
    }
}
