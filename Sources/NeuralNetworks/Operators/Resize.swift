/// Resamples a tensor to other extents, one axis after the other.
///
/// Inputs: data, `float32`; then, each optional, the region of interest (for `cropAndResize`: all starts,
/// then all ends, as fractions), the scales (`float32`) and the output's extents (`int64`). Exactly one of
/// scales and extents is given.
///
/// Where scales give no whole extent, corners and half pixels are those of the extent that it is rounded down to, as
/// PyTorch, ONNX Runtime and OpenVINO have it; the ONNX standard's reference takes the fractional one, and ends before
/// the last sample.
///
/// Source: ONNX operator Resize (its attributes' names in other words); Keys, "Cubic convolution
/// interpolation for digital image processing", 1981.
public struct Resize: Operator {
    public enum Interpolation: Sendable, Hashable {
        case nearest(NearestRounding)
        case linear
        /// With Keys's coefficient, commonly -0.75 or -0.5.
        case cubic(coefficient: Float)
    }

    /// Which neighbour is nearest.
    public enum NearestRounding: Sendable, Hashable {
        case halfDown, halfUp, floor, ceiling
    }

    /// How an output coordinate maps to one of the input.
    public enum Coordinates: Sendable, Hashable {
        case halfPixel, halfPixelSymmetric, pytorchHalfPixel, alignCorners, asymmetric
        /// Of the region of interest; outside of the input stands `extrapolation`.
        case cropAndResize(extrapolation: Float)
    }

    /// What given extents mean.
    public enum AspectRatio: Sendable, Hashable {
        case stretch, notLarger, notSmaller
    }

    public var interpolation: Interpolation
    public var coordinates: Coordinates
    public var aspectRatio: AspectRatio
    /// Whether the filter widens when shrinking.
    public var antialiases: Bool
    /// Whether neighbours outside of the input count for nothing, instead of as the border's element.
    public var excludesOutside: Bool
    /// The axes that scales and extents are for; nil for all.
    public var axes: [Int]?

    public init(
        _ interpolation: Interpolation = .nearest(.halfDown), coordinates: Coordinates = .halfPixel,
        aspectRatio: AspectRatio = .stretch, antialiases: Bool = false, excludesOutside: Bool = false,
        axes: [Int]? = nil
    ) {
        self.interpolation = interpolation
        self.coordinates = coordinates
        self.aspectRatio = aspectRatio
        self.antialiases = antialiases
        self.excludesOutside = excludesOutside
        self.axes = axes
    }

    public var name: String { "Resize" }

    public var accuracy: AccuracyClass {
        if case .nearest = interpolation { .exact } else { .accumulating }
    }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 2...4)
        let data = try arguments.float32(0, rank: 1...)
        let output = try shape(resamplings(of: data, arguments).map(\.output))
        guard output.elementCount == 0 || data.elementCount > 0 else { throw invalid(.inputs, "has no elements") }
        return [TensorType(elementType: .float32, shape: output)]
    }

    /// How each axis of the data is resampled.
    func resamplings(of data: Shape, _ arguments: Arguments) throws -> [AxisResampling] {
        let axes = try resolve(axes: axes ?? Array(0..<data.rank), rank: data.rank)
        var result = data.dimensions.map { AxisResampling(input: $0, output: $0, scale: 1, region: 0...1) }
        var scales: [Double] = []
        var sizes: [Int] = []
        if let given = try arguments.floats(2), !given.isEmpty {
            guard given.count == axes.count, given.allSatisfy({ $0 > 0 && $0.isFinite }) else {
                throw invalid(.inputs, "has scales \(given) for \(axes.count) axes")
            }
            for (axis, scale) in zip(axes, given) {
                let extent = (Float(data[axis]) * scale).rounded(.down)
                guard extent <= Float(Window.largestExtent) else {
                    throw invalid(.size, "scales \(data[axis]) by \(scale)")
                }
                scales.append(Double(scale))
                sizes.append(Int(extent))
            }
        } else {
            guard let given = try arguments.integers(3), given.count == axes.count,
                given.allSatisfy({ 0...Window.largestExtent ~= $0 })
            else { throw invalid(.inputs, "needs scales or extents for \(axes.count) axes") }
            sizes = given
            scales = zip(given, axes).map { Double($0) / Double(max(data[$1], 1)) }
            if aspectRatio != .stretch {
                let common = (aspectRatio == .notLarger ? scales.min() : scales.max()) ?? 1
                scales = scales.map { _ in common }
                sizes = axes.map { Int(min((common * Double(data[$0]) + 0.5).rounded(.down), 0x1p40)) }
            }
        }
        let regions = try regions(arguments, count: axes.count)
        for (index, axis) in axes.enumerated() {
            result[axis] = AxisResampling(
                input: data[axis], output: sizes[index], scale: scales[index], region: regions[index])
        }
        return result
    }

    /// The region of interest along each of the axes; all of it where coordinates do not depend on it.
    private func regions(_ arguments: Arguments, count: Int) throws -> [ClosedRange<Double>] {
        guard case .cropAndResize = coordinates else { return [ClosedRange<Double>](repeating: 0...1, count: count) }
        guard let bounds = try arguments.floats(1), bounds.count == 2 * count else {
            throw invalid(.inputs, "needs a region of interest for \(count) axes")
        }
        var regions: [ClosedRange<Double>] = []
        for axis in 0..<count {
            let (start, end) = (Double(bounds[axis]), Double(bounds[axis + count]))
            guard start <= end, start.magnitude <= 0x1p20, end.magnitude <= 0x1p20 else {
                throw invalid(.inputs, "has a region of interest from \(start) to \(end)")
            }
            regions.append(start...end)
        }
        return regions
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let values = inputs.map { $0.map { KnownValue(type: $0.type, constant: $0) } }
        let output = try outputShape(of: inputs)
        let data = inputs.tensor(0)
        let axes = try resamplings(of: data.shape, Arguments(values, of: self, count: 2...4))
        var result = data
        var outside = [Bool](repeating: false, count: output.elementCount)
        // Shrinking axes first: nothing in between is larger than both the input and the output.
        for axis in axes.indices.sorted(by: { axes[$0].growth < axes[$1].growth }) {
            let samples = axes[axis].samples(self)
            result = resample(result, axis: axis, samples: samples)
            let stride = output.strides[axis]
            if samples.contains(where: \.isOutside) {
                for index in outside.indices where samples[index / stride % output[axis]].isOutside {
                    outside[index] = true
                }
            }
        }
        if case .cropAndResize(let extrapolation) = coordinates, let elements = result.floats {
            result = Tensor(shape: output, zip(elements, outside).map { $1 ? extrapolation : $0 })
        }
        return [result]
    }

    private func resample(_ tensor: Tensor, axis: Int, samples: [AxisResampling.Sample]) -> Tensor {
        guard let data = tensor.floats else { preconditionFailure("Resize accepted \(tensor.elementType)") }
        if samples.count == tensor.shape[axis],
            samples.enumerated().allSatisfy({ $1.taps.count == 1 && $1.taps[0].index == $0 })
        {
            return tensor
        }
        let planes = Planes(tensor.shape, channelAxis: axis)
        var extents = tensor.shape.dimensions
        extents[axis] = samples.count
        let shape = Shape(extents)
        var result = [Float](repeating: 0, count: shape.elementCount)
        for image in 0..<planes.images {
            for (position, sample) in samples.enumerated() {
                let target = (image * samples.count + position) * planes.size
                for tap in sample.taps {
                    let source = (image * planes.channels + tap.index) * planes.size
                    for column in 0..<planes.size { result[target + column] += tap.weight * data[source + column] }
                }
            }
        }
        return Tensor(shape: shape, result)
    }
}
