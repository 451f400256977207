/// Adds overlapping blocks up to an image: what a convolution's windows have read goes back to where it was.
///
/// Inputs: data `[N, C * K, L]` `float32`, the L blocks of K elements for each channel; the image's spatial extents and
/// a block's, `int64`. Output: `[N, C, D1, D2, ...]`.
///
/// Source: ONNX operator Col2Im; PyTorch's `fold`.
public struct ColumnsToImage: Operator {
    /// Strides, pads and dilations; the block's extents are an input.
    public var window: Window

    public init(window: Window) { self.window = window }

    public var name: String { "Col2Im" }
    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 3...3)
        let data = try arguments.float32(0, rank: 3...3)
        let geometry = try geometry(arguments)
        let blockSize = try shape(geometry.kernelShape).elementCount
        guard data[1] % blockSize == 0, data[2] == (try shape(geometry.outputShape).elementCount) else {
            throw invalid(.inputs, "cannot add \(data) up to \(Shape(geometry.inputShape))")
        }
        let output = try shape([data[0], data[1] / blockSize] + geometry.inputShape)
        return [TensorType(elementType: .float32, shape: output)]
    }

    /// The window that read the image.
    private func geometry(_ arguments: Arguments) throws -> WindowGeometry {
        guard let image = try arguments.integers(1), let block = try arguments.integers(2), !image.isEmpty else {
            throw invalid(.inputs, "needs the extents of image and block")
        }
        return try window.geometry(input: try shape(image).dimensions, kernel: block)
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let values = inputs.map { $0.map { KnownValue(type: $0.type, constant: $0) } }
        let geometry = try geometry(Arguments(values, of: self, count: 3...3))
        let data = inputs.floats(0)
        var image = [Float](repeating: 0, count: output.elementCount)
        let step = geometry.strides[geometry.rank - 1]
        let blockSize = geometry.kernelShape.reduce(1, *)
        for (tap, kernel) in geometry.kernelPositions.enumerated() {
            for row in geometry.rows(at: kernel) {
                for plane in 0..<output[0] * output[1] {
                    let source = (plane * blockSize + tap) * geometry.outputCount + row.output
                    let target = plane * geometry.inputCount + row.input
                    for column in 0..<row.count { image[target + column * step] += data[source + column] }
                }
            }
        }
        return [Tensor(shape: output, image)]
    }
}
