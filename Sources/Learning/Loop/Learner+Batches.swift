import Analysis
import NeuralNetworks

extension Learner {
    /// Tiles with their truths: which ones follows from the seed and the batch's number.
    func examples(ofBatch number: Int) throws -> (images: Tensor, truths: [Tensor]) {
        let (draw, batch) = (draw, settings.batch)
        let count = draw.tickets.count
        var orders: [Int: [Int]] = [:]
        let numbers = (number * batch..<(number + 1) * batch).map { number -> (number: Int, scan: Int) in
            let epoch = number / count
            let order = orders[epoch] ?? draw.order(ofEpoch: epoch)
            orders[epoch] = order
            return (number, order[number % count])
        }
        let shapes = task.truthShapes(ofSide: side)
        var (planes, truths) = ([Float](), [[Float]](repeating: [], count: shapes.count))
        try OrderedTileMap(tileCount: batch, threadCount: settings.threads).run(
            makeWorker: { () throws(LearningError) in () },
            compute: { (_, index) throws(LearningError) in
                try draw.example(numbers[index].number, of: numbers[index].scan)
            },
            consume: { (_, example) throws(LearningError) in
                planes += example.planes
                for (index, truth) in example.truths.enumerated() { truths[index] += truth }
            })
        return (
            Tensor(shape: [batch, channels, side, side], planes),
            zip(shapes, truths).map { Tensor(shape: Shape([batch] + $0), $1) }
        )
    }

    /// What is kept of each value is enlarged, so that their mean stays.
    func dropoutMasks(_ training: TrainingGraph, batch: Int) -> [Tensor] {
        zip(training.graph.inputs.dropFirst(), training.dropped).enumerated().map { index, mask in
            let shape = training.inputShapes[mask.0.name] ?? []
            var random = SplitMix64(
                seed: SplitMix64.mix(settings.seed &+ 2) ^ UInt64(batch) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(index))
            let kept = 1 / (1 - mask.1)
            return Tensor(shape: shape, (0..<shape.elementCount).map { _ in random.nextFraction() < mask.1 ? 0 : kept })
        }
    }
}
