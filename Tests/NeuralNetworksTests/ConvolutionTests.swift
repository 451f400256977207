import NeuralNetworks
import Testing

@Suite struct ConvolutionTests {
    @Test func findsVerticalEdges() throws {
        let image: [Float] = [
            1, 2, 0, 3, 1,
            4, 5, 6, 7, 8,
            1, 0, 1, 2, 1,
            0, 1, 3, 4, 0,
            3, 4, 5, 1, 2,
        ]
        let edges: [Float] = [
            1, 0, -1,
            1, 0, -1,
            1, 0, -1,
        ]
        let response = try Convolution().evaluate([
            Tensor(shape: [1, 1, 5, 5], image), Tensor(shape: [1, 1, 3, 3], edges),
        ])
        #expect(response == [Tensor(shape: [1, 1, 3, 3], [-1, -5, -3, -5, -7, 1, -5, -2, 6] as [Float])])
    }
}
