import Foundation
import Synchronization
import Testing

/// What else a night has to stand.
@Suite("A night")
struct NightTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.copy("Fixtures/scans/DEMO0005", to: "scans/DEMO0005")
    }

    private func scanreport(_ arguments: String...) throws -> Scanreport {
        try Scanreport(arguments, in: folder)
    }

    @Test func `of eight batches on one database one runs, and the others say so at once`() throws {
        let results = Mutex<[Scanreport]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { [folder] _ in
            let result = try? Scanreport(["run", "scans"], in: folder)
            results.withLock { $0 += [result].compactMap(\.self) }
        }
        let runs = results.withLock { $0 }
        #expect(runs.count == 8)
        // On a busy machine one may begin when another has ended: it then finds nothing to do.
        let busy = runs.filter { $0.status == 75 }
        #expect(busy.count >= 1)
        #expect(runs.count { $0.status == 0 } == 8 - busy.count)
        for run in busy { #expect(run.errors.contains("another run is writing the database")) }
        #expect(runs.count { $0.output.contains("3 found: 3 analysed") } == 1)
        #expect(try scanreport("run", "scans").output.contains("3 found: 3 done before"))
    }

    @Test func `a pipeline that marks glass is not believed`() throws {
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
        let before = try String(contentsOfFile: folder.path(name), encoding: .utf8)
        let after = before.replacing(pattern, with: text, maxReplacements: 1)
        #expect(after != before)
        try after.write(toFile: folder.path(name), atomically: false, encoding: .utf8)
    }

    @Test func `models that do not answer as their cards say are not used`() throws {
        try folder.copy("Pipelines/colorectal-biopsy", to: "pipeline")
        let file = URL(filePath: folder.path("pipeline/gland-unet.test-output.npy"))
        var tensor = try Data(contentsOf: file)
        tensor.replaceSubrange(tensor.count - 400..<tensor.count, with: Data(repeating: 0x42, count: 400))
        try tensor.write(to: file)
        let run = try scanreport("run", "scans", "--pipeline", "./pipeline")
        #expect(run.status == 65)
        #expect(run.errors.contains("does not answer its test input as its card says"))
        #expect(try scanreport("patients", "--format", "json").output.contains("DEMO") == false)
    }

    @Test func `a dry run estimates by what was done before`() throws {
        #expect(try scanreport("run", "scans", "--dry-run").output.contains("no estimate"))
        #expect(try scanreport("run", "scans").status == 0)
        try folder.copy("Fixtures/scans/DEMO0006", to: "scans/DEMO0006")
        let plan = try scanreport("run", "scans", "--dry-run", "--workers", "2")
        #expect(plan.output.contains("5 found: 2 to analyse"))
        #expect(plan.output.contains(" on 2 cores, going by the last 3 analyses"))
    }
}
