import Analysis
import Evaluation
import Findings
import Imaging
import Slides

extension TrueForeground {
    /// Of the picture.
    var share: Double {
        Double(pixels.runs.reduce(0) { $0 + $1.length }) / Double(max(1, width * height))
    }
}

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
        case objects(LabelledObjects)
    }

    /// Of a segmentation.
    var foreground: TrueForeground? {
        if case .foreground(let foreground) = label { foreground } else { nil }
    }

    /// Of a detection.
    var objects: LabelledObjects? {
        if case .objects(let objects) = label { objects } else { nil }
    }

    /// The longer side of each object, in pixels that the network sees.
    var objectSides: [Int] {
        (objects?.truth.items ?? []).map { max($0.box.width, $0.box.height) * picture.width / picture.fullWidth }
    }

    /// The truth of a tile, for each of the network's outputs: `[K, H, W]` of a segmentation, `[K]` of a classification; 1 where a
    /// class is true, and -1 where nothing is known. Of a detection see ``ObjectTargets``.
    func truths(_ task: LearningTask, at place: TilePlace) -> [[Float]] {
        switch label {
        case .grade(let index): return [task.classes.indices.map { $0 == index ? 1 : 0 }]
        case .objects(let objects): return task.targets?.truths(of: self, objects, at: place) ?? []
        case .foreground(let foreground):
            let side = place.side
            let plane = side * side
            var truths = [Float](repeating: 0, count: task.classes.count * plane)
            for y in 0..<side {
                for x in 0..<side {
                    let (column, row) = place.pixel(x: x, y: y)
                    let place = (
                        x: position(column, picture.width, picture.fullWidth),
                        y: position(row, picture.height, picture.fullHeight)
                    )
                    let index = y * side + x
                    if foreground.known?.contains(x: place.x, y: place.y) == false {
                        for unknown in task.classes.indices { truths[unknown * plane + index] = -1 }
                    } else if foreground.pixels.contains(x: place.x, y: place.y) {
                        truths[task.structure * plane + index] = 1
                    } else if let background = task.background {
                        truths[background * plane + index] = 1
                    }
                }
            }
            return [truths]
        }
    }

    /// Which share of a window it is known of whether it shows the structure, by a grid of its pixels.
    func knownShare(of window: PixelWindow) -> Double {
        guard let known = foreground?.known else { return 1 }
        let points = 16
        let count = (0..<points * points).count { index in
            let (column, row) = (index % points * window.width / points, index / points * window.height / points)
            return known.contains(
                x: position(window.x + column, picture.width, picture.fullWidth),
                y: position(window.y + row, picture.height, picture.fullHeight))
        }
        return Double(count) / Double(points * points)
    }

    /// The object that each pixel of a tile shows, `[H, W]`; 0 where there is none.
    func numbers(_ objects: LabelledObjects, at place: TilePlace) -> [Int32] {
        let side = place.side
        return (0..<side * side).map { index in
            let (column, row) = place.pixel(x: index % side, y: index / side)
            return objects.number(
                x: position(column, picture.width, picture.fullWidth),
                y: position(row, picture.height, picture.fullHeight))
        }
    }

    /// Where at level 0 the middle of a pixel of the picture lies, mirrored in as its pixels are.
    private func position(_ index: Int, _ length: Int, _ fullLength: Int) -> Int {
        let inside = Reflection.fold(index, length: length)
        guard length != fullLength else { return inside }
        return min(fullLength - 1, Int((Double(inside) + 0.5) * Double(fullLength) / Double(length)))
    }
}
