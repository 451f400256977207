/// A window over an input of known extents: what a convolution or pooling reads for each output position.
///
/// Along one axis, output position `o` and kernel position `k` meet the input at
/// `o * stride + k * dilation - padBegin`.
public struct WindowGeometry: Sendable, Hashable {
    public let kernelShape: [Int]
    public let strides: [Int]
    public let dilations: [Int]
    public let padsBegin: [Int]
    /// Elements after the end that were asked for; rounding may make the last window need fewer or more.
    public let padsEnd: [Int]
    /// Spatial extents of the input.
    public let inputShape: [Int]
    /// Spatial extents of the output.
    public let outputShape: [Int]

    public init(
        kernelShape: [Int], strides: [Int], dilations: [Int], padsBegin: [Int], padsEnd: [Int],
        inputShape: [Int], outputShape: [Int]
    ) {
        self.kernelShape = kernelShape
        self.strides = strides
        self.dilations = dilations
        self.padsBegin = padsBegin
        self.padsEnd = padsEnd
        self.inputShape = inputShape
        self.outputShape = outputShape
    }

    public var rank: Int { kernelShape.count }

    /// The input's coordinate along `axis` for an output and a kernel position; in the padding where
    /// it is negative or not below the input's extent.
    func coordinate(_ axis: Int, output: Int, kernel: Int) -> Int {
        output * strides[axis] + kernel * dilations[axis] - padsBegin[axis]
    }

    /// The output positions along `axis` that meet the input, not the padding, at kernel position `kernel`.
    func validOutputs(_ axis: Int, kernel: Int) -> Range<Int> {
        let first = padsBegin[axis] - kernel * dilations[axis]
        let stride = strides[axis]
        let lower = min(first > 0 ? (first + stride - 1) / stride : 0, outputShape[axis])
        let last = inputShape[axis] - 1 + first
        let upper = last < 0 ? 0 : min(last / stride + 1, outputShape[axis])
        return lower..<max(lower, upper)
    }
}
