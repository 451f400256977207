import Findings
import Imaging
import Slides

/// An object that stays, as it waits for its finding: some two hundred bytes, for a large scan has a hundred thousand.
struct DetectedObject: Sendable {
    let classIndex: Int
    /// Of each class.
    let probabilities: [Float]
    /// See ``ObjectCandidate/certainty``.
    let certainty: Float
    /// Of level 0, within the scan.
    let box: Finding.Box
    let outline: Outline?

    /// Of an object whose network outlines it.
    struct Outline: Sendable {
        let area: Int
        let centroid: Finding.Point
        let perimeter: Double
        let eccentricity: Double
        /// See `RunLengths.encoded()`.
        let encodedPixels: [UInt8]
    }

    /// - Returns: nil for one that lies outside of the scan.
    init?(_ candidate: ObjectCandidate, _ resolution: WorkingResolution) {
        classIndex = candidate.classIndex
        probabilities = candidate.probabilities
        certainty = candidate.certainty
        if let pixels = candidate.pixels {
            let geometry = RegionGeometry(of: pixels)
            let bounds = geometry.boundingBox
            box = Finding.Box(x: bounds.x, y: bounds.y, width: bounds.width, height: bounds.height)
            outline = Outline(
                area: geometry.area, centroid: Finding.Point(x: geometry.centroidX, y: geometry.centroidY),
                perimeter: geometry.perimeter, eccentricity: geometry.eccentricity, encodedPixels: pixels.encoded())
            return
        }
        outline = nil
        let bounds = candidate.bounds
        let columns = Self.range(
            bounds.left, bounds.right, length: resolution.width, fullLength: resolution.fullWidth)
        let rows = Self.range(
            bounds.top, bounds.bottom, length: resolution.height, fullLength: resolution.fullHeight)
        guard let columns, let rows else { return nil }
        box = Finding.Box(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
    }

    var centroid: Finding.Point {
        outline?.centroid
            ?? Finding.Point(
                x: Double(box.x) + Double(box.width) / 2, y: Double(box.y) + Double(box.height) / 2)
    }

    /// The whole pixels of level 0 nearest to what the network said; nil where none of them is the scan's.
    private static func range(_ low: Float, _ high: Float, length: Int, fullLength: Int) -> Range<Int>? {
        let scale = Double(fullLength) / Double(length)
        guard high > 0, Double(low) * scale < Double(fullLength) else { return nil }
        let first = min(fullLength - 1, max(0, Int((Double(low) * scale).rounded())))
        return first..<min(fullLength, max(first + 1, Int((Double(high) * scale).rounded())))
    }

    /// The order of listings: by row, then by column; what is left does not depend on the order of discovery either.
    static func precedes(_ first: DetectedObject, _ second: DetectedObject) -> Bool {
        let (one, two) = (first.box, second.box)
        if (one.y, one.x, one.height, one.width) != (two.y, two.x, two.height, two.width) {
            return (one.y, one.x, one.height, one.width) < (two.y, two.x, two.height, two.width)
        }
        if first.classIndex != second.classIndex { return first.classIndex < second.classIndex }
        return first.probabilities[first.classIndex] > second.probabilities[second.classIndex]
    }
}

/// The objects that a detection stage found.
struct DetectedObjects {
    let stage: String
    let output: ModelOutput
    /// What the network's numbers meant.
    let decoder: ClassProbabilities
    /// In the order of listings.
    let objects: [DetectedObject]
    /// What was looked at for them, in pixels of level 0: tissue, or the regions of an earlier stage.
    let searchedArea: Double
}
