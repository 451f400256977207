import Analysis
import Evaluation
import Findings
import Imaging
import Slides

/// A scan with what is true of it, ready to be drawn from.
public struct LabelledScan: Sendable {
    /// Of the manifest.
    let truth: GroundTruth
    let path: String
    let picture: StagePicture
    let hash: ContentHash
    let label: Label

    enum Label: Sendable {
        case foreground(TrueForeground)
        case grade(Int)
    }

    /// Of a segmentation.
    var foreground: TrueForeground? {
        if case .foreground(let foreground) = label { foreground } else { nil }
    }

    /// The truth of a tile: `[K, H, W]` of a segmentation, `[K]` of a classification; 1 where a class is true.
    ///
    /// - Parameter place: where in the picture a pixel of the tile looks.
    func truths(
        ofSide side: Int, _ task: LearningTask, at place: (_ x: Int, _ y: Int) -> (x: Int, y: Int)
    ) -> [Float] {
        switch label {
        case .grade(let index): return task.classes.indices.map { $0 == index ? 1 : 0 }
        case .foreground(let foreground):
            let plane = side * side
            var truths = [Float](repeating: 0, count: task.classes.count * plane)
            for y in 0..<side {
                for x in 0..<side {
                    let (column, row) = place(x, y)
                    let isStructure = foreground.pixels.contains(
                        x: position(column, picture.width, picture.fullWidth),
                        y: position(row, picture.height, picture.fullHeight))
                    let index = y * side + x
                    if isStructure {
                        truths[task.structure * plane + index] = 1
                    } else if let background = task.background {
                        truths[background * plane + index] = 1
                    }
                }
            }
            return truths
        }
    }

    /// Where at level 0 the middle of a pixel of the picture lies, mirrored in as its pixels are.
    private func position(_ index: Int, _ length: Int, _ fullLength: Int) -> Int {
        let inside = Reflection.fold(index, length: length)
        guard length != fullLength else { return inside }
        return min(fullLength - 1, Int((Double(inside) + 0.5) * Double(fullLength) / Double(length)))
    }
}
