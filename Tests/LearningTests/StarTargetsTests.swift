import Analysis
import Evaluation
import Findings
import Imaging
import NeuralNetworks
import Testing

@testable import Learning

/// What a star-convex network is asked for.
@Suite struct StarTargetsTests {
    private func objects(_ boxes: [Finding.Box], unboxed: Set<String> = []) -> LabelledObjects {
        let items = boxes.map { box in
            ObjectTruth.Item(
                label: nil, box: box,
                pixels: RunLengths(
                    joining: (box.y..<box.y + box.height).map { PixelRun(row: $0, start: box.x, length: box.width) }))
        }
        return LabelledObjects(
            ObjectTruth(items: items, tellsClasses: false), classes: boxes.map { _ in 0 }, unboxed: unboxed)
    }

    private func numbers(_ objects: LabelledObjects, side: Int) -> [Int32] {
        (0..<side * side).map { objects.number(x: $0 % side, y: $0 / side) }
    }

    private func targets(_ card: String) throws -> StarTargets {
        let output = try ModelCard(
            markdown: """
                ---
                model: a.onnx
                task: detection
                architecture: none
                licence: none
                input: {name: image, colour: RGB, normalisation: {method: scale}}
                output: {form: star-convex, name: p, distances: d, activation: sigmoid, classes: [cell], \(card)}
                ---
                """, file: "card.md"
        ).output
        guard case .starConvex(let form) = output.detection else { throw LearningError(.settings, "no star") }
        return StarTargets(classes: ["cell"], rays: 4, reduction: 2, form: form)
    }

    @Test func distancesReachToWhereTheObjectEnds() throws {
        // Two that touch: no ray goes from one into the other.
        let objects = objects([.init(x: 2, y: 4, width: 6, height: 8), .init(x: 8, y: 4, width: 4, height: 8)])
        let truths = try targets("cell-position: middle").truths(of: numbers(objects, side: 16), side: 16, objects)
        // Of the cell whose middle is (5, 7): right, down, left, up.
        let cell = 3 * 8 + 2
        #expect((0..<4).map { truths[1][$0 * 64 + cell] } == [3, 5, 3, 3])
        #expect(truths[0][cell] == 1)
        #expect(truths[0][3 * 8 + 1] == Float(1) / 3)
        #expect(truths[0][0] == 0)
        let sampled = try targets("distance-unit: cells").truths(of: numbers(objects, side: 16), side: 16, objects)
        // The cell's first pixel is (4, 6), whose middle is at 4.5 and 6.5.
        #expect((0..<4).map { sampled[1][$0 * 64 + cell] } == [1.75, 2.75, 1.25, 1.25])
    }

    @Test func nothingIsAskedOfAClassThatIsNotWhollyTold() throws {
        let objects = objects([.init(x: 2, y: 4, width: 6, height: 8)], unboxed: ["cell"])
        let truths = try targets("").truths(of: numbers(objects, side: 16), side: 16, objects)
        #expect(truths[0][0] == -1 && truths[0].max() == 1)
    }

    @Test func whatTwoOutlinesShareIsTheLeftOnes() {
        let objects = objects([.init(x: 4, y: 0, width: 4, height: 2), .init(x: 2, y: 1, width: 4, height: 2)])
        #expect((2..<8).map { objects.number(x: $0, y: 1) } == [2, 2, 2, 2, 1, 1])
        #expect((2..<8).map { objects.number(x: $0, y: 0) } == [0, 0, 1, 1, 1, 1])
    }

    /// Of the convolutions 4 at each spacing going down (124) and up (60), of the poolings 15, of what enlarges 15, and the pixel.
    @Test func aNetworkSeesWhatItsKernelsAddUpTo() throws {
        let image = ImageShape(channels: 3, height: 64, width: 64)
        let network = try UNet(depth: 4, baseChannels: 2, classes: 1).graph(input: image)
        let shapes: [String: Shape] = ["input": [1, 3, 64, 64]]
        #expect(network.receptiveField(of: network.outputs[0].name, inputShapes: shapes) == 215)
        let classifier = try LeNet5().graph(input: ImageShape(channels: 1, height: 32, width: 32))
        #expect(
            classifier.receptiveField(of: classifier.outputs[0].name, inputShapes: ["input": [1, 1, 32, 32]]) == nil)
    }
}
