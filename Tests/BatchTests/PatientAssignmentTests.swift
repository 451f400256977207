import Findings
import TestSupport
import Testing

@testable import Batch

@Suite struct PatientAssignmentTests {
    private func scan(_ path: String, root: String = "/scans", linkedTo target: String? = nil) -> DiscoveredScan {
        DiscoveredScan(
            root: ScanPath(root), path: ScanPath(path),
            target: target.map { .init(root: ScanPath("/"), path: ScanPath(String($0.dropFirst()))) },
            stamp: FileStamp(device: 1, inode: 1, size: 0, modifiedNanoseconds: 0, changedNanoseconds: 0))
    }

    private func manifest(_ text: String) throws -> Manifest {
        try Manifest(parsing: Array(text.utf8), folder: ScanPath("/lists"))
    }

    private func patients(
        _ text: String, _ paths: String..., root: String = "/scans"
    ) throws -> (ids: [[String]], notices: [Notice.Kind]) {
        let assigned = try PatientAssignment(manifest: manifest(text))
            .assigned(to: paths.map { scan($0, root: root) })
        return (assigned.patients.map { $0.map(\.id) }, assigned.notices.map(\.kind))
    }

    @Test func prefersManifestThenPatternThenFolder() throws {
        let assignment = PatientAssignment(
            manifest: try manifest("scan,patient\nP1/a.tif,Ada"), pattern: try PatientPattern("(?<patient>X[0-9]+)"))
        let assigned = try assignment.assigned(
            to: ["P1/a.tif", "P1/X17_b.tif", "P1/c.tif", "c.tif"].map { scan($0) })
        #expect(
            assigned.patients == [
                [Patient(id: "Ada", source: .manifest)], [Patient(id: "X17", source: .pattern)],
                [Patient(id: "P1", source: .folder)], [Patient(id: "scans", source: .folder)],
            ])
        #expect(assigned.notices.map(\.kind) == [.scanOfNoRow])
        #expect(assigned.notices.map(\.count) == [3])
        #expect(assigned.notices.first?.places.first == scan("P1/X17_b.tif").mark)
    }

    @Test(arguments: [
        "P1/a.tif", "./P1//a.tif", "/scans/P1/a.tif", "../scans/P1/a.tif", "P1/x/../a.tif", "P1\\a.tif", "\\P1\\a.tif",
        "X:\\scans\\P1\\a.tif", "\\\\server\\share\\incoming\\P1\\a.tif", "/mnt/other/P1/a.tif", "a.tif", "a", "A.TIF",
        "  P1/a.tif\u{A0}", "\u{202A}C:\\P1\\a", "scans/P1/a.tif", "P1/a",
    ])
    func findsAScanHoweverTheManifestNamesIt(name: String) throws {
        // In another case it is another name, but for the suffix.
        let isOther = name.hasPrefix("A")
        let (ids, notices) = try patients("scan,patient\n\(name),Ada", "P1/a.tif", "P2/b.tif")
        #expect(ids == [[isOther ? "P1" : "Ada"], ["P2"]])
        #expect(notices.contains(.rowOfNoScan) == isOther)
        #expect(notices.contains(.scanOfNoRow))
    }

    /// Excel shows twelve digits and more so, and saves what it shows; what it could not compute, it names. Other patients look
    /// the same then.
    @Test(arguments: [
        ("1.23E+11", "as spreadsheets show long numbers"), ("1,23457E+12", "as spreadsheets show long numbers"),
        ("2E+15", "as spreadsheets show long numbers"), ("1.2345678E7", "as spreadsheets show long numbers"),
        ("12345.0", "as programs write numbers"), ("12345.00", "as programs write numbers"),
        ("12345,0", "as programs write numbers"),
        ("#REF!", "that is a spreadsheet's error"), ("#NAME?", "that is a spreadsheet's error"),
        ("#WERT!", "that is a spreadsheet's error"), ("#NV", "that is a spreadsheet's error"),
        ("########", "that is a spreadsheet's error"), ("Err:502", "that is a spreadsheet's error"),
        ("=B2&C2", "that is a formula"), ("=\"", "that is a formula"),
    ]) func aPatientThatASpreadsheetSpoiledIsRefused(id: String, problem: String) throws {
        let text = "scan;patient\nP1/a.tif;\"\(id.replacing("\"", with: "\"\""))\""
        let error = #expect(throws: BatchError.self) { try manifest(text) }
        #expect(error?.kind == .unusableManifest)
        #expect(error?.message.hasPrefix("line 2 of the manifest has a patient \(problem)") == true)
    }

    /// As programs write texts that look like numbers, so that spreadsheets leave them.
    @Test func aTextInAFormulaIsTheText() throws {
        #expect(
            try patients("scan,patient\n\"=\"\"P1/a.tif\"\"\",\"=\"\"0012\"\"\"", "P1/a.tif").ids == [["0012"]])
        #expect(try patients("scan,patient\nP1/a.tif,'0012", "P1/a.tif").ids == [["0012"]])
        #expect(try patients("scan,patient\nP1/a.tif,'0012'", "P1/a.tif").ids == [["'0012'"]])
    }

    /// One of them is a patient that a spreadsheet or a hand made of the other.
    @Test(arguments: [
        ("0012", "12"), ("s23-001", "S23-001"), ("S23-001", "S23\u{2011}001"), ("S23-001", "S23\u{2013}001"),
        ("S23 001", "S23\u{A0}001"), ("S23 001", "S23001"), ("S23\u{200B}001", "S23001"), ("\u{FF33}23", "S23"),
        ("P0123", "P123"), ("\u{420}1", "P1"), ("\u{391}7", "a7"), ("S23-001", "S23-1"),
    ]) func patientsThatLookAlikeAreNamed(first: String, second: String) throws {
        let text = "scan,patient\na.tif,\(first)\nb.tif,\(first)\nc.tif,\(second)\nd.tif,other"
        let scans = ["a.tif", "b.tif", "c.tif", "d.tif"].map { scan($0) }
        let assigned = try PatientAssignment(manifest: manifest(text)).assigned(to: scans)
        #expect(assigned.patients.map { $0.map(\.id) } == [[first], [first], [second], ["other"]])
        #expect(assigned.notices.map(\.kind) == [.patientsAlike])
        #expect(assigned.notices.map(\.places) == [["line 2", "line 4"]])
        #expect(assigned.notices[0].kind.needsSomebody)
    }

    @Test(arguments: [
        ("P1", "P10"), ("12", "120"), ("Ada", "Ada B"), ("S23-1", "S2-31"), ("0", "00a"), ("A10", "A1"), ("P0", "P"),
    ])
    func otherPatientsAreNotAlike(first: String, second: String) throws {
        #expect(try patients("scan,patient\na.tif,\(first)\nb.tif,\(second)", "a.tif", "b.tif").notices == [])
    }

    @Test(arguments: ["E11", "1.23E-11", "123456789012", "12E+3", "A1E+3", "12345.01", "#12", "1.0.2", "Err:A"])
    func otherPatientsAreTaken(id: String)
        throws
    {
        #expect(try patients("scan;patient\nP1/a.tif;\(id)", "P1/a.tif").ids == [[id]])
    }

    /// As spreadsheets make of `1-3` and `MAR1`, and of numbers of more than 15 digits; somebody may mean them.
    @Test(arguments: [
        ["1-Mar", "2-Mar"], ["01. Mrz"], ["Mar-24"], ["1 mars 2024"], ["01.03.2024"], ["3/1/2024"], ["2024-03-01"],
        ["2024-03-01 00:00:00"], ["2024-03-01T00:00:00.000"], ["1234567890123450", "2234567890123460"],
    ]) func idsThatASpreadsheetMayHaveMadeAreNamed(ids: [String]) throws {
        let rows = ids.enumerated().map { "\($0.offset).tif,\($0.element)" }.joined(separator: "\n")
        let assigned = try PatientAssignment(manifest: manifest("scan,patient\n\(rows)\nx.tif,other"))
            .assigned(to: (ids.indices.map { "\($0).tif" } + ["x.tif"]).map { scan($0) })
        #expect(assigned.patients.map { $0.map(\.id) } == ids.map { [$0] } + [["other"]])
        #expect(assigned.notices.map(\.kind) == [.patientsOfSpreadsheet])
        #expect(assigned.notices.map(\.count) == [ids.count] && assigned.notices[0].kind.needsSomebody)
    }

    @Test(arguments: [
        ["1234567890123450"], ["1234567890123450", "2234567890123461"], ["MAR1"], ["S24-1234"], ["24-12-3"],
        ["12-45-2024"], ["1-2"], ["mar"], ["Mar-A-1"], ["2024.123"], ["2024-03-01-7"],
    ]) func otherIdsAreNot(ids: [String]) throws {
        let rows = ids.enumerated().map { "\($0.offset).tif,\($0.element)" }.joined(separator: "\n")
        let assigned = try PatientAssignment(manifest: manifest("scan,patient\n\(rows)"))
            .assigned(to: ids.indices.map { scan("\($0).tif") })
        #expect(assigned.notices == [])
    }

    /// What fits several scans, or fits one worse than another row does, is said and not used.
    @Test(
        arguments: [
            ("S1.tif,Ada", ["a/S1.tif", "b/S1.tif"], [["a"], ["b"]], Notice.Kind.rowOfSeveralScans),
            ("S1,Ada", ["a/S1.tif", "a/S1.svs"], [["a"], ["a"]], .rowOfSeveralScans),
            ("c/S1.tif,Ada", ["a/S1.tif"], [["a"]], .rowOfNoScan),
            ("a/S1.tif,Ada\nX:\\b\\S1.tif,Bob", ["a/S1.tif"], [["Ada"]], .rowOfNoScan),
            ("X:\\x\\a\\S1.tif,Ada\nX:\\x\\b\\S1.tif,Bob", ["a/S1.tif"], [["Ada"]], .rowOfNoScan),
            ("X:\\x\\a\\S1.tif,Ada\nY:\\y\\a\\S1.tif,Bob", ["a/S1.tif"], [["a"]], .rowOfSeveralScans),
            ("/elsewhere/b/S1.tif,Bob", ["S1.tif"], [["scans"]], .rowOfNoScan),
            ("a/S1.tif,Ada\nS1,Bob", ["a/S1.tif"], [["Ada"]], .rowOfSeveralScans),
            ("S1.svs,Ada", ["a/S1.tif"], [["a"]], .rowOfNoScan),
            ("a/S1.tif,Ada\n", ["a/S1.tif", "a/S2.tif"], [["Ada"], ["a"]], .scanOfNoRow),
            ("a/S1.tif,Ada\na/S2.tif,NA", ["a/S1.tif", "a/S2.tif"], [["Ada"], ["a"]], .rowOfNoPatient),
            ("a/S1.tif,Ada\na/S1.tif,Bob", ["a/S1.tif"], [["Ada", "Bob"]], .rowsOfSeveralPatients),
            ("e\u{301}.tif,Ada", ["\u{E9}.tif"], [["Ada"]], .rowMatchedByName),
        ] as [(String, [String], [[String]], Notice.Kind)])
    func saysWhatDoesNotFit(rows: String, paths: [String], expected: [[String]], notice: Notice.Kind) throws {
        let assignment = PatientAssignment(manifest: try manifest("scan,patient\n" + rows))
        let assigned = try assignment.assigned(to: paths.map { scan($0) })
        #expect(assigned.patients.map { $0.map(\.id) } == expected)
        #expect(assigned.notices.map(\.kind).contains(notice), "\(assigned.notices)")
    }

    @Test func tellsApartNamesThatUnicodeHoldsForEqual() throws {
        let (ids, notices) = try patients(
            "scan,patient\ne\u{301}.tif,Ada\n\u{E9}.tif,Bob", "e\u{301}.tif", "\u{E9}.tif")
        #expect(ids == [["Ada"], ["Bob"]])
        #expect(notices.isEmpty)
    }

    @Test func writesAnIdInOneForm() throws {
        let (ids, notices) = try patients(
            "scan,patient\na.tif, Rene\u{301}\u{A0}\nb.tif,Ren\u{E9}\nc.tif,007", "a.tif", "b.tif", "c.tif")
        #expect(
            ids.map { $0.map { Array($0.utf8) } } == [[Array("René".utf8)], [Array("René".utf8)], [Array("007".utf8)]])
        #expect(notices.isEmpty)
    }

    @Test func findsTheFileThatALinkLeadsTo() throws {
        let assigned = try PatientAssignment(manifest: manifest("scan,patient\n/store/x.tif,Ada"))
            .assigned(to: [scan("P1/slide1.tif", linkedTo: "/store/x.tif")])
        #expect(assigned.patients.map { $0.map(\.id) } == [["Ada"]])
        #expect(assigned.notices.isEmpty)
    }

    @Test func takesNothingOfARowThatFitsTwoFolders() throws {
        let scans = [scan("S1.tif", root: "/a"), scan("S1.tif", root: "/b")]
        let assigned = try PatientAssignment(manifest: manifest("scan,patient\nS1.tif,Ada")).assigned(to: scans)
        #expect(assigned.patients.map { $0.map(\.id) } == [["a"], ["b"]])
        #expect(assigned.notices.map(\.kind) == [.rowOfSeveralScans, .scanOfNoRow])
    }

    @Test func startsNothingWhereTheManifestHasToFit() throws {
        func assign(_ text: String) throws {
            _ = try PatientAssignment(manifest: manifest(text), isStrict: true).assigned(to: [scan("a.tif")])
        }
        try assign("scan,patient\na.tif,Ada")
        for rows in ["b.tif,Ada", "a.tif,Ada\nb.tif,Bob"] {
            let error = #expect(throws: BatchError.self) { try assign("scan,patient\n" + rows) }
            #expect(error?.kind == .unusableManifest)
            #expect(error?.message.contains("names no scan that was found: line") == true)
        }
    }

    @Test(arguments: [
        "patient,class,spacing_um_px,scan\nAda,Normal,0.5,a.tif\n,,,b.tif",
        "patient;class;spacing_um_px;scan\r\nAda;Normal;0,5;a.tif\r\n;;NA;b.tif\r\n;;;\r\n",
        "sep=;\r\npatient;spacing_um_px;scan\r\nAda;\"0,5\";a.tif\r\n;;b.tif\r\n",
        "patient\tscan\tspacing_um_px\nAda\ta.tif\t0.5\n\tb.tif\n",
    ])
    func readsColumnsByName(text: String) throws {
        let assigned = try PatientAssignment(manifest: manifest(text)).assigned(to: [scan("a.tif"), scan("b.tif")])
        #expect(
            assigned.patients == [[Patient(id: "Ada", source: .manifest)], [Patient(id: "scans", source: .folder)]])
        #expect(assigned.spacings == [0.5, nil])
    }

    @Test(arguments: [
        ("", "empty"), ("scan\na.tif", "lacks patient"), ("scan,patient\na.tif", "line 2: 1 fields"),
        ("scan,patient\na.tif,Ada\n,Bob", "line 3 of the manifest names no scan"),
        ("scan,patient\na.tif,A\u{7}da", "line 2 of the manifest has a control character in patient"),
        ("scan,patient\na.tif,\"Ada\nBob\"", "line 2 of the manifest has a control character in patient"),
        ("scan,patient,spacing_um_px\na.tif,Ada,0", "line 2 of the manifest has a spacing_um_px"),
        ("scan,patient,spacing_um_px\na.tif,Ada,inf", "line 2 of the manifest has a spacing_um_px"),
        ("scan,patient,spacing_um_px\na.tif,Ada,0,5", "line 2: 4 fields where the header has 3"),
        (
            "scan,patient,spacing_um_px\na.tif,Ada,0.5\n./a.tif,Bob,0.25",
            "lines 2, 3 of the manifest give one scan different spacings"
        ),
    ])
    func refusesABrokenManifest(text: String, message: String) throws {
        let error = #expect(throws: BatchError.self) { try manifest(text) }
        #expect(error?.kind == .unusableManifest)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func readsAManifestFromItsFile() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("lists/manifest.csv", "scan,patient\r\n../P1/a.tif,Ada\r\n")
        let assigned = try PatientAssignment(manifest: Manifest(path: file))
            .assigned(to: [scan("P1/a.tif", root: folder.path)])
        #expect(assigned.patients.map { $0.map(\.id) } == [["Ada"]])
        let error = #expect(throws: BatchError.self) { try Manifest(path: folder["missing.csv"]) }
        #expect(error?.kind == .missingInput)
    }

    @Test(arguments: ["(", "[0-9", "P[0-9]+", "(?<person>P[0-9]+)"])
    func refusesAPatternWithoutAPatient(pattern: String) {
        let error = #expect(throws: BatchError.self) { try PatientPattern(pattern) }
        #expect(error?.kind == .invalidPattern)
    }
}
