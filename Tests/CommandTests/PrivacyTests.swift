import Foundation
import TestSupport
import Testing

/// Names of people and places that must not be found in what a night tells by default.
@Suite struct PrivacyTests {
    private static let canary = "CANARY"
    /// Baseline text tags: document, description, make, model, page, software, artist, computer, inks, printer, rights.
    private static let textTags: [UInt16] = [269, 270, 271, 272, 285, 305, 315, 316, 333, 337, 33432]

    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let good = Self.scan(textIn: Self.textTags)
        try write(good, to: "CANARY-patient/CANARY-good.tif")
        for (index, length) in [3, 8, 200, good.count - 300, good.count - 20].enumerated() {
            try write(good.prefix(length), to: "CANARY-patient/CANARY-cut-\(index).tif")
        }
        for position in stride(from: 0, to: 400, by: 13) {
            var damaged = good
            damaged[damaged.count - 1 - position] ^= 0xFF
            try write(damaged, to: "CANARY-damaged/CANARY-\(position).tif")
        }
        try folder.write(
            "CANARY.csv",
            "scan,patient,spacing_um_px\nCANARY-patient/CANARY-good.tif,CANARY,1.5\nCANARY-lost.tif,CANARY-2,1\n")
        try folder.link("scans/CANARY-link.tif", to: "/etc/hostname")
    }

    private func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try folder.write("scans/\(name)", bytes)
    }

    @Test(arguments: ["text", "json"])
    func whatANightTellsIsFreeOfPatientsFileNamesAndTheTextsOfTags(format: String) throws {
        for night in 1...2 {
            let run = try Scanreport(
                [
                    "run", "scans", "--manifest", "CANARY.csv", "--summary", "summary.json", "--log-format", format,
                    "--scan-timeout", "60s",
                ], in: folder)
            #expect(run.status == 1, "\(run.errors)")
            #expect(run.output.contains("37 found"), "\(run.output)")
            #expect(!run.output.contains(Self.canary))
            #expect(!run.errors.contains(Self.canary))
            #expect(night == 2 || run.errors.contains("fail"))
            let summary = try String(contentsOfFile: folder["summary.json"], encoding: .utf8)
            #expect(!summary.contains(Self.canary))
            if format == "json" {
                for line in run.errors.split(separator: "\n") {
                    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                    #expect(object?["level"] is String, "\(line)")
                }
            }
        }
    }

    @Test func refusalsAreFreeOfPatientsAndFileNames() throws {
        try folder.write("bad.csv", "scan,patient\nCANARY.tif,CANARY\nCANARY\n")
        try folder.write("worse.csv", "scan,patient,spacing_um_px\nCANARY.tif,CANARY,CANARY\n")
        for manifest in ["bad.csv", "worse.csv"] {
            let run = try Scanreport(["run", "scans", "--manifest", manifest], in: folder)
            #expect(run.status == 65)
            #expect(!(run.output + run.errors).contains(Self.canary), "\(run.errors)")
        }
    }

    /// 32 x 32 grey pixels, and the text in each of the tags.
    private static func scan(textIn tags: [UInt16]) -> [UInt8] {
        let (side, text) = (32, Array("\(canary) in a tag, long enough to be quoted\0".utf8))
        var bytes: [UInt8] = Array("II".utf8) + [42, 0]
        func append<Value: FixedWidthInteger>(_ value: Value) {
            withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
        }
        append(UInt32(8 + side * side + text.count))
        bytes += (0..<side * side).map { UInt8(60 + $0 * 37 % 150) } + text
        var entries: [(tag: UInt16, type: UInt16, count: Int, value: Int)] = [
            (256, 3, 1, side), (257, 3, 1, side), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8),
            (277, 3, 1, 1), (278, 3, 1, side), (279, 4, 1, side * side),
        ]
        entries += tags.map { ($0, 2, text.count, 8 + side * side) }
        append(UInt16(entries.count))
        for entry in entries.sorted(by: { $0.tag < $1.tag }) {
            append(entry.tag)
            append(entry.type)
            append(UInt32(entry.count))
            append(UInt32(entry.value))
        }
        append(UInt32(0))
        return bytes
    }
}
