import Foundation
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

    private func drawn() throws -> RGBImage {
        let scan = try ScanFormats.standard.open(path: folder["drawn.tif"])
        let level = try scan.mainPyramid().levels[0]
        return try scan.pixels(of: level).pixels(
            in: PixelWindow(x: 0, y: 0, width: level.width, height: level.height))
    }

    /// The drawn scan, and white around it, as a MIRAX scan of this name.
    private func mirax() throws -> DrawnMIRAX {
        let image = try drawn()
        let step = DrawnMIRAX.divisions * DrawnMIRAX.tile - 16
        var slide = DrawnMIRAX(columns: image.width / step + 1, rows: image.height / step + 1) { x, y in
            guard x < image.width, y < image.height else { return [255, 255, 255] }
            let start = 3 * (y * image.width + x)
            return Array(image.pixels[start..<start + 3])
        }
        slide.levels = 1
        slide.spacing = "1.5"
        return slide
    }

    /// What `query` lists of the patient `name` in `name.sqlite`: label, confidences, box and centroid.
    private func findings(_ name: String) throws -> String {
        try scanreport("query", "--patient", name, "--database", "\(name).sqlite", "--format", "csv").output
            .split(separator: "\n").map { $0.split(separator: ",")[5..<14].joined(separator: ",") }
            .joined(separator: "\n")
    }

    /// The drawn scan as a Trestle file, which OpenSlide reads, or a plain one.
    private func write(_ name: String, isTrestle: Bool) throws {
        try write(try drawn(), name, isTrestle: isTrestle)
    }

    private func write(_ image: RGBImage, _ name: String, isTrestle: Bool) throws {
        var layout = TIFFPageLayout(width: image.width, height: image.height, samplesPerPixel: 3)
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
            findings.append(try self.findings(name))
        }
        #expect(findings[0].count > 200)
        #expect(findings[0] == findings[1])
        #expect(
            try scanreport("scans", "--database", "trestle.sqlite", "--format", "json").output.contains("openslide"))
    }

    @Test func theFindingsOfAMIRAXScanAreThoseOfThePlainFile() throws {
        let slide = try mirax()
        let pixels = (0..<slide.height).flatMap { y in (0..<slide.width).flatMap { x in slide.colour(x, y) } }
        try write(RGBImage(width: slide.width, height: slide.height, pixels: pixels), "plain", isTrestle: false)
        try folder.write("mirax/.keep", "")
        try slide.write("mirax/scan", in: folder)
        for name in ["plain", "mirax"] {
            let run = try scanreport("run", name, "--database", "\(name).sqlite", "--require-confinement")
            #expect(run.status == 0, "\(run.output)\(run.errors)")
        }
        #expect(try findings("plain").count > 200)
        #expect(try findings("mirax") == findings("plain"))
        #expect(try scanreport("verify", "--database", "mirax.sqlite", "--replay", "1").status == 0)
        try folder.write("mirax/scan/Index.dat", "other")
        #expect(try scanreport("verify", "--database", "mirax.sqlite").status == 1)
        let refused = try scanreport(
            "export", "--database", "mirax.sqlite", "--format", "csv", "--output", "mirax/scan/Data0000.dat")
        #expect(refused.status == 64, "\(refused.errors)")
    }

    /// Of what the reader makes of them: a file that only its own form holds has no other pixels in its findings.
    @Test(arguments: ["scan.vms", "scan.vmu", "scan.svslide"])
    func theFindingsOfAScanAreThoseOfItsPixels(file: String) throws {
        let image = try drawn()
        func colour(_ x: Int, _ y: Int) -> [UInt8] {
            guard x < image.width, y < image.height else { return [255, 255, 255] }
            return Array(image.pixels[3 * (y * image.width + x)..<3 * (y * image.width + x) + 3])
        }
        try folder.write("vendor/.keep", "")
        switch file {
        case "scan.vms":
            var slide = DrawnVMS(columns: 1, rows: 8, colour: colour)
            slide.spacing = 1.5
            try slide.write("vendor/scan", in: folder)
        case "scan.vmu":
            var slide = DrawnVMU(width: 256, height: 256, colour: colour)
            slide.spacing = 1.5
            try slide.write("vendor/scan", in: folder)
        default:
            var slide = DrawnSakura(columns: 1, rows: 1, colour: colour)
            slide.spacing = 1.5
            try slide.write("vendor/\(file)", in: folder)
        }
        let scan = try ScanFormats.standard.open(path: folder["vendor/\(file)"])
        let level = try scan.mainPyramid().levels[0]
        let pixels = try scan.pixels(of: level).pixels(
            in: PixelWindow(x: 0, y: 0, width: level.width, height: level.height))
        try write(pixels, "plain", isTrestle: false)
        for name in ["plain", "vendor"] {
            let run = try scanreport("run", name, "--database", "\(name).sqlite", "--require-confinement")
            #expect(run.status == 0, "\(run.output)\(run.errors)")
        }
        #expect(try findings("plain").count > 200)
        #expect(try findings("vendor") == findings("plain"))
        #expect(try scanreport("verify", "--database", "vendor.sqlite", "--replay", "1").status == 0)
    }

    /// Each fails for itself, and the others do not.
    @Test func aDamagedMIRAXScanDoesNotEndTheNight() throws {
        try folder.copy("Fixtures/scans/DEMO0005/DEMO0005-01.tif", to: "scans/P1/good.tif")
        try folder.write("passwd", "root")
        for (number, name) in ["../../../passwd", "/etc/passwd", "Data0009.dat"].enumerated() {
            var slide = try mirax()
            slide.dataFile = name
            try slide.write("scans/P2/\(number)", in: folder)
        }
        try mirax().write("scans/P2/alone", in: folder)
        try FileManager.default.removeItem(atPath: folder["scans/P2/alone"])
        try mirax().write("scans/P2/cut", in: folder)
        try folder.write("scans/P2/cut/Index.dat", "01.02")
        let run = try scanreport("run", "scans", "--database", "d.sqlite")
        #expect(run.status == 1)
        #expect(run.output.contains("6 found") && run.output.contains("1 with findings"), "\(run.output)")
        #expect(run.output.contains("5 failed"), "\(run.output)")
        #expect(run.output.contains(": malformed") && !run.output.contains("worker: "), "\(run.output)")
    }
}
