import Findings
import Foundation
import Listings
import Testing

@Suite struct ExchangeFormTests {
    private func row(patient: String = "P1", label: String = "Polyp", confidence: Double = 0.1) throws -> FindingRow {
        let hash = try #require(ContentHash(hexadecimal: String(repeating: "a", count: 64)))
        let model = try #require(ContentHash(hexadecimal: String(repeating: "b", count: 64)))
        return FindingRow(
            patient: patient, scan: "P1/a.tif", scanSHA256: hash,
            id: FindingID(scan: hash, pipeline: model, ordinal: 3),
            finding: Finding(
                ordinal: 3, kind: .region, label: label, confidence: confidence, rawConfidence: 1e-7, image: 2,
                box: .init(x: 1, y: 2, width: 3, height: 4), centroid: .init(x: 2.5, y: 1 / 3), areaPixels: 9,
                areaSquareMicrometres: nil,
                probabilities: [.init(label: label, probability: 0.1), .init(label: "Normal", probability: 0.9)],
                measurements: ["b": 2, "a": 0.5], geometry: nil),
            origin: AnalysisOrigin(
                analysisID: 1, runID: 7, pipeline: "p", pipelineSHA256: model,
                models: [ModelIdentity(role: .segmentation, name: "s.onnx", sha256: model)],
                analysedAt: Timestamp(Date(timeIntervalSince1970: 0)),
                spacing: RecordedSpacing(micrometresPerPixel: 1.4, source: .assumed),
                remarks: ["it was assumed", "it is large"]))
    }

    @Test func theColumnsAreTheContract() {
        #expect(
            CSVWriter<FindingRow>().header
                == "patient_id,scan,scan_sha256,finding_id,kind,label,confidence,raw_confidence,x,y,width,height,"
                + "centroid_x,centroid_y,area_px,area_um2,pipeline,pipeline_sha256,segmentation_model_sha256,"
                + "classification_model_sha256,run_id,analysed_at,probabilities,spacing_um_px,spacing_source,"
                + "remarks,image,detection_model_sha256\n")
    }

    @Test func aFindingAsCSV() throws {
        let (a, b) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
        let row = try row()
        #expect(
            CSVWriter<FindingRow>().record(row)
                == "P1,P1/a.tif,\(a),\(row.id),region,Polyp,0.1,1e-07,1,2,3,4,2.5,0.3333333333333333,9,,p,\(b),\(b),,7,"
                + "1970-01-01T00:00:00.000Z,Polyp=0.1;Normal=0.9,1.4,assumed,it was assumed;it is large,2,\n")
    }

    /// Made with `printf '%s/%s/3' aaa... bbb... | sha256sum`.
    @Test func theIdIsDerived() throws {
        #expect(try row().id.hexadecimal == "5265cd4cca106594eadf1282241bcd94")
        #expect(try FindingID(hexadecimal: row().id.hexadecimal) == row().id)
        #expect(FindingID(hexadecimal: "12") == nil)
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("@x", "'@x"), ("-1", "'-1"), ("+1", "'+1"), ("\tx", "'\tx"), ("＝1", "'＝1"),
        ("\r=1", "\"'\r'=1\""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), ("a=b", "a=b"),
        ("", ""),
    ])
    func textsAreQuotedAndHarmless(patient: String, field: String) throws {
        let record = try CSVWriter<FindingRow>().record(row(patient: patient))
        #expect(record.hasPrefix(field + ",P1/a.tif,"))
    }

    @Test func rawTextIsLeftAlone() throws {
        let record = try CSVWriter<FindingRow>(protection: .none).record(row(patient: "=1+1"))
        #expect(record.hasPrefix("=1+1,P1/a.tif,"))
    }

    /// What is written as CSV reads back as it was.
    @Test(arguments: ["P1", "a,b", "a\"\"b", "a\r\nb", " x ", "\"", "é, 名"])
    func csvReadsBack(patient: String) throws {
        let writer = CSVWriter<FindingRow>(protection: .none)
        let text = try writer.header + writer.record(row(patient: patient, confidence: 0.1 + 0.2))
        let record = try #require(
            try CSVTable(parsing: Array(text.utf8), required: ["patient_id", "confidence"]).records.first)
        #expect(record["patient_id"] == patient)
        #expect(record["confidence"].flatMap(Double.init) == 0.1 + 0.2)
    }

    @Test func aFindingAsJSON() throws {
        let text = try row(patient: "a\"\n\u{1}é").json.compact
        #expect(text.hasPrefix(#"{"patient_id":"a\"\n\u0001é","scan":"P1/a.tif","#))
        #expect(text.contains(#""area_px":9,"area_um2":null,"#))
        #expect(text.contains(#""probabilities":{"Polyp":0.1,"Normal":0.9},"measurements":{"a":0.5,"b":2.0},"#))
        #expect(
            text.hasSuffix(
                #""spacing_um_px":1.4,"spacing_source":"assumed","remarks":["it was assumed","it is large"],"image":2,"detection_model_sha256":null}"#
            ))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["patient_id"] as? String == "a\"\n\u{1}é")
        #expect(object.count == FindingRow.columns.count)
    }

    @Test func aTableForPeople() throws {
        var table = TextTable([.init("patient"), .init("n", isNumeric: true)])
        table.append(["名前", "7"])
        table.append(["e\u{301}\u{1B}[31m", "10"])
        #expect(table.text == "patient       n\n-----------  --\n名前          7\ne\u{301}\\u{1b}[31m  10\n")
    }

    @Test func aTableOfRows() throws {
        let text = TextTable([try row()]).text
        let lines = text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("patient id  scan      kind    label  confidence"))
        #expect(lines[2].contains("0.100"))
    }

    @Test(arguments: [
        (0.1234567, 3, "0.123"), (-0.0001, 3, "0.000"), (-2.5, 0, "-3"), (1e17, 3, "1e+17"), (2, 2, "2.00"),
        (0.9996, 3, "1.000"), (.nan, 3, "nan"),
    ])
    func numbersAreRounded(number: Double, digits: Int, text: String) {
        #expect(number.rounded(toDigits: digits) == text)
    }
}
