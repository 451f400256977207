import Foundation
import FoundationXML
import TestSupport
import Testing

/// A lab's own objects make a new pipeline that finds them.
@Suite struct ObjectTrainTests {
    private func f1(of lab: ObjectLab, _ pipeline: String) throws -> Double {
        let run = try Scanreport(
            ["run", "P4.tif", "--pipeline", "./\(pipeline)", "--database", "\(pipeline).sqlite"], in: lab.folder)
        #expect([0, 1].contains(run.status), "\(run.errors)")
        let figures = try Scanreport(
            [
                "evaluate", "--manifest", "manifest.csv", "--objects", "objects.csv", "--split", "val", "--database",
                "\(pipeline).sqlite", "--format", "json",
            ], in: lab.folder)
        let report = try #require(try JSONSerialization.jsonObject(with: Data(figures.output.utf8)) as? [String: Any])
        let all = try #require(report["figures"] as? [[String: Any]])
        let figure = try #require(all.first { $0["measure"] as? String == "f1_50" && $0["class"] is NSNull })
        return try #require((figure["estimate"] as? [String: Any])?["value"] as? Double)
    }

    @Test(arguments: ObjectLab.Form.allCases)
    func aPipelineComesOutThatPassesItsCheckAndFindsWhatWasLabelled(form: ObjectLab.Form) throws {
        let lab = try ObjectLab(form)
        let trained = try lab.train("mine", "--epochs", "60", "--threads", "2")
        #expect(trained.status == 0, "\(trained.errors)\(trained.output)")
        #expect(trained.output.contains("| F1 at IoU 0.5 |") && trained.errors.contains("on val"))
        #expect(trained.errors.contains("objects of the split train: 18 cell"))
        let check = try Scanreport(["pipeline", "check", "./mine"], in: lab.folder)
        #expect(check.status == 0, "\(check.errors)")
        let card = try String(contentsOfFile: lab.folder["mine/cells.md"], encoding: .utf8)
        #expect(card.contains("## Learned further") && card.contains("temperature: "))
        let page = try String(contentsOfFile: lab.folder["mine/training.html"], encoding: .utf8)
        let parser = XMLParser(data: Data(page.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(page.contains("F1 on val") && page.contains("true (whole line) and"))
        #expect(try f1(of: lab, "mine") > 0.8)
    }

    @Test func theWeightsAreTheSameAtAnyNumberOfThreadsAndByOutlinesOrLabelImages() throws {
        let lab = try ObjectLab(.stars)
        _ = try lab.train("one", "--epochs", "1", "--threads", "1")
        _ = try lab.train("two", "--epochs", "1", "--threads", "2")
        #expect(try lab.weights("one") == lab.weights("two"))
        try lab.writeManifest("outlines", "P0.geojson")
        _ = try lab.train("outlines", "--epochs", "1")
        #expect(try lab.weights("outlines") == lab.weights("one"))
    }

    @Test func boxesTeachWhatLabelImagesTeachOfThem() throws {
        let lab = try ObjectLab(.centres)
        _ = try lab.train("labels", "--epochs", "1")
        // As `evaluate` takes them.
        try lab.writeManifest("class", "")
        let arguments = lab.arguments("boxes", ["--epochs", "1", "--objects", "objects.csv"])
        let trained = try Scanreport(arguments, in: lab.folder)
        #expect(try lab.weights("boxes") == lab.weights("labels"), "\(trained.errors)")
        try lab.writeManifest("boxes", "objects.csv")
        _ = try lab.train("column", "--epochs", "1")
        #expect(try lab.weights("column") == lab.weights("labels"))
    }

    @Test func linesThatTellNothingAreNamed() throws {
        let lab = try ObjectLab(.centres)
        try lab.writeManifest("boxes", "objects.csv") { $0.replacing("P2.tif,objects.csv", with: "P2.tif,") }
        let sentence = "of 1 scan the manifest says nothing of objects: left out (line 3)"
        let trained = try lab.train("mine", "--epochs", "1")
        #expect(trained.errors.contains(sentence) && trained.errors.contains("learning from 2 scans"))
        _ = try Scanreport(
            ["run", "P4.tif", "--pipeline", "./mine", "--database", "night.sqlite"], in: lab.folder)
        let figures = try Scanreport(
            ["evaluate", "--manifest", "manifest.csv", "--objects", "objects.csv", "--database", "night.sqlite"],
            in: lab.folder)
        #expect(figures.errors.contains(sentence), "\(figures.errors)")
    }

    /// What is given, and a part of the sentence.
    static let faults: [(form: ObjectLab.Form, column: String, file: String, sentence: String)] = [
        (.stars, "boxes", "objects.csv", "line 2 of the manifest tells boxes, and the stage outlines objects"),
        (.centres, "boxes", "strange.csv", "is of a class that is none of the card's: cell"),
        (.centres, "boxes", "others.csv", "4 scans of the manifest would have no object"),
        (.centres, "boxes", "outside.csv", "a box of the scan in line 2 of the manifest lies outside of it"),
        (.stars, "labels", "small.tif", "is 32 x 32, its scan 64 x 64"),
        (.stars, "mask", "binary.tif", "has one value for several objects"),
        (.stars, "mask", "empty.tif", "no scan of the split train has an object"),
        (.stars, "outlines", "named.geojson", "an object is called vessel, and the card's classes are cell"),
        (.stars, "class", "cell", "(with labels, outlines or boxes)"),
    ]

    @Test(arguments: faults.indices) func whatCannotBeLearnedIsToldBeforeAnythingIs(index: Int) throws {
        let fault = Self.faults[index]
        let lab = try ObjectLab(fault.form)
        let side = ObjectLab.side
        try lab.write("small.tif", [UInt8](repeating: 1, count: 32 * 32), samples: 1, side: 32)
        try lab.write("empty.tif", [UInt8](repeating: 0, count: side * side), samples: 1)
        try lab.write("binary.tif", (0..<side * side).map { $0 % side % 20 < 8 ? 255 : 0 }, samples: 1)
        let boxes = try String(contentsOfFile: lab.folder["objects.csv"], encoding: .utf8)
        try lab.folder.write("strange.csv", boxes.replacing(",cell", with: ",vessel"))
        try lab.folder.write("others.csv", boxes.replacing("P", with: "Q"))
        try lab.folder.write("outside.csv", boxes + "P1.tif,70,70,4,4,cell\n")
        let outlines = try String(contentsOfFile: lab.folder["P1.geojson"], encoding: .utf8)
        try lab.folder.write(
            "named.geojson", outlines.replacing(#""cell"}"#, with: #""cell","classification":"vessel"}"#))
        try lab.writeManifest(fault.column, fault.file)
        let refused = try lab.train("mine")
        #expect(refused.status == 65, "\(refused.errors)")
        #expect(refused.errors.contains(fault.sentence), "\(refused.errors)")
        #expect(!lab.folder.contents.contains("mine.training"))
    }
}
