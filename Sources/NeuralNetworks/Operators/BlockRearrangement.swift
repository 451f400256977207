/// Moves channels into square blocks of pixels: `[N, C, H, W]` becomes `[N, C / b², H * b, W * b]`.
///
/// Source: Shi et al., "Real-time single image and video super-resolution using an efficient
/// sub-pixel convolutional neural network", 2016; ONNX operator DepthToSpace.
public struct DepthToSpace: Operator {
    /// Which part of a channel's index is the pixel's place in its block.
    public enum Order: Sendable, Hashable {
        /// The slower part (ONNX calls it DCR).
        case blockFirst
        /// The faster part (CRD), as in PyTorch's `PixelShuffle`.
        case blockLast
    }

    public var blockSize: Int
    public var order: Order

    public init(blockSize: Int, order: Order = .blockFirst) {
        self.blockSize = blockSize
        self.order = order
    }

    public var name: String { "DepthToSpace" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).type(0, of: ElementType.allCases, rank: 4...4)
        guard 1...Int(Int16.max) ~= blockSize, data.shape[1] % (blockSize * blockSize) == 0 else {
            throw invalid(.attributes, "cannot take blocks of \(blockSize) from \(data.shape)")
        }
        let height = try shape([data.shape[2], blockSize]).elementCount
        let width = try shape([data.shape[3], blockSize]).elementCount
        let output = try shape([data.shape[0], data.shape[1] / (blockSize * blockSize), height, width])
        return [TensorType(elementType: data.elementType, shape: output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let (n, c, h, w) = (output[0], output[1], output[2] / blockSize, output[3] / blockSize)
        let blocks =
            switch order {
            case .blockFirst:
                inputs.tensor(0).reshaped(to: [n, blockSize, blockSize, c, h, w]).transposed([0, 3, 4, 1, 5, 2])
            case .blockLast:
                inputs.tensor(0).reshaped(to: [n, c, blockSize, blockSize, h, w]).transposed([0, 1, 4, 2, 5, 3])
            }
        return [blocks.reshaped(to: output)]
    }
}

/// Moves square blocks of pixels into channels: `[N, C, H, W]` becomes `[N, C * b², H / b, W / b]`.
///
/// Source: ONNX operator SpaceToDepth.
public struct SpaceToDepth: Operator {
    public var blockSize: Int

    public init(blockSize: Int) { self.blockSize = blockSize }

    public var name: String { "SpaceToDepth" }
    public var accuracy: AccuracyClass { .exact }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let data = try Arguments(inputs, of: self, count: 1...1).type(0, of: ElementType.allCases, rank: 4...4)
        let (height, width) = (data.shape[2], data.shape[3])
        guard 1...Int(Int16.max) ~= blockSize, height % blockSize == 0, width % blockSize == 0 else {
            throw invalid(.attributes, "cannot cut \(data.shape) into blocks of \(blockSize)")
        }
        let channels = try shape([data.shape[1], blockSize * blockSize]).elementCount
        let output = try shape([data.shape[0], channels, height / blockSize, width / blockSize])
        return [TensorType(elementType: data.elementType, shape: output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let (n, h, w) = (output[0], output[2], output[3])
        let blocks = inputs.tensor(0).reshaped(to: [n, inputs.tensor(0).shape[1], h, blockSize, w, blockSize])
        return [blocks.transposed([0, 3, 5, 1, 2, 4]).reshaped(to: output)]
    }
}
