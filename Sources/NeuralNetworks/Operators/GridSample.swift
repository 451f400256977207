/// Reads an image at given places, between its elements too: what warps, registers or deforms an image.
///
/// Inputs, both `float32`: data `[N, C, D1, ..., Dr]` and a grid `[N, O1, ..., Or, r]` of places, each given by its
/// coordinates along Dr, ..., D1, where -1 and 1 are the ends of the axis. Output: `[N, C, O1, ..., Or]`.
///
/// Source: Jaderberg et al., "Spatial transformer networks", 2015; ONNX operator GridSample.
public struct GridSample: Operator {
    public enum Interpolation: Sendable, Hashable {
        case nearest, linear
        /// Keys's, with a coefficient of -0.75.
        case cubic
    }

    /// What stands outside of the image.
    public enum Outside: Sendable, Hashable {
        case zeros
        /// The border's elements.
        case border
        /// The image, mirrored at the border.
        case reflection
    }

    public var interpolation: Interpolation
    public var outside: Outside
    /// Whether -1 and 1 are the centres of the outermost elements, not their outer edges.
    public var alignsCorners: Bool

    public init(_ interpolation: Interpolation = .linear, outside: Outside = .zeros, alignsCorners: Bool = false) {
        self.interpolation = interpolation
        self.outside = outside
        self.alignsCorners = alignsCorners
    }

    public var name: String { "GridSample" }
    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...2)
        let data = try arguments.float32(0, rank: 3...)
        let grid = try arguments.float32(1, rank: data.rank...data.rank)
        guard grid[0] == data[0], grid[grid.rank - 1] == data.rank - 2, data.rank <= 5 else {
            throw invalid(.inputs, "cannot read \(data) at \(grid)")
        }
        let output = try shape([data[0], data[1]] + grid.dimensions[1..<grid.rank - 1])
        guard output.elementCount == 0 || data.elementCount > 0 else { throw invalid(.inputs, "has no elements") }
        return [TensorType(elementType: .float32, shape: output)]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let (data, grid) = (inputs.floats(0), inputs.floats(1))
        let shape = inputs.tensor(0).shape
        let axes = shape.dimensions.dropFirst(2).map { SampledAxis(extent: $0, sampling: self) }
        let strides = Array(shape.strides.dropFirst(2))
        let planeSize = axes.reduce(1) { $0 * $1.extent }
        let places = output.dimensions.dropFirst(2).reduce(1, *)
        var result = [Float](repeating: 0, count: output.elementCount)
        for image in 0..<output[0] {
            for place in 0..<places {
                let coordinates = grid[
                    (image * places + place) * axes.count..<(image * places + place + 1) * axes.count]
                var taps = [(offset: 0, weight: Float(1))]
                for (axis, coordinate) in zip(axes.indices, coordinates.reversed()) {
                    let reached = axes[axis].taps(coordinate)
                    taps = taps.flatMap { tap in
                        reached.map { (tap.offset + $0.index * strides[axis], tap.weight * $0.weight) }
                    }
                }
                for channel in 0..<output[1] {
                    let plane = image * output[1] + channel
                    result[plane * places + place] = taps.reduce(Float(0)) {
                        $0 + data[plane * planeSize + $1.offset] * $1.weight
                    }
                }
            }
        }
        return [Tensor(shape: output, result)]
    }
}

/// One axis of an image that ``GridSample`` reads.
private struct SampledAxis {
    let extent: Int
    let sampling: GridSample
    /// Where the image ends.
    let bounds: ClosedRange<Float>

    init(extent: Int, sampling: GridSample) {
        self.extent = extent
        self.sampling = sampling
        let last = Float(max(extent, 1)) - 1
        bounds = sampling.alignsCorners ? 0...last : -0.5...last + 0.5
    }

    /// The elements that a grid's coordinate, from -1 to 1, is a weighted sum of.
    func taps(_ coordinate: Float) -> [(index: Int, weight: Float)] {
        let unit = (coordinate + 1) / 2
        var position = sampling.alignsCorners ? unit * Float(extent - 1) : unit * Float(extent) - 0.5
        if sampling.interpolation == .nearest { position = position.rounded(.toNearestOrEven) }
        position = brought(position)
        // No number, or one beyond what indices reach, lies outside.
        guard position.magnitude <= 0x1p40 else { return [] }
        let base = position.rounded(.down)
        let first = Int(base)
        let weights = weights(position - base)
        let start = sampling.interpolation == .cubic ? first - 1 : first
        return weights.enumerated().compactMap { step, weight in
            index(start + step).map { ($0, weight) }
        }
    }

    /// The weights of neighbouring elements for a place `fraction` after one; a cubic's first is the one before it.
    private func weights(_ fraction: Float) -> [Float] {
        switch sampling.interpolation {
        case .nearest: return [1]
        case .linear: return [1 - fraction, fraction]
        case .cubic:
            let a: Float = -0.75
            func near(_ x: Float) -> Float { ((a + 2) * x - (a + 3)) * x * x + 1 }
            func far(_ x: Float) -> Float { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
            return [far(fraction + 1), near(fraction), near(1 - fraction), far(2 - fraction)]
        }
    }

    /// A position outside of the image brought into it, where the border or a mirror image stands there.
    private func brought(_ position: Float) -> Float {
        guard !bounds.contains(position) else { return position }
        switch sampling.outside {
        case .zeros: return position
        case .border:
            // As in PyTorch, a cubic's place stays where it is, and its neighbours are brought to the border.
            let margin: Float = sampling.interpolation == .cubic ? 4 : 0
            return min(max(position, -margin), Float(extent - 1) + margin)
        case .reflection: return reflected(position)
        }
    }

    private func index(_ index: Int) -> Int? {
        if 0..<extent ~= index { return index }
        switch sampling.outside {
        case .zeros: return nil
        case .border: return min(max(index, 0), extent - 1)
        case .reflection: return min(max(Int(reflected(Float(index))), 0), extent - 1)
        }
    }

    private func reflected(_ position: Float) -> Float {
        let length = bounds.upperBound - bounds.lowerBound
        guard length > 0, position.isFinite else { return position.isFinite ? bounds.lowerBound : .nan }
        let (start, end) = (bounds.lowerBound, bounds.upperBound)
        let distance = position < start ? start - position : position - end
        guard distance > 0 else { return position }
        let turns = (distance / length).rounded(.down)
        let rest = distance - turns * length
        let isOdd = turns.truncatingRemainder(dividingBy: 2) != 0
        return (position < start) != isOdd ? start + rest : end - rest
    }
}
