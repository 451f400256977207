import Findings
import TestSupport
import Testing

@testable import Batch

@Suite struct PatientAssignmentTests {
    private func scan(_ path: String, root: String = "/scans") -> DiscoveredScan {
        let folders = "\(root)/\(path)".split(separator: "/").dropLast()
        return DiscoveredScan(
            root: root, path: path, file: "\(root)/\(path)", folder: folders.last.map(String.init) ?? "/")
    }

    private func manifest(_ text: String) throws -> Manifest {
        try Manifest(parsing: Array(text.utf8), folder: "/lists")
    }

    @Test func prefersManifestThenPatternThenFolder() throws {
        let assignment = PatientAssignment(
            manifest: try manifest("scan,patient\nP1/a.tif,Ada"), pattern: try PatientPattern("(?<patient>X[0-9]+)"))
        #expect(assignment.patients(of: scan("P1/a.tif")) == [Patient(id: "Ada", source: .manifest)])
        #expect(assignment.patients(of: scan("P1/X17_b.tif")) == [Patient(id: "X17", source: .pattern)])
        #expect(assignment.patients(of: scan("P1/c.tif")) == [Patient(id: "P1", source: .folder)])
        #expect(assignment.patients(of: scan("c.tif")) == [Patient(id: "scans", source: .folder)])
    }

    @Test(arguments: ["P1/a.tif", "./P1//a.tif", "/scans/P1/a.tif", "../scans/P1/a.tif", "P1/x/../a.tif"])
    func findsAScanHoweverTheManifestNamesIt(name: String) throws {
        let manifest = try manifest("scan,patient\n\(name),Ada")
        #expect(manifest.entries(for: scan("P1/a.tif")).map(\.patient) == ["Ada"])
        #expect(manifest.unmatchedRows([scan("P1/a.tif")]) == 0)
        #expect(manifest.unmatchedRows([scan("P2/a.tif")]) == 1)
    }

    @Test func recordsAScanUnderEveryPatientThatTheManifestNames() throws {
        let assignment = PatientAssignment(
            manifest: try manifest("scan,patient\na.tif,Ada\na.tif,Bob\na.tif,Ada"))
        #expect(assignment.patients(of: scan("a.tif")).map(\.id) == ["Ada", "Bob"])
    }

    @Test func readsColumnsByName() throws {
        let manifest = try manifest("patient,class,spacing_um_px,scan\nAda,Normal,0.5,a.tif\n,,,b.tif")
        #expect(manifest.entries(for: scan("a.tif")) == [Manifest.Entry(line: 2, patient: "Ada", spacing: 0.5)])
        let assignment = PatientAssignment(manifest: manifest)
        #expect(assignment.patients(of: scan("b.tif")) == [Patient(id: "scans", source: .folder)])
        #expect(assignment.spacing(of: scan("b.tif")) == nil)
    }

    @Test(arguments: [
        ("", "empty"), ("scan\na.tif", "lacks patient"), ("scan,patient\na.tif", "line 2: 1 fields"),
        ("scan,patient\na.tif,Ada\n,Bob", "line 3 of the manifest names no scan"),
        ("scan,patient,spacing_um_px\na.tif,Ada,0", "line 2 of the manifest has a spacing_um_px"),
        ("scan,patient,spacing_um_px\na.tif,Ada,nan", "line 2 of the manifest has a spacing_um_px"),
        (
            "scan,patient,spacing_um_px\na.tif,Ada,0.5\n./a.tif,Bob,0.25",
            "lines 2, 3 of the manifest give one scan different spacings"
        ),
    ])
    func refusesABrokenManifest(text: String, message: String) throws {
        let error = #expect(throws: BatchError.self) { try manifest(text) }
        #expect(error?.kind == .unusableManifest)
        #expect(error?.message.contains(message) == true)
    }

    @Test func readsAManifestFromItsFile() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("lists/manifest.csv", "scan,patient\r\n../P1/a.tif,Ada\r\n")
        #expect(try Manifest(path: file).entries(for: scan("P1/a.tif", root: folder.path)).map(\.patient) == ["Ada"])
        let error = #expect(throws: BatchError.self) { try Manifest(path: folder["missing.csv"]) }
        #expect(error?.kind == .missingInput)
    }

    @Test(arguments: ["(", "[0-9", "P[0-9]+", "(?<person>P[0-9]+)"])
    func refusesAPatternWithoutAPatient(pattern: String) {
        let error = #expect(throws: BatchError.self) { try PatientPattern(pattern) }
        #expect(error?.kind == .invalidPattern)
    }
}
