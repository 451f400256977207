import Evaluation
import Findings
import Foundation
import Imaging
import Testing

@Suite struct SegmentationFigureTests {
    private func report(_ cases: [(findings: [Finding], mask: MaskImage)]) throws -> EvaluationReport {
        var evaluator = Evaluator()
        for (index, one) in cases.enumerated() {
            try evaluator.add(
                Truths.truth("P\(index)", "Polyp"), answer: Truths.answer(one.findings), mask: TrueForeground(one.mask))
        }
        return evaluator.report()
    }

    /// By hand. Truth: 4 pixels, and 8 pixels. Found: the 4; and 6, of which 4 are among the 8 (IoU 4 / 10).
    @Test func diceAndObjects() throws {
        let found = [
            Truths.grade([0, 1, 0]), Truths.region(x: 0, y: 0, width: 2, height: 2),
            Truths.region(x: 5, y: 4, width: 3, height: 2),
        ]
        let report = try report([(found, Truths.twoObjects)])
        // 2 * (4 + 3) / (12 + 10), for the second region covers row 4 alone of the truth.
        #expect(report.overall.dice.value == 2 * 7 / 22.0)
        #expect(report.overall.objectF1.value == 2 * 1 / 4.0)
        #expect(report.classes.first { $0.label == "Polyp" }?.dice.value == 2 * 7 / 22.0)
        #expect(report.classes.first { $0.label == "Normal" }?.dice.value == nil)
    }

    @Test func aMatchNeedsHalf() throws {
        // Of the 8 true pixels: 4 found (IoU 0.5), and 2 found (IoU 0.25).
        let half = try report([([Truths.region(x: 4, y: 3, width: 2, height: 2)], Truths.twoObjects)])
        #expect(half.overall.objectF1.value == 2 * 1 / 3.0)
        let quarter = try report([([Truths.region(x: 4, y: 3, width: 1, height: 2)], Truths.twoObjects)])
        #expect(quarter.overall.objectF1.value == 0)
    }

    @Test func overlappingRegionsCountTheirPixelsOnce() throws {
        let twice = [Truths.region(x: 0, y: 0, width: 2, height: 2), Truths.region(x: 0, y: 0, width: 2, height: 2)]
        let mask = Truths.mask(["##......", "##......", "........", "........", "........", "........"])
        let report = try report([(twice, mask)])
        #expect(report.overall.dice.value == 1)
        #expect(report.overall.objectF1.value == 2 / 3.0)
    }

    @Test func nothingWhereNothingIsIsRight() throws {
        let report = try report([([], Truths.empty), ([], Truths.twoObjects)])
        #expect(report.overall.dice.value == 0.5)
        #expect(report.overall.dice.support == 2)
        #expect(report.overall.objectF1.value == 0)
        let empty = try self.report([([], Truths.empty)])
        #expect(empty.overall.dice.value == 1)
        #expect(empty.overall.objectF1.value == nil)
    }

    @Test func aMaskOfAnotherSizeIsRefused() {
        let error = #expect(throws: EvaluationError.self) {
            try report([([Truths.grade([1, 0, 0])], Truths.mask(["#"]))])
        }
        #expect(error?.kind == .unusableMask)
        #expect(error?.message == "the mask in line 2 of the manifest is 1 x 1, its scan 8 x 6")
    }

    /// Of a pipeline that grades no scan, too: the database knows how large it is.
    @Test(arguments: [["####", "####", "####"], ["#"], ["################"]])
    func aMaskOfAnotherSizeIsRefusedWhereNothingGradesTheScan(rows: [String]) {
        let region = Truths.region(x: 0, y: 0, width: 8, height: 6)
        let error = #expect(throws: EvaluationError.self) { try report([([region], Truths.mask(rows))]) }
        #expect(error?.kind == .unusableMask && error?.message.hasSuffix("its scan 8 x 6") == true)
    }

    /// Nor is a scan with regions said to be without tissue, nor to have a wrong label.
    @Test func aSegmentationThatGradesNothingHasNoWrongLabels() throws {
        let region = Truths.region(x: 0, y: 0, width: 2, height: 2)
        let report = try report([([region], Truths.twoObjects), ([], Truths.empty)])
        #expect(report.unlabelled == 1 && report.overall.accuracy.value == nil)
        #expect(report.overall.dice.support == 2 && !report.needsAttention)
    }

    @Test func masksThatAllMarkEveryPixelAreTold() throws {
        let full = Truths.mask([String](repeating: "########", count: 6))
        let report = try report([([], full), ([], Truths.empty), ([], full)])
        #expect(report.needsAttention && report.text.contains("every label (of 2 scans) marks every pixel"))
        #expect(try !self.report([([], full), ([], Truths.twoObjects)]).needsAttention)
    }

    @Test func damagedGeometryIsRefused() throws {
        let region = Truths.region(x: 0, y: 0, width: 1, height: 1)
        let damaged = Finding(
            ordinal: 1, kind: .region, label: region.label, confidence: 1, rawConfidence: 1, box: region.box,
            centroid: region.centroid, areaPixels: 1, areaSquareMicrometres: nil, probabilities: [], measurements: [:],
            geometry: Data([9, 9]))
        let error = #expect(throws: EvaluationError.self) { try report([([damaged], Truths.twoObjects)]) }
        #expect(error?.kind == .unusableFinding)
    }

    @Test func nothingAtAllHasNoFigures() {
        let report = Evaluator().report()
        #expect(report.scans == 0 && report.overall.accuracy.value == nil && report.overall.accuracy.interval == nil)
        #expect(report.text.contains("n/a"))
    }
}
