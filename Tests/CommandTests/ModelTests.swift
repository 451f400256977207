import Foundation
import TestSupport
import Testing

/// A model from its making to a look inside, as a user types it.
@Suite struct ModelTests {
    @Test func aNewModelIsWrittenInspectedRunAndDrawn() throws {
        let folder = try TemporaryFolder()
        try folder.copy("Fixtures/scans/DEMO0001", to: "scans")
        let scan = try #require(
            FileManager.default.contentsOfDirectory(atPath: folder["scans"]).filter { $0.hasSuffix(".tif") }.min())

        let made = try Scanreport(
            ["model", "new", "u-net-4x2", "--classes", "3", "--input", "3x32x32", "--output", "u.onnx"], in: folder)
        #expect(made.status == 0, "\(made.errors)")
        let again = try Scanreport(
            ["model", "new", "UNet4x2", "--classes", "3", "--input", "3x32x32", "--output", "v.onnx"], in: folder)
        #expect(again.status == 0)
        #expect(
            try Data(contentsOf: URL(filePath: folder["u.onnx"]))
                == Data(contentsOf: URL(filePath: folder["v.onnx"])))

        let inspected = try Scanreport(["model", "inspect", "u.onnx", "--input-shape", "1x3x64x64"], in: folder)
        #expect(inspected.status == 0, "\(inspected.errors)")
        #expect(inspected.output.contains("output float32 1x3x64x64"))
        #expect(!inspected.output.contains("reference"))

        let profiled = try Scanreport(
            ["model", "inspect", "u.onnx", "--input-shape", "1x3x32x32", "--profile", "--format", "csv"], in: folder)
        #expect(profiled.status == 0, "\(profiled.errors)")
        let lines = profiled.output.split(separator: "\n")
        #expect(lines[0].hasSuffix(",algorithm,time_ms,share_percent"))
        let shares = lines.dropFirst().compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }
        #expect(shares.count == lines.count - 1 && abs(shares.reduce(0, +) - 100) < 1)

        let drawn = try Scanreport(
            ["model", "features", "u.onnx", "--input", "scans/\(scan)", "--layer", "down1.conv1", "--output", "f.png"],
            in: folder)
        #expect(drawn.status == 0, "\(drawn.errors)")
        let picture = try Data(contentsOf: URL(filePath: folder["f.png"]))
        #expect(picture.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))

        let unknown = try Scanreport(
            ["model", "features", "u.onnx", "--input", "scans/\(scan)", "--layer", "nosuch", "--output", "g.png"],
            in: folder)
        #expect(unknown.status == 64)
        #expect(unknown.errors.contains("no layer `nosuch`"))
        #expect(!folder.contents.contains("g.png"))
    }
}
