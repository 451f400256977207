import Foundation
import Learning
import NeuralNetworks
import OneDNN
import Testing

/// The losses of ten steps against PyTorch's, as `Goldens/make-losses.py` wrote them.
@Suite struct FirstStepsTests {
    struct Golden: Sendable {
        let architecture: any Architecture
        let input: ImageShape
        let loss: any Loss
    }

    private static let quick = [
        Golden(
            architecture: LeNet5(), input: ImageShape(channels: 1, height: 32, width: 32),
            loss: CrossEntropy(smoothing: 0.1)),
        Golden(
            architecture: UNet(baseChannels: 8), input: ImageShape(channels: 3, height: 32, width: 32),
            loss: BinaryCrossEntropy()),
    ]

    #if DEBUG
        private static let tested = quick
    #else
        private static let tested =
            quick + [
                Golden(
                    architecture: ResNet(.eighteen), input: ImageShape(channels: 3, height: 64, width: 64),
                    loss: CrossEntropy(smoothing: 0.1))
            ]
    #endif

    private static let batch = 8

    @Test(arguments: tested) func followsPyTorch(_ golden: Golden) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")
        let file = folder.appending(path: "\(golden.architecture.name).npy")
        let expected = try #require(try NPY.decode(Array(Data(contentsOf: file))).floats)
        let image = golden.input
        let shape: Shape = [Self.batch, image.channels, image.height, image.width]
        let graph = try golden.architecture.graph(input: image)
        let training = try TrainingGraph(graph, inputShapes: ["input": shape])
        let network = try OneDNNEngine().compile(training, threads: 2)
        var state = LearningState(
            parameters: training.parameters.compactMap { graph.initializers[$0] },
            statistics: training.statistics.flatMap { [$0.mean, $0.variance] }.map {
                graph.initializers[$0]?.floats ?? []
            })
        for step in 0..<10 {
            let images = Tensor(shape: shape, drawn("images \(step)", shape.elementCount).map { $0 - 0.5 })
            let outputs = try network.forward([images], parameters: state.parameters)
            let answers = outputs[0].shape
            let truths: [Float] =
                answers.rank == 4
                ? drawn("truths \(step)", answers.elementCount).map { $0 < 0.3 ? 1 : 0 }
                : (0..<answers.elementCount).map { $0 % answers[1] == $0 / answers[1] * 3 % answers[1] ? 1 : 0 }
            let value = golden.loss.value(of: outputs[0], truths: Tensor(shape: answers, truths))
            #expect(abs(value.value - Double(expected[step])) <= 1e-3 * Double(expected[step]), "step \(step)")
            AdamW(decay: 0.01).update(&state, by: try network.backward(from: [value.gradient]), rate: 1e-4)
        }
    }

    /// Fractions by the name's FNV-1a hash, as the script draws them.
    private func drawn(_ name: String, _ count: Int) -> [Float] {
        let seed = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in random.nextFraction() }
    }
}

@Suite struct ScheduleTests {
    @Test func risesInALineAndFallsToNothing() {
        let schedule = Schedule(highest: 0.1, warmUp: 4, steps: 24)
        #expect((0..<4).map { schedule.rate(at: $0) } == [0.025, 0.05, 0.075, 0.1])
        #expect(schedule.rate(at: 4) == 0.1)
        #expect(abs(schedule.rate(at: 14) - 0.05) < 1e-6)
        #expect(schedule.rate(at: 24) == 0)
    }
}
