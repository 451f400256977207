import Slides
import TIFF
import TestSupport
import Testing

/// Scanners' files in workers that may open no file.
@Suite struct VendorFileTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.copy("Fixtures/scans/DEMO0005/DEMO0005-01.tif", to: "drawn.tif")
    }

    private func scanreport(_ arguments: String...) throws -> Scanreport {
        try Scanreport(arguments, in: folder)
    }

    /// The drawn scan as a Trestle file, which OpenSlide reads, or a plain one.
    private func write(_ name: String, isTrestle: Bool) throws {
        let scan = try ScanFormats.standard.open(path: folder["drawn.tif"])
        let level = try scan.mainPyramid().levels[0]
        let image = try scan.pixels(of: level).pixels(
            in: PixelWindow(x: 0, y: 0, width: level.width, height: level.height))
        var layout = TIFFPageLayout(width: level.width, height: level.height, samplesPerPixel: 3)
        layout.organisation = .tiles(width: 64, height: 64)
        layout.compression = .lzw
        if isTrestle {
            layout.software = "MedScan"
            layout.imageDescription = "Background Color=FFFFFF;Objective Power=10"
            layout.resolution = TIFFResolution(x: 1.5, y: 1.5, unit: .none)
        } else {
            layout.resolution = TIFFResolution(x: 10_000 / 1.5, y: 10_000 / 1.5, unit: .centimetre)
        }
        var writer = try TIFFWriter(path: try folder.write("\(name)/scan.tif", ""))
        try writer.beginPage(layout)
        try writer.writeRows(image.pixels)
        try writer.finish()
    }

    @Test func theFindingsAreThoseOfThePlainFile() throws {
        var findings: [String] = []
        for name in ["plain", "trestle"] {
            try write(name, isTrestle: name == "trestle")
            let run = try scanreport("run", name, "--database", "\(name).sqlite")
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            let listed = try scanreport("query", "--patient", name, "--database", "\(name).sqlite", "--format", "csv")
                .output
            // Label, confidences, box and centroid.
            findings.append(
                listed.split(separator: "\n").map { $0.split(separator: ",")[5..<14].joined(separator: ",") }
                    .joined(separator: "\n"))
        }
        #expect(findings[0].count > 200)
        #expect(findings[0] == findings[1])
        #expect(
            try scanreport("scans", "--database", "trestle.sqlite", "--format", "json").output.contains("openslide"))
    }
}
