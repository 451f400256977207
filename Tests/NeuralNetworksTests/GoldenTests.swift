import Foundation
import NeuralNetworks
import Testing

/// The classic architectures against PyTorch's outputs for the same weights, as
/// `Goldens/make-goldens.py` wrote them.
@Suite struct GoldenTests {
    struct Golden: Sendable {
        let architecture: any Architecture
        let input: ImageShape
    }

    private static let small = ImageShape(channels: 3, height: 64, width: 64)

    static let quick = [
        Golden(architecture: LeNet5(), input: ImageShape(channels: 1, height: 32, width: 32)),
        Golden(architecture: UNet(baseChannels: 8), input: ImageShape(channels: 3, height: 32, width: 32)),
    ]

    /// Too slow without optimisation.
    static let slow = [
        Golden(architecture: AlexNet(), input: small),
        Golden(architecture: VGG(.eleven, normalisation: .batch), input: small),
        Golden(architecture: VGG(.sixteen), input: small),
        Golden(architecture: VGG(.nineteen), input: small),
        Golden(architecture: ResNet(.eighteen), input: small),
        Golden(architecture: ResNet(.thirtyFour), input: small),
        Golden(architecture: ResNet(.fifty), input: small),
        Golden(architecture: ResNet(.hundredAndOne), input: small),
    ]

    #if DEBUG
        static let tested = quick
    #else
        static let tested = quick + slow
    #endif

    @Test(arguments: tested) func equalsPyTorch(_ golden: Golden) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")
        let file = folder.appending(path: "\(golden.architecture.name).npy")
        let expected = try NPY.decode(Array(Data(contentsOf: file)))
        let shape: Shape = [1, golden.input.channels, golden.input.height, golden.input.width]
        let image = Tensor(shape: shape, (0..<shape.elementCount).map { Float($0 * 7919 % 1000) / 1000 - 0.5 })
        let graph = try golden.architecture.graph(input: golden.input)
        let output = try #require(try ReferenceExecutor(graph).run(["input": image])["output"])
        #expect(output.shape == expected.shape)
        let (mine, theirs) = try (#require(output.floats), #require(expected.floats))
        let largest = try #require(theirs.map(\.magnitude).max())
        let error = try #require(zip(mine, theirs).map { ($0 - $1).magnitude }.max())
        #expect(error <= AccuracyClass.accumulating.relativeTolerance * largest)
    }
}
