/// Cuts regions out of a feature map and resamples each to one size, by bilinear samples.
///
/// Inputs: data `[N, C, H, W]` and regions `[R, 4]`, both `float32`, each region as left, top, right, bottom; and the
/// image that each region is of, `[R]`, `int64`. Output: `[R, C, height, width]`.
///
/// Source: He et al., "Mask R-CNN", 2017; ONNX operator RoiAlign.
public struct RegionAlignment: Operator {
    public enum Pooling: Sendable, Hashable {
        case average
        /// The largest of the samples' weighted neighbours.
        case maximum
    }

    /// Where the centre of the first element lies.
    public enum Coordinates: Sendable, Hashable {
        case halfPixel
        /// At 0, and regions are at least one element large.
        case outputHalfPixel
    }

    public var pooling: Pooling
    public var coordinates: Coordinates
    public var height: Int
    public var width: Int
    /// Samples along each axis of an output element; nil for about one for each element of the input.
    public var samplesPerAxis: Int?
    /// What regions are multiplied by to be in elements of the data.
    public var spatialScale: Float

    public init(
        _ pooling: Pooling = .average, coordinates: Coordinates = .halfPixel, height: Int = 1, width: Int = 1,
        samplesPerAxis: Int? = nil, spatialScale: Float = 1
    ) {
        self.pooling = pooling
        self.coordinates = coordinates
        self.height = height
        self.width = width
        self.samplesPerAxis = samplesPerAxis
        self.spatialScale = spatialScale
    }

    public var name: String { "RoiAlign" }
    public var accuracy: AccuracyClass { .accumulating }

    public func outputTypes(for inputs: [KnownValue?]) throws -> [TensorType] {
        let arguments = try Arguments(inputs, of: self, count: 3...3)
        let data = try arguments.float32(0, rank: 4...4)
        let regions = try arguments.float32(1, rank: 2...2)
        let images = try arguments.type(2, of: [.int64], rank: 1...1).shape
        guard regions[1] == 4, images[0] == regions[0] else {
            throw invalid(.inputs, "has regions of \(regions) for images of \(images)")
        }
        guard height > 0, width > 0, (samplesPerAxis ?? 1) > 0, data[2] > 0, data[3] > 0 else {
            throw invalid(.attributes, "cannot resample to \(height) x \(width)")
        }
        return [TensorType(elementType: .float32, shape: try shape([regions[0], data[1], height, width]))]
    }

    public func evaluate(_ inputs: [Tensor?]) throws -> [Tensor] {
        let output = try outputShape(of: inputs)
        let (data, regions) = (inputs.floats(0), inputs.floats(1))
        let shape = inputs.tensor(0).shape
        guard let images = inputs.tensor(2).integers else { preconditionFailure("RoiAlign accepted no images") }
        var result: [Float] = []
        result.reserveCapacity(output.elementCount)
        for (region, image) in images.enumerated() {
            guard 0..<shape[0] ~= image else { throw invalid(.inputs, "names image \(image) of \(shape[0])") }
            let bounds = regions[region * 4..<(region + 1) * 4].map { $0 * spatialScale }
            let rows = try bins(bounds[1], bounds[3], count: height, extent: shape[2])
            let columns = try bins(bounds[0], bounds[2], count: width, extent: shape[3])
            try checkWork(rows, columns, channels: shape[1])
            for channel in 0..<shape[1] {
                let start = (image * shape[1] + channel) * shape[2] * shape[3]
                let plane = data[start..<start + shape[2] * shape[3]]
                for row in rows {
                    for column in columns { result.append(pooled(plane, row, column, stride: shape[3])) }
                }
            }
        }
        return [Tensor(shape: output, result)]
    }

    /// A sample along one axis: two neighbours and their weights. Nil outside of the data, where it counts as 0.
    private struct Sample {
        let lower: Int
        let upper: Int
        let fraction: Float
    }

    /// The samples of each output position along one axis.
    private func bins(
        _ start: Float, _ end: Float, count: Int, extent: Int
    ) throws -> [[Sample?]] {
        let offset: Float = coordinates == .halfPixel ? 0.5 : 0
        let length = coordinates == .halfPixel ? end - start : max(end - start, 1)
        let step = length / Float(count)
        let samples = samplesPerAxis.map(Float.init) ?? step.rounded(.up)
        guard samples.magnitude <= Self.largestSampleCount else {
            throw invalid(.size, "has a region from \(start) to \(end)")
        }
        return (0..<count).map { bin in
            (0..<max(0, Int(samples))).map { index in
                let place = start - offset + Float(bin) * step + (Float(index) + 0.5) * step / samples
                guard place >= -1, place <= Float(extent) else { return nil }
                let inside = min(max(place, 0), Float(extent - 1))
                let lower = Int(inside)
                return Sample(lower: lower, upper: min(lower + 1, extent - 1), fraction: inside - Float(lower))
            }
        }
    }

    /// More samples along an axis of an output element, or more of them altogether, are refused: a region's size is
    /// whatever a network computes.
    private static let largestSampleCount: Float = 4096
    private static let largestWork = 1 << 34

    private func checkWork(_ rows: [[Sample?]], _ columns: [[Sample?]], channels: Int) throws {
        let samples = (rows[0].count * columns[0].count).multipliedReportingOverflow(by: height * width * channels)
        guard !samples.overflow, samples.partialValue <= Self.largestWork else {
            throw invalid(.size, "takes too many samples of a region")
        }
    }

    private func pooled(_ plane: ArraySlice<Float>, _ rows: [Sample?], _ columns: [Sample?], stride: Int) -> Float {
        var sum: Float = 0
        var largest = -Float.infinity
        for row in rows {
            for column in columns {
                guard let row, let column else {
                    largest = max(largest, 0)
                    continue
                }
                func weighted(_ y: Int, _ x: Int, _ weight: Float) -> Float {
                    plane[plane.startIndex + y * stride + x] * weight
                }
                let terms = (
                    weighted(row.lower, column.lower, (1 - row.fraction) * (1 - column.fraction)),
                    weighted(row.lower, column.upper, (1 - row.fraction) * column.fraction),
                    weighted(row.upper, column.lower, row.fraction * (1 - column.fraction)),
                    weighted(row.upper, column.upper, row.fraction * column.fraction)
                )
                sum += terms.0 + terms.1 + terms.2 + terms.3
                largest = max(largest, max(max(terms.0, terms.1), max(terms.2, terms.3)))
            }
        }
        let count = rows.count * columns.count
        guard count > 0 else { return 0 }
        return pooling == .average ? sum / Float(count) : largest
    }
}
