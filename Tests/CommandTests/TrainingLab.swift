import Foundation
import TIFF
import TestSupport

/// Scans of four patients with a disc each, masks of it, a pipeline with a small network, and `train`.
struct TrainingLab {
    let folder: TemporaryFolder

    static let side = 64
    static let patients = 1...4

    init() throws {
        folder = try TemporaryFolder()
        try makePipeline()
        for patient in Self.patients { try draw(patient) }
        try writeManifest()
    }

    @discardableResult
    func scanreport(_ arguments: String...) throws -> Scanreport { try Scanreport(arguments, in: folder) }

    func arguments(_ output: String, _ more: [String]) -> [String] {
        [
            "train", "--pipeline", "./lab", "--stage", "marks", "--manifest", "labels.csv", "--output", output,
            "--batch", "2", "--rate", "0.01",
        ] + more
    }

    func train(_ output: String, _ more: String...) throws -> Scanreport {
        try Scanreport(arguments(output, more), in: folder)
    }

    func start(_ output: String, _ more: String...) throws -> StartedScanreport {
        try StartedScanreport(arguments(output, more), in: folder)
    }

    func weights(_ output: String) throws -> Data {
        try Data(contentsOf: URL(filePath: folder["\(output)/marks.onnx"]))
    }

    func writeManifest(_ change: (String) -> String = { $0 }) throws {
        let rows = Self.patients.map { "P\($0),P\($0).tif,P\($0)-mask.tif,\($0 < 4 ? "train" : "val")\n" }.joined()
        try folder.write("labels.csv", change("patient,scan,mask,split\n" + rows))
    }

    func write(_ name: String, _ pixels: [UInt8], samples: Int, side: Int = side) throws {
        let layout = TIFFPageLayout(width: side, height: side, samplesPerPixel: samples)
        var writer = try TIFFWriter(path: folder[name])
        try writer.beginPage(layout)
        try writer.writeRows(pixels)
        try writer.finish()
    }

    /// Where a patient's disc is.
    static func isInside(_ patient: Int, _ column: Int, _ row: Int) -> Bool {
        let (x, y, radius) = (20 + 7 * patient, 40 - 5 * patient, 10 + 2 * patient)
        return (column - x) * (column - x) + (row - y) * (row - y) < radius * radius
    }

    /// A purple disc on pink, and its mask.
    private func draw(_ patient: Int) throws {
        var (pixels, mask) = ([UInt8](), [UInt8]())
        for row in 0..<Self.side {
            for column in 0..<Self.side {
                let isInside = Self.isInside(patient, column, row)
                pixels += isInside ? [110, 50, 140] : [230, 150, 190]
                mask.append(isInside ? 255 : 0)
            }
        }
        try write("P\(patient).tif", pixels, samples: 3)
        try write("P\(patient)-mask.tif", mask, samples: 1)
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
}
