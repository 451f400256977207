import Findings
import FoundationEssentials
import Imaging

/// Makes findings of regions and the grades of the tiles that they lie in.
struct FindingBuilder {
    let classes: [String]
    let width: Int
    let height: Int
    let spacing: RecordedSpacing

    /// A label's calibrated and raw probability, and those of all classes.
    private struct Label {
        let name: String
        let confidence: Double
        let rawConfidence: Double
        let probabilities: [Finding.ClassProbability]
    }

    /// The scan's finding, ordinal 0: the mean of the tiles' grades by weight.
    func scanFinding(
        grades: [Int: ClassificationPass.Grade], weights: [Int: Double], markedPixels: Int, regions: Int
    ) -> Finding? {
        let tiles = grades.keys.sorted()
        guard let label = label(tiles.compactMap { tile in grades[tile].map { ($0, weights[tile] ?? 0) } }) else {
            return nil
        }
        return Finding(
            ordinal: 0, kind: .scan, label: label.name, confidence: label.confidence,
            rawConfidence: label.rawConfidence, box: Finding.Box(x: 0, y: 0, width: width, height: height),
            centroid: Finding.Point(x: Double(width) / 2, y: Double(height) / 2), areaPixels: nil,
            areaSquareMicrometres: nil, probabilities: label.probabilities,
            measurements: [
                "regions": Double(regions), "region_share": Double(markedPixels) / (Double(width) * Double(height)),
            ],
            geometry: nil)
    }

    /// A region's finding: the mean of the grades of its tiles, weighted by its pixels in each.
    func regionFinding(
        _ region: MarkedRegion, ordinal: Int, grades: [Int: ClassificationPass.Grade]
    ) -> Finding? {
        let weighted = region.shares.compactMap { share in grades[share.tile].map { ($0, Double(share.pixels)) } }
        guard let label = label(weighted) else { return nil }
        let box = region.boundingBox
        var measurements = [
            "perimeter_px": region.perimeter, "eccentricity": region.eccentricity,
            "mean_probability": region.meanProbability, "maximum_probability": region.maximumProbability,
        ]
        let micrometres = spacing.micrometresPerPixel
        if let micrometres { measurements["perimeter_um"] = region.perimeter * micrometres }
        return Finding(
            ordinal: ordinal, kind: .region, label: label.name, confidence: label.confidence,
            rawConfidence: label.rawConfidence,
            box: Finding.Box(x: box.x, y: box.y, width: box.width, height: box.height),
            centroid: Finding.Point(x: region.centroidX, y: region.centroidY), areaPixels: Int64(region.area),
            areaSquareMicrometres: micrometres.map { Double(region.area) * $0 * $0 },
            probabilities: label.probabilities, measurements: measurements,
            geometry: Data(region.encodedPixels))
    }

    private func label(_ weighted: [(ClassificationPass.Grade, Double)]) -> Label? {
        guard let calibrated = RegionGrades.weightedMean(weighted.map { ($0.calibrated, $1) }),
            let raw = RegionGrades.weightedMean(weighted.map { ($0.raw, $1) }),
            let best = calibrated.indices.max(by: { calibrated[$0] < calibrated[$1] })
        else { return nil }
        return Label(
            name: classes[best], confidence: min(1, calibrated[best]), rawConfidence: min(1, raw[best]),
            probabilities: zip(classes, calibrated).map {
                Finding.ClassProbability(label: $0, probability: min(1, $1))
            })
    }
}
