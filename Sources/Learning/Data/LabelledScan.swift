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
        /// Foreground at level 0.
        case foreground(RunLengths)
        case grade(Int)
    }

    /// The truth of a window: `[K, H, W]` of a segmentation, `[K]` of a classification; 1 where a class is true.
    func truths(in window: PixelWindow, _ task: LearningTask) -> [Float] {
        switch label {
        case .grade(let index): return task.classes.indices.map { $0 == index ? 1 : 0 }
        case .foreground(let foreground):
            let plane = window.width * window.height
            var truths = [Float](repeating: 0, count: task.classes.count * plane)
            let columns = (0..<window.width).map { position(window.x + $0, picture.width, picture.fullWidth) }
            for y in 0..<window.height {
                let row = position(window.y + y, picture.height, picture.fullHeight)
                for (x, column) in columns.enumerated() {
                    let isStructure = foreground.contains(x: column, y: row)
                    let index = y * window.width + x
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
