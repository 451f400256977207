import NeuralNetworks

/// A convolution, plain or transposed, as oneDNN describes one.
struct ConvolutionProblem {
    var isTransposed: Bool
    /// `[N, C, D1, ...]`.
    var source: [Int]
    /// `[M, C, K1, ...]`, or `[G, M / G, C / G, K1, ...]` with groups.
    var weights: [Int]
    /// Where the elements of `weights` stand in the tensor that the graph has.
    var weightsStrides: [Int]
    /// `[N, M, O1, ...]`.
    var destination: [Int]
    var strides: [Int]
    var dilations: [Int]
    var padsBegin: [Int]
    var padsEnd: [Int]
    var groups: Int

    /// - Parameters:
    ///   - data: `[N, C, D1, ...]`.
    ///   - filters: `[M, C / G, K1, ...]`.
    init(_ operation: Convolution, data: Shape, filters: Shape, output: Shape) throws {
        let geometry = try operation.geometry(data: data, weights: filters)
        self.init(geometry, groups: operation.groups, data: data, output: output, isTransposed: false)
        let kernel = geometry.kernelShape
        let channels = filters[1]
        weights = [filters[0] / groups, channels] + kernel
        weightsStrides = Shape(weights).strides
        if groups > 1 {
            weightsStrides.insert(weights.reduce(1, *), at: 0)
            weights.insert(groups, at: 0)
        }
    }

    /// - Parameters:
    ///   - data: `[N, C, D1, ...]`.
    ///   - filters: `[C, M / G, K1, ...]`.
    init(_ operation: ConvolutionTranspose, data: Shape, filters: Shape, output: Shape) throws {
        let geometry = try operation.geometry(data: data, weights: filters)
        self.init(geometry, groups: operation.groups, data: data, output: output, isTransposed: true)
        let kernel = geometry.kernelShape
        let taps = kernel.reduce(1, *)
        let (channels, outputs) = (filters[0] / groups, filters[1])
        weights = [outputs, channels] + kernel
        weightsStrides = [taps, outputs * taps] + Shape(kernel).strides
        if groups > 1 {
            weights.insert(groups, at: 0)
            weightsStrides.insert(channels * outputs * taps, at: 0)
        }
    }

    /// A convolution of 1x1 windows to `outputs` channels.
    ///
    /// - Parameter data: `[N, C, H, W]`.
    init(pointwise data: Shape, outputs: Int) {
        isTransposed = false
        source = data.dimensions
        destination = [data[0], outputs] + data.dimensions.dropFirst(2)
        weights = [outputs, data[1], 1, 1]
        weightsStrides = Shape(weights).strides
        strides = [1, 1]
        dilations = [1, 1]
        padsBegin = [0, 0]
        padsEnd = [0, 0]
        groups = 1
    }

    /// - Parameter geometry: of the convolution, or of the one that a transposed convolution transposes.
    private init(_ geometry: WindowGeometry, groups: Int, data: Shape, output: Shape, isTransposed: Bool) {
        self.isTransposed = isTransposed
        self.groups = groups
        source = data.dimensions
        destination = output.dimensions
        weights = []
        weightsStrides = []
        strides = geometry.strides
        dilations = geometry.dilations
        padsBegin = geometry.padsBegin
        padsEnd = geometry.neededPadsEnd
    }

    var isDepthwise: Bool { groups > 1 && groups == source[1] && groups == destination[1] }

    var kernel: [Int] { Array(weights.suffix(strides.count)) }

    /// Multiplications and additions, as the definition of the operator counts them.
    var operationCount: Int {
        let positions = isTransposed ? source : destination
        return 2 * weights.reduce(1, *) * positions[0] * positions.dropFirst(2).reduce(1, *)
    }

    /// The same for one image.
    func image() -> ConvolutionProblem {
        var problem = self
        problem.source[0] = 1
        problem.destination[0] = 1
        return problem
    }

    /// The layouts that an implementation is asked for.
    enum Layouts: Sendable {
        /// Channel blocks on both sides: what flows through the network without copies.
        case blocks
        /// Channel blocks behind, and before what the implementation likes: for images of a few channels.
        case anyToBlocks
        case any
        /// On both sides: for depthwise convolutions of what lies so.
        case channelsLast
    }

    /// What to ask for, best first. Left to itself, oneDNN takes other layouts for some convolutions than
    /// for their neighbours, and the copies between them cost more than it gains.
    var layouts: [Layouts] {
        let isImage = source[1] < InstructionSet.current.channelBlock.rawValue / 2
        return isImage ? [.anyToBlocks, .any] : [.blocks, .any]
    }
}

extension WindowGeometry {
    /// Elements after the end that the last window reaches; those asked for beyond it are never read.
    var neededPadsEnd: [Int] {
        (0..<rank).map { axis in
            let reach = (kernelShape[axis] - 1) * dilations[axis] + 1
            return max((outputShape[axis] - 1) * strides[axis] + reach - inputShape[axis] - padsBegin[axis], 0)
        }
    }
}
