import Evaluation
import Findings
import Foundation
import Imaging

/// Scans with findings and truth to evaluate.
enum Truths {
    static let classes = ["Normal", "Polyp", "Cancer"]

    static func truth(
        _ patient: String, _ label: String?, line: Int = 2, scan: String = "scan.tif"
    ) -> GroundTruth {
        GroundTruth(line: line, patient: patient, scan: scan, mask: nil, label: label, split: nil)
    }

    /// Of a scan of 8 x 6 pixels, unless given.
    static func answer(_ findings: [Finding], size: (width: Int, height: Int) = (8, 6)) -> Evaluator.Answer {
        .analysed(findings, size: size)
    }

    /// The finding of a scan of 8 x 6 pixels whose label is the most probable class.
    static func grade(_ probabilities: [Double], of classes: [String] = classes) -> Finding {
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
        return Finding(
            ordinal: 0, kind: .scan, label: classes[best], confidence: probabilities[best],
            rawConfidence: probabilities[best], box: .init(x: 0, y: 0, width: 8, height: 6),
            centroid: .init(x: 4, y: 3), areaPixels: nil, areaSquareMicrometres: nil,
            probabilities: zip(classes, probabilities).map { .init(label: $0, probability: $1) }, measurements: [:],
            geometry: nil)
    }

    /// A region that covers a rectangle; where a structure is given, one of several that were marked.
    static func region(x: Int, y: Int, width: Int, height: Int, marked structure: String? = nil) -> Finding {
        let runs = (y..<y + height).map { PixelRun(row: $0, start: x, length: width) }
        return Finding(
            ordinal: 1, kind: .region, label: structure ?? "Polyp", confidence: 1, rawConfidence: 1,
            box: .init(x: x, y: y, width: width, height: height), centroid: .init(x: Double(x), y: Double(y)),
            areaPixels: Int64(width * height), areaSquareMicrometres: nil,
            probabilities: [structure].compactMap(\.self).map { .init(label: $0, probability: 1) }, measurements: [:],
            geometry: Data(RunLengths(joining: runs).encoded()))
    }

    /// `#` is foreground; the rows are as long as each other.
    static func mask(_ rows: [String]) -> MaskImage {
        MaskImage(width: rows[0].count, height: rows.count, pixels: rows.joined().map { $0 == "#" })
    }

    static let twoObjects = mask(["##......", "##......", "........", "....####", "....####", "........"])
    static let empty = mask([String](repeating: "........", count: 6))
}
