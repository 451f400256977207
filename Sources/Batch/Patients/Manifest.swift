/// What a person knows of the scans: whom each is of and, where its tags do not tell, its spacing.
///
/// A table with the columns `scan`, `patient` and, if need be, `spacing_um_px`; others are left to whoever wants
/// them. A scan is named by its path: absolute, relative to the folder of scans that was given, or relative to the
/// manifest's own folder. It may be named more than once, for different patients.
public struct Manifest: Sendable {
    struct Entry: Sendable, Hashable {
        /// Nil where the field is empty: whose scan it is is told by other means.
        let patient: String?
        /// In micrometres per level-0 pixel.
        let spacing: Double?
    }

    private var rows: [Entry] = []
    /// Indices of rows by the path as it is written.
    private var rowsByPath: [String: [Int]] = [:]
    /// Indices of rows by the absolute path that they mean, seen from the manifest's folder.
    private var rowsByFile: [String: [Int]] = [:]

    /// - Parameters:
    ///   - header: the names of the columns.
    ///   - records: as many fields each as the header has.
    ///   - folder: the manifest's own, absolute.
    /// - Throws: `unusableManifest`, naming the row by its number (the header is row 1).
    init(header: [String], records: [[String]], folder: String) throws(BatchError) {
        guard let scanColumn = header.firstIndex(of: "scan"), let patientColumn = header.firstIndex(of: "patient")
        else {
            throw BatchError(.unusableManifest, "the manifest needs the columns scan and patient")
        }
        let spacingColumn = header.firstIndex(of: "spacing_um_px")
        for (index, record) in records.enumerated() {
            let number = index + 2
            guard record.count == header.count else {
                throw BatchError(
                    .unusableManifest, "row \(number) of the manifest has \(record.count) fields, not \(header.count)")
            }
            let path = record[scanColumn]
            guard !path.isEmpty else {
                throw BatchError(.unusableManifest, "row \(number) of the manifest names no scan")
            }
            let spacing = try spacingColumn.flatMap { column throws(BatchError) in
                try Manifest.spacing(record[column], row: number)
            }
            add(Entry(patient: record[patientColumn].nilIfEmpty, spacing: spacing), path: path, folder: folder)
        }
        try refuseContradictions()
    }

    func entries(for scan: DiscoveredScan) -> [Entry] {
        matches(of: scan).map { rows[$0] }
    }

    /// How many rows name none of the scans.
    func unmatchedRows(_ scans: [DiscoveredScan]) -> Int {
        var matched: Set<Int> = []
        for scan in scans { matched.formUnion(matches(of: scan)) }
        return rows.count - matched.count
    }

    private mutating func add(_ entry: Entry, path: String, folder: String) {
        let index = rows.count
        rows.append(entry)
        rowsByPath[normalised(path), default: []].append(index)
        rowsByFile[normalised(path.hasPrefix("/") ? path : join(folder, path)), default: []].append(index)
    }

    /// In the order of the rows, each once.
    private func matches(of scan: DiscoveredScan) -> [Int] {
        let named = rowsByPath[scan.path] ?? rowsByFile[join(scan.root, scan.path)] ?? rowsByFile[scan.file]
        return named ?? []
    }

    /// - Throws: `unusableManifest` where two rows give one scan two spacings.
    private func refuseContradictions() throws(BatchError) {
        for indices in rowsByFile.values where Set(indices.compactMap { rows[$0].spacing }).count > 1 {
            let numbers = indices.map { String($0 + 2) }.joined(separator: ", ")
            throw BatchError(
                .unusableManifest, "rows \(numbers) of the manifest give one scan different spacings")
        }
    }

    private static func spacing(_ field: String, row: Int) throws(BatchError) -> Double? {
        guard !field.isEmpty else { return nil }
        guard let spacing = Double(field), spacing > 0, spacing.isFinite else {
            throw BatchError(
                .unusableManifest, "row \(row) of the manifest has a spacing_um_px that is not a positive number")
        }
        return spacing
    }
}

extension String {
    fileprivate var nilIfEmpty: String? { isEmpty ? nil : self }
}

/// Without `.`, `..` and doubled slashes, as far as the text alone tells.
private func normalised(_ path: String) -> String {
    var components: [Substring] = []
    for component in path.split(separator: "/") where component != "." {
        if component == "..", let last = components.last, last != ".." {
            components.removeLast()
        } else {
            components.append(component)
        }
    }
    return (path.hasPrefix("/") ? "/" : "") + components.joined(separator: "/")
}
