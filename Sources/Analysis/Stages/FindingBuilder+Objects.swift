import Findings
import FoundationEssentials

extension FindingBuilder {
    /// With more classes, an object's finding says the probability of its own alone.
    private static let maximumListedClasses = 16

    func objectFinding(_ object: DetectedObject, _ detected: DetectedObjects, ordinal: Int) -> Finding {
        let classes = detected.output.classes
        let confidence = Double(object.probabilities[object.classIndex])
        let listed = classes.indices.filter {
            classes.count <= Self.maximumListedClasses ? $0 != detected.output.background : $0 == object.classIndex
        }
        var measurements: [String: Double] = [:]
        let micrometres = spacing.micrometresPerPixel
        if detected.output.detection?.classHead != nil { measurements["object_probability"] = Double(object.certainty) }
        if let outline = object.outline {
            measurements["perimeter_px"] = outline.perimeter
            measurements["eccentricity"] = outline.eccentricity
            if let micrometres { measurements["perimeter_um"] = outline.perimeter * micrometres }
        }
        return Finding(
            ordinal: ordinal, kind: .object, label: classes[object.classIndex], confidence: confidence,
            rawConfidence: rawConfidence(object, detected), box: object.box, centroid: object.centroid,
            areaPixels: object.outline.map { Int64($0.area) },
            areaSquareMicrometres: object.outline.flatMap { outline in
                micrometres.map { Double(outline.area) * $0 * $0 }
            },
            probabilities: listed.map {
                Finding.ClassProbability(label: classes[$0], probability: Double(object.probabilities[$0]))
            },
            measurements: measurements, geometry: object.outline.map { Data($0.encodedPixels) })
    }

    /// Before calibration, which is of whether there is an object.
    private func rawConfidence(_ object: DetectedObject, _ detected: DetectedObjects) -> Double {
        let (confidence, certainty) = (Double(object.probabilities[object.classIndex]), Double(object.certainty))
        if confidence == certainty { return detected.decoder.raw(confidence) }
        return detected.decoder.raw(certainty) * (confidence / certainty)
    }

    /// What a detection counted in the scan, under the stage's name: no grade, and so without probabilities of classes. Those
    /// count that are more likely objects than not, whatever the stage's threshold is.
    func countFinding(_ detected: DetectedObjects, ordinal: Int) -> Finding {
        let likely = detected.objects.filter {
            Double($0.certainty) >= Finding.countedConfidence
        }
        var measurements = ["objects": Double(likely.count)]
        let squareMillimetres = spacing.micrometresPerPixel.map { detected.searchedArea * $0 * $0 / 1e6 }
        measurements["searched_mm2"] = squareMillimetres
        for (index, name) in detected.output.classes.enumerated() where index != detected.output.background {
            let count = Double(likely.count { $0.classIndex == index })
            measurements["count \(name)"] = count
            if let squareMillimetres, squareMillimetres > 0 {
                measurements["per_mm2 \(name)"] = count / squareMillimetres
            }
        }
        return Finding(
            ordinal: ordinal, kind: .scan, label: detected.stage, confidence: 1, rawConfidence: 1,
            box: Finding.Box(x: 0, y: 0, width: width, height: height),
            centroid: Finding.Point(x: Double(width) / 2, y: Double(height) / 2), areaPixels: nil,
            areaSquareMicrometres: nil, probabilities: [], measurements: measurements, geometry: nil)
    }
}
