import Foundation
import FoundationXML
import TestSupport
import Testing

/// A lab's own labels make a new pipeline.
@Suite struct TrainTests {
    let lab: TrainingLab

    init() throws { lab = try TrainingLab() }

    @Test func aPipelineComesOutThatPassesItsCheckAndMarksWhatWasLabelled() throws {
        let trained = try lab.train("mine", "--threads", "2", "--epochs", "20")
        #expect(trained.status == 0, "\(trained.errors)\(trained.output)")
        #expect(trained.output.contains("| Dice (mean per image) |"))
        #expect(lab.folder.contents.contains("mine"))
        let check = try lab.scanreport("pipeline", "check", "./mine")
        #expect(check.status == 0, "\(check.errors)")
        let card = try String(contentsOfFile: lab.folder["mine/marks.md"], encoding: .utf8)
        #expect(
            card.contains("## Learned further") && card.contains("temperature: ")
                && card.contains("3 scans of 3 patients"))
        let page = try String(contentsOfFile: lab.folder["mine/training.html"], encoding: .utf8)
        let parser = XMLParser(data: Data(page.utf8))
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(
            page.contains("class=\"run other\"") && page.contains("data:image/jpeg;base64,") && page.contains("found"))
        // Nothing beside it, and nothing that runs.
        #expect(
            !page.contains("<script") && !page.contains("<link") && !page.contains("http:") && !page.contains("https:"))
        try lab.scanreport("run", "P4.tif", "--pipeline", "./mine", "--database", "night.sqlite")
        try lab.writeManifest { $0.replacing(",val", with: ",test") }
        let figures = try lab.scanreport(
            "evaluate", "--manifest", "labels.csv", "--split", "test", "--database", "night.sqlite", "--format", "json")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(figures.output.utf8)) as? [String: Any])
        let dice = ((report["overall"] as? [String: Any])?["dice"] as? [String: Any])?["value"] as? Double
        #expect(try #require(dice) > 0.8, "\(figures.output)")
    }

    @Test func theWeightsAreTheSameAtAnyNumberOfThreads() throws {
        let one = try lab.train("one", "--threads", "1", "--epochs", "4")
        #expect(one.errors.contains("loss"))
        // So few steps may make it worse.
        #expect([0, 1].contains(one.status), "\(one.errors)")
        _ = try lab.train("two", "--threads", "2", "--epochs", "4")
        #expect(try lab.weights("one") == lab.weights("two"))
        #expect(try lab.train("other", "--seed", "1", "--epochs", "4").errors.contains("loss"))
        #expect(try lab.weights("other") != lab.weights("one"))
    }

    @Test func whereValChoosesItEndsEarlyAndTheCardSaysSo() throws {
        // So high a rate gains nothing for long.
        let trained = try lab.train(
            "mine", "--epochs", "40", "--rate", "0.5", "--accumulate", "2", "--patience", "1", "--augmentation", "0")
        #expect([0, 1].contains(trained.status), "\(trained.errors)")
        let card = try String(contentsOfFile: lab.folder["mine/marks.md"], encoding: .utf8)
        #expect(
            card.contains("steps of 4 tiles") && card.contains("lowest loss") && !card.contains("30 steps"), "\(card)")
    }

    @Test func weightsStayNearTheStartWhereNothingIsGainedByLeavingIt() throws {
        func card(_ output: String, _ more: String...) throws -> String {
            let trained = try Scanreport(lab.arguments(output, more), in: lab.folder)
            #expect([0, 1].contains(trained.status), "\(trained.errors)")
            return try String(contentsOfFile: lab.folder["\(output)/marks.md"], encoding: .utf8)
        }
        // Random weights are no place to stay near.
        #expect(try !card("learned", "--epochs", "20").contains("of the way"))
        #expect(
            try card("still", "--pipeline", "./learned", "--epochs", "1", "--rate", "0.00000001")
                .contains("are 0.4 of the way"))
    }

    @Test func aStepOfLearningCanBeTimed() throws {
        let timed = try lab.scanreport(
            "model", "benchmark", "marks.onnx", "--training", "--input-shape", "2x3x64x64", "--threads", "1",
            "--seconds",
            "0.01", "--format", "json")
        #expect(timed.status == 0, "\(timed.errors)")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(timed.output.utf8)) as? [String: Any])
        #expect(try #require(report["median_ms"] as? Double) > 0 && report["runs"] as? Int == 3)
    }

    /// A change of the manifest, and a part of the sentence.
    static let faults: [(change: @Sendable (String) -> String, sentence: String)] = [
        ({ $0.replacing("P4,P4.tif", with: "P1,P4.tif") }, "one patient is in train (line 2) and in val (line 5)"),
        ({ $0.replacing("P4,P4.tif", with: " p01,P4.tif") }, "one patient is in train (line 2) and in val (line 5)"),
        ({ $0.replacing("P2,", with: "P1,").replacing("P3,", with: "P1,") }, "of one patient"),
        ({ $0.replacing("P4.tif", with: "P1.tif") }, "name the same scan, in train and in val"),
        ({ $0.replacing(",val", with: ",train") }, "split says val: there are 4 and 0"),
        ({ $0.replacing("P4-mask.tif", with: "") }, "there are 3 and 0"),
        (
            {
                $0.replacing(",train", with: ",").replacing(",val", with: ",").replacing("P3,", with: "P1,").replacing(
                    "P4,", with: "P1,")
            },
            "scans of three patients or more: there are 2"
        ),
        ({ $0.replacing("P2-mask.tif", with: "nosuch.tif") }, "the mask in line 3 of the manifest cannot be read"),
        ({ $0.replacing("P2.tif", with: "nosuch.tif") }, "line 3 of the manifest"),
    ]

    @Test(arguments: faults.indices) func labelsThatWouldLieAreRefusedBeforeAnythingIsLearned(index: Int) throws {
        try lab.writeManifest(Self.faults[index].change)
        let refused = try lab.train("mine")
        #expect(refused.status == 65, "\(refused.errors)")
        #expect(refused.errors.contains(Self.faults[index].sentence), "\(refused.errors)")
        #expect(!refused.errors.contains("P2"), "\(refused.errors)")
    }

    @Test func masksOfAnotherSizeOrWithoutAPixelAreRefused() throws {
        try lab.write("P2-mask.tif", [UInt8](repeating: 255, count: 32 * 32), samples: 1, side: 32)
        #expect(
            try lab.train("mine").errors.contains("the mask in line 3 of the manifest is 32 x 32, its scan 64 x 64"))
        for patient in 1...4 {
            try lab.write(
                "P\(patient)-mask.tif", [UInt8](repeating: 0, count: TrainingLab.side * TrainingLab.side), samples: 1)
        }
        #expect(try lab.train("mine").errors.contains("no mask of the split train marks a pixel"))
    }

    @Test func aPipelineThatIsThereIsNotTaken() throws {
        try lab.folder.copy("Pipelines/colorectal-biopsy/pipeline.yaml", to: "mine/pipeline.yaml")
        #expect(try lab.train("mine").errors.contains("there is a pipeline in the output's folder already"))
        try lab.folder.write("full/notes.txt", "mine")
        #expect(try lab.train("full").errors.contains("the output is there already"))
    }
}
