import Findings
import FoundationEssentials
import Imaging
import Slides

/// Makes findings of what the stages of a pipeline found in a scan: first of the scan, then of its regions,
/// its objects and its tiles.
struct FindingBuilder {
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

    /// - Parameter deliver: takes the findings in their order.
    /// - Returns: how many there are, and the ordinals of each segmentation stage's regions.
    func findings(
        of results: StageResults, deliver: (Finding) -> Void
    ) -> (count: Int, regions: [String: [Int?]]) {
        var ordinal = 0
        var ordinals: [String: [Int?]] = [:]
        for graded in results.graded {
            let within = graded.settings.within
            let marked = results.marked.filter { within == nil || $0.stage == within }
            guard let finding = scanFinding(ordinal: ordinal, graded, marked: marked) else { continue }
            deliver(finding)
            ordinal += 1
        }
        for detected in results.detected {
            deliver(countFinding(detected, ordinal: ordinal))
            ordinal += 1
        }
        for marked in results.marked {
            let graded = results.graded.first { $0.settings.within == marked.stage }
            for (index, region) in marked.regions.enumerated() {
                let label = graded.map { self.label($0, of: $0.shares[index]) } ?? self.label(of: region, in: marked)
                ordinals[marked.stage, default: []].append(label == nil ? nil : ordinal)
                guard let label else { continue }
                let structure = graded != nil && marked.structureCount > 1 ? marked.classes[region.classIndex] : nil
                deliver(regionFinding(region, label, structure: structure, ordinal: ordinal))
                ordinal += 1
            }
        }
        for detected in results.detected {
            for object in detected.objects {
                deliver(objectFinding(object, detected, ordinal: ordinal))
                ordinal += 1
            }
        }
        for graded in results.graded where graded.settings.keepsTiles {
            for tile in graded.grades.keys.sorted() {
                guard let grade = graded.grades[tile], let label = label(graded.output, [(grade, 1)]) else {
                    continue
                }
                deliver(
                    tileFinding(
                        graded.resolution.fullWindow(graded.grid.coveredWindow(of: tile)), label, ordinal: ordinal))
                ordinal += 1
            }
        }
        return (ordinal, ordinals)
    }

    private func scanFinding(ordinal: Int, _ graded: GradedTiles, marked: [MarkedStructures]) -> Finding? {
        let tiles = graded.grades.keys.sorted()
        let weighted = tiles.compactMap { tile in graded.grades[tile].map { ($0, graded.weights[tile] ?? 0) } }
        let output = graded.output
        func grade(_ vector: (TileGrade) -> [Double]) -> [Double]? {
            graded.settings.scanGrading.grade(
                weighted.map { (vector($0), $1) }, background: output.background, isMultiLabel: output.isMultiLabel)
        }
        guard let label = label(output, calibrated: grade(\.calibrated), raw: grade(\.raw)) else { return nil }
        let regions = marked.flatMap(\.regions)
        let markedPixels = regions.reduce(0) { $0 + $1.area }
        return Finding(
            ordinal: ordinal, kind: .scan, label: label.name, confidence: label.confidence,
            rawConfidence: label.rawConfidence, box: Finding.Box(x: 0, y: 0, width: width, height: height),
            centroid: Finding.Point(x: Double(width) / 2, y: Double(height) / 2), areaPixels: nil,
            areaSquareMicrometres: nil, probabilities: label.probabilities,
            measurements: marked.isEmpty
                ? [:]
                : [
                    "regions": Double(regions.count),
                    "region_share": Double(markedPixels) / (Double(width) * Double(height)),
                ],
            geometry: nil)
    }

    private func tileFinding(_ window: PixelWindow, _ label: Label, ordinal: Int) -> Finding {
        Finding(
            ordinal: ordinal, kind: .tile, label: label.name, confidence: label.confidence,
            rawConfidence: label.rawConfidence,
            box: Finding.Box(x: window.x, y: window.y, width: window.width, height: window.height),
            centroid: Finding.Point(
                x: Double(window.x) + Double(window.width) / 2, y: Double(window.y) + Double(window.height) / 2),
            areaPixels: nil, areaSquareMicrometres: nil, probabilities: label.probabilities, measurements: [:],
            geometry: nil)
    }

    /// - Parameter structure: what the region was marked as, where its label does not tell.
    private func regionFinding(
        _ region: MarkedRegion, _ label: Label, structure: String?, ordinal: Int
    ) -> Finding {
        let box = region.boundingBox
        var measurements = [
            "perimeter_px": region.perimeter, "eccentricity": region.eccentricity,
            "mean_probability": region.meanProbability, "maximum_probability": region.maximumProbability,
        ]
        if let structure { measurements["structure_\(structure)"] = region.meanProbability }
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

    /// A region's grade: the mean of those of its tiles, weighted by its pixels in each.
    private func label(_ graded: GradedTiles, of shares: [RegionGrades.Share]) -> Label? {
        label(
            graded.output,
            shares.compactMap { share in graded.grades[share.tile].map { ($0, Double(share.pixels)) } })
    }

    /// The class that a region was marked as, for want of a stage that grades it.
    private func label(of region: MarkedRegion, in marked: MarkedStructures) -> Label {
        let name = marked.classes[region.classIndex]
        let confidence = min(1, region.meanProbability)
        return Label(
            name: name, confidence: confidence, rawConfidence: marked.decoder.raw(confidence),
            probabilities: [Finding.ClassProbability(label: name, probability: confidence)])
    }

    private func label(_ output: ModelOutput, _ weighted: [(TileGrade, Double)]) -> Label? {
        label(
            output, calibrated: RegionGrades.weightedMean(weighted.map { ($0.calibrated, $1) }),
            raw: RegionGrades.weightedMean(weighted.map { ($0.raw, $1) }))
    }

    private func label(_ output: ModelOutput, calibrated: [Double]?, raw: [Double]?) -> Label? {
        guard var calibrated, var raw else { return nil }
        var classes = output.classes
        if let otherwise = output.otherwise {
            classes.append(otherwise)
            calibrated.append(1 - min(1, calibrated.max() ?? 0))
            raw.append(1 - min(1, raw.max() ?? 0))
        }
        guard let best = calibrated.indices.max(by: { calibrated[$0] < calibrated[$1] }) else { return nil }
        return Label(
            name: classes[best], confidence: min(1, calibrated[best]), rawConfidence: min(1, raw[best]),
            probabilities: zip(classes, calibrated).map {
                Finding.ClassProbability(label: $0, probability: min(1, $1))
            })
    }
}
