import Evaluation
import Findings
import Foundation
import Listings
import NeuralNetworks
import SystemPackage

/// Which scans are learned from and which are tried: the manifest's column `split`, or one that is drawn by patient.
public struct PatientSplit: Sendable {
    /// Each with its split.
    public let truths: [GroundTruth]
    /// Whether the manifest has none, and it was drawn.
    public let isDrawn: Bool

    /// The share of patients to try on.
    private static let tried = 0.2
    /// Draws until all classes are among the scans to learn from.
    private static let draws = 1000

    /// - Parameter seed: another one draws another split; the same one the same, whatever the order of the lines.
    /// - Throws: ``LearningError`` of kind `labels` where there are too few patients to draw from.
    public init(_ truths: [GroundTruth], task: LearningTask, seed: UInt64) throws(LearningError) {
        guard truths.allSatisfy({ $0.split == nil }) else {
            self.truths = truths.map { truth in
                let split = truth.split?.lowercased()
                return LabelCheck.splits.contains(split ?? "") ? truth.assigned(to: split) : truth
            }
            isDrawn = false
            return
        }
        let labelled = truths.filter(task.isLabelled)
        let patients = Set(labelled.map(\.likelyPatient))
        guard patients.count >= 3 else {
            throw LearningError(
                .labels,
                "the manifest has no column split, and to draw one takes labelled scans of three patients or more: there "
                    + (patients.count == 1 ? "is 1" : "are \(patients.count)"))
        }
        let count = max(1, Int((Self.tried * Double(patients.count)).rounded()))
        let classes = Set(labelled.compactMap(\.label))
        func drawn(_ draw: Int) -> Set<String> {
            func place(_ patient: String) -> UInt64 {
                SplitMix64.mix(SplitMix64.seed(of: patient) ^ SplitMix64.mix(seed &+ UInt64(draw) &* 0x9E37_79B9))
            }
            return Set(patients.sorted { (place($0), $0) < (place($1), $1) }.prefix(count))
        }
        let fit = (0..<Self.draws).lazy.map(drawn).first { tried in
            task.kind != .classification
                || Set(labelled.filter { !tried.contains($0.likelyPatient) }.compactMap(\.label)) == classes
        }
        let tried = fit ?? drawn(0)
        self.truths = truths.map { $0.assigned(to: tried.contains($0.likelyPatient) ? "val" : "train") }
        isDrawn = true
    }

    /// Writes the manifest with the split, by which `evaluate` tries the same scans, for its owner only.
    ///
    /// - Parameter path: of a file that the manifest names.
    /// - Throws: ``LearningError`` of kind `output`.
    public func write(to file: String, path: @escaping (String) -> String) throws(LearningError) {
        let writer = CSVWriter<FindingRow>(protection: .none)
        func absolute(_ name: String?) -> String { name.map { URL(filePath: path($0)).path } ?? "" }
        // An empty column `boxes` would say that nothing is known of a scan's objects.
        let columns: [(name: String, field: (GroundTruth) -> String)] = [
            ("patient", { $0.patient }), ("scan", { absolute($0.scan) }), ("mask", { absolute($0.mask) }),
            ("outlines", { absolute($0.outlines) }), ("class", { $0.label ?? "" }), ("split", { $0.split ?? "" }),
            ("labels", { absolute($0.objects?.labels) }), ("boxes", { absolute($0.objects?.boxes) }),
            ("unboxed", { ($0.objects?.unboxed ?? []).sorted().joined(separator: ";") }),
        ].filter { column in
            !["labels", "boxes", "unboxed"].contains(column.name) || truths.contains { !column.field($0).isEmpty }
        }
        let lines = ([columns.map(\.name)] + truths.map { truth in columns.map { $0.field(truth) } }).map { row in
            row.map { writer.field(.text($0)) }.joined(separator: ",") + "\n"
        }
        do {
            try WholeFile.write(Data(lines.joined().utf8), to: file)
        } catch {
            throw LearningError(.output, "the split that was drawn cannot be written beside the output: \(error)")
        }
    }
}

extension GroundTruth {
    /// One for ids that may be one patient's.
    fileprivate var likelyPatient: String { Patient.likeness(ofID: patient) }

    fileprivate func assigned(to split: String?) -> GroundTruth {
        GroundTruth(
            line: line, patient: patient, scan: scan, mask: mask, label: label, split: split, outlines: outlines,
            objects: objects)
    }
}
