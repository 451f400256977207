import Findings
import Imaging

/// One scan's findings held against what is true of it.
struct EvaluatedScan: Sendable, Hashable {
    let patient: String
    let truth: String?
    /// Nil where the analysis came to its end without a label for the scan: without tissue, or rejected.
    let prediction: Prediction?
    /// How the union of the regions and the truth's foreground agree; nil without a mask.
    let overlap: MaskOverlap?
    /// How the regions and the truth's connected components agree one by one; nil without a mask.
    let objects: ObjectMatch?

    struct Prediction: Sendable, Hashable {
        let label: String
        let confidence: Double
        let probabilities: [String: Double]
    }
}

extension EvaluatedScan {
    /// - Parameters:
    ///   - findings: those of the image that describes the scan count, for that is what the truth is of.
    /// - Throws: `EvaluationError` of kind `unusableMask` or `unusableFinding`.
    init(truth: GroundTruth, findings: [Finding], foreground: TrueForeground?) throws(EvaluationError) {
        let findings = findings.filter { $0.image == 0 }
        patient = truth.patient
        self.truth = truth.label
        let scanFinding = findings.first { $0.kind == .scan }
        // What a detection counted is no label.
        let grade = findings.first { $0.kind == .scan && !$0.probabilities.isEmpty }
        prediction = grade.map { finding in
            Prediction(
                label: finding.label, confidence: finding.confidence,
                probabilities: Dictionary(
                    finding.probabilities.map { ($0.label, $0.probability) }, uniquingKeysWith: { first, _ in first }))
        }
        guard let foreground else {
            overlap = nil
            objects = nil
            return
        }
        if let box = scanFinding?.box, box.width != foreground.width || box.height != foreground.height {
            throw EvaluationError(
                .unusableMask,
                "the mask in line \(truth.line) of the manifest is \(foreground.width) x \(foreground.height), its scan "
                    + "\(box.width) x \(box.height)")
        }
        let regions = try findings.filter { $0.kind == .region }.map { finding throws(EvaluationError) in
            let found = try pixels(of: finding, line: truth.line)
            return foreground.known.map(found.intersection) ?? found
        }.filter { !$0.runs.isEmpty }
        overlap = MaskOverlap(foreground.pixels, RunLengths(joining: regions.flatMap(\.runs)))
        objects = ObjectMatch(truth: foreground.pixels.components, found: regions)
    }
}

private func pixels(of finding: Finding, line: Int) throws(EvaluationError) -> RunLengths {
    do throws(ImagingError) {
        return try RunLengths(decoding: Array(finding.geometry ?? .init()))
    } catch {
        throw EvaluationError(
            .unusableFinding, "a region of the scan in line \(line) of the manifest cannot be read: \(error)")
    }
}
