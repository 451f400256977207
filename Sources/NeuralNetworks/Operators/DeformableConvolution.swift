/// A convolution whose window's positions are moved by computed offsets, and weighted by a computed mask.
///
/// Inputs, all `float32`: data `[N, C, H, W]`; weights `[M, C / groups, Kh, Kw]`; offsets
/// `[N, offsetGroups * Kh * Kw * 2, Oh, Ow]`, for each window position along H, then along W; then, each optional, a bias
/// `[M]` and a mask `[N, offsetGroups * Kh * Kw, Oh, Ow]`. Output: `[N, M, Oh, Ow]`.
///
/// Source: Dai et al., "Deformable convolutional networks", 2017; Zhu et al., "Deformable ConvNets v2", 2018; ONNX
/// operator DeformConv.
public struct DeformableConvolution: Operator {
    public var window: Window
    public var groups: Int
    /// Sets of offsets, each for as many channels in turn.
    public var offsetGroups: Int

    public init(window: Window = Window(), groups: Int = 1, offsetGroups: Int = 1) {
        self.window = window
        self.groups = groups
        self.offsetGroups = offsetGroups
    }

    public var name: String { "DeformConv" }
    public var accuracy: AccuracyClass { .accumulating }

    private func geometry(data: Shape, weights: Shape) throws -> WindowGeometry {
        try window.geometry(input: Array(data.dimensions[2...]), kernel: Array(weights.dimensions[2...]))
    }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 3...5)
        let data = try arguments.float32(0, rank: 4...4)
        let weights = try arguments.float32(1, rank: 4...4)
        guard 1...max(data[1], 1) ~= groups, data[1] % groups == 0, weights[1] == data[1] / groups,
            weights[0] % groups == 0
        else { throw invalid(.inputs, "with \(groups) groups and weights \(weights) does not fit \(data)") }
        guard 1...max(data[1], 1) ~= offsetGroups, data[1] % offsetGroups == 0 else {
            throw invalid(.attributes, "cannot share \(data[1]) channels among \(offsetGroups) sets of offsets")
        }
        let positions = try geometry(data: data, weights: weights).outputShape
        let taps = try shape([offsetGroups, weights[2], weights[3], 2]).elementCount
        try arguments.float32(2, shape: try shape([data[0], taps] + positions))
        if arguments.optionalType(3) != nil { try arguments.float32(3, shape: [weights[0]]) }
        if arguments.optionalType(4) != nil {
            try arguments.float32(4, shape: try shape([data[0], taps / 2] + positions))
        }
        return [TensorType(elementType: .float32, shape: try shape([data[0], weights[0]] + positions))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let (data, weights) = (inputs.tensor(0), inputs.tensor(1))
        let geometry = try geometry(data: data.shape, weights: weights.shape)
        let (taps, places) = (geometry.kernelShape.reduce(1, *), geometry.outputCount)
        let (bias, kernel) = (inputs.optionalFloats(3), inputs.floats(1))
        let (inputChannels, outputChannels) = (data.shape[1], output[1])
        let (inputsPerGroup, outputsPerGroup) = (inputChannels / groups, outputChannels / groups)
        var result = [Float](repeating: 0, count: output.elementCount)
        for image in 0..<output[0] {
            let columns = columns(inputs, geometry, image: image)
            for channel in 0..<outputChannels {
                let target = (image * outputChannels + channel) * places
                let firstInput = channel / outputsPerGroup * inputsPerGroup
                for place in 0..<places { result[target + place] = bias?[channel] ?? 0 }
                for row in 0..<inputsPerGroup * taps {
                    let weight = kernel[channel * inputsPerGroup * taps + row]
                    let source = (firstInput * taps + row) * places
                    for place in 0..<places { result[target + place] += weight * columns[source + place] }
                }
            }
        }
        return [Tensor(shape: output, result)]
    }

    /// What the window's moved positions read of one image: `[C, Kh * Kw, Oh * Ow]`.
    private func columns(_ inputs: [Tensor?], _ geometry: WindowGeometry, image: Int) -> [Float] {
        let (data, offsets, mask) = (inputs.floats(0), inputs.floats(2), inputs.optionalFloats(4))
        let channels = inputs.tensor(0).shape[1]
        let (taps, places) = (geometry.kernelShape.reduce(1, *), geometry.outputCount)
        let channelsPerSet = max(channels / offsetGroups, 1)
        var columns = [Float](repeating: 0, count: channels * taps * places)
        for set in 0..<offsetGroups {
            for (tap, kernel) in geometry.kernelPositions.enumerated() {
                let row = (image * offsetGroups + set) * taps + tap
                for (place, position) in Positions(extents: geometry.outputShape).enumerated() {
                    let moved = (0..<2).map { axis in
                        Float(geometry.coordinate(axis, output: position[axis], kernel: kernel[axis]))
                            + offsets[(2 * row + axis) * places + place]
                    }
                    let neighbours = geometry.neighbours(of: moved)
                    let factor = mask?[row * places + place] ?? 1
                    for channel in set * channelsPerSet..<(set + 1) * channelsPerSet {
                        let plane = (image * channels + channel) * geometry.inputCount
                        let value = neighbours.reduce(Float(0)) { $0 + data[plane + $1.offset] * $1.weight }
                        columns[(channel * taps + tap) * places + place] = value * factor
                    }
                }
            }
        }
        return columns
    }
}

extension WindowGeometry {
    /// The elements around a place in an input plane, with their bilinear weights; none outside of it.
    fileprivate func neighbours(of place: [Float]) -> [(offset: Int, weight: Float)] {
        guard zip(place, inputShape).allSatisfy({ $0 > -1 && $0 < Float($1) }) else { return [] }
        var neighbours = [(offset: 0, weight: Float(1))]
        for (coordinate, extent) in zip(place, inputShape) {
            let lower = Int(coordinate.rounded(.down))
            let fraction = coordinate - coordinate.rounded(.down)
            let reached = [(lower, 1 - fraction), (lower + 1, fraction)].filter { 0..<extent ~= $0.0 }
            neighbours = neighbours.flatMap { neighbour in
                reached.map { (neighbour.offset * extent + $0.0, neighbour.weight * $0.1) }
            }
        }
        return neighbours
    }
}
