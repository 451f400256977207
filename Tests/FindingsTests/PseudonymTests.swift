import Findings
import Foundation
import Listings
import TestSupport
import Testing

@Suite struct PseudonymTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func keyFile(_ content: Data, mode: Int = 0o600) throws -> String {
        let file = try folder.write(UUID().uuidString, content)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }

    private static let secret = Data((0..<32).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 11) })

    private func pseudonyms(_ secret: Data = secret) throws -> Pseudonyms {
        Pseudonyms(key: try PseudonymKey(path: keyFile(secret)))
    }

    private func row(patient: String = "DOE-JANE", scan: String = "DOE-JANE/2024.tif") throws -> FindingRow {
        let hash = try #require(ContentHash(hexadecimal: String(repeating: "a", count: 64)))
        return FindingRow(
            patient: patient, scan: scan, scanSHA256: hash, id: FindingID(scan: hash, pipeline: hash, ordinal: 0),
            finding: Finding(
                ordinal: 0, kind: .scan, label: "Polyp", confidence: 0.5, rawConfidence: 0.5,
                box: .init(x: 0, y: 0, width: 3, height: 4), centroid: .init(x: 1.5, y: 2), areaPixels: nil,
                areaSquareMicrometres: nil, probabilities: [], measurements: [:], geometry: nil),
            origin: AnalysisOrigin(
                analysisID: 1, runID: 7, pipeline: "p", pipelineSHA256: hash, models: [],
                analysedAt: try #require(Timestamp("2024-05-17T03:02:01Z"))))
    }

    @Test func nothingIdentifyingIsLeft() throws {
        let row = try row()
        let shared = try pseudonyms().row(row)
        for text in [CSVWriter<FindingRow>().record(shared), shared.json.compact] {
            for trace in ["DOE", "JANE", "2024.tif", "2024-05", row.id.hexadecimal] { #expect(!text.contains(trace)) }
        }
        #expect(shared.scanSHA256 != row.scanSHA256)
        #expect(shared.origin.analysedAt.description == "2024-01-01T00:00:00.000Z")
        #expect(shared.finding == row.finding && shared.origin.runID == 7)
    }

    /// Made with `printf 'patient:DOE-JANE' | openssl dgst -sha256 -mac hmac -macopt hexkey:...`.
    @Test func thePseudonymIsStable() throws {
        #expect(try pseudonyms().row(row()).patient == "patient-eb8750a9b2a8d860e2aa4e1e")
        #expect(try pseudonyms().row(row()) == pseudonyms().row(row()))
    }

    @Test func anotherPatientScanOrKeyGivesAnotherPseudonym() throws {
        let first = try pseudonyms().row(row())
        #expect(try pseudonyms().row(row(patient: "DOE-JOHN")).patient != first.patient)
        #expect(try pseudonyms().row(row(scan: "DOE-JANE/2025.tif")).scan != first.scan)
        #expect(try pseudonyms(Data(Self.secret.reversed())).row(row()).patient != first.patient)
        // An id and a path that read alike must not show that they do.
        let alike = try pseudonyms().row(row(patient: "x", scan: "x"))
        #expect(alike.patient.suffix(24) != alike.scan.suffix(24))
    }

    @Test(arguments: [
        (Data(repeating: 7, count: 64), 0o600, "too regular"), (Data("password".utf8), 0o600, "holds 8 bytes"),
        (Data("password password password password".utf8), 0o600, "too regular"), (Data(), 0o600, "holds 0 bytes"),
        (Data(repeating: 7, count: 5000), 0o600, "holds 5000 bytes"), (secret, 0o640, "chmod 600"),
        (secret, 0o604, "chmod 600"), (secret, 0o602, "chmod 600"),
    ])
    func aKeyThatKeepsNoSecretIsRefused(content: Data, mode: Int, sentence: String) throws {
        let file = try keyFile(content, mode: mode)
        let error = #expect(throws: PseudonymKeyError.self) { try PseudonymKey(path: file) }
        #expect(error?.kind == .unfit)
        #expect(error?.message.contains(sentence) == true, "\(String(describing: error))")
    }

    @Test func aKeyIsAFileThatIsThere() {
        let missing = #expect(throws: PseudonymKeyError.self) { try PseudonymKey(path: self.folder["none"]) }
        #expect(missing?.kind == .missing)
        let device = #expect(throws: PseudonymKeyError.self) { try PseudonymKey(path: "/dev/zero") }
        #expect(device?.kind == .unfit)
    }
}
