import Findings
import Testing

@testable import Batch

/// Where the name of a folder tells the patient, a person hears of what it may tell wrong.
@Suite struct PatientFolderTests {
    private func plan(
        _ paths: [String], manifest: String? = nil, pattern: String? = nil
    ) throws -> (notices: [Notice], patients: [String]) {
        let night = try Night()
        for path in paths { try night.scan(path, "findings 1") }
        let assignment = PatientAssignment(
            manifest: try manifest.map { try Manifest(parsing: Array($0.utf8), folder: ScanPath(night.scans)) },
            pattern: try pattern.map { try PatientPattern($0) })
        let plan = try BatchPlanner(assignment: assignment, store: nil, pipeline: Night.pipeline)
            .plan(ScanDiscovery([night.scans]))
        return (plan.notices, plan.scans.flatMap { $0.patients.map(\.id) })
    }

    @Test(arguments: [
        (["siteA/P1/a.tif", "siteB/P1/b.tif", "siteB/P2/c.tif", "siteC/P1/d.tif"], 1),
        (["P1/2024/a.tif", "P2/2024/b.tif"], 1), (["P1/a/slides/1.tif", "P2/b/slides/1.tif"], 1),
        (["P1/a.tif", "P1/b.tif", "P1 /c.tif"], 1), (["P1/a.tif", "P1/b.tif", "P2/c.tif", "P2/d.tif"], 0),
        (["P1/2024/a.tif", "P1/2025/b.tif"], 0), (["A/P1/a.tif", "A/P2/b.tif", "B/P3/c.tif"], 0),
    ])
    func aPatientOfSeveralFoldersIsNamed(paths: [String], count: Int) throws {
        let notices = try plan(paths).notices
        #expect(notices.map(\.kind) == (count == 0 ? [] : [.foldersOfOnePatient]))
        #expect(notices.reduce(0) { $0 + $1.count } == count)
        #expect(notices.allSatisfy { $0.kind.needsSomebody && $0.places.count == 1 })
    }

    @Test(arguments: [
        (["a.tif", "P1/b.tif", "P2/c.tif"], [Notice.Kind.scansBesideFolders], [1]),
        (["a.tif", "b.tif", "2024/c.tif"], [.scansBesideFolders], [2]),
        (["a.tif", "b.tif"], [.scansOfGivenFolder], [2]),
        (["a.tif"], [], []), (["P1/a.tif", "P1/b.tif"], [], []),
    ])
    func looseScansAreNamed(paths: [String], kinds: [Notice.Kind], counts: [Int]) throws {
        let notices = try plan(paths).notices
        #expect(notices.map(\.kind) == kinds && notices.map(\.count) == counts)
        #expect(notices.allSatisfy { $0.places.count == $0.count })
        #expect(notices.allSatisfy { $0.kind.needsSomebody == ($0.kind == .scansBesideFolders) })
        #expect(try plan(paths, pattern: "(?<patient>[a-c])\\.tif").notices == [])
    }

    @Test func whoSaysWhoseTheyAreHearsNoMoreOfIt() throws {
        let paths = ["siteA/P1/a.tif", "siteB/P1/b.tif"]
        let pattern = try plan(paths, pattern: "(?<patient>site./P[0-9]+)/")
        #expect(pattern.notices == [] && pattern.patients == ["siteA/P1", "siteB/P1"])
        let manifest = try plan(paths, manifest: "scan,patient\nsiteA/P1/a.tif,P1\nsiteB/P1/b.tif,P1\n")
        #expect(manifest.notices == [] && manifest.patients == ["P1", "P1"])
    }
}
