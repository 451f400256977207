import Foundation
import TestSupport
import Testing

/// `verify`, `diff`, `forget` and pseudonymised exports over one real night, as a user types them.
@Suite(.serialized) final class ProvenanceTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for patient in ["DEMO0001", "DEMO0002"] {
            try folder.copy("Fixtures/scans/\(patient)", to: "scans/\(patient)")
        }
        let night = try scanreport("run", "scans")
        try #require(night.status == 0, "\(night.errors)")
    }

    private func scanreport(_ arguments: String...) throws -> Scanreport {
        try Scanreport(arguments, in: folder)
    }

    private func verify(_ arguments: String...) throws -> (status: Int32, answer: [String: Any]) {
        let verification = try Scanreport(["verify", "--format", "json"] + arguments, in: folder)
        let answer = try JSONSerialization.jsonObject(with: Data(verification.output.utf8))
        return (verification.status, try #require(answer as? [String: Any]))
    }

    /// Whether any file beside the scans holds the text.
    private func isHeld(_ text: String) throws -> Bool {
        try folder.contents.filter { $0 != "scans" }.contains { name in
            try Data(contentsOf: URL(filePath: folder[name])).range(of: Data(text.utf8)) != nil
        }
    }

    @Test func verifyReadsAgainWhatIsThereAndMakesAnalysesAgainToTheLastBit() throws {
        let (status, answer) = try verify("--replay", "2")
        #expect(status == 0, "\(answer)")
        #expect((answer["irregularities"] as? [Any])?.isEmpty == true)
        #expect(answer["analyses_replayed"] as? Int == 2)
        #expect(answer["pipelines_intact"] as? Int == 1)
        let head = try #require(answer["audit_head"] as? String)

        #expect(try scanreport("run", "scans", "--summary", "summary.json").status == 0)
        let summary = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(filePath: folder["summary.json"])))
        let headOfRun = try #require((summary as? [String: Any])?["audit_head"] as? String)
        #expect(headOfRun != head)
        #expect(try scanreport("export", "--output", "all.csv").status == 0)
        for head in [head, headOfRun] { #expect(try verify("--head", head).status == 0) }
        #expect(try verify("--head", String(head.reversed())).status == 1)
    }

    @Test func verifyNamesAScanAndAPipelineThatAreNotWhatTheyWere() throws {
        let scans = try FileManager.default.contentsOfDirectory(atPath: folder["scans/DEMO0002"])
        try folder.write("scans/DEMO0002/\(try #require(scans.first))", "another file")
        let changed = try verify()
        #expect(changed.status == 1)
        let problems = try #require(changed.answer["irregularities"] as? [[String: String]])
        #expect(problems.map { $0["problem"] } == ["its file holds other bytes now than were analysed"])
        #expect(try verify("--skip-scans").status == 0)

        try folder.copy("Pipelines/colorectal-biopsy", to: "Others/colorectal-biopsy")
        try folder.write("Others/colorectal-biopsy/pipeline.yaml", "name: [")
        let elsewhere = try Scanreport(
            ["verify", "--skip-scans"], in: folder, environment: ["SCANREPORT_PIPELINES": folder["Others"]])
        #expect(elsewhere.status == 1)
        #expect(elsewhere.output.contains("pipeline colorectal-biopsy"))
    }

    @Test func diffListsWhatAnotherThresholdChangedAndNothingAfterAStepBack() throws {
        #expect(try scanreport("diff", "1", "1").status == 0)
        try folder.copy("Pipelines/colorectal-biopsy", to: "Others/colorectal-biopsy")
        let definition = folder["Others/colorectal-biopsy/pipeline.yaml"]
        let text = try String(contentsOfFile: definition, encoding: .utf8)
        let raised = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.contains("minimum-area-px:")
                ? line.prefix { $0 == " " } + "minimum-area-px: 1000000" : line
        }
        try raised.joined(separator: "\n").write(toFile: definition, atomically: true, encoding: .utf8)
        let upgraded = try Scanreport(
            ["run", "scans"], in: folder, environment: ["SCANREPORT_PIPELINES": folder["Others"]])
        #expect(upgraded.status == 0, "\(upgraded.errors)")

        let changes = try scanreport("diff", "1", "2", "--format", "csv")
        #expect(changes.status == 1)
        let rows = changes.output.split(separator: "\n")
        #expect(rows.first?.hasPrefix("change,patient_id,scan,scan_sha256,kind,before,after,") == true)
        #expect(rows.contains { $0.hasPrefix("lost,DEMO0001,") })
        #expect(!rows.contains { $0.hasPrefix("gained,") })

        let before = try scanreport("query", "--patient", "DEMO0001", "--run", "1", "--format", "csv")
        #expect(try scanreport("run", "scans").output.contains("done before"))
        let after = try scanreport("query", "--patient", "DEMO0001", "--format", "csv")
        #expect(after.output == before.output)
        #expect(try scanreport("diff", "1", "3").status == 0)
        #expect(try verify().status == 0)
    }

    @Test func forgetLeavesNothingOfAPatientInAnyFileAndSaysSo() throws {
        #expect(try isHeld("DEMO0001"))
        let others = try scanreport("query", "--patient", "DEMO0002", "--format", "csv")
        let forgotten = try scanreport("forget", "--patient", "DEMO0001")
        #expect(forgotten.status == 0, "\(forgotten.errors)")
        #expect(!forgotten.output.contains("DEMO0001"))
        #expect(try !isHeld("DEMO0001"))
        #expect(try scanreport("query", "--patient", "DEMO0001").status == 66)
        #expect(try scanreport("query", "--patient", "DEMO0002", "--format", "csv").output == others.output)
        #expect(try verify().status == 0)
        #expect(try scanreport("forget", "--patient", "DEMO0009").status == 66)
    }

    @Test(arguments: ["csv", "json"])
    func aPseudonymisedExportHoldsNothingThatIdentifiesAndIsStable(format: String) throws {
        try Data((0..<32).map { UInt8($0) &* 73 &+ 11 }).write(to: URL(filePath: folder["key"]))
        let open = try scanreport("export", "--pseudonymise", "key", "--format", format)
        #expect(open.status == 65)
        #expect(open.errors.contains("chmod 600"))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder["key"])
        let first = try scanreport("export", "--pseudonymise", "key", "--format", format)
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output.contains("patient-"))
        #expect(!first.output.contains("DEMO"))
        #expect(!first.output.contains(".tif"))
        let plain = try scanreport("export", "--format", "csv").output.split(separator: "\n").dropFirst()
        for row in plain {
            let fields = row.split(separator: ",", omittingEmptySubsequences: false)
            for identifier in [fields[2], fields[3], fields[21]] { #expect(!first.output.contains(identifier)) }
        }
        #expect(try scanreport("export", "--pseudonymise", "key", "--format", format).output == first.output)
    }

    @Test func anExportWaitsForNoRunButEndsWith75() throws {
        let descriptor = open(folder["scanreport.sqlite.lock"], O_RDWR)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let export = try scanreport("export", "--output", "all.csv")
        #expect(export.status == 75)
        #expect(!folder.contents.contains("all.csv"))
        #expect(try scanreport("query", "--patient", "DEMO0001").status == 0)
        #expect(try scanreport("forget", "--patient", "DEMO0001").status == 75)
    }
}
