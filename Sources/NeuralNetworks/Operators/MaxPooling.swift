/// The largest element under a sliding window, for each channel; padding never wins.
///
/// Input: `[N, C, D1, D2, ...]` `float32`. Outputs: the maxima `[N, C, O1, O2, ...]` and, where
/// `reportsIndices`, the position of each as an `int64` offset into the whole input.
///
/// Source: ONNX operator MaxPool.
public struct MaxPooling: Operator {
    /// In which order spatial axes are counted in the reported indices.
    public enum StorageOrder: Sendable, Hashable {
        case rowMajor, columnMajor
    }

    public var window: Window
    public var rounding: Window.Rounding
    public var reportsIndices: Bool
    public var storageOrder: StorageOrder

    public init(
        window: Window, rounding: Window.Rounding = .floor, reportsIndices: Bool = false,
        storageOrder: StorageOrder = .rowMajor
    ) {
        self.window = window
        self.rounding = rounding
        self.reportsIndices = reportsIndices
        self.storageOrder = storageOrder
    }

    public var name: String { "MaxPool" }
    public var accuracy: AccuracyClass { .exact }

    /// The window over data `[N, C, D1, ...]`.
    public func geometry(data: Shape) throws -> WindowGeometry {
        try window.geometry(input: Array(data.dimensions.dropFirst(2)), rounding: rounding)
    }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).float32(0, rank: 3...)
        let output = try shape([data[0], data[1]] + geometry(data: data).outputShape)
        let maxima = TensorType(elementType: .float32, shape: output)
        return reportsIndices ? [maxima, TensorType(elementType: .int64, shape: output)] : [maxima]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let types = try outputTypes(of: inputs)
        let shape = types[0].shape
        let data = inputs.floats(0)
        let geometry = try geometry(data: inputs.tensor(0).shape)
        var maxima = [Float](repeating: -.infinity, count: shape.elementCount)
        var indices = [Int64](repeating: 0, count: reportsIndices ? shape.elementCount : 0)
        geometry.forEachWindow { output, taps in
            for plane in 0..<shape[0] * shape[1] {
                let offset = plane * geometry.inputCount
                guard var best = taps.first else { continue }
                for tap in taps where data[offset + tap] > data[offset + best] || data[offset + tap].isNaN {
                    best = tap
                }
                maxima[plane * geometry.outputCount + output] = data[offset + best]
                if reportsIndices {
                    indices[plane * geometry.outputCount + output] = Int64(offset + index(best, in: geometry))
                }
            }
        }
        let result = Tensor(shape: shape, maxima)
        return reportsIndices ? [result, Tensor(shape: shape, indices)] : [result]
    }

    /// A row-major offset into an input plane, in the storage order asked for.
    private func index(_ offset: Int, in geometry: WindowGeometry) -> Int {
        guard storageOrder == .columnMajor else { return offset }
        let strides = Shape(geometry.inputShape).strides
        var (index, step) = (0, 1)
        for axis in 0..<geometry.rank {
            index += offset / strides[axis] % geometry.inputShape[axis] * step
            step *= geometry.inputShape[axis]
        }
        return index
    }
}

extension WindowGeometry {
    /// Calls `body` for each output position, in row-major order, with the offsets in an input plane
    /// that its window covers, padding left out.
    func forEachWindow(_ body: (_ output: Int, _ taps: [Int]) -> Void) {
        let inputStrides = Shape(inputShape).strides
        var taps: [Int] = []
        for (index, position) in Positions(extents: outputShape).enumerated() {
            taps = [0]
            for axis in 0..<rank {
                let reached = kernelRange(axis, output: position[axis])
                taps = taps.flatMap { tap in
                    reached.map { tap + coordinate(axis, output: position[axis], kernel: $0) * inputStrides[axis] }
                }
            }
            body(index, taps)
        }
    }

    /// The kernel positions along `axis` that meet the input, not the padding, at an output position.
    private func kernelRange(_ axis: Int, output: Int) -> Range<Int> {
        let start = output * strides[axis] - padsBegin[axis]
        let dilation = dilations[axis]
        let lower = min(start < 0 ? (dilation - 1 - start) / dilation : 0, kernelShape[axis])
        let room = inputShape[axis] - 1 - start
        let upper = room < 0 ? 0 : min(room / dilation + 1, kernelShape[axis])
        return lower..<max(lower, upper)
    }
}
