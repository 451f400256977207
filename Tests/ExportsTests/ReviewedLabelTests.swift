import Evaluation
import Exports
import FindingStore
import Findings
import Foundation
import Imaging
import Listings
import Slides
import Synchronization
import Testing

@Suite struct ReviewedLabelTests {
    /// Two regions, two objects, a tile, and the grade of the scan.
    private static func findings() throws -> [Finding] {
        [
            try .drawn(0, x: 10), try .drawn(1, label: "Normal", x: 40), try .drawn(2, .object, label: "cell", x: 100),
            try .drawn(3, .object, label: "cell", x: 140), try .drawn(4, .tile, x: 0),
            try .drawn(5, .scan, label: "Polyp"),
        ]
    }

    private func review(
        _ recorded: RecordedFindings, _ ordinal: Int, _ verdict: Review.Verdict, _ label: String? = nil
    ) throws {
        let rows = try recorded.reader().findings()
        let row = try #require(rows.first { $0.finding.ordinal == ordinal })
        let moment = Timestamp(Date(timeIntervalSince1970: 1_800_000_000 + Double(ordinal)))
        let note = verdict == .noted ? "look again" : ""
        let review = try #require(Review(verdict, label: label, note: note, by: "Eve", at: moment))
        try ReviewFile.forWriting(besides: recorded.database).add(review, of: row.id)
    }

    /// - Returns: what was told.
    private func export(_ recorded: RecordedFindings, trustsUnreviewed: Bool = false) throws -> [String] {
        let told = Mutex<[String]>([])
        try ReviewedLabelExport(folder: recorded.path("set"), trustsUnreviewed: trustsUnreviewed) { sentence in
            told.withLock { $0.append(sentence) }
        }.write(ExportQuestion(recorded.reader(), filter: FindingFilter()))
        return told.withLock { $0 }
    }

    private func bytes(_ recorded: RecordedFindings, _ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: recorded.path("set/\(name)"))))
    }

    private func truth(_ recorded: RecordedFindings) throws -> GroundTruth {
        try #require(GroundTruth.manifest(bytes(recorded, "manifest.csv")).first)
    }

    @Test func whatWasAgreedAndRelabelledIsTrueAndWhatWasRejectedIsGone() throws {
        let recorded = try RecordedFindings(Self.findings(), patient: "=P1, or so")
        try review(recorded, 0, .rejected)
        try review(recorded, 1, .relabelled, "Polyp")
        try review(recorded, 2, .agreed)
        try review(recorded, 3, .relabelled, "debris")
        try review(recorded, 5, .relabelled, "Serrated adenoma")
        let told = try export(recorded)
        #expect(told.count == 1 && told[0].hasPrefix("labels of 1 scan: regions of 1, objects of 1, classes of 1"))

        let truth = try truth(recorded)
        #expect(truth.patient == "=P1, or so" && truth.scan == "/scans/=P1, or so/a.tif")
        #expect(truth.label == "Serrated adenoma" && truth.mask == "masks/\(recorded.scan).tif")
        let mask = try MaskImage(truthAt: recorded.path("set/\(truth.mask ?? "")"), line: truth.line)
        #expect(mask.width == 300 && mask.height == 200 && mask.foregroundCount == 20)
        #expect(mask.foreground.boundingBox?.x == 40)

        let rows = try ObjectManifestRow.read(bytes(recorded, "manifest.csv"))
        #expect(rows.map(\.labels) == ["labels/\(recorded.scan).tif"])
        #expect(try LabelImage.read(path: recorded.path("set/\(rows[0].labels ?? "")")).regions.count == 2)
        let table = String(decoding: try bytes(recorded, "objects.csv"), as: UTF8.self).split(separator: "\n")
        #expect(
            table.map(String.init) == [
                "scan,x,y,width,height,class", "\"\(truth.scan)\",100,20,5,4,cell",
                "\"\(truth.scan)\",140,20,5,4,debris",
            ])
        let boxes = try ObjectTableMatch(
            ObjectTable(bytes(recorded, "objects.csv")), to: rows.map(\.scan), path: { $0 },
            tablePath: recorded.path("set/objects.csv"))
        #expect(boxes.truth(of: rows[0].scan) != nil && boxes.unmatched.isEmpty)

        let outlines = String(decoding: try bytes(recorded, "outlines/\(recorded.scan).geojson"), as: UTF8.self)
        _ = try RegionsOfInterest(geoJSON: outlines)
        #expect(outlines.components(separatedBy: #""objectType""#).count == 4)
        #expect(outlines.contains(#""name":"debris""#) && !outlines.contains(#""name":"Normal""#))
        #expect(outlines.contains("[40,20]") && !outlines.contains("[10,20]"))
    }

    @Test func allRejectedIsAnEmptyMask() throws {
        let recorded = try RecordedFindings([.drawn(0), .drawn(1, .object, x: 100)])
        for ordinal in 0...1 { try review(recorded, ordinal, .rejected) }
        #expect(try export(recorded).count == 1)
        let truth = try truth(recorded)
        let mask = try MaskImage(truthAt: recorded.path("set/\(truth.mask ?? "")"), line: truth.line)
        #expect(mask.foregroundCount == 0)
        #expect(try ObjectManifestRow.read(bytes(recorded, "manifest.csv")).count == 1)
        #expect(String(decoding: try bytes(recorded, "objects.csv"), as: UTF8.self) == "scan,x,y,width,height,class\n")
    }

    /// What has no review would be background to whoever reads the mask.
    @Test func whatIsReviewedInPartIsNoTruthUnlessTheRestIsTrusted() throws {
        let recorded = try RecordedFindings(Self.findings())
        try review(recorded, 0, .rejected)
        try review(recorded, 1, .noted)
        try review(recorded, 5, .agreed)
        let told = try export(recorded)
        #expect(told.count == 2 && told[1].contains("--unreviewed agreed"))
        #expect(try truth(recorded).mask == nil && truth(recorded).label == "Polyp")
        // Objects that nobody looked at are not said to be none.
        #expect(try ObjectManifestRow.read(bytes(recorded, "manifest.csv")).allSatisfy(\.isUntold))

        _ = try export(recorded, trustsUnreviewed: true)
        let truth = try truth(recorded)
        let mask = try MaskImage(truthAt: recorded.path("set/\(truth.mask ?? "")"), line: truth.line)
        #expect(mask.foregroundCount == 20 && mask.foreground.boundingBox?.x == 40)
        #expect(try ObjectManifestRow.read(bytes(recorded, "manifest.csv")).allSatisfy(\.isUntold))
    }

    @Test func whereNothingIsReviewedWholeThereAreNoLabels() throws {
        let recorded = try RecordedFindings(Self.findings())
        #expect(throws: ExportError.self) { try export(recorded) }
        try review(recorded, 0, .agreed)
        let error = #expect(throws: ExportError.self) { try export(recorded) }
        #expect(error?.kind == .nothing)
        #expect(!FileManager.default.fileExists(atPath: recorded.path("set")))
    }

    @Test func reviewsInFurtherImagesAreToldToBeLeftOut() throws {
        let size = ["image_width_px": 70.0, "image_height_px": 50]
        let second = try Finding.drawn(2, x: 50, y: 30).placed(at: 2, inImage: 1, adding: size)
        let recorded = try RecordedFindings([.drawn(0), second])
        for ordinal in [0, 2] { try review(recorded, ordinal, .agreed) }
        #expect(try export(recorded).last?.contains("1 further image") == true)
    }
}
