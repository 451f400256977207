import Foundation
import TIFF
import TestSupport
import Testing

/// A lab's own labels make a new pipeline.
@Suite struct TrainTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try makePipeline()
        for patient in 1...4 { try draw(patient) }
        try writeManifest()
    }

    private static let side = 64

    @discardableResult
    private func scanreport(_ arguments: String...) throws -> Scanreport { try Scanreport(arguments, in: folder) }

    private func train(_ output: String, _ more: String...) throws -> Scanreport {
        try Scanreport(
            [
                "train", "--pipeline", "./lab", "--stage", "marks", "--manifest", "labels.csv", "--output", output,
                "--batch", "2", "--rate", "0.01",
            ] + more, in: folder)
    }

    /// A small U-Net with random weights.
    private func makePipeline() throws {
        try scanreport(
            "model", "new", "u-net-4x2", "--classes", "1", "--input", "3x64x64", "--output", "marks.onnx")
        try scanreport("pipeline", "new", "lab", "--from", "marks.onnx")
        var card = try String(contentsOfFile: folder["lab/marks.md"], encoding: .utf8)
        for (old, new) in [
            ("colour: \"?\"", "colour: RGB"), ("normalisation: \"?\"", "normalisation: {method: scale}"),
            ("architecture: \"?\"", "architecture: U-Net"), ("licence: \"?\"", "licence: none"),
            ("value: \"?\"", "value: 1"), ("classes: [\"?\"]", "classes: [gland]"),
        ] { card = card.replacing(old, with: new) }
        try folder.write("lab/marks.md", card)
        let definition = try String(contentsOfFile: folder["lab/pipeline.yaml"], encoding: .utf8)
        try folder.write(
            "lab/pipeline.yaml",
            definition.replacing("tile: 512", with: "tile: 64").replacing("overlap: 128", with: "overlap: 16")
                .replacing("unknown: refuse", with: "unknown: assume\n  assumed-um-px: 1\ntissue: off"))
    }

    /// A purple disc on pink, and its mask.
    private func draw(_ patient: Int) throws {
        let (x, y, radius) = (20 + 7 * patient, 40 - 5 * patient, 10 + 2 * patient)
        var (pixels, mask) = ([UInt8](), [UInt8]())
        for row in 0..<Self.side {
            for column in 0..<Self.side {
                let isInside = (column - x) * (column - x) + (row - y) * (row - y) < radius * radius
                pixels += isInside ? [110, 50, 140] : [230, 150, 190]
                mask.append(isInside ? 255 : 0)
            }
        }
        try write("P\(patient).tif", pixels, samples: 3)
        try write("P\(patient)-mask.tif", mask, samples: 1)
    }

    private func write(_ name: String, _ pixels: [UInt8], samples: Int) throws {
        let layout = TIFFPageLayout(width: Self.side, height: Self.side, samplesPerPixel: samples)
        var writer = try TIFFWriter(path: folder[name])
        try writer.beginPage(layout)
        try writer.writeRows(pixels)
        try writer.finish()
    }

    private func writeManifest(_ change: (String) -> String = { $0 }) throws {
        let rows = (1...4).map { "P\($0),P\($0).tif,P\($0)-mask.tif,\($0 < 4 ? "train" : "val")\n" }.joined()
        try folder.write("labels.csv", change("patient,scan,mask,split\n" + rows))
    }

    private func weights(_ output: String) throws -> Data {
        try Data(contentsOf: URL(filePath: folder["\(output)/marks.onnx"]))
    }

    @Test func aPipelineComesOutThatPassesItsCheckAndMarksWhatWasLabelled() throws {
        let trained = try train("mine", "--threads", "2", "--epochs", "20")
        #expect(trained.status == 0, "\(trained.errors)\(trained.output)")
        #expect(trained.output.contains("| Dice (mean per image) |"))
        #expect(folder.contents.contains("mine"))
        let check = try scanreport("pipeline", "check", "./mine")
        #expect(check.status == 0, "\(check.errors)")
        let card = try String(contentsOfFile: folder["mine/marks.md"], encoding: .utf8)
        #expect(
            card.contains("## Learned further") && card.contains("temperature: ")
                && card.contains("3 scans of 3 patients"))
        try scanreport("run", "P4.tif", "--pipeline", "./mine", "--database", "night.sqlite")
        try writeManifest { $0.replacing(",val", with: ",test") }
        let figures = try scanreport(
            "evaluate", "--manifest", "labels.csv", "--split", "test", "--database", "night.sqlite", "--format", "json")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(figures.output.utf8)) as? [String: Any])
        let dice = ((report["overall"] as? [String: Any])?["dice"] as? [String: Any])?["value"] as? Double
        #expect(try #require(dice) > 0.8, "\(figures.output)")
    }

    @Test func theWeightsAreTheSameAtAnyNumberOfThreadsAndAfterAKill() throws {
        let one = try train("one", "--threads", "1", "--epochs", "4")
        #expect(one.errors.contains("loss"))
        // So few steps may make it worse.
        #expect([0, 1].contains(one.status), "\(one.errors)")
        _ = try train("two", "--threads", "2", "--epochs", "4")
        #expect(try weights("one") == weights("two"))
        let started = try StartedScanreport(
            [
                "train", "--pipeline", "./lab", "--stage", "marks", "--manifest", "labels.csv", "--output", "killed",
                "--epochs", "4", "--batch", "2", "--rate", "0.01",
            ], in: folder)
        while started.isRunning, !FileManager.default.fileExists(atPath: folder["killed/training.checkpoint"]) {
            Thread.sleep(forTimeInterval: 0.01)
        }
        started.signal(SIGKILL)
        _ = try started.end()
        _ = try train("killed", "--epochs", "4")
        #expect(try weights("killed") == weights("one"))
        #expect(try train("other", "--seed", "1", "--epochs", "4").errors.contains("loss"))
        #expect(try weights("other") != weights("one"))
    }

    /// A change of the manifest, and a part of the sentence.
    static let faults: [(change: @Sendable (String) -> String, sentence: String)] = [
        ({ $0.replacing("P4,P4.tif", with: "P1,P4.tif") }, "one patient is in train (line 2) and in val (line 5)"),
        ({ $0.replacing("P2,", with: "P1,").replacing("P3,", with: "P1,") }, "of one patient"),
        ({ $0.replacing("P4.tif", with: "P1.tif") }, "name the same scan, in train and in val"),
        ({ $0.replacing(",val", with: ",train") }, "split must say train"),
        ({ $0.replacing("P2-mask.tif", with: "") }, "line 3 of the manifest has no mask"),
        ({ $0.replacing("P2-mask.tif", with: "nosuch.tif") }, "the mask in line 3 of the manifest cannot be read"),
        ({ $0.replacing("P2.tif", with: "nosuch.tif") }, "line 3 of the manifest"),
    ]

    @Test(arguments: faults.indices) func labelsThatWouldLieAreRefusedBeforeAnythingIsLearned(index: Int) throws {
        try writeManifest(Self.faults[index].change)
        let refused = try train("mine")
        #expect(refused.status == 65, "\(refused.errors)")
        #expect(refused.errors.contains(Self.faults[index].sentence), "\(refused.errors)")
        #expect(!refused.errors.contains("P2"), "\(refused.errors)")
    }

    @Test func masksOfAnotherSizeOrWithoutAPixelAreRefused() throws {
        let layout = TIFFPageLayout(width: 32, height: 32, samplesPerPixel: 1)
        var writer = try TIFFWriter(path: folder["P2-mask.tif"])
        try writer.beginPage(layout)
        try writer.writeRows([UInt8](repeating: 255, count: 32 * 32))
        try writer.finish()
        #expect(try train("mine").errors.contains("the mask in line 3 of the manifest is 32 x 32, its scan 64 x 64"))
        for patient in 1...4 {
            try write("P\(patient)-mask.tif", [UInt8](repeating: 0, count: Self.side * Self.side), samples: 1)
        }
        #expect(try train("mine").errors.contains("no mask of the split train marks a pixel"))
    }

    @Test func neitherAPipelineThatIsThereNorADetectionIsTaken() throws {
        try folder.copy("Pipelines/colorectal-biopsy/pipeline.yaml", to: "mine/pipeline.yaml")
        #expect(try train("mine").errors.contains("there is a pipeline in the output's folder already"))
        let detection = try Scanreport(
            [
                "train", "--pipeline", "blood-smear", "--stage", "cells", "--manifest", "labels.csv", "--output",
                "cells",
            ], in: folder)
        #expect(detection.status == 65)
        #expect(detection.errors.contains("is a detection: only segmentations and classifications can be trained yet"))
    }
}
