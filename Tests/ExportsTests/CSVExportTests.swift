import Exports
import FindingStore
import Findings
import Foundation
import Listings
import Testing

@Suite struct CSVExportTests {
    private func exported(
        _ recorded: RecordedFindings, _ filter: FindingFilter = FindingFilter(),
        protection: CSVWriter<FindingRow>.TextProtection = .formulas, pseudonyms: Pseudonyms? = nil
    ) throws -> String {
        let output = recorded.path("findings.csv")
        try CSVExport(output: output, protection: protection)
            .write(ExportQuestion(recorded.reader(), filter: filter, pseudonyms: pseudonyms))
        return try String(contentsOfFile: output, encoding: .utf8)
    }

    private static let oddClasses: [[String]] = [
        ["Normal", "Polyp"], [], ["Polyp, flat", "a\"b", "c;d"], ["=1", "+2"], ["é", "名", "\u{1}", "tab\t"],
        ["e", "1", "-1", ""],
        ["a\nb", "\\", "{}", "a=b"],
    ]

    /// The bytes that the plain writer makes of the same rows.
    @Test(arguments: oddClasses, [CSVWriter<FindingRow>.TextProtection.formulas, .none])
    func itIsWhatTheWriterMakesOfTheRows(classes: [String], protection: CSVWriter<FindingRow>.TextProtection) throws {
        let labels = classes.filter { !$0.isEmpty } + ["Polyp", "=1", "a,b"]
        var findings = try labels.enumerated().map {
            try Finding.drawn($0, label: $1, x: $0 * 1000, confidence: 1 / Double($0 + 3), classes: classes)
        }
        findings.append(try .drawn(labels.count, .scan, image: 3, confidence: 1, classes: classes))
        findings.append(try .drawn(labels.count + 1, .tile, confidence: 0, classes: classes))
        let recorded = try RecordedFindings(findings, patient: "=P\"1", remarks: ["it is small; 1, 2", "@b"])
        let writer = CSVWriter<FindingRow>(protection: protection)
        let rows = try recorded.reader().findings()
        #expect(rows.count == findings.count)
        let expected = writer.header + rows.map(writer.record).joined()
        #expect(try exported(recorded, protection: protection) == expected)
    }

    /// Numbers and texts as another program's tool may have left them.
    @Test(arguments: [
        #"{"Polyp":1,"Normal":0.5}"#, #"{ "Polyp" : 0.5 }"#, #"{"Polyp":5e-324}"#, #"{"Polyp":-0.5}"#, #"{"a}":0.5}"#,
        #"{"a":0.5,"a":0.25}"#, #"{"é":0.5}"#,
    ])
    func storedListsAreReadAlike(probabilities: String) throws {
        let recorded = try RecordedFindings([.drawn(0)])
        try recorded.damage("UPDATE findings SET probabilities = '\(probabilities)'")
        let writer = CSVWriter<FindingRow>()
        let expected = try writer.header + recorded.reader().findings().map(writer.record).joined()
        #expect(try exported(recorded) == expected)
    }

    @Test(arguments: [
        "probabilities = '{\"a'", "probabilities = '{\"a\"'", "probabilities = '{\"a\":'", "probabilities = '{\"abc}'",
        "probabilities = '{\"a\":0.5,}'", "probabilities = ''", "probabilities = '}'", "probabilities = '{\"a\":0.5e}'",
        "finding_id = 'x'", "kind = 'nothing'",
    ])
    func whatCannotBeIsDamage(change: String) throws {
        let recorded = try RecordedFindings([.drawn(0)])
        try recorded.damage("UPDATE findings SET \(change)")
        let error = try #require(throws: StoreError.self) { try exported(recorded) }
        #expect(error.kind == .unusable(.damaged))
        #expect(!FileManager.default.fileExists(atPath: recorded.path("findings.csv")))
    }

    /// Beside them there is a file of reviews.
    @Test func whatWasSaidOfFindingsIsInColumnsAtTheEnd() throws {
        let recorded = try RecordedFindings([.drawn(0), .drawn(1, x: 50)])
        let plain = try exported(recorded).split(separator: "\n")
        let rows = try recorded.reader().findings()
        let review = try #require(
            Review(
                .relabelled, label: "=1,2", note: "a \"b\"", by: "Eve",
                at: Timestamp(Date(timeIntervalSince1970: 1_800_000_000))))
        try ReviewFile.forWriting(besides: recorded.database).add(review, of: rows[1].id)
        let lines = try exported(recorded).split(separator: "\n")
        #expect(lines[0] == plain[0] + ",review,review_label,review_note,reviewer,reviewed_at")
        #expect(lines[1] == plain[1] + ",,,,,")
        #expect(lines[2] == plain[2] + ",relabelled,\"'=1,2\",\"a \"\"b\"\"\",Eve,2027-01-15T08:00:00.000Z")
        let output = recorded.path("findings.json")
        try JSONExport(output: output).write(ExportQuestion(recorded.reader(), filter: FindingFilter()))
        #expect(try String(contentsOfFile: output, encoding: .utf8).contains("\"reviewer\":\"Eve\""))
    }

    @Test func theFilterCounts() throws {
        let recorded = try RecordedFindings([
            .drawn(0, label: "Polyp", confidence: 0.9), .drawn(1, label: "Normal", confidence: 0.9),
            .drawn(2, label: "Polyp", confidence: 0.1),
        ])
        let filter = FindingFilter(label: "Polyp", minimumConfidence: 0.5)
        #expect(try exported(recorded, filter).split(separator: "\n").count == 2)
    }

    @Test func pseudonymsAreTheRows() throws {
        let recorded = try RecordedFindings([.drawn(0), .drawn(1, x: 50)], patient: "Jane Roe")
        let key = recorded.path("key")
        try Data((0..<64).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 11) }).write(to: URL(filePath: key))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        let pseudonyms = Pseudonyms(key: try PseudonymKey(path: key))
        let writer = CSVWriter<FindingRow>()
        let rows = try recorded.reader().findings().map(pseudonyms.row)
        let text = try exported(recorded, pseudonyms: pseudonyms)
        #expect(text == writer.header + rows.map(writer.record).joined())
        #expect(!text.contains("Jane"))
    }
}
