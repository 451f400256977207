import Findings
import Imaging

/// One scan's findings held against what is true of it.
struct EvaluatedScan: Sendable, Hashable {
    let patient: String
    let truth: String?
    /// Nil where nothing labels the scan.
    let prediction: Prediction?
    /// Whether there is neither label nor region.
    let isEmpty: Bool
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
    ///   - size: of that image.
    /// - Throws: `EvaluationError` of kind `unusableMask` or `unusableFinding`.
    init(
        truth: GroundTruth, findings: [Finding], size: (width: Int, height: Int), foreground: TrueForeground?
    ) throws(EvaluationError) {
        let findings = findings.filter { $0.image == 0 }
        patient = truth.patient
        self.truth = truth.label
        // What a detection counted is no label. Of several stages' grades, the one that knows the class answers.
        let grades = findings.filter { $0.kind == .scan && !$0.probabilities.isEmpty }
        let grade = grades.first { $0.probabilities.contains { $0.label == truth.label } } ?? grades.first
        prediction = grade.map { finding in
            Prediction(
                label: finding.label, confidence: finding.confidence,
                probabilities: Dictionary(
                    finding.probabilities.map { ($0.label, $0.probability) }, uniquingKeysWith: { first, _ in first }))
        }
        isEmpty = grade == nil && !findings.contains { $0.kind == .region }
        guard let foreground else {
            overlap = nil
            objects = nil
            return
        }
        guard (foreground.width, foreground.height) == size else {
            throw EvaluationError(
                .unusableMask,
                "the mask in line \(truth.line) of the manifest is \(foreground.width) x \(foreground.height), its scan "
                    + "\(size.width) x \(size.height)")
        }
        let regions = try Self.regions(findings, of: foreground.asked).map { finding throws(EvaluationError) in
            let found = try pixels(of: finding, line: truth.line)
            return foreground.known.map(found.intersection) ?? found
        }.filter { !$0.runs.isEmpty }
        let found = RunLengths(joining: regions.flatMap(\.runs))
        let overlap = MaskOverlap(foreground.pixels, found)
        try foreground.requireFullResolution(found, dice: overlap.dice, line: truth.line)
        self.overlap = overlap
        objects = ObjectMatch(truth: foreground.pixels.components, found: regions)
    }

    /// Where classes are asked for, those of several structures that are of them; else all, for the truth may call the only
    /// structure by another name.
    private static func regions(_ findings: [Finding], of asked: Set<String>) -> [Finding] {
        let regions = findings.filter { $0.kind == .region }
        let structures = Set(regions.compactMap(\.structure))
        guard !asked.isEmpty, structures.count > 1 || !asked.isDisjoint(with: structures) else { return regions }
        return regions.filter { $0.structure.map(asked.contains) ?? true }
    }
}

extension Finding {
    /// What a region was marked as, in lower case; nil where its label is another stage's, and there is but one structure.
    fileprivate var structure: String? {
        let prefix = "structure_"
        if let name = measurements.keys.first(where: { $0.hasPrefix(prefix) }) {
            return name.dropFirst(prefix.count).lowercased()
        }
        return probabilities.map(\.label) == [label] ? label.lowercased() : nil
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
