import NeuralNetworks
import Testing

/// By scales that give no whole extent, or meet a neighbour exactly. What ONNX Runtime 1.32 answers for the squares of
/// 0, 1, 2 ...
@Suite struct ResizeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let interpolation: Resize.Interpolation
        let coordinates: Resize.Coordinates
        let scale: Float
        let count: Int
        let expected: [Float]
        var testDescription: String { "\(interpolation), \(coordinates), \(count) by \(scale)" }
    }

    static let cases = [
        Case(.linear, .alignCorners, 1.5, 5, [0, 0.6666667, 2, 4, 7.333334, 11.333333, 16]),
        Case(.linear, .alignCorners, 0.6, 7, [0, 4, 16, 36]),
        Case(
            .cubic(coefficient: -0.75), .alignCorners, 1.2, 7,
            [0, 0.64285606, 2.705537, 6.4023342, 11.755102, 18.658901, 27.039356, 36]),
        Case(.linear, .pytorchHalfPixel, 0.35, 5, [0]),
        Case(.nearest(.floor), .alignCorners, 1.5, 7, [0, 0, 1, 4, 4, 9, 16, 16, 25, 36]),
        Case(.nearest(.floor), .halfPixel, 0.6, 10, [0, 4, 9, 25, 36, 64]),
        Case(.nearest(.floor), .asymmetric, 0.6, 10, [0, 1, 9, 25, 36, 64]),
        Case(.nearest(.floor), .asymmetric, 1.2, 10, [0, 0, 1, 4, 9, 16, 25, 25, 36, 49, 64, 81]),
        Case(.nearest(.floor), .pytorchHalfPixel, 0.6, 7, [0, 4, 9, 25]),
    ]

    @Test(arguments: cases)
    func samplesAsOtherRuntimesDo(_ given: Case) throws {
        let squares = Tensor(shape: [1, 1, 1, given.count], (0..<given.count).map { Float($0 * $0) })
        let scales = Tensor(shape: [4], [1, 1, 1, given.scale] as [Float])
        let resized = try Resize(given.interpolation, coordinates: given.coordinates)
            .evaluate([squares, nil, scales])[0]
        let values = try #require(resized.floats)
        #expect(values.count == given.expected.count)
        for (value, expected) in zip(values, given.expected) { #expect(abs(value - expected) < 1e-4) }
    }
}

extension ResizeTests.Case {
    init(
        _ interpolation: Resize.Interpolation, _ coordinates: Resize.Coordinates, _ scale: Float, _ count: Int,
        _ expected: [Float]
    ) {
        self.init(
            interpolation: interpolation, coordinates: coordinates, scale: scale, count: count, expected: expected)
    }
}
