import Listings
import Testing

@Suite struct CSVTableTests {
    private func table(_ text: String) throws(CSVError) -> [[String?]] {
        try CSVTable(parsing: Array(text.utf8), required: ["scan", "patient"], optional: ["spacing_um_px"])
            .records.map { [$0["scan"], $0["patient"], $0["spacing_um_px"]] }
    }

    /// The same answers as Python's `csv` module gives.
    @Test(
        arguments: [
            ("scan,patient\na.tif,P1\n", [["a.tif", "P1", nil]]),
            ("scan,patient\r\na.tif,P1", [["a.tif", "P1", nil]]),
            ("\u{FEFF}patient,scan\rP1,a.tif\r", [["a.tif", "P1", nil]]),
            (" Scan ,PATIENT,spacing_um_px,note\na.tif,P1,0.5,x\n\n", [["a.tif", "P1", "0.5"]]),
            ("scan,patient\n\"a,b.tif\",\"P\"\"1\"\n", [["a,b.tif", "P\"1", nil]]),
            ("scan,patient\n\"a\nb.tif\",\"\"\n", [["a\nb.tif", "", nil]]),
            ("scan,patient\n,\na,P1\n \t,\n", [["a", "P1", nil]]),
            ("scan;patient;spacing_um_px\na.tif;P1;0,5\n;;\n", [["a.tif", "P1", "0,5"]]),
            ("scan\tpatient\na.tif\tP1\n", [["a.tif", "P1", nil]]),
            ("sep=;\r\nscan;patient\r\na,b.tif;P1\r\n", [["a,b.tif", "P1", nil]]),
            ("\"sep=|\"\nscan|patient\na.tif|P1\n", [["a.tif", "P1", nil]]),
            ("scan,patient,note\na.tif,P1\nb.tif,P2,x,\n", [["a.tif", "P1", nil], ["b.tif", "P2", nil]]),
            (
                "scan , \u{A0}patient\n a.tif , \"P1\" \n b.tif,\u{A0}P 2\n",
                [[" a.tif ", "P1", nil], [" b.tif", "\u{A0}P 2", nil]]
            ),
            ("scan,patient\n", []),
            ("scan,patient\nä,名\n", [["ä", "名", nil]]),
        ] as [(String, [[String?]])])
    func reads(text: String, expected: [[String?]]) throws {
        #expect(try table(text) == expected)
    }

    @Test(
        arguments: [
            ("", CSVError.Kind.empty, 1), ("\n\n", .empty, 1),
            ("scan\na.tif\n", .missingColumns(["patient"]), 1),
            ("a.tif;P1\n", .missingColumns(["scan", "patient"]), 1),
            ("scan,patient,a;scan;patient\n", .ambiguousDelimiter, 1),
            ("scan,patient\na.tif;P1\n", .ragged(fields: 1, columns: 2), 2),
            ("scan,patient,Scan\n", .duplicateColumns(["scan"]), 1),
            ("scan,patient\na.tif\n", .ragged(fields: 1, columns: 2), 2),
            ("scan,patient\n\"a\nb\",P,x\n", .ragged(fields: 3, columns: 2), 2),
            ("scan,patient\n\na,\"P\n\n", .unterminatedQuote, 3),
            ("scan,patient\na\"b,P\n", .strayQuote, 2), ("scan,patient\n\"a\"b,P\n", .strayQuote, 2),
            ("scan,patient\na\0,P\n", .notText, 2),
        ] as [(String, CSVError.Kind, Int)])
    func refuses(text: String, kind: CSVError.Kind, line: Int) throws {
        let error = try #require(throws: CSVError.self) { try table(text) }
        #expect(error.kind == kind)
        #expect(error.line == line)
        #expect(!error.description.contains("a.tif"))
    }

    @Test func limitsAreKept() throws {
        var limits = CSVTable.Limits()
        limits.fieldBytes = 4
        limits.records = 1
        limits.columns = 3
        limits.bytes = 30
        func kind(_ text: String) -> CSVError.Kind? {
            do throws(CSVError) {
                _ = try CSVTable(parsing: Array(text.utf8), required: ["a"], limits: limits)
                return nil
            } catch {
                return error.kind
            }
        }
        #expect(kind("a\n1234\n") == nil)
        #expect(kind("a\n12345\n") == .fieldTooLong(limit: 4))
        #expect(kind("a\n\"12345\"\n") == .fieldTooLong(limit: 4))
        #expect(kind("a\n1\n2\n") == .tooManyRecords(limit: 1))
        #expect(kind("a,b,c,d\n") == .tooManyColumns(limit: 3))
        #expect(kind(String(repeating: "a", count: 31)) == .tooLong(limit: 30))
    }

    @Test(arguments: [
        (" a ", "a"), ("\u{A0}\u{202F}P 2\u{3000}", "P 2"), ("\u{FEFF}\u{202A}X:\\a.tif\u{200B}", "X:\\a.tif"),
        ("\t\u{AD}", ""),
        ("", ""),
    ])
    func trimsWhatNobodySees(text: String, expected: String) {
        #expect(text.trimmed == expected)
    }

    @Test(arguments: [true, false])
    func readsUTF16WithAMark(isLittleEndian: Bool) throws {
        let bytes = "\u{FEFF}scan\tpatient\r\nä.tif\t007\r\n".utf16.flatMap { unit in
            isLittleEndian ? [UInt8(unit & 255), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 255)]
        }
        let table = try CSVTable(parsing: bytes, required: ["scan", "patient"])
        #expect(table.records.map { [$0["scan"], $0["patient"]] } == [["ä.tif", "007"]])
        #expect(throws: CSVError.self) { try CSVTable(parsing: Array(bytes.dropLast()), required: ["scan"]) }
    }

    @Test func namesTheLineThatIsNotUTF8() throws {
        let latin1: [UInt8] = Array("scan,patient\na,".utf8) + [0xE4]
        let error = #expect(throws: CSVError.self) { try CSVTable(parsing: latin1, required: ["scan"]) }
        #expect(error?.kind == .notUTF8)
        #expect(error?.line == 2)
    }
}
