import Foundation
import TestSupport
import Testing

/// From two ONNX files to findings, as a user types it.
@Suite struct PipelineCommandTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func scanreport(_ arguments: String...) throws -> Scanreport { try Scanreport(arguments, in: folder) }

    private func replace(_ old: String, by new: String, in name: String) throws {
        let text = try String(contentsOfFile: folder[name], encoding: .utf8)
        #expect(text.contains(old), "\(old) in \(text)")
        try folder.write(name, text.replacing(old, with: new))
    }

    /// A U-Net of two classes and a classifier of three that takes one size only, with random weights.
    private func makeFolder() throws {
        for (architecture, classes, name) in [("u-net-4x2", "2", "marks"), ("lenet-5", "3", "grades")] {
            let made = try scanreport(
                "model", "new", architecture, "--classes", classes, "--input", "3x64x64", "--output", "\(name).onnx")
            #expect(made.status == 0, "\(made.errors)")
        }
        let new = try scanreport("pipeline", "new", "lab", "--from", "marks.onnx", "grades.onnx")
        #expect(new.status == 0, "\(new.errors)")
        #expect(new.output.contains("marks.onnx: segmentation"))
        #expect(new.output.contains("grades.onnx: classification"))
    }

    private func fillIn() throws {
        for (name, classes, activation) in [
            ("marks", #"["?", "?"]"#, #""?""#), ("grades", #"["?", "?", "?"]"#, #""?""#),
        ] {
            let names = name == "marks" ? "[ground, gland]" : "[low, middle, high]"
            try replace("classes: \(classes)", by: "classes: \(names)", in: "lab/\(name).md")
            try replace("activation: \(activation)", by: "activation: softmax", in: "lab/\(name).md")
            try replace("colour: \"?\"", by: "colour: RGB", in: "lab/\(name).md")
            try replace("normalisation: \"?\"", by: "normalisation: {method: scale}", in: "lab/\(name).md")
            try replace("value: \"?\"", by: "value: 1.0", in: "lab/\(name).md")
            try replace("architecture: \"?\"", by: "architecture: classic", in: "lab/\(name).md")
            try replace("licence: \"?\"", by: "licence: MIT", in: "lab/\(name).md")
        }
        try replace("background: \"?\"", by: "background: ground", in: "lab/marks.md")
    }

    @Test func whatIsLeftOpenIsNamedAtOnce() throws {
        try makeFolder()
        let check = try scanreport("pipeline", "check", "./lab")
        #expect(check.status == 65)
        for key in ["input.colour", "output.activation", "output.classes", "output.background", "normalisation"] {
            #expect(check.errors.contains("\(key) is `?`"), "\(check.errors)")
        }
        #expect(check.errors.contains("marks.md") && check.errors.contains("grades.md"))
    }

    @Test func aNewPipelineIsFilledInCheckedAndRun() throws {
        try makeFolder()
        try fillIn()
        try folder.copy("Fixtures/scans/DEMO0008", to: "scans/DEMO0008")
        let untested = try scanreport("run", "scans", "--pipeline", "./lab")
        #expect(untested.status == 66)
        #expect(untested.errors.contains("--write-tests"), "\(untested.errors)")
        let check = try scanreport("pipeline", "check", "./lab", "--write-tests")
        #expect(check.output.contains("wrote marks.test-input.npy"), "\(check.errors)")
        #expect(check.output.contains("marks: segmentation by marks.onnx"), "\(check.errors)")
        #expect(
            check.output.contains("grades: classification by grades.onnx, tiles of 64 x 64, no other, within marks"))
        #expect([0, 1].contains(check.status), "\(check.errors)")
        #expect(try scanreport("model", "verify", "--pipeline", "./lab").status == 0)
        // Random weights may answer as no network should; they are found out by the scan, not by a crash.
        let run = try scanreport("run", "scans", "--pipeline", "./lab")
        #expect([0, 1].contains(run.status) && !run.output.contains("crashed"), "\(run.output)\(run.errors)")
        // A second time, nothing is written over.
        #expect(try !scanreport("pipeline", "check", "./lab", "--write-tests").output.contains("wrote"))
        #expect(try scanreport("pipeline", "new", "lab", "--from", "marks.onnx").status == 65)
    }

    /// In integers the same tests hold, and the error without ranges names the command that makes them.
    @Test func aPipelineIsCalibratedAndRunInIntegers() throws {
        try makeFolder()
        try fillIn()
        try folder.copy("Fixtures/scans/DEMO0008", to: "scans/DEMO0008")
        let scans = try FileManager.default.subpathsOfDirectory(atPath: folder["scans"]).filter { $0.hasSuffix(".tif") }
        #expect(try [0, 1].contains(scanreport("pipeline", "check", "./lab", "--write-tests").status))
        try replace("\nstages:", by: "\nprecision: int8\nstages:", in: "lab/pipeline.yaml")
        try replace("unknown: refuse", by: "unknown: assume\n  assumed-um-px: 1", in: "lab/pipeline.yaml")
        let uncalibrated = try scanreport("pipeline", "check", "./lab")
        #expect(uncalibrated.status == 66 && uncalibrated.errors.contains("scanreport pipeline calibrate"))
        let made = try Scanreport(
            ["pipeline", "calibrate", "./lab", "--scans"] + scans.map { "scans/\($0)" }, in: folder)
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.output.contains("marks.onnx: ") && made.output.contains("layers in 8 bits"))
        #expect(folder.contents.contains("lab") && made.output.contains("grades.onnx: "))
        let check = try scanreport("pipeline", "check", "./lab")
        #expect([0, 1].contains(check.status), "\(check.errors)")
        #expect(try scanreport("model", "verify", "--pipeline", "./lab").status == 0)
    }
}
