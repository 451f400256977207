import Foundation
import TIFF
import TestSupport
import Testing

/// Whose a slide is, by the code on its label.
@Suite struct LabelTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("scans/tray/.keep", "")
        try write("scans/tray/a.tif", label: DrawnCodes.qr)
    }

    private static let pattern = #"^(?<patient>S\d+-\d+)"#

    private func run(_ arguments: String...) throws -> Scanreport {
        try Scanreport(["run", "scans", "--patient-from-label"] + arguments, in: folder)
    }

    /// Patient and source of each scan.
    private func owners() throws -> [String] {
        let listing = try Scanreport(["scans", "--format", "csv"], in: folder).output
        return listing.split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false).prefix(2).joined(separator: " ")
        }
    }

    @Test func saysWhoseItIs() throws {
        let first = try run(Self.pattern)
        #expect(first.status == 0, "\(first.output)\(first.errors)")
        #expect(try owners() == ["S24-00124 label"])
        #expect(!(first.output + first.errors).contains("S24"))
        // Read once: what is made of it may change.
        #expect(try run("block (?<patient>[0-9]+)").output.contains("1 found: 1 done before"))
        #expect(try owners() == ["2 label"])
        #expect(try Scanreport(["verify"], in: folder).status == 0)
        #expect(try Scanreport(["forget", "--patient", "2"], in: folder).status == 0)
    }

    @Test func doesNotOverruleTheManifest() throws {
        try folder.write("list.csv", "scan,patient\ntray/a.tif,Ada\n")
        let other = try run(Self.pattern, "--manifest", "list.csv")
        #expect(other.status == 1)
        #expect(other.output.contains("1 scan's label names another patient than the manifest"), "\(other.output)")
        #expect(try owners() == ["Ada manifest"])
        try folder.write("list.csv", "scan,patient\ntray/a.tif,S24-00124\n")
        #expect(try run(Self.pattern, "--manifest", "list.csv").status == 0)
        #expect(try owners() == ["S24-00124 manifest"])
    }

    @Test func isMissedWhereItNamesNoPatient() throws {
        try write("scans/tray/b.tif", label: nil)
        let run = try run("(?<patient>X[0-9]+)")
        #expect(run.status == 1)
        #expect(run.output.contains("2 scans have no readable label that names a patient"), "\(run.output)")
        #expect(try owners() == ["tray folder", "tray folder"])
    }

    /// A page of glass and, as a second one, the label.
    private func write(_ name: String, label: String?) throws {
        var writer = try TIFFWriter(path: folder[name], isBigTIFF: false)
        var page = TIFFPageLayout(width: 300, height: 280, samplesPerPixel: 3)
        page.imageDescription = "slide"
        try writer.beginPage(page)
        try writer.writeRows([UInt8](repeating: 243, count: 300 * 280 * 3))
        if let label {
            let rows = label.split(separator: "\n").map { $0.map { $0 == "#" } }
            let (scale, margin) = (6, 40)
            let side = rows.count * scale + 2 * margin
            var pixels = [UInt8](repeating: 240, count: side * side * 3)
            for y in margin..<side - margin {
                for x in margin..<side - margin where rows[(y - margin) / scale][(x - margin) / scale] {
                    for sample in 0..<3 { pixels[(y * side + x) * 3 + sample] = 20 }
                }
            }
            var page = TIFFPageLayout(width: side, height: side, samplesPerPixel: 3)
            page.imageDescription = "label"
            try writer.beginPage(page)
            try writer.writeRows(pixels)
        }
        try writer.finish()
    }
}
