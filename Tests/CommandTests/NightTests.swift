import Foundation
import TestSupport
import Testing

/// What else a night has to stand.
@Suite struct NightTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.copy("Fixtures/scans/DEMO0005", to: "scans/DEMO0005")
    }

    private func scanreport(_ arguments: String...) throws -> Scanreport {
        try Scanreport(arguments, in: folder)
    }

    @Test func ofEightBatchesOnOneDatabaseOneRunsAndTheOthersSaySoAtOnce() throws {
        let first = try StartedScanreport(["run", "scans", "--log-level", "info"], in: folder)
        while first.isRunning, !first.errors.contains("run began") { usleep(2000) }
        // It holds the database, and holds it as long as it sleeps: the others cannot be waiting for its end.
        first.signal(SIGSTOP)
        let others = try (2...8).map { _ in try StartedScanreport(["run", "scans"], in: folder) }.map { try $0.end() }
        first.signal(SIGCONT)
        #expect(others.map(\.status) == [Int32](repeating: 75, count: 7))
        for other in others { #expect(other.errors.contains("another run is writing the database")) }
        let run = try first.end()
        #expect(run.status == 0)
        #expect(run.output.contains("3 found: 3 analysed"), "\(run.output)")
        #expect(try scanreport("run", "scans").output.contains("3 found: 3 done before"))
    }

    @Test func aPipelineThatMarksGlassIsNotBelieved() throws {
        try folder.copy("Fixtures/scans/DEMO0008/DEMO0008-01.tif", to: "glass/DEMO0008-01.tif")
        try folder.copy("Pipelines/colorectal-biopsy", to: "pipeline")
        // At that temperature all probabilities are near a half.
        try replace(/threshold: [0-9.]+/, by: "threshold: 0.3", in: "pipeline/pipeline.yaml")
        try replace(/temperature: [0-9.]+/, by: "temperature: 100", in: "pipeline/gland-unet.md")
        let run = try scanreport("run", "glass", "--pipeline", "./pipeline")
        #expect(run.status == 1)
        #expect(run.output.contains("x segment: degenerate-output"), "\(run.output)")
    }

    private func replace(_ pattern: Regex<Substring>, by text: String, in name: String) throws {
        let before = try String(contentsOfFile: folder[name], encoding: .utf8)
        let after = before.replacing(pattern, with: text, maxReplacements: 1)
        #expect(after != before)
        try after.write(toFile: folder[name], atomically: false, encoding: .utf8)
    }

    @Test func modelsThatDoNotAnswerAsTheirCardsSayAreNotUsed() throws {
        try folder.copy("Pipelines/colorectal-biopsy", to: "pipeline")
        let file = URL(filePath: folder["pipeline/gland-unet.test-output.npy"])
        var tensor = try Data(contentsOf: file)
        tensor.replaceSubrange(tensor.count - 400..<tensor.count, with: Data(repeating: 0x42, count: 400))
        try tensor.write(to: file)
        let run = try scanreport("run", "scans", "--pipeline", "./pipeline")
        #expect(run.status == 65)
        #expect(run.errors.contains("does not answer its test input as its card says"))
        #expect(try scanreport("patients", "--format", "json").output.contains("DEMO") == false)
    }

    @Test func aDryRunEstimatesByWhatWasDoneBefore() throws {
        #expect(try scanreport("run", "scans", "--dry-run").output.contains("no estimate"))
        #expect(try scanreport("run", "scans").status == 0)
        try folder.copy("Fixtures/scans/DEMO0006", to: "scans/DEMO0006")
        let plan = try scanreport("run", "scans", "--dry-run", "--workers", "2")
        #expect(plan.output.contains("5 found: 2 to analyse"))
        #expect(plan.output.contains(" on 2 cores, going by the last 3 analyses"))
    }
}
