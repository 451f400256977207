import Analysis
import Findings
import Foundation
import Imaging
import NeuralNetworks
import Reporting
import Slides

/// A tile of a scan that was not learned from, with what is true of it and what the network makes of it.
public struct TrainingSample {
    /// Of the manifest.
    let line: Int
    let picture: Thumbnail
    /// Of a segmentation or a detection.
    let outlines: [(label: String, parts: [RunLengths])]
    let words: String

    func markup(id: String) -> Markup {
        let caption: Markup = "Line \(line): \(words)"
        return OutlinedPicture(picture, outlines: outlines)?.markup(id: id, caption: caption) ?? .empty
    }
}

extension Learner {
    private static let samples = 8

    /// Some tiles of the scans to try on, spread evenly.
    ///
    /// - Parameter temperature: by what the logits are divided.
    public func samples(of graph: Graph, temperature: Double) throws -> [TrainingSample] {
        let shape: Shape = [1, channels, side, side]
        let context = try compiled(graph).makeContext()
        return try trials.trials(atMost: Self.samples).compactMap { scan, window -> TrainingSample? in
            let example = try trials.plain(scan, window)
            let answers = try context.run([Tensor(shape: shape, example.planes)])
            let logits = answers[0].numbers.map { $0 / Float(temperature) }
            let image = try trials.pixels(trials.scans[scan], window)
            guard let jpeg = image.jpeg(quality: 85),
                let picture = Thumbnail(width: side, height: side, jpeg: Data(jpeg))
            else { return nil }
            let line = trials.scans[scan].truth.line
            switch task.kind {
            case .classification:
                return TrainingSample(
                    line: line, picture: picture, outlines: [], words: words(logits, example.truths[0]))
            case .segmentation:
                let (found, truth) = (marked(logits, over: 0), marked(example.truths[0], over: 0.5))
                let dice = (MaskOverlap(truth, found).dice * 100).rounded() / 100
                return TrainingSample(
                    line: line, picture: picture, outlines: [("true", [truth]), ("found", [found])],
                    words: "true (whole line) and found (dashed), Dice \(dice)")
            case .detection:
                let (truth, found) = try objects(trials.scans[scan], window, answers, temperature)
                return TrainingSample(
                    line: line, picture: picture, outlines: [("true", truth), ("found", found)],
                    words: "\(truth.count) true (whole line) and \(found.count) found (dashed)")
            }
        }
    }

    /// The objects of a tile that are true, and that are found as a night finds them.
    private func objects(
        _ scan: LabelledScan, _ window: PixelWindow, _ answers: [Tensor], _ temperature: Double
    ) throws -> (truth: [RunLengths], found: [RunLengths]) {
        guard let objects = scan.objects, let targets = task.targets else { return ([], []) }
        let truth = targets.items(of: scan, objects, at: TilePlace(window, side: side))
        let found = try self.objects(in: answers, threshold: 1, temperature: temperature)
        return (truth.map { $0.pixels ?? Self.pixels(of: $0.box) }, found.map { $0.pixels ?? Self.pixels(of: $0.box) })
    }

    private static func pixels(of box: Finding.Box) -> RunLengths {
        RunLengths(joining: (box.y..<box.y + box.height).map { PixelRun(row: $0, start: box.x, length: box.width) })
    }

    /// Pixels of the structure: where its number is larger than a limit, or with a softmax than the background's.
    private func marked(_ numbers: [Float], over limit: Float) -> RunLengths {
        let plane = side * side
        let isMarked = (0..<plane).map { pixel in
            let value = numbers[task.structure * plane + pixel]
            guard task.activation == .softmax, let background = task.background else { return value > limit }
            return value > numbers[background * plane + pixel]
        }
        return MaskImage(width: side, height: side, pixels: isMarked).foreground
    }

    private func words(_ logits: [Float], _ truths: [Float]) -> String {
        func best(_ numbers: [Float]) -> Int { numbers.indices.max { numbers[$0] < numbers[$1] } ?? 0 }
        // Of several sigmoids none may be true, or reach a half.
        func label(_ numbers: [Float], over limit: Float) -> String {
            task.otherwise.flatMap { (numbers.max() ?? 0) > limit ? nil : $0 } ?? task.classes[best(numbers)]
        }
        let largest = logits.max() ?? 0
        let sum = logits.reduce(0) { $0 + exponential($1 - largest) }
        let share = task.activation == .softmax ? 1 / sum : Logistic.probability(largest)
        let found = label(logits, over: 0)
        return
            "\(label(truths, over: 0)); found: \(found), \(Double(found == task.otherwise ? 1 - share : share).percent)"
    }
}
