import NeuralNetworks
import Testing

@Suite struct WindowTests {
    struct Case: Sendable {
        let window: Window
        let input: [Int]
        var rounding = Window.Rounding.floor
        let output: [Int]
        let begin: [Int]
        let end: [Int]
    }

    static let cases = [
        Case(window: Window(kernelShape: [3, 3]), input: [5, 7], output: [3, 5], begin: [0, 0], end: [0, 0]),
        Case(
            window: Window(kernelShape: [3, 3], strides: [2, 2], pads: [1, 0, 1, 2]), input: [5, 7], output: [3, 4],
            begin: [1, 0], end: [1, 2]),
        Case(window: Window(kernelShape: [3], dilations: [2]), input: [9], output: [5], begin: [0], end: [0]),
        Case(
            window: Window(kernelShape: [2], strides: [2]), input: [5], rounding: .ceiling, output: [3], begin: [0],
            end: [0]),
        // The third window would start in the padding after the end.
        Case(
            window: Window(kernelShape: [1], strides: [2], pads: [0, 1]), input: [4], rounding: .ceiling, output: [2],
            begin: [0], end: [1]),
        Case(
            window: Window(kernelShape: [4], strides: [2], automaticPadding: .sameUpper), input: [5], output: [3],
            begin: [1], end: [2]),
        Case(
            window: Window(kernelShape: [4], strides: [2], automaticPadding: .sameLower), input: [5], output: [3],
            begin: [2], end: [1]),
        Case(
            window: Window(kernelShape: [3], automaticPadding: .valid), input: [5], output: [3], begin: [0], end: [0]),
    ]

    @Test(arguments: cases) func resolves(_ example: Case) throws {
        let geometry = try example.window.geometry(input: example.input, rounding: example.rounding)
        #expect(geometry.outputShape == example.output)
        #expect(geometry.padsBegin == example.begin)
        #expect(geometry.padsEnd == example.end)
    }

    @Test func transposedConvolutionsAreTheReverse() throws {
        // What a convolution reads, its transpose writes: their products with any tensors agree.
        let window = Window(kernelShape: [3, 2], strides: [2, 1], pads: [1, 0, 0, 1], dilations: [1, 2])
        let weights = Tensor(shape: [2, 3, 3, 2], (0..<36).map { Float($0 * 5 % 7) - 3 })
        let large = Tensor(shape: [1, 3, 6, 5], (0..<90).map { Float($0 * 3 % 11) - 5 })
        let small = try Convolution(window: window).evaluate([large, weights])[0]
        let probe = Tensor(shape: small.shape, (0..<small.shape.elementCount).map { Float($0 * 7 % 5) - 2 })
        var spread = ConvolutionTranspose(window: window)
        spread.outputPadding = [6 - (2 * (small.shape[2] - 1) + 3 - 1), 0]
        let back = try spread.evaluate([probe, weights])[0]
        #expect(back.shape == large.shape)
        func product(_ left: Tensor, _ right: Tensor) -> Float? {
            guard let left = left.floats, let right = right.floats else { return nil }
            return zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
        }
        #expect(product(small, probe) == product(large, back))
    }
}
