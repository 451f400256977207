/// A transposed convolution: spreads each input element over a window of the output, the reverse of
/// what ``Convolution`` reads. It enlarges images, as in the upward path of a U-Net.
///
/// Inputs: data `[N, C, D1, D2, ...]`, weights `[C, M / groups, K1, K2, ...]` and optionally a bias `[M]`,
/// all `float32`. Output: `[N, M, O1, O2, ...]` with
/// `O = (D - 1) * stride + outputPadding + (K - 1) * dilation + 1 - padBegin - padEnd`.
///
/// Source: ONNX operator ConvTranspose.
public struct ConvolutionTranspose: Operator {
    public var window: Window
    public var groups: Int
    /// Elements added at the end of each spatial axis of the output.
    public var outputPadding: [Int]?
    /// Spatial extents of the output, from which pads follow; `window.pads` is then ignored.
    public var outputShape: [Int]?

    public init(
        window: Window = Window(), groups: Int = 1, outputPadding: [Int]? = nil, outputShape: [Int]? = nil
    ) {
        self.window = window
        self.groups = groups
        self.outputPadding = outputPadding
        self.outputShape = outputShape
    }

    public var name: String { "ConvTranspose" }
    public var accuracy: AccuracyClass { .accumulating }

    /// The geometry of the convolution that this one transposes: its *input* is this operator's output,
    /// its *output* this operator's data `[N, C, D1, ...]`.
    public func geometry(data: Shape, weights: Shape) throws -> WindowGeometry {
        let input = Array(data.dimensions.dropFirst(2))
        let (kernel, strides, dilations) = try window.resolved(
            rank: input.count, kernel: Array(weights.dimensions.dropFirst(2)))
        let padding = outputPadding ?? input.map { _ in 0 }
        let pads = window.automaticPadding == .explicit ? window.pads ?? (input + input).map { _ in 0 } : []
        guard padding.count == input.count, padding.allSatisfy({ 0...Window.largestExtent ~= $0 }) else {
            throw invalid(.attributes, "has output_padding \(padding) for \(input.count) spatial axes")
        }
        guard pads.allSatisfy({ 0...Window.largestExtent ~= $0 }), pads.isEmpty || pads.count == 2 * input.count,
            outputShape.map({ $0.count == input.count && $0.allSatisfy { 0...Window.largestExtent ~= $0 } }) ?? true,
            input.allSatisfy({ 1...Window.largestExtent ~= $0 })
        else { throw invalid(.attributes, "has pads \(pads) or output_shape that do not fit \(data)") }
        var (begin, end, output) = ([Int](), [Int](), [Int]())
        for axis in input.indices {
            let full = (input[axis] - 1) * strides[axis] + padding[axis] + (kernel[axis] - 1) * dilations[axis] + 1
            let same = window.automaticPadding == .sameUpper || window.automaticPadding == .sameLower
            if let extent = outputShape?[axis] ?? (same ? input[axis] * strides[axis] : nil) {
                let total = max(full - extent, 0)
                let half = window.automaticPadding == .sameUpper ? total / 2 : total - total / 2
                begin.append(half)
                end.append(total - half)
                output.append(extent)
            } else {
                begin.append(pads.isEmpty ? 0 : pads[axis])
                end.append(pads.isEmpty ? 0 : pads[axis + input.count])
                output.append(full - begin[axis] - end[axis])
            }
        }
        return WindowGeometry(
            kernelShape: kernel, strides: strides, dilations: dilations, padsBegin: begin, padsEnd: end,
            inputShape: output, outputShape: input)
    }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...3)
        let data = try arguments.float32(0, rank: 3...)
        let weights = try arguments.float32(1, rank: data.rank...data.rank)
        guard groups >= 1, weights[0] == data[1], data[1] % groups == 0,
            case let (channels, overflow) = weights[1].multipliedReportingOverflow(by: groups), !overflow
        else { throw invalid(.inputs, "of \(groups) groups: data \(data) does not fit weights \(weights)") }
        if arguments.optionalType(2) != nil { try arguments.float32(2, shape: [channels]) }
        let geometry = try geometry(data: data, weights: weights)
        let output = try shape([data[0], channels] + geometry.inputShape)
        return [TensorType(elementType: .float32, shape: output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let (data, weights) = (inputs.tensor(0).shape, inputs.tensor(1).shape)
        let geometry = try geometry(data: data, weights: weights)
        var result = [Float](repeating: 0, count: output.elementCount)
        if let bias = inputs.optionalFloats(2), geometry.inputCount > 0 {
            result = (0..<output[0]).flatMap { _ in
                bias.flatMap { repeatElement($0, count: geometry.inputCount) }
            }
        }
        let taps = geometry.kernelShape.reduce(1, *)
        let stride = geometry.strides[geometry.rank - 1]
        let filters = inputs.floats(1)
        inputs.floats(0).withUnsafeBufferPointer { data in
            result.withUnsafeMutableBufferPointer { result in
                for (tap, position) in geometry.kernelPositions.enumerated() {
                    let rows = geometry.rows(at: position)
                    for plane in 0..<output[0] * weights[0] {
                        let (image, channel) = plane.quotientAndRemainder(dividingBy: weights[0])
                        let group = image * groups + channel / (weights[0] / groups)
                        for outputChannel in 0..<weights[1] {
                            let target = (group * weights[1] + outputChannel) * geometry.inputCount
                            let weight = filters[(channel * weights[1] + outputChannel) * taps + tap]
                            for row in rows {
                                let source = plane * geometry.outputCount + row.output
                                for column in 0..<row.count {
                                    result[target + row.input + column * stride] += weight * data[source + column]
                                }
                            }
                        }
                    }
                }
            }
        }
        return [Tensor(shape: output, result)]
    }
}
