import Evaluation
import Findings
import Foundation
import Testing

@Suite struct AnalysisComparisonTests {
    private func region(
        x: Int, y: Int = 0, width: Int = 10, label: String = "Polyp", confidence: Double = 0.5
    ) -> Finding {
        let place = Truths.region(x: x, y: y, width: width, height: 10)
        return Finding(
            ordinal: 1, kind: .region, label: label, confidence: confidence, rawConfidence: confidence,
            box: place.box, centroid: place.centroid, areaPixels: place.areaPixels, areaSquareMicrometres: nil,
            probabilities: [], measurements: [:], geometry: place.geometry)
    }

    private func changes(
        _ before: [Finding], _ after: [Finding], minimumShift: Double = 0.01
    ) throws -> [FindingChange.Kind] {
        try AnalysisComparison(before: before, after: after, minimumShift: minimumShift).changes.map(\.kind)
    }

    @Test func theSameIsNoChange() throws {
        let findings = [Truths.grade([0.1, 0.7, 0.2]), region(x: 0), region(x: 2_000)]
        let comparison = try AnalysisComparison(before: findings, after: findings.reversed(), minimumShift: 0)
        #expect(comparison.changes == [])
        #expect(comparison.unchanged == 3)
    }

    @Test func regionsAreGainedAndLost() throws {
        #expect(try changes([region(x: 0)], []) == [.lost])
        #expect(try changes([], [region(x: 0)]) == [.gained])
        // A third of the pixels in common is another region.
        #expect(try changes([region(x: 0)], [region(x: 5)]) == [.lost, .gained])
    }

    @Test func findingsOfOtherImagesAreOthers() throws {
        let (grade, marked) = (Truths.grade([0.1, 0.7, 0.2]), region(x: 0))
        let others = [grade, marked].map { $0.placed(at: 7, inImage: 1) }
        #expect(try changes([grade, marked] + others, [grade, marked] + others) == [])
        #expect(try changes([grade, marked], others) == [.lost, .lost, .gained, .gained])
    }

    @Test func aRegionThatGrewIsTheSame() throws {
        let comparison = try AnalysisComparison(
            before: [region(x: 0, label: "Polyp")], after: [region(x: 0, width: 12, label: "Cancer")], minimumShift: 0)
        #expect(comparison.changes.map(\.kind) == [.relabelled])
        #expect(comparison.changes.first?.overlap == 100.0 / 120)
    }

    @Test(arguments: [(0.5, 0.0, false), (0.500001, 0, true), (0.505, 0.01, false), (0.51, 0.009, true)])
    func aConfidenceShiftsFromTheLeastShiftOn(confidence: Double, minimumShift: Double, isShifted: Bool) throws {
        let after = region(x: 0, confidence: confidence)
        #expect(try changes([region(x: 0)], [after], minimumShift: minimumShift) == (isShifted ? [.shifted] : []))
    }

    @Test func theBetterOfTwoPartnersWins() throws {
        let before = [region(x: 0, width: 12, label: "First"), region(x: 0, label: "Second")]
        let comparison = try AnalysisComparison(
            before: before, after: [region(x: 0, label: "Second")], minimumShift: 0)
        #expect(comparison.changes.map(\.kind) == [.lost])
        #expect(comparison.changes.first?.before?.label == "First")
        #expect(comparison.unchanged == 1)
    }

    @Test func aScansGradeIsComparedWithItsGrade() throws {
        let (before, after) = (Truths.grade([0.1, 0.7, 0.2]), Truths.grade([0.1, 0.2, 0.7]))
        #expect(try changes([before], [after]) == [.relabelled])
        #expect(try changes([before], [Truths.grade([0.1, 0.65, 0.25])]) == [.shifted])
    }

    @Test func aGeometryThatCannotBeReadIsSaid() throws {
        let whole = region(x: 0)
        let broken = Finding(
            ordinal: 1, kind: .region, label: "Polyp", confidence: 1, rawConfidence: 1, box: whole.box,
            centroid: whole.centroid, areaPixels: 1, areaSquareMicrometres: nil, probabilities: [], measurements: [:],
            geometry: Data([0xFF, 0xFF]))
        let error = #expect(throws: EvaluationError.self) { try changes([broken], []) }
        #expect(error?.kind == .unusableFinding)
    }
}
