/// The window that a convolution or pooling slides over the spatial axes, as its attributes give it.
///
/// An absent list stands for its default: strides and dilations of 1, pads of 0.
public struct Window: Sendable, Hashable {
    /// How the input is padded where `pads` does not say it.
    public enum AutomaticPadding: Sendable, Hashable {
        /// By `pads`.
        case explicit
        /// No padding.
        case valid
        /// So that the output's extent is the input's divided by the stride, rounded up; an odd
        /// element goes to the end.
        case sameUpper
        /// As `sameUpper`, with an odd element at the beginning.
        case sameLower
    }

    /// Extent of the window along each spatial axis; nil where the weights tell it.
    public var kernelShape: [Int]?
    public var strides: [Int]?
    /// Elements added before the first one of every spatial axis, then those after the last one:
    /// `[top, left, bottom, right]` for images.
    public var pads: [Int]?
    public var dilations: [Int]?
    public var automaticPadding: AutomaticPadding

    public init(
        kernelShape: [Int]? = nil, strides: [Int]? = nil, pads: [Int]? = nil, dilations: [Int]? = nil,
        automaticPadding: AutomaticPadding = .explicit
    ) {
        self.kernelShape = kernelShape
        self.strides = strides
        self.pads = pads
        self.dilations = dilations
        self.automaticPadding = automaticPadding
    }

    /// How an output extent that is no whole number of strides is rounded.
    public enum Rounding: Sendable, Hashable {
        case floor, ceiling
    }

    /// The window over an input of spatial extents `input`, with all defaults filled in.
    ///
    /// Source: ONNX operators Conv and MaxPool, output shape formulas.
    ///
    /// - Parameter kernel: the window's extents by the weights; they must agree with `kernelShape`.
    /// - Throws: ``OperatorError`` where lists have the wrong length, a value is out of range or
    ///   the window is larger than the padded input.
    public func geometry(
        input: [Int], kernel: [Int]? = nil, rounding: Rounding = .floor
    ) throws -> WindowGeometry {
        let (kernel, strides, dilations) = try resolved(rank: input.count, kernel: kernel)
        var begin = [Int](repeating: 0, count: input.count)
        var end = begin
        var output: [Int] = []
        if automaticPadding == .explicit, let pads {
            guard pads.count == 2 * input.count, pads.allSatisfy({ 0...Self.largestExtent ~= $0 }) else {
                throw OperatorError(.attributes, "pads \(pads) do not fit \(input.count) spatial axes")
            }
            begin = Array(pads[..<input.count])
            end = Array(pads[input.count...])
        }
        for axis in input.indices {
            let reach = (kernel[axis] - 1) * dilations[axis] + 1
            if automaticPadding == .sameUpper || automaticPadding == .sameLower {
                let extent = (input[axis] + strides[axis] - 1) / strides[axis]
                let total = max((extent - 1) * strides[axis] + reach - input[axis], 0)
                begin[axis] = automaticPadding == .sameUpper ? total / 2 : total - total / 2
                end[axis] = total - begin[axis]
                output.append(extent)
                continue
            }
            let room = input[axis] + begin[axis] + end[axis] - reach
            guard room >= 0 else {
                throw OperatorError(
                    .inputs,
                    "a window of \(reach) does not fit an input of \(input[axis]) padded by \(begin[axis]) and \(end[axis])"
                )
            }
            var extent = room / strides[axis] + 1
            if rounding == .ceiling {
                extent = (room + strides[axis] - 1) / strides[axis] + 1
                // A window that would start in the padding after the end is left out.
                if (extent - 1) * strides[axis] >= input[axis] + begin[axis] { extent -= 1 }
            }
            output.append(extent)
        }
        return WindowGeometry(
            kernelShape: kernel, strides: strides, dilations: dilations, padsBegin: begin, padsEnd: end,
            inputShape: input, outputShape: output)
    }

    /// Kernel, strides and dilations with their defaults, each checked to be positive and such that
    /// products of two cannot overflow.
    func resolved(
        rank: Int, kernel: [Int]?
    ) throws -> (kernel: [Int], strides: [Int], dilations: [Int]) {
        guard let kernel = kernel ?? kernelShape else {
            throw OperatorError(.attributes, "a window needs kernel_shape")
        }
        if let kernelShape, kernelShape != kernel {
            throw OperatorError(.attributes, "kernel_shape \(kernelShape) differs from the weights' \(kernel)")
        }
        let ones = [Int](repeating: 1, count: rank)
        let lists = [("kernel_shape", kernel), ("strides", strides ?? ones), ("dilations", dilations ?? ones)]
        for (name, values) in lists {
            guard values.count == rank, values.allSatisfy({ 1...Self.largestExtent ~= $0 }) else {
                throw OperatorError(.attributes, "\(name) \(values) does not fit \(rank) spatial axes")
            }
        }
        return (kernel, lists[1].1, lists[2].1)
    }

    /// Larger attributes are refused, so that no product of two overflows.
    static let largestExtent = Int(Int32.max)
}
