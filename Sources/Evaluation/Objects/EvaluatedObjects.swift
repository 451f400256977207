import Findings
import Imaging

/// One scan's objects held against what is true of it, class by class.
///
/// Findings are taken by falling confidence, and each takes the best free true object of its class (Everingham et al., "The
/// PASCAL Visual Object Classes Challenge", 2010, and COCO's evaluation).
package struct EvaluatedObjects: Sendable {
    let patient: String
    /// By class; under `""` where the truth does not tell classes apart.
    package let classes: [String: OfClass]

    package struct OfClass: Sendable {
        package let truthCount: Int
        /// By falling confidence.
        package let confidences: [Double]
        /// For each of ``EvaluatedObjects/thresholds``, and each finding, whether it is a true object.
        package let matched: [[Bool]]
        /// Whether the truth holds all objects of the class.
        package let isComplete: Bool

        /// How many are more likely objects than not: counts and F1 are theirs, precision is averaged over all.
        var likelyCount: Int { confidences.prefix { $0 >= Finding.countedConfidence }.count }

        /// What counts at a threshold: findings beyond an incomplete truth do not.
        package func counted(_ threshold: Int) -> Int {
            isComplete ? likelyCount : matchedCount(threshold)
        }

        package func matchedCount(_ threshold: Int) -> Int { matched[threshold].prefix(likelyCount).count { $0 } }
    }

    /// Intersections over union from which on a finding is a true object: 0.5, 0.55, ... 0.95.
    static let thresholds = (10...19).map { Double($0) / 20 }

    /// - Throws: `EvaluationError` of kind `unusableFinding`.
    init(_ row: ObjectManifestRow, truth: ObjectTruth, findings: [Finding]) throws(EvaluationError) {
        let needsPixels = truth.items.contains { $0.pixels != nil }
        var found: [Found] = []
        // The truth is of the image that describes the scan.
        for finding in findings where finding.kind == .object && finding.image == 0 {
            found.append(try Found(finding, needsPixels: needsPixels, line: row.line))
        }
        self.init(found, truth: truth, patient: row.patient, unboxed: row.unboxed)
    }

    /// - Parameter unboxed: classes not all of whose objects are in the truth.
    package init(_ found: [Found], truth: ObjectTruth, patient: String, unboxed: Set<String>) {
        self.patient = patient
        let found = Dictionary(grouping: found) { truth.tellsClasses ? $0.label : "" }
        let known = Dictionary(grouping: truth.items) { $0.label ?? "" }
        var classes: [String: OfClass] = [:]
        for label in Set(found.keys).union(known.keys) {
            classes[label] = Self.match(found[label] ?? [], known[label] ?? [], isComplete: !unboxed.contains(label))
        }
        self.classes = classes
    }

    /// An object that was found.
    package struct Found: Sendable {
        let label: String
        let confidence: Double
        let box: Finding.Box
        let pixels: RunLengths?

        package init(label: String, confidence: Double, box: Finding.Box, pixels: RunLengths?) {
            self.label = label
            self.confidence = confidence
            self.box = box
            self.pixels = pixels
        }

        fileprivate init(_ finding: Finding, needsPixels: Bool, line: Int) throws(EvaluationError) {
            var pixels: RunLengths?
            if needsPixels, let geometry = finding.geometry {
                do throws(ImagingError) {
                    pixels = try RunLengths(decoding: Array(geometry))
                } catch {
                    throw EvaluationError(
                        .unusableFinding,
                        "an object of the scan in line \(line) of the manifest cannot be read: \(error)")
                }
            }
            self.init(label: finding.label, confidence: finding.confidence, box: finding.box, pixels: pixels)
        }
    }

    private static func match(_ unordered: [Found], _ truth: [ObjectTruth.Item], isComplete: Bool) -> OfClass {
        let found = unordered.sorted { $0.confidence > $1.confidence }
        let areas = truth.map { $0.pixels?.pixelCount ?? 0 }
        let overlaps = found.map { object in
            truth.indices.compactMap { index -> (truth: Int, overlap: Double)? in
                let overlap = overlap(object, truth[index], area: areas[index])
                return overlap >= thresholds[0] ? (index, overlap) : nil
            }
        }
        let matched = thresholds.map { threshold in
            var taken: Set<Int> = []
            return overlaps.map { candidates in
                var best: (truth: Int, overlap: Double)?
                for candidate in candidates where candidate.overlap >= threshold && !taken.contains(candidate.truth) {
                    if best.map({ candidate.overlap > $0.overlap }) ?? true { best = candidate }
                }
                guard let best else { return false }
                taken.insert(best.truth)
                return true
            }
        }
        return OfClass(
            truthCount: truth.count, confidences: found.map(\.confidence), matched: matched, isComplete: isComplete)
    }

    private static func overlap(_ found: Found, _ truth: ObjectTruth.Item, area: Int) -> Double {
        let (one, two) = (found.box, truth.box)
        let width = min(one.x + one.width, two.x + two.width) - max(one.x, two.x)
        let height = min(one.y + one.height, two.y + two.height) - max(one.y, two.y)
        guard width > 0, height > 0 else { return 0 }
        guard let pixels = truth.pixels else {
            let both = width * height
            return Double(both) / Double(one.width * one.height + two.width * two.height - both)
        }
        // A box that stands for the pixels that a detection without outlines does not tell.
        let own =
            found.pixels
            ?? RunLengths(
                joining: (one.y..<one.y + one.height).map { PixelRun(row: $0, start: one.x, length: one.width) })
        let both = own.intersectionCount(with: pixels)
        return Double(both) / Double(own.pixelCount + area - both)
    }
}
