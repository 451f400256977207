import Evaluation
import Findings
import Foundation
import Imaging
import Slides
import TestSupport
import Testing

/// Figures of objects, by hand.
@Suite struct ObjectEvaluationTests {
    private static func object(
        _ label: String, _ confidence: Double, x: Int, y: Int = 0, width: Int = 10, height: Int = 10,
        outlined: Bool = false
    ) -> Finding {
        let runs = (y..<y + height).map { PixelRun(row: $0, start: x, length: width) }
        return Finding(
            ordinal: 0, kind: .object, label: label, confidence: confidence, rawConfidence: confidence,
            box: .init(x: x, y: y, width: width, height: height),
            centroid: .init(x: Double(x + width / 2), y: Double(y + height / 2)),
            areaPixels: outlined ? Int64(width * height) : nil, areaSquareMicrometres: nil, probabilities: [],
            measurements: [:], geometry: outlined ? Data(RunLengths(joining: runs).encoded()) : nil)
    }

    private static let boxes = """
        scan,x,y,width,height,class
        a.tif,0,0,10,10,red
        a.tif,20,0,10,10,red
        a.tif,40,0,10,10,white
        b.tif,0,0,10,10,red
        """

    private static func report(
        manifest: String, _ findings: [String: [Finding]]
    ) throws -> ObjectReport {
        var evaluator = ObjectEvaluator()
        let rows = try ObjectManifestRow.read(Array(manifest.utf8))
        let truths = try ObjectTableMatch(
            ObjectTable(Array(boxes.utf8)), to: rows.map(\.scan), path: { "/scans/\($0)" },
            tablePath: "/scans/boxes.csv")
        for row in rows {
            try evaluator.add(
                row, truth: truths.truth(of: row.scan),
                answer: findings[row.scan].map { .analysed($0, size: (80, 40)) }
                    ?? .notAnalysed(reason: "not in the database"))
        }
        return evaluator.report()
    }

    private static func value(_ report: ObjectReport, _ name: String, _ label: String? = nil) -> Double? {
        report.figures.first { $0.name == name && $0.label == label }?.estimate.value
    }

    /// Of three red truths the surest finding meets one, the next none, the third another: precision 1 at a third of the recall,
    /// 2/3 at two thirds.
    @Test func averagePrecisionIsTheAreaUnderPrecisionOverRecall() throws {
        let report = try Self.report(
            manifest: "scan,patient\na.tif,P1\nb.tif,P2\nc.tif,P3\n",
            [
                "a.tif": [
                    Self.object("red", 0.9, x: 0), Self.object("red", 0.8, x: 70), Self.object("red", 0.7, x: 20),
                    Self.object("white", 0.6, x: 40),
                ], "b.tif": [],
            ])
        #expect(abs((Self.value(report, "ap_50", "red") ?? 0) - (1.0 / 3 + 2.0 / 9)) < 1e-12)
        #expect(Self.value(report, "ap_50", "white") == 1)
        #expect(abs((Self.value(report, "map_50") ?? 0) - (5.0 / 9 + 1) / 2) < 1e-12)
        #expect(Self.value(report, "f1_50") == 2 * 3 / 8.0)
        #expect(abs((Self.value(report, "mean_precision_50_90") ?? 0) - 3 / 5.0) < 1e-12)
        #expect(Self.value(report, "count_error", "red") == 0)
        // Errors of 1 and -1: a standard deviation of the square root of 2.
        #expect(abs((Self.value(report, "count_upper_limit", "red") ?? 0) - 1.96 * 2.0.squareRoot()) < 1e-12)
        #expect(report.scans == 2 && report.patients == 2 && report.unanalysed.map(\.line) == [4])
        #expect(report.text.contains("mAP at IoU 0.5 "))
    }

    /// Each finding takes the best free object, and a second finding of it is a mistake.
    @Test func anObjectIsTakenOnceByTheSurest() throws {
        let report = try Self.report(
            manifest: "scan\nb.tif\n",
            ["b.tif": [Self.object("red", 0.5, x: 0), Self.object("red", 0.9, x: 2), Self.object("white", 0.8, x: 0)]])
        // IoU of the surest: 80 / 120.
        #expect(Self.value(report, "ap_50", "red") == 1)
        #expect(abs((Self.value(report, "ap_50_95", "red") ?? 0) - (4 * 1 + 6 * 0.5) / 10) < 1e-12)
        #expect(Self.value(report, "f1_50", "red") == 2 / 3.0)
    }

    /// What is found of a class that is not wholly boxed is no mistake, and no count.
    @Test func findingsOfUnboxedClassesArePassedOver() throws {
        let report = try Self.report(
            manifest: "scan,unboxed\na.tif,red;white\n",
            ["a.tif": [Self.object("red", 0.9, x: 70), Self.object("red", 0.8, x: 0), Self.object("red", 0.7, x: 20)]])
        #expect(Self.value(report, "ap_50", "red") == 1)
        #expect(Self.value(report, "f1_50", "red") == 1)
        #expect(Self.value(report, "count_error", "red") == nil)
    }

    @Test(arguments: [true, false])
    func outlinesAreHeldAgainstLabelImages(outlined: Bool) throws {
        let folder = try TemporaryFolder()
        let first = RunLengths(joining: (2..<12).map { PixelRun(row: $0, start: 3, length: 10) })
        let second = RunLengths(joining: (2..<12).map { PixelRun(row: $0, start: 13, length: 10) })
        try LabelImage.write([first, second], width: 40, height: 20, micrometresPerPixel: nil, to: folder["l.tif"])
        #expect(try LabelImage.read(path: folder["l.tif"]).regions == [first, second])
        let truth = try ObjectTruth(labelsAt: folder["l.tif"], line: 2)
        try truth.require(size: (40, 20), line: 2)
        let error = #expect(throws: EvaluationError.self) { try truth.require(size: (20, 40), line: 2) }
        #expect(error?.message.contains("of line 2 of the manifest is 40 x 20, its scan 20 x 40") == true)
        var evaluator = ObjectEvaluator()
        let row = try #require(ObjectManifestRow.read(Array("scan\na.tif\n".utf8)).first)
        try evaluator.add(
            row, truth: truth,
            answer: Truths.answer(
                [Self.object("nucleus", 0.9, x: 13, y: 2, outlined: outlined), Self.object("cell", 0.8, x: 28)],
                size: (40, 20)))
        let report = evaluator.report()
        #expect(Self.value(report, "f1_50") == 0.5)
        #expect(abs((Self.value(report, "mean_precision_50_90") ?? 0) - 1 / 3.0) < 1e-12)
        #expect(report.counts.map(\.truth) == [2] && report.counts.map(\.found) == [2])
    }

    /// Found at 0, 0 and, of another image of the file, at 20, 0: the truth is of the first.
    @Test func objectsOfFurtherImagesAreNotHeldAgainstTheFirst() throws {
        let other = Self.object("red", 0.9, x: 60).placed(at: 3, inImage: 1, adding: [:])
        let report = try Self.report(manifest: "scan\nb.tif\n", ["b.tif": [Self.object("red", 0.9, x: 0), other]])
        #expect(Self.value(report, "f1_50") == 1)
    }

    /// Which of the pipeline's classes there are, its counts say, whatever was found.
    @Test(arguments: ["Red", "red "]) func classesThatNoFindingSpeaksOfAreTold(found: String) throws {
        func counts(of label: String) -> Finding {
            Finding(
                ordinal: 9, kind: .scan, label: "cells", confidence: 1, rawConfidence: 1,
                box: .init(x: 0, y: 0, width: 80, height: 40), centroid: .init(x: 40, y: 20), areaPixels: nil,
                areaSquareMicrometres: nil, probabilities: [], measurements: ["count \(label)": 0, "objects": 0],
                geometry: nil)
        }
        let report = try Self.report(
            manifest: "scan\nb.tif\n", ["b.tif": [Self.object(found, 0.9, x: 0), counts(of: found)]])
        #expect(report.strangeClasses == ["red"] && report.needsAttention)
        #expect(report.text.contains("No finding speaks of these classes of the truth: red."))
        #expect(report.json.compact.contains(#""classes_not_found":["red"]"#))
        #expect(try !Self.report(manifest: "scan\nb.tif\n", ["b.tif": [counts(of: "red")]]).needsAttention)
    }

    @Test(arguments: [
        ("70,0,20,10", true), ("0,31,10,12", true), ("40,20,79,39", true), ("70,30,11,11", false),
    ]) func boxesBeyondTheirScanAreRefused(box: String, isRefused: Bool) throws {
        let row = try #require(ObjectManifestRow.read(Array("scan\na.tif\n".utf8)).first)
        let table = try ObjectTable(Array("scan,x,y,width,height,class\na.tif,\(box),red\n".utf8))
        let truth = try ObjectTableMatch(table, to: ["a.tif"], path: { $0 }, tablePath: "t.csv").truth(of: "a.tif")
        var evaluator = ObjectEvaluator()
        var message = ""
        do { try evaluator.add(row, truth: truth, answer: Truths.answer([], size: (80, 40))) } catch {
            message = error.message
        }
        #expect(message.contains("the scan in line 2 of the manifest lies outside of it, or in part") == isRefused)
    }

    /// As in pixels of half the resolution.
    @Test(arguments: [2, 3]) func boxesThatAllLieInTheUpperLeftQuarterAreDoubted(scans: Int) throws {
        let names = (0..<scans).map { "\($0).tif" }
        let table = try ObjectTable(
            Array(("scan,x,y,width,height,class\n" + names.map { "\($0),30,10,10,10,red\n" }.joined()).utf8))
        let match = try ObjectTableMatch(table, to: names, path: { $0 }, tablePath: "t.csv")
        var evaluator = ObjectEvaluator()
        for row in try ObjectManifestRow.read(Array(("scan\n" + names.joined(separator: "\n")).utf8)) {
            try evaluator.add(row, truth: match.truth(of: row.scan), answer: Truths.answer([], size: (80, 40)))
        }
        let report = evaluator.report()
        #expect(report.text.contains("all objects of 3 scans lie in the upper left quarter") == (scans == 3))
        #expect(report.needsAttention == (scans == 3))
    }

    /// A binary mask, classes in place of objects, and no background: none has a number for each object.
    @Test(arguments: [[[0, 1], [1, 0]], [[1, 2], [2, 1]], [[1, 1], [1, 1]]])
    func labelImagesThatDoNotNumberObjectsAreRefused(tiles: [[Int]]) throws {
        let folder = try TemporaryFolder()
        // Apart by a column and a row.
        let isFull = tiles == [[1, 1], [1, 1]]
        let side = isFull ? 10 : 8
        func region(_ number: Int) -> RunLengths {
            var runs: [PixelRun] = []
            for row in 0..<20 where row % 10 < side {
                for column in 0..<2 where tiles[row / 10][column] == number {
                    runs.append(PixelRun(row: row, start: 10 * column, length: side))
                }
            }
            return RunLengths(joining: runs)
        }
        let regions = [region(1), region(2)]
        try LabelImage.write(regions, width: 20, height: 20, micrometresPerPixel: nil, to: folder["l.tif"])
        #expect(throws: EvaluationError.self) {
            try ObjectTruth(labelsAt: folder["l.tif"], line: 2).require(size: (20, 20), line: 2)
        }
    }

    @Test(arguments: [
        ("scan,x,y,width,height\n", "class"), ("scan,x,y,width,height,class\na,1,2,0,4,red\n", "line 2"),
        ("scan,x,y,width,height,class\na,1,2,3,4,red\na,1.5,2,3,4,red\n", "line 3"),
        ("scan,x,y,width,height,class\na,1,2,3,99999999999999999999,red\n", "line 2"),
    ])
    func tablesThatSayNothingAreRefused(table: String, says: String) throws {
        let error = try #require(throws: EvaluationError.self) { try ObjectTable(Array(table.utf8)) }
        #expect(error.kind == .unusableManifest && error.message.contains(says))
    }
}
