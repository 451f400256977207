import Findings
import Listings

/// One row of a manifest.
struct ManifestRow: Sendable, Hashable {
    /// Where in the file, from 1.
    let line: Int
    /// The scan, as it is written.
    let path: ManifestPath
    /// Nil where the manifest does not tell: whose scan it is is told by other means.
    let patient: String?
    /// In micrometres per level-0 pixel.
    let spacing: Double?

    /// What spreadsheets and people write for what they do not have.
    private static let absent: Set<String> = [
        "", "na", "n/a", "#n/a", "n.a.", "nan", "null", "none", "-", "?", "unknown",
    ]

    /// A row that names a scan and says nothing of it.
    init(line: Int, path: ManifestPath) {
        self.line = line
        self.path = path
        patient = nil
        spacing = nil
    }

    /// - Throws: `unusableManifest`, naming the line.
    init(_ record: CSVTable.Record) throws(BatchError) {
        func refuse(_ problem: String) -> BatchError {
            BatchError(.unusableManifest, "line \(record.line) of the manifest \(problem)")
        }
        func field(_ column: String) throws(BatchError) -> String? {
            guard let text = record[column]?.trimmed.withoutTextFormula,
                !ManifestRow.absent.contains(text.lowercased())
            else { return nil }
            guard !text.holdsControls else { throw refuse("has a control character in \(column)") }
            return text
        }
        guard let path = try field("scan") else { throw refuse("names no scan") }
        line = record.line
        self.path = ManifestPath(path)
        patient = try field("patient").map(Patient.id(writtenAs:))
        if let damage = patient.flatMap({ SpreadsheetDamage($0) }) {
            throw refuse("has a patient \(damage.rawValue): save the column as text")
        }
        spacing = try field("spacing_um_px").map { (text) throws(BatchError) in
            let plausible = RecordedSpacing.plausible
            guard let spacing = ManifestRow.number(text), plausible.contains(spacing) else {
                throw refuse(
                    "has a spacing_um_px that is no number from \(plausible.lowerBound) to \(plausible.upperBound): it is "
                        + "in micrometres per pixel")
            }
            return spacing
        }
    }

    /// With a decimal point or, as half the world writes it, a decimal comma.
    private static func number(_ text: String) -> Double? {
        // Not what programs read as hexadecimal.
        guard !text.contains(where: { "xX".contains($0) }) else { return nil }
        return Double(text) ?? (text.contains(".") ? nil : Double(text.replacing(",", with: ".")))
    }
}

/// A scan's path as a manifest writes it: perhaps one of Windows, of another machine, or only a name.
struct ManifestPath: Sendable, Hashable {
    /// Taken for a path of this system.
    let exact: ScanPath
    /// Its names whatever the system it is of, without a drive: `X:\scans\P1\a.tif` has three.
    let names: [String]
    /// Whether it begins at some system's root or drive.
    let isAbsolute: Bool

    init(_ text: String) {
        exact = ScanPath(text).normalised
        var names = ScanPath(text.replacing("\\", with: "/")).names
        let hasDrive = names.first.map { $0.utf8.count == 2 && $0.utf8.last == UInt8(ascii: ":") } ?? false
        if hasDrive { names.removeFirst() }
        self.names = withoutDots(names).filter { $0 != ".." }
        isAbsolute = hasDrive || ["/", "\\"].contains(text.first)
    }
}
